/** The panel of one comparison: a page, and the engine that has both files. */
import * as vscode from 'vscode';
import type { CompareHostRequests, CompareHostState } from '../../compare-protocol.js';
import { EngineClient, type EngineConnection } from '../../engine/client.js';
import type {
  AnswerMessage,
  CancelMessage,
  ErrorInfo,
  EventMessage,
  HostRequests,
  RequestMessage,
} from '../../protocol.js';
import { separatorSetting } from '../file-editor.js';
import { TooLargeError } from '../memory-files.js';
import { viewTypeFor } from '../open-files.js';
import type { ExtensionPlatform } from '../platform.js';
import { translations } from '../translations.js';
import { pageOf } from '../webview-page.js';
import { type CompareSource, CompareSourceError, distinctLabels } from './compare-source.js';
import type { ComparedTexts } from './compare-texts.js';

/** The type of the panels. */
export const COMPARE_VIEW = 'redisPersistence.compare';

/** What panels need of the extension. */
export interface ComparePanelHost {
  readonly extensionUri: vscode.Uri;
  readonly platform: ExtensionPlatform;
  readonly log: vscode.LogOutputChannel;
  readonly texts: ComparedTexts;
  /** A panel got the focus, or lost it. */
  activated(panel: ComparePanel, active: boolean): void;
  closed(panel: ComparePanel): void;
}

type HostKind = keyof CompareHostRequests | keyof HostRequests;

/** One comparison. */
export class ComparePanel {
  private engine: EngineClient | undefined;
  private connection: EngineConnection | undefined;
  private waiting: (RequestMessage | CancelMessage)[] = [];
  private failure: ErrorInfo | null = null;
  private disposed = false;

