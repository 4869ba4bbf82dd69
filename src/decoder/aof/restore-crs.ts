/**
 * Restores the CRs of an AOF whose line ends have become LF, as git does with `autocrlf`. A value whose own CR LF were
 * turned into LF has fewer bytes than its length says; it is exactly restored if all its LF were CR LF.
 */
import { type ByteSource, readFully } from '../source.js';

/** A value that cannot be exactly restored: more of its LF could have been CR LF than CRs are missing. */
export interface CrDoubt {
  /** Offset of the value in the damaged file. */
  readonly offset: number;
  /** CRs that are missing, and LF that they could have stood before. The first ones get them. */
  readonly missing: number;
  readonly lineFeeds: number;
}

/** How a restoration went. */
export interface CrRestoration {
  /** Offset in the damaged file where it began: what is before is an RDB. */
  startedAt: number;
  /** Offset in the damaged file up to which it was restored; the rest is no AOF even without CRs. */
  restoredUpTo: number;
  /** CRs put back behind headers and values, and inside of values. */
  lineEnds: number;
  inValues: number;
  readonly doubts: CrDoubt[];
}

/** The longest value that is restored: it is held in memory. */
const VALUE_LIMIT = 256 * 1024 * 1024;
const LINE = 64;
/** The most doubts that are listed. */
const DOUBT_LIMIT = 1000;

const CR = 0x0d;
const LF = 0x0a;
const STAR = 0x2a;
const DOLLAR = 0x24;
const HASH = 0x23;
const ENDS = new Uint8Array([CR, LF]);

/** Makes what {@link restoreCrs} fills. */
export function newRestoration(): CrRestoration {
  return { startedAt: 0, restoredUpTo: 0, lineEnds: 0, inValues: 0, doubts: [] };
}

/**
 * Restores an AOF, command by command.
 *
 * @param start where the commands begin.
 * @param result what is to be known of it, complete at the end.
 * @returns the bytes of the restored file from there on.
 */
export function* restoreCrs(source: ByteSource, start: number, result: CrRestoration): Generator<Uint8Array> {
  const line = new Uint8Array(LINE);
  let at = start;
  result.startedAt = at;
  result.restoredUpTo = at;
  while (at < source.size) {
    const first = readLine(source, at, line);
    if (!first) return;
    if (first.bytes[0] === HASH) {
      yield* lineOf(first, result);
      at += first.size;
      result.restoredUpTo = at;
      continue;
    }
    const argc = numberOf(first.bytes, STAR);
    if (argc < 1) return;
    // A command is given out only when it is whole.
    const pieces: Uint8Array[] = [...lineOf(first, result)];
    at += first.size;
    for (let i = 1; i <= argc; i++) {
      const header = readLine(source, at, line);
      const length = header ? numberOf(header.bytes, DOLLAR) : -1;
      if (!header || length < 0 || length > VALUE_LIMIT) return;
      pieces.push(...lineOf(header, result));
      at += header.size;
      const value = readValue(source, at, length, i === argc);
      if (!value) return;
      pieces.push(...restoreValue(value, length, at, result), ENDS);
      at += value.size;
    }
    yield* pieces;
    result.restoredUpTo = at;
  }
}

/** A line without its line end, and its bytes with it. */
interface Line {
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly hasCr: boolean;
}

function readLine(source: ByteSource, at: number, line: Uint8Array): Line | undefined {
  const count = readFully(source, at, line.subarray(0, Math.max(0, Math.min(LINE, source.size - at))));
  const end = line.subarray(0, count).indexOf(LF);
  if (end < 0) return undefined;
  const hasCr = end > 0 && line[end - 1] === CR;
  return { bytes: line.slice(0, hasCr ? end - 1 : end), size: end + 1, hasCr };
}

function* lineOf(line: Line, result: CrRestoration): Generator<Uint8Array> {
  if (!line.hasCr) result.lineEnds++;
  yield line.bytes;
  yield ENDS;
}

/** The number of a header; −1 if it is none. */
function numberOf(bytes: Uint8Array, type: number): number {
  if (bytes[0] !== type || bytes.length < 2) return -1;
  let number = 0;
  for (let at = 1; at < bytes.length; at++) {
    if (bytes[at] < 0x30 || bytes[at] > 0x39) return -1;
    number = number * 10 + (bytes[at] - 0x30);
  }
  return number;
}

/** A value as it stands in the damaged file, with the bytes that it takes there up to the next header. */
interface FoundValue {
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly hasCr: boolean;
}

/**
 * Finds where a value ends: its length is right, or too great by as many bytes as CRs are missing.
 *
 * @param last true for the last argument of a command, behind which another command follows.
 */
function readValue(source: ByteSource, at: number, length: number, last: boolean): FoundValue | undefined {
  const wanted = Math.max(0, Math.min(length + 4, source.size - at));
  const bytes = new Uint8Array(wanted);
  const count = readFully(source, at, bytes);
  const fits = (next: number) =>
    next === count && at + count === source.size
      ? last
      : last
        ? (bytes[next] === STAR && isDigit(bytes[next + 1])) || bytes[next] === HASH
        : bytes[next] === DOLLAR && isDigit(bytes[next + 1]);
  if (length + 2 <= count && bytes[length] === CR && bytes[length + 1] === LF) {
    return { bytes: bytes.subarray(0, length), size: length + 2, hasCr: true };
  }
  let lineFeeds = 0;
  for (let i = 0; i < Math.min(length, count); i++) if (bytes[i] === LF) lineFeeds++;
  for (let missing = 0; missing <= length; missing++) {
    const end = length - missing;
    if (end < count && bytes[end] === LF && lineFeeds >= missing && fits(end + 1)) {
      return { bytes: bytes.subarray(0, end), size: end + 1, hasCr: false };
    }
    if (end > 0 && end <= count && bytes[end - 1] === LF) lineFeeds--;
    if (lineFeeds < 0) break;
  }
  // What follows is no AOF, but the value is whole.
  return length < count && bytes[length] === LF
    ? { bytes: bytes.subarray(0, length), size: length + 1, hasCr: false }
    : undefined;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** Puts CRs before the LF of a value, as many as are missing. */
function restoreValue(value: FoundValue, length: number, offset: number, result: CrRestoration): Uint8Array[] {
  if (!value.hasCr) result.lineEnds++;
  const missing = length - value.bytes.length;
  if (missing === 0) return [value.bytes];
  const restored = new Uint8Array(length);
  let at = 0;
  let left = missing;
  let lineFeeds = 0;
  for (const byte of value.bytes) {
    if (byte === LF) lineFeeds++;
    if (byte === LF && left > 0) {
      restored[at++] = CR;
      left--;
    }
    restored[at++] = byte;
  }
  result.inValues += missing;
  if (lineFeeds > missing && result.doubts.length < DOUBT_LIMIT) result.doubts.push({ offset, missing, lineFeeds });
  return [restored];
}
