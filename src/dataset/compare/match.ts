/**
 * Finding the keys that two files have in common, by hashes: of the left file some 20 bytes a key are held, of the
 * right one none. Keys are never taken for the same by the hash of their name alone: either a second hash, over name
 * and value, is equal too, or the names themselves are compared.
 */
import type { Kind } from '../key-index.js';
import type { Seed } from './hash.js';
import { NameReader } from './name-reader.js';
import type { Side } from './side.js';
import { RecordPass } from './visit-records.js';

/** Takes what is found. */
export interface MatchSink {
  /** A key of both files. @param same true if the bytes of both values, and what they mean, are the same. */
  pair(left: number, right: number, same: boolean): void;
  /** A key that only the right file has. */
  added(right: number): void;
  /** A key that only the left file has. */
  removed(left: number): void;
}

/** Types whose bytes refer to something that stands elsewhere in the file: equal bytes need not be equal values. */
const REFERRING = new Set([30, 32]);
/** Keys that are handled before the caller gets a chance to do other things. */
const SLICE = 1 << 16;
/** In chains of rows: no more. Rows stand there plus one. */
const NONE = 0;

/**
 * Matches the keys of two files by database and name. A name that stands in a file more than once, as only in damaged
 * ones, is matched occurrence by occurrence. Yields between 0 and 1, how much is done.
 */
export function* matchKeys(left: Side, right: Side, seed: Seed, sink: MatchSink): Generator<number> {
  const table = yield* readTable(left, seed);
  const matched = yield* probe(left, right, seed, table, sink);
  for (let row = 0; row < left.index.length; row++) {
    if ((matched[row >>> 5] & (1 << (row & 31))) === 0) sink.removed(row);
    if (row % SLICE === SLICE - 1) yield 1;
  }
}

/** The keys of the left file, in chains of those whose names may be the same. */
interface Table {
  /** First row of each chain. */
  readonly heads: Uint32Array;
  /** The next row of the same chain. */
  readonly next: Uint32Array;
  /** The half of the hash of the name that does not choose the chain. */
  readonly tags: Uint32Array;
  /** Hash over name and value. */
  readonly recordHigh: Uint32Array;
  readonly recordLow: Uint32Array;
}

function* readTable(left: Side, seed: Seed): Generator<number, Table> {
  const { length } = left.index;
  let slots = 1024;
  while (slots < length) slots *= 2;
  const heads = new Uint32Array(slots);
  const next = new Uint32Array(length);
  const tags = new Uint32Array(length);
  const recordHigh = new Uint32Array(length);
  const recordLow = new Uint32Array(length);
  const pass = new RecordPass(left, seed);
  const { name, record } = pass;
  const visiting = pass.run((_bytes, _start, _end, row) => {
    // Until all are known, the place of the chain stands where the chain will go on.
    next[row] = name.low;
    tags[row] = name.high;
    recordHigh[row] = record.high;
    recordLow[row] = record.low;
  });
  for (const done of visiting) yield (0.5 * done) / length;
  // From the last to the first, so that a chain has its rows in the order of the file.
  for (let row = length - 1; row >= 0; row--) {
    const slot = next[row] & (slots - 1);
    next[row] = heads[slot];
    heads[slot] = row + 1;
    if (row % SLICE === 0) yield 0.5;
  }
  return { heads, next, tags, recordHigh, recordLow };
}

/** Looks up all keys of the right file. @returns a bit for each row of the left one: whether it was matched. */
function* probe(left: Side, right: Side, seed: Seed, table: Table, sink: MatchSink): Generator<number, Uint32Array> {
  const { heads, next, tags, recordHigh, recordLow } = table;
  const matched = new Uint32Array(Math.ceil(left.index.length / 32));
  const leftDbs = new DatabaseOf(left);
  const rightDbs = new DatabaseOf(right);
  const names = new NameReader(left);
  const comparable = new ComparableKinds(left, right);
  const pass = new RecordPass(right, seed);
  const { name, record } = pass;
  const mask = heads.length - 1;
  const visiting = pass.run((bytes, start, end, row) => {
    const slot = name.low & mask;
    let before = NONE;
    for (let entry = heads[slot]; entry !== NONE; before = entry, entry = next[entry - 1]) {
      const other = entry - 1;
      if (tags[other] !== name.high || leftDbs.at(other) !== rightDbs.at(row)) continue;
      const sameBytes = recordHigh[other] === record.high && recordLow[other] === record.low;
      if (!sameBytes && !names.equals(other, bytes, start, end)) continue;
      // It is taken out of its chain: a name that the right file has twice finds the next one.
      if (before === NONE) heads[slot] = next[other];
      else next[before - 1] = next[other];
      matched[other >>> 5] |= 1 << (other & 31);
      sink.pair(other, row, sameBytes && comparable.at(left.index.kind(other), right.index.kind(row)));
      return;
    }
    sink.added(row);
  });
  for (const done of visiting) yield 0.5 + (0.5 * done) / right.index.length;
  return matched;
}

/** The databases of rows, quick where neighbours are asked for. */
class DatabaseOf {
  private start = 0;
  private end = 0;
  private db = 0;
  private readonly runs: readonly { readonly start: number; readonly end: number; readonly db: number }[];

  constructor({ index }: Side) {
    this.runs = [...index.databaseRuns()];
  }

  at(row: number): number {
    if (row >= this.start && row < this.end) return this.db;
    let low = 0;
    let high = this.runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.runs[middle].start <= row) low = middle;
      else high = middle - 1;
    }
    ({ start: this.start, end: this.end, db: this.db } = this.runs[low]);
    return this.db;
  }
}

/** Which kinds of two files mean the same by the same bytes. */
class ComparableKinds {
  private readonly known = new Map<number, boolean>();

  constructor(
    private readonly left: Side,
    private readonly right: Side,
  ) {}

  at(left: number, right: number): boolean {
    const pair = left * 256 + right;
    let same = this.known.get(pair);
    if (same === undefined) {
      same = sameMeaning(this.left.index.kinds[left], this.right.index.kinds[right]);
      this.known.set(pair, same);
    }
    return same;
  }
}

/** The lines of servers gave one type byte to different types. */
function sameMeaning({ valueType: a }: Kind, { valueType: b }: Kind): boolean {
  return a.code === b.code && a.name === b.name && !REFERRING.has(a.code);
}
