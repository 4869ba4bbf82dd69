/** The memory estimate of every key of an index: a column that is filled in one pass. */
import { DecodeError } from '../../decoder/errors.js';
import type { ByteSource } from '../../decoder/source.js';
import type { KeyIndex } from '../key-index.js';
import { RecordBytes } from '../record-bytes.js';
import { Measurer } from './measure.js';
import type { MemoryTarget } from './target.js';

const CHUNK_BITS = 16;
const CHUNK_ROWS = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_ROWS - 1;
/** The number is in the overflow table. */
const OVERFLOW = 0xffffffff;
/** Rows that are measured before the caller gets a chance to do other things, and bytes of the file. */
const BLOCK_ROWS = 4096;
const BLOCK_BYTES = 4 * 1024 * 1024;

/** Bytes of memory by row; rows are filled in ascending order. */
export class MemoryColumn {
  private readonly chunks: Uint32Array[] = [];
  private readonly large = new Map<number, number>();
  private filled = 0;
  private sum = 0;

  constructor(readonly target: MemoryTarget) {}

  /** Rows that are known: those from 0 to before this one. */
  get length(): number {
    return this.filled;
  }

  /** Bytes of all rows that are known. */
  get total(): number {
    return this.sum;
  }

  /** Bytes that the key of a row takes; NaN while that is not known. */
  at(row: number): number {
    if (row >= this.filled) return Number.NaN;
    const bytes = this.chunks[row >>> CHUNK_BITS][row & CHUNK_MASK];
    return bytes === OVERFLOW ? (this.large.get(row) ?? bytes) : bytes;
  }

  /** Adds the next row. */
  add(bytes: number): void {
    const row = this.filled++;
    if ((row & CHUNK_MASK) === 0) this.chunks.push(new Uint32Array(CHUNK_ROWS));
    this.chunks[row >>> CHUNK_BITS][row & CHUNK_MASK] = bytes >= OVERFLOW ? OVERFLOW : bytes;
    if (bytes >= OVERFLOW) this.large.set(row, bytes);
    this.sum += bytes;
  }

  /** Bytes that the column itself takes. */
  get size(): number {
    return this.chunks.length * CHUNK_ROWS * 4;
  }
}

/**
 * Measures the keys of an index that the column does not know yet, in one pass over the file. Yields the number of
 * rows that are known, so that the caller can do other things or stop; it can be called again to go on.
 */
export function* memorySteps(source: ByteSource, index: KeyIndex, column: MemoryColumn): Generator<number> {
  const measurer = new Measurer(column.target);
  const record = new RecordBytes(source);
  let since = column.length;
  let from = 0;
  while (column.length < index.length) {
    const row = column.length;
    const typeOffset = index.typeOffset(row);
    column.add(measureRow(measurer, record, index, row));
    if (column.length - since >= BLOCK_ROWS || typeOffset - from >= BLOCK_BYTES) {
      since = column.length;
      from = typeOffset;
      yield column.length;
    }
  }
}

/** What the key of a row costs. */
export function measureRow(measurer: Measurer, record: RecordBytes, index: KeyIndex, row: number): number {
  const typeOffset = index.typeOffset(row);
  const end = typeOffset - index.head(row) + index.size(row);
  const { valueType } = index.kinds[index.kind(row)];
  try {
    return measurer.measure(
      record,
      valueType,
      typeOffset,
      end,
      !Number.isNaN(index.expireAt(row)),
      index.elements(row),
    );
  } catch (error) {
    // Not even the name can be read: the file has changed under us.
    if (!(error instanceof DecodeError)) throw error;
    return 0;
  }
}

/** What one key costs, and the encoding that the target would use for it. */
export function keyMemory(
  source: ByteSource,
  index: KeyIndex,
  row: number,
  target: MemoryTarget,
): { readonly bytes: number; readonly encoding: string | null } {
  const measurer = new Measurer(target);
  const bytes = measureRow(measurer, new RecordBytes(source, 64 * 1024), index, row);
  return { bytes, encoding: measurer.encoding };
}
