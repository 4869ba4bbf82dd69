/** Export…: keys of the open file are written to a new one, in a form and for a server that the user chooses. */
import * as vscode from 'vscode';
import type { EngineClient } from '../../engine/client.js';
import type { ChosenKeys, ExportResult, ExportSpec } from '../../export-protocol.js';
import { phraseText } from '../../format/messages.js';
import type { EditorHandle } from '../active-editor.js';
import { wholeAof } from '../aof-commands.js';
import { withEngineProgress } from '../engine-progress.js';
import { chooseRdb } from '../extract-preamble.js';
import { VIEW_TYPES } from '../file-editor.js';
import { nameOf } from '../memory-files.js';
import type { ExtensionPlatform } from '../platform.js';
import { askForFile, enginePath, preambleName, refuseSource, writePulled } from '../write-target.js';
import { chooseFormat, chooseKeys, chooseOptions, chooseTarget, isForServer, proposedName } from './export-choices.js';

const PIECE = 1024 * 1024;
const MIB = 1024 * 1024;

/** What is exported. */
export interface ExportSource {
  readonly engine: EngineClient;
  /** The files that are read, the first of which says which folder is proposed. */
  readonly files: readonly [vscode.Uri, ...vscode.Uri[]];
  /** The name that is proposed for the export. */
  readonly proposal: (spec: ExportSpec) => string;
  /** True for the RDB of an AOF that was opened beside the one that is shown. */
  readonly aside?: boolean;
}

/** Asks what and where to, and exports it. @param ofRow true if it is about what is selected. */
export async function exportKeys(editor: EditorHandle, platform: ExtensionPlatform, ofRow: boolean): Promise<void> {
  const engine = await editor.document.engine();
  if (!engine) return;
  const choice = await chooseKeys(editor, ofRow);
  if (!choice) return;
  const source = exportSource(editor.document, engine);
  if ((await editor.document.facts).editor === 'rdb') await exportFrom(source, choice.keys, platform);
  else await exportBase(editor, source, choice.keys, platform);
}

/** The file that an editor shows. */
export function exportSource({ uri, name }: EditorHandle['document'], engine: EngineClient): ExportSource {
  return { engine, files: [uri], proposal: (spec) => proposedName(name, spec) };
}

/** The RDB of an AOF: keys that are selected in it, or all. */
async function exportBase(
  { document: { name }, selection }: EditorHandle,
  source: ExportSource,
  keys: ChosenKeys | null,
  platform: ExtensionPlatform,
): Promise<void> {
  const { engine } = source;
  const summary = await wholeAof(engine, name);
  if (!summary) return;
  const files = [...source.files, ...summary.parts.map(({ file }) => vscode.Uri.joinPath(source.files[0], '..', file))];
  const all = { ...source, files: files as [vscode.Uri, ...vscode.Uri[]] };
  if (keys) {
    await exportFrom(all, keys, platform);
    return;
  }
  const part = await chooseRdb(
    name,
    summary,
    vscode.l10n.t('Export'),
    selection?.of === 'keys' ? selection.part : null,
  );
  if (!part) return;
  // Beside what the editor shows, which may be another part, and may change meanwhile.
  await engine.request('base.open', { part: part.part, aside: true }).result;
  try {
    const proposal = (spec: ExportSpec) => proposedName(preambleName(part.file), spec);
    await exportFrom({ ...all, proposal, aside: true }, null, platform);
  } finally {
    await engine.request('base.leave', {}).result;
  }
}

/** Asks for form, server and options, and exports. */
async function exportFrom(source: ExportSource, keys: ChosenKeys | null, platform: ExtensionPlatform): Promise<void> {
  const spec = await chooseSpec(source, keys, platform);
  if (spec) await writeExport(source, platform, spec);
}

/** Asks for form, server and options. */
export async function chooseSpec(
  { engine, files: [file] }: ExportSource,
  keys: ChosenKeys | null,
  platform: ExtensionPlatform,
): Promise<ExportSpec | undefined> {
  const format = await chooseFormat();
  if (!format) return undefined;
  let target: string | null = null;
  if (isForServer(format)) {
    const { targets } = await engine.request('export.targets', {}).result;
    const chosen = await chooseTarget(targets, true);
    if (chosen === undefined) return undefined;
    target = chosen?.name ?? null;
  }
  return chooseOptions(format, target, keys, platform.localPath(file) !== undefined);
}

/** Asks where to, and writes. */
export async function writeExport(
  { engine, files, proposal, aside }: ExportSource,
  platform: ExtensionPlatform,
  spec: ExportSpec,
): Promise<void> {
  const target = await askForFile(files[0], proposal(spec), vscode.l10n.t('Export'));
  if (!target) return;
  const result = await withEngineProgress(vscode.l10n.t('Exporting to {0}', nameOf(target)), 1, async (send, token) => {
    for (const file of files) refuseSource(target, file, []);
    const path = enginePath(platform, target);
    if (path !== undefined) {
      return send((onProgress) => engine.request('export.write', { spec, path, aside }, onProgress));
    }
    const limit = vscode.workspace.getConfiguration('redisPersistence').get('maxInMemoryFileSize', 512) * MIB;
    try {
      const made = await send((onProgress) =>
        engine.request('export.make', { spec: { ...spec, split: null }, limit, aside }, onProgress),
      );
      const read = async (from: number) =>
        (await engine.request('export.read', { file: 0, from, count: PIECE, aside }).result).bytes;
      await writePulled([{ file: nameOf(target), bytes: made.bytes, read }], [target], token, () => {});
      return made;
    } finally {
      await engine.request('export.forget', { aside }).result;
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
function notesOf({ leftOut, losses, damaged, expired, duplicates }: ExportResult): string[] {
  const notes: string[] = [];
  const number = (count: number) => count.toLocaleString('en-US');
  for (const { what, count } of leftOut) {
    notes.push(vscode.l10n.t('{0} keys were left out: {1}.', number(count), phraseText(what, vscode.l10n.t)));
  }
  if (duplicates > 0) {
    notes.push(vscode.l10n.t('{0} keys were left out that a file before has too.', number(duplicates)));
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
