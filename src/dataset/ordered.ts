/** The elements of a value in sorted order, in bounded memory: a value that does not fit is read several times. */
import type { Collection } from '../decoder/rdb/value-model.js';

/** Estimated bytes of elements that are held at once. */
const BUDGET = 32 * 1024 * 1024;

/**
 * Gives the items of a collection in order. While they fit into the budget they are read once and sorted; otherwise
 * every pass over the value keeps the smallest ones that have not been given yet.
 *
 * @param compare a total order: 0 only for items that cannot be told apart.
 * @param weigh the memory that an item takes, in bytes.
 */
export function* inOrder<Item>(
  collection: Collection<Item>,
  compare: (a: Item, b: Item) => number,
  weigh: (item: Item) => number,
  budget = BUDGET,
): Generator<Item> {
  let last: Item | undefined;
  let repeats = 0;
  for (;;) {
    const { items, more } = smallest(collection, compare, weigh, budget, last, repeats);
    yield* items;
    if (!more || items.length === 0) return;
    const newest = items[items.length - 1];
    const same = countEqual(items, newest, compare);
    repeats = last !== undefined && compare(last, newest) === 0 ? repeats + same : same;
    last = newest;
  }
}

function countEqual<Item>(items: readonly Item[], item: Item, compare: (a: Item, b: Item) => number): number {
  let count = 0;
  for (let i = items.length - 1; i >= 0 && compare(items[i], item) === 0; i--) count++;
  return count;
}

/** One pass: the smallest items after `last`, of which `repeats` equal ones were given already. */
function smallest<Item>(
  collection: Collection<Item>,
  compare: (a: Item, b: Item) => number,
  weigh: (item: Item) => number,
  budget: number,
  last: Item | undefined,
  repeats: number,
): { items: Item[]; more: boolean } {
  let items: Item[] = [];
  let weight = 0;
  let more = false;
  let toSkip = repeats;
  let limit: Item | undefined;
  const walker = collection.walk();
  for (let item = walker.next(); item !== undefined; item = walker.next()) {
    if (last !== undefined) {
      const order = compare(item, last);
      if (order < 0 || (order === 0 && toSkip-- > 0)) continue;
    }
    if (limit !== undefined && compare(item, limit) >= 0) continue;
    items.push(item);
    weight += weigh(item);
    // At twice the budget the larger half is dropped: it will come again in a later pass.
    if (weight > 2 * budget && items.length > 1) {
      items.sort(compare);
      let kept = 0;
      let keptWeight = 0;
      while (kept < items.length - 1 && (kept === 0 || keptWeight < budget)) keptWeight += weigh(items[kept++]);
      limit = items[kept];
      items = items.slice(0, kept);
      weight = keptWeight;
      more = true;
    }
  }
  items.sort(compare);
  return { items, more };
}
