/** Commands over time, or over the file, as stacked bars; a stretch of it is selected with the pointer or the keyboard. */
import { html, LitElement, nothing } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { Timeline } from '../../src/aof-protocol.js';
import { formatBytes, formatCount } from '../../src/format/quantities.js';
import { iconButton, segments } from '../controls.js';
import { t } from '../strings.js';
import './ranking.js';
import { bucketShares, bucketsOf, bucketText, commandsOf, tickText } from './timeline.js';
import { type BucketRange, drawTimeline, fillOf, swatchOf, type TimelinePlot } from './timeline-plot.js';

type Unit = 'counts' | 'bytes';

/** Events: `pe-range` with the first and last command of what is selected, or undefined; `pe-axis` with another axis. */
export class PeTimelineView extends LitElement {
  static override properties = {
    timeline: { attribute: false },
    range: { attribute: false },
    timed: { type: Boolean },
  };

  declare timeline: Timeline | undefined;
  /** Commands that are selected, first and last. */
  declare range: readonly [number, number] | undefined;
  /** True if the commands have times. */
  declare timed: boolean;
  private unit: Unit = 'counts';
  private table = false;
  private bucket: number | null = null;
  private anchor = 0;
  private plot: TimelinePlot | undefined;
  private drawn: unknown;
  private resizing: ResizeObserver | undefined;
  private themes: MutationObserver | undefined;

  constructor() {
    super();
    this.timed = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizing = new ResizeObserver(() => {
      const width = this.host?.clientWidth ?? 0;
      // What cannot be seen has no width, and is drawn when it can.
      if (width === 0) return;
      if (this.drawn === undefined) this.requestUpdate();
      else this.plot?.resize(width);
    });
    this.resizing.observe(this);
    this.themes = new MutationObserver(() => this.redraw());
    this.themes.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing?.disconnect();
    this.themes?.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
    this.drawn = undefined;
  }

  private get host(): HTMLElement | null {
    return this.querySelector<HTMLElement>('.plot');
  }

  private redraw(): void {
    this.drawn = undefined;
    this.requestUpdate();
  }

  private formatted(value: number): string {
    return this.unit === 'bytes' ? formatBytes(Math.round(value)) : formatCount(Math.round(value));
  }

  protected override updated(changed: Map<string, unknown>): void {
    const { timeline, host } = this;
    let fresh = changed.has('range');
    if (!host || !timeline || timeline.commands.length < 2) {
      this.plot?.destroy();
      this.plot = undefined;
      this.drawn = undefined;
      return;
    }
    if (host.clientWidth === 0) return;
    const wanted = `${this.unit} ${document.body.className}`;
    if (this.drawn !== timeline || host.dataset.drawn !== wanted) {
      this.drawn = timeline;
      host.dataset.drawn = wanted;
      fresh = true;
      this.plot?.destroy();
      host.replaceChildren();
      this.plot = drawTimeline(
        host,
        {
          series: timeline.series.map((one) => one[this.unit]),
          rest: timeline.series.findIndex(({ name }) => name === ''),
          tick: (bucket) => tickText(timeline, bucket),
          value: (value) => this.formatted(value),
        },
        (range) => this.choose(range),
        (bucket) => this.hover(bucket),
      );
    }
    // Not at every update: what is just being drawn with the pointer would be lost.
    if (fresh) this.plot?.select(this.range ? bucketsOf(timeline, this.range) : null);
  }

  private hover(bucket: number | null): void {
    if (bucket === this.bucket) return;
    this.bucket = bucket;
    this.requestUpdate();
  }

