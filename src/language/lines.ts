/** The lines of a document as bytes: where each begins and how many bytes it may have had in the file. */
import type { TextPosition, TextRange } from '../language-protocol.js';

declare const TextEncoder: new () => { encode(text: string): Uint8Array };

/** A document by its lines. */
export interface Lines {
  /** The document in UTF-8. */
  readonly bytes: Uint8Array;
  /** At least 1; a document that ends with a line end has an empty last line. */
  readonly count: number;
  /** Offsets of the first byte of each line and of its line end. */
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  /** Bytes of all lines before, without line ends; one entry more than there are lines. */
  readonly content: Uint32Array;
  /** Characters U+FFFD in all lines before: each stands for one to three bytes that were no UTF-8. */
  readonly replaced: Uint32Array;
  /**
   * True if the bytes are those of the file. A text document is not: editors replace bytes that are no UTF-8, and
   * give all lines the same line end.
   */
  readonly exact: boolean;
  /** The line end of the first line; of a text document that of all. */
  readonly lineEnd: 'lf' | 'crlf' | 'none';
}

const LF = 0x0a;
const CR = 0x0d;

/** The lines of the text of a document. */
export function linesOfText(text: string): Lines {
  return linesOf(new TextEncoder().encode(text), false);
}

/** The lines of a file. */
export function linesOfBytes(bytes: Uint8Array): Lines {
  return linesOf(bytes, true);
}

function linesOf(bytes: Uint8Array, exact: boolean): Lines {
  let count = 1;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) count++;
  const start = new Uint32Array(count);
  const end = new Uint32Array(count);
  const content = new Uint32Array(count + 1);
  const replaced = new Uint32Array(count + 1);
  for (let line = 0, at = 0; line < count; line++) {
    const found = bytes.indexOf(LF, at);
    const stop = found < 0 ? bytes.length : found > at && bytes[found - 1] === CR ? found - 1 : found;
    start[line] = at;
    end[line] = stop;
    content[line + 1] = content[line] + stop - at;
    replaced[line + 1] = replaced[line] + (exact ? 0 : countReplaced(bytes, at, stop));
    at = found + 1;
  }
  const lineEnd = count === 1 ? 'none' : start[1] - end[0] === 2 ? 'crlf' : 'lf';
  return { bytes, count, start, end, content, replaced, exact, lineEnd };
}

/** Counts EF BF BD: U+FFFD in UTF-8. */
function countReplaced(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    if (bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) count++;
  }
  return count;
}

/** The line that holds an offset, its line end included. */
export function lineAt(lines: Lines, offset: number): number {
  let low = 0;
  let high = lines.count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lines.start[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The place of an offset. */
export function positionOf(lines: Lines, offset: number): TextPosition {
  const line = lineAt(lines, offset);
  return [line, unitsBetween(lines.bytes, lines.start[line], offset)];
}

/** The range from an offset to before another. */
export function rangeOf(lines: Lines, from: number, to: number): TextRange {
  return [...positionOf(lines, from), ...positionOf(lines, to)];
}

/** The whole of a line, without its line end. */
export function rangeOfLine(lines: Lines, line: number): TextRange {
  return rangeOf(lines, lines.start[line], lines.end[line]);
}

/** The offset of a place; places behind the end of a line or of the document become that end. */
export function offsetOf(lines: Lines, [line, character]: TextPosition): number {
  if (line >= lines.count) return lines.bytes.length;
  let at = lines.start[line];
  for (let units = 0; units < character && at < lines.end[line]; ) {
    const size = sizeOfCharacter(lines.bytes[at]);
    units += size === 4 ? 2 : 1;
    at += size;
  }
  return at;
}

/** UTF-16 units of the characters between two offsets. */
function unitsBetween(bytes: Uint8Array, from: number, to: number): number {
  let units = 0;
  for (let at = from; at < to; ) {
    const size = sizeOfCharacter(bytes[at]);
    units += size === 4 ? 2 : 1;
    at += size;
  }
  return units;
}

function sizeOfCharacter(first: number): number {
  if (first < 0xc0) return 1;
  return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
}
