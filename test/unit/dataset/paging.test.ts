/** Pages of elements: any page in any order is what one walk gives, and a page far in begins at a mark. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PagedCollection } from '../../../src/dataset/paging.js';
import type { Collection } from '../../../src/decoder/rdb/value-model.js';
import { listed } from '../../../src/decoder/rdb/walkers.js';
import { finish } from '../support/indexed.js';
import { seededRandom } from '../support/random.js';

/** A collection that counts the elements that are read from it. @param count what it says of their number. */
function counting(length: number, count: number | undefined) {
  const inner = listed(Array.from({ length }, (_, i) => i));
  const state = { reads: 0 };
  const collection: Collection<number> = {
    count,
    walk(from) {
      const walker = inner.walk(from);
      return {
        next() {
          state.reads++;
          return walker.next();
        },
        mark: () => walker.mark(),
      };
    },
  };
  return { paged: new PagedCollection(collection), state };
}

function page(paged: PagedCollection<number>, from: number, count: number): [item: number, position: number][] {
  const items: [number, number][] = [];
  finish(paged.read(from, count, (item, position) => items.push([item, position])));
  return items;
}

const expectedPage = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => [from + i, from + i]);

describe('pages of elements', () => {
  it('are the same in any order, around marks and ends', () => {
    for (const length of [0, 1, 1023, 1024, 1025, 5000]) {
      const random = seededRandom(length);
      const { paged } = counting(length, undefined);
      for (let i = 0; i < 60; i++) {
        const from = [0, 1023, 1024, 1025, 2048, length, length + 5, random(6000)][random(8)];
        const count = [0, 1, 100, 1024, 3000][random(5)];
        assert.deepEqual(
          page(paged, from, count),
          expectedPage(from, Math.min(length, from + count)),
          `${from}+${count}`,
        );
      }
    }
  });

  it('that are far in are not read from the start again', () => {
    const { paged, state } = counting(100_000, 100_000);
    page(paged, 90_000, 100);
    assert.ok(state.reads >= 90_100);
    for (const from of [89_000, 50_000, 10, 90_050]) {
      state.reads = 0;
      page(paged, from, 100);
      assert.ok(state.reads <= 1024 + 100, `${state.reads} elements for the page at ${from}`);
    }
  });

  it('have a total: what the file declares, or what a walk has found', () => {
    const declared = counting(10, 12).paged;
    assert.equal(declared.total, 12);
    const unknown = counting(10, undefined).paged;
    assert.equal(unknown.total, undefined);
    page(unknown, 0, 10);
    assert.equal(unknown.total, undefined, 'nobody has seen that nothing follows');
    page(unknown, 5, 10);
    assert.equal(unknown.total, 10);
    page(declared, 0, 100);
    assert.equal(declared.total, 10, 'a walk is right where the file is not');
  });

  it('are searched from the first to the last element', () => {
    const { paged } = counting(10_000, undefined);
    const found = finish(paged.search((item) => item % 2500 === 7));
    assert.deepEqual([...found], [7, 2507, 5007, 7507]);
    assert.equal(paged.total, 10_000);
    assert.deepEqual([...finish(paged.search(() => false))], []);
  });

  it('let others have their turn in a long walk', () => {
    const { paged } = counting(50_000, undefined);
    assert.ok([...paged.read(49_990, 5, () => {})].length >= 10);
  });
});
