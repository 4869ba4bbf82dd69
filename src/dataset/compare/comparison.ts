/** The comparison of two files: which keys were added, removed or changed, in columns of typed arrays. */
import { DecodeError, type Problem } from '../../decoder/errors.js';
import type { Entry } from '../../decoder/rdb/entry.js';
import { type KeyMetadata, readKeyHead } from '../../decoder/rdb/records.js';
import type { Millis } from '../../decoder/rdb/value-model.js';
import { hashField } from './fields.js';
import { Hash64, randomSeed, type Seed } from './hash.js';
import { matchKeys } from './match.js';
import { NearSource } from './name-reader.js';
import { openRow, type Side } from './side.js';
import { valuesEqual } from './value-equal.js';

/** What is compared beside keys and values. */
export interface CompareOptions {
  /** Leave expiries of keys out. */
  readonly ignoreTtl?: boolean;
  /** Report keys of which only the encoding differs. */
  readonly encoding?: boolean;
  /** Report keys of which only the idle time or the access frequency differs. */
  readonly access?: boolean;
}

/** What differs of a key that both files have: bits. */
export const CHANGED = {
  value: 1,
  type: 2,
  ttl: 4,
  encoding: 8,
  access: 16,
  metadata: 32,
  /** A value is damaged: its bytes differ, and it cannot be said what they mean. */
  unreadable: 64,
} as const;

/** In {@link Comparison.left} and {@link Comparison.right}: the key is not in that file. */
export const ABSENT = 0xffffffff;

export type ChangeKind = 'added' | 'removed' | 'changed';

/** Numbers of a comparison. Bytes are those of records in the files. */
export interface ComparisonCounts {
  addedKeys: number;
  addedBytes: number;
  removedKeys: number;
  removedBytes: number;
  changedKeys: number;
  changedLeftBytes: number;
  changedRightBytes: number;
  unchangedKeys: number;
}

/** A growing column of numbers of 32 bits. */
class Column {
  values = new Uint32Array(1024);

