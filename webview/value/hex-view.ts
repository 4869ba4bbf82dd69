/** Bytes in hexadecimal and as characters, of any length: sixteen in a row; with a cursor where one is wanted. */
import { html, LitElement } from 'lit';
import { ask } from '../connection.js';
import type { TableColumn } from '../grid/columns.js';
import { type Fetch, PageCache } from '../grid/page-cache.js';
import type { PeTable } from '../grid/table.js';
import type { Running } from '../running.js';
import '../grid/table.js';
import type { BytePage } from '../../src/protocol.js';
import { span } from '../cells.js';
import { t } from '../strings.js';

/** Bytes of a row. */
const HEX_ROW = 16;
/** Rows of a page that the keyboard moves by. */
const PAGE_ROWS = 16;

/** Reads bytes from a position on. */
export type ReadBytes = (from: number, count: number) => Running<BytePage>;

/** Reads bytes of the file. */
export const fileBytes: ReadBytes = (from, count) => ask('file.bytes', { from, count });

/**
 * Where bytes are: for a value from 0 on, for the file the offset in it. With a cursor, bytes can be clicked and the
 * arrows move from byte to byte. Events: `pe-byte` with the byte that the cursor was moved to.
 */
export class PeHexView extends LitElement {
  static override properties = {
    read: { attribute: false },
    size: { type: Number },
    marked: { attribute: false },
    soft: { attribute: false },
    cursor: { attribute: false },
  };

  declare read: ReadBytes | undefined;
  declare size: number;
  /** Bytes to highlight: from the first to before the second. */
  declare marked: readonly [number, number] | undefined;
  /** Bytes around them that belong together. */
  declare soft: readonly [number, number] | undefined;
  /** The byte that the cursor is on; undefined for no cursor. */
  declare cursor: number | undefined;
  private cache: PageCache<Uint8Array> | undefined;

  constructor() {
    super();
    this.size = 0;
    // Before the table, which moves by rows.
    this.addEventListener('keydown', (event) => this.onKey(event), { capture: true });
    this.addEventListener('click', (event) => this.onClick(event));
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private get table(): PeTable | null {
    return this.querySelector<PeTable>('pe-table');
  }

  protected override render() {
    return html`<pe-table
      id=${this.classList.contains('inner-hex') ? 'inner-hex' : 'hex'}
      .columns=${COLUMNS()}
      .total=${Math.ceil(this.size / HEX_ROW)}
      .label=${t('Bytes')}
    ></pe-table>`;
  }

  protected override updated(changed: Map<string, unknown>): void {
    const { read, table } = this;
    if (!read || !table) return;
    if (changed.has('read')) {
      this.cache?.clear();
      const fetch: Fetch<Uint8Array> = (from, count) => {
        const running = read(from * HEX_ROW, count * HEX_ROW);
        return { answer: running.answer.then(({ bytes }) => split(bytes)), cancel: () => running.cancel() };
      };
      this.cache = new PageCache(
        fetch,
        () => this.table?.rowsChanged(),
        () => {},
      );
      table.configure(this.cache, (cell, bytes, column, position) => this.fill(cell, bytes, column, position));
    } else if (changed.has('marked') || changed.has('soft') || changed.has('cursor')) {
      table.refill();
    }
  }

  /** Shows the row that holds a byte. */
  async showByte(offset: number): Promise<void> {
    await this.updateComplete;
    const { table } = this;
    if (!table) return;
    await table.updateComplete;
    // The size of the table is known a frame later when it was just made.
    requestAnimationFrame(() => table.goTo(Math.floor(offset / HEX_ROW)));
  }

  /** Puts the keyboard on the bytes. */
  override focus(): void {
    this.table?.focus();
  }

  private moveTo(offset: number): void {
    const target = Math.max(0, Math.min(offset, this.size - 1));
    this.dispatchEvent(new CustomEvent('pe-byte', { detail: target, bubbles: true }));
    this.table?.goTo(Math.floor(target / HEX_ROW));
  }

  private onKey(event: KeyboardEvent): void {
    const { cursor } = this;
    if (cursor === undefined || event.altKey || event.shiftKey) return;
    const command = event.ctrlKey || event.metaKey;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -HEX_ROW,
      ArrowDown: HEX_ROW,
      PageUp: -PAGE_ROWS * HEX_ROW,
      PageDown: PAGE_ROWS * HEX_ROW,
      Home: command ? -cursor : -(cursor % HEX_ROW),
      End: command ? this.size : HEX_ROW - 1 - (cursor % HEX_ROW),
    };
    const step = steps[event.key];
    if (step === undefined || (command && event.key !== 'Home' && event.key !== 'End')) return;
    event.preventDefault();
    event.stopPropagation();
    this.moveTo(cursor + step);
  }

