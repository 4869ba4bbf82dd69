/** Sums over a selection of commands: over time or number, by name, the largest, and how often the same was written. */
import type { CommandSelection } from './command-filter.js';
import type { CommandIndex } from './command-index.js';
import type { KeyTotals } from './key-totals.js';

/** Names that have a series of their own; the rest share one. */
const SERIES = 8;
/** The most buckets of a timeline. */
const BUCKET_LIMIT = 4096;
/** Commands that are counted before the caller gets a chance to do other things. */
const BLOCK = 1 << 17;

/** How often a name occurs. */
export interface NameSum {
  readonly number: number;
  readonly commands: number;
  readonly bytes: number;
}

/** Counts of commands by bucket. */
export interface TimelineCounts {
  readonly borders: readonly number[];
  readonly commands: readonly number[];
  readonly series: readonly { readonly name: string; readonly counts: number[]; readonly bytes: number[] }[];
}

/** Commands and bytes by name, the most frequent first. Yields between 0 and 1, how much is done. */
export function* sumByName(index: CommandIndex, selection: CommandSelection): Generator<number, NameSum[]> {
  if (!selection.rows && selection.covered === index.length) return index.namesByCount();
  const commands = new Float64Array(1 << 16);
  const bytes = new Float64Array(1 << 16);
  const { length } = selection;
  for (let i = 0; i < length; i++) {
    const row = selection.at(i);
    const name = index.name(row);
    commands[name]++;
    bytes[name] += index.size(row);
    if (i % BLOCK === BLOCK - 1) yield i / length;
  }
  const found: NameSum[] = [];
  for (let number = 0; number < commands.length; number++) {
    if (commands[number] > 0) found.push({ number, commands: commands[number], bytes: bytes[number] });
  }
  return found.sort((a, b) => b.commands - a.commands || a.number - b.number);
}

/**
 * Counts commands over time or over their numbers, by name: the most frequent names apart, the rest together under an
 * empty name. Over time, commands without an annotation are left out. Yields between 0 and 1, how much is done.
 *
 * @param buckets how many at most; there are fewer if the range has fewer seconds or commands.
 */
export function* timeline(
  index: CommandIndex,
  selection: CommandSelection,
  axis: 'time' | 'number',
  buckets: number,
): Generator<number, TimelineCounts> {
  const sums = sumByName(index, selection);
  let summed = sums.next();
  for (; !summed.done; summed = sums.next()) yield summed.value * 0.3;
  const names = summed.value;
  const { length } = selection;
  const measure = axis === 'time' ? (row: number) => index.time(row) : (row: number) => row;
  const [from, to] = yield* extent(selection, axis, measure);
  if (!(from <= to)) return { borders: [], commands: [], series: [] };
  const span = to - from + 1;
  const count = Math.max(1, Math.min(Math.floor(buckets) || 1, BUCKET_LIMIT, span));
  const borders = Array.from({ length: count + 1 }, (_, i) => from + Math.floor((span * i) / count));
  const seriesOf = new Uint8Array(1 << 16).fill(SERIES);
  for (const [i, { number }] of names.slice(0, SERIES).entries()) seriesOf[number] = i;
  const counts = new Float64Array(count * (SERIES + 1));
  const bytes = new Float64Array(count * (SERIES + 1));
  const first = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  let end = 0;
  for (let i = 0; i < length; i++) {
    const row = selection.at(i);
    const value = measure(row);
    if (axis === 'time' && value === 0) continue;
    const bucket = bucketOf(borders, value, Math.floor(((value - from) * count) / span));
    const slot = bucket * (SERIES + 1) + seriesOf[index.name(row)];
    counts[slot]++;
    bytes[slot] += index.size(row);
    if (row < first[bucket]) first[bucket] = row;
    if (row >= end) end = row + 1;
    if (i % BLOCK === BLOCK - 1) yield 0.4 + (0.6 * i) / length;
  }
  const titles = [...names.slice(0, SERIES).map(({ number }) => index.nameText(number))];
  if (names.length > SERIES) titles.push('');
  return {
    borders,
    commands: startsOf(first, end),
    series: titles.map((name, series) => ({
      name,
      counts: Array.from({ length: count }, (_, bucket) => counts[bucket * (SERIES + 1) + series]),
      bytes: Array.from({ length: count }, (_, bucket) => bytes[bucket * (SERIES + 1) + series]),
    })),
  };
}

/** The least and the greatest value; without any the first is greater. */
function* extent(
  selection: CommandSelection,
  axis: 'time' | 'number',
  measure: (row: number) => number,
): Generator<number, [from: number, to: number]> {
  const { length } = selection;
  if (length === 0) return [1, 0];
  if (axis === 'number') return [selection.at(0), selection.at(length - 1)];
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < length; i++) {
    const value = measure(selection.at(i));
    if (value === 0) continue;
    if (value < from) from = value;
    if (value > to) to = value;
    if (i % BLOCK === BLOCK - 1) yield 0.3 + (0.1 * i) / length;
  }
  return [from, to];
}

/** The bucket of a value: the division tells it but for one, where borders were rounded. */
function bucketOf(borders: readonly number[], value: number, guess: number): number {
  let bucket = Math.max(0, Math.min(guess, borders.length - 2));
  while (bucket > 0 && value < borders[bucket]) bucket--;
  while (bucket < borders.length - 2 && value >= borders[bucket + 1]) bucket++;
  return bucket;
}

/** First command of each bucket and the one behind the last; an empty bucket begins where the next one does. */
function startsOf(first: Float64Array, end: number): number[] {
  const starts = [end];
  for (let bucket = first.length - 1; bucket >= 0; bucket--)
    starts.push(Math.min(first[bucket], starts[starts.length - 1]));
  return starts.reverse();
}

/** The largest commands, those first. Yields between 0 and 1, how much is done. */
export function* largestCommands(
  index: CommandIndex,
  selection: CommandSelection,
  limit: number,
): Generator<number, number[]> {
  const { length } = selection;
  return yield* topOf(
    length,
    limit,
    (i) => selection.at(i),
    (row) => index.size(row),
  );
}

/**
 * The keys of which most was written beyond their largest command: what writing them anew cost. Yields between 0 and
 * 1, how much is done.
 */
export function* mostAmplified(totals: KeyTotals, limit: number): Generator<number, number[]> {
  const excess = (key: number) => totals.bytes(key) - totals.largest(key);
  const found = yield* topOf(totals.length, limit, (key) => key, excess);
  return found.filter((key) => excess(key) > 0);
}

/** The items with the greatest values, greatest first; equal ones in their order. */
function* topOf(
  length: number,
  limit: number,
  itemAt: (position: number) => number,
  measure: (item: number) => number,
): Generator<number, number[]> {
  const top: { readonly item: number; readonly value: number }[] = [];
  for (let i = 0; i < length && limit > 0; i++) {
    const item = itemAt(i);
    const value = measure(item);
    if (top.length < limit || value > top[top.length - 1].value) {
      let at = top.length;
      while (at > 0 && top[at - 1].value < value) at--;
      top.splice(at, 0, { item, value });
      if (top.length > limit) top.pop();
    }
    if (i % BLOCK === BLOCK - 1) yield i / length;
  }
  return top.map(({ item }) => item);
}
