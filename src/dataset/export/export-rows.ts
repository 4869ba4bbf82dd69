/** The keys that an export takes, a stretch at a time: all of a file as it is scanned, or rows of an index. */
import type { RdbFile } from '../../decoder/rdb/entry.js';
import { COUNT_UNKNOWN, FLAG_INTEGER, type KeyBatch, type TypeTable } from '../../decoder/rdb/key-batch.js';
import { expiryAt, type KeyRow, typeNameAt } from '../../decoder/rdb/key-row.js';
import type { ValueType } from '../../decoder/rdb/value-type.js';
import type { ByteSource } from '../../decoder/source.js';
import { embeddedLimit, encodingOf } from '../encoding.js';
import type { FileFacts } from '../file-facts.js';
import { FileScan, type KeyTaker, SCAN_STEP } from '../file-scan.js';
import type { KeyIndex } from '../key-index.js';
import type { ServerInfo } from '../server-info.js';

/** What is known of a key before it is read. */
export interface ExportRow extends KeyRow {
  readonly encoding: string | null;
  /** Number of elements, −1 if it is not known. */
  readonly elements: number;
}

/** Some keys of a file. */
export interface ExportStretch {
  readonly file: RdbFile;
  readonly rows: readonly ExportRow[];
  /** How much of the keys is done when these are, from 0 to 1. */
  readonly done: number;
}

/** What a scan knows of the file, as values need it. */
export function fileOfScan(source: ByteSource, { facts, templates }: FileScan): RdbFile {
  const header = facts.fileHeader ?? { magic: '', family: 'redis', version: 0 };
  return { source, header, templates, keydb: facts.keydb };
}

/** Writes keys while they are found, as long as those before them are written. */
export interface RowTaker extends KeyTaker {
  /** Begins, once it is known what stands before the first keys. */
  begin(): void;
  /** Writes a key. @returns false if that is to be done later, in slices. */
  takeRow(file: RdbFile, row: ExportRow): boolean;
}

/**
 * All keys of a file, as they are found.
 *
 * @param onScan is told what else there is in the file.
 * @param encodings false leaves the encodings out, for forms that do not tell them.
 * @param taker writes what it can at once; the others are given.
 */
export function* scannedRows(
  source: ByteSource,
  onScan: (scan: FileScan) => void,
  encodings = true,
  taker?: RowTaker,
): Generator<ExportStretch> {
  if (taker) {
    // What is written depends on what the file says of itself, which stands at its beginning.
    let keys = 0;
    const first = new FileScan(source, ({ count }) => {
      keys += count;
    });
    onScan(first);
    first.step();
    if (keys > 0) taker.begin();
  }
  let rows: ExportRow[] = [];
  const add = (batch: KeyBatch, types: TypeTable, { server }: FileFacts) => {
    for (let i = 0; i < batch.count; i++) {
      const row = rowOf(batch, i, types, encodings ? server : undefined);
      if (rows.length > 0 || !taker?.takeRow(fileOfScan(source, scan), row)) rows.push(row);
    }
  };
  const take = taker && {
    ...taker,
    take: (...args: Parameters<typeof taker.take>) => (rows.length > 0 ? -1 : taker.take(...args)),
  };
  const scan: FileScan = new FileScan(source, add, SCAN_STEP, take);
  onScan(scan);
  for (let more = true; more; ) {
    rows = [];
    more = scan.step();
    yield { file: fileOfScan(source, scan), rows, done: scan.position / Math.max(1, source.size) };
  }
}

function rowOf(batch: KeyBatch, i: number, types: TypeTable, server: ServerInfo | undefined): ExportRow {
  const type = types[batch.type[i]] as ValueType;
  const elements = batch.elements[i];
  const expireAt = expiryAt(batch, i);
  return {
    db: batch.db,
    type,
    typeName: typeNameAt(batch, i, type),
    encoding: server ? encodingAt(batch, i, type, server, expireAt !== undefined) : null,
    offset: batch.offset[i],
    typeOffset: batch.typeOffset[i],
    end: batch.end[i],
    expireAt,
    idle: batch.idle[i],
    freq: batch.freq[i],
    elements: elements === COUNT_UNKNOWN ? -1 : elements,
  };
}

function encodingAt(batch: KeyBatch, i: number, type: ValueType, server: ServerInfo, expires: boolean): string | null {
  const flags = batch.flags[i];
  const embedded =
    type.code === 0 &&
    (flags & FLAG_INTEGER) === 0 &&
    batch.elements[i] <= embeddedLimit(server, batch.keyLength[i], expires);
  return encodingOf(type, flags, embedded, server);
}

/** Rows that are given at once. */
const STRETCH = 512;

/** Rows of an index, in the order in which they are given. */
export function* indexedRows(
  file: RdbFile,
  index: KeyIndex,
  rows: { readonly length: number; at(position: number): number },
): Generator<ExportStretch> {
  for (let from = 0; from < rows.length; from += STRETCH) {
    const to = Math.min(rows.length, from + STRETCH);
    const stretch: ExportRow[] = [];
    for (let i = from; i < to; i++) stretch.push(rowOfIndex(index, rows.at(i)));
    yield { file, rows: stretch, done: to / rows.length };
  }
}

function rowOfIndex(index: KeyIndex, row: number): ExportRow {
  const { db, kind, offset, typeOffset, size, expireAt, idle = -1, freq = -1, elements = -1 } = index.fact(row);
  const { valueType: type, type: typeName, encoding } = kind;
  return { db, type, typeName, encoding, offset, typeOffset, end: offset + size, expireAt, idle, freq, elements };
}
