/** Filters over the commands of an AOF: by name, group, key, database, part, time, size and number. */

import { RowList } from '../filter.js';
import { compileKeyPattern } from '../key-pattern.js';
import type { CommandGroup, CommandIndex } from './command-index.js';
import { visitKeyNames } from './key-names.js';
import type { PartFiles } from './part-files.js';

/** Which names of keys match, in any case of letters or not. */
export interface KeyNameFilter {
  readonly text: string;
  readonly mode: 'text' | 'glob' | 'regex';
  readonly matchCase: boolean;
}

/** Which commands a view shows; what is absent does not matter. */
export interface CommandFilter {
  /** Names without subcommands, as the index tells them apart. */
  readonly names?: readonly string[];
  readonly groups?: readonly CommandGroup[];
  /** Any of the command's keys matches: text, glob or regular expression, as in the key grid. */
  readonly key?: KeyNameFilter;
  /** Exactly this key (its number in the list of touched keys): its history. */
  readonly keyId?: number;
  readonly dbs?: readonly number[];
  readonly parts?: readonly number[];
  /** Seconds since the epoch, both included. */
  readonly time?: readonly [from: number | null, to: number | null];
  /** Bytes, both included. */
  readonly size?: readonly [from: number | null, to: number | null];
  /** Numbers of commands, both included: what a brush on a chart selects. */
  readonly range?: readonly [from: number, to: number];
}

/** Rows that are tested before the caller gets a chance to do other things. */
const BLOCK = 1 << 16;

/** True if a filter lets all commands pass. */
export function isOpenFilter(filter: CommandFilter): boolean {
  return Object.values(filter).every((part) => part === undefined);
}

/** The keys whose names match, kept up with those that are added. */
export class KeyMatches {
  private bits = new Uint8Array(1024);
  private covered = 0;
  private readonly matches: ReturnType<typeof compileKeyPattern>;

  /** @throws PatternError if the pattern cannot be used. */
  constructor(filter: KeyNameFilter) {
    this.matches = compileKeyPattern({
      mode: filter.mode === 'text' ? 'substring' : filter.mode,
      text: filter.text,
      ignoreCase: !filter.matchCase,
    });
  }

  /** Looks at the keys that were not looked at yet. Yields between 0 and 1, how much is done. */
  *cover(files: PartFiles, index: CommandIndex): Generator<number> {
    const to = index.keys.length;
    const from = this.covered;
    if (to > this.bits.length * 8) {
      const bits = new Uint8Array(Math.max(this.bits.length * 2, Math.ceil(to / 8)));
      bits.set(this.bits);
      this.bits = bits;
    }
    const pass = visitKeyNames(
      files,
      index,
      undefined,
      (bytes, start, end, key) => {
        if (this.matches(bytes, start, end)) this.bits[key >> 3] |= 1 << (key & 7);
      },
      from,
      to,
    );
    for (const done of pass) yield done / (to - from);
    this.covered = to;
  }

  has(key: number): boolean {
    return ((this.bits[key >> 3] >> (key & 7)) & 1) === 1;
  }
}

/** The commands that pass a filter, kept up with those that are added to the index. */
export class CommandSelection {
  /** Commands that pass, ascending; undefined if all do. */
  readonly rows: RowList | undefined;
  /** Commands that were looked at, and the bytes of those that pass. */
  covered = 0;
  bytes = 0;
  private readonly keyMatches: KeyMatches | undefined;
  private mention = 0;
  private lastOfKey: number | undefined;

  /** @throws PatternError if the pattern for keys cannot be used. */
  constructor(
    private readonly files: PartFiles,
    private readonly index: CommandIndex,
    readonly filter: CommandFilter,
  ) {
    this.rows = isOpenFilter(filter) ? undefined : new RowList();
    this.keyMatches = filter.key ? new KeyMatches(filter.key) : undefined;
  }

  /** Number of commands that pass. */
  get length(): number {
    return this.rows?.length ?? this.covered;
  }

  /** The command at a position among those that pass. */
  at(position: number): number {
    return this.rows ? this.rows.toArray()[position] : position;
  }

