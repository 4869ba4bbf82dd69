/** The keys that an export takes, a stretch at a time: all of a file as it is scanned, or rows of an index. */
import type { RdbFile } from '../../decoder/rdb/entry.js';
import { COUNT_UNKNOWN, FLAG_INTEGER, type KeyBatch, type TypeTable } from '../../decoder/rdb/key-batch.js';
import { expiryAt, type KeyRow, typeNameAt } from '../../decoder/rdb/key-row.js';
import type { ValueType } from '../../decoder/rdb/value-type.js';
import type { ByteSource } from '../../decoder/source.js';
import { embeddedLimit, encodingOf } from '../encoding.js';
import { FileFacts } from '../file-facts.js';
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
  /** Position of the first of them among all that are given, those that were taken before included. */
  readonly position: number;
  /** How much of the keys is done when these are, from 0 to 1. */
  readonly done: number;
}

/** What a scan knows of the file, as values need it. */
export function fileOfScan(source: ByteSource, { facts, templates }: FileScan): RdbFile {
  const header = facts.fileHeader ?? { magic: '', family: 'redis', version: 0 };
  return { source, header, templates, keydb: facts.keydb };
}

/** Writes keys while they are found, as long as those before them are written. */
export interface ScanTaker {
  /** Takes keys from the bytes that are scanned, before it is known where they are; undefined if it does not. */
  readonly bytes: KeyTaker | undefined;
  /** Begins, once it is known what stands before the first keys. */
  begin(): void;
  /** Writes a key, or finds that it is not asked for. @returns false if that is to be done later, in slices. */
  takeRow(file: RdbFile, row: ExportRow, facts: FileFacts): boolean;
}

/** Takes keys of an index that follow each other in it. */
export interface RunTaker {
  /**
   * @param from the first row, @param to the row behind the last.
   * @param position of the first row among those that are given.
   * @returns how many of them are done with; 0 if the first one has to be done another way.
   */
  takeRows(file: RdbFile, index: KeyIndex, from: number, to: number, position: number): number;
}

/** What takes keys before they are given: while a file is scanned, or from an index. */
export interface Takers {
  readonly scan?: ScanTaker | undefined;
  readonly rows?: RunTaker | undefined;
}

/** The keys of a file that is scanned when they are asked for. */
export class ScannedKeys {
  /** The scan that knows most of the file: the first one that came to its end. */
  scan: FileScan | undefined;
  private readonly none = new FileFacts();

  /** @param encodings false leaves the encodings out, for forms that do not tell them. */
  constructor(
    readonly source: ByteSource,
    private readonly encodings: boolean,
  ) {}

  get facts(): FileFacts {
    return this.scan?.facts ?? this.none;
  }

  stretches(taker?: ScanTaker): Generator<ExportStretch> {
    const onScan = (scan: FileScan) => {
      if (!this.scan?.finished) this.scan = scan;
    };
    return scannedRows(this.source, onScan, this.encodings, taker);
  }
}

/**
 * All keys of a file, as they are found.
 *
 * @param onScan is told what else there is in the file.
 * @param encodings false leaves the encodings out, for forms that do not tell them.
 * @param taker writes what it can at once; the others are given.
 */
function* scannedRows(
  source: ByteSource,
  onScan: (scan: FileScan) => void,
  encodings: boolean,
  taker?: ScanTaker,
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
  const add = (batch: KeyBatch, types: TypeTable, facts: FileFacts) => {
    for (let i = 0; i < batch.count; i++) {
      const row = rowOf(batch, i, types, encodings ? facts.server : undefined);
      if (rows.length > 0 || !taker?.takeRow(fileOfScan(source, scan), row, facts)) rows.push(row);
    }
  };
  const { bytes } = taker ?? {};
  const take = bytes && {
    window: bytes.window,
    take: (...args: Parameters<typeof bytes.take>) => (rows.length > 0 ? -1 : bytes.take(...args)),
  };
  const scan: FileScan = new FileScan(source, add, SCAN_STEP, take);
  onScan(scan);
  for (let more = true; more; ) {
    rows = [];
    more = scan.step();
    yield { file: fileOfScan(source, scan), rows, position: 0, done: scan.position / Math.max(1, source.size) };
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
/** The most rows that are looked at for whether they follow each other. */
const RUN = 4096;
/** Runs that are taken between two chances for others; each is of few bytes. */
const RUNS = 16;

type GivenRows = { readonly length: number; at(position: number): number };

/**
 * Rows of an index, in the order in which they are given.
 *
 * @param taker takes those that follow each other, as far as it can; the others are given.
 */
export function* indexedRows(
  file: RdbFile,
  index: KeyIndex,
  rows: GivenRows,
  taker?: RunTaker,
): Generator<ExportStretch> {
  for (let from = 0; from < rows.length; ) {
    let taken = 1;
    for (let runs = 0; taker && taken > 0 && runs < RUNS && from < rows.length; runs++) {
      const row = rows.at(from);
      taken = taker.takeRows(file, index, row, row + runLength(rows, from), from);
      from += taken;
    }
    const given = !taker ? STRETCH : taken > 0 ? 0 : 1;
    const to = Math.min(rows.length, from + given);
    const stretch: ExportRow[] = [];
    for (let i = from; i < to; i++) stretch.push(rowOfIndex(index, rows.at(i)));
    yield { file, rows: stretch, position: from, done: to / rows.length };
    from = to;
  }
}

/** How many rows from a position on follow each other in the index. */
function runLength(rows: GivenRows, from: number): number {
  const most = Math.min(RUN, rows.length - from);
  const first = rows.at(from);
  let count = 1;
  while (count < most && rows.at(from + count) === first + count) count++;
  return count;
}

function rowOfIndex(index: KeyIndex, row: number): ExportRow {
  const { db, kind, offset, typeOffset, size, expireAt, idle = -1, freq = -1, elements = -1 } = index.fact(row);
  const { valueType: type, type: typeName, encoding } = kind;
  return { db, type, typeName, encoding, offset, typeOffset, end: offset + size, expireAt, idle, freq, elements };
}
