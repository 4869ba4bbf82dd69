/**
 * Lines of JSON as bytes: for output of millions of short lines, which as text would take most of the time. What is
 * written often is written in words of four bytes, whose rest the next one overwrites.
 */

/** Bytes that are put together before they are written. */
const SIZE = 1 << 20;
/** Bytes that a word may reach beyond what it is for. */
const SLACK = 4;
const ENCODER = new TextEncoder();

/** The two characters of Base64 of every twelve bits, the first one lowest. */
const BASE64 = new Uint16Array(4096);
const PAD = 0x3d00;
/** The four digits of every number below 10,000, the first one lowest. */
const DIGITS = new Uint32Array(10_000);

/** A text that is written often. */
export interface FixedText {
  readonly length: number;
  readonly words: Uint32Array;
}

export function fixed(text: string): FixedText {
  const bytes = ENCODER.encode(text);
  const words = new Uint32Array(Math.ceil(bytes.length / 4));
  for (let i = 0; i < bytes.length; i++) words[i >> 2] |= bytes[i] << (8 * (i & 3));
  return { length: bytes.length, words };
}

/** A buffer that lines are put into. */
export class LineBytes {
  private bytes: Uint8Array;
  private view: DataView;
  private used = 0;

  constructor() {
    if (DIGITS[0] === 0) fillTables();
    this.bytes = new Uint8Array(SIZE);
    this.view = new DataView(this.bytes.buffer);
  }

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
    if (at + count + SLACK > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, at + count + SLACK));
      larger.set(this.bytes.subarray(0, at));
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    return at;
  }

  fixed({ length, words }: FixedText): void {
    const at = this.room(length);
    const { view } = this;
    for (let i = 0; i < words.length; i++) view.setUint32(at + 4 * i, words[i], true);
    this.used = at + length;
  }

  /** Lines that were made elsewhere. */
  lines(bytes: Uint8Array): void {
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
    this.used = at + bytes.length;
  }

  /** A whole number, 0 or more. */
  number(value: number): void {
    let left = value;
    let digits = value < 10 ? 1 : value < 100 ? 2 : value < 1000 ? 3 : 4;
    if (value >= 10_000) {
      const high = Math.floor(value / 10_000);
      this.number(high);
      left = value - high * 10_000;
      digits = 4;
    }
    const at = this.room(digits);
    this.view.setUint32(at, DIGITS[left] >>> (8 * (4 - digits)), true);
    this.used = at + digits;
  }

  /** Bytes as Base64 with padding. */
  base64(source: Uint8Array, start: number, end: number): void {
    let out = this.room(Math.ceil((end - start) / 3) * 4);
    const { view } = this;
    let at = start;
    for (; at + 3 <= end; at += 3, out += 4) {
      const group = (source[at] << 16) | (source[at + 1] << 8) | source[at + 2];
      view.setUint32(out, BASE64[group >> 12] | (BASE64[group & 0xfff] << 16), true);
    }
    if (at < end) {
      const one = at + 1 === end;
      const group = (source[at] << 16) | (one ? 0 : source[at + 1] << 8);
      const last = one ? PAD | (PAD >> 8) : (BASE64[group & 0xfff] & 0xff) | PAD;
      view.setUint32(out, BASE64[group >> 12] | (last << 16), true);
      out += 4;
    }
    this.used = out;
  }
}

function fillTables(): void {
  const alphabet = ENCODER.encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
  for (let i = 0; i < BASE64.length; i++) BASE64[i] = alphabet[i >> 6] | (alphabet[i & 63] << 8);
  for (let i = 0; i < DIGITS.length; i++) {
    const high = (i / 1000) | 0 | (((i / 100) % 10) << 8);
    DIGITS[i] = 0x30303030 + (high | (((i / 10) % 10) << 16) | ((i % 10) << 24));
  }
}
