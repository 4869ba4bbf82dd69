/** Bytes on their way to a server: commands are written into a buffer, which is handed on when it is full. */
import { appendCrc64 } from '../decoder/crc64/crc64.js';
import { openCrc64Memory } from '../decoder/crc64/stream.js';

const CR = 0x0d;
const LF = 0x0a;
const DOLLAR = 0x24;
const STAR = 0x2a;
const ZERO = 0x30;

/** Seven digits of a time are written by themselves. */
const LOW_DIGITS = 10_000_000;

/** Bytes that are copied one by one. */
const LOOP_BYTES = 96;

/** Bytes at which a buffer is handed on. */
export const FLUSH_AT = 64 * 1024;
/** The most bytes of one command that is written into a buffer as a whole. */
export const WHOLE_COMMAND = 64 * 1024;

/** Bytes of a buffer: there is room for one more whole command as long as it has less than {@link FLUSH_AT}. */
const CAPACITY = FLUSH_AT + WHOLE_COMMAND;
/** Buffers whose bytes can be summed fast; so many are on their way at once, hardly ever more. */
const FAST_BUFFERS = 6;

/** A buffer with room for one more whole command as long as it has less than {@link FLUSH_AT} bytes. */
export class WireBuffer {
  bytes: Uint8Array = new Uint8Array(0);
  /** Bytes that were written. */
  size = 0;

  /** Where it is in {@link memory}; −1 if it is not there. */
  private place = -1;
  private readonly spare: Uint8Array[] = [];
  private readonly memory = openCrc64Memory(FAST_BUFFERS * CAPACITY);

  constructor() {
    const { memory } = this;
    for (let i = FAST_BUFFERS; memory && i-- > 0; ) {
      this.spare.push(memory.bytes.subarray(i * CAPACITY, (i + 1) * CAPACITY));
    }
    this.begin();
  }

  /** Begins anew with memory that is not on its way. */
  private begin(): void {
    const { memory } = this;
    const bytes = this.spare.pop() ?? new Uint8Array(CAPACITY);
    this.bytes = bytes;
    this.place = bytes.buffer === memory?.bytes.buffer ? bytes.byteOffset - memory.bytes.byteOffset : -1;
    this.size = 0;
  }

  /** Gives what was written, and begins anew with other memory. */
  take(): Uint8Array {
    const written = this.bytes.subarray(0, this.size);
    this.begin();
    return written;
  }

  /** Takes back what {@link take} gave, when it has been sent. */
  giveBack({ buffer, byteOffset }: Uint8Array): void {
    this.spare.push(new Uint8Array(buffer, byteOffset, CAPACITY));
  }

  /** Writes the CRC-64 of what was written from `start` on. */
  checksum(start: number): void {
    const { memory, place } = this;
    if (memory && place >= 0) memory.append(place + start, place + this.size);
    else appendCrc64(this.bytes, start, this.size);
    this.size += 8;
  }

  /** The head of a command with so many arguments. */
  array(count: number): void {
    this.line(STAR, count);
  }

  /** The head of a string with so many bytes; they and an end of line must follow. */
  bulkHead(length: number): void {
    this.line(DOLLAR, length);
  }

  endOfLine(): void {
    this.bytes[this.size++] = CR;
    this.bytes[this.size++] = LF;
  }

  /** Bytes of `from`, without more. */
  copy(from: Uint8Array, start: number, end: number): void {
    const { bytes } = this;
    let to = this.size;
    // A call for a few bytes costs more than a loop, and leaves an object to be collected.
    if (end - start > LOOP_BYTES) bytes.set(from.subarray(start, end), to);
    else for (let at = start; at < end; ) bytes[to++] = from[at++];
    this.size += end - start;
  }

  /** A whole string. */
  bulk(from: Uint8Array, start = 0, end = from.length): void {
    this.bulkHead(end - start);
    this.copy(from, start, end);
    this.endOfLine();
  }

  /** A whole string of text in ASCII. */
  text(text: string): void {
    this.bulkHead(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.size++] = text.charCodeAt(i);
    this.endOfLine();
  }

  /** A whole string that is a time in ms from 0 up, or another number. */
  time(value: number | bigint): void {
    if (typeof value === 'bigint' || !(value >= LOW_DIGITS && value < LOW_DIGITS * LOW_DIGITS)) {
      this.text(String(value));
      return;
    }
    // Two small numbers are written faster than one that has to be made a text.
    const { bytes } = this;
    const high = Math.floor(value / LOW_DIGITS) | 0;
    let digits = 7;
    for (let left = high; left > 0; left = (left / 10) | 0) digits++;
    this.bulkHead(digits);
    const start = this.size;
    let at = start + digits - 1;
    let low = (value - high * LOW_DIGITS) | 0;
    for (let i = 0; i < 7; i++) {
      const rest = (low / 10) | 0;
      bytes[at--] = ZERO + low - rest * 10;
      low = rest;
    }
    for (let left = high; at >= start; ) {
      const rest = (left / 10) | 0;
      bytes[at--] = ZERO + left - rest * 10;
      left = rest;
    }
    this.size = start + digits;
    this.endOfLine();
  }

  /** `TYPE NUMBER CR LF`. @param value a whole number from 0 up. */
  private line(type: number, value: number): void {
    const { bytes } = this;
    let at = this.size;
    bytes[at++] = type;
    if (value < 10) bytes[at++] = ZERO + value;
    else if (value < 100) {
      const tens = (value / 10) | 0;
      bytes[at++] = ZERO + tens;
      bytes[at++] = ZERO + value - tens * 10;
    } else {
      let digits = 3;
      for (let limit = 1000; value >= limit; limit *= 10) digits++;
      let left = value;
      for (let to = at + digits - 1; to >= at; to--) {
        const rest = Math.floor(left / 10);
        bytes[to] = ZERO + left - rest * 10;
        left = rest;
      }
      at += digits;
    }
    bytes[at++] = CR;
    bytes[at++] = LF;
    this.size = at;
  }
}
