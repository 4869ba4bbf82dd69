/** The editor of an AOF: what the file is, in one line; below it the tabs; and what stands in the way. */
import { html, nothing } from 'lit';
import type { AofSummary, CommandCopyFormat, CommandFilter, TouchedKey } from '../../src/aof-protocol.js';
import { formatBytes, formatCount } from '../../src/format/quantities.js';
import type { CopyFormat, EventMessage, HostState, WebviewCommand } from '../../src/protocol.js';
import { AOF_VIEWS, commandViewSpec, PAGE_ROWS } from '../../src/view-spec.js';
import { cellText } from '../cells.js';
import { ask } from '../connection.js';
import { textButton } from '../controls.js';
import { EditorFrame } from '../editor-frame.js';
import { message, t } from '../strings.js';
import { keysText } from '../summary-texts.js';
import './analysis-view.js';
import type { PeAnalysisView } from './analysis-view.js';
import './aof-file-view.js';
import type { PeAofFileView } from './aof-file-view.js';
import { commandsText, reasonText, roleText, timeRangeText, verdictText } from './aof-texts.js';
import './base-view.js';
import type { BaseState, PeBaseView } from './base-view.js';
import './commands-view.js';
import type { CommandsState, PeCommandsView } from './commands-view.js';
import './touched-view.js';
import type { PeTouchedView, TouchedState } from './touched-view.js';

type Tab = 'commands' | 'keys' | 'base' | 'analysis' | 'file';

/** What is remembered while the tab is closed and opened with the window. */
interface SavedState {
  readonly tab: Tab;
  readonly commands: CommandsState;
  readonly touched: TouchedState;
  readonly base: BaseState;
}

/** Which of the formats of keys commands can be copied in. */
const COMMAND_FORMATS: Readonly<Partial<Record<CopyFormat, CommandCopyFormat>>> = {
  key: 'key',
  json: 'json',
  commands: 'redis-cli',
};

export class PeAofApp extends EditorFrame<SavedState> {
  private summary: AofSummary | undefined;
  private tab: Tab = 'commands';
  /** Commands that were selected in a picture. */
  private range: readonly [from: number, to: number] | undefined;

  private get commands(): PeCommandsView | null {
    return this.querySelector<PeCommandsView>('pe-commands-view');
  }

  private get touched(): PeTouchedView | null {
    return this.querySelector<PeTouchedView>('pe-touched-view');
  }

  private get base(): PeBaseView | null {
    return this.querySelector<PeBaseView>('pe-base-view');
  }

  private get analysis(): PeAnalysisView | null {
    return this.querySelector<PeAnalysisView>('pe-analysis-view');
  }

  private get file(): PeAofFileView | null {
    return this.querySelector<PeAofFileView>('pe-aof-file-view');
  }

  protected async begin(host: HostState): Promise<void> {
    const { preferences, first: known } = host;
    const saved = this.saved.commands;
    const spec = commandViewSpec(saved ?? {}, preferences);
    // A page that is shown again is older than what the engine shows by now.
    const fresh = known?.request === 'commands.set' && !saved && JSON.stringify(known.spec) === JSON.stringify(spec);
    const given = fresh ? known.result : undefined;
    const view = host.view + AOF_VIEWS.commands;
    const first = given
      ? { answer: Promise.resolve(given), cancel: () => {} }
      : host.failure
        ? undefined
        : ask('commands.set', { view, spec, count: PAGE_ROWS });
    // Whoever shows the rows also hears why there are none.
    first?.answer.catch(() => {});
    // Messages leave when this script gives way.
    if (!given) await new Promise((resolve) => setTimeout(resolve));
    this.take(host);
    await this.updateComplete;
    this.range = saved?.filter?.range;
    void this.commands?.start(saved, first);
    this.touched?.reset(this.saved.touched);
    this.base?.reset(this.saved.base);
    // The page may be older than what it shows: it is made anew when its tab moves to another window.
    this.take(await ask('host.ready', {}).answer);
    if (this.failure) return;
    await this.askSummary();
    await this.opened();
  }

  protected override take(host: HostState): void {
    this.tab = this.saved.tab ?? 'commands';
    super.take(host);
  }

  private async askSummary(): Promise<void> {
    this.summary = await ask('aof.summary', {}).answer;
    this.requestUpdate();
    await this.updateComplete;
  }

  protected receive(event: EventMessage): void {
    if (event.event !== 'aof.summary') return;
    this.summary = event.summary;
    this.requestUpdate();
  }

