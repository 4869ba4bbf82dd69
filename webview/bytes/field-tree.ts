/** Fields of the format as a tree: what they are called, what they say, where they stand. */
import { html, LitElement, nothing } from 'lit';
import { formatCount } from '../../src/format/quantities.js';
import type { FieldRow } from '../../src/viewer-protocol.js';
import { cellText } from '../cells.js';
import { nameText, t } from '../strings.js';

/** Events: `pe-field` with the number of a row that was chosen. */
export class PeFieldTree extends LitElement {
  static override properties = {
    rows: { attribute: false },
    selected: { type: Number },
    label: { type: String },
  };

  declare rows: readonly FieldRow[];
  /** Number of the row that is selected; −1 for none. */
  declare selected: number;
  declare label: string;

  constructor() {
    super();
    this.rows = [];
    this.selected = -1;
    this.label = '';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    return html`<div
      class="field-rows"
      role="tree"
      aria-label=${this.label}
      tabindex="0"
      aria-activedescendant=${this.selected < 0 ? nothing : this.rowId(this.selected)}
      @keydown=${this.onKey}
      @click=${this.onClick}
    >
      ${this.rows.map((row, i) => this.renderRow(row, i))}
    </div>`;
  }

  private rowId(i: number): string {
    return `${this.id || 'fields'}-${i}`;
  }

  private renderRow(row: FieldRow, i: number) {
    const value = row.value === null ? '' : cellText(row.value);
    return html`<div
      class="field-row ${row.container ? 'container' : ''} ${row.damaged ? 'damaged' : ''} ${i === this.selected ? 'selected' : ''}"
      id=${this.rowId(i)}
      role="treeitem"
      aria-level=${row.depth + 1}
      aria-selected=${i === this.selected}
      data-row=${i}
      data-depth=${Math.min(row.depth, 9)}
      title=${rowTitle(row)}
    >
      <span class="field-name">${fieldName(row)}</span>
      <span class="field-value">${value}</span>
      <span class="field-place">${placeText(row)}</span>
    </div>`;
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (!changed.has('selected') && !changed.has('rows')) return;
    this.querySelector('.field-row.selected')?.scrollIntoView({ block: 'nearest' });
  }

  private choose(i: number): void {
    if (i < 0 || i >= this.rows.length) return;
    this.dispatchEvent(new CustomEvent('pe-field', { detail: i, bubbles: true }));
  }

  private readonly onClick = (event: Event): void => {
    const row = (event.target as Element).closest<HTMLElement>('.field-row')?.dataset.row;
    if (row !== undefined) this.choose(Number(row));
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { rows, selected } = this;
    const depth = rows[selected]?.depth ?? 0;
    if (event.key === 'ArrowDown') this.choose(selected + 1);
    else if (event.key === 'ArrowUp') this.choose(selected - 1);
    else if (event.key === 'Home') this.choose(0);
    else if (event.key === 'End') this.choose(rows.length - 1);
    else if (event.key === 'ArrowRight' && rows[selected + 1] && rows[selected + 1].depth > depth)
      this.choose(selected + 1);
    else if (event.key === 'ArrowLeft') this.choose(parentOf(rows, selected));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  override focus(): void {
    this.querySelector<HTMLElement>('.field-rows')?.focus();
  }
}

/** What a field is called, with its number if it is one of many. */
export function fieldName({ name, index }: FieldRow): string {
  return index === null ? nameText(name) : `${nameText(name)} [${formatCount(index)}]`;
}

/** Where a field stands: the first and the last of its bytes. */
function placeText({ start, end }: FieldRow): string {
  if (end === null) return `${formatCount(start)}–`;
  return end - start === 1 ? formatCount(start) : `${formatCount(start)}–${formatCount(end - 1)}`;
}

function rowTitle(row: FieldRow): string {
  const { start, end, value } = row;
  const size = end === null ? '' : `, ${end - start === 1 ? t('1 byte') : t('{0} bytes', formatCount(end - start))}`;
  const said = value === null ? '' : `: ${cellText(value)}`;
  return `${fieldName(row)}${said}\n${t('offset {0}', `${formatCount(start)} (0x${start.toString(16)})`)}${size}`;
}

/** The row that holds another; −1 for none. */
export function parentOf(rows: readonly FieldRow[], row: number): number {
  const depth = rows[row]?.depth ?? 0;
  for (let i = row - 1; i >= 0; i--) if (rows[i].depth < depth) return i;
  return -1;
}

/** The innermost row that holds a byte; −1 for none. */
export function rowAtByte(rows: readonly FieldRow[], offset: number): number {
  let found = -1;
  for (const [i, { start, end, container }] of rows.entries()) {
    if (start > offset) break;
    if (offset < (end ?? Number.POSITIVE_INFINITY) && (!container || found < 0 || rows[found].container)) found = i;
  }
  return found;
}

customElements.define('pe-field-tree', PeFieldTree);
