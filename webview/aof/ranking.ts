/** A short list in the order of its values, each with a bar: a picture that is a table. */
import { html, LitElement } from 'lit';
import type { TableColumn } from '../grid/columns.js';
import { PageCache } from '../grid/page-cache.js';
import { ROW_HEIGHT } from '../grid/scroll.js';
import type { PeTable } from '../grid/table.js';
import '../grid/table.js';

/** A row: its cells, and how long its bar is, from 0 to 1. */
export interface RankingRow {
  readonly cells: readonly string[];
  readonly share?: number;
}

/** Rows that are in sight; the rest is scrolled to. */
const VISIBLE = 9;

/** Columns have the index of their cell as id; a last column `bar` takes the bars. Events: `pe-choose` with a row, on Enter or double click. */
export class PeRanking extends LitElement {
  static override properties = {
    name: { type: String },
    label: { type: String },
    columns: { attribute: false },
    rows: { attribute: false },
  };

  /** Id of the table. */
  declare name: string;
  declare label: string;
  declare columns: readonly TableColumn[];
  declare rows: readonly RankingRow[];
  private readonly cache = new PageCache<RankingRow>(
    (from, count) => ({ answer: Promise.resolve(this.rows.slice(from, from + count)), cancel: () => {} }),
    () => this.table?.rowsChanged(),
    () => {},
  );

  constructor() {
    super();
    this.name = '';
    this.label = '';
    this.columns = [];
    this.rows = [];
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private get table(): PeTable | null {
    return this.querySelector<PeTable>('pe-table');
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (!changed.has('rows') || !this.table) return;
    this.cache.clear();
    this.table.style.height = `${(Math.min(VISIBLE, Math.max(1, this.rows.length)) + 1) * ROW_HEIGHT}px`;
    this.table.configure(this.cache, fill);
  }

  protected override render() {
    return html`<pe-table
      id=${this.name}
      .columns=${this.columns}
      .total=${this.rows.length}
      .label=${this.label}
      @pe-activate=${(event: Event) => {
        const { position } = (event as CustomEvent<{ position: number }>).detail;
        this.dispatchEvent(new CustomEvent('pe-choose', { detail: position }));
      }}
    ></pe-table>`;
  }
}

function fill(cell: HTMLElement, row: RankingRow, { id }: TableColumn): void {
  if (id === 'bar') {
    const bar = document.createElement('span');
    bar.className = 'ranking-bar';
    bar.style.width = `${Math.max(0.5, 100 * (row.share ?? 0)).toFixed(1)}%`;
    cell.append(bar);
    return;
  }
  const text = row.cells[Number(id)] ?? '';
  cell.append(text);
  cell.title = text;
}

customElements.define('pe-ranking', PeRanking);
