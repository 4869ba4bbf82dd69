/** The elements of a value as a table, a page at a time, with search, and the string of a cell below it. */
import { html, LitElement, nothing } from 'lit';
import { formatCount } from '../../src/format/quantities.js';
import type { ItemCell, ItemColumn, ItemPage, ProblemInfo, Section } from '../../src/protocol.js';
import { cellText, fillItemCell, isCell } from '../cells.js';
import { ask } from '../connection.js';
import type { TableColumn } from '../grid/columns.js';
import { PageCache } from '../grid/page-cache.js';
import type { PeTable } from '../grid/table.js';
import type { Running } from '../running.js';
import '../grid/table.js';
import { dropdown, iconButton, named } from '../controls.js';
import { itemHeading, message, nameText, t } from '../strings.js';
import './geo-map.js';
import './series-chart.js';
import './string-view.js';

/** A row of the table: the cells of an element, and its position among all. */
interface ItemRow {
  readonly cells: readonly ItemCell[];
  readonly position: number;
}

const WIDTHS: Readonly<Partial<Record<ItemColumn, number>>> = {
  index: 80,
  rank: 80,
  score: 130,
  field: 170,
  expireAt: 150,
  id: 190,
  lastId: 190,
  entriesRead: 100,
  lag: 80,
  pending: 80,
  consumers: 100,
  consumer: 120,
  deliveryTime: 160,
  deliveryCount: 90,
  seenTime: 160,
  activeTime: 160,
  kind: 90,
  timestamp: 170,
  attributes: 180,
  level: 60,
  longitude: 96,
  latitude: 96,
  similarity: 100,
  entries: 80,
  name: 160,
  member: 180,
};
const NUMERIC = new Set<ItemColumn>([
  'index',
  'rank',
  'score',
  'entriesRead',
  'lag',
  'pending',
  'consumers',
  'deliveryCount',
  'level',
  'entries',
  'longitude',
  'latitude',
  'similarity',
]);
const GROWS = new Set<ItemColumn>(['value', 'member', 'fields', 'vector', 'name']);
/** Elements that are assumed to follow while their number is not known. */
const UNKNOWN_MORE = 100;
/** Milliseconds after the last letter until a search begins. */
const SEARCH_MS = 250;

/** Events: `pe-open-section` with the sections that an element opens. */
export class PeItemsView extends LitElement {
  static override properties = {
    row: { type: Number },
    section: { attribute: false },
    wanted: { attribute: false },
    shown: { type: Number },
  };

  declare row: number;
  declare section: Section | undefined;
  private cache: PageCache<ItemRow> | undefined;
  private total = 0;
  private known = false;
  /** What is searched for in a section when it is opened. */
  declare wanted: string;
  /** Position of the element to go to; −1 for none. */
  declare shown: number;
  private search = '';
  private searching = false;
  private problem: ProblemInfo | null = null;
  private cell: { position: number; column: number; pair?: [number, 0 | 1]; bytes: number; title: string } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Position of the element that is chosen in a picture. */
  private chosen = -1;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private get table(): PeTable | null {
    return this.querySelector<PeTable>('pe-table');
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    // A search in all values may lead to an element of the value that is shown already.
    if (!['row', 'section', 'wanted', 'shown'].some((name) => changed.has(name))) return;
    this.search = this.wanted ?? '';
    this.cell = undefined;
    this.chosen = -1;
    this.restart();
  }

  private restart(): void {
    const { section } = this;
    this.cache?.clear();
    this.problem = null;
    const count = this.search === '' ? (section?.count ?? null) : null;
    this.known = count !== null;
    this.total = count ?? UNKNOWN_MORE;
    this.searching = this.search !== '';
    this.cache = new PageCache<ItemRow>(
      (from, wanted) => this.fetch(from, wanted),
      () => this.table?.rowsChanged(),
      () => this.requestUpdate(),
    );
  }

  private fetch(from: number, count: number): Running<readonly ItemRow[]> {
    const { row, section, search } = this;
    const running = ask('value.items', { row, section: section?.id ?? '', from, count, search });
    const answer = running.answer.then((page) => {
      if (search === this.search && section === this.section) this.learn(page);
      return page.items.map((cells, i) => ({ cells, position: page.positions[i] }));
    });
    return { answer, cancel: () => running.cancel() };
  }

