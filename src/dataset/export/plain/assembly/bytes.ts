/// <reference types="assemblyscript/std/assembly" />
// Numbers and texts as bytes, in WebAssembly: what is known without a key that is being written. Copies are of whole
// words: what is behind them is written over.

export const MINUS: u32 = 0x2d;
export const ZERO: u32 = 0x30;
const BACKSLASH: u32 = 0x5c;
const EIGHT_ZEROS: u64 = 0x3030303030303030;

/** True for the text of an integer of 64 bits, without zeros before it. */
export function isInteger(from: u32, count: u32): bool {
  const negative = load<u8>(from) === MINUS;
  let p = negative ? from + 1 : from;
  const end = from + count;
  if (end - p > 19 || load<u8>(p) === ZERO) return false;
  let number: u64 = 0;
  for (; p < end; p++) {
    const digit: u32 = <u32>load<u8>(p) - ZERO;
    if (digit > 9) return false;
    number = number * 10 + digit;
  }
  return number <= <u64>i64.MAX_VALUE + (negative ? 1 : 0);
}

export function decompress(from: u32, end: u32, to: u32, toEnd: u32): bool {
  let p = from;
  let q = to;
  while (p < end) {
    const control: u32 = load<u8>(p++);
    if (control < 0x20) {
      const count = control + 1;
      if (p + count > end || q + count > toEnd) return false;
      // More than that may be copied: it is written over.
      for (let i: u32 = 0; i < count; i += 8) store<u64>(q + i, load<u64>(p + i));
      p += count;
      q += count;
    } else {
      let count = control >> 5;
      if (count === 7) count += load<u8>(p++);
      count += 2;
      const distance = (((control & 0x1f) << 8) | load<u8>(p++)) + 1;
      if (p > end || q < to + distance || q + count > toEnd) return false;
      const source = q - distance;
      if (distance >= 8) for (let i: u32 = 0; i < count; i += 8) store<u64>(q + i, load<u64>(source + i));
      else for (let i: u32 = 0; i < count; i++) store<u8>(q + i, load<u8>(source + i));
      q += count;
    }
  }
  return q === toEnd;
}

/** A signed number of so many bytes, the lowest first. */
export function wide(from: u32, width: u32): i64 {
  const shift = <i64>(64 - (width << 3));
  return (load<i64>(from) << shift) >> shift;
}

/** Writes a number as text, whole words. @returns the bytes of the text. */
export function digitsTo(number: u64, to: u32): u32 {
  if (number >= 100000000) {
    const high = number / 100000000;
    const count = digitsTo(high, to);
    store<u64>(to + count, eightDigits(<u32>(number - high * 100000000)) + EIGHT_ZEROS);
    return count + 8;
  }
  const digits = eightDigits(<u32>number);
  // The zeros before it go, but for the last one.
  const zeros = ctz(digits | ((<u64>1) << 56)) & 0x38;
  store<u64>(to, (digits + EIGHT_ZEROS) >> zeros);
  return 8 - <u32>(zeros >> 3);
}

/** The eight digits of a number, the first one in the lowest byte. */
function eightDigits(number: u32): u64 {
  const high = number / 10000;
  const halves = (<u64>high) | (<u64>(number - high * 10000) << 32);
  // Divisions by 100 and by 10, of two and of four numbers at once.
  const hundreds = ((halves * 10486) >> 20) & 0x0000007f0000007f;
  const pairs = hundreds | ((halves - hundreds * 100) << 16);
  const tens = ((pairs * 103) >> 10) & 0x000f000f000f000f;
  return tens | ((pairs - tens * 10) << 8);
}

export function signed(number: i64, to: u32): u32 {
  if (number >= 0) return digitsTo(number, to);
  store<u8>(to, MINUS);
  return 1 + digitsTo(-number, to + 1);
}

export function digitCount(count: u32): u32 {
  return count < 10 ? 1 : count < 100 ? 2 : 3;
}

/** True if the text is what a number with few digits is printed as: no exponent, no zeros that could be left out. */
export function isShortest(from: u32, end: u32): bool {
  const first = load<u8>(from) === MINUS ? from + 1 : from;
  if (first >= end || end - first > 16) return false;
  let dot: u32 = 0;
  for (let p = first; p < end; p++) {
    const byte: u32 = load<u8>(p);
    if (byte === 0x2e && dot === 0) dot = p;
    else if (byte - ZERO > 9) return false;
  }
  const zero = load<u8>(first) === ZERO;
  if (dot === 0) return !zero || (end - first === 1 && first === from);
  return end - first <= 15 && dot > first && !zero && load<u8>(end - 1) !== ZERO && end - 1 > dot;
}

export function escaped(byte: u32, to: u32): u32 {
  store<u8>(to, BACKSLASH);
  let letter = byte;
  if (byte < 0x20) {
    if (byte === 0x0a) letter = 0x6e;
    else if (byte === 0x0d) letter = 0x72;
    else if (byte === 0x09) letter = 0x74;
    else if (byte === 0x08) letter = 0x62;
    else if (byte === 0x0c) letter = 0x66;
    else {
      const low = byte & 15;
      store<u32>(to, 0x3030755c);
      store<u8>(to, ZERO + (byte >> 4), 4);
      store<u8>(to, low < 10 ? ZERO + low : 0x57 + low, 5);
      return to + 6;
    }
  }
  store<u8>(to, letter, 1);
  return to + 2;
}

export function hexEscaped(byte: u32, to: u32): u32 {
  store<u16>(to, 0x785c);
  store<u8>(to, hexDigit(byte >> 4), 2);
  store<u8>(to, hexDigit(byte & 15), 3);
  return to + 4;
}

function hexDigit(value: u32): u32 {
  return value < 10 ? ZERO + value : 0x57 + value;
}

/** True for a character of some bytes that is a C1 control, changes the direction of text, or cannot be seen. */
export function isUnseen(p: u32, bytes: u32): bool {
  const first: u32 = load<u8>(p);
  const second: u32 = load<u8>(p, 1);
  if (bytes === 2) return first === 0xc2 && second < 0xa1;
  if (bytes !== 3) return false;
  const third: u32 = load<u8>(p, 2);
  if (first === 0xe2) {
    return (second === 0x80 && (third <= 0x8f || (third >= 0xa8 && third <= 0xaf))) || second === 0x81;
  }
  return first === 0xef && second === 0xbb && third === 0xbf;
}

/** Bytes of the character of strict UTF-8 at a place, 2 to 4; 0 if there is none. */
export function characterSize(p: u32, end: u32): u32 {
  const first: u32 = load<u8>(p);
  if (first < 0xc2 || first > 0xf4) return 0;
  const bytes: u32 = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (p + bytes > end) return 0;
  for (let i: u32 = 1; i < bytes; i++) if ((load<u8>(p + i) & 0xc0) !== 0x80) return 0;
  const second: u32 = load<u8>(p, 1);
  // No overlong forms, no surrogates, nothing beyond the last character.
  if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return 0;
  if ((first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return 0;
  return bytes;
}
