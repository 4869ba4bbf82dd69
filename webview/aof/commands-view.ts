/** The command browser: search and filters, the list, and what the selected command is. */
import { html, LitElement, nothing } from 'lit';
import type {
  AofPreferences,
  AofSummary,
  CommandColumnId,
  CommandCopyFormat,
  CommandFilter,
  CommandListRow,
  CommandViewSpec,
} from '../../src/aof-protocol.js';
import type { Preferences, Result } from '../../src/protocol.js';
import { commandViewSpec, FILE_ORDER } from '../../src/view-spec.js';
import { checkbox, iconButton, textButton } from '../controls.js';
import type { Running } from '../running.js';
import '../splitter.js';
import { t } from '../strings.js';
import { commandColumnChoices } from './command-columns.js';
import { changedFilter } from './command-filter.js';
import './command-filter-bar.js';
import type { PeCommandFilterBar } from './command-filter-bar.js';
import './command-list.js';
import type { ListPlace, PeCommandList } from './command-list.js';
import './command-pane.js';
import type { PeCommandPane } from './command-pane.js';

/** Width below which the pane stands under the list instead of beside it. */
const NARROW = 720;

/** What the view remembers for the next time. */
export interface CommandsState {
  readonly filter?: CommandFilter;
  readonly keyName?: string;
  readonly sort?: CommandViewSpec['sort'];
  readonly place?: ListPlace;
  readonly follow?: boolean;
}

/** Events: `pe-preferences` with what the user arranged, `pe-state` with {@link CommandsState}, `pe-history` with a key. */
export class PeCommandsView extends LitElement {
  static override properties = {
    view: { type: Number },
    summary: { attribute: false },
    preferences: { attribute: false },
  };

  declare view: number;
  declare summary: AofSummary | undefined;
  declare preferences: Preferences;
  private filter: CommandFilter = {};
  private keyName = '';
  private sort: CommandViewSpec['sort'] = FILE_ORDER;
  private row: CommandListRow | undefined;
  private following = false;
  private narrow = false;
  private columnsOpen = false;
  private observer: ResizeObserver | undefined;

