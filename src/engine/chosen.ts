/** What was chosen in an editor, as jobs take it: a bit for each key or command, so that ten million are a megabyte. */
import type { CommandIndex } from '../dataset/aof/command-index.js';
import type { CommandSet, KeySet } from '../job-protocol.js';

/** Rows after which others get a turn. */
const BLOCK = 1 << 16;

/** Gathers rows. Yields how many were taken, as a part of the whole. */
function* bitsOf(
  rows: Iterable<number | undefined>,
  length: number,
): Generator<number, { bits: Uint8Array; count: number }> {
  const bits = new Uint8Array(Math.ceil(length / 8));
  let count = 0;
  let seen = 0;
  for (const row of rows) {
    seen++;
    if (seen % BLOCK === 0) yield Math.min(1, seen / length);
    if (row === undefined) continue;
    const bit = 1 << (row & 7);
    if ((bits[row >> 3] & bit) !== 0) continue;
    bits[row >> 3] |= bit;
    count++;
  }
  return { bits, count };
}

/** The set of keys. @param rows of the key index; undefined where one was looked at and not taken. */
export function* keySet(rows: Iterable<number | undefined>, length: number): Generator<number, KeySet> {
  const { bits, count } = yield* bitsOf(rows, length);
  return { bits, keys: count, of: length };
}

/** The set of commands. Of a transaction, MULTI and EXEC come with each of its commands: it stays one. */
export function* commandSet(
  rows: Iterable<number>,
  index: CommandIndex,
  firsts: CommandSet['firsts'],
): Generator<number, CommandSet> {
  const { bits, count } = yield* bitsOf(withFrames(rows, index), index.length);
  return { bits, commands: count, firsts };
}

function* withFrames(rows: Iterable<number>, { transactions }: CommandIndex): Generator<number> {
  for (const row of rows) {
    yield row;
    const at = transactions.positionOf(row);
    if (at < 0) continue;
    const { first, last, complete } = transactions.at(at);
    yield first;
    if (complete) yield last;
  }
}
