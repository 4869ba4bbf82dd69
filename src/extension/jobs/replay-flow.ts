/** *Replay AOF…*: server, what, options, confirmation; then a page that shows and steers it; then the report. */
import * as vscode from 'vscode';
import { formatCount } from '../../format/quantities.js';
import type { JobErrorPlace, ReplayJob, ReplayReport } from '../../job-protocol.js';
import type { ActiveEditor } from '../active-editor.js';
import type { ConfiguredServer } from '../servers/configured-server.js';
import { addressLabel } from '../servers/configured-server.js';
import { confirmed, summaryLines } from './confirmation.js';
import type { JobPanels } from './job-panels.js';
import type { Moments } from './moments.js';
import { choose, optionMenu } from './option-menu.js';
import { type JobSurroundings, prepareJob } from './prepared-job.js';
import { choiceWords, plainChoices, type ReplayChoices, replayMenu, replayOptions } from './replay-choices.js';
import { editorFor, type ReplaySource, replaySource } from './replay-source.js';
import { askStretch, type ReplayStretch, type StretchKind, stretchOf } from './replay-what.js';
import { placeText } from './result-texts.js';
import { forgetReplay, rememberReplay, type StoppedReplay, stoppedReplays } from './resume-store.js';

/** A replay with all that was chosen. */
interface Replay {
  readonly id: string;
  readonly source: ReplaySource;
  readonly server: ConfiguredServer;
  readonly stretch: ReplayStretch;
  readonly choices: ReplayChoices;
  readonly goOn?: NonNullable<ReplayJob['goOn']>;
}

/** What the flows need. */
export interface FlowSurroundings extends JobSurroundings {
  readonly active: ActiveEditor;
  readonly panels: JobPanels;
  readonly moments: Moments;
}

const title = () => vscode.l10n.t('Replay AOF');

/** Asks for everything, and replays. @param kind the stretch, where the command that was run says it. */
export async function replayFlow(
  surroundings: FlowSurroundings,
  resource: vscode.Uri | undefined,
  chosenServer: ConfiguredServer | undefined,
  kind?: StretchKind,
): Promise<void> {
  const { servers, active, platform } = surroundings;
  if (!servers.mayConnect()) return;
  const source = await replaySource(active, platform, resource);
  if (!source) return;
  const server = chosenServer ?? (await servers.pickServer(title()));
  if (!server) return;
  const stretch = kind ? await stretchOf(source, title(), kind) : await askStretch(source, title());
  if (!stretch) return;
  const choices = plainChoices(new Map(server.databases));
  if (!(await askChoices(source, server, choices))) return;
  await begin(surroundings, { id: newId(), source, server, stretch, choices });
}

function newId(): string {
  return `${Date.now()}-${Math.floor(Math.random() * 1e9)}`;
}

function askChoices(source: ReplaySource, server: ConfiguredServer, choices: ReplayChoices): Promise<boolean> {
  return optionMenu(`${title()} → ${server.name}`, () => ({
    go: choices.dryRun
      ? { label: vscode.l10n.t('Dry run'), detail: vscode.l10n.t('Writes nothing') }
      : { label: vscode.l10n.t('Replay'), detail: vscode.l10n.t('Shows what goes where, and asks once more') },
    groups: replayMenu(title(), choices, source.form === 'aof'),
  }));
}

/** Prepares, asks, and lets it run. */
async function begin(surroundings: FlowSurroundings, replay: Replay): Promise<void> {
  const { source, server, stretch, choices, goOn } = replay;
  const prepared = await prepareJob(
    surroundings,
    server,
    vscode.l10n.t('Looking at {0} and {1}', source.name, server.name),
    (to): ReplayJob => ({
      kind: 'replay',
      path: source.path,
      form: source.form,
      to,
      options: { ...replayOptions(choices), ...stretch.options },
      ...(stretch.chosen ? { chosen: stretch.chosen } : {}),
      dryRun: choices.dryRun,
      ...(goOn ? { goOn } : {}),
      breakpoints: [],
      paused: choices.paused,
    }),
  );
  if (!prepared) return;
  const { run, summary } = prepared;
  const { filters, how } = choiceWords(choices);
  const what = [
    ...(stretch.words === '' ? [] : [stretch.words]),
    ...filters,
    ...(goOn ? [vscode.l10n.t('goes on at {0}', placeText(goOn.from.resume))] : []),
  ];
  const lines = summaryLines(source.name, server, summary, what, how);
  const question = vscode.l10n.t('Replay {0} into {1}?', source.name, server.name);
  if (!choices.dryRun && !(await confirmed(server, question, vscode.l10n.t('Replay'), lines))) {
    run.abandon();
    return;
  }
  surroundings.panels.open({
    run,
    kind: 'replay',
    dryRun: choices.dryRun,
    file: source.name,
    server: server.name,
    address: addressLabel(server),
    lines,
    breakpoints: [],
    part: commandPart(source),
    show: (place) => showCommand(surroundings, source, place),
    reportUri: vscode.Uri.joinPath(source.uri, '..', `${source.name}.replay.json`),
    heading: { from: source.path, to: { name: server.name, address: summary.server.address } },
    ended: (report) => keepResumePoint(surroundings, replay, report as ReplayReport),
    goOn: (report) => goOnFrom(surroundings, replay, report as ReplayReport),
  });
  run.say({ control: 'begin' });
}

