/** `export`: writes keys of RDB files in another form, or for another server, to a new file. */

import { fileOfScan, indexedRows, scannedRows } from '../dataset/export/export-rows.js';
import { type ExportInput, exportKeys, TooManyPartsError } from '../dataset/export/exporter.js';
import { DuplicateKeyError, duplicateRows, type RowSet } from '../dataset/export/merge.js';
import { openPlainKeys } from '../dataset/export/plain/plain-keys.js';
import { type ExportReport, leftOutPhrase, lossPhrase } from '../dataset/export/report.js';
import { FileFacts } from '../dataset/file-facts.js';
import type { FileScan } from '../dataset/file-scan.js';
import type { KeyIndex } from '../dataset/key-index.js';
import { allRows } from '../dataset/names.js';
import { fillTemplate, type Problem, problemMessage } from '../decoder/errors.js';
import { readFully } from '../decoder/source.js';
import { FileSource } from '../engine/node/file-source.js';
import { displayText } from '../format/display.js';
import { formatBytes, formatCount } from '../format/quantities.js';
import { startChecksum } from './checksum-thread.js';
import { type ExportArguments, exportArguments } from './export-arguments.js';
import { type ExportFiles, NewFiles, NoFiles, StandardOutput } from './export-files.js';
import { startsCommand } from './file-kind.js';
import { FileChangedError } from './open-file.js';
import { indexFile } from './scanned-file.js';
import { EXPORT_USAGE, UsageError } from './usage.js';

/** Milliseconds between two words on how far it is. */
const PROGRESS_MS = 200;

/** Forms that tell the encodings of keys. */
const WITH_ENCODINGS: ReadonlySet<string> = new Set(['json', 'jsonl', 'csv']);

/** Runs the command. @param complain takes what goes to standard error. @returns the exit status. */
export async function exportFile(
  args: readonly string[],
  stdout: NodeJS.WritableStream,
  complain: (text: string) => void,
): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    stdout.write(EXPORT_USAGE);
    return 0;
  }
  const asked = exportArguments(args);
  const sources: FileSource[] = [];
  try {
    for (const file of asked.files) sources.push(new FileSource(file));
    return await exportSources(sources, asked, stdout, complain);
  } finally {
    for (const source of sources) source.close();
  }
}

async function exportSources(
  sources: readonly FileSource[],
  asked: ExportArguments,
  stdout: NodeJS.WritableStream,
  complain: (text: string) => void,
): Promise<number> {
  const inputs = openInputs(sources, asked);
  const files = outputOf(asked, stdout);
  let report: ExportReport;
  let paths: readonly string[];
  try {
    report = await written(inputs, asked, files, complain);
    for (const { source } of inputs) if (source.changed) throw new FileChangedError(source.path);
    paths = await files.keep();
  } catch (error) {
    files.discard();
    // Bytes that are not there any more are no error of the disk.
    const changed = inputs.find(({ source }) => source.changed);
    throw changed ? new FileChangedError(changed.source.path) : told(error, asked.files);
  }
  return conclude(inputs, asked, report, paths, complain);
}

function outputOf({ out, files, force, dryRun }: ExportArguments, stdout: NodeJS.WritableStream): ExportFiles {
  if (dryRun) return new NoFiles();
  return out === undefined ? new StandardOutput(stdout) : new NewFiles(out, files, force);
}

/** An error as the user is to read it. */
function told(error: unknown, files: readonly string[]): unknown {
  if (error instanceof TooManyPartsError) return new UsageError(`the keys would go into ${error.message}`);
  if (!(error instanceof DuplicateKeyError)) return error;
  const { name, db, files: both } = error.duplicate;
  const [one, other] = both.map((number) => files[number]);
  const shown = displayText(name, 200).text;
  return new UsageError(
    `${one} and ${other} both have the key ${shown} in database ${db}; --keep-duplicates says what to do`,
  );
}

/** A file, and what its scan has found. */
interface OpenInput extends ExportInput {
  readonly source: FileSource;
  readonly problems: () => readonly Problem[];
  /** Offset of commands behind the RDB; undefined if there are none. */
  readonly commandsAt: () => number | undefined;
}

