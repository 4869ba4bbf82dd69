/** How full the arrays of filters are: counting bits and bytes that are set, page by page. */
import { type Text, textSlice } from '../string.js';

/** The most bytes that are counted for one value; larger arrays are not looked at. */
export const COUNT_LIMIT = 32 * 1024 * 1024;

const PAGE = 64 * 1024;

/** For each byte the number of its bits that are set. */
const BITS = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0;
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1;
  return count;
});

/** For each byte 1 unless it is 0. */
const NOT_ZERO = Uint8Array.from({ length: 256 }, (_, byte) => (byte === 0 ? 0 : 1));

/** The number of bits that are set. */
export function setBits(text: Text): number {
  return sum(text, BITS);
}

/** The number of bytes that are not 0. */
export function nonZeroBytes(text: Text): number {
  return sum(text, NOT_ZERO);
}

function sum(text: Text, table: Uint8Array): number {
  let total = 0;
  for (let at = 0; at < text.length; at += PAGE) {
    const page = textSlice(text, at, at + PAGE);
    for (let i = 0; i < page.length; i++) total += table[page[i]];
  }
  return total;
}
