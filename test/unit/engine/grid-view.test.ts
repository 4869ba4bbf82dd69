/** Views of a grid: lists and trees of filtered and sorted keys, while the index grows. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FileScan } from '../../../src/dataset/file-scan.js';
import { KeyIndex } from '../../../src/dataset/key-index.js';
import { MemoryColumn, memorySteps } from '../../../src/dataset/memory/column.js';
import { targetFor } from '../../../src/dataset/memory/target.js';
import { GridView } from '../../../src/engine/grid-view.js';
import type { ViewSpec } from '../../../src/protocol.js';
import { bytes } from '../support/bytes.js';
import { finish, indexed, namesOf, stringsFile } from '../support/indexed.js';
import { compareNames, keyspace, SAVED_AT } from '../support/keyspace.js';
import { seededRandom } from '../support/random.js';
import { file, key, selectdb, string } from '../support/rdb-writer.js';

const SPEC: ViewSpec = {
  filter: {},
  sort: { column: 'offset', descending: false },
  layout: 'list',
  separator: ':',
  folderOrder: 'name',
};
const clock = () => ({ now: SAVED_AT, savedAt: SAVED_AT });

/** Measures nothing. */
function* unmeasured(): Generator<number> {}

function viewOf(made: ReturnType<typeof indexed>, spec: Partial<ViewSpec> = {}): GridView {
  const view = new GridView(
    () => made.file,
    () => made.index,
    clock,
    unmeasured,
  );
  finish(view.arrange({ ...SPEC, ...spec }));
  return view;
}

const rowsOf = (view: GridView, from = 0, count = 10_000) =>
  view.rows(from, count).map((row) => (row.kind === 'key' ? row.row : row.kind));

