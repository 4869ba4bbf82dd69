/** The custom editors: a webview for each tab, and the messages between it and the engine. */
import * as vscode from 'vscode';
import type { AofSummary } from '../aof-protocol.js';
import type { EngineClient, EngineConnection } from '../engine/client.js';
import type { EditorSelection } from '../job-protocol.js';
import type {
  AnswerMessage,
  CancelMessage,
  EditorKind,
  EventMessage,
  FirstRows,
  HostRequests,
  HostState,
  Preferences,
  RequestMessage,
  Summary,
  WebviewCommand,
} from '../protocol.js';
import { AOF_VIEWS, commandViewSpec, PAGE_ROWS, VIEWS_OF_PAGE, viewSpec } from '../view-spec.js';
import type { ActiveEditor, EditorHandle } from './active-editor.js';
import { exportReport, findingLimits, saveImage } from './analysis.js';
import { offerComparison } from './compare/offer.js';
import { FileDocument, type FileFacts } from './file-document.js';
import type { FindingDiagnostics } from './findings.js';
import { openInHexEditor } from './hex-editor.js';
import type { ExtensionPlatform } from './platform.js';
import { translations } from './translations.js';
import { webviewPage } from './webview-page.js';

/** The view types: for RDB files, for AOFs, and for any file that the user opens with one of the editors. */
export const VIEW_TYPES = {
  rdb: 'redisPersistence.rdb',
  aof: 'redisPersistence.aof',
  anyFile: 'redisPersistence.anyFile',
} as const;

const PREFERENCES = 'preferences';
/** Milliseconds that the page waits for the first rows. */
const FIRST_ROWS_MS = 300;

/** Opens documents and their editors: of one kind, or of the kind that the file needs. */
export class FileEditorProvider implements vscode.CustomReadonlyEditorProvider<FileDocument>, vscode.Disposable {
  private readonly editors = new Set<FileEditor>();

  /** @param kind undefined for whatever a file needs. */
  constructor(
    private readonly kind: EditorKind | undefined,
    private readonly context: vscode.ExtensionContext,
    private readonly platform: ExtensionPlatform,
    private readonly active: ActiveEditor,
    private readonly findings: FindingDiagnostics,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  openCustomDocument(uri: vscode.Uri): FileDocument {
    void offerComparison(uri);
    const document = new FileDocument(uri, this.kind, this.context.extensionUri, this.platform, this.log);
    document.onDidReload(() => this.findings.forget(document));
    document.onDidDispose(() => this.findings.forget(document));
    return document;
  }

  resolveCustomEditor(document: FileDocument, panel: vscode.WebviewPanel): void {
    const editor = new FileEditor(document, panel, this.context, this.active, this.findings, this.log);
    this.editors.add(editor);
    panel.onDidDispose(() => this.editors.delete(editor));
  }

  dispose(): void {
    for (const editor of this.editors) editor.dispose();
  }
}

/** The number of the next view: none is used twice, whatever the provider. */
let nextView = 1;

/** One tab. */
class FileEditor implements EditorHandle {
  private connection: EngineConnection | undefined;
  /** Requests that came before the engine was there. */
  private waiting: (RequestMessage | CancelMessage)[] = [];
  /** True if the file could not be opened, so that nothing will answer. */
  private unavailable = false;
  private disposed = false;
  private readonly opened = Date.now();
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly view = nextView;
  private facts: FileFacts | undefined;
  summary: Summary | undefined;
  aofSummary: AofSummary | undefined;
  selection: EditorSelection | undefined;

