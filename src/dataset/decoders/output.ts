/** What comes out of a compression: bytes that grow as they are written, up to a limit. */
import { type Limits, tooMuch } from './decoder.js';

/** Bytes up to this number are copied one by one: a call for them would take longer. */
const SHORT = 48;

/** Bytes that grow. */
export class Output {
  private buffer: Uint8Array;
  length = 0;

  /** @param expected a guess of the size, for the first allocation; what the input says is no reason to allocate it. */
  constructor(
    private readonly limits: Limits,
    expected: number,
  ) {
    this.buffer = new Uint8Array(Math.min(limits.bytes, Math.max(1024, 2 * expected)));
  }

  /** Makes room. @param at offset of the input, for the error. */
  private grow(count: number, at: number): void {
    const wanted = this.length + count;
    if (wanted <= this.buffer.length) return;
    if (wanted > this.limits.bytes) throw tooMuch(at, this.limits);
    const larger = new Uint8Array(Math.min(this.limits.bytes, Math.max(wanted, 2 * this.buffer.length)));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }

  push(byte: number, at: number): void {
    if (this.length === this.buffer.length) this.grow(1, at);
    this.buffer[this.length++] = byte;
  }

  append(bytes: Uint8Array, at: number): void {
    this.appendPart(bytes, 0, bytes.length, at);
  }

  /** Appends the bytes from `start` to before `end`. */
  appendPart(bytes: Uint8Array, start: number, end: number, at: number): void {
    const count = end - start;
    if (this.length + count > this.buffer.length) this.grow(count, at);
    const { buffer } = this;
    if (count > SHORT) {
      buffer.set(bytes.subarray(start, end), this.length);
    } else {
      for (let from = start, to = this.length; from < end; ) buffer[to++] = bytes[from++];
    }
    this.length += count;
  }

  /** Repeats what was written `distance` bytes ago; the caller has checked that it is there. */
  repeat(distance: number, count: number, at: number): void {
    if (this.length + count > this.buffer.length) this.grow(count, at);
    const { buffer } = this;
    let to = this.length;
    if (distance >= count && count > SHORT) {
      buffer.copyWithin(to, to - distance, to - distance + count);
    } else {
      for (const stop = to + count; to < stop; to++) buffer[to] = buffer[to - distance];
    }
    this.length += count;
  }

  /** All that was written, not copied. */
  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }
}
