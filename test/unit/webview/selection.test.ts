/** Selections of rows: ranges that are what a set of rows would be, however many rows there are. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  extendTo,
  isSelected,
  NOTHING,
  type Selection,
  selectAll,
  selectedCount,
  selectOne,
  toggle,
} from '../../../webview/grid/selection.js';
import { seededRandom } from '../support/random.js';

describe('a selection', () => {
  it('is one row, and from there to another, in both directions', () => {
    const one = selectOne(5);
    assert.deepEqual(one, { ranges: [[5, 5]], focus: 5, anchor: 5 });
    const down = extendTo(one, 9);
    assert.deepEqual(down, { ranges: [[5, 9]], focus: 9, anchor: 5 });
    assert.deepEqual(extendTo(down, 2), { ranges: [[2, 5]], focus: 2, anchor: 5 });
    assert.deepEqual(extendTo(NOTHING, 3), { ranges: [[3, 3]], focus: 3, anchor: 3 });
  });

  it('is all rows, as one range', () => {
    const all = selectAll(100_000_000, 7);
    assert.deepEqual(all, { ranges: [[0, 99_999_999]], focus: 7, anchor: 0 });
    assert.equal(selectedCount(all), 100_000_000);
    assert.equal(selectAll(0, 3), NOTHING);
    assert.equal(selectAll(5, -1).focus, 0);
    assert.equal(selectedCount(toggle(all, 50_000_000)), 99_999_999);
  });

  it('is what a set of rows would be, whatever is added and taken out', () => {
    for (let seed = 0; seed < 50; seed++) {
      const random = seededRandom(seed);
      let selection: Selection = NOTHING;
      let rows = new Set<number>();
      for (let step = 0; step < 120; step++) {
        const row = random(30);
        if (random(10) === 0) {
          const anchor = selection.anchor < 0 ? row : selection.anchor;
          selection = extendTo(selection, row);
          rows = new Set(Array.from({ length: Math.abs(anchor - row) + 1 }, (_, i) => Math.min(anchor, row) + i));
        } else {
          selection = toggle(selection, row);
          if (!rows.delete(row)) rows.add(row);
          assert.deepEqual([selection.focus, selection.anchor], [row, row]);
        }
        assert.equal(selectedCount(selection), rows.size, `seed ${seed}, step ${step}`);
        for (let i = 0; i < 30; i++) assert.equal(isSelected(selection, i), rows.has(i));
        for (const [i, [from, to]] of selection.ranges.entries()) {
          assert.ok(from <= to && from > (selection.ranges[i - 1]?.[1] ?? -2) + 1, 'ranges are in order and apart');
        }
      }
    }
  });
});
