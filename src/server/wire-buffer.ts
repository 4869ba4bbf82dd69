/** Bytes on their way to a server: commands are written into a buffer, which is handed on when it is full. */

const CR = 0x0d;
const LF = 0x0a;
const DOLLAR = 0x24;
const STAR = 0x2a;
const ZERO = 0x30;

/** Seven digits of a time are written by themselves. */
const LOW_DIGITS = 10_000_000;

/** Bytes at which a buffer is handed on. */
export const FLUSH_AT = 64 * 1024;
/** The most bytes of one command that is written into a buffer as a whole. */
export const WHOLE_COMMAND = 64 * 1024;

/** A buffer with room for one more whole command as long as it has less than {@link FLUSH_AT} bytes. */
export class WireBuffer {
  bytes: Uint8Array = new Uint8Array(FLUSH_AT + WHOLE_COMMAND);
  /** Bytes that were written. */
  size = 0;

  private readonly spare: Uint8Array[] = [];

  /** Gives what was written, and begins anew with other memory. */
  take(): Uint8Array {
    const written = this.bytes.subarray(0, this.size);
    this.bytes = this.spare.pop() ?? new Uint8Array(FLUSH_AT + WHOLE_COMMAND);
    this.size = 0;
    return written;
  }

  /** Takes back what {@link take} gave, when it has been sent. */
  giveBack(written: Uint8Array): void {
    this.spare.push(new Uint8Array(written.buffer));
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
    // A call for a few bytes costs more than a loop.
    if (end - start > 32) {
      this.bytes.set(from.subarray(start, end), this.size);
      this.size += end - start;
    } else {
      for (let at = start; at < end; at++) this.bytes[this.size++] = from[at];
    }
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
    const high = Math.floor(value / LOW_DIGITS);
    let digits = 7;
    for (let left = high; left >= 1; left = Math.floor(left / 10)) digits++;
    this.bulkHead(digits);
    let at = this.size + digits - 1;
    for (let left = value - high * LOW_DIGITS, i = 0; i < 7; i++, left = Math.floor(left / 10)) {
      this.bytes[at--] = ZERO + (left % 10);
    }
    for (let left = high; at >= this.size; left = Math.floor(left / 10)) this.bytes[at--] = ZERO + (left % 10);
    this.size += digits;
    this.endOfLine();
  }

  /** `TYPE NUMBER CR LF`. @param value a whole number from 0 up. */
  private line(type: number, value: number): void {
    const { bytes } = this;
    let digits = 1;
    for (let left = value; left >= 10; left = Math.floor(left / 10)) digits++;
    bytes[this.size] = type;
    let left = value;
    for (let at = this.size + digits; at > this.size; at--, left = Math.floor(left / 10))
      bytes[at] = ZERO + (left % 10);
    this.size += digits + 1;
    this.endOfLine();
  }
}
