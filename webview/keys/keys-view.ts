/** The key browser: search and filters, the grid as list or tree, and the value of the key that is selected. */
import { html, LitElement, nothing } from 'lit';
import { formatCount } from '../../src/format/quantities.js';
import type {
  ColumnId,
  CopyFormat,
  FolderOrder,
  KeyFilter,
  KeySort,
  MatchInfo,
  Preferences,
  Result,
  Summary,
  ViewSpec,
} from '../../src/protocol.js';
import { layoutOf, viewSpec } from '../../src/view-spec.js';
import { ask } from '../connection.js';
import { segments } from '../controls.js';
import type { SortState } from '../grid/columns.js';
import { NOTHING, type Selection, selectedCount } from '../grid/selection.js';
import type { PeTable } from '../grid/table.js';
import type { Running } from '../running.js';
import '../grid/table.js';
import '../splitter.js';
import { t } from '../strings.js';
import { tellSelection } from '../told-selection.js';
import '../value/value-pane.js';
import type { PeValuePane } from '../value/value-pane.js';
import { ArrangedKeys } from './arranged-keys.js';
import './column-menu.js';
import { fillGridCell, gridColumns, lookOfRow, showsMemory } from './columns.js';
import './filter-bar.js';
import type { PeFilterBar } from './filter-bar.js';
import { emptyText, progressBar, statusText } from './grid-texts.js';
import { KeptPlaces } from './kept-places.js';
import { Measuring } from './measuring.js';

/** Width below which the value stands under the grid instead of beside it. */
const NARROW = 640;
/** What folders are sorted by when keys are sorted by a column. */
const FOLDER_ORDERS: Readonly<Record<string, FolderOrder>> = { size: 'bytes', memory: 'memory', elements: 'keys' };

/** What the view remembers for the next time. */
export interface KeysState {
  readonly filter?: KeyFilter;
  readonly sort?: KeySort;
  readonly scroll?: number;
  readonly row?: number;
}

/** Events: `pe-preferences` with what the user arranged, `pe-state` with {@link KeysState}. */
export class PeKeysView extends LitElement {
  static override properties = {
    view: { type: Number },
    summary: { attribute: false },
    preferences: { attribute: false },
    separator: { type: String },
    rdbPart: { attribute: false },
  };

  declare view: number;
  /** Of the RDB of an AOF, the part that holds it. */
  declare rdbPart: number | null;
  declare summary: Summary | undefined;
  declare preferences: Preferences;
  declare separator: string;
  private filter: KeyFilter = {};
  private sort: KeySort = { column: 'offset', descending: false };
  private row = -1;
  /** The folder that is selected, if one is. */
  private folder: number | undefined;
  /** Where the value of that row has what is searched for. */
  private match: MatchInfo | null = null;
  private selection: Selection = NOTHING;
  private narrow = false;
  private observer: ResizeObserver | undefined;
  private stopListening: (() => void) | undefined;
  private restoring: KeysState | undefined;
  private announced = '';

  private readonly keys = new ArrangedKeys({
    view: () => this.view,
    changed: () => this.requestUpdate(),
    rowsChanged: () => this.table?.rowsChanged(),
    rowsCame: () => this.tellShown(),
    comesBetween: () => void this.keptPlaces.keep(),
  });
  private readonly keptPlaces = new KeptPlaces({
    table: () => this.table,
    keys: this.keys,
    selected: () =>
      this.row >= 0 ? { row: this.row } : this.folder === undefined ? undefined : { folder: this.folder },
    updated: () => this.updateComplete,
    moved: () => {
      this.selection = this.table?.selected ?? NOTHING;
      this.tellSelection();
      this.requestUpdate();
    },
  });
  private hasTold = false;
  private readonly measuring = new Measuring(() => this.requestUpdate());