  set(at: number, value: number): void {
    if (at >= this.values.length) {
      const grown = new Uint32Array(this.values.length * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[at] = value;
  }
}

/** The differences between two files, by number. */
export class Comparison {
  private size = 0;
  private readonly lefts = new Column();
  private readonly rights = new Column();
  private bits = new Uint8Array(1024);
  readonly counts: ComparisonCounts = {
    addedKeys: 0,
    addedBytes: 0,
    removedKeys: 0,
    removedBytes: 0,
    changedKeys: 0,
    changedLeftBytes: 0,
    changedRightBytes: 0,
    unchangedKeys: 0,
  };
  /** Damage that was met in values while they were compared: the first ones. */
  readonly problems: { readonly side: 'left' | 'right'; readonly problem: Problem }[] = [];
  moreProblems = 0;

  constructor(
    readonly left: Side,
    readonly right: Side,
    readonly seed: Seed,
  ) {}

  /** Number of differences. */
  get length(): number {
    return this.size;
  }

  /** Bytes that the columns take. */
  get memory(): number {
    return this.bits.length + 4 * (this.lefts.values.length + this.rights.values.length);
  }

  /** Row in the left file; {@link ABSENT} for an added key. */
  leftRow(difference: number): number {
    return this.lefts.values[difference];
  }

  /** Row in the right file; {@link ABSENT} for a removed key. */
  rightRow(difference: number): number {
    return this.rights.values[difference];
  }

  /** Bits of {@link CHANGED}; 0 for keys that only one file has. */
  changed(difference: number): number {
    return this.bits[difference];
  }

  kind(difference: number): ChangeKind {
    if (this.lefts.values[difference] === ABSENT) return 'added';
    return this.rights.values[difference] === ABSENT ? 'removed' : 'changed';
  }

  /** Bytes of the record in the left file; 0 where it is not. */
  leftSize(difference: number): number {
    const row = this.leftRow(difference);
    return row === ABSENT ? 0 : this.left.index.size(row);
  }

  /** Bytes of the record in the right file; 0 where it is not. */
  rightSize(difference: number): number {
    const row = this.rightRow(difference);
    return row === ABSENT ? 0 : this.right.index.size(row);
  }

  /** Number of the database. */
  db(difference: number): number {
    const row = this.rightRow(difference);
    return row === ABSENT ? this.left.index.db(this.leftRow(difference)) : this.right.index.db(row);
  }

  /** Adds a difference, or what may be one. */
  add(left: number, right: number, changed: number): void {
    const at = this.size++;
    if (at >= this.bits.length) {
      const grown = new Uint8Array(this.bits.length * 2);
      grown.set(this.bits);
      this.bits = grown;
    }
    this.lefts.set(at, left);
    this.rights.set(at, right);
    this.bits[at] = changed;
  }

  /** Settles what those differences are that may be none, and counts. Yields how many are done. */
  *settle(settleOne: (left: number, right: number, changed: number) => Generator<void, number>): Generator<number> {
    const { counts, left, right } = this;
    const total = this.size;
    let kept = 0;
    for (let at = 0; at < total; at++) {
      const leftRow = this.lefts.values[at];
      const rightRow = this.rights.values[at];
      let changed = this.bits[at];
      if (leftRow === ABSENT) {
        counts.addedKeys++;
        counts.addedBytes += right.index.size(rightRow);
      } else if (rightRow === ABSENT) {
        counts.removedKeys++;
        counts.removedBytes += left.index.size(leftRow);
      } else {
        if (changed & OPEN) {
          for (const settling = settleOne(leftRow, rightRow, changed & ~OPEN); ; ) {
            const step = settling.next();
            if (step.done) {
              changed = step.value;
              break;
            }
            yield at;
          }
        }
        if (changed === 0) {
          counts.unchangedKeys++;
          continue;
        }
        counts.changedKeys++;
        counts.changedLeftBytes += left.index.size(leftRow);
        counts.changedRightBytes += right.index.size(rightRow);
      }
      this.lefts.values[kept] = leftRow;
      this.rights.values[kept] = rightRow;
      this.bits[kept] = changed;
      kept++;
      if (at % SLICE === SLICE - 1) yield at;
    }
    this.size = kept;
  }

  /** Takes note of a value that is damaged. */
  problem(side: 'left' | 'right', problem: Problem): void {
    if (this.problems.length < PROBLEM_LIMIT) this.problems.push({ side, problem });
    else this.moreProblems++;
  }
}

/** A bit of its own while a comparison is made: the bytes of the values differ, and perhaps not what they mean. */
const OPEN = 128;
/** Differences that are settled before the caller gets a chance to do other things. */
const SLICE = 256;
const PROBLEM_LIMIT = 1000;
/** Bytes before the type byte that expiry, idle time and frequency can take; more may be metadata. */
const PLAIN_HEAD = 17;

/**
 * Compares two files. Yields between 0 and 1, how much is done.
 *
 * Values are equal if they mean the same: neither the encoding counts, nor how strings are compressed, nor the order of
 * members and fields.
 */
export function* compareSides(
  left: Side,
  right: Side,
  options: CompareOptions = {},
  seed: Seed = randomSeed(),
): Generator<number, Comparison> {
  const comparison = new Comparison(left, right, seed);
  const facts = new PairFacts(left, right, options);
  const matching = matchKeys(left, right, seed, {
    pair: (leftRow, rightRow, same) => {
      const changed = facts.changed(leftRow, rightRow);
      if (same && changed === 0) comparison.counts.unchangedKeys++;
      else comparison.add(leftRow, rightRow, same ? changed : changed | OPEN);
    },
    added: (row) => comparison.add(ABSENT, row, 0),
    removed: (row) => comparison.add(row, ABSENT, 0),
  });
  for (const done of matching) yield done * 0.6;
  const total = Math.max(1, comparison.length);
  const [near, other] = [nearSide(left), nearSide(right)];
  const settling = comparison.settle(function* (leftRow, rightRow, changed) {
    if (changed & CHANGED.type) return changed | CHANGED.value;
    const entries = openBoth(comparison, near, other, leftRow, rightRow);
    if (!entries) return changed | CHANGED.value | CHANGED.unreadable;
    try {
      return (yield* valuesEqual(...entries, seed)) ? changed : changed | CHANGED.value;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      const inLeft = yield* damageIn(left, leftRow, seed);
      const inRight = yield* damageIn(right, rightRow, seed);
      if (inLeft) comparison.problem('left', inLeft);
      if (inRight) comparison.problem('right', inRight);
      return changed | CHANGED.value | CHANGED.unreadable;
    }
  });
  for (const done of settling) yield 0.6 + (0.4 * done) / total;
  return comparison;
}

/** The same side, with a source that is quick where one value stands near the other. */
export function nearSide(side: Side): Side {
  const source = new NearSource(side.source);
  return { ...side, source, file: { ...side.file, source } };
}

function openBoth(
  comparison: Comparison,
  left: Side,
  right: Side,
  leftRow: number,
  rightRow: number,
): [Entry, Entry] | undefined {
  const entries: Entry[] = [];
  for (const [name, side, row] of [
    ['left', left, leftRow],
    ['right', right, rightRow],
  ] as const) {
    try {
      entries.push(openRow(side, row));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      comparison.problem(name, error.toProblem(side.index.typeOffset(row)));
    }
  }
  const [a, b] = entries;
  return a && b ? [a, b] : undefined;
}

/** What is wrong with a value, found out by comparing it with itself; undefined for an intact one. */
export function* damageIn(side: Side, row: number, seed: Seed): Generator<void, Problem | undefined> {
  try {
    yield* valuesEqual(openRow(side, row), openRow(side, row), seed);
    return undefined;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return error.toProblem(side.index.typeOffset(row));
  }
}

/** What can be told of a pair without its values. */
class PairFacts {
  private readonly types: readonly string[][];
  private readonly hash: Hash64;

  constructor(
    private readonly left: Side,
    private readonly right: Side,
    private readonly options: CompareOptions,
  ) {
    this.types = [left, right].map(({ index }) => index.kinds.map(({ type }) => type));
    this.hash = new Hash64({ high: 1, low: 2 });
  }

  changed(leftRow: number, rightRow: number): number {
    const { options } = this;
    const { index: a } = this.left;
    const { index: b } = this.right;
    const [leftKind, rightKind] = [a.kind(leftRow), b.kind(rightRow)];
    let changed = 0;
    if (this.types[0][leftKind] !== this.types[1][rightKind]) changed |= CHANGED.type;
    if (!options.ignoreTtl && !this.sameExpiry(leftRow, rightRow)) changed |= CHANGED.ttl;
    if (options.encoding && a.kinds[leftKind].encoding !== b.kinds[rightKind].encoding) changed |= CHANGED.encoding;
    if (options.access && (a.idle(leftRow) !== b.idle(rightRow) || a.freq(leftRow) !== b.freq(rightRow))) {
      changed |= CHANGED.access;
    }
    if ((a.head(leftRow) > PLAIN_HEAD || b.head(rightRow) > PLAIN_HEAD) && !this.sameMetadata(leftRow, rightRow)) {
      changed |= CHANGED.metadata;
    }
    return changed;
  }

  private sameExpiry(leftRow: number, rightRow: number): boolean {
    const [a, b] = [this.left.index.expireAt(leftRow), this.right.index.expireAt(rightRow)];
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
    if (a !== b || Number.isSafeInteger(a)) return a === b;
    return String(exactExpiry(this.left, leftRow)) === String(exactExpiry(this.right, rightRow));
  }

  private sameMetadata(leftRow: number, rightRow: number): boolean {
    return this.metadataHash(this.left, leftRow) === this.metadataHash(this.right, rightRow);
  }

  private metadataHash(side: Side, row: number): string {
    const { hash } = this;
    hash.begin(0);
    for (const { class: spec, items } of metadataOf(side, row)) {
      for (const char of `${spec.name} ${spec.version}`) hash.number(char.charCodeAt(0));
      const walker = items.walk();
      for (let item = walker.next(); item !== undefined; item = walker.next()) {
        const { value } = item;
        hashField(hash, typeof value === 'number' || typeof value === 'bigint' ? { number: value } : value);
      }
    }
    hash.finish();
    return `${hash.high} ${hash.low}`;
  }
}

/** The metadata of modules that stands with a key; none where it is damaged. */
export function metadataOf({ index, source, file }: Side, row: number): readonly KeyMetadata[] {
  const typeOffset = index.typeOffset(row);
  try {
    return readKeyHead(source, typeOffset - index.head(row), typeOffset, file.header).metadata;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return [];
  }
}

/** The expiry of a key, exact. */
export function exactExpiry({ index }: Side, row: number): Millis | undefined {
  return index.fact(row).expireAt;
}
