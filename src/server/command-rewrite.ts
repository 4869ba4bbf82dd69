/** Commands as they go to the target: with the keys that are wanted, under the names and in the databases they get there. */

import { matchesGlob } from '../dataset/glob.js';
import { type CommandEntry, keyArguments } from '../decoder/aof/command-table.js';
import { decimalNumber, sameWord } from '../decoder/aof/words.js';
import { integerText } from '../decoder/bytes.js';
import type { ReplayWhat, ReplayWhere } from './replay-options.js';
import type { SkipReason } from './replay-report.js';

/** A command to be sent, or why it is not. */
export type Rewritten = { readonly argv: readonly Uint8Array[] } | { readonly skip: SkipReason };

/** Commands that do the same to each of their keys: how many arguments belong to a key. */
export const SPLITTABLE: Readonly<Record<string, number>> = { DEL: 1, UNLINK: 1, TOUCH: 1, MSET: 2 };

/** Commands that reach all keys of a database, or several databases. */
const WIDE = new Set(['FLUSHALL', 'FLUSHDB', 'SWAPDB']);

/** True if commands have to be looked at, argument by argument. */
export function rewrites({ keys, dbs }: ReplayWhat, { dbMap, addPrefix, removePrefix }: ReplayWhere): boolean {
  return (
    keys !== undefined || dbs !== undefined || dbMap.size > 0 || addPrefix !== undefined || removePrefix !== undefined
  );
}

function changesKeys({ addPrefix, removePrefix }: ReplayWhere): boolean {
  return addPrefix !== undefined || removePrefix !== undefined;
}

/**
 * What becomes of a command under the filters and changes.
 *
 * @param entry undefined for a command that no table knows.
 * @param argv its arguments, the name first.
 */
export function rewriteCommand(
  entry: CommandEntry | undefined,
  argv: readonly Uint8Array[],
  what: Pick<ReplayWhat, 'keys' | 'dbs'>,
  where: ReplayWhere,
): Rewritten {
  // What a script or an unknown command writes, nobody can tell from its arguments.
  if (!entry || isScriptCall(entry)) return { skip: 'unknown-keys' };
  const keyed = what.keys !== undefined || changesKeys(where);
  if (WIDE.has(entry.name)) {
    const oneDatabase = entry.name === 'FLUSHDB' && !keyed;
    return oneDatabase ? { argv } : { skip: 'too-wide' };
  }
  const inDatabase = mapDatabases(entry, argv, what, where);
  if ('skip' in inDatabase || !keyed) return inDatabase;
  const positions = keyArguments(entry, argv.length, (at) => argv[at] ?? NOTHING);
  if (positions.length === 0) return what.keys === undefined && !entry.writes ? { argv } : { skip: 'filter' };
  const wanted = what.keys === undefined ? inDatabase : keepWanted(entry, inDatabase.argv, positions, what.keys);
  if ('skip' in wanted || !changesKeys(where)) return wanted;
  if (hasPatterns(entry, wanted.argv)) return { skip: 'pattern' };
  const changed = [...wanted.argv];
  for (const at of keyArguments(entry, changed.length, (at) => changed[at] ?? NOTHING)) {
    changed[at] = renamed(changed[at], where);
  }
  return { argv: changed };
}

const NOTHING = new Uint8Array(0);

function isScriptCall({ name, keyRule, group }: CommandEntry): boolean {
  return group === 'script' && keyRule.kind !== 'none' && /^(EVAL|FCALL)/.test(name);
}

/** Keeps the keys that match. */
function keepWanted(
  entry: CommandEntry,
  argv: readonly Uint8Array[],
  positions: readonly number[],
  glob: Uint8Array,
): Rewritten {
  const matching = positions.filter((at) => matchesGlob(glob, argv[at], 0, argv[at].length));
  if (matching.length === positions.length) return { argv };
  if (matching.length === 0) return { skip: 'filter' };
  const width = SPLITTABLE[entry.name];
  if (!width) return { skip: 'partial' };
  return { argv: [argv[0], ...matching.flatMap((at) => argv.slice(at, at + width))] };
}

function renamed(key: Uint8Array, { addPrefix, removePrefix }: ReplayWhere): Uint8Array {
  const had = removePrefix && startsWith(key, removePrefix) ? removePrefix.length : 0;
  const bare = key.subarray(had);
  if (!addPrefix) return bare;
  const name = new Uint8Array(addPrefix.length + bare.length);
  name.set(addPrefix);
  name.set(bare, addPrefix.length);
  return name;
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return bytes.length >= prefix.length && prefix.every((byte, i) => byte === bytes[i]);
}

/** Maps the databases that MOVE and COPY name. */
function mapDatabases(
  entry: CommandEntry,
  argv: readonly Uint8Array[],
  { dbs }: Pick<ReplayWhat, 'dbs'>,
  { dbMap }: ReplayWhere,
): Rewritten {
  if (dbs === undefined && dbMap.size === 0) return { argv };
  const at = entry.name === 'MOVE' ? 2 : entry.name === 'COPY' ? databaseOption(argv) : -1;
  if (at < 0 || at >= argv.length) return { argv };
  const db = decimalNumber(argv[at]);
  if (db === undefined || (dbs && !dbs.has(db))) return { skip: 'too-wide' };
  return { argv: argv.map((argument, i) => (i === at ? integerText(dbMap.get(db) ?? db) : argument)) };
}

function databaseOption(argv: readonly Uint8Array[]): number {
  for (let at = 3; at + 1 < argv.length; at++) if (sameWord(argv[at], 'DB')) return at + 1;
  return -1;
}

/** SORT reads keys by patterns, which cannot get a prefix where they say `nosort` or `#`. */
function hasPatterns(entry: CommandEntry, argv: readonly Uint8Array[]): boolean {
  if (entry.name !== 'SORT' && entry.name !== 'SORT_RO') return false;
  return argv.slice(2).some((word) => sameWord(word, 'BY') || sameWord(word, 'GET'));
}
