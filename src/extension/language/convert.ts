/** The commands that turn typed commands into RESP, and RESP into commands. */
import * as vscode from 'vscode';
import { isAof, type LanguageDocuments } from './documents.js';
import { toText } from './vscode-values.js';

/** The languages that a text is turned from and into. */
type Direction = { readonly from: 'redis'; readonly to: 'resp' } | { readonly from: 'resp'; readonly to: 'redis' };

/** Registers both commands. */
export function registerConversions(documents: LanguageDocuments, log: vscode.LogOutputChannel): vscode.Disposable[] {
  const register = (name: string, direction: Direction) =>
    vscode.commands.registerCommand(`redisPersistence.${name}`, () => convert(documents, direction, log));
  return [
    register('convertToResp', { from: 'redis', to: 'resp' }),
    register('convertToCommands', { from: 'resp', to: 'redis' }),
  ];
}

/** Converts the selection of the active editor, or all of its document, into a new document. */
async function convert(
  documents: LanguageDocuments,
  { from, to }: Direction,
  log: vscode.LogOutputChannel,
): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open a text document first.'));
    return;
  }
  const content = await contentOf(editor);
  const aof = isAof(editor.document);
  const { text, commands, problems } = await documents.client.ask('convert', { from, content, aof });
  const reasons = problems.map(toText);
  for (const reason of reasons) log.warn(`${editor.document.uri.toString()}: ${reason}`);
  if (commands === 0) {
    const nothing = vscode.l10n.t('There is no command to convert.');
    void vscode.window.showInformationMessage([nothing, ...reasons.slice(0, 1)].join(' '));
    return;
  }
  const document = await vscode.workspace.openTextDocument({ language: to, content: text });
  await vscode.window.showTextDocument(document);
  if (reasons.length === 0) return;
  const more = reasons.length > 1 ? [vscode.l10n.t('There is more of this in the log.')] : [];
  void vscode.window.showWarningMessage([reasons[0], ...more].join(' '));
}

/** The selected text; else the bytes of the file, which a text may not show exactly; else the text. */
async function contentOf({ document, selection }: vscode.TextEditor): Promise<string | Uint8Array> {
  if (!selection.isEmpty) return document.getText(selection);
  if (document.isDirty || document.isUntitled) return document.getText();
  try {
    return await vscode.workspace.fs.readFile(document.uri);
  } catch {
    // A document that is no file, such as the other side of a comparison.
    return document.getText();
  }
}
