/**
 * The messages between webview, extension and engine: types only. A request carries a number and gets exactly one
 * answer with that number: data, an error, or the word that it was cancelled. Events carry none.
 */

import type { AnalysisEventMessage, AnalysisHostRequests, AnalysisRequests } from './analysis-protocol.js';
import type { AofEventMessage, AofPreferences, AofRequests, AofWebviewCommand } from './aof-protocol.js';
import type { CompareEventMessage, CompareHostRequests, CompareRequests } from './compare-protocol.js';
import type { KeyFilter } from './dataset/filter.js';
import type { CopyFormat } from './dataset/key-text.js';
import type { FolderOrder } from './dataset/namespaces.js';
import type { KeySort, SortColumn } from './dataset/sort.js';
import type { ExportRequests, MergeRequests } from './export-protocol.js';
import type { MessageArg, Phrase } from './format/messages.js';
import type { ChosenRequests, JobHostRequests, JobPageEvent, JobPageRequests } from './job-protocol.js';
import type { MemoryInfo, MemoryRequests } from './memory-protocol.js';
import type { RememberedDecoders, ViewerRequests } from './viewer-protocol.js';

export type { ExpiryFilter, KeyFilter } from './dataset/filter.js';
export type { KeyPattern } from './dataset/key-pattern.js';
export type { ValuePattern } from './dataset/value-pattern.js';
export type { CopyFormat, FolderOrder, KeySort, MessageArg, Phrase };

/** The columns of the key grid. */
export type ColumnId = SortColumn;

/** What a grid shows. */
export interface ViewSpec {
  readonly filter: KeyFilter;
  readonly sort: KeySort;
  /** A list of keys, or folders of keys whose names share what stands before a separator. */
  readonly layout: 'list' | 'tree';
  readonly separator: string;
  readonly folderOrder: FolderOrder;
}

/** A time as a number of ms since the epoch; as decimal text where a number is not exact. */
export type Time = number | string;

/** A row of the grid that is a key. */
export interface KeyRow {
  readonly kind: 'key';
  /** Number of the key in the file, from 0: its identity in requests. */
  readonly row: number;
  /** The name for the screen, in a tree without its folders. Cut if it is very long. */
  readonly name: string;
  readonly nameCut: boolean;
  readonly depth: number;
  readonly type: string;
  readonly encoding: string | null;
  readonly elements: number | null;
  readonly size: number;
  /** Estimated bytes in memory; null while they are not known. */
  readonly memory: number | null;
  readonly offset: number;
  readonly expireAt: Time | null;
  readonly db: number;
  readonly idle: number | null;
  readonly freq: number | null;
  /** True if the value was found damaged. */
  readonly damaged: boolean;
  /** Where the value has what is searched for, in a view that searches values. */
  readonly match?: MatchInfo | null;
}

/** A part of a value that has what is searched for. */
export interface MatchInfo {
  /** The section of the value that holds it, and the position of the element in it; null where it is in no section. */
  readonly section: string | null;
  readonly position: number;
  readonly part: 'value' | 'element' | 'member' | 'field' | 'entry';
  /** The field or the id of the entry that it stands under. */
  readonly of: Cell | null;
  /** The match with a little of what stands around it, for the screen. */
  readonly text: string;
}

/** A row of the grid that is a folder of keys. */
export interface FolderRow {
  readonly kind: 'folder';
  /** Its identity in requests. */
  readonly folder: number;
  readonly name: string;
  readonly nameCut: boolean;
  readonly depth: number;
  readonly expanded: boolean;
  readonly keys: number;
  readonly bytes: number;
  readonly memory: number | null;
}

/** A row of a tree that stands for folders that are too many to be listed. */
export interface RestRow {
  readonly kind: 'rest';
  readonly depth: number;
  readonly keys: number;
  readonly bytes: number;
  readonly memory: number | null;
}

export type GridRow = KeyRow | FolderRow | RestRow;

/** A row of the grid, wherever it stands: a key, or a folder by its identity. */
export type RowPlace = { readonly row: number } | { readonly folder: number };

/** A name: words of ours, or what is called the same in every language. */
export type Name = string | Phrase;

