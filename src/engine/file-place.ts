/** What stands where in a file, and where a key does. */
import type { FileScan } from '../dataset/file-scan.js';
import type { KeyIndex } from '../dataset/key-index.js';
import { allRows, visitNames } from '../dataset/names.js';
import type { ByteSource } from '../decoder/source.js';
import type { Place } from '../protocol.js';
import type { FileRecords } from './file-records.js';

/** Finds the row of a key by its whole name. @param db null for any. */
export function* findKey(
  source: ByteSource,
  index: KeyIndex,
  name: Uint8Array,
  db: number | null,
): Generator<number, number | null> {
  let found: number | null = null;
  for (const done of visitNames(source, index, allRows(index.length), (bytes, start, end, row) => {
    if (found !== null || end - start !== name.length) return;
    for (let i = 0; i < name.length; i++) if (bytes[start + i] !== name[i]) return;
    if (db === null || index.db(row) === db) found = row;
  })) {
    if (found !== null) break;
    yield done;
  }
  return found;
}

/** What an offset belongs to, as far as the file has been scanned. @param bytes of the file. */
export function placeAt(scan: FileScan, index: KeyIndex, records: FileRecords, bytes: number, offset: number): Place {
  const place = (kind: Place['kind'], start: number, end: number, row: number | null = null): Place => ({
    offset,
    kind,
    row,
    start,
    end,
  });
  const row = index.rowAt(offset);
  if (row !== undefined) {
    const fact = index.fact(row);
    return place('key', fact.offset, fact.offset + fact.size, row);
  }
  if (offset < 9) return place('header', 0, 9);
  const record = records.at(offset);
  if (record) return place('record', record.offset, record.end);
  if (scan.complete && offset >= scan.end) return place('trailing', scan.end, bytes);
  if (scan.complete && offset >= scan.checkedBytes) return place('checksum', scan.checkedBytes, scan.end);
  return place('unread', offset, offset);
}
