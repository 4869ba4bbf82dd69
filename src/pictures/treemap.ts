/** Areas within areas: each as large as what it stands for, as square as can be. */
import { fitting, type Paint, type Picture, type Place, type Shape, TEXT_HEIGHT, textWidth } from './shapes.js';

/** An area. */
export interface TreemapItem {
  readonly label: string;
  /** What it is as large as; not negative. */
  readonly value: number;
  /** The value as text. */
  readonly amount: string;
  readonly paint: Paint;
  readonly inner: readonly TreemapItem[];
}

/**
 * Divides a place among values, by the squarified treemap of Bruls, Huizing and van Wijk.
 *
 * @param values in descending order, none negative.
 * @returns a place for each; empty ones where there is nothing to divide.
 */
export function squarify(values: readonly number[], place: Place): Place[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  const places: Place[] = [];
  let { x, y, width, height } = place;
  if (total <= 0 || width <= 0 || height <= 0) return values.map(() => ({ x, y, width: 0, height: 0 }));
  const scale = (width * height) / total;
  for (let from = 0; from < values.length; ) {
    const side = Math.min(width, height);
    let to = from + 1;
    let area = values[from] * scale;
    let worst = worstRatio(area, area, area, side);
    while (to < values.length) {
      const next = area + values[to] * scale;
      const ratio = worstRatio(values[from] * scale, values[to] * scale, next, side);
      if (ratio > worst) break;
      worst = ratio;
      area = next;
      to++;
    }
    const thickness = side === 0 ? 0 : area / side;
    let along = 0;
    for (let i = from; i < to; i++) {
      const length = thickness === 0 ? 0 : (values[i] * scale) / thickness;
      places.push(
        width < height
          ? { x: x + along, y, width: length, height: thickness }
          : { x, y: y + along, width: thickness, height: length },
      );
      along += length;
    }
    if (width < height) {
      y += thickness;
      height = Math.max(0, height - thickness);
    } else {
      x += thickness;
      width = Math.max(0, width - thickness);
    }
    from = to;
  }
  return places;
}

/** The worst ratio of sides in a row of areas, of which the largest and smallest are given. */
function worstRatio(largest: number, smallest: number, sum: number, side: number): number {
  if (smallest <= 0 || sum <= 0) return Number.POSITIVE_INFINITY;
  const square = sum * sum;
  const sides = side * side;
  return Math.max((sides * largest) / square, square / (sides * smallest));
}

/** Pixels below which an area is not drawn, and those that one needs for what is in it. */
const SMALLEST = 2;
const INNER_WIDTH = 60;
const INNER_HEIGHT = 52;
const PADDING = 4;

/** Draws areas. The parts are the outer items. @param items in descending order. */
export function treemap(items: readonly TreemapItem[], width: number, height: number): Picture {
  const shapes: Shape[] = [];
  const places = squarify(
    items.map(({ value }) => value),
    { x: 0, y: 0, width, height },
  );
  const drawn = places.map((place, i) => {
    if (place.width < SMALLEST || place.height < SMALLEST) return null;
    drawItem(shapes, items[i], inset(place, 1));
    return place;
  });
  return { width, height, shapes, places: drawn };
}

function inset({ x, y, width, height }: Place, by: number): Place {
  return { x: x + by, y: y + by, width: Math.max(0, width - 2 * by), height: Math.max(0, height - 2 * by) };
}

function drawItem(shapes: Shape[], item: TreemapItem, place: Place): void {
  const { x, y, width, height } = place;
  const divided = item.inner.length > 0 && width >= INNER_WIDTH && height >= INNER_HEIGHT;
  shapes.push({ kind: 'rect', ...place, paint: item.paint, soft: true });
  if (height < TEXT_HEIGHT + 2) return;
  const room = width - 2 * PADDING;
  const beside = room > textWidth(item.label) + textWidth(item.amount) + 10;
  const label = fitting(item.label, room - (beside ? textWidth(item.amount) + 6 : 0));
  if (label === '') return;
  const base = y + TEXT_HEIGHT - 3;
  shapes.push({ kind: 'text', x: x + PADDING, y: base, text: label, anchor: 'start', bold: divided });
  if (beside) {
    shapes.push({ kind: 'text', x: x + width - PADDING, y: base, text: item.amount, anchor: 'end', dim: true });
  } else if (!divided && height >= 2 * TEXT_HEIGHT + 2 && fitting(item.amount, room) === item.amount) {
    shapes.push({ kind: 'text', x: x + PADDING, y: base + TEXT_HEIGHT, text: item.amount, anchor: 'start', dim: true });
  }
  if (!divided) return;
  const within = {
    x: x + PADDING,
    y: y + TEXT_HEIGHT + 2,
    width: width - 2 * PADDING,
    height: height - TEXT_HEIGHT - 2 - PADDING,
  };
  const places = squarify(
    item.inner.map(({ value }) => value),
    within,
  );
  for (const [i, inner] of places.entries()) {
    if (inner.width < SMALLEST || inner.height < SMALLEST) continue;
    const cell = inset(inner, 1);
    shapes.push({ kind: 'rect', ...cell, paint: item.inner[i].paint, soft: true });
    const text = cell.height >= TEXT_HEIGHT ? fitting(item.inner[i].label, cell.width - 2 * PADDING) : '';
    if (text !== '')
      shapes.push({ kind: 'text', x: cell.x + PADDING, y: cell.y + TEXT_HEIGHT - 4, text, anchor: 'start', dim: true });
  }
}
