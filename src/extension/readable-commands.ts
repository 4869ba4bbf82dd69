/** The commands of an AOF as a text to read. */
import * as vscode from 'vscode';
import type { EditorHandle } from './active-editor.js';
import { type AofTexts, TEXT_LIMIT } from './aof-texts.js';
import { withEngineProgress } from './engine-progress.js';

/** Opens what a server would run as lines of redis-cli. @param from number of the first command. */
export async function openReadable(editor: EditorHandle, texts: AofTexts, from: number): Promise<void> {
  const engine = await editor.document.engine();
  if (!engine) return;
  const { name, uri } = editor.document;
  const text = await withEngineProgress(vscode.l10n.t('Reading the commands of {0}', name), 1, (send) =>
    send((onProgress) => engine.request('readable.text', { from, limit: TEXT_LIMIT }, onProgress)),
  );
  if (!text) return;
  const origin = { kind: 'readable', source: uri.toString(), from } as const;
  await texts.show(origin, `${name} (commands).redis`, text, { preview: false });
}
