/** Bars beside their names, each of segments: shares of a whole. */
import { fitting, type Paint, type Picture, type Place, type Shape, textWidth } from './shapes.js';

export interface BarItem {
  readonly label: string;
  /** What stands behind the bar. */
  readonly amount: string;
  readonly segments: readonly { readonly value: number; readonly paint: Paint; readonly soft?: boolean }[];
}

const ROW = 24;
const THICK = 14;

/** Draws bars. The parts are all segments, bar after bar. */
export function bars(items: readonly BarItem[], width: number): Picture {
  const shapes: Shape[] = [];
  const places: (Place | null)[] = [];
  const sums = items.map(({ segments }) => segments.reduce((sum, { value }) => sum + value, 0));
  const most = Math.max(1, ...sums);
  const widest = Math.max(0, ...items.map(({ label }) => textWidth(label)));
  const labels = Math.min(widest + 8, width * 0.35);
  const amounts = Math.max(0, ...items.map(({ amount }) => textWidth(amount))) + 8;
  const room = Math.max(20, width - labels - amounts);
  for (const [i, { label, amount, segments }] of items.entries()) {
    const y = i * ROW;
    const base = y + ROW / 2 + 4;
    shapes.push({ kind: 'text', x: 0, y: base, text: fitting(label, labels - 6), anchor: 'start' });
    let x = labels;
    for (const { value, paint, soft } of segments) {
      const length = (value / most) * room;
      const drawn = Math.max(value > 0 ? 1 : 0, length - 1);
      const place = { x, y: y + (ROW - THICK) / 2, width: drawn, height: THICK };
      if (value > 0) shapes.push({ kind: 'rect', ...place, paint, ...(soft ? { soft } : {}) });
      places.push(value > 0 ? place : null);
      x += length;
    }
    shapes.push({
      kind: 'text',
      x: labels + (sums[i] / most) * room + 6,
      y: base,
      text: amount,
      anchor: 'start',
      dim: true,
    });
  }
  return { width, height: Math.max(ROW, items.length * ROW), shapes, places };
}