/** What is known of a problem, ready to be shown. */
export interface ProblemInfo {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly offset: number;
  /** English template and what fills it, for translation. */
  readonly template: string;
  readonly args: readonly MessageArg[];
  /** The key whose value it is in: its row. */
  readonly row: number | null;
}

export type ChecksumInfo = 'ok' | 'mismatch' | 'disabled' | 'absent' | 'pending';

/** What the engine is doing with the file, and what is known of it so far. */
export interface Summary {
  readonly state: 'scanning' | 'ready' | 'failed';
  /** Bytes of the file, and of it those that are scanned. */
  readonly bytes: number;
  readonly scanned: number;
  /** `REDIS0011` and the like; null while unknown or if the file is no RDB. */
  readonly magic: string | null;
  readonly version: number | null;
  readonly server: { readonly make: 'redis' | 'valkey' | 'keydb'; readonly version: string | null } | null;
  /** When the file was saved, ms since the epoch. */
  readonly created: number | null;
  /** Memory that the server used when it saved, bytes. */
  readonly usedMemory: number | null;
  /** What the keys cost as far as they were measured. */
  readonly memory: MemoryInfo;
  readonly keys: number;
  readonly expires: number;
  readonly databases: readonly {
    readonly db: number;
    readonly keys: number;
    readonly expires: number;
    readonly bytes: number;
  }[];
  readonly types: readonly { readonly type: string; readonly keys: number; readonly bytes: number }[];
  readonly encodings: readonly { readonly encoding: string; readonly keys: number }[];
  readonly functions: number;
  readonly records: number;
  readonly checksum: ChecksumInfo;
  /** From 0 to 1, while the checksum is computed. */
  readonly checksumProgress: number;
  /** Bytes behind the end of the RDB. */
  readonly trailingBytes: number;
  readonly problems: readonly ProblemInfo[];
  /** Problems that were too many to be listed. */
  readonly moreProblems: number;
  readonly hasIdle: boolean;
  readonly hasFreq: boolean;
  /** The deep check of all values: not asked for, running (keys done), or done. */
  readonly verified: 'no' | 'running' | 'done';
  readonly verifiedKeys: number;
  /** Bytes of memory that the index takes. */
  readonly indexBytes: number;
  /** True if the whole file was read into memory, because its file system has no positional reads. */
  readonly inMemory: boolean;
}

/** A view as it stands after a request. */
export interface ViewState {
  /** Number of rows to scroll through: keys, or in a tree what is expanded. */
  readonly total: number;
  /** Number of keys that pass the filter, and the bytes of their records. */
  readonly keys: number;
  readonly bytes: number;
  /** Estimated bytes of memory of those keys; null while they are not known. */
  readonly memory: number | null;
  /** True while the file is scanned and more rows may come. */
  readonly growing: boolean;
}

/** A string cell of a value: the start of it for the screen. */
export interface Cell {
  readonly text: string;
  /** Bytes of the whole string. */
  readonly bytes: number;
  /** True if the text is only the start. */
  readonly cut: boolean;
}

/** Kinds of columns in a table of elements. */
export type ItemColumn =
  | 'index'
  | 'rank'
  | 'value'
  | 'member'
  | 'score'
  | 'field'
  | 'expireAt'
  | 'id'
  | 'fields'
  | 'name'
  | 'lastId'
  | 'entriesRead'
  | 'lag'
  | 'pending'
  | 'consumers'
  | 'consumer'
  | 'deliveryTime'
  | 'deliveryCount'
  | 'seenTime'
  | 'activeTime'
  | 'kind'
  | 'timestamp'
  | 'vector'
  | 'attributes'
  | 'level'
  | 'entries'
  | 'longitude'
  | 'latitude'
  | 'similarity';

/** A cell of a table of elements; a number is shown as one, a time as a date, null as absent. */
export type ItemCell =
  | Cell
  | number
  | string
  | null
  | Phrase
  | { readonly time: Time }
  | { readonly pairs: readonly (readonly [Cell, Cell])[]; readonly more: number };

/** A named fact. */
export interface Fact {
  readonly name: Name;
  readonly value: ItemCell;
}

