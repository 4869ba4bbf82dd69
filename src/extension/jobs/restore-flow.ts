/** *Restore to Server…*: server, which keys, options, confirmation; then its page, and the report. */
import * as vscode from 'vscode';
import { formatCount } from '../../format/quantities.js';
import type { JobErrorPlace, KeySet, RestoreJob, RestoreReport, RestoreResume } from '../../job-protocol.js';
import type { EditorHandle } from '../active-editor.js';
import { withEngineProgress } from '../engine-progress.js';
import { VIEW_TYPES } from '../file-editor.js';
import { nameOf } from '../memory-files.js';
import type { ConfiguredServer } from '../servers/configured-server.js';
import { addressLabel } from '../servers/configured-server.js';
import { confirmed, summaryLines } from './confirmation.js';
import { keysText } from './count-texts.js';
import type { JobRun } from './job-run.js';
import { JobTrace } from './job-trace.js';
import { choose } from './option-menu.js';
import { prepareJob } from './prepared-job.js';
import { type FlowSurroundings, newId } from './replay-flow.js';
import { editorFor, wholeSummary } from './replay-source.js';
import { askChoices, howWords, type RestoreChoices } from './restore-choices.js';
import { forgetJob, type StoppedRestore } from './resume-store.js';

/** The file of a restore: an RDB, or the part of an AOF that is or begins with one. */
interface RestoreSource {
  readonly uri: vscode.Uri;
  readonly name: string;
  readonly path: string;
  readonly editor: EditorHandle;
}

/** Which keys, and what they are called. */
interface Keys {
  readonly chosen?: KeySet;
  readonly words: string;
}

interface Restore {
  readonly id: string;
  readonly source: Pick<RestoreSource, 'uri' | 'name' | 'path'>;
  readonly server: ConfiguredServer;
  readonly keys: Keys;
  readonly choices: RestoreChoices;
  /** What was remembered of it, if it goes on; and if it ended without a report, what is to be known of that. */
  readonly before?: StoppedRestore;
  readonly caution?: string;
}

const title = () => vscode.l10n.t('Restore to Server');

/** Asks for everything, and restores. @param selected true if the selection is meant, without being asked. */
export async function restoreFlow(
  surroundings: FlowSurroundings,
  resource: vscode.Uri | undefined,
  chosenServer: ConfiguredServer | undefined,
  selected: boolean,
): Promise<void> {
  const { servers, active } = surroundings;
  if (!servers.mayConnect()) return;
  const editor = await editorFor(active, resource);
  const source = editor && (await sourceOf(surroundings, editor));
  if (!source) {
    if (!editor) void vscode.window.showInformationMessage(vscode.l10n.t('Open an RDB file first.'));
    return;
  }
  const server = chosenServer ?? (await servers.pickServer(title()));
  if (!server) return;
  const keys = await askKeys(source, selected);
  if (!keys) return;
  const choices: RestoreChoices = {
    ...{ existing: 'skip', keepExpired: false, asCommands: false, dryRun: false },
    dbMap: new Map(server.databases),
  };
  if (!(await askChoices(title(), server, choices))) return;
  await begin(surroundings, { id: newId(), source, server, keys, choices });
}

/** The file behind what the editor shows; says so if there is none. */
async function sourceOf({ platform }: FlowSurroundings, editor: EditorHandle): Promise<RestoreSource | undefined> {
  const { uri } = editor.document;
  const isAof = (await editor.document.facts).editor === 'aof';
  const { parts = [] } = (isAof ? await wholeSummary({ editor, name: editor.document.name }) : undefined) ?? {};
  const withRdb = parts.filter(({ rdbBytes, missing }) => rdbBytes > 0 && !missing);
  const shown = editor.selection?.of === 'keys' ? editor.selection.part : null;
  const part = withRdb.find((one) => one.part === shown) ?? withRdb.find(({ role }) => role !== 'history');
  if (isAof && !part) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('{0} has no RDB whose keys could be restored; its commands can be replayed.', editor.document.name),
    );
    return undefined;
  }
  // A manifest stands beside its parts; a single file is its own part.
  const file = part && part.role !== 'single' ? vscode.Uri.joinPath(uri, '..', part.file) : uri;
  const path = platform.localPath(file);
  if (path === undefined) {
    tellNoPath(file);
    return undefined;
  }
  return { uri: file, name: nameOf(file), path, editor };
}

