/** Patterns for what is in values: a text, a regular expression, or bytes in hex; over bytes, fast enough for whole files. */
import { parseDisplayText, utf8Bytes } from '../format/display.js';
import { compileKeyPattern, PatternError, repeatsRepetition, textOf } from './key-pattern.js';
import { Needles } from './needles.js';
import { plainStretch, requiredTexts } from './required-texts.js';

/** What somebody typed to find values. */
export interface ValuePattern {
  readonly mode: 'substring' | 'regex' | 'bytes';
  readonly text: string;
  /** Of letters; bytes are what they are. */
  readonly ignoreCase: boolean;
}

/** Tells texts that match: their bytes stand from `start` to `end`. */
export interface TextTest {
  test(bytes: Uint8Array, start: number, end: number): boolean;
  /** False if a text cannot match whose LZF-compressed bytes stand from `start` to `end`. */
  mayUnpack(bytes: Uint8Array, start: number, end: number): boolean;
  /** Bytes that a text needs at least. */
  readonly least: number;
  /** Bytes by which pages of a long text have to overlap; only the first page is looked at if that is no number. */
  readonly reach: number;
  /** True if the text of a number can match. */
  readonly numbers: boolean;
}

/** A pattern that can be used. */
export interface ValueMatcher extends TextTest {
  /** Where the first match begins; −1 if there is none. */
  find(bytes: Uint8Array, start: number, end: number): number;
  /**
   * Tells stretches of bytes that may have a text that matches, wherever texts begin and end in them, as long as they
   * stand in them as they are: neither compressed nor as numbers. Undefined if all may.
   */
  readonly sieve: TextTest | undefined;
  /** The same as {@link TextTest.test} for a text that has been made of ASCII bytes, where that is quicker. */
  testText?(text: string): boolean;
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

function literalMatcher(text: Uint8Array, ignoreCase: boolean): ValueMatcher {
  const needles = new Needles([text], ignoreCase);
  const { least, reach, numbers } = needles;
  return {
    test: (bytes, start, end) => needles.find(bytes, start, end) >= 0,
    find: (bytes, start, end) => needles.find(bytes, start, end),
    mayUnpack: (bytes, start, end) => needles.mayUnpack(bytes, start, end),
    sieve: text.length > 0 ? needles : undefined,
    least,
    reach,
    numbers,
  };
}

function foldedTextMatcher({ text }: ValuePattern, needle: Uint8Array): ValueMatcher {
  const matches = compileKeyPattern({ mode: 'substring', text, ignoreCase: true });
  // Escapes stand for bytes, which are no characters of their own.
  const plain = text.includes('\\') ? '' : plainStretch(text, true);
  const sieve = plain === '' ? undefined : new Needles([parseDisplayText(plain)], true);
  const test = (bytes: Uint8Array, start: number, end: number) =>
    (!sieve || sieve.test(bytes, start, end)) && matches(bytes, start, end);
  return {
    test,
    find: (bytes, start, end) => (test(bytes, start, end) ? start : -1),
    mayUnpack: (bytes, start, end) => sieve?.mayUnpack(bytes, start, end) ?? true,
    sieve,
    least: Math.max(1, plain.length),
    reach: 3 * needle.length + CHARACTER,
    numbers: false,
  };
}

function regexMatcher({ text, ignoreCase }: ValuePattern): ValueMatcher {
  // The same rules as for names: what is wrong is said the same way.
  compileKeyPattern({ mode: 'regex', text, ignoreCase });
  if (repeatsRepetition(text)) throw new PatternError('exponential', text);
  const regex = new RegExp(text, ignoreCase ? 'iu' : 'u');
  const required = requiredTexts(text, ignoreCase);
  const sieve = required && new Needles(required.map(utf8Bytes), ignoreCase);
  return {
    test(bytes, start, end) {
      const behind = Math.min(end, start + REGEX_REACH);
      return (!sieve || sieve.test(bytes, start, behind)) && regex.test(textOf(bytes, start, behind));
    },
    testText: (whole) => regex.test(whole),
    find(bytes, start, end) {
      const whole = textOf(bytes, start, Math.min(end, start + REGEX_REACH));
      const found = regex.exec(whole);
      return found ? start + utf8Length(whole.slice(0, found.index), bytes, start) : -1;
    },
    mayUnpack: (bytes, start, end) => sieve?.mayUnpack(bytes, start, end) ?? true,
    sieve,
    least: sieve?.least ?? 0,
    reach: Number.POSITIVE_INFINITY,
    numbers: sieve?.numbers ?? true,
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
