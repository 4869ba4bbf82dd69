/** What was done to a key: the names of the commands that name it, and whether the last of them removes it. */
import type { CommandIndex } from './command-index.js';
import type { KeyTotals } from './key-totals.js';

/** Mentions that are followed before the caller gets a chance to do other things. */
const BLOCK = 1 << 15;

/** A name of commands with how often. */
export type NameCount = readonly [name: string, count: number];

/** Counts the names of the commands that name a key, the most frequent first. */
export function* namesOfKey(index: CommandIndex, key: number, totals: KeyTotals): Generator<void, NameCount[]> {
  const { keys } = index;
  const counts = new Map<number, number>();
  const last = totals.lastMention(key);
  let at: number | undefined = totals.commands(key) > 0 ? totals.firstMention(key) : undefined;
  for (let done = 1; at !== undefined && at <= last; at = keys.nextMention(at), done++) {
    const name = index.name(keys.mentionCommand(at));
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (done % BLOCK === 0) yield;
  }
  return namesInOrder(index, counts);
}

/** Counts by number of a name as names, the most frequent first. */
export function namesInOrder(index: CommandIndex, counts: ReadonlyMap<number, number>): NameCount[] {
  return [...counts]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .map(([number, count]) => [index.nameText(number), count] as const);
}

/** Commands after which the keys they name are gone, and those after which the first of them is. */
const REMOVES_ALL: ReadonlySet<string> = new Set(['DEL', 'UNLINK', 'GETDEL', 'MOVE', 'MIGRATE', 'DELIFEQ', 'DELEX']);
const REMOVES_FIRST: ReadonlySet<string> = new Set(['RENAME', 'RENAMENX']);

/** True if the command of a mention leaves no key where the mention's key was. */
export function removesKey(index: CommandIndex, mention: number): boolean {
  const { keys } = index;
  const command = keys.mentionCommand(mention);
  const name = index.nameText(index.name(command));
  if (REMOVES_ALL.has(name)) return true;
  return REMOVES_FIRST.has(name) && keys.mentionFrom(command) === mention;
}
