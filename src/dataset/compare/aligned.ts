/** Two values side by side: their elements in pairs, with what differs marked; of large values only what differs. */
import type { Entry } from '../../decoder/rdb/entry.js';
import { listed } from '../../decoder/rdb/walkers.js';
import { weighText } from '../texts.js';
import { compareKeys } from './fields.js';
import type { Seed } from './hash.js';
import { type Field, type FieldName, type Part, type PartName, pairedParts } from './parts.js';
import { sequenceChanges } from './sequence-changes.js';
import { partChanges } from './value-changes.js';
import { sameRow } from './value-equal.js';

/** Elements of a part, and bytes of them, up to which all are shown; of more, only those that differ. */
const WHOLE_ELEMENTS = 10_000;
const WHOLE_BYTES = 16 * 1024 * 1024;
/** Elements that differ which are shown then. */
const MOST_CHANGES = 1000;

/** An element on both sides. */
export interface AlignedRow {
  readonly status: 'same' | 'added' | 'removed' | 'changed';
  readonly left: readonly Field[] | undefined;
  readonly right: readonly Field[] | undefined;
  /** Places in a list. */
  readonly leftIndex: number | undefined;
  readonly rightIndex: number | undefined;
}

/** A part of both values. */
export interface AlignedPart {
  readonly name: PartName;
  readonly shape: Part['shape'];
  readonly fields: readonly FieldName[];
  readonly keys: number;
  readonly rows: readonly AlignedRow[];
  /** Number of elements that differ. */
  readonly changes: number;
  /** True if the elements that are equal are among the rows, too, and all that differ. */
  readonly whole: boolean;
}

/**
 * Puts the elements of two values of one type side by side; one of them may be absent. Yields now and then.
 *
 * @throws DecodeError where one of the values is damaged.
 */
export function* alignedParts(
  left: Entry | undefined,
  right: Entry | undefined,
  seed: Seed,
): Generator<void, AlignedPart[]> {
  const some = left ?? right;
  if (!some) return [];
  const parts: AlignedPart[] = [];
  for (const [a, b] of pairedParts(left ?? some, right ?? some)) {
    const none = listed<unknown>([]);
    const own = left ? a : { ...a, items: none };
    const other = right ? b : { ...b, items: none };
    const aligned = yield* alignPart(own, other, seed);
    if (aligned.rows.length > 0) parts.push(aligned);
  }
  return parts;
}

function* alignPart(a: Part, b: Part, seed: Seed): Generator<void, AlignedPart> {
  const { name, shape, fields, keys } = a;
  const lefts = yield* wholeRows(a);
  const rights = lefts && (yield* wholeRows(b));
  if (lefts && rights) {
    const rows =
      shape === 'sequence' ? yield* alignSequence(a, b, lefts, rights, seed) : alignKeyed(lefts, rights, keys);
    const changes = rows.reduce((sum, { status }) => sum + (status === 'same' ? 0 : 1), 0);
    return { name, shape, fields, keys, rows, changes, whole: true };
  }
  const found = yield* partChanges(a, b, MOST_CHANGES, seed);
  const rows = found.changes.map(({ kind, left, right, leftIndex, rightIndex }) => {
    return { status: kind, left, right, leftIndex, rightIndex };
  });
  return { name, shape, fields, keys, rows, changes: found.total, whole: false };
}

type Row = readonly Field[];

/** All elements of a part; undefined if they are too many or too large. */
function* wholeRows(part: Part): Generator<void, Row[] | undefined> {
  if ((part.items.count ?? 0) > WHOLE_ELEMENTS) return undefined;
  const rows: Row[] = [];
  let bytes = 0;
  const walker = part.items.walk();
  for (let item = walker.next(); item !== undefined; item = walker.next()) {
    const row = part.read(item);
    rows.push(row);
    for (const field of row) bytes += weighField(field);
    if (rows.length > WHOLE_ELEMENTS || bytes > WHOLE_BYTES) return undefined;
    if (rows.length % 1024 === 0) yield;
  }
  return rows;
}

function weighField(field: Field): number {
  if (field === undefined) return 0;
  if (field instanceof Uint8Array || 'source' in field) return weighText(field);
  if (!('pairs' in field)) return 'word' in field ? field.word.length : 16;
  return field.pairs.reduce((sum, [name, value]) => sum + weighText(name) + weighText(value), 0);
}

function alignKeyed(lefts: readonly Row[], rights: readonly Row[], keys: number): AlignedRow[] {
  const [a, b] = [lefts, rights].map((rows) => [...rows].sort((x, y) => compareKeys(x, y, keys)));
  const rows: AlignedRow[] = [];
  const indexes = { leftIndex: undefined, rightIndex: undefined };
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const order = i === a.length ? 1 : j === b.length ? -1 : compareKeys(a[i], b[j], keys);
    if (order < 0) rows.push({ status: 'removed', left: a[i++], right: undefined, ...indexes });
    else if (order > 0) rows.push({ status: 'added', left: undefined, right: b[j++], ...indexes });
    else {
      const [left, right] = [a[i++], b[j++]];
      rows.push({ status: sameRow(left, right) ? 'same' : 'changed', left, right, ...indexes });
    }
  }
  return rows;
}

function* alignSequence(
  a: Part,
  b: Part,
  lefts: readonly Row[],
  rights: readonly Row[],
  seed: Seed,
): Generator<void, AlignedRow[]> {
  const { places } = yield* sequenceChanges(a, b, Number.POSITIVE_INFINITY, seed);
  const rows: AlignedRow[] = [];
  let [i, j] = [0, 0];
  const same = () => rows.push({ status: 'same', left: lefts[i], right: rights[j], leftIndex: i++, rightIndex: j++ });
  for (const [leftAt, rightAt] of places) {
    while ((leftAt >= 0 && i < leftAt) || (rightAt >= 0 && j < rightAt)) same();
    const status = leftAt < 0 ? 'added' : rightAt < 0 ? 'removed' : 'changed';
    rows.push({
      status,
      left: leftAt < 0 ? undefined : lefts[i],
      right: rightAt < 0 ? undefined : rights[j],
      leftIndex: leftAt < 0 ? undefined : i++,
      rightIndex: rightAt < 0 ? undefined : j++,
    });
  }
  while (i < lefts.length && j < rights.length) same();
  return rows;
}
