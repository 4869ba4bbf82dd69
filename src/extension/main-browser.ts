/** The extension in the browser: workers are web workers; engines take the bytes of a file. */
import * as vscode from 'vscode';
import { activateExtension } from './activate.js';
import { registerNoServers } from './no-servers.js';
import type { ExtensionPlatform } from './platform.js';

/** What the host's global has of web workers. */
interface WebWorker {
  postMessage(message: unknown): void;
  onmessage: ((event: { data: never }) => void) | null;
  onerror: ((event: { message: string }) => void) | null;
  terminate(): void;
}
declare const Worker: new (url: string) => WebWorker;

const scripts = new Map<string, Promise<string>>();

/**
 * The address of the script of a worker: a copy, because workers cannot be made of the files of remote extensions. In
 * it stands before the worker what it shares with that of Node, a CommonJS module, and all that the worker requires.
 */
function scriptAddress(extensionUri: vscode.Uri, name: string): Promise<string> {
  const known = scripts.get(name);
  if (known) return known;
  const read = async (...place: string[]) =>
    new Uint8Array(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, 'dist', ...place)));
  const address = (async () => {
    const [core, worker] = await Promise.all([read(`${name}-core.js`), read('browser', `${name}.js`)]);
    const parts = ['var module = { exports: {} };\n', core, '\nvar require = () => module.exports;\n', worker];
    return URL.createObjectURL(new Blob(parts, { type: 'text/javascript' }));
  })();
  scripts.set(name, address);
  return address;
}

/**
 * A worker to which messages can be sent before its script is there.
 *
 * @param first the first message, if it is to get one before those that are posted.
 */
function startScript(extensionUri: vscode.Uri, name: string, first?: unknown) {
  let terminated = false;
  let onMessage: (message: never) => void = () => {};
  let onError: (message: string) => void = () => {};
  const started = scriptAddress(extensionUri, name).then((address) => {
    if (terminated) return undefined;
    const worker = new Worker(address);
    worker.onmessage = (event) => onMessage(event.data);
    worker.onerror = (event) => onError(event.message);
    if (first !== undefined) worker.postMessage(first);
    return worker;
  });
  started.catch((error: unknown) => onError(error instanceof Error ? error.message : String(error)));
  const withWorker = (use: (worker: WebWorker) => void) => {
    // A worker that could not be started has been reported above.
    void started.then((worker) => worker && use(worker)).catch(() => {});
  };
  return {
    post: (message: unknown) => withWorker((worker) => worker.postMessage(message)),
    onMessage(listener: (message: never) => void) {
      onMessage = listener;
    },
    onError(listener: (message: string) => void) {
      onError = listener;
    },
    terminate() {
      terminated = true;
      withWorker((worker) => worker.terminate());
    },
  };
}

const platform: ExtensionPlatform = {
  connect: undefined,
  serverSource: undefined,
  registerServers: (_active, servers) => registerNoServers(servers),
  startWorker: (extensionUri, start) => startScript(extensionUri, 'engine', { start }),
  startLanguageWorker: (extensionUri) => startScript(extensionUri, 'language'),
  startJobWorker: () => undefined,
  jobMarks: () => undefined,
  removeMoment: () => Promise.resolve(),
  removeLeftMoments: () => Promise.resolve(),
  localPath: () => undefined,
  // Nothing has a path here, so that nobody asks for the head of one.
  readHead: (path) => Promise.reject(new Error(`${path} is not a file of this machine`)),
};

export function activate(context: vscode.ExtensionContext): void {
  activateExtension(context, platform);
}
