/** What a server needs for the keys of a file beside the keys themselves: tables, and entries of those with an expiry. */
import type { KeyIndex } from '../key-index.js';
import { allocatorOf } from './allocator.js';
import type { MemoryTarget } from './target.js';

/** Bytes of the tables of all databases. */
export function tableBytes(index: KeyIndex, { make, level, allocator }: MemoryTarget): number {
  const round = allocatorOf(allocator);
  let sum = 0;
  for (const { keys, expires } of index.databases) {
    if (make === 'valkey' && level >= 801) {
      sum += round(64 * bucketsOf(Math.ceil((keys * 5) / 32))) + round(64 * bucketsOf(Math.ceil((expires * 5) / 32)));
    } else {
      // An entry of the table of expiries points to the key; the time is in the entry, or in the object from 8.2 on.
      const entry = make === 'redis' && level >= 802 ? 0 : round(24);
      sum += round(8 * bucketsOf(keys)) + round(8 * bucketsOf(expires)) + entry * expires;
    }
  }
  return sum;
}

/** The size of a table for so many entries: a power of two. */
function bucketsOf(count: number): number {
  if (count === 0) return 0;
  let buckets = 4;
  while (buckets < count) buckets *= 2;
  return buckets;
}
