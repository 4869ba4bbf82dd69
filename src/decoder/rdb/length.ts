/** Length encoding of RDB: the 6-, 14-, 32- and 64-bit forms that stand before strings, counts and numbers. */
import type { Cursor } from '../cursor.js';
import { byteName, DecodeError, type Part } from '../errors.js';

/**
 * Reads a length as a number. Values above 2^53 lose their last digits; they are larger than any file, so a check
 * against the bytes left refuses them all the same.
 *
 * @param what names the length in messages.
 * @throws DecodeError `bad-length` or `length-is-encoded`.
 */
export function readLength(cursor: Cursor, what: Part): number {
  const offset = cursor.fileOffset;
  const first = cursor.u8(what);
  switch (first >> 6) {
    case 0:
      return first;
    case 1:
      return ((first & 0x3f) << 8) | cursor.u8(what);
    case 2:
      if (first === 0x80) return cursor.u32be(what);
      if (first === 0x81) return Number(cursor.u64be(what));
      throw new DecodeError('bad-length', offset, byteName(first), what);
    default:
      throw new DecodeError('length-is-encoded', offset, byteName(first), what);
  }
}

/** Reads a length that is an exact 64-bit number: module ids, stream ids, times. Unsigned. */
export function readLength64(cursor: Cursor, what: Part): bigint {
  if (cursor.peekU8(what) !== 0x81) return BigInt(readLength(cursor, what));
  cursor.skip(1);
  return cursor.u64be(what);
}

/** Reads a length whose 64 bits stand for a signed number, such as −1 for "unknown". */
export function readSigned64(cursor: Cursor, what: Part): bigint {
  return BigInt.asIntN(64, readLength64(cursor, what));
}

/**
 * Reads a count of elements and checks it against the bytes that are left.
 *
 * @param least the fewest bytes that one element can take, at least 1.
 * @throws DecodeError `count-beyond-end` before anything is allocated for the elements.
 */
export function readCount(cursor: Cursor, what: Part, least = 1): number {
  const offset = cursor.fileOffset;
  const count = readLength(cursor, what);
  if (count * least > cursor.remaining) {
    throw new DecodeError('count-beyond-end', offset, what, String(count), cursor.remaining);
  }
  return count;
}