function openInputs(sources: readonly FileSource[], { options, files }: ExportArguments): OpenInput[] {
  // Where something must be known of all keys before the first is written, they are indexed.
  const indexed = options.format === 'rdb' || files.length > 1;
  const inputs = sources.map((source) =>
    indexed ? indexedInput(source) : scannedInput(source, WITH_ENCODINGS.has(options.format)),
  );
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

/** True if the checksum of the file is where it usually is, and right. */
function hasRightChecksum(source: FileSource): boolean {
  const footer = new Uint8Array(8);
  if (source.size < 17 || readFully(source, source.size - 8, footer) < 8) return false;
  const stored = new DataView(footer.buffer).getBigUint64(0, true);
  if (stored === 0n) return false;
  const pending = startChecksum(source.fd, source.size - 8);
  const computed = pending.result(source.size - 8);
  pending.cancel();
  return computed === stored;
}

function scannedInput(source: FileSource, encodings: boolean): OpenInput {
  let scan: FileScan | undefined;
  const trusted = hasRightChecksum(source);
  const facts = new FileFacts();
  return {
    source,
    trusted,
    stretches: (taker) =>
      scannedRows(
        source,
        (begun) => {
          scan = begun;
        },
        encodings,
        taker,
      ),
    facts: () => scan?.facts ?? facts,
    problems: () => (scan ? problemsOf(scan, trusted, source) : []),
    commandsAt: () => (scan?.complete && startsCommand(source, scan.end) ? scan.end : undefined),
  };
}

function indexedInput(source: FileSource): IndexedInput {
  const trusted = hasRightChecksum(source);
  const { scan, index } = indexFile(source);
  return {
    source,
    index,
    trusted,
    stretches: () => indexedRows(fileOfScan(source, scan), index, allRows(index.length)),
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

/** Writes all. @throws what keeps it from being written. */
async function written(
  inputs: readonly OpenInput[],
  { options }: ExportArguments,
  files: ExportFiles,
  complain: (text: string) => void,
): Promise<ExportReport> {
  const shows = process.stderr.isTTY === true;
  let shown = performance.now();
  const job = exportKeys(inputs, options, (part) => files.open(part), openPlainKeys);
  for (let step = job.next(); ; step = job.next()) {
    if (step.done) {
      if (shows) complain('\r\u001b[K');
      return step.value;
    }
    await files.settled();
    if (files.closed) return { ...NOTHING };
    const now = performance.now();
    if (!shows || now - shown < PROGRESS_MS) continue;
    shown = now;
    complain(`\r\u001b[K${(step.value * 100).toFixed(0)} %`);
  }
}

const NOTHING: ExportReport = {
  keys: 0,
  bytes: 0,
  parts: [],
  expired: 0,
  duplicates: 0,
  leftOut: [],
  losses: [],
  damaged: [],
  moreDamaged: 0,
};

/** Says what came of it. @returns the exit status. */
function conclude(
  inputs: readonly OpenInput[],
  { dryRun, out }: ExportArguments,
  report: ExportReport,
  paths: readonly string[],
  complain: (text: string) => void,
): number {
  let problems = 0;
  for (const input of inputs) {
    const { path } = input.source;
    for (const problem of input.problems()) {
      problems++;
      complain(`${path}: offset ${problem.offset}: ${problemMessage(problem)}\n`);
    }
    const commands = input.commandsAt();
    if (commands !== undefined) {
      complain(`${path}: the commands behind the RDB, from offset ${commands} on, are not exported\n`);
    }
  }
  for (const problem of report.damaged) {
    complain(`offset ${problem.offset}: left out: ${problemMessage(problem)}\n`);
  }
  if (report.moreDamaged > 0) complain(`and ${report.moreDamaged} more damaged values\n`);
  for (const met of report.leftOut) {
    const why = leftOutPhrase(met);
    const text = fillTemplate(why.phrase, ...why.args);
    complain(`${formatCount(met.count)} keys left out, the first at offset ${met.offset}: ${text}\n`);
  }
  for (const met of report.losses) {
    const what = lossPhrase(met);
    const text = fillTemplate(what.phrase, ...what.args);
    complain(`note: ${text}: ${formatCount(met.count)}, the first at offset ${met.offset}\n`);
  }
  if (report.expired > 0) complain(`${formatCount(report.expired)} expired keys left out\n`);
  if (report.duplicates > 0) complain(`${formatCount(report.duplicates)} keys left out that another file has too\n`);
  const whole = problems + report.damaged.length + report.leftOut.length === 0;
  if (!whole || out !== undefined || dryRun) {
    const did = dryRun ? 'would be exported' : 'exported';
    complain(`${formatCount(report.keys)} keys ${did}, ${formatBytes(report.bytes)}${named(paths)}\n`);
  }
  return whole ? 0 : 1;
}

function named(paths: readonly string[]): string {
  if (paths.length === 0) return '';
  if (paths.length <= 4) return `: ${paths.join(', ')}`;
  return `: ${paths.length} files from ${paths[0]} to ${paths[paths.length - 1]}`;
}
