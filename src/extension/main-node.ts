/** The extension on the desktop and on remote hosts: engines are worker threads that read files by position. */
import { open } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { activateExtension } from './activate.js';
import type { ExtensionPlatform } from './platform.js';

const platform: ExtensionPlatform = {
  startWorker(extensionUri, start) {
    const worker = new Worker(vscode.Uri.joinPath(extensionUri, 'dist', 'engine.js').fsPath, { workerData: { start } });
    return {
      post: (message) => worker.postMessage(message),
      onMessage: (listener) => void worker.on('message', listener),
      onError: (listener) => void worker.on('error', (error) => listener(error.stack ?? error.message)),
      terminate: () => void worker.terminate(),
    };
  },
  localPath: (uri) => (uri.scheme === 'file' ? uri.fsPath : undefined),
  async readHead(path, count) {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(count), 0, count, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  },
};

export function activate(context: vscode.ExtensionContext): void {
  activateExtension(context, platform);
}
