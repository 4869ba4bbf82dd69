/** *Open Keyspace At This Command…*: a private server loads the AOF up to a moment; what it held is opened as a dump. */
import * as vscode from 'vscode';
import { formatCount, formatTime } from '../../format/quantities.js';
import type { JobEvent, Moment, MomentReport } from '../../job-protocol.js';
import { VIEW_TYPES } from '../file-editor.js';
import { keysText } from './count-texts.js';
import { JobFailedError } from './job-run.js';
import { choose } from './option-menu.js';
import { startJob, tellFailure, withProgress } from './prepared-job.js';
import type { FlowSurroundings } from './replay-flow.js';
import { type ReplaySource, replaySource, wholeSummary } from './replay-source.js';
import { askMomentTime, askPlace } from './replay-what.js';

/** A moment, and how it is called in the title of the dump. */
interface NamedMoment {
  readonly until: Moment;
  readonly name: string;
}

const title = () => vscode.l10n.t('Open Keyspace at a Command');

/** Asks for a moment, unless the command of the row is meant, and opens what there was then. */
export async function momentFlow(
  surroundings: FlowSurroundings,
  resource: vscode.Uri | undefined,
  ofRow: boolean,
): Promise<void> {
  const { servers, active, platform, moments } = surroundings;
  // Starting a program that a setting names is as much a matter of trust as a connection is.
  if (!servers.mayConnect()) return;
  const source = await replaySource(active, platform, resource);
  if (!source) return;
  if (source.form !== 'aof') {
    void vscode.window.showInformationMessage(vscode.l10n.t('This is for AOFs.'));
    return;
  }
  const moment = await momentOf(source, ofRow);
  if (!moment) return;
  const program = vscode.workspace.getConfiguration('redisPersistence').get('serverBinary', '').trim();
  const run = startJob(surroundings, {
    kind: 'moment',
    path: source.path,
    until: moment.until,
    program: program === '' ? null : program,
    name: `${source.name.replace(/\.manifest$/i, '')} ${moment.name}.rdb`,
  });
  try {
    const name = vscode.l10n.t('Loading {0} {1}', source.name, moment.name);
    const { report } = await withProgress(name, run, 'loaded', stepWords);
    const dump = vscode.Uri.file(report.dump);
    moments.keep(dump);
    await vscode.commands.executeCommand('vscode.openWith', dump, VIEW_TYPES.rdb);
    tellLoaded(moment, report);
  } catch (error) {
    if (!(error instanceof JobFailedError)) throw error;
    tellFailure(error);
  } finally {
    run.dispose();
  }
}

async function momentOf(source: ReplaySource, ofRow: boolean): Promise<NamedMoment | undefined> {
  const { selection } = source.editor ?? {};
  const command = selection?.of === 'commands' ? selection.command : null;
  if (ofRow && command !== null) return atCommand(source, command);
  const kind = await choose(title(), [
    ...(command === null
      ? []
      : [{ label: vscode.l10n.t('At command {0}', formatCount(command)), value: 'command' } as const]),
    { label: vscode.l10n.t('At a time…'), value: 'time' },
    { label: vscode.l10n.t('At an offset…'), value: 'offset' },
  ] as const);
  if (kind === 'command') return command === null ? undefined : atCommand(source, command);
  if (kind === 'offset') return atOffset(source);
  return kind === 'time' ? atTime(source) : undefined;
}

async function atCommand(source: ReplaySource, command: number): Promise<NamedMoment | undefined> {
  const engine = await source.editor?.document.engine();
  if (!engine) return undefined;
  const { part, offset, transaction } = await engine.request('command.open', { command }).result;
  // The row of a transaction stands for all of it; a command of one is applied with the others.
  const name = transaction
    ? vscode.l10n.t('behind the transaction of command {0}', command)
    : vscode.l10n.t('at command {0}', command);
  return { until: { part, offset }, name };
}

async function atTime(source: ReplaySource): Promise<NamedMoment | undefined> {
  const summary = await wholeSummary(source);
  const time = summary && (await askMomentTime(title(), summary));
  if (time === undefined) return undefined;
  return { until: { time }, name: vscode.l10n.t('at {0} UTC', formatTime(time * 1000).replace(/:/g, '.')) };
}

async function atOffset(source: ReplaySource): Promise<NamedMoment | undefined> {
  const place = await askPlace(source, title());
  if (!place) return undefined;
  const { part, offset } = place;
  return { until: { part, offset }, name: vscode.l10n.t('at offset {0}', offset) };
}

function stepWords(event: JobEvent): string | undefined {
  if (event.event !== 'step') return undefined;
  switch (event.step) {
    case 'writing':
      return vscode.l10n.t('The commands are written for a private server.');
    case 'loading':
      return vscode.l10n.t('A private server loads them.');
    case 'saving':
      return vscode.l10n.t('It saves what it holds.');
  }
}

function tellLoaded({ name }: NamedMoment, { keys, commands, program, leftOut }: MomentReport): void {
  const left = Object.entries(leftOut).map(([command, count]) => `${formatCount(count)} × ${command}`);
  const words =
    commands === 1
      ? vscode.l10n.t('The keyspace {0}: {1} after 1 command, loaded by {2}.', name, keysText(keys), program)
      : vscode.l10n.t(
          'The keyspace {0}: {1} after {2} commands, loaded by {3}.',
          name,
          keysText(keys),
          formatCount(commands),
          program,
        );
  void vscode.window.showInformationMessage(
    left.length === 0 ? words : `${words} ${vscode.l10n.t('Left out, for they steer a server: {0}.', left.join(', '))}`,
  );
}
