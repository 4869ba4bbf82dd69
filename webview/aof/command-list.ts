/** A list of commands, of whatever a filter lets through: rows a page at a time, transactions that open, damage in its place. */
import { html, LitElement, nothing } from 'lit';
import type {
  AofPreferences,
  AofSummary,
  CommandColumnId,
  CommandCopyFormat,
  CommandListRow,
  CommandViewSpec,
  CommandViewState,
} from '../../src/aof-protocol.js';
import { formatBytes, formatCount } from '../../src/format/quantities.js';
import type { Result } from '../../src/protocol.js';
import { PAGE_ROWS } from '../../src/view-spec.js';
import { ask, onEvent, RequestError } from '../connection.js';
import { iconButton } from '../controls.js';
import type { SortState } from '../grid/columns.js';
import { PageCache } from '../grid/page-cache.js';
import { NOTHING, type Selection, selectedCount, selectOne } from '../grid/selection.js';
import type { PeTable } from '../grid/table.js';
import '../grid/table.js';
import { Cancelled, type Running } from '../running.js';
import { message, t } from '../strings.js';
import { tellSelection } from '../told-selection.js';
import { commandsText } from './aof-texts.js';
import { commandCells, lookOfCommand } from './command-cells.js';
import { commandColumns, shownSort, sortOf } from './command-columns.js';

/** Milliseconds of work after which its progress is shown. */
const PROGRESS_MS = 300;

/** Where a list was: its command, and how far it was scrolled. */
export interface ListPlace {
  readonly command?: number | undefined;
  readonly scroll?: number;
}

const EMPTY: CommandViewState = { total: 0, commands: 0, bytes: 0, growing: true };

/**
 * Events: `pe-command` with the row that has the focus, `pe-open` on Enter or double click, `pe-order` with another
 * order, `pe-widths` with another width of a column, `pe-rows` when there are other rows, `pe-end` with whether the last row is in sight.
 */
export class PeCommandList extends LitElement {
  static override properties = {
    view: { type: Number },
    name: { type: String },
    label: { type: String },
    summary: { attribute: false },
    preferences: { attribute: false },
  };

  declare view: number;
  /** Id of the table. */
  declare name: string;
  declare label: string;
  declare summary: AofSummary | undefined;
  declare preferences: AofPreferences;
  state: CommandViewState = EMPTY;
  /** Keeps the last row in sight when rows are added. */
  atEnd = false;
  private spec: CommandViewSpec | undefined;
  private selection: Selection = NOTHING;
  private row: CommandListRow | undefined;
  private problem = '';
  private progress = -1;
  private width = 0;
  private running: Running<Result<'commands.set'>> | undefined;
  private asked = 0;
  private busy = false;
  private announced = '';
  private hasTold = false;
  private cells: { readonly parts: string; readonly fill: ReturnType<typeof commandCells> } | undefined;
  private observer: ResizeObserver | undefined;
  private stopListening: (() => void) | undefined;

  private readonly cache = new PageCache<CommandListRow>(
    (from, count) => {
      const running = ask('commands.rows', { view: this.view, from, count });
      return { answer: running.answer.then(({ rows }) => rows), cancel: () => running.cancel() };
    },
    () => {
      this.table?.rowsChanged();
      this.tellShown();
    },
    (error) => this.showError(error),
  );

