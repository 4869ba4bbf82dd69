/**
 * Values in a form that an older or another server reads: element by element, which every server takes and keeps in
 * whatever encoding it has for values of the size.
 */
import type { Entry } from '../../decoder/rdb/entry.js';
import { isLong, type Text } from '../../decoder/rdb/string.js';
import type { Collection, HashField, Millis, Value } from '../../decoder/rdb/value-model.js';
import { scoreText } from '../key-json.js';
import { write64le, writeDouble, writeLength, writeString } from './encode.js';
import { streamLosses, writeStream } from './encode-stream.js';
import type { ExportRow } from './export-rows.js';
import { LeaveOutError } from './formatter.js';
import type { OutBuffer } from './out-buffer.js';
import type { Findings } from './report.js';
import { type ExportTarget, familyOf } from './target.js';

/** A value in another form. */
export interface Reencoded {
  /** The type byte. */
  readonly code: number;
  /** Writes the value behind it. @throws DecodeError if the value is damaged. */
  write(out: OutBuffer): Generator<void>;
}

/** What may happen to a value. */
export interface ReencodeOptions {
  readonly target: ExportTarget;
  readonly dropFieldExpiry: boolean;
  readonly findings: Findings;
}

/** Elements between two chances for others. */
const SLICE = 1024;

/** RDB versions that brought something. */
const BINARY_SCORES = 8;
const STREAMS = 9;
const FIELD_EXPIRY = 12;
const ARRAYS = 14;

/** Stream types by the version that brought them, newest first. */
const STREAM_TYPES: readonly (readonly [since: number, code: number])[] = [
  [14, 27],
  [13, 26],
  [11, 21],
  [10, 19],
  [9, 15],
];

/**
 * A value in the form for a server.
 *
 * @throws LeaveOutError if the server has nothing like it, or it would lose what it may not lose; DecodeError if the
 * value is damaged.
 */
export function reencoded(entry: Entry, row: ExportRow, options: ReencodeOptions): Reencoded {
  const { value } = entry;
  const { target } = options;
  switch (value.type) {
    case 'string':
      return { code: 0, write: (out) => writeString(out, value.text) };
    case 'list':
      return { code: 1, write: (out) => writeItems(out, value.items, writeString) };
    case 'set': {
      if (entry.memberExpiry && entry.memberExpiry.size > 0)
        options.findings.loss('member-expiry', row.typeName, row.offset);
      return { code: 2, write: (out) => writeItems(out, value.items, (to, { member }) => writeString(to, member)) };
    }
    case 'zset':
      return target.rdbVersion >= BINARY_SCORES
        ? {
            code: 5,
            write: (out) => writeItems(out, value.items, (to, item) => writeScored(to, item.member, item.score)),
          }
        : {
            code: 3,
            write: (out) => writeItems(out, value.items, (to, item) => writeTexted(to, item.member, item.score)),
          };
    case 'hash':
      return hashFor(value.items, row, options);
    case 'stream':
      return streamFor(value, row, options);
    case 'array':
      if (familyOf(target) !== 'redis' || target.rdbVersion < ARRAYS) throw new LeaveOutError('type');
      return { code: 28, write: (out) => writeArray(out, value) };
    case 'module':
      throw new LeaveOutError('module');
    default:
      throw new LeaveOutError('type');
  }
}

/** Counts elements whose number is not known. */
function* countOf<Item>({ count, walk }: Collection<Item>): Generator<void, number> {
  if (count !== undefined) return count;
  const walker = walk();
  let counted = 0;
  while (walker.next() !== undefined) if (++counted % SLICE === 0) yield;
  return counted;
}

function* writeItems<Item>(
  out: OutBuffer,
  items: Collection<Item>,
  write: (out: OutBuffer, item: Item) => Generator<void>,
): Generator<void> {
  writeLength(out, yield* countOf(items));
  const walker = items.walk();
  let count = 0;
  for (let item = walker.next(); item !== undefined; item = walker.next()) {
    yield* write(out, item);
    if (++count % SLICE === 0) yield;
  }
}

function* writeScored(out: OutBuffer, member: Text, score: number): Generator<void> {
  yield* writeString(out, member);
  writeDouble(out, score);
}

