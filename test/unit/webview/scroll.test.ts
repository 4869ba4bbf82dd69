/** Scrolling through any number of rows: exact with keyboard and wheel, and the scroll bar reaches both ends. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  clampTop,
  contentHeight,
  isScaled,
  MAX_SPACER,
  maxTop,
  pageRows,
  ROW_HEIGHT,
  type ScrollArea,
  scrollBarFor,
  spacerHeight,
  topFor,
  topToCentre,
  topToShow,
  visibleRows,
} from '../../../webview/grid/scroll.js';
import { seededRandom } from '../support/random.js';

const VIEWPORTS = [0, 10, 22, 23, 500, 1079.5, 4000];
const ROWS = [0, 1, 20, 1000, 363_636, 363_637, 10_000_000, 100_000_000];
const areas = ROWS.flatMap((rows) => VIEWPORTS.map((viewport): ScrollArea => ({ rows, viewport })));

/** True if a row can be seen from top to bottom. */
function showsWhole({ viewport }: ScrollArea, top: number, row: number): boolean {
  return row * ROW_HEIGHT >= top && (row + 1) * ROW_HEIGHT <= top + viewport;
}

describe('scrolling', () => {
  it('shows any row whole, wherever it begins', () => {
    for (const area of areas.filter(({ rows, viewport }) => rows > 0 && viewport >= ROW_HEIGHT)) {
      const random = seededRandom(area.rows);
      const rows = [0, 1, area.rows - 2, area.rows - 1, ...Array.from({ length: 200 }, () => random(area.rows))];
      let top = 0;
      for (const row of rows.filter((at) => at >= 0 && at < area.rows)) {
        top = topToShow(area, top, row);
        assert.ok(showsWhole(area, top, row), `row ${row} of ${area.rows} at ${top} in ${area.viewport}`);
        const [first, end] = visibleRows(area, top);
        assert.ok(first <= row && row < end);
        const centre = topToCentre(area, row);
        assert.ok(showsWhole(area, centre, row), `row ${row} of ${area.rows} in the middle`);
      }
    }
  });

  it('moves by one row with every key, at any number of rows', () => {
    for (const rows of [10_000_000, 100_000_000]) {
      const area = { rows, viewport: 495 };
      for (const start of [0, 1_234_567, rows - 300]) {
        let top = topToShow(area, 0, start);
        for (let row = start; row < start + 300; row++) {
          const before = top;
          top = topToShow(area, top, row);
          assert.ok(showsWhole(area, top, row));
          assert.ok(
            row === start || (top - before >= 0 && top - before <= ROW_HEIGHT),
            `row ${row}: ${before} to ${top}`,
          );
        }
        for (let row = start + 299; row >= start; row--) {
          const before = top;
          top = topToShow(area, top, row);
          assert.ok(before - top >= 0 && before - top <= ROW_HEIGHT);
        }
      }
    }
  });

  it('stays where it is for a row that is shown', () => {
    const area = { rows: 100_000_000, viewport: 500 };
    const top = 1_000_000_001;
    const [first, end] = visibleRows(area, top);
    for (let row = first + 1; row < end - 1; row++) assert.equal(topToShow(area, top, row), top);
  });

  it('reaches every row with the wheel, without a gap', () => {
    const area = { rows: 10_000_000, viewport: 495 };
    for (const from of [0, 123_456_789, maxTop(area) - 40_000]) {
      let last = visibleRows(area, from)[1];
      for (let top = from; top < from + 30_000; ) {
        const next = clampTop(area, top + 100);
        const [first, end] = visibleRows(area, next);
        assert.ok(first <= last && end >= last, `from ${top} to ${next}`);
        last = end;
        if (next === top) break;
        top = next;
      }
    }
    assert.equal(visibleRows(area, clampTop(area, 1e300))[1], area.rows);
    assert.equal(visibleRows(area, clampTop(area, -5))[0], 0);
  });

  it('pages so that a row of the last page is seen again', () => {
    for (const { viewport } of areas) {
      const page = pageRows({ rows: 1000, viewport });
      assert.ok(page >= 1);
      assert.ok(page === 1 || page * ROW_HEIGHT <= viewport - ROW_HEIGHT);
    }
  });
});

describe('the scroll bar', () => {
  it('has a range that every browser can show, and one pixel for each while there is room', () => {
    for (const area of areas) {
      assert.ok(spacerHeight(area) <= MAX_SPACER);
      if (contentHeight(area) > MAX_SPACER) continue;
      assert.equal(isScaled(area), false);
      assert.equal(spacerHeight(area), contentHeight(area));
      for (const top of [0, maxTop(area) / 2, maxTop(area)]) {
        assert.equal(scrollBarFor(area, top), top);
        assert.equal(topFor(area, top), top);
      }
    }
  });

  it('reaches both ends', () => {
    for (const area of areas) {
      assert.equal(topFor(area, 0), 0);
      assert.equal(scrollBarFor(area, 0), 0);
      const range = Math.max(0, spacerHeight(area) - area.viewport);
      assert.ok(Math.abs(topFor(area, range) - maxTop(area)) < 1e-5, `${area.rows} rows in ${area.viewport}`);
      assert.ok(Math.abs(scrollBarFor(area, maxTop(area)) - range) < 1e-5);
    }
  });

  it('stands for the position that it is set for', () => {
    for (const area of areas.filter(isScaled)) {
      const random = seededRandom(area.rows);
      let last = -1;
      for (const top of Array.from({ length: 300 }, () => random(maxTop(area))).sort((a, b) => a - b)) {
        const bar = scrollBarFor(area, top);
        assert.ok(bar >= last && bar <= MAX_SPACER - area.viewport);
        assert.ok(Math.abs(topFor(area, bar) - top) < 1, `${top} came back as ${topFor(area, bar)}`);
        last = bar;
      }
    }
  });

  it('never leaves the list, wherever it is dragged', () => {
    for (const area of areas) {
      for (const bar of [-100, 0, 1, MAX_SPACER / 3, MAX_SPACER, 1e12]) {
        const top = topFor(area, bar);
        assert.ok(top >= 0 && top <= maxTop(area));
        const [first, end] = visibleRows(area, top);
        assert.ok(first >= 0 && end <= area.rows && (area.rows === 0 || area.viewport === 0 || end > first));
      }
    }
  });
});