  protected async restart(): Promise<void> {
    this.summary = undefined;
    this.range = undefined;
    this.requestUpdate();
    await this.updateComplete;
    const { place: _, ...state } = this.saved.commands ?? {};
    const { range: __, keyId: ___, ...filter } = state.filter ?? {};
    void this.commands?.start({ ...state, filter });
    this.touched?.reset(undefined);
    this.base?.reset(this.saved.base);
    this.analysis?.reset();
    this.file?.reset();
    await this.askSummary();
    await this.opened();
  }

  protected async run(command: WebviewCommand): Promise<void> {
    switch (command.name) {
      case 'copy':
        await this.copy(command.format);
        break;
      case 'copyCommands':
        await this.copyCommands(command.format);
        break;
      case 'showCommand':
        await this.show('commands');
        await this.commands?.showCommand(command.command);
        break;
      case 'showPartOffset': {
        const { part, offset } = command;
        await this.show('file');
        await this.file?.showBytes(part, offset, this.summary?.parts[part]?.file ?? '');
        break;
      }
      case 'showHistory':
        await this.show('keys', command.keyId);
        break;
      case 'showSelectedHistory':
        if (this.tab === 'keys') this.touched?.showHistory();
        else await this.commands?.showHistory();
        break;
      case 'showProblems':
        await this.show('file');
        this.file?.showProblems();
        break;
      case 'openReadableHere': {
        const from = this.commands?.selectedCommand;
        if (from === undefined) this.showNotice(t('Select a command first.'));
        else await ask('host.openReadable', { from }).answer;
        break;
      }
      case 'revealOffset':
        if (this.tab === 'base') await this.base?.revealSelected();
        else this.commands?.showBytes();
        break;
      default:
        break;
    }
  }

  private async copy(format: CopyFormat): Promise<void> {
    if (this.tab === 'base') {
      await this.base?.copySelection(format);
      return;
    }
    const known = COMMAND_FORMATS[format];
    if (known) await this.copyCommands(known);
    else this.showNotice(t('Commands are copied as redis-cli commands, as RESP or as JSON.'));
  }

  private async copyCommands(format: CommandCopyFormat): Promise<void> {
    if (this.tab === 'keys') await this.touched?.copyCommands(format);
    else await this.commands?.copySelection(format);
  }

  private async show(tab: Tab, keyId?: number): Promise<void> {
    this.tab = tab;
    this.remember({ tab });
    this.requestUpdate();
    await this.updateComplete;
    await this.opened(keyId);
  }

  /** The tab that is shown asks for what it needs. */
  private async opened(keyId?: number): Promise<void> {
    if (this.tab === 'keys') await this.touched?.open(keyId);
    else if (this.tab === 'base') await this.base?.open();
    else if (this.tab === 'analysis') this.analysis?.requestUpdate();
    else if (this.tab === 'file') this.file?.requestUpdate();
  }

  private async filterCommands(filter: CommandFilter, keyName = ''): Promise<void> {
    await this.show('commands');
    await this.commands?.filterBy(filter, keyName);
    this.commands?.focus();
  }

  private readonly onTab = (event: Event): void => {
    const { activeid } = event.target as HTMLElement & { activeid: string };
    const tab = activeid.replace(/^tab-/, '') as Tab;
    if (tab !== this.tab) void this.show(tab);
  };

  private readonly onRange = (event: Event): void => {
    this.range = (event as CustomEvent<readonly [number, number] | undefined>).detail;
    this.requestUpdate();
    void this.commands?.showRange(this.range);
  };

  private readonly onCommandsState = (event: Event): void => {
    const commands = (event as CustomEvent<CommandsState>).detail;
    this.remember({ commands });
    const range = commands.filter?.range;
    if (JSON.stringify(range) === JSON.stringify(this.range)) return;
    this.range = range;
    this.requestUpdate();
  };

  private readonly onOffset = async (event: Event): Promise<void> => {
    const { part, offset } = (event as CustomEvent<{ part: number; offset: number }>).detail;
    const { command } = await ask('commands.at', { part, offset }).answer;
    if (command === null) this.showNotice(t('No command stands at or behind this offset.'));
    else await this.run({ name: 'showCommand', command });
  };

  private readonly onPartBytes = async (event: Event): Promise<void> => {
    const { part, from, label } = (event as CustomEvent<{ part: number; from: number; to: number; label: string }>)
      .detail;
    await this.show('file');
    await this.file?.showBytes(part, from, label);
  };

