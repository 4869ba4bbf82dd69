/**
 * The messages of the AOF editor, beside those it shares with the RDB editor: types only. A command is known by its
 * number: its place among all commands of all parts, in the order in which a server runs them, from 0.
 */

import type { CommandFilter } from './dataset/aof/command-filter.js';
import type { CommandGroup } from './dataset/aof/command-index.js';
import type { CommandSort } from './dataset/aof/command-sort.js';
import type { CommandCopyFormat } from './dataset/aof/command-text.js';
import type { LoadFindingInfo } from './export-protocol.js';
import type { Phrase } from './format/messages.js';
import type { ChosenCommandRequests } from './job-protocol.js';
import type { Cell, Fact, ProblemInfo } from './protocol.js';
import type { ArgumentRequests } from './viewer-protocol.js';

export type { CommandCopyFormat, CommandFilter, CommandGroup };

/** What a server does not take of an AOF, and the part that the offset is in; null for the manifest. */
export interface AofLoadFinding extends LoadFindingInfo {
  readonly part: number | null;
  readonly file: string;
  /** In the RDB that the part begins with, a command, or what the file itself is. */
  readonly where: 'rdb' | 'command' | 'file';
}

/** What a part of an AOF is for. A single file has one part, with the role `single`. */
export type PartRole = 'base' | 'incr' | 'history' | 'single';

/** A part: a file. */
export interface PartInfo {
  /** Its number in this list. */
  readonly part: number;
  readonly file: string;
  readonly role: PartRole;
  readonly seq: number | null;
  readonly bytes: number;
  /** Bytes and keys of the RDB that the part is, or begins with; 0 if it holds none. */
  readonly rdbBytes: number;
  readonly rdbKeys: number;
  readonly commands: number;
  /** The first command of the part. */
  readonly firstCommand: number;
  /** Offset up to which the part is valid, as `redis-check-aof` counts it. */
  readonly validUpTo: number;
  readonly timeRange: readonly [from: number, to: number] | null;
  readonly missing: boolean;
}

/** Whether a server would load it: whole, with the tail cut (`aof-load-truncated yes`), or not at all. */
export type Verdict = 'loads' | 'loads-truncated' | 'refused';

export interface AofSummary {
  readonly state: 'scanning' | 'ready' | 'failed';
  readonly bytes: number;
  readonly scanned: number;
  readonly parts: readonly PartInfo[];
  /** Commands that are shown, those of history parts and behind damage included. */
  readonly commands: number;
  /** Commands that a server would run. */
  readonly loadedCommands: number;
  readonly commandsAfterDamage: number;
  readonly preambleKeys: number;
  readonly keysTouched: number;
  /** Seconds since the epoch, from the annotations. */
  readonly timeRange: readonly [from: number, to: number] | null;
  readonly verdict: Verdict | null;
  /** What the verdict rests on, in words; and what a server would lose, in bytes and commands. */
  readonly verdictReason: Phrase | null;
  readonly cut: {
    readonly part: number;
    readonly at: number;
    readonly bytes: number;
    readonly commands: number;
  } | null;
  /** Commands by name, the most frequent first; and databases. */
  readonly names: readonly CommandCount[];
  readonly databases: readonly { readonly db: number; readonly commands: number; readonly bytes: number }[];
  readonly problems: readonly AofProblem[];
  readonly moreProblems: number;
  readonly transactions: number;
  /** True while the files are watched for growth, and what has grown is added. */
  readonly following: boolean;
  readonly indexBytes: number;
  readonly inMemory: boolean;
}

export interface CommandCount {
  readonly name: string;
  readonly group: CommandGroup;
  readonly commands: number;
  readonly bytes: number;
}

export interface AofProblem extends ProblemInfo {
  /** Null for a problem of the manifest. */
  readonly part: number | null;
}

export type CommandColumnId = 'offset' | 'time' | 'db' | 'command' | 'key' | 'arguments' | 'bytes' | 'part' | 'number';

export interface CommandViewSpec {
  readonly filter: CommandFilter;
  readonly sort: CommandSort;
  /** Transactions as rows that open; only in the order of the file. */
  readonly fold: boolean;
}

