/** The messages about exports, beside those of the key browser: types only. */

import type { ExportFormat } from './dataset/export/options.js';
import type { Remedy } from './dataset/export/will-it-load.js';
import type { Phrase } from './format/messages.js';

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

/** What the engine answers. */
export interface ExportRequests {
  'export.targets': { params: Record<string, never>; result: { targets: readonly TargetInfo[] } };
  /** Writes files of the local machine; a name that has a part gets it before its ending. */
  'export.write': { params: { spec: ExportSpec; path: string }; result: ExportResult };
  /** Makes the files in memory, of at most so many bytes; those of an earlier request are gone then. */
  'export.make': { params: { spec: ExportSpec; limit: number }; result: ExportResult };
  /** Bytes of a file that was made. */
  'export.read': { params: { file: number; from: number; count: number }; result: { bytes: Uint8Array } };
  /** What was made is no longer wanted. */
  'export.forget': { params: Record<string, never>; result: Record<string, never> };
  /** What would keep a server from loading the file. */
  'export.check': {
    params: { target: string };
    result: { name: string; loads: boolean; findings: readonly LoadFindingInfo[] };
  };
}