function tellNoPath(file: vscode.Uri): void {
  void vscode.window.showErrorMessage(
    vscode.l10n.t('{0} is not on a disk of this machine, so that it cannot be restored from here.', nameOf(file)),
  );
}

/** Which keys: of the selection, of the current filter, or all. */
async function askKeys(source: RestoreSource, selected: boolean): Promise<Keys | undefined> {
  const { selection, summary } = source.editor;
  const keys = selection?.of === 'keys' ? selection : undefined;
  if (!keys) return { words: '' };
  const rows = keys.rows === 1 ? vscode.l10n.t('1 row') : vscode.l10n.t('{0} rows', formatCount(keys.rows));
  const choice = selected
    ? 'selection'
    : await choose(title(), [
        {
          label: vscode.l10n.t('The whole file'),
          ...(summary ? { detail: keysText(summary.keys) } : {}),
          value: 'all',
        },
        ...(keys.filtered
          ? [
              {
                label: vscode.l10n.t('Keys that pass the current filter'),
                detail: vscode.l10n.t('Functions are not restored'),
                value: 'filter',
              } as const,
            ]
          : []),
        ...(keys.rows > 0
          ? [{ label: vscode.l10n.t('Selected keys'), detail: rows, value: 'selection' } as const]
          : []),
      ] as const);
  if (choice === undefined) return undefined;
  if (choice === 'all') return { words: '' };
  const chosen = await chosenKeys(source, choice === 'filter' ? null : keys.positions, keys.view);
  if (!chosen) return undefined;
  return {
    chosen,
    words: choice === 'filter' ? vscode.l10n.t('what passes the filter') : vscode.l10n.t('the selection'),
  };
}

async function chosenKeys(
  { editor }: RestoreSource,
  positions: readonly (readonly [number, number])[] | null,
  view: number,
): Promise<KeySet | undefined> {
  const engine = await editor.document.engine();
  if (!engine) return undefined;
  return withEngineProgress(vscode.l10n.t('Gathering keys'), 1, (send) =>
    send((onProgress) => engine.request('view.chosen', { view, positions }, onProgress)),
  );
}

/** Prepares, asks, and lets it run. */
async function begin(surroundings: FlowSurroundings, restore: Restore): Promise<void> {
  const { source, server, keys, choices, before, caution } = restore;
  const prepared = await prepareJob(
    surroundings,
    server,
    vscode.l10n.t('Looking at {0} and {1}', source.name, server.name),
    (to): RestoreJob => ({
      kind: 'restore',
      path: source.path,
      to,
      options: { ...choices, ...(before ? { resume: before.resume } : {}) },
      ...(keys.chosen ? { chosen: keys.chosen } : {}),
    }),
  );
  if (!prepared) return;
  const { run, summary } = prepared;
  const what = [
    ...(keys.words === '' ? [] : [keys.words]),
    ...(before ? [vscode.l10n.t('goes on where it was stopped')] : []),
  ];
  const lines = [
    ...summaryLines(source.name, server, summary, what, howWords(choices)),
    ...(caution === undefined ? [] : [[vscode.l10n.t('Caution'), caution] as const]),
  ];
  const question = keys.chosen
    ? summary.keys === 1
      ? vscode.l10n.t('Restore 1 key of {0} into {1}?', source.name, server.name)
      : vscode.l10n.t('Restore {0} keys of {1} into {2}?', formatCount(summary.keys), source.name, server.name)
    : vscode.l10n.t('Restore {0} into {1}?', source.name, server.name);
  if (!choices.dryRun && !(await confirmed(server, question, vscode.l10n.t('Restore'), lines))) {
    run.abandon();
    return;
  }
  const trace = choices.dryRun ? undefined : await traceOf(surroundings, restore, run);
  surroundings.panels.open({
    id: restore.id,
    run,
    kind: 'restore',
    dryRun: choices.dryRun,
    file: source.name,
    server: server.name,
    address: addressLabel(server),
    lines,
    breakpoints: [],
    part: 0,
    show: (place) => showKey(surroundings, source, place),
    reportUri: vscode.Uri.joinPath(source.uri, '..', `${source.name}.restore.json`),
    heading: { from: source.path, to: { name: server.name, address: summary.server.address } },
    ended: async ({ resume }) => {
      await trace?.ended(resume && stoppedOf(restore, resume as RestoreResume));
    },
    goOn: (report) => goOnFrom(surroundings, restore, report as RestoreReport),
  });
  run.say({ control: 'begin' });
}

