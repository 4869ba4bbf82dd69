/** The files of an AOF as an engine sees them: opened together, watched while a server writes on. */
import type { AofSet } from '../dataset/aof/aof-set.js';
import type { BytesDecoder } from '../dataset/decoders/decoder.js';
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
  /** True if a path leads to one of the files, or to the folder that they are in. */
  holds(path: string): boolean;
  close(): void;
}

/** A file that is written beside the place where it is to be, and gets there only when all is written. */
export interface OutputFile {
  write(piece: Uint8Array): void;
  /** All is written: makes sure that it is on the disk. */
  close(): void;
  /** Puts it in its place. @throws OutputError or the system's error; it can still be discarded then. */
  keep(): void;
  /** Removes it. */
  discard(): void;
}

/** Where files can be written. */
export interface Output {
  /**
   * Begins a file at a path.
   *
   * @param replace false if nothing may be there yet.
   * @throws OutputError
   */
  file(path: string, replace: boolean): OutputFile;
  /** Begins a file in a folder that exists, where none of its name may be yet. @throws OutputError */
  fileIn(folder: string, name: string): OutputFile;
}

/** A file cannot be written: it is what is read, another one is there, or the system says no. */
export class OutputError extends Error {
  override readonly name = 'OutputError';

  constructor(
    readonly reason: 'is-source' | 'exists' | 'system',
    readonly file: string,
    detail = '',
  ) {
    super(detail);
  }
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
  /** Decoders of strings that it brings. */
  readonly decoders: readonly BytesDecoder[];
  /** Where files can be written; null if only those who ask can write. */
  readonly output: Output | null;
}
