/** The keys that commands have touched: how often, with how many bytes, by what, and the history of the one that is selected. */
import { html, LitElement, nothing } from 'lit';
import type {
  AofPreferences,
  AofSummary,
  CommandCopyFormat,
  CommandListRow,
  TouchedKey,
  TouchedViewSpec,
  TouchedViewState,
} from '../../src/aof-protocol.js';
import { formatBytes, formatCount } from '../../src/format/quantities.js';
import type { KeyPattern, Preferences, Result } from '../../src/protocol.js';
import { FILE_ORDER, PAGE_ROWS } from '../../src/view-spec.js';
import { cellText } from '../cells.js';
import { ask, onEvent, RequestError } from '../connection.js';
import { iconButton, segments } from '../controls.js';
import type { SortState } from '../grid/columns.js';
import { PageCache } from '../grid/page-cache.js';
import { NOTHING, type Selection, selectedCount, selectOne } from '../grid/selection.js';
import type { PeTable } from '../grid/table.js';
import '../grid/table.js';
import { Cancelled, type Running } from '../running.js';
import '../search-box.js';
import '../splitter.js';
import { message, t } from '../strings.js';
import { keyFilter, keyPattern, toggled } from './command-filter.js';
import './command-list.js';
import type { PeCommandList } from './command-list.js';
import './command-pane.js';
import { fillTouched, lookOfTouched, touchedColumns, touchedSortOf } from './touched-columns.js';

/** Width below which the history stands under the list instead of beside it. */
const NARROW = 720;

/** What the view remembers for the next time. */
export interface TouchedState {
  readonly filter?: TouchedViewSpec['filter'];
  readonly sort?: TouchedViewSpec['sort'];
  readonly keyId?: number;
}

const MOST_WRITTEN: TouchedViewSpec['sort'] = { column: 'commands', descending: true };

/** Events: `pe-state` with {@link TouchedState}, `pe-show-history` with a key for the list of commands, `pe-preferences`. */
export class PeTouchedView extends LitElement {
  static override properties = {
    view: { type: Number },
    historyView: { type: Number },
    summary: { attribute: false },
    preferences: { attribute: false },
  };

  declare view: number;
  declare historyView: number;
  declare summary: AofSummary | undefined;
  declare preferences: Preferences;
  private filter: TouchedViewSpec['filter'] = {};
  private sort = MOST_WRITTEN;
  private state: TouchedViewState = { total: 0, commands: 0, bytes: 0, growing: true };
  private started = false;
  private problem = '';
  private key: TouchedKey | undefined;
  private historyRow: CommandListRow | undefined;
  private selection: Selection = NOTHING;
  private width = 0;
  private listWidth = 0;
  private busy = false;
  private asked = 0;
  private running: Running<Result<'touched.set'>> | undefined;
  private observer: ResizeObserver | undefined;
  private stopListening: (() => void) | undefined;
  private announced = '';
  private configured = false;

  private readonly cache = new PageCache<TouchedKey>(
    (from, count) => {
      const running = ask('touched.rows', { view: this.view, from, count });
      return { answer: running.answer.then(({ rows }) => rows), cancel: () => running.cancel() };
    },
    () => this.table?.rowsChanged(),
    (error) => this.showError(error),
  );

