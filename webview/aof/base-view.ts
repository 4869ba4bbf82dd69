/** The RDB that a part is or begins with, in the key browser; a choice of part where several hold one. */
import { html, LitElement, nothing } from 'lit';
import type { PartInfo } from '../../src/aof-protocol.js';
import { formatBytes } from '../../src/format/quantities.js';
import type { CopyFormat, Preferences, Summary } from '../../src/protocol.js';
import { ask, onEvent } from '../connection.js';
import { dropdown } from '../controls.js';
import '../keys/keys-view.js';
import type { KeysState, PeKeysView } from '../keys/keys-view.js';
import { t } from '../strings.js';
import { keysText } from '../summary-texts.js';
import { roleText } from './aof-texts.js';

/** What the view remembers for the next time. */
export interface BaseState {
  readonly part?: number;
  readonly keys?: KeysState;
}

/** Events: `pe-state` with {@link BaseState}, `pe-preferences`, `pe-part-bytes` with a part and a range of its bytes. */
export class PeBaseView extends LitElement {
  static override properties = {
    view: { type: Number },
    parts: { attribute: false },
    preferences: { attribute: false },
    separator: { type: String },
  };

  declare view: number;
  /** The parts that hold an RDB. */
  declare parts: readonly PartInfo[];
  declare preferences: Preferences;
  declare separator: string;
  private opened: number | undefined;
  /** Name of the file that is open: after a rewrite the same part is another one. */
  private openedFile = '';
  private summary: Summary | undefined;
  private state: BaseState = {};
  private stopListening: (() => void) | undefined;

  constructor() {
    super();
    this.view = 0;
    this.parts = [];
    this.preferences = {};
    this.separator = ':';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private get keys(): PeKeysView | null {
    return this.querySelector<PeKeysView>('pe-keys-view');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.stopListening = onEvent((event) => {
      if (event.event !== 'summary' || this.opened === undefined) return;
      this.summary = event.summary;
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopListening?.();
  }

  /** Forgets what was shown: it is asked for when the tab is shown. */
  reset(state: BaseState | undefined): void {
    this.opened = undefined;
    this.summary = undefined;
    this.state = state ?? {};
    this.requestUpdate();
  }

  /** The tab is shown. */
  async open(): Promise<void> {
    if (
      this.opened !== undefined &&
      this.parts.some(({ part, file }) => part === this.opened && file === this.openedFile)
    ) {
      this.requestUpdate();
      return;
    }
    const wanted =
      this.parts.find(({ part }) => part === this.state.part) ??
      this.parts.find(({ role }) => role !== 'history') ??
      this.parts[0];
    if (wanted) await this.openPart(wanted.part, wanted.part === this.state.part ? this.state.keys : undefined);
  }

  private async openPart(part: number, keys: KeysState | undefined): Promise<void> {
    await ask('base.open', { part }).answer;
    this.opened = part;
    this.openedFile = this.parts.find((one) => one.part === part)?.file ?? '';
    this.summary = undefined;
    this.requestUpdate();
    await this.updateComplete;
    await this.keys?.updateComplete;
    this.keys?.start(keys);
    this.summary = await ask('summary', {}).answer;
    this.remember({ part });
    this.requestUpdate();
  }

  private remember(state: BaseState): void {
    this.state = { ...this.state, ...state };
    this.dispatchEvent(new CustomEvent('pe-state', { detail: this.state, bubbles: true }));
  }

  /** Copies the selected keys. */
  async copySelection(format: CopyFormat): Promise<void> {
    await this.keys?.copySelection(format);
  }

  /** Shows the bytes of the selected key. */
  async revealSelected(): Promise<void> {
    const bytes = await this.keys?.selectedBytes();
    if (bytes) this.reveal(bytes.from, bytes.to);
  }

  private reveal(from: number, to: number): void {
    const detail = { part: this.opened, from, to, label: t('Key') };
    this.dispatchEvent(new CustomEvent('pe-part-bytes', { detail, bubbles: true }));
  }

  private readonly onKeysState = (event: Event): void => {
    event.stopPropagation();
    this.remember({ keys: (event as CustomEvent<KeysState>).detail });
  };

  protected override shouldUpdate(): boolean {
    return !this.hidden;
  }

  protected override render() {
    if (this.opened === undefined) return nothing;
    return html`
      ${this.parts.length > 1 ? this.renderChoice() : nothing}
      <pe-keys-view
        .view=${this.view}
        .rdbPart=${this.opened}
        .summary=${this.summary}
        .preferences=${this.preferences}
        .separator=${this.separator}
        @pe-state=${this.onKeysState}
        @pe-reveal=${(event: Event) => {
          const { from, to } = (event as CustomEvent<{ from: number; to: number }>).detail;
          this.reveal(from, to);
        }}
      ></pe-keys-view>
    `;
  }

  private renderChoice() {
    const choices = this.parts.map(
      ({ part, file, role, rdbKeys, rdbBytes }) =>
        [String(part), `${file} (${roleText(role)}): ${keysText(rdbKeys)}, ${formatBytes(rdbBytes)}`] as const,
    );
    return html`<div class="base-choice">
      <span class="dim">${t('Part')}</span>
      ${dropdown(t('Part'), choices, String(this.opened), (part) => {
        if (Number(part) !== this.opened) void this.openPart(Number(part), undefined);
      })}
    </div>`;
  }
}

customElements.define('pe-base-view', PeBaseView);
