/** What `replay` says in words: the summary before, and the result. */
import { formatBytes, formatCount, formatTime } from '../format/quantities.js';
import type { ServerFacts } from '../server/facts.js';
import type { ReplayOptions } from '../server/replay-options.js';
import type { ErrorGroup, ReplayPlace, ReplayReport, SkipReason } from '../server/replay-report.js';
import { type InputSummary, memoryNeeded } from '../server/replay-summary.js';
import { cautionsFor } from '../server/target-checks.js';
import { cautionLine, scriptLines, targetLine } from './target-text.js';

/** What goes where, in a few lines. */
export function summaryText(file: string, input: InputSummary, facts: ServerFacts, options: ReplayOptions): string {
  const what = [
    ...(input.files === 1 ? [] : [`${formatCount(input.files)} files`]),
    formatBytes(input.bytes),
    ...(input.commands === undefined ? [] : [`${formatCount(input.commands)} commands`]),
    ...(input.keys ? [`an RDB of ${formatCount(input.keys)} keys`] : []),
    ...(input.timeRange ? [input.timeRange.map((time) => formatTime(time * 1000)).join(' to ')] : []),
  ];
  const lines = [`from    ${file}: ${what.join(', ')}`, targetLine(facts)];
  const changes = [
    ...[...options.dbMap].map(([from, to]) => `database ${from} to ${to}`),
    ...(options.removePrefix ? ['a prefix of keys removed'] : []),
    ...(options.addPrefix ? ['a prefix of keys added'] : []),
  ];
  if (changes.length > 0) lines.push(`change  ${changes.join(', ')}`);
  lines.push(...cautionsFor(facts, memoryNeeded(input)).map(cautionLine));
  if (input.scripts) lines.push(...scriptLines(input.scripts, options.admin));
  return `${lines.join('\n')}\n`;
}

const REASONS: Readonly<Record<SkipReason, string>> = {
  admin: 'they steer the server or empty databases; --admin replays them',
  script: 'their scripts name commands that steer the server or empty databases; --admin replays them',
  connection: 'they belong to a connection, or wait for something',
  filter: 'they are not wanted',
  partial: 'some of their keys are not wanted, and they cannot be split',
  'unknown-keys': 'what they write cannot be told from their arguments',
  'too-wide': 'they reach other databases or keys than those wanted',
  'cross-slot': 'their keys are in different slots of the cluster',
  'too-large': 'their transaction is too large to be held for a cluster',
  'cluster-database': 'a cluster has no database but 0',
  pattern: 'they have patterns that name keys',
};

/** What was done, in lines. */
export function resultText(report: ReplayReport, dryRun: boolean): string {
  const lines: string[] = [];
  const { applied, failed, skipped, seconds } = report;
  const rate = seconds > 0 ? `, ${formatCount(Math.round(report.sent / seconds))} a second` : '';
  const did = dryRun ? 'would be sent' : 'applied';
  const restored = report.keysRestored > 0 ? `${formatCount(report.keysRestored)} keys restored, ` : '';
  const counts = `${formatCount(applied)} commands ${did}, ${formatCount(failed)} failed, ${formatCount(skipped)} skipped`;
  lines.push(`${restored}${counts} in ${seconds.toFixed(2)} s${rate}`);
  for (const group of report.errors.slice(0, 20)) lines.push(errorLine(group));
  if (report.errors.length > 20) lines.push(`and ${report.errors.length - 20} more kinds of errors`);
  for (const [reason, names] of Object.entries(report.skips)) {
    const list = Object.entries(names).map(([name, count]) => `${formatCount(count)} ${name}`);
    lines.push(`skipped ${list.slice(0, 10).join(', ')}: ${REASONS[reason as SkipReason]}`);
  }
  if (report.problem) {
    const { kind, bytes, message } = report.problem;
    const what = kind === 'tail' ? 'servers cut it off' : 'servers load nothing behind it';
    lines.push(`${kind} of ${formatBytes(bytes)} at ${placeText(report.problem)} left out, ${what}: ${message}`);
  }
  if (report.outcome !== 'done') lines.push(`not finished: ${report.reason ?? ''}`);
  if (report.resume) lines.push(`it can go on with --resume, from ${placeText(report.resume)}`);
  if (report.unacknowledged) {
    const { count, from, to, harmless } = report.unacknowledged;
    const again = harmless ? 'doing them again does no harm' : 'doing them again may do harm';
    lines.push(
      `${formatCount(count)} commands from ${placeText(from)} to ${placeText(to)} were sent, but it is not known whether they were done; ${again}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function errorLine({ count, message, command, places }: ErrorGroup): string {
  const shown = places.slice(0, 3).map(placeText);
  const more = count > shown.length ? ' …' : '';
  return `failed ${formatCount(count)} × ${command}: ${message}, at ${shown.join(', ')}${more}`;
}

function placeText({ file, offset }: ReplayPlace): string {
  return `${file}:${offset}`;
}
