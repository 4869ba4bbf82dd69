/** Where the commands and bytes of an AOF go: over time, by command, by namespace, the largest, what was written again and again. */
import { html, LitElement, nothing } from 'lit';
import type {
  Amplification,
  AofSummary,
  CommandCount,
  CommandFilter,
  CommandRow,
  NamespaceShare,
  Timeline,
} from '../../src/aof-protocol.js';
import { formatBytes, formatCount } from '../../src/format/quantities.js';
import { cellText } from '../cells.js';
import { ask, RequestError } from '../connection.js';
import { textButton } from '../controls.js';
import type { TableColumn } from '../grid/columns.js';
import { Cancelled, type Running } from '../running.js';
import { message, t } from '../strings.js';
import './ranking.js';
import type { RankingRow } from './ranking.js';
import './timeline-view.js';

/** Bars of the timeline. */
const BUCKETS = 80;
/** Commands that a bucket holds at least, on average: of fewer there is no pattern to see. */
const BUCKET_COMMANDS = 8;
/** Rows of each list. */
const LIMIT = 50;
/** Milliseconds after which what has grown is looked at again. */
const AGAIN_MS = 2000;

/** Events: `pe-select-range` with commands from the brush, `pe-show-command`, `pe-show-key`, `pe-show-name` with what a row is about. */
export class PeAnalysisView extends LitElement {
  static override properties = {
    summary: { attribute: false },
    separator: { type: String },
    range: { attribute: false },
  };

