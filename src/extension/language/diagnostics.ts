/** Diagnostics of text documents, and their quick fixes. */
import * as vscode from 'vscode';
import type { Fix, TextDiagnostic } from '../../language-protocol.js';
import { type LanguageDocuments, languageOf, SELECTOR } from './documents.js';
import { toRange, toText } from './vscode-values.js';

/** Milliseconds after the last change of a document until it is read again. */
const PAUSE_MS = 250;

const SEVERITIES: Readonly<Record<TextDiagnostic['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

/** A diagnostic that is shown, and how it can be mended. */
interface Shown {
  readonly diagnostic: vscode.Diagnostic;
  readonly fixes: readonly Fix[];
}

/** Keeps the diagnostics of all open documents of our languages. */
export class LanguageDiagnostics implements vscode.CodeActionProvider, vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('redis-persistence');
  private readonly shown = new Map<string, { readonly version: number; readonly all: readonly Shown[] }>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly watchers = new Map<string, vscode.Disposable>();
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(private readonly documents: LanguageDocuments) {
    this.subscriptions = [
      vscode.workspace.onDidOpenTextDocument((document) => this.opened(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.soon(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document.uri)),
      vscode.languages.registerCodeActionsProvider(SELECTOR, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    ];
    for (const document of vscode.workspace.textDocuments) this.opened(document);
  }

  private opened(document: vscode.TextDocument): void {
    if (document.languageId === 'aof-manifest' && document.uri.scheme !== 'untitled') this.watchFolder(document);
    this.soon(document);
  }

  /** What is beside a manifest belongs to what is said of it. */
  private watchFolder(document: vscode.TextDocument): void {
    const folder = vscode.Uri.joinPath(document.uri, '..');
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '*'), false, true);
    watcher.onDidCreate(() => this.soon(document));
    watcher.onDidDelete(() => this.soon(document));
    this.watchers.get(document.uri.toString())?.dispose();
    this.watchers.set(document.uri.toString(), watcher);
  }

  private soon(document: vscode.TextDocument): void {
    if (!languageOf(document)) return;
    const uri = document.uri.toString();
    clearTimeout(this.timers.get(uri));
    this.timers.set(
      uri,
      setTimeout(() => {
        this.timers.delete(uri);
        void this.update(document);
      }, PAUSE_MS),
    );
  }

  private async update(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const found = await this.documents.ask(document, 'diagnostics', {});
    if (!found) return;
    const all = found.map((one) => ({ diagnostic: toDiagnostic(one), fixes: one.fixes }));
    this.shown.set(document.uri.toString(), { version, all });
    this.collection.set(
      document.uri,
      all.map(({ diagnostic }) => diagnostic),
    );
  }

  private forget(uri: vscode.Uri): void {
    const name = uri.toString();
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
    this.watchers.get(name)?.dispose();
    this.watchers.delete(name);
    this.shown.delete(name);
    this.collection.delete(uri);
  }

  /** The quick fixes of the diagnostics that touch a range. */
  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const shown = this.shown.get(document.uri.toString());
    // Places of another version could change something else.
    if (shown?.version !== document.version) return [];
    return shown.all
      .filter(({ diagnostic }) => diagnostic.range.intersection(range) !== undefined)
      .flatMap(({ diagnostic, fixes }) => fixes.map((fix) => toAction(document, diagnostic, fix)));
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const watcher of this.watchers.values()) watcher.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
    this.collection.dispose();
  }
}

function toDiagnostic({ code, severity, range, message }: TextDiagnostic): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(toRange(range), toText(message), SEVERITIES[severity]);
  diagnostic.source = 'redis-persistence';
  diagnostic.code = code;
  return diagnostic;
}

function toAction(document: vscode.TextDocument, diagnostic: vscode.Diagnostic, fix: Fix): vscode.CodeAction {
  const action = new vscode.CodeAction(toText(fix.title), vscode.CodeActionKind.QuickFix);
  const edits = fix.changes.map(({ range, text }) => vscode.TextEdit.replace(toRange(range), text));
  if (fix.crlf) edits.push(vscode.TextEdit.setEndOfLine(vscode.EndOfLine.CRLF));
  action.edit = new vscode.WorkspaceEdit();
  action.edit.set(document.uri, edits);
  action.diagnostics = [diagnostic];
  action.isPreferred = fix.changes.length > 0 || fix.crlf === true;
  return action;
}
