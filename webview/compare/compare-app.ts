/** The page of a comparison: how many keys differ, which, by namespace, and one of them side by side. */
import { html, LitElement, nothing } from 'lit';
import type {
  ChangeKind,
  CompareHostState,
  CompareLabel,
  CompareSide,
  CompareSpec,
  CompareSummary,
  DifferenceRow,
} from '../../src/compare-protocol.js';
import { formatBytes, formatCount, formatTime } from '../../src/format/quantities.js';
import type { ErrorInfo, EventMessage, KeyPattern } from '../../src/protocol.js';
import { PAGE_ROWS } from '../../src/view-spec.js';
import { ask, onEvent, RequestError, saveState } from '../connection.js';
import { iconButton, segments, textButton } from '../controls.js';
import type { SortState } from '../grid/columns.js';
import { PageCache } from '../grid/page-cache.js';
import { NOTHING, type Selection, selectedCount, selectOne } from '../grid/selection.js';
import type { PeTable } from '../grid/table.js';
import '../grid/table.js';
import { Cancelled, type Running } from '../running.js';
import '../search-box.js';
import '../splitter.js';
import { message, setStrings, t } from '../strings.js';
import { growthText, KIND_ICONS, kindText } from './compare-texts.js';
import { differenceColumns, differenceSort, fillDifference, lookOfDifference } from './difference-columns.js';
import './key-view.js';
import type { PeCompareKey } from './key-view.js';
import './namespaces-view.js';
import type { PeCompareNamespaces } from './namespaces-view.js';

const KINDS: readonly ChangeKind[] = ['added', 'removed', 'changed'];
/** Below this width in pixels the list and what stands beside it are one below the other. */
const NARROW = 700;

