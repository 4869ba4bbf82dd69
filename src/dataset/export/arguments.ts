/** How commands are written: as RESP, or as lines that redis-cli takes. */
import { fromLatin1 } from '../../decoder/bytes.js';
import { isLong, type Text } from '../../decoder/rdb/string.js';
import { piecesOf } from './formatter.js';
import type { OutBuffer } from './out-buffer.js';
import { cliArgument, cliPart } from './text-forms.js';

/** Writes one command after the other. Short ones are begun before it is known how many arguments they have. */
export interface CommandWriter {
  /** True for commands as a server takes them. */
  readonly isResp: boolean;
  /** Begins a command of fewer than a thousand arguments. @param name with letters only. */
  begin(name: string): void;
  /** An argument that is at hand. */
  argument(bytes: Uint8Array, start: number, end: number): void;
  /** An argument of plain ASCII without blanks. */
  word(text: string): void;
  /** An argument that is a number. */
  number(value: number | bigint): void;
  /** Ends the command that was begun. */
  finish(): void;
  /** Writes a whole command whose arguments may be long. */
  command(args: readonly Text[]): Generator<void>;
}

const STAR = 0x2a;
const DOLLAR = 0x24;
const CR = 0x0d;
const LF = 0x0a;
const ZERO = 0x30;
const BLANK = 0x20;
const QUOTE = 0x22;

/** Bytes of the largest head of a command: `*999\r\n`. */
const HEAD = 6;

/** Commands as a server takes them. */
export class RespCommands implements CommandWriter {
  readonly isResp = true;
  private head = 0;
  private count = 0;
  private readonly names = new Map<string, Uint8Array>();

  constructor(private readonly out: OutBuffer) {}

  begin(name: string): void {
    const { out } = this;
    out.need(HEAD + 64);
    this.head = out.size;
    out.size += HEAD;
    this.count = 0;
    let bytes = this.names.get(name);
    if (!bytes) {
      bytes = fromLatin1(`$${name.length}\r\n${name}\r\n`);
      this.names.set(name, bytes);
    }
    out.copy(bytes);
    this.count++;
  }

  argument(bytes: Uint8Array, start: number, end: number): void {
    const { out } = this;
    const length = end - start;
    out.need(length + 24);
    const to = out.bytes;
    to[out.size++] = DOLLAR;
    let { size } = out;
    if (length < 10) {
      to[size++] = ZERO + length;
    } else if (length < 100) {
      const tens = (length / 10) | 0;
      to[size++] = ZERO + tens;
      to[size++] = ZERO + length - tens * 10;
    } else {
      out.size = size;
      out.decimal(length);
      size = out.size;
    }
    to[size++] = CR;
    to[size++] = LF;
    if (length <= 32) {
      for (let at = start; at < end; at++) to[size++] = bytes[at];
    } else {
      to.set(bytes.subarray(start, end), size);
      size += length;
    }
    to[size++] = CR;
    to[size++] = LF;
    out.size = size;
    this.count++;
  }

  word(text: string): void {
    this.out.ascii(`$${text.length}\r\n${text}\r\n`);
    this.count++;
  }

  number(value: number | bigint): void {
    if (typeof value === 'bigint' || value < 0) {
      this.word(String(value));
      return;
    }
    const { out } = this;
    let digits = 1;
    for (let limit = 10; value >= limit; limit *= 10) digits++;
    out.need(32);
    const { bytes } = out;
    bytes[out.size++] = DOLLAR;
    if (digits > 9) bytes[out.size++] = ZERO + 1;
    bytes[out.size++] = ZERO + (digits % 10);
    bytes[out.size++] = CR;
    bytes[out.size++] = LF;
    out.decimal(value);
    out.bytes[out.size++] = CR;
    out.bytes[out.size++] = LF;
    this.count++;
  }

  finish(): void {
    const { out, head, count } = this;
    const { bytes } = out;
    const digits = count < 10 ? 1 : count < 100 ? 2 : 3;
    bytes[head] = STAR;
    let left = count;
    for (let at = head + digits; at > head; at--) {
      bytes[at] = ZERO + (left % 10);
      left = Math.floor(left / 10);
    }
    bytes[head + digits + 1] = CR;
    bytes[head + digits + 2] = LF;
    const spare = 3 - digits;
    if (spare === 0) return;
    // What was kept free for more digits goes.
    bytes.copyWithin(head + HEAD - spare, head + HEAD, out.size);
    out.size -= spare;
  }

  *command(args: readonly Text[]): Generator<void> {
    const { out } = this;
    out.ascii(`*${args.length}\r\n`);
    for (const arg of args) {
      out.ascii(`$${arg.length}\r\n`);
      for (const piece of piecesOf(arg)) {
        out.copy(piece);
        if (isLong(arg)) yield;
      }
      out.ascii('\r\n');
    }
    yield;
  }
}

/** Commands as lines of text. */
export class CliCommands implements CommandWriter {
  readonly isResp = false;

  constructor(private readonly out: OutBuffer) {}

  begin(name: string): void {
    this.out.ascii(name);
  }

  argument(bytes: Uint8Array, start: number, end: number): void {
    this.out.byte(BLANK);
    cliArgument(this.out, bytes, start, end);
  }

  word(text: string): void {
    this.out.byte(BLANK);
    this.out.ascii(text);
  }

  number(value: number | bigint): void {
    this.word(String(value));
  }

  finish(): void {
    this.out.byte(LF);
  }

  *command(args: readonly Text[]): Generator<void> {
    const { out } = this;
    for (const [i, arg] of args.entries()) {
      if (i > 0) out.byte(BLANK);
      if (!isLong(arg)) {
        cliArgument(out, arg, 0, arg.length);
        continue;
      }
      out.byte(QUOTE);
      for (const piece of piecesOf(arg)) {
        cliPart(out, piece, 0, piece.length);
        yield;
      }
      out.byte(QUOTE);
    }
    out.byte(LF);
    yield;
  }
}
