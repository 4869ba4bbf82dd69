/** Intset: a sorted array of integers of one width, for sets of integers. */
import type { Cursor } from '../../cursor.js';
import { DecodeError, type Phrase, phrase } from '../../errors.js';
import { type Blob, blobCursor, type Text } from '../string.js';
import { type BlobReader, elementText, narrow } from './reader.js';

/** Width of an element (4 bytes) and number of elements (4 bytes). */
export const INTSET_HEADER = 8;

const EMPTY = new Uint8Array(0);

/** Walks an intset, from its start or from an element. */
export class IntsetReader implements BlobReader {
  private readonly cursor: Cursor;
  private readonly width: number;
  private readonly fromStart: boolean;
  integer: number | bigint | undefined;
  taken = 0;

  /**
   * @param inner 0 to begin, or the {@link inner} of an earlier reader of the same blob.
   * @throws DecodeError `bad-intset` if the header does not fit the blob.
   */
  constructor(blob: Blob, inner = 0) {
    this.fromStart = inner === 0;
    this.cursor = blobCursor(blob);
    const size = this.cursor.limit;
    if (size < INTSET_HEADER) throw this.damaged(phrase('it has only {0} bytes', size));
    this.width = this.cursor.u32le('the intset');
    const count = this.cursor.u32le('the intset');
    if (this.width !== 2 && this.width !== 4 && this.width !== 8) {
      throw this.damaged(phrase('its elements cannot be {0} bytes wide', this.width));
    }
    if (INTSET_HEADER + count * this.width !== size) {
      throw this.damaged(
        phrase('its header says {0} elements of {1} bytes, it has {2} bytes', count, this.width, size),
      );
    }
    if (!this.fromStart) this.cursor.offset = inner;
  }

  get inner(): number {
    return this.cursor.offset;
  }

  text(): Text {
    return elementText(this.integer, EMPTY);
  }

  read(): boolean {
    const cursor = this.cursor;
    if (cursor.remaining <= 0) return false;
    const before = this.integer;
    let value: number | bigint;
    if (this.width === 2) value = (cursor.u16le('the intset') << 16) >> 16;
    else if (this.width === 4) value = cursor.i32le('the intset');
    else value = narrow(cursor.i64le('the intset'));
    if (before !== undefined && value <= before) {
      throw this.damaged(phrase('{0} stands behind {1}', String(value), String(before)));
    }
    this.integer = value;
    this.taken++;
    return true;
  }

  /** The error for damage at the place that the reader has reached. */
  damaged(reason: Phrase): DecodeError {
    return new DecodeError('bad-intset', this.cursor.fileOffset, reason);
  }
}
