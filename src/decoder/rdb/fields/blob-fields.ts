/** The fields of compact structures (listpack, ziplist, intset, zipmap): header, entries down to their parts, end mark. */
import type { Cursor } from '../../cursor.js';
import { byteName, DecodeError, phrase } from '../../errors.js';
import { readFully } from '../../source.js';
import { narrow } from '../blobs/reader.js';
import type { BlobKind } from '../layout.js';
import { type FieldValue, type FieldWalk, type Roles, reaches, type Stretch } from './events.js';
import type { FieldName } from './names.js';
import { StreamRoles } from './stream-roles.js';

/** Bytes of a string that are shown beside its field. */
const SHOWN = 200;
/** Entries between two breaks. */
const SLICE = 2048;

/** A part of an entry, with what it says. */
type PartOf = readonly [name: FieldName, start: number, end: number, value?: FieldValue | undefined];

/** An entry: its parts tile it. */
interface Entry {
  readonly parts: readonly PartOf[];
  /** The number that it is; undefined for a string. */
  readonly integer?: number | bigint;
  readonly text?: readonly [start: number, end: number];
}

/**
 * Walks a compact structure.
 *
 * @param cursor at its first byte; its limit is the end of the structure. Moves to the end.
 * @throws DecodeError where it is damaged.
 */
export function* blobFields(kind: BlobKind, cursor: Cursor, roles: Roles, stretch: Stretch): FieldWalk {
  const start = cursor.offset;
  yield { kind: 'open', name: kind, start, end: cursor.limit };
  if (kind === 'intset') yield* intsetFields(cursor, roles, stretch);
  else yield* entryFields(kind, cursor, roles, stretch);
  yield { kind: 'close', end: cursor.limit };
}

function* header(cursor: Cursor, stretch: Stretch, parts: readonly (readonly [FieldName, 1 | 2 | 4])[]): FieldWalk {
  for (const [name, size] of parts) {
    const start = cursor.offset;
    const value = size === 4 ? cursor.u32le() : size === 2 ? cursor.u16le() : cursor.u8();
    if (reaches(stretch, start, cursor.offset)) yield { kind: 'field', name, start, end: cursor.offset, value };
  }
}

const HEADERS: Readonly<Record<BlobKind, readonly (readonly [FieldName, 1 | 2 | 4])[]>> = {
  listpack: [
    ['size', 4],
    ['count', 2],
  ],
  ziplist: [
    ['size', 4],
    ['tail', 4],
    ['count', 2],
  ],
  intset: [
    ['width', 4],
    ['count', 4],
  ],
  zipmap: [['count', 1]],
};

function* intsetFields(cursor: Cursor, roles: Roles, stretch: Stretch): FieldWalk {
  const start = cursor.offset;
  const width = cursor.u32le('the intset');
  const count = cursor.u32le('the intset');
  if ((width !== 2 && width !== 4 && width !== 8) || count * width !== cursor.remaining) {
    const reason = phrase(
      'its header says {0} elements of {1} bytes, it has {2} bytes',
      count,
      width,
      cursor.remaining,
    );
    throw new DecodeError('bad-intset', cursor.fileOffset, reason);
  }
  cursor.offset = start;
  yield* header(cursor, stretch, HEADERS.intset);
  const first = cursor.offset;
  const name = roles === 'stream' ? 'element' : (roles[0] ?? 'element');
  for (let index = Math.max(0, Math.floor((stretch.from - first) / width)); index < count; index++) {
    const at = first + index * width;
    if (at >= stretch.to) break;
    cursor.offset = at;
    const value =
      width === 2
        ? (cursor.u16le() << 16) >> 16
        : width === 4
          ? cursor.i32le()
          : (narrow(cursor.i64le()) as number | bigint);
    yield { kind: 'open', name, index, start: at, end: at + width, value };
    yield { kind: 'field', name: 'integer', start: at, end: at + width, value };
    yield { kind: 'close', end: at + width };
  }
  cursor.offset = cursor.limit;
}

function* entryFields(kind: Exclude<BlobKind, 'intset'>, cursor: Cursor, roles: Roles, stretch: Stretch): FieldWalk {
  yield* header(cursor, stretch, HEADERS[kind]);
  const read = kind === 'listpack' ? listpackEntry : kind === 'ziplist' ? ziplistEntry : zipmapEntry;
  const stream = roles === 'stream' ? new StreamRoles() : undefined;
  for (let i = 0; cursor.remaining > 0; i++) {
    if (i % SLICE === SLICE - 1) yield undefined;
    const start = cursor.offset;
    if (start >= stretch.to) return;
    const entry = read(cursor, i);
    const end = cursor.offset;
    if (!entry) {
      if (cursor.remaining > 0) throw endsEarly(kind, cursor);
      if (reaches(stretch, start, end)) yield { kind: 'field', name: 'end', start, end, value: 0xff };
      return;
    }
    const name = stream ? stream.role : (roles[i % roles.length] as FieldName);
    const index = stream ? stream.index : Math.floor(i / roles.length);
    stream?.saw(entry.integer);
    if (!reaches(stretch, start, end)) continue;
    yield { kind: 'open', name, index, start, end, value: entry.integer ?? preview(cursor, entry.text) };
    for (const [part, from, to, value] of entry.parts) {
      if (to > from && reaches(stretch, from, to)) {
        yield { kind: 'field', name: part, start: from, end: to, ...(value === undefined ? {} : { value }) };
      }
    }
    yield { kind: 'close', end };
  }
}

function endsEarly(kind: Exclude<BlobKind, 'intset'>, cursor: Cursor): DecodeError {
  const reason = phrase('its end mark stands {0} bytes before its end', cursor.remaining);
  return new DecodeError(`bad-${kind}`, cursor.fileOffset, reason);
}

