/**
 * The bytes of a file beside the record that they belong to: a byte shows its field, a field shows its bytes. What
 * compressed bytes give stands below.
 */
import { html, LitElement, nothing } from 'lit';
import { formatBytes, formatCount } from '../../src/format/quantities.js';
import type { FieldsAround, InnerFields } from '../../src/viewer-protocol.js';
import { ask, RequestError } from '../connection.js';
import { Cancelled, type Running } from '../running.js';
import { message, t } from '../strings.js';
import { fileBytes, type PeHexView, type ReadBytes } from '../value/hex-view.js';
import '../value/hex-view.js';
import './field-tree.js';
import { fieldName, parentOf, rowAtByte } from './field-tree.js';

/** Where bytes and their fields are asked for. */
export interface BytesAccess {
  readonly read: ReadBytes;
  around(offset: number): Running<FieldsAround>;
}

/** The bytes of the file that is open. */
const FILE: BytesAccess = { read: fileBytes, around: (offset) => ask('fields.around', { offset }) };

/** What is known of compressed bytes. */
interface Inner {
  readonly at: number;
  readonly read: ReadBytes;
  fields: InnerFields | undefined;
  selected: number;
}

/** Events: `pe-show-key` with the row of a key. */
export class PeBytesView extends LitElement {
  static override properties = { size: { type: Number }, access: { attribute: false } };

  /** Bytes of the file. */
  declare size: number;
  declare access: BytesAccess;
  /** The byte that the cursor is on. */
  private offset = 0;
  private around: FieldsAround | undefined;
  private selected = -1;
  private inner: Inner | undefined;
  private failure = '';
  private running: Running<FieldsAround> | undefined;

  constructor() {
    super();
    this.size = 0;
    this.access = FILE;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('access')) this.clear();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private get hex(): PeHexView | null {
    return this.querySelector<PeHexView>('.bytes-hex');
  }

  /** Forgets the file: another one is shown. */
  clear(): void {
    this.running?.cancel();
    this.around = undefined;
    this.inner = undefined;
    this.selected = -1;
    this.requestUpdate();
  }

  /** Puts the cursor on a byte and shows the field that it belongs to. */
  async show(offset: number): Promise<void> {
    await this.moveTo(offset);
    await this.updateComplete;
    await this.hex?.showByte(this.offset);
  }

  /** Puts the keyboard on the bytes. */
  override focus(): void {
    this.hex?.focus();
  }

  private async moveTo(offset: number, wanted?: 'first' | 'last'): Promise<void> {
    this.offset = Math.max(0, Math.min(offset, this.size - 1));
    const { around } = this;
    if (!around || this.offset < around.from || this.offset >= around.to) {
      if (!(await this.load())) return;
    }
    const rows = this.around?.rows ?? [];
    this.select(wanted === undefined ? rowAtByte(rows, this.offset) : wanted === 'first' ? 0 : rows.length - 1);
  }

  private async load(): Promise<boolean> {
    this.running?.cancel();
    const running = this.access.around(this.offset);
    this.running = running;
    try {
      const around = await running.answer;
      if (running !== this.running) return false;
      this.around = around;
      this.failure = '';
      return true;
    } catch (error) {
      if (running !== this.running || error instanceof Cancelled) return false;
      this.around = undefined;
      this.failure = error instanceof RequestError ? message(error.info) : String(error);
      this.requestUpdate();
      return false;
    }
  }

  private select(row: number): void {
    this.selected = row;
    const chosen = this.around?.rows[row];
    const at = chosen && chosen.decompressed !== null ? chosen.start : undefined;
    if (at !== this.inner?.at) {
      this.inner =
        at === undefined
          ? undefined
          : {
              at,
              read: (from, count) => ask('fields.innerBytes', { at, from, count }),
              fields: undefined,
              selected: -1,
            };
      if (this.inner) void this.loadInner(this.inner, 0);
    }
    this.requestUpdate();
  }

  private async loadInner(inner: Inner, offset: number): Promise<void> {
    try {
      inner.fields = await ask('fields.inner', { at: inner.at, offset }).answer;
      inner.selected = rowAtByte(inner.fields.rows, offset);
    } catch (error) {
      if (error instanceof Cancelled) return;
      this.failure = error instanceof RequestError ? message(error.info) : String(error);
    }
    if (inner === this.inner) this.requestUpdate();
  }

  private readonly onByte = (event: Event): void => {
    event.stopPropagation();
    void this.moveTo((event as CustomEvent<number>).detail);
  };

  private readonly onField = (event: Event): void => {
    event.stopPropagation();
    const i = (event as CustomEvent<number>).detail;
    const row = this.around?.rows[i];
    if (!row) return;
    this.select(i);
    this.offset = Math.max(row.start, Math.min(this.offset, (row.end ?? row.start + 1) - 1));
    void this.hex?.showByte(row.start);
  };

  private readonly onInnerByte = (event: Event): void => {
    event.stopPropagation();
    const offset = (event as CustomEvent<number>).detail;
    const { inner } = this;
    if (!inner?.fields) return;
    const row = rowAtByte(inner.fields.rows, offset);
    if (row < 0) void this.loadInner(inner, offset);
    inner.selected = row;
    this.requestUpdate();
  };

  private readonly onInnerField = (event: Event): void => {
    event.stopPropagation();
    const { inner } = this;
    const i = (event as CustomEvent<number>).detail;
    const row = inner?.fields?.rows[i];
    if (!inner || !row) return;
    inner.selected = i;
    this.requestUpdate();
    void this.querySelector<PeHexView>('.inner-hex')?.showByte(row.start);
  };

