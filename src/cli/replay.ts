/** `replay`: sends the commands of a file to a server, after a summary and a confirmation. */
import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep, setImmediate as soon } from 'node:timers/promises';
import { AofScan } from '../dataset/aof/aof-scan.js';
import type { AofSet } from '../dataset/aof/aof-set.js';
import { formatCount } from '../format/quantities.js';
import { parseServerAddress } from '../server/address.js';
import { AofInput } from '../server/aof-input.js';
import type { Connection } from '../server/connection.js';
import { ServerError } from '../server/errors.js';
import { factsOf, type ServerFacts, targetDoubt } from '../server/facts.js';
import { type Connect, connector } from '../server/node/connect.js';
import { ReplayInputError } from '../server/replay-errors.js';
import type { ReplayInput } from '../server/replay-input.js';
import type { ReplayOptions } from '../server/replay-options.js';
import { preambleRestorer } from '../server/replay-preamble.js';
import type { ReplayReport } from '../server/replay-report.js';
import { dryRun, type ReplayProgress, type ReplaySurroundings, replayInto } from '../server/replay-session.js';
import { TextInput } from '../server/text-input.js';
import { withAof } from './open-aof.js';
import { withFile } from './open-file.js';
import type { Output } from './output.js';
import { askAtTerminal, isAtTerminal, passwordFromEnvironment } from './password.js';
import { type ReplayArguments, replayArguments } from './replay-arguments.js';
import { placeNamed, resumePlace } from './replay-resume.js';
import { type InputSummary, resultText, summaryText } from './replay-text.js';
import { UsageError } from './usage.js';

/** Milliseconds between two lines of progress. */
const PROGRESS_MS = 200;

/**
 * Replays a file.
 *
 * @param args the arguments behind `replay`.
 * @returns the exit status: 0 all applied, 1 some commands failed or the file is damaged, 3 stopped with a resume point.
 */
export function replay(args: readonly string[], output: Output, complain: (text: string) => void): Promise<number> {
  const asked = replayArguments(args);
  const form = textForm(asked.file);
  if (form) {
    return withFile(asked.file, (source) => {
      const input = new TextInput(path.basename(asked.file), source, form);
      return replayInput(asked, input, summaryOf(asked.file, input), output, complain);
    });
  }
  return withAof(asked.file, (set) => {
    const input = new AofInput(set);
    const summary = asked.yes ? summaryOf(asked.file, input) : aofSummary(asked.file, input, set);
    return replayInput(asked, input, summary, output, complain);
  });
}

/** The files that are texts of commands, by their names; all others are AOFs. */
function textForm(file: string): 'resp' | 'redis' | undefined {
  if (statSync(file).isDirectory()) return undefined;
  if (/\.resp$/i.test(file)) return 'resp';
  return /\.(redis|rediscmd)$/i.test(file) ? 'redis' : undefined;
}

function summaryOf(file: string, input: ReplayInput): InputSummary {
  return { path: file, files: input.parts.length, bytes: input.bytes };
}

/** Counts what is in an AOF: takes a pass over all of it. */
function aofSummary(file: string, input: ReplayInput, set: AofSet): InputSummary {
  const scan = new AofScan(set, () => {});
  scan.run();
  const { commands, preambleKeys: keys, timeRange } = scan;
  return { ...summaryOf(file, input), commands, keys, ...(timeRange ? { timeRange } : {}) };
}

async function replayInput(
  asked: ReplayArguments,
  input: ReplayInput,
  summary: InputSummary,
  output: Output,
  complain: (text: string) => void,
): Promise<number> {
  const options = completed(asked, input);
  const address = parseServerAddress(asked.to);
  if (address.db !== 0)
    throw new UsageError('the address of a target has no database; --db-map says where commands go');
  const { connect, connection: control } = await connectAsking(asked.to);
  try {
    const facts = await factsOf(control);
    const doubt = targetDoubt(facts);
    if (doubt) throw new ReplayInputError(doubt, facts.address);
    if (facts.mode === 'cluster') throw new ReplayInputError('cluster', facts.address);
    complain(summaryText(summary, facts, options));
    if (!asked.dryRun && !(await confirmed(asked))) return 2;
    const report = await withInterrupt(async (signal) => {
      const restore = preambleRestorer(() => connect(address), facts, options, signal, !asked.dryRun);
      const surroundings = { ...surroundingsOf(complain), restore, signal };
      if (asked.dryRun) return dryRun(control, facts, input, options, surroundings);
      return replayInto({ data: await connect(address), control }, input, options, surroundings);
    });
    return await told(asked, facts, report, output);
  } finally {
    control.close();
  }
}

/** The options with what can only be said when the files are known. */
function completed(
  { options, resume, unacknowledged, untilOffset }: ReplayArguments,
  input: ReplayInput,
): ReplayOptions {
  return {
    ...options,
    ...(resume === undefined ? {} : { resume: resumePlace(resume, unacknowledged, input.parts) }),
    ...(untilOffset === undefined ? {} : { untilOffset: placeNamed('until-offset', untilOffset, input.parts) }),
  };
}

/** Connects; asks for the password if the server wants one and a person is there. */
export async function connectAsking(url: string): Promise<{ connect: Connect; connection: Connection }> {
  const address = parseServerAddress(url);
  let connect = connector({ password: passwordFromEnvironment() });
  try {
    return { connect, connection: await connect(address) };
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== 'auth-required' || !isAtTerminal()) throw error;
    connect = connector({ password: await askAtTerminal('Password: ', true) });
    return { connect, connection: await connect(address) };
  }
}

async function confirmed({ yes }: ReplayArguments): Promise<boolean> {
  if (yes) return true;
  if (!isAtTerminal()) throw new UsageError('say --yes to replay without being asked');
  const answer = await askAtTerminal('Write this to the server? [y/N] ', false);
  return /^y(es)?$/i.test(answer.trim());
}

/** Runs something that the first interrupt asks to stop. */
export async function withInterrupt<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await run(controller.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

function surroundingsOf(complain: (text: string) => void): Pick<ReplaySurroundings, 'progress' | 'now' | 'pause'> {
  const shows = process.stderr.isTTY === true;
  const began = performance.now();
  let shown = began;
  const progress = ({ bytes, position, sent, failed }: ReplayProgress) => {
    const now = performance.now();
    if (!shows || now - shown < PROGRESS_MS) return;
    shown = now;
    const part = bytes > 0 ? position / bytes : 1;
    const left = part > 0 ? ((now - began) * (1 - part)) / part / 1000 : 0;
    const rate = Math.round((sent / (now - began)) * 1000);
    const counts = `${formatCount(sent)} commands, ${formatCount(rate)} a second, ${formatCount(failed)} failed`;
    complain(`\r\u001b[K${(part * 100).toFixed(1)} %, ${counts}, ${left.toFixed(0)} s left`);
  };
  const pause = (ms: number): Promise<void> => (ms > 0 ? sleep(ms) : soon());
  return { progress, now: () => performance.now(), pause };
}

async function told(asked: ReplayArguments, facts: ServerFacts, report: ReplayReport, output: Output): Promise<number> {
  if (asked.report !== undefined) {
    const { address, make, version } = facts;
    const whole = { from: asked.file, to: { address, make, version }, dryRun: asked.dryRun, ...report };
    writeFileSync(asked.report, `${JSON.stringify(whole, null, 2)}\n`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  output.write(resultText(report, asked.dryRun));
  await output.end();
  if (report.outcome !== 'done') return 3;
  return report.failed > 0 || report.problem?.kind === 'damage' ? 1 : 0;
}
