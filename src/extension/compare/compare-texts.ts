/** Strings of both sides of a comparison as documents, for the editor's own view of differences between texts. */
import * as vscode from 'vscode';
import type { ComparedText, CompareSide } from '../../compare-protocol.js';
import type { EngineClient } from '../../engine/client.js';
import { readableText } from '../../format/readable-text.js';

/** The scheme of the documents. */
const SCHEME = 'redis-persistence-value';
/** Bytes of a string that are shown: the editor compares no larger texts in time. */
const TEXT_LIMIT = 5 * 1024 * 1024;

/** Gives the workbench the texts; each lives as long as its document is open. */
export class ComparedTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registrations: vscode.Disposable[];
  private next = 1;

  constructor() {
    this.registrations = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.texts.delete(uri.toString())),
    ];
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const text = this.texts.get(uri.toString());
    if (text !== undefined) return text;
    return vscode.l10n.t('The comparison that this text is of is closed. Make it again to see the text.');
  }

  /** Shows a string of both sides. @param name of the key. */
  async show(engine: EngineClient, text: ComparedText, name: string, labels: readonly [string, string]): Promise<void> {
    const uris = await Promise.all(
      (['left', 'right'] as const).map((side) => this.document(engine, text, side, name, this.next)),
    );
    this.next++;
    const title = `${name} (${labels[0]} ↔ ${labels[1]})`;
    await vscode.commands.executeCommand('vscode.diff', uris[0], uris[1], title, { preview: true });
  }

  private async document(
    engine: EngineClient,
    text: ComparedText,
    side: CompareSide,
    name: string,
    number: number,
  ): Promise<vscode.Uri> {
    const { bytes, total } = await engine.request('compare.bytes', { text, side, count: TEXT_LIMIT }).result;
    const readable = readableText(bytes);
    const cut =
      total > bytes.length
        ? `\n${vscode.l10n.t('… and {0} more bytes, which are not compared here.', total - bytes.length)}`
        : '';
    const extension = readable.language === 'json' ? 'json' : 'txt';
    const uri = vscode.Uri.from({
      scheme: SCHEME,
      path: `/${side}/${name.replace(/[/\\?#]/g, '_').slice(0, 100)}.${extension}`,
      query: `${number}`,
    });
    this.texts.set(uri.toString(), readable.text + cut);
    return uri;
  }

  dispose(): void {
    for (const registration of this.registrations) registration.dispose();
  }
}
