/** Small conversions between bytes, text and numbers that several formats need. */

/**
 * Zero, but not as a small integer: what a field of a hot loop begins with if its numbers may become large. The first
 * large number would otherwise have all methods compiled anew in the middle of a file.
 */
export const WIDE = -0;

/** Bytes as text, one character (U+0000 to U+00FF) a byte: for names that the format defines as ASCII. */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  for (let at = start; at < end; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 8192)));
  }
  return text;
}

/** The inverse of {@link latin1}: the low eight bits of each character. */
export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** An integer as the decimal text that servers store and print. */
export function integerText(value: number | bigint): Uint8Array {
  return fromLatin1(String(value));
}

/** Order of two byte strings as `memcmp` gives it: negative, 0 or positive; a prefix comes first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = a[i] - b[i];
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * True if the bytes are the canonical decimal text of a signed 64-bit integer: what a server keeps as a number.
 * No sign but `-`, no leading zero, no `-0`.
 */
export function isCanonicalInteger(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  const negative = bytes[at] === MINUS;
  if (negative) at++;
  const digits = end - at;
  if (digits < 1 || digits > 19) return false;
  if (bytes[at] === ZERO) return digits === 1 && !negative;
  for (let i = at; i < end; i++) if (bytes[i] < ZERO || bytes[i] > NINE) return false;
  if (digits < 19) return true;
  const magnitude = BigInt(latin1(bytes, at, end));
  return magnitude <= (negative ? 9223372036854775808n : 9223372036854775807n);
}

const NUMBER = /^[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|inf(?:inity)?)$/i;

/**
 * A score from its text, as `strtod` reads it: decimal with an optional exponent, `inf`, `-inf`.
 *
 * @returns undefined if the text is no number, or is `nan`.
 */
export function parseScore(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const unsigned = text.replace(/^[+-]/, '').toLowerCase();
  const magnitude = unsigned.startsWith('inf') ? Number.POSITIVE_INFINITY : Number(unsigned);
  return text.startsWith('-') ? -magnitude : magnitude;
}

/** An unsigned number of 32 bits, the lowest byte first. */
export function u32le(bytes: Uint8Array, at: number): number {
  return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
}

/** An unsigned number of 32 bits, the highest byte first. */
export function u32be(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}
