/** Export…: keys of the open file are written to a new one, in a form and for a server that the user chooses. */
import * as vscode from 'vscode';
import type { EngineClient } from '../../engine/client.js';
import type { ExportResult, ExportSpec } from '../../export-protocol.js';
import { phraseText } from '../../format/messages.js';
import type { EditorHandle } from '../active-editor.js';
import { withEngineProgress } from '../engine-progress.js';
import { VIEW_TYPES } from '../file-editor.js';
import { nameOf } from '../memory-files.js';
import type { ExtensionPlatform } from '../platform.js';
import { askForFile, enginePath, refuseSource, writePulled } from '../write-target.js';
import { chooseFormat, chooseKeys, chooseOptions, chooseTarget, isForServer, proposedName } from './export-choices.js';

const PIECE = 1024 * 1024;
const MIB = 1024 * 1024;

/** Asks what and where to, and exports it. @param ofRow true if it is about what is selected. */
export async function exportKeys(editor: EditorHandle, platform: ExtensionPlatform, ofRow: boolean): Promise<void> {
  const engine = await editor.document.engine();
  if (!engine) return;
  const choice = await chooseKeys(editor, ofRow);
  if (!choice) return;
  const format = await chooseFormat();
  if (!format) return;
  let target: string | null = null;
  if (isForServer(format)) {
    const { targets } = await engine.request('export.targets', {}).result;
    const chosen = await chooseTarget(targets, true);
    if (chosen === undefined) return;
    target = chosen?.name ?? null;
  }
  const onDisk = platform.localPath(editor.document.uri) !== undefined;
  const spec = await chooseOptions(format, target, choice.keys, onDisk);
  if (spec) await writeExport(editor, engine, platform, spec);
}

/** Asks where to, and writes. */
export async function writeExport(
  { document }: EditorHandle,
  engine: EngineClient,
  platform: ExtensionPlatform,
  spec: ExportSpec,
): Promise<void> {
  const { name, uri } = document;
  const target = await askForFile(uri, proposedName(name, spec), vscode.l10n.t('Export'));
  if (!target) return;
  const result = await withEngineProgress(vscode.l10n.t('Exporting to {0}', nameOf(target)), 1, async (send, token) => {
    refuseSource(target, uri, []);
    const path = enginePath(platform, target);
    if (path !== undefined) {
      return send((onProgress) => engine.request('export.write', { spec, path }, onProgress));
    }
    const limit = vscode.workspace.getConfiguration('redisPersistence').get('maxInMemoryFileSize', 512) * MIB;
    try {
      const made = await send((onProgress) =>
        engine.request('export.make', { spec: { ...spec, split: null }, limit }, onProgress),
      );
      const read = async (from: number) =>
        (await engine.request('export.read', { file: 0, from, count: PIECE }).result).bytes;
      await writePulled([{ file: nameOf(target), bytes: made.bytes, read }], [target], token, () => {});
      return made;
    } finally {
      await engine.request('export.forget', {}).result;
    }
  });
  if (result) await tell(target, spec, result);
}

/** Says what was written, and offers to look at it. */
async function tell(target: vscode.Uri, spec: ExportSpec, result: ExportResult): Promise<void> {
  const files = result.files.map(({ part }) => partUri(target, part));
  const [first = target] = files;
  const keys = result.keys.toLocaleString('en-US');
  const message =
    files.length > 1
      ? vscode.l10n.t('{0} keys were exported to {1} files, {2} bytes.', keys, files.length, bytesOf(result))
      : vscode.l10n.t('{0} keys were exported to {1}, {2} bytes.', keys, nameOf(first), bytesOf(result));
  const open = vscode.l10n.t('Open');
  const reveal = vscode.l10n.t('Reveal');
  const notes = notesOf(result);
  const text = [message, ...notes].join(' ');
  const left = result.leftOut.length > 0 || result.damaged > 0;
  const show = left ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  const chosen = await show(text, open, reveal);
  if (chosen === open) {
    if (spec.format === 'rdb') await vscode.commands.executeCommand('vscode.openWith', first, VIEW_TYPES.rdb);
    else await vscode.commands.executeCommand('vscode.open', first);
  } else if (chosen === reveal) {
    const inWorkspace = vscode.workspace.getWorkspaceFolder(first) !== undefined;
    await vscode.commands.executeCommand(inWorkspace ? 'revealInExplorer' : 'revealFileInOS', first);
  }
}

function bytesOf({ bytes }: ExportResult): string {
  return bytes.toLocaleString('en-US');
}

/** What was left out and lost, a sentence each. */
function notesOf({ leftOut, losses, damaged, expired }: ExportResult): string[] {
  const notes: string[] = [];
  const number = (count: number) => count.toLocaleString('en-US');
  for (const { what, count } of leftOut) {
    notes.push(vscode.l10n.t('{0} keys were left out: {1}.', number(count), phraseText(what, vscode.l10n.t)));
  }
  if (damaged > 0) notes.push(vscode.l10n.t('{0} damaged values were left out.', number(damaged)));
  if (expired > 0) notes.push(vscode.l10n.t('{0} expired keys were left out.', number(expired)));
  for (const { what, count } of losses) {
    notes.push(vscode.l10n.t('{0} times: {1}.', number(count), phraseText(what, vscode.l10n.t)));
  }
  return notes;
}

/** The address of a part: `dump.rdb` to `dump.db0.rdb`, as the engine names it. */
function partUri(target: vscode.Uri, part: string): vscode.Uri {
  if (part === '') return target;
  return target.with({ path: target.path.replace(/(\.[^./\\]*)?$/, (ending: string) => `.${part}${ending}`) });
}
