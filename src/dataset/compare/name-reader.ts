/** Reads key names of a file out of turn, and quickly where they stand near those that were read before. */
import { type ByteSource, readFully } from '../../decoder/source.js';
import { nameOf } from '../names.js';
import type { Side } from './side.js';

/** Bytes that are read at once where the reads before were near; and where not. */
const NEAR = 64 * 1024;
const FAR = 1024;

/** A source that keeps what it read last, and reads more at once where one read follows the other. */
export class NearSource implements ByteSource {
  readonly size: number;
  private readonly buffer = new Uint8Array(NEAR);
  private base = 0;
  private filled = 0;

  constructor(private readonly source: ByteSource) {
    this.size = source.size;
  }

  read(position: number, target: Uint8Array): number {
    const at = position - this.base;
    if (at >= 0 && at < this.filled) {
      const count = Math.min(target.length, this.filled - at);
      target.set(this.buffer.subarray(at, at + count));
      return count;
    }
    if (target.length >= NEAR) return this.source.read(position, target);
    const near = at >= 0 && at < this.filled + 4 * NEAR;
    this.filled = readFully(this.source, position, near ? this.buffer : this.buffer.subarray(0, FAR));
    this.base = position;
    const count = Math.min(target.length, this.filled);
    target.set(this.buffer.subarray(0, count));
    return count;
  }
}

/** The names of one file. */
export class NameReader {
  private readonly source: NearSource;

  constructor(private readonly side: Side) {
    this.source = new NearSource(side.source);
  }

  /** True if the name of a row is the bytes from `start` to before `end`. */
  equals(row: number, bytes: Uint8Array, start: number, end: number): boolean {
    const name = nameOf(this.source, this.side.index, row);
    if (name.length !== end - start) return false;
    for (let i = 0; i < name.length; i++) if (name[i] !== bytes[start + i]) return false;
    return true;
  }
}
