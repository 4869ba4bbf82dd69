/** The list of differences: which of them, in which order. */
import type { CompareSpec, DifferenceRow } from '../compare-protocol.js';
import { ABSENT, CHANGED, type Comparison } from '../dataset/compare/comparison.js';
import { filterDifferences, typesOf } from '../dataset/compare/difference-filter.js';
import { visitDifferences } from '../dataset/compare/order.js';
import type { Side } from '../dataset/compare/side.js';
import { compileKeyPattern, type NameMatcher } from '../dataset/key-pattern.js';
import { nameOf } from '../dataset/names.js';
import { sortByNumber } from '../dataset/sort.js';
import { displayText, parseDisplayText } from '../format/display.js';
import { timeOf } from './cells.js';

/** Characters of a name in the list. */
const NAME_CHARACTERS = 500;
const KINDS = ['added', 'removed', 'changed'] as const;
const PARTS = Object.keys(CHANGED) as (keyof typeof CHANGED)[];

/** The view of a comparison. */
export class CompareView {
  /** What the filters let pass, ascending; undefined for all. */
  chosen: Uint32Array | undefined;
  private order: Uint32Array;

  /** @param byName all differences in the order of their databases and names. */
  constructor(
    private readonly comparison: Comparison,
    private readonly byName: Uint32Array,
  ) {
    this.order = byName;
  }

  /** Number of rows. */
  get total(): number {
    return this.order.length;
  }

  /**
   * Filters and sorts. Yields between 0 and 1, how much is done.
   *
   * @throws PatternError if the pattern for the name cannot be used.
   */
  *arrange({ kinds, key, prefix, sort }: CompareSpec): Generator<number> {
    const { comparison, byName } = this;
    const matches = nameTest(key && compileKeyPattern(key), prefix);
    let chosen: Uint32Array | undefined;
    if (kinds || matches) {
      const filtering = filterDifferences(comparison, { ...(kinds && { kinds }), ...(matches && { matches }) });
      let step = filtering.next();
      for (; !step.done; step = filtering.next()) yield (0.6 * step.value) / comparison.length;
      chosen = step.value;
    }
    let order = chosen ? keepOrder(byName, chosen, comparison.length) : byName;
    if (sort.column !== 'key') {
      const sorting = sortByNumber(order, order.length, numberOf(comparison, sort.column), sort.descending);
      let step = sorting.next();
      for (; !step.done; step = sorting.next()) yield 0.6 + 0.4 * step.value;
      order = step.value;
    } else if (sort.descending) {
      order = order.slice().reverse();
    }
    this.chosen = chosen;
    this.order = order;
  }

  /** Differences from a position on. */
  at(from: number, count: number): Uint32Array {
    return this.order.subarray(Math.max(0, from), Math.max(0, from + count));
  }

  /** The position of a difference; null if it is not shown. */
  locate(difference: number): number | null {
    const position = this.order.indexOf(difference);
    return position < 0 ? null : position;
  }

  /** The next position whose name starts with some bytes, from a position on and around the end. */
  *find(start: Uint8Array, from: number): Generator<number, number | null> {
    if (start.length === 0) return null;
    const found = new Uint8Array(Math.ceil(this.comparison.length / 8));
    yield* visitDifferences(this.comparison, this.chosen, (bytes, begin, end, difference) => {
      if (startsWith(bytes, begin, end, start)) found[difference >>> 3] |= 1 << (difference & 7);
    });
    for (let i = 0; i < this.total; i++) {
      const position = (from + i) % this.total;
      const difference = this.order[position];
      if ((found[difference >>> 3] >>> (difference & 7)) & 1) return position;
    }
    return null;
  }
}

function startsWith(bytes: Uint8Array, begin: number, end: number, start: Uint8Array): boolean {
  if (end - begin < start.length) return false;
  for (let i = 0; i < start.length; i++) if (bytes[begin + i] !== start[i]) return false;
  return true;
}

function nameTest(pattern: NameMatcher | undefined, prefix: string | undefined): NameMatcher | undefined {
  if (prefix === undefined || prefix === '') return pattern;
  const start = parseDisplayText(prefix);
  return (bytes, begin, end) => startsWith(bytes, begin, end, start) && (pattern?.(bytes, begin, end) ?? true);
}

/** Those of a list that are chosen, in its order. */
function keepOrder(order: Uint32Array, chosen: Uint32Array, total: number): Uint32Array {
  const wanted = new Uint8Array(Math.ceil(total / 8));
  for (const difference of chosen) wanted[difference >>> 3] |= 1 << (difference & 7);
  return order.filter((difference) => (wanted[difference >>> 3] >>> (difference & 7)) & 1);
}

function numberOf(
  comparison: Comparison,
  column: Exclude<CompareSpec['sort']['column'], 'key'>,
): (difference: number) => number {
  switch (column) {
    case 'kind':
      return (difference) => KINDS.indexOf(comparison.kind(difference));
    case 'db':
      return (difference) => comparison.db(difference);
    case 'leftSize':
      return (difference) => known(comparison.leftRow(difference), comparison.leftSize(difference));
    case 'rightSize':
      return (difference) => known(comparison.rightRow(difference), comparison.rightSize(difference));
    case 'growth':
      return (difference) => comparison.rightSize(difference) - comparison.leftSize(difference);
    case 'changed':
      return (difference) => comparison.changed(difference);
    case 'type': {
      const { left, right } = comparison;
      const names = [...new Set([...left.index.kinds, ...right.index.kinds].map(({ type }) => type))].sort();
      const ranks = new Map(names.map((name, rank) => [name, rank] as const));
      return (difference) => ranks.get(typesOf(comparison, difference).at(-1) ?? '') ?? Number.NaN;
    }
  }
}

const known = (row: number, size: number): number => (row === ABSENT ? Number.NaN : size);

/** A row of the list. */
export function differenceRow(comparison: Comparison, difference: number): DifferenceRow {
  const { left, right } = comparison;
  const leftRow = comparison.leftRow(difference);
  const rightRow = comparison.rightRow(difference);
  const name = nameBytes(comparison, difference, NAME_CHARACTERS + 8);
  const { text, whole } = displayText(name, NAME_CHARACTERS);
  const factOf = ({ index }: Side, row: number) => (row === ABSENT ? undefined : index.fact(row));
  const [a, b] = [factOf(left, leftRow), factOf(right, rightRow)];
  return {
    difference,
    kind: comparison.kind(difference),
    db: comparison.db(difference),
    name: text,
    nameCut: !whole,
    leftType: a?.kind.type ?? null,
    rightType: b?.kind.type ?? null,
    leftSize: a?.size ?? null,
    rightSize: b?.size ?? null,
    leftExpireAt: a?.expireAt === undefined ? null : timeOf(a.expireAt),
    rightExpireAt: b?.expireAt === undefined ? null : timeOf(b.expireAt),
    changed: changedParts(comparison, difference),
  };
}

/** What differs of a key. */
export function changedParts(comparison: Comparison, difference: number): (keyof typeof CHANGED)[] {
  const changed = comparison.changed(difference);
  return PARTS.filter((part) => changed & CHANGED[part]);
}

/** The name of a key, at most `limit` bytes of it. */
export function nameBytes(comparison: Comparison, difference: number, limit?: number): Uint8Array {
  const { left, right } = comparison;
  const row = comparison.rightRow(difference);
  return row === ABSENT
    ? nameOf(left.source, left.index, comparison.leftRow(difference), limit)
    : nameOf(right.source, right.index, row, limit);
}
