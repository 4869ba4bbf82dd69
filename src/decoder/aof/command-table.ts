/** The commands of Redis, Valkey, KeyDB and their modules: what each does, and which of its arguments are keys. */

import { fromLatin1 } from '../bytes.js';
import { COMMAND_DATA } from './command-data.js';
import { type ArgumentAt, type KeyRule, keyPositions, parseKeyRule } from './command-keys.js';
import { sameWord } from './words.js';

/**
 * What a command does to what a file holds: changes keys, runs or keeps a script, frames a transaction, serves the
 * server itself, or none of these.
 */
export type KnownCommandGroup = 'write' | 'script' | 'transaction' | 'admin' | 'read';

/** A command, or a subcommand. */
export interface CommandEntry {
  /** In upper case; of a subcommand with that of its command: `XGROUP CREATE`. */
  readonly name: string;
  /** Its place in {@link allCommands}; of a subcommand that of its command. */
  readonly number: number;
  readonly group: KnownCommandGroup;
  /** COMMAND's flag `write`; of a command with subcommands, whether any of them has it. */
  readonly writes: boolean;
  /** It reaches beyond the keys it names: empties databases, or steers the server. */
  readonly dangerous: boolean;
  readonly keyRule: KeyRule;
  /** Number of arguments with the name; a negative one means at least as many. */
  readonly arity: number;
  /** COMMAND's flags that the table keeps: readonly, fast, blocking, noscript, pubsub. */
  readonly flags: readonly CommandFlag[];
  /** The family of the documentation: `string`, `sorted-set`, `json`. */
  readonly family: string;
  /** The release that brought it: of Redis if it is a number alone. */
  readonly since: string;
  readonly subcommands: readonly CommandEntry[];
}

export type CommandFlag = 'write' | 'readonly' | 'admin' | 'fast' | 'blocking' | 'noscript' | 'pubsub';

const FLAG_LETTERS: readonly (readonly [letter: string, flag: CommandFlag])[] = [
  ['w', 'write'],
  ['r', 'readonly'],
  ['a', 'admin'],
  ['f', 'fast'],
  ['b', 'blocking'],
  ['n', 'noscript'],
  ['p', 'pubsub'],
];

const GROUP_LETTERS: readonly (readonly [letter: string, group: KnownCommandGroup])[] = [
  ['A', 'admin'],
  ['R', 'read'],
  ['S', 'script'],
  ['W', 'write'],
];

/** Families that are about the server, not about what it keeps. */
const SERVER_FAMILIES: ReadonlySet<string> = new Set(['server', 'connection', 'cluster', 'pubsub', 'sentinel']);

/** Texts of an entry that only people read. */
interface CommandText {
  readonly syntax: string;
  readonly summary: string;
}

const TEXTS = new WeakMap<CommandEntry, CommandText>();

/** All commands in the order of their names, each with its subcommands. */
export function allCommands(): readonly CommandEntry[] {
  return Array.from(table().lines, (_, number) => entryAt(number));
}

/** How many commands there are. */
export function commandCount(): number {
  return table().lines.length;
}

/** The command at a place in {@link allCommands}; undefined behind the last one. */
export function commandAt(number: number): CommandEntry | undefined {
  return number < table().lines.length ? entryAt(number) : undefined;
}

/** The arguments behind the name, as the documentation writes them: `key value [NX|XX]`; '' if there are none. */
export function syntaxOf(entry: CommandEntry): string {
  return TEXTS.get(entry)?.syntax ?? '';
}

/** What the command does, in one line without a full stop. */
export function summaryOf(entry: CommandEntry): string {
  return TEXTS.get(entry)?.summary ?? '';
}

/** The commands, and what leads from the bytes of a name to them. */
interface Table {
  /** The fields of each command and of its subcommands, in the order of the names. */
  readonly lines: readonly (readonly Fields[])[];
  /** Those that were asked for: few files have many commands. */
  readonly entries: (CommandEntry | undefined)[];
  /** The names of all commands in lower case, one after another. */
  readonly names: Uint8Array;
  /** For each of these bytes the bit that makes a letter lower case, where there is one. */
  readonly cases: Uint8Array;
  /** Where each name begins. */
  readonly starts: Uint16Array;
  /** Bytes of the longest name. */
  readonly longest: number;
  /** Numbers of commands plus one; 0 is an empty slot. */
  readonly slots: Uint16Array;
}

