/** Comparing strings of values, long ones page by page. */
import { compareBytes } from '../decoder/bytes.js';
import { isLong, type Text, textSlice } from '../decoder/rdb/string.js';

const PAGE = 64 * 1024;

/** Order of two strings as `memcmp` gives it. */
export function compareTexts(a: Text, b: Text): number {
  if (!isLong(a) && !isLong(b)) return compareBytes(a, b);
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at += PAGE) {
    const order = compareBytes(
      textSlice(a, at, Math.min(shared, at + PAGE)),
      textSlice(b, at, Math.min(shared, at + PAGE)),
    );
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Memory that a string takes while it is held, in bytes. */
export function weighText(text: Text): number {
  return 96 + (isLong(text) ? 160 : text.length);
}
