/** Sorting keys by name, bytewise: names are read in passes over the file and sorted by their bytes, first to last. */
import { compareBytes } from '../decoder/bytes.js';
import type { ByteSource } from '../decoder/source.js';
import type { KeyIndex } from './key-index.js';
import { type NameVisitor, visitNames } from './names.js';

/** Bytes of names that are held at once; more take another pass over the file. */
const BUDGET = 768 * 1024 * 1024;
/** Names that are remembered to find where to divide. */
const SAMPLES = 4096;
const SAMPLE_BYTES = 256;

/**
 * Sorts rows by name. Yields between 0 and 1, how much is done.
 *
 * @param rows ascending rows; undefined stands for the first `length`.
 * @returns the rows in the order of their names; equal names in different databases in the order of the file.
 */
export function* sortByName(
  source: ByteSource,
  index: KeyIndex,
  rows: Uint32Array | undefined,
  length: number,
  budget = BUDGET,
): Generator<number, Uint32Array> {
  const all = { length, at: (i: number) => (rows ? rows[i] : i) };
  return yield* sortVisited((visit) => visitNames(source, index, all, visit), length, budget);
}

/**
 * Sorts names that a pass visits, as `memcmp` does; where they do not fit into the budget, in several passes. Yields
 * between 0 and 1, how much is done.
 *
 * @param pass visits all names, each time it is called in the same order, and yields how many it has visited.
 * @returns what the names stand for, in the order of the names.
 */
export function* sortVisited(
  pass: (visit: NameVisitor) => Generator<number>,
  length: number,
  budget = BUDGET,
): Generator<number, Uint32Array> {
  const whole = new NameArena(length);
  const samples = new Samples();
  let total = 0;
  const first = pass((bytes, start, end, row) => {
    total += end - start;
    if (total <= budget) whole.add(bytes, start, end, row);
    else whole.clear();
    samples.add(bytes, start, end);
  });
  for (const done of first) yield (0.3 * done) / length;
  if (total <= budget) {
    for (const done of whole.sort()) yield 0.3 + 0.7 * done;
    return whole.rowsInOrder();
  }
  const order = new Uint32Array(length);
  let filled = 0;
  const borders = samples.borders(Math.ceil((total * 1.2) / budget));
  for (let part = 0; part <= borders.length; part++) {
    const from = borders[part - 1];
    const to = borders[part];
    const arena = new NameArena(Math.ceil(length / borders.length));
    const partPass = pass((bytes, start, end, row) => {
      if (from && compareRange(bytes, start, end, from) < 0) return;
      if (to && compareRange(bytes, start, end, to) >= 0) return;
      arena.add(bytes, start, end, row);
    });
    for (const done of partPass) yield (part + (0.5 * done) / length) / (borders.length + 1);
    for (const done of arena.sort()) yield (part + 0.5 + 0.5 * done) / (borders.length + 1);
    const sorted = arena.rowsInOrder();
    order.set(sorted, filled);
    filled += sorted.length;
  }
  return order;
}

function compareRange(bytes: Uint8Array, start: number, end: number, other: Uint8Array): number {
  const shared = Math.min(end - start, other.length);
  for (let i = 0; i < shared; i++) {
    const difference = bytes[start + i] - other[i];
    if (difference !== 0) return difference;
  }
  return end - start - other.length;
}

/** A random sample of names, each as likely as any other. */
class Samples {
  private readonly names: Uint8Array[] = [];
  private seen = 0;

  add(bytes: Uint8Array, start: number, end: number): void {
    this.seen++;
    const place = this.names.length < SAMPLES ? this.names.length : Math.floor(Math.random() * this.seen);
    if (place < SAMPLES) this.names[place] = bytes.slice(start, Math.min(end, start + SAMPLE_BYTES));
  }

  /** Names that divide all names into about `parts` parts of equal number; each is different from the one before. */
  borders(parts: number): Uint8Array[] {
    const sorted = this.names.sort(compareBytes);
    const borders: Uint8Array[] = [];
    for (let i = 1; i < parts; i++) {
      const name = sorted[Math.floor((i * sorted.length) / parts)];
      const last = borders[borders.length - 1];
      if (!last || compareBytes(last, name) < 0) borders.push(name);
    }
    return borders;
  }
}

const SEGMENT_BITS = 24;
const SEGMENT = 1 << SEGMENT_BITS;
/** Bytes that are compared at once, as two numbers of three. */
const WORD = 6;
/** Values of a byte and of the end of a name, which comes before every byte. */
const BASE = 257;
/** Bits of three bytes in that base, sorted in two digits. */
const DIGIT_BITS = 13;
const DIGITS = 1 << DIGIT_BITS;
/** Ranges up to this size are sorted by insertion, up to the next by merging, larger ones by digits. */
const SMALL = 16;
const MEDIUM = 4096;
/** Steps between two chances for the caller. */
const SLICE = 1 << 18;

