/**
 * A table of any number of rows: only what is visible is in the page. Rows are reused, cells are text nodes, and the
 * whole is one stop for the keyboard, with roles and counts for screen readers.
 */
import { html, LitElement, type PropertyValues } from 'lit';
import { t } from '../strings.js';
import type { SortState, TableColumn } from './columns.js';
import type { PageCache } from './page-cache.js';
import {
  clampTop,
  contentHeight,
  isScaled,
  maxTop,
  pageRows,
  ROW_HEIGHT,
  type ScrollArea,
  scrollBarFor,
  spacerHeight,
  topFor,
  topToCentre,
  topToShow,
  visibleRows,
} from './scroll.js';
import { extendTo, isSelected, NOTHING, type Selection, selectAll, selectOne, toggle } from './selection.js';

/** What a row is beside its cells. */
export interface RowLook {
  /** A name of its kind, for styles: `folder`, `damaged`. */
  readonly className?: string;
  /** In a tree: depth from 1 on, and whether it is open; null for what cannot be opened. */
  readonly level?: number;
  readonly expanded?: boolean | null;
}

/** Fills a cell. The cell is empty when this is called. */
export type FillCell<Row> = (cell: HTMLElement, row: Row, column: TableColumn, position: number) => void;

/** Width of the narrowest column. */
const MIN_WIDTH = 48;
/** Rows that are drawn beyond what is visible. */
const OVERSCAN = 2;
/** Milliseconds within which typed letters are one word. */
const TYPE_MS = 800;

interface RowElement {
  readonly element: HTMLElement;
  readonly cells: HTMLElement[];
  position: number;
  row: unknown;
  look: string;
}

/** Columns and orders are often made anew and seldom different; rows need not be. */
function differs(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}

/**
 * Events: `pe-select` when the selection changes, `pe-activate` on Enter or double click, `pe-sort`, `pe-resize` when
 * a column was resized, `pe-expand` in a tree, `pe-type` with typed letters, `pe-cell` on a click on a cell, `pe-scroll`
 * when the user has scrolled.
 */
export class PeTable extends LitElement {
  static override properties = {
    columns: { attribute: false, hasChanged: differs },
    total: { type: Number },
    sort: { attribute: false, hasChanged: differs },
    label: { type: String },
    multiple: { type: Boolean },
    tree: { type: Boolean },
    busy: { type: Boolean },
    context: { type: String },
  };

  declare columns: readonly TableColumn[];
  declare total: number;
  declare sort: SortState | undefined;
  declare label: string;
  declare multiple: boolean;
  declare tree: boolean;
  declare busy: boolean;
  /** Name of the context menu section of a row; empty for none. */
  declare context: string;

  private rowCache: PageCache<unknown> | undefined;
  private fillCell: FillCell<unknown> = () => {};
  private lookOf: (row: unknown) => RowLook = () => ({});
  private selection: Selection = NOTHING;
  private top = 0;
  private viewport = 0;
  private width = 0;
  /** Position of the scroll bar that this element has set itself. */
  private ownScroll = -1;
  private pool: RowElement[] = [];
  private drawn = false;
  private typed = '';
  private typedAt = 0;
  private observer: ResizeObserver | undefined;

