/** The extension in the browser: engines are web workers that take the bytes of a file. */
import * as vscode from 'vscode';
import { activateExtension } from './activate.js';
import type { ExtensionPlatform } from './platform.js';

/** What the host's global has of web workers. */
interface WebWorker {
  postMessage(message: unknown, transfer?: readonly unknown[]): void;
  onmessage: ((event: { data: never }) => void) | null;
  onerror: ((event: { message: string }) => void) | null;
  terminate(): void;
}
declare const Worker: new (url: string) => WebWorker;

const platform: ExtensionPlatform = {
  startWorker(extensionUri, start) {
    const worker = new Worker(vscode.Uri.joinPath(extensionUri, 'dist', 'browser', 'engine.js').toString(true));
    worker.postMessage({ start });
    return {
      post: (message) => worker.postMessage(message),
      onMessage(listener) {
        worker.onmessage = (event) => listener(event.data);
      },
      onError(listener) {
        worker.onerror = (event) => listener(event.message);
      },
      terminate: () => worker.terminate(),
    };
  },
  localPath: () => undefined,
};

export function activate(context: vscode.ExtensionContext): void {
  activateExtension(context, platform);
}
