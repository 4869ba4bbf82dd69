/** Zipmap: the compact hash of Redis 2.4. */
import type { Cursor } from '../../cursor.js';
import { DecodeError, type Phrase, phrase } from '../../errors.js';
import { type Blob, blobCursor, EAGER_LIMIT, SliceSource, type Text } from '../string.js';
import type { BlobReader } from './reader.js';

/** The count byte that stands for "more than fits: walk to the end". */
export const ZIPMAP_COUNT_UNKNOWN = 254;

const EMPTY = new Uint8Array(0);

/** Walks a zipmap: field, value, field, value … From its start, or from a field. */
export class ZipmapReader implements BlobReader {
  private readonly cursor: Cursor;
  private readonly fromStart: boolean;
  private readonly declared: number = ZIPMAP_COUNT_UNKNOWN;
  private bytes: Text = EMPTY;
  readonly integer = undefined;
  taken = 0;

  /**
   * @param inner 0 to begin, or the {@link inner} of an earlier reader of the same blob, where a field starts.
   * @throws DecodeError `bad-zipmap` if the blob is too short for the structure.
   */
  constructor(blob: Blob, inner = 0) {
    this.fromStart = inner === 0;
    this.cursor = blobCursor(blob, inner);
    if (!this.fromStart) return;
    if (this.cursor.limit < 2) throw this.damaged(phrase('it has only {0} bytes', this.cursor.limit));
    this.declared = this.cursor.u8('the zipmap');
  }

  get inner(): number {
    return this.cursor.offset;
  }

  text(): Text {
    return this.bytes;
  }

  read(): boolean {
    const cursor = this.cursor;
    const isValue = this.taken % 2 === 1;
    let length = cursor.u8('the zipmap');
    if (length === 0xff) return this.finish(isValue);
    if (length === 0xfe) length = cursor.u32le('the zipmap');
    const free = isValue ? cursor.u8('the zipmap') : 0;
    // The end mark needs a byte behind the element.
    if (length + free >= cursor.remaining) {
      throw this.damaged(phrase('an element says it has {0} bytes, {1} are left', length + free, cursor.remaining));
    }
    this.bytes = this.takeString(length);
    cursor.skip(free);
    this.taken++;
    return true;
  }

  private takeString(length: number): Text {
    const cursor = this.cursor;
    if (length <= EAGER_LIMIT) return cursor.take(length, 'the zipmap');
    const fileOffset = cursor.fileOffset;
    const text = { length, source: new SliceSource(cursor.origin, cursor.offset, length), fileOffset };
    cursor.skip(length, 'the zipmap');
    return text;
  }

  private finish(isValue: boolean): boolean {
    if (isValue) throw this.damaged(phrase('a field has no value'));
    if (this.cursor.remaining > 0) {
      throw this.damaged(phrase('its end mark stands {0} bytes before its end', this.cursor.remaining));
    }
    const pairs = this.taken / 2;
    if (this.fromStart && this.declared < ZIPMAP_COUNT_UNKNOWN && this.declared !== pairs) {
      throw this.damaged(phrase('its header says {0} elements, it has {1}', this.declared, pairs));
    }
    // The end mark stays unread, so that every further call ends here too.
    this.cursor.offset = this.cursor.offset - 1;
    return false;
  }

  /** The error for damage at the place that the reader has reached. */
  damaged(reason: Phrase): DecodeError {
    return new DecodeError('bad-zipmap', this.cursor.fileOffset, reason);
  }
}
