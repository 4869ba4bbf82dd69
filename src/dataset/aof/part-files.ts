/** The files behind the parts of an AOF, and reading short stretches of them at many places. */
import { type ByteSource, readFully } from '../../decoder/source.js';

/** Gives the bytes of a part by its number; undefined if its file is missing. */
export type PartFiles = (part: number) => ByteSource | undefined;

/** Bytes read at once. */
const WINDOW = 64 * 1024;

/** Reads stretches that mostly stand close together, through one window. */
export class StretchReader {
  private readonly window: Uint8Array;
  private part = -1;
  private base = 0;
  private filled = 0;
  /** The bytes of the last stretch: valid from {@link start} to {@link end} until the next one is read. */
  bytes: Uint8Array;
  start = 0;
  end = 0;

  /** @param window bytes to read at once: many for a pass over neighbours, few for places far apart. */
  constructor(
    private readonly files: PartFiles,
    window = WINDOW,
  ) {
    this.window = new Uint8Array(window);
    this.bytes = this.window;
  }

  /** Reads a stretch. @returns true if all of it is there; if it is not, {@link start} to {@link end} is what is. */
  read(part: number, offset: number, length: number): boolean {
    const inside = part === this.part && offset >= this.base && offset + length <= this.base + this.filled;
    if (!inside) {
      const source = this.files(part);
      if (length > this.window.length) {
        // Not through the window: what it holds is still good.
        this.bytes = new Uint8Array(length);
        this.start = 0;
        this.end = source ? readFully(source, offset, this.bytes) : 0;
        return this.end === length;
      }
      this.part = part;
      this.base = offset;
      this.filled = source ? readFully(source, offset, this.window) : 0;
    }
    this.bytes = this.window;
    this.start = offset - this.base;
    this.end = Math.min(this.filled, this.start + length);
    return this.end - this.start === length;
  }
}
