/** How an engine is started, and what its worker says beside answers and events. */
import type { AnswerMessage, EventMessage } from '../protocol.js';

/** A file in memory. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What an engine of an AOF is to open: a path of the local machine, or a file of those of a folder in memory. */
export type AofStart = { readonly path: string } | { readonly name: string; readonly files: readonly NamedBytes[] };

/** A file: at a path of the local machine, or its bytes. */
export type FileStart = { readonly path: string } | { readonly bytes: Uint8Array };

/** A file of a merge, with the name that people know it by. */
export interface MergeStart {
  readonly name: string;
  readonly file: FileStart;
}

/** The file that an engine is to open: the RDB at a path of the local machine, or its bytes; an AOF; or RDBs that are compared or merged. */
export type EngineStart =
  | FileStart
  | { readonly aof: AofStart }
  | { readonly compare: { readonly left: FileStart; readonly right: FileStart } }
  | { readonly merge: readonly MergeStart[] };

/** What a worker sends; `failed` says why the file could not be opened at all. */
export type WorkerMessage = AnswerMessage | EventMessage | { readonly failed: string };
