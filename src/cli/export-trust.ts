/**
 * Whether the values of a file are as a server wrote them, so that they need not be checked: its checksum says so. It is
 * computed while they are exported, where what was written can be thrown away if it turns out to be wrong.
 */
import { readFully } from '../decoder/source.js';
import type { FileSource } from '../engine/node/file-source.js';
import { startChecksum } from './checksum-thread.js';

/** What is known, or presumed, of a file. */
export interface Trust {
  /** True unless it is known that the checksum is wrong, or that there is none. */
  readonly presumed: boolean;
  /**
   * Takes part in the computing until it is known.
   *
   * @returns true if the checksum is right.
   * @throws the system's error if the file cannot be read, or an error if it has become shorter.
   */
  know(): boolean;
  /** Ends the computing. */
  cancel(): void;
}

/** Begins to compute the checksum of a file, if there is one where it usually is. */
export function trustOf(source: FileSource): Trust {
  const footer = new Uint8Array(8);
  const read = source.size < 17 ? 0 : readFully(source, source.size - 8, footer);
  const stored = new DataView(footer.buffer).getBigUint64(0, true);
  if (read < 8 || stored === 0n) return { presumed: false, know: () => false, cancel() {} };
  const length = source.size - 8;
  const pending = startChecksum(source.fd, length);
  let known: boolean | undefined;
  return {
    get presumed() {
      return known ?? true;
    },
    know() {
      known ??= pending.result(length) === stored;
      return known;
    },
    cancel: () => pending.cancel(),
  };
}