/** Names in memory, and their order. */
export class NameArena {
  private segments: Uint8Array[] = [];
  private used = SEGMENT;
  private count = 0;
  /** Of each name: its segment and place, its length, its row. */
  private places: Uint32Array;
  private lengths: Uint32Array;
  private rows: Uint32Array;

  constructor(expected: number) {
    this.places = new Uint32Array(expected);
    this.lengths = new Uint32Array(expected);
    this.rows = new Uint32Array(expected);
  }

  /** Adds a name; `row` is what it stands for. */
  add(bytes: Uint8Array, start: number, end: number, row: number): void {
    const length = Math.min(end - start, SEGMENT);
    if (this.used + length > SEGMENT) {
      this.segments.push(new Uint8Array(SEGMENT));
      this.used = 0;
    }
    if (this.count === this.rows.length) this.grow();
    const segment = this.segments[this.segments.length - 1];
    const { used } = this;
    if (length < 64) for (let i = 0; i < length; i++) segment[used + i] = bytes[start + i];
    else segment.set(bytes.subarray(start, start + length), used);
    this.places[this.count] = (((this.segments.length - 1) << SEGMENT_BITS) | used) >>> 0;
    this.lengths[this.count] = length;
    this.rows[this.count] = row;
    this.count++;
    this.used = used + length;
  }

  /** Gives the memory back. */
  clear(): void {
    if (this.segments.length === 0) return;
    this.segments = [];
    this.used = SEGMENT;
    this.count = 0;
    this.places = this.lengths = this.rows = new Uint32Array(0);
  }

  private grow(): void {
    const capacity = Math.max(1024, Math.ceil(this.rows.length * 1.5));
    const grown = (old: Uint32Array) => {
      const column = new Uint32Array(capacity);
      column.set(old);
      return column;
    };
    this.places = grown(this.places);
    this.lengths = grown(this.lengths);
    this.rows = grown(this.rows);
  }

  private order: Uint32Array = new Uint32Array(0);

  /**
   * Sorts by the first six bytes, then names that share them by the next six, and so on: a name is looked up in memory
   * once for every six bytes. Yields how much is done.
   */
  *sort(): Generator<number> {
    const { count } = this;
    this.order = new Uint32Array(count);
    for (let i = 0; i < count; i++) this.order[i] = i;
    const work = new SortSpace(count);
    // Ranges that are still to be sorted: start, end, depth.
    const stack: number[] = [0, count, 0];
    let steps = 0;
    let finished = 0;
    while (stack.length > 0) {
      const depth = stack.pop() as number;
      const end = stack.pop() as number;
      const start = stack.pop() as number;
      const size = end - start;
      steps += size;
      if (size <= SMALL) {
        this.insertionSort(start, end, depth);
        finished += size;
      } else {
        yield* this.readWords(work, start, end, depth);
        if (size <= MEDIUM) work.mergeSort(this.order, start, end);
        else yield* work.digitSort(this.order, start, end);
        finished += this.pushEqual(work, start, end, depth, stack);
      }
      if (steps > SLICE) {
        steps = 0;
        yield finished / count;
      }
    }
  }

  /** Puts the next six bytes of each name of a range into the work space. */
  private *readWords(work: SortSpace, start: number, end: number, depth: number): Generator<number> {
    const { order, places, lengths, segments } = this;
    for (let from = start; from < end; from += SLICE) {
      const to = Math.min(end, from + SLICE);
      for (let i = from; i < to; i++) {
        const name = order[i];
        const place = places[name];
        const bytes = segments[place >>> SEGMENT_BITS];
        const at = (place & (SEGMENT - 1)) + depth;
        const left = lengths[name] - depth;
        if (left >= WORD) {
          work.high[i] = ((bytes[at] + 1) * BASE + bytes[at + 1] + 1) * BASE + bytes[at + 2] + 1;
          work.low[i] = ((bytes[at + 3] + 1) * BASE + bytes[at + 4] + 1) * BASE + bytes[at + 5] + 1;
        } else {
          let high = 0;
          let low = 0;
          for (let k = 0; k < 3; k++) high = high * BASE + (k < left ? bytes[at + k] + 1 : 0);
          for (let k = 3; k < WORD; k++) low = low * BASE + (k < left ? bytes[at + k] + 1 : 0);
          work.high[i] = high;
          work.low[i] = low;
        }
      }
      if (to < end) yield 0;
    }
  }

