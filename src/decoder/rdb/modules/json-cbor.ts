/**
 * Documents of RedisJSON since 8.8 (version 4): CBOR (RFC 8949), in which arrays of numbers of one type may be typed
 * arrays (RFC 8746). What JSON has no form for becomes what RFC 8949, section 6.1, advises: byte strings are base64url
 * without padding; undefined, unknown simple values, NaN and infinities are null; other tags are left out.
 */
import { type Blob, blobCursor, type Text } from '../string.js';
import { subText } from './fields.js';
import type { ItemReader } from './items.js';
import { bfloatText, doubleText, floatText, halfText, halfValue } from './json-number.js';
import type { DocumentPart, DocumentReader, NumberType } from './json-text.js';

/** Major types. */
const UNSIGNED = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const TAG = 6;

const BREAK = 0xff;
/** The additional information of an item whose end is marked by a break. */
const OPEN_ENDED = 31;

const FALSE = 20;
const TRUE = 21;
const HALF = 25;
const SINGLE = 26;
const DOUBLE = 27;

/** More tags before one item say nothing more. */
const MAX_TAGS = 16;
/** The longest string that a server holds, in bytes. */
const MAX_SIZE = 512 * 1024 * 1024;

/** Strings up to this size are taken at once. */
const SHORT = 4096;

/** Typed arrays by their tag; the last one is a private tag of RedisJSON. */
const TYPED_ARRAYS: ReadonlyMap<number, NumberType> = new Map([
  [64, { width: 1, json: (view, at) => String(view.getUint8(at)) }],
  [69, { width: 2, json: (view, at) => String(view.getUint16(at, true)) }],
  [70, { width: 4, json: (view, at) => String(view.getUint32(at, true)) }],
  [71, { width: 8, json: (view, at) => String(view.getBigUint64(at, true)) }],
  [72, { width: 1, json: (view, at) => String(view.getInt8(at)) }],
  [77, { width: 2, json: (view, at) => String(view.getInt16(at, true)) }],
  [78, { width: 4, json: (view, at) => String(view.getInt32(at, true)) }],
  [79, { width: 8, json: (view, at) => String(view.getBigInt64(at, true)) }],
  [84, { width: 2, json: (view, at) => halfText(view.getUint16(at, true)) }],
  [85, { width: 4, json: (view, at) => floatText(view.getFloat32(at, true)) }],
  [86, { width: 8, json: (view, at) => doubleText(view.getFloat64(at, true)) }],
  [65536, { width: 2, json: (view, at) => bfloatText(view.getUint16(at, true)) }],
] satisfies [number, NumberType][]);

/** The start of an item: its major type and its number, which is undefined if its end is marked. */
interface Head {
  readonly offset: number;
  readonly major: number;
  readonly info: number;
  readonly argument: number | bigint | undefined;
}

/**
 * Reads CBOR.
 *
 * @param items for errors.
 * @param at offset of the first byte in the blob.
 */
