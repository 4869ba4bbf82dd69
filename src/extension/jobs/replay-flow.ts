/** *Replay AOF…*: server, what, options, confirmation; then a page that shows and steers it; then the report. */
import * as vscode from 'vscode';
import type { JobErrorPlace, ReplayJob, ReplayReport, ResumeInfo } from '../../job-protocol.js';
import type { ActiveEditor } from '../active-editor.js';
import type { JobMarks } from '../platform.js';
import type { ConfiguredServer } from '../servers/configured-server.js';
import { addressLabel } from '../servers/configured-server.js';
import { confirmed, summaryLines } from './confirmation.js';
import type { JobPanels } from './job-panels.js';
import type { JobRun } from './job-run.js';
import { JobTrace, type RunningJobs } from './job-trace.js';
import type { Moments } from './moments.js';
import { optionMenu } from './option-menu.js';
import { type JobSurroundings, prepareJob } from './prepared-job.js';
import { choiceWords, plainChoices, type ReplayChoices, replayMenu, replayOptions } from './replay-choices.js';
import { editorFor, type ReplaySource, replaySource } from './replay-source.js';
import { askStretch, type ReplayStretch, type StretchKind, stretchOf } from './replay-what.js';
import { placeText } from './result-texts.js';
import { howToGoOn, interruptedText } from './resume-questions.js';
import { forgetJob, type StoppedReplay } from './resume-store.js';

/** A replay with all that was chosen. */
interface Replay {
  readonly id: string;
  readonly source: ReplaySource;
  readonly server: ConfiguredServer;
  readonly stretch: ReplayStretch;
  readonly choices: ReplayChoices;
  readonly goOn?: NonNullable<ReplayJob['goOn']>;
  /** What was remembered of it, if it goes on. */
  readonly before?: StoppedReplay;
}

/** What the flows need. */
export interface FlowSurroundings extends JobSurroundings {
  readonly active: ActiveEditor;
  readonly panels: JobPanels;
  readonly moments: Moments;
  readonly runningJobs: RunningJobs;
  readonly marks: JobMarks | undefined;
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

/** An id for a job that is remembered. */
export function newId(): string {
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
  const { source, server, stretch, choices, goOn, before } = replay;
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
  const lines = [
    ...summaryLines(source.name, server, summary, what, how),
    ...(before?.interrupted ? [[vscode.l10n.t('Caution'), interruptedText(before, before.interrupted)] as const] : []),
  ];
  const question = vscode.l10n.t('Replay {0} into {1}?', source.name, server.name);
  if (!choices.dryRun && !(await confirmed(server, question, vscode.l10n.t('Replay'), lines))) {
    run.abandon();
    return;
  }
  const trace = choices.dryRun ? undefined : await traceOf(surroundings, replay, run);
  surroundings.panels.open({
    id: replay.id,
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
    ...(trace ? { goesOn: () => trace.goesOn() } : {}),
    ended: async (report) => {
      await trace?.ended(stoppedOf(replay, report as ReplayReport));
    },
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

/** What is remembered of a replay that was stopped; undefined if nothing is left to be done. */
function stoppedOf(replay: Replay, report: ReplayReport): StoppedReplay | undefined {
  return report.resume && stoppedAt(replay, infoOf(report, report.resume));
}

function stoppedAt({ id, source, server, stretch, choices }: Replay, from: ResumeInfo): StoppedReplay {
  const { uri, path, name, form } = source;
  return {
    ...{ kind: 'replay', id, uri: uri.toString(), path, name, form, server: server.name },
    ...{ choices, stretch, from, stopped: Date.now() },
  };
}

/** Remembers a replay as it is before it begins. */
async function traceOf(
  { context, runningJobs, log, marks }: FlowSurroundings,
  replay: Replay,
  run: JobRun,
): Promise<JobTrace | undefined> {
  const { goOn, before } = replay;
  const { checkpoint } = run;
  const from = goOn?.from ?? (checkpoint && 'replay' in checkpoint ? { resume: checkpoint.replay.resume } : undefined);
  if (!from) return undefined;
  const job: StoppedReplay = { ...stoppedAt(replay, from), interrupted: { sent: 0, rate: 0 } };
  const trace = new JobTrace(context.workspaceState, runningJobs, job, before, run, log, marks);
  if (!(await trace.begin()))
    log.info(`the selection of ${job.name} is too large to be remembered with its resume point`);
  return trace;
}

function infoOf({ unacknowledged }: ReplayReport, resume: NonNullable<ReplayReport['resume']>): ResumeInfo {
  return { resume, ...(unacknowledged ? { unacknowledged } : {}) };
}

/** Goes on from the page of a replay that was stopped. */
async function goOnFrom(surroundings: FlowSurroundings, replay: Replay, report: ReplayReport): Promise<void> {
  const { servers } = surroundings;
  if (!report.resume || !servers.mayConnect()) return;
  const before = stoppedAt(replay, infoOf(report, report.resume));
  const goOn = await howToGoOn(before);
  if (goOn && goOn !== 'forget') {
    await begin(surroundings, { ...replay, choices: { ...replay.choices, paused: false }, goOn, before });
  }
}

/** Goes on with a replay that was stopped or interrupted, after the user has been told what that means. */
export async function resumeReplay(
  surroundings: FlowSurroundings,
  server: ConfiguredServer,
  before: StoppedReplay,
): Promise<void> {
  const { active, platform, context } = surroundings;
  const source = await replaySource(active, platform, vscode.Uri.parse(before.uri, true));
  const goOn = source && (await howToGoOn(before));
  if (!source || !goOn) return;
  const { id, stretch, choices } = before;
  if (goOn === 'forget') await forgetJob(context.workspaceState, id);
  else await begin(surroundings, { id, source, server, stretch, choices: { ...choices, paused: false }, goOn, before });
}
