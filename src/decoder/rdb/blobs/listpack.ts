/** Listpack: the compact list of Redis 5.0 (streams) and 7.0 (hashes, sorted sets, lists) and later. */
import type { Cursor } from '../../cursor.js';
import { byteName, DecodeError, type Phrase, phrase } from '../../errors.js';
import { type Blob, blobCursor, EAGER_LIMIT, SliceSource, type Text } from '../string.js';
import { type BlobReader, elementText, narrow } from './reader.js';

/** Total size (4 bytes) and number of elements (2 bytes). */
const LISTPACK_HEADER = 6;
/** The count in the header that stands for "more than fits: walk to the end". */
export const LISTPACK_COUNT_UNKNOWN = 65535;

const EMPTY = new Uint8Array(0);

/** Walks a listpack, from its start or from an element. */
export class ListpackReader implements BlobReader {
  private readonly cursor: Cursor;
  private bytes: Text = EMPTY;
  private readonly fromStart: boolean;
  private readonly declared: number = LISTPACK_COUNT_UNKNOWN;
  integer: number | bigint | undefined;
  taken = 0;

  /**
   * @param inner 0 to begin, or the {@link inner} of an earlier reader of the same blob.
   * @throws DecodeError `bad-listpack` if the header does not fit the blob.
   */
  constructor(blob: Blob, inner = 0) {
    this.fromStart = inner === 0;
    this.cursor = blobCursor(blob, inner);
    if (!this.fromStart) return;
    const size = this.cursor.limit;
    if (size < LISTPACK_HEADER + 1) throw this.damaged(phrase('it has only {0} bytes', size));
    const total = this.cursor.u32le('the listpack');
    if (total !== size) throw this.damaged(phrase('its header says {0} bytes, it has {1}', total, size));
    this.declared = this.cursor.u16le('the listpack');
  }

  get inner(): number {
    return this.cursor.offset;
  }

  text(): Text {
    return elementText(this.integer, this.bytes);
  }

  read(): boolean {
    const cursor = this.cursor;
    const start = cursor.offset;
    const first = cursor.u8('the listpack');
    this.integer = undefined;
    if (first < 0x80) {
      this.integer = first;
    } else if (first < 0xc0) {
      this.bytes = cursor.take(first & 0x3f, 'the listpack');
    } else if (first < 0xe0) {
      const value = ((first & 0x1f) << 8) | cursor.u8('the listpack');
      this.integer = (value << 19) >> 19;
    } else if (first < 0xf0) {
      this.takeString(((first & 0x0f) << 8) | cursor.u8('the listpack'));
    } else if (first === 0xff) {
      return this.finish();
    } else {
      this.readWide(first);
    }
    this.checkBacklen(cursor.offset - start);
    this.taken++;
    return true;
  }

  private readWide(first: number): void {
    const cursor = this.cursor;
    switch (first) {
      case 0xf0:
        this.takeString(cursor.u32le('the listpack'));
        return;
      case 0xf1:
        this.integer = (cursor.u16le('the listpack') << 16) >> 16;
        return;
      case 0xf2: {
        const low = cursor.u16le('the listpack');
        this.integer = ((low | (cursor.u8('the listpack') << 16)) << 8) >> 8;
        return;
      }
      case 0xf3:
        this.integer = cursor.i32le('the listpack');
        return;
      case 0xf4:
        this.integer = narrow(cursor.i64le('the listpack'));
        return;
      default:
        throw this.damaged(phrase('{0} starts no element', byteName(first)));
    }
  }

  private takeString(length: number): void {
    const cursor = this.cursor;
    if (length > cursor.remaining) {
      throw this.damaged(phrase('an element says it has {0} bytes, {1} are left', length, cursor.remaining));
    }
    if (length <= EAGER_LIMIT) {
      this.bytes = cursor.take(length, 'the listpack');
    } else {
      const fileOffset = cursor.fileOffset;
      this.bytes = { length, source: new SliceSource(cursor.origin, cursor.offset, length), fileOffset };
      cursor.skip(length, 'the listpack');
    }
  }

  /** Behind every element stands its size, to be read backwards; it must agree with the size just read. */
  private checkBacklen(size: number): void {
    const cursor = this.cursor;
    const count = backlenSize(size);
    const index = cursor.need(count, 'the listpack');
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 128 + (cursor.bytes[index + i] & 0x7f);
    if (value !== size) throw this.damaged(phrase('the size behind an element is {0} instead of {1}', value, size));
    cursor.skip(count);
  }

  private finish(): boolean {
    if (this.cursor.remaining > 0) {
      throw this.damaged(phrase('its end mark stands {0} bytes before its end', this.cursor.remaining));
    }
    if (this.fromStart && this.declared !== LISTPACK_COUNT_UNKNOWN && this.declared !== this.taken) {
      throw this.damaged(phrase('its header says {0} elements, it has {1}', this.declared, this.taken));
    }
    // The end mark stays unread, so that every further call ends here too.
    this.cursor.offset = this.cursor.offset - 1;
    return false;
  }

  /** The error for damage at the place that the reader has reached. */
  damaged(reason: Phrase): DecodeError {
    return new DecodeError('bad-listpack', this.cursor.fileOffset, reason);
  }
}

/** Bytes of the field behind an element of `size` bytes. The steps are one below the powers of 128. */
function backlenSize(size: number): number {
  if (size <= 127) return 1;
  if (size < 16383) return 2;
  if (size < 2097151) return 3;
  if (size < 268435455) return 4;
  return 5;
}
