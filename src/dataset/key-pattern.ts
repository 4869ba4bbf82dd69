/** Patterns for key names: a part of the name, a glob as KEYS takes it, or a regular expression. */
import { decodeUtf8, parseDisplayText } from '../format/display.js';
import { matchesGlob } from './glob.js';

/** What somebody typed to find keys. */
export interface KeyPattern {
  readonly mode: 'substring' | 'glob' | 'regex';
  readonly text: string;
  readonly ignoreCase: boolean;
}

/** True if the bytes from `start` to `end` match. */
export type NameMatcher = (bytes: Uint8Array, start: number, end: number) => boolean;

/** A pattern that cannot be used, and why. */
export class PatternError extends Error {
  override readonly name = 'PatternError';

  constructor(
    readonly reason: 'syntax' | 'exponential',
    message: string,
  ) {
    super(message);
  }
}

/** @throws PatternError */
export function compileKeyPattern(pattern: KeyPattern): NameMatcher {
  switch (pattern.mode) {
    case 'substring':
      return substringMatcher(parseDisplayText(pattern.text), pattern.ignoreCase);
    case 'glob':
      return globMatcher(globBytes(pattern.text), pattern.ignoreCase);
    case 'regex':
      return regexMatcher(pattern.text, pattern.ignoreCase);
  }
}

const isAscii = (bytes: Uint8Array) => bytes.every((byte) => byte < 0x80);

function substringMatcher(needle: Uint8Array, ignoreCase: boolean): NameMatcher {
  const { length } = needle;
  if (length === 0) return () => true;
  if (!ignoreCase) return exactMatcher(needle);
  // What is no text has no case, but for the ASCII letters in it.
  if (isAscii(needle) || !isText(needle)) return foldedMatcher(needle);
  const wanted = textOf(needle, 0, length).toLowerCase();
  return (bytes, start, end) => textOf(bytes, start, end).toLowerCase().includes(wanted);
}

function isText(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    const { code, size } = decodeUtf8(bytes, at, bytes.length);
    if (code < 0) return false;
    at += size;
  }
  return true;
}

function exactMatcher(needle: Uint8Array): NameMatcher {
  const { length } = needle;
  const first = needle[0];
  return (bytes, start, end) => {
    const last = end - length;
    for (let at = start; at <= last; at++) {
      if (bytes[at] !== first) continue;
      let i = 1;
      while (i < length && bytes[at + i] === needle[i]) i++;
      if (i === length) return true;
    }
    return false;
  };
}

/** Lower case of every byte, of ASCII letters only. */
const FOLD = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));

function foldedMatcher(needle: Uint8Array): NameMatcher {
  const folded = needle.map((byte) => FOLD[byte]);
  const { length } = folded;
  const first = folded[0];
  return (bytes, start, end) => {
    const last = end - length;
    for (let at = start; at <= last; at++) {
      if (FOLD[bytes[at]] !== first) continue;
      let i = 1;
      while (i < length && FOLD[bytes[at + i]] === folded[i]) i++;
      if (i === length) return true;
    }
    return false;
  };
}

/** A glob as bytes: its own backslashes stay, `\xHH` and `\u{H…}` become the bytes they stand for, taken literally. */
function globBytes(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const part of text.match(/\\x[0-9a-fA-F]{2}|\\u\{[0-9a-fA-F]{1,6}\}|\\?[\s\S]/gu) ?? []) {
    const escaped = /^\\[xu]./.test(part);
    for (const byte of parseDisplayText(escaped ? part : part.replace(/\\/g, '\\\\'))) {
      if (escaped && /[*?[\]^\\-]/.test(String.fromCharCode(byte))) bytes.push(0x5c);
      bytes.push(byte);
    }
  }
  return Uint8Array.from(bytes);
}

function globMatcher(pattern: Uint8Array, ignoreCase: boolean): NameMatcher {
  if (!ignoreCase) return (bytes, start, end) => matchesGlob(pattern, bytes, start, end);
  const folded = pattern.map((byte) => FOLD[byte]);
  return (bytes, start, end) => {
    const name = bytes.subarray(start, end).map((byte) => FOLD[byte]);
    return matchesGlob(folded, name, 0, name.length);
  };
}

/** Regular expressions see at most this much of a name. */
const REGEX_REACH = 4096;

function regexMatcher(source: string, ignoreCase: boolean): NameMatcher {
  let regex: RegExp;
  try {
    regex = new RegExp(source, ignoreCase ? 'iu' : 'u');
  } catch (error) {
    throw new PatternError('syntax', error instanceof Error ? error.message : String(error));
  }
  if (repeatsRepetition(source)) throw new PatternError('exponential', source);
  return (bytes, start, end) => regex.test(textOf(bytes, start, Math.min(end, start + REGEX_REACH)));
}

/**
 * True if a repeated group holds a repetition, as in `(a+)+`: such expressions can take time beyond all bounds on a
 * name that was made for it, and nothing can stop a match once it runs.
 */
export function repeatsRepetition(source: string): boolean {
  // For every open group: whether something in it repeats without bound.
  const groups: boolean[] = [false];
  const quantifier = /[*+]|\{\d+,\}|\{\d{2,}(?:,\d+)?\}/y;
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (char === '\\') {
      at++;
    } else if (char === '[') {
      while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
    } else if (char === '(') {
      groups.push(false);
      continue;
    } else if (char === ')') {
      const repeats = groups.pop() ?? false;
      quantifier.lastIndex = at + 1;
      if (repeats && quantifier.test(source)) return true;
      if (repeats && groups.length > 0) groups[groups.length - 1] = true;
    }
    quantifier.lastIndex = at + 1;
    if (quantifier.test(source)) groups[groups.length - 1] = true;
  }
  return false;
}

/** Bytes as text: UTF-8 where it is valid, other bytes as the characters U+0080 to U+00FF. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let plain = start;
  for (let at = start; at < end; ) {
    if (bytes[at] < 0x80) {
      at++;
      continue;
    }
    text += ascii(bytes, plain, at);
    const { code, size } = decodeUtf8(bytes, at, end);
    text += String.fromCodePoint(code < 0 ? bytes[at] : code);
    at += size;
    plain = at;
  }
  return text + ascii(bytes, plain, end);
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 4096) {
    return ascii(bytes, start, start + 4096) + ascii(bytes, start + 4096, end);
  }
  return start === end ? '' : String.fromCharCode.apply(null, bytes.subarray(start, end) as unknown as number[]);
}