/** A row of the list that is a command. */
export interface CommandRow {
  readonly kind: 'command';
  readonly command: number;
  readonly part: number;
  readonly offset: number;
  readonly bytes: number;
  readonly time: number | null;
  readonly db: number;
  /** Its name for the screen, with its subcommand. */
  readonly name: string;
  readonly group: CommandGroup;
  readonly key: Cell | null;
  /** Keys beyond the first. */
  readonly moreKeys: number;
  /** The start of the arguments behind the name and the first key, as redis-cli would take them. */
  readonly preview: string;
  readonly argc: number;
  /** 1 inside an opened transaction, else 0. */
  readonly depth: number;
  readonly damaged: boolean;
  readonly history: boolean;
}

/** A row that stands for a transaction: from its MULTI to its EXEC. */
export interface TransactionRow {
  readonly kind: 'transaction';
  /** Number of the MULTI: its identity in requests. */
  readonly command: number;
  readonly part: number;
  readonly offset: number;
  readonly bytes: number;
  readonly time: number | null;
  readonly db: number;
  /** Commands between MULTI and EXEC, of those that pass the filter. */
  readonly commands: number;
  /** Names of the commands in it, the most frequent first, with how often. */
  readonly names: readonly (readonly [name: string, count: number])[];
  readonly expanded: boolean;
  /** False if the file ends, or is damaged, before the EXEC. */
  readonly complete: boolean;
  readonly history: boolean;
}

/** A row where bytes stand that are no commands. */
export interface DamageRow {
  readonly kind: 'damage';
  readonly part: number;
  readonly offset: number;
  readonly bytes: number;
  readonly problem: AofProblem;
}

export type CommandListRow = CommandRow | TransactionRow | DamageRow;

export interface CommandViewState {
  /** Rows to scroll through. */
  readonly total: number;
  /** Commands that pass the filter, and their bytes. */
  readonly commands: number;
  readonly bytes: number;
  readonly growing: boolean;
}

/** What the detail pane shows of a command. */
export interface CommandDetail {
  readonly command: number;
  readonly name: string;
  readonly group: CommandGroup;
  /** One line of what the command does; null for an unknown one. */
  readonly summary: string | null;
  readonly syntax: string | null;
  readonly part: number;
  readonly offset: number;
  readonly bytes: number;
  readonly argc: number;
  readonly time: number | null;
  readonly db: number;
  readonly writes: boolean | null;
  /** First and last command of its transaction. */
  readonly transaction: readonly [from: number, to: number] | null;
  readonly facts: readonly Fact[];
  /** Why something of it cannot be shown. */
  readonly problem: ProblemInfo | null;
}

/** An argument of a command. */
export interface ArgumentInfo {
  readonly index: number;
  readonly cell: Cell;
  /** Where its bytes stand in the part. */
  readonly offset: number;
  readonly role: 'name' | 'key' | 'argument';
  /** For a key: its number in the list of touched keys. */
  readonly keyId: number | null;
}

/** A key that commands have touched. */
export interface TouchedKey {
  readonly keyId: number;
  readonly db: number;
  readonly name: Cell;
  readonly commands: number;
  /** Bytes of all commands that name it, and of the largest of them. */
  readonly bytes: number;
  readonly largest: number;
  /** Names of commands with how often, the most frequent first. */
  readonly names: readonly (readonly [name: string, count: number])[];
  readonly firstCommand: number;
  readonly lastCommand: number;
  readonly lastTime: number | null;
  /** True if the last command that names it removes it. */
  readonly removed: boolean;
}

export type TouchedColumnId = 'key' | 'db' | 'commands' | 'bytes' | 'largest' | 'lastCommand' | 'names';

export interface TouchedViewSpec {
  readonly filter: {
    readonly key?: CommandFilter['key'];
    readonly dbs?: readonly number[];
    readonly range?: readonly [from: number, to: number];
  };
  readonly sort: { readonly column: Exclude<TouchedColumnId, 'names'>; readonly descending: boolean };
}

export interface TouchedViewState {
  readonly total: number;
  readonly commands: number;
  readonly bytes: number;
  readonly growing: boolean;
}

/** Commands over time, or over the file: for each bucket and name of a series, how many commands and bytes. */
export interface Timeline {
  readonly axis: 'time' | 'number';
  /** Borders of the buckets, one more than there are buckets: seconds since the epoch, or numbers of commands. */
  readonly borders: readonly number[];
  /** First command of each bucket, one more than there are buckets: what a brush over buckets selects. */
  readonly commands: readonly number[];
  readonly series: readonly {
    readonly name: string;
    readonly counts: readonly number[];
    readonly bytes: readonly number[];
  }[];
}

