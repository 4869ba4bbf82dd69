/** How the forms of export want keys that are written straight from the bytes of a file. */
import { FLAG_INTEGER, FLAG_SINGLE_LISTPACK } from '../../../decoder/rdb/key-batch.js';
import type { ValueType } from '../../../decoder/rdb/value-type.js';
import { valueTypes } from '../../../decoder/rdb/value-types.js';
import { embeddedLimit, encodingOf, sharesAllocation } from '../../encoding.js';
import { COUNTERS, hashCommand, STREAMS } from '../command-levels.js';
import { BASE64_HEAD } from '../text-forms.js';
import {
  BASE64,
  COPIES,
  ELEMENT_ROWS,
  EMBEDDED,
  ENTRY_FIELDS,
  ENTRY_HEAD,
  ENTRY_TAIL,
  EXPIRY,
  FREQUENCY,
  IDLE,
  INT,
  INTSET,
  JSON_OBJECTS,
  KEY_ROWS,
  LISTPACK,
  NO_EXPIRY,
  ONE_LISTPACK,
  PAIRS,
  PLAIN,
  QUICKLIST,
  QUICKLIST_2,
  RESP,
  SCORED,
  SHAPE_BITS,
  SINGLE,
  STREAM,
  STREAM_ADDED,
  STREAM_DELETED,
  STREAM_FIRST,
  STREAM_HEAD,
  STREAM_LAST,
  STREAM_LENGTH,
  STREAM_TAIL,
  TAIL,
  WITH_SCORE,
  ZIPLIST,
} from './layout.js';
import type { PlainChoice, PlainFacts } from './plain-writer.js';

/** A form and a shape as one number. */
function kind(form: number, shape: number): number {
  return form | (shape << SHAPE_BITS);
}

/** By type byte. */
const KIND_OF = new Map([
  [0, PLAIN],
  [1, kind(PLAIN, SINGLE)],
  [2, kind(PLAIN, SINGLE)],
  [4, kind(PLAIN, PAIRS)],
  [5, kind(SCORED, WITH_SCORE)],
  [10, kind(ZIPLIST, SINGLE)],
  [11, kind(INTSET, SINGLE)],
  [12, kind(ZIPLIST, WITH_SCORE)],
  [13, kind(ZIPLIST, PAIRS)],
  [14, kind(QUICKLIST, SINGLE)],
  [16, kind(LISTPACK, PAIRS)],
  [17, kind(LISTPACK, WITH_SCORE)],
  [18, kind(QUICKLIST_2, SINGLE)],
  [15, STREAM],
  [19, STREAM],
  [20, kind(LISTPACK, SINGLE)],
  [21, STREAM],
]);

/** How keys are written. */
export interface PlainForm {
  /** What is written: {@link RESP} and the numbers behind it. */
  readonly what: number;
  /** True for commands that tell how many entries a stream ever had, and for copies with times of access. */
  readonly counters: boolean;
  /** The longest string that a server keeps in one allocation, and whether name and expiry count too. */
  readonly embeddedLimit: number;
  readonly sharesAllocation: boolean;
  /** For each type byte how its value is written; 0 for those that are not. */
  readonly kinds: Uint8Array;
  /** What stands before, between and behind, by number. */
  readonly texts: ReadonlyMap<number, string>;
}

/** What stands before a key, which depends on its database. */
export function headText(choice: PlainChoice, db: number): string {
  if (choice.kind === 'json') return `${choice.lines ? '' : ',\n'}{"db":${db},"key":`;
  return choice.kind === 'csv' ? `${db},` : '';
}

/** The form for keys of a file, but for {@link headText}. */
export function plainForm(choice: PlainChoice, facts: PlainFacts): PlainForm {
  const { fileHeader: header, server } = facts;
  const shares = sharesAllocation(server);
  const streams = choice.kind === 'json' || (choice.kind === 'resp' && choice.level >= STREAMS);
  const types: ValueType[] = [];
  const kinds = new Uint8Array(256);
  for (const type of header ? valueTypes(header.family, header.version) : []) {
    const known = type && header && type.since <= header.version ? KIND_OF.get(type.code) : undefined;
    if (!type || !header || known === undefined || (known === STREAM && !streams)) continue;
    if (choice.kind === 'rdb' && !choice.copies(type, header)) continue;
    types.push(type);
    kinds[type.code] = known;
  }
  return {
    what: whatOf(choice),
    counters: choice.kind === 'resp' ? choice.level >= COUNTERS : choice.kind === 'rdb' && choice.access,
    // What the shortest name takes is taken off with each name.
    embeddedLimit: embeddedLimit(server, 0, false) + (shares ? 3 : 0),
    sharesAllocation: shares,
    kinds,
    texts: textsOf(choice, types, facts),
  };
}

