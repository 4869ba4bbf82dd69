/** What the compact structures (ziplist, listpack, intset, zipmap) have in common for those who walk them. */
import { integerText } from '../../bytes.js';
import type { Text } from '../string.js';

/**
 * Walks the elements of a compact structure. The whole structure is checked on the way: headers, sizes, back links
 * and the end mark; damage is thrown where it is met, after the elements before it.
 */
export interface BlobReader {
  /** Moves to the next element. @returns false at the end. @throws DecodeError where the structure is damaged. */
  read(): boolean;
  /** The element as a number if it is stored as one; a bigint beyond 2^53. */
  readonly integer: number | bigint | undefined;
  /** The bytes of the element; an integer as its decimal text. */
  text(): Text;
  /** Position in the structure of the next element: give it to the constructor to go on from here. */
  readonly inner: number;
  /** Elements read so far, from the start or from where reading went on. */
  readonly taken: number;
}

/** The bytes of an element that may be an integer. */
export function elementText(integer: number | bigint | undefined, bytes: Text): Text {
  return integer === undefined ? bytes : integerText(integer);
}

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** A 64-bit integer as a number where that is exact. */
export function narrow(value: bigint): number | bigint {
  return value <= SAFE && value >= -SAFE ? Number(value) : value;
}
