/** The translations of the webview's texts: those of the extension, handed on. */
import * as vscode from 'vscode';

/** English texts and what they are in the language of the user; empty in English. */
export function translations(): Readonly<Record<string, string>> {
  const bundle: Record<string, string> = {};
  for (const [text, translated] of Object.entries(vscode.l10n.bundle ?? {})) {
    bundle[text] = typeof translated === 'string' ? translated : (translated as { message: string }).message;
  }
  return bundle;
}