  constructor() {
    super();
    this.view = 0;
    this.rdbPart = null;
    this.preferences = {};
    this.separator = ':';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private get table(): PeTable | null {
    return this.querySelector<PeTable>('#keys');
  }

  private get pane(): PeValuePane | null {
    return this.querySelector<PeValuePane>('pe-value-pane');
  }

  private get filterBar(): PeFilterBar | null {
    return this.querySelector<PeFilterBar>('pe-filter-bar');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(this);
    this.stopListening = this.keys.listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
    this.stopListening?.();
  }

  private measure(): void {
    const narrow = this.clientWidth > 0 && this.clientWidth < NARROW;
    if (narrow === this.narrow) return;
    this.narrow = narrow;
    this.requestUpdate();
  }

  /** Begins to show a file; as it was, if a state is given. */
  start(state: KeysState | undefined, first?: Running<Result<'view.set'>>): void {
    this.restoring = state;
    this.filter = state?.filter ?? {};
    this.sort = state?.sort ?? { column: 'offset', descending: false };
    this.row = -1;
    this.selection = NOTHING;
    this.keys.cache.clear();
    void this.arrange(first);
  }

  private get spec(): ViewSpec {
    return viewSpec({ filter: this.filter, sort: this.sort }, this.preferences, this.separator);
  }

  private get layout(): 'list' | 'tree' {
    return layoutOf(this.preferences, this.separator);
  }

  /** Asks for the rows that filter, order and layout call for. */
  private async arrange(first?: Running<Result<'view.set'>>): Promise<void> {
    // Of another tree the folders are others.
    this.folder = undefined;
    await this.keys.arrange(this.spec, first, async () => {
      await this.restore();
      if (!this.keys.streamed) await this.keepSelection();
      this.remember();
      this.tellSelection();
    });
  }

  /** Goes back to where the view was before the window was closed. */
  private async restore(): Promise<void> {
    const { restoring } = this;
    if (!restoring) return;
    this.restoring = undefined;
    await this.updateComplete;
    if (restoring.scroll !== undefined && this.table) this.table.scrollPosition = restoring.scroll;
    if (restoring.row !== undefined && restoring.row >= 0) this.row = restoring.row;
  }

  /** Keeps the selected key selected in the new order, if it is still shown. */
  private async keepSelection(): Promise<void> {
    const { table, row } = this;
    if (!table) return;
    table.selected = NOTHING;
    this.selection = NOTHING;
    if (row < 0) return;
    const position = await this.keys.locate(row);
    if (position === null || this.row !== row) return;
    table.selected = { ranges: [[position, position]], focus: position, anchor: position };
    this.selection = table.selected;
    this.requestUpdate();
  }

  /** Tells the extension, once, when the first rows have been drawn. */
  private tellShown(): void {
    if (this.hasTold) return;
    this.hasTold = true;
    // Rows are drawn in the next frame; in the one after that they are on the screen.
    requestAnimationFrame(() => requestAnimationFrame((at) => void this.markShown(at)));
  }

  /** For those who measure, in the performance panel and in the benchmark. */
  private async markShown(at: number): Promise<void> {
    const { after } = await ask('host.shown', {}).answer;
    performance.mark('first rows', { startTime: at, detail: after });
  }

  private tellSelection(): void {
    const filtered = Object.keys(this.filter).length > 0;
    tellSelection(this.selection, { of: 'keys', view: this.view, filtered, command: null, part: this.rdbPart });
  }

  private remember(): void {
    const state: KeysState = {
      filter: this.filter,
      sort: this.sort,
      scroll: this.table?.scrollPosition ?? 0,
      row: this.row,
    };
    this.dispatchEvent(new CustomEvent('pe-state', { detail: state, bubbles: true }));
  }

  private prefer(preferences: Preferences): void {
    this.preferences = { ...this.preferences, ...preferences };
    this.dispatchEvent(new CustomEvent('pe-preferences', { detail: preferences, bubbles: true }));
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (!this.hasConfigured && this.table) {
      this.hasConfigured = true;
      this.table.configure(this.keys.cache, fillGridCell, lookOfRow);
    }
    if (showsMemory(this.preferences)) this.measuring.begin(this.summary);
    if (changed.has('separator') && changed.get('separator') !== undefined && this.layout === 'tree')
      void this.arrange();
  }

  private hasConfigured = false;

  // What the user does in the grid.

  private readonly onFilter = (event: Event): void => {
    this.filter = (event as CustomEvent<KeyFilter>).detail;
    if (this.table) this.table.scrollPosition = 0;
    void this.arrange();
    this.requestUpdate();
  };

  private readonly onSort = (event: Event): void => {
    const { column, descending } = (event as CustomEvent<SortState>).detail;
    // In a tree the folders follow the columns that they have.
    const order = FOLDER_ORDERS[column] ?? 'name';
    if (this.layout === 'tree') this.prefer({ folderOrder: order });
    this.sort = { column: column as ColumnId, descending };
    void this.arrange();
    this.requestUpdate();
  };

  private readonly onColumns = (event: Event): void => {
    this.prefer((event as CustomEvent<Preferences>).detail);
    this.requestUpdate();
  };

  private readonly onResize = (event: Event): void => {
    const { column, width, done } = (event as CustomEvent<{ column: ColumnId; width: number; done: boolean }>).detail;
    const columnWidths = { ...this.preferences.columnWidths, [column]: width };
    if (done) this.prefer({ columnWidths });
    else this.preferences = { ...this.preferences, columnWidths };
    this.requestUpdate();
  };

  private readonly onSelect = (event: Event): void => {
    this.selection = (event as CustomEvent<Selection>).detail;
    this.requestUpdate();
    void this.showFocused();
  };

  /** Shows the value of the row with the focus, as soon as it is known which that is. */
  private async showFocused(): Promise<void> {
    const { focus } = this.selection;
    const row = await this.keys.rowAt(focus);
    if (this.selection.focus !== focus) return;
    this.row = row?.kind === 'key' ? row.row : -1;
    this.folder = row?.kind === 'folder' ? row.folder : undefined;
    this.match = (row?.kind === 'key' && row.match) || null;
    this.requestUpdate();
    this.remember();
    this.tellSelection();
  }

  private readonly onActivate = (event: Event): void => {
    const { position } = (event as CustomEvent<{ position: number }>).detail;
    const row = this.keys.cache.row(position);
    if (row?.kind === 'folder') void this.keys.expand(row.folder, !row.expanded);
    else this.pane?.focus();
  };

  private readonly onExpand = (event: Event): void => {
    const { position, expanded } = (event as CustomEvent<{ position: number; expanded?: boolean }>).detail;
    const row = this.keys.cache.row(position);
    if (row?.kind === 'folder' && (expanded === undefined || expanded !== row.expanded)) {
      void this.keys.expand(row.folder, expanded ?? !row.expanded);
    } else if (expanded === false && row) {
      const parent = this.keys.parentOf(position, row.depth);
      if (parent !== undefined) this.table?.goTo(parent);
    }
  };

  private readonly onType = async (event: Event): Promise<void> => {
    const { text, from } = (event as CustomEvent<{ text: string; from: number }>).detail;
    const { position } = await ask('view.find', { view: this.view, text, from }).answer;
    if (position !== null) this.table?.goTo(position);
  };

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const find = (event.ctrlKey || event.metaKey) && event.key === 'f';
    if (find) {
      event.preventDefault();
      event.stopPropagation();
      this.filterBar?.focusSearch();
      return;
    }
    const inGrid = (event.target as Element).closest('#keys') !== null;
    if (!inGrid) {
      if (event.key === 'Escape' && (event.target as Element).closest('pe-value-pane')) this.table?.focus();
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key === 'c') {
      event.preventDefault();
      void this.copySelection('key');
    } else if (event.key === 'Escape' && (this.filter.key || this.filter.value)) {
      const { key: _, value: __, ...filter } = this.filter;
      this.filter = filter;
      void this.arrange();
      this.requestUpdate();
    }
  };