/** A part of a value: one table, one text, or facts. */
export interface Section {
  /** Identity in requests. */
  readonly id: string;
  readonly title: Name;
  readonly kind: 'items' | 'text' | 'facts' | 'registers' | 'bits';
  /** A picture that stands over the table: its points are the elements. */
  readonly picture?: 'map' | 'vectors' | 'chart';
  readonly columns?: readonly ItemColumn[];
  /** Number of elements, where it is known without a walk. */
  readonly count?: number | null;
  /** Bytes of a text. */
  readonly bytes?: number;
  readonly facts?: readonly Fact[];
  /** True for a table whose rows open a section of their own: groups of a stream. */
  readonly opens?: boolean;
}

/** What the value pane shows of a key before its elements. */
export interface ValueInfo {
  readonly row: number;
  readonly key: Cell;
  readonly type: string;
  readonly valueType: string;
  readonly encoding: string | null;
  readonly elements: number | null;
  readonly size: number;
  /** Estimated bytes in memory; null while they are not known. */
  readonly memory: number | null;
  readonly offset: number;
  readonly valueOffset: number;
  readonly end: number;
  readonly db: number;
  readonly slot: number;
  readonly expireAt: Time | null;
  readonly idle: number | null;
  readonly freq: number | null;
  readonly facts: readonly Fact[];
  readonly sections: readonly Section[];
  /** Why the value cannot be shown, or not whole. */
  readonly problem: ProblemInfo | null;
}

/** A page of elements. */
export interface ItemPage {
  readonly from: number;
  readonly items: readonly (readonly ItemCell[])[];
  /** Positions of the items among all elements, where a search skips some. */
  readonly positions: readonly number[];
  /** Number of elements, or of matches; null while unknown. */
  readonly total: number | null;
  /** True if the page reaches the end. */
  readonly last: boolean;
  readonly problem: ProblemInfo | null;
}

/** A page of bytes. */
export interface BytePage {
  readonly from: number;
  readonly bytes: Uint8Array;
  readonly total: number;
}

/** A record of the file that is no key. */
export interface RecordInfo {
  readonly offset: number;
  readonly end: number;
  readonly opcode: number;
  readonly name: string;
  /** What it says, by part. */
  readonly parts: readonly Fact[];
}

/** A library of functions. */
export interface FunctionInfo {
  readonly name: string;
  readonly engine: string;
  readonly offset: number;
  readonly bytes: number;
  /** The source, as far as it is valid text; cut if it is very long. */
  readonly code: string;
  readonly cut: boolean;
}

/** What stands at an offset of the file. */
export interface Place {
  readonly offset: number;
  readonly kind: 'header' | 'record' | 'key' | 'checksum' | 'trailing' | 'unread';
  readonly row: number | null;
  /** Where what stands there begins and ends. */
  readonly start: number;
  readonly end: number;
}

/** A cell of a value whose bytes are asked for: section, position of the element, column; and inside a stream entry, the field. */
export interface CellAddress {
  readonly row: number;
  readonly section: string;
  readonly position: number;
  readonly column: number;
  readonly pair?: readonly [index: number, part: 0 | 1];
}

