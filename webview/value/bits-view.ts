/** A string as a bitmap: its bits in rows, counted, with a way from one set bit to the next. */
import { html, LitElement, nothing } from 'lit';
import { formatCount } from '../../src/format/quantities.js';
import type { CellAddress } from '../../src/protocol.js';
import { span } from '../cells.js';
import { ask, RequestError } from '../connection.js';
import { iconButton, named, textButton } from '../controls.js';
import type { TableColumn } from '../grid/columns.js';
import { PageCache } from '../grid/page-cache.js';
import type { PeTable } from '../grid/table.js';
import '../grid/table.js';
import { Cancelled } from '../running.js';
import { message, t } from '../strings.js';

/** Bytes of a row. */
const ROW = 8;

export class PeBitsView extends LitElement {
  static override properties = { address: { attribute: false }, size: { type: Number } };

  declare address: CellAddress | undefined;
  /** Bytes of the string. */
  declare size: number;
  /** The bit that is looked at; −1 before one is. */
  private bit = -1;
  private ones: number | undefined;
  private failure = '';
  private notice = '';
  private loading = 0;
  private cache: PageCache<Uint8Array> | undefined;

  constructor() {
    super();
    this.size = 0;
    this.addEventListener('keydown', (event) => this.onKey(event), { capture: true });
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private get table(): PeTable | null {
    return this.querySelector<PeTable>('pe-table');
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('address')) return;
    this.bit = -1;
    this.ones = undefined;
    this.notice = '';
    this.failure = '';
    void this.count();
  }

  private async count(): Promise<void> {
    const cell = this.address;
    const mine = ++this.loading;
    if (!cell) return;
    try {
      const { ones } = await ask('bits.count', { cell }).answer;
      if (mine !== this.loading) return;
      this.ones = ones;
    } catch (error) {
      this.fail(mine, error);
    }
    this.requestUpdate();
  }

  private fail(mine: number, error: unknown): void {
    if (mine !== this.loading || error instanceof Cancelled) return;
    this.failure = error instanceof RequestError ? message(error.info) : String(error);
    this.requestUpdate();
  }

  protected override updated(changed: Map<string, unknown>): void {
    const { table, address: cell } = this;
    if (!table || !cell || !changed.has('address')) return;
    this.cache?.clear();
    this.cache = new PageCache<Uint8Array>(
      (from, count) => {
        const running = ask('value.bytes', { cell, from: from * ROW, count: count * ROW });
        return { answer: running.answer.then(({ bytes }) => split(bytes)), cancel: () => running.cancel() };
      },
      () => this.table?.rowsChanged(),
      (error) => this.fail(this.loading, error),
    );
    table.scrollPosition = 0;
    table.configure(this.cache, (element, bytes, column, position) => this.fill(element, bytes, column, position));
  }

  private fill(cell: HTMLElement, bytes: Uint8Array, column: TableColumn, position: number): void {
    if (column.id === 'offset') {
      cell.append(formatCount(8 * ROW * position));
      return;
    }
    const byte = bytes[Number(column.id)];
    if (byte === undefined) return;
    const first = 8 * (ROW * position + Number(column.id));
    for (let i = 0; i < 8; i++) {
      const set = ((byte >> (7 - i)) & 1) === 1;
      cell.append(span(`${set ? 'bit set' : 'bit'}${first + i === this.bit ? ' cursor' : ''}`, set ? '1' : '0'));
    }
    cell.title = t('bits {0} to {1}', formatCount(first), formatCount(first + 7));
  }

  private goTo(bit: number): void {
    this.bit = Math.max(0, Math.min(bit, 8 * this.size - 1));
    this.notice = '';
    this.table?.refill();
    this.table?.goTo(Math.floor(this.bit / (8 * ROW)));
    this.requestUpdate();
  }

  private async find(value: 0 | 1, backwards: boolean): Promise<void> {
    const cell = this.address;
    if (!cell) return;
    const from = this.bit < 0 ? (backwards ? 8 * this.size - 1 : 0) : this.bit + (backwards ? -1 : 1);
    try {
      const { position } = await ask('bits.find', { cell, from, value, backwards }).answer;
      if (position !== null) {
        this.goTo(position);
        return;
      }
      this.notice = backwards ? t('There is no such bit before.') : t('There is no such bit behind.');
      this.requestUpdate();
    } catch (error) {
      this.fail(this.loading, error);
    }
  }

  private onKey(event: KeyboardEvent): void {
    if (!(event.target as Element).closest('pe-table') || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = 8 * ROW;
    if (event.key === 'ArrowRight') this.goTo(this.bit + 1);
    else if (event.key === 'ArrowLeft') this.goTo(this.bit - 1);
    else if (event.key === 'ArrowDown' && this.bit >= 0) this.goTo(this.bit + row);
    else if (event.key === 'ArrowUp' && this.bit >= 0) this.goTo(this.bit - row);
    else if (event.key === 'n') void this.find(1, false);
    else if (event.key === 'p') void this.find(1, true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private readonly onCell = (event: Event): void => {
    const { position, column } = (event as CustomEvent<{ position: number; column: string }>).detail;
    if (column !== 'offset') this.goTo(8 * (ROW * position + Number(column)));
  };

  private readonly onOffset = (event: Event): void => {
    const { value } = event.target as HTMLInputElement;
    const bit = Number(value.replace(/[\s,]/g, ''));
    if (value !== '' && Number.isInteger(bit) && bit >= 0 && bit < 8 * this.size) this.goTo(bit);
    else if (value !== '') {
      this.notice = t('Bits go from 0 to {0}.', formatCount(8 * this.size - 1));
      this.requestUpdate();
    }
  };

  protected override render() {
    const bits = 8 * this.size;
    return html`
      <div class="items-bar">
        <span>${this.ones === undefined ? '…' : t('{0} of {1} bits are set', formatCount(this.ones), formatCount(bits))}</span>
        <vscode-text-field
          class="bit-offset"
          placeholder=${t('Go to bit')}
          ${named(t('Go to bit'))}
          @change=${this.onOffset}
        ></vscode-text-field>
        ${iconButton('arrow-up', t('Previous set bit'), () => void this.find(1, true))}
        ${iconButton('arrow-down', t('Next set bit'), () => void this.find(1, false))}
        ${textButton(t('Next clear bit'), () => void this.find(0, false))}
        <span class="dim" role="status">${this.notice || this.place()}</span>
      </div>
      ${this.failure ? html`<div class="message error" role="alert">${this.failure}</div>` : nothing}
      <pe-table
        id="bits"
        class="items-table"
        .columns=${COLUMNS()}
        .total=${Math.ceil(this.size / ROW)}
        .label=${t('Bits')}
        @pe-cell=${this.onCell}
      ></pe-table>
    `;
  }

  private place(): string {
    if (this.bit < 0) return '';
    const byte = Math.floor(this.bit / 8);
    return t('bit {0}: byte {1}, from its highest bit {2}', formatCount(this.bit), formatCount(byte), this.bit % 8);
  }
}

const COLUMNS = (): readonly TableColumn[] => [
  { id: 'offset', label: t('Bit'), width: 90, numeric: true },
  ...Array.from({ length: ROW }, (_, i) => ({ id: String(i), label: `+${8 * i}`, width: 84 })),
];

function split(bytes: Uint8Array): Uint8Array[] {
  const rows: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += ROW) rows.push(bytes.subarray(at, at + ROW));
  return rows;
}

customElements.define('pe-bits-view', PeBitsView);
