/**
 * Finding the next command behind damage: where a record stands that begins with `*n`, `$length` and a name, and whose
 * arguments end as they should. Bounded work for each byte, whatever the bytes are.
 */
import { type ByteSource, readFully } from '../source.js';

/** Bytes that one step of the search goes on. */
const STEP = 256 * 1024;
/** Bytes at hand behind a place that is looked at: enough for the head of a command, and for most commands. */
const MARGIN = 4096;
/** Arguments that are looked at before a command is believed. */
const ARGUMENTS = 32;
/** Bytes of a name; no command has half as many. */
const NAME_LIMIT = 40;
/** The longest header: `$`, ten digits, CR LF. */
const HEADER = 13;

const STAR = 0x2a;
const DOLLAR = 0x24;

/** The search from a place on. */
export class CommandSearch {
  private readonly buffer = new Uint8Array(STEP + MARGIN);
  private readonly header = new Uint8Array(HEADER);
  /** Offset of the byte at the start of the buffer, and how many of its bytes count. */
  private base = 0;
  private filled = 0;
  private number = 0;

  /** @param at where the search begins; @param end bytes of the file. */
  constructor(
    private readonly source: ByteSource,
    private at: number,
    private readonly end: number,
  ) {}

  /** Offset up to which there is no command. */
  get position(): number {
    return Math.min(this.at, this.end);
  }

  /** Searches the next stretch. @returns the offset of a command; 'none' at the end; undefined if it is not over. */
  step(): number | 'none' | undefined {
    if (this.at >= this.end) return 'none';
    this.base = this.at;
    const wanted = Math.min(this.buffer.length, this.end - this.base);
    this.filled = readFully(this.source, this.base, this.buffer.subarray(0, wanted));
    if (this.filled === 0) {
      this.at = this.end;
      return 'none';
    }
    const stop = Math.min(this.filled, STEP);
    for (let i = this.buffer.indexOf(STAR); i >= 0 && i < stop; i = this.buffer.indexOf(STAR, i + 1)) {
      if (this.isCommand(this.base + i)) return this.base + i;
    }
    this.at = this.base + stop;
    return undefined;
  }

  /** True if a command begins at an offset and ends within the file, as far as is looked. */
  private isCommand(offset: number): boolean {
    let at = this.readHeader(offset, STAR);
    const argc = this.number;
    if (at < 0 || argc < 1) return false;
    const nameAt = this.readHeader(at, DOLLAR);
    if (nameAt < 0 || this.number < 1 || this.number > NAME_LIMIT || !this.isName(nameAt, this.number)) return false;
    at = nameAt + this.number;
    if (!this.isLineEnd(at)) return false;
    at += 2;
    for (let i = 1; i < Math.min(argc, ARGUMENTS); i++) {
      at = this.readHeader(at, DOLLAR);
      if (at < 0) return false;
      at += this.number;
      if (at + 2 > this.end || !this.isLineEnd(at)) return false;
      at += 2;
    }
    return true;
  }

  /** Bytes from an offset on, out of the buffer where it holds them. */
  private bytesAt(offset: number, count: number): Uint8Array {
    const from = offset - this.base;
    if (from >= 0 && from + count <= this.filled) return this.buffer.subarray(from, from + count);
    return this.header.subarray(0, readFully(this.source, offset, this.header.subarray(0, count)));
  }

  /** Reads a type byte, digits and CR LF. @returns the offset behind them, −1 if there is anything else. */
  private readHeader(offset: number, type: number): number {
    const bytes = this.bytesAt(offset, Math.min(HEADER, Math.max(0, this.end - offset)));
    if (bytes[0] !== type) return -1;
    let digits = 1;
    let number = 0;
    while (digits < bytes.length && bytes[digits] >= 0x30 && bytes[digits] <= 0x39) {
      number = number * 10 + (bytes[digits] - 0x30);
      digits++;
    }
    if (digits === 1 || bytes[digits] !== 0x0d || bytes[digits + 1] !== 0x0a) return -1;
    this.number = number;
    return offset + digits + 2;
  }

  private isLineEnd(offset: number): boolean {
    const bytes = this.bytesAt(offset, 2);
    return bytes[0] === 0x0d && bytes[1] === 0x0a;
  }

  /** Names of commands have letters, digits and few signs. */
  private isName(offset: number, length: number): boolean {
    for (let at = offset; at < offset + length; at += HEADER) {
      for (const byte of this.bytesAt(at, Math.min(HEADER, offset + length - at))) {
        const letter = (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
        const other = (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x5f || byte === 0x2d;
        if (!letter && !other) return false;
      }
    }
    return true;
  }
}
