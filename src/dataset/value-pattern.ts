/** Patterns for what is in values: a text, a regular expression, or bytes in hex; over bytes, fast enough for whole files. */
import { parseDisplayText } from '../format/display.js';
import { compileKeyPattern, PatternError, repeatsRepetition, textOf } from './key-pattern.js';

/** What somebody typed to find values. */
export interface ValuePattern {
  readonly mode: 'substring' | 'regex' | 'bytes';
  readonly text: string;
  /** Of letters; bytes are what they are. */
  readonly ignoreCase: boolean;
}

/** A pattern that can be used. */
export interface ValueMatcher {
  /** True if the bytes from `start` to `end` match: the text of one string. */
  test(bytes: Uint8Array, start: number, end: number): boolean;
  /** Where the first match begins; −1 if there is none. */
  find(bytes: Uint8Array, start: number, end: number): number;
  /** True if a match can be found by looking at any stretch that holds it, wherever texts begin and end. */
  readonly literal: boolean;
  /**
   * False if a text cannot match whose LZF-compressed bytes stand from `start` to `end`: what comes out of them went in
   * as it is, byte by byte, at least once.
   */
  mayUnpack(bytes: Uint8Array, start: number, end: number): boolean;
  /** Bytes that a text needs at least. */
  readonly least: number;
  /** Bytes by which pages of a long text have to overlap; only the first page is looked at if that is no number. */
  readonly reach: number;
  /** True if the text of a number can match. */
  readonly numbers: boolean;
}

/** Regular expressions see at most this much of a text. */
export const REGEX_REACH = 1024 * 1024;
/** Bytes of the longest character. */
const CHARACTER = 4;

/** @throws PatternError */
export function compileValuePattern(pattern: ValuePattern): ValueMatcher {
  switch (pattern.mode) {
    case 'bytes':
      return literalMatcher(hexBytes(pattern.text), false);
    case 'substring': {
      const needle = parseDisplayText(pattern.text);
      // Letters beyond ASCII have other bytes in the other case.
      return pattern.ignoreCase && needle.some((byte) => byte >= 0x80)
        ? foldedTextMatcher(pattern, needle)
        : literalMatcher(needle, pattern.ignoreCase);
    }
    case 'regex':
      return regexMatcher(pattern);
  }
}

/** Bytes from hex digits, with or without spaces or `0x` or `\x` between them. @throws PatternError */
function hexBytes(text: string): Uint8Array {
  const digits = text.replace(/\\x|0x|[\s,:]/gi, '');
  if (!/^(?:[0-9a-f]{2})+$/i.test(digits)) {
    throw new PatternError('syntax', 'bytes are pairs of hex digits, such as 1f 8b');
  }
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Every byte for itself, and with ASCII letters in lower case. */
const SAME = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const FOLD = SAME.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));

/**
 * Finds bytes by Horspool's algorithm: what stands under the last byte of the pattern tells how far it can move on, so
 * that most bytes are never looked at.
 */
function literalMatcher(needle: Uint8Array, ignoreCase: boolean): ValueMatcher {
  const map = ignoreCase ? FOLD : SAME;
  const wanted = needle.map((byte) => map[byte]);
  const { length } = wanted;
  const last = length - 1;
  const shifts = new Uint32Array(256).fill(Math.max(1, length));
  for (let i = 0; i < last; i++) {
    for (let byte = 0; byte < 256; byte++) if (map[byte] === wanted[i]) shifts[byte] = last - i;
  }
  const find = (bytes: Uint8Array, start: number, end: number): number => {
    if (length === 0) return start;
    const tail = wanted[last];
    for (let at = start + last; at < end; ) {
      const byte = bytes[at];
      if (map[byte] === tail) {
        let i = 0;
        const first = at - last;
        while (i < last && map[bytes[first + i]] === wanted[i]) i++;
        if (i === last) return first;
      }
      at += shifts[byte];
    }
    return -1;
  };
  const distinct = Uint8Array.from(new Set(wanted));
  /** For every byte, the call in which it was met last. */
  const met = new Uint32Array(256);
  let calls = 0;
  const mayUnpack = (bytes: Uint8Array, start: number, end: number): boolean => {
    calls++;
    for (let at = start; at < end; at++) met[map[bytes[at]]] = calls;
    for (let i = 0; i < distinct.length; i++) if (met[distinct[i]] !== calls) return false;
    return true;
  };
  return {
    test: (bytes, start, end) => find(bytes, start, end) >= 0,
    find,
    mayUnpack,
    literal: true,
    least: length,
    reach: Math.max(0, last),
    numbers: needle.every((byte) => (byte >= 0x30 && byte <= 0x39) || byte === 0x2d),
  };
}

function foldedTextMatcher({ text }: ValuePattern, needle: Uint8Array): ValueMatcher {
  const test = compileKeyPattern({ mode: 'substring', text, ignoreCase: true });
  const find = (bytes: Uint8Array, start: number, end: number) => (test(bytes, start, end) ? start : -1);
  return {
    test,
    find,
    mayUnpack: always,
    literal: false,
    least: 1,
    reach: 3 * needle.length + CHARACTER,
    numbers: false,
  };
}

const always = () => true;

function regexMatcher({ text, ignoreCase }: ValuePattern): ValueMatcher {
  // The same rules as for names: what is wrong is said the same way.
  compileKeyPattern({ mode: 'regex', text, ignoreCase });
  if (repeatsRepetition(text)) throw new PatternError('exponential', text);
  const regex = new RegExp(text, ignoreCase ? 'iu' : 'u');
  const test = (bytes: Uint8Array, start: number, end: number) =>
    regex.test(textOf(bytes, start, Math.min(end, start + REGEX_REACH)));
  return {
    test,
    find(bytes, start, end) {
      const whole = textOf(bytes, start, Math.min(end, start + REGEX_REACH));
      const found = regex.exec(whole);
      return found ? start + utf8Length(whole.slice(0, found.index), bytes, start) : -1;
    },
    mayUnpack: always,
    literal: false,
    least: 0,
    reach: Number.POSITIVE_INFINITY,
    numbers: true,
  };
}

/** Bytes that the characters of a text took, as `textOf` read them. */
function utf8Length(text: string, bytes: Uint8Array, start: number): number {
  let at = start;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    // A character from U+0080 to U+00FF stands for one byte where the bytes are no text.
    const single = code < 0x80 || (code < 0x100 && bytes[at] === code);
    at += single ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return at - start;
}
