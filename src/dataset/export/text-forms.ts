/**
 * Bytes as text in files, straight from bytes to bytes. Each form is exact: what was written can be turned back.
 *
 * - JSON: a string where the bytes are valid UTF-8, else `{"base64":"…"}`.
 * - Base64, with padding.
 * - redis-cli: an argument, in double quotes with `\xHH` where it needs them.
 * - A cell of CSV: printable UTF-8; `\\`, `\n`, `\r`, `\t` and `\xHH` for everything else.
 */
import type { OutBuffer } from './out-buffer.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HEX = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
export const BASE64_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE64 = Uint8Array.from(BASE64_ALPHABET, (c) => c.charCodeAt(0));

/** What stands behind the backslash for characters that have a short escape in JSON; 1 for a long one; 0 for none. */
const JSON_ESCAPES = new Uint8Array(256);
JSON_ESCAPES.fill(1, 0, 0x20);
for (const [byte, letter] of [
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [QUOTE, '"'],
  [BACKSLASH, '\\'],
] as const) {
  JSON_ESCAPES[byte] = letter.charCodeAt(0);
}
/** Marks bytes that are not ASCII. */
JSON_ESCAPES.fill(2, 0x80);

/** Bytes of the character of strict UTF-8 at an index, 2 to 4; 0 if there is none. */
export function utf8Size(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at];
  if (first < 0xc2 || first > 0xf4 || at + 1 >= end) return 0;
  const second = bytes[at + 1];
  if ((second & 0xc0) !== 0x80) return 0;
  if (first < 0xe0) return 2;
  if (at + 2 >= end || (bytes[at + 2] & 0xc0) !== 0x80) return 0;
  if (first < 0xf0) {
    // No overlong forms, no surrogates.
    if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return 0;
    return 3;
  }
  if (at + 3 >= end || (bytes[at + 3] & 0xc0) !== 0x80) return 0;
  if ((first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return 0;
  return 4;
}

/** A JSON string if the bytes are valid UTF-8, else an object with their Base64. */
export function jsonText(out: OutBuffer, from: Uint8Array, start: number, end: number): void {
  out.need((end - start) * 6 + 32);
  const begin = out.size;
  const { bytes } = out;
  let { size } = out;
  bytes[size++] = QUOTE;
  let at = start;
  while (at < end) {
    const byte = from[at];
    const escaped = JSON_ESCAPES[byte];
    if (escaped === 0) {
      bytes[size++] = byte;
      at++;
    } else if (escaped === 2) {
      const count = utf8Size(from, at, end);
      if (count === 0) {
        out.size = begin;
        jsonBase64(out, from, start, end);
        return;
      }
      for (let i = 0; i < count; i++) bytes[size++] = from[at++];
    } else {
      size = escapeJson(bytes, size, byte, escaped);
      at++;
    }
  }
  bytes[size++] = QUOTE;
  out.size = size;
}

/** Writes an escape. @returns the size behind it. */
function escapeJson(bytes: Uint8Array, size: number, byte: number, escaped: number): number {
  bytes[size++] = BACKSLASH;
  if (escaped !== 1) {
    bytes[size++] = escaped;
    return size;
  }
  bytes[size++] = 0x75;
  bytes[size++] = 0x30;
  bytes[size++] = 0x30;
  bytes[size++] = HEX[byte >> 4];
  bytes[size++] = HEX[byte & 15];
  return size;
}

/** The inside of a JSON string for a part of bytes that are known to be valid UTF-8. */
export function jsonPart(out: OutBuffer, from: Uint8Array): void {
  out.need(from.length * 6);
  const { bytes } = out;
  let { size } = out;
  for (const byte of from) {
    const escaped = JSON_ESCAPES[byte];
    if (escaped === 0 || escaped === 2) bytes[size++] = byte;
    else size = escapeJson(bytes, size, byte, escaped);
  }
  out.size = size;
}

/** What stands around the Base64 of bytes that are no text. */
export const BASE64_HEAD = '{"base64":"';
export const BASE64_TAIL = '"}';

function jsonBase64(out: OutBuffer, from: Uint8Array, start: number, end: number): void {
  out.ascii(BASE64_HEAD);
  base64(out, from, start, end);
  out.ascii(BASE64_TAIL);
}

/** Base64 in quotes. */
export function quotedBase64(out: OutBuffer, from: Uint8Array, start: number, end: number): void {
  out.byte(QUOTE);
  base64(out, from, start, end);
  out.byte(QUOTE);
}

/** Base64 with padding. */
export function base64(out: OutBuffer, from: Uint8Array, start: number, end: number): void {
  out.need(Math.ceil((end - start) / 3) * 4);
  const { bytes } = out;
  let { size } = out;
  let at = start;
  for (const whole = end - ((end - start) % 3); at < whole; at += 3) {
    const value = (from[at] << 16) | (from[at + 1] << 8) | from[at + 2];
    bytes[size] = BASE64[value >> 18];
    bytes[size + 1] = BASE64[(value >> 12) & 63];
    bytes[size + 2] = BASE64[(value >> 6) & 63];
    bytes[size + 3] = BASE64[value & 63];
    size += 4;
  }
  if (at < end) {
    const two = at + 1 < end;
    const value = (from[at] << 16) | (two ? from[at + 1] << 8 : 0);
    bytes[size++] = BASE64[value >> 18];
    bytes[size++] = BASE64[(value >> 12) & 63];
    bytes[size++] = two ? BASE64[(value >> 6) & 63] : 0x3d;
    bytes[size++] = 0x3d;
  }
  out.size = size;
}

/** Bytes that stand in an argument without quotes: letters, digits, and what names and numbers have. */
const PLAIN = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:/@%+,=-') {
  PLAIN[character.charCodeAt(0)] = 1;
}

