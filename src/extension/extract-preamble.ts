/** Writing the RDB that an AOF begins with to a file of its own. */
import * as vscode from 'vscode';
import type { AofSummary, PartInfo } from '../aof-protocol.js';
import type { EngineClient } from '../engine/client.js';
import type { EditorHandle } from './active-editor.js';
import { wholeAof } from './aof-commands.js';
import { withEngineProgress } from './engine-progress.js';
import { VIEW_TYPES } from './file-editor.js';
import { nameOf } from './memory-files.js';
import type { ExtensionPlatform } from './platform.js';
import { askForFile, enginePath, preambleName, refuseSource, writePulled } from './write-target.js';

const PIECE = 1024 * 1024;

/** Asks which part and where to, writes its RDB there, and offers to open it. */
export async function extractPreamble(editor: EditorHandle, platform: ExtensionPlatform): Promise<void> {
  const engine = await editor.document.engine();
  if (!engine) return;
  const { name, uri } = editor.document;
  const title = vscode.l10n.t('Extract RDB Preamble');
  const summary = await wholeAof(engine, name);
  const part = summary && (await chooseRdb(name, summary, title, null));
  if (!part) return;
  const target = await askForFile(uri, preambleName(part.file), title);
  if (!target) return;
  const written = await withEngineProgress(vscode.l10n.t('Writing {0}', nameOf(target)), 1, async (send, token) => {
    refuseSource(
      target,
      uri,
      summary.parts.map(({ file }) => file),
    );
    const path = enginePath(platform, target);
    if (path === undefined) await writeThroughProvider(engine, part, target, token);
    else await send((onProgress) => engine.request('preamble.write', { part: part.part, path }, onProgress));
    return true;
  });
  if (!written) return;
  const open = vscode.l10n.t('Open');
  const message = vscode.l10n.t(
    '{0} was written: an RDB of {1} keys, {2} bytes.',
    nameOf(target),
    part.rdbKeys.toLocaleString('en-US'),
    part.rdbBytes.toLocaleString('en-US'),
  );
  if ((await vscode.window.showInformationMessage(message, open)) !== open) return;
  await vscode.commands.executeCommand('vscode.openWith', target, VIEW_TYPES.rdb);
}

/**
 * The part whose RDB is wanted; undefined if there is none, which is said, or none is chosen.
 *
 * @param shown the one that is shown, which is taken without asking.
 */
export async function chooseRdb(
  name: string,
  { parts }: AofSummary,
  title: string,
  shown: number | null,
): Promise<PartInfo | undefined> {
  const withRdb = parts.filter(({ rdbBytes, missing }) => rdbBytes > 0 && !missing);
  // Where the end of the RDB was not found, nothing of the part is valid.
  const whole = withRdb.filter(({ validUpTo }) => validUpTo > 0);
  if (whole.length === 0) {
    void vscode.window.showInformationMessage(
      withRdb.length === 0
        ? vscode.l10n.t('{0} does not begin with an RDB.', name)
        : vscode.l10n.t('The RDB in {0} is damaged, so that its end is not known.', withRdb[0].file),
    );
    return undefined;
  }
  const only = whole.length === 1 ? whole[0] : whole.find(({ part }) => part === shown);
  if (only) return only;
  const items = whole.map((part) => ({
    label: part.file,
    description: vscode.l10n.t(
      '{0} keys, {1} bytes',
      part.rdbKeys.toLocaleString('en-US'),
      part.rdbBytes.toLocaleString('en-US'),
    ),
    part,
  }));
  return (await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true }))?.part;
}

function writeThroughProvider(
  engine: EngineClient,
  { part, file, rdbBytes }: PartInfo,
  target: vscode.Uri,
  token: vscode.CancellationToken,
): Promise<void> {
  const read = async (from: number) =>
    (await engine.request('part.bytes', { part, from, count: Math.min(PIECE, rdbBytes - from) }).result).bytes;
  return writePulled([{ file, bytes: rdbBytes, read }], [target], token, () => {});
}