  constructor() {
    super();
    this.view = 0;
    this.historyView = 0;
    this.preferences = {};
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private get table(): PeTable | null {
    return this.querySelector<PeTable>('#touched');
  }

  private get history(): PeCommandList | null {
    return this.querySelector<PeCommandList>('pe-command-list');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(this);
    this.stopListening = onEvent((event) => {
      if (event.event !== 'touched' || event.view !== this.view || !this.started) return;
      if (event.reordered) {
        this.cache.invalidate();
        void this.keepSelection();
      }
      this.take(event.state);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
    this.stopListening?.();
  }

  private measure(): void {
    const listWidth = this.querySelector('.touched-list')?.clientWidth ?? 0;
    if (this.clientWidth === this.width && listWidth === this.listWidth) return;
    this.width = this.clientWidth;
    this.listWidth = listWidth;
    this.requestUpdate();
  }

  /** Forgets what was shown: it is asked for when the tab is shown. */
  reset(state: TouchedState | undefined): void {
    this.started = false;
    this.filter = state?.filter ?? {};
    this.sort = state?.sort ?? MOST_WRITTEN;
    this.key = undefined;
    this.cache.clear();
    this.history?.clear();
    this.requestUpdate();
  }

  /** The tab is shown. */
  async open(keyId?: number): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
    this.measure();
    if (!this.started) await this.arrange();
    if (keyId !== undefined && keyId !== this.key?.keyId) await this.showKey(keyId);
  }

  /** Selects a key and shows its history; clears the filter if that hides it. */
  async showKey(keyId: number): Promise<void> {
    let { position } = await ask('touched.locate', { view: this.view, keyId }).answer;
    if (position === null) {
      this.filter = {};
      await this.arrange();
      ({ position } = await ask('touched.locate', { view: this.view, keyId }).answer);
    }
    await this.updateComplete;
    await this.table?.updateComplete;
    if (position !== null) this.table?.goTo(position);
  }

  private get spec(): TouchedViewSpec {
    return { filter: this.filter, sort: this.sort };
  }

  private async arrange(): Promise<void> {
    this.running?.cancel();
    const mine = ++this.asked;
    this.started = true;
    this.problem = '';
    this.busy = true;
    this.requestUpdate();
    const running = ask('touched.set', { view: this.view, spec: this.spec, count: PAGE_ROWS });
    this.running = running;
    try {
      const { rows, ...state } = await running.answer;
      if (mine !== this.asked) return;
      this.cache.invalidate();
      if (rows.length > 0) this.cache.fill(rows);
      this.take(state);
      await this.keepSelection();
    } catch (error) {
      if (mine === this.asked) this.showError(error);
    } finally {
      if (mine === this.asked) {
        this.busy = false;
        this.remember();
        this.requestUpdate();
      }
    }
  }

  private async keepSelection(): Promise<void> {
    const { table, key } = this;
    if (!table) return;
    table.selected = NOTHING;
    this.selection = NOTHING;
    if (!key) return;
    const { position } = await ask('touched.locate', { view: this.view, keyId: key.keyId }).answer;
    if (position === null || this.key !== key) return;
    table.selected = selectOne(position);
    this.selection = table.selected;
    this.requestUpdate();
  }

  private take(state: TouchedViewState): void {
    this.state = state;
    this.requestUpdate();
    this.table?.rowsChanged();
  }

  private showError(error: unknown): void {
    if (error instanceof Cancelled) return;
    this.problem = error instanceof RequestError ? message(error.info) : String(error);
    this.requestUpdate();
  }

  private remember(): void {
    const { filter, sort, key } = this;
    const state: TouchedState = { filter, sort, ...(key && { keyId: key.keyId }) };
    this.dispatchEvent(new CustomEvent('pe-state', { detail: state, bubbles: true }));
  }

  private prefer(preferences: AofPreferences): void {
    const detail: Preferences = { aof: { ...this.preferences.aof, ...preferences } };
    this.preferences = { ...this.preferences, ...detail };
    this.dispatchEvent(new CustomEvent('pe-preferences', { detail, bubbles: true }));
  }

  /** Copies the names of the selected keys. */
  async copySelection(): Promise<void> {
    if (this.history?.contains(document.activeElement)) {
      await this.history.copySelection('redis-cli');
      return;
    }
    if (selectedCount(this.selection) === 0) return;
    const { text, keys } = await ask('touched.copy', { view: this.view, positions: this.selection.ranges }).answer;
    const what = keys === 1 ? t('Copied 1 key') : t('Copied {0} keys', formatCount(keys));
    await ask('host.clipboard', { text, what }).answer;
    this.announced = what;
    this.requestUpdate();
  }

  /** Copies from the history. */
  async copyCommands(format: CommandCopyFormat): Promise<void> {
    if (format === 'key') await this.copySelection();
    else await this.history?.copySelection(format);
  }

  /** Shows the selected key in the list of commands. */
  showHistory(): void {
    const { key } = this;
    if (key) this.dispatchEvent(new CustomEvent('pe-show-history', { detail: key, bubbles: true }));
  }

  private readonly onSelect = (event: Event): void => {
    this.selection = (event as CustomEvent<Selection>).detail;
    this.requestUpdate();
    void this.showFocused();
  };

  private async showFocused(): Promise<void> {
    const { focus } = this.selection;
    let row = this.cache.row(focus);
    if (!row && focus >= 0) {
      const { rows } = await ask('touched.rows', { view: this.view, from: focus, count: 1 }).answer;
      row = rows[0];
    }
    if (this.selection.focus !== focus || row?.keyId === this.key?.keyId) return;
    this.key = row;
    this.historyRow = undefined;
    this.requestUpdate();
    this.remember();
    await this.updateComplete;
    if (row) await this.history?.show({ filter: { keyId: row.keyId }, sort: FILE_ORDER, fold: false });
    else this.history?.clear();
  }

  private readonly onActivate = (event: Event): void => {
    if ((event.target as Element).id !== 'touched') return;
    this.showHistory();
  };

  private readonly onSort = (event: Event): void => {
    this.sort = touchedSortOf((event as CustomEvent<SortState>).detail);
    void this.arrange();
  };

  private readonly onPattern = (event: Event): void => {
    const { key: _, ...rest } = this.filter;
    const key = keyFilter((event as CustomEvent<KeyPattern | undefined>).detail);
    this.filter = key ? { ...rest, key } : rest;
    if (this.table) this.table.scrollPosition = 0;
    void this.arrange();
  };

  private readonly onDb = (db: string): void => {
    const { dbs: _, ...rest } = this.filter;
    const dbs = db === '' ? undefined : toggled([], Number(db));
    this.filter = dbs ? { ...rest, dbs } : rest;
    void this.arrange();
  };

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === 'f') {
      event.preventDefault();
      this.querySelector<HTMLElement>('pe-search-box')?.focus();
    } else if (command && event.key === 'c' && (event.target as Element).closest('#touched')) {
      event.preventDefault();
      void this.copySelection();
    }
  };