/** A score as text, with its length before it; infinities have numbers of their own (§1.9). */
function* writeTexted(out: OutBuffer, member: Text, score: number): Generator<void> {
  yield* writeString(out, member);
  if (!Number.isFinite(score)) {
    out.byte(score > 0 ? 254 : 255);
    return;
  }
  const text = scoreText(score);
  out.byte(text.length);
  out.ascii(text);
}

function hashFor(items: Collection<HashField>, row: ExportRow, options: ReencodeOptions): Reencoded {
  const { target, dropFieldExpiry, findings } = options;
  const least = leastExpiry(items);
  const plain: Reencoded = { code: 4, write: (out) => writeItems(out, items, writePair) };
  if (least === undefined) return plain;
  if (familyOf(target) === 'valkey') return { code: 22, write: (out) => writeItems(out, items, writeValkeyField) };
  if (target.make === 'redis' && target.rdbVersion >= FIELD_EXPIRY) {
    return {
      code: 24,
      *write(out) {
        write64le(out, least);
        yield* writeItems(out, items, (to, item) => writeRedisField(to, item, least));
      },
    };
  }
  if (!dropFieldExpiry) throw new LeaveOutError('field-expiry');
  findings.loss('field-expiry', row.typeName, row.offset);
  return plain;
}

/** The earliest expiry of a field; undefined if none has one. */
function leastExpiry(items: Collection<HashField>): Millis | undefined {
  let least: Millis | undefined;
  const walker = items.walk();
  for (let item = walker.next(); item !== undefined; item = walker.next()) {
    const { expireAt } = item;
    if (expireAt !== undefined && (least === undefined || expireAt < least)) least = expireAt;
  }
  return least;
}

function* writePair(out: OutBuffer, { field, value }: HashField): Generator<void> {
  yield* writeString(out, field);
  yield* writeString(out, value);
}

function* writeValkeyField(out: OutBuffer, item: HashField): Generator<void> {
  yield* writePair(out, item);
  write64le(out, item.expireAt ?? -1);
}

function* writeRedisField(out: OutBuffer, item: HashField, least: Millis): Generator<void> {
  writeLength(out, item.expireAt === undefined ? 0 : BigInt(item.expireAt) - BigInt(least) + 1n);
  yield* writePair(out, item);
}

function streamFor(value: Extract<Value, { type: 'stream' }>, row: ExportRow, options: ReencodeOptions): Reencoded {
  const { target, findings } = options;
  if (target.rdbVersion < STREAMS) throw new LeaveOutError('type');
  // Valkey has the types that Redis had when they parted.
  const newest = familyOf(target) === 'valkey' ? FIELD_EXPIRY - 1 : target.rdbVersion;
  const code = STREAM_TYPES.find(([since]) => newest >= since)?.[1] ?? 15;
  const { producers, released } = streamLosses(value, code);
  if (producers) findings.loss('producers', row.typeName, row.offset);
  if (released) findings.loss('released', row.typeName, row.offset);
  return { code, write: (out) => writeStream(out, value, code) };
}

/** Tags of array elements. */
const ARRAY_STRING = 0;
const ARRAY_INTEGER = 1;
const ARRAY_SHORT_STRING = 3;
const SHORT = 7;

function* writeArray(out: OutBuffer, { items, insertIndex }: Extract<Value, { type: 'array' }>): Generator<void> {
  writeLength(out, yield* countOf(items));
  writeLength(out, insertIndex === undefined ? 0 : 1);
  if (insertIndex !== undefined) writeLength(out, insertIndex);
  const walker = items.walk();
  for (let item = walker.next(); item !== undefined; item = walker.next()) {
    writeLength(out, item.index);
    const integer = integerOf(item.value);
    if (integer !== undefined) {
      writeLength(out, ARRAY_INTEGER);
      write64le(out, integer);
    } else {
      writeLength(out, item.value.length <= SHORT ? ARRAY_SHORT_STRING : ARRAY_STRING);
      yield* writeString(out, item.value);
    }
    yield;
  }
}

/** Integers that an array keeps as such have up to 62 bits. */
const ARRAY_MOST = 2n ** 61n - 1n;

function integerOf(text: Text): bigint | undefined {
  if (isLong(text) || text.length === 0 || text.length > 19) return undefined;
  const written = String.fromCharCode(...text);
  if (!/^(?:0|-?[1-9]\d*)$/.test(written)) return undefined;
  const value = BigInt(written);
  return value <= ARRAY_MOST && value >= -ARRAY_MOST ? value : undefined;
}
