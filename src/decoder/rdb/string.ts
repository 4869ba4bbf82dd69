/** Strings of RDB: raw, integer-encoded or LZF-compressed; short ones as bytes, long ones as pages. */
import { integerText } from '../bytes.js';
import { Cursor } from '../cursor.js';
import { byteName, DecodeError, type Part } from '../errors.js';
import { LzfSource, lzfCanHold, lzfDecompress } from '../lzf.js';
import { type ByteSource, MemorySource, readFully } from '../source.js';

/** A string up to this size is read at once; a longer one is given as {@link LongString}. */
export const EAGER_LIMIT = 64 * 1024;

/** How a string is written in the file. */
export type StringEncoding = 'raw' | 'int8' | 'int16' | 'int32' | 'lzf';

/** Where the bytes of a string are and how they are stored. */
export interface StringHeader {
  readonly encoding: StringEncoding;
  /** Position in the cursor's source of the first stored byte, behind the header. */
  readonly offset: number;
  /** Number of bytes stored: compressed size for LZF, 1, 2 or 4 for integers. */
  readonly stored: number;
  /** Number of bytes of the string itself; for integers the number of decimal digits and sign. */
  readonly length: number;
  /** The value of an integer-encoded string. */
  readonly integer?: number;
}

/** A string too long to be held whole: read it in pages through {@link LongString.source}. */
export interface LongString {
  /** Number of bytes. */
  readonly length: number;
  readonly source: ByteSource;
  /** Offset in the file of its first stored byte. */
  readonly fileOffset: number;
}

/** The bytes of a string, or where to read them if it is long. */
export type Text = Uint8Array | LongString;

/** True for a string that is given as pages. */
export function isLong(text: Text): text is LongString {
  return !(text instanceof Uint8Array);
}

/** The bytes of a string from `from` to `to`, as many as there are. */
export function textSlice(text: Text, from: number, to: number): Uint8Array {
  if (!isLong(text)) return text.subarray(from, to);
  const target = new Uint8Array(Math.max(0, Math.min(to, text.length) - from));
  return target.subarray(0, readFully(text.source, from, target));
}

/**
 * Reads the header of a string and moves behind its bytes.
 *
 * @throws DecodeError if the header is no string, or says more than the source holds.
 */
export function readStringHeader(cursor: Cursor, what: Part): StringHeader {
  const start = cursor.fileOffset;
  const first = cursor.peekU8(what);
  if (first >> 6 === 3) {
    cursor.skip(1);
    return readEncoded(cursor, first, start, what);
  }
  const length = readRawLength(cursor, what);
  const offset = cursor.offset;
  if (length > cursor.remaining) {
    throw new DecodeError('length-beyond-end', start, what, String(length), cursor.remaining);
  }
  cursor.skip(length, what);
  return { encoding: 'raw', offset, stored: length, length };
}

function readEncoded(cursor: Cursor, first: number, start: number, what: Part): StringHeader {
  switch (first) {
    case 0xc0: {
      const integer = (cursor.u8(what) << 24) >> 24;
      return integerHeader('int8', cursor.offset - 1, 1, integer);
    }
    case 0xc1: {
      const integer = (cursor.u16le(what) << 16) >> 16;
      return integerHeader('int16', cursor.offset - 2, 2, integer);
    }
    case 0xc2: {
      const integer = cursor.i32le(what);
      return integerHeader('int32', cursor.offset - 4, 4, integer);
    }
    case 0xc3: {
      const stored = readRawLength(cursor, what);
      const length = readRawLength(cursor, what);
      if (stored > cursor.remaining) {
        throw new DecodeError('length-beyond-end', start, what, String(stored), cursor.remaining);
      }
      if (!lzfCanHold(stored, length)) {
        throw new DecodeError('lzf-length', start, String(length), stored);
      }
      const offset = cursor.offset;
      cursor.skip(stored, what);
      return { encoding: 'lzf', offset, stored, length };
    }
    default:
      throw new DecodeError('bad-string-encoding', start, byteName(first), what);
  }
}

function integerHeader(encoding: StringEncoding, offset: number, stored: number, integer: number): StringHeader {
  return { encoding, offset, stored, length: String(integer).length, integer };
}