  private choose(range: BucketRange | null): void {
    const { timeline } = this;
    if (!timeline) return;
    const detail = range ? commandsOf(timeline, range[0], range[1]) : undefined;
    // Buckets are selected whole, and those without commands not at all.
    this.plot?.select(detail ? range : null);
    this.dispatchEvent(new CustomEvent('pe-range', { detail, bubbles: true }));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const { timeline } = this;
    if (!timeline) return;
    const last = timeline.commands.length - 2;
    const bucket = this.bucket ?? 0;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: this.bucket === null ? 0 : bucket - 1,
      ArrowRight: this.bucket === null ? 0 : bucket + 1,
      Home: 0,
      End: last,
    };
    if (event.key in steps) {
      const next = Math.min(last, Math.max(0, steps[event.key]));
      if (!event.shiftKey) this.anchor = next;
      this.bucket = next;
      if (event.shiftKey) this.choose([Math.min(this.anchor, next), Math.max(this.anchor, next)]);
      this.requestUpdate();
    } else if (event.key === 'Enter' || event.key === ' ') this.choose([bucket, bucket]);
    else if (event.key === 'Escape') this.choose(null);
    else return;
    event.preventDefault();
  };

  protected override render() {
    const { timeline } = this;
    if (!timeline || timeline.commands.length < 2) return nothing;
    const title = timeline.axis === 'time' ? t('Commands over time') : t('Commands over the file');
    return html`
      <h2>
        ${title}
        <span class="timeline-tools">
          ${
            this.timed
              ? segments(
                  t('Axis'),
                  [
                    ['time', t('Time')],
                    ['number', t('File')],
                  ],
                  timeline.axis,
                  (axis) => this.dispatchEvent(new CustomEvent('pe-axis', { detail: axis, bubbles: true })),
                )
              : nothing
          }
          ${segments(
            t('Unit'),
            [
              ['counts', t('Commands')],
              ['bytes', t('Bytes')],
            ],
            this.unit,
            (unit: Unit) => {
              this.unit = unit;
              this.requestUpdate();
            },
          )}
          ${iconButton(
            'table',
            t('Show as a table'),
            () => {
              this.table = !this.table;
              this.requestUpdate();
            },
            { on: this.table },
          )}
        </span>
      </h2>
      <div class="legend">
        ${timeline.series.map(
          ({ name }, i) =>
            html`<span class="legend-entry"><canvas class="swatch" width="12" height="12" aria-hidden="true" ${ref((canvas) => paint(canvas, i, name === ''))}></canvas>${seriesName(name)}</span>`,
        )}
      </div>
      <div
        class="plot"
        ?hidden=${this.table}
        tabindex="0"
        role="img"
        aria-label=${this.spoken(title, timeline)}
        @keydown=${this.onKey}
      ></div>
      ${this.table ? this.renderTable(timeline) : nothing}
      <p class="timeline-words dim" aria-live="polite">${this.words(timeline)}</p>
    `;
  }

  private spoken(title: string, timeline: Timeline): string {
    const total = timeline.series
      .map(({ name, counts }) => `${seriesName(name)} ${formatCount(sum(counts))}`)
      .join(', ');
    return `${title}: ${bucketText(timeline, 0, timeline.commands.length - 2)}. ${total}. ${t('Arrow keys move, with Shift they select.')}`;
  }

  private words(timeline: Timeline): string {
    const { bucket } = this;
    if (bucket === null || bucket > timeline.commands.length - 2)
      return t('Drag over the bars to select a stretch of the file.');
    const shares = bucketShares(timeline, bucket, this.unit).map(
      ([name, value]) => `${seriesName(name)} ${this.formatted(value)}`,
    );
    return `${bucketText(timeline, bucket)}: ${shares.length === 0 ? t('nothing') : shares.join(', ')}`;
  }

  private renderTable(timeline: Timeline) {
    const buckets = timeline.commands.length - 1;
    const columns = [
      { id: '0', label: timeline.axis === 'time' ? t('Time (UTC)') : t('Commands'), width: 280 },
      ...timeline.series.map(({ name }, i) => ({
        id: String(i + 1),
        label: seriesName(name),
        width: 84,
        numeric: true,
      })),
    ];
    const rows = Array.from({ length: buckets }, (_, bucket) => ({
      cells: [bucketText(timeline, bucket), ...timeline.series.map((one) => this.formatted(one[this.unit][bucket]))],
    }));
    return html`<pe-ranking
      .name=${'timeline-table'}
      .label=${t('Commands over time')}
      .columns=${columns}
      .rows=${rows}
      @pe-choose=${(event: Event) => {
        const bucket = (event as CustomEvent<number>).detail;
        this.choose([bucket, bucket]);
      }}
    ></pe-ranking>`;
  }
}

/** The engine calls what is left over by no name. */
function seriesName(name: string): string {
  return name === '' ? t('others') : name;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function paint(canvas: Element | undefined, index: number, rest: boolean): void {
  const pen = (canvas as HTMLCanvasElement | undefined)?.getContext('2d');
  if (!pen) return;
  const swatch = swatchOf(index, rest);
  pen.fillStyle = fillOf(swatch);
  pen.fillRect(0, 0, 12, 12);
  if (swatch.pattern < 0) return;
  pen.strokeStyle = swatch.line;
  pen.strokeRect(0.5, 0.5, 11, 11);
}

customElements.define('pe-timeline-view', PeTimelineView);
