/** Filters over the key index: by name, namespace, slot, type, encoding, database, expiry, access, size and number of elements. */
import type { ByteSource } from '../decoder/source.js';
import { type NamespaceFilter, namespaceMatcher } from './analysis/fold.js';
import type { KeyIndex } from './key-index.js';
import { compileKeyPattern, type KeyPattern, type NameMatcher } from './key-pattern.js';
import { type Rows, visitNames } from './names.js';
import { slotOf } from './slots.js';

/** Which keys to show. Everything that is given must hold. */
export interface KeyFilter {
  readonly key?: KeyPattern;
  readonly types?: readonly string[];
  readonly encodings?: readonly string[];
  readonly dbs?: readonly number[];
  readonly expiry?: ExpiryFilter;
  /** Bytes in the file, both ends included. */
  readonly size?: Range;
  /** Estimated bytes of memory, both ends included; nothing passes while that is not known. */
  readonly memory?: Range;
  readonly elements?: Range;
  /** Seconds since the last access, both ends included; keys without it do not pass. */
  readonly idle?: Range;
  /** The counter of LFU, both ends included; keys without it do not pass. */
  readonly freq?: Range;
  /** Cluster slots, both ends included. */
  readonly slots?: Range;
  /** A namespace, with ids folded. */
  readonly namespace?: NamespaceFilter;
  /** Only these rows, in any order. */
  readonly rows?: readonly number[];
}

/**
 * With or without expiry; expired when the file was saved, or by now; to expire within a time from now; or between two
 * times, ms since the epoch, both included.
 */
export type ExpiryFilter =
  | { readonly kind: 'none' | 'any' | 'expired-at-save' | 'expired-now' }
  | { readonly kind: 'within'; readonly ms: number }
  | { readonly kind: 'between'; readonly from: number; readonly to: number };

/** A range with both ends included; an end that is absent is open. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
}

/** The times that expiry is judged by: ms since the epoch. */
export interface Clock {
  readonly now: number;
  /** When the file was saved, if it says so. */
  readonly savedAt: number | undefined;
}

/** Rows that are tested before the caller gets a chance to do other things. */
const BLOCK = 1 << 16;

/** True if a filter lets all keys pass. */
export function isOpen(filter: KeyFilter): boolean {
  return Object.values(filter).every((part) => part === undefined);
}

/**
 * Finds the rows that pass. Yields the number of rows done, so that the caller can do other things or stop.
 *
 * @param from first row to test.
 * @param to row behind the last one.
 * @param memory estimated memory of a row, where it is known.
 * @returns the rows, ascending.
 * @throws PatternError if the pattern for the name cannot be used.
 */
export function* filterRows(
  source: ByteSource,
  index: KeyIndex,
  filter: KeyFilter,
  clock: Clock,
  from: number,
  to: number,
  memory?: (row: number) => number,
): Generator<number, RowList> {
  const matches = nameTest(filter);
  const test = columnTest(index, filter, clock, memory);
  let rows: Rows = { length: to - from, at: (i) => from + i };
  if (test || !matches) {
    const survivors = new RowList();
    for (let start = from; start < to; start += BLOCK) {
      const end = Math.min(to, start + BLOCK);
      for (let row = start; row < end; row++) if (!test || test(row)) survivors.add(row);
      yield end - from;
    }
    if (!matches) return survivors;
    const list = survivors.toArray();
    rows = { length: list.length, at: (i) => list[i] };
  }
  const found = new RowList();
  const pass = visitNames(source, index, rows, (bytes, start, end, row) => {
    if (matches(bytes, start, end)) found.add(row);
  });
  for (const done of pass) yield (done / rows.length) * (to - from);
  return found;
}

/** The test over names; undefined if the filter asks nothing of them. */
function nameTest({ key, namespace, slots }: KeyFilter): NameMatcher | undefined {
  const tests: NameMatcher[] = [];
  if (namespace) tests.push(namespaceMatcher(namespace));
  if (key) tests.push(compileKeyPattern(key));
  if (slots) {
    const within = rangeTest(slots, (slot) => slot);
    tests.push((bytes, start, end) => within(slotOf(bytes.subarray(start, end))));
  }
  if (tests.length < 2) return tests[0];
  return (bytes, start, end) => tests.every((test) => test(bytes, start, end));
}

