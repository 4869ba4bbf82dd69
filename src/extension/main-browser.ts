/** The extension in the browser: engines are web workers that take the bytes of a file. */
import * as vscode from 'vscode';
import type { EngineWorker } from '../engine/client.js';
import type { EngineStart } from '../engine/start.js';
import { activateExtension } from './activate.js';
import type { ExtensionPlatform } from './platform.js';

/** What the host's global has of web workers. */
interface WebWorker {
  postMessage(message: unknown): void;
  onmessage: ((event: { data: never }) => void) | null;
  onerror: ((event: { message: string }) => void) | null;
  terminate(): void;
}
declare const Worker: new (url: string) => WebWorker;

let script: Promise<string> | undefined;

/** The address of the engine's script: a copy, because workers cannot be made of the files of remote extensions. */
function scriptAddress(extensionUri: vscode.Uri): Promise<string> {
  script ??= (async () => {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, 'dist', 'browser', 'engine.js'));
    return URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: 'text/javascript' }));
  })();
  return script;
}

/** A worker to which messages can be sent before its script is there. */
function startWorker(extensionUri: vscode.Uri, start: EngineStart): EngineWorker {
  let terminated = false;
  let onMessage: (message: never) => void = () => {};
  let onError: (message: string) => void = () => {};
  const started = scriptAddress(extensionUri).then((address) => {
    if (terminated) return undefined;
    const worker = new Worker(address);
    worker.onmessage = (event) => onMessage(event.data);
    worker.onerror = (event) => onError(event.message);
    worker.postMessage({ start });
    return worker;
  });
  started.catch((error: unknown) => onError(error instanceof Error ? error.message : String(error)));
  const withWorker = (use: (worker: WebWorker) => void) => {
    // A worker that could not be started has been reported above.
    void started.then((worker) => worker && use(worker)).catch(() => {});
  };
  return {
    post: (message) => withWorker((worker) => worker.postMessage(message)),
    onMessage(listener) {
      onMessage = listener;
    },
    onError(listener) {
      onError = listener;
    },
    terminate() {
      terminated = true;
      withWorker((worker) => worker.terminate());
    },
  };
}

const platform: ExtensionPlatform = {
  startWorker,
  localPath: () => undefined,
  // Nothing has a path here, so that nobody asks for the head of one.
  readHead: (path) => Promise.reject(new Error(`${path} is not a file of this machine`)),
};

export function activate(context: vscode.ExtensionContext): void {
  activateExtension(context, platform);
}