export interface NamespaceShare {
  readonly name: string;
  readonly commands: number;
  readonly keys: number;
  readonly bytes: number;
}

/** How often the same data were written: all bytes written to a key against those of its largest command. */
export interface Amplification {
  readonly keyId: number;
  readonly db: number;
  readonly name: Cell;
  readonly commands: number;
  readonly bytes: number;
  readonly largest: number;
  readonly factor: number;
}

/**
 * How to repair: cut the tail where `redis-check-aof --fix` would, cut all parts at a time, leave out damage and keep
 * what is behind it, or put back the CRs of line ends.
 */
export type RepairWay = 'cut-tail' | 'cut-at-time' | 'drop-damage' | 'restore-crs';

/** Whole lines of a text of commands, or what a comment line says. */
export type TextPiece = string | Phrase;

/** A repair as it was planned: what it writes, what it loses, and what comes of it. */
export interface RepairInfo {
  /** Its number in requests. */
  readonly plan: number;
  readonly way: RepairWay;
  /** True if what it writes differs from what is there. */
  readonly changes: boolean;
  /** What is to be known before it is done. */
  readonly notes: readonly Phrase[];
  /** What it writes, the manifest last. */
  readonly files: readonly { readonly file: string; readonly bytes: number }[];
  /** True if the files belong into a folder together; false for a single file. */
  readonly folder: boolean;
  readonly lost: { readonly commands: number; readonly bytes: number };
  /** CRs that are put back: at line ends, and inside of values; null if that is not what it does. */
  readonly restored: { readonly lineEnds: number; readonly inValues: number } | null;
  /** What a server makes of the result; null if nothing would be left to load. */
  readonly verdict: Verdict | null;
  readonly verdictReason: Phrase | null;
}

/** A text of commands, as {@link AofRequests} gives it: lines, and what comment lines say. */
export interface CommandText {
  readonly pieces: readonly TextPiece[];
  readonly commands: number;
  /** The first command that is not in it, because it would have become too long; null if all are. */
  readonly stoppedAt: number | null;
}