  constructor() {
    super();
    this.columns = [];
    this.total = 0;
    this.label = '';
    this.multiple = false;
    this.tree = false;
    this.busy = false;
    this.context = '';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Says where rows come from and how they look. */
  configure<Row>(cache: PageCache<Row>, fill: FillCell<Row>, look: (row: Row) => RowLook = () => ({})): void {
    this.rowCache = cache as unknown as PageCache<unknown>;
    this.fillCell = fill as FillCell<unknown>;
    this.lookOf = look as (row: unknown) => RowLook;
    for (const row of this.pool) row.row = undefined;
    this.draw();
  }

  /** Rows have come or changed. */
  rowsChanged(): void {
    this.draw();
  }

  /** All rows look different now: they are filled again. */
  refill(): void {
    for (const row of this.pool) row.row = undefined;
    this.draw();
  }

  get selected(): Selection {
    return this.selection;
  }

  set selected(selection: Selection) {
    this.selection = selection;
    this.draw();
  }

  /** Position of the row at the upper edge, with its fraction. */
  get scrollPosition(): number {
    return this.top / ROW_HEIGHT;
  }

  set scrollPosition(position: number) {
    this.scrollTo_(position * ROW_HEIGHT);
  }

  /** True if the last row can be seen. */
  get atEnd(): boolean {
    return this.top >= maxTop(this.area) - ROW_HEIGHT / 2;
  }

  /** Shows the last rows; the selection stays. */
  scrollToEnd(): void {
    this.scrollTo_(maxTop(this.area));
  }

  /** Width that the columns share. */
  get innerWidth(): number {
    return this.width;
  }

  /** Selects a row and shows it; in the middle if it was out of sight. */
  goTo(position: number): void {
    this.setSelection(selectOne(position));
    const [first, end] = visibleRows(this.area, this.top);
    const visible = position >= first && position < end;
    this.scrollTo_(visible ? topToShow(this.area, this.top, position) : topToCentre(this.area, position));
  }

  private get area(): ScrollArea {
    return { rows: this.total, viewport: this.viewport };
  }

  private get scroller(): HTMLElement | null {
    return this.querySelector('.pe-scroller');
  }

  protected override render() {
    return html`
      <div
        class="pe-scroller"
        tabindex="0"
        role=${this.tree ? 'treegrid' : 'grid'}
        aria-label=${this.label}
        aria-rowcount=${this.total + 1}
        aria-colcount=${this.columns.length}
        aria-multiselectable=${this.multiple ? 'true' : 'false'}
        aria-busy=${this.busy ? 'true' : 'false'}
        @scroll=${this.onScroll}
        @keydown=${this.onKey}
        @mousedown=${this.onMouseDown}
        @dblclick=${this.onDoubleClick}
        @contextmenu=${this.onContextMenu}
        @focus=${() => this.draw()}
        @blur=${() => this.draw()}
      >
        <div class="pe-spacer" role="presentation">
          <div class="pe-pane" role="presentation">
            <div class="pe-head" role="row" aria-rowindex="1">
              ${this.columns.map((column, i) => this.renderHeading(column, i))}
            </div>
            <div class="pe-rows" role="rowgroup"></div>
          </div>
        </div>
      </div>
    `;
  }

  private renderHeading(column: TableColumn, i: number) {
    const sorted = this.sort?.column === column.id;
    const state = sorted ? (this.sort?.descending ? 'descending' : 'ascending') : 'none';
    return html`<div
      class="pe-heading ${column.numeric ? 'numeric' : ''} ${column.sortable ? 'sortable' : ''}"
      role="columnheader"
      aria-colindex=${i + 1}
      aria-sort=${column.sortable ? state : 'none'}
      title=${column.sortable ? t('Sort by {0}', column.label) : column.label}
      data-column=${column.id}
    >
      <span class="pe-heading-label">${column.label}</span>
      ${sorted ? html`<span class="codicon codicon-triangle-${this.sort?.descending ? 'down' : 'up'}"></span>` : ''}
      <span class="pe-resizer" data-resize=${column.id}></span>
    </div>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
  }

  protected override firstUpdated(): void {
    // Not passive: with a scaled scroll bar the wheel is handled here.
    this.scroller?.addEventListener('wheel', (event) => this.onWheel(event), { passive: false });
    this.measure();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('columns')) this.dropRows();
    if (changed.has('total') || changed.has('columns')) this.layout();
    this.draw();
  }

  private dropRows(): void {
    for (const { element } of this.pool) element.remove();
    this.pool = [];
  }

  private measure(): void {
    const scroller = this.scroller;
    if (!scroller) return;
    const viewport = Math.max(0, scroller.clientHeight - ROW_HEIGHT);
    const width = scroller.clientWidth;
    if (viewport === this.viewport && width === this.width) return;
    this.viewport = viewport;
    this.width = width;
    this.layout();
    this.draw();
  }

  /** Sets the sizes that follow from rows, columns and the window. */
  private layout(): void {
    const spacer = this.querySelector<HTMLElement>('.pe-spacer');
    const pane = this.querySelector<HTMLElement>('.pe-pane');
    const scroller = this.scroller;
    if (!spacer || !pane || !scroller) return;
    const fixed = this.columns.reduce((sum, column) => sum + column.width, 0);
    const spare = Math.max(0, this.width - fixed);
    const grows = this.columns.some((column) => column.grows);
    const widths = this.columns.map((column, i) => {
      const extra = grows ? (column.grows ? spare : 0) : i === this.columns.length - 1 ? spare : 0;
      return `${column.width + extra}px`;
    });
    pane.style.setProperty('--pe-columns', widths.join(' '));
    spacer.style.height = `${spacerHeight(this.area) + ROW_HEIGHT}px`;
    spacer.style.width = `${Math.max(fixed, this.width)}px`;
    pane.style.height = `${this.viewport + ROW_HEIGHT}px`;
    this.top = clampTop(this.area, this.top);
    this.syncScrollBar();
  }

  private syncScrollBar(): void {
    const scroller = this.scroller;
    if (!scroller) return;
    const wanted = scrollBarFor(this.area, this.top);
    if (Math.abs(scroller.scrollTop - wanted) < 0.5) return;
    scroller.scrollTop = wanted;
    this.ownScroll = scroller.scrollTop;
  }

  private readonly onScroll = (): void => {
    const scroller = this.scroller;
    if (!scroller) return;
    // What this element did itself is exact already; a scroll bar of 8 million pixels is not.
    if (Math.abs(scroller.scrollTop - this.ownScroll) < 1) {
      this.draw();
      return;
    }
    this.ownScroll = -1;
    this.top = topFor(this.area, scroller.scrollTop);
    this.draw();
    this.emit('pe-scroll', this.top);
  };

  private onWheel(event: WheelEvent): void {
    if (!isScaled(this.area) || event.ctrlKey || event.deltaY === 0) return;
    event.preventDefault();
    const unit =
      event.deltaMode === WheelEvent.DOM_DELTA_LINE
        ? ROW_HEIGHT
        : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
          ? this.viewport
          : 1;
    this.scrollTo_(this.top + event.deltaY * unit);
    this.emit('pe-scroll', this.top);
  }

  private scrollTo_(top: number): void {
    this.top = clampTop(this.area, top);
    this.syncScrollBar();
    this.draw();
  }

  /** Draws on the next frame, once however often it is asked for. */
  private draw(): void {
    if (this.drawn) return;
    this.drawn = true;
    requestAnimationFrame(() => {
      this.drawn = false;
      this.drawRows();
    });
  }

  private drawRows(): void {
    const body = this.querySelector<HTMLElement>('.pe-rows');
    const cache = this.rowCache;
    if (!body || !cache || this.viewport === 0) return;
    const [first, end] = visibleRows(this.area, this.top);
    const from = Math.max(0, first - OVERSCAN);
    const to = Math.min(this.total, end + OVERSCAN);
    cache.want(from, to, this.total);
    const size = Math.ceil(this.viewport / ROW_HEIGHT) + 2 * OVERSCAN + 1;
    while (this.pool.length < size) this.pool.push(this.newRow(body));
    const focused = document.activeElement === this.scroller;
    for (const slot of this.pool) slot.element.hidden = true;
    for (let position = from; position < to; position++) {
      const slot = this.pool[position % this.pool.length];
      slot.element.hidden = false;
      this.drawRow(slot, position, cache.row(position), focused);
      const failed = slot.row === undefined && cache.failed(position);
      slot.element.classList.toggle('pe-failed', failed);
      slot.element.classList.toggle('pe-loading', slot.row === undefined && !failed);
    }
    const active = this.selection.focus;
    const visible = active >= from && active < to;
    const scroller = this.scroller;
    if (visible) scroller?.setAttribute('aria-activedescendant', this.rowId(active));
    else scroller?.removeAttribute('aria-activedescendant');
  }

  private rowId(position: number): string {
    return `${this.id || 'table'}-row-${position % Math.max(1, this.pool.length)}`;
  }

  private newRow(body: HTMLElement): RowElement {
    const element = document.createElement('div');
    element.className = 'pe-row';
    element.setAttribute('role', 'row');
    element.id = `${this.id || 'table'}-row-${this.pool.length}`;
    if (this.context) {
      const context = { webviewSection: this.context, preventDefaultContextMenuItems: true };
      element.dataset.vscodeContext = JSON.stringify(context);
    }
    const cells = this.columns.map((column, i) => {
      const cell = document.createElement('div');
      cell.className = `pe-cell${column.numeric ? ' numeric' : ''}`;
      cell.setAttribute('role', 'gridcell');
      cell.setAttribute('aria-colindex', String(i + 1));
      cell.dataset.column = column.id;
      element.append(cell);
      return cell;
    });
    body.append(element);
    return { element, cells, position: -1, row: undefined, look: '' };
  }

  private drawRow(slot: RowElement, position: number, row: unknown, focused: boolean): void {
    const { element } = slot;
    element.style.transform = `translateY(${Math.round(position * ROW_HEIGHT - this.top)}px)`;
    if (slot.position !== position || slot.row !== row) {
      slot.row = row;
      slot.position = position;
      element.dataset.position = String(position);
      element.setAttribute('aria-rowindex', String(position + 2));
      const look = row === undefined ? {} : this.lookOf(row);
      this.applyLook(element, look);
      for (const [i, column] of this.columns.entries()) {
        const cell = slot.cells[i];
        cell.replaceChildren();
        cell.removeAttribute('title');
        if (row !== undefined) this.fillCell(cell, row, column, position);
      }
    }
    const selected = isSelected(this.selection, position);
    element.classList.toggle('selected', selected);
    element.classList.toggle('focused', focused && position === this.selection.focus);
    element.classList.toggle('active', focused);
    element.setAttribute('aria-selected', selected ? 'true' : 'false');
  }

  private applyLook(element: HTMLElement, look: RowLook): void {
    element.className = `pe-row ${look.className ?? ''}`;
    if (look.level === undefined) element.removeAttribute('aria-level');
    else element.setAttribute('aria-level', String(look.level));
    if (look.expanded === undefined || look.expanded === null) element.removeAttribute('aria-expanded');
    else element.setAttribute('aria-expanded', String(look.expanded));
  }

  private setSelection(selection: Selection): void {
    this.selection = selection;
    this.draw();
    this.emit('pe-select', selection);
  }

  private emit(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  private positionOf(event: Event): number | undefined {
    const element = (event.target as Element).closest<HTMLElement>('.pe-row');
    const position = Number(element?.dataset.position ?? 'x');
    return Number.isNaN(position) ? undefined : position;
  }

  private readonly onMouseDown = (event: MouseEvent): void => {
    const target = event.target as HTMLElement;
    const resize = target.dataset.resize;
    if (resize !== undefined) {
      this.startResize(event, resize);
      return;
    }
    const heading = target.closest<HTMLElement>('.pe-heading');
    if (heading) {
      this.clickHeading(heading.dataset.column ?? '');
      return;
    }
    const position = this.positionOf(event);
    if (position === undefined || event.button !== 0) return;
    if (target.closest('[data-twisty]')) {
      this.emit('pe-expand', { position });
      return;
    }
    if (this.multiple && event.shiftKey) this.setSelection(extendTo(this.selection, position));
    else if (this.multiple && (event.ctrlKey || event.metaKey)) this.setSelection(toggle(this.selection, position));
    else this.setSelection(selectOne(position));
    const column = target.closest<HTMLElement>('.pe-cell')?.dataset.column;
    if (column !== undefined) this.emit('pe-cell', { position, column });
  };

  private readonly onDoubleClick = (event: MouseEvent): void => {
    const position = this.positionOf(event);
    if (position === undefined) return;
    const column = (event.target as Element).closest<HTMLElement>('.pe-cell')?.dataset.column;
    this.emit('pe-activate', { position, column });
  };

  private readonly onContextMenu = (event: MouseEvent): void => {
    const position = this.positionOf(event);
    if (position !== undefined && !isSelected(this.selection, position)) this.setSelection(selectOne(position));
  };

  private clickHeading(id: string): void {
    const column = this.columns.find((one) => one.id === id);
    if (!column?.sortable) return;
    const descending = this.sort?.column === id ? !this.sort.descending : column.numeric === true;
    this.emit('pe-sort', { column: id, descending });
  }

  private startResize(event: MouseEvent, id: string): void {
    event.preventDefault();
    event.stopPropagation();
    const column = this.columns.find((one) => one.id === id);
    if (!column) return;
    const start = event.clientX;
    // The column that takes what is left starts from the width that it has.
    const heading = this.querySelector<HTMLElement>(`.pe-heading[data-column="${CSS.escape(id)}"]`);
    const before = heading?.offsetWidth ?? column.width;
    const move = (moved: MouseEvent) => {
      const width = Math.max(MIN_WIDTH, Math.round(before + moved.clientX - start));
      this.emit('pe-resize', { column: id, width, done: false });
    };
    const end = (moved: MouseEvent) => {
      window.removeEventListener('mousemove', move);
      window.removeEventListener('mouseup', end);
      const width = Math.max(MIN_WIDTH, Math.round(before + moved.clientX - start));
      this.emit('pe-resize', { column: id, width, done: true });
    };
    window.addEventListener('mousemove', move);
    window.addEventListener('mouseup', end);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || this.total === 0) return;
    const { focus } = this.selection;
    const last = this.total - 1;
    const page = pageRows(this.area);
    const command = event.ctrlKey || event.metaKey;
    switch (event.key) {
      case 'ArrowDown':
        this.moveTo(Math.min(last, focus + 1), event);
        break;
      case 'ArrowUp':
        this.moveTo(Math.max(0, focus - 1), event);
        break;
      case 'PageDown':
        this.moveTo(Math.min(last, Math.max(0, focus) + page), event);
        break;
      case 'PageUp':
        this.moveTo(Math.max(0, focus - page), event);
        break;
      case 'Home':
        this.moveTo(0, event);
        break;
      case 'End':
        this.moveTo(last, event);
        break;
      case 'ArrowRight':
      case 'ArrowLeft':
        if (!this.tree || focus < 0) return;
        this.emit('pe-expand', { position: focus, expanded: event.key === 'ArrowRight' });
        break;
      case 'Enter':
        if (focus >= 0) this.emit('pe-activate', { position: focus });
        break;
      case ' ':
        if (this.typed !== '' && event.timeStamp - this.typedAt < TYPE_MS) {
          this.type(event);
        } else if (focus >= 0 && this.multiple && command) {
          this.setSelection(toggle(this.selection, focus));
        } else if (focus >= 0) {
          this.emit('pe-activate', { position: focus });
        }
        break;
      case 'a':
        if (command && this.multiple) this.setSelection(selectAll(this.total, focus));
        else if (!command) this.type(event);
        else return;
        break;
      default:
        if (event.key.length !== 1 || command || event.altKey) return;
        this.type(event);
    }
    event.preventDefault();
  };

  private moveTo(position: number, event: KeyboardEvent): void {
    const extend = this.multiple && event.shiftKey;
    this.setSelection(extend ? extendTo(this.selection, position) : selectOne(position));
    this.scrollTo_(topToShow(this.area, this.top, position));
    this.emit('pe-scroll', this.top);
  }

  /** Letters typed one after the other look for a row that starts with them. */
  private type(event: KeyboardEvent): void {
    const goesOn = event.timeStamp - this.typedAt < TYPE_MS;
    this.typed = goesOn ? this.typed + event.key : event.key;
    this.typedAt = event.timeStamp;
    // A longer word may be the row that is there already; a new one looks further.
    const from = Math.max(0, this.selection.focus + (goesOn ? 0 : 1));
    this.emit('pe-type', { text: this.typed, from });
  }

  override focus(): void {
    this.scroller?.focus();
  }

  /** Height of all rows, for tests and for those who lay out around the table. */
  get fullHeight(): number {
    return contentHeight(this.area) + ROW_HEIGHT;
  }
}

customElements.define('pe-table', PeTable);