  constructor() {
    super();
    this.view = 0;
    this.name = 'commands';
    this.label = '';
    this.preferences = {};
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  get table(): PeTable | null {
    return this.querySelector<PeTable>('pe-table');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer = new ResizeObserver(() => {
      if (this.clientWidth === this.width) return;
      this.width = this.clientWidth;
      this.requestUpdate();
    });
    this.observer.observe(this);
    this.stopListening = onEvent((event) => {
      if (event.event !== 'commands' || event.view !== this.view || !this.spec) return;
      if (event.reordered) void this.rearranged(event.state);
      else this.take(event.state);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
    this.stopListening?.();
  }

  private emit(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  /** Shows something else. @param place where to go; without one the selected command is kept, if it is still shown. */
  async show(spec: CommandViewSpec, first?: Running<Result<'commands.set'>>, place?: ListPlace): Promise<void> {
    this.running?.cancel();
    const mine = ++this.asked;
    const started = performance.now();
    this.spec = spec;
    this.problem = '';
    this.busy = true;
    this.requestUpdate();
    const onProgress = (done: number) => {
      if (mine === this.asked && performance.now() - started > PROGRESS_MS) this.setProgress(done);
    };
    const { view } = this;
    const running = first ?? ask('commands.set', { view, spec, count: PAGE_ROWS }, onProgress);
    this.running = running;
    try {
      const { rows, ...state } = await running.answer;
      if (mine !== this.asked) return;
      this.cache.invalidate();
      if (rows.length > 0) this.cache.fill(rows);
      this.take(state);
      // What was told of the view before this element was there has been heard by nobody.
      if (first && state.growing) this.take((await ask('commands.rows', { view, from: 0, count: 0 }).answer).state);
      await this.goBack(place ?? { command: this.selectedCommand });
    } catch (error) {
      if (mine === this.asked) this.showError(error);
    } finally {
      if (mine === this.asked) {
        this.busy = false;
        this.setProgress(-1);
      }
    }
  }

  /** Shows nothing, until there is something to show. */
  clear(): void {
    this.running?.cancel();
    this.asked++;
    this.spec = undefined;
    this.cache.clear();
    this.state = { ...EMPTY, growing: false };
    this.select(NOTHING);
    this.requestUpdate();
  }

  /** Number of the command that is selected. */
  get selectedCommand(): number | undefined {
    return this.row && this.row.kind !== 'damage' ? this.row.command : undefined;
  }

  /** The row that has the focus. */
  get focusedRow(): CommandListRow | undefined {
    return this.row;
  }

  /** Where the list is, to go back to it later. */
  get place(): ListPlace {
    return { command: this.selectedCommand, scroll: this.table?.scrollPosition ?? 0 };
  }

  private async goBack({ command, scroll }: ListPlace): Promise<void> {
    const { table } = this;
    if (!table) return;
    await this.updateComplete;
    if (scroll !== undefined) table.scrollPosition = scroll;
    if (command === undefined) {
      this.select(NOTHING);
      return;
    }
    const { position, state } = await ask('commands.locate', { view: this.view, command }).answer;
    this.take(state);
    if (position === null) this.select(NOTHING);
    else this.select(selectOne(position));
  }

  private select(selection: Selection): void {
    if (this.table) this.table.selected = selection;
    this.selection = selection;
    void this.showFocused();
  }

  /** The rows have another order, or are other ones. */
  private async rearranged(state: CommandViewState): Promise<void> {
    this.cache.invalidate();
    this.take(state);
    await this.goBack({ command: this.selectedCommand });
  }

  private take(state: CommandViewState): void {
    const grown = state.total > this.state.total;
    this.state = state;
    this.requestUpdate();
    this.table?.rowsChanged();
    this.emit('pe-rows', state);
    if (grown && this.atEnd) void this.stayAtEnd();
  }

  private async stayAtEnd(): Promise<void> {
    await this.updateComplete;
    await this.table?.updateComplete;
    this.table?.scrollToEnd();
  }

  /** Stays at the last row from now on, or no more. */
  async setAtEnd(on: boolean): Promise<void> {
    this.atEnd = on;
    if (on) await this.stayAtEnd();
    this.emit('pe-end', on);
  }

  private readonly onScroll = (): void => {
    const atEnd = this.table?.atEnd ?? false;
    if (atEnd === this.atEnd) return;
    this.atEnd = atEnd;
    this.emit('pe-end', atEnd);
  };

  /** Selects a command and shows it. @returns false if it does not pass the filter. */
  async goTo(command: number): Promise<boolean> {
    const { position, state } = await ask('commands.locate', { view: this.view, command }).answer;
    if (position === null) return false;
    this.cache.invalidate();
    this.take(state);
    await this.updateComplete;
    await this.table?.updateComplete;
    this.table?.goTo(position);
    return true;
  }

  private setProgress(done: number): void {
    this.progress = done;
    this.requestUpdate();
  }

  private showError(error: unknown): void {
    if (error instanceof Cancelled) return;
    this.problem = error instanceof RequestError ? message(error.info) : String(error);
    this.requestUpdate();
  }

  /** Tells the extension, once, when the first rows have been drawn. */
  private tellShown(): void {
    if (this.hasTold || this.name !== 'commands') return;
    this.hasTold = true;
    requestAnimationFrame(() => requestAnimationFrame((at) => void markShown(at)));
  }

  private readonly onSelect = (event: Event): void => {
    event.stopPropagation();
    this.selection = (event as CustomEvent<Selection>).detail;
    this.requestUpdate();
    void this.showFocused();
  };

  /** Tells which row has the focus, as soon as it is known. */
  private async showFocused(): Promise<void> {
    const { focus } = this.selection;
    let row = focus < 0 ? undefined : this.cache.row(focus);
    if (!row && focus >= 0) {
      const { rows } = await ask('commands.rows', { view: this.view, from: focus, count: 1 }).answer;
      row = rows[0];
    }
    if (this.selection.focus !== focus) return;
    this.row = row;
    this.emit('pe-command', row);
    tellSelection(this.selection, {
      of: 'commands',
      view: this.view,
      filtered: Object.keys(this.spec?.filter ?? {}).length > 0,
      command: this.selectedCommand ?? null,
      part: null,
    });
  }

  private readonly onActivate = (event: Event): void => {
    event.stopPropagation();
    const { position } = (event as CustomEvent<{ position: number }>).detail;
    const row = this.cache.row(position);
    if (row?.kind === 'transaction') void this.expand(row.command, !row.expanded);
    else this.emit('pe-open', row);
  };

  private readonly onExpand = (event: Event): void => {
    event.stopPropagation();
    const { position, expanded } = (event as CustomEvent<{ position: number; expanded?: boolean }>).detail;
    const row = this.cache.row(position);
    if (row?.kind === 'transaction' && (expanded === undefined || expanded !== row.expanded)) {
      void this.expand(row.command, expanded ?? !row.expanded);
    } else if (expanded === false && row?.kind === 'command' && row.depth > 0) {
      this.goToTransaction(position);
    }
  };

  /** The row of the transaction that a row is in. */
  private goToTransaction(position: number): void {
    for (let at = position - 1; at >= 0; at--) {
      const row = this.cache.row(at);
      if (!row) return;
      if (row.kind === 'transaction') {
        this.table?.goTo(at);
        return;
      }
    }
  }

  private async expand(command: number, expanded: boolean): Promise<void> {
    try {
      const state = await ask('commands.expand', { view: this.view, command, expanded }).answer;
      this.cache.invalidate();
      this.take(state);
    } catch (error) {
      this.showError(error);
    }
  }

  private readonly onSort = (event: Event): void => {
    event.stopPropagation();
    this.emit('pe-order', sortOf((event as CustomEvent<SortState>).detail));
  };

  private readonly onResize = (event: Event): void => {
    event.stopPropagation();
    const { column, width, done } = (event as CustomEvent<{ column: CommandColumnId; width: number; done: boolean }>)
      .detail;
    const columnWidths = { ...this.preferences.columnWidths, [column]: width };
    this.preferences = { ...this.preferences, columnWidths };
    if (done) this.emit('pe-widths', columnWidths);
  };

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== 'c') return;
    event.preventDefault();
    void this.copySelection('redis-cli');
  };

  /** Copies the selected rows; of transactions the commands in them. */
  async copySelection(format: CommandCopyFormat): Promise<void> {
    if (selectedCount(this.selection) === 0) return;
    try {
      const { ranges } = this.selection;
      const { text, commands } = await ask('commands.copy', { view: this.view, positions: ranges, format }).answer;
      const what = commands === 1 ? t('Copied 1 command') : t('Copied {0} commands', formatCount(commands));
      await ask('host.clipboard', { text, what }).answer;
      this.announced = what;
      this.requestUpdate();
    } catch (error) {
      this.showError(error);
    }
  }

  /** Puts the keyboard into the list. */
  override focus(): void {
    this.table?.focus();
  }

  protected override updated(): void {
    const parts = (this.summary?.parts ?? []).map(({ file }) => file);
    const known = parts.join('\n');
    if (this.table && this.cells?.parts !== known) {
      this.cells = { parts: known, fill: commandCells(parts) };
      this.table.configure(this.cache, this.cells.fill, lookOfCommand);
    }
  }

  protected override render() {
    this.style.setProperty('--pe-done', `${(Math.max(0, this.progress) * 100).toFixed(1)}%`);
    const { spec, state } = this;
    return html`
      ${this.problem ? html`<div class="message error" role="alert">${this.problem}</div>` : nothing}
      <pe-table
        id=${this.name}
        .columns=${commandColumns(this.summary, this.preferences, this.width)}
        .total=${state.total}
        .sort=${spec && shownSort(spec.sort)}
        .label=${this.label}
        .multiple=${true}
        .tree=${spec?.fold === true}
        .busy=${this.busy}
        .context=${'command'}
        @keydown=${this.onKeyDown}
        @pe-select=${this.onSelect}
        @pe-activate=${this.onActivate}
        @pe-expand=${this.onExpand}
        @pe-sort=${this.onSort}
        @pe-resize=${this.onResize}
        @pe-scroll=${this.onScroll}
      ></pe-table>
      ${state.total === 0 && !state.growing && !this.busy && spec ? this.renderEmpty(spec) : nothing}
      <div class="keys-status" role="status" aria-live="polite">${this.statusText()}</div>
      ${this.renderProgress()}
      <div class="visually-hidden" aria-live="polite">${this.announced}</div>
    `;
  }

  private renderEmpty({ filter }: CommandViewSpec) {
    return html`<div class="grid-empty dim">
      ${Object.keys(filter).length > 0 ? t('No command passes the search and the filters.') : t('The file holds no commands.')}
    </div>`;
  }

  private renderProgress() {
    if (this.progress < 0) return nothing;
    return html`<div class="busy-bar" role="progressbar" aria-label=${t('Searching and sorting')} aria-valuenow=${Math.round(this.progress * 100)}>
      <div class="busy-done"></div>
      ${iconButton('close', t('Cancel'), () => this.running?.cancel())}
    </div>`;
  }

  private statusText(): string {
    const { commands, bytes } = this.state;
    const all = this.summary?.commands ?? commands;
    const selected = selectedCount(this.selection);
    const filtered = Object.keys(this.spec?.filter ?? {}).length > 0;
    const parts = [
      filtered ? t('{0} of {1} commands', formatCount(commands), formatCount(all)) : commandsText(commands),
      t('{0} in the file', formatBytes(bytes)),
    ];
    if (selected > 1) parts.push(t('{0} rows selected', formatCount(selected)));
    return parts.join(' · ');
  }
}

/** For those who measure, in the performance panel and in the benchmark. */
async function markShown(at: number): Promise<void> {
  const { after } = await ask('host.shown', {}).answer;
  performance.mark('first rows', { startTime: at, detail: after });
}

customElements.define('pe-command-list', PeCommandList);
