/** Sorting rows by a column: radix sort over typed arrays, in slices, stable, so that equal keys keep their order. */
import type { ByteSource } from '../decoder/source.js';
import type { KeyIndex } from './key-index.js';
import { sortByName } from './sort-names.js';

/** What keys can be sorted by; `offset` is the order of the file. */
export type SortColumn =
  | 'key'
  | 'type'
  | 'encoding'
  | 'elements'
  | 'size'
  | 'memory'
  | 'expireAt'
  | 'db'
  | 'idle'
  | 'freq'
  | 'offset';

export interface KeySort {
  readonly column: SortColumn;
  readonly descending: boolean;
}

/** Rows that are handled before the caller gets a chance to do other things. */
const BLOCK = 1 << 18;
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Sorts rows. Rows without a value in the column, such as keys without an expiry, come last in both directions; equal
 * ones keep the order of the file, but equal names in descending order turn it around. Yields between 0 and 1, how
 * much is done.
 *
 * @param rows ascending rows; undefined stands for all.
 * @returns the rows in order; undefined if that is the order of `rows`.
 */
export function* sortRows(
  source: ByteSource,
  index: KeyIndex,
  rows: Uint32Array | undefined,
  sort: KeySort,
): Generator<number, Uint32Array | undefined> {
  const length = rows?.length ?? index.length;
  if (sort.column === 'offset') return sort.descending ? reversed(rows, length) : undefined;
  if (sort.column === 'key') {
    const order = yield* sortByName(source, index, rows, length);
    return sort.descending ? order.reverse() : order;
  }
  return yield* sortByNumber(rows, length, numberOf(index, sort.column), sort.descending);
}

function reversed(rows: Uint32Array | undefined, length: number): Uint32Array {
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[length - 1 - i] = rows ? rows[i] : i;
  return order;
}

/** The number that a column is sorted by; NaN stands for "none". */
function numberOf(index: KeyIndex, column: Exclude<SortColumn, 'key' | 'offset'>): (row: number) => number {
  switch (column) {
    case 'size':
      return (row) => index.size(row);
    case 'memory':
      return (row) => index.costs?.at(row) ?? Number.NaN;
    case 'elements':
      return known((row) => index.elements(row));
    case 'expireAt':
      return (row) => index.expireAt(row);
    case 'idle':
      return known((row) => index.idle(row));
    case 'freq':
      return known((row) => index.freq(row));
    case 'db':
      return (row) => index.db(row);
    case 'type':
    case 'encoding': {
      const names = index.kinds.map((kind) => kind[column] ?? '');
      const ranked = [...new Set(names)].sort();
      const ranks = names.map((name) => (name === '' ? Number.NaN : ranked.indexOf(name)));
      return (row) => ranks[index.kind(row)];
    }
  }
}

/** Columns that have −1 for "none"; an expiry may be any number. */
function known(value: (row: number) => number): (row: number) => number {
  return (row) => {
    const own = value(row);
    return own === -1 ? Number.NaN : own;
  };
}

/**
 * Sorts by whole numbers: least significant digit first, as many digits as the range of the numbers has.
 *
 * @param rows what to sort; undefined stands for the numbers from 0 to before `length`.
 * @param value the number of a row; NaN stands for "none" and comes last.
 */
export function* sortByNumber(
  rows: Uint32Array | undefined,
  length: number,
  value: (row: number) => number,
  descending: boolean,
): Generator<number, Uint32Array> {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let known = 0;
  for (let start = 0; start < length; start += BLOCK) {
    for (let i = start; i < Math.min(length, start + BLOCK); i++) {
      const own = value(rows ? rows[i] : i);
      if (Number.isNaN(own)) continue;
      known++;
      if (own < least) least = own;
      if (own > most) most = own;
    }
    yield (0.2 * start) / length;
  }
  const order = new Uint32Array(length);
  const low = new Uint32Array(known);
  const range = known === 0 ? 0 : most - least;
  const high = range >= 4294967296 ? new Uint32Array(known) : undefined;
  let filled = 0;
  let none = known;
  for (let start = 0; start < length; start += BLOCK) {
    for (let i = start; i < Math.min(length, start + BLOCK); i++) {
      const row = rows ? rows[i] : i;
      const own = value(row);
      if (Number.isNaN(own)) {
        order[none++] = row;
        continue;
      }
      // The distance from the least is exact also where the most is far away; turned around bit by bit it stays so.
      const distance = own - least;
      order[filled] = row;
      low[filled] = descending ? ~distance : distance;
      if (high) {
        // The doubles at both ends of 64 bits can be one step more than 64 bits apart.
        const upper = Math.min(distance / 4294967296, 0xffffffff);
        high[filled] = descending ? ~upper : upper;
      }
      filled++;
    }
    yield 0.2 + (0.2 * start) / length;
  }
  const sorted = yield* radixSort(order.subarray(0, known), low, high, range);
  if (none === known) return sorted;
  order.set(sorted);
  return order;
}

function* radixSort(
  items: Uint32Array,
  lowKeys: Uint32Array,
  highKeys: Uint32Array | undefined,
  range: number,
): Generator<number, Uint32Array> {
  let order: Uint32Array = items;
  let low: Uint32Array = lowKeys;
  let high: Uint32Array | undefined = highKeys;
  const { length } = items;
  let nextOrder: Uint32Array = new Uint32Array(length);
  let nextLow: Uint32Array = new Uint32Array(length);
  let nextHigh: Uint32Array | undefined = high ? new Uint32Array(length) : undefined;
  const bits = range < 1 ? 0 : Math.floor(Math.log2(range)) + 1;
  const lowPasses = Math.ceil(Math.min(bits, 32) / DIGIT_BITS);
  const passes = lowPasses + (high ? Math.ceil((bits - 32) / DIGIT_BITS) : 0);
  for (let pass = 0; pass < passes; pass++) {
    const keys = pass < lowPasses || !high ? low : high;
    const shift = (pass < lowPasses ? pass : pass - lowPasses) * DIGIT_BITS;
    const places = new Uint32Array(DIGITS + 1);
    for (let start = 0; start < length; start += BLOCK) {
      const end = Math.min(length, start + BLOCK);
      for (let i = start; i < end; i++) places[((keys[i] >>> shift) & (DIGITS - 1)) + 1]++;
      yield 0.4 + (0.6 * pass) / passes;
    }
    for (let digit = 0; digit < DIGITS; digit++) places[digit + 1] += places[digit];
    for (let start = 0; start < length; start += BLOCK) {
      const end = Math.min(length, start + BLOCK);
      for (let i = start; i < end; i++) {
        const place = places[(keys[i] >>> shift) & (DIGITS - 1)]++;
        nextOrder[place] = order[i];
        nextLow[place] = low[i];
        if (high && nextHigh) nextHigh[place] = high[i];
      }
      yield 0.4 + (0.6 * (pass + start / length)) / passes;
    }
    [order, nextOrder] = [nextOrder, order];
    [low, nextLow] = [nextLow, low];
    if (high && nextHigh) [high, nextHigh] = [nextHigh, high];
  }
  return order;
}
