/** The editor of an RDB: what the file is, in one line; below it the tabs; and what stands in the way. */
import { html, nothing } from 'lit';
import type { FindingLimits } from '../src/analysis-protocol.js';
import { formatBytes, formatCount, formatTime } from '../src/format/quantities.js';
import type { EventMessage, HostState, KeyFilter, Result, Summary, WebviewCommand } from '../src/protocol.js';
import { PAGE_ROWS, viewSpec } from '../src/view-spec.js';
import './analysis/analysis-view.js';
import type { PeKeyspaceAnalysis } from './analysis/analysis-view.js';
import { ask } from './connection.js';
import { EditorFrame } from './editor-frame.js';
import './file/file-view.js';
import type { PeFileView } from './file/file-view.js';
import './keys/keys-view.js';
import type { KeysState, PeKeysView } from './keys/keys-view.js';
import type { Running } from './running.js';
import { message, t } from './strings.js';
import { checksumText, keysText, memoryLines, serverText } from './summary-texts.js';

type Tab = 'keys' | 'analysis' | 'file';

/** What is remembered while the tab is closed and opened with the window. */
interface SavedState {
  readonly tab?: Tab;
  readonly keys?: KeysState;
}

export class PeApp extends EditorFrame<SavedState> {
  private summary: Summary | undefined;
  private tab: Tab = 'keys';
  private limits: FindingLimits | undefined;

  private get keys(): PeKeysView | null {
    return this.querySelector<PeKeysView>('pe-keys-view');
  }

  private get analysis(): PeKeyspaceAnalysis | null {
    return this.querySelector<PeKeyspaceAnalysis>('pe-keyspace-analysis');
  }

  private get file(): PeFileView | null {
    return this.querySelector<PeFileView>('pe-file-view');
  }

  protected async begin(host: HostState): Promise<void> {
    const { view, separator, preferences, first: known } = host;
    const spec = viewSpec(this.saved.keys ?? {}, preferences, separator);
    // A page that is shown again is older than what the engine shows by now.
    const fresh =
      known?.request === 'view.set' && !this.saved.keys && JSON.stringify(known.spec) === JSON.stringify(spec);
    const given = fresh ? known.result : undefined;
    const first = given
      ? { answer: Promise.resolve(given), cancel: () => {} }
      : host.failure
        ? undefined
        : ask('view.set', { view, spec, count: PAGE_ROWS });
    // Whoever shows the rows also hears why there are none.
    first?.answer.catch(() => {});
    // Messages leave when this script gives way.
    if (!given) await new Promise((resolve) => setTimeout(resolve));
    this.take(host);
    await this.updateComplete;
    this.startViews(this.saved.keys, first);
    // The page may be older than what it shows: it is made anew when its tab moves to another window.
    this.take(await ask('host.ready', {}).answer);
    if (!this.failure) await this.askSummary();
  }

  protected override take(host: HostState): void {
    this.tab = this.saved.tab ?? 'keys';
    super.take(host);
  }

  private startViews(state: KeysState | undefined, first?: Running<Result<'view.set'>>): void {
    this.keys?.start(state, first);
    this.file?.start();
    if (this.tab === 'analysis') void this.show('analysis');
  }

  private async askSummary(): Promise<void> {
    this.takeSummary(await ask('summary', {}).answer);
  }

  private takeSummary(summary: Summary): void {
    const verified = this.summary?.verified === 'running' && summary.verified === 'done';
    this.summary = summary;
    this.requestUpdate();
    if (verified) this.keys?.refresh();
  }

  protected receive(event: EventMessage): void {
    if (event.event === 'summary') this.takeSummary(event.summary);
  }

  protected async restart(): Promise<void> {
    this.summary = undefined;
    this.analysis?.reset();
    this.requestUpdate();
    await this.updateComplete;
    const { row: _, ...state } = this.saved.keys ?? {};
    this.startViews(state);
    await this.askSummary();
  }

