/** The start of a command: as many of its arguments as a few bytes hold, for a row on the screen. */
import { type CommandEntry, commandNamed, keyArguments, subcommandOf } from '../../decoder/aof/command-table.js';
import type { CommandIndex } from './command-index.js';
import type { StretchReader } from './part-files.js';

/** Bytes of a command that are read for its row. */
export const HEAD_BYTES = 768;

/** An argument of which some bytes may be missing. */
export interface HeadArgument {
  /** The bytes that are at hand; valid until the reader reads again. */
  readonly bytes: Uint8Array;
  /** Bytes of the whole argument. */
  readonly length: number;
  /** Where it begins, from the start of the part. */
  readonly offset: number;
}

/** What the start of a command tells. */
export interface CommandHead {
  readonly arguments: readonly HeadArgument[];
  readonly entry: CommandEntry | undefined;
  /** With its subcommand, as the table writes it; of unknown ones the name alone. */
  readonly name: string;
  /** Arguments that the name takes: 2 with a subcommand. */
  readonly nameArguments: number;
  /** Position of the first key; −1 if there is none, or not among these arguments. */
  readonly keyAt: number;
}

const LF = 0x0a;

/** Reads the start of a command. */
export function readHead(reader: StretchReader, index: CommandIndex, row: number, most = HEAD_BYTES): CommandHead {
  const offset = index.offset(row);
  reader.read(index.rangeOf(row).part, offset, Math.min(index.size(row), most));
  const args = parseHead(reader.bytes, reader.start, reader.end, offset);
  const plain = index.nameText(index.name(row));
  const entry = commandNamed(plain);
  const word = args[1];
  const sub = entry && entry.subcommands.length > 0 && word ? subcommandOf(entry, word.bytes) : undefined;
  return {
    arguments: args,
    entry: sub ?? entry,
    name: sub?.name ?? plain,
    nameArguments: sub ? 2 : 1,
    keyAt: entry ? firstKey(entry, args, index.argc(row)) : -1,
  };
}

function firstKey(entry: CommandEntry, args: readonly HeadArgument[], argc: number): number {
  const { keyRule } = entry;
  if (keyRule.kind === 'none') return -1;
  if (keyRule.kind === 'range' && entry.subcommands.length === 0) {
    const last = keyRule.last < 0 ? argc + keyRule.last : keyRule.last;
    return keyRule.first <= last && keyRule.first < args.length ? keyRule.first : -1;
  }
  return keyArguments(entry, args.length, (at) => args[at]?.bytes ?? EMPTY)[0] ?? -1;
}

const EMPTY = new Uint8Array(0);

/** The arguments that begin in the bytes from `start` to `end`. @param offset of the byte at `start` in the part. */
function parseHead(bytes: Uint8Array, start: number, end: number, offset: number): HeadArgument[] {
  const found: HeadArgument[] = [];
  let at = lineEnd(bytes, start, end);
  while (at < end) {
    const data = lineEnd(bytes, at, end);
    if (data >= end && bytes[end - 1] !== LF) break;
    const length = numberAt(bytes, at + 1, data);
    const known = Math.min(end, data + length);
    found.push({ bytes: bytes.subarray(data, known), length, offset: offset + data - start });
    at = data + length + 2;
  }
  return found;
}

/** The index behind the next line feed; `end` if there is none. */
function lineEnd(bytes: Uint8Array, from: number, end: number): number {
  const at = bytes.indexOf(LF, from);
  return at < 0 || at >= end ? end : at + 1;
}

function numberAt(bytes: Uint8Array, from: number, end: number): number {
  let value = 0;
  let begun = false;
  for (let i = from; i < end; i++) {
    const digit = bytes[i] - 0x30;
    if (digit >= 0 && digit <= 9) {
      value = Math.min(value * 10 + digit, Number.MAX_SAFE_INTEGER);
      begun = true;
    } else if (begun) break;
  }
  return value;
}
