/** A string decoded as far as is certain or chosen: as a tree, as text, or byte by byte. */
import { html, LitElement, nothing } from 'lit';
import { decodeUtf8, isReadableText } from '../../src/format/display.js';
import { formatBytes, formatCount } from '../../src/format/quantities.js';
import type { CellAddress } from '../../src/protocol.js';
import type { ChainStep, DecodeStage, Decoding } from '../../src/viewer-protocol.js';
import { ask, RequestError } from '../connection.js';
import { dropdown, iconButton, segments } from '../controls.js';
import { Cancelled } from '../running.js';
import { message, nameText, t } from '../strings.js';
import { cellDecoding, type DecodingAccess, rememberChoice } from './decoding.js';
import type { PeHexView, ReadBytes } from './hex-view.js';
import './hex-view.js';
import './value-tree.js';
import type { PeValueTree } from './value-tree.js';

/** Bytes of a page of text. */
const TEXT_PAGE = 64 * 1024;

type Mode = 'tree' | 'text' | 'hex';

/** Choices in the lists of decoders that are none. */
const AUTOMATIC = 'automatic';
const AS_IS = 'as-is';

export class PeStringView extends LitElement {
  static override properties = {
    address: { attribute: false },
    source: { attribute: false },
    decoding: { attribute: false },
    size: { type: Number },
  };

  /** Where the string is: in a value, or wherever `source` reads it. It is read when either changes. */
  declare address: CellAddress | undefined;
  declare source: ReadBytes | undefined;
  /** How the string of a `source` is asked for decoded. */
  declare decoding: DecodingAccess | undefined;
  declare size: number;
  private mode: Mode = 'text';
  /** A way was chosen while the string was still being read, which its own way must not take back. */
  private chosen = false;
  private page = 0;
  private bytes: Uint8Array | undefined;
  private decoded: Decoding | undefined;
  private failure = '';
  private loading = 0;
  /** Reads the string as it is; `readShown` what came out of its decoders. */
  private read: ReadBytes | undefined;
  private readShown: ReadBytes | undefined;
  private access: DecodingAccess | undefined;

  constructor() {
    super();
    this.size = 0;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    const cell = this.address;
    if (changed.has('source') && this.source) {
      this.read = this.source;
      this.access = this.decoding;
    } else if (changed.has('address') && cell) {
      this.read = (from, count) => ask('value.bytes', { cell, from, count });
      this.access = cellDecoding(cell);
    } else {
      return;
    }
    void this.open(null);
  }

  /** Decodes the string, by a chain or as what it is with certainty, and shows what came out. */
  private async open(chain: readonly ChainStep[] | null): Promise<void> {
    const { access } = this;
    const mine = ++this.loading;
    this.page = 0;
    this.failure = '';
    this.chosen = false;
    try {
      const decoded = await access?.open(chain).answer;
      if (mine !== this.loading) return;
      this.decoded = decoded;
      const changed = decoded?.stages.some(
        ({ decoder }, i) => decoder !== null && !(decoded.tree && i === decoded.stages.length - 1),
      );
      this.readShown = decoded && changed && access ? access.bytes(decoded.handle) : this.read;
      this.bytes = undefined;
      await this.loadPage(mine, true);
    } catch (error) {
      this.fail(mine, error);
    }
    this.requestUpdate();
  }

  /** Reads the page of text; at first it also tells how the bytes are best shown. */
  private async loadPage(mine: number, first: boolean): Promise<void> {
    const { readShown, decoded } = this;
    if (!readShown) return;
    const { bytes } = await readShown(this.page * TEXT_PAGE, TEXT_PAGE).answer;
    if (mine !== this.loading) return;
    this.bytes = bytes;
    if (!first || (this.chosen && (this.mode !== 'tree' || decoded?.tree))) return;
    this.mode = decoded?.tree ? 'tree' : isReadableText(bytes) ? 'text' : 'hex';
  }

  private fail(mine: number, error: unknown): void {
    if (mine !== this.loading || error instanceof Cancelled) return;
    this.bytes = undefined;
    this.failure = error instanceof RequestError ? message(error.info) : String(error);
  }

  private setMode(mode: Mode): void {
    this.mode = mode;
    this.chosen = true;
    this.requestUpdate();
  }

  private async setPage(page: number): Promise<void> {
    this.page = page;
    const mine = ++this.loading;
    try {
      await this.loadPage(mine, false);
    } catch (error) {
      this.fail(mine, error);
    }
    this.requestUpdate();
  }

  /** The view of the bytes, for those who lay out around it. */
  get hexView(): PeHexView | null {
    return this.querySelector<PeHexView>('pe-hex-view');
  }

  /** Bytes of what is shown: of the string, or of what came out of it. */
  private get shownSize(): number {
    return this.readShown === this.read ? this.size : (this.decoded?.bytes ?? this.size);
  }

  protected override render() {
    if (!this.read) return nothing;
    const { decoded } = this;
    const last = decoded?.stages[decoded.stages.length - 1];
    const modes: [Mode, string][] = [
      ['text', t('Text')],
      ...(decoded?.tree && last?.decoder ? ([['tree', last.decoder.label]] as [Mode, string][]) : []),
      ['hex', t('Hex')],
    ];
    return html`
      <div class="string-bar">
        ${decoded ? this.renderChain(decoded) : nothing}
        ${segments(t('Show as'), modes, this.mode, (mode) => this.setMode(mode))}
        <span class="dim">${sizeText(this.size)}${this.shownSize === this.size ? '' : ` → ${sizeText(this.shownSize)}`}</span>
        ${this.mode === 'text' ? this.renderPager() : nothing} ${this.mode === 'tree' ? this.renderCopies() : nothing}
      </div>
      ${decoded?.failure ? renderFailure(decoded.failure) : nothing}
      ${this.failure ? html`<div class="message error" role="alert">${this.failure}</div>` : this.renderBody()}
    `;
  }

