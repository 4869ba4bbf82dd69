/** Commands that open files: by a dialogue, from the explorer, as text. */
import * as vscode from 'vscode';
import { VIEW_TYPES } from './file-editor.js';
import { isManifest } from './file-kind.js';
import { nameOf } from './memory-files.js';

/** Bytes up to which the editor gives extensions the text of a file: past them it is no document for outline or checks. */
const TEXT_LIMIT = 50 * 1024 * 1024;
/** The commands of an AOF as text, made from the file. */
const READABLE_COMMAND = 'redisPersistence.openReadable';

/** The editor for a file, by its name. */
export function viewTypeFor(uri: vscode.Uri): string {
  return /\.aof$/i.test(uri.path) || isManifest(uri.path) ? VIEW_TYPES.aof : VIEW_TYPES.rdb;
}

/** Asks for files and opens them. */
export async function openFiles(): Promise<void> {
  const files = await vscode.window.showOpenDialog({
    canSelectMany: true,
    title: vscode.l10n.t('Open RDB Files and AOFs'),
    filters: {
      [vscode.l10n.t('RDB files and AOFs')]: ['rdb', 'aof', 'manifest'],
      [vscode.l10n.t('All files')]: ['*'],
    },
  });
  for (const file of files ?? []) {
    const known = /\.(?:rdb|aof|manifest)$/i.test(file.path);
    await vscode.commands.executeCommand('vscode.openWith', file, known ? viewTypeFor(file) : VIEW_TYPES.anyFile);
  }
}

/** Opens the AOF that is in a folder of the explorer: its manifest, with all its parts. */
export async function openAofFolder(folder: unknown): Promise<void> {
  if (!(folder instanceof vscode.Uri)) return;
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const manifests = entries.map(([name]) => name).filter(isManifest);
  if (manifests.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is no manifest in the folder {0}; open one of its files instead.', nameOf(folder)),
    );
    return;
  }
  const chosen = manifests.length === 1 ? manifests[0] : await vscode.window.showQuickPick(manifests);
  if (chosen === undefined) return;
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.joinPath(folder, chosen), VIEW_TYPES.aof);
}

/** Opens a file in the text editor, in the place of ours; of a file that is too large for that, says so first. */
export async function reopenAsText(uri: vscode.Uri): Promise<void> {
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > TEXT_LIMIT && !(await confirmLarge(uri, size))) return;
  await vscode.commands.executeCommand('vscode.openWith', uri, 'default');
}

/** @returns true if the text editor is wanted all the same. */
async function confirmLarge(uri: vscode.Uri, size: number): Promise<boolean> {
  const readable = vscode.l10n.t('Open as Readable Commands');
  const anyway = vscode.l10n.t('Open as Text Anyway');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      '{0} has {1} MB. The text editor shows at most {2} MB with colours, outline and checks, and is slow beyond that.',
      nameOf(uri),
      Math.ceil(size / (1024 * 1024)),
      TEXT_LIMIT / (1024 * 1024),
    ),
    ...(viewTypeFor(uri) === VIEW_TYPES.aof ? [readable] : []),
    anyway,
  );
  if (chosen === readable) await vscode.commands.executeCommand(READABLE_COMMAND, uri);
  return chosen === anyway;
}
