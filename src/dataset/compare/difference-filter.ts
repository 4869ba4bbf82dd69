/** Which of the differences to show: by kind, database, type and name. */
import { RowList } from '../filter.js';
import type { NameMatcher } from '../key-pattern.js';
import { ABSENT, type ChangeKind, type Comparison } from './comparison.js';
import { visitDifferences } from './order.js';

/** Everything that is given must hold. */
export interface DifferenceFilter {
  readonly kinds?: readonly ChangeKind[];
  readonly dbs?: readonly number[];
  /** Types as TYPE names them, on either side. */
  readonly types?: readonly string[];
  readonly matches?: NameMatcher;
}

/** Differences that are tested before the caller gets a chance to do other things. */
const BLOCK = 1 << 15;

/** Finds the differences that pass, ascending. Yields how many are done. */
export function* filterDifferences(
  comparison: Comparison,
  { kinds, dbs, types, matches }: DifferenceFilter,
): Generator<number, Uint32Array> {
  const found = new RowList();
  const wantedKinds = kinds && new Set(kinds);
  const wantedDbs = dbs && new Set(dbs);
  const wantedTypes = types && new Set(types);
  for (let difference = 0; difference < comparison.length; difference++) {
    if (difference % BLOCK === BLOCK - 1) yield difference;
    if (wantedKinds && !wantedKinds.has(comparison.kind(difference))) continue;
    if (wantedDbs && !wantedDbs.has(comparison.db(difference))) continue;
    if (wantedTypes && !typesOf(comparison, difference).some((type) => wantedTypes.has(type))) continue;
    found.add(difference);
  }
  if (!matches) return found.toArray();
  const named = new Uint8Array(Math.ceil(comparison.length / 8));
  yield* visitDifferences(comparison, found.toArray(), (bytes, start, end, difference) => {
    if (matches(bytes, start, end)) named[difference >>> 3] |= 1 << (difference & 7);
  });
  return found.toArray().filter((difference) => (named[difference >>> 3] >>> (difference & 7)) & 1);
}

/** The types of a key in the files that have it: one, or two where it has changed. */
export function typesOf(comparison: Comparison, difference: number): string[] {
  const { left, right } = comparison;
  const types = new Set<string>();
  const leftRow = comparison.leftRow(difference);
  const rightRow = comparison.rightRow(difference);
  if (leftRow !== ABSENT) types.add(left.index.kinds[left.index.kind(leftRow)].type);
  if (rightRow !== ABSENT) types.add(right.index.kinds[right.index.kind(rightRow)].type);
  return [...types];
}
