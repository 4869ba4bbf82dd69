/** What came of a job, in the words of its page and of notifications. */
import * as vscode from 'vscode';
import { formatBytes, formatCount, formatDuration } from '../../format/quantities.js';
import type {
  JobErrorGroup,
  JobResult,
  ReplayErrorGroup,
  ReplayPlace,
  ReplayReport,
  RestoreReport,
  SkipReason,
} from '../../job-protocol.js';
import { restoredText } from './count-texts.js';

/** Places of an error that a page shows; the saved report has more. */
const SHOWN_PLACES = 100;
/** Names of commands that are told of a reason. */
const SHOWN_NAMES = 10;

/** Why commands were not sent. */
function skipText(reason: SkipReason): string {
  switch (reason) {
    case 'admin':
      return vscode.l10n.t('They steer the server or empty databases');
    case 'script':
      return vscode.l10n.t('Their scripts name commands that steer the server or empty databases');
    case 'connection':
      return vscode.l10n.t('They belong to a connection, or wait for something');
    case 'filter':
      return vscode.l10n.t('The filters leave them out');
    case 'partial':
      return vscode.l10n.t('Some of their keys are not wanted, and they cannot be split');
    case 'unknown-keys':
      return vscode.l10n.t('What they write cannot be told from their arguments');
    case 'too-wide':
      return vscode.l10n.t('They reach other databases or keys than those wanted');
    case 'cross-slot':
      return vscode.l10n.t('Their keys are in different slots of the cluster');
    case 'too-large':
      return vscode.l10n.t('Their transaction is too large to be held for a cluster');
    case 'cluster-database':
      return vscode.l10n.t('A cluster has no database but 0');
    case 'pattern':
      return vscode.l10n.t('They have patterns that name keys');
    default:
      return reason;
  }
}

/** A place of a file. */
export function placeText({ file, offset }: Pick<ReplayPlace, 'file' | 'offset'>): string {
  return vscode.l10n.t('offset {0} of {1}', formatCount(offset), file);
}

/** Why a replay or a restore has ended before its end. */
function reasonText(reason: string): string {
  if (reason === 'it was stopped') return vscode.l10n.t('it was stopped');
  if (reason === 'a command has failed') return vscode.l10n.t('a command has failed');
  const [, what, error] = /^the server takes no more (commands|keys): (.*)$/s.exec(reason) ?? [];
  if (what === 'commands') return vscode.l10n.t('the server takes no more commands: {0}', error);
  if (what === 'keys') return vscode.l10n.t('the server takes no more keys: {0}', error);
  return reason;
}

function endText(report: Pick<ReplayReport, 'outcome' | 'reason'>): string {
  switch (report.outcome) {
    case 'done':
      return '';
    case 'stopped':
      return vscode.l10n.t('Not finished: {0}', reasonText(report.reason ?? ''));
    case 'lost':
      return vscode.l10n.t('The connection was lost: {0}', report.reason ?? '');
  }
}

/** Why it ended, and what was done until then. What servers say has often a full stop of its own. */
function endSentence(end: string, counts: string): string {
  return `${end.replace(/\.$/, '')} (${counts}).`;
}

/** The result of a replay. @param changed true if the file was overwritten meanwhile. */
export function replayResult(report: ReplayReport, dryRun: boolean, changed: boolean): JobResult {
  const { applied, failed, skipped, sent, keysRestored, seconds, bytesSent, outcome } = report;
  const counts = [
    ...(keysRestored > 0 ? [restoredText(keysRestored)] : []),
    appliedText(applied, dryRun),
    vscode.l10n.t('{0} failed', formatCount(failed)),
    vscode.l10n.t('{0} skipped', formatCount(skipped)),
  ].join(', ');
  const end = endText(report);
  const rate = seconds > 0 ? Math.round(sent / seconds) : 0;
  return {
    outcome,
    sentence: end === '' ? `${counts}.` : endSentence(end, counts),
    facts: [
      ...(keysRestored > 0 ? [[vscode.l10n.t('Keys restored'), formatCount(keysRestored)] as const] : []),
      [dryRun ? vscode.l10n.t('Would be sent') : vscode.l10n.t('Applied'), formatCount(applied)],
      [dryRun ? vscode.l10n.t('Would fail') : vscode.l10n.t('Failed'), formatCount(failed)],
      [vscode.l10n.t('Skipped'), formatCount(skipped)],
      ...(dryRun ? [] : [[vscode.l10n.t('Sent'), formatBytes(bytesSent)] as const]),
      [vscode.l10n.t('Time'), `${formatDuration(seconds * 1000)} · ${perSecond(rate)}`],
      ...(report.resume ? [[vscode.l10n.t('Resume point'), placeText(report.resume)] as const] : []),
    ],
    skips: Object.entries(report.skips).map(([reason, names]) => [skipText(reason as SkipReason), namesText(names)]),
    notes: [...(changed ? [changedText()] : []), ...problemNotes(report), ...unknownNotes(report)],
    canGoOn: report.resume !== undefined && !dryRun,
  };
}

function appliedText(count: number, dryRun: boolean): string {
  if (count === 1) return dryRun ? vscode.l10n.t('1 command would be sent') : vscode.l10n.t('1 command applied');
  return dryRun
    ? vscode.l10n.t('{0} commands would be sent', formatCount(count))
    : vscode.l10n.t('{0} commands applied', formatCount(count));
}

