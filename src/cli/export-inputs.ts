/** The files of an export on the command line: scanned while they are exported, or indexed where all must be known before. */

import { startsCommand } from '../dataset/aof/part-scan.js';
import type { ExportInput } from '../dataset/export/export-input.js';
import { fileOfScan, indexedRows, ScannedKeys } from '../dataset/export/export-rows.js';
import { duplicateRows, type RowSet } from '../dataset/export/merge.js';
import type { FileScan } from '../dataset/file-scan.js';
import { indexFile } from '../dataset/indexed-file.js';
import type { KeyIndex } from '../dataset/key-index.js';
import { allRows } from '../dataset/names.js';
import type { Problem } from '../decoder/errors.js';
import type { FileSource } from '../engine/node/file-source.js';
import { startChecksum } from './checksum-thread.js';
import type { ExportArguments } from './export-arguments.js';
import type { Trust } from './export-trust.js';

/** Forms that tell the encodings of keys. */
const WITH_ENCODINGS: ReadonlySet<string> = new Set(['json', 'jsonl', 'csv']);

/** A file, and what its scan has found. */
export interface OpenInput extends ExportInput {
  readonly source: FileSource;
  readonly problems: () => readonly Problem[];
  /** Offset of commands behind the RDB; undefined if there are none. */
  readonly commandsAt: () => number | undefined;
}

/**
 * Opens the files of an export.
 *
 * @throws DuplicateKeyError
 */
export function openInputs(
  sources: readonly FileSource[],
  { options, files }: ExportArguments,
  trusts: readonly Trust[],
): OpenInput[] {
  // Where it must be known of all keys which of them are left out, they are indexed.
  const indexed = files.length > 1;
  const inputs = sources.map((source, i) => {
    const trusted = trusts[i].presumed;
    return indexed ? indexedInput(source, trusted) : scannedInput(source, trusted, WITH_ENCODINGS.has(options.format));
  });
  if (!indexed || inputs.length === 1) return inputs;
  return withoutDuplicates(inputs as IndexedInput[], options.duplicates ?? 'last');
}

interface IndexedInput extends OpenInput {
  readonly index: KeyIndex;
}

/** @throws DuplicateKeyError */
function withoutDuplicates(inputs: IndexedInput[], which: 'first' | 'last' | 'error'): OpenInput[] {
  const search = duplicateRows(inputs, which);
  let skipped: readonly RowSet[] = [];
  for (let step = search.next(); ; step = search.next()) {
    if (!step.done) continue;
    skipped = step.value;
    break;
  }
  return inputs.map((input, i) => ({ ...input, skipped: skipped[i] }));
}

function scannedInput(source: FileSource, trusted: boolean, encodings: boolean): OpenInput {
  const keys = new ScannedKeys(source, encodings);
  return {
    source,
    trusted,
    stretches: (takers) => keys.stretches(takers?.scan),
    facts: () => keys.facts,
    problems: () => (keys.scan ? problemsOf(keys.scan, trusted, source) : []),
    commandsAt: () => (keys.scan?.complete && startsCommand(source, keys.scan.end) ? keys.scan.end : undefined),
  };
}

function indexedInput(source: FileSource, trusted: boolean): IndexedInput {
  const { scan, index } = indexFile(source);
  return {
    source,
    index,
    trusted,
    stretches: (takers) => indexedRows(fileOfScan(source, scan), index, allRows(index.length), takers?.rows),
    facts: () => scan.facts,
    problems: () => problemsOf(scan, trusted, source),
    commandsAt: () => (scan.complete && startsCommand(source, scan.end) ? scan.end : undefined),
  };
}

/** What is wrong with the file as a whole, its checksum included. */
function problemsOf(scan: FileScan, trusted: boolean, source: FileSource): readonly Problem[] {
  if (!trusted && scan.checksumWithoutReading === undefined) {
    const pending = startChecksum(source.fd, scan.checkedBytes);
    scan.compareChecksum(pending.result(scan.checkedBytes));
    pending.cancel();
  }
  return scan.facts.problems;
}
