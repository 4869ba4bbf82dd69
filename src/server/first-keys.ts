/** The first key of each sort that a file holds: all that has to be known of its keys to tell whether a server loads it. */
import type { LoadedKeys } from '../dataset/export/will-it-load.js';
import type { Kind } from '../dataset/key-index.js';
import type { TypeTable } from '../decoder/rdb/key-batch.js';

/** What is known of keys, a row for each, as a key batch has it. */
export interface KeyColumns {
  readonly type: Uint8Array;
  readonly offset: Float64Array;
  readonly typeOffset: Float64Array;
  readonly expireAt: Float64Array;
  readonly idle: Float64Array;
  readonly freq: Int16Array;
}

/** Keys of a database. */
export interface DatabaseKeys {
  readonly db: number;
  keys: number;
}

/** A key that is the first of its sort. */
interface FirstKey {
  readonly kind: number;
  readonly typeOffset: number;
  readonly head: number;
  readonly expireAt: number;
  readonly idle: number;
  readonly freq: number;
}

/** Keeps the first keys: of each type with and without expiry, idle time, access frequency, and other things before it. */
export class FirstKeys implements LoadedKeys {
  readonly kinds: Kind[] = [];
  /** Of each sort of type, and of what stands before a key, whether there was one. */
  private readonly seen = new Uint8Array(256 * 16);
  private readonly rows: FirstKey[] = [];
  private readonly kindOf = new Map<number, number>();
  private readonly counts = new Map<number, DatabaseKeys>();
  private last: DatabaseKeys | undefined;

  /** Looks at the first `count` rows, all of them of one database. */
  look(
    { type, offset, typeOffset, expireAt, idle, freq }: KeyColumns,
    count: number,
    db: number,
    types: TypeTable,
  ): void {
    const database = this.database(db);
    database.keys += count;
    for (let i = 0; i < count; i++) {
      const expires = !Number.isNaN(expireAt[i]);
      const head = typeOffset[i] - offset[i];
      const plain =
        (expires ? 9 : 0) + (freq[i] >= 0 ? 2 : idle[i] < 0 ? 0 : idle[i] < 64 ? 2 : idle[i] < 16384 ? 3 : 6);
      const sort =
        type[i] * 16 + (expires ? 1 : 0) + (idle[i] >= 0 ? 2 : 0) + (freq[i] >= 0 ? 4 : 0) + (head === plain ? 0 : 8);
      if (this.seen[sort] !== 0) continue;
      this.seen[sort] = 1;
      const kind = this.kindNumber(type[i], types);
      if (kind === undefined) continue;
      this.rows.push({ kind, typeOffset: typeOffset[i], head, expireAt: expireAt[i], idle: idle[i], freq: freq[i] });
    }
  }

  private database(db: number): DatabaseKeys {
    if (this.last?.db === db) return this.last;
    let count = this.counts.get(db);
    if (!count) {
      count = { db, keys: 0 };
      this.counts.set(db, count);
    }
    this.last = count;
    return count;
  }

  private kindNumber(code: number, types: TypeTable): number | undefined {
    const valueType = types[code];
    const known = this.kindOf.get(code);
    if (known !== undefined || !valueType) return known;
    const { type } = valueType;
    this.kindOf.set(code, this.kinds.length);
    return this.kinds.push({ valueType, type, encoding: null, module: undefined, keys: 1, bytes: 0 }) - 1;
  }

  /** Offset of the first key of a kind. */
  firstOffset(kind: number): number {
    return this.rows.find((row) => row.kind === kind)?.typeOffset ?? 0;
  }

  get length(): number {
    return this.rows.length;
  }

  kind(row: number): number {
    return this.rows[row].kind;
  }

  typeOffset(row: number): number {
    return this.rows[row].typeOffset;
  }

  head(row: number): number {
    return this.rows[row].head;
  }

  expireAt(row: number): number {
    return this.rows[row].expireAt;
  }

  idle(row: number): number {
    return this.rows[row].idle;
  }

  freq(row: number): number {
    return this.rows[row].freq;
  }

  /** All databases with all their keys. */
  get databases(): readonly DatabaseKeys[] {
    return [...this.counts.values()].sort((a, b) => a.db - b.db);
  }

  /** Which key is of which database is not kept. */
  *databaseRuns(): Generator<never> {}
}
