/** The messages about exports, beside those of the key browser: types only. */

import type { ExportFormat } from './dataset/export/options.js';
import type { Remedy } from './dataset/export/will-it-load.js';
import type { Phrase } from './format/messages.js';
import type { ProblemInfo } from './protocol.js';

export type { ExportFormat, Remedy };

/** What is exported, and how. */
export interface ExportSpec {
  readonly format: ExportFormat;
  /** Name of the server that is to load it, such as `redis-7.2`; null for one like that which wrote the file. */
  readonly target: string | null;
  /** Keys at ranges of positions of a view, or all that it shows (`positions` null); null for all of the file. */
  readonly chosen: ChosenKeys | null;
  readonly base64: boolean;
  readonly flat: boolean;
  readonly restore: boolean;
  readonly skipExpired: boolean;
  readonly dropExpiry: boolean;
  readonly dropFieldExpiry: boolean;
  /** A file for each database, or for each of so many ranges of slots; null for one file. */
  readonly split: 'db' | number | null;
  /** What decides what names and values become; null for leaving them as they are. */
  readonly seed: string | null;
  /** Of files that are merged: their numbers, the one first whose keys take precedence; null if no two may have the same key. */
  readonly order?: readonly number[] | null;
}

export interface ChosenKeys {
  readonly view: number;
  readonly positions: readonly (readonly [number, number])[] | null;
}

/** A file that was written. */
export interface ExportedFile {
  /** What its name has more than the one that was given; empty where there is one file. */
  readonly part: string;
  readonly keys: number;
  readonly bytes: number;
}

/** Something that happened to keys, and how often. */
export interface ExportNote {
  readonly what: Phrase;
  readonly count: number;
  /** Offset of the first. */
  readonly offset: number;
}

/** What was exported, and what not. */
export interface ExportResult {
  readonly keys: number;
  readonly bytes: number;
  readonly files: readonly ExportedFile[];
  readonly expired: number;
  /** Keys that were left out because another of the files that are merged has them. */
  readonly duplicates: number;
  readonly leftOut: readonly ExportNote[];
  readonly losses: readonly ExportNote[];
  readonly damaged: number;
}

/** Something that the server does not take, or needs something for. */
export interface LoadFindingInfo {
  readonly stops: boolean;
  readonly what: Phrase;
  readonly count: number;
  readonly offset: number;
  readonly remedy: Remedy;
}

/** A server that an export can be for. */
export interface TargetInfo {
  /** As requests name it: `redis-7.2`. */
  readonly name: string;
  /** As people do: `Redis 7.2`. */
  readonly label: string;
  readonly rdbVersion: number;
}

/** An RDB that is to become one with others. */
export interface MergedFileInfo {
  /** Null if it is no RDB. */
  readonly magic: string | null;
  readonly keys: number;
  /** When it was saved, ms since the epoch; null if it does not say so. */
  readonly created: number | null;
  /** The first thing that is wrong with it; null if nothing is. */
  readonly problem: ProblemInfo | null;
  /** Bytes behind the RDB, such as commands of an AOF. */
  readonly trailing: number;
}

/** What an engine answers that has the files of a merge, beside exports of all their keys. */
export interface MergeRequests {
  'merge.files': { params: Record<string, never>; result: { files: readonly MergedFileInfo[] } };
}

/** Whom an engine of an AOF asks: the RDB that was opened aside, or the one that is shown. */
interface Whose {
  readonly aside?: boolean | undefined;
}

/** What the engine answers. */
export interface ExportRequests {
  /** The servers that can be asked about. */
  'export.targets': { params: Record<string, never>; result: { targets: readonly TargetInfo[] } };
  /** Writes files of the local machine; a name that has a part gets it before its ending. */
  'export.write': { params: { spec: ExportSpec; path: string } & Whose; result: ExportResult };
  /** Makes the files in memory, of at most so many bytes; those of an earlier request are gone then. */
  'export.make': { params: { spec: ExportSpec; limit: number } & Whose; result: ExportResult };
  /** Bytes of a file that was made. */
  'export.read': { params: { file: number; from: number; count: number } & Whose; result: { bytes: Uint8Array } };
  /** What was made is no longer wanted. */
  'export.forget': { params: Whose; result: Record<string, never> };
  /** What would keep a server from loading the file. */
  'export.check': {
    params: { target: string };
    result: { name: string; loads: boolean; findings: readonly LoadFindingInfo[] };
  };
}
