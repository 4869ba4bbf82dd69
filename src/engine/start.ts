/** How an engine is started, and what its worker says beside answers and events. */
import type { AnswerMessage, EventMessage } from '../protocol.js';

/** The file that an engine is to open: a path of the local machine, or the bytes themselves. */
export type EngineStart =
  | { readonly path: string }
  | { readonly bytes: Uint8Array }
  | { readonly aof: { readonly path: string } | { readonly name: string; readonly files: readonly NamedBytes[] } };

/** A file in memory. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a worker sends; `failed` says why the file could not be opened at all. */
export type WorkerMessage = AnswerMessage | EventMessage | { readonly failed: string };
