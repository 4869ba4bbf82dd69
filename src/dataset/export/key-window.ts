/** The bytes of the keys of an export: a window over the file that moves with them, and their names in it. */
import { Cursor } from '../../decoder/cursor.js';
import { readText, wholeText } from '../../decoder/rdb/string.js';
import { type ByteSource, readFully } from '../../decoder/source.js';
import type { ExportRow } from './export-rows.js';

/** The most bytes that are read at once, where many keys follow each other. */
const WINDOW = 1024 * 1024;
/** Bytes that are read for a key that stands apart. */
const SMALL = 16 * 1024;
/** The most bytes before a type byte that are had with the key. */
const MOST_BEFORE = 1024;
/** Keys up to this size are had whole. */
export const WHOLE_KEY = 128 * 1024;

/** The window over one file. */
export class KeyWindow {
  /** Bytes of the file; those of the key that was located last begin, with its type byte, at {@link at}. */
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  /** Place of the byte behind the key. */
  end = 0;
  /** Its name: the bytes of `nameBytes` from `nameStart` to `nameEnd`. Its value begins at `valueAt` of {@link bytes}. */
  nameBytes: Uint8Array = new Uint8Array(0);
  nameStart = 0;
  nameEnd = 0;
  valueAt = 0;
  private base = 0;
  private filled = 0;

  /** @param memory where the bytes are put, if that matters: room for more than a {@link WHOLE_KEY}. */
  constructor(
    private readonly source: ByteSource,
    private readonly memory?: Uint8Array,
  ) {
    if (memory) this.bytes = memory;
  }

  /** Place of the first byte of the record of a key that was located; negative if it is not at hand. */
  recordAt = 0;

  /**
   * Finds a key and its name.
   *
   * @returns false if it is too large to be had whole; its name is known all the same.
   * @throws DecodeError if the name is damaged, or too long to be held.
   */
  locate({ offset, typeOffset, end }: ExportRow): boolean {
    if (end - typeOffset > WHOLE_KEY) {
      this.readName(typeOffset, end);
      return false;
    }
    const start = typeOffset - offset > MOST_BEFORE ? typeOffset : offset;
    if (start < this.base || end > this.base + this.filled) this.fill(start, end);
    this.recordAt = offset - this.base;
    this.at = typeOffset - this.base;
    this.end = end - this.base;
    // A file that has become shorter.
    if (this.end > this.filled) {
      this.readName(typeOffset, end);
      return false;
    }
    const first = this.bytes[this.at + 1];
    if (first >= 0x80) {
      this.readName(typeOffset, end);
      return true;
    }
    this.nameBytes = this.bytes;
    this.nameStart = this.at + (first < 0x40 ? 2 : 3);
    this.nameEnd = this.nameStart + (first < 0x40 ? first : ((first & 0x3f) << 8) | this.bytes[this.at + 2]);
    this.valueAt = this.nameEnd;
    if (this.valueAt <= this.end) return true;
    this.readName(typeOffset, end);
    return false;
  }

  /**
   * Has the bytes of a stretch of the file at hand, as many as there is room for: from {@link at} to {@link end}.
   *
   * @param first offset of the byte behind the first record of the stretch: up to there they are had if that is possible.
   */
  reach(start: number, first: number, end: number): void {
    if (start < this.base || first > this.base + this.filled) this.fill(start, end);
    this.at = start - this.base;
    this.end = Math.min(end - this.base, this.filled);
  }

  private fill(offset: number, end: number): void {
    // The more keys were in it, the larger the next one.
    const near = offset >= this.base && offset - this.base < 2 * this.filled;
    const size = Math.max(end - offset, near ? Math.min(WINDOW, 2 * this.filled) : SMALL);
    const wanted = Math.min(size, this.source.size - offset, this.memory?.length ?? size);
    if (this.bytes.length < wanted) {
      this.bytes = new Uint8Array(Math.min(WINDOW, 2 * wanted, Math.max(1, this.source.size)));
    }
    this.base = offset;
    this.filled = readFully(this.source, offset, this.bytes.subarray(0, wanted));
  }

  /** Reads a name that is compressed, an integer, or long. */
  private readName(typeOffset: number, end: number): void {
    const cursor = new Cursor(this.source, typeOffset + 1, end, 512);
    const name = wholeText(readText(cursor, 'the key name'), 'the key name');
    this.nameBytes = name;
    this.nameStart = 0;
    this.nameEnd = name.length;
    this.valueAt = this.at + cursor.offset - typeOffset;
  }

  /** The name that was found last; valid until the next one is. */
  get name(): Uint8Array {
    return this.nameBytes.subarray(this.nameStart, this.nameEnd);
  }
}