describe('a view', () => {
  const space = keyspace(31, 500);
  const large = space.keys.filter(({ size }) => size >= 40);

  it('shows nothing before it is asked to', () => {
    const view = new GridView(
      () => space.file,
      () => space.index,
      clock,
      unmeasured,
    );
    assert.deepEqual(view.rows(0, 10), []);
    assert.deepEqual(view.state(false), { total: 0, keys: 0, bytes: 0, memory: null, growing: false });
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
    assert.deepEqual(view.state(true), {
      memory: null,
      total: large.length,
      keys: large.length,
      bytes: total,
      growing: true,
    });
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
    const [user] = tree.rows(0, 1);
    assert.ok(user.kind === 'folder');
    finish(tree.setExpanded(user.id, true));
    assert.equal(finish(tree.find(bytes('x'), 0)), 1, 'user:x, which is open now');
    assert.equal(finish(tree.find(bytes('x'), 2)), 3);
  });

  it('shows what a search in values has found so far, in its order, and sorts anew without searching', () => {
    const names = Array.from({ length: 20_000 }, (_, i) => [
      `k${(i * 7919) % 20_000}`,
      i % 500 === 3 ? 'needle' : 'hay',
    ]);
    const made = indexed(file('REDIS0011', selectdb(0), ...names.map(([name, value]) => key(0, name, string(value)))));
    const expected = names.flatMap(([name, value], row) => (value === 'needle' ? [{ name, row }] : []));
    expected.sort((a, b) => compareNames(a.name, b.name));
    let now = SAVED_AT;
    const told: { fresh: boolean; reordered: boolean | undefined; rows: (number | string)[] }[] = [];
    const view = new GridView(
      () => made.file,
      () => made.index,
      () => ({ now, savedAt: SAVED_AT }),
      unmeasured,
      (fresh, reordered) => void told.push({ fresh, reordered, rows: rowsOf(view) }),
    );
    const filter = { value: { mode: 'substring', text: 'needle', ignoreCase: false } } as const;
    const sort = { column: 'key', descending: false } as const;
    for (const _ of view.arrange({ ...SPEC, filter, sort })) now += 1000;
    const sorted = expected.map(({ row }) => row);
    assert.deepEqual(rowsOf(view), sorted);
    assert.deepEqual(told[0], { fresh: true, reordered: undefined, rows: [] });
    assert.ok(told.length > 2, `${told.length} times`);
    for (const [i, { fresh, reordered, rows }] of told.slice(1).entries()) {
      assert.deepEqual([fresh, reordered], [false, true]);
      const found = new Set(rows);
      assert.deepEqual(
        rows,
        sorted.filter((row) => found.has(row)),
      );
      assert.ok(rows.length > (told[i]?.rows.length ?? 0));
    }
    const before = told.length;
    finish(view.arrange({ ...SPEC, filter, sort: { column: 'key', descending: true } }));
    assert.deepEqual(rowsOf(view), [...sorted].reverse());
    assert.equal(told.length, before, 'was searched again');
    finish(view.arrange({ ...SPEC, filter: { value: { ...filter.value, text: 'hay' } }, sort }));
    assert.equal(view.state(false).keys, names.length - sorted.length);
  });

  it('shows in a tree what a search in values has found so far, with what is open and the ids of folders', () => {
    const random = seededRandom(7);
    const names = Array.from({ length: 40_000 }, (_, i) => {
      const path = ['user', 'order', 'cart', 'x'].slice(0, 1 + random(3)).join(':');
      return [`${path}:${random(30)}:${i}`, random(50) === 0 ? 'needle' : 'hay'];
    });
    const made = indexed(file('REDIS0011', selectdb(0), ...names.map(([name, value]) => key(0, name, string(value)))));
    for (const folderOrder of ['name', 'keys'] as const) {
      let now = SAVED_AT;
      let fresh = 0;
      const ids = new Map<string, number>();
      const totals: number[] = [];
      const search = { mode: 'substring', text: 'needle', ignoreCase: false } as const;
      const spec: ViewSpec = {
        ...{ ...SPEC, layout: 'tree', folderOrder, filter: { value: search } },
        sort: { column: 'key', descending: false },
      };
      const view = new GridView(
        () => made.file,
        () => made.index,
        () => ({ now, savedAt: SAVED_AT }),
        unmeasured,
        (begins) => {
          if (begins) fresh++;
          totals.push(view.state(true).keys);
          checkTree(view);
        },
      );
      /** Every row is where the view says, counts are those of the keys, and ids stay. */
      const checkTree = (tree: GridView) => {
        const rows = tree.rows(0, 100_000);
        const { keys, total } = tree.state(true);
        assert.equal(rows.length, total);
        let counted = 0;
        for (const [position, row] of rows.entries()) {
          if (row.kind === 'rest') continue;
          if (row.depth === 0) counted += row.kind === 'folder' ? row.folder.keys : 1;
          const place = row.kind === 'folder' ? { folder: row.id } : { row: row.row };
          assert.equal(tree.positionOf(place), position);
          if (row.kind !== 'folder' || row.depth > 0) continue;
          const name = String(row.folder.name);
          assert.equal(ids.get(name) ?? row.id, row.id);
          ids.set(name, row.id);
        }
        assert.equal(counted, keys);
      };
      // Somebody opens folders while it goes on, both in turn.
      const opening: Generator<number>[] = [];
      for (const _ of view.arrange(spec)) {
        now += 1000;
        if (opening[0]?.next().done !== false) opening.shift();
        const closed = view.rows(0, 3).find((row) => row.kind === 'folder' && !row.expanded);
        if (opening.length === 0 && closed?.kind === 'folder') opening.push(view.setExpanded(closed.id, true));
      }
      for (const one of opening) finish(one);
      checkTree(view);
      assert.equal(fresh, 1);
      assert.ok(totals.length > 4 && totals.every((keys, at) => keys >= (totals[at - 1] ?? 0)), `${totals}`);
      // Made anew with the same folders open it is the same.
      const other = viewOf(made, spec);
      const opened = view.rows(0, 100_000).filter((row) => row.kind === 'folder' && row.expanded);
      for (const row of opened) {
        if (row.kind !== 'folder') continue;
        const same = other.rows(0, 100_000).find((one) => {
          return one.kind === 'folder' && one.depth === row.depth && `${one.folder.name}` === `${row.folder.name}`;
        });
        assert.ok(same?.kind === 'folder');
        finish(other.setExpanded(same.id, true));
      }
      const plain = (tree: GridView) =>
        tree.rows(0, 100_000).map((row) => (row.kind === 'folder' ? { ...row, id: 0 } : row));
      assert.deepEqual(plain(view), plain(other));
      assert.ok(opened.length >= 2);
    }
  });

  it('arranges what a search has found so far a few times only, however much it is', () => {
    const made = indexed(file('REDIS0011', ...Array.from({ length: 60_000 }, (_, i) => key(0, `k:${i}`, string('x')))));
    let now = SAVED_AT;
    const keys: number[] = [];
    const view = new GridView(
      () => made.file,
      () => made.index,
      () => ({ now, savedAt: SAVED_AT }),
      unmeasured,
      () => void keys.push(view.state(true).keys),
    );
    const filter = { value: { mode: 'substring', text: 'x', ignoreCase: false } } as const;
    for (const _ of view.arrange({ ...SPEC, layout: 'tree', filter })) now += 1000;
    const steps = keys.slice(1).map((count, at) => count / Math.max(1, keys[at]));
    assert.ok(keys.length > 5 && keys.length < 30, `${keys}`);
    assert.ok(
      steps.slice(2).every((step) => step >= 1.25),
      `${keys}`,
    );
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
      const view = new GridView(
        () => space.file,
        () => current ?? space.index,
        clock,
        unmeasured,
      );
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
    const view = new GridView(
      () => space.file,
      () => current ?? space.index,
      clock,
      unmeasured,
    );
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

describe('the memory of a view', () => {
  const measured = () => {
    const space = keyspace(31, 500);
    const column = new MemoryColumn(targetFor({ make: 'redis', version: '7.2.6', level: 702 }));
    let passes = 0;
    function* measure(): Generator<number> {
      passes++;
      space.index.costs = column;
      yield* memorySteps(space.source, space.index, column);
    }
    const view = new GridView(
      () => space.file,
      () => space.index,
      clock,
      measure,
    );
    return { space, column, measure, view, passes: () => passes };
  };
  const sum = (column: MemoryColumn, rows: Iterable<number>) => {
    let all = 0;
    for (const row of rows) all += column.at(row);
    return all;
  };

  it('is not measured before somebody asks for it, and then known of what passes the filter', () => {
    const { space, column, measure, view, passes } = measured();
    finish(view.arrange({ ...SPEC, filter: { size: { min: 40 } } }));
    assert.deepEqual([passes(), view.state(false).memory], [0, null]);
    finish(measure());
    finish(view.measured());
    const rows = space.keys.filter(({ size }) => size >= 40).map(({ row }) => row);
    assert.equal(view.state(false).memory, sum(column, rows));
  });

  it('is measured to sort and to filter by it', () => {
    const { space, column, view } = measured();
    finish(view.arrange({ ...SPEC, sort: { column: 'memory', descending: true } }));
    const order = rowsOf(view) as number[];
    assert.equal(order.length, space.keys.length);
    assert.ok(order.every((row, at) => at === 0 || column.at(order[at - 1]) >= column.at(row)));
    assert.equal(view.state(false).memory, column.total);
    finish(view.arrange({ ...SPEC, filter: { memory: { min: 100, max: 200 } } }));
    const between = space.keys.map(({ row }) => row).filter((row) => column.at(row) >= 100 && column.at(row) <= 200);
    assert.ok(between.length > 0);
    assert.deepEqual(rowsOf(view), between);
  });

  it('is known of folders as soon as it is of their keys, and can be their order', () => {
    const { column, measure, view } = measured();
    const folders = () => view.rows(0, 10_000).flatMap((row) => (row.kind === 'folder' ? [row.folder.memory] : []));
    finish(view.arrange({ ...SPEC, layout: 'tree' }));
    assert.ok(folders().length > 1 && folders().every(Number.isNaN));
    finish(measure());
    finish(view.measured());
    const keys = view.rows(0, 10_000).flatMap((row) => (row.kind === 'key' ? [row.row] : []));
    const all = folders().reduce((one, other) => one + other, 0) + sum(column, keys);
    assert.equal(all, column.total);
    finish(view.arrange({ ...SPEC, layout: 'tree', folderOrder: 'memory' }));
    assert.deepEqual(
      folders(),
      folders().sort((a, b) => b - a),
    );
  });
});