  protected async run(command: WebviewCommand): Promise<void> {
    switch (command.name) {
      case 'copy':
        await this.keys?.copySelection(command.format);
        break;
      case 'showKey':
        await this.show('keys');
        await this.keys?.showKey(command.row);
        break;
      case 'showOffset':
        await this.show('file');
        await this.file?.showOffset(command.offset);
        break;
      case 'showProblems':
        await this.show('file');
        this.file?.showProblems();
        break;
      case 'revealOffset': {
        const bytes = await this.keys?.selectedBytes();
        if (bytes) await this.reveal(bytes.from);
        break;
      }
    }
  }

  private async reveal(from: number): Promise<void> {
    await this.show('file');
    await this.file?.showOffset(from);
  }

  private async show(tab: Tab): Promise<void> {
    this.tab = tab;
    this.remember({ tab });
    this.requestUpdate();
    await this.updateComplete;
    if (tab === 'file') this.file?.requestUpdate();
    if (tab === 'analysis') {
      // Asked each time: the settings may have changed.
      this.limits = await ask('host.findingLimits', {}).answer;
      this.requestUpdate();
    }
  }

  private get filter(): KeyFilter {
    return this.saved.keys?.filter ?? {};
  }

  private readonly onFilterKeys = async (event: Event): Promise<void> => {
    await this.show('keys');
    this.keys?.showFilter((event as CustomEvent<KeyFilter>).detail);
  };

  private readonly onReveal = (event: Event): void => {
    const { from } = (event as CustomEvent<{ from: number; to: number }>).detail;
    void this.reveal(from);
  };

  private readonly onShowKey = async (event: Event): Promise<void> => {
    await this.show('keys');
    await this.keys?.showKey((event as CustomEvent<number>).detail);
  };

  private readonly onTab = (event: Event): void => {
    const { activeid } = event.target as HTMLElement & { activeid: string };
    const tab: Tab = activeid === 'tab-file' ? 'file' : activeid === 'tab-analysis' ? 'analysis' : 'keys';
    if (tab !== this.tab) void this.show(tab);
  };

  protected override render() {
    const { host, summary } = this;
    if (!host) return nothing;
    const stop = this.renderFailure() ?? this.notAnRdb();
    if (stop) return stop;
    return html`
      ${this.renderSummary(summary)} ${this.renderChanged()} ${this.renderNotice()}
      <vscode-panels class="tabs" activeid=${`tab-${this.tab}`} aria-label=${t('Views of the file')} @change=${this.onTab}>
        <vscode-panel-tab id="tab-keys">${t('Keys')}</vscode-panel-tab>
        <vscode-panel-tab id="tab-analysis">${t('Analysis')}</vscode-panel-tab>
        <vscode-panel-tab id="tab-file"
          >${t('File')}${summary && this.problemCount(summary) > 0 ? html`<span class="badge">${this.problemCount(summary)}</span>` : nothing}</vscode-panel-tab
        >
        <vscode-panel-view id="view-keys"></vscode-panel-view>
        <vscode-panel-view id="view-analysis"></vscode-panel-view>
        <vscode-panel-view id="view-file"></vscode-panel-view>
      </vscode-panels>
      <pe-keys-view
        role="tabpanel"
        aria-label=${t('Keys')}
        ?hidden=${this.tab !== 'keys'}
        .view=${host.view}
        .summary=${summary}
        .preferences=${this.preferences}
        .separator=${host.separator}
        @pe-preferences=${this.onPreferences}
        @pe-reveal=${this.onReveal}
        @pe-state=${(event: Event) => {
          this.remember({ keys: (event as CustomEvent<KeysState>).detail });
          if (this.tab === 'analysis') this.requestUpdate();
        }}
      ></pe-keys-view>
      <pe-keyspace-analysis
        role="tabpanel"
        aria-label=${t('Analysis')}
        ?hidden=${this.tab !== 'analysis'}
        .summary=${this.limits && summary}
        .separator=${host.separator}
        .filter=${this.filter}
        .limits=${this.limits}
        @pe-filter-keys=${this.onFilterKeys}
        @pe-whole-file=${() => this.keys?.showFilter({})}
        @pe-show-key=${this.onShowKey}
        @pe-show-offset=${(event: Event) => void this.run({ name: 'showOffset', offset: (event as CustomEvent<number>).detail })}
        @pe-export-report=${(event: Event) => {
          const separator = (event as CustomEvent<string>).detail;
          void ask('host.exportReport', { filter: this.filter, separator }).answer;
        }}
      ></pe-keyspace-analysis>
      <pe-file-view
        role="tabpanel"
        aria-label=${t('File')}
        ?hidden=${this.tab !== 'file'}
        .summary=${summary}
        @pe-show-key=${this.onShowKey}
      ></pe-file-view>
    `;
  }

