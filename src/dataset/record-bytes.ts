/**
 * The bytes of records, read through a window that follows: what passes over values use that look at every string of
 * a file and build nothing. Small records are in the window whole; of large ones what is needed.
 */
import { latin1 } from '../decoder/bytes.js';
import { cutOff } from '../decoder/errors.js';
import { lzfDecompress } from '../decoder/lzf.js';
import { type ByteSource, readFully } from '../decoder/source.js';

/** Bytes read at once where records stand close together. */
const WINDOW = 512 * 1024;
/** The longest header of a string: one byte and two lengths of nine. */
const HEADER = 20;
/** The most bytes of a string that are held at once; a longer one is given in pieces. */
export const WHOLE_LIMIT = 64 * 1024 * 1024;

/** How a string is stored. */
export const RAW = 0;
export const INTEGER = 1;
export const LZF = 2;

/** Where a string is and how it is stored. */
export interface StringPlace {
  readonly kind: number;
  readonly length: number;
  readonly stored: number;
  readonly data: number;
}

/** Reads records, one after the other, in any order; forward is cheap. */
export class RecordBytes {
  /** The window; valid from {@link at} to {@link filled}. */
  readonly window: Uint8Array;
  /** Index in the window of the next byte; past {@link filled} where bytes were skipped. */
  at = 0;
  filled = 0;
  /** Offset in the file of the first byte of the window. */
  private base = 0;
  /** How often the window was filled: what was made of it before is of other bytes. */
  fills = 0;
  /** Offset behind the record. */
  private end = 0;

  // The string that was read last.
  kind = RAW;
  /** Bytes of the string itself; digits of an integer. */
  length = 0;
  stored = 0;
  /** Offset in the file of its first stored byte. */
  data = 0;
  integer = 0;

  private scratch: Uint8Array = new Uint8Array(0);

  constructor(
    readonly source: ByteSource,
    window = WINDOW,
  ) {
    this.window = new Uint8Array(Math.max(64, Math.min(window, source.size)));
  }

  /** Offset in the file of the next byte. */
  get offset(): number {
    return this.base + this.at;
  }

  /** Goes to a place of a record. @param end offset behind the record. */
  seek(offset: number, end: number): void {
    this.end = end;
    const at = offset - this.base;
    const wanted = Math.min(end - offset, this.window.length);
    if (at >= 0 && at + wanted <= this.filled) this.at = at;
    else this.fill(offset);
  }

  private fill(offset: number): void {
    this.base = offset;
    this.fills++;
    this.at = 0;
    this.filled = readFully(this.source, offset, this.window);
  }

  /** Makes the header of what comes next available, as far as the record has it. */
  private reach(): void {
    if (this.at + HEADER > this.filled && this.base + this.filled < this.end) this.fill(this.base + this.at);
    if (this.base + this.at >= this.end || this.at >= this.filled) {
      throw cutOff(this.offset, 1, 'the value');
    }
  }

  skip(count: number): void {
    this.at += count;
  }

  byte(): number {
    this.reach();
    return this.window[this.at++];
  }

  /** Makes up to 20 bytes available and moves behind them. @returns the index of the first in {@link window}. */
  raw(count: number): number {
    this.reach();
    const { at } = this;
    this.at += count;
    return at;
  }

  /** Reads a score as a double. */
  double(): number {
    const at = this.raw(8);
    return new DataView(this.window.buffer, at).getFloat64(0, true);
  }

  /** Reads a score as text: a length byte, or one of three that stand for NaN and the infinities. */
  textScore(): number {
    const length = this.byte();
    if (length === 253) return Number.NaN;
    if (length >= 254) return length === 255 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    if (this.at + length > this.filled && this.base + this.filled < this.end) this.fill(this.offset);
    const at = this.at;
    this.at += length;
    return Number(latin1(this.window, at, at + length));
  }

  /** Moves behind a score that is text. @returns false, for chains of tests. */
  passTextScore(): false {
    const length = this.byte();
    return this.pass(length >= 253 ? 0 : length);
  }

  /** Moves behind bytes. @returns false, for chains of tests. */
  pass(count: number): false {
    this.at += count;
    return false;
  }

  /** Reads eight bytes. @returns true if they are −1, which stands for "no expiry". */
  isMinusOne(): boolean {
    const at = this.raw(8);
    const { window } = this;
    for (let i = 0; i < 8; i++) if (window[at + i] !== 0xff) return false;
    return true;
  }

  /** Reads a length. */
  number(): number {
    this.reach();
    return this.plainLength();
  }

