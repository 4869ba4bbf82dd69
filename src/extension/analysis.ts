/** What the Analysis tab needs of the workbench: settings, places to write to, reports. */
import * as vscode from 'vscode';
import type { FindingLimits, KeyFilter } from '../analysis-protocol.js';
import type { EditorHandle } from './active-editor.js';
import { withEngineProgress } from './engine-progress.js';
import type { FileDocument } from './file-document.js';
import { nameOf } from './memory-files.js';
import { translations } from './translations.js';
import { askForFile, refuseSource } from './write-target.js';

const MIB = 1024 * 1024;
/** Rows of each table of a report. */
const REPORT_ROWS = 100;

/** From when on something is a finding, by the settings. */
export function findingLimits(uri: vscode.Uri): FindingLimits {
  const settings = vscode.workspace.getConfiguration('redisPersistence.findings', uri);
  return {
    bigKeyBytes: settings.get('bigKeyMegabytes', 10) * MIB,
    bigKeyElements: settings.get('bigKeyElements', 100_000),
  };
}

/** Writes an image where the user chooses. */
export async function saveImage(document: FileDocument, name: string, bytes: Uint8Array): Promise<void> {
  const proposed = `${plainName(document.name)}-${name}.png`;
  const target = await askForFile(document.uri, proposed, vscode.l10n.t('Save Image'));
  if (!target) return;
  refuseSource(target, document.uri, []);
  await vscode.workspace.fs.writeFile(target, bytes);
}

/**
 * Writes a report about the keys of a filter where the user chooses, and offers to open it.
 *
 * @param separator of namespaces.
 */
export async function exportReport(
  { document }: Pick<EditorHandle, 'document'>,
  filter: KeyFilter,
  separator: string,
): Promise<void> {
  const engine = await document.engine();
  if (!engine) return;
  const { uri, name } = document;
  const target = await askForFile(uri, `${plainName(name)}.html`, vscode.l10n.t('Export Analysis Report'));
  if (!target) return;
  const written = await withEngineProgress(vscode.l10n.t('Analysing {0}', name), 1, async (send) => {
    refuseSource(target, uri, []);
    await send((onProgress) => engine.request('keyspace.memory', {}, onProgress));
    const { html } = await send((onProgress) =>
      engine.request(
        'keyspace.report',
        {
          filter,
          separator,
          limits: findingLimits(uri),
          fileName: name,
          limit: REPORT_ROWS,
          strings: translations(),
          language: vscode.env.language,
        },
        onProgress,
      ),
    );
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(html));
    return true;
  });
  if (!written) return;
  const open = vscode.l10n.t('Open');
  const message = vscode.l10n.t('The report was written to {0}.', nameOf(target));
  if ((await vscode.window.showInformationMessage(message, open)) !== open) return;
  // A browser can open only what is on the machine that it runs on.
  const isHere =
    target.scheme === 'file' && vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
  if (isHere) await vscode.env.openExternal(target);
  else await vscode.commands.executeCommand('vscode.open', target);
}

function plainName(name: string): string {
  return name.replace(/\.rdb$/i, '');
}