/** The requests that the engine of an AOF answers. */
export interface AofRequests extends ArgumentRequests, ChosenCommandRequests {
  'aof.summary': { params: Record<string, never>; result: AofSummary };
  /** Makes a view show commands; answered with its first rows. */
  'commands.set': {
    params: { view: number; spec: CommandViewSpec; count?: number };
    result: CommandViewState & { readonly rows: readonly CommandListRow[] };
  };
  'commands.rows': {
    params: { view: number; from: number; count: number };
    result: { readonly rows: readonly CommandListRow[]; readonly state: CommandViewState };
  };
  'commands.close': { params: { view: number }; result: Record<string, never> };
  /** Opens or closes the transaction that begins with a command. */
  'commands.expand': { params: { view: number; command: number; expanded: boolean }; result: CommandViewState };
  /** Position of a command in a view, whose transaction is opened for it; null if the view does not show it. */
  'commands.locate': {
    params: { view: number; command: number };
    result: { position: number | null; state: CommandViewState };
  };
  /** The command at an offset of a part: the one that holds the byte, else the next; null if there is none. */
  'commands.at': { params: { part: number; offset: number }; result: { command: number | null } };
  'commands.copy': {
    params: { view: number; positions: readonly (readonly [number, number])[]; format: CommandCopyFormat };
    result: { text: string; commands: number };
  };
  'command.open': { params: { command: number }; result: CommandDetail };
  'command.arguments': {
    params: { command: number; from: number; count: number; search: string };
    result: { readonly items: readonly ArgumentInfo[]; readonly total: number };
  };
  /** Bytes of an argument, or of a whole command as it stands in the file (`argument` null). */
  'command.bytes': {
    params: { command: number; argument: number | null; from: number; count: number };
    result: { readonly from: number; readonly bytes: Uint8Array; readonly total: number };
  };
  'touched.set': {
    params: { view: number; spec: TouchedViewSpec; count?: number };
    result: TouchedViewState & { readonly rows: readonly TouchedKey[] };
  };
  'touched.rows': {
    params: { view: number; from: number; count: number };
    result: { readonly rows: readonly TouchedKey[]; readonly state: TouchedViewState };
  };
  /** A touched key by its exact name; in any database if `db` is null. */
  'touched.find': { params: { text: string; db: number | null }; result: { keyId: number | null } };
  'touched.locate': { params: { view: number; keyId: number }; result: { position: number | null } };
  'touched.copy': {
    params: { view: number; positions: readonly (readonly [number, number])[] };
    result: { text: string; keys: number };
  };
  'analysis.timeline': {
    params: { buckets: number; axis: 'time' | 'number'; filter: CommandFilter };
    result: Timeline;
  };
  'analysis.commands': { params: { filter: CommandFilter }; result: { readonly commands: readonly CommandCount[] } };
  'analysis.namespaces': {
    params: { filter: CommandFilter; separator: string; limit: number };
    result: { readonly namespaces: readonly NamespaceShare[]; readonly more: number };
  };
  'analysis.largest': {
    params: { filter: CommandFilter; limit: number };
    result: { readonly rows: readonly CommandRow[] };
  };
  'analysis.amplification': {
    params: { filter: CommandFilter; limit: number };
    result: { readonly keys: readonly Amplification[] };
  };
  /** What would keep a server from loading it, once all is read. */
  'aof.loads': {
    params: { target: string };
    result: { readonly loads: boolean; readonly findings: readonly AofLoadFinding[] };
  };
  /**
   * Opens the RDB of a part: from then on requests of the RDB editor are about it; one that is opened aside is for those
   * requests that say so. An error if the part holds none.
   */
  'base.open': { params: { part: number; aside?: boolean }; result: { readonly part: number } };
  /** The RDB that was opened aside is no longer wanted. */
  'base.leave': { params: Record<string, never>; result: Record<string, never> };
  /** Bytes of a part as they stand in the file. */
  'part.bytes': {
    params: { part: number; from: number; count: number };
    result: { readonly from: number; readonly bytes: Uint8Array; readonly total: number };
  };
  /** Plans a repair, when everything is read. @param time seconds since the epoch, to cut at a time. */
  'repair.plan': { params: { way: RepairWay; time: number | null }; result: RepairInfo };
  /** The commands that a repair would lose, with the most characters to give. */
  'repair.lost': { params: { plan: number; limit: number }; result: CommandText };
  /** Writes a repair to a path of the local machine: a file, or the folder for its files. */
  'repair.write': { params: { plan: number; path: string }; result: { readonly bytes: number } };
  /** Bytes of a file that a repair would write, by its place in the list; they are best asked for in their order. */
  'repair.bytes': {
    params: { plan: number; file: number; from: number; count: number };
    result: { readonly from: number; readonly bytes: Uint8Array; readonly total: number };
  };
  /** Writes the RDB that a part begins with to a path of the local machine. */
  'preamble.write': { params: { part: number; path: string }; result: { readonly bytes: number } };
  /** Commands as a text to read, from a command on, when everything is read; with the most characters to give. */
  'readable.text': { params: { from: number; limit: number }; result: CommandText };
  'aof.follow': { params: { on: boolean }; result: Record<string, never> };
}

/** What the engine of an AOF tells without being asked. */
export type AofEventMessage =
  | { readonly event: 'aof.summary'; readonly summary: AofSummary }
  | { readonly event: 'commands'; readonly view: number; readonly state: CommandViewState; readonly reordered: boolean }
  | { readonly event: 'touched'; readonly view: number; readonly state: TouchedViewState; readonly reordered: boolean };

/** What the palette asks of the webview of an AOF. */
export type AofWebviewCommand =
  | { readonly name: 'showCommand'; readonly command: number }
  | { readonly name: 'showPartOffset'; readonly part: number; readonly offset: number }
  | { readonly name: 'showHistory'; readonly keyId: number }
  /** The history of the key of the row that is selected. */
  | { readonly name: 'showSelectedHistory' }
  | { readonly name: 'copyCommands'; readonly format: CommandCopyFormat }
  /** Opens the commands from the selected row on as a text. */
  | { readonly name: 'openReadableHere' };

/** What the user has arranged in AOF editors. */
export interface AofPreferences {
  readonly columnWidths?: Readonly<Partial<Record<CommandColumnId | TouchedColumnId, number>>>;
  readonly hiddenColumns?: readonly CommandColumnId[];
  /** Columns that are not shown unless they are asked for. */
  readonly shownColumns?: readonly CommandColumnId[];
  readonly fold?: boolean;
  readonly split?: number;
}
