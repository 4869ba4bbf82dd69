/** *Restore to Server…*: server, which keys, options, confirmation; then its page, and the report. */
import * as vscode from 'vscode';
import { formatCount } from '../../format/quantities.js';
import type { JobErrorPlace, KeySet, RestoreJob, RestoreJobOptions, RestoreReport } from '../../job-protocol.js';
import type { EditorHandle } from '../active-editor.js';
import { withEngineProgress } from '../engine-progress.js';
import { VIEW_TYPES } from '../file-editor.js';
import { nameOf } from '../memory-files.js';
import type { ConfiguredServer } from '../servers/configured-server.js';
import { addressLabel } from '../servers/configured-server.js';
import { confirmed, summaryLines } from './confirmation.js';
import { choose, type MenuGroup, optionMenu } from './option-menu.js';
import { prepareJob } from './prepared-job.js';
import { databaseMapOption } from './replay-choices.js';
import type { FlowSurroundings } from './replay-flow.js';
import { editorFor, wholeSummary } from './replay-source.js';

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

interface Choices {
  existing: RestoreJobOptions['existing'];
  keepExpired: boolean;
  asCommands: boolean;
  dbMap: ReadonlyMap<number, number>;
  dryRun: boolean;
}

interface Restore {
  readonly source: RestoreSource;
  readonly server: ConfiguredServer;
  readonly keys: Keys;
  readonly choices: Choices;
  readonly resume?: NonNullable<RestoreJobOptions['resume']>;
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
  const choices: Choices = {
    ...{ existing: 'skip', keepExpired: false, asCommands: false, dryRun: false },
    dbMap: new Map(server.databases),
  };
  if (!(await askChoices(server, choices))) return;
  await begin(surroundings, { source, server, keys, choices });
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
    void vscode.window.showErrorMessage(
      vscode.l10n.t('{0} is not on a disk of this machine, so that it cannot be restored from here.', nameOf(file)),
    );
    return undefined;
  }
  return { uri: file, name: nameOf(file), path, editor };
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
          ...(summary ? { detail: vscode.l10n.t('{0} keys', formatCount(summary.keys)) } : {}),
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

function existingText(existing: Choices['existing']): string {
  switch (existing) {
    case 'skip':
      return vscode.l10n.t('left alone, and counted');
    case 'replace':
      return vscode.l10n.t('replaced');
    case 'error':
      return vscode.l10n.t('left alone, and reported one by one');
  }
}

function askChoices(server: ConfiguredServer, choices: Choices): Promise<boolean> {
  return optionMenu(`${title()} → ${server.name}`, () => ({
    go: choices.dryRun
      ? { label: vscode.l10n.t('Dry run'), detail: vscode.l10n.t('Writes nothing') }
      : { label: vscode.l10n.t('Restore'), detail: vscode.l10n.t('Shows what goes where, and asks once more') },
    groups: menu(choices),
  }));
}

function menu(choices: Choices): readonly MenuGroup[] {
  const flag = (label: string, field: 'keepExpired' | 'asCommands' | 'dryRun', off: string, on: string) => ({
    label,
    value: choices[field] ? on : off,
    changed: choices[field],
    change: async () => {
      choices[field] = !choices[field];
    },
  });
  return [
    {
      title: vscode.l10n.t('How'),
      options: [
        {
          label: vscode.l10n.t('Keys that the server has'),
          value: existingText(choices.existing),
          changed: choices.existing !== 'skip',
          change: async () => {
            const existing = (['skip', 'replace', 'error'] as const).map((value) => ({
              label: existingText(value),
              value,
            }));
            choices.existing = (await choose(title(), existing, choices.existing)) ?? choices.existing;
          },
        },
        databaseMapOption(title(), choices),
        flag(
          vscode.l10n.t('Expired keys'),
          'keepExpired',
          vscode.l10n.t('left out'),
          vscode.l10n.t('restored without their expiry'),
        ),
        flag(
          vscode.l10n.t('Values'),
          'asCommands',
          vscode.l10n.t('by RESTORE with the bytes of the file, where the server takes them'),
          vscode.l10n.t('all built by commands'),
        ),
        flag(
          vscode.l10n.t('Dry run'),
          'dryRun',
          vscode.l10n.t('no'),
          vscode.l10n.t('asks the server which of the keys it has, and writes nothing'),
        ),
      ],
    },
  ];
}

function howWords({ existing, keepExpired, asCommands, dbMap }: Choices): string[] {
  return [
    vscode.l10n.t('keys that the server has are {0}', existingText(existing)),
    keepExpired ? vscode.l10n.t('expired keys without their expiry') : vscode.l10n.t('without expired keys'),
    ...[...dbMap].map(([from, to]) => vscode.l10n.t('database {0} to {1}', from, to)),
    ...(asCommands ? [vscode.l10n.t('built by commands')] : []),
  ];
}

/** Prepares, asks, and lets it run. */
async function begin(surroundings: FlowSurroundings, restore: Restore): Promise<void> {
  const { source, server, keys, choices, resume } = restore;
  const prepared = await prepareJob(
    surroundings,
    server,
    vscode.l10n.t('Looking at {0} and {1}', source.name, server.name),
    (to): RestoreJob => ({
      kind: 'restore',
      path: source.path,
      to,
      options: { ...choices, ...(resume ? { resume } : {}) },
      ...(keys.chosen ? { chosen: keys.chosen } : {}),
    }),
  );
  if (!prepared) return;
  const { run, summary } = prepared;
  const what = [
    ...(keys.words === '' ? [] : [keys.words]),
    ...(resume ? [vscode.l10n.t('goes on where it was stopped')] : []),
  ];
  const lines = summaryLines(source.name, server, summary, what, howWords(choices));
  const question = keys.chosen
    ? vscode.l10n.t('Restore {0} keys of {1} into {2}?', formatCount(summary.keys), source.name, server.name)
    : vscode.l10n.t('Restore {0} into {1}?', source.name, server.name);
  if (!choices.dryRun && !(await confirmed(server, question, vscode.l10n.t('Restore'), lines))) {
    run.abandon();
    return;
  }
  surroundings.panels.open({
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
    ended: async () => {},
    goOn: (report) => goOnFrom(surroundings, restore, report as RestoreReport),
  });
  run.say({ control: 'begin' });
}

async function goOnFrom(surroundings: FlowSurroundings, restore: Restore, report: RestoreReport): Promise<void> {
  if (!report.resume || !surroundings.servers.mayConnect()) return;
  await begin(surroundings, { ...restore, resume: report.resume });
}

/** Shows a key in the key browser; one of the RDB of an AOF in an editor of its own. */
async function showKey({ active }: FlowSurroundings, { uri }: RestoreSource, place: JobErrorPlace): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, VIEW_TYPES.rdb);
  const shown = active.current;
  const engine = await shown?.document.engine();
  if (!shown || !engine || shown.document.uri.toString() !== uri.toString()) return;
  const { row } = await engine.request('file.place', { offset: place.offset }).result;
  if (row === null) return;
  shown.reveal();
  shown.command({ name: 'showKey', row });
}
