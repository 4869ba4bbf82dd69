/** The 16,384 slots of a cluster as a map: a cell for each, darker where there is more. */
import type { Heat, Picture, Shape } from './shapes.js';

const SLOTS = 16384;
const STEPS = 6;

/** How the cells stand: rows of a power of two of slots, so that ranges are seen as stripes. */
export interface SlotGrid {
  readonly across: number;
  readonly cell: number;
  readonly rows: number;
}

/** The cells for a width: the largest that fit. */
export function slotGrid(width: number): SlotGrid {
  const across = width >= 512 ? 256 : 128;
  return { across, cell: width / across, rows: SLOTS / across };
}

/** The step of the scale for each slot: 0 for nothing, then by how many times the average it holds. */
export function slotSteps(values: Float64Array): Uint8Array {
  let sum = 0;
  let used = 0;
  for (const value of values) {
    sum += value;
    if (value > 0) used++;
  }
  const average = sum / Math.max(1, used);
  return Uint8Array.from(values, (value) => {
    if (value <= 0) return 0;
    const times = value / average;
    if (times < 0.5) return 1;
    if (times < 1) return 2;
    if (times < 2) return 3;
    return times < 8 ? 4 : 5;
  });
}

/** Draws the map. It has no parts: the slot at a point follows from {@link slotGrid}. */
export function slotMap(values: Float64Array, width: number): Picture {
  const { across, cell, rows } = slotGrid(width);
  const steps = slotSteps(values);
  const shapes: Shape[] = [];
  for (let step = 0; step < STEPS; step++) {
    let d = '';
    for (let slot = 0; slot < SLOTS; ) {
      if (steps[slot] !== step) {
        slot++;
        continue;
      }
      const start = slot;
      const rowEnd = (Math.floor(slot / across) + 1) * across;
      while (slot < rowEnd && steps[slot] === step) slot++;
      d += `M${short((start % across) * cell)} ${short(Math.floor(start / across) * cell)}h${short((slot - start) * cell)}v${short(cell)}h-${short((slot - start) * cell)}z`;
    }
    if (d !== '') shapes.push({ kind: 'path', d, paint: `heat-${step}` as Heat });
  }
  return { width, height: Math.ceil(rows * cell), shapes, places: [] };
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** What equal ranges of slots hold, as nodes of a cluster would. */
export function rangeShares(
  values: Float64Array,
  nodes: number,
): { readonly from: number; readonly to: number; readonly value: number }[] {
  return Array.from({ length: nodes }, (_, i) => {
    const from = Math.round((i * SLOTS) / nodes);
    const to = Math.round(((i + 1) * SLOTS) / nodes) - 1;
    let value = 0;
    for (let slot = from; slot <= to; slot++) value += values[slot];
    return { from, to, value };
  });
}
