/** Bytes on their way to a server: commands are written into a buffer, which is handed on when it is full. */

const CR = 0x0d;
const LF = 0x0a;
const DOLLAR = 0x24;
const STAR = 0x2a;
const ZERO = 0x30;

/** Bytes at which a buffer is handed on. */
export const FLUSH_AT = 64 * 1024;
/** The most bytes of one command that is written into a buffer as a whole. */
export const WHOLE_COMMAND = 64 * 1024;

/** A buffer with room for one more whole command as long as it has less than {@link FLUSH_AT} bytes. */
export class WireBuffer {
  bytes = new Uint8Array(FLUSH_AT + WHOLE_COMMAND);
  /** Bytes that were written. */
  size = 0;

  /** Gives what was written, and begins anew with other memory. */
  take(): Uint8Array {
    const written = this.bytes.subarray(0, this.size);
    this.bytes = new Uint8Array(this.bytes.length);
    this.size = 0;
    return written;
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
