/** Will It Load?: what keeps a chosen server from loading the open file, and the export that it would load. */
import * as vscode from 'vscode';
import type { AofLoadFinding } from '../../aof-protocol.js';
import type { EngineClient } from '../../engine/client.js';
import type { LoadFindingInfo, Remedy, TargetInfo } from '../../export-protocol.js';
import { sentence } from '../../format/messages.js';
import type { EditorHandle } from '../active-editor.js';
import { wholeAof } from '../aof-commands.js';
import { type Running, withEngineProgress } from '../engine-progress.js';
import type { ExtensionPlatform } from '../platform.js';
import { exportSource, writeExport } from './export.js';
import { chooseTarget } from './export-choices.js';

/** What was found, and the server that it was asked about. */
interface Examined<Finding> {
  readonly target: TargetInfo;
  readonly loads: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Asks for the server, then the engine; says so if nothing was found.
 *
 * @param ready waits until the engine can be asked; false if the user gave up.
 * @returns undefined without findings.
 */
async function examine<Finding>(
  { document: { name } }: EditorHandle,
  engine: EngineClient,
  ask: (target: string, onProgress: (done: number) => void) => Running<Omit<Examined<Finding>, 'target'>>,
  ready = async () => true,
): Promise<Examined<Finding> | undefined> {
  const { targets } = await engine.request('export.targets', {}).result;
  const target = await chooseTarget(targets, false);
  if (!target || !(await ready())) return undefined;
  const checked = await withEngineProgress(vscode.l10n.t('Examining {0}', name), 1, (send) =>
    send((onProgress) => ask(target.name, onProgress)),
  );
  if (!checked) return undefined;
  if (checked.findings.length > 0) return { ...checked, target };
  void vscode.window.showInformationMessage(vscode.l10n.t('{0} loads {1} as it is.', target.label, name));
  return undefined;
}

/** Asks for the server, and lists what was found. What is chosen of the list is shown in the file. */
export async function willItLoad(editor: EditorHandle, platform: ExtensionPlatform): Promise<void> {
  const engine = await editor.document.engine();
  if (!engine) return;
  if ((await editor.document.facts).editor === 'aof') await aofWillLoad(editor, engine);
  else await rdbWillLoad(editor, engine, platform);
}

async function rdbWillLoad(editor: EditorHandle, engine: EngineClient, platform: ExtensionPlatform): Promise<void> {
  const { name } = editor.document;
  const examined = await examine(editor, engine, (target, onProgress) =>
    engine.request('export.check', { target }, onProgress),
  );
  if (!examined) return;
  const { target, loads, findings } = examined;
  const write = vscode.l10n.t('Export as RDB for {0}…', target.label);
  const picked = await vscode.window.showQuickPick(
    [
      ...(loads ? [] : [{ label: `$(export) ${write}`, finding: undefined }]),
      ...findings.map((finding) => itemOf(finding)),
    ],
    listOptions(target.label, name, loads),
  );
  if (!picked) return;
  if (picked.finding) editor.command({ name: 'showOffset', offset: picked.finding.offset });
  else await writeExport(exportSource(editor.document, engine), platform, specFor(target));
}

/** The same for an AOF: what stops the server in its RDB, in its commands, or in the form that it has. */
async function aofWillLoad(editor: EditorHandle, engine: EngineClient): Promise<void> {
  const { name } = editor.document;
  const examined = await examine(
    editor,
    engine,
    (target, onProgress) => engine.request('aof.loads', { target }, onProgress),
    async () => (await wholeAof(engine, name)) !== undefined,
  );
  if (!examined) return;
  const { target, loads, findings } = examined;
  const several = new Set(findings.map(({ file }) => file)).size > 1;
  const items = findings.map((finding) => {
    const item = itemOf(finding);
    return {
      ...item,
      finding,
      description: several ? `${item.description} · ${finding.file}` : item.description,
      detail:
        finding.where === 'rdb'
          ? item.detail
          : finding.stops
            ? vscode.l10n.t('Replay AOF… brings the rest into such a server.')
            : '',
    };
  });
  const picked = await vscode.window.showQuickPick(items, listOptions(target.label, name, loads));
  if (picked) await showPlace(editor, engine, picked.finding);
}

const NO_COMMAND = { command: null };

/** Shows what a finding is about: the command at its place, or what is told of the file that it is in. */
async function showPlace(editor: EditorHandle, engine: EngineClient, finding: AofLoadFinding): Promise<void> {
  const { part, offset, where } = finding;
  editor.reveal();
  if (part === null) {
    editor.command({ name: 'showProblems' });
    return;
  }
  const { command } = where === 'command' ? await engine.request('commands.at', { part, offset }).result : NO_COMMAND;
  editor.command(command === null ? { name: 'showPartOffset', part, offset } : { name: 'showCommand', command });
}

function listOptions(label: string, name: string, loads: boolean) {
  return {
    title: loads
      ? vscode.l10n.t('{0} loads {1} if it has what is listed here', label, name)
      : vscode.l10n.t('{0} does not load {1}', label, name),
    placeHolder: vscode.l10n.t('Choose a line to see its place in the file'),
    matchOnDescription: true,
    matchOnDetail: true,
    ignoreFocusOut: true,
  };
}

function itemOf(finding: LoadFindingInfo) {
  const { stops, what, count, offset, remedy } = finding;
  const times = count.toLocaleString('en-US');
  const at = offset.toLocaleString('en-US');
  return {
    label: `$(${stops ? 'error' : 'info'}) ${sentence(what.phrase, what.args, vscode.l10n.t)}`,
    description:
      count === 1 ? vscode.l10n.t('at offset {0}', at) : vscode.l10n.t('{0} times, first at offset {1}', times, at),
    detail: remedyText(remedy),
    finding,
  };
}

/** What an export for the server does with it. */
function remedyText(remedy: Remedy): string {
  switch (remedy) {
    case 'converted':
      return vscode.l10n.t('An export for this server converts it.');
    case 'left-out':
      return vscode.l10n.t('An export for this server leaves it out.');
    case 'dropped':
      return vscode.l10n.t('An export for this server drops it.');
    case 'none':
      return vscode.l10n.t('It stays in an export for this server.');
  }
}

function specFor({ name }: TargetInfo) {
  return {
    format: 'rdb',
    target: name,
    chosen: null,
    base64: false,
    flat: false,
    restore: false,
    skipExpired: false,
    dropExpiry: false,
    dropFieldExpiry: false,
    split: null,
    seed: null,
  } as const;
}
