/** The custom editor for RDB files: a webview for each tab, and the messages between it and the engine. */
import * as vscode from 'vscode';
import type { EngineConnection } from '../engine/client.js';
import type {
  AnswerMessage,
  CancelMessage,
  EventMessage,
  FirstRows,
  HostRequests,
  HostState,
  Preferences,
  RequestMessage,
  Summary,
  WebviewCommand,
} from '../protocol.js';
import { PAGE_ROWS, viewSpec } from '../view-spec.js';
import type { ActiveEditor, EditorHandle } from './active-editor.js';
import { openInHexEditor } from './hex-editor.js';
import type { ExtensionPlatform } from './platform.js';
import { RdbDocument } from './rdb-document.js';
import { translations } from './translations.js';
import { webviewPage } from './webview-page.js';

/** The view types: for `*.rdb`, and for any file that the user opens with this editor. */
export const RDB_VIEW = 'redisPersistence.rdb';
export const ANY_FILE_VIEW = 'redisPersistence.anyFile';

const PREFERENCES = 'preferences';
/** Milliseconds that the page waits for the first rows. */
const FIRST_ROWS_MS = 300;

/** Opens documents and their editors. */
export class RdbEditorProvider implements vscode.CustomReadonlyEditorProvider<RdbDocument>, vscode.Disposable {
  private nextView = 1;
  private readonly editors = new Set<RdbEditor>();

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly platform: ExtensionPlatform,
    private readonly active: ActiveEditor,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  openCustomDocument(uri: vscode.Uri): RdbDocument {
    return new RdbDocument(uri, this.context.extensionUri, this.platform, this.log);
  }

  resolveCustomEditor(document: RdbDocument, panel: vscode.WebviewPanel): void {
    const editor = new RdbEditor(document, panel, this.nextView++, this.context, this.active, this.log);
    this.editors.add(editor);
    panel.onDidDispose(() => this.editors.delete(editor));
  }

  dispose(): void {
    for (const editor of this.editors) editor.dispose();
  }
}

/** One tab. */
class RdbEditor implements EditorHandle {
  private connection: EngineConnection | undefined;
  /** Requests that came before the engine was there. */
  private waiting: (RequestMessage | CancelMessage)[] = [];
  /** True if the file could not be opened, so that nothing will answer. */
  private unavailable = false;
  private disposed = false;
  private readonly opened = Date.now();
  private readonly subscriptions: vscode.Disposable[] = [];
  summary: Summary | undefined;

  constructor(
    readonly document: RdbDocument,
    private readonly panel: vscode.WebviewPanel,
    private readonly view: number,
    private readonly context: vscode.ExtensionContext,
    private readonly active: ActiveEditor,
    private readonly log: vscode.LogOutputChannel,
  ) {
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
    const first = await this.firstRows();
    if (this.disposed) return;
    const { webview } = this.panel;
    webview.html = webviewPage(webview, this.context.extensionUri, { ...this.state(), first });
  }

  /** The first rows of the grid; null if they are not to be had at once. */
  private async firstRows(): Promise<FirstRows | null> {
    const { preferences, separator } = this.state();
    const spec = viewSpec({}, preferences, separator);
    const known = this.document
      .engine()
      .then((engine) => engine?.request('view.set', { view: this.view, spec, count: PAGE_ROWS }).result)
      // The page asks again, and shows why there is no answer.
      .catch(() => undefined);
    const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), FIRST_ROWS_MS));
    const result = await Promise.race([known, late]);
    return result ? { spec, result } : null;
  }

  private async connect(): Promise<void> {
    const connection = await this.document.connect((message) => {
      if ('event' in message && message.event === 'summary') {
        this.summary = message.summary;
        this.active.update(this);
      }
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
  }

  private async reconnect(): Promise<void> {
    this.connection?.dispose();
    this.connection = undefined;
    this.unavailable = false;
    this.summary = undefined;
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
        return this.state();
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
        const known = this.context.globalState.get<Preferences>(PREFERENCES, {});
        await this.context.globalState.update(PREFERENCES, { ...known, ...preferences });
        return {};
      }
      case 'host.reload':
        await this.document.reload();
        return {};
      case 'host.hexEditor':
        await openInHexEditor(this.document.uri);
        return {};
      case 'host.reopenWith':
        await vscode.commands.executeCommand('workbench.action.reopenWithEditor');
        return {};
      case 'host.openSettings':
        await vscode.commands.executeCommand('workbench.action.openSettings', 'redisPersistence');
        return {};
      case 'host.log': {
        const { level, message } = params as HostRequests['host.log']['params'];
        this.log[level](message);
        return {};
      }
    }
  }

  private state(): HostState {
    return {
      view: this.view,
      editor: 'rdb',
      fileName: this.document.uri.path.split('/').pop() ?? '',
      preferences: this.context.globalState.get<Preferences>(PREFERENCES, {}),
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
    this.connection?.send({ id: 0, request: 'view.close', params: { view: this.view } });
    this.connection?.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
    this.subscriptions.length = 0;
  }
}

function separatorSetting(uri: vscode.Uri): string {
  return vscode.workspace.getConfiguration('redisPersistence', uri).get('namespaceSeparator', ':');
}
