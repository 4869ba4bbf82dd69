/** One command of a block: its arguments, wherever its bytes are, and what is told of it. */
import { MemorySource, readFully } from '../decoder/source.js';
import { argumentsOf } from './command-frame.js';
import { firstWords } from './command-words.js';
import type { NextCommand } from './replay-control.js';
import type { CommandBlock, ReplayInput } from './replay-input.js';

/** What is told of a command: arguments, and bytes of one. */
const TOLD_WORDS = 16;
const TOLD_BYTES = 128;

/** All arguments of a command, the name first. @throws DecodeError if no command stands there any more. */
export function argumentsAt(input: ReplayInput, block: CommandBlock, row: number): Uint8Array[] {
  const start = block.start[row];
  const size = block.size[row];
  return start >= 0
    ? argumentsOf(block.buffer.bytes, start, start + size)
    : argumentsOf(readWhole(input, block, row), 0, size);
}

/** The bytes of a command that is not in the buffer of its block. */
export function readWhole(input: ReplayInput, block: CommandBlock, row: number): Uint8Array {
  const bytes = new Uint8Array(block.size[row]);
  const source = input.source(block.part);
  if (source) readFully(source, block.offset[row], bytes);
  return bytes;
}

/** Where a row begins in its part; behind the last one, where that ends. */
export function offsetOf({ length, offset, size }: CommandBlock, row: number): number {
  return row < length ? offset[row] : offset[length - 1] + size[length - 1];
}

/** What is told of a command that was not sent yet. */
export function toldOf(input: ReplayInput, block: CommandBlock, row: number): NextCommand {
  const start = block.start[row];
  const size = block.size[row];
  const source =
    start < 0 ? input.source(block.part) : new MemorySource(block.buffer.bytes.subarray(start, start + size));
  const words = source ? firstWords(source, start < 0 ? block.offset[row] : 0, TOLD_WORDS, TOLD_BYTES) : [];
  return { name: input.names.name(block.name[row]), words, argc: block.argc[row], bytes: size };
}
