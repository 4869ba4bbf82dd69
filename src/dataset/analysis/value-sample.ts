/** What values look like inside, from a sample: hashes with the same fields, JSON with the same keys, compressed strings. */
import { fromLatin1, latin1 } from '../../decoder/bytes.js';
import { DecodeError } from '../../decoder/errors.js';
import { openEntry } from '../../decoder/rdb/entry.js';
import { isLong, textSlice } from '../../decoder/rdb/string.js';
import type { Value } from '../../decoder/rdb/value-model.js';
import { displayText } from '../../format/display.js';
import { LIMITS, UndecodableError } from '../decoders/decoder.js';
import { GZIP, ZLIB } from '../decoders/inflate.js';
import { LZ4 } from '../decoders/lz4.js';
import { FRAMED } from '../decoders/snappy.js';
import { ZSTD } from '../decoders/zstd.js';
import { type AnalysedKeys, eachRow } from './keys.js';

/** Values that have the same names in them. */
export interface SameNames {
  /** The names, for the screen; a few of them. */
  readonly names: readonly string[];
  readonly count: number;
  /** Values of the sample that have them, and their rows, some of them. */
  readonly values: number;
  readonly rows: readonly number[];
  /** Bytes of the names in one value. */
  readonly nameBytes: number;
  /** Bytes of all these values of the sample, in the file. */
  readonly bytes: number;
}

/** Strings that are packed by the application. */
export interface PackedStrings {
  readonly format: 'gzip' | 'zlib' | 'zstd' | 'lz4' | 'snappy';
  readonly values: number;
  /** How many of them are JSON when they are unpacked. */
  readonly json: number;
  readonly rows: readonly number[];
  readonly bytes: number;
}

export interface ValueSample {
  /** Hashes of the keys, and how many of them the sample has. */
  readonly hashes: { readonly all: number; readonly sampled: number };
  readonly strings: { readonly all: number; readonly sampled: number };
  /** The most frequent ones, those with the most names first. */
  readonly fields: readonly SameNames[];
  readonly json: readonly SameNames[];
  readonly packed: readonly PackedStrings[];
}

/** Values of each type that are looked at, and the largest of them. */
const SAMPLE = 2000;
const VALUE_BYTES = 32 * 1024;
const FIELD_LIMIT = 128;
/** Rows that are told of each kind. */
const ROWS = 1000;
const LISTED = 5;
const SHOWN_NAMES = 6;

interface Group {
  readonly names: readonly string[];
  readonly nameBytes: number;
  readonly rows: number[];
  values: number;
  bytes: number;
}

/** Strings of one format. */
interface PackedGroup extends Group {
  json: number;
}

/** Looks into values. Yields between 0 and 1, how much is done. */
export function* sampleValues(keys: AnalysedKeys): Generator<number, ValueSample> {
  const { index } = keys;
  const hashKinds = index.kinds.map(({ type }) => type === 'hash');
  const stringKinds = index.kinds.map(({ type, encoding }) => type === 'string' && encoding !== 'int');
  const hashes = new EvenSample(SAMPLE);
  const strings = new EvenSample(SAMPLE);
  for (const done of eachRow(keys, (row) => {
    const kind = index.kind(row);
    if (hashKinds[kind]) hashes.offer(row);
    else if (stringKinds[kind]) strings.offer(row);
  }))
    yield done / 2;
  const fields = new Map<string, Group>();
  const json = new Map<string, Group>();
  const packed = new Map<PackedStrings['format'], PackedGroup>();
  const all = [...hashes.rows, ...strings.rows].sort((a, b) => a - b);
  for (const [i, row] of all.entries()) {
    const size = index.size(row);
    if (size <= VALUE_BYTES) {
      const value = valueAt(keys, row);
      if (value?.type === 'hash') countIn(fields, fieldNames(value), row, size);
      else if (value?.type === 'string' && !isLong(value.text)) countString(value.text, row, size, json, packed);
    }
    if (i % 64 === 63) yield 0.5 + (0.5 * i) / all.length;
  }
  return {
    hashes: { all: hashes.offered, sampled: hashes.rows.length },
    strings: { all: strings.offered, sampled: strings.rows.length },
    fields: listed(fields),
    json: listed(json),
    packed: [...packed].map(([format, { values, json: texts, rows, bytes }]) => {
      return { format, values, json: texts, rows, bytes };
    }),
  };
}

/** Some of many rows, which come one by one and are not counted before: every n-th, with n growing. */
class EvenSample {
  readonly rows: number[] = [];
  offered = 0;
  private every = 1;

  constructor(private readonly most: number) {}

  offer(row: number): void {
    if (this.offered++ % this.every !== 0) return;
    if (this.rows.length === this.most) {
      // Every second one makes room.
      for (let i = 0; i * 2 < this.most; i++) this.rows[i] = this.rows[i * 2];
      this.rows.length = Math.ceil(this.most / 2);
      this.every *= 2;
      if ((this.offered - 1) % this.every !== 0) return;
    }
    this.rows.push(row);
  }
}