/** A power of two, several times the number of commands. */
const SLOT_COUNT = 4096;

let known: Table | undefined;

/** The table, read when it is first asked for: much that is done with files needs no commands. */
function table(): Table {
  known ??= readTable(COMMAND_DATA);
  return known;
}

/** The fields of a line of the data, and behind them the family that it is in. */
type Fields = readonly string[];

/** Reads the table: see the head of its data. */
function readTable(data: string): Table {
  const commands = new Map<string, Fields[]>();
  let family = '';
  for (const line of data.split('\n')) {
    if (line.startsWith('@')) family = line.slice(1);
    else {
      const fields = line.split('\t');
      fields.push(family);
      const [command] = fields[0].split(' ');
      const own = commands.get(command);
      if (own) own.push(fields);
      else commands.set(command, [fields]);
    }
  }
  const sorted = [...commands.keys()].sort();
  const names = fromLatin1(sorted.join('').toLowerCase());
  return {
    lines: sorted.map((name) => commands.get(name) ?? []),
    entries: [],
    names,
    cases: names.map((byte) => (byte >= 0x61 && byte <= 0x7a ? 0x20 : 0)),
    starts: startsOf(sorted),
    longest: sorted.reduce((longest, name) => Math.max(longest, name.length), 0),
    slots: slotsOf(sorted),
  };
}

function entryAt(number: number): CommandEntry {
  const { lines, entries } = table();
  const entry = entries[number] ?? readCommand(lines[number], number);
  entries[number] = entry;
  return entry;
}

function startsOf(names: readonly string[]): Uint16Array {
  const starts = new Uint16Array(names.length + 1);
  for (const [i, name] of names.entries()) starts[i + 1] = starts[i] + name.length;
  return starts;
}

/**
 * The first slot to look at for a name of `length` bytes, at least one: the same for all ways to write its letters.
 * Four of the bytes tell most names apart, and all of them are compared afterwards.
 */
function slotOf(bytes: Uint8Array, from: number, length: number): number {
  const ends = Math.imul(bytes[from] & 0xdf, 0x9e3) + Math.imul(bytes[from + length - 1] & 0xdf, 0x1f5);
  const middle = Math.imul(bytes[from + (length >> 1)] & 0xdf, 0x53) + (bytes[from + (length >> 2)] & 0xdf);
  return (ends + middle + Math.imul(length, 0x2b7)) & (SLOT_COUNT - 1);
}

function slotsOf(names: readonly string[]): Uint16Array {
  const slots = new Uint16Array(SLOT_COUNT);
  for (const [number, name] of names.entries()) {
    let slot = slotOf(fromLatin1(name), 0, name.length);
    while (slots[slot] !== 0) slot = (slot + 1) & (SLOT_COUNT - 1);
    slots[slot] = number + 1;
  }
  return slots;
}

/**
 * The command whose name is the `length` bytes from `from`, in any case; undefined for an unknown one. Allocates
 * nothing: it is called for each command of a file.
 */
export function lookUpCommand(bytes: Uint8Array, from: number, length: number): CommandEntry | undefined {
  const { names, cases, starts, longest, slots } = known ?? table();
  if (length < 1 || length > longest) return undefined;
  for (let slot = slotOf(bytes, from, length); ; slot = (slot + 1) & (SLOT_COUNT - 1)) {
    const number = slots[slot] - 1;
    if (number < 0) return undefined;
    const start = starts[number];
    if (starts[number + 1] - start !== length) continue;
    let same = 0;
    while (same < length && (bytes[from + same] | cases[start + same]) === names[start + same]) same++;
    if (same === length) return entryAt(number);
  }
}

