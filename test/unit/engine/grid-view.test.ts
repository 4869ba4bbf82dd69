/** Views of a grid: lists and trees of filtered and sorted keys, while the index grows. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FileScan } from '../../../src/dataset/file-scan.js';
import { KeyIndex } from '../../../src/dataset/key-index.js';
import { GridView } from '../../../src/engine/grid-view.js';
import type { ViewSpec } from '../../../src/protocol.js';
import { bytes } from '../support/bytes.js';
import { finish, indexed, namesOf, stringsFile } from '../support/indexed.js';
import { compareNames, keyspace, SAVED_AT } from '../support/keyspace.js';

const SPEC: ViewSpec = {
  filter: {},
  sort: { column: 'offset', descending: false },
  layout: 'list',
  separator: ':',
  folderOrder: 'name',
};
const clock = () => ({ now: SAVED_AT, savedAt: SAVED_AT });

function viewOf(made: ReturnType<typeof indexed>, spec: Partial<ViewSpec> = {}): GridView {
  const view = new GridView(made.source, () => made.index, clock);
  finish(view.arrange({ ...SPEC, ...spec }));
  return view;
}

const rowsOf = (view: GridView, from = 0, count = 10_000) =>
  view.rows(from, count).map((row) => (row.kind === 'key' ? row.row : row.kind));

describe('a view', () => {
  const space = keyspace(31, 500);
  const large = space.keys.filter(({ size }) => size >= 40);

  it('shows nothing before it is asked to', () => {
    const view = new GridView(space.source, () => space.index, clock);
    assert.deepEqual(view.rows(0, 10), []);
    assert.deepEqual(view.state(false), { total: 0, keys: 0, bytes: 0, growing: false });
    assert.equal(finish(view.locate(3)), undefined);
    assert.equal(finish(view.find(bytes('a'), 0)), undefined);
  });

  it('is a list: filtered, sorted, with the bytes of its keys', () => {
    const view = viewOf(space, { filter: { size: { min: 40 } }, sort: { column: 'size', descending: true } });
    const expected = [...large].sort((a, b) => b.size - a.size || a.row - b.row);
    assert.deepEqual(
      rowsOf(view),
      expected.map(({ row }) => row),
    );
    assert.deepEqual(rowsOf(view, 7, 5), rowsOf(view).slice(7, 12));
    const total = large.reduce((sum, { size }) => sum + size, 0);
    assert.deepEqual(view.state(true), { total: large.length, keys: large.length, bytes: total, growing: true });
    const whole = space.keys.reduce((sum, { size }) => sum + size, 0);
    assert.equal(viewOf(space).state(false).bytes, whole);
  });

  it('is a tree: only the keys that pass are counted', () => {
    const view = viewOf(space, { layout: 'tree', filter: { size: { min: 40 } } });
    const counted = view.rows(0, 10_000).reduce((sum, row) => sum + (row.kind === 'folder' ? row.folder.keys : 1), 0);
    assert.equal(counted, large.length);
    const { total, keys } = view.state(false);
    assert.deepEqual([total, keys], [rowsOf(view).length, large.length]);
    assert.equal(viewOf(space, { layout: 'tree', separator: '' }).state(false).total, 500, 'no separator, no tree');
  });

  it('finds every key that it shows, and no other', () => {
    const shown = new Set(large.map(({ row }) => row));
    const specs: Partial<ViewSpec>[] = [
      { filter: { size: { min: 40 } } },
      { filter: { size: { min: 40 } }, sort: { column: 'key', descending: true } },
      { filter: { size: { min: 40 } }, layout: 'tree' },
    ];
    for (const spec of specs) {
      const view = viewOf(space, spec);
      for (const { row } of space.keys) {
        const position = finish(view.locate(row));
        assert.equal(position !== undefined, shown.has(row), `row ${row}`);
        if (position !== undefined) assert.deepEqual(rowsOf(view, position, 1), [row]);
      }
    }
    assert.equal(finish(viewOf(space).locate(5)), 5);
    assert.equal(finish(viewOf(space).locate(5000)), undefined);
  });

  it('finds the next name that starts with some bytes, and goes on at its start', () => {
    const made = indexed(stringsFile(['b1', 'a1', 'b2', 'c', 'a2']));
    const list = viewOf(made);
    const find = (view: GridView, text: string, from: number) => finish(view.find(bytes(text), from));
    assert.deepEqual(
      [0, 1, 2, 4].map((from) => find(list, 'a', from)),
      [1, 1, 4, 4],
    );
    assert.equal(find(list, 'b', 3), 0);
    assert.equal(find(list, 'x', 0), undefined);
    assert.equal(find(list, '', 0), undefined);
    const sorted = viewOf(made, { sort: { column: 'key', descending: true } });
    assert.deepEqual([find(sorted, 'b', 0), find(sorted, 'b1', 0), find(sorted, 'a', 0)], [1, 2, 3]);
    const filtered = viewOf(made, { filter: { key: { mode: 'glob', text: '?2', ignoreCase: false } } });
    assert.deepEqual([find(filtered, 'a', 0), find(filtered, 'a1', 0)], [1, undefined]);
  });

  it('finds names in a tree as they stand there', () => {
    const made = indexed(stringsFile(['user:x', 'user:y', 'xenon', 'yes']));
    const tree = viewOf(made, { layout: 'tree' });
    assert.equal(finish(tree.find(bytes('x'), 0)), 1);
    assert.equal(finish(tree.find(bytes('u'), 1)), 0);
    finish(tree.setExpanded(0, true));
    assert.equal(finish(tree.find(bytes('x'), 0)), 1, 'user:x, which is open now');
    assert.equal(finish(tree.find(bytes('x'), 2)), 3);
  });

  it('gives the keys at positions as they were, however it is arranged meanwhile', () => {
    const view = viewOf(space, { sort: { column: 'key', descending: false } });
    const expected = [...rowsOf(view, 0, 3), ...rowsOf(view, 100, 301)];
    const keys = view
      .keysAt([
        [0, 2],
        [100, 400],
      ])
      [Symbol.iterator]();
    const first = keys.next();
    finish(view.arrange({ ...SPEC, sort: { column: 'size', descending: false } }));
    const rest = [first.value, ...{ [Symbol.iterator]: () => keys }];
    assert.deepEqual(rest, expected);
    assert.deepEqual([...viewOf(space).keysAt([[490, 2 ** 40]])], rowsOf(viewOf(space), 490));
  });
});

describe('a view of a file that is being scanned', () => {
  const space = keyspace(32, 900);

  /** Scans the file in small steps. */
  function* growing(): Generator<KeyIndex> {
    let index: KeyIndex | undefined;
    const scan = new FileScan(
      space.source,
      (batch, types, facts) => {
        index ??= new KeyIndex(facts.server);
        index.add(batch, types);
      },
      2000,
    );
    while (scan.step()) if (index) yield index;
    if (index) yield index;
  }

  it('takes in new keys in the order of the file, and is in the end as if made then', () => {
    for (const filter of [
      {},
      { types: ['list', 'hash'] },
      { key: { mode: 'substring', text: 'a', ignoreCase: false } as const },
    ]) {
      let current: KeyIndex | undefined;
      const view = new GridView(space.source, () => current ?? space.index, clock);
      let grown = 0;
      for (const index of growing()) {
        if (!current) {
          current = index;
          finish(view.arrange({ ...SPEC, filter }));
        } else if (view.behind > 0) {
          grown++;
          finish(view.grow());
        }
      }
      assert.ok(grown > 3);
      assert.equal(view.behind, 0);
      const whole = viewOf(space, { filter });
      assert.deepEqual(rowsOf(view), rowsOf(whole));
      assert.deepEqual(view.state(false), whole.state(false));
    }
  });

  it('that is sorted is right for the keys that it has', () => {
    let current: KeyIndex | undefined;
    const view = new GridView(space.source, () => current ?? space.index, clock);
    for (const index of growing()) {
      current = index;
      const before = index.length;
      const work = view.arrange({ ...SPEC, sort: { column: 'key', descending: false } });
      finish(work);
      assert.equal(view.canGrow, false);
      const names = namesOf(space, rowsOf(view) as number[]);
      assert.equal(names.length, before);
      assert.deepEqual(names, [...names].sort(compareNames));
    }
  });
});
