/** The arguments of one command of an AOF, one at a time: none of them is held, however long it is or many they are. */
import { Cursor } from '../cursor.js';
import { byteName, DecodeError } from '../errors.js';
import { EAGER_LIMIT, SliceSource, type Text } from '../rdb/string.js';
import type { Collection, Mark, Walker } from '../rdb/value-model.js';
import { type ByteSource, readFully } from '../source.js';

/** An argument: where its bytes stand. */
export interface CommandArgument {
  /** Offset in the part of its first byte. */
  readonly offset: number;
  /** Number of bytes. */
  readonly length: number;
}

const LF = 0x0a;
/** The bytes with which a command and an argument begin: `*` and `$`. */
export const COMMAND_START = 0x2a;
export const ARGUMENT_START = 0x24;
/** Bytes of a header line that servers read. */
const LINE_LIMIT = 1024;

/**
 * The arguments of a command that a scan has found.
 *
 * @param offset where the command begins, and `end` where it ends, in bytes from the start of the source.
 * @throws DecodeError if no count of arguments stands there, as when the file was overwritten since it was scanned.
 */
export function commandArguments(source: ByteSource, offset: number, end: number): Collection<CommandArgument> {
  const cursor = new Cursor(source, offset, end, Math.min(WINDOW, Math.max(1, end - offset)));
  const count = readNumber(cursor, COMMAND_START, 0);
  const first = cursor.offset;
  return {
    count,
    walk: (from) => new ArgumentWalker(cursor.fork(from?.offset ?? first), from?.index ?? 0, count),
  };
}

const WINDOW = 16 * 1024;

class ArgumentWalker implements Walker<CommandArgument> {
  constructor(
    private readonly cursor: Cursor,
    /** Arguments that were given. */
    private position: number,
    private readonly count: number,
  ) {}

  next(): CommandArgument | undefined {
    if (this.position >= this.count) return undefined;
    const length = readNumber(this.cursor, ARGUMENT_START, this.position);
    const { offset } = this.cursor;
    this.cursor.skip(length, 'the argument');
    // What the two bytes are that end an argument, no server looks at.
    this.cursor.skip(2, 'the argument');
    this.position++;
    return { offset, length };
  }

  mark(): Mark {
    return { offset: this.cursor.offset, index: this.position, inner: 0 };
  }
}

/** Reads a header line: a type byte, digits, and the line end. @throws DecodeError if another line stands there. */
export function readNumber(cursor: Cursor, type: number, argument: number): number {
  const start = cursor.offset;
  const first = cursor.u8('the command');
  if (first !== type) {
    throw type === COMMAND_START
      ? new DecodeError('aof-not-command', start, byteName(first))
      : new DecodeError('aof-not-bulk', start, byteName(first), argument);
  }
  // As `strtol` reads it: blanks, a plus sign, digits, and whatever stands behind them.
  let value = 0;
  let digits = true;
  let begun = false;
  for (let read = 0; read < LINE_LIMIT; read++) {
    const byte = cursor.u8('the command');
    if (byte === LF) return value;
    if (byte >= 0x30 && byte <= 0x39 && digits) {
      value = Math.min(value * 10 + (byte - 0x30), Number.MAX_SAFE_INTEGER);
      begun = true;
    } else if (begun) digits = false;
  }
  throw type === COMMAND_START
    ? new DecodeError('aof-bad-count', start)
    : new DecodeError('aof-bad-length', start, argument);
}

/** The bytes of an argument, or where to read them if it is long. */
export function argumentText(source: ByteSource, argument: CommandArgument): Text {
  const { offset, length } = argument;
  const slice = new SliceSource(source, offset, length);
  if (length > EAGER_LIMIT) return { length, source: slice, fileOffset: offset };
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, readFully(slice, 0, bytes));
}