  constructor() {
    super();
    this.view = 0;
    this.preferences = {};
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private get list(): PeCommandList | null {
    return this.querySelector<PeCommandList>('pe-command-list');
  }

  private get pane(): PeCommandPane | null {
    return this.querySelector<PeCommandPane>('pe-command-pane');
  }

  private get filterBar(): PeCommandFilterBar | null {
    return this.querySelector<PeCommandFilterBar>('pe-command-filter-bar');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer = new ResizeObserver(() => {
      const narrow = this.clientWidth > 0 && this.clientWidth < NARROW;
      if (narrow === this.narrow) return;
      this.narrow = narrow;
      this.requestUpdate();
    });
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
  }

  /** Begins to show a file; as it was, if a state is given. */
  async start(state: CommandsState | undefined, first?: Running<Result<'commands.set'>>): Promise<void> {
    this.filter = state?.filter ?? {};
    this.keyName = state?.keyName ?? '';
    this.sort = state?.sort ?? FILE_ORDER;
    this.requestUpdate();
    await this.updateComplete;
    const { list } = this;
    if (!list) return;
    await list.show(this.spec, first, state?.place);
    if (state?.follow) await list.setAtEnd(true);
    this.remember();
  }

  private get spec(): CommandViewSpec {
    return commandViewSpec({ filter: this.filter, sort: this.sort }, this.preferences);
  }

  private async arrange(): Promise<void> {
    this.requestUpdate();
    await this.list?.show(this.spec);
    this.remember();
  }

  private remember(): void {
    const { filter, keyName, sort, list, following } = this;
    const state: CommandsState = { filter, keyName, sort, place: list?.place ?? {}, follow: following };
    this.dispatchEvent(new CustomEvent('pe-state', { detail: state, bubbles: true }));
  }

  private prefer(preferences: AofPreferences): void {
    const detail: Preferences = { aof: { ...this.preferences.aof, ...preferences } };
    this.preferences = { ...this.preferences, ...detail };
    this.dispatchEvent(new CustomEvent('pe-preferences', { detail, bubbles: true }));
  }

  // What others ask for.

  /** Shows the commands that pass a filter, with what is set already or without. */
  async filterBy(filter: CommandFilter, keyName = ''): Promise<void> {
    this.filter = filter;
    this.keyName = keyName;
    if (this.list?.table) this.list.table.scrollPosition = 0;
    await this.arrange();
  }

  /** Shows commands from a number to another; all that is set beside that stays. */
  async showRange(range: readonly [from: number, to: number] | undefined): Promise<void> {
    await this.filterBy(changedFilter(this.filter, { range }), this.keyName);
  }

  /** The number of the command, or of the first one of the transaction, that is selected. */
  get selectedCommand(): number | undefined {
    return this.row && 'command' in this.row ? this.row.command : undefined;
  }

  /** Selects a command; clears the filter if that hides it. */
  async showCommand(command: number): Promise<void> {
    if (!(await this.list?.goTo(command))) {
      await this.filterBy({});
      await this.list?.goTo(command);
    }
    this.list?.focus();
  }

  /** Copies what is selected. */
  async copySelection(format: CommandCopyFormat): Promise<void> {
    await this.list?.copySelection(format);
  }

  /** Shows the bytes of the selected command. */
  showBytes(): void {
    this.pane?.showBytes();
  }

  /** Shows the history of the first key of the selected command. */
  async showHistory(): Promise<void> {
    await this.updateComplete;
    this.querySelector<HTMLElement>('pe-command-pane .codicon-history')?.click();
  }

  override focus(): void {
    this.list?.focus();
  }

  // What the user does.

  private readonly onFilter = (event: Event): void => {
    event.stopPropagation();
    this.filter = (event as CustomEvent<CommandFilter>).detail;
    if (this.list?.table) this.list.table.scrollPosition = 0;
    void this.arrange();
  };

  private readonly onOrder = (event: Event): void => {
    this.sort = (event as CustomEvent<CommandViewSpec['sort']>).detail;
    void this.arrange();
  };

  private readonly onCommand = (event: Event): void => {
    this.row = (event as CustomEvent<CommandListRow | undefined>).detail;
    this.requestUpdate();
    this.remember();
  };

  private readonly onEnd = (event: Event): void => {
    this.following = (event as CustomEvent<boolean>).detail;
    this.requestUpdate();
    this.remember();
  };

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'f') {
      event.preventDefault();
      event.stopPropagation();
      this.filterBar?.focusSearch();
    } else if (event.key === 'Escape' && !event.defaultPrevented && Object.keys(this.filter).length > 0) {
      const inList = (event.target as Element).closest('pe-command-list') !== null;
      if (inList) void this.filterBy({});
    }
  };

  private readonly onSplit = (event: Event): void => {
    const { share, done } = (event as CustomEvent<{ share: number; done: boolean }>).detail;
    if (done) this.prefer({ split: share });
    else this.preferences = { ...this.preferences, aof: { ...this.preferences.aof, split: share } };
    this.requestUpdate();
  };

  private readonly toggleFold = (): void => {
    this.prefer({ fold: !(this.preferences.aof?.fold ?? true) });
    void this.arrange();
  };

  private readonly toggleFollow = (): void => {
    void this.list?.setAtEnd(!this.following);
  };

  private readonly toggleColumns = (): void => {
    this.columnsOpen = !this.columnsOpen;
    this.requestUpdate();
  };

  private showColumn(id: CommandColumnId, shown: boolean): void {
    const { hiddenColumns = [], shownColumns = [] } = this.preferences.aof ?? {};
    const without = (columns: readonly CommandColumnId[]) => columns.filter((one) => one !== id);
    this.prefer({
      hiddenColumns: shown ? without(hiddenColumns) : [...without(hiddenColumns), id],
      shownColumns: shown ? [...without(shownColumns), id] : without(shownColumns),
    });
    this.requestUpdate();
  }

  protected override render() {
    const { narrow, preferences, summary } = this;
    const aof = preferences.aof ?? {};
    const split = aof.split ?? 0.62;
    // Set here because the page's policy allows no style attributes.
    this.style.setProperty('--pe-split', `${(split * 100).toFixed(2)}%`);
    const fold = aof.fold ?? true;
    return html`
      <div class="keys-tools" @pe-filter=${this.onFilter} @pe-leave=${() => this.list?.focus()}>
        <pe-command-filter-bar .summary=${summary} .filter=${this.filter} .keyName=${this.keyName}></pe-command-filter-bar>
        <div class="keys-options">
          ${
            (summary?.transactions ?? 0) > 0
              ? iconButton('fold', t('Transactions as rows that open'), this.toggleFold, { on: fold })
              : nothing
          }
          ${summary?.following ? this.renderFollow() : nothing}
          ${iconButton('list-selection', t('Columns'), this.toggleColumns, { on: this.columnsOpen })}
          ${this.columnsOpen ? this.renderColumnChoices() : nothing}
        </div>
      </div>
      <div class="keys-body ${narrow ? 'narrow' : ''}" @keydown=${this.onKeyDown}>
        <pe-command-list
          class="keys-grid"
          .view=${this.view}
          .name=${'commands'}
          .label=${t('Commands')}
          .summary=${summary}
          .preferences=${aof}
          @pe-command=${this.onCommand}
          @pe-open=${() => this.pane?.focus()}
          @pe-order=${this.onOrder}
          @pe-end=${this.onEnd}
          @pe-widths=${(event: Event) => this.prefer({ columnWidths: (event as CustomEvent).detail })}
        ></pe-command-list>
        <pe-splitter aria-label=${t('Width of the list')} .share=${split} .stacked=${narrow} @pe-split=${this.onSplit}></pe-splitter>
        <pe-command-pane
          .row=${this.row}
          .parts=${summary?.parts ?? []}
          @pe-copy=${(event: Event) => this.copySelection((event as CustomEvent<CommandCopyFormat>).detail)}
          @pe-range=${(event: Event) => this.showRange((event as CustomEvent<readonly [number, number]>).detail)}
          @pe-close=${() => this.list?.focus()}
        ></pe-command-pane>
      </div>
    `;
  }

  private renderFollow() {
    return html`<vscode-button
      class="follow"
      appearance=${this.following ? 'primary' : 'secondary'}
      aria-pressed=${this.following}
      title=${t('Keep the last command in sight while the file grows')}
      @click=${this.toggleFollow}
      ><span slot="start" class="codicon codicon-arrow-down"></span>${t('Follow')}</vscode-button
    >`;
  }

  private renderColumnChoices() {
    const choices = commandColumnChoices(this.summary, this.preferences.aof ?? {});
    return html`<div class="column-choices" role="dialog" aria-label=${t('Columns')} @keydown=${this.onColumnsKey}>
      ${choices
        .filter(({ id }) => id !== 'command')
        .map(({ id, label, shown }) => checkbox(label, shown, () => this.showColumn(id, !shown)))}
      ${textButton(t('Close'), this.toggleColumns)}
    </div>`;
  }

  private readonly onColumnsKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.toggleColumns();
  };
}

customElements.define('pe-commands-view', PeCommandsView);
