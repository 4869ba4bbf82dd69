/** The keys of a file as a restore takes them: in the order of the file, a stretch at a time, in columns. */
import { FileScan } from '../dataset/file-scan.js';
import type { Problem } from '../decoder/errors.js';
import type { RdbFile } from '../decoder/rdb/entry.js';
import type { KeyBatch, TypeTable } from '../decoder/rdb/key-batch.js';
import { expiryAt, type KeyRow, typeNameAt } from '../decoder/rdb/key-row.js';
import { OP_FUNCTION_PRE_GA, OP_FUNCTION2 } from '../decoder/rdb/opcodes.js';
import type { ValueType } from '../decoder/rdb/value-type.js';
import type { ByteSource } from '../decoder/source.js';

/** Bytes of a stretch where no window for it is given: what is known of all of its keys is held at once. */
const STRETCH_BYTES = 128 * 1024;
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
    const at = this.count;
    const { count } = batch;
    this.count += count;
    if (this.count > this.db.length) {
      const larger = columnsOf(2 * this.db.length);
      for (const name of names(larger)) larger[name].set(this.columns[name]);
      this.columns = larger;
      const dbs = new Int32Array(larger.type.length);
      dbs.set(this.db);
      this.db = dbs;
    }
    for (const name of names(this.columns)) this.columns[name].set(batch[name].subarray(0, count), at);
    this.db.fill(batch.db, at, this.count);
    this.types = types;
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

/** A part of the file, scanned. */
export interface RestoreStretch {
  readonly file: RdbFile;
  /** Who needs them after the next stretch is asked for says so in `users`. */
  readonly keys: RestoreKeys;
  /** Offsets of the function libraries that were met. */
  readonly functions: readonly number[];
  /** Bytes of the file that are at hand, and the offset of the first of them. */
  readonly bytes: Uint8Array;
  readonly base: number;
  /** Offset of the next byte that was not scanned. */
  readonly position: number;
}

/**
 * Goes through a file.
 *
 * @param window what a stretch is read into.
 * @returns what is wrong with its structure.
 */
export function* restoreStretches(
  source: ByteSource,
  window: Uint8Array = new Uint8Array(STRETCH_BYTES),
): Generator<RestoreStretch, readonly Problem[]> {
  const all: RestoreKeys[] = [];
  let keys = new RestoreKeys();
  const scan = new FileScan(source, (batch, types) => keys.add(batch, types), window);
  let records = 0;
  let number = 0;
  for (let more = true; more; ) {
    keys = all.find(({ users }) => users === 0) ?? new RestoreKeys();
    if (!all.includes(keys)) all.push(keys);
    keys.count = 0;
    keys.first = number;
    more = scan.step();
    number += keys.count;
    const { facts, position } = scan;
    const functions: number[] = [];
    for (; records < facts.recordCodes.length; records++) {
      const code = facts.recordCodes[records];
      if (code === OP_FUNCTION2 || code === OP_FUNCTION_PRE_GA) functions.push(facts.recordOffsets[records]);
    }
    const header = facts.fileHeader ?? { magic: '', family: 'redis', version: 0 };
    const file = { source, header, templates: scan.templates, keydb: facts.keydb };
    const bytes = window.subarray(0, scan.read);
    yield { file, keys, functions, bytes, base: position - scan.read, position };
  }
  return scan.facts.problems;
}