  constructor(
    readonly document: FileDocument,
    private readonly panel: vscode.WebviewPanel,
    private readonly context: vscode.ExtensionContext,
    private readonly active: ActiveEditor,
    private readonly findings: FindingDiagnostics,
    private readonly log: vscode.LogOutputChannel,
  ) {
    nextView += VIEWS_OF_PAGE;
    const { webview } = panel;
    webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview')],
    };
    this.subscriptions.push(
      webview.onDidReceiveMessage((message: RequestMessage | CancelMessage) => this.receive(message)),
      panel.onDidChangeViewState(() => this.updateActive()),
      panel.onDidDispose(() => this.dispose()),
      document.onDidFail((failure) => this.post({ event: 'failed', failure })),
      document.onDidReload(() => this.reconnect()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('redisPersistence')) {
          this.post({ event: 'configuration', separator: separatorSetting(document.uri) });
        }
      }),
    );
    this.updateActive();
    void this.connect();
    void this.showPage();
  }

  /** Sets the page, with the first rows in it: the workbench takes longer to prepare for a page than the engine for them. */
  private async showPage(): Promise<void> {
    const facts = await this.document.facts;
    this.facts = facts;
    this.active.update(this);
    const first = await this.firstRows(facts.editor);
    if (this.disposed) return;
    const { webview } = this.panel;
    webview.html = webviewPage(webview, this.context.extensionUri, { ...this.state(facts), first });
  }

  /** The first rows of the grid; null if they are not to be had at once. */
  private async firstRows(editor: EditorKind): Promise<FirstRows | null> {
    const known = this.document
      .engine()
      .then((engine) => engine && (editor === 'aof' ? this.firstCommands(engine) : this.firstKeys(engine)))
      // The page asks again, and shows why there is no answer.
      .catch(() => undefined);
    const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), FIRST_ROWS_MS));
    return (await Promise.race([known, late])) ?? null;
  }

  private async firstKeys(engine: EngineClient): Promise<FirstRows> {
    const spec = viewSpec({}, this.preferences, separatorSetting(this.document.uri));
    const result = await engine.request('view.set', { view: this.view, spec, count: PAGE_ROWS }).result;
    return { request: 'view.set', spec, result };
  }

  private async firstCommands(engine: EngineClient): Promise<FirstRows> {
    const spec = commandViewSpec({}, this.preferences);
    const view = this.view + AOF_VIEWS.commands;
    const result = await engine.request('commands.set', { view, spec, count: PAGE_ROWS }).result;
    return { request: 'commands.set', spec, result };
  }

  /** What it is; undefined until that is known. */
  get kind(): EditorKind | undefined {
    return this.facts?.editor;
  }

  private get preferences(): Preferences {
    return this.context.globalState.get<Preferences>(PREFERENCES, {});
  }

  private async connect(): Promise<void> {
    const connection = await this.document.connect((message) => {
      if ('event' in message && (message.event === 'summary' || message.event === 'aof.summary')) {
        if (message.event === 'summary') this.takeSummary(message.summary);
        else this.aofSummary = message.summary;
        this.active.update(this);
      }
      if ('event' in message && message.event === 'findings') this.findings.findings(this.document, message.findings);
      this.post(message);
    });
    if (this.disposed) {
      // The tab was closed before the file was open.
      connection?.dispose();
      return;
    }
    this.connection = connection;
    this.unavailable = connection === undefined;
    const waiting = this.waiting;
    this.waiting = [];
    for (const message of waiting) this.receive(message);
    await this.askSummary();
  }

  /** What was told before this tab listened is asked for. */
  private async askSummary(): Promise<void> {
    const engine = await this.document.engine();
    const { editor } = await this.document.facts;
    if (!engine) return;
    try {
      if (editor === 'aof') this.aofSummary ??= await engine.request('aof.summary', {}).result;
      else if (!this.summary) this.takeSummary(await engine.request('summary', {}).result);
      this.active.update(this);
    } catch {
      // The page asks as well, and shows why there is no answer.
    }
  }

  private takeSummary(summary: Summary): void {
    this.summary = summary;
    this.findings.summary(this.document, summary);
  }

  private async reconnect(): Promise<void> {
    this.connection?.dispose();
    this.connection = undefined;
    this.unavailable = false;
    this.summary = undefined;
    this.aofSummary = undefined;
    this.selection = undefined;
    await this.connect();
    this.post({ event: 'reloaded' });
  }

  private updateActive(): void {
    if (this.panel.active) this.active.set(this);
    else this.active.clear(this);
  }

  private post(message: AnswerMessage | EventMessage): void {
    if (this.disposed) return;
    void this.panel.webview.postMessage(message);
  }

  private receive(message: RequestMessage | CancelMessage): void {
    if ('request' in message && message.request.startsWith('host.')) {
      void this.answer(message as RequestMessage<keyof HostRequests>);
    } else if (this.connection) {
      this.connection.send(message);
    } else if (this.unavailable) {
      const { template = '', args = [] } = this.document.failure ?? {};
      if ('id' in message) this.post({ id: message.id, error: { code: 'not-open', template, args } });
    } else {
      this.waiting.push(message);
    }
  }

  private async answer(message: RequestMessage<keyof HostRequests>): Promise<void> {
    try {
      this.post({ id: message.id, result: await this.handle(message) });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.log.error(`${message.request}: ${reason}`);
      this.post({ id: message.id, error: { code: 'internal', template: '{0}', args: [reason] } });
    }
  }

  private async handle({ request, params }: RequestMessage<keyof HostRequests>): Promise<unknown> {
    switch (request) {
      case 'host.ready':
        return this.state(await this.document.facts);
      case 'host.shown': {
        const after = Date.now() - this.opened;
        this.log.info(`first rows of ${this.document.uri.toString(true)} after ${after} ms`);
        return { after };
      }
      case 'host.clipboard': {
        const { text, what } = params as HostRequests['host.clipboard']['params'];
        await vscode.env.clipboard.writeText(text);
        vscode.window.setStatusBarMessage(what, 3000);
        return {};
      }
      case 'host.savePreferences': {
        const { preferences } = params as HostRequests['host.savePreferences']['params'];
        await this.context.globalState.update(PREFERENCES, { ...this.preferences, ...preferences });
        return {};
      }
      case 'host.reload':
        await this.document.reload();
        return {};
      case 'host.hexEditor': {
        const { file } = params as HostRequests['host.hexEditor']['params'];
        await openInHexEditor(file === null ? this.document.uri : this.beside(file));
        return {};
      }
      case 'host.openAs': {
        const { editor } = params as HostRequests['host.openAs']['params'];
        await vscode.commands.executeCommand('vscode.openWith', this.document.uri, VIEW_TYPES[editor]);
        return {};
      }
      case 'host.openManifest': {
        const { manifest } = await this.document.facts;
        if (manifest !== null)
          await vscode.commands.executeCommand('vscode.openWith', this.beside(manifest), VIEW_TYPES.aof);
        return {};
      }
      case 'host.repair':
        await vscode.commands.executeCommand('redisPersistence.repairAof', this.document.uri);
        return {};
      case 'host.openReadable': {
        const { from } = params as HostRequests['host.openReadable']['params'];
        await vscode.commands.executeCommand('redisPersistence.openReadable', this.document.uri, from);
        return {};
      }
      case 'host.reopenWith':
        await vscode.commands.executeCommand('workbench.action.reopenWithEditor');
        return {};
      case 'host.openSettings':
        await vscode.commands.executeCommand('workbench.action.openSettings', 'redisPersistence');
        return {};
      case 'host.selection':
        this.selection = (params as HostRequests['host.selection']['params']).selection;
        return {};
      case 'host.findingLimits':
        return findingLimits(this.document.uri);
      case 'host.saveImage': {
        const { name, bytes } = params as HostRequests['host.saveImage']['params'];
        await saveImage(this.document, name, bytes);
        return {};
      }
      case 'host.exportReport': {
        const { filter, separator } = params as HostRequests['host.exportReport']['params'];
        await exportReport(this, filter, separator);
        return {};
      }
      case 'host.log': {
        const { level, message } = params as HostRequests['host.log']['params'];
        this.log[level](message);
        return {};
      }
    }
  }

  /** A file in the folder of the one that is open. */
  private beside(name: string): vscode.Uri {
    return vscode.Uri.joinPath(this.document.uri, '..', name);
  }

  private state(facts: FileFacts): HostState {
    return {
      ...facts,
      view: this.view,
      fileName: this.document.name,
      preferences: this.preferences,
      separator: separatorSetting(this.document.uri),
      strings: translations(),
      failure: this.document.failure,
      first: null,
    };
  }

  command(command: WebviewCommand): void {
    this.post({ event: 'command', command });
  }

  reveal(): void {
    // Shown again, an editor that is in front would take the focus from what the user has opened meanwhile.
    if (!this.panel.active) this.panel.reveal();
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.active.clear(this);
    this.closeViews();
    this.connection?.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
    this.subscriptions.length = 0;
  }

  private closeViews(): void {
    const close = (request: 'view.close' | 'commands.close', view: number) =>
      this.connection?.send({ id: 0, request, params: { view } });
    if (this.kind !== 'aof') {
      close('view.close', this.view);
      return;
    }
    close('commands.close', this.view + AOF_VIEWS.commands);
    close('commands.close', this.view + AOF_VIEWS.history);
    // Answered with an error where no base was opened; nobody hears it any more.
    close('view.close', this.view + AOF_VIEWS.keys);
  }
}

/** What separates the parts of names, for a file. */
export function separatorSetting(uri: vscode.Uri | undefined): string {
  return vscode.workspace.getConfiguration('redisPersistence', uri).get('namespaceSeparator', ':');
}
