/** The files of an AOF as an engine sees them: opened together, watched while a server writes on. */
import type { AofSet } from '../dataset/aof/aof-set.js';
import type { ByteSource } from '../decoder/source.js';

/**
 * What has become of the files since they were opened: `grown` means that bytes were added to the last part, `set` that
 * the manifest names other files now, `replaced` that another file has taken the name of one, `gone` that one has none
 * any more, `changed` that bytes that were there may have been overwritten or cut off.
 */
export type AofState = 'same' | 'grown' | 'set' | 'replaced' | 'gone' | 'changed';

/** Opened files: what they held when they were opened can be read until they are closed, whatever becomes of them. */
export interface AofFiles {
  readonly set: AofSet;
  /** True if the files were read into memory; nothing becomes of them. */
  readonly inMemory: boolean;
  /** Looks after the files. */
  look(): AofState;
  /** The last part as it is now. */
  growLast(): ByteSource;
  /** Computes the checksum of the first bytes of a part, beside everything else. */
  checksum(
    part: number,
    length: number,
    onProgress: (done: number) => void,
  ): { readonly result: Promise<bigint>; cancel(): void };
  close(): void;
}

/** What differs between Node and the browser. */
export interface AofPlatform {
  /** Calls back after messages that wait have been delivered. */
  defer(callback: () => void): void;
  now(): number;
  /** Calls back every so often. */
  every(ms: number, callback: () => void): () => void;
  /** Opens the files that belong together now. @throws NoAofError, or the system's error. */
  open(): AofFiles;
}
