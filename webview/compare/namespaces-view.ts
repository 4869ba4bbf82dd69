/** The differences by namespace: a table to look into, with the way back above it. */
import { html, LitElement } from 'lit';
import type { NamespaceRow } from '../../src/compare-protocol.js';
import { formatBytes, formatCount } from '../../src/format/quantities.js';
import { icon, span } from '../cells.js';
import { ask } from '../connection.js';
import type { SortState, TableColumn } from '../grid/columns.js';
import { PageCache } from '../grid/page-cache.js';
import type { PeTable } from '../grid/table.js';
import '../grid/table.js';
import { Cancelled, type Running } from '../running.js';
import { t } from '../strings.js';
import { countText, growthText } from './compare-texts.js';

/** Events: `pe-namespace` with the path that is looked into, as it is shown. */
export class PeCompareNamespaces extends LitElement {
  static override properties = {
    path: { type: String },
    separator: { type: String },
    /** Changes whenever the list shows other differences. */
    version: { type: Number },
  };

  declare path: string;
  declare separator: string;
  declare version: number;
  private rows: readonly NamespaceRow[] = [];
  private more = 0;
  private busy = false;
  private sort: SortState = { column: 'bytes', descending: true };
  private running: Running<unknown> | undefined;
  private configured = false;
  private observer: ResizeObserver | undefined;
  private readonly cache = new PageCache<NamespaceRow>(
    (from, count) => ({ answer: Promise.resolve(this.rows.slice(from, from + count)), cancel: () => {} }),
    () => this.table?.rowsChanged(),
    () => {},
  );

  constructor() {
    super();
    this.path = '';
    this.separator = ':';
    this.version = 0;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private get table(): PeTable | null {
    return this.querySelector<PeTable>('pe-table');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer = new ResizeObserver(() => this.requestUpdate());
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
  }

  protected override shouldUpdate(): boolean {
    return !this.hidden;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('version') || changed.has('path') || changed.has('separator')) void this.load();
  }

  protected override updated(): void {
    if (this.configured || !this.table) return;
    this.configured = true;
    this.table.configure(this.cache, fill);
  }

  private async load(): Promise<void> {
    if (this.version === 0 || this.separator === '') return;
    this.running?.cancel();
    const running = ask('compare.namespaces', { path: this.path, separator: this.separator });
    this.running = running;
    this.busy = true;
    try {
      const { namespaces, more } = await running.answer;
      if (this.running !== running) return;
      this.rows = [...namespaces].sort(this.order());
      this.more = more?.keys ?? 0;
      this.cache.clear();
      this.busy = false;
      this.requestUpdate();
      this.table?.refill();
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
    }
  }

  private order(): (a: NamespaceRow, b: NamespaceRow) => number {
    const { column, descending } = this.sort;
    const measure = MEASURES[column] ?? bytesOf;
    const sign = descending ? -1 : 1;
    if (column === 'name') return (a, b) => sign * (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
    return (a, b) => sign * (measure(a) - measure(b));
  }

  private readonly onSort = (event: Event): void => {
    this.sort = (event as CustomEvent<SortState>).detail;
    this.rows = [...this.rows].sort(this.order());
    this.cache.clear();
    this.requestUpdate();
    this.table?.refill();
  };

  private readonly onActivate = (event: Event): void => {
    event.stopPropagation();
    const row = this.rows[(event as CustomEvent<{ position: number }>).detail.position];
    if (row?.inner) this.go(row.path);
  };

  private go(path: string): void {
    this.dispatchEvent(new CustomEvent('pe-namespace', { detail: path, bubbles: true }));
  }

  override focus(): void {
    this.table?.focus();
  }

  protected override render() {
    return html`
      <nav class="section-bar cmp-path" aria-label=${t('Namespace')}>
        <button class="link" @click=${() => this.go('')}>${t('All namespaces')}</button>
        ${pathsOf(this.path, this.separator).map(
          ([path, name]) =>
            html`<span class="dim" aria-hidden="true">›</span><button class="link section-path" @click=${() => this.go(path)}>${name}</button>`,
        )}
        ${this.more > 0 ? html`<span class="dim">${t('and {0} keys in further namespaces', formatCount(this.more))}</span>` : ''}
      </nav>
      <pe-table
        id="namespaces"
        .columns=${columns(this.clientWidth)}
        .total=${this.rows.length}
        .sort=${this.sort}
        .label=${t('Differences by namespace')}
        .busy=${this.busy}
        @pe-sort=${this.onSort}
        @pe-activate=${this.onActivate}
        @pe-select=${(event: Event) => event.stopPropagation()}
      ></pe-table>
    `;
  }
}

/** The paths to a namespace, outermost first, each with its last part. */
function pathsOf(path: string, separator: string): (readonly [path: string, name: string])[] {
  const paths: (readonly [string, string])[] = [];
  for (let at = 0; separator !== '' && at < path.length; ) {
    const found = path.indexOf(separator, at);
    const end = found < 0 ? path.length : found + separator.length;
    paths.push([path.slice(0, end), path.slice(at, end)]);
    at = end;
  }
  return paths;
}

const growthOf = ({ added, removed, changed }: NamespaceRow) =>
  added.rightBytes + changed.rightBytes - removed.leftBytes - changed.leftBytes;

const bytesOf = ({ added, removed, changed }: NamespaceRow) =>
  added.rightBytes + changed.rightBytes + removed.leftBytes + changed.leftBytes;

const MEASURES: Readonly<Record<string, (row: NamespaceRow) => number>> = {
  added: (row) => row.added.keys,
  removed: (row) => row.removed.keys,
  changed: (row) => row.changed.keys,
  growth: growthOf,
  bytes: bytesOf,
};

/** @param available pixels that there are for the columns; those behind them are left out. */
function columns(available: number): TableColumn[] {
  const numeric = { numeric: true, sortable: true, grows: false };
  const all: TableColumn[] = [
    { id: 'name', label: t('Namespace'), width: 130, numeric: false, sortable: true, grows: true },
    { id: 'growth', label: t('Growth'), width: 84, ...numeric },
    { id: 'added', label: t('Added'), width: 68, ...numeric },
    { id: 'removed', label: t('Removed'), width: 82, ...numeric },
    { id: 'changed', label: t('Changed'), width: 78, ...numeric },
    { id: 'bytes', label: t('Bytes'), width: 76, ...numeric },
  ];
  let used = 0;
  return all.filter(({ width }) => {
    used += width;
    return available === 0 || used <= available;
  });
}

function fill(cell: HTMLElement, row: NamespaceRow, { id }: TableColumn): void {
  switch (id) {
    case 'name':
      cell.append(icon(row.inner ? 'folder' : 'key'), ' ');
      cell.append(row.inner ? span('name', row.name) : span('absent', t('(other keys)')));
      cell.title = row.path;
      break;
    case 'added':
    case 'removed':
    case 'changed':
      cell.append(span(`cmp-${id}-text`, countText(row[id].keys)));
      break;
    case 'growth':
      cell.append(growthText(growthOf(row)));
      break;
    case 'bytes':
      cell.append(formatBytes(bytesOf(row)));
      break;
  }
}

customElements.define('pe-compare-namespaces', PeCompareNamespaces);
