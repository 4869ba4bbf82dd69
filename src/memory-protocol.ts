/** The messages about estimated memory: types only. */
import type { AllocatorName } from './dataset/memory/allocator.js';

export type { AllocatorName };

/** What is known of the memory that the keys of a file cost. */
export interface MemoryInfo {
  /** The server that is to load the file, and whether it is the one that wrote it. */
  readonly target: { readonly make: 'redis' | 'valkey' | 'keydb'; readonly version: string; readonly auto: boolean };
  readonly allocator: AllocatorName;
  /** Keys that have been measured; all of them once the work is done. */
  readonly keys: number;
  /** Bytes of those keys. */
  readonly bytes: number;
  /** True when every key of the file has been measured. */
  readonly complete: boolean;
  /** Bytes of the tables that the keys stand in, and of what is kept of those with an expiry. */
  readonly tables: number;
  /** True if a replica was attached when the file was saved, so that there was a backlog. */
  readonly replicated: boolean;
}

/** The server that is to load the file and its allocator: a version such as `7.2` or `valkey-9.1`, or `auto`. */
export interface MemoryChoice {
  readonly target: string;
  readonly allocator: string;
}

/** The requests about memory that the engine answers. */
export interface MemoryRequests {
  /** Measures the keys that are not measured yet. Answered when all are. */
  'memory.measure': { params: Record<string, never>; result: MemoryInfo };
  /** What is not known, such as a version that does not exist, is as if it had not been chosen. */
  'memory.configure': { params: MemoryChoice; result: Record<string, never> };
}