  /** Takes in what a page tells about the whole: how many there are, and what is damaged. */
  private learn(page: ItemPage): void {
    const end = page.from + page.items.length;
    const total = page.last ? end : (page.total ?? Math.max(this.total, end + UNKNOWN_MORE));
    const changed =
      total !== this.total ||
      this.known !== (page.last || page.total !== null) ||
      this.searching ||
      page.problem !== null;
    this.total = total;
    this.known = page.last || page.total !== null;
    this.searching = false;
    if (page.problem) this.problem = page.problem;
    if (changed) this.requestUpdate();
  }

  protected override updated(changed: Map<string, unknown>): void {
    const { cache, table } = this;
    if (!cache || !table) return;
    const opened = ['row', 'section', 'wanted', 'shown'].some((name) => changed.has(name));
    if (opened) table.scrollPosition = 0;
    table.configure(cache, (element, item, column) => {
      fillItemCell(element, item.cells[Number(column.id)] ?? null);
    });
    if (opened && this.shown >= 0 && this.search === '') void this.goToShown(table);
  }

  private async goToShown(table: PeTable): Promise<void> {
    await table.updateComplete;
    table.goTo(this.shown);
  }

  private get columns(): readonly TableColumn[] {
    return (this.section?.columns ?? []).map((column, i) => ({
      id: String(i),
      label: itemHeading(column),
      width: WIDTHS[column] ?? 200,
      numeric: NUMERIC.has(column),
      grows: GROWS.has(column),
    }));
  }

