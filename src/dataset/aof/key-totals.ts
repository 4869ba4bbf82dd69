/** What the commands of a selection add up to for each key. */
import type { CommandSelection } from './command-filter.js';
import type { CommandIndex } from './command-index.js';

/** Sums by key: as the index has them for all commands, or counted for some of them. */
export interface KeyTotals {
  /** Keys that the sums cover: those with higher numbers have none. */
  readonly length: number;
  commands(key: number): number;
  bytes(key: number): number;
  largest(key: number): number;
  firstMention(key: number): number;
  lastMention(key: number): number;
}

/** Mentions that are counted before the caller gets a chance to do other things. */
const BLOCK = 1 << 17;

/** Counts for each key the commands of a selection that name it. Yields between 0 and 1, how much is done. */
export function* keyTotals(index: CommandIndex, selection: CommandSelection): Generator<number, KeyTotals> {
  const { keys } = index;
  if (!selection.rows) return keys;
  const { length } = keys;
  const commands = new Uint32Array(length);
  const bytes = new Float64Array(length);
  const largest = new Float64Array(length);
  const first = new Uint32Array(length);
  const last = new Uint32Array(length);
  const rows = selection.rows.toArray();
  let mention = rows.length > 0 ? keys.mentionFrom(rows[0]) : 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const size = index.size(row);
    while (mention < keys.mentions && keys.mentionCommand(mention) < row) mention++;
    for (; mention < keys.mentions && keys.mentionCommand(mention) === row; mention++) {
      const key = keys.mentionKey(mention);
      if (commands[key] === 0) first[key] = mention;
      commands[key]++;
      bytes[key] += size;
      if (size > largest[key]) largest[key] = size;
      last[key] = mention;
    }
    if (i % BLOCK === BLOCK - 1) yield i / rows.length;
  }
  return {
    length,
    commands: (key) => commands[key],
    bytes: (key) => bytes[key],
    largest: (key) => largest[key],
    firstMention: (key) => first[key],
    lastMention: (key) => last[key],
  };
}