/** The requests that the engine answers: what they take and give. */
export interface EngineRequests
  extends AnalysisRequests,
    ChosenRequests,
    ExportRequests,
    MemoryRequests,
    ViewerRequests {
  summary: { params: Record<string, never>; result: Summary };
  /** Makes the view show something; earlier requests for the same view are cancelled. */
  /** Answered with the first rows, up to `count` of them. */
  'view.set': {
    params: { view: number; spec: ViewSpec; count?: number };
    result: ViewState & { readonly rows: readonly GridRow[] };
  };
  'view.close': { params: { view: number }; result: Record<string, never> };
  'view.rows': {
    params: { view: number; from: number; count: number };
    result: { rows: readonly GridRow[]; state: ViewState };
  };
  'view.expand': { params: { view: number; folder: number; expanded: boolean }; result: ViewState };
  /** The position of a key in the view; null if the view does not show it. A tree expands its folders. */
  'view.locate': { params: { view: number; row: number }; result: { position: number | null; state: ViewState } };
  /** The next row whose name starts with a text, from a position on and around the end; null if there is none. */
  /** The positions of rows as the view is open; null for those that cannot be seen. */
  'view.places': {
    params: { view: number; places: readonly RowPlace[] };
    result: { positions: readonly (number | null)[] };
  };
  'view.find': { params: { view: number; text: string; from: number }; result: { position: number | null } };
  /** The key of an exact name; null if there is none. */
  'key.find': { params: { text: string; db: number | null }; result: { row: number | null } };
  'value.open': { params: { row: number }; result: ValueInfo };
  'value.items': {
    params: { row: number; section: string; from: number; count: number; search: string };
    result: ItemPage;
  };
  /** The sections that a row of a table opens. */
  'value.sections': {
    params: { row: number; section: string; position: number };
    result: { sections: readonly Section[] };
  };
  'value.bytes': { params: { cell: CellAddress; from: number; count: number }; result: BytePage };
  'file.bytes': { params: { from: number; count: number }; result: BytePage };
  'file.records': {
    params: { from: number; count: number; opcode: number | null };
    result: { total: number; records: readonly RecordInfo[] };
  };
  'file.functions': { params: Record<string, never>; result: { functions: readonly FunctionInfo[]; more: number } };
  'file.place': { params: { offset: number }; result: Place };
  /** The text of keys in a form; `positions` are ranges of rows of the view, both ends included. */
  copy: {
    params: { view: number; positions: readonly (readonly [number, number])[]; format: CopyFormat };
    result: { text: string; keys: number };
  };
  'copy.row': { params: { row: number; format: CopyFormat }; result: { text: string; keys: number } };
  verify: { params: Record<string, never>; result: { problems: number; keys: number } };
}

/** The requests that the extension answers itself. */
export interface HostRequests extends AnalysisHostRequests, JobHostRequests {
  /** What has changed since the page was made. */
  'host.ready': { params: Record<string, never>; result: HostState };
  /** The first rows are on the screen; answered with the milliseconds since the workbench asked for the editor. */
  'host.shown': { params: Record<string, never>; result: { after: number } };
  'host.clipboard': { params: { text: string; what: string }; result: Record<string, never> };
  'host.savePreferences': { params: { preferences: Preferences }; result: Record<string, never> };
  'host.reload': { params: Record<string, never>; result: Record<string, never> };
  /** Shows bytes in another editor: of a file that stands beside the one that is open, or of that one (`file` null). */
  'host.hexEditor': { params: { file: string | null }; result: Record<string, never> };
  /** Opens the file in the other of the two editors. */
  'host.openAs': { params: { editor: EditorKind }; result: Record<string, never> };
  /** Opens the manifest that names the file, and with it the whole AOF. */
  'host.openManifest': { params: Record<string, never>; result: Record<string, never> };
  /** Lets the user choose another editor for the file. */
  'host.reopenWith': { params: Record<string, never>; result: Record<string, never> };
  /** Begins to repair the AOF. */
  'host.repair': { params: Record<string, never>; result: Record<string, never> };
  /** Opens the commands of the AOF as a text, from a command on. */
  'host.openReadable': { params: { from: number }; result: Record<string, never> };
  'host.openSettings': { params: Record<string, never>; result: Record<string, never> };
  'host.log': { params: { level: 'info' | 'error'; message: string }; result: Record<string, never> };
}

export type Requests = EngineRequests &
  AofRequests &
  CompareRequests &
  MergeRequests &
  HostRequests &
  CompareHostRequests &
  JobPageRequests;
export type RequestKind = keyof Requests;
export type Params<Kind extends RequestKind> = Requests[Kind]['params'];
export type Result<Kind extends RequestKind> = Requests[Kind]['result'];

/** A request on its way. */
export interface RequestMessage<Kind extends RequestKind = RequestKind> {
  readonly id: number;
  readonly request: Kind;
  readonly params: Params<Kind>;
}

/** The word that an answer is no longer wanted; the request still gets one, usually `cancelled`. */
export interface CancelMessage {
  readonly cancel: number;
}