  private readonly onSearch = (event: Event): void => {
    const text = (event.target as HTMLInputElement).value;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (text === this.search) return;
      this.search = text;
      this.cell = undefined;
      this.restart();
      this.requestUpdate();
    }, SEARCH_MS);
  };

  private readonly onActivate = async (event: Event): Promise<void> => {
    const { position, column } = (event as CustomEvent<{ position: number; column?: string }>).detail;
    const item = this.cache?.row(position);
    const { section } = this;
    if (!item || !section) return;
    if (section.opens) {
      const { sections } = await ask('value.sections', { row: this.row, section: section.id, position: item.position })
        .answer;
      const title = cellText(item.cells[0] ?? null);
      this.dispatchEvent(new CustomEvent('pe-open-section', { detail: { title, sections }, bubbles: true }));
      return;
    }
    this.showCell(item, column === undefined ? undefined : Number(column));
  };

  private readonly onSelect = (event: Event): void => {
    // A text that does not fit into its cell is shown below as soon as its row is selected.
    const { focus } = (event as CustomEvent<{ focus: number }>).detail;
    const item = this.cache?.row(focus);
    if (item && this.section?.picture && item.position !== this.chosen) {
      this.chosen = item.position;
      this.requestUpdate();
    }
    if (!item || this.section?.opens) return;
    const fits = item.cells.every(
      (cell) =>
        cell === null ||
        typeof cell !== 'object' ||
        !('pairs' in cell ? cell.more > 0 : isCell(cell) && (cell.cut || cell.text.length > 40)),
    );
    if (this.cell || !fits) this.showCell(item, undefined);
  };

  /** Shows the string of a cell; the last one that is a string where none is named. */
  private showCell(item: ItemRow, wanted: number | undefined): void {
    const columns = this.section?.columns ?? [];
    const isText = (i: number) => isCell(item.cells[i] ?? null);
    let column = wanted !== undefined && isText(wanted) ? wanted : -1;
    for (let i = columns.length - 1; i >= 0 && column < 0; i--) if (isText(i)) column = i;
    const pairs = item.cells.findIndex((cell) => typeof cell === 'object' && cell !== null && 'pairs' in cell);
    if (column < 0 && pairs >= 0) {
      this.showPair(item, pairs, 0);
      return;
    }
    const cell = item.cells[column];
    if (column < 0 || cell === undefined || !isCell(cell)) {
      this.cell = undefined;
    } else {
      this.cell = { position: item.position, column, bytes: cell.bytes, title: itemHeading(columns[column]) };
    }
    this.requestUpdate();
  }

  private showPair(item: ItemRow, column: number, index: number): void {
    const cell = item.cells[column];
    if (typeof cell !== 'object' || cell === null || !('pairs' in cell)) return;
    const pair = cell.pairs[index];
    if (!pair) return;
    const [field, value] = pair;
    this.cell = { position: item.position, column, pair: [index, 1], bytes: value.bytes, title: cellText(field) };
    this.requestUpdate();
  }

  private readonly onPairChange = (index: string): void => {
    const item = this.selectedItem();
    if (item && this.cell) this.showPair(item, this.cell.column, Number(index));
  };

  private selectedItem(): ItemRow | undefined {
    return this.cell ? this.cache?.row(this.table?.selected.focus ?? -1) : undefined;
  }

  protected override render() {
    const { section } = this;
    if (!section) return nothing;
    return html`
      <div class="items-bar">
        <vscode-text-field
          class="items-search"
          .value=${this.search}
          placeholder=${t('Search elements')}
          ${named(t('Search elements'))}
          @input=${this.onSearch}
          ><span slot="start" class="codicon codicon-search" aria-hidden="true"></span
        ></vscode-text-field>
        <span class="dim" role="status">${this.countText()}</span>
      </div>
      ${this.problem ? html`<div class="message error" role="alert">${message(this.problem)}</div>` : nothing}
      ${this.renderPicture(section)}
      <pe-table
        id="items"
        class="items-table"
        .columns=${this.columns}
        .total=${this.total}
        .label=${nameText(section.title)}
        @pe-activate=${this.onActivate}
        @pe-select=${this.onSelect}
      ></pe-table>
      ${this.cell ? this.renderCell() : nothing}
    `;
  }

  /** The elements as a picture, which the table stands below. */
  private renderPicture(section: Section) {
    switch (section.picture) {
      case 'map':
      case 'vectors':
        return html`<div class="value-picture">
          <pe-geo-map
            .row=${this.row}
            .section=${section.id}
            .chosen=${this.chosen}
            .vectors=${section.picture === 'vectors'}
            @pe-point=${this.onPoint}
          ></pe-geo-map>
        </div>`;
      case 'chart':
        return html`<div class="value-picture">
          <pe-series-chart .row=${this.row} .section=${section.id}></pe-series-chart>
        </div>`;
      default:
        return nothing;
    }
  }

  /** A point was chosen on the map: its member is what the table shows. */
  private readonly onPoint = (event: Event): void => {
    event.stopPropagation();
    this.chosen = (event as CustomEvent<number>).detail;
    if (this.search !== '') {
      this.search = '';
      this.restart();
    }
    this.table?.goTo(this.chosen);
    this.requestUpdate();
  };

  private countText(): string {
    if (this.searching) return t('Searching…');
    const count = formatCount(this.total);
    if (this.search !== '') return this.total === 1 ? t('1 match') : t('{0} matches', count);
    if (this.known && this.total === 1) return t('1 element');
    return this.known
      ? t('{0} elements', count)
      : t('more than {0} elements', formatCount(Math.max(0, this.total - UNKNOWN_MORE)));
  }

  private renderCell() {
    const { cell, section } = this;
    if (!cell || !section) return nothing;
    const { position, column, pair } = cell;
    const address = { row: this.row, section: section.id, position, column, ...(pair ? { pair } : {}) };
    return html`<div class="cell-view">
      <div class="cell-title">
        ${pair ? this.renderPairChoice(pair[0]) : html`<span class="dim">${cell.title}</span>`}
        ${iconButton('close', t('Close'), () => {
          this.cell = undefined;
          this.requestUpdate();
        })}
      </div>
      <pe-string-view .address=${address} .size=${cell.bytes}></pe-string-view>
    </div>`;
  }

  private renderPairChoice(index: number) {
    const item = this.selectedItem();
    const cell = item?.cells[this.cell?.column ?? -1];
    const pairs = typeof cell === 'object' && cell !== null && 'pairs' in cell ? cell.pairs : [];
    const choices = pairs.map(([field], i) => [String(i), cellText(field)] as const);
    return dropdown(t('Field'), choices, String(index), this.onPairChange);
  }
}

customElements.define('pe-items-view', PeItemsView);
