/** `restore`: puts the keys of an RDB into a server, after a summary and a confirmation. */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileSource } from '../engine/node/file-source.js';
import { formatBytes, formatCount } from '../format/quantities.js';
import type { ServerFacts } from '../server/facts.js';
import { restore as restoreFile } from '../server/restore.js';
import { RestoreContents } from '../server/restore-contents.js';
import type { RestoreProgress } from '../server/restore-options.js';
import { checkRestorePoint, type RestoreReport } from '../server/restore-report.js';
import { restoreWays } from '../server/restore-session.js';
import { restoreTargetOf } from '../server/restore-target.js';
import { cautionsFor, factsForWriting, memoryOfKeys } from '../server/target-checks.js';
import { confirmed } from './confirmed.js';
import { connectAsking, parseWriteTarget } from './connect.js';
import { withInterrupt } from './interrupt.js';
import { withFile } from './open-file.js';
import type { Output } from './output.js';
import { type RestoreArguments, restoreArguments } from './restore-arguments.js';
import { cautionLine, targetLine } from './target-text.js';
import { UsageError } from './usage.js';

/** Milliseconds between two lines of progress. */
const PROGRESS_MS = 200;
/** Kinds of errors that are printed. */
const PRINTED_ERRORS = 20;

/**
 * Restores a file.
 *
 * @param args the arguments behind `restore`.
 * @returns the exit status: 0 all restored, 1 some keys failed or the file is damaged, 2 refused by the user, 3 stopped with a
 * resume point.
 */
export async function restore(
  args: readonly string[],
  output: Output,
  complain: (text: string) => void,
): Promise<number> {
  const asked = restoreArguments(args);
  if (asked.replicated) {
    const { restoreReplicated } = await import('./restore-by-replication.js');
    return restoreReplicated(asked, output, complain);
  }
  const to = parseWriteTarget(asked.to, 'keys');
  return withFile(asked.file, async (source) => {
    const { resume } = asked.options;
    if (resume) checkRestorePoint(resume, source, asked.file);
    const contents = examine(source);
    const { connect, control, address } = await connectAsking(to);
    try {
      const facts = await factsForWriting({ connect, control, address }, asked.mode);
      const target = await restoreTargetOf(control, facts);
      complain(summaryText(asked, contents, facts));
      if (!asked.options.dryRun && !(await confirmed(asked.yes, 'restore', 'Write this to the server?'))) return 2;
      const ways = await restoreWays({ connect, control, address }, facts, (ms) => sleep(ms));
      const began = performance.now();
      const report = await withInterrupt((signal) =>
        restoreFile(source, ways, target, {
          ...asked.options,
          verify: !contents.trusted,
          signal,
          progress: progressLine(source, complain),
        }),
      );
      return await told(asked, contents, facts, report, (performance.now() - began) / 1000, output);
    } finally {
      control.close();
    }
  });
}

/** What is known of the file before a key is sent. */
interface Contents {
  readonly bytes: number;
  readonly keys: number;
  readonly expires: number;
  readonly functions: number;
  readonly problems: number;
  /** Bytes of memory that the server used which wrote it, where it says so. */
  readonly usedMemory: number;
  /** True if the checksum says that the values are as a server wrote them. */
  readonly trusted: boolean;
}

/** Takes a pass over the file. */
function examine(source: FileSource): Contents {
  const contents = new RestoreContents(source);
  const { scan } = contents;
  scan.run();
  const { facts } = scan;
  if (!facts.fileHeader) throw new UsageError(`${source.path} is no RDB file; replay takes AOFs`);
  const { trusted, keys, expires } = contents;
  const problems = facts.problems.filter(({ severity }) => severity === 'error').length;
  const usedMemory = Number(facts.auxValue('used-mem')) || 0;
  return { bytes: source.size, keys, expires, functions: facts.functions, problems, usedMemory, trusted };
}

