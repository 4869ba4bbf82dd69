/** One sequential pass over the records of a file: of each key its name, and a hash over its name and value. */
import { readFully } from '../../decoder/source.js';
import { nameOf } from '../names.js';
import { Hash64, type Seed } from './hash.js';
import { recordEnd, type Side } from './side.js';

const WINDOW = 512 * 1024;
/** Bytes that hold the header of any name. */
const HEADER = 24;
/** Bytes that are hashed before the caller gets a chance to do other things. */
const SLICE = 4 * 1024 * 1024;
/** Rows that are visited before that, where none is read anew. */
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
    const { index, source } = this.side;
    const { buffer } = this;
    let hashed = 0;
    for (const run of index.databaseRuns()) {
      for (let row = run.start; row < run.end; row++) {
        const offset = index.typeOffset(row) + 1;
        const stop = this.endOf(row);
        let at = offset - this.base;
        if (at < 0 || at + Math.min(HEADER, stop - offset) > this.filled) {
          yield row;
          this.read(offset);
          at = 0;
        } else if (row % SLICE_ROWS === SLICE_ROWS - 1) {
          yield row;
        }
        let nameAt = -1;
        let nameEnd = 0;
        const byte = buffer[at];
        if (byte < 0x40) nameAt = at + 1;
        else if (byte < 0x80) nameAt = at + 2;
        if (nameAt >= 0) {
          nameEnd = nameAt + (byte < 0x40 ? byte : ((byte & 0x3f) << 8) | buffer[at + 1]);
          if (nameEnd > this.filled) {
            yield row;
            this.read(offset);
            nameEnd -= at;
            nameAt -= at;
            at = 0;
          }
        }
        let name: Uint8Array = buffer;
        let valueAt = nameEnd;
        if (nameAt < 0 || nameEnd > this.filled) {
          // Compressed, written as a number, or very long: its bytes are hashed with those of the value.
          name = nameOf(source, index, row);
          nameAt = 0;
          nameEnd = name.length;
          valueAt = at + (byte >= 0xc0 && byte <= 0xc2 ? 1 + (1 << (byte - 0xc0)) : 0);
        }
        this.name.begin(run.db);
        this.name.update(name, nameAt, nameEnd);
        this.name.finish();
        this.record.begin(index.kinds[index.kind(row)].valueType.code);
        this.record.string(name, nameAt, nameEnd);
        // The pass goes on in the same buffer, which the visitor needs as it is.
        const shared = name === buffer && stop - this.base > this.filled;
        if (shared) {
          name = buffer.slice(nameAt, nameEnd);
          nameEnd -= nameAt;
          nameAt = 0;
        }
        for (let from = this.base + valueAt; from < stop; ) {
          if (from - this.base >= this.filled) {
            yield row;
            this.read(from);
            if (this.filled === 0) break;
          }
          const begin = from - this.base;
          const end = Math.min(this.filled, stop - this.base);
          this.record.update(buffer, begin, end);
          hashed += end - begin;
          from += end - begin;
          if (hashed >= SLICE) {
            hashed = 0;
            yield row;
          }
        }
        this.record.finish();
        visit(name, nameAt, nameEnd, row);
      }
    }
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
