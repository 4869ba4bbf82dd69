/** The samples of a time series as a line; where there are more than pixels, as the band between lowest and highest. */
import { html, LitElement, nothing } from 'lit';
import { formatCount, formatTime } from '../../src/format/quantities.js';
import type { SeriesPoints } from '../../src/viewer-protocol.js';
import { ask, RequestError } from '../connection.js';
import { Cancelled } from '../running.js';
import { message, t } from '../strings.js';
import { niceSteps } from './chart-steps.js';
import { Redrawing } from './redrawing.js';

const BUCKETS = 1000;
/** Pixels around the lines, for labels. */
const LEFT = 62;
const BOTTOM = 18;
const TOP = 8;
const RIGHT = 10;

export class PeSeriesChart extends LitElement {
  static override properties = { row: { type: Number }, section: { type: String } };

  declare row: number;
  declare section: string;
  private points: SeriesPoints | undefined;
  private failure = '';
  private loading = 0;
  /** The bucket that is looked at; −1 for none. */
  private at = -1;

  constructor() {
    super();
    this.row = -1;
    this.section = '';
    new Redrawing(this, () => this.draw());
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('row') || changed.has('section')) void this.load();
  }

  private async load(): Promise<void> {
    const mine = ++this.loading;
    const { row, section } = this;
    this.points = undefined;
    this.at = -1;
    try {
      const points = await ask('series.points', { row, section, buckets: BUCKETS }).answer;
      if (mine !== this.loading) return;
      this.points = points;
      this.failure = '';
    } catch (error) {
      if (mine !== this.loading || error instanceof Cancelled) return;
      this.failure = error instanceof RequestError ? message(error.info) : String(error);
    }
    this.requestUpdate();
  }

  protected override updated(): void {
    this.draw();
  }

  private get canvas(): HTMLCanvasElement | null {
    return this.querySelector('canvas');
  }

  private draw(): void {
    const { canvas, points } = this;
    if (!canvas || !points || points.times.length === 0 || canvas.clientWidth === 0) return;
    const scale = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = canvas;
    canvas.width = width * scale;
    canvas.height = height * scale;
    const context = canvas.getContext('2d');
    if (!context) return;
    context.scale(scale, scale);
    const style = getComputedStyle(canvas);
    context.font = `11px ${style.fontFamily}`;
    const { times, lowest, highest } = points;
    const finite = [...lowest, ...highest].filter(Number.isFinite);
    const low = Math.min(...finite);
    const high = Math.max(...finite);
    const steps = niceSteps(low, high, Math.max(2, Math.floor(height / 40)));
    const bottom = Math.min(low, steps[0] ?? low);
    const top = Math.max(high, steps[steps.length - 1] ?? high, bottom + 1e-9);
    const first = times[0];
    const last = Math.max(times[times.length - 1], first + 1e-3);
    const x = (time: number) => LEFT + ((time - first) / (last - first)) * (width - LEFT - RIGHT);
    const y = (value: number) => TOP + ((top - value) / (top - bottom)) * (height - TOP - BOTTOM);
    context.strokeStyle = style.getPropertyValue('--pe-map-line') || style.color;
    context.fillStyle = style.color;
    context.textAlign = 'right';
    for (const step of steps) {
      context.beginPath();
      context.moveTo(LEFT, y(step));
      context.lineTo(width - RIGHT, y(step));
      context.stroke();
      context.fillText(String(Number(step.toPrecision(6))), LEFT - 5, y(step) + 4);
    }
    context.textAlign = 'left';
    context.fillText(formatTime(first * 1000).slice(0, 19), LEFT, height - 4);
    context.textAlign = 'right';
    if (width > 420) context.fillText(formatTime(last * 1000).slice(0, 19), width - RIGHT, height - 4);
    const line = style.getPropertyValue('--pe-map-point') || style.color;
    context.strokeStyle = line;
    context.fillStyle = line;
    context.lineWidth = 1.5;
    context.beginPath();
    for (let i = 0; i < times.length; i++) {
      if (!Number.isFinite(lowest[i])) continue;
      context.lineTo(x(times[i]), y(highest[i]));
      if (lowest[i] !== highest[i]) context.lineTo(x(times[i]), y(lowest[i]));
    }
    context.stroke();
    if (times.length === 1) context.fillRect(x(times[0]) - 2, y(highest[0]) - 2, 4, 4);
    if (this.at < 0) return;
    context.strokeStyle = style.getPropertyValue('--pe-map-chosen') || style.color;
    context.beginPath();
    context.moveTo(x(times[this.at]), TOP);
    context.lineTo(x(times[this.at]), height - BOTTOM);
    context.stroke();
  }

  private readonly onMove = (event: PointerEvent): void => {
    const { canvas, points } = this;
    if (!canvas || !points || points.times.length === 0) return;
    const { times } = points;
    const part = (event.offsetX - LEFT) / Math.max(1, canvas.clientWidth - LEFT - RIGHT);
    const time = times[0] + part * (times[times.length - 1] - times[0]);
    let nearest = 0;
    for (let i = 1; i < times.length; i++) {
      if (Math.abs(times[i] - time) < Math.abs(times[nearest] - time)) nearest = i;
    }
    this.look(nearest);
  };

  private look(at: number): void {
    this.at = Math.max(0, Math.min(at, (this.points?.times.length ?? 1) - 1));
    this.requestUpdate();
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowRight') this.look(this.at + 1);
    else if (event.key === 'ArrowLeft') this.look(this.at - 1);
    else if (event.key === 'Home') this.look(0);
    else if (event.key === 'End') this.look(Number.POSITIVE_INFINITY);
    else return;
    event.preventDefault();
  };

  protected override render() {
    const { points, at } = this;
    if (this.failure) return html`<div class="message error" role="alert">${this.failure}</div>`;
    if (points && points.times.length === 0) return nothing;
    return html`
      <div class="series-frame"><canvas
        class="series-plot"
        tabindex="0"
        role="img"
        aria-label=${points ? t('{0} samples over time', formatCount(points.samples)) : t('Samples over time')}
        @pointermove=${this.onMove}
        @keydown=${this.onKey}
      ></canvas></div>
      <div class="series-place dim" role="status">${points && at >= 0 ? placeText(points, at) : nothing}</div>
    `;
  }
}

/** What stands at a place of the line. */
function placeText({ times, lowest, highest }: SeriesPoints, at: number): string {
  const time = formatTime(times[at] * 1000);
  return lowest[at] === highest[at] ? `${time}: ${lowest[at]}` : `${time}: ${lowest[at]} – ${highest[at]}`;
}

customElements.define('pe-series-chart', PeSeriesChart);