  private readonly onSplit = (event: Event): void => {
    const { share, done } = (event as CustomEvent<{ share: number; done: boolean }>).detail;
    if (done) this.prefer({ split: share });
    else this.preferences = { ...this.preferences, aof: { ...this.preferences.aof, split: share } };
    requestAnimationFrame(() => this.measure());
  };

  override focus(): void {
    this.table?.focus();
  }

  /** Nothing is drawn that cannot be seen; whoever shows the tab asks for an update. */
  protected override shouldUpdate(): boolean {
    return !this.hidden;
  }

  protected override updated(): void {
    if (this.configured || !this.table) return;
    this.configured = true;
    this.table.configure(this.cache, fillTouched, lookOfTouched);
  }

  protected override render() {
    const { summary, key } = this;
    const narrow = this.width > 0 && this.width < NARROW;
    const aof = this.preferences.aof ?? {};
    const split = aof.split ?? 0.62;
    this.style.setProperty('--pe-split', `${(split * 100).toFixed(2)}%`);
    const dbs = summary?.databases ?? [];
    return html`
      <div class="keys-tools" @pe-leave=${() => this.table?.focus()}>
        <div class="touched-tools">
          <pe-search-box
            .label=${t('Search keys')}
            .pattern=${keyPattern(this.filter.key)}
            .problem=${this.problem}
            @pe-pattern=${this.onPattern}
          ></pe-search-box>
          ${
            dbs.length > 1
              ? segments(
                  t('Databases'),
                  [['', t('all databases')] as const, ...dbs.map(({ db }) => [String(db), `db ${db}`] as const)],
                  this.filter.dbs?.[0] === undefined ? '' : String(this.filter.dbs[0]),
                  this.onDb,
                )
              : nothing
          }
        </div>
      </div>
      <div class="keys-body ${narrow ? 'narrow' : ''}" @keydown=${this.onKeyDown}>
        <div class="keys-grid touched-list">
          <pe-table
            id="touched"
            .columns=${touchedColumns(summary, aof, this.listWidth)}
            .total=${this.state.total}
            .sort=${this.sort}
            .label=${t('Touched keys')}
            .multiple=${true}
            .busy=${this.busy}
            .context=${'touched'}
            @pe-select=${this.onSelect}
            @pe-activate=${this.onActivate}
            @pe-sort=${this.onSort}
          ></pe-table>
          ${this.state.total === 0 && !this.state.growing && !this.busy ? html`<div class="grid-empty dim">${t('No key passes the search and the filters.')}</div>` : nothing}
          <div class="keys-status" role="status" aria-live="polite">${this.statusText()}</div>
        </div>
        <pe-splitter aria-label=${t('Width of the list')} .share=${split} .stacked=${narrow} @pe-split=${this.onSplit}></pe-splitter>
        <div class="history-pane">
          ${
            key
              ? html`<div class="value-title history-title">
                  <span class="codicon codicon-history" aria-hidden="true"></span>
                  <span class="value-key">${key.name.bytes === 0 ? html`<span class="absent">${t('(empty name)')}</span>` : cellText(key.name)}</span>
                  ${iconButton('filter', t('Show only these in the list of commands'), () => this.showHistory())}
                </div>`
              : html`<div class="pane-empty dim">${t('Select a key to see its history.')}</div>`
          }
          <pe-command-list
            class="keys-grid"
            ?hidden=${!key}
            .view=${this.historyView}
            .name=${'history'}
            .label=${t('History')}
            .summary=${summary}
            .preferences=${aof}
            @pe-command=${(event: Event) => {
              this.historyRow = (event as CustomEvent<CommandListRow | undefined>).detail;
              this.requestUpdate();
            }}
          ></pe-command-list>
          ${
            key && this.historyRow
              ? html`<pe-command-pane
                  .row=${this.historyRow}
                  .parts=${summary?.parts ?? []}
                  @pe-copy=${(event: Event) => this.history?.copySelection((event as CustomEvent<CommandCopyFormat>).detail)}
                  @pe-close=${() => this.history?.focus()}
                ></pe-command-pane>`
              : nothing
          }
        </div>
      </div>
      <div class="visually-hidden" aria-live="polite">${this.announced}</div>
    `;
  }

  private statusText(): string {
    const { total, commands, bytes } = this.state;
    const keys = total === 1 ? t('1 touched key') : t('{0} touched keys', formatCount(total));
    // A command that names two keys counts for both.
    const parts = [keys, t('named {0} times', formatCount(commands)), t('{0} in these commands', formatBytes(bytes))];
    const selected = selectedCount(this.selection);
    if (selected > 1) parts.push(t('{0} selected', formatCount(selected)));
    return parts.join(' · ');
  }
}

customElements.define('pe-touched-view', PeTouchedView);
