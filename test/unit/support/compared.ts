/** Pairs of files that are compared, and keyspaces of which each key can be written in several encodings. */
import {
  CHANGED,
  type CompareOptions,
  type Comparison,
  compareSides,
} from '../../../src/dataset/compare/comparison.js';
import { inNameOrder } from '../../../src/dataset/compare/order.js';
import type { Field } from '../../../src/dataset/compare/parts.js';
import { openRow, scanSide } from '../../../src/dataset/compare/side.js';
import { type ElementChange, valueChanges } from '../../../src/dataset/compare/value-changes.js';
import { nameOf } from '../../../src/dataset/names.js';
import { type ByteSource, MemorySource } from '../../../src/decoder/source.js';
import { bytes, characters, double, type Part } from './bytes.js';
import { intset, listpack, ziplist, zipmap } from './compact.js';
import { finish } from './indexed.js';
import { text } from './plain.js';
import type { Random } from './random.js';
import { compressed, counted, expireMs, file, integer, key, OP, selectdb, string } from './rdb-writer.js';

/** A value, and how it is written. */
export type Model =
  | { readonly type: 'string'; readonly text: string }
  | { readonly type: 'list'; readonly items: readonly string[] }
  | { readonly type: 'set'; readonly items: readonly string[] }
  | { readonly type: 'zset'; readonly items: ReadonlyMap<string, number> }
  | { readonly type: 'hash'; readonly items: ReadonlyMap<string, string> };

export interface ModelKey {
  readonly db: number;
  readonly name: string;
  readonly value: Model;
  readonly expireAt: number | undefined;
}

/** Compares two files in memory. */
export function compared(
  left: Uint8Array | ByteSource,
  right: Uint8Array | ByteSource,
  options: CompareOptions = {},
): Comparison {
  const open = (content: Uint8Array | ByteSource) =>
    finish(scanSide(content instanceof Uint8Array ? new MemorySource(content) : content));
  return finish(compareSides(open(left), open(right), options));
}

/** The differences as lines such as `~ 0 name value ttl`, in order. */
export function differences(comparison: Comparison): string[] {
  return [...finish(inNameOrder(comparison))].map((difference) => {
    const kind = comparison.kind(difference);
    const [side, row] =
      kind === 'removed'
        ? [comparison.left, comparison.leftRow(difference)]
        : [comparison.right, comparison.rightRow(difference)];
    const name = characters(nameOf(side.source, side.index, row));
    const bits = Object.entries(CHANGED).filter(([, bit]) => comparison.changed(difference) & bit);
    const what = bits.map(([bit]) => ` ${bit}`).join('');
    return `${{ added: '+', removed: '-', changed: '~' }[kind]} ${comparison.db(difference)} ${name}${what}`;
  });
}

/** The changes of the elements of a key, as lines. */
export function elementChanges(comparison: Comparison, difference: number, limit = 1000): string[] {
  const left = openRow(comparison.left, comparison.leftRow(difference));
  const right = openRow(comparison.right, comparison.rightRow(difference));
  const { changes, total } = finish(valueChanges(left, right, limit, comparison.seed));
  const lines = changes.map(changeLine);
  return total > changes.length ? [...lines, `and ${total - changes.length}`] : lines;
}

function changeLine(change: ElementChange): string {
  const { part, kind, left, right, leftIndex, rightIndex } = change;
  const place = [leftIndex, rightIndex].map((index) => (index === undefined ? '' : ` ${index}`));
  const from = left ? `${place[0]} ${left.map(fieldText).join('=')}` : '';
  const to = right ? `${place[1]} ${right.map(fieldText).join('=')}` : '';
  return `${{ added: '+', removed: '-', changed: '~' }[kind]} ${part}${from}${left && right ? ' →' : ''}${to}`;
}

function fieldText(field: Field): string {
  if (field === undefined) return '';
  if (field instanceof Uint8Array || 'source' in field) return text(field);
  if ('number' in field) return String(field.number);
  if ('time' in field) return `@${field.time}`;
  if ('word' in field) return field.word;
  return field.pairs.map(([name, value]) => `${text(name)}:${text(value)}`).join(' ');
}

/** Writes keys into a file: in any order, each in one of the encodings that can hold it. */
export function writeKeys(keys: readonly ModelKey[], random: Random): Uint8Array {
  const shuffled = shuffle(keys, random).sort((a, b) => a.db - b.db);
  const records: Part[] = [];
  let db = -1;
  for (const { db: own, name, value, expireAt } of shuffled) {
    if (own !== db) records.push(selectdb(own));
    db = own;
    if (expireAt !== undefined) records.push(expireMs(expireAt));
    if (random(4) === 0) records.push(bytes(OP.freq, random(256)));
    const { type, content } = encoded(value, random);
    records.push(bytes(type, storedString(name, random), content));
  }
  return file('REDIS0011', records);
}

function shuffle<Item>(items: readonly Item[], random: Random): Item[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const other = random(i + 1);
    [shuffled[i], shuffled[other]] = [shuffled[other], shuffled[i]];
  }
  return shuffled;
}

function storedString(content: string, random: Random): Uint8Array {
  if (/^(0|[1-9]\d{0,3})$/.test(content) && random(2) === 0) return integer(Number(content), random(2) === 0 ? 16 : 32);
  if (content.length > 4 && random(3) === 0) return compressed(content);
  return string(content, content.length < 64 && random(2) === 0 ? 6 : 32);
}

function encoded(value: Model, random: Random): { readonly type: number; readonly content: Uint8Array } {
  const one = <Choice>(...choices: (() => Choice)[]) => choices[random(choices.length)]();
  const stored = (content: string) => storedString(content, random);
  switch (value.type) {
    case 'string':
      return { type: 0, content: stored(value.text) };
    case 'list':
      return one(
        () => ({ type: 1, content: counted(value.items.map(stored)) }),
        () => ({ type: 10, content: string(ziplist(value.items)) }),
        () => ({ type: 14, content: counted([string(ziplist(value.items))]) }),
      );
    case 'set': {
      const items = shuffle(value.items, random);
      if (items.every((item) => /^\d{1,4}$/.test(item)) && random(2) === 0) {
        const numbers = items.map(Number).sort((a, b) => a - b);
        return { type: 11, content: string(intset(numbers, 2)) };
      }
      return one(
        () => ({ type: 2, content: counted(items.map(stored)) }),
        () => ({ type: 20, content: string(listpack(items)) }),
      );
    }
    case 'zset': {
      const items = shuffle([...value.items], random);
      const flat = items.flatMap(([member, score]) => [member, String(score)]);
      const ascii = (score: number) => bytes(String(score).length, String(score));
      return one(
        () => ({ type: 3, content: counted(items.map(([member, score]) => [stored(member), ascii(score)])) }),
        () => ({ type: 5, content: counted(items.map(([member, score]) => [stored(member), double(score)])) }),
        () => ({ type: 17, content: string(listpack(flat)) }),
      );
    }
    case 'hash': {
      const items = shuffle([...value.items], random);
      return one(
        () => ({ type: 4, content: counted(items.map(([field, content]) => [stored(field), stored(content)])) }),
        () => ({ type: 13, content: string(ziplist(items.flat())) }),
        () => ({ type: 16, content: string(listpack(items.flat())) }),
        () => ({ type: 9, content: string(zipmap(items)) }),
      );
    }
  }
}

/** A file of single keys of one database. */
export function keysFile(...keys: readonly (readonly [type: number, name: Part, value: Part])[]): Uint8Array {
  return file('REDIS0011', selectdb(0), ...keys.map(([type, name, value]) => key(type, name, value)));
}
