/** Bytes in hexadecimal and as characters, of any length: sixteen in a row. */
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

/** Reads bytes from a position on. */
export type ReadBytes = (from: number, count: number) => Running<BytePage>;

/** Reads bytes of the file. */
export const fileBytes: ReadBytes = (from, count) => ask('file.bytes', { from, count });

/** Where bytes are: for a value from 0 on, for the file the offset in it. */
export class PeHexView extends LitElement {
  static override properties = {
    read: { attribute: false },
    size: { type: Number },
    marked: { attribute: false },
  };

  declare read: ReadBytes | undefined;
  declare size: number;
  /** Bytes to highlight: from the first to before the second. */
  declare marked: readonly [number, number] | undefined;
  private cache: PageCache<Uint8Array> | undefined;

  constructor() {
    super();
    this.size = 0;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private get table(): PeTable | null {
    return this.querySelector<PeTable>('pe-table');
  }

  protected override render() {
    return html`<pe-table
      id="hex"
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
    } else if (changed.has('marked')) {
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

  private fill(cell: HTMLElement, bytes: Uint8Array, column: TableColumn, position: number): void {
    const start = position * HEX_ROW;
    if (column.id === 'offset') {
      cell.append(start.toString(16).padStart(8, '0'));
      return;
    }
    const [from, to] = this.marked ?? [0, 0];
    let plain = '';
    let lit = '';
    const flush = () => {
      if (plain !== '') cell.append(plain);
      if (lit !== '') cell.append(span('marked', lit));
      plain = lit = '';
    };
    for (let i = 0; i < HEX_ROW; i++) {
      const byte = bytes[i];
      const text = column.id === 'hex' ? hexText(byte, i) : charText(byte);
      const marked = byte !== undefined && start + i >= from && start + i < to;
      if (marked ? plain !== '' : lit !== '') flush();
      if (marked) lit += text;
      else plain += text;
    }
    flush();
  }
}

const COLUMNS = (): readonly TableColumn[] => [
  { id: 'offset', label: t('Offset'), width: 110 },
  { id: 'hex', label: t('Bytes'), width: 430 },
  { id: 'text', label: t('Characters'), width: 160, grows: true },
];

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