export class PeCompareApp extends LitElement {
  private host: CompareHostState | undefined;
  private summary: CompareSummary | undefined;
  private failure: ErrorInfo | null = null;
  private changedOnDisk = false;
  private notice = '';
  private kinds: ReadonlySet<ChangeKind> = new Set();
  private pattern: KeyPattern | undefined;
  private problem = '';
  private namespace = '';
  private sort: CompareSpec['sort'] = { column: 'key', descending: false };
  private total = 0;
  private busy = false;
  private version = 0;
  private pane: 'namespaces' | 'key' = 'namespaces';
  private shown: number | undefined;
  private selection: Selection = NOTHING;
  private split = 0.56;
  private widths: Readonly<Record<string, number>> = {};
  private running: Running<unknown> | undefined;
  private observer: ResizeObserver | undefined;
  private started = false;
  private configured: PeTable | undefined;
  private announced = '';
  private readonly cache = new PageCache<DifferenceRow>(
    (from, count) => {
      const running = ask('compare.rows', { from, count });
      return { answer: running.answer.then(({ rows }) => rows), cancel: () => running.cancel() };
    },
    () => this.table?.rowsChanged(),
    (error) => this.showError(error),
  );

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    onEvent((event) => this.receive(event));
    window.addEventListener('unhandledrejection', this.onRejection);
    const host = JSON.parse(this.dataset.state ?? '{}') as CompareHostState;
    setStrings(host.strings);
    this.take(host);
    this.observer = new ResizeObserver(() => this.requestUpdate());
    this.observer.observe(this);
    void this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('unhandledrejection', this.onRejection);
    this.observer?.disconnect();
  }

  /** What has happened since the page was made is asked for. */
  private async begin(): Promise<void> {
    this.take(await ask('host.compareReady', {}).answer);
    if (!this.failure) this.takeSummary(await ask('compare.summary', {}).answer);
  }

  private take(host: CompareHostState): void {
    this.host = host;
    this.failure = host.failure;
    saveState(host.saved);
    this.requestUpdate();
  }

  private get table(): PeTable | null {
    return this.querySelector<PeTable>('#differences');
  }

  private get keyView(): PeCompareKey | null {
    return this.querySelector<PeCompareKey>('pe-compare-key');
  }

  private receive(event: EventMessage): void {
    switch (event.event) {
      case 'compareSummary':
        this.takeSummary(event.summary);
        break;
      case 'fileChanged':
        this.changedOnDisk = true;
        this.requestUpdate();
        break;
      case 'failed':
        this.failure = { code: 'not-open', template: event.failure.template, args: event.failure.args };
        this.requestUpdate();
        break;
      case 'reloaded':
        void this.restart();
        break;
      case 'command':
        if (event.command.name === 'copy') void this.copy(event.command.format === 'json' ? 'json' : 'names');
        break;
    }
  }

  /** The files were opened anew, or have changed places. */
  private async restart(): Promise<void> {
    this.summary = undefined;
    this.changedOnDisk = false;
    this.notice = '';
    this.started = false;
    this.shown = undefined;
    this.selection = NOTHING;
    this.pane = 'namespaces';
    this.keyView?.clear();
    this.cache.clear();
    this.total = 0;
    await this.begin();
  }

  private takeSummary(summary: CompareSummary): void {
    this.summary = summary;
    this.requestUpdate();
    if (summary.state !== 'ready' || this.started) return;
    this.started = true;
    void this.arrange();
  }

  private readonly onRejection = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    this.showError(event.reason);
  };

  private showError(error: unknown): void {
    if (error instanceof Cancelled) return;
    this.notice = error instanceof RequestError ? message(error.info) : String(error);
    this.requestUpdate();
    if (error instanceof RequestError) return;
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    void ask('host.log', { level: 'error', message: stack }).answer;
  }

  private get spec(): CompareSpec {
    const { kinds, pattern, namespace: prefix, sort } = this;
    return {
      ...(kinds.size > 0 && { kinds: [...kinds] }),
      ...(pattern && { key: pattern }),
      ...(prefix !== '' && { prefix }),
      sort,
    };
  }

  private async arrange(): Promise<void> {
    this.running?.cancel();
    this.problem = '';
    this.busy = true;
    this.requestUpdate();
    const running = ask('compare.set', { spec: this.spec, count: PAGE_ROWS });
    this.running = running;
    try {
      const { rows, total } = await running.answer;
      if (this.running !== running) return;
      this.cache.clear();
      this.cache.fill(rows);
      this.total = total;
      this.version++;
      await this.keepSelection();
    } catch (error) {
      if (this.running !== running || error instanceof Cancelled) return;
      if (error instanceof RequestError && error.info.code === 'bad-pattern') this.problem = message(error.info);
      else this.showError(error);
    } finally {
      if (this.running === running) {
        this.busy = false;
        this.requestUpdate();
      }
    }
  }

  /** The key that is shown stays selected where the list still has it. */
  private async keepSelection(): Promise<void> {
    const { table, shown } = this;
    this.selection = NOTHING;
    if (table) table.selected = NOTHING;
    if (shown === undefined) return;
    const { position } = await ask('compare.locate', { difference: shown }).answer;
    if (position === null || !table) return;
    this.selection = selectOne(position);
    table.selected = this.selection;
  }

  private toggle(kind: ChangeKind): void {
    const kinds = new Set(this.kinds);
    if (!kinds.delete(kind)) kinds.add(kind);
    this.kinds = kinds;
    this.toTop();
  }

  private toTop(): void {
    if (this.table) this.table.scrollPosition = 0;
    void this.arrange();
  }

  private readonly onPattern = (event: Event): void => {
    this.pattern = (event as CustomEvent<KeyPattern | undefined>).detail;
    this.toTop();
  };

  private readonly onNamespace = (event: Event): void => {
    this.namespace = (event as CustomEvent<string>).detail;
    this.toTop();
  };

  private readonly onSort = (event: Event): void => {
    if ((event.target as Element).id !== 'differences') return;
    this.sort = differenceSort((event as CustomEvent<SortState>).detail);
    void this.arrange();
  };

  private readonly onResize = (event: Event): void => {
    const { column, width } = (event as CustomEvent<{ column: string; width: number }>).detail;
    this.widths = { ...this.widths, [column]: width };
    this.requestUpdate();
  };

  private readonly onSelect = (event: Event): void => {
    this.selection = (event as CustomEvent<Selection>).detail;
    this.requestUpdate();
    // Beside a key that is shown, the next one is shown as it is walked over.
    if (this.pane === 'key') void this.showRow(this.selection.focus);
  };

  private readonly onActivate = (event: Event): void => {
    void this.showRow((event as CustomEvent<{ position: number }>).detail.position);
  };

  private async showRow(position: number): Promise<void> {
    const row = this.cache.row(position) ?? (await ask('compare.rows', { from: position, count: 1 }).answer).rows[0];
    if (!row) return;
    this.pane = 'key';
    if (this.shown === row.difference) {
      this.requestUpdate();
      return;
    }
    this.shown = row.difference;
    this.requestUpdate();
    await this.updateComplete;
    await this.keyView?.show(row.difference);
  }

  private readonly onType = async (event: Event): Promise<void> => {
    const { text, from } = (event as CustomEvent<{ text: string; from: number }>).detail;
    const { position } = await ask('compare.find', { text, from }).answer;
    if (position !== null) this.table?.goTo(position);
  };

  private async copy(format: 'names' | 'json'): Promise<void> {
    if (selectedCount(this.selection) === 0) return;
    const { text, keys } = await ask('compare.copy', { positions: this.selection.ranges, format }).answer;
    const what = keys === 1 ? t('Copied 1 key') : t('Copied {0} keys', formatCount(keys));
    await ask('host.clipboard', { text, what }).answer;
    this.announced = what;
    this.requestUpdate();
  }

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === 'f') {
      event.preventDefault();
      this.querySelector<HTMLElement>('pe-search-box')?.focus();
    } else if (command && event.key === 'c' && (event.target as Element).closest('#differences')) {
      event.preventDefault();
      void this.copy('names');
    }
  };

  private readonly onSplit = (event: Event): void => {
    this.split = (event as CustomEvent<{ share: number }>).detail.share;
    this.requestUpdate();
  };

  private readonly setPane = (pane: 'namespaces' | 'key'): void => {
    this.pane = pane;
    this.requestUpdate();
    void this.updateComplete.then(() => {
      if (pane === 'namespaces') this.querySelector<PeCompareNamespaces>('pe-compare-namespaces')?.requestUpdate();
      else if (this.shown === undefined) void this.showRow(Math.max(0, this.selection.focus));
    });
  };

  protected override updated(): void {
    const { table } = this;
    if (!table || table === this.configured) return;
    this.configured = table;
    table.configure(this.cache, fillDifference, lookOfDifference);
  }

  protected override render() {
    const { host, summary } = this;
    if (!host) return nothing;
    const failure = this.failure ?? summary?.failure?.error;
    if (failure) return this.renderFailure(failure, summary?.failure?.side ?? null);
    return html`
      ${this.renderHeader(host, summary)} ${this.renderBanners()}
      ${summary?.state === 'ready' ? this.renderBody(summary) : this.renderProgress(summary)}
      <div class="visually-hidden" aria-live="polite">${this.announced}</div>
    `;
  }

  private renderFailure(failure: ErrorInfo, side: CompareSide | null) {
    const label = side && this.host?.[side];
    return html`<div class="stop" role="alert">
      <span class="codicon codicon-error" aria-hidden="true"></span>
      <p>${label ? html`<strong>${labelText(label)}</strong><br />` : nothing}${message(failure)}</p>
      <div class="stop-actions">${textButton(t('Try again'), () => void ask('host.reload', {}).answer)}</div>
    </div>`;
  }

  private renderBanners() {
    const { notice } = this;
    return html`${
      this.changedOnDisk
        ? html`<div class="banner" role="alert">
            <span class="codicon codicon-warning" aria-hidden="true"></span
            ><span>${t('A file has changed on disk since the comparison.')}</span>
            ${textButton(t('Compare anew'), () => void ask('host.reload', {}).answer, 'refresh')}
          </div>`
        : nothing
    }
    ${
      notice === ''
        ? nothing
        : html`<div class="banner error" role="alert">
            <span class="codicon codicon-error" aria-hidden="true"></span><span>${notice}</span>
            ${iconButton('close', t('Close'), () => {
              this.notice = '';
              this.requestUpdate();
            })}
          </div>`
    }`;
  }

  private renderHeader(host: CompareHostState, summary: CompareSummary | undefined) {
    const file = (side: CompareSide) => {
      const info = summary?.[side];
      const lines = [labelText(host[side])];
      if (info?.created) lines.push(t('saved {0} UTC', formatTime(info.created)));
      if (info) lines.push(`${info.magic ?? ''} ${formatBytes(info.bytes)}`.trim());
      const problems = info ? info.problems.length + info.moreProblems : 0;
      return html`<button class="summary-part cmp-file" title=${lines.join('\n')} @click=${() => void ask('host.compareOpen', { side }).answer}>
          ${labelText(host[side])}</button
        >${
          problems > 0
            ? html`<button
                class="summary-part warning"
                title=${info?.problems.slice(0, 10).map(message).join('\n') ?? ''}
                @click=${() => void ask('host.compareOpen', { side }).answer}
              >
                <span class="codicon codicon-warning" aria-hidden="true"></span>${problems === 1 ? t('1 problem') : t('{0} problems', formatCount(problems))}
              </button>`
            : nothing
        }`;
    };
    const ready = summary?.state === 'ready';
    return html`<header class="summary cmp-summary" aria-label=${t('Summary')}>
      ${file('left')}
      ${iconButton('arrow-swap', t('Swap sides'), () => void ask('host.compareSwap', {}).answer)}
      ${file('right')}
      ${iconButton('refresh', t('Compare anew'), () => void ask('host.reload', {}).answer)}
      ${
        ready
          ? html`<span class="summary-part">${t('{0} → {1} keys', formatCount(summary.left.keys), formatCount(summary.right.keys))}</span>
              <span class="summary-part">${formatBytes(summary.left.bytes)} → ${formatBytes(summary.right.bytes)} (${growthText(summary.right.bytes - summary.left.bytes)})</span>
              <span class="summary-part">${t('{0} unchanged', formatCount(summary.unchanged))}</span>`
          : nothing
      }
    </header>`;
  }

  private renderProgress(summary: CompareSummary | undefined) {
    const done = Math.floor(100 * (summary?.done ?? 0));
    const text = summary?.state === 'comparing' ? t('Comparing…') : t('Reading the files…');
    return html`<div class="stop cmp-progress" role="progressbar" aria-label=${text} aria-valuenow=${done}>
      <vscode-progress-ring></vscode-progress-ring>
      <p>${text} ${done} %</p>
    </div>`;
  }

  private renderBody(summary: CompareSummary) {
    const narrow = this.clientWidth > 0 && this.clientWidth < NARROW;
    this.style.setProperty('--pe-split', `${(this.split * 100).toFixed(2)}%`);
    const width = this.clientWidth * (narrow ? 1 : this.split) - 8;
    const same = KINDS.every((kind) => summary[kind].keys === 0);
    if (same) {
      return html`<div class="stop" role="status">
        <span class="codicon codicon-check" aria-hidden="true"></span>
        <p>${t('No key differs.')}</p>
      </div>`;
    }
    return html`
      <div class="cmp-tools" @pe-leave=${() => this.table?.focus()}>
        <pe-search-box
          .label=${t('Search keys')}
          .pattern=${this.pattern}
          .problem=${this.problem}
          @pe-pattern=${this.onPattern}
        ></pe-search-box>
        <div class="chips cmp-chips" role="group" aria-label=${t('Kinds of differences')}>
          ${KINDS.map((kind) => this.renderChip(kind, summary))}
          ${
            this.namespace === ''
              ? nothing
              : html`<button class="chip removable on" title=${t('Show all namespaces')} @click=${() => {
                  this.namespace = '';
                  this.toTop();
                }}>
                  <span class="codicon codicon-folder" aria-hidden="true"></span><span class="chip-text">${this.namespace}</span
                  ><span class="codicon codicon-close" aria-hidden="true"></span>
                </button>`
          }
        </div>
      </div>
      <div class="keys-body ${narrow ? 'narrow' : ''}" @keydown=${this.onKeyDown}>
        <div class="keys-grid">
          <pe-table
            id="differences"
            .columns=${differenceColumns(width, this.widths)}
            .total=${this.total}
            .sort=${this.sort}
            .label=${t('Differences')}
            .multiple=${true}
            .busy=${this.busy}
            .context=${'difference'}
            @pe-select=${this.onSelect}
            @pe-activate=${this.onActivate}
            @pe-sort=${this.onSort}
            @pe-resize=${this.onResize}
            @pe-type=${this.onType}
          ></pe-table>
          ${this.total === 0 && !this.busy ? html`<div class="grid-empty dim">${t('No difference passes the search and the filters.')}</div>` : nothing}
          <div class="keys-status" role="status" aria-live="polite">${this.statusText()}</div>
        </div>
        <pe-splitter aria-label=${t('Width of the list')} .share=${this.split} .stacked=${narrow} @pe-split=${this.onSplit}></pe-splitter>
        <div class="cmp-pane">
          <div class="section-bar">
            ${segments(
              t('What stands beside the list'),
              [
                ['namespaces', t('Namespaces')],
                ['key', t('Side by side')],
              ],
              this.pane,
              this.setPane,
              'tab',
            )}
          </div>
          <pe-compare-namespaces
            ?hidden=${this.pane !== 'namespaces'}
            .path=${this.namespace}
            .separator=${this.host?.separator ?? ':'}
            .version=${this.version}
            @pe-namespace=${this.onNamespace}
          ></pe-compare-namespaces>
          <pe-compare-key ?hidden=${this.pane !== 'key'} @pe-close=${() => this.table?.focus()}></pe-compare-key>
        </div>
      </div>
    `;
  }

  private renderChip(kind: ChangeKind, summary: CompareSummary) {
    const { keys, leftBytes, rightBytes } = summary[kind];
    const on = this.kinds.has(kind);
    const title = kind === 'changed' ? growthText(rightBytes - leftBytes) : formatBytes(leftBytes + rightBytes);
    return html`<button class="chip ${on ? 'on' : ''}" aria-pressed=${on} title=${title} data-kind=${kind} @click=${() => this.toggle(kind)}>
      <span class="codicon codicon-${KIND_ICONS[kind]} cmp-icon-${kind}" aria-hidden="true"></span>${kindText(kind)}
      <span class="chip-count">${formatCount(keys)}</span>
    </button>`;
  }

  private statusText(): string {
    const parts = [this.total === 1 ? t('1 difference') : t('{0} differences', formatCount(this.total))];
    const selected = selectedCount(this.selection);
    if (selected > 1) parts.push(t('{0} selected', formatCount(selected)));
    return parts.join(' · ');
  }
}

function labelText({ name, detail }: CompareLabel): string {
  return detail === '' ? name : `${name} (${detail})`;
}

customElements.define('pe-compare-app', PeCompareApp);
