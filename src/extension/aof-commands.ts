/** What the commands of the palette do in the editor of an AOF. */
import * as vscode from 'vscode';
import type { AofSummary, PartInfo } from '../aof-protocol.js';
import { type EngineClient, EngineError, RequestCancelledError } from '../engine/client.js';
import type { EditorHandle } from './active-editor.js';
import { withEngineProgress } from './engine-progress.js';
import { translatedMessage } from './translations.js';
import { verdictReason, verdictWords } from './verdict.js';

/** Goes to the command of a number. */
export async function goToCommand(editor: EditorHandle): Promise<void> {
  const engine = await editor.document.engine();
  const commands = editor.aofSummary?.commands ?? 0;
  if (!engine || commands === 0) return;
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Go to Command'),
    ignoreFocusOut: true,
    prompt: vscode.l10n.t('The number of a command: its place in the order in which a server runs them, from 0'),
    validateInput: (value) =>
      parseNumber(value, commands) === undefined
        ? vscode.l10n.t('Enter a number from 0 to {0}.', commands - 1)
        : undefined,
  });
  const command = text === undefined ? undefined : parseNumber(text, commands);
  if (command === undefined) return;
  editor.reveal();
  editor.command({ name: 'showCommand', command });
}

function parseNumber(text: string, limit: number): number | undefined {
  const trimmed = text.trim().replace(/[,_]/g, '');
  return /^\d+$/.test(trimmed) && Number(trimmed) < limit ? Number(trimmed) : undefined;
}

/** Goes to the command at an offset of a part. @param ask for the offset, given the bytes of the part. */
export async function goToCommandAt(
  editor: EditorHandle,
  ask: (bytes: number) => Promise<number | undefined>,
): Promise<void> {
  const engine = await editor.document.engine();
  const part = await choosePart(editor.aofSummary?.parts ?? []);
  if (!engine || !part) return;
  const offset = await ask(part.bytes);
  if (offset === undefined) return;
  const { command } = await engine.request('commands.at', { part: part.part, offset }).result;
  if (command === null) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('No command stands at or after offset {0} of {1}.', offset, part.file),
    );
    return;
  }
  editor.reveal();
  editor.command({ name: 'showCommand', command });
}

async function choosePart(parts: readonly PartInfo[]): Promise<PartInfo | undefined> {
  const there = parts.filter(({ missing }) => !missing);
  if (there.length <= 1) return there[0];
  const items = there.map((part) => ({
    label: part.file,
    description: `${part.bytes.toLocaleString('en-US')} B`,
    part,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Part'), ignoreFocusOut: true });
  return chosen?.part;
}

/** Shows the commands of a key, in their order. @param row true if it was asked for the key of the selected row. */
export async function showKeyHistory(editor: EditorHandle, row: boolean): Promise<void> {
  if (row) {
    editor.command({ name: 'showSelectedHistory' });
    return;
  }
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Show Key History'),
    ignoreFocusOut: true,
    prompt: vscode.l10n.t('The whole name of a key, with \\xHH for bytes that cannot be typed'),
  });
  const engine = text === undefined ? undefined : await editor.document.engine();
  if (text === undefined || !engine) return;
  const { keyId } = await engine.request('touched.find', { text, db: null }).result;
  if (keyId === null) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No command names the key {0}.', text));
    return;
  }
  editor.reveal();
  editor.command({ name: 'showHistory', keyId });
}

/** Waits until the whole AOF is read, and says whether a server would load it. */
export async function verifyAof(editor: EditorHandle, engine: EngineClient, name: string): Promise<void> {
  const title = vscode.l10n.t('Verifying {0}', name);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  try {
    const summary = await vscode.window.withProgress(options, (progress, token) => {
      let reported = 0;
      return whenRead(engine, token, ({ scanned, bytes }) => {
        const done = scanned / Math.max(1, bytes);
        progress.report({ increment: (done - reported) * 100 });
        reported = done;
      });
    });
    await tellVerdict(editor, name, summary);
  } catch (error) {
    if (error instanceof RequestCancelledError) return;
    if (!(error instanceof EngineError)) throw error;
    void vscode.window.showErrorMessage(translatedMessage(error.info));
  }
}

/** The summary as soon as everything is read. @throws RequestCancelledError if the user gives up. */
export async function whenRead(
  engine: EngineClient,
  token: vscode.CancellationToken,
  onProgress: (summary: AofSummary) => void,
): Promise<AofSummary> {
  return new Promise((resolve, reject) => {
    const look = (summary: AofSummary) => {
      onProgress(summary);
      if (summary.state === 'scanning') return;
      connection.dispose();
      resolve(summary);
    };
    const connection = engine.connect((message) => {
      if ('event' in message && message.event === 'aof.summary') look(message.summary);
    });
    token.onCancellationRequested(() => {
      connection.dispose();
      reject(new RequestCancelledError());
    });
    engine.request('aof.summary', {}).result.then(look, (error: unknown) => {
      connection.dispose();
      reject(error);
    });
  });
}

/** The same with a notification; undefined if the user gave up. */
export function wholeAof(engine: EngineClient, name: string): Promise<AofSummary | undefined> {
  return withEngineProgress(vscode.l10n.t('Reading {0}', name), 1, (_, token) => whenRead(engine, token, () => {}));
}

async function tellVerdict(editor: EditorHandle, name: string, summary: AofSummary): Promise<void> {
  const sentence = [
    vscode.l10n.t('{0}: {1}.', name, verdictWords(summary) || vscode.l10n.t('this is not an AOF')),
    verdictReason(summary),
  ]
    .filter((part) => part !== '')
    .join(' ');
  if (summary.verdict === 'loads' && summary.problems.length === 0) {
    void vscode.window.showInformationMessage(sentence);
    return;
  }
  const show = vscode.l10n.t('Show Problems');
  if ((await vscode.window.showWarningMessage(sentence, show)) !== show) return;
  editor.reveal();
  editor.command({ name: 'showProblems' });
}
