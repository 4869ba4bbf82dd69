/** A place in a byte source that moves forward: reads numbers and bytes through a window that follows it. */
import { cutOff, type Part } from './errors.js';
import { type ByteSource, MemorySource, readFully } from './source.js';

const DEFAULT_WINDOW = 64 * 1024;

/**
 * Reads forward through a {@link ByteSource}. Only the window is in memory; it grows for a single item larger than
 * itself and shrinks again afterwards. Every read checks the bounds and throws what {@link cutOff} gives.
 */
export class Cursor {
  /** The bytes at hand; valid from `start` to `end`. */
  bytes: Uint8Array;
  private view: DataView;
  /** Index in `bytes` of the next byte to read. */
  private start = 0;
  private end = 0;
  /** Offset in the source of `bytes[0]`. */
  private base: number;

  /**
   * @param source where the bytes are.
   * @param offset where to begin, in bytes from the start of the source.
   * @param limit where to stop: reading past it is an error, as if the source ended there.
   * @param errorBase added to offsets in errors and {@link fileOffset}; for a source that is part of a file.
   */
  constructor(
    private readonly source: ByteSource,
    offset = 0,
    readonly limit: number = source.size,
    private readonly windowSize = DEFAULT_WINDOW,
    private readonly errorBase = 0,
    /** False where positions in the source are not positions in the file (a decompressed string): errors then name `errorBase`. */
    private readonly mapped = true,
  ) {
    this.base = offset;
    if (source instanceof MemorySource) {
      this.bytes = source.bytes;
      this.base = 0;
      this.start = offset;
      this.end = Math.min(limit, source.size);
    } else {
      this.bytes = EMPTY;
    }
    this.view = viewOf(this.bytes);
  }

  /** Where the next byte is read, in bytes from the start of the source. */
  get offset(): number {
    return this.base + this.start;
  }

  set offset(value: number) {
    const index = value - this.base;
    if (index >= 0 && index <= this.end) {
      this.start = index;
    } else {
      this.base = value;
      this.start = 0;
      this.end = 0;
      if (this.source instanceof MemorySource) {
        this.base = 0;
        this.start = value;
        this.end = Math.min(this.limit, this.source.size);
      }
    }
  }

  /** The offset for messages: from the start of the file, also in a nested source. */
  get fileOffset(): number {
    return this.toFileOffset(this.offset);
  }

  /** Turns an offset in the source into one from the start of the file. */
  toFileOffset(offset: number): number {
    return this.mapped ? this.errorBase + offset : this.errorBase;
  }

  /** Bytes between the cursor and the limit. */
  get remaining(): number {
    return this.limit - this.offset;
  }

  /**
   * Makes `count` bytes available at `bytes[index]` …, and returns that index. The bytes stay valid until the next
   * call on this cursor.
   *
   * @throws DecodeError as {@link cutOff} gives it, if fewer are left.
   */
  need(count: number, what: Part = 'the value'): number {
    if (this.end - this.start < count) this.fill(count, what);
    return this.start;
  }

  private fill(count: number, what: Part): void {
    const offset = this.offset;
    const left = this.limit - offset;
    if (count > left) throw cutOff(this.toFileOffset(offset), count - Math.max(0, left), what);
    const kept = this.end - this.start;
    const wanted = Math.min(Math.max(count, this.windowSize), left);
    const target = this.bytes.length === wanted && kept === 0 ? this.bytes : new Uint8Array(wanted);
    if (kept > 0) target.set(this.bytes.subarray(this.start, this.end));
    const read = readFully(this.source, offset + kept, target.subarray(kept, wanted));
    this.bytes = target;
    this.view = viewOf(target);
    this.base = offset;
    this.start = 0;
    this.end = kept + read;
    if (this.end < count) throw cutOff(this.toFileOffset(offset), count - this.end, what);
  }

  u8(what?: Part): number {
    const index = this.need(1, what);
    this.start++;
    return this.bytes[index];
  }

  peekU8(what?: Part): number {
    // First the index: making bytes available may replace the window.
    const index = this.need(1, what);
    return this.bytes[index];
  }

  u16le(what?: Part): number {
    const index = this.need(2, what);
    this.start += 2;
    return this.view.getUint16(index, true);
  }

  u32le(what?: Part): number {
    const index = this.need(4, what);
    this.start += 4;
    return this.view.getUint32(index, true);
  }

  i32le(what?: Part): number {
    const index = this.need(4, what);
    this.start += 4;
    return this.view.getInt32(index, true);
  }

  u32be(what?: Part): number {
    const index = this.need(4, what);
    this.start += 4;
    return this.view.getUint32(index, false);
  }

  i64le(what?: Part): bigint {
    const index = this.need(8, what);
    this.start += 8;
    return this.view.getBigInt64(index, true);
  }

  u64le(what?: Part): bigint {
    const index = this.need(8, what);
    this.start += 8;
    return this.view.getBigUint64(index, true);
  }

  u64be(what?: Part): bigint {
    const index = this.need(8, what);
    this.start += 8;
    return this.view.getBigUint64(index, false);
  }

  f64le(what?: Part): number {
    const index = this.need(8, what);
    this.start += 8;
    return this.view.getFloat64(index, true);
  }

  f32le(what?: Part): number {
    const index = this.need(4, what);
    this.start += 4;
    return this.view.getFloat32(index, true);
  }

  /** A copy of the next `count` bytes. */
  take(count: number, what?: Part): Uint8Array {
    const index = this.need(count, what);
    this.start += count;
    return this.bytes.slice(index, index + count);
  }

  /** Moves forward without reading. */
  skip(count: number, what: Part = 'the value'): void {
    const left = this.remaining;
    if (count > left) throw cutOff(this.fileOffset, count - Math.max(0, left), what);
    if (this.start + count <= this.end) this.start += count;
    else this.offset = this.offset + count;
  }

  /** Another cursor on the same source, at `offset`. */
  fork(offset: number): Cursor {
    return new Cursor(this.source, offset, this.limit, this.windowSize, this.errorBase, this.mapped);
  }

  /** Another cursor on the same source, at `offset`, that ends at `limit`. */
  within(offset: number, limit: number): Cursor {
    return new Cursor(this.source, offset, limit, this.windowSize, this.errorBase, this.mapped);
  }

  /** The source that the cursor reads, for strings too long to be taken. */
  get origin(): ByteSource {
    return this.source;
  }
}

const EMPTY = new Uint8Array(0);

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