function valueAt({ file, index }: AnalysedKeys, row: number): Value | undefined {
  const typeOffset = index.typeOffset(row);
  try {
    return openEntry(file, typeOffset, typeOffset - index.head(row) + index.size(row)).value;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The names of the fields, a character a byte; undefined if there are many or the value is damaged. */
function fieldNames(value: Value & { readonly type: 'hash' }): readonly string[] | undefined {
  const names: string[] = [];
  try {
    const walker = value.items.walk();
    for (let item = walker.next(); item; item = walker.next()) {
      if (names.length === FIELD_LIMIT || item.field.length > 256) return undefined;
      names.push(latin1(textSlice(item.field, 0, item.field.length)));
    }
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
  return names.sort();
}

function countIn(groups: Map<string, Group>, names: readonly string[] | undefined, row: number, bytes: number): void {
  // One name alone is no shape.
  if (!names || names.length < 2) return;
  const key = names.join('\u0000');
  let group = groups.get(key);
  if (!group) {
    group = { names, nameBytes: names.reduce((sum, { length }) => sum + length, 0), rows: [], values: 0, bytes: 0 };
    groups.set(key, group);
  }
  group.values++;
  group.bytes += bytes;
  if (group.rows.length < ROWS) group.rows.push(row);
}

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

function countString(
  text: Uint8Array,
  row: number,
  bytes: number,
  json: Map<string, Group>,
  packed: Map<PackedStrings['format'], PackedGroup>,
): void {
  const format = packedFormat(text);
  if (format) {
    const group = packed.get(format) ?? { names: [], nameBytes: 0, rows: [], values: 0, json: 0, bytes: 0 };
    packed.set(format, group);
    group.values++;
    group.bytes += bytes;
    if (isJson(unpacked(format, text))) group.json++;
    if (group.rows.length < ROWS) group.rows.push(row);
    return;
  }
  if (text[0] === OPEN_BRACE && text[text.length - 1] === CLOSE_BRACE) countIn(json, jsonKeys(text), row, bytes);
}

const UNPACKERS = { gzip: GZIP, zlib: ZLIB, zstd: ZSTD, lz4: LZ4, snappy: FRAMED };
/** Bytes that are unpacked of a string to see what it is. */
const UNPACKED = { ...LIMITS, bytes: 256 * 1024 };

/** What a string is unpacked; nothing if that is much, or it is damaged. */
function unpacked(format: PackedStrings['format'], text: Uint8Array): Uint8Array {
  const work = UNPACKERS[format].decode(text, UNPACKED);
  try {
    for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
  } catch (error) {
    if (error instanceof UndecodableError) return new Uint8Array(0);
    throw error;
  }
}

const OPEN_BRACKET = 0x5b;

function isJson(text: Uint8Array): boolean {
  if (text[0] !== OPEN_BRACE && text[0] !== OPEN_BRACKET) return false;
  try {
    JSON.parse(latin1(text));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** The keys of a JSON object, a character a byte; undefined if it is none, or has many. */
function jsonKeys(text: Uint8Array): readonly string[] | undefined {
  try {
    // Bytes beyond ASCII become other characters, the same for the same bytes: enough to compare.
    const value: unknown = JSON.parse(latin1(text));
    const names = Object.keys(value as object);
    return names.length > FIELD_LIMIT ? undefined : names.sort();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What a string is packed as, by its first bytes; undefined if it does not look packed. */
export function packedFormat(text: Uint8Array): PackedStrings['format'] | undefined {
  const starts = (...bytes: number[]) => text.length > 8 && bytes.every((byte, i) => text[i] === byte);
  if (starts(0x1f, 0x8b, 0x08)) return 'gzip';
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  if (starts(0x04, 0x22, 0x4d, 0x18)) return 'lz4';
  if (starts(0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59)) return 'snappy';
  // Two bytes say little by themselves: text that begins so goes on with text.
  if (starts(0x78) && [0x01, 0x5e, 0x9c, 0xda].includes(text[1]) && text.some((byte) => byte >= 0x80)) {
    return ((text[0] << 8) | text[1]) % 31 === 0 ? 'zlib' : undefined;
  }
  return undefined;
}

function listed(groups: Map<string, Group>): SameNames[] {
  return [...groups.values()]
    .sort((a, b) => b.values * b.nameBytes - a.values * a.nameBytes)
    .slice(0, LISTED)
    .map(({ names, values, rows, nameBytes, bytes }) => ({
      names: names.slice(0, SHOWN_NAMES).map((name) => displayText(fromLatin1(name), 40).text),
      count: names.length,
      values,
      rows,
      nameBytes,
      bytes,
    }));
}
