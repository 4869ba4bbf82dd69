/** Elements of lists that differ: what was put in and taken out, as few as there can be where that is found quickly. */
import { hashField } from './fields.js';
import { Hash64, type Seed } from './hash.js';
import type { Part } from './parts.js';
import type { ChangedPlaces } from './value-changes.js';
import { sameRow, sharedStart } from './value-equal.js';

/** Elements between the shared ends of which hashes are held; longer stretches are compared place by place. */
const HELD = 1 << 21;
/** Elements that are put in or taken out, at most, before places are compared instead. */
const MOST_EDITS = 1000;
/** Elements that are compared to find the shortest way, at most. */
const MOST_COMPARED = 1 << 26;
/** Elements that are walked before the caller gets a chance to do other things. */
const SLICE = 4096;

type Place = readonly [left: number, right: number];

/**
 * Finds what was put into a sequence, taken out of it or replaced. Elements that both begin or end with are left out of
 * it; between, the shortest way from one to the other is looked for. Where it takes more than {@link MOST_EDITS} steps,
 * or the sequences are very long, elements at the same place are compared.
 *
 * @param limit places that are given; all are counted.
 */
export function* sequenceChanges(a: Part, b: Part, limit: number, seed: Seed): Generator<void, ChangedPlaces> {
  const start = yield* sharedStart(a, b);
  const left = yield* hashesFrom(a, start, seed);
  const right = left && (yield* hashesFrom(b, start, seed));
  if (!left || !right) return yield* byPlace(a, b, start, limit);
  let [leftEnd, rightEnd] = [left.length, right.length];
  while (leftEnd > 0 && rightEnd > 0 && left[leftEnd - 1] === right[rightEnd - 1]) {
    leftEnd--;
    rightEnd--;
  }
  const edits = yield* shortestEdit(left.subarray(0, leftEnd), right.subarray(0, rightEnd));
  if (!edits) return yield* byPlace(a, b, start, limit);
  const places = edits.map(([x, y]): Place => [x < 0 ? x : x + start, y < 0 ? y : y + start]);
  return { places: places.slice(0, limit), total: places.length };
}

/** Hashes of the elements from a place on; undefined if they are too many. */
function* hashesFrom(part: Part, from: number, seed: Seed): Generator<void, BigUint64Array | undefined> {
  const hash = new Hash64(seed);
  let hashes = new BigUint64Array(1024);
  let count = 0;
  const walker = part.items.walk();
  for (let at = 0; ; at++) {
    const item = walker.next();
    if (item === undefined) return hashes.subarray(0, count);
    if (at % SLICE === SLICE - 1) yield;
    if (at < from) continue;
    if (count === HELD) return undefined;
    if (count === hashes.length) {
      const grown = new BigUint64Array(hashes.length * 2);
      grown.set(hashes);
      hashes = grown;
    }
    hash.begin(0);
    for (const field of part.read(item)) hashField(hash, field);
    hash.finish();
    hashes[count++] = (BigInt(hash.high) << 32n) | BigInt(hash.low);
  }
}

/** Compares elements at the same place, from a place on. */
function* byPlace(a: Part, b: Part, from: number, limit: number): Generator<void, ChangedPlaces> {
  const [left, right] = [a.items.walk(), b.items.walk()];
  const places: Place[] = [];
  let total = 0;
  for (let at = 0; ; at++) {
    const [x, y] = [left.next(), right.next()];
    if (x === undefined && y === undefined) return { places, total };
    if (at % SLICE === SLICE - 1) yield;
    if (at < from || (x !== undefined && y !== undefined && sameRow(a.read(x), b.read(y)))) continue;
    total++;
    if (places.length < limit) places.push([x === undefined ? -1 : at, y === undefined ? -1 : at]);
  }
}

/** A step from one sequence to the other, at a place in both: an element is taken out, or put in. */
interface Edit {
  readonly x: number;
  readonly y: number;
  readonly out: boolean;
}

/**
 * The shortest way from one sequence to the other by taking out and putting in elements, after E. Myers, "An O(ND)
 * difference algorithm and its variations". What is taken out and put in at one place is given as replaced.
 *
 * @returns places in order; undefined if it takes more than {@link MOST_EDITS} steps, or too long.
 */
function* shortestEdit(left: BigUint64Array, right: BigUint64Array): Generator<void, Place[] | undefined> {
  const most = Math.min(MOST_EDITS, left.length + right.length);
  /** The furthest place of the left sequence on each diagonal, before each step. */
  const trace: Int32Array[] = [];
  let furthest = new Int32Array(3);
  let compared = 0;
  for (let edits = 0; edits <= most && compared < MOST_COMPARED; edits++) {
    const before = furthest;
    trace.push(before);
    furthest = new Int32Array(2 * edits + 3);
    for (let k = -edits; k <= edits; k += 2) {
      const begin = edits === 0 ? 0 : startOn(before, edits - 1, k);
      let x = begin;
      while (x < left.length && x - k < right.length && left[x] === right[x - k]) x++;
      compared += x - begin + 1;
      furthest[k + edits + 1] = x;
      if (x >= left.length && x - k >= right.length) {
        return replaced(stepsBack(trace, edits, left.length, right.length));
      }
    }
    yield;
  }
  return undefined;
}

/** Diagonal `k` of a row of {@link shortestEdit} that was made after `edits` steps; −1 beyond its ends. */
function reached(row: Int32Array, edits: number, k: number): number {
  return k < -edits || k > edits ? -1 : row[k + edits + 1];
}

/** Where a step begins on a diagonal: from the one above, by putting in, or from the one below, by taking out. */
function startOn(before: Int32Array, edits: number, k: number): number {
  const [putIn, takenOut] = [reached(before, edits, k + 1), reached(before, edits, k - 1)];
  return takenOut >= putIn ? takenOut + 1 : putIn;
}

/** Follows the steps from the end to the start. @returns them in order. */
function stepsBack(trace: readonly Int32Array[], edits: number, leftEnd: number, rightEnd: number): Edit[] {
  const steps: Edit[] = [];
  let k = leftEnd - rightEnd;
  for (let step = edits; step > 0; step--) {
    const before = trace[step];
    const [putIn, takenOut] = [reached(before, step - 1, k + 1), reached(before, step - 1, k - 1)];
    const out = takenOut >= putIn;
    k = out ? k - 1 : k + 1;
    const x = out ? takenOut : putIn;
    steps.push({ x, y: x - k, out });
  }
  return steps.reverse();
}

/** Joins what was taken out and put in at one place. */
function replaced(steps: readonly Edit[]): Place[] {
  const places: Place[] = [];
  for (let at = 0; at < steps.length; ) {
    let { x, y } = steps[at];
    const [left, right] = [x, y];
    // A run of steps with no element between that both have.
    while (at < steps.length && steps[at].x === x && steps[at].y === y) {
      if (steps[at].out) x++;
      else y++;
      at++;
    }
    for (let i = 0; left + i < x || right + i < y; i++)
      places.push([left + i < x ? left + i : -1, right + i < y ? right + i : -1]);
  }
  return places;
}
