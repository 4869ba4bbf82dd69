/** Hot and cold keys: by how often they were used, or by how long they were not, where the file has one of these. */
import { type Amount, Amounts, type AnalysedKeys, eachRow } from './keys.js';

/** Keys that were used about as much. */
export interface AccessBucket extends Amount {
  /** The counter of LFU, or seconds, both ends included. */
  readonly min: number;
  readonly max: number;
}

export interface AccessShares {
  /** What the file has: `freq` if the server evicted by LFU, `idle` if it did by LRU. */
  readonly kind: 'freq' | 'idle' | 'none';
  /** From cold to hot. */
  readonly buckets: readonly AccessBucket[];
  /** Keys without it. */
  readonly unknown: Amount;
}

/** Starts of the parts of the LFU counter, which is logarithmic itself: new keys have 5. */
const FREQ_STARTS = [0, 1, 5, 6, 10, 20, 40, 80, 120, 160, 200, 255];
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const IDLE_STARTS = [0, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY, 90 * DAY, 365 * DAY];

/** Counts keys by how they were used. Yields between 0 and 1, how much is done. */
export function* accessShares(keys: AnalysedKeys): Generator<number, AccessShares> {
  const { index } = keys;
  const kind = index.hasFreq ? 'freq' : index.hasIdle ? 'idle' : 'none';
  const starts = kind === 'freq' ? FREQ_STARTS : IDLE_STARTS;
  const amounts = new Amounts(starts.length + 1);
  yield* eachRow(keys, (row, bytes, memory) => {
    const value = kind === 'freq' ? index.freq(row) : kind === 'idle' ? index.idle(row) : -1;
    amounts.add(value < 0 ? starts.length : bucketOf(starts, value), bytes, memory);
  });
  const last = kind === 'freq' ? 255 : 2 ** 32 - 1;
  const buckets = starts.map((min, i) => ({ ...amounts.at(i), min, max: (starts[i + 1] ?? last + 1) - 1 }));
  if (kind === 'idle') buckets.reverse();
  return { kind, buckets: kind === 'none' ? [] : trimmed(buckets), unknown: amounts.at(starts.length) };
}

function bucketOf(starts: readonly number[], value: number): number {
  let bucket = starts.length - 1;
  while (bucket > 0 && starts[bucket] > value) bucket--;
  return bucket;
}

/** Without empty parts at the ends. */
function trimmed(buckets: readonly AccessBucket[]): readonly AccessBucket[] {
  const used = buckets.map(({ keys }) => keys > 0);
  const first = used.indexOf(true);
  return first < 0 ? [] : buckets.slice(first, used.lastIndexOf(true) + 1);
}
