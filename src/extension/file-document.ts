/** A file that is open in one or more editors: one engine for all of them. */
import * as vscode from 'vscode';
import { EngineClient, type EngineConnection } from '../engine/client.js';
import type { EngineStart } from '../engine/start.js';
import type { AnswerMessage, EventMessage, Failure } from '../protocol.js';
import type { ExtensionPlatform } from './platform.js';
import { translatedMessage } from './translations.js';

const MIB = 1024 * 1024;

/** The document of the editor. */
export class RdbDocument implements vscode.CustomDocument {
  private client: EngineClient | undefined;
  private failed: Failure | null = null;
  private opening: Promise<void>;
  private disposed = false;
  private readonly failures = new vscode.EventEmitter<Failure>();
  /** The file cannot be read, or not any more. */
  readonly onDidFail = this.failures.event;
  private readonly reloads = new vscode.EventEmitter<void>();
  /** The file was opened anew: connections to the engine must be made again. */
  readonly onDidReload = this.reloads.event;

  constructor(
    readonly uri: vscode.Uri,
    private readonly extensionUri: vscode.Uri,
    private readonly platform: ExtensionPlatform,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.opening = this.open();
  }

  /** Why the file cannot be shown; null if it can. */
  get failure(): Failure | null {
    return this.failed;
  }

  private async open(): Promise<void> {
    const started = Date.now();
    this.failed = null;
    try {
      const start = await this.engineStart();
      if (!start || this.disposed) return;
      this.client = new EngineClient(
        (engineStart) => this.platform.startWorker(this.extensionUri, engineStart),
        start,
        (reason) => this.fail({ template: 'The file cannot be read: {0}', args: [reason], settings: false }),
      );
      this.log.info(`opened ${this.uri.toString(true)} in ${Date.now() - started} ms`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.fail({ template: 'The file cannot be read: {0}', args: [reason], settings: false });
    }
  }

  /** The path of the file, or its bytes where it has none; undefined if it is too large for that. */
  private async engineStart(): Promise<EngineStart | undefined> {
    const path = this.platform.localPath(this.uri);
    if (path !== undefined) return { path };
    const limit = vscode.workspace.getConfiguration('redisPersistence').get('maxInMemoryFileSize', 512);
    const { size } = await vscode.workspace.fs.stat(this.uri);
    if (size > limit * MIB) {
      this.fail({
        template:
          'The file system of this folder cannot read parts of a file, and the file is larger ({0} MB) than what may be read into memory ({1} MB).',
        args: [Math.ceil(size / MIB), limit],
        settings: true,
      });
      return undefined;
    }
    return { bytes: await vscode.workspace.fs.readFile(this.uri) };
  }

  private fail(failure: Failure): void {
    this.failed = failure;
    this.log.error(`${this.uri.toString(true)}: ${translatedMessage(failure)}`);
    this.failures.fire(failure);
  }

  /** The engine, once the file is open; undefined if it cannot be opened. */
  async engine(): Promise<EngineClient | undefined> {
    await this.opening;
    return this.client;
  }

  /** Connects somebody to the engine. */
  async connect(listener: (message: AnswerMessage | EventMessage) => void): Promise<EngineConnection | undefined> {
    return (await this.engine())?.connect(listener);
  }

  /** Opens the file anew, as it is on disk now. */
  async reload(): Promise<void> {
    this.client?.close();
    this.client = undefined;
    this.opening = this.open();
    await this.opening;
    this.reloads.fire();
  }

  dispose(): void {
    this.disposed = true;
    this.client?.close();
    this.failures.dispose();
    this.reloads.dispose();
  }
}