function summaryText(asked: RestoreArguments, contents: Contents, facts: ServerFacts): string {
  const { db, match, type, existing, asCommands, dbMap, resume } = asked.options;
  const what = [
    formatBytes(contents.bytes),
    `${formatCount(contents.keys)} keys, ${formatCount(contents.expires)} of them with an expiry`,
    ...(contents.functions > 0 ? [`${formatCount(contents.functions)} function libraries`] : []),
  ];
  const how = [
    ...(db === undefined ? [] : [`only database ${db}`]),
    ...(match ? [`only keys like ${new TextDecoder().decode(match)}`] : []),
    ...(type === undefined ? [] : [`only ${type}`]),
    ...[...dbMap].map(([from, to]) => `database ${from} to ${to}`),
    {
      error: 'keys that are there are not touched',
      replace: 'keys that are there are replaced',
      skip: 'keys that are there are skipped',
    }[existing],
    ...(asCommands ? ['built by commands'] : []),
    ...(resume ? ['goes on where it was stopped'] : []),
  ];
  const lines = [`from    ${asked.file}: ${what.join(', ')}`, targetLine(facts), `how     ${how.join(', ')}`];
  if (contents.problems > 0) lines.push('caution the file is damaged; what is intact is restored, check says more');
  const whole = db === undefined && !match && type === undefined;
  const needed = Math.max(memoryOfKeys(contents.bytes, contents.keys), whole ? contents.usedMemory : 0);
  lines.push(...cautionsFor(facts, needed).map(cautionLine));
  return `${lines.join('\n')}\n`;
}

/** Shows the progress at a terminal. */
function progressLine(source: FileSource, complain: (text: string) => void): (state: RestoreProgress) => void {
  const shows = process.stderr.isTTY === true;
  const began = performance.now();
  let shown = began;
  return ({ position, restored, failed }) => {
    const now = performance.now();
    if (!shows || now - shown < PROGRESS_MS) return;
    shown = now;
    const part = position / source.size;
    const left = ((now - began) * (1 - part)) / part / 1000;
    const counts = `${formatCount(restored)} keys, ${formatCount(failed)} failed`;
    complain(`\r\u001b[K${(part * 100).toFixed(1)} %, ${counts}, ${left.toFixed(0)} s left`);
  };
}

async function told(
  asked: RestoreArguments,
  contents: Contents,
  facts: ServerFacts,
  report: RestoreReport,
  seconds: number,
  output: Output,
): Promise<number> {
  const { dryRun } = asked.options;
  if (asked.report !== undefined) {
    const { address, make, version } = facts;
    const whole = { from: asked.file, to: { address, make, version }, dryRun, seconds, ...report };
    writeFileSync(asked.report, `${JSON.stringify(whole, null, 2)}\n`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  output.write(resultText(report, seconds, dryRun));
  if (report.stopped !== undefined && asked.report === undefined) {
    output.write('with --report FILE it could go on from here later\n');
  }
  await output.end();
  if (report.stopped !== undefined) return 3;
  return report.errors.length > 0 || contents.problems > 0 ? 1 : 0;
}

function resultText(report: RestoreReport, seconds: number, dryRun: boolean): string {
  const { restored, built, existing, expired, failed, functions } = report;
  const did = dryRun ? 'would be restored' : 'restored';
  const counts = [
    `${formatCount(restored + built)} keys ${did}${built > 0 ? ` (${formatCount(built)} by commands)` : ''}`,
    ...(existing > 0 ? [`${formatCount(existing)} left alone because they are there`] : []),
    ...(expired > 0 ? [`${formatCount(expired)} expired and left out`] : []),
    `${formatCount(failed)} failed`,
    ...(functions > 0 ? [`${formatCount(functions)} function libraries ${did}`] : []),
  ];
  const rate = seconds > 0 ? `, ${formatCount(Math.round((restored + built) / seconds))} keys a second` : '';
  const lines = [`${counts.join(', ')} in ${seconds.toFixed(2)} s${rate}`];
  for (const { error, count, keys } of report.errors.slice(0, PRINTED_ERRORS)) {
    const shown = keys.slice(0, 3).map(({ db, name, offset }) => `${name} (database ${db}, offset ${offset})`);
    lines.push(`failed ${formatCount(count)} × ${error}: ${shown.join(', ')}${count > shown.length ? ' …' : ''}`);
  }
  if (report.errors.length > PRINTED_ERRORS) {
    lines.push(`and ${report.errors.length - PRINTED_ERRORS} more kinds of errors`);
  }
  if (report.stopped !== undefined) lines.push(`not finished: ${report.stopped}`);
  if (report.resume) {
    const { from, pending } = report.resume;
    lines.push(
      `it can go on at offset ${from}; of ${formatCount(pending.length)} keys before it is not known what became of them`,
    );
  }
  return `${lines.join('\n')}\n`;
}