function readRawLength(cursor: Cursor, what: Part): number {
  const offset = cursor.fileOffset;
  const first = cursor.u8(what);
  if (first < 0x40) return first;
  if (first < 0x80) return ((first & 0x3f) << 8) | cursor.u8(what);
  if (first === 0x80) return cursor.u32be(what);
  if (first === 0x81) return Number(cursor.u64be(what));
  throw new DecodeError(first < 0xc0 ? 'bad-length' : 'length-is-encoded', offset, byteName(first), what);
}

/** Reads a string: its bytes if it is short, else pages. Moves behind it. */
export function readText(cursor: Cursor, what: Part): Text {
  const first = cursor.peekU8(what);
  // The usual case, without a header object: a raw string of up to 63 bytes.
  if (first < 0x40 && first < cursor.remaining) {
    cursor.skip(1);
    return cursor.take(first, what);
  }
  return openString(cursor, readStringHeader(cursor, what));
}

/** The string of a header that was read from this cursor's source. */
function openString(cursor: Cursor, header: StringHeader): Text {
  if (header.integer !== undefined) return integerText(header.integer);
  const fileOffset = cursor.toFileOffset(header.offset);
  if (header.length > EAGER_LIMIT || header.stored > EAGER_LIMIT) {
    const source =
      header.encoding === 'lzf'
        ? new LzfSource(cursor.origin, header.offset, header.stored, header.length, fileOffset)
        : new SliceSource(cursor.origin, header.offset, header.length);
    return { length: header.length, source, fileOffset };
  }
  const stored = new Uint8Array(header.stored);
  readFully(cursor.origin, header.offset, stored);
  return header.encoding === 'lzf' ? lzfDecompress(stored, 0, stored.length, header.length, fileOffset) : stored;
}

/** Names and the like must be held whole; one larger than the largest string of a server (512 MiB) is refused. */
const WHOLE_LIMIT = 512 * 1024 * 1024;

/** Reads a string that is needed whole: names of groups, fields, modules. */
export function readBytes(cursor: Cursor, what: Part): Uint8Array {
  return wholeText(readText(cursor, what), what);
}

/** All bytes of a string. @throws DecodeError if it is too long to hold, or compressed and damaged. */
export function wholeText(text: Text, what: Part): Uint8Array {
  if (!isLong(text)) return text;
  if (text.length > WHOLE_LIMIT) {
    throw new DecodeError('length-beyond-end', text.fileOffset, what, String(text.length), WHOLE_LIMIT);
  }
  const bytes = new Uint8Array(text.length);
  readFully(text.source, 0, bytes);
  return bytes;
}

/** A string that holds another structure: a ziplist, listpack, intset or zipmap. */
export interface Blob {
  readonly text: Text;
  /** Offset in the file of its first stored byte. */
  readonly fileOffset: number;
  /** True if offsets in the blob are offsets in the file: it is stored raw. */
  readonly mapped: boolean;
}

/** Reads a string that holds another structure. Moves behind it. */
export function readBlob(cursor: Cursor, what: Part): Blob {
  const header = readStringHeader(cursor, what);
  return {
    text: openString(cursor, header),
    fileOffset: cursor.toFileOffset(header.offset),
    mapped: header.encoding === 'raw',
  };
}

/** A cursor over the bytes of a blob, at `inner`. */
export function blobCursor(blob: Blob, inner = 0): Cursor {
  const source = textSource(blob.text);
  return new Cursor(source, inner, source.size, undefined, blob.fileOffset, blob.mapped);
}

/** A stretch of another source. */
export class SliceSource implements ByteSource {
  constructor(
    private readonly source: ByteSource,
    private readonly start: number,
    readonly size: number,
  ) {}

  read(position: number, target: Uint8Array): number {
    const left = this.size - position;
    if (left <= 0) return 0;
    return this.source.read(this.start + position, left < target.length ? target.subarray(0, left) : target);
  }
}

/** A source over the bytes of a string. */
export function textSource(text: Text): ByteSource {
  return isLong(text) ? text.source : new MemorySource(text);
}
