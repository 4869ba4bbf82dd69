/** The buffer that an export is written into: large, used again and again, handed on when it is full. */

/** Takes bytes that are done. They are overwritten after the call. */
export type ByteSink = (bytes: Uint8Array) => void;

/** Bytes at which a buffer is handed on. */
const CAPACITY = 256 * 1024;
/** The most bytes of what may still be taken back. */
const MARKED_LIMIT = 32 * 1024 * 1024;

/** What was to be written at once is too much to be held; there is another way to write it. */
export class TooMuchAtOnceError extends Error {
  override readonly name = 'TooMuchAtOnceError';
}

const ZERO = 0x30;
/** Numbers that are small integers on every machine. */
const SMALL = 0x40000000;
const LOW_DIGITS = 10_000_000;

/** Bytes on their way out. Between {@link mark} and {@link release} everything can be taken back. */
export class OutBuffer {
  bytes: Uint8Array;
  /** Bytes that were written and not handed on. */
  size = 0;
  private handedOn = 0;
  private marked = false;

  constructor(
    private readonly sink: ByteSink,
    private readonly capacity = CAPACITY,
  ) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Bytes that were written from the start. */
  get written(): number {
    return this.handedOn + this.size;
  }

  /** Makes room for so many bytes from {@link size} on. @throws TooMuchAtOnceError */
  need(count: number): void {
    if (this.size + count > this.bytes.length) this.grow(count);
  }

  private grow(count: number): void {
    if (!this.marked) this.flush();
    const wanted = this.size + count;
    if (wanted <= this.bytes.length) return;
    if (this.marked && wanted > MARKED_LIMIT) throw new TooMuchAtOnceError();
    const larger = new Uint8Array(Math.max(wanted, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.size));
    this.bytes = larger;
  }

  /** Hands on what was written. */
  flush(): void {
    if (this.size === 0) return;
    this.sink(this.bytes.subarray(0, this.size));
    this.handedOn += this.size;
    this.size = 0;
    if (this.bytes.length > 4 * this.capacity) this.bytes = new Uint8Array(this.capacity);
  }

  /** Begins with what may have to be taken back. @returns the place to give to {@link rollBack}. */
  mark(): number {
    if (this.size > this.capacity >> 1) this.flush();
    this.marked = true;
    return this.size;
  }

  /** Takes back everything behind a place. */
  rollBack(mark: number): void {
    this.size = mark;
    this.marked = false;
  }

  /** What was written since {@link mark} stays. */
  release(): void {
    this.marked = false;
  }

  byte(value: number): void {
    this.need(1);
    this.bytes[this.size++] = value;
  }

  /** Bytes as they are, however many. */
  copy(from: Uint8Array, start = 0, end = from.length): void {
    const count = end - start;
    if (count <= 32) {
      this.need(count);
      const { bytes } = this;
      let { size } = this;
      for (let at = start; at < end; at++) bytes[size++] = from[at];
      this.size = size;
      return;
    }
    if (!this.marked && count >= this.capacity) {
      // What is larger than the buffer need not go through it.
      this.flush();
      this.sink(from.subarray(start, end));
      this.handedOn += count;
      return;
    }
    this.need(count);
    this.bytes.set(start === 0 && end === from.length ? from : from.subarray(start, end), this.size);
    this.size += count;
  }

  /** Text of which every character is one byte. */
  ascii(text: string): void {
    const { length } = text;
    this.need(length);
    const { bytes } = this;
    let { size } = this;
    for (let i = 0; i < length; i++) bytes[size++] = text.charCodeAt(i);
    this.size = size;
  }

  /** Text in UTF-8. */
  text(text: string): void {
    const { length } = text;
    this.need(length * 3);
    const { bytes } = this;
    let { size } = this;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x80) {
        bytes[size++] = unit;
      } else if (unit < 0x800) {
        bytes[size++] = 0xc0 | (unit >> 6);
        bytes[size++] = 0x80 | (unit & 0x3f);
      } else {
        const code = text.codePointAt(i) ?? unit;
        if (code > 0xffff) {
          bytes[size++] = 0xf0 | (code >> 18);
          bytes[size++] = 0x80 | ((code >> 12) & 0x3f);
          i++;
        } else {
          bytes[size++] = 0xe0 | (code >> 12);
        }
        bytes[size++] = 0x80 | ((code >> 6) & 0x3f);
        bytes[size++] = 0x80 | (code & 0x3f);
      }
    }
    this.size = size;
  }

  /** A whole number from 0 to 2^53 as decimal text. */
  decimal(value: number): void {
    this.need(20);
    if (value < SMALL) {
      this.digits(value | 0, value < 10 ? 1 : countDigits(value));
      return;
    }
    // Two small numbers are written faster than a large one; the lower one has seven digits.
    const high = Math.floor(value / LOW_DIGITS);
    if (high < SMALL) this.digits(high | 0, countDigits(high));
    else this.decimal(high);
    this.digits((value - high * LOW_DIGITS) | 0, 7);
  }

  private digits(value: number, count: number): void {
    const { bytes } = this;
    let left = value;
    for (let at = this.size + count - 1; at >= this.size; at--) {
      const rest = (left / 10) | 0;
      bytes[at] = ZERO + (left - rest * 10);
      left = rest;
    }
    this.size += count;
  }
}

function countDigits(value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits++;
  return digits;
}
