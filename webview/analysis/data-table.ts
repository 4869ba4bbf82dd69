/** The table behind a picture: a real one, which sorts by any of its columns. */
import { html, LitElement, nothing } from 'lit';
import type { Table, TableRow } from '../../src/pictures/shapes.js';
import { sortedRows } from '../../src/pictures/table-order.js';

/** Rows that are shown at first; the rest on demand. */
const SHOWN = 12;

/** Events: `pe-row` with the row that is chosen. */
export class PeDataTable extends LitElement {
  static override properties = {
    label: { type: String },
    table: { attribute: false },
    more: { type: String },
    sort: { state: true },
    whole: { state: true },
  };

  declare label: string;
  declare table: Table;
  /** The words for showing all rows: with `{0}` for their number. */
  declare more: string;
  declare sort: { readonly column: number; readonly descending: boolean } | undefined;
  declare whole: boolean;

  constructor() {
    super();
    this.label = '';
    this.table = { columns: [], rows: [] };
    this.more = '';
    this.whole = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private sortBy(column: number): void {
    const { sort, table } = this;
    const first = table.columns[column]?.numeric ?? false;
    this.sort = { column, descending: sort?.column === column ? !sort.descending : first };
  }

  protected override render() {
    const { table, sort, whole } = this;
    const rows = sortedRows(table, sort);
    const shown = whole ? rows : rows.slice(0, SHOWN);
    const hasShares = table.rows.some(({ share }) => share !== undefined);
    return html`<div class="data-table-box">
      <table class="data-table" aria-label=${this.label}>
        <thead>
          <tr>
            ${table.columns.map(({ label, numeric }, column) => {
              const on = sort?.column === column;
              return html`<th
                scope="col"
                class=${numeric ? 'numeric' : ''}
                aria-sort=${on ? (sort.descending ? 'descending' : 'ascending') : 'none'}
              >
                <button @click=${() => this.sortBy(column)}>
                  ${label}${on ? html`<span class="codicon codicon-chevron-${sort.descending ? 'down' : 'up'}" aria-hidden="true"></span>` : nothing}
                </button>
              </th>`;
            })}
            ${hasShares ? html`<td class="share-heading"></td>` : nothing}
          </tr>
        </thead>
        <tbody>
          ${shown.map((row) => this.renderRow(row, hasShares))}
        </tbody>
      </table>
      ${
        rows.length > shown.length
          ? html`<button class="link data-table-more" @click=${() => {
              this.whole = true;
            }}>${this.more.replace('{0}', String(rows.length))}</button>`
          : nothing
      }
    </div>`;
  }

  private renderRow(row: TableRow, hasShares: boolean) {
    const { cells, choice, share = 0 } = row;
    const choose = () => this.dispatchEvent(new CustomEvent('pe-row', { detail: row }));
    const [first, ...others] = cells;
    return html`<tr class=${choice ? 'choosable' : ''} @click=${choice ? choose : nothing}>
      <th scope="row" title=${first.text}>
        ${
          choice
            ? html`<button
                class="link"
                @click=${(event: Event) => {
                  event.stopPropagation();
                  choose();
                }}
              >
                ${first.text}
              </button>`
            : first.text
        }
      </th>
      ${others.map((cell, i) => html`<td class=${this.table.columns[i + 1]?.numeric ? 'numeric' : ''} title=${cell.text}>${cell.text}</td>`)}
      ${
        hasShares
          ? html`<td class="share" aria-hidden="true">
              <svg width="80" height="10"><rect class="share-bar" width=${Math.max(1, 80 * share)} height="10"></rect></svg>
            </td>`
          : nothing
      }
    </tr>`;
  }
}

customElements.define('pe-data-table', PeDataTable);
