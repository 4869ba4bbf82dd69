/**
 * Points on a plain map: degrees as they are, with lines of longitude and latitude and nothing else; or vectors in a
 * plane, without the lines. Arrows and the mouse move it, plus and minus and the wheel zoom; the point under the mouse,
 * or the chosen one, is named, and a point that is chosen is told of.
 */
import { html, LitElement, nothing } from 'lit';
import { formatCount } from '../../src/format/quantities.js';
import type { GeoPoints, VectorPoints } from '../../src/viewer-protocol.js';
import { cellText, isCell } from '../cells.js';
import { ask, RequestError } from '../connection.js';
import { iconButton } from '../controls.js';
import { Cancelled } from '../running.js';
import { message, t } from '../strings.js';
import { fitPoints, GRATICULE, type MapArea, moved, nearestPoint, toScreen, zoomed } from './map-area.js';
import { Redrawing } from './redrawing.js';

/** Points that are asked for. */
const MOST = 20_000;
/** Pixels from a point within which a click means it. */
const REACH = 12;

/** Events: `pe-point` with the position of the member that was chosen. */
export class PeGeoMap extends LitElement {
  static override properties = {
    row: { type: Number },
    section: { type: String },
    chosen: { type: Number },
    vectors: { type: Boolean },
  };

  declare row: number;
  declare section: string;
  /** Position in the set of the member that is selected; −1 for none. */
  declare chosen: number;
  /** True for elements of a vector set. */
  declare vectors: boolean;
  private points: GeoPoints | VectorPoints | undefined;
  /** The point that is named, and its name once that is known. */
  private named: { readonly position: number; readonly name?: string } = { position: -1 };
  private area: MapArea = { longitude: 0, latitude: 0, degrees: 360 };
  /** True while all points are shown, whatever the size. */
  private fits = true;
  private failure = '';
  private loading = 0;
  private dragged: { x: number; y: number; far: boolean } | undefined;

  constructor() {
    super();
    this.row = -1;
    this.section = '';
    new Redrawing(this, () => this.resized());
    this.chosen = -1;
    this.vectors = false;
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
    this.named = { position: -1 };
    try {
      const points = await (this.vectors
        ? ask('vector.points', { row, section })
        : ask('geo.points', { row, section, most: MOST })
      ).answer;
      if (mine !== this.loading) return;
      this.points = points;
      this.failure = '';
      this.area = this.areaOf(points);
      this.fits = true;
    } catch (error) {
      if (mine !== this.loading || error instanceof Cancelled) return;
      this.failure = error instanceof RequestError ? message(error.info) : String(error);
    }
    this.requestUpdate();
  }