/** What stands behind the backslash in quotes of redis-cli; 1 for `\xHH`; 0 for none. */
const CLI_ESCAPES = new Uint8Array(256).fill(1);
CLI_ESCAPES.fill(0, 0x20, 0x7f);
for (const [byte, letter] of [
  [QUOTE, '"'],
  [BACKSLASH, '\\'],
  [0x0a, 'n'],
  [0x0d, 'r'],
  [0x09, 't'],
  [0x07, 'a'],
  [0x08, 'b'],
] as const) {
  CLI_ESCAPES[byte] = letter.charCodeAt(0);
}

/** The longest argument that is looked at for whether it needs quotes. */
const PLAIN_LIMIT = 1024;

/** An argument as redis-cli takes it. */
export function cliArgument(out: OutBuffer, from: Uint8Array, start: number, end: number): void {
  const count = end - start;
  if (count > 0 && count <= PLAIN_LIMIT) {
    let at = start;
    while (at < end && PLAIN[from[at]] === 1) at++;
    if (at === end) {
      out.copy(from, start, end);
      return;
    }
  }
  out.byte(QUOTE);
  cliPart(out, from, start, end);
  out.byte(QUOTE);
}

/** A part of an argument in quotes. */
export function cliPart(out: OutBuffer, from: Uint8Array, start: number, end: number): void {
  out.need((end - start) * 4);
  const { bytes } = out;
  let { size } = out;
  for (let at = start; at < end; at++) {
    const byte = from[at];
    const escaped = CLI_ESCAPES[byte];
    if (escaped === 0) {
      bytes[size++] = byte;
      continue;
    }
    bytes[size++] = BACKSLASH;
    if (escaped !== 1) {
      bytes[size++] = escaped;
      continue;
    }
    bytes[size++] = 0x78;
    bytes[size++] = HEX[byte >> 4];
    bytes[size++] = HEX[byte & 15];
  }
  out.size = size;
}

/** Bytes of a cell of CSV that stand as they are, or twice, and those that a spreadsheet takes for the beginning of a formula. */
const CSV_BYTES = new Uint8Array(256);
const TWICE = 2;
const FORMULA = 3;
CSV_BYTES.fill(1, 0x20, 0x7f);
for (const byte of [QUOTE, BACKSLASH]) CSV_BYTES[byte] = TWICE;
for (const byte of [0x3d, 0x2b, 0x2d, 0x40]) CSV_BYTES[byte] = FORMULA;
const SIGNED_NUMBER = /^[+-](?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|inf)$/i;
/** The longest number that is looked at. */
const NUMBER_LIMIT = 40;

/**
 * A cell of CSV. What a spreadsheet would take for a formula begins with an escape.
 *
 * @param whole false for a part behind the first one.
 */
export function csvPart(out: OutBuffer, from: Uint8Array, start: number, end: number, first = true): void {
  out.need((end - start) * 4 + 4);
  let at = start;
  if (first && at < end && CSV_BYTES[from[at]] === FORMULA && !isSignedNumber(from, at, end))
    hexEscape(out, from[at++]);
  const { bytes } = out;
  let { size } = out;
  while (at < end) {
    const byte = from[at];
    const kind = CSV_BYTES[byte];
    if (kind !== 0) {
      if (kind === TWICE) bytes[size++] = byte;
      bytes[size++] = byte;
      at++;
      continue;
    }
    const count = byte >= 0x80 ? utf8Size(from, at, end) : 0;
    if (count > 0 && !isUnseen(from, at, count)) {
      for (let i = 0; i < count; i++) bytes[size++] = from[at++];
      continue;
    }
    bytes[size++] = BACKSLASH;
    const letter = CLI_ESCAPES[byte];
    if (letter !== 1 && byte !== 0x07 && byte !== 0x08) {
      bytes[size++] = letter;
    } else {
      bytes[size++] = 0x78;
      bytes[size++] = HEX[byte >> 4];
      bytes[size++] = HEX[byte & 15];
    }
    at++;
  }
  out.size = size;
}

function hexEscape(out: OutBuffer, byte: number): void {
  out.ascii('\\x');
  out.byte(HEX[byte >> 4]);
  out.byte(HEX[byte & 15]);
}

function isSignedNumber(from: Uint8Array, at: number, end: number): boolean {
  return end - at <= NUMBER_LIMIT && SIGNED_NUMBER.test(String.fromCharCode(...from.subarray(at, end)));
}

/** C1 controls, and the marks that change the direction of text or cannot be seen. */
function isUnseen(bytes: Uint8Array, at: number, count: number): boolean {
  const second = bytes[at + 1];
  if (count === 2) return bytes[at] === 0xc2 && second < 0xa1;
  if (count !== 3) return false;
  const third = bytes[at + 2];
  if (bytes[at] === 0xe2)
    return (second === 0x80 && (third <= 0x8f || (third >= 0xa8 && third <= 0xaf))) || second === 0x81;
  return bytes[at] === 0xef && second === 0xbb && third === 0xbf;
}
