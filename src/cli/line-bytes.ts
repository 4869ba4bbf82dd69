/** Lines of JSON as bytes, for output that is put together without a text of it. */
import { BASE64_ALPHABET } from '../dataset/export/text-forms.js';

/** Bytes that are put together before they are written, about. */
const SIZE = 1 << 20;
/** Digits of the largest whole number. */
const DIGITS = 20;
const ZERO = 0x30;
const PAD = 0x3d;
const ENCODER = new TextEncoder();
const ALPHABET = ENCODER.encode(BASE64_ALPHABET);

/** A text that is written often. */
export function fixed(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** A buffer that lines are put into. */
export class LineBytes {
  private bytes = new Uint8Array(SIZE);
  private used = 0;

  /** Number of bytes. */
  get length(): number {
    return this.used;
  }

  /** Takes back what was put in behind a length. */
  cut(length: number): void {
    this.used = length;
  }

  /** What was put in; valid until more is. */
  get all(): Uint8Array {
    return this.bytes.subarray(0, this.used);
  }

  /** Makes room. @returns where it begins. */
  private room(count: number): number {
    const at = this.used;
    if (at + count > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, at + count));
      larger.set(this.bytes.subarray(0, at));
      this.bytes = larger;
    }
    return at;
  }

  /** A text, or lines that were made elsewhere. */
  add(text: Uint8Array): void {
    const at = this.room(text.length);
    this.bytes.set(text, at);
    this.used = at + text.length;
  }

  /** A whole number, 0 or more. */
  number(value: number): void {
    let end = this.room(DIGITS) + 1;
    for (let limit = 10; value >= limit; limit *= 10) end++;
    this.used = end;
    let left = value;
    do {
      const rest = Math.floor(left / 10);
      this.bytes[--end] = ZERO + left - rest * 10;
      left = rest;
    } while (left > 0);
  }

  /** Bytes as Base64 with padding. */
  base64(source: Uint8Array, start: number, end: number): void {
    let out = this.room(Math.ceil((end - start) / 3) * 4);
    const { bytes } = this;
    for (let at = start; at < end; at += 3, out += 4) {
      const second = at + 1 < end ? source[at + 1] : 0;
      const third = at + 2 < end ? source[at + 2] : 0;
      bytes[out] = ALPHABET[source[at] >> 2];
      bytes[out + 1] = ALPHABET[((source[at] & 3) << 4) | (second >> 4)];
      bytes[out + 2] = at + 1 < end ? ALPHABET[((second & 15) << 2) | (third >> 6)] : PAD;
      bytes[out + 3] = at + 2 < end ? ALPHABET[third & 63] : PAD;
    }
    this.used = out;
  }
}