  declare summary: AofSummary | undefined;
  declare separator: string;
  /** The stretch of the file that is looked at, first and last command; all of it if there is none. */
  declare range: readonly [from: number, to: number] | undefined;
  private axis: Timeline['axis'] | undefined;
  private timeline: Timeline | undefined;
  /** Axis and number of commands that the timeline is of. */
  private drawn = '';
  private commands: readonly CommandCount[] = [];
  private namespaces: readonly NamespaceShare[] = [];
  private moreNamespaces = 0;
  private largest: readonly CommandRow[] = [];
  private amplified: readonly Amplification[] = [];
  private failure = '';
  /** What was last asked about, and how many commands there were then. */
  private asked = '';
  private counted = 0;
  /** True while pictures are asked for. */
  private counting = false;
  private loading = 0;
  private running: Running<unknown>[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.separator = ':';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Forgets what was shown. */
  reset(): void {
    this.asked = '';
    this.timeline = undefined;
    this.commands = [];
    this.namespaces = [];
    this.largest = [];
    this.amplified = [];
    this.requestUpdate();
  }

  protected override shouldUpdate(): boolean {
    return !this.hidden;
  }

  protected override willUpdate(): void {
    const { summary } = this;
    if (!summary || summary.state === 'scanning') return;
    const asked = JSON.stringify([this.range, this.axis, this.separator]);
    if (asked !== this.asked) {
      this.asked = asked;
      void this.load(summary);
    } else if (summary.commands !== this.counted && this.timer === undefined) {
      // A file that grows tells so several times a second.
      this.timer = setTimeout(() => {
        this.timer = undefined;
        if (this.summary && !this.hidden && this.isConnected) void this.load(this.summary);
      }, AGAIN_MS);
    }
  }

  private async load(summary: AofSummary): Promise<void> {
    for (const running of this.running) running.cancel();
    const mine = ++this.loading;
    this.counted = summary.commands;
    const filter: CommandFilter = this.range ? { range: this.range } : {};
    const axis = this.axis ?? (summary.timeRange && summary.timeRange[0] < summary.timeRange[1] ? 'time' : 'number');
    const { separator } = this;
    // The timeline stays whole, so that the selection can be seen in it and moved.
    const drawn = `${axis} ${summary.commands}`;
    const timeline =
      this.timeline && drawn === this.drawn
        ? undefined
        : ask('analysis.timeline', { buckets: bucketsFor(summary.commands), axis, filter: {} });
    const commands = ask('analysis.commands', { filter });
    const namespaces = ask('analysis.namespaces', { filter, separator, limit: LIMIT });
    const largest = ask('analysis.largest', { filter, limit: LIMIT });
    const amplified = ask('analysis.amplification', { filter, limit: LIMIT });
    this.running = [...(timeline ? [timeline] : []), commands, namespaces, largest, amplified];
    this.failure = '';
    this.counting = true;
    this.requestUpdate();
    const take = async <Answer>(running: Running<Answer>, use: (answer: Answer) => void) => {
      try {
        const answer = await running.answer;
        if (mine === this.loading) use(answer);
      } catch (error) {
        if (mine !== this.loading || error instanceof Cancelled) return;
        this.failure = error instanceof RequestError ? message(error.info) : String(error);
      }
      this.requestUpdate();
    };
    await Promise.all([
      timeline &&
        take(timeline, (answer) => {
          this.timeline = answer;
          this.drawn = drawn;
        }),
      take(commands, (answer) => {
        this.commands = answer.commands;
      }),
      take(namespaces, (answer) => {
        this.namespaces = answer.namespaces;
        this.moreNamespaces = answer.more;
      }),
      take(largest, (answer) => {
        this.largest = answer.rows;
      }),
      take(amplified, (answer) => {
        this.amplified = answer.keys;
      }),
    ]);
    if (mine !== this.loading) return;
    this.counting = false;
    this.requestUpdate();
  }

  private emit(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  private readonly onRange = (event: Event): void => {
    event.stopPropagation();
    this.emit('pe-select-range', (event as CustomEvent<readonly [number, number] | undefined>).detail);
  };

  protected override render() {
    const { summary, range } = this;
    if (!summary || summary.state === 'scanning')
      return html`<div class="pane-empty dim">${t('The pictures are drawn as soon as the file is read.')}</div>`;
    return html`<div class="analysis">
      ${this.failure ? html`<div class="message error" role="alert">${this.failure}</div>` : nothing}
      ${this.counting ? html`<div class="scan-progress analysis-counting" role="status"><vscode-progress-ring></vscode-progress-ring>${t('Counting…')}</div>` : nothing}
      ${
        range
          ? html`<div class="analysis-range">
              <span>${t('Commands {0} to {1}', formatCount(range[0]), formatCount(range[1]))}</span>
              ${textButton(t('Show in the list'), () => this.emit('pe-show-range', range), 'list-flat')}
              ${textButton(t('Whole file'), () => this.emit('pe-select-range', undefined), 'close')}
            </div>`
          : nothing
      }
      <pe-timeline-view
        .timeline=${this.timeline}
        .range=${range}
        .timed=${summary.timeRange !== null}
        @pe-range=${this.onRange}
        @pe-axis=${(event: Event) => {
          this.axis = (event as CustomEvent<Timeline['axis']>).detail;
          this.requestUpdate();
        }}
      ></pe-timeline-view>
      <div class="rankings">
        ${this.renderCommands()} ${this.renderNamespaces()} ${this.renderLargest()} ${this.renderAmplified()}
      </div>
    </div>`;
  }

  private renderRanking(
    name: string,
    title: string,
    columns: readonly TableColumn[],
    rows: readonly RankingRow[],
    choose: (row: number) => void,
    note = '',
  ) {
    return html`<section aria-label=${title}>
      <h2>${title}${note ? html` <span class="dim note">${note}</span>` : nothing}</h2>
      <pe-ranking
        .name=${name}
        .label=${title}
        .columns=${columns}
        .rows=${rows}
        @pe-choose=${(event: Event) => choose((event as CustomEvent<number>).detail)}
      ></pe-ranking>
    </section>`;
  }

  private renderCommands() {
    const most = this.commands[0]?.commands ?? 1;
    const rows = this.commands.map(({ name, commands, bytes }) => ({
      cells: [name, formatCount(commands), formatBytes(bytes)],
      share: commands / most,
    }));
    const columns = [text(0, t('Command'), 130), number(1, t('Commands'), 96), number(2, t('Bytes'), 76), BAR];
    return this.renderRanking('by-command', t('By command'), columns, rows, (row) =>
      this.emit('pe-show-name', this.commands[row]?.name),
    );
  }

  private renderNamespaces() {
    if (this.separator === '') return nothing;
    const most = this.namespaces[0]?.bytes ?? 1;
    const rows = this.namespaces.map(({ name, commands, keys, bytes }) => ({
      cells: [name, formatCount(commands), formatCount(keys), formatBytes(bytes)],
      share: bytes / Math.max(1, most),
    }));
    const columns = [
      text(0, t('Namespace'), 130),
      number(1, t('Commands'), 96),
      number(2, t('Keys'), 66),
      number(3, t('Bytes'), 76),
      BAR,
    ];
    const note = this.moreNamespaces > 0 ? t('and {0} more', formatCount(this.moreNamespaces)) : '';
    const choose = (row: number) => this.emit('pe-show-namespace', this.namespaces[row]?.name);
    return this.renderRanking('by-namespace', t('By namespace'), columns, rows, choose, note);
  }

  private renderLargest() {
    const most = this.largest[0]?.bytes ?? 1;
    const rows = this.largest.map(({ name, key, bytes, offset }) => ({
      cells: [name, key ? cellText(key) : '', formatBytes(bytes), formatCount(offset)],
      share: bytes / Math.max(1, most),
    }));
    const columns = [
      text(0, t('Command'), 100, false),
      text(1, t('Key'), 130, true),
      number(3, t('Offset'), 120),
      number(2, t('Bytes'), 76),
      BAR,
    ];
    return this.renderRanking('largest', t('Largest commands'), columns, rows, (row) =>
      this.emit('pe-show-command', this.largest[row]?.command),
    );
  }

  private renderAmplified() {
    const most = Math.max(1, ...this.amplified.map(({ factor }) => factor));
    const rows = this.amplified.map(({ name, commands, bytes, largest, factor }) => ({
      cells: [
        cellText(name) || t('(empty name)'),
        formatCount(commands),
        formatBytes(bytes),
        formatBytes(largest),
        `× ${factor >= 10 ? formatCount(Math.round(factor)) : factor.toFixed(1)}`,
      ],
      share: factor / most,
    }));
    const columns = [
      text(0, t('Key'), 130, true),
      number(1, t('Commands'), 96),
      number(2, t('Written'), 76),
      number(3, t('Largest'), 76),
      number(4, t('Factor'), 88),
      BAR,
    ];
    return this.renderRanking(
      'amplification',
      t('Written again and again'),
      columns,
      rows,
      (row) => this.emit('pe-show-key', this.amplified[row]?.keyId),
      t('bytes of all commands of a key, against its largest'),
    );
  }
}

const BAR: TableColumn = { id: 'bar', label: '', width: 80 };

function text(cell: number, label: string, width: number, grows = cell === 0): TableColumn {
  return { id: String(cell), label, width, grows };
}

function number(cell: number, label: string, width: number): TableColumn {
  return { id: String(cell), label, width, numeric: true };
}

function bucketsFor(commands: number): number {
  return Math.min(BUCKETS, Math.max(1, Math.ceil(commands / BUCKET_COMMANDS)));
}

customElements.define('pe-analysis-view', PeAnalysisView);
