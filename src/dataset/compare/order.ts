/** The order of differences: by database, then by the bytes of the names. */
import { allRows, visitNames } from '../names.js';
import { sortByNumber } from '../sort.js';
import { sortVisited } from '../sort-names.js';
import { ABSENT, type Comparison } from './comparison.js';

/** Bytes of names that are held at once, and more for each key of the files: what the comparison has given back. */
const BUDGET = 64 * 1024 * 1024;
const BUDGET_A_KEY = 8;

/**
 * Puts differences into the order of their databases and names. Yields between 0 and 1, how much is done.
 *
 * @param numbers ascending; undefined stands for all.
 */
export function* inNameOrder(comparison: Comparison, numbers?: Uint32Array): Generator<number, Uint32Array> {
  const { left, right } = comparison;
  const length = numbers?.length ?? comparison.length;
  const budget = BUDGET + BUDGET_A_KEY * (left.index.length + right.index.length);
  const sorting = sortVisited((visit) => visitDifferences(comparison, numbers, visit), length, budget);
  let step = sorting.next();
  for (; !step.done; step = sorting.next()) yield step.value * 0.9;
  const byName = step.value;
  const databases = new Set([...left.index.databases, ...right.index.databases].map(({ db }) => db));
  if (databases.size < 2) return byName;
  const places = sortByNumber(byName, length, (difference) => comparison.db(difference), false);
  let place = places.next();
  for (; !place.done; place = places.next()) yield 0.9 + place.value * 0.1;
  return place.value;
}

/** Takes the name of a difference: the bytes from `start` to `end`, which are overwritten after the call. */
export type DifferenceVisitor = (bytes: Uint8Array, start: number, end: number, difference: number) => void;

/**
 * Visits the names of differences: in one pass over the right file those of keys that it has, in one over the left file
 * those of the others. Yields how many are done.
 */
export function* visitDifferences(
  comparison: Comparison,
  numbers: Uint32Array | undefined,
  visit: DifferenceVisitor,
): Generator<number> {
  const { left, right } = comparison;
  const length = numbers?.length ?? comparison.length;
  const all = numbers ? { length, at: (i: number) => numbers[i] } : allRows(length);
  let removed = 0;
  for (let i = 0; i < length; i++) if (comparison.rightRow(all.at(i)) === ABSENT) removed++;
  const inRight = new Uint32Array(length - removed);
  const inLeft = new Uint32Array(removed);
  for (let i = 0, r = 0, l = 0; i < length; i++) {
    const difference = all.at(i);
    if (comparison.rightRow(difference) === ABSENT) inLeft[l++] = difference;
    else inRight[r++] = difference;
  }
  // Differences of keys of one file stand in the order of that file, so that their rows ascend, too.
  let at = 0;
  const rightRows = { length: inRight.length, at: (i: number) => comparison.rightRow(inRight[i]) };
  const passRight = visitNames(right.source, right.index, rightRows, (bytes, start, end) => {
    visit(bytes, start, end, inRight[at++]);
  });
  yield* passRight;
  at = 0;
  const leftRows = { length: inLeft.length, at: (i: number) => comparison.leftRow(inLeft[i]) };
  const passLeft = visitNames(left.source, left.index, leftRows, (bytes, start, end) => {
    visit(bytes, start, end, inLeft[at++]);
  });
  for (const done of passLeft) yield inRight.length + done;
}