function wouldBeRestoredText(keys: number): string {
  return keys === 1
    ? vscode.l10n.t('1 key would be restored')
    : vscode.l10n.t('{0} keys would be restored', formatCount(keys));
}

/** A rate of commands or keys. */
export function perSecond(rate: number): string {
  return vscode.l10n.t('{0} a second', formatCount(Math.round(rate)));
}

function changedText(): string {
  return vscode.l10n.t('The file was overwritten while it was read: what was sent may be of one state or the other.');
}

function namesText(names: Readonly<Record<string, number>>): string {
  const all = Object.entries(names).sort(([, a], [, b]) => b - a);
  const shown = all.slice(0, SHOWN_NAMES).map(([name, count]) => `${formatCount(count)} × ${name}`);
  return all.length > shown.length ? `${shown.join(', ')} …` : shown.join(', ');
}

function problemNotes({ problem }: ReplayReport): string[] {
  if (!problem) return [];
  const { kind, bytes, message } = problem;
  const where = placeText(problem);
  return [
    kind === 'tail'
      ? vscode.l10n.t(
          'A tail of {0} at {1} was left out, as servers cut it off: {2}',
          formatBytes(bytes),
          where,
          message,
        )
      : vscode.l10n.t(
          'Damage at {1}: {0} were left out, for servers load nothing behind it: {2}',
          formatBytes(bytes),
          where,
          message,
        ),
  ];
}

/** What is to be known of commands that were sent and not answered. */
function unknownNotes({ unacknowledged }: ReplayReport): string[] {
  if (!unacknowledged) return [];
  const { count, from, to, harmless, commands } = unacknowledged;
  const what =
    count === 1
      ? vscode.l10n.t(
          '1 command at {0} was sent but not acknowledged, so that it may have been applied: {1}.',
          placeText(from),
          namesText(commands),
        )
      : vscode.l10n.t(
          '{0} commands from {1} to {2} were sent but not acknowledged, so that they may have been applied: {3}.',
          formatCount(count),
          placeText(from),
          placeText(to),
          namesText(commands),
        );
  const again = harmless
    ? count === 1
      ? vscode.l10n.t('Doing it again does no harm.')
      : vscode.l10n.t('Doing them again does no harm.')
    : count === 1
      ? vscode.l10n.t('Doing it again would be wrong.')
      : vscode.l10n.t('Doing some of them again would be wrong.');
  return [`${what} ${again}`];
}

/** The result of a restore. */
export function restoreResult(report: RestoreReport, seconds: number, dryRun: boolean, changed: boolean): JobResult {
  const { restored, built, existing, expired, failed, functions, existingFunctions, stopped } = report;
  const keys = restored + built;
  const counts = [
    dryRun ? wouldBeRestoredText(keys) : restoredText(keys),
    ...(existing > 0 ? [vscode.l10n.t('{0} left alone because they are there', formatCount(existing))] : []),
    ...(expired > 0 ? [vscode.l10n.t('{0} expired', formatCount(expired))] : []),
    vscode.l10n.t('{0} failed', formatCount(failed)),
  ].join(', ');
  const byUser = stopped === 'it was stopped';
  const end = stopped === undefined ? '' : vscode.l10n.t('Not finished: {0}', reasonText(stopped));
  const rate = seconds > 0 ? Math.round(keys / seconds) : 0;
  return {
    outcome: stopped === undefined ? 'done' : byUser ? 'stopped' : 'lost',
    sentence: end === '' ? `${counts}.` : endSentence(end, counts),
    facts: [
      [dryRun ? vscode.l10n.t('Would be restored') : vscode.l10n.t('Keys restored'), formatCount(keys)],
      ...(built > 0 ? [[vscode.l10n.t('Built by commands'), formatCount(built)] as const] : []),
      ...(existing > 0 ? [[vscode.l10n.t('There already'), formatCount(existing)] as const] : []),
      ...(expired > 0 ? [[vscode.l10n.t('Expired, left out'), formatCount(expired)] as const] : []),
      [vscode.l10n.t('Failed'), formatCount(failed)],
      ...(functions > 0 ? [[vscode.l10n.t('Function libraries'), formatCount(functions)] as const] : []),
      ...(existingFunctions > 0
        ? [[vscode.l10n.t('Function libraries there already'), formatCount(existingFunctions)] as const]
        : []),
      [vscode.l10n.t('Time'), `${formatDuration(seconds * 1000)} · ${perSecond(rate)}`],
    ],
    skips: [],
    notes: changed ? [changedText()] : [],
    canGoOn: report.resume !== undefined && !dryRun,
  };
}

/** Errors of a replay as the page shows them. */
export function replayErrors(groups: readonly ReplayErrorGroup[]): JobErrorGroup[] {
  return groups.map(({ command, message, count, places }) => ({
    command,
    message,
    count,
    places: places.slice(0, SHOWN_PLACES),
  }));
}

/** Errors of a restore as the page shows them. */
export function restoreErrors({ errors }: RestoreReport, file: string): JobErrorGroup[] {
  return errors.map(({ error, count, keys }) => ({
    command: '',
    message: error,
    count,
    places: keys.slice(0, SHOWN_PLACES).map(({ name, offset }) => ({ part: 0, file, offset, name })),
  }));
}
