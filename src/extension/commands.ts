/** The commands of the palette and of the menus. */
import * as vscode from 'vscode';
import { EngineError, RequestCancelledError } from '../engine/client.js';
import type { CopyFormat } from '../protocol.js';
import type { ActiveEditor, EditorHandle } from './active-editor.js';
import { exportReport } from './analysis.js';
import { goToCommand, goToCommandAt, showKeyHistory, verifyAof } from './aof-commands.js';
import { AofTexts, TEXT_SCHEMES } from './aof-texts.js';
import { exportKeys } from './export/export.js';
import { mergeDumps } from './export/merge.js';
import { willItLoad } from './export/will-it-load.js';
import { extractPreamble } from './extract-preamble.js';
import { separatorSetting } from './file-editor.js';
import { openAofFolder, openFiles, reopenAsText, viewTypeFor } from './open-files.js';
import type { ExtensionPlatform } from './platform.js';
import { openReadable } from './readable-commands.js';
import { Repairs } from './repair.js';
import { translatedMessage } from './translations.js';

/** Registers all commands. */
export function registerCommands(
  active: ActiveEditor,
  context: vscode.ExtensionContext,
  platform: ExtensionPlatform,
  log: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const texts = new AofTexts(context.extensionUri, platform, log);
  const repairs = new Repairs(texts, platform);
  const register = (name: string, run: (...args: unknown[]) => unknown) =>
    vscode.commands.registerCommand(`redisPersistence.${name}`, run);
  const withEditor = (name: string, run: (editor: EditorHandle, ...args: unknown[]) => unknown) =>
    register(name, (...args) => {
      if (active.current) return run(active.current, ...args);
      return vscode.window.showInformationMessage(vscode.l10n.t('Open an RDB file or an AOF first.'));
    });
  const withAof = (name: string, run: (editor: EditorHandle, ...args: unknown[]) => unknown) =>
    withEditor(name, (editor, ...args) => {
      if (editor.kind === 'aof') return run(editor, ...args);
      return vscode.window.showInformationMessage(vscode.l10n.t('This is for AOFs; the file is an RDB.'));
    });
  const withRdb = (name: string, run: (editor: EditorHandle) => unknown) =>
    register(name, async (resource) => {
      const editor = await editorOf(active, resource);
      if (!editor) return vscode.window.showInformationMessage(vscode.l10n.t('Open an RDB file first.'));
      if ((await editor.document.facts).editor === 'rdb') return run(editor);
      return vscode.window.showInformationMessage(vscode.l10n.t('This is for RDB files; the file is an AOF.'));
    });
  const withAofOf = (name: string, run: (editor: EditorHandle, ...args: unknown[]) => unknown) =>
    register(name, async (resource, ...args) => {
      const editor = await editorOf(active, resource);
      if (!editor) return vscode.window.showInformationMessage(vscode.l10n.t('Open an RDB file or an AOF first.'));
      if ((await editor.document.facts).editor === 'aof') return run(editor, ...args);
      return vscode.window.showInformationMessage(vscode.l10n.t('This is for AOFs; the file is an RDB.'));
    });
  const copy = (name: string, format: CopyFormat) =>
    withEditor(name, (editor) => editor.command({ name: 'copy', format }));
  return [
    register('open', () => openFiles()),
    register('openAofFolder', (folder) => openAofFolder(folder)),
    register('reopenAsText', (resource) => {
      const uri = resource instanceof vscode.Uri ? resource : active.current?.document.uri;
      return uri && reopenAsText(uri);
    }),
    register('verifyFile', (resource) => verifyFile(active, resource)),
    copy('copyKey', 'key'),
    copy('copyValue', 'value'),
    copy('copyAsJson', 'json'),
    copy('copyAsCommands', 'commands'),
    copy('copyAsRestore', 'restore'),
    register('export', async (resource) => {
      const editor = await editorOf(active, resource);
      if (editor) return exportKeys(editor, platform, isOfRow(resource));
      return vscode.window.showInformationMessage(vscode.l10n.t('Open an RDB file or an AOF first.'));
    }),
    register('mergeDumps', (resource, all) => mergeDumps(active, context.extensionUri, platform, resource, all)),
    register('willItLoad', async (resource) => {
      const editor = await editorOf(active, resource);
      if (editor) return willItLoad(editor, platform);
      return vscode.window.showInformationMessage(vscode.l10n.t('Open an RDB file or an AOF first.'));
    }),
    withEditor('revealOffset', (editor) => editor.command({ name: 'revealOffset' })),
    withAof('copyAsResp', (editor) => editor.command({ name: 'copyCommands', format: 'resp' })),
    withRdb('exportReport', (editor) => exportReport(editor, {}, separatorSetting(editor.document.uri))),
    withEditor('goToKey', goToKey),
    withEditor('goToOffset', goToOffset),
    withAof('goToCommand', goToCommand),
    withAof('showKeyHistory', (editor, context) => showKeyHistory(editor, isOfRow(context))),
    withEditor('showProblems', (editor) => editor.command({ name: 'showProblems' })),
    withAofOf('repairAof', (editor) => repairs.repair(editor)),
    withAofOf('extractPreamble', (editor) => extractPreamble(editor, platform)),
    withAofOf('openReadable', (editor, from) => openReadable(editor, texts, typeof from === 'number' ? from : 0)),
    withAof('openReadableHere', (editor) => editor.command({ name: 'openReadableHere' })),
    register('writeRepaired', (resource) => {
      const uri = resource instanceof vscode.Uri ? resource : vscode.window.activeTextEditor?.document.uri;
      return uri?.scheme === TEXT_SCHEMES.lost ? repairs.writeShown(uri) : undefined;
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => repairs.forget(uri)),
    texts,
    register('showLog', () => log.show()),
  ];
}

/** The editor of a file that a command was given, which is opened for it; else the active one. */
async function editorOf(active: ActiveEditor, resource: unknown): Promise<EditorHandle | undefined> {
  if (resource instanceof vscode.Uri && active.current?.document.uri.toString() !== resource.toString()) {
    await vscode.commands.executeCommand('vscode.openWith', resource, viewTypeFor(resource));
  }
  return active.current;
}

/** True if a command comes from the context menu of a row, which hands on what it was opened on. */
function isOfRow(context: unknown): boolean {
  return typeof context === 'object' && context !== null && 'webviewSection' in context;
}

/** Checks the file of the active editor, or one from the explorer, which is opened for it: reads every value, or every command. */
async function verifyFile(active: ActiveEditor, resource: unknown): Promise<void> {
  const editor = await editorOf(active, resource);
  const engine = await editor?.document.engine();
  if (!editor || !engine) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open an RDB file or an AOF first.'));
    return;
  }
  const { name } = editor.document;
  if ((await editor.document.facts).editor === 'aof') return verifyAof(editor, engine, name);
  try {
    const { problems, keys } = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Verifying {0}', name),
        cancellable: true,
      },
      (progress, token) => {
        let reported = 0;
        const request = engine.request('verify', {}, (done) => {
          progress.report({ increment: (done - reported) * 100 });
          reported = done;
        });
        token.onCancellationRequested(() => request.cancel());
        return request.result;
      },
    );
    await tellResult(editor, name, problems, keys);
  } catch (error) {
    if (error instanceof RequestCancelledError) return;
    if (!(error instanceof EngineError)) throw error;
    void vscode.window.showErrorMessage(translatedMessage(error.info));
  }
}