  protected override firstUpdated(): void {
    this.canvas?.addEventListener('wheel', (event) => this.onWheel(event), { passive: false });
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has('chosen')) {
      this.bringIntoSight();
      void this.name(this.chosen);
    }
    this.draw();
  }

  /** Says the name of the element at a position. */
  private async name(position: number): Promise<void> {
    if (position === this.named.position) return;
    this.named = { position };
    const { row, section } = this;
    if (position >= 0) {
      const { items } = await ask('value.items', { row, section, from: position, count: 1, search: '' }).answer;
      if (position !== this.named.position) return;
      const [cell] = items[0] ?? [];
      this.named = { position, ...(isCell(cell) ? { name: cellText(cell) } : {}) };
    }
    this.requestUpdate();
  }

  private get canvas(): HTMLCanvasElement | null {
    return this.querySelector('canvas');
  }

  private bringIntoSight(): void {
    const { points } = this;
    const i = points ? points.positions.indexOf(this.chosen) : -1;
    const canvas = this.canvas;
    if (!points || i < 0 || !canvas) return;
    const [x, y] = toScreen(
      this.area,
      canvas.clientWidth,
      canvas.clientHeight,
      points.longitudes[i],
      points.latitudes[i],
    );
    if (x >= 0 && y >= 0 && x <= canvas.clientWidth && y <= canvas.clientHeight) return;
    this.area = { ...this.area, longitude: points.longitudes[i], latitude: points.latitudes[i] };
  }

  private setArea(area: MapArea): void {
    this.area = area;
    this.fits = false;
    this.draw();
  }

  private resized(): void {
    if (this.fits && this.points) this.area = this.areaOf(this.points);
    this.draw();
  }

  private draw(): void {
    const canvas = this.canvas;
    if (!canvas || canvas.clientWidth === 0) return;
    const scale = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = canvas;
    canvas.width = width * scale;
    canvas.height = height * scale;
    const context = canvas.getContext('2d');
    if (!context) return;
    const style = getComputedStyle(canvas);
    context.scale(scale, scale);
    context.font = `11px ${style.fontFamily}`;
    if (!this.vectors) this.drawLines(context, width, height, style);
    const { points, area } = this;
    if (!points) return;
    const dot = points.positions.length > 2000 ? 3 : 5;
    context.globalAlpha = 0.85;
    context.fillStyle = style.getPropertyValue('--pe-map-point') || style.color;
    for (let i = 0; i < points.positions.length; i++) {
      const [x, y] = toScreen(area, width, height, points.longitudes[i], points.latitudes[i]);
      if (x < -dot || y < -dot || x > width + dot || y > height + dot) continue;
      context.fillRect(x - dot / 2, y - dot / 2, dot, dot);
    }
    context.globalAlpha = 1;
    const chosen = points.positions.indexOf(this.chosen);
    if (chosen < 0) return;
    const [x, y] = toScreen(area, width, height, points.longitudes[chosen], points.latitudes[chosen]);
    context.strokeStyle = style.getPropertyValue('--pe-map-chosen') || style.color;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, 8, 0, 2 * Math.PI);
    context.stroke();
  }

  private drawLines(
    context: CanvasRenderingContext2D,
    width: number,
    height: number,
    style: CSSStyleDeclaration,
  ): void {
    const { area } = this;
    // Lines as far apart as a quarter of what is seen, at round degrees.
    const step = GRATICULE.find((degrees) => degrees <= area.degrees / 3) ?? GRATICULE[GRATICULE.length - 1];
    const digits = Math.max(0, Math.ceil(-Math.log10(step)));
    const line = style.getPropertyValue('--pe-map-line') || style.color;
    context.strokeStyle = line;
    context.fillStyle = style.color;
    context.lineWidth = 1;
    const half = area.degrees / 2;
    const label = (degrees: number, positive: string, negative: string) =>
      `${Math.abs(degrees).toFixed(digits)}°${degrees === 0 ? '' : degrees > 0 ? positive : negative}`;
    const first = (from: number) => Math.ceil(from / step);
    for (let i = first(Math.max(-180, area.longitude - half)); i * step <= Math.min(180, area.longitude + half); i++) {
      const [x] = toScreen(area, width, height, i * step, 0);
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, height);
      context.stroke();
      context.fillText(label(i * step, 'E', 'W'), x + 3, height - 4);
    }
    const tall = (half * height) / width;
    for (let i = first(Math.max(-90, area.latitude - tall)); i * step <= Math.min(90, area.latitude + tall); i++) {
      const [, y] = toScreen(area, width, height, 0, i * step);
      context.beginPath();
      context.moveTo(0, y);
      context.lineTo(width, y);
      context.stroke();
      context.fillText(label(i * step, 'N', 'S'), 3, y - 3);
    }
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { area } = this;
    const step = area.degrees / 10;
    if (event.key === 'ArrowLeft') this.setArea(moved(area, -step, 0));
    else if (event.key === 'ArrowRight') this.setArea(moved(area, step, 0));
    else if (event.key === 'ArrowUp') this.setArea(moved(area, 0, step));
    else if (event.key === 'ArrowDown') this.setArea(moved(area, 0, -step));
    else if (event.key === '+' || event.key === '=') this.setArea(zoomed(area, 0.5));
    else if (event.key === '-') this.setArea(zoomed(area, 2));
    else if (event.key === '0') this.showAll();
    else if (event.key === 'n' || event.key === 'p') this.step(event.key === 'n' ? 1 : -1);
    else return;
    event.preventDefault();
  };

  private areaOf({ longitudes, latitudes }: GeoPoints): MapArea {
    const { clientWidth = 0, clientHeight = 0 } = this.canvas ?? {};
    return fitPoints(
      longitudes,
      latitudes,
      clientWidth > 0 && clientHeight > 0 ? clientHeight / clientWidth : undefined,
    );
  }

  private showAll(): void {
    const { points } = this;
    if (points) this.setArea(this.areaOf(points));
    this.fits = true;
  }

  private step(by: number): void {
    const { points } = this;
    if (!points || points.positions.length === 0) return;
    const at = points.positions.indexOf(this.chosen);
    const next = at < 0 ? 0 : (at + by + points.positions.length) % points.positions.length;
    this.choose(points.positions[next]);
  }

  private choose(position: number): void {
    this.dispatchEvent(new CustomEvent('pe-point', { detail: position, bubbles: true }));
  }

  private onWheel(event: WheelEvent): void {
    event.preventDefault();
    const canvas = this.canvas;
    if (!canvas) return;
    const { clientWidth: width, clientHeight: height } = canvas;
    const degrees = this.area.degrees / width;
    // What is under the pointer stays there.
    const x = (event.offsetX - width / 2) * degrees;
    const y = (height / 2 - event.offsetY) * degrees;
    const factor = event.deltaY > 0 ? 1.25 : 0.8;
    this.setArea(zoomed(moved(this.area, x * (1 - factor), y * (1 - factor)), factor));
  }

  private readonly onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    this.dragged = { x: event.offsetX, y: event.offsetY, far: false };
    this.canvas?.setPointerCapture(event.pointerId);
  };

  private readonly onMove = (event: PointerEvent): void => {
    const { dragged, canvas } = this;
    if (!canvas) return;
    if (!dragged) {
      const i = this.pointAt(event);
      void this.name(i >= 0 && this.points ? this.points.positions[i] : this.chosen);
      return;
    }
    const dx = event.offsetX - dragged.x;
    const dy = event.offsetY - dragged.y;
    if (!dragged.far && Math.hypot(dx, dy) < 4) return;
    const degrees = this.area.degrees / canvas.clientWidth;
    this.dragged = { x: event.offsetX, y: event.offsetY, far: true };
    this.setArea(moved(this.area, -dx * degrees, dy * degrees));
  };

  private readonly onUp = (event: PointerEvent): void => {
    const { dragged, points } = this;
    this.dragged = undefined;
    const i = !dragged || dragged.far ? -1 : this.pointAt(event);
    if (points && i >= 0) this.choose(points.positions[i]);
  };

  /** The number of the point under the mouse; −1 if there is none. */
  private pointAt(event: PointerEvent): number {
    const { canvas, points } = this;
    if (!canvas || !points) return -1;
    const { clientWidth, clientHeight } = canvas;
    const at = [event.offsetX, event.offsetY] as const;
    return nearestPoint(this.area, clientWidth, clientHeight, points.longitudes, points.latitudes, at, REACH);
  }

  protected override render() {
    const { points } = this;
    const count = points?.positions.length ?? 0;
    return html`
      ${this.failure ? html`<div class="message error" role="alert">${this.failure}</div>` : nothing}
      <canvas
        class="geo-canvas"
        tabindex="0"
        role="application"
        aria-label=${
          this.vectors
            ? t(
                '{0} vectors in a plane, near each other where they point the same way. Arrows move it, plus and minus zoom, N and P go from point to point, 0 shows all.',
                formatCount(count),
              )
            : t(
                'Map of {0} points. Arrows move it, plus and minus zoom, N and P go from point to point, 0 shows all.',
                formatCount(count),
              )
        }
        @keydown=${this.onKey}
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerup=${this.onUp}
      ></canvas>
      <div class="geo-tools">
        ${iconButton('zoom-in', t('Zoom in'), () => this.setArea(zoomed(this.area, 0.5)))}
        ${iconButton('zoom-out', t('Zoom out'), () => this.setArea(zoomed(this.area, 2)))}
        ${iconButton('screen-full', t('Show all points'), () => this.showAll())}
        <span role="status" class="geo-name">${this.named.name}</span>
        ${points && 'shares' in points ? html`<span class="dim">${t('The plane shows {0} of what differs', sharesText(points.shares))}</span>` : nothing}
        ${points && points.left > 0 ? html`<span class="dim">${t('{0} members are not on the map', formatCount(points.left))}</span>` : nothing}
      </div>
    `;
  }
}

function sharesText([across, down]: VectorPoints['shares']): string {
  return `${Math.round(100 * Math.min(1, across + down))} %`;
}

customElements.define('pe-geo-map', PeGeoMap);