  protected override render() {
    const { host, summary, tab } = this;
    if (!host) return nothing;
    const stop = this.renderFailure() ?? this.notAnAof();
    if (stop) return stop;
    const bases = (summary?.parts ?? []).filter(({ rdbBytes, missing }) => rdbBytes > 0 && !missing);
    const problems = summary ? summary.problems.length + summary.moreProblems : 0;
    const tabs: readonly (readonly [id: Tab, label: string])[] = [
      ['commands', t('Commands')],
      ['keys', t('Keys')],
      ...(bases.length > 0 || tab === 'base' ? ([['base', t('Base')]] as const) : []),
      ['analysis', t('Analysis')],
      ['file', t('File')],
    ];
    const badge = problems > 0 ? html`<span class="badge">${formatCount(problems)}</span>` : nothing;
    return html`
      ${this.renderSummary(summary)} ${this.renderManifest(host)} ${this.renderChanged()} ${this.renderNotice()}
      <vscode-panels class="tabs" activeid=${`tab-${tab}`} aria-label=${t('Views of the file')} @change=${this.onTab}>
        ${tabs.map(([id, label]) => html`<vscode-panel-tab id="tab-${id}">${label}${id === 'file' ? badge : nothing}</vscode-panel-tab>`)}
        ${tabs.map(([id]) => html`<vscode-panel-view id="view-${id}"></vscode-panel-view>`)}
      </vscode-panels>
      <pe-commands-view
        role="tabpanel"
        aria-label=${t('Commands')}
        ?hidden=${tab !== 'commands'}
        .view=${host.view + AOF_VIEWS.commands}
        .summary=${summary}
        .preferences=${this.preferences}
        @pe-preferences=${this.onPreferences}
        @pe-state=${this.onCommandsState}
        @pe-history=${(event: Event) => this.show('keys', (event as CustomEvent<number>).detail)}
      ></pe-commands-view>
      <pe-touched-view
        role="tabpanel"
        aria-label=${t('Keys')}
        ?hidden=${tab !== 'keys'}
        .view=${host.view + AOF_VIEWS.touched}
        .historyView=${host.view + AOF_VIEWS.history}
        .summary=${summary}
        .preferences=${this.preferences}
        @pe-preferences=${this.onPreferences}
        @pe-state=${(event: Event) => this.remember({ touched: (event as CustomEvent<TouchedState>).detail })}
        @pe-history=${(event: Event) => this.touched?.showKey((event as CustomEvent<number>).detail)}
        @pe-range=${(event: Event) => this.filterCommands({ range: (event as CustomEvent<readonly [number, number]>).detail })}
        @pe-show-history=${(event: Event) => {
          const { keyId, name } = (event as CustomEvent<TouchedKey>).detail;
          return this.filterCommands({ keyId }, cellText(name));
        }}
      ></pe-touched-view>
      <pe-base-view
        role="tabpanel"
        aria-label=${t('Base')}
        ?hidden=${tab !== 'base'}
        .view=${host.view + AOF_VIEWS.keys}
        .parts=${bases}
        .preferences=${this.preferences}
        .separator=${host.separator}
        @pe-preferences=${this.onPreferences}
        @pe-state=${(event: Event) => this.remember({ base: (event as CustomEvent<BaseState>).detail })}
        @pe-part-bytes=${this.onPartBytes}
      ></pe-base-view>
      <pe-analysis-view
        role="tabpanel"
        aria-label=${t('Analysis')}
        ?hidden=${tab !== 'analysis'}
        .summary=${summary}
        .separator=${host.separator}
        .range=${this.range}
        @pe-select-range=${this.onRange}
        @pe-show-range=${() => this.show('commands')}
        @pe-show-command=${(event: Event) => this.run({ name: 'showCommand', command: (event as CustomEvent<number>).detail })}
        @pe-show-key=${(event: Event) => this.show('keys', (event as CustomEvent<number>).detail)}
        @pe-show-name=${(event: Event) => this.filterCommands({ names: [(event as CustomEvent<string>).detail], ...this.ranged })}
        @pe-show-namespace=${(event: Event) => this.showNamespace((event as CustomEvent<string>).detail, host.separator)}
      ></pe-analysis-view>
      <pe-aof-file-view
        role="tabpanel"
        aria-label=${t('File')}
        ?hidden=${tab !== 'file'}
        .summary=${summary}
        @pe-show-offset=${this.onOffset}
        @pe-show-part=${(event: Event) => this.filterCommands({ parts: [(event as CustomEvent<number>).detail] })}
      ></pe-aof-file-view>
    `;
  }

