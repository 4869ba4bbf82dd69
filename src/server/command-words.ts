/** The first words of a command, for people and for rules that need no more. */
import { commandArguments } from '../decoder/aof/command-arguments.js';
import { DecodeError } from '../decoder/errors.js';
import { type ByteSource, readFully } from '../decoder/source.js';

/** Bytes of a command that are looked at first; only few commands need more. */
const HEAD_BYTES = 1024;

/**
 * The first arguments of a command that a scan has found.
 *
 * @param count arguments at most.
 * @param bytes of an argument at most; longer ones are cut.
 */
export function firstWords(source: ByteSource, offset: number, count: number, bytes: number): Uint8Array[] {
  const near = Math.min(source.size, offset + HEAD_BYTES);
  try {
    return wordsWithin(source, offset, near, count, bytes);
  } catch (error) {
    if (!(error instanceof DecodeError) || near === source.size) throw error;
    // A long argument goes beyond it.
    return wordsWithin(source, offset, source.size, count, bytes);
  }
}

function wordsWithin(source: ByteSource, offset: number, end: number, count: number, bytes: number): Uint8Array[] {
  const words: Uint8Array[] = [];
  const walker = commandArguments(source, offset, end).walk();
  while (words.length < count) {
    const argument = walker.next();
    if (!argument) break;
    const word = new Uint8Array(Math.min(bytes, argument.length));
    words.push(word.subarray(0, readFully(source, argument.offset, word)));
  }
  return words;
}
