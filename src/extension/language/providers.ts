/** Outline, folding, links, hover, completion and signature help of text documents. */
import * as vscode from 'vscode';
import type { CompletionEntry } from '../../language-protocol.js';
import { type LanguageDocuments, SELECTOR } from './documents.js';
import { toMarkdown, toRange, toSymbol, toTextPosition } from './vscode-values.js';

/** Registers all of them. */
export function registerProviders(documents: LanguageDocuments): vscode.Disposable[] {
  const { languages } = vscode;
  return [
    languages.registerDocumentSymbolProvider(SELECTOR, {
      provideDocumentSymbols: async (document, token) =>
        (await documents.ask(document, 'symbols', {}, token))?.map(toSymbol),
    }),
    languages.registerFoldingRangeProvider(SELECTOR, {
      provideFoldingRanges: async (document, _, token) =>
        (await documents.ask(document, 'folds', {}, token))?.map(([start, end]) => new vscode.FoldingRange(start, end)),
    }),
    languages.registerDocumentLinkProvider(SELECTOR, {
      provideDocumentLinks: async (document, token) =>
        (await documents.ask(document, 'links', {}, token))?.map(
          ({ range, file }) => new vscode.DocumentLink(toRange(range), vscode.Uri.joinPath(document.uri, '..', file)),
        ),
    }),
    languages.registerHoverProvider(SELECTOR, {
      async provideHover(document, position, token) {
        const hover = await documents.ask(document, 'hover', { position: toTextPosition(position) }, token);
        return hover ? new vscode.Hover(toMarkdown(hover.parts), toRange(hover.range)) : undefined;
      },
    }),
    languages.registerCompletionItemProvider(
      { language: 'redis' },
      {
        async provideCompletionItems(document, position, token) {
          const found = await documents.ask(document, 'completions', { position: toTextPosition(position) }, token);
          const range = found && toRange(found.range);
          return range && found.entries.map((entry) => toCompletion(entry, range));
        },
      },
      ' ',
    ),
    languages.registerSignatureHelpProvider(
      { language: 'redis' },
      {
        async provideSignatureHelp(document, position, token) {
          const found = await documents.ask(document, 'signature', { position: toTextPosition(position) }, token);
          if (!found) return undefined;
          const signature = new vscode.SignatureInformation(found.label, found.summary);
          signature.parameters = found.parameters.map(([start, end]) => new vscode.ParameterInformation([start, end]));
          const help = new vscode.SignatureHelp();
          help.signatures = [signature];
          help.activeSignature = 0;
          // A number beyond the parameters marks none of them.
          help.activeParameter = found.active < 0 ? found.parameters.length : found.active;
          return help;
        },
      },
      ' ',
    ),
  ];
}

const COMPLETION_KINDS: Readonly<Record<CompletionEntry['kind'], vscode.CompletionItemKind>> = {
  command: vscode.CompletionItemKind.Function,
  subcommand: vscode.CompletionItemKind.Method,
  option: vscode.CompletionItemKind.Keyword,
};

function toCompletion({ label, kind, syntax, summary }: CompletionEntry, range: vscode.Range): vscode.CompletionItem {
  const item = new vscode.CompletionItem(label, COMPLETION_KINDS[kind]);
  item.range = range;
  if (syntax !== '') item.detail = kind === 'option' ? syntax : `${label} ${syntax}`;
  if (summary !== '') item.documentation = `${summary}.`;
  return item;
}
