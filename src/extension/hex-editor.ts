/** Showing bytes of a file in the hex editor, where it is installed. */
import * as vscode from 'vscode';

const EXTENSION = 'ms-vscode.hexeditor';

/** Opens the file in the hex editor; offers to find the editor where it is missing. */
export async function openInHexEditor(uri: vscode.Uri): Promise<void> {
  if (vscode.extensions.getExtension(EXTENSION)) {
    await vscode.commands.executeCommand('vscode.openWith', uri, 'hexEditor.hexedit');
    return;
  }
  const find = vscode.l10n.t('Find Hex Editor');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('The extension Hex Editor is not installed; it shows a file byte by byte.'),
    find,
  );
  if (chosen === find) await vscode.commands.executeCommand('workbench.extensions.search', EXTENSION);
}
