/** Exports dumps in memory, for tests: as the command line does it, file by file. */

import type { ExportInput } from '../../src/dataset/export/export-input.js';
import { fileOfScan, indexedRows, ScannedKeys, type Takers } from '../../src/dataset/export/export-rows.js';
import { exportKeys } from '../../src/dataset/export/exporter.js';
import { duplicateRows } from '../../src/dataset/export/merge.js';
import type { ExportOptions } from '../../src/dataset/export/options.js';
import type { PlainWriter } from '../../src/dataset/export/plain/plain-writer.js';
import type { ExportReport } from '../../src/dataset/export/report.js';
import { FileScan } from '../../src/dataset/file-scan.js';
import { KeyIndex } from '../../src/dataset/key-index.js';
import { allRows } from '../../src/dataset/names.js';
import { type ByteSource, MemorySource } from '../../src/decoder/source.js';

/** What an export gave: the bytes of each file by its part, and the report. */
export interface Exported {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly report: ExportReport;
  /** The bytes where there is one file. */
  readonly bytes: Buffer;
}

/** The way in which keys get into an export. */
export interface ExportWay {
  /** Makes what writes the plainest keys straight from their bytes. */
  readonly openPlain?: (() => PlainWriter | undefined) | undefined;
  /** True if each key is written by itself. */
  readonly oneByOne?: boolean;
  /** The rows of an index, of so many, that are exported; as they are found, or all in their order, if it is not there. */
  readonly rows?: ((count: number) => readonly number[]) | undefined;
}

/**
 * Exports one dump, or several as one.
 *
 * @param trusted false for values to be checked before they are written.
 */
export function exportBytes(
  dumps: Uint8Array | readonly Uint8Array[],
  options: ExportOptions,
  trusted = true,
  { openPlain, oneByOne = false, rows }: ExportWay = {},
): Exported {
  const sources = (dumps instanceof Uint8Array ? [dumps] : dumps).map(
    (bytes) => new MemorySource(new Uint8Array(bytes)),
  );
  const indexed = sources.length > 1 || rows !== undefined;
  const inputs = sources.map((source) => {
    const input = indexed ? indexedInput(source, trusted, rows) : scannedInput(source, trusted);
    return oneByOne ? { ...input, stretches: () => input.stretches() } : input;
  });
  const merged = sources.length > 1 ? withoutDuplicates(inputs as IndexedInput[], options) : inputs;
  const parts = new Map<string, Buffer[]>();
  const job = exportKeys(
    merged,
    options,
    (part) => {
      const pieces: Buffer[] = [];
      parts.set(part, pieces);
      return (bytes) => pieces.push(Buffer.from(bytes));
    },
    openPlain,
  );
  const report = resultOf(job);
  const files = new Map([...parts].map(([part, pieces]) => [part, Buffer.concat(pieces)] as const));
  return { files, report, bytes: files.get('') ?? Buffer.alloc(0) };
}

/** Runs to the end. */
function resultOf<Result>(job: Generator<unknown, Result>): Result {
  for (;;) {
    const step = job.next();
    if (step.done) return step.value;
  }
}

interface IndexedInput extends ExportInput {
  readonly index: KeyIndex;
}

function withoutDuplicates(inputs: readonly IndexedInput[], { duplicates = 'last' }: ExportOptions): ExportInput[] {
  const skipped = resultOf(duplicateRows(inputs, duplicates));
  return inputs.map((input, i) => ({ ...input, skipped: skipped[i] }));
}

function scannedInput(source: ByteSource, trusted: boolean): ExportInput {
  const keys = new ScannedKeys(source, true);
  return { source, trusted, stretches: (takers) => keys.stretches(takers?.scan), facts: () => keys.facts };
}

function indexedInput(source: ByteSource, trusted: boolean, chosen?: ExportWay['rows']): IndexedInput {
  let index: KeyIndex | undefined;
  const scan = new FileScan(source, (batch, types, facts) => {
    index ??= new KeyIndex(facts.server);
    index.add(batch, types);
  });
  scan.run();
  const keys = index ?? new KeyIndex(scan.facts.server);
  const list = chosen?.(keys.length);
  const rows = list ? { length: list.length, at: (position: number) => list[position] } : allRows(keys.length);
  const stretches = (takers?: Takers) => indexedRows(fileOfScan(source, scan), keys, rows, takers?.rows);
  return { source, trusted, index: keys, stretches, facts: () => scan.facts };
}