  private get ranged(): CommandFilter {
    return this.range ? { range: this.range } : {};
  }

  /** The commands whose keys begin with the name of a namespace. */
  private showNamespace(name: string, separator: string): Promise<void> {
    const prefix = name.endsWith(separator) ? name : `${name}${separator}`;
    const text = `${prefix.replace(/[\\*?[\]]/g, '\\$&')}*`;
    return this.filterCommands({ key: { text, mode: 'glob', matchCase: true }, ...this.ranged });
  }

  private notAnAof() {
    if (this.summary?.state !== 'failed') return undefined;
    const [problem] = this.summary.problems;
    return this.renderWrongFile(problem ? message(problem) : t('This is not an AOF.'));
  }

  private renderManifest({ manifest }: HostState) {
    if (manifest === null) return nothing;
    return html`<div class="banner part-banner" role="note">
      <span class="codicon codicon-info" aria-hidden="true"></span>
      <span>${t('This file is one part of the AOF that {0} describes.', manifest)}</span>
      ${textButton(t('Open the whole AOF'), () => void ask('host.openManifest', {}).answer)}
    </div>`;
  }

  private renderSummary(summary: AofSummary | undefined) {
    if (!summary) return html`<header class="summary"><span class="dim">${t('Opening…')}</span></header>`;
    const { parts, scanned, bytes, verdict } = summary;
    const part = (text: string, title: string, click: () => void) => html`<button
      class="summary-part"
      title=${title}
      @click=${click}
    >
      ${text}
    </button>`;
    const show = (tab: Tab) => () => void this.show(tab);
    const showParts = async () => {
      await this.show('file');
      this.file?.showParts();
    };
    const problems = summary.problems.length + summary.moreProblems;
    const partsTitle = parts
      .map(({ file, role, bytes: size }) => `${file}: ${roleText(role)}, ${formatBytes(size)}`)
      .join('\n');
    return html`<header class="summary" aria-label=${t('Summary')}>
      ${part(parts.length > 1 ? t('AOF, {0} parts', parts.length) : 'AOF', partsTitle, () => void showParts())}
      ${part(formatBytes(bytes), partsTitle, () => void showParts())}
      ${part(countText(summary), t('{0} would be run by a server', formatCount(summary.loadedCommands)), show('commands'))}
      ${part(summary.keysTouched === 1 ? t('1 key touched') : t('{0} keys touched', formatCount(summary.keysTouched)), t('Keys that commands name'), show('keys'))}
      ${summary.preambleKeys > 0 ? part(t('RDB with {0}', keysText(summary.preambleKeys)), t('Keys of the RDB that the AOF begins with'), show('base')) : nothing}
      ${summary.timeRange === null ? nothing : part(timeRangeText(summary.timeRange), t('Time of the first and last commands, in UTC'), show('analysis'))}
      ${verdict === 'loads' ? part(verdictText(verdict), `${t('Would a server load it?')}\n${reasonText(summary)}`, show('file')) : nothing}
      ${
        verdict === null || verdict === 'loads'
          ? nothing
          : html`<button class="summary-part warning verdict-chip" title=${reasonText(summary)} @click=${show('file')}>
              <span class="codicon codicon-${verdict === 'refused' ? 'error' : 'warning'}" aria-hidden="true"></span>${verdictText(verdict)}
            </button>
            <button class="summary-part repair" title=${t('Write a repaired copy; this file is not changed')} @click=${() => void ask('host.repair', {}).answer}>
              ${t('Repair…')}
            </button>`
      }
      ${
        problems > 0
          ? html`<button class="summary-part warning" @click=${() => void this.run({ name: 'showProblems' })}>
              <span class="codicon codicon-warning" aria-hidden="true"></span>${problems === 1 ? t('1 problem') : t('{0} problems', formatCount(problems))}
            </button>`
          : nothing
      }
      ${summary.inMemory ? part(t('read into memory'), t('The whole file was read into memory: its file system cannot read parts.'), show('file')) : nothing}
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

/** How many commands a server would run, of how many there are: those of history parts and behind damage are more. */
function countText({ commands, loadedCommands }: AofSummary): string {
  if (loadedCommands === commands) return commandsText(commands);
  return t('{0} of {1} commands', formatCount(loadedCommands), formatCount(commands));
}

customElements.define('pe-aof-app', PeAofApp);
