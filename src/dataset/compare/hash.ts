/** Hashes of 64 bits over bytes that come in pieces: where two are equal, what they were made of almost surely is. */
import { isLong, type Text } from '../../decoder/rdb/string.js';
import { readFully } from '../../decoder/source.js';

/** What nobody who makes a file can know: the hashes of two comparisons have nothing in common. */
export interface Seed {
  readonly high: number;
  readonly low: number;
}

/** A seed of its own for each comparison. */
export function randomSeed(): Seed {
  return { high: (Math.random() * 0x100000000) | 0, low: (Math.random() * 0x100000000) | 0 };
}

const PAGE = 64 * 1024;

/** A hash that takes bytes piece by piece; how they are cut into pieces makes no difference. */
export class Hash64 {
  /** The result, after {@link finish}: two unsigned halves. */
  high = 0;
  low = 0;
  private a = 0;
  private b = 0;
  /** Bytes that do not fill a word yet. */
  private word = 0;
  private fill = 0;
  private length = 0;
  private page: Uint8Array | undefined;

  constructor(private readonly seed: Seed) {}

  /** Begins anew. @param salt makes hashes of different things different. */
  begin(salt: number): void {
    this.a = this.seed.high ^ Math.imul(salt, 0x9e3779b1);
    this.b = (this.seed.low + salt) | 0;
    this.word = 0;
    this.fill = 0;
    this.length = 0;
  }

  /** Takes the bytes from `start` to before `end`. */
  update(bytes: Uint8Array, start: number, end: number): void {
    let { a, b, word, fill } = this;
    let at = start;
    this.length += end - start;
    while (fill !== 0 && at < end) {
      word |= bytes[at++] << (fill * 8);
      fill = (fill + 1) & 3;
      if (fill === 0) {
        a = Math.imul(a ^ word, 0x9e3779b1);
        a = (((a << 13) | (a >>> 19)) + b) | 0;
        b = Math.imul((b + word) | 0, 0x85ebca6b);
        b = ((b << 17) | (b >>> 15)) ^ a;
        word = 0;
      }
    }
    for (const whole = end - 3; at < whole; at += 4) {
      const next = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
      a = Math.imul(a ^ next, 0x9e3779b1);
      a = (((a << 13) | (a >>> 19)) + b) | 0;
      b = Math.imul((b + next) | 0, 0x85ebca6b);
      b = ((b << 17) | (b >>> 15)) ^ a;
    }
    while (at < end) {
      word |= bytes[at++] << (fill * 8);
      fill++;
    }
    this.a = a;
    this.b = b;
    this.word = word;
    this.fill = fill & 3;
  }

  /** Takes a number of 32 bits. */
  number(value: number): void {
    this.a = Math.imul(this.a ^ value, 0xc2b2ae35);
    this.a = (((this.a << 15) | (this.a >>> 17)) + this.b) | 0;
    this.b = Math.imul((this.b + value) | 0, 0x27d4eb2f) ^ this.a;
  }

  /** Takes a string, with its length, so that it cannot be mistaken for a part of the next. */
  text(text: Text): void {
    if (!isLong(text)) {
      this.string(text, 0, text.length);
      return;
    }
    this.number(text.length);
    this.page ??= new Uint8Array(PAGE);
    for (let at = 0; at < text.length; ) {
      const read = readFully(text.source, at, this.page);
      if (read === 0) break;
      this.update(this.page, 0, read);
      at += read;
    }
    this.endWord();
  }

  /** Takes the bytes from `start` to before `end` as a string of their own. */
  string(bytes: Uint8Array, start: number, end: number): void {
    this.number(end - start);
    this.update(bytes, start, end);
    this.endWord();
  }

  private endWord(): void {
    if (this.fill === 0) return;
    this.number(this.word);
    this.word = 0;
    this.fill = 0;
  }

  /** Makes the result of what was taken. */
  finish(): void {
    let a = this.a ^ this.length;
    let b = this.b ^ Math.imul((this.word + this.fill) | 0, 0x9e3779b1);
    a = (Math.imul(a ^ (a >>> 16), 0x85ebca6b) + b) | 0;
    b = Math.imul(b ^ (b >>> 13), 0xc2b2ae35) ^ a;
    a = (Math.imul(a ^ (a >>> 15), 0x2c1b3c6d) + b) | 0;
    b = Math.imul(b ^ (b >>> 16), 0x297a2d39) ^ a;
    this.high = (a ^ (a >>> 14)) >>> 0;
    this.low = (b ^ (b >>> 15)) >>> 0;
  }
}
