/** The extension on the desktop and on remote hosts: workers are threads; engines read files by position. */
import { open } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { JobMarks } from '../engine/node/jobs/job-marks.js';
import { removeLeftMoments, removeMoment } from '../engine/node/jobs/moment-folders.js';
import { openTarget } from '../server/node/open-target.js';
import type { ServerTarget } from '../server/target.js';
import { activateExtension } from './activate.js';
import { serverSource } from './compare/server-source.js';
import { registerJobs } from './jobs/register.js';
import type { ExtensionPlatform } from './platform.js';
import { registerServers } from './servers/register.js';

/** A thread that runs a script of the extension. */
function startThread<Message>(extensionUri: vscode.Uri, script: string, workerData: unknown) {
  const worker = new Worker(vscode.Uri.joinPath(extensionUri, 'dist', script).fsPath, { workerData });
  return {
    post: (message: unknown) => worker.postMessage(message),
    onMessage: (listener: (message: Message) => void) => void worker.on('message', listener),
    onError: (listener: (message: string) => void) =>
      void worker.on('error', (error) => listener(error.stack ?? error.message)),
    terminate: () => void worker.terminate(),
  };
}

/** Seconds that a server has to take a connection, and to answer: somebody waits for it. */
const CONNECT_SECONDS = 5;
const REPLY_SECONDS = 10;

const connect = async (target: ServerTarget) =>
  (await openTarget(target, { connectSeconds: CONNECT_SECONDS, replySeconds: REPLY_SECONDS })).control;

const platform: ExtensionPlatform = {
  connect,
  serverSource,
  registerServers: (active, servers, context, log) => [
    ...registerJobs(active, servers, context, platform, log),
    ...registerServers(servers, context.extensionUri, connect, log),
  ],
  startWorker: (extensionUri, start) => startThread(extensionUri, 'engine.js', { start }),
  startLanguageWorker: (extensionUri) => startThread(extensionUri, 'language.js', undefined),
  jobMarks: (folder) => new JobMarks(folder),
  removeMoment: async (path) => removeMoment(path),
  removeLeftMoments: async () => removeLeftMoments(),
  startJobWorker: (extensionUri) => startThread(extensionUri, 'jobs.js', undefined),
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