  /** The keys that move by fields and records, wherever the keyboard is. */
  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest('.bytes-inner')) return;
    if (event.key === 'n') void this.stepField(1);
    else if (event.key === 'p') void this.stepField(-1);
    else if (event.key === 'N') void this.stepRecord(1);
    else if (event.key === 'P') void this.stepRecord(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Goes to the next field that holds no other, or the one before. */
  private async stepField(step: 1 | -1): Promise<void> {
    const { around } = this;
    if (!around) return;
    const { rows } = around;
    let i = this.selected + step;
    while (rows[i]?.container) i += step;
    const row = rows[i];
    if (row) await this.show(row.start);
    else await this.show(step > 0 ? around.to : around.from - 1);
  }

  private async stepRecord(step: 1 | -1): Promise<void> {
    const { around } = this;
    if (!around) return;
    if (step > 0) {
      await this.show(around.end);
      return;
    }
    await this.show(around.start - 1);
    if (this.around) await this.show(this.around.start);
  }

  protected override render() {
    const { around } = this;
    const row = around?.rows[this.selected];
    const marked = row ? ([row.start, row.end ?? row.start + 1] as const) : undefined;
    const record = around ? ([around.start, around.end] as const) : undefined;
    return html`
      ${this.failure ? html`<div class="message error" role="alert">${this.failure}</div>` : nothing}
      <div class="bytes-path" role="status">${this.renderPath()}</div>
      <div class="bytes-panes" @keydown=${this.onKey}>
        <pe-hex-view
          class="bytes-hex"
          .read=${this.access.read}
          .size=${this.size}
          .marked=${marked}
          .soft=${record}
          .cursor=${this.offset}
          @pe-byte=${this.onByte}
        ></pe-hex-view>
        <div class="bytes-side">
          <div class="bytes-record">${this.renderRecord()}</div>
          <pe-field-tree
            id="fields"
            .rows=${around?.rows ?? []}
            .selected=${this.selected}
            .label=${t('Fields of the record')}
            @pe-field=${this.onField}
          ></pe-field-tree>
          ${around && around.to < around.end ? this.renderLeft(around.end - around.to) : nothing}
          ${this.inner ? this.renderInner(this.inner) : nothing}
        </div>
      </div>
    `;
  }

  /** The containers around the field, from the outermost on: a breadcrumb of buttons. */
  private renderPath() {
    const rows = this.around?.rows ?? [];
    const path: number[] = [];
    for (let i = this.selected; i >= 0; i = parentOf(rows, i)) path.unshift(i);
    const row = rows[this.selected];
    const choose = (i: number) => this.onField(new CustomEvent('pe-field', { detail: i }));
    return html`${path.map(
      (i, at) => html`${at > 0 ? html`<span class="dim" aria-hidden="true"> › </span>` : nothing}<button
          class="link"
          @click=${() => choose(i)}
        >
          ${fieldName(rows[i])}
        </button>`,
    )}${row && row.end !== null && row.end - row.start > 1 ? html` <span class="dim">${t('{0} bytes', formatCount(row.end - row.start))}</span>` : nothing}`;
  }

  private renderRecord() {
    const { around } = this;
    if (!around) return nothing;
    const { kind, row, start, end } = around;
    return html`<span class="bytes-kind">${PLACES[kind]()}</span>
      <span class="dim">${t('{0} bytes from offset {1}', formatCount(end - start), formatCount(start))}</span>
      ${
        row === null
          ? nothing
          : html`<button
              class="link"
              @click=${() => this.dispatchEvent(new CustomEvent('pe-show-key', { detail: row, bubbles: true }))}
            >
              ${t('show key')}
            </button>`
      }`;
  }

  private renderLeft(bytes: number) {
    return html`<p class="dim bytes-left">
      ${t('{0} more bytes of this record have fields of their own: they show when the cursor gets there.', formatCount(bytes))}
    </p>`;
  }

  private renderInner(inner: Inner) {
    const { fields } = inner;
    const row = fields?.rows[inner.selected];
    const marked = row ? ([row.start, row.end ?? row.start + 1] as const) : undefined;
    return html`<section class="bytes-inner" aria-label=${t('Decompressed')}>
      <h3>${t('Decompressed')} <span class="dim">${fields ? formatBytes(fields.size) : '…'}</span></h3>
      ${
        fields
          ? html`<pe-hex-view
              class="inner-hex"
              .read=${inner.read}
              .size=${fields.size}
              .marked=${marked}
              .cursor=${row?.start ?? 0}
              @pe-byte=${this.onInnerByte}
            ></pe-hex-view>`
          : nothing
      }
      ${fields?.problem ? html`<div class="message error" role="alert">${message(fields.problem)}</div>` : nothing}
      ${
        fields && fields.rows.length > 0
          ? html`<pe-field-tree
              id="inner-fields"
              .rows=${fields.rows}
              .selected=${inner.selected}
              .label=${t('Fields of the decompressed string')}
              @pe-field=${this.onInnerField}
            ></pe-field-tree>`
          : nothing
      }
    </section>`;
  }
}

/** What stands at an offset. */
const PLACES: Readonly<Record<FieldsAround['kind'], () => string>> = {
  header: () => t('Header'),
  record: () => t('Record'),
  key: () => t('Key'),
  checksum: () => t('Checksum'),
  trailing: () => t('After the end'),
  unread: () => t('Not read'),
  command: () => t('Command'),
  annotation: () => t('Annotation'),
};

/** The keys, for those who look for them. */
export function bytesHelp(): string {
  return [
    t('Arrows: byte by byte'),
    t('n, p: next and previous field'),
    t('Shift+N, Shift+P: next and previous record'),
    t('Ctrl+Home, Ctrl+End: start and end of the file'),
  ].join('\n');
}

customElements.define('pe-bytes-view', PeBytesView);
