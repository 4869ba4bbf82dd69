/**
 * Other bytes of the same shape: letters become letters, digits digits, everything else stays. The same word becomes the
 * same other word wherever it stands, so that names still lead to each other, and two words never become the same one.
 *
 * A word is a run of letters, digits and bytes beyond ASCII, of at most {@link WORD_BYTES}. Each of its bytes is shifted
 * within its class, by an amount that all bytes before it decide, and then by one that all bytes behind it decide: both
 * can be undone, so that the words of one shape only change places.
 */
import { isLong, type LongString, type Text } from '../../decoder/rdb/string.js';
import { type ByteSource, readFully } from '../../decoder/source.js';

/** The longest word; what follows is another one. */
const WORD_BYTES = 64;
/** Bytes of a long string that are changed by themselves. */
const BLOCK = 64 * 1024;

const BACKSLASH = 0x5c;
const ZERO = 0x30;
const ONE = 0x31;
const NINE = 0x39;
const SMALL_E = 0x65;
const SMALL_U = 0x75;

/** True for bytes that are part of a word. */
const IN_WORD = new Uint8Array(256);
IN_WORD.fill(1, ZERO, NINE + 1);
IN_WORD.fill(1, 0x41, 0x5b);
IN_WORD.fill(1, 0x61, 0x7b);
IN_WORD.fill(1, 0x80);

/** Words of JSON and of numbers, which are kept; no other word becomes one of them. */
const KEPT: ReadonlySet<string> = new Set(['true', 'false', 'null', 'inf', 'nan', 'HYLL']);
const KEPT_LENGTHS: ReadonlySet<number> = new Set([3, 4, 5]);

/** Digits of the longest number that a server keeps as one. */
const INT64_DIGITS = 19;

/** Changes bytes by a secret. */
export class Anonymiser {
  private readonly key: number;

  /** @param seed decides what becomes what. */
  constructor(seed: string) {
    let key = 0x811c9dc5;
    for (let i = 0; i < seed.length; i++) key = Math.imul(key ^ seed.charCodeAt(i), 0x01000193);
    this.key = mix(key);
  }

  /** Other bytes for bytes; the argument stays as it is. */
  bytes(from: Uint8Array): Uint8Array {
    // The registers of a HyperLogLog say nothing that could be read, and no others would be any.
    if (isHyperLogLog(from)) return from;
    const bytes = new Uint8Array(from);
    this.change(bytes);
    return bytes;
  }

  /** Another text for a text. */
  text(text: Text): Text {
    if (!isLong(text)) return this.bytes(text);
    const { length, fileOffset } = text;
    return { length, fileOffset, source: new AnonymisedSource(text, this) };
  }

  /** Changes bytes in place. */
  change(bytes: Uint8Array): void {
    const end = bytes.length;
    for (let at = 0; at < end; ) {
      if (IN_WORD[bytes[at]] === 0) {
        at++;
        continue;
      }
      // What stands behind a backslash is an escape of JSON.
      if (at > 0 && bytes[at - 1] === BACKSLASH) {
        at += bytes[at] === SMALL_U ? Math.min(5, end - at) : 1;
        continue;
      }
      let stop = at + 1;
      while (stop < end && stop - at < WORD_BYTES && IN_WORD[bytes[stop]] === 1) stop++;
      this.changeWord(bytes, at, stop);
      at = stop;
    }
  }

  private changeWord(bytes: Uint8Array, start: number, end: number): void {
    if (!KEPT_LENGTHS.has(end - start)) {
      this.permute(bytes, start, end);
      return;
    }
    if (isKept(bytes, start, end)) return;
    // A word that would become one that is kept takes the place of what that one would become.
    do this.permute(bytes, start, end);
    while (isKept(bytes, start, end));
  }