/** The command of a name in any case, with its subcommand if one is given: `set`, `XGROUP CREATE`. */
export function commandNamed(text: string): CommandEntry | undefined {
  const [word, ...rest] = text.split(' ');
  // A character beyond a byte is in no name; as latin1 it could look like one.
  if (!/^[\x20-\x7e]+$/.test(text)) return undefined;
  const entry = lookUpCommand(fromLatin1(word), 0, word.length);
  return entry === undefined || rest.length === 0 ? entry : subcommandOf(entry, fromLatin1(rest.join(' ')));
}

/** The subcommand that an argument names, in any case; undefined if the command has none of that name. */
export function subcommandOf(entry: CommandEntry, argument: Uint8Array): CommandEntry | undefined {
  const skip = entry.name.length + 1;
  return entry.subcommands.find((sub) => sameWord(argument, sub.name.slice(skip)));
}

/**
 * Positions of the keys among the arguments of a command, ascending, where 0 is its name. Keys that would lie beyond
 * the last argument are left out; nothing that arguments say makes it throw.
 * @param argc number of arguments, the name included.
 */
export function keyArguments(entry: CommandEntry, argc: number, argumentAt: ArgumentAt): number[] {
  if (entry.subcommands.length === 0) return keyPositions(entry.keyRule, argc, argumentAt);
  const subcommand = argc > 1 ? subcommandOf(entry, argumentAt(1)) : undefined;
  return subcommand ? keyPositions(subcommand.keyRule, argc, argumentAt) : [];
}

function readCommand(lines: readonly Fields[], number: number): CommandEntry {
  const subcommands = lines.filter(([name]) => name.includes(' ')).map((fields) => readEntry(fields, number, []));
  const own = lines.find(([name]) => !name.includes(' '));
  if (!own) throw new RangeError(`subcommands of no command: ${lines[0][0]}`);
  return readEntry(own, number, subcommands);
}

function readEntry(fields: Fields, number: number, subcommands: readonly CommandEntry[]): CommandEntry {
  const [name, arity, letters, keys, since, syntax, summary, family] = fields;
  const rule = ruleOf(keys);
  const keyRule: KeyRule = subcommands.some((sub) => sub.keyRule.kind !== 'none')
    ? { kind: 'other', specs: [], by: null }
    : rule;
  const writes = letters.includes('w') || subcommands.some((sub) => sub.writes);
  const entry: CommandEntry = {
    name,
    number,
    group: groupOf(letters, family, writes, keyRule.kind !== 'none', subcommands),
    writes,
    dangerous: letters.includes('d') || letters.includes('a'),
    keyRule,
    arity: Number(arity),
    flags: flagsOf(letters),
    family,
    since,
    subcommands,
  };
  TEXTS.set(entry, { syntax, summary });
  return entry;
}

const rules = new Map<string, KeyRule>();
const flags = new Map<string, readonly CommandFlag[]>();

/** Most commands share their rule and their flags with others. */
function ruleOf(text: string): KeyRule {
  let rule = rules.get(text);
  if (!rule) {
    rule = parseKeyRule(text);
    rules.set(text, rule);
  }
  return rule;
}

function flagsOf(letters: string): readonly CommandFlag[] {
  let found = flags.get(letters);
  if (!found) {
    found = FLAG_LETTERS.flatMap(([letter, flag]) => (letters.includes(letter) ? [flag] : []));
    flags.set(letters, found);
  }
  return found;
}

/** The group of a command in an AOF; one that neither reads nor names a key is there for the server's sake. */
function groupOf(
  letters: string,
  family: string,
  writes: boolean,
  hasKeys: boolean,
  subcommands: readonly CommandEntry[],
): KnownCommandGroup {
  const given = GROUP_LETTERS.find(([letter]) => letters.includes(letter));
  if (given) return given[1];
  if (family === 'scripting') return 'script';
  if (family === 'transactions') return 'transaction';
  if (writes) return 'write';
  if (hasKeys) return 'read';
  if (SERVER_FAMILIES.has(family)) return 'admin';
  return letters.includes('r') || subcommands.some((sub) => sub.group === 'read') ? 'read' : 'admin';
}