/** The part with the commands: where an RDB is the base, they are in the parts behind it. */
function commandPart({ editor }: ReplaySource): number {
  const parts = editor?.aofSummary?.parts.filter(({ commands, role }) => commands > 0 && role !== 'history');
  return parts?.at(-1)?.part ?? 0;
}

/** Shows a command in its editor: of an AOF in the list of commands, of a text at its line. */
async function showCommand({ active }: FlowSurroundings, source: ReplaySource, place: JobErrorPlace): Promise<void> {
  if (source.form !== 'aof') {
    const document = await vscode.workspace.openTextDocument(source.uri);
    const text = new TextEncoder().encode(document.getText());
    const before = new TextDecoder().decode(text.subarray(0, place.offset));
    const at = document.positionAt(before.length);
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at), preview: true });
    return;
  }
  const editor = await editorFor(active, source.uri);
  const engine = await editor?.document.engine();
  if (!editor || !engine) return;
  const { part, offset } = place;
  const { command } = await engine.request('commands.at', { part, offset }).result;
  if (command === null) return;
  editor.reveal();
  editor.command({ name: 'showCommand', command });
}

async function keepResumePoint(
  { context, log }: FlowSurroundings,
  replay: Replay,
  report: ReplayReport,
): Promise<void> {
  const { id, source, server, stretch, choices } = replay;
  if (choices.dryRun) return;
  if (!report.resume) {
    await forgetReplay(context.workspaceState, id);
    return;
  }
  const kept: StoppedReplay = {
    ...{ id, uri: source.uri.toString(), path: source.path, name: source.name, form: source.form },
    ...{ server: server.name, choices, stretch, from: infoOf(report, report.resume), stopped: Date.now() },
  };
  if (!(await rememberReplay(context.workspaceState, kept))) {
    log.info(`the selection of ${source.name} is too large to be remembered with its resume point`);
  }
}

function infoOf({ unacknowledged }: ReplayReport, resume: NonNullable<ReplayReport['resume']>) {
  return { resume, ...(unacknowledged ? { unacknowledged } : {}) };
}

/** Goes on from the page of a replay that was stopped. */
async function goOnFrom(surroundings: FlowSurroundings, replay: Replay, report: ReplayReport): Promise<void> {
  const { servers } = surroundings;
  if (!report.resume || !servers.mayConnect()) return;
  const goOn = await howToGoOn(infoOf(report, report.resume));
  if (goOn) await begin(surroundings, { ...replay, choices: { ...replay.choices, paused: false }, goOn });
}

/** What becomes of the commands of which nobody knows if they were done: done again only where that is harmless. */
async function howToGoOn(from: StoppedReplay['from']): Promise<Replay['goOn']> {
  const { unacknowledged } = from;
  if (!unacknowledged) return { from };
  const { count, harmless } = unacknowledged;
  const skip = {
    label: vscode.l10n.t('Go on behind them'),
    detail: vscode.l10n.t('Those that were not applied will be missing'),
    value: 'skip',
  } as const;
  const retry = {
    label: vscode.l10n.t('Do them again'),
    detail: vscode.l10n.t('Harmless: these commands leave the same, however often they are done'),
    value: 'retry',
  } as const;
  const choice = await choose(
    vscode.l10n.t('{0} commands were sent, but not acknowledged', formatCount(count)),
    harmless ? [retry, skip] : [skip],
  );
  return choice && { from, unacknowledged: choice };
}

/** *Resume Replay…*: goes on with one of the replays that were stopped, also after the window was closed. */
export async function resumeFlow(
  surroundings: FlowSurroundings,
  chosenServer: ConfiguredServer | undefined,
): Promise<void> {
  const { servers, context, platform, active } = surroundings;
  if (!servers.mayConnect()) return;
  const stopped = stoppedReplays(context.workspaceState).filter(
    ({ server }) => chosenServer === undefined || server === chosenServer.name,
  );
  if (stopped.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No replay of this workspace was stopped before its end.'));
    return;
  }
  const items = stopped.map((replay) => ({
    label: `${replay.name} → ${replay.server}`,
    description: new Date(replay.stopped).toLocaleString(),
    detail: placeText(replay.from.resume),
    replay,
  }));
  const item = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Resume Replay'),
    ignoreFocusOut: true,
  });
  if (!item) return;
  const { replay } = item;
  const server = servers.list.find(({ name }) => name === replay.server);
  if (!server) {
    void vscode.window.showErrorMessage(
      vscode.l10n.t('There is no server {0} in the settings any more. Add it again to go on.', replay.server),
    );
    return;
  }
  const source = await replaySource(active, platform, vscode.Uri.parse(replay.uri, true));
  const goOn = source && (await howToGoOn(replay.from));
  if (!source || !goOn) return;
  const { id, stretch, choices } = replay;
  await begin(surroundings, { id, source, server, stretch, choices: { ...choices, paused: false }, goOn });
}
