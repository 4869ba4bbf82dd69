/** Bits of a string as the bitmap commands count them: bit 0 is the most significant bit of the first byte. */
import { type Text, textSlice } from '../decoder/rdb/string.js';

/** Bytes that are looked at between two breaks. */
const PAGE = 1 << 20;

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0;
  for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1;
  return ones;
});

/** How many bits are set: BITCOUNT. */
export function* countBits(text: Text): Generator<void, number> {
  let ones = 0;
  for (let at = 0; at < text.length; at += PAGE) {
    for (const byte of textSlice(text, at, at + PAGE)) ones += ONES[byte];
    yield;
  }
  return ones;
}

/** The next bit of a value, from a position on, or at or before it; null if there is none. */
export function* findBit(text: Text, from: number, value: 0 | 1, backwards: boolean): Generator<void, number | null> {
  const bits = 8 * text.length;
  if (bits === 0 || (from >= bits && !backwards)) return null;
  if (from < 0) return backwards ? null : yield* findBit(text, 0, value, false);
  const start = Math.min(from, bits - 1);
  // A byte that has none of the bits that are looked for.
  const dull = value === 1 ? 0 : 0xff;
  const bitAt = (byte: number, bit: number) => (byte >> (7 - bit)) & 1;
  let first = start % 8;
  for (let at = Math.floor(start / 8); at >= 0 && at < text.length; ) {
    const low = backwards ? Math.max(0, at + 1 - PAGE) : at;
    const page = textSlice(text, low, backwards ? at + 1 : at + PAGE);
    if (page.length === 0) return null;
    const step = backwards ? -1 : 1;
    for (let i = backwards ? page.length - 1 : 0; i >= 0 && i < page.length; i += step) {
      if (page[i] !== dull) {
        for (let bit = first; bit >= 0 && bit < 8; bit += step) {
          if (bitAt(page[i], bit) === value) return 8 * (low + i) + bit;
        }
      }
      first = backwards ? 7 : 0;
    }
    at = backwards ? low - 1 : at + page.length;
    yield;
  }
  return null;
}
