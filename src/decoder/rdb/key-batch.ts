/** What a scan knows of the keys it has met, in columns: rows are handed on many at a time. */
import type { ValueType } from './value-type.js';

/** The "no expiry" of {@link KeyBatch.expireAt}. */
export const NO_EXPIRY = Number.NaN;
/** A count of elements that only a walk through the value can tell. */
export const COUNT_UNKNOWN = -1;
/** In {@link KeyBatch.flags}: a string that a server keeps as an integer. */
export const FLAG_INTEGER = 1;
/** In {@link KeyBatch.flags}: a quicklist whose elements are all in one listpack. */
export const FLAG_SINGLE_LISTPACK = 2;

/** Rows of a batch: few enough to stay in the fastest cache. */
export const BATCH_ROWS = 256;

/** Rows `0` to `count` hold keys in the order of the file. The columns are overwritten after the call that gives them. */
export class KeyBatch {
  count = 0;
  /** The database of all keys of the batch. */
  db = 0;
  /** Offset of the first byte that belongs to the key: its expiry or another opcode, else the type byte. */
  readonly offset = new Float64Array(BATCH_ROWS);
  /** Offset of the type byte. */
  readonly typeOffset = new Float64Array(BATCH_ROWS);
  /** Offset of the byte behind the value. */
  readonly end = new Float64Array(BATCH_ROWS);
  /** The type byte: index in {@link types}. */
  readonly type = new Uint8Array(BATCH_ROWS);
  /** Expiry in ms since the epoch, {@link NO_EXPIRY} without; inexact beyond 2^53, see the next two. */
  readonly expireAt = new Float64Array(BATCH_ROWS);
  /** The exact expiry: its high 32 bits, signed, and its low 32 bits. */
  readonly expireHigh = new Int32Array(BATCH_ROWS);
  readonly expireLow = new Uint32Array(BATCH_ROWS);
  /** Idle time in seconds, −1 if not saved. */
  readonly idle = new Float64Array(BATCH_ROWS);
  /** Logarithmic access frequency 0 to 255, −1 if not saved. */
  readonly freq = new Int16Array(BATCH_ROWS);
  /** True if some row may have an idle time or an access frequency. */
  hasAccess = false;
  /** Bytes of the key name. */
  readonly keyLength = new Float64Array(BATCH_ROWS);
  /** Number of elements; bytes of a string; {@link COUNT_UNKNOWN} where only a walk tells. */
  readonly elements = new Float64Array(BATCH_ROWS);
  /** {@link FLAG_INTEGER} and {@link FLAG_SINGLE_LISTPACK}. */
  readonly flags = new Uint8Array(BATCH_ROWS);
  /** Module ids of the rows with module values, as low and high half. */
  readonly moduleLow = new Uint32Array(BATCH_ROWS);
  readonly moduleHigh = new Uint32Array(BATCH_ROWS);

  constructor() {
    this.clear(0);
  }

  /** Puts rows back to keys of which nothing is known. */
  private clear(row: number, end = BATCH_ROWS): void {
    this.offset.fill(-1, row, end);
    this.expireAt.fill(NO_EXPIRY, row, end);
    this.idle.fill(-1, row, end);
    this.freq.fill(-1, row, end);
    this.flags.fill(0, row, end);
  }

  /** Empties the batch but for the row behind the last one, which may hold the beginning of a key. */
  restart(): void {
    const last = this.count;
    this.count = 0;
    if (last === 0) return;
    const begun = last < BATCH_ROWS && this.offset[last] >= 0;
    this.hasAccess = begun && (this.idle[last] >= 0 || this.freq[last] >= 0);
    if (begun) for (const column of this.columns()) column[0] = column[last];
    this.clear(begun ? 1 : 0, last + 1);
  }

  private columns(): (Float64Array | Uint8Array | Int32Array | Uint32Array | Int16Array)[] {
    const { offset, typeOffset, type, expireAt, expireHigh, expireLow, idle, freq, keyLength, elements } = this;
    return [
      offset,
      typeOffset,
      type,
      expireAt,
      expireHigh,
      expireLow,
      idle,
      freq,
      keyLength,
      elements,
      this.flags,
      this.moduleLow,
      this.moduleHigh,
    ];
  }
}

/** The value types of a file by type byte. */
export type TypeTable = readonly (ValueType | undefined)[];