  /** The memory of the server, with what is known of where it went. */
  private renderMemory(summary: Summary, part: (text: string, title: string) => unknown) {
    const lines = memoryLines(summary).map(([name, text]) => `${name}: ${text}`);
    const { usedMemory, memory } = summary;
    if (usedMemory !== null) {
      const title = [t('Memory of the server when it saved the file'), ...lines].join('\n');
      return part(t('{0} in memory', formatBytes(usedMemory)), title);
    }
    return memory.complete && memory.keys > 0
      ? part(t('about {0} in memory', formatBytes(memory.bytes)), lines.join('\n'))
      : nothing;
  }

  private problemCount(summary: Summary): number {
    return summary.problems.length + summary.moreProblems;
  }

  private notAnRdb() {
    if (this.summary?.state !== 'failed') return undefined;
    const [problem] = this.summary.problems;
    return this.renderWrongFile(problem ? message(problem) : t('This is not an RDB file.'));
  }

  private renderSummary(summary: Summary | undefined) {
    if (!summary) return html`<header class="summary"><span class="dim">${t('Opening…')}</span></header>`;
    const part = (text: string, title: string, tab: Tab = 'file') => html`<button
      class="summary-part"
      title=${title}
      @click=${() => void this.show(tab)}
    >
      ${text}
    </button>`;
    const problems = this.problemCount(summary);
    const { scanned, bytes } = summary;
    return html`<header class="summary" aria-label=${t('Summary')}>
      ${part(summary.magic ?? '…', t('Format'))} ${part(serverText(summary), t('Server that wrote the file'))}
      ${summary.created === null ? nothing : part(t('saved {0} UTC', formatTime(summary.created).slice(0, 16)), `${t('When the file was saved')}\n${formatTime(summary.created)} UTC`)}
      ${part(keysText(summary.keys), t('{0} with an expiry', formatCount(summary.expires)), 'keys')}
      ${
        summary.databases.length > 1
          ? part(
              t('{0} databases', summary.databases.length),
              summary.databases.map(({ db, keys }) => `${db}: ${formatCount(keys)}`).join('\n'),
            )
          : nothing
      }
      ${part(formatBytes(bytes), `${formatCount(bytes)} B`)}
      ${this.renderMemory(summary, part)}
      ${part(t('checksum {0}', checksumText(summary)), t('Checksum'))}
      ${summary.inMemory ? part(t('read into memory'), t('The whole file was read into memory: its file system cannot read parts.')) : nothing}
      ${
        problems > 0
          ? html`<button class="summary-part warning" @click=${() => void this.run({ name: 'showProblems' })}>
              <span class="codicon codicon-warning" aria-hidden="true"></span>${problems === 1 ? t('1 problem') : t('{0} problems', formatCount(problems))}
            </button>`
          : nothing
      }
      ${
        summary.state === 'scanning'
          ? html`<span class="scan-progress" role="progressbar" aria-label=${t('Reading the file')} aria-valuenow=${Math.floor((100 * scanned) / Math.max(1, bytes))}
              ><vscode-progress-ring></vscode-progress-ring>${Math.floor((100 * scanned) / Math.max(1, bytes))} %</span
            >`
          : nothing
      }
    </header>`;
  }
}

customElements.define('pe-app', PeApp);
