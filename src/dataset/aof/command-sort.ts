/** Sorting commands and touched keys by a column. */
import { sortByNumber } from '../sort.js';
import { sortVisited } from '../sort-names.js';
import type { CommandIndex } from './command-index.js';
import { visitKeyNames } from './key-names.js';
import type { PartFiles } from './part-files.js';

/** What commands can be sorted by; `number` is the order of the files. */
export interface CommandSort {
  readonly column: 'number' | 'bytes' | 'command' | 'key';
  readonly descending: boolean;
}

/** Rows that are handled before the caller gets a chance to do other things. */
const BLOCK = 1 << 17;

/**
 * Sorts commands by another column than their number; equal ones keep the order of the files, those without a key come
 * last. Yields between 0 and 1, how much is done.
 *
 * @param rows ascending numbers of commands; undefined stands for those before `length`.
 */
export function* sortCommands(
  files: PartFiles,
  index: CommandIndex,
  rows: Uint32Array | undefined,
  length: number,
  column: Exclude<CommandSort['column'], 'number'>,
  descending: boolean,
): Generator<number, Uint32Array> {
  switch (column) {
    case 'bytes':
      return yield* sortByNumber(rows, length, (row) => index.size(row), descending);
    case 'command': {
      const ranks = nameRanks(index);
      return yield* sortByNumber(rows, length, (row) => ranks[index.name(row)], descending);
    }
    case 'key': {
      const ranking = rankKeys(files, index);
      let ranked = ranking.next();
      for (; !ranked.done; ranked = ranking.next()) yield ranked.value * 0.6;
      const first = yield* firstRanks(index, ranked.value);
      const sorting = sortByNumber(rows, length, (row) => first[row] || Number.NaN, descending);
      let step = sorting.next();
      for (; !step.done; step = sorting.next()) yield 0.6 + step.value * 0.4;
      return step.value;
    }
  }
}

/** For each number of a name its place in the order of names. */
function nameRanks(index: CommandIndex): Uint32Array {
  const names = Array.from({ length: index.nameCount }, (_, number) => index.nameText(number));
  const order = names.map((_, number) => number).sort((a, b) => (names[a] < names[b] ? -1 : 1));
  const ranks = new Uint32Array(1 << 16);
  for (const [rank, number] of order.entries()) ranks[number] = rank;
  return ranks;
}

/** The keys in the order of their names, as `memcmp` gives it. Yields between 0 and 1, how much is done. */
export function* sortKeysByName(
  files: PartFiles,
  index: CommandIndex,
  keys: Uint32Array | undefined,
  length: number,
): Generator<number, Uint32Array> {
  return yield* sortVisited((visit) => visitKeyNames(files, index, keys, visit, 0, length), length);
}

/** For each key its place in the order of names, from 1. */
function* rankKeys(files: PartFiles, index: CommandIndex): Generator<number, Uint32Array> {
  const { length } = index.keys;
  const order = yield* sortKeysByName(files, index, undefined, length);
  const ranks = new Uint32Array(length);
  for (let i = 0; i < length; i++) ranks[order[i]] = i + 1;
  return ranks;
}

/** For each command the rank of its first key; 0 if it has none. */
function* firstRanks(index: CommandIndex, ranks: Uint32Array): Generator<number, Uint32Array> {
  const { keys } = index;
  const first = new Uint32Array(index.length);
  for (let mention = 0; mention < keys.mentions; mention++) {
    const command = keys.mentionCommand(mention);
    // A key that came while the names were sorted has no rank yet.
    if (first[command] === 0) first[command] = ranks[keys.mentionKey(mention)] ?? 0;
    if (mention % BLOCK === BLOCK - 1) yield 0.6;
  }
  return first;
}
