/** Reads replies only as far as it takes to count them and to find errors: nothing of a value is kept. RESP2. */
import { latin1 } from '../decoder/bytes.js';
import { byteName, fillTemplate } from '../decoder/errors.js';
import type { ReplayMemory } from '../decoder/replay/memory.js';

/** What a reply says of its command. */
export const REPLY_VALUE = 0;
/** The command waits in a transaction. */
export const REPLY_QUEUED = 1;
export const REPLY_ERROR = 2;
/** Null: of EXEC, that nothing was done. */
export const REPLY_NULL = 3;

/** Takes the replies in their order. */
export interface ReplySink {
  /**
   * An error: the reply itself, or an element of it, as EXEC has them.
   *
   * @param text `CODE message`.
   * @param element position among the elements of the reply; −1 for the reply itself.
   */
  error(text: string, element: number): void;
  /** A reply is whole. @param kind {@link REPLY_VALUE} and the like. */
  reply(kind: number): void;
  /** So many replies are whole, all of them {@link REPLY_VALUE}, and none of them has an error in it. */
  values(count: number): void;
}

/** The server has sent what is no reply of RESP2. */
export class ReplyFormatError extends Error {
  override readonly name = 'ReplyFormatError';
}

const CR = 0x0d;
const LF = 0x0a;
const PLUS = 0x2b;
const MINUS = 0x2d;
const COLON = 0x3a;
const DOLLAR = 0x24;
const STAR = 0x2a;
/** Bytes of a line: errors can hold a stretch of what was sent. */
const LINE_LIMIT = 1 << 20;
const DEPTH_LIMIT = 128;
/** Bytes of replies that make up for what it takes to call what takes many. */
const MANY_BYTES = 64;

/** Reads a stream of replies. After an error it must not be used any more. */
export class ReplyReader {
  /** Bytes of a bulk string, and its line end, that are still to come. */
  private skip = 0;
  /** Elements that are still to come, of each aggregate that is open. */
  private readonly left: number[] = [];
  private elements = 0;
  /** The start of a line whose end has not come. */
  private line: Uint8Array | undefined;
  private kind = REPLY_VALUE;

  /** @param memory what most replies are taken with, many at a time. */
  constructor(
    private readonly sink: ReplySink,
    private readonly memory?: ReplayMemory | undefined,
  ) {}

  /** Takes the next bytes. @throws ReplyFormatError for what is no RESP2. */
  push(bytes: Uint8Array): void {
    const end = bytes.length;
    for (let at = 0; at < end; ) {
      if (this.skip === 0 && this.left.length === 0 && !this.line) {
        at = this.pushShort(bytes, at, end);
        if (at === end) return;
      }
      if (this.skip > 0) {
        const count = Math.min(this.skip, end - at);
        this.skip -= count;
        at += count;
        if (this.skip === 0) this.complete(REPLY_VALUE);
        continue;
      }
      let lf = at;
      while (lf < end && bytes[lf] !== LF) lf++;
      if (lf === end) {
        this.keep(bytes.subarray(at, end));
        return;
      }
      if (this.line) {
        this.keep(bytes.subarray(at, lf + 1));
        const { line } = this;
        this.line = undefined;
        this.take(line, 0, line.length - 1);
      } else this.take(bytes, at, lf);
      at = lf + 1;
    }
  }

  /** Takes what most replies are: `+OK` and numbers. @returns the index of the first byte of anything else. */
  private pushShort(bytes: Uint8Array, start: number, end: number): number {
    const { memory } = this;
    const length = end - start;
    if (memory && length >= MANY_BYTES && length <= memory.replyBytes.length) {
      memory.replyBytes.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end));
      const next = memory.replies(0, length);
      if (memory.taken > 0) this.sink.values(memory.taken);
      return start + next;
    }
    let at = start;
    let count = 0;
    while (at + 4 <= end) {
      if (bytes[at] === PLUS) {
        if (bytes[at + 1] !== 0x4f || bytes[at + 2] !== 0x4b || bytes[at + 3] !== CR || bytes[at + 4] !== LF) break;
        at += 5;
      } else if (bytes[at] === COLON) {
        let next = at + 1;
        while (next < end && bytes[next] > CR) next++;
        if (bytes[next] !== CR || bytes[next + 1] !== LF || next + 1 >= end) break;
        at = next + 2;
      } else break;
      count++;
    }
    if (count > 0) this.sink.values(count);
    return at;
  }

  private keep(bytes: Uint8Array): void {
    const before = this.line ?? NOTHING;
    if (before.length + bytes.length > LINE_LIMIT) throw new ReplyFormatError('a line that does not end');
    const joined = new Uint8Array(before.length + bytes.length);
    joined.set(before);
    joined.set(bytes, before.length);
    this.line = joined;
  }

  /** Takes a line. @param lf index of its line feed. */
  private take(bytes: Uint8Array, at: number, lf: number): void {
    if (lf === at || bytes[lf - 1] !== CR) throw new ReplyFormatError('a line that ends without a carriage return');
    const end = lf - 1;
    switch (bytes[at]) {
      case PLUS:
        // QUEUED is the only status that says something of what follows.
        this.complete(end - at === 7 && bytes[at + 1] === 0x51 ? REPLY_QUEUED : REPLY_VALUE);
        return;
      case COLON:
        this.complete(REPLY_VALUE);
        return;
      case MINUS: {
        const depth = this.left.length;
        this.sink.error(latin1(bytes, at + 1, end), depth === 0 ? -1 : this.elements - this.left[0]);
        this.complete(REPLY_ERROR);
        return;
      }
      case DOLLAR: {
        const length = lengthOf(bytes, at + 1, end);
        if (length < 0) this.complete(REPLY_NULL);
        else this.skip = length + 2;
        return;
      }
      case STAR: {
        const count = lengthOf(bytes, at + 1, end);
        if (count < 0) this.complete(REPLY_NULL);
        else if (count === 0) this.complete(REPLY_VALUE);
        else this.open(count);
        return;
      }
      default:
        throw new ReplyFormatError(fillTemplate('{0} begins no reply', byteName(bytes[at])));
    }
  }

  private open(count: number): void {
    if (this.left.length === DEPTH_LIMIT) throw new ReplyFormatError('values that are nested too deep');
    if (this.left.length === 0) this.elements = count;
    this.left.push(count);
  }

  /** A value is whole, and maybe those that it is in. */
  private complete(kind: number): void {
    const { left } = this;
    this.kind = kind;
    while (left.length > 0) {
      const last = left.length - 1;
      left[last]--;
      if (left[last] > 0) return;
      left.pop();
      this.kind = REPLY_VALUE;
    }
    this.sink.reply(this.kind);
  }
}

const NOTHING = new Uint8Array(0);

/** A length: digits, or −1. */
function lengthOf(bytes: Uint8Array, from: number, end: number): number {
  if (end - from === 2 && bytes[from] === MINUS && bytes[from + 1] === 0x31) return -1;
  if (end === from || end - from > 10) throw new ReplyFormatError('a length that is no number');
  let value = 0;
  for (let at = from; at < end; at++) {
    const digit = bytes[at] - 0x30;
    if (digit < 0 || digit > 9) throw new ReplyFormatError('a length that is no number');
    value = value * 10 + digit;
  }
  return value;
}
