/** Elements in sorted order, in bounded memory: the same as sorting all of them, however little may be held. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inOrder } from '../../../src/dataset/ordered.js';
import type { Collection } from '../../../src/decoder/rdb/value-model.js';
import { listed } from '../../../src/decoder/rdb/walkers.js';
import { seededRandom } from '../support/random.js';

const byNumber = (a: number, b: number) => a - b;

/** A collection that counts how often it is walked. */
function counting<Item>(items: readonly Item[]): { collection: Collection<Item>; walks: () => number } {
  let walks = 0;
  const inner = listed(items);
  const walk = () => {
    walks++;
    return inner.walk();
  };
  return { collection: { count: undefined, walk }, walks: () => walks };
}

describe('elements in order', () => {
  it('are read once while they fit', () => {
    const { collection, walks } = counting([3, 1, 2]);
    assert.deepEqual([...inOrder(collection, byNumber, () => 10, 30)], [1, 2, 3]);
    assert.equal(walks(), 1);
  });

  it('are none of none', () => {
    assert.deepEqual([...inOrder(listed<number>([]), byNumber, () => 10, 1)], []);
  });

  it('are all of them, in order, within any budget', () => {
    for (let seed = 0; seed < 40; seed++) {
      const random = seededRandom(seed);
      const items = Array.from({ length: random(120) }, () => random(1 + random(200)));
      const expected = [...items].sort(byNumber);
      for (const budget of [1, 2, 3, 5, 10, 50, 1000]) {
        assert.deepEqual([...inOrder(listed(items), byNumber, () => 1, budget)], expected, `${seed}, budget ${budget}`);
        const weigh = (item: number) => 1 + (item % 7);
        assert.deepEqual([...inOrder(listed(items), byNumber, weigh, budget)], expected, `${seed}, weights, ${budget}`);
      }
    }
  });

  it('are given as often as they occur, also if equal ones do not fit', () => {
    for (const items of [
      [5, 5, 5, 5, 5, 5, 5],
      [2, 1, 2, 1, 2, 1, 2, 1, 2],
      [9, 9, 1, 9, 9, 9, 1, 1, 0],
    ]) {
      for (const budget of [1, 2, 3, 4]) {
        const sorted = [...inOrder(listed(items), byNumber, () => 1, budget)];
        assert.deepEqual(sorted, [...items].sort(byNumber), `budget ${budget}`);
      }
    }
  });

  it('keep the order in which equal ones were met', () => {
    const items = Array.from({ length: 30 }, (_, index) => ({ name: index % 3, index }));
    const sorted = [
      ...inOrder(
        listed(items),
        (a, b) => a.name - b.name,
        () => 1,
        4,
      ),
    ];
    assert.deepEqual(
      sorted.map(({ index }) => index),
      [...items].sort((a, b) => a.name - b.name).map(({ index }) => index),
    );
  });

  it('take as many passes as the budget asks for, and no more', () => {
    const random = seededRandom(7);
    const items = Array.from({ length: 2000 }, () => random(1_000_000));
    const { collection, walks } = counting(items);
    const budget = 100;
    assert.deepEqual([...inOrder(collection, byNumber, () => 1, budget)], [...items].sort(byNumber));
    // Every pass gives at least the budget, but for the last.
    assert.ok(walks() <= Math.ceil(items.length / budget) + 1, `${walks()} passes`);
    assert.ok(walks() >= items.length / (2 * budget + 1), `${walks()} passes`);
  });
});
