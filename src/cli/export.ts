/** `export`: writes keys of RDB files in another form, or for another server, to a new file. */
import { exportKeys } from '../dataset/export/exporter.js';
import { DuplicateKeyError } from '../dataset/export/merge.js';
import { openPlainKeys } from '../dataset/export/plain/plain-keys.js';
import { type ExportReport, leftOutPhrase, lossPhrase } from '../dataset/export/report.js';
import { TooManyPartsError } from '../dataset/export/written-parts.js';
import { fillTemplate, problemMessage } from '../decoder/errors.js';
import { FileSource } from '../engine/node/file-source.js';
import { displayText } from '../format/display.js';
import { formatBytes, formatCount } from '../format/quantities.js';
import { type ExportArguments, exportArguments } from './export-arguments.js';
import { type ExportFiles, NewFiles, NoFiles, StandardOutput } from './export-files.js';
import { type OpenInput, openInputs } from './export-inputs.js';
import { type Trust, trustOf } from './export-trust.js';
import { FileChangedError } from './open-file.js';
import { EXPORT_USAGE, UsageError } from './usage.js';

/** Milliseconds between two words on how far it is. */
const PROGRESS_MS = 200;

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
  const files = outputOf(asked, stdout);
  const trusts: Trust[] = [];
  try {
    for (const source of sources) {
      const trust = trustOf(source);
      trusts.push(trust);
      // What went out stays there; and of many files, one is enough at a time.
      if (!files.removable || sources.length > 1) trust.know();
    }
    const job = { sources, asked, trusts, files, complain };
    // If a checksum turns out to be wrong, all is done again with values that are checked.
    for (;;) {
      const status = await attempt(job);
      if (status !== undefined) return status;
    }
  } finally {
    for (const trust of trusts) trust.cancel();
  }
}

interface ExportJob {
  readonly sources: readonly FileSource[];
  readonly asked: ExportArguments;
  readonly trusts: readonly Trust[];
  readonly files: ExportFiles;
  readonly complain: (text: string) => void;
}

/** Exports all. @returns the exit status; undefined if a checksum is wrong that was presumed to be right. */
async function attempt({ sources, asked, trusts, files, complain }: ExportJob): Promise<number | undefined> {
  const presumed = trusts.filter((trust) => trust.presumed);
  const inputs = openInputs(sources, asked, trusts);
  let report: ExportReport;
  let paths: readonly string[];
  try {
    report = await written(inputs, asked, files, complain);
    for (const { source } of inputs) if (source.changed) throw new FileChangedError(source.path);
    for (const trust of presumed) {
      if (trust.know()) continue;
      await files.discard();
      return undefined;
    }
    paths = await files.keep();
  } catch (error) {
    await files.discard();
    // Bytes that are not there any more are no error of the disk.
    const changed = inputs.find(({ source }) => source.changed);
    if (changed) throw new FileChangedError(changed.source.path);
    if (presumed.some((trust) => !trust.know())) return undefined;
    throw told(error, asked.files);
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
