/** Inline commands: a line is split into arguments as `sdssplitargs` of the servers does it, and put together again. */
import { latin1 } from '../bytes.js';
import { DecodeError } from '../errors.js';

/** An argument of a line, and where it stands. */
export interface InlineToken {
  readonly bytes: Uint8Array;
  /** Where it begins and ends with its quotes: indexes of the bytes that were split. */
  readonly start: number;
  readonly end: number;
}

/** The arguments of a line up to its end, or up to quotes that do not close. */
export interface InlineSplit {
  readonly tokens: readonly InlineToken[];
  /** What is wrong: a quote is not closed, or the closing one is followed by something other than a blank. */
  readonly unbalanced?: {
    readonly code: 'quote-not-closed' | 'quote-not-followed-by-blank';
    /** Index of the quote: the opening one of what is not closed, else the closing one. */
    readonly at: number;
    /** Index where the argument with the quote begins. */
    readonly start: number;
  };
}

const NUL = 0;
const BACKSLASH = 0x5c;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const LETTER_X = 0x78;

/** What a letter behind a backslash stands for; any other stands for itself. */
const ESCAPES: ReadonlyMap<number, number> = new Map([
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
  [0x62, 0x08],
  [0x61, 0x07],
]);

/**
 * Splits a line. Quotes may also begin inside an argument. As for the servers, a zero byte ends the line, and a
 * vertical tab or form feed is a blank between arguments but not at the end of one.
 *
 * @param bytes holds the line from `from` to before `to`, without its line end.
 */
export function splitInline(bytes: Uint8Array, from = 0, to = bytes.length): InlineSplit {
  const tokens: InlineToken[] = [];
  let at = from;
  for (;;) {
    while (at < to && isBlank(bytes[at])) at++;
    if (at >= to || bytes[at] === NUL) return { tokens };
    const start = at;
    // Escapes make an argument shorter, never longer.
    const target: number[] = [];
    while (at < to && !endsArgument(bytes[at])) {
      const byte = bytes[at];
      if (byte !== DOUBLE_QUOTE && byte !== SINGLE_QUOTE) {
        target.push(byte);
        at++;
        continue;
      }
      const closing = takeQuoted(bytes, at, to, target);
      if (closing < 0) return { tokens, unbalanced: { code: 'quote-not-closed', at, start } };
      at = closing + 1;
      if (at < to && !isBlank(bytes[at]) && bytes[at] !== NUL) {
        return { tokens, unbalanced: { code: 'quote-not-followed-by-blank', at: closing, start } };
      }
      // A closing quote always ends the argument.
      break;
    }
    tokens.push({ bytes: Uint8Array.from(target), start, end: at });
  }
}

/**
 * The arguments of a line.
 *
 * @param offset of the first byte, for errors.
 * @throws DecodeError `quote-not-closed` or `quote-not-followed-by-blank`.
 */
export function inlineArguments(bytes: Uint8Array, offset = 0): Uint8Array[] {
  const { tokens, unbalanced } = splitInline(bytes);
  if (unbalanced) throw new DecodeError(unbalanced.code, offset + unbalanced.at);
  return tokens.map((token) => token.bytes);
}

/** Takes what stands in quotes. @returns the index of the closing quote, −1 if there is none. */
function takeQuoted(bytes: Uint8Array, opening: number, to: number, target: number[]): number {
  const quote = bytes[opening];
  let at = opening + 1;
  while (at < to && bytes[at] !== NUL) {
    const byte = bytes[at];
    if (byte === quote) return at;
    const next = at + 1 < to ? bytes[at + 1] : NUL;
    if (byte !== BACKSLASH || next === NUL) {
      target.push(byte);
      at++;
    } else if (quote === SINGLE_QUOTE) {
      target.push(next === SINGLE_QUOTE ? next : byte);
      at += next === SINGLE_QUOTE ? 2 : 1;
    } else if (next === LETTER_X && at + 3 < to && isHex(bytes[at + 2]) && isHex(bytes[at + 3])) {
      target.push(Number.parseInt(latin1(bytes, at + 2, at + 4), 16));
      at += 4;
    } else {
      target.push(ESCAPES.get(next) ?? next);
      at += 2;
    }
  }
  return -1;
}

/** What `isspace` says in the C locale. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

function endsArgument(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === NUL;
}

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

/** What may stand without quotes: graphic ASCII but quotes and the backslash. */
const PLAIN = /^[!#-&(-[\]-~]+$/;

const WRITTEN: ReadonlyMap<number, string> = new Map([
  [DOUBLE_QUOTE, '\\"'],
  [BACKSLASH, '\\\\'],
  ...[...ESCAPES].map(([letter, byte]) => [byte, `\\${String.fromCharCode(letter)}`] as const),
]);

/**
 * An argument as {@link splitInline} reads it: as it is, or in double quotes with escapes where it has to be, as
 * `sdscatrepr` writes it (into manifests, for one). All of it is printable ASCII.
 */
export function inlineArgument(bytes: Uint8Array): string {
  const text = latin1(bytes);
  if (PLAIN.test(text)) return text;
  let quoted = '"';
  for (const byte of bytes) {
    quoted +=
      WRITTEN.get(byte) ??
      (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`);
  }
  return `${quoted}"`;
}
