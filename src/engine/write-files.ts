/** Writing files that belong together: all of them get to their places, or none. */
import type { OutputFile } from './aof-files.js';

/** A file to write. */
export interface FileToWrite {
  begin(): OutputFile;
  /** How many bytes it will have. */
  readonly bytes: number;
  /** Its bytes; a piece may be overwritten by the next one. */
  pieces(): Iterable<Uint8Array>;
}

/**
 * Writes files, and puts them in their places in the order of the list when all are written. If it fails, or is ended
 * before, what was written is removed.
 *
 * @returns how many bytes were written. Yields how much is done, from 0 to 1.
 * @throws OutputError
 */
export function* writeFiles(files: readonly FileToWrite[]): Generator<number, number> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const unfinished: OutputFile[] = [];
  let written = 0;
  try {
    for (const { begin, pieces } of files) {
      const file = begin();
      unfinished.push(file);
      for (const piece of pieces()) {
        file.write(piece);
        written += piece.length;
        yield written / Math.max(1, total);
      }
      file.close();
    }
    for (let next = unfinished[0]; next; next = unfinished[0]) {
      next.keep();
      unfinished.shift();
    }
    return written;
  } finally {
    for (const file of unfinished) file.discard();
  }
}