async function goOnFrom(surroundings: FlowSurroundings, restore: Restore, report: RestoreReport): Promise<void> {
  if (!report.resume || !surroundings.servers.mayConnect()) return;
  const { caution: _, ...rest } = restore;
  await begin(surroundings, { ...rest, before: stoppedOf(restore, report.resume) });
}

function stoppedOf({ id, source, server, keys, choices }: Restore, resume: RestoreResume): StoppedRestore {
  const { uri, path, name } = source;
  return {
    ...{ kind: 'restore', id, uri: uri.toString(), path, name, server: server.name },
    ...{ keys, choices, resume, stopped: Date.now() },
  };
}

/** Remembers a restore as it is before it begins. */
async function traceOf(
  { context, runningJobs, log, marks }: FlowSurroundings,
  restore: Restore,
  run: JobRun,
): Promise<JobTrace | undefined> {
  const { checkpoint } = run;
  if (!checkpoint || !('restore' in checkpoint)) return undefined;
  const { resume, builds } = checkpoint.restore;
  const job: StoppedRestore = { ...stoppedOf(restore, resume), interrupted: { builds } };
  const trace = new JobTrace(context.workspaceState, runningJobs, job, restore.before, run, log, marks);
  if (!(await trace.begin()))
    log.info(`the selection of ${job.name} is too large to be remembered with its resume point`);
  return trace;
}

/** Goes on with a restore that was stopped or interrupted, after the user has been told what that means. */
export async function resumeRestore(
  surroundings: FlowSurroundings,
  server: ConfiguredServer,
  before: StoppedRestore,
): Promise<void> {
  const uri = vscode.Uri.parse(before.uri, true);
  const path = surroundings.platform.localPath(uri);
  if (path === undefined) {
    tellNoPath(uri);
    return;
  }
  const { id, name, keys, interrupted } = before;
  const restore: Restore = { id, source: { uri, name, path }, server, keys, choices: before.choices, before };
  if (!interrupted) {
    await begin(surroundings, restore);
    return;
  }
  const existing = await existingOf(before);
  if (existing === undefined) return;
  if (existing === 'forget') {
    await forgetJob(surroundings.context.workspaceState, id);
    return;
  }
  const caution =
    existing === 'replace'
      ? vscode.l10n.t(
          'It was interrupted: keys that it had restored behind its last word are restored once more, which is harmless.',
        )
      : existing === 'skip'
        ? vscode.l10n.t(
            'It was interrupted: keys that it had restored behind its last word are there already, and are counted as such.',
          )
        : vscode.l10n.t(
            'It was interrupted: keys that it had restored behind its last word are reported as being there already.',
          );
  await begin(surroundings, { ...restore, choices: { ...before.choices, existing }, caution });
}

/** What becomes of keys that the server has, where a value may be half there because it was being built. */
async function existingOf({
  choices,
  interrupted,
}: StoppedRestore): Promise<RestoreChoices['existing'] | 'forget' | undefined> {
  const { existing } = choices;
  if (!interrupted?.builds || existing === 'replace') return existing;
  return choose(vscode.l10n.t('Interrupted while values were being built by commands'), [
    {
      label: vscode.l10n.t('Replace the keys from there on'),
      detail: vscode.l10n.t('Mends a value that is there in part only; keys of others with the same names are lost'),
      value: 'replace' as const,
    },
    {
      label: vscode.l10n.t('Leave the keys alone that the server has'),
      detail: vscode.l10n.t('A value that was being built at the end may stay there in part only'),
      value: existing,
    },
    {
      label: vscode.l10n.t('Forget it'),
      detail: vscode.l10n.t('The server is left as it is'),
      value: 'forget' as const,
    },
  ]);
}

/** Shows a key in the key browser; one of the RDB of an AOF in an editor of its own. */
async function showKey({ active }: FlowSurroundings, { uri }: Restore['source'], place: JobErrorPlace): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, VIEW_TYPES.rdb);
  const shown = active.current;
  const engine = await shown?.document.engine();
  if (!shown || !engine || shown.document.uri.toString() !== uri.toString()) return;
  const { row } = await engine.request('file.place', { offset: place.offset }).result;
  if (row === null) return;
  shown.reveal();
  shown.command({ name: 'showKey', row });
}
