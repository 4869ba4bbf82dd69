/** Opening the dump or the AOF of a server, where its files are those of this machine. */
import * as vscode from 'vscode';
import { ServerError } from '../../server/errors.js';
import { persistenceFiles } from '../../server/persistence-files.js';
import { VIEW_TYPES } from '../file-editor.js';
import type { ConfiguredServer } from './configured-server.js';
import { serverErrorText } from './connection-errors.js';
import type { ServerLinks } from './server-links.js';

/** Opens the file in its editor, or says why it cannot be had and what can be done instead. */
export async function openServerFile(links: ServerLinks, server: ConfiguredServer, kind: 'rdb' | 'aof'): Promise<void> {
  const current = await links.reach(server);
  if (!current) return;
  try {
    const files = await persistenceFiles(current);
    if (!files) {
      await offerCapture(server, vscode.l10n.t('{0} does not say where its files are (CONFIG GET).', server.name));
      return;
    }
    const path = files[kind];
    if (path === undefined) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('{0} writes no AOF: its setting appendonly is no.', server.name),
      );
      return;
    }
    if (!isHere(server)) {
      await offerCapture(
        server,
        vscode.l10n.t('{0} is on another machine, and so is its file {1}.', server.name, path),
      );
      return;
    }
    const uri = vscode.Uri.file(path);
    if (!(await isReadable(uri))) {
      const words =
        kind === 'rdb'
          ? vscode.l10n.t(
              '{0} says its dump is {1}, which is not there: nothing was saved yet, it may not be read, or the server runs in a container.',
              server.name,
              path,
            )
          : vscode.l10n.t(
              '{0} says its AOF is {1}, which is not there: it may not be read, or the server runs in a container.',
              server.name,
              path,
            );
      await offerCapture(server, words);
      return;
    }
    await vscode.commands.executeCommand('vscode.openWith', uri, VIEW_TYPES[kind]);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    void vscode.window.showErrorMessage(serverErrorText(error));
  }
}

/** True if a server can only be on this machine. */
function isHere({ endpoint }: ConfiguredServer): boolean {
  return endpoint.kind === 'unix' || /^(?:localhost|127(?:\.\d+){3}|::1)$/i.test(endpoint.host);
}

async function isReadable(uri: vscode.Uri): Promise<boolean> {
  try {
    const { type } = await vscode.workspace.fs.stat(uri);
    return (type & vscode.FileType.File) !== 0;
  } catch (error) {
    // Whatever the reason, the file cannot be had.
    if (error instanceof Error) return false;
    throw error;
  }
}

/** What a server holds can be had from itself, too. */
async function offerCapture(server: ConfiguredServer, why: string): Promise<void> {
  const capture = vscode.l10n.t('Capture Snapshot…');
  const known = (await vscode.commands.getCommands(true)).includes(CAPTURE);
  const chosen = await vscode.window.showWarningMessage(why, ...(known ? [capture] : []));
  if (chosen === capture) await vscode.commands.executeCommand(CAPTURE, server);
}

const CAPTURE = 'redisPersistence.captureSnapshot';