export function cborReader(blob: Blob, items: ItemReader, at = 0): DocumentReader {
  if (blob.text.length > MAX_SIZE) throw items.bad(blob.fileOffset, 'it has more than {0} bytes', MAX_SIZE);
  const cursor = blobCursor(blob, at);

  /** Makes sure that the blob has as many more bytes. */
  function need(count: number | bigint): number {
    const bytes = Number(count);
    if (bytes > cursor.remaining) {
      throw items.bad(cursor.fileOffset, 'its CBOR ends {0} bytes too early', String(bytes - cursor.remaining));
    }
    return bytes;
  }

  function head(): Head {
    const offset = cursor.fileOffset;
    need(1);
    const first = cursor.u8();
    const major = first >> 5;
    const info = first & 31;
    return { offset, major, info, argument: info < 24 ? info : argument(major, info, offset) };
  }

  function argument(major: number, info: number, offset: number): number | bigint | undefined {
    switch (info) {
      case 24:
        need(1);
        return cursor.u8();
      case 25:
        need(2);
        return (cursor.u8() << 8) | cursor.u8();
      case 26:
        need(4);
        return cursor.u32be();
      case 27:
        need(8);
        return cursor.u64be();
      case OPEN_ENDED:
        if (major !== UNSIGNED && major !== NEGATIVE && major !== TAG) return undefined;
    }
    throw items.bad(offset, 'its CBOR has an item of an unknown form');
  }

  /** The bytes of a string whose head was read. */
  function content({ offset, argument: length }: Head): Text {
    if (length === undefined) throw items.bad(offset, 'its CBOR has a string of unknown length');
    const count = need(length);
    if (count <= SHORT) return cursor.take(count);
    const start = cursor.offset;
    cursor.skip(count);
    return subText(blob.text, start, count);
  }

  function container(kind: 'array' | 'object', { argument: count }: Head): DocumentPart {
    // Every element takes a byte at least.
    if (count !== undefined) need(kind === 'array' ? count : 2 * Number(count));
    return { kind, count: count === undefined ? undefined : Number(count) };
  }

  function typedArray(type: NumberType): DocumentPart {
    const inner = head();
    if (inner.major !== BYTES) throw items.bad(inner.offset, 'its CBOR has a typed array that is no byte string');
    const text = content(inner);
    if (text.length % type.width !== 0) {
      throw items.bad(inner.offset, 'its CBOR has a typed array with a number that is cut off');
    }
    return { kind: 'numbers', text, type };
  }

  function scalar({ offset, info, argument: value }: Head): DocumentPart {
    if (value === undefined) throw items.bad(offset, 'its CBOR has a break where a value should stand');
    switch (info) {
      case FALSE:
        return { kind: 'json', json: 'false' };
      case TRUE:
        return { kind: 'json', json: 'true' };
      case HALF:
        return { kind: 'json', json: doubleText(halfValue(Number(value))) };
      case SINGLE:
        NUMBER.setUint32(0, Number(value));
        return { kind: 'json', json: doubleText(NUMBER.getFloat32(0)) };
      case DOUBLE:
        NUMBER.setBigUint64(0, BigInt(value));
        return { kind: 'json', json: doubleText(NUMBER.getFloat64(0)) };
      default:
        return { kind: 'json', json: 'null' };
    }
  }

  return {
    value(): DocumentPart {
      let item = head();
      for (let tags = 0; item.major === TAG; tags++) {
        const type = TYPED_ARRAYS.get(Number(item.argument));
        if (type) return typedArray(type);
        if (tags === MAX_TAGS) throw items.bad(item.offset, 'its CBOR has more than {0} tags in a row', MAX_TAGS);
        item = head();
      }
      switch (item.major) {
        case UNSIGNED:
          return { kind: 'json', json: String(item.argument) };
        case NEGATIVE:
          return { kind: 'json', json: String(-1n - BigInt(item.argument ?? 0)) };
        case BYTES:
          return { kind: 'bytes', text: content(item) };
        case TEXT:
          return { kind: 'text', text: content(item) };
        case ARRAY:
          return container('array', item);
        case MAP:
          return container('object', item);
        default:
          return scalar(item);
      }
    },
    key(): Text {
      const item = head();
      if (item.major !== TEXT) throw items.bad(item.offset, 'its CBOR has a name in an object that is no text');
      return content(item);
    },
    ends(): boolean {
      need(1);
      if (cursor.peekU8() !== BREAK) return false;
      cursor.skip(1);
      return true;
    },
    end(): void {
      if (cursor.remaining > 0) {
        throw items.bad(cursor.fileOffset, '{0} bytes stand behind the end of its CBOR', cursor.remaining);
      }
    },
    mark() {
      const { offset } = cursor;
      return () => cborReader(blob, items, offset);
    },
  };
}

const NUMBER = new DataView(new ArrayBuffer(8));
