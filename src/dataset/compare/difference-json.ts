/**
 * A difference as one line of JSON, with what has changed of each element. All binary is Base64; numbers of 64 bits are
 * exact; scores are texts, as servers print them.
 */
import { DecodeError, type Problem } from '../../decoder/errors.js';
import { isLong, type Text, textSlice } from '../../decoder/rdb/string.js';
import { base64 } from '../base64.js';
import { scoreText } from '../key-json.js';
import { nameOf } from '../names.js';
import { ABSENT, CHANGED, type Comparison, damageIn, exactExpiry } from './comparison.js';
import type { Field, FieldName } from './parts.js';
import { openRow, type Side } from './side.js';
import { type ElementChange, type ValueChanges, valueChanges } from './value-changes.js';

/** The most bytes of a string that a line gives; of a longer one its start and its length. */
export const STRING_LIMIT = 64 * 1024;

/** The names of what can differ of a key, as they stand in the line. */
const WHAT = Object.keys(CHANGED) as (keyof typeof CHANGED)[];

/**
 * The line of a difference, without the line feed. Yields now and then.
 *
 * @param mostChanges elements that are given; undefined leaves them out, and the value is not read.
 * @param damaged takes what is wrong with a value that cannot be read.
 */
export function* differenceLine(
  comparison: Comparison,
  difference: number,
  mostChanges: number | undefined,
  damaged: (side: 'left' | 'right', problem: Problem) => void,
): Generator<void, string> {
  const { left, right } = comparison;
  const kind = comparison.kind(difference);
  const leftRow = comparison.leftRow(difference);
  const rightRow = comparison.rightRow(difference);
  const [side, row] = rightRow === ABSENT ? [left, leftRow] : [right, rightRow];
  const fact = side.index.fact(row);
  const parts = [
    `"kind":"${kind}"`,
    `"db":${fact.db}`,
    `"key":"${base64(nameOf(side.source, side.index, row))}"`,
    `"type":${JSON.stringify(fact.kind.type)}`,
  ];
  if (kind !== 'changed') {
    parts.push(`"encoding":${JSON.stringify(fact.kind.encoding)}`, `"expireAtMs":${fact.expireAt ?? 'null'}`);
    parts.push(`"bytes":${fact.size}`);
    return `{${parts.join(',')}}`;
  }
  const changed = comparison.changed(difference);
  const what = WHAT.filter((name) => changed & CHANGED[name]);
  parts.push(`"leftBytes":${comparison.leftSize(difference)}`, `"rightBytes":${fact.size}`);
  parts.push(`"changed":${JSON.stringify(what)}`);
  if (mostChanges === undefined) return `{${parts.join(',')}}`;
  const changes = factChanges(left, leftRow, right, rightRow, changed);
  const expandable = changed & CHANGED.value && !(changed & (CHANGED.type | CHANGED.unreadable));
  const value = expandable ? yield* elementsOf(comparison, leftRow, rightRow, mostChanges, damaged) : undefined;
  if (value) changes.push(...value.changes.map(elementJson));
  parts.push(`"changes":[${changes.join(',')}]`);
  if (value && value.total > value.changes.length) parts.push(`"moreChanges":${value.total - value.changes.length}`);
  return `{${parts.join(',')}}`;
}

function* elementsOf(
  comparison: Comparison,
  leftRow: number,
  rightRow: number,
  limit: number,
  damaged: (side: 'left' | 'right', problem: Problem) => void,
): Generator<void, ValueChanges | undefined> {
  const { left, right, seed } = comparison;
  try {
    return yield* valueChanges(openRow(left, leftRow), openRow(right, rightRow), limit, seed);
  } catch (error) {
    // Damage behind the first difference shows only now.
    if (!(error instanceof DecodeError)) throw error;
    for (const [name, side, row] of [
      ['left', left, leftRow],
      ['right', right, rightRow],
    ] as const) {
      const problem = yield* damageIn(side, row, seed);
      if (problem) damaged(name, problem);
    }
    return undefined;
  }
}

/** What differs beside the value. */
function factChanges(left: Side, leftRow: number, right: Side, rightRow: number, changed: number): string[] {
  const [a, b] = [left.index.fact(leftRow), right.index.fact(rightRow)];
  const changes: string[] = [];
  const add = (part: string, from: string, to: string) =>
    changes.push(`{"part":"${part}","kind":"changed","left":${from},"right":${to}}`);
  if (changed & CHANGED.type) add('type', JSON.stringify(a.kind.type), JSON.stringify(b.kind.type));
  if (changed & CHANGED.ttl) {
    add('ttl', String(exactExpiry(left, leftRow) ?? null), String(exactExpiry(right, rightRow) ?? null));
  }
  if (changed & CHANGED.encoding) add('encoding', JSON.stringify(a.kind.encoding), JSON.stringify(b.kind.encoding));
  if (changed & CHANGED.access) {
    if (a.idle !== b.idle) add('idle', String(a.idle ?? null), String(b.idle ?? null));
    if (a.freq !== b.freq) add('freq', String(a.freq ?? null), String(b.freq ?? null));
  }
  return changes;
}

/** An element: which one it is, and what it holds on either side. */
function elementJson(change: ElementChange): string {
  const { part, kind, fields, keys, left, right, leftIndex, rightIndex, differsAt } = change;
  const parts = [`"part":"${part}"`, `"kind":"${kind}"`];
  const name = left ?? right ?? [];
  for (let i = 0; i < keys; i++) parts.push(...fieldJson(fields[i], name[i]));
  if (leftIndex !== undefined) parts.push(`"leftIndex":${leftIndex}`);
  if (rightIndex !== undefined) parts.push(`"rightIndex":${rightIndex}`);
  if (differsAt !== undefined) parts.push(`"differsAt":${differsAt}`);
  for (const [side, row] of [
    ['left', left],
    ['right', right],
  ] as const) {
    const content = row?.slice(keys).flatMap((field, i) => fieldJson(fields[keys + i], field)) ?? [];
    if (content.length > 0) parts.push(`"${side}":{${content.join(',')}}`);
  }
  return `{${parts.join(',')}}`;
}

/** Name and value of a field; none where it is not there. */
function fieldJson(name: FieldName, field: Field): string[] {
  if (field === undefined) return [];
  if (field instanceof Uint8Array || 'source' in field) {
    const start = `"${name}":"${base64(textSlice(field, 0, STRING_LIMIT))}"`;
    return isCut(field) ? [start, `"${name}Bytes":${field.length}`] : [start];
  }
  return [`"${name}":${plainJson(name, field)}`];
}

const isCut = (text: Text): boolean => (isLong(text) ? text.length : text.byteLength) > STRING_LIMIT;

function plainJson(name: FieldName, field: Exclude<Field, Text | undefined>): string {
  if ('time' in field) return String(field.time);
  if ('word' in field) return JSON.stringify(field.word);
  if ('pairs' in field) {
    const pairs = field.pairs.map((pair) => `[${pair.map((text) => `"${base64(textSlice(text, 0, STRING_LIMIT))}"`)}]`);
    return `[${pairs.join(',')}]`;
  }
  const { number } = field;
  if (typeof number === 'bigint') return String(number);
  return name === 'score' || !Number.isSafeInteger(number) ? `"${scoreText(number)}"` : String(number);
}
