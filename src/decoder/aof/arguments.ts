/** The arguments of a command that a scan has found: where each stands, without reading them. */
import { type ByteSource, readFully } from '../source.js';

/** Where the bytes of an argument stand. */
export interface ArgumentSpan {
  readonly offset: number;
  readonly length: number;
}

/** Bytes read at once to find headers; most commands are not longer. */
const WINDOW = 4096;
const LF = 0x0a;

/**
 * The arguments of a command that is whole in memory.
 *
 * @param at index of its first byte, of which a scan has told that a command begins there.
 * @returns each argument with the index of its first byte, the name first; fewer where the bytes end.
 */
export function argumentsIn(bytes: Uint8Array, at: number): ArgumentSpan[] {
  const spans: ArgumentSpan[] = [];
  let end = bytes.indexOf(LF, at);
  if (end < 0) return spans;
  for (let left = leadingNumber(bytes, at + 1, end); left > 0; left--) {
    const header = end + 1;
    end = bytes.indexOf(LF, header);
    if (end < 0) break;
    const length = leadingNumber(bytes, header + 1, end);
    spans.push({ offset: end + 1, length });
    end += length + 2;
  }
  return spans;
}

/**
 * Walks the arguments of a command, in constant memory.
 *
 * @param offset where the command begins, of which a scan has told that it is whole.
 * @returns each argument, the name first; ends early where the bytes are not what the scan saw.
 */
export function* argumentSpans(source: ByteSource, offset: number): Generator<ArgumentSpan> {
  const buffer = new Uint8Array(WINDOW);
  let base = offset;
  let filled = 0;
  let at = offset;
  // Reads a header: a type byte, a number and what is behind it up to LF.
  const header = (): number => {
    for (let tries = 0; ; tries++) {
      const from = at - base;
      const end = from >= 0 && from < filled ? buffer.subarray(0, filled).indexOf(LF, from) : -1;
      if (end >= 0) {
        at = base + end + 1;
        return leadingNumber(buffer, from + 1, end);
      }
      if (tries > 0) return -1;
      base = at;
      filled = readFully(source, base, buffer.subarray(0, Math.max(0, Math.min(WINDOW, source.size - base))));
    }
  };
  for (let left = header(); left > 0; left--) {
    const length = header();
    if (length < 0) return;
    yield { offset: at, length };
    at += length + 2;
  }
}

/** The number at the start of a header, as `strtol` reads it: blanks, a plus sign, digits. */
function leadingNumber(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] === 0x20 || (bytes[at] >= 0x09 && bytes[at] <= 0x0d))) at++;
  if (bytes[at] === 0x2b) at++;
  let number = 0;
  for (; at < to && bytes[at] >= 0x30 && bytes[at] <= 0x39; at++) number = number * 10 + (bytes[at] - 0x30);
  return number;
}
