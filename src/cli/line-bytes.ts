/** Lines of JSON as bytes: for output of millions of short lines, which as text would take most of the time. */

/** Bytes that are put together before they are written. */
const SIZE = 1 << 20;
const DIGITS = new Uint8Array(20);
const BASE64 = Uint8Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', (char) =>
  char.charCodeAt(0),
);
const PAD = 0x3d;
const ENCODER = new TextEncoder();

/** A text that is written often, as bytes. */
export function fixed(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** A buffer that lines are put into. */
export class LineBytes {
  private bytes: Uint8Array = Buffer.allocUnsafeSlow(SIZE);
  private used = 0;

  /** Number of bytes. */
  get length(): number {
    return this.used;
  }

  /** Takes back what was put in behind a length. */
  cut(length: number): void {
    this.used = length;
  }

  /** What was put in, for good: the buffer begins anew. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.used);
    this.bytes = Buffer.allocUnsafeSlow(this.bytes.length);
    this.used = 0;
    return taken;
  }

  private room(count: number): number {
    const at = this.used;
    if (at + count > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, at + count));
      larger.set(this.bytes.subarray(0, at));
      this.bytes = larger;
    }
    this.used = at + count;
    return at;
  }

  fixed(text: Uint8Array): void {
    const at = this.room(text.length);
    const { bytes } = this;
    for (let i = 0; i < text.length; i++) bytes[at + i] = text[i];
  }

  /** A whole number, 0 or more. */
  number(value: number): void {
    let first = DIGITS.length;
    let left = value;
    while (left > 0x3fffffff) {
      const rest = Math.floor(left / 10);
      DIGITS[--first] = 0x30 + left - rest * 10;
      left = rest;
    }
    let small = left | 0;
    do {
      const rest = (small / 10) | 0;
      DIGITS[--first] = 0x30 + small - rest * 10;
      small = rest;
    } while (small > 0);
    const count = DIGITS.length - first;
    const at = this.room(count);
    const { bytes } = this;
    for (let i = 0; i < count; i++) bytes[at + i] = DIGITS[first + i];
  }

  /** Bytes as Base64 with padding. */
  base64(source: Uint8Array, start: number, end: number): void {
    let out = this.room(Math.ceil((end - start) / 3) * 4);
    const { bytes } = this;
    let at = start;
    for (; at + 3 <= end; at += 3) {
      const group = (source[at] << 16) | (source[at + 1] << 8) | source[at + 2];
      bytes[out] = BASE64[group >> 18];
      bytes[out + 1] = BASE64[(group >> 12) & 63];
      bytes[out + 2] = BASE64[(group >> 6) & 63];
      bytes[out + 3] = BASE64[group & 63];
      out += 4;
    }
    if (at === end) return;
    const one = at + 1 === end;
    const group = (source[at] << 16) | (one ? 0 : source[at + 1] << 8);
    bytes[out] = BASE64[group >> 18];
    bytes[out + 1] = BASE64[(group >> 12) & 63];
    bytes[out + 2] = one ? PAD : BASE64[(group >> 6) & 63];
    bytes[out + 3] = PAD;
  }
}
