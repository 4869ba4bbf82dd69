/** Reading every value of an indexed file to find what the scan cannot see. */

import type { FileScan } from '../dataset/file-scan.js';
import type { KeyIndex } from '../dataset/key-index.js';
import { DecodeError, type Problem } from '../decoder/errors.js';
import { openEntry, type RdbFile } from '../decoder/rdb/entry.js';
import { verifyEntry } from '../decoder/rdb/verify.js';
import type { ByteSource } from '../decoder/source.js';

/** The file that values are opened in, once it has been scanned far enough. */
export function rdbFile(source: ByteSource, scan: FileScan): RdbFile {
  const header = scan.facts.fileHeader ?? { magic: '', family: 'redis', version: 0 };
  return { source, header, templates: scan.templates, keydb: scan.facts.keydb };
}

/** Verifies all keys of the index. @param report takes the first problem of each damaged value. */
export function verifyKeys(
  source: ByteSource,
  scan: FileScan,
  index: KeyIndex,
  report: (problem: Problem) => void,
): void {
  const file = rdbFile(source, scan);
  for (let row = 0; row < index.length; row++) {
    const problem = verifyKey(file, index.typeOffset(row), index.typeOffset(row) - index.head(row) + index.size(row));
    if (problem) report(problem);
  }
}

/** Verifies one key. @returns what is wrong with its value. */
function verifyKey(file: RdbFile, typeOffset: number, end: number): Problem | undefined {
  try {
    verifyEntry(openEntry(file, typeOffset, end), typeOffset);
    return undefined;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return error.toProblem(typeOffset);
  }
}
