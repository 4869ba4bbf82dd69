/** Fields of elements: whether they are equal, in which order they stand, and what is hashed of them. */
import { isLong, type Text } from '../../decoder/rdb/string.js';
import { compareTexts } from '../texts.js';
import type { Hash64 } from './hash.js';
import type { Field } from './parts.js';

const isText = (field: Exclude<Field, undefined>): field is Text => field instanceof Uint8Array || 'source' in field;

/** True if two fields mean the same. */
export function sameField(a: Field, b: Field): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (isText(a)) return isText(b) && sameText(a, b);
  if (isText(b)) return false;
  if ('number' in a) return 'number' in b && sameNumber(a.number, b.number);
  if ('time' in a) return 'time' in b && sameNumber(a.time, b.time);
  if ('word' in a) return 'word' in b && a.word === b.word;
  if (!('pairs' in b) || a.pairs.length !== b.pairs.length) return false;
  return a.pairs.every(([name, value], i) => sameText(name, b.pairs[i][0]) && sameText(value, b.pairs[i][1]));
}

/** True if two strings are equal. */
export function sameText(a: Text, b: Text): boolean {
  if (a.length !== b.length) return false;
  if (isLong(a) || isLong(b)) return compareTexts(a, b) === 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Numbers that are the same whether they are kept as doubles or exactly; −0 is 0. */
function sameNumber(a: number | bigint, b: number | bigint): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: compares a number with a bigint by value.
  return a == b || (Number.isNaN(a) && Number.isNaN(b));
}

/** The order of two fields of the same part. */
export function compareFields(a: Field, b: Field): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  if (isText(a) || isText(b)) return isText(a) && isText(b) ? compareTexts(a, b) : isText(a) ? 1 : -1;
  const [x, y] = [orderOf(a), orderOf(b)];
  if (typeof x === 'string' || typeof y === 'string') return compareWords(String(x), String(y));
  return x < y ? -1 : x > y ? 1 : 0;
}

function orderOf(field: Exclude<Field, Text | undefined>): number | bigint | string {
  if ('number' in field) return field.number;
  if ('time' in field) return field.time;
  return 'word' in field ? field.word : '';
}

/** Words of ours; stream ids by their numbers. */
function compareWords(a: string, b: string): number {
  const [x, y] = [ID.exec(a), ID.exec(b)];
  if (x && y) {
    const ms = BigInt(x[1]) - BigInt(y[1]);
    const order = ms !== 0n ? ms : BigInt(x[2]) - BigInt(y[2]);
    return order < 0n ? -1 : order > 0n ? 1 : 0;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

const ID = /^(\d+)-(\d+)$/;

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

/** Takes a field into a hash: equal fields the same way. */
export function hashField(hash: Hash64, field: Field): void {
  if (field === undefined) {
    hash.number(1);
  } else if (isText(field)) {
    hash.number(2);
    hash.text(field);
  } else if ('number' in field) {
    hash.number(3);
    hashNumber(hash, field.number);
  } else if ('time' in field) {
    hash.number(4);
    hashNumber(hash, field.time);
  } else if ('word' in field) {
    hash.number(5);
    hashWord(hash, field.word);
  } else {
    hash.number(field.pairs.length);
    for (const [name, value] of field.pairs) {
      hash.text(name);
      hash.text(value);
    }
  }
}

function hashWord(hash: Hash64, word: string): void {
  hash.number(word.length);
  for (let i = 0; i < word.length; i++) hash.number(word.charCodeAt(i));
}

function hashNumber(hash: Hash64, value: number | bigint): void {
  const plain = Number(value);
  if (typeof value === 'bigint' && BigInt(plain) !== value) {
    hashWord(hash, String(value));
    return;
  }
  // Adding 0 makes 0 of −0.
  double[0] = Number.isNaN(plain) ? Number.NaN : plain + 0;
  hash.number(halves[0]);
  hash.number(halves[1]);
}

/** The order of two elements by their first fields. */
export function compareKeys(a: readonly Field[], b: readonly Field[], keys: number): number {
  for (let i = 0; i < keys; i++) {
    const order = compareFields(a[i], b[i]);
    if (order !== 0) return order;
  }
  return 0;
}
