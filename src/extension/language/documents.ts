/** Text documents as the language worker gets them. */
import * as vscode from 'vscode';
import { type DocumentHead, LanguageClient } from '../../language/client.js';
import type { LanguageName, LanguageParams, LanguageRequestKind, LanguageResult } from '../../language-protocol.js';
import type { ExtensionPlatform } from '../platform.js';

const LANGUAGES: readonly LanguageName[] = ['resp', 'redis', 'aof-manifest'];

/** The documents that features are for. */
export const SELECTOR: vscode.DocumentSelector = LANGUAGES.map((language) => ({ language }));

/** The language of a document, if it is one of ours. */
export function languageOf(document: vscode.TextDocument): LanguageName | undefined {
  return LANGUAGES.find((language) => language === document.languageId);
}

/** Asks the worker about documents; an answer that comes too late is dropped. */
export class LanguageDocuments implements vscode.Disposable {
  readonly client: LanguageClient;
  private readonly closed: vscode.Disposable;

  constructor(
    platform: ExtensionPlatform,
    extensionUri: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.client = new LanguageClient(() => platform.startLanguageWorker(extensionUri));
    this.closed = vscode.workspace.onDidCloseTextDocument((document) => this.client.close(document.uri.toString()));
  }

  /** @returns undefined if the document has changed meanwhile, or the answer is no longer wanted. */
  async ask<Kind extends Exclude<LanguageRequestKind, 'convert'>>(
    document: vscode.TextDocument,
    request: Kind,
    params: Omit<LanguageParams<Kind>, 'uri'>,
    token?: vscode.CancellationToken,
  ): Promise<LanguageResult<Kind> | undefined> {
    const { version } = document;
    try {
      const files = document.languageId === 'aof-manifest' ? await filesBeside(document.uri) : null;
      const isLate = () => token?.isCancellationRequested || document.isClosed || document.version !== version;
      const head = documentHead(document, files);
      if (!head || isLate()) return undefined;
      const answer = await this.client.about(head, () => document.getText(), request, params);
      return isLate() ? undefined : answer;
    } catch (error) {
      this.log.error(`${request} of ${document.uri.toString()}`, error);
      return undefined;
    }
  }

  dispose(): void {
    this.closed.dispose();
    this.client.dispose();
  }
}

/** True for an AOF by its name: only commands and annotations can stand in it. */
export function isAof(document: vscode.TextDocument): boolean {
  return /\.aof$/i.test(document.uri.path);
}

function documentHead(document: vscode.TextDocument, files: readonly string[] | null): DocumentHead | undefined {
  const language = languageOf(document);
  if (!language) return undefined;
  return { uri: document.uri.toString(), version: document.version, language, aof: isAof(document), files };
}

/** The names of the files in the folder of a manifest; null if it is in none that can be listed. */
async function filesBeside(uri: vscode.Uri): Promise<string[] | null> {
  if (uri.scheme === 'untitled') return null;
  try {
    const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(uri, '..'));
    return entries.filter(([, type]) => (type & vscode.FileType.Directory) === 0).map(([name]) => name);
  } catch {
    // A scheme without folders: then nothing is said about missing files.
    return null;
  }
}