  /** Puts the ranges that share all six bytes on the stack. @returns how many names have their place. */
  private pushEqual(work: SortSpace, start: number, end: number, depth: number, stack: number[]): number {
    let finished = 0;
    for (let from = start; from < end; ) {
      const high = work.high[from];
      const low = work.low[from];
      let to = from + 1;
      while (to < end && work.low[to] === low && work.high[to] === high) to++;
      // Where the last of the six is the end of the name, the names are equal.
      if (to - from > 1 && low % BASE !== 0) stack.push(from, to, depth + WORD);
      else finished += to - from;
      from = to;
    }
    return finished;
  }

  private insertionSort(start: number, end: number, depth: number): void {
    const { order } = this;
    for (let i = start + 1; i < end; i++) {
      const name = order[i];
      let at = i;
      while (at > start && this.compare(order[at - 1], name, depth) > 0) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = name;
    }
  }

  private compare(a: number, b: number, depth: number): number {
    const { places, lengths, segments } = this;
    const first = segments[places[a] >>> SEGMENT_BITS];
    const second = segments[places[b] >>> SEGMENT_BITS];
    const firstAt = places[a] & (SEGMENT - 1);
    const secondAt = places[b] & (SEGMENT - 1);
    const shared = Math.min(lengths[a], lengths[b]);
    for (let i = depth; i < shared; i++) {
      const difference = first[firstAt + i] - second[secondAt + i];
      if (difference !== 0) return difference;
    }
    return lengths[a] - lengths[b];
  }

  /** The rows of the names, in order. */
  rowsInOrder(): Uint32Array {
    const rows = new Uint32Array(this.count);
    for (let i = 0; i < this.count; i++) rows[i] = this.rows[this.order[i]];
    return rows;
  }
}

/** What sorting needs beside the names: their next six bytes, in the order of the names, and room to move. */
class SortSpace {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  private readonly nextHigh: Uint32Array;
  private readonly nextLow: Uint32Array;
  private readonly nextOrder: Uint32Array;

  constructor(size: number) {
    this.high = new Uint32Array(size);
    this.low = new Uint32Array(size);
    this.nextHigh = new Uint32Array(size);
    this.nextLow = new Uint32Array(size);
    this.nextOrder = new Uint32Array(size);
  }

  /** Sorts a range of the order and its words: least significant digit first, there and back for each word. */
  *digitSort(order: Uint32Array, start: number, end: number): Generator<number> {
    const { high, low, nextHigh, nextLow, nextOrder } = this;
    const places = new Uint32Array(DIGITS + 1);
    for (let pass = 0; pass < 4; pass++) {
      const back = pass % 2 === 1;
      const [fromOrder, toOrder] = back ? [nextOrder, order] : [order, nextOrder];
      const [fromHigh, toHigh] = back ? [nextHigh, high] : [high, nextHigh];
      const [fromLow, toLow] = back ? [nextLow, low] : [low, nextLow];
      const keys = pass < 2 ? fromLow : fromHigh;
      const shift = back ? DIGIT_BITS : 0;
      places.fill(0);
      for (let i = start; i < end; i++) places[((keys[i] >>> shift) & (DIGITS - 1)) + 1]++;
      for (let digit = 0; digit < DIGITS; digit++) places[digit + 1] += places[digit];
      for (let from = start; from < end; from += SLICE) {
        const to = Math.min(end, from + SLICE);
        for (let i = from; i < to; i++) {
          const place = start + places[(keys[i] >>> shift) & (DIGITS - 1)]++;
          toOrder[place] = fromOrder[i];
          toHigh[place] = fromHigh[i];
          toLow[place] = fromLow[i];
        }
        if (to < end) yield 0;
      }
    }
  }

  /** Sorts a range of the order and its words by merging runs of growing length. */
  mergeSort(order: Uint32Array, start: number, end: number): void {
    const { high, low, nextHigh, nextLow, nextOrder } = this;
    for (let width = 1; width < end - start; width *= 2) {
      for (let left = start; left < end; left += 2 * width) {
        const middle = Math.min(left + width, end);
        const right = Math.min(left + 2 * width, end);
        let a = left;
        let b = middle;
        for (let to = left; to < right; to++) {
          const takeLeft =
            b >= right || (a < middle && (high[a] < high[b] || (high[a] === high[b] && low[a] <= low[b])));
          const from = takeLeft ? a++ : b++;
          nextOrder[to] = order[from];
          nextHigh[to] = high[from];
          nextLow[to] = low[from];
        }
      }
      order.set(nextOrder.subarray(start, end), start);
      high.set(nextHigh.subarray(start, end), start);
      low.set(nextLow.subarray(start, end), start);
    }
  }
}
