/** The keys of a file as a restore takes them: in the order of the file, a stretch at a time. */
import { FileScan } from '../dataset/file-scan.js';
import type { Problem } from '../decoder/errors.js';
import type { RdbFile } from '../decoder/rdb/entry.js';
import type { KeyBatch, TypeTable } from '../decoder/rdb/key-batch.js';
import { parseModuleId } from '../decoder/rdb/module-id.js';
import { OP_FUNCTION_PRE_GA, OP_FUNCTION2 } from '../decoder/rdb/opcodes.js';
import type { Millis } from '../decoder/rdb/value-model.js';
import type { ValueType } from '../decoder/rdb/value-type.js';
import type { ByteSource } from '../decoder/source.js';

/** Bytes of a stretch: what is known of all of its keys is held at once. */
const STRETCH_BYTES = 128 * 1024;

/** What is known of a key before it is read. */
export interface RestoreRow {
  /** Its place among the keys of the file, from 0. */
  readonly number: number;
  readonly db: number;
  readonly type: ValueType;
  /** As TYPE names it. */
  readonly typeName: string;
  /** Offset of the first byte of its record. */
  readonly offset: number;
  readonly typeOffset: number;
  /** Offset of the byte behind the value. */
  readonly end: number;
  readonly expireAt: Millis | undefined;
  /** Idle time in seconds, −1 if not saved. */
  readonly idle: number;
  /** Access frequency 0 to 255, −1 if not saved. */
  readonly freq: number;
}

/** A part of the file, scanned. */
export interface RestoreStretch {
  readonly file: RdbFile;
  readonly rows: readonly RestoreRow[];
  /** Offsets of the function libraries that were met. */
  readonly functions: readonly number[];
  /** Offset of the next byte that was not scanned. */
  readonly position: number;
}

/** Goes through a file. @returns what is wrong with its structure. */
export function* restoreStretches(source: ByteSource): Generator<RestoreStretch, readonly Problem[]> {
  let rows: RestoreRow[] = [];
  let number = 0;
  const scan = new FileScan(
    source,
    (batch, types) => {
      for (let i = 0; i < batch.count; i++) rows.push(rowOf(batch, i, types, number++));
    },
    STRETCH_BYTES,
  );
  let records = 0;
  for (let more = true; more; ) {
    rows = [];
    more = scan.step();
    const { facts } = scan;
    const functions: number[] = [];
    for (; records < facts.recordCodes.length; records++) {
      const code = facts.recordCodes[records];
      if (code === OP_FUNCTION2 || code === OP_FUNCTION_PRE_GA) functions.push(facts.recordOffsets[records]);
    }
    const header = facts.fileHeader ?? { magic: '', family: 'redis', version: 0 };
    const file = { source, header, templates: scan.templates, keydb: facts.keydb };
    yield { file, rows, functions, position: scan.position };
  }
  return scan.facts.problems;
}

function rowOf(batch: KeyBatch, i: number, types: TypeTable, number: number): RestoreRow {
  const type = types[batch.type[i]] as ValueType;
  return {
    number,
    db: batch.db,
    type,
    typeName: type.type === 'module' ? moduleName(batch, i) : type.type,
    offset: whole(batch.offset[i]),
    typeOffset: whole(batch.typeOffset[i]),
    end: whole(batch.end[i]),
    expireAt: expiryOf(batch, i),
    idle: whole(batch.idle[i]),
    freq: batch.freq[i],
  };
}

/** A whole number from a column, as a small integer if it is one: each other number in an object is an object itself. */
function whole(value: number): number {
  const small = value | 0;
  return small === value ? small : value;
}

function moduleName(batch: KeyBatch, i: number): string {
  return parseModuleId((BigInt(batch.moduleHigh[i]) << 32n) | BigInt(batch.moduleLow[i])).name;
}

function expiryOf(batch: KeyBatch, i: number): Millis | undefined {
  const time = batch.expireAt[i];
  if (Number.isNaN(time)) return undefined;
  return Number.isSafeInteger(time) ? time : (BigInt(batch.expireHigh[i]) << 32n) | BigInt(batch.expireLow[i]);
}
