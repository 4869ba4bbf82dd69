/** Puts together what helps with text documents of RESP, of commands and of AOF manifests. */
import type * as vscode from 'vscode';
import type { ExtensionPlatform } from '../platform.js';
import { registerConversions } from './convert.js';
import { LanguageDiagnostics } from './diagnostics.js';
import { LanguageDocuments } from './documents.js';
import { registerProviders } from './providers.js';

/** Registers everything; the worker starts when a document of one of the languages is open. */
export function registerLanguages(
  context: vscode.ExtensionContext,
  platform: ExtensionPlatform,
  log: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const documents = new LanguageDocuments(platform, context.extensionUri, log);
  return [
    new LanguageDiagnostics(documents),
    ...registerProviders(documents),
    ...registerConversions(documents, log),
    documents,
  ];
}