  // What commands and other parts ask for.

  /** Copies the selected keys. */
  async copySelection(format: CopyFormat): Promise<void> {
    if (selectedCount(this.selection) === 0) {
      if (this.row >= 0) await this.copyRow(this.row, format);
      return;
    }
    await this.copy(() => ask('copy', { view: this.view, positions: this.selection.ranges, format }));
  }

  private copyRow(row: number, format: CopyFormat): Promise<void> {
    return this.copy(() => ask('copy.row', { row, format }));
  }

  private async copy(request: () => Running<{ text: string; keys: number }>): Promise<void> {
    try {
      const { text, keys } = await request().answer;
      const what = keys === 1 ? t('Copied 1 key') : t('Copied {0} keys', formatCount(keys));
      await ask('host.clipboard', { text, what }).answer;
      this.announced = what;
      this.requestUpdate();
    } catch (error) {
      this.keys.showError(error);
    }
  }

  /** Shows the keys that pass a filter. */
  showFilter(filter: KeyFilter): void {
    this.filter = filter;
    if (this.table) this.table.scrollPosition = 0;
    // What follows the filter need not wait for the rows.
    this.remember();
    void this.arrange();
    this.requestUpdate();
  }

  /** Shows a key: clears the filter if that hides it. */
  async showKey(row: number): Promise<void> {
    let position = await this.keys.locate(row);
    if (position === null) {
      this.filter = {};
      await this.arrange();
      position = await this.keys.locate(row);
    }
    this.keys.cache.invalidate();
    await this.keys.askState();
    await this.updateComplete;
    await this.table?.updateComplete;
    if (position !== null) this.table?.goTo(position);
    this.table?.focus();
  }