  /** @param panel an empty one: new, or of before the window was opened anew. */
  constructor(
    private left: CompareSource,
    private right: CompareSource,
    private readonly host: ComparePanelHost,
    private readonly panel: vscode.WebviewPanel = newPanel(),
  ) {
    panel.title = this.title;
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(host.extensionUri, 'dist', 'webview')],
    };
    this.panel.webview.onDidReceiveMessage((message: RequestMessage | CancelMessage) => this.receive(message));
    this.panel.onDidChangeViewState(() => host.activated(this, this.panel.active));
    this.panel.onDidDispose(() => this.dispose());
    host.activated(this, this.panel.active);
    this.panel.webview.html = pageOf(
      this.panel.webview,
      host.extensionUri,
      'pe-compare-app',
      this.panel.title,
      this.state,
    );
    void this.open();
  }

  private get title(): string {
    const [left, right] = this.labels;
    return `${left} ↔ ${right}`;
  }

  /** The names of both sides, with what tells them apart. */
  private get labels(): readonly [string, string] {
    const [left, right] = distinctLabels(this.left, this.right);
    const text = ({ name, detail }: typeof left) => (detail === '' ? name : `${name} (${detail})`);
    return [text(left), text(right)];
  }

  private get state(): CompareHostState {
    const [left, right] = distinctLabels(this.left, this.right);
    const separator = separatorSetting(this.right.uri ?? this.left.uri);
    const saved = { left: this.left.origin, right: this.right.origin };
    return { left, right, saved, separator, strings: translations(), failure: this.failure };
  }

  private async open(): Promise<void> {
    this.failure = null;
    const { left, right } = this;
    try {
      const [leftStart, rightStart] = await Promise.all([left.start(), right.start()]);
      if (this.disposed || left !== this.left) return;
      this.engine = new EngineClient(
        (start) => this.host.platform.startWorker(this.host.extensionUri, start),
        { compare: { left: leftStart, right: rightStart } },
        (reason) => this.fail({ code: 'not-open', template: 'The file cannot be read: {0}', args: [reason] }),
      );
      this.connection = this.engine.connect((message) => this.post(message));
      const { waiting } = this;
      this.waiting = [];
      for (const message of waiting) this.connection.send(message);
    } catch (error) {
      this.fail(failureOf(error));
    }
  }

  private fail(failure: ErrorInfo): void {
    this.failure = failure;
    this.host.log.error(`${this.panel.title}: ${failure.template} ${failure.args.join(' ')}`);
    for (const message of this.waiting) if ('id' in message) this.post({ id: message.id, error: failure });
    this.waiting = [];
    const { template, args } = failure;
    this.post({ event: 'failed', failure: { template, args, settings: false } });
  }

  private async reopen(): Promise<void> {
    this.closeEngine();
    this.panel.title = this.title;
    await this.open();
    this.post({ event: 'reloaded' });
  }

  private closeEngine(): void {
    this.connection?.dispose();
    this.engine?.close();
    this.connection = undefined;
    this.engine = undefined;
  }

  private receive(message: RequestMessage | CancelMessage): void {
    if ('request' in message && message.request.startsWith('host.')) {
      void this.answer(message as RequestMessage<HostKind>);
    } else if (this.connection) {
      this.connection.send(message);
    } else if (this.failure) {
      if ('id' in message) this.post({ id: message.id, error: this.failure });
    } else {
      this.waiting.push(message);
    }
  }

  private async answer(message: RequestMessage<HostKind>): Promise<void> {
    try {
      this.post({ id: message.id, result: await this.handle(message) });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.host.log.error(`${message.request}: ${reason}`);
      this.post({ id: message.id, error: { code: 'internal', template: '{0}', args: [reason] } });
    }
  }

  private async handle({ request, params }: RequestMessage<HostKind>): Promise<unknown> {
    switch (request) {
      case 'host.compareReady':
        return this.state;
      case 'host.reload':
        await this.reopen();
        return {};
      case 'host.compareSwap':
        [this.left, this.right] = [this.right, this.left];
        await this.reopen();
        return {};
      case 'host.compareOpen': {
        const { side } = params as CompareHostRequests['host.compareOpen']['params'];
        const { uri } = side === 'left' ? this.left : this.right;
        if (uri) await vscode.commands.executeCommand('vscode.openWith', uri, viewTypeFor(uri));
        return {};
      }
      case 'host.compareTexts': {
        const { text, name } = params as CompareHostRequests['host.compareTexts']['params'];
        if (this.engine) await this.host.texts.show(this.engine, text, name, this.labels);
        return {};
      }
      case 'host.clipboard': {
        const { text, what } = params as HostRequests['host.clipboard']['params'];
        await vscode.env.clipboard.writeText(text);
        vscode.window.setStatusBarMessage(what, 3000);
        return {};
      }
      case 'host.log': {
        const { level, message } = params as HostRequests['host.log']['params'];
        this.host.log[level](message);
        return {};
      }
      default:
        return {};
    }
  }

  /** Asks the page to copy what is selected. */
  copy(format: 'key' | 'json'): void {
    this.post({ event: 'command', command: { name: 'copy', format } });
  }

  private post(message: AnswerMessage | EventMessage): void {
    if (!this.disposed) void this.panel.webview.postMessage(message);
  }

  /** Closes the panel and its engine. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.closeEngine();
    void this.left.dispose?.();
    void this.right.dispose?.();
    this.host.closed(this);
    this.panel.dispose();
  }
}

function newPanel(): vscode.WebviewPanel {
  // What was scrolled, selected and opened stays as it is while the tab is in the background.
  return vscode.window.createWebviewPanel(COMPARE_VIEW, '', vscode.ViewColumn.Active, {
    retainContextWhenHidden: true,
  });
}

function failureOf(error: unknown): ErrorInfo {
  if (error instanceof TooLargeError) {
    return {
      code: 'too-large',
      template:
        'This version of the file has to be read into memory, and is larger ({0} MB) than the setting redisPersistence.maxInMemoryFileSize allows ({1} MB).',
      args: [error.megabytes, error.limit],
    };
  }
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof CompareSourceError) return { code: 'not-open', template: '{0}', args: [reason] };
  return { code: 'not-open', template: 'The file cannot be read: {0}', args: [reason] };
}
