/** Filters over the key index: by name, namespace, slot, type, encoding, database, expiry, access, size and number of elements. */

import type { RdbFile } from '../decoder/rdb/entry.js';
import { type NamespaceFilter, namespaceMatcher } from './analysis/fold.js';
import type { KeyIndex } from './key-index.js';
import { compileKeyPattern, type KeyPattern, type NameMatcher } from './key-pattern.js';
import { type Rows, visitNames } from './names.js';
import { slotOf } from './slots.js';
import type { ValuePattern } from './value-pattern.js';
import { searchValues } from './value-search.js';

/** Which keys to show. Everything that is given must hold. */
export interface KeyFilter {
  readonly key?: KeyPattern;
  /** What stands in some text of the value. */
  readonly value?: ValuePattern;
  readonly types?: readonly string[];
  readonly encodings?: readonly string[];
  readonly dbs?: readonly number[];
  readonly expiry?: ExpiryFilter;
  /** Bytes in the file, both ends included. */
  readonly size?: Range;
  /** Bytes in memory, as far as that was measured. */
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
 * @param into takes the rows as they are found, for those who show them at once.
 * @returns the rows, ascending.
 * @throws PatternError if a pattern cannot be used.
 */
export function* filterRows(
  file: RdbFile,
  index: KeyIndex,
  filter: KeyFilter,
  clock: Clock,
  from: number,
  to: number,
  into = new RowList(),
): Generator<number, RowList> {
  const { value } = filter;
  const matches = nameTest(filter);
  const test = columnTest(index, filter, clock);
  const share = to - from;
  let rows: Rows = { length: share, at: (i) => from + i };
  if (test || (!matches && !value)) {
    const survivors = matches || value ? new RowList() : into;
    for (let start = from; start < to; start += BLOCK) {
      const end = Math.min(to, start + BLOCK);
      for (let row = start; row < end; row++) if (!test || test(row)) survivors.add(row);
      yield end - from;
    }
    if (!matches && !value) return survivors;
    rows = rowsOf(survivors);
  }
  if (matches) {
    const found = value ? new RowList() : into;
    const pass = visitNames(file.source, index, rows, (bytes, start, end, row) => {
      if (matches(bytes, start, end)) found.add(row);
    });
    // Values are most of the file, names are little.
    const part = value ? NAMES_PART : 1;
    for (const done of pass) yield (part * done * share) / rows.length;
    if (!value) return found;
    rows = rowsOf(found);
  }
  if (value) {
    const before = matches ? NAMES_PART : 0;
    const pass = searchValues(
      () => file,
      index,
      rows,
      value,
      (row) => into.add(row),
    );
    for (const done of pass) yield (before + ((1 - before) * done) / rows.length) * share;
  }
  return into;
}

/** The part of a search that names are, where values are looked into as well. */
const NAMES_PART = 0.1;

function rowsOf(list: RowList): Rows {
  const rows = list.toArray();
  return { length: rows.length, at: (i) => rows[i] };
}

/** The test over names; undefined if the filter asks nothing of them. */
function nameTest({ key, namespace, slots }: KeyFilter): NameMatcher | undefined {
  const tests: NameMatcher[] = [];
  if (namespace) tests.push(namespaceMatcher(namespace));
  if (key) tests.push(compileKeyPattern(key));
  if (slots) {
    const within = rangeTest(slots, (slot) => slot);
    tests.push((bytes, start, end) => within(slotOf(bytes, start, end)));
  }
  if (tests.length < 2) return tests[0];
  return (bytes, start, end) => tests.every((test) => test(bytes, start, end));
}

/** The test over the columns; undefined if the filter asks nothing of them. */
function columnTest(index: KeyIndex, filter: KeyFilter, clock: Clock): ((row: number) => boolean) | undefined {
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
  // What was not measured is in no range.
  if (filter.memory) tests.push(rangeTest(filter.memory, (row) => index.costs?.at(row) ?? Number.NaN));
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
