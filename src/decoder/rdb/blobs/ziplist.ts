/** Ziplist: the compact list of Redis 2.2 to 6.2. */
import type { Cursor } from '../../cursor.js';
import { byteName, DecodeError, type Phrase, phrase } from '../../errors.js';
import { type Blob, blobCursor, EAGER_LIMIT, SliceSource, type Text } from '../string.js';
import { type BlobReader, elementText, narrow } from './reader.js';

/** Total size (4 bytes), offset of the last element (4 bytes) and number of elements (2 bytes). */
export const ZIPLIST_HEADER = 10;
/** The count in the header that stands for "more than fits: walk to the end". */
export const ZIPLIST_COUNT_UNKNOWN = 65535;

const EMPTY = new Uint8Array(0);

/** Walks a ziplist, from its start or from an element. */
export class ZiplistReader implements BlobReader {
  private readonly cursor: Cursor;
  private readonly fromStart: boolean;
  private readonly declared: number = ZIPLIST_COUNT_UNKNOWN;
  private readonly tail: number = 0;
  private bytes: Text = EMPTY;
  private previous = 0;
  private lastStart = ZIPLIST_HEADER;
  integer: number | bigint | undefined;
  taken = 0;

  /**
   * @param inner 0 to begin, or the {@link inner} of an earlier reader of the same blob.
   * @throws DecodeError `bad-ziplist` if the header does not fit the blob.
   */
  constructor(blob: Blob, inner = 0) {
    this.fromStart = inner === 0;
    this.cursor = blobCursor(blob, inner);
    if (!this.fromStart) {
      this.previous = -1;
      return;
    }
    const size = this.cursor.limit;
    if (size < ZIPLIST_HEADER + 1) throw this.damaged(phrase('it has only {0} bytes', size));
    const total = this.cursor.u32le('the ziplist');
    if (total !== size) throw this.damaged(phrase('its header says {0} bytes, it has {1}', total, size));
    this.tail = this.cursor.u32le('the ziplist');
    this.declared = this.cursor.u16le('the ziplist');
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
    let previous = cursor.u8('the ziplist');
    if (previous === 0xff) return this.finish();
    if (previous === 0xfe) previous = cursor.u32le('the ziplist');
    if (this.previous >= 0 && previous !== this.previous) {
      throw this.damaged(
        phrase('an element says that the one before it has {0} bytes instead of {1}', previous, this.previous),
      );
    }
    this.lastStart = start;
    this.integer = undefined;
    const first = cursor.u8('the ziplist');
    if (first < 0x40) this.bytes = this.takeString(first);
    else if (first < 0x80) this.bytes = this.takeString(((first & 0x3f) << 8) | cursor.u8('the ziplist'));
    else if (first < 0xc0) this.bytes = this.takeString(cursor.u32be('the ziplist'));
    else this.integer = this.readInteger(first);
    this.previous = cursor.offset - start;
    this.taken++;
    return true;
  }

  private readInteger(first: number): number | bigint {
    const cursor = this.cursor;
    switch (first) {
      case 0xc0:
        return (cursor.u16le('the ziplist') << 16) >> 16;
      case 0xd0:
        return cursor.i32le('the ziplist');
      case 0xe0:
        return narrow(cursor.i64le('the ziplist'));
      case 0xf0: {
        const low = cursor.u16le('the ziplist');
        return ((low | (cursor.u8('the ziplist') << 16)) << 8) >> 8;
      }
      case 0xfe:
        return (cursor.u8('the ziplist') << 24) >> 24;
      default:
        if (first >= 0xf1 && first <= 0xfd) return (first & 0x0f) - 1;
        throw this.damaged(phrase('{0} starts no element', byteName(first)));
    }
  }

  private takeString(length: number): Text {
    const cursor = this.cursor;
    if (length > cursor.remaining) {
      throw this.damaged(phrase('an element says it has {0} bytes, {1} are left', length, cursor.remaining));
    }
    if (length <= EAGER_LIMIT) return cursor.take(length, 'the ziplist');
    const fileOffset = cursor.fileOffset;
    const text = { length, source: new SliceSource(cursor.origin, cursor.offset, length), fileOffset };
    cursor.skip(length, 'the ziplist');
    return text;
  }

  private finish(): boolean {
    if (this.cursor.remaining > 0) {
      throw this.damaged(phrase('its end mark stands {0} bytes before its end', this.cursor.remaining));
    }
    if (this.fromStart) {
      if (this.declared !== ZIPLIST_COUNT_UNKNOWN && this.declared !== this.taken) {
        throw this.damaged(phrase('its header says {0} elements, it has {1}', this.declared, this.taken));
      }
      if (this.tail !== this.lastStart) {
        throw this.damaged(phrase('its header puts the last element at {0}, it is at {1}', this.tail, this.lastStart));
      }
    }
    // The end mark stays unread, so that every further call ends here too.
    this.cursor.offset = this.cursor.offset - 1;
    return false;
  }

  /** The error for damage at the place that the reader has reached. */
  damaged(reason: Phrase): DecodeError {
    return new DecodeError('bad-ziplist', this.cursor.fileOffset, reason);
  }
}