  /** The range of bytes of the selected key. */
  async selectedBytes(): Promise<{ from: number; to: number } | undefined> {
    if (this.row < 0) return undefined;
    const { offset, end } = await ask('value.open', { row: this.row }).answer;
    return { from: offset, to: end };
  }

  /** Values were found damaged: rows and the value that is shown may look different. */
  refresh(): void {
    this.keys.cache.invalidate();
    this.table?.refill();
    void this.pane?.load();
  }

  /** Puts the keyboard into the grid. */
  override focus(): void {
    this.table?.focus();
  }

  private readonly onCopy = (event: Event): void => {
    const { format, row } = (event as CustomEvent<{ format: CopyFormat; row: number }>).detail;
    void this.copyRow(row, format);
  };

  private setLayout(layout: 'list' | 'tree'): void {
    // Folders follow the column that the keys are sorted by, if they have it.
    const folderOrder = layout === 'tree' ? FOLDER_ORDERS[this.sort.column] : undefined;
    this.prefer({ layout, ...(folderOrder ? { folderOrder } : {}) });
    if (this.table) this.table.scrollPosition = 0;
    void this.arrange();
    this.requestUpdate();
  }

  private readonly onSplit = (event: Event): void => {
    const { share, done } = (event as CustomEvent<{ share: number; done: boolean }>).detail;
    if (done) this.prefer({ split: share });
    else this.preferences = { ...this.preferences, split: share };
    this.requestUpdate();
  };

  /** The text that is searched for in values, where elements can be searched for it, too. */
  private get searchedText(): string {
    const { value } = this.filter;
    return value?.mode === 'substring' ? value.text : '';
  }

  private get split(): number {
    return this.preferences.split ?? 0.58;
  }

  protected override render() {
    const { layout, narrow } = this;
    const { state, problem, progress, arranging } = this.keys;
    const share = `${(this.split * 100).toFixed(2)}%`;
    // Set here because the page's policy allows no style attributes.
    this.style.setProperty('--pe-split', share);
    this.style.setProperty('--pe-done', `${(Math.max(0, progress) * 100).toFixed(1)}%`);
    return html`
      <div class="keys-tools" @pe-filter=${this.onFilter} @pe-leave=${() => this.table?.focus()}>
        <pe-filter-bar .summary=${this.summary} .filter=${this.filter} .problem=${problem}></pe-filter-bar>
        <div class="keys-options">
          ${
            this.separator === ''
              ? nothing
              : segments(
                  t('Layout'),
                  [
                    ['list', t('List')],
                    ['tree', t('Tree')],
                  ],
                  layout,
                  (choice) => this.setLayout(choice),
                )
          }
          <pe-column-menu
            .summary=${this.summary}
            .preferences=${this.preferences}
            @pe-columns=${this.onColumns}
          ></pe-column-menu>
        </div>
      </div>
      <div class="keys-body ${narrow ? 'narrow' : ''}" @keydown=${this.onKeyDown}>
        <div class="keys-grid">
          <pe-table
            id="keys"
            .columns=${gridColumns(this.summary, this.preferences, this.filter.value !== undefined)}
            .total=${state.total}
            .sort=${this.sort.column === 'offset' ? undefined : this.sort}
            .label=${t('Keys')}
            .multiple=${true}
            .tree=${layout === 'tree'}
            .busy=${arranging}
            .context=${'key'}
            @pe-select=${this.onSelect}
            @pe-activate=${this.onActivate}
            @pe-expand=${this.onExpand}
            @pe-sort=${this.onSort}
            @pe-resize=${this.onResize}
            @pe-type=${this.onType}
          ></pe-table>
          ${state.total === 0 && !state.growing ? emptyText(this.filter) : nothing}
          <div class="keys-status">
            <span role="status" aria-live="polite">${statusText(state, this.filter, this.summary, selectedCount(this.selection))}</span>${this.measuring.render()}
          </div>
          ${progressBar(progress, () => this.keys.cancel())}
        </div>
        <pe-splitter
          aria-label=${t('Width of the grid')}
          .share=${this.split}
          .stacked=${narrow}
          @pe-split=${this.onSplit}
        ></pe-splitter>
        <pe-value-pane .row=${this.row} .match=${this.match} .search=${this.searchedText} @pe-copy=${this.onCopy}></pe-value-pane>
      </div>
      <div class="visually-hidden" aria-live="polite">${this.announced}</div>
    `;
  }
}

customElements.define('pe-keys-view', PeKeysView);
