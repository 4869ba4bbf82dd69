/** `replay`: sends the commands of a file to a server, after a summary and a confirmation. */
import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep, setImmediate as soon } from 'node:timers/promises';
import { openReplayMemory } from '../decoder/replay/memory.js';
import { formatCount } from '../format/quantities.js';
import { AofInput } from '../server/aof-input.js';
import type { ServerFacts } from '../server/facts.js';
import { ReplayControl } from '../server/replay-control.js';
import type { ReplayInput } from '../server/replay-input.js';
import type { ReplayOptions } from '../server/replay-options.js';
import { preambleRestorer } from '../server/replay-preamble.js';
import type { ReplayReport } from '../server/replay-report.js';
import { dryRun, type ReplayProgress, type ReplaySurroundings, replayInto } from '../server/replay-session.js';
import { type InputSummary, quickSummary, runThrough, textFormOf } from '../server/replay-summary.js';
import { clusterAccess } from '../server/restore-session.js';
import { countStretch, countText, type StretchCounts } from '../server/stretch-counts.js';
import { factsForWriting } from '../server/target-checks.js';
import { TextInput } from '../server/text-input.js';
import { confirmed } from './confirmed.js';
import { connectAsking, parseWriteTarget } from './connect.js';
import { withInterrupt } from './interrupt.js';
import { withAof } from './open-aof.js';
import { withFile } from './open-file.js';
import type { Output } from './output.js';
import { type ReplayArguments, replayArguments } from './replay-arguments.js';
import { placeNamed, resumePlaceNamed } from './replay-places.js';
import { resultText, summaryText } from './replay-text.js';

/**
 * Replays a file.
 *
 * @param args the arguments behind `replay`.
 * @returns the exit status: 0 all applied, 1 some commands failed or the file is damaged, 3 stopped with a resume point.
 */
export function replay(args: readonly string[], output: Output, complain: (text: string) => void): Promise<number> {
  const asked = replayArguments(args);
  const form = statSync(asked.file).isDirectory() ? undefined : textFormOf(asked.file);
  if (form) {
    return withFile(asked.file, (source) => {
      const open = () => new TextInput(path.basename(asked.file), source, form);
      return replayInput(asked, open(), (options) => countText(open(), options), output, complain);
    });
  }
  return withAof(asked.file, (set) => {
    return replayInput(
      asked,
      new AofInput(set, openReplayMemory()),
      (options) => countStretch(set, options),
      output,
      complain,
    );
  });
}

async function replayInput(
  asked: ReplayArguments,
  input: ReplayInput,
  count: (options: ReplayOptions) => Generator<number, StretchCounts>,
  output: Output,
  complain: (text: string) => void,
): Promise<number> {
  const options = completed(asked, input);
  // Nobody waits for it who has said yes already.
  const counted = asked.yes && !asked.dryRun ? {} : runThrough(count(options));
  const summary: InputSummary = { ...quickSummary(input), ...counted };
  const open = await connectAsking(parseWriteTarget(asked.to, 'commands'));
  try {
    const facts = await factsForWriting(open, asked.mode);
    complain(summaryText(asked.file, summary, facts, options));
    if (!asked.dryRun && !(await confirmed(asked.yes, 'replay', 'Write this to the server?'))) return 2;
    const report = await withInterrupt(async (signal) => {
      const cluster = clusterAccess(open, facts, (ms) => sleep(ms));
      const restore = preambleRestorer(() => open.connect(open.address), facts, options, !asked.dryRun, cluster);
      const control = new ReplayControl();
      signal.addEventListener('abort', () => control.stop());
      const surroundings = { ...surroundingsOf(complain), restore, control };
      return (asked.dryRun ? dryRun : replayInto)({ ...open, facts }, input, options, surroundings);
    });
    return await told(asked, facts, report, output);
  } finally {
    open.control.close();
  }
}

/** The options with what can only be said when the files are known. */
function completed(
  { options, resume, unacknowledged, untilOffset }: ReplayArguments,
  input: ReplayInput,
): ReplayOptions {
  return {
    ...options,
    ...(resume === undefined ? {} : { resume: resumePlaceNamed(resume, unacknowledged, input) }),
    ...(untilOffset === undefined ? {} : { untilOffset: placeNamed('until-offset', untilOffset, input.parts) }),
  };
}

function surroundingsOf(complain: (text: string) => void): Pick<ReplaySurroundings, 'progress' | 'now' | 'pause'> {
  const shows = process.stderr.isTTY === true;
  const progress = ({ bytes, position, sent, failed, rate, secondsLeft, keysRestored }: ReplayProgress) => {
    if (!shows) return;
    const counts = [
      `${(bytes > 0 ? (position / bytes) * 100 : 100).toFixed(1)} %`,
      ...(keysRestored > 0 ? [`${formatCount(keysRestored)} keys`] : []),
      `${formatCount(sent)} commands`,
      `${formatCount(Math.round(rate))} a second`,
      `${formatCount(failed)} failed`,
      ...(secondsLeft === undefined ? [] : [`${secondsLeft.toFixed(0)} s left`]),
    ];
    complain(`\r\u001b[K${counts.join(', ')}`);
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
