/** What differs between the desktop (or a remote host) and the browser: the entry points decide, nothing asks. */
import type * as vscode from 'vscode';
import type { EngineWorker } from '../engine/client.js';
import type { EngineStart } from '../engine/start.js';
import type { JobEvent, JobMessage } from '../job-protocol.js';
import type { LanguageWorker } from '../language/client.js';
import type { Connection } from '../server/connection.js';
import type { ServerTarget } from '../server/target.js';
import type { ActiveEditor } from './active-editor.js';
import type { CompareSource } from './compare/compare-source.js';
import type { JobSurroundings } from './jobs/prepared-job.js';
import type { ConfiguredServer } from './servers/configured-server.js';
import type { Servers } from './servers/servers.js';

/** A worker that does one job. */
export interface JobWorker {
  post(message: JobMessage): void;
  onMessage(listener: (event: JobEvent) => void): void;
  /** The worker died of an error. */
  onError(listener: (message: string) => void): void;
  terminate(): void;
}

/** Tells other windows of the jobs that run; see the class of that name. Each may throw the system's error. */
export interface JobMarks {
  write(id: string, news: unknown, runs: boolean): void;
  touch(id: string): boolean;
  read(id: string): { readonly runs: boolean; readonly time: number; readonly news: unknown } | undefined;
  askToStop(id: string): void;
  remove(id: string): void;
  removeOld(): void;
}

/** The platform that the extension runs on. */
export interface ExtensionPlatform {
  /** Starts an engine in a worker. @param extensionUri where the extension is installed. */
  startWorker(extensionUri: vscode.Uri, start: EngineStart): EngineWorker;
  /** Starts the worker that reads text documents. */
  startLanguageWorker(extensionUri: vscode.Uri): LanguageWorker;
  /** The path of a file that can be read by position; undefined if all of it must go through memory. */
  localPath(uri: vscode.Uri): string | undefined;
  /** The first bytes of a file that has a path, up to `count`. Rejects with the system's error. */
  readHead(path: string, count: number): Promise<Uint8Array>;
  /** Connects to a server; undefined where there are no sockets. Rejects with ServerError. */
  readonly connect: ((target: ServerTarget) => Promise<Connection>) | undefined;
  /** Registers what there is for servers, or what says that there are none. */
  registerServers(
    active: ActiveEditor,
    servers: Servers,
    context: vscode.ExtensionContext,
    log: vscode.LogOutputChannel,
  ): vscode.Disposable[];
  /** What a server holds, as a side of a comparison; undefined where there are no sockets. */
  readonly serverSource: ((surroundings: JobSurroundings, server: ConfiguredServer) => CompareSource) | undefined;
  /** Starts the worker of a job with a server; undefined where there are no sockets. */
  startJobWorker(extensionUri: vscode.Uri): JobWorker | undefined;
  /** The marks of jobs that run, in a folder of this machine; undefined where there are no jobs. */
  jobMarks(folder: string): JobMarks | undefined;
  /** Removes the folder of a dump that a job has made of a moment; and those that were left by processes that are gone. */
  removeMoment(path: string): Promise<void>;
  removeLeftMoments(): Promise<void>;
}
