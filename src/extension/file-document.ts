/** A file that is open in one or more editors: one engine for all of them. */
import * as vscode from 'vscode';
import { EngineClient, type EngineConnection } from '../engine/client.js';
import type { EngineStart } from '../engine/start.js';
import type { AnswerMessage, EditorKind, EventMessage, Failure } from '../protocol.js';
import { fileKind, HEAD_BYTES, isManifest, manifestOfPart } from './file-kind.js';
import { memoryFiles, nameOf, TooLargeError } from './memory-files.js';
import type { ExtensionPlatform } from './platform.js';
import { translatedMessage } from './translations.js';

/** What is found out about a file before it is opened. */
export interface FileFacts {
  /** The editor that shows it. */
  readonly editor: EditorKind;
  /** What its first bytes say that it is. */
  readonly content: EditorKind | null;
  /** Name of the manifest beside it that it is a part of, by its name. */
  readonly manifest: string | null;
}

/** The document of the editors. */
export class FileDocument implements vscode.CustomDocument {
  private client: EngineClient | undefined;
  private failed: Failure | null = null;
  private opening: Promise<void>;
  private disposed = false;
  private readonly watching: vscode.Disposable;
  private readonly failures = new vscode.EventEmitter<Failure>();
  /** The file cannot be read, or not any more. */
  readonly onDidFail = this.failures.event;
  private readonly reloads = new vscode.EventEmitter<void>();
  /** The file was opened anew: connections to the engine must be made again. */
  readonly onDidReload = this.reloads.event;
  private readonly disposals = new vscode.EventEmitter<void>();
  /** No editor shows the file any more. */
  readonly onDidDispose = this.disposals.event;
  /** Never rejects: of a file that cannot be read, what its name says. */
  readonly facts: Promise<FileFacts>;

  /** @param editor that was asked for; undefined for the one that the file needs. */
  constructor(
    readonly uri: vscode.Uri,
    editor: EditorKind | undefined,
    private readonly extensionUri: vscode.Uri,
    private readonly platform: ExtensionPlatform,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.watching = vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('redisPersistence.memory', uri)) this.configureMemory();
    });
    this.facts = this.findFacts(editor);
    this.opening = this.open();
  }

  /** The last part of the path. */
  get name(): string {
    return nameOf(this.uri);
  }

  /** Why the file cannot be shown; null if it can. */
  get failure(): Failure | null {
    return this.failed;
  }

  private async findFacts(wanted: EditorKind | undefined): Promise<FileFacts> {
    const { uri, name } = this;
    const path = this.platform.localPath(uri);
    const head = path === undefined ? undefined : await this.platform.readHead(path, HEAD_BYTES).catch(() => undefined);
    const content = head ? fileKind(head, name) : null;
    const byName = /\.aof$/i.test(name) || isManifest(name) ? 'aof' : 'rdb';
    return { editor: wanted ?? content ?? byName, content, manifest: await this.manifestBeside() };
  }

  private async manifestBeside(): Promise<string | null> {
    const manifest = manifestOfPart(this.name);
    if (manifest === null) return null;
    const there = vscode.workspace.fs.stat(vscode.Uri.joinPath(this.uri, '..', manifest));
    return there.then(
      () => manifest,
      () => null,
    );
  }

  private async open(): Promise<void> {
    const started = Date.now();
    this.failed = null;
    try {
      const start = await this.engineStart();
      if (this.disposed) return;
      this.client = new EngineClient(
        (engineStart) => this.platform.startWorker(this.extensionUri, engineStart),
        start,
        (reason) => this.fail({ template: 'The file cannot be read: {0}', args: [reason], settings: false }),
      );
      this.log.info(`opened ${this.uri.toString(true)} in ${Date.now() - started} ms`);
      this.configureMemory();
    } catch (error) {
      if (error instanceof TooLargeError) {
        this.fail({
          template:
            'The file system of this folder cannot read parts of a file, and the file is larger ({0} MB) than what may be read into memory ({1} MB).',
          args: [error.megabytes, error.limit],
          settings: true,
        });
        return;
      }
      const reason = error instanceof Error ? error.message : String(error);
      this.fail({ template: 'The file cannot be read: {0}', args: [reason], settings: false });
    }
  }

  /** Tells the engine which server memory is to be estimated for. */
  private configureMemory(): void {
    const settings = vscode.workspace.getConfiguration('redisPersistence.memory', this.uri);
    const target = settings.get('target', 'auto');
    const allocator = settings.get('allocator', 'jemalloc');
    this.client?.request('memory.configure', { target, allocator }).result.catch((error: unknown) => {
      this.log.error(`memory.configure: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  /** The path of the file, or its bytes where it has none: for a manifest, those of all parts. */
  private async engineStart(): Promise<EngineStart> {
    const { editor } = await this.facts;
    const path = this.platform.localPath(this.uri);
    if (path !== undefined) return editor === 'aof' ? { aof: { path } } : { path };
    const files = await memoryFiles(this.uri);
    return editor === 'aof' ? { aof: { name: this.name, files } } : { bytes: files[0].bytes };
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
    this.watching.dispose();
    this.client?.close();
    this.disposals.fire();
    this.disposals.dispose();
    this.failures.dispose();
    this.reloads.dispose();
  }
}
