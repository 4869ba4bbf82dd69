/** A dump that source control opened side by side with its earlier version: our comparison is offered for it. */
import * as vscode from 'vscode';
import { nameOf } from '../memory-files.js';
import { isGitUri, workingFile } from './git-source.js';

/** The files for which it was offered: once for each is enough. */
const offered = new Set<string>();

/** Offers a comparison key by key where a version of git's is opened, which only a view of differences does. */
export async function offerComparison(uri: vscode.Uri): Promise<void> {
  const file = workingFile(uri);
  if (!isGitUri(uri) || offered.has(file.toString())) return;
  offered.add(file.toString());
  const compare = vscode.l10n.t('Compare Key by Key');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      '{0} is shown beside an earlier version of it. Which keys differ can be shown as well.',
      nameOf(file),
    ),
    compare,
  );
  if (chosen === compare) await vscode.commands.executeCommand('redisPersistence.compareWith', uri, file);
}