  private permute(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const number = isNumber(bytes, start, end);
    // The exponent of a number, and what stands in the place of the greatest of 64 bits, would be no number otherwise.
    if (number && length === INT64_DIGITS && bytes[start] === NINE) return;
    const first = number && (start === 0 || bytes[start - 1] !== 0x2e) ? start : -1;
    let state = mix(this.key ^ length);
    for (let at = start; at < end; at++) {
      const old = bytes[at];
      bytes[at] = shifted(old, state, classOf(bytes, at, start, first, length));
      state = mix(state ^ old);
    }
    state = mix(this.key + length);
    for (let at = end - 1; at >= start; at--) {
      const old = bytes[at];
      bytes[at] = shifted(old, state, classOf(bytes, at, start, first, length));
      state = mix(state ^ old);
    }
  }
}

/** A class of bytes that change places: the least one, and how many there are. */
let least = 0;
let count = 0;

/** Finds the class of a byte, from what stays as it is around it. @returns how many there are in it. */
function classOf(bytes: Uint8Array, at: number, start: number, first: number, length: number): number {
  const byte = bytes[at];
  least = byte;
  count = 1;
  if (byte <= NINE) {
    // No number begins with 0 but 0 itself, and one of 19 digits that began with 9 could be too great.
    if (at === first && length > 1)
      setClass(byte === ZERO ? ZERO : ONE, byte === ZERO ? 1 : length === INT64_DIGITS ? 8 : 9);
    else if (at === first) setClass(byte === ZERO ? ZERO : ONE, byte === ZERO ? 1 : 9);
    else setClass(ZERO, 10);
  } else if (byte < 0x80) {
    setClass(byte < 0x61 ? 0x41 : 0x61, 26);
  } else if (byte < 0xc0) {
    continuation(at > start ? bytes[at - 1] : 0);
  }
  return count;
}

function setClass(from: number, size: number): void {
  least = from;
  count = size;
}

/** Bytes that may stand behind the first one of a character of UTF-8, which stays. */
function continuation(before: number): void {
  switch (before) {
    case 0xe0:
      setClass(0xa0, 32);
      break;
    case 0xed:
      setClass(0x80, 32);
      break;
    case 0xf0:
      setClass(0x90, 48);
      break;
    case 0xf4:
      setClass(0x80, 16);
      break;
    default:
      setClass(0x80, 64);
  }
}

/** A byte of the class that {@link classOf} has found. */
function shifted(byte: number, state: number, size: number): number {
  const from = byte - least;
  // In bytes that are no UTF-8 one may stand where its class cannot be; it stays.
  if (size === 1 || from < 0 || from >= size) return byte;
  return least + ((from + (state >>> 8)) % size);
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] < ZERO || bytes[at] > NINE) return false;
  return true;
}

function isKept(bytes: Uint8Array, start: number, end: number): boolean {
  return KEPT.has(String.fromCharCode(...bytes.subarray(start, end)));
}

function isHyperLogLog(bytes: Uint8Array): boolean {
  return bytes.length >= 16 && bytes[0] === 0x48 && bytes[1] === 0x59 && bytes[2] === 0x4c && bytes[3] === 0x4c;
}

/** A score of the same width: its digits change, but for an exponent. */
export function anonymousScore(anonymiser: Anonymiser, score: number): number {
  if (!Number.isFinite(score)) return score;
  const bytes = Uint8Array.from(String(score), (character) => character.charCodeAt(0));
  const exponent = bytes.indexOf(SMALL_E);
  anonymiser.change(exponent < 0 ? bytes : bytes.subarray(0, exponent));
  return Number(String.fromCharCode(...bytes));
}

/** A long string whose blocks are changed as they are read. */
class AnonymisedSource implements ByteSource {
  readonly size: number;
  private block: Uint8Array = new Uint8Array(0);
  private start = -1;

  constructor(
    private readonly text: LongString,
    private readonly anonymiser: Anonymiser,
  ) {
    this.size = text.length;
  }

  read(position: number, target: Uint8Array): number {
    if (position >= this.size) return 0;
    const start = position - (position % BLOCK);
    if (start !== this.start) {
      const block = new Uint8Array(Math.min(BLOCK, this.size - start));
      this.block = block.subarray(0, readFully(this.text.source, start, block));
      this.anonymiser.change(this.block);
      this.start = start;
    }
    const part = this.block.subarray(position - start, position - start + target.length);
    target.set(part);
    return part.length;
  }
}