  /** Position of the first command that passes and is not before one. */
  positionFrom(command: number): number {
    if (!this.rows) return Math.min(command, this.covered);
    const rows = this.rows.toArray();
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (rows[middle] < command) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** True if a command passes. */
  has(command: number): boolean {
    const position = this.positionFrom(command);
    return position < this.length && this.at(position) === command;
  }

  /** Takes in the commands that were added since. Yields between 0 and 1, how much is done. */
  *cover(): Generator<number> {
    const { index, rows, filter } = this;
    const from = this.covered;
    const to = index.length;
    if (to <= from) return;
    if (!rows) {
      this.bytes = index.bytes;
    } else if (filter.keyId !== undefined) {
      yield* this.coverHistory(filter.keyId, rows, to);
    } else if (this.keyMatches) {
      yield* this.coverKeys(this.keyMatches, rows, to);
    } else {
      const test = columnTest(index, filter);
      const [first, end] = boundsOf(filter, from, to);
      for (let row = first; row < end; row++) {
        if (test(row)) this.take(row, rows);
        if (row % BLOCK === BLOCK - 1) yield (row - first) / (end - first);
      }
    }
    this.covered = to;
  }

  private take(row: number, rows: RowList): void {
    rows.add(row);
    this.bytes += this.index.size(row);
  }

  /** Follows the chain of one key. */
  private *coverHistory(key: number, rows: RowList, to: number): Generator<number> {
    const { keys } = this.index;
    if (!(key >= 0 && key < keys.length)) return;
    if (this.keyMatches) yield* this.keyMatches.cover(this.files, this.index);
    const test = columnTest(this.index, this.filter);
    const total = Math.max(1, keys.commands(key));
    let at = this.lastOfKey === undefined ? keys.firstMention(key) : keys.nextMention(this.lastOfKey);
    for (let done = 1; at !== undefined; at = keys.nextMention(at), done++) {
      const command = keys.mentionCommand(at);
      if (command >= to) break;
      this.lastOfKey = at;
      if (test(command) && this.matchesAny(command)) this.take(command, rows);
      if (done % BLOCK === 0) yield done / total;
    }
  }

  private matchesAny(command: number): boolean {
    const { keyMatches } = this;
    return keyMatches === undefined || this.index.keys.keysOf(command).some((key) => keyMatches.has(key));
  }

  /** First which of the names match, then which commands have one of them. */
  private *coverKeys(matches: KeyMatches, rows: RowList, to: number): Generator<number> {
    const { keys } = this.index;
    for (const done of matches.cover(this.files, this.index)) yield done * 0.8;
    const test = columnTest(this.index, this.filter);
    let last = -1;
    const first = this.mention;
    for (; this.mention < keys.mentions; this.mention++) {
      const command = keys.mentionCommand(this.mention);
      if (command >= to) break;
      if (command !== last && matches.has(keys.mentionKey(this.mention)) && test(command)) {
        last = command;
        this.take(command, rows);
      }
      if (this.mention % BLOCK === BLOCK - 1) yield 0.8 + (0.2 * (this.mention - first)) / (keys.mentions - first);
    }
  }
}

/** The rows that a filter leaves by number, from `first` to before `end`. */
function boundsOf(filter: CommandFilter, from: number, to: number): [first: number, end: number] {
  const [first, last] = filter.range ?? [0, Number.POSITIVE_INFINITY];
  return [Math.max(from, first), Math.min(to, last + 1)];
}

/** The test over the columns; what a filter asks of keys is not in it. */
function columnTest(index: CommandIndex, filter: CommandFilter): (row: number) => boolean {
  const tests: ((row: number) => boolean)[] = [];
  const { names, groups, dbs, parts, time, size, range } = filter;
  if (range) {
    const [first, last] = range;
    tests.push((row) => row >= first && row <= last);
  }
  if (parts) tests.push(partTest(index, new Set(parts)));
  if (names || groups) {
    const allowedNames = names && new Set(names.map((name) => name.toUpperCase()));
    const allowedGroups = groups && new Set(groups);
    const allowed = new Uint8Array(index.nameCount);
    for (let number = 0; number < allowed.length; number++) {
      const own =
        (!allowedNames || allowedNames.has(index.nameText(number))) &&
        (!allowedGroups || allowedGroups.has(index.groupOf(number)));
      allowed[number] = own ? 1 : 0;
    }
    tests.push((row) => allowed[index.name(row)] === 1);
  }
  if (dbs) {
    const allowed = new Set(dbs);
    tests.push((row) => allowed.has(index.db(row)));
  }
  if (time) {
    const within = rangeTest(time);
    // What has no time is in no range.
    tests.push((row) => index.time(row) !== 0 && within(index.time(row)));
  }
  if (size) {
    const within = rangeTest(size);
    tests.push((row) => within(index.size(row)));
  }
  if (tests.length === 0) return () => true;
  if (tests.length === 1) return tests[0];
  return (row) => {
    for (const test of tests) if (!test(row)) return false;
    return true;
  };
}

function partTest(index: CommandIndex, parts: ReadonlySet<number>): (row: number) => boolean {
  // Commands are tested in their order, so the last answer is mostly the next.
  let from = 0;
  let to = 0;
  let allowed = false;
  return (row) => {
    if (row < from || row >= to) {
      const range = index.rangeOf(row);
      from = range.first;
      to = index.commandsOf(range.part)?.[1] ?? 0;
      allowed = parts.has(range.part);
    }
    return allowed;
  };
}

function rangeTest([from, to]: readonly [from: number | null, to: number | null]): (value: number) => boolean {
  const least = from ?? Number.NEGATIVE_INFINITY;
  const most = to ?? Number.POSITIVE_INFINITY;
  return (value) => value >= least && value <= most;
}
