/** Which rows are selected: ranges of positions, so that ten million rows are one range. */

/** A range with both ends included. */
export type Range = readonly [from: number, to: number];

/** The selection of a grid: its ranges in order, the row with the focus, and where a range began. */
export interface Selection {
  readonly ranges: readonly Range[];
  /** Position of the row with the focus; −1 if there is none. */
  readonly focus: number;
  /** Position from which a range is extended. */
  readonly anchor: number;
}

export const NOTHING: Selection = { ranges: [], focus: -1, anchor: -1 };

/** One row. */
export function selectOne(row: number): Selection {
  return { ranges: [[row, row]], focus: row, anchor: row };
}

/** From the anchor to a row. */
export function extendTo(selection: Selection, row: number): Selection {
  const anchor = selection.anchor < 0 ? row : selection.anchor;
  return { ranges: [[Math.min(anchor, row), Math.max(anchor, row)]], focus: row, anchor };
}

/** Adds a row to the selection, or takes it out. */
export function toggle(selection: Selection, row: number): Selection {
  const ranges = isSelected(selection, row) ? without(selection.ranges, row) : withRow(selection.ranges, row);
  return { ranges, focus: row, anchor: row };
}

/** All rows. */
export function selectAll(rows: number, focus: number): Selection {
  if (rows === 0) return NOTHING;
  return { ranges: [[0, rows - 1]], focus: Math.max(0, focus), anchor: 0 };
}

export function isSelected({ ranges }: Selection, row: number): boolean {
  return ranges.some(([from, to]) => row >= from && row <= to);
}

/** Number of selected rows. */
export function selectedCount({ ranges }: Selection): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

function without(ranges: readonly Range[], row: number): Range[] {
  return ranges.flatMap(([from, to]): Range[] => {
    if (row < from || row > to) return [[from, to]];
    const parts: Range[] = [];
    if (from < row) parts.push([from, row - 1]);
    if (row < to) parts.push([row + 1, to]);
    return parts;
  });
}

function withRow(ranges: readonly Range[], row: number): Range[] {
  const sorted = [...ranges, [row, row] as Range].sort((a, b) => a[0] - b[0]);
  const merged: Range[] = [];
  for (const [from, to] of sorted) {
    const last = merged[merged.length - 1];
    if (last && from <= last[1] + 1) merged[merged.length - 1] = [last[0], Math.max(last[1], to)];
    else merged.push([from, to]);
  }
  return merged;
}