function whatOf(choice: PlainChoice): number {
  switch (choice.kind) {
    case 'json':
      return JSON_OBJECTS;
    case 'resp':
      return RESP;
    case 'csv':
      return choice.flat ? ELEMENT_ROWS : KEY_ROWS;
    case 'rdb':
      return COPIES;
  }
}

function textsOf(choice: PlainChoice, types: readonly ValueType[], facts: PlainFacts): ReadonlyMap<number, string> {
  switch (choice.kind) {
    case 'json':
      return jsonTexts(types, choice.lines, facts);
    case 'resp':
      return respTexts(types, choice.level);
    case 'csv':
      return typeTexts(types, facts, (type, encoding) => (choice.flat ? `,${type},` : `,${type},${encoding ?? ''},`));
    case 'rdb':
      return new Map();
  }
}

/** What stands behind the name of a key, which tells its type and encoding. */
function typeTexts(
  types: readonly ValueType[],
  { server }: PlainFacts,
  make: (type: string, encoding: string | null) => string,
): Map<number, string> {
  const text = (type: ValueType, flags = 0, embedded = false) =>
    make(type.type, encodingOf(type, flags, embedded, server));
  const texts = new Map(types.map((type) => [type.code, text(type)]));
  for (const type of types) {
    if (type.type === 'string') texts.set(INT, text(type, FLAG_INTEGER)).set(EMBEDDED, text(type, 0, true));
    if (KIND_OF.get(type.code) === kind(QUICKLIST_2, SINGLE)) texts.set(ONE_LISTPACK, text(type, FLAG_SINGLE_LISTPACK));
  }
  return texts;
}

function jsonTexts(types: readonly ValueType[], lines: boolean, facts: PlainFacts): Map<number, string> {
  return typeTexts(
    types,
    facts,
    (type, encoding) => `,"type":"${type}","encoding":${JSON.stringify(encoding)},"expireAtMs":`,
  )
    .set(EXPIRY, ',"value":')
    .set(NO_EXPIRY, 'null,"value":')
    .set(TAIL, lines ? '}\n' : '}')
    .set(BASE64, BASE64_HEAD)
    .set(IDLE, ',"idle":')
    .set(FREQUENCY, ',"freq":')
    .set(STREAM_HEAD, '{"entries":[')
    .set(ENTRY_HEAD, '{"id":"')
    .set(ENTRY_FIELDS, '","fields":[')
    .set(ENTRY_TAIL, ']}')
    .set(STREAM_LENGTH, '],"length":')
    .set(STREAM_LAST, ',"lastId":"')
    .set(STREAM_FIRST, '","firstId":"')
    .set(STREAM_DELETED, '","maxDeletedId":"')
    .set(STREAM_ADDED, '","entriesAdded":')
    .set(STREAM_TAIL, ',"groups":[]}');
}

function respTexts(types: readonly ValueType[], level: number) {
  const names = { string: 'SET', list: 'RPUSH', set: 'SADD', zset: 'ZADD', hash: hashCommand(level), stream: 'XADD' };
  const texts = new Map(types.map(({ code, type }) => [code, bulk(names[type as keyof typeof names])]));
  return texts
    .set(EXPIRY, `*3\r\n${bulk('PEXPIREAT')}`)
    .set(STREAM_LAST, bulk('XSETID'))
    .set(STREAM_ADDED, bulk('ENTRIESADDED'))
    .set(STREAM_DELETED, bulk('MAXDELETEDID'));
}

/** A word as an argument. */
function bulk(word: string): string {
  return `$${word.length}\r\n${word}\r\n`;
}
