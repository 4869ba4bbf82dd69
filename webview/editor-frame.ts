/** What both editors have around what they show: what stands in the way, what has changed, what went wrong. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { EditorKind, EventMessage, Failure, HostState, Preferences, WebviewCommand } from '../src/protocol.js';
import { ask, onEvent, RequestError, savedState, saveState } from './connection.js';
import { iconButton, textButton } from './controls.js';
import { Cancelled } from './running.js';
import { message, setStrings, t } from './strings.js';
import { setRemembered } from './value/decoding.js';

/** The page of an editor. @typeParam Saved what it remembers while its tab is closed and opened with the window. */
export abstract class EditorFrame<Saved extends object> extends LitElement {
  protected host: HostState | undefined;
  protected preferences: Preferences = {};
  protected failure: Failure | null = null;
  private changed: 'changed' | 'gone' | undefined;
  /** An error that is shown until it is closed. */
  private notice = '';
  protected saved: Partial<Saved> = savedState<Partial<Saved>>() ?? {};

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    onEvent((event) => this.receiveEvent(event));
    window.addEventListener('unhandledrejection', this.onRejection);
    const host = JSON.parse(this.dataset.state ?? '{}') as HostState;
    setStrings(host.strings);
    document.title = host.fileName;
    void this.begin(host);
  }

  /** Asks for the first rows before the page is made of which they will be a part, and shows them. */
  protected abstract begin(host: HostState): Promise<void>;

  /** The file was opened anew: everything is asked again, and shown where it was before. */
  protected abstract restart(): Promise<void>;

  /** What is told of the file. */
  protected abstract receive(event: EventMessage): void;

  /** Does what a command of the palette or of a menu asks for. */
  protected abstract run(command: WebviewCommand): Promise<void>;

  private receiveEvent(event: EventMessage): void {
    switch (event.event) {
      case 'failed':
        this.failure = event.failure;
        this.requestUpdate();
        break;
      case 'fileChanged':
        this.changed = event.gone ? 'gone' : 'changed';
        this.requestUpdate();
        break;
      case 'reloaded':
        this.changed = undefined;
        this.notice = '';
        this.failure = null;
        void this.restart();
        break;
      case 'command':
        void this.run(event.command);
        break;
      case 'configuration':
        if (this.host) this.host = { ...this.host, separator: event.separator };
        this.requestUpdate();
        break;
      default:
        this.receive(event);
        break;
    }
  }

  /** What an action of the user ended with, where the part that was used does not say so itself. */
  private readonly onRejection = (event: PromiseRejectionEvent): void => {
    const error: unknown = event.reason;
    event.preventDefault();
    if (error instanceof Cancelled) return;
    this.showNotice(error instanceof RequestError ? message(error.info) : String(error));
    if (!(error instanceof RequestError)) {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      void ask('host.log', { level: 'error', message: stack }).answer;
    }
  };

  protected showNotice(notice: string): void {
    this.notice = notice;
    this.requestUpdate();
  }

  protected take(host: HostState): void {
    this.host = host;
    this.preferences = host.preferences;
    setRemembered(host.preferences.decoders);
    this.failure = host.failure;
    this.requestUpdate();
  }

  protected remember(part: Partial<Saved>): void {
    this.saved = { ...this.saved, ...part };
    saveState(this.saved);
  }

  protected readonly onPreferences = (event: Event): void => {
    const preferences = (event as CustomEvent<Preferences>).detail;
    this.preferences = { ...this.preferences, ...preferences };
    void ask('host.savePreferences', { preferences }).answer;
    this.requestUpdate();
  };

  /** What is shown instead of everything else when the file cannot be opened. */
  protected renderFailure(): TemplateResult | undefined {
    const { failure } = this;
    if (!failure) return undefined;
    return html`<div class="stop" role="alert">
      <span class="codicon codicon-error" aria-hidden="true"></span>
      <p>${message(failure)}</p>
      <div class="stop-actions">
        ${textButton(t('Try again'), () => void ask('host.reload', {}).answer)}
        ${failure.settings ? textButton(t('Open settings'), () => void ask('host.openSettings', {}).answer) : nothing}
      </div>
    </div>`;
  }

  /** What is shown instead of everything else when the file is not what this editor shows. */
  protected renderWrongFile(reason: string): TemplateResult {
    const { host } = this;
    const other: EditorKind | null = host && host.content !== host.editor ? host.content : null;
    const open = (editor: EditorKind) => () => void ask('host.openAs', { editor }).answer;
    return html`<div class="stop" role="alert">
      <span class="codicon codicon-info" aria-hidden="true"></span>
      <p>${reason}</p>
      <div class="stop-actions">
        ${other === 'aof' ? textButton(t('Open as AOF'), open('aof')) : nothing}
        ${other === 'rdb' ? textButton(t('Open as RDB'), open('rdb')) : nothing}
        ${textButton(t('Open with another editor…'), () => void ask('host.reopenWith', {}).answer)}
        ${textButton(t('Try again'), () => void ask('host.reload', {}).answer)}
      </div>
    </div>`;
  }

  /** The error that the last action ended with. */
  protected renderNotice() {
    if (this.notice === '') return nothing;
    return html`<div class="banner error" role="alert">
      <span class="codicon codicon-error" aria-hidden="true"></span><span>${this.notice}</span>
      ${iconButton('close', t('Close'), () => this.showNotice(''))}
    </div>`;
  }

  /** That the file on disk is another one by now. */
  protected renderChanged() {
    if (!this.changed) return nothing;
    const text =
      this.changed === 'gone'
        ? t('The file is no longer there. What is shown is what it was.')
        : t('The file has changed on disk. What is shown is what it was.');
    return html`<div class="banner" role="alert">
      <span class="codicon codicon-warning" aria-hidden="true"></span><span>${text}</span>
      ${this.changed === 'gone' ? nothing : textButton(t('Reload'), () => void ask('host.reload', {}).answer, 'refresh')}
    </div>`;
  }
}
