/** The translations of texts that come from the engine or are shown by the webview: those of the extension, handed on. */
import * as vscode from 'vscode';
import { sentence } from '../format/messages.js';
import type { ErrorInfo, Failure } from '../protocol.js';

/** English texts and what they are in the language of the user; empty in English. */
export function translations(): Readonly<Record<string, string>> {
  const bundle: Record<string, string> = {};
  for (const [text, translated] of Object.entries(vscode.l10n.bundle ?? {})) {
    bundle[text] = typeof translated === 'string' ? translated : (translated as { message: string }).message;
  }
  return bundle;
}

/** The sentence of an error or a failure. */
export function translatedMessage({ template, args }: Pick<ErrorInfo | Failure, 'template' | 'args'>): string {
  return sentence(template, args, vscode.l10n.t);
}
