/** What differs between two values, element by element, in bounded memory and up to a limit; the rest is counted. */
import type { Entry } from '../../decoder/rdb/entry.js';
import type { Text } from '../../decoder/rdb/string.js';
import { compareKeys } from './fields.js';
import type { Seed } from './hash.js';
import { keyedChanges } from './keyed-changes.js';
import { type Field, type FieldName, type Part, type PartName, pairedParts } from './parts.js';
import { sequenceChanges } from './sequence-changes.js';
import { firstDifference, textOf } from './value-equal.js';

/** An element that differs. */
export interface ElementChange {
  readonly part: PartName;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly fields: readonly FieldName[];
  /** How many of the fields say which element it is. */
  readonly keys: number;
  /** Position in its part, on either side; undefined where it is not there, or where the position says nothing. */
  readonly leftIndex: number | undefined;
  readonly rightIndex: number | undefined;
  readonly left: readonly Field[] | undefined;
  readonly right: readonly Field[] | undefined;
  /** Of two strings: the offset of the first byte that differs. */
  readonly differsAt?: number;
}

/** The changes of a value. */
export interface ValueChanges {
  readonly changes: readonly ElementChange[];
  /** Their number, with those that are beyond the limit. */
  readonly total: number;
}

/** Places of elements that differ; −1 where one is not there. */
export interface ChangedPlaces {
  readonly places: readonly (readonly [left: number, right: number])[];
  readonly total: number;
}

/**
 * Finds the elements that differ between two values of the same type. Elements without order are sorted by their names;
 * those of a list stand in its order. Where there are more than `limit`, the first of each part in the order of the
 * files are given. Yields now and then.
 *
 * @throws DecodeError where one of the values is damaged.
 */
export function* valueChanges(left: Entry, right: Entry, limit: number, seed: Seed): Generator<void, ValueChanges> {
  const changes: ElementChange[] = [];
  let total = 0;
  for (const [a, b] of pairedParts(left, right)) {
    const found = yield* partChanges(a, b, Math.max(0, limit - changes.length), seed);
    changes.push(...found.changes);
    total += found.total;
  }
  return { changes, total };
}

/** The changes of one part of two values. */
export function* partChanges(a: Part, b: Part, limit: number, seed: Seed): Generator<void, ValueChanges> {
  if (a.shape === 'text') {
    const differsAt = yield* firstDifference(textOf(a), textOf(b));
    if (differsAt === undefined) return { changes: [], total: 0 };
    return { changes: limit > 0 ? [textChange(a, textOf(a), textOf(b), differsAt)] : [], total: 1 };
  }
  const { places, total } =
    a.shape === 'sequence' ? yield* sequenceChanges(a, b, limit, seed) : yield* keyedChanges(a, b, limit, seed);
  return { changes: yield* fetchChanges(a, b, places), total };
}

function textChange({ name, fields }: Part, left: Text, right: Text, differsAt: number): ElementChange {
  const indexes = { leftIndex: undefined, rightIndex: undefined };
  return { part: name, kind: 'changed', fields, keys: 0, ...indexes, left: [left], right: [right], differsAt };
}

/** Reads the elements at places of both parts. */
function* fetchChanges(a: Part, b: Part, places: ChangedPlaces['places']): Generator<void, ElementChange[]> {
  const lefts = yield* fetch(
    a,
    places.map(([left]) => left),
  );
  const rights = yield* fetch(
    b,
    places.map(([, right]) => right),
  );
  const ordered = a.shape === 'sequence';
  const changes = places.map(([leftAt, rightAt]): ElementChange => {
    const left = lefts.get(leftAt);
    const right = rights.get(rightAt);
    return {
      part: a.name,
      kind: left && right ? 'changed' : left ? 'removed' : 'added',
      fields: a.fields,
      keys: a.keys,
      leftIndex: ordered && left ? leftAt : undefined,
      rightIndex: ordered && right ? rightAt : undefined,
      left,
      right,
    };
  });
  if (ordered) return changes;
  const nameOf = (change: ElementChange) => change.left ?? change.right ?? [];
  return changes.sort((x, y) => compareKeys(nameOf(x), nameOf(y), a.keys));
}

function* fetch(part: Part, positions: readonly number[]): Generator<void, Map<number, readonly Field[]>> {
  const found = new Map<number, readonly Field[]>();
  const wanted = new Set(positions.filter((at) => at >= 0));
  const walker = part.items.walk();
  for (let at = 0; found.size < wanted.size; at++) {
    const item = walker.next();
    if (item === undefined) break;
    if (wanted.has(at)) found.set(at, part.read(item));
    if (at % 4096 === 4095) yield;
  }
  return found;
}
