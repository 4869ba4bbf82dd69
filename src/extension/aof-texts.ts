/** Documents of commands that are made of an AOF: of all that a server would run, or of what a repair would lose. */
import * as vscode from 'vscode';
import type { CommandText, RepairWay, TextPiece } from '../aof-protocol.js';
import type { EngineClient } from '../engine/client.js';
import { phraseText } from '../format/messages.js';
import { FileDocument } from './file-document.js';
import type { ExtensionPlatform } from './platform.js';

/** The scheme of all commands, and of commands that would be lost. */
export const TEXT_SCHEMES = { readable: 'redis-persistence-commands', lost: 'redis-persistence-lost' } as const;

/** Characters of a text: the editor colours no larger file. */
export const TEXT_LIMIT = 20 * 1024 * 1024;

/** What a document is made of: it stands in its address, so that the document can be made again. */
export type TextOrigin =
  | { readonly kind: 'readable'; readonly source: string; readonly from: number }
  | { readonly kind: 'lost'; readonly source: string; readonly way: RepairWay; readonly time: number | null };

/** The address of a document. @param name that its tab shows. */
export function textUri(origin: TextOrigin, name: string): vscode.Uri {
  return vscode.Uri.from({ scheme: TEXT_SCHEMES[origin.kind], path: `/${name}`, query: JSON.stringify(origin) });
}

/** What a document is made of; undefined if its address does not say. */
export function textOrigin(uri: vscode.Uri): TextOrigin | undefined {
  try {
    const origin = JSON.parse(uri.query) as Partial<TextOrigin> | null;
    const known = origin?.kind === 'readable' || origin?.kind === 'lost';
    return known && typeof origin.source === 'string' ? (origin as TextOrigin) : undefined;
  } catch {
    // An address that somebody else has made up.
    return undefined;
  }
}

/** The text as it is shown: comments in the language of the user, each on one line. */
export function shownText(pieces: readonly TextPiece[]): string {
  return pieces
    .map((piece) => (typeof piece === 'string' ? piece : `# ${oneLine(phraseText(piece, vscode.l10n.t))}\n`))
    .join('');
}

/** A name of a file can hold line ends, behind which a comment would be a command. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ');
}

/** Gives the workbench the texts of the documents: those that were just made, or made again. */
export class AofTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly made = new Map<string, string>();
  private readonly registrations: vscode.Disposable[];

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly platform: ExtensionPlatform,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.registrations = Object.values(TEXT_SCHEMES).map((scheme) =>
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
    );
  }

  /** Shows a text that was made. */
  async show(
    origin: TextOrigin,
    name: string,
    text: CommandText,
    options: vscode.TextDocumentShowOptions,
  ): Promise<vscode.Uri> {
    const uri = textUri(origin, name);
    this.made.set(uri.toString(), shownText(text.pieces));
    this.changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    // The workbench has it now; should it drop the document, it is made again.
    this.made.delete(uri.toString());
    await vscode.languages.setTextDocumentLanguage(document, 'redis');
    await vscode.window.showTextDocument(document, options);
    return uri;
  }

  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const known = this.made.get(uri.toString());
    if (known !== undefined) return known;
    const origin = textOrigin(uri);
    if (!origin) return '';
    const source = vscode.Uri.parse(origin.source, true);
    const document = new FileDocument(source, 'aof', this.extensionUri, this.platform, this.log);
    try {
      const engine = await document.engine();
      if (!engine || token.isCancellationRequested) return '';
      return shownText((await madeAgain(engine, origin)).pieces);
    } finally {
      document.dispose();
    }
  }

  dispose(): void {
    this.changed.dispose();
    for (const registration of this.registrations) registration.dispose();
  }
}

async function madeAgain(engine: EngineClient, origin: TextOrigin): Promise<CommandText> {
  if (origin.kind === 'readable') {
    return engine.request('readable.text', { from: origin.from, limit: TEXT_LIMIT }).result;
  }
  const { plan } = await engine.request('repair.plan', { way: origin.way, time: origin.time }).result;
  return engine.request('repair.lost', { plan, limit: TEXT_LIMIT }).result;
}