/** The start of a string. */
function preview(cursor: Cursor, text: readonly [number, number] | undefined): FieldValue {
  const [start, end] = text ?? [0, 0];
  const bytes = new Uint8Array(Math.min(SHOWN, end - start));
  return { bytes: bytes.subarray(0, readFully(cursor.origin, start, bytes)), length: end - start };
}

/** Reads a signed integer with the least significant byte first. @param size 1, 2, 3, 4 or 8 bytes. */
function signed(cursor: Cursor, size: number): number | bigint {
  if (size === 8) return narrow(cursor.i64le());
  let value = 0;
  for (let i = 0; i < size; i++) value += cursor.u8() * 2 ** (8 * i);
  return value >= 2 ** (8 * size - 1) ? value - 2 ** (8 * size) : value;
}

function listpackEntry(cursor: Cursor): Entry | undefined {
  const start = cursor.offset;
  const first = cursor.u8('the listpack');
  if (first === 0xff) return undefined;
  let integer: number | bigint | undefined;
  let length = 0;
  let encoding: string;
  let headEnd = cursor.offset;
  const whole = (value: number | bigint, name: string) => {
    integer = value;
    encoding = name;
  };
  encoding = 'str6';
  if (first < 0x80) whole(first, 'uint7');
  else if (first < 0xc0) length = first & 0x3f;
  else if (first < 0xe0) {
    whole(((((first & 0x1f) << 8) | cursor.u8('the listpack')) << 19) >> 19, 'int13');
    headEnd = cursor.offset;
  } else if (first < 0xf0) {
    length = ((first & 0x0f) << 8) | cursor.u8('the listpack');
    encoding = 'str12';
    headEnd = cursor.offset;
  } else if (first === 0xf0) {
    length = cursor.u32le('the listpack');
    encoding = 'str32';
    headEnd = cursor.offset;
  } else {
    const size = [2, 3, 4, 8][first - 0xf1];
    if (size === undefined) throw damagedEntry('bad-listpack', cursor, first);
    whole(signed(cursor, size), `int${size * 8}`);
  }
  const dataEnd = integer === undefined ? headEnd + length : cursor.offset;
  cursor.skip(dataEnd - cursor.offset, 'the listpack');
  const size = dataEnd - start;
  const back = size <= 127 ? 1 : size < 16383 ? 2 : size < 2097151 ? 3 : size < 268435455 ? 4 : 5;
  cursor.skip(back, 'the listpack');
  return {
    parts: [
      ['encoding', start, headEnd, encoding],
      [integer === undefined ? 'content' : 'integer', headEnd, dataEnd, integer],
      ['backlen', dataEnd, dataEnd + back, size],
    ],
    ...(integer === undefined ? { text: [headEnd, dataEnd] as const } : { integer }),
  };
}

function ziplistEntry(cursor: Cursor): Entry | undefined {
  const start = cursor.offset;
  let previous = cursor.u8('the ziplist');
  if (previous === 0xff) return undefined;
  if (previous === 0xfe) previous = cursor.u32le('the ziplist');
  const encodingStart = cursor.offset;
  const first = cursor.u8('the ziplist');
  let integer: number | bigint | undefined;
  let length = 0;
  let encoding = 'str6';
  let headEnd = cursor.offset;
  if (first < 0x40) length = first;
  else if (first < 0x80) {
    length = ((first & 0x3f) << 8) | cursor.u8('the ziplist');
    encoding = 'str14';
    headEnd = cursor.offset;
  } else if (first < 0xc0) {
    length = cursor.u32be('the ziplist');
    encoding = 'str32';
    headEnd = cursor.offset;
  } else if (first >= 0xf1 && first <= 0xfd) {
    integer = (first & 0x0f) - 1;
    encoding = 'int4';
  } else {
    const sizes: Readonly<Record<number, number>> = { 192: 2, 208: 4, 224: 8, 240: 3, 254: 1 };
    const size = sizes[first];
    if (size === undefined) throw damagedEntry('bad-ziplist', cursor, first);
    integer = signed(cursor, size);
    encoding = `int${size * 8}`;
  }
  const end = integer === undefined ? headEnd + length : cursor.offset;
  cursor.skip(end - cursor.offset, 'the ziplist');
  return {
    parts: [
      ['previous', start, encodingStart, previous],
      ['encoding', encodingStart, headEnd, encoding],
      [integer === undefined ? 'content' : 'integer', headEnd, end, integer],
    ],
    ...(integer === undefined ? { text: [headEnd, end] as const } : { integer }),
  };
}

/** An entry of a zipmap: a field, or a value, which can have free bytes behind it. */
function zipmapEntry(cursor: Cursor, i: number): Entry | undefined {
  const start = cursor.offset;
  let length = cursor.u8('the zipmap');
  if (length === 0xff) return undefined;
  if (length === 0xfe) length = cursor.u32le('the zipmap');
  const freeStart = cursor.offset;
  const free = i % 2 === 1 ? cursor.u8('the zipmap') : 0;
  const content = cursor.offset;
  cursor.skip(length, 'the zipmap');
  const behind = cursor.offset;
  cursor.skip(free, 'the zipmap');
  return {
    parts: [
      ['length', start, freeStart, length],
      ['free-length', freeStart, content, free],
      ['content', content, behind],
      ['free', behind, cursor.offset],
    ],
    text: [content, behind],
  };
}

function damagedEntry(code: 'bad-listpack' | 'bad-ziplist', cursor: Cursor, first: number): DecodeError {
  return new DecodeError(code, cursor.fileOffset, phrase('{0} starts no element', byteName(first)));
}