async function tellResult(editor: EditorHandle, name: string, problems: number, keys: number): Promise<void> {
  const count = keys.toLocaleString('en-US');
  if (problems === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('{0} is intact: {1} keys were read to the end.', name, count),
    );
    return;
  }
  const show = vscode.l10n.t('Show Problems');
  const message =
    problems === 1
      ? vscode.l10n.t('{0} has a problem. {1} keys were read.', name, count)
      : vscode.l10n.t('{0} has {1} problems. {2} keys were read.', name, problems, count);
  const chosen = await vscode.window.showWarningMessage(message, show);
  if (chosen !== show) return;
  editor.reveal();
  editor.command({ name: 'showProblems' });
}

async function goToKey(editor: EditorHandle): Promise<void> {
  if (editor.kind === 'aof') return showKeyHistory(editor, false);
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Go to Key'),
    // A webview that gets the focus back late would close the box.
    ignoreFocusOut: true,
    prompt: vscode.l10n.t('The whole name of a key, with \\xHH for bytes that cannot be typed'),
  });
  const engine = text === undefined ? undefined : await editor.document.engine();
  if (text === undefined || !engine) return;
  const { row } = await engine.request('key.find', { text, db: null }).result;
  if (row === null) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is no key with the name {0}.', text));
    return;
  }
  editor.reveal();
  editor.command({ name: 'showKey', row });
}

async function goToOffset(editor: EditorHandle): Promise<void> {
  if (editor.kind === 'aof') return goToCommandAt(editor, askOffset);
  const offset = await askOffset(editor.summary?.bytes ?? Number.MAX_SAFE_INTEGER);
  if (offset === undefined) return;
  editor.reveal();
  editor.command({ name: 'showOffset', offset });
}

/** Asks for an offset within a file of so many bytes; undefined if none is given. */
async function askOffset(size: number): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Go to Offset'),
    ignoreFocusOut: true,
    prompt: vscode.l10n.t('An offset in bytes from the start of the file: decimal, or hexadecimal with 0x'),
    validateInput: (value) =>
      parseOffset(value, size) === undefined
        ? vscode.l10n.t('Enter a number from 0 to {0}.', Math.max(0, size - 1))
        : undefined,
  });
  return text === undefined ? undefined : parseOffset(text, size);
}

/** An offset within a file, from decimal or hexadecimal text. */
function parseOffset(text: string, size: number): number | undefined {
  const trimmed = text.trim().replace(/[,_]/g, '');
  if (!/^(\d+|0x[\da-f]+)$/i.test(trimmed)) return undefined;
  const offset = Number(trimmed);
  return offset < size ? offset : undefined;
}
