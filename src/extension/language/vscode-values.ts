/** Answers of the language worker as the editor's own values. */
import * as vscode from 'vscode';
import { type Phrase, sentence } from '../../format/messages.js';
import type { HelpPart, TextPosition, TextRange, TextSymbol } from '../../language-protocol.js';

export function toRange([startLine, startCharacter, endLine, endCharacter]: TextRange): vscode.Range {
  return new vscode.Range(startLine, startCharacter, endLine, endCharacter);
}

export function toTextPosition({ line, character }: vscode.Position): TextPosition {
  return [line, character];
}

/** Words in the language of the user, or text as it is. */
export function toText(words: string | Phrase): string {
  return typeof words === 'string' ? words : sentence(words.phrase, words.args, vscode.l10n.t);
}

/** An explanation; nothing of a document can become a link or another control in it. */
export function toMarkdown(parts: readonly HelpPart[]): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  for (const part of parts) {
    if ('code' in part) markdown.appendCodeblock(part.code, 'redis');
    else markdown.appendText('plain' in part ? part.plain : toText(part.phrase)).appendMarkdown('\n\n');
  }
  return markdown;
}

const SYMBOL_KINDS: Readonly<Record<TextSymbol['kind'], vscode.SymbolKind>> = {
  command: vscode.SymbolKind.Function,
  transaction: vscode.SymbolKind.Struct,
  preamble: vscode.SymbolKind.File,
  value: vscode.SymbolKind.Object,
  file: vscode.SymbolKind.File,
};

export function toSymbol({ kind, name, detail, range, selection, children }: TextSymbol): vscode.DocumentSymbol {
  // The editor refuses a symbol without a name.
  const shown = toText(name) || '""';
  const symbol = new vscode.DocumentSymbol(
    shown,
    toText(detail),
    SYMBOL_KINDS[kind],
    toRange(range),
    toRange(selection),
  );
  symbol.children = children.map(toSymbol);
  return symbol;
}