/** An error, ready to be shown: what happened, where, and what can be done. */
export interface ErrorInfo {
  readonly code:
    | 'file-changed'
    | 'too-large'
    | 'not-written'
    | 'no-text'
    | 'bad-pattern'
    | 'not-open'
    | 'damaged'
    | 'internal';
  readonly template: string;
  readonly args: readonly MessageArg[];
}

/** The answer to a request. */
export type AnswerMessage =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: ErrorInfo }
  | { readonly id: number; readonly cancelled: true };

/** What is told without being asked. */
export type EventMessage =
  | AofEventMessage
  | JobPageEvent
  | AnalysisEventMessage
  | CompareEventMessage
  /** The summary has changed; at most ten times a second. */
  | { readonly event: 'summary'; readonly summary: Summary }
  /** More rows are in a view, or they have another order. */
  | { readonly event: 'view'; readonly view: number; readonly state: ViewState; readonly reordered: boolean }
  /** A long request goes on: from 0 to 1. */
  | { readonly event: 'progress'; readonly id: number; readonly done: number }
  /** The file cannot be opened; a reload may help. */
  | { readonly event: 'failed'; readonly failure: Failure }
  /** The file was opened anew: everything about it has to be asked again. */
  | { readonly event: 'reloaded' }
  /** The file on disk is no longer the one that is shown. */
  | { readonly event: 'fileChanged'; readonly gone: boolean }
  /** A command of the palette or a menu, for the webview that is active. */
  | { readonly event: 'command'; readonly command: WebviewCommand }
  | { readonly event: 'configuration'; readonly separator: string };

/** What commands ask of a webview. */
export type WebviewCommand =
  | { readonly name: 'copy'; readonly format: CopyFormat }
  | { readonly name: 'revealOffset' }
  | { readonly name: 'showKey'; readonly row: number }
  | { readonly name: 'showOffset'; readonly offset: number }
  | { readonly name: 'showProblems' }
  | AofWebviewCommand;

/** Why a file cannot be shown. */
export interface Failure {
  readonly template: string;
  readonly args: readonly MessageArg[];
  /** True if a setting can help. */
  readonly settings: boolean;
}

/** What the user has arranged; kept for the next time. */
export interface Preferences {
  readonly columnWidths?: Readonly<Partial<Record<ColumnId, number>>>;
  readonly hiddenColumns?: readonly ColumnId[];
  /** Columns that are not shown unless they are asked for. */
  readonly shownColumns?: readonly ColumnId[];
  readonly layout?: 'list' | 'tree';
  readonly folderOrder?: FolderOrder;
  /** Part of the width that the grid takes beside the value. */
  readonly split?: number;
  readonly aof?: AofPreferences;
  /** Decoders that were chosen, by key pattern. */
  readonly decoders?: RememberedDecoders;
}

/** The two editors: for the keys of an RDB, and for the commands of an AOF. */
export type EditorKind = 'rdb' | 'aof';

/** What a webview needs to start; a copy of it is in the page. */
export interface HostState {
  /** The first of the numbers that the page has for its views. */
  readonly view: number;
  /** Which of the editors the page is. */
  readonly editor: EditorKind;
  /** What the file begins like, where that is plain. */
  readonly content: EditorKind | null;
  /** Name of the manifest that stands beside the file and names it as a part. */
  readonly manifest: string | null;
  readonly fileName: string;
  readonly preferences: Preferences;
  readonly separator: string;
  /** Translations by English text. */
  readonly strings: Readonly<Record<string, string>>;
  /** Set if the file could not be opened. */
  readonly failure: Failure | null;
  /** The first rows, where the engine had them before there was a page to ask for them. */
  readonly first: FirstRows | null;
}

/** The beginning of what the grid shows when nothing else was chosen for the file: of either editor. */
export type FirstRows = FirstOf<'view.set'> | FirstOf<'commands.set'>;

/** The answer to a request that makes a view show something, before there was a page that could ask. */
export interface FirstOf<Kind extends 'view.set' | 'commands.set'> {
  readonly request: Kind;
  readonly spec: Params<Kind>['spec'];
  readonly result: Result<Kind>;
}
