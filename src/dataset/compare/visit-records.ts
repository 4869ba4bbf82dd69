/** One sequential pass over the records of a file: of each key its name, and a hash over its name and value. */
import { readFully } from '../../decoder/source.js';
import { nameOf } from '../names.js';
import { Hash64, type Seed } from './hash.js';
import { recordEnd, type Side } from './side.js';

const WINDOW = 512 * 1024;
/** Rows that are visited before the caller gets a chance to do other things. */
const SLICE_ROWS = 1 << 14;

/**
 * Takes a key: its name from `start` to before `end` of `bytes`, which are overwritten after the call. The hashes are
 * those of {@link RecordPass}.
 */
export type RecordVisitor = (bytes: Uint8Array, start: number, end: number, row: number) => void;

/** The pass. Its hashes are those of the key that is being visited. */
export class RecordPass {
  /** Hash of the name and its database. */
  readonly name: Hash64;
  /** Hash of the type, the name and the bytes of the value: equal ones mean equal values. */
  readonly record: Hash64;
  private readonly buffer = new Uint8Array(WINDOW);
  private base = 0;
  private filled = 0;

  constructor(
    private readonly side: Side,
    seed: Seed,
  ) {
    this.name = new Hash64(seed);
    this.record = new Hash64({ high: ~seed.low, low: seed.high });
  }

  /** Visits all keys in the order of the file. Yields how many are done. */
  *run(visit: RecordVisitor): Generator<number> {
    const { index } = this.side;
    for (const run of index.databaseRuns()) {
      for (let row = run.start; row < run.end; ) {
        row = this.visitWhole(row, Math.min(run.end, row + SLICE_ROWS), run.db, visit);
        yield row;
        if (row === run.end) break;
        const offset = index.typeOffset(row) + 1;
        const stop = this.endOf(row);
        if (offset < this.base || stop > this.base + this.filled) this.read(offset);
        // One that does not fit into the window is read piece by piece.
        if (stop > this.base + this.filled) yield* this.visitLarge(row++, run.db, visit);
      }
    }
  }

  /** Visits rows while their records are in the window. @returns the first row that is not, or `end`. */
  private visitWhole(start: number, end: number, db: number, visit: RecordVisitor): number {
    const { side, buffer, name, record, base, filled } = this;
    const { index } = side;
    const { kinds } = index;
    for (let row = start; row < end; row++) {
      const at = index.typeOffset(row) + 1 - base;
      const stop = this.endOf(row) - base;
      if (at < 0 || stop > filled) return row;
      const byte = buffer[at];
      if (byte >= 0x80) {
        this.visitOddName(row, db, at, stop, visit);
        continue;
      }
      const nameAt = byte < 0x40 ? at + 1 : at + 2;
      const nameEnd = nameAt + (byte < 0x40 ? byte : ((byte & 0x3f) << 8) | buffer[at + 1]);
      name.begin(db);
      name.update(buffer, nameAt, nameEnd);
      name.finish();
      record.begin(kinds[index.kind(row)].valueType.code);
      record.string(buffer, nameAt, nameEnd);
      record.update(buffer, nameEnd, stop);
      record.finish();
      visit(buffer, nameAt, nameEnd, row);
    }
    return end;
  }

  /** Visits a row whose name is compressed, written as a number, or very long. */
  private visitOddName(row: number, db: number, at: number, stop: number, visit: RecordVisitor): void {
    const { buffer, record } = this;
    const bytes = this.beginOdd(row, db);
    record.update(buffer, at + integerHeader(buffer[at]), stop);
    record.finish();
    visit(bytes, 0, bytes.length, row);
  }

  /** Visits a row whose record is larger than the window; the window is at its name. */
  private *visitLarge(row: number, db: number, visit: RecordVisitor): Generator<number> {
    const { buffer, record } = this;
    const start = this.side.index.typeOffset(row) + 1;
    const stop = this.endOf(row);
    const bytes = this.beginOdd(row, db);
    const byte = buffer[start - this.base];
    // Behind the name, where it is written in the plain way.
    const skipped = byte < 0x40 ? 1 + bytes.length : byte < 0x80 ? 2 + bytes.length : integerHeader(byte);
    for (let from = start + skipped; from < stop; ) {
      if (from < this.base || from >= this.base + this.filled) this.read(from);
      if (this.filled === 0) break;
      const end = Math.min(this.filled, stop - this.base);
      record.update(buffer, from - this.base, end);
      from = this.base + end;
      yield row;
    }
    record.finish();
    visit(bytes, 0, bytes.length, row);
  }

  /** Begins both hashes with a name that is read for itself. */
  private beginOdd(row: number, db: number): Uint8Array {
    const { side, name, record } = this;
    const bytes = nameOf(side.source, side.index, row);
    name.begin(db);
    name.update(bytes, 0, bytes.length);
    name.finish();
    record.begin(side.index.kinds[side.index.kind(row)].valueType.code);
    record.string(bytes, 0, bytes.length);
    return bytes;
  }

  private read(offset: number): void {
    this.base = offset;
    this.filled = readFully(this.side.source, offset, this.buffer);
  }

  /** What belongs to a key ends with its record; KeyDB writes the expiries of its members behind it. */
  private endOf(row: number): number {
    const { side } = this;
    if (!side.file.keydb) return recordEnd(side, row);
    return row + 1 < side.index.length ? side.index.typeOffset(row + 1) : side.scan.end;
  }
}

/** Bytes that a name takes that is written as a number; 0 for others, which are hashed as they are written. */
function integerHeader(byte: number): number {
  return byte >= 0xc0 && byte <= 0xc2 ? 1 + (1 << (byte - 0xc0)) : 0;
}
