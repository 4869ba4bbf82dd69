/** How an engine is started, and what its worker says beside answers and events. */
import type { AnswerMessage, EventMessage } from '../protocol.js';

/** A file in memory. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What an engine of an AOF is to open: a path of the local machine, or a file of those of a folder in memory. */
export type AofStart = { readonly path: string } | { readonly name: string; readonly files: readonly NamedBytes[] };

/** The file that an engine is to open: the RDB at a path of the local machine, or its bytes; or an AOF. */
export type EngineStart = { readonly path: string } | { readonly bytes: Uint8Array } | { readonly aof: AofStart };

/** What a worker sends; `failed` says why the file could not be opened at all. */
export type WorkerMessage = AnswerMessage | EventMessage | { readonly failed: string };
