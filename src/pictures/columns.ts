/** Columns over a scale, stacked by series: histograms and timelines. */
import { fitting, type Paint, type Picture, type Place, type Shape, textWidth } from './shapes.js';

export interface ColumnItem {
  /** Below the column. */
  readonly label: string;
  /** One value for each series. */
  readonly values: readonly number[];
  /** Set for a column that stands apart from its neighbours, such as that of all that is later. */
  readonly apart?: boolean;
}

/** What values are: how they are written, and the number whose powers have units of their own. */
export interface Scale {
  readonly text: (value: number) => string;
  readonly base: 1000 | 1024;
}

/** The least room for the amounts at the left, and what lies between them and the columns. */
const AMOUNTS = 52;
const BESIDE = 6;
const RIGHT = 8;
const TOP = 10;
const BOTTOM = 22;
const LINES = 4;

/** Draws columns. The parts are the columns; their places reach from top to bottom, so that small ones can be hit. */
export function columns(
  items: readonly ColumnItem[],
  paints: readonly Paint[],
  { text: amount, base }: Scale,
  width: number,
  height: number,
): Picture {
  const shapes: Shape[] = [];
  const most = Math.max(0, ...items.map(({ values }) => values.reduce((sum, value) => sum + value, 0)));
  const step = roundStep(most / LINES, base);
  const top = Math.max(step, Math.ceil(most / step) * step);
  const floor = height - BOTTOM;
  const scale = (floor - TOP) / top;
  const lines = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step);
  const left = BESIDE + Math.max(AMOUNTS, ...lines.map((value) => textWidth(amount(value)) + 2));
  for (const value of lines) {
    const y = floor - value * scale;
    shapes.push({ kind: 'line', x1: left, y1: y, x2: width - RIGHT, y2: y });
    shapes.push({ kind: 'text', x: left - BESIDE, y: y + 4, text: amount(value), anchor: 'end', dim: true });
  }
  const each = (width - left - RIGHT) / Math.max(1, items.length);
  const gap = each > 6 ? 1 : 0;
  const places: Place[] = items.map(({ values }, i) => {
    const x = left + i * each;
    let base = floor;
    for (const [series, value] of values.entries()) {
      if (value <= 0) continue;
      // What is there is seen, however little it is.
      const tall = Math.max(value * scale, base === floor ? 1.5 : 0);
      shapes.push({
        kind: 'rect',
        x: x + gap,
        y: base - tall,
        width: Math.max(0.5, each - 2 * gap),
        height: tall,
        paint: paints[series],
      });
      base -= tall;
    }
    return { x, y: TOP, width: each, height: floor - TOP };
  });
  // Labels where there is room for them, the first one always, and that of a column that stands apart.
  let free = 0;
  for (const [i, { label, apart }] of items.entries()) {
    const centre = left + (i + 0.5) * each;
    const text = fitting(label, 130);
    const half = textWidth(text) / 2;
    const x = Math.min(Math.max(centre, half), width - half);
    if (x - half < free || text === '') continue;
    const next = items.findIndex((one, at) => at > i && one.apart);
    // A label of a column apart is not covered by one before it.
    if (!apart && next > 0 && x + half + 10 > left + (next + 0.5) * each - textWidth(items[next].label) / 2) continue;
    shapes.push({ kind: 'text', x, y: height - 6, text, anchor: 'middle', dim: true });
    free = x + half + 10;
  }
  return { width, height, shapes, places };
}

/** A step of 1, 2 or 5 with zeros, in units of a power of the base, at least as large; at least 1. */
export function roundStep(least: number, base: 1000 | 1024): number {
  if (least <= 1) return 1;
  const unit = base ** Math.floor(Math.log(least) / Math.log(base));
  for (const factor of [1, 2, 5, 10, 20, 50, 100, 200, 500]) if (factor * unit >= least) return factor * unit;
  return base * unit;
}
