/**
 * Whether two values are equal by what they mean, whatever their encodings: in one walk through both, in bounded
 * memory. Elements without order are compared one by one while they come in the same order, and from there on by the
 * sums of their hashes.
 */
import type { Entry } from '../../decoder/rdb/entry.js';
import { isLong, type Text, textSlice } from '../../decoder/rdb/string.js';
import { hashField, sameField } from './fields.js';
import { Hash64, type Seed } from './hash.js';
import { type Field, type Part, pairedParts } from './parts.js';

/** Elements that are walked before the caller gets a chance to do other things. */
const SLICE = 4096;
/** Bytes of long strings that are compared before that. */
const PAGE = 1 << 20;

/**
 * Compares two values. Yields now and then.
 *
 * @throws DecodeError where one of them is damaged.
 */
export function* valuesEqual(left: Entry, right: Entry, seed: Seed): Generator<void, boolean> {
  if (!sameType(left, right)) return false;
  for (const [a, b] of pairedParts(left, right)) {
    if (a.shape === 'text') {
      if ((yield* firstDifference(textOf(a), textOf(b))) !== undefined) return false;
    } else if (!(yield* partsEqual(a, b, seed))) {
      return false;
    }
  }
  return true;
}

/** True if two values are of one type; module values, if they are of one module. */
export function sameType(left: Entry, right: Entry): boolean {
  if (left.value.type !== right.value.type) return false;
  if (left.value.type !== 'module' || right.value.type !== 'module') return true;
  return left.value.module.name === right.value.module.name;
}

/** The string that a part of one string is. */
export function textOf(part: Part): Text {
  const item = part.items.walk().next();
  const field = item === undefined ? undefined : part.read(item)[0];
  return field !== undefined && (field instanceof Uint8Array || 'source' in field) ? field : new Uint8Array(0);
}

/** Offset of the first byte that two strings do not share; undefined if they are equal. */
export function* firstDifference(a: Text, b: Text): Generator<void, number | undefined> {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at += PAGE) {
    const to = Math.min(shared, at + PAGE);
    const [x, y] = [textSlice(a, at, to), textSlice(b, at, to)];
    for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return at + i;
    if (isLong(a) || isLong(b)) yield;
  }
  return a.length === b.length ? undefined : shared;
}

function* partsEqual(a: Part, b: Part, seed: Seed): Generator<void, boolean> {
  const counts = [a.items.count, b.items.count];
  if (counts[0] !== undefined && counts[1] !== undefined && counts[0] !== counts[1]) return false;
  const walkers = [a.items.walk(), b.items.walk()] as const;
  for (let i = 1; ; i++) {
    const [x, y] = [walkers[0].next(), walkers[1].next()];
    if (x === undefined || y === undefined) return x === y;
    const [left, right] = [a.read(x), b.read(y)];
    if (!sameRow(left, right)) {
      if (a.shape === 'sequence') return false;
      const sums = [new RowSum(seed), new RowSum(seed)] as const;
      sums[0].add(left);
      sums[1].add(right);
      yield* sumRest(walkers[0], a, sums[0]);
      yield* sumRest(walkers[1], b, sums[1]);
      return sums[0].equals(sums[1]);
    }
    if (i % SLICE === 0) yield;
  }
}

function* sumRest(walker: { next(): unknown }, part: Part, sum: RowSum): Generator<void> {
  let done = 0;
  for (let item = walker.next(); item !== undefined; item = walker.next()) {
    sum.add(part.read(item));
    if (++done % SLICE === 0) yield;
  }
}

/** True if all fields of two elements are equal. */
export function sameRow(a: readonly Field[], b: readonly Field[]): boolean {
  for (let i = 0; i < a.length; i++) if (!sameField(a[i], b[i])) return false;
  return true;
}

/** How many elements both parts begin with: values that were only added to are mostly equal. */
export function* sharedStart(a: Part, b: Part): Generator<void, number> {
  const [left, right] = [a.items.walk(), b.items.walk()];
  for (let count = 0; ; count++) {
    const [x, y] = [left.next(), right.next()];
    if (x === undefined || y === undefined || !sameRow(a.read(x), b.read(y))) return count;
    if (count % SLICE === SLICE - 1) yield;
  }
}

/** The number of elements and the sums of their hashes: the same in whatever order they come. */
class RowSum {
  private readonly hash: Hash64;
  private count = 0;
  private readonly sums = new Uint32Array(2);

  constructor(seed: Seed) {
    this.hash = new Hash64(seed);
  }

  add(row: readonly Field[]): void {
    const { hash, sums } = this;
    this.count++;
    hash.begin(row.length);
    for (const field of row) hashField(hash, field);
    hash.finish();
    sums[0] += hash.high;
    sums[1] += hash.low;
  }

  equals(sum: RowSum): boolean {
    return this.count === sum.count && this.sums[0] === sum.sums[0] && this.sums[1] === sum.sums[1];
  }
}
