/** What is selected and what is at the upper edge, while a search puts rows in between. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GridRow, RowPlace } from '../../../src/protocol.js';
import { NOTHING, selectOne } from '../../../webview/grid/selection.js';
import { KeptPlaces } from '../../../webview/keys/kept-places.js';

/** A view of keys, by their rows in the order of the view; answers are given when the test says so. */
function viewOf(rows: number[]) {
  const shown = { rows };
  const waiting: (() => void)[] = [];
  const table = { selected: NOTHING, scrollPosition: 0, updateComplete: Promise.resolve(true) };
  const state = { row: -1, moved: 0, asked: 0 };
  const positionsOf = (places: readonly RowPlace[]) => {
    state.asked++;
    return new Promise<(number | null)[]>((resolve) => {
      waiting.push(() => {
        const at = places.map((place) => ('row' in place ? shown.rows.indexOf(place.row) : -1));
        resolve(at.map((position) => (position < 0 ? null : position)));
      });
    });
  };
  const rowAt = (position: number) => ({ kind: 'key', row: shown.rows[position] }) as GridRow;
  const kept = new KeptPlaces({
    table: () => table,
    keys: { cache: { freshRow: rowAt }, positionsOf },
    selected: () => (state.row < 0 ? undefined : { row: state.row }),
    updated: () => Promise.resolve(),
    moved: () => void state.moved++,
  });
  const select = (position: number) => {
    table.selected = selectOne(position);
    state.row = shown.rows[position];
  };
  const answer = () => waiting.shift()?.();
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { kept, table, state, shown, select, answer, settled };
}

describe('the places of a view into which a search puts rows', () => {
  it('follow the selected row and the one at the upper edge', async () => {
    const { kept, table, state, shown, select, answer } = viewOf([10, 30, 50, 70]);
    select(2);
    table.scrollPosition = 1.25;
    const keeping = kept.keep();
    shown.rows = [5, 10, 20, 30, 40, 50, 60, 70];
    answer();
    await keeping;
    assert.deepEqual([table.selected.focus, table.scrollPosition, state.moved], [5, 3.25, 1]);
  });

  it('leave the top of the list at the top, and select nothing that cannot be seen', async () => {
    const { kept, table, shown, select, answer } = viewOf([10, 30]);
    select(1);
    const keeping = kept.keep();
    shown.rows = [5, 10];
    answer();
    await keeping;
    assert.deepEqual([table.selected, table.scrollPosition], [NOTHING, 0]);
  });

  it('are asked for once more where rows have come in the meantime, from where they were at first', async () => {
    const { kept, table, state, shown, select, answer, settled } = viewOf([10, 30]);
    select(1);
    const keeping = kept.keep();
    shown.rows = [5, 10, 30];
    void kept.keep();
    answer();
    await settled();
    shown.rows = [5, 10, 20, 30];
    answer();
    await keeping;
    assert.deepEqual([state.asked, table.selected.focus], [2, 3]);
  });

  it('are those of the user where something else was chosen or scrolled to meanwhile', async () => {
    const { kept, table, state, shown, select, answer } = viewOf([10, 30, 50]);
    select(0);
    table.scrollPosition = 1;
    const keeping = kept.keep();
    shown.rows = [5, 10, 30, 50];
    select(3);
    table.scrollPosition = 0;
    answer();
    await keeping;
    assert.deepEqual([table.selected.focus, table.scrollPosition, state.moved], [3, 0, 0]);
  });
});