  /** Reads a length of 64 bits. */
  long(): bigint {
    this.reach();
    if (this.window[this.at] !== 0x81) return BigInt(this.plainLength());
    this.at += 9;
    return new DataView(this.window.buffer, this.at - 8).getBigUint64(0);
  }

  private plainLength(): number {
    const { window } = this;
    const first = window[this.at++];
    if (first < 0x40) return first;
    if (first < 0x80) return ((first & 0x3f) << 8) | window[this.at++];
    const high = this.bigEndian();
    return first === 0x80 ? high : high * 4294967296 + this.bigEndian();
  }

  private bigEndian(): number {
    const { window, at } = this;
    this.at = at + 4;
    return ((window[at] << 24) | (window[at + 1] << 16) | (window[at + 2] << 8) | window[at + 3]) >>> 0;
  }

  /** Reads the header of a string and moves behind its bytes. @returns the bytes of the string, as text. */
  string(): number {
    const { window } = this;
    let { at } = this;
    if (at + HEADER > this.filled) {
      this.reach();
      at = this.at;
    }
    const first = window[at];
    if (first < 0x80) {
      let length = first;
      at++;
      if (first >= 0x40) length = ((first & 0x3f) << 8) | window[at++];
      this.kind = RAW;
      this.data = this.base + at;
      this.stored = length;
      this.length = length;
      this.at = at + length;
      return length;
    }
    return this.longString(first);
  }

  private longString(first: number): number {
    if (first >= 0xc0 && first < 0xc3) return this.integerString(first);
    if (first === 0xc3) {
      this.at++;
      this.stored = this.plainLength();
      this.length = this.plainLength();
      this.kind = LZF;
    } else {
      this.stored = this.plainLength();
      this.length = this.stored;
      this.kind = RAW;
    }
    this.data = this.base + this.at;
    this.at += this.stored;
    return this.length;
  }

  private integerString(first: number): number {
    const { window, at } = this;
    const width = 1 << (first - 0xc0);
    const low = window[at + 1];
    if (width === 1) this.integer = (low << 24) >> 24;
    else if (width === 2) this.integer = ((low << 16) | (window[at + 2] << 24)) >> 16;
    else this.integer = low | (window[at + 2] << 8) | (window[at + 3] << 16) | (window[at + 4] << 24);
    this.kind = INTEGER;
    this.stored = width;
    this.data = this.base + at + 1;
    this.at = at + 1 + width;
    this.length = decimalDigits(this.integer);
    return this.length;
  }

  /** Index in {@link window} of the string that was read last if it is there raw and whole; −1 otherwise. */
  get inWindow(): number {
    const start = this.data - this.base;
    return this.kind === RAW && start >= 0 && start + this.stored <= this.filled ? start : -1;
  }

  /** Index in {@link window} of the stored bytes of the string that was read last, if all are there; −1 otherwise. */
  get storedInWindow(): number {
    const start = this.data - this.base;
    return start >= 0 && start + this.stored <= this.filled ? start : -1;
  }

  /** Where the string that was read last is, to come back to it with {@link restore}. */
  place(): StringPlace {
    const { kind, length, stored, data } = this;
    return { kind, length, stored, data };
  }

  /** Makes a string the one that was read last. */
  restore(place: StringPlace): void {
    this.kind = place.kind;
    this.length = place.length;
    this.stored = place.stored;
    this.data = place.data;
  }

  /**
   * The bytes of the string that was read last, which is raw or compressed: valid until the next call.
   *
   * @param limit the most stored bytes and bytes to take; undefined is given for a longer string.
   * @throws DecodeError if it is compressed and damaged.
   */
  bytes(limit = WHOLE_LIMIT): Uint8Array | undefined {
    if (this.stored > limit || this.length > limit) return undefined;
    const stored = this.storedBytes();
    return this.kind === LZF ? lzfDecompress(stored, 0, this.stored, this.length, this.data) : stored;
  }

  /** The same as they stand in the file: of a compressed string the compressed bytes. Valid until the next call. */
  storedBytes(): Uint8Array {
    const start = this.data - this.base;
    if (start >= 0 && start + this.stored <= this.filled) return this.window.subarray(start, start + this.stored);
    if (this.scratch.length < this.stored) this.scratch = new Uint8Array(this.stored * 2);
    const stored = this.scratch.subarray(0, this.stored);
    if (readFully(this.source, this.data, stored) < this.stored) throw cutOff(this.data, 1, 'the value');
    return stored;
  }
}

/** Characters of an integer as decimal text. */
export function decimalDigits(value: number): number {
  const size = value < 0 ? -value : value;
  let digits = value < 0 ? 2 : 1;
  for (let limit = 10; size >= limit; limit *= 10) digits++;
  return digits;
}
