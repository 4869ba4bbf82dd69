/** The confirmation that a protected server asks for. */
import * as vscode from 'vscode';
import type { ConfiguredServer } from './configured-server.js';

/** Has the name of a server typed. */
export async function confirmByName(server: ConfiguredServer, why: string): Promise<boolean> {
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('{0} is Protected', server.name),
    prompt: `${why} ${vscode.l10n.t('Type its name to go on: {0}', server.name)}`,
    ignoreFocusOut: true,
    validateInput: (value) =>
      value === server.name || value === '' ? undefined : vscode.l10n.t('This is not its name.'),
  });
  return typed === server.name;
}
