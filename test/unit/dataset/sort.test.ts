/** Sorting by every column, both ways, against a comparison of every two keys. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryColumn, memorySteps } from '../../../src/dataset/memory/column.js';
import { targetFor } from '../../../src/dataset/memory/target.js';
import { type SortColumn, sortByNumber, sortRows } from '../../../src/dataset/sort.js';
import { bytes } from '../support/bytes.js';
import { finish, indexed, progress } from '../support/indexed.js';
import { compareNames, type Known, keyspace, stringKey } from '../support/keyspace.js';
import { seededRandom } from '../support/random.js';
import { expireMs, file } from '../support/rdb-writer.js';

/** What the keys of the index that is sorted cost in memory. */
let costs: MemoryColumn | undefined;

/** What a column is sorted by; undefined comes last both ways. */
const VALUES: Record<Exclude<SortColumn, 'key' | 'offset'>, (key: Known) => number | string | undefined> = {
  type: (key) => key.type,
  encoding: (key) => key.encoding || undefined,
  elements: (key) => key.elements,
  size: (key) => key.size,
  memory: (key) => costs?.at(key.row),
  expireAt: (key) => key.expireAt,
  db: (key) => key.db,
  idle: (key) => key.idle,
  freq: (key) => key.freq,
};

function expectedOrder(keys: readonly Known[], column: keyof typeof VALUES, descending: boolean): number[] {
  const value = VALUES[column];
  const known = keys.filter((key) => value(key) !== undefined);
  known.sort((a, b) => {
    const [left, right] = [value(a) ?? 0, value(b) ?? 0];
    const order = left < right ? -1 : left > right ? 1 : 0;
    return (descending ? -order : order) || a.row - b.row;
  });
  return [...known, ...keys.filter((key) => value(key) === undefined)].map(({ row }) => row);
}

describe('sorting keys', () => {
  for (const access of ['none', 'idle', 'freq'] as const) {
    const space = keyspace(access.length, 500, access);
    const odd = Uint32Array.from(space.keys.filter(({ row }) => row % 2 === 1).map(({ row }) => row));
    const rowsOf = (rows: Uint32Array | undefined) =>
      rows ? space.keys.filter(({ row }) => row % 2 === 1) : space.keys;

    for (const column of Object.keys(VALUES) as (keyof typeof VALUES)[]) {
      for (const descending of [false, true]) {
        it(`by ${column}, ${descending ? 'down' : 'up'} (beside the keys: ${access})`, () => {
          costs = new MemoryColumn(targetFor({ make: 'redis', version: '7.2.6', level: 702 }));
          finish(memorySteps(space.source, space.index, costs));
          space.index.costs = costs;
          for (const rows of [undefined, odd]) {
            const order = finish(sortRows(space.source, space.index, rows, { column, descending }));
            assert.deepEqual([...(order ?? [])], expectedOrder(rowsOf(rows), column, descending));
          }
        });
      }
    }
  }

  const space = keyspace(9, 700);

  it('by name, bytewise, equal names of different databases in the order of the file', () => {
    const up = finish(sortRows(space.source, space.index, undefined, { column: 'key', descending: false }));
    const expected = [...space.keys]
      .sort((a, b) => compareNames(a.name, b.name) || a.row - b.row)
      .map(({ row }) => row);
    assert.ok(new Set(space.keys.map(({ name }) => name)).size < space.keys.length, 'some names are equal');
    assert.deepEqual([...(up ?? [])], expected);
    const down = finish(sortRows(space.source, space.index, undefined, { column: 'key', descending: true }));
    assert.deepEqual([...(down ?? [])], expected.reverse());
  });

  it('by their place in the file, which takes no work but to turn it around', () => {
    const { source, index } = space;
    assert.equal(finish(sortRows(source, index, undefined, { column: 'offset', descending: false })), undefined);
    const some = Uint32Array.of(1, 5, 9);
    assert.equal(finish(sortRows(source, index, some, { column: 'offset', descending: false })), undefined);
    assert.deepEqual(
      finish(sortRows(source, index, some, { column: 'offset', descending: true })),
      Uint32Array.of(9, 5, 1),
    );
    const all = finish(sortRows(source, index, undefined, { column: 'offset', descending: true }));
    assert.deepEqual([...(all ?? [])], space.keys.map(({ row }) => row).reverse());
  });

  it('leaves the rows that it is given as they are', () => {
    const rows = Uint32Array.from(space.keys.map(({ row }) => row));
    const before = rows.slice();
    for (const column of ['key', 'size', 'expireAt', 'offset'] as const) {
      finish(sortRows(space.source, space.index, rows, { column, descending: true }));
      assert.deepEqual(rows, before, column);
    }
  });

  it('tells how far it is, from 0 to 1', () => {
    for (const column of ['key', 'size', 'expireAt', 'type', 'offset'] as const) {
      const { told } = progress(sortRows(space.source, space.index, undefined, { column, descending: false }));
      assert.ok(
        told.every((done) => done >= 0 && done <= 1),
        `${column}: ${told}`,
      );
    }
  });

  it('takes any expiry for a time: before 1970, and next to one that means "never"', () => {
    // −1 is how files say that there is none.
    const times = [5n, -1n, 0n, 2n ** 63n - 1n, 6n, -1000n, 2n ** 40n, 2n ** 40n + 1n];
    const records = times.map((time, i) => bytes(expireMs(time), stringKey(`k${i}`)));
    const { source, index } = indexed(file('REDIS0011', records));
    const order = finish(sortRows(source, index, undefined, { column: 'expireAt', descending: false }));
    assert.deepEqual([...(order ?? [])], [5, 2, 0, 4, 6, 7, 3, 1]);
    const down = finish(sortRows(source, index, undefined, { column: 'expireAt', descending: true }));
    assert.deepEqual([...(down ?? [])], [3, 7, 6, 4, 0, 2, 5, 1]);
  });

  it('puts times at both ends of 64 bits at both ends', () => {
    const times = [0n, 2n ** 63n - 1n, -(2n ** 63n)];
    const { source, index } = indexed(
      file(
        'REDIS0011',
        times.map((time, i) => bytes(expireMs(time), stringKey(`k${i}`))),
      ),
    );
    const order = finish(sortRows(source, index, undefined, { column: 'expireAt', descending: false }));
    assert.deepEqual([...(order ?? [])], [2, 0, 1]);
  });

  it('is of nothing where there are no keys', () => {
    const { source, index } = indexed(file('REDIS0011'));
    for (const column of ['key', 'size', 'expireAt'] as const) {
      const order = finish(sortRows(source, index, undefined, { column, descending: false }));
      assert.deepEqual([...(order ?? [])], [], column);
    }
  });
});

describe('sorting by a number', () => {
  it('is the same as comparing, whatever the range of the numbers', () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = seededRandom(seed);
      const range = 2 ** random(53);
      const start = random(2) * -random(2 ** 30);
      const numbers = Array.from({ length: random(3000) }, () =>
        random(10) === 0 ? Number.NaN : start + Math.floor((random(2 ** 26) / 2 ** 26) * range),
      );
      for (const descending of [false, true]) {
        const order = finish(sortByNumber(undefined, numbers.length, (row) => numbers[row], descending));
        const known = [...numbers.keys()].filter((row) => !Number.isNaN(numbers[row]));
        known.sort((a, b) => (descending ? numbers[b] - numbers[a] : numbers[a] - numbers[b]) || a - b);
        const none = [...numbers.keys()].filter((row) => Number.isNaN(numbers[row]));
        assert.deepEqual([...order], [...known, ...none], `seed ${seed}, range ${range}`);
      }
    }
  });
});