  /** Finds the byte under the pointer by the character that it is over. */
  private onClick(event: MouseEvent): void {
    if (this.cursor === undefined) return;
    const cell = (event.target as Element).closest<HTMLElement>('.pe-cell');
    const row = cell?.closest<HTMLElement>('.pe-row')?.dataset.position;
    const column = cell?.dataset.column;
    if (!cell || row === undefined || (column !== 'hex' && column !== 'text')) return;
    const at = characterAt(cell, event.clientX, event.clientY);
    // Three characters a byte, and one more behind the eighth.
    const byte = column === 'text' ? at : Math.floor((at - (at > 24 ? 1 : 0)) / 3);
    this.moveTo(Number(row) * HEX_ROW + Math.max(0, Math.min(HEX_ROW - 1, byte)));
  }

  private fill(cell: HTMLElement, bytes: Uint8Array, column: TableColumn, position: number): void {
    const start = position * HEX_ROW;
    if (column.id === 'offset') {
      cell.append(start.toString(16).padStart(8, '0'));
      return;
    }
    const within = (offset: number, range: readonly [number, number] | undefined) =>
      range !== undefined && offset >= range[0] && offset < range[1];
    let text = '';
    let look = '';
    const flush = () => {
      if (text !== '') cell.append(look === '' ? text : span(look, text));
      text = '';
    };
    for (let i = 0; i < HEX_ROW; i++) {
      const byte = bytes[i];
      const at = start + i;
      const looks = [
        ...(within(at, this.soft) ? ['of-record'] : []),
        ...(within(at, this.marked) ? ['marked'] : []),
        ...(at === this.cursor ? ['cursor'] : []),
      ];
      const next = byte === undefined ? '' : looks.join(' ');
      if (next !== look) flush();
      look = next;
      text += column.id === 'hex' ? hexText(byte, i) : charText(byte);
    }
    flush();
  }
}

const COLUMNS = (): readonly TableColumn[] => [
  { id: 'offset', label: t('Offset'), width: 96 },
  { id: 'hex', label: t('Bytes'), width: 420 },
  { id: 'text', label: t('Characters'), width: 150, grows: true },
];

/** The character of a cell that is under a point, counted over all of its pieces. */
function characterAt(cell: HTMLElement, x: number, y: number): number {
  const range = document.caretRangeFromPoint(x, y);
  if (!range || !cell.contains(range.startContainer)) return cell.textContent?.length ?? 0;
  const before = document.createRange();
  before.selectNodeContents(cell);
  before.setEnd(range.startContainer, range.startOffset);
  const length = before.toString().length;
  // The caret is at the nearer side of a character; the byte is the one that is under the pointer.
  const box = before.getBoundingClientRect();
  return length > 0 && box.right > x + 0.5 ? length - 1 : length;
}

function hexText(byte: number | undefined, i: number): string {
  const text = byte === undefined ? '  ' : byte.toString(16).padStart(2, '0');
  return `${text}${i === 7 ? '  ' : ' '}`;
}

function charText(byte: number | undefined): string {
  if (byte === undefined) return ' ';
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
}

function split(bytes: Uint8Array): Uint8Array[] {
  const rows: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += HEX_ROW) rows.push(bytes.subarray(at, at + HEX_ROW));
  return rows;
}

customElements.define('pe-hex-view', PeHexView);