  /** The steps of the chain, each of them a list of what its bytes could be. */
  private renderChain(decoded: Decoding) {
    const { stages } = decoded;
    return html`<span class="decoders">
      ${stages.map((stage, i) => {
        // Behind a failed step its bytes are shown; the list stays on what was chosen.
        const failed = decoded.failure && i === stages.length - 1 ? decoded.failure.decoder.id : undefined;
        const value = failed ?? stage.decoder?.id ?? AS_IS;
        const label = i === 0 ? t('Decoded as') : t('Then decoded as');
        return html`${i > 0 ? html`<span class="codicon codicon-arrow-small-right" aria-hidden="true"></span>` : nothing}
        ${dropdown(label, this.choices(decoded, stage, i), value, (choice) => this.choose(decoded, i, choice))}`;
      })}
    </span>`;
  }

  private choices(decoded: Decoding, { fits }: DecodeStage, i: number): [string, string][] {
    const label = (id: string) => decoded.decoders.find((one) => one.id === id)?.label ?? id;
    const others = decoded.decoders.filter(({ id }) => !fits.includes(id));
    return [
      [AS_IS, t('Not decoded')],
      ...(i === 0 && decoded.origin !== 'automatic' ? ([[AUTOMATIC, t('Automatic')]] as [string, string][]) : []),
      ...fits.map((id): [string, string] => [id, label(id)]),
      ...others.map((one): [string, string] => [one.id, t('{0} (does not fit)', one.label)]),
    ];
  }

  private choose(decoded: Decoding, stage: number, choice: string): void {
    const before = decoded.stages.slice(0, stage).flatMap(({ decoder }) => (decoder ? [decoder.id] : []));
    const chain = choice === AUTOMATIC ? null : [...before, choice as ChainStep];
    rememberChoice(decoded.pattern, chain).catch((error) => this.fail(this.loading, error));
    void this.open(chain);
  }

  private renderPager() {
    const pages = Math.ceil(this.shownSize / TEXT_PAGE);
    if (pages <= 1) return nothing;
    const from = this.page * TEXT_PAGE;
    const to = Math.min(this.shownSize, from + TEXT_PAGE);
    return html`<span class="pager">
      ${iconButton('chevron-left', t('Previous part'), () => void this.setPage(this.page - 1), { disabled: this.page === 0 })}
      <span class="dim">${t('bytes {0} to {1}', formatCount(from), formatCount(to - 1))}</span>
      ${iconButton('chevron-right', t('Next part'), () => void this.setPage(this.page + 1), { disabled: this.page >= pages - 1 })}
    </span>`;
  }

  private renderCopies() {
    const copy = (icon: string, label: string, what: 'path' | 'value' | 'json') =>
      iconButton(icon, label, () => void this.querySelector<PeValueTree>('pe-value-tree')?.copy(what));
    return html`<span class="string-copies"
      >${copy('list-tree', t('Copy path of the selected value'), 'path')}
      ${copy('copy', t('Copy the selected value'), 'value')}
      ${copy('json', t('Copy the selected value as JSON'), 'json')}</span
    >`;
  }

  private renderBody() {
    const { decoded, access } = this;
    if (!this.bytes) return html`<div class="string-body dim">…</div>`;
    if (this.shownSize === 0) return html`<div class="string-body dim">${t('(empty)')}</div>`;
    switch (this.mode) {
      case 'tree':
        return html`<div class="string-body">
          <pe-value-tree
            .root=${decoded?.tree ?? undefined}
            .handle=${decoded?.handle ?? 0}
            .access=${access}
            .label=${t('Decoded value')}
          ></pe-value-tree>
        </div>`;
      case 'hex':
        return html`<pe-hex-view class="string-hex" .read=${this.readShown} .size=${this.shownSize}></pe-hex-view>`;
      default:
        return html`<pre class="string-body text" tabindex="0" aria-label=${t('Value as text')}>${textPieces(this.bytes)}</pre>`;
    }
  }
}

function renderFailure({ decoder, offset, reason }: NonNullable<Decoding['failure']>) {
  return html`<div class="message error" role="alert">
    ${t('These bytes are no {0}: at offset {1}, {2}.', decoder.label, formatCount(offset), nameText(reason))}
  </div>`;
}

function sizeText(bytes: number): string {
  return `${formatBytes(bytes)}${bytes >= 1024 ? ` (${formatCount(bytes)} B)` : ''}`;
}

/** Characters that end no line and cannot be seen, or change how the text around them is shown. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u00a0\u2000-\u200f\u202f\u205f\u3000]/u;

/** Text with lines as they are; what cannot be seen, and bytes that are no text, as marked escapes. */
function textPieces(bytes: Uint8Array) {
  const pieces: unknown[] = [];
  let plain = '';
  const addEscape = (text: string) => {
    if (plain !== '') pieces.push(plain);
    plain = '';
    pieces.push(html`<span class="escape">${text}</span>`);
  };
  for (let at = 0; at < bytes.length; ) {
    const { code, size } = decodeUtf8(bytes, at, bytes.length);
    const character = code < 0 ? '' : String.fromCodePoint(code);
    if (code < 0) addEscape(`\\x${bytes[at].toString(16).padStart(2, '0')}`);
    else if (code === 0x0a || code === 0x09) plain += character;
    else if (code === 0x0d) addEscape('\\r');
    else if (HIDDEN.test(character))
      addEscape(code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`);
    else plain += character;
    at += size;
  }
  if (plain !== '') pieces.push(plain);
  return pieces;
}

customElements.define('pe-string-view', PeStringView);
