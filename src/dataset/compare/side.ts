/** One of the two files of a comparison: scanned, and open for the values of its keys. */
import { type Entry, openEntry, type RdbFile } from '../../decoder/rdb/entry.js';
import type { ByteSource } from '../../decoder/source.js';
import { FileScan } from '../file-scan.js';
import { KeyIndex } from '../key-index.js';

/** A file and its index. */
export interface Side {
  readonly source: ByteSource;
  readonly scan: FileScan;
  readonly index: KeyIndex;
  readonly file: RdbFile;
}

/** Scans a file for a comparison. Yields between 0 and 1, how much is done. */
export function* scanSide(source: ByteSource): Generator<number, Side> {
  let index: KeyIndex | undefined;
  const scan = new FileScan(source, (batch, types, facts) => {
    // The aux fields that name the server stand before the first key.
    index ??= new KeyIndex(facts.server);
    index.add(batch, types);
  });
  while (scan.step()) yield scan.position / Math.max(1, source.size);
  const { facts } = scan;
  const header = facts.fileHeader ?? { magic: '', family: 'redis', version: 0 };
  const file = { source, header, templates: scan.templates, keydb: facts.keydb };
  return { source, scan, index: index ?? new KeyIndex(facts.server), file };
}

/** Offset of the byte behind the record of a key. */
export function recordEnd({ index }: Side, row: number): number {
  return index.typeOffset(row) - index.head(row) + index.size(row);
}

/** Opens the value of a key. @throws DecodeError if it is damaged at its start. */
export function openRow(side: Side, row: number): Entry {
  return openEntry(side.file, side.index.typeOffset(row), recordEnd(side, row));
}
