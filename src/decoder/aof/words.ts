/** Words in arguments of commands, compared on their bytes: names and options in any case, and numbers. */

/** Largest number of digits that fit a double exactly. */
const EXACT_DIGITS = 15;

/** A byte with a lower-case letter of ASCII made upper case. */
export function upperByte(byte: number): number {
  return byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte;
}

/** True if the bytes are a word in any case of its ASCII letters; `word` is in upper case. */
export function sameWord(bytes: Uint8Array, word: string): boolean {
  if (bytes.length !== word.length) return false;
  for (let i = 0; i < bytes.length; i++) {
    if (upperByte(bytes[i]) !== word.charCodeAt(i)) return false;
  }
  return true;
}

/** A number of decimal digits, up to 15 of them; undefined if the bytes are anything else. */
export function decimalNumber(bytes: Uint8Array): number | undefined {
  if (bytes.length === 0 || bytes.length > EXACT_DIGITS) return undefined;
  let value = 0;
  for (const byte of bytes) {
    if (byte < 0x30 || byte > 0x39) return undefined;
    value = value * 10 + (byte - 0x30);
  }
  return value;
}
