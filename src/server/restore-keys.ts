/** The keys of a stretch of a file as a restore takes them: in the order of the file, in columns. */
import type { KeyBatch, TypeTable } from '../decoder/rdb/key-batch.js';
import { expiryAt, type KeyRow, typeNameAt } from '../decoder/rdb/key-row.js';
import type { ValueType } from '../decoder/rdb/value-type.js';

/** Keys that there is room for at first. */
const FIRST_KEYS = 4096;

/** What is known of a key before it is read. */
export interface RestoreRow extends KeyRow {
  /** Its place among the keys of the file, from 0. */
  readonly number: number;
}

/** Columns for so many keys, as {@link KeyBatch} has them. */
function columnsOf(rows: number) {
  return {
    type: new Uint8Array(rows),
    offset: new Float64Array(rows),
    typeOffset: new Float64Array(rows),
    end: new Float64Array(rows),
    expireAt: new Float64Array(rows),
    expireHigh: new Int32Array(rows),
    expireLow: new Uint32Array(rows),
    idle: new Float64Array(rows),
    freq: new Int16Array(rows),
    moduleLow: new Uint32Array(rows),
    moduleHigh: new Uint32Array(rows),
  };
}

/** The columns of keys that are plain: the others say nothing of such. */
const FOUND = ['type', 'offset', 'typeOffset', 'end', 'expireAt', 'idle', 'freq'] as const;
type FoundColumns = Readonly<Record<(typeof FOUND)[number], Float64Array | Int16Array | Uint8Array>>;

/** The keys of a stretch; most are never more than a row of columns. */
export class RestoreKeys {
  count = 0;
  /** The number in the file of the first one. */
  first = 0;
  /** Who still needs them; they are overwritten when nobody does. */
  users = 0;
  types: TypeTable = [];
  columns = columnsOf(FIRST_KEYS);
  db = new Int32Array(FIRST_KEYS);

  /** Adds the keys of a batch. */
  add(batch: KeyBatch, types: TypeTable): void {
    const at = this.grow(batch.count, batch.db);
    for (const name of names(this.columns)) this.columns[name].set(batch[name].subarray(0, batch.count), at);
    this.types = types;
  }

  /** Adds keys of which other columns have what is not the same for all of them. */
  addFound(from: FoundColumns, count: number, db: number): void {
    const at = this.grow(count, db);
    for (const name of FOUND) this.columns[name].set(from[name].subarray(0, count), at);
  }

  /** Makes room for keys. @returns the row of the first of them. */
  private grow(count: number, db: number): number {
    const at = this.count;
    this.count += count;
    if (this.count > this.db.length) {
      const larger = columnsOf(2 * this.db.length);
      for (const name of names(larger)) larger[name].set(this.columns[name]);
      this.columns = larger;
      const dbs = new Int32Array(larger.type.length);
      dbs.set(this.db);
      this.db = dbs;
    }
    this.db.fill(db, at, this.count);
    return at;
  }

  /** A key by itself. */
  row(i: number): RestoreRow {
    const { type, offset, typeOffset, end, idle, freq } = this.columns;
    return {
      number: this.first + i,
      db: this.db[i],
      type: this.types[type[i]] as ValueType,
      typeName: this.typeName(i),
      offset: offset[i],
      typeOffset: typeOffset[i],
      end: end[i],
      expireAt: expiryAt(this.columns, i),
      idle: idle[i],
      freq: freq[i],
    };
  }

  /** The type of a key as TYPE names it. */
  typeName(i: number): string {
    return typeNameAt(this.columns, i, this.types[this.columns.type[i]] as ValueType);
  }
}

type Columns = ReturnType<typeof columnsOf>;

function names(columns: Columns): (keyof Columns)[] {
  return Object.keys(columns) as (keyof Columns)[];
}
