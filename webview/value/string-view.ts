/** A string as text, as a JSON tree, or byte by byte: chosen by its content, and switchable. */
import { html, LitElement, nothing } from 'lit';
import { decodeUtf8, isReadableText } from '../../src/format/display.js';
import { formatBytes, formatCount } from '../../src/format/quantities.js';
import type { CellAddress } from '../../src/protocol.js';
import { ask, RequestError } from '../connection.js';
import { iconButton, segments } from '../controls.js';
import { Cancelled } from '../running.js';
import { message, t } from '../strings.js';
import type { PeHexView, ReadBytes } from './hex-view.js';
import './hex-view.js';
import { type JsonNode, parseJson } from './json.js';
import './json-tree.js';

/** Bytes of a page of text. */
const TEXT_PAGE = 64 * 1024;
/** Strings up to this size are looked at whole to see whether they are JSON. */
const JSON_LIMIT = 4 * 1024 * 1024;

type Mode = 'text' | 'json' | 'hex';

export class PeStringView extends LitElement {
  static override properties = {
    address: { attribute: false },
    source: { attribute: false },
    size: { type: Number },
  };

  /** Where the string is: in a value, or wherever `source` reads it. It is read when either changes. */
  declare address: CellAddress | undefined;
  declare source: ReadBytes | undefined;
  declare size: number;
  private mode: Mode = 'text';
  private chosen = false;
  private page = 0;
  private bytes: Uint8Array | undefined;
  private json: JsonNode | undefined;
  private failure = '';
  private loading = 0;
  private read: ReadBytes | undefined;

  constructor() {
    super();
    this.size = 0;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    const cell = this.address;
    if (changed.has('source') && this.source) this.read = this.source;
    else if (changed.has('address') && cell) this.read = (from, count) => ask('value.bytes', { cell, from, count });
    else return;
    this.page = 0;
    this.json = undefined;
    this.chosen = false;
    void this.load();
  }

  /** Reads the page, and at the first time what the choice of the view needs. */
  private async load(): Promise<void> {
    const { read } = this;
    if (!read) return;
    const mine = ++this.loading;
    this.failure = '';
    try {
      const first = !this.chosen;
      const whole = first && this.size <= JSON_LIMIT;
      const bytes = whole ? await this.readWhole(read) : (await read(this.page * TEXT_PAGE, TEXT_PAGE).answer).bytes;
      if (mine !== this.loading) return;
      if (first) this.choose(bytes, whole);
      this.bytes = whole ? bytes.subarray(this.page * TEXT_PAGE, (this.page + 1) * TEXT_PAGE) : bytes;
    } catch (error) {
      if (mine !== this.loading || error instanceof Cancelled) return;
      this.bytes = undefined;
      this.failure = error instanceof RequestError ? message(error.info) : String(error);
    }
    this.requestUpdate();
  }

  private async readWhole(read: ReadBytes): Promise<Uint8Array> {
    const whole = new Uint8Array(this.size);
    let at = 0;
    while (at < this.size) {
      const { bytes } = await read(at, this.size - at).answer;
      if (bytes.length === 0) break;
      whole.set(bytes, at);
      at += bytes.length;
    }
    return whole.subarray(0, at);
  }

  private choose(bytes: Uint8Array, whole: boolean): void {
    this.chosen = true;
    const readable = isReadableText(bytes.subarray(0, TEXT_PAGE));
    this.json = undefined;
    if (whole && readable && /^[\t\n\r ]*[{["]/.test(String.fromCharCode(...bytes.subarray(0, 64)))) {
      this.json = parseJson(new TextDecoder().decode(bytes));
    }
    this.mode = this.json && this.json.kind !== 'string' ? 'json' : readable ? 'text' : 'hex';
  }

  private setMode(mode: Mode): void {
    this.mode = mode;
    this.requestUpdate();
  }

  private setPage(page: number): void {
    this.page = page;
    void this.load();
  }

  /** The view of the bytes, for those who lay out around it. */
  get hexView(): PeHexView | null {
    return this.querySelector<PeHexView>('pe-hex-view');
  }

  protected override render() {
    if (!this.read) return nothing;
    const modes: [Mode, string][] = [
      ['text', t('Text')],
      ...(this.json ? ([['json', 'JSON']] as [Mode, string][]) : []),
      ['hex', t('Hex')],
    ];
    return html`
      <div class="string-bar">
        ${segments(t('Show as'), modes, this.mode, (mode) => this.setMode(mode))}
        <span class="dim">${formatBytes(this.size)}${this.size >= 1024 ? ` (${formatCount(this.size)} B)` : ''}</span>
        ${this.mode === 'text' ? this.renderPager() : nothing}
      </div>
      ${this.failure ? html`<div class="message error" role="alert">${this.failure}</div>` : this.renderBody()}
    `;
  }

  private renderPager() {
    const pages = Math.ceil(this.size / TEXT_PAGE);
    if (pages <= 1) return nothing;
    const from = this.page * TEXT_PAGE;
    const to = Math.min(this.size, from + TEXT_PAGE);
    return html`<span class="pager">
      ${iconButton('chevron-left', t('Previous part'), () => this.setPage(this.page - 1), { disabled: this.page === 0 })}
      <span class="dim">${t('bytes {0} to {1}', formatCount(from), formatCount(to - 1))}</span>
      ${iconButton('chevron-right', t('Next part'), () => this.setPage(this.page + 1), { disabled: this.page >= pages - 1 })}
    </span>`;
  }

  private renderBody() {
    if (!this.bytes) return html`<div class="string-body dim">…</div>`;
    if (this.size === 0) return html`<div class="string-body dim">${t('(empty)')}</div>`;
    switch (this.mode) {
      case 'json':
        return html`<div class="string-body"><pe-json-tree .root=${this.json}></pe-json-tree></div>`;
      case 'hex':
        return html`<pe-hex-view class="string-hex" .read=${this.read} .size=${this.size}></pe-hex-view>`;
      default:
        return html`<pre class="string-body text" tabindex="0" aria-label=${t('Value as text')}>${textPieces(this.bytes)}</pre>`;
    }
  }
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