/** The test over the columns; undefined if the filter asks nothing of them. */
function columnTest(
  index: KeyIndex,
  filter: KeyFilter,
  clock: Clock,
  memory: ((row: number) => number) | undefined,
): ((row: number) => boolean) | undefined {
  const tests: ((row: number) => boolean)[] = [];
  if (filter.types || filter.encodings) {
    const types = filter.types && new Set(filter.types);
    const encodings = filter.encodings && new Set(filter.encodings);
    const allowed = index.kinds.map(
      (kind) => (!types || types.has(kind.type)) && (!encodings || encodings.has(kind.encoding ?? '')),
    );
    tests.push((row) => allowed[index.kind(row)]);
  }
  if (filter.dbs) {
    const dbs = new Set(filter.dbs);
    // Almost every file has its databases one after the other, so the last answer is the next.
    let run = { start: 0, end: 0, allowed: false };
    const runs = [...index.databaseRuns()].map(({ start, end, db }) => ({ start, end, allowed: dbs.has(db) }));
    tests.push((row) => {
      if (row < run.start || row >= run.end) {
        run = runs.find((one) => row >= one.start && row < one.end) ?? { start: row, end: row + 1, allowed: false };
      }
      return run.allowed;
    });
  }
  const expiry = filter.expiry && expiryTest(filter.expiry, clock);
  if (expiry) tests.push((row) => expiry(index.expireAt(row)));
  if (filter.size) tests.push(rangeTest(filter.size, (row) => index.size(row)));
  if (filter.memory) tests.push(memory ? rangeTest(filter.memory, memory) : () => false);
  if (filter.elements) tests.push(knownRangeTest(filter.elements, (row) => index.elements(row)));
  if (filter.idle) tests.push(knownRangeTest(filter.idle, (row) => index.idle(row)));
  if (filter.freq) tests.push(knownRangeTest(filter.freq, (row) => index.freq(row)));
  if (filter.rows) {
    const rows = new Set(filter.rows);
    tests.unshift((row) => rows.has(row));
  }
  if (tests.length === 0) return undefined;
  if (tests.length === 1) return tests[0];
  return (row) => tests.every((test) => test(row));
}

function rangeTest(range: Range, value: (row: number) => number): (row: number) => boolean {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = range;
  return (row) => {
    const own = value(row);
    return own >= min && own <= max;
  };
}

/** A number that is not known, which is negative, is in no range. */
function knownRangeTest(range: Range, value: (row: number) => number): (row: number) => boolean {
  const within = rangeTest(range, value);
  return (row) => value(row) >= 0 && within(row);
}

function expiryTest(filter: ExpiryFilter, clock: Clock): (expireAt: number) => boolean {
  switch (filter.kind) {
    case 'none':
      return (expireAt) => Number.isNaN(expireAt);
    case 'any':
      return (expireAt) => !Number.isNaN(expireAt);
    case 'expired-at-save': {
      const { savedAt } = clock;
      // The file gives the time of saving in seconds; what expired within that second is not counted.
      return savedAt === undefined ? () => false : (expireAt) => expireAt <= savedAt;
    }
    case 'expired-now':
      return (expireAt) => expireAt <= clock.now;
    case 'within':
      return (expireAt) => expireAt > clock.now && expireAt <= clock.now + filter.ms;
    case 'between':
      return (expireAt) => expireAt >= filter.from && expireAt <= filter.to;
  }
}

/** A growing list of rows, 4 bytes a row. */
export class RowList {
  private parts: Uint32Array[] = [];
  private current = new Uint32Array(1024);
  private used = 0;
  private before = 0;
  private flat: Uint32Array | undefined;

  get length(): number {
    return this.before + this.used;
  }

  add(row: number): void {
    if (this.used === this.current.length) this.grow();
    this.current[this.used++] = row;
    this.flat = undefined;
  }

  private grow(): void {
    this.parts.push(this.current);
    this.before += this.used;
    this.used = 0;
    this.current = new Uint32Array(Math.min(1 << 20, this.current.length * 2));
  }

  /** All rows in one array; made once and kept until more are added. */
  toArray(): Uint32Array {
    if (!this.flat) {
      const flat = new Uint32Array(this.length);
      let at = 0;
      for (const part of this.parts) {
        flat.set(part, at);
        at += part.length;
      }
      flat.set(this.current.subarray(0, this.used), at);
      this.parts = [];
      this.current = flat.length > 0 ? flat : this.current;
      this.used = flat.length;
      this.before = 0;
      this.flat = flat;
    }
    return this.flat;
  }
}
