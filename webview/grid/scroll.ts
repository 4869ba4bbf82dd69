/**
 * Where a list of rows is scrolled to, as arithmetic. Browsers stop at some 33.5 million pixels for one element, which
 * ten million rows are past: the scroll bar then stands for a scaled position, while wheel and keyboard move by exact
 * pixels. `top` is always the exact position: pixels of content above the visible part.
 */

/** Height of a row in pixels. */
export const ROW_HEIGHT = 22;
/** The tallest element that is made: far below what any browser can show. */
export const MAX_SPACER = 8_000_000;

/** A list and the part of it that is visible. */
export interface ScrollArea {
  readonly rows: number;
  /** Height of the visible part in pixels. */
  readonly viewport: number;
}

/** Height of all rows. */
export function contentHeight({ rows }: ScrollArea): number {
  return rows * ROW_HEIGHT;
}

/** Height of the element that gives the scroll bar its range. */
export function spacerHeight(area: ScrollArea): number {
  return Math.min(contentHeight(area), MAX_SPACER);
}

/** True if the scroll bar stands for a scaled position. */
export function isScaled(area: ScrollArea): boolean {
  return contentHeight(area) > MAX_SPACER;
}

/** The highest possible position. */
export function maxTop(area: ScrollArea): number {
  return Math.max(0, contentHeight(area) - area.viewport);
}

/** A position within the list. */
export function clampTop(area: ScrollArea, top: number): number {
  return Math.min(Math.max(0, top), maxTop(area));
}

/** The position of the scroll bar for an exact position. */
export function scrollBarFor(area: ScrollArea, top: number): number {
  if (!isScaled(area)) return top;
  const range = maxTop(area);
  return range === 0 ? 0 : (top / range) * (MAX_SPACER - area.viewport);
}

/** The exact position for a position of the scroll bar. */
export function topFor(area: ScrollArea, scrollBar: number): number {
  if (!isScaled(area)) return clampTop(area, scrollBar);
  const range = MAX_SPACER - area.viewport;
  return clampTop(area, range <= 0 ? 0 : (scrollBar / range) * maxTop(area));
}

/** The rows that are visible, in part or whole: first, and the one behind the last. */
export function visibleRows(area: ScrollArea, top: number): readonly [number, number] {
  const first = Math.floor(top / ROW_HEIGHT);
  return [first, Math.min(area.rows, Math.ceil((top + area.viewport) / ROW_HEIGHT))];
}

/** Rows that fit whole: how far a page is. */
export function pageRows({ viewport }: ScrollArea): number {
  return Math.max(1, Math.floor(viewport / ROW_HEIGHT) - 1);
}

/** The nearest position that shows a row whole. */
export function topToShow(area: ScrollArea, top: number, row: number): number {
  const start = row * ROW_HEIGHT;
  if (start < top) return clampTop(area, start);
  if (start + ROW_HEIGHT > top + area.viewport) return clampTop(area, start + ROW_HEIGHT - area.viewport);
  return top;
}

/** The position that shows a row in the middle, for a jump to somewhere else. */
export function topToCentre(area: ScrollArea, row: number): number {
  return clampTop(area, row * ROW_HEIGHT - (area.viewport - ROW_HEIGHT) / 2);
}
