/** Where bytes come from: the one seam between the decoder and files, memory or anything else. */

/**
 * Bytes that can be read at any position. Reads are synchronous, because the decoder runs where blocking is allowed
 * (a worker or a command line) and a plain loop over bytes is several times faster than an asynchronous one.
 */
export interface ByteSource {
  /** Number of bytes; does not change while the source is in use. */
  readonly size: number;
  /**
   * Reads into `target` from `position` on.
   *
   * @param position offset in bytes, 0 to `size`.
   * @returns how many bytes were read: at least 1 unless `position` is at or past the end, at most `target.length`.
   */
  read(position: number, target: Uint8Array): number;
}

/** A source over bytes in memory. */
export class MemorySource implements ByteSource {
  readonly size: number;

  constructor(readonly bytes: Uint8Array) {
    this.size = bytes.length;
  }

  read(position: number, target: Uint8Array): number {
    const part = this.bytes.subarray(position, position + target.length);
    target.set(part);
    return part.length;
  }
}

/**
 * Reads exactly `target.length` bytes unless the source ends first.
 *
 * @returns the number of bytes read.
 */
export function readFully(source: ByteSource, position: number, target: Uint8Array): number {
  let filled = 0;
  while (filled < target.length) {
    const count = source.read(position + filled, filled === 0 ? target : target.subarray(filled));
    if (count <= 0) break;
    filled += count;
  }
  return filled;
}
