/** The editor that commands are meant for: the one that has, or last had, the focus. */
import * as vscode from 'vscode';
import type { AofSummary } from '../aof-protocol.js';
import type { EditorSelection } from '../job-protocol.js';
import type { EditorKind, Summary, WebviewCommand } from '../protocol.js';
import type { FileDocument } from './file-document.js';

/** An open editor, as commands and the status item see it. */
export interface EditorHandle {
  readonly document: FileDocument;
  /** What it is; undefined until that is known. */
  readonly kind: EditorKind | undefined;
  /** What the engine last said of the file: of an RDB, and of an AOF. */
  readonly summary: Summary | undefined;
  readonly aofSummary: AofSummary | undefined;
  /** The rows that are selected in it, as it last said; undefined before it has. */
  readonly selection: EditorSelection | undefined;
  /** Asks the webview to do something. */
  command(command: WebviewCommand): void;
  reveal(): void;
}

/** Knows the active editor and tells when it, or what it shows, changes. */
export class ActiveEditor implements vscode.Disposable {
  private editor: EditorHandle | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  get current(): EditorHandle | undefined {
    return this.editor;
  }

  /** An editor got the focus. */
  set(editor: EditorHandle): void {
    this.editor = editor;
    this.changed.fire();
  }

  /** An editor lost the focus or was closed. */
  clear(editor: EditorHandle): void {
    if (this.editor !== editor) return;
    this.editor = undefined;
    this.changed.fire();
  }

  /** What an editor shows has changed. */
  update(editor: EditorHandle): void {
    if (this.editor === editor) this.changed.fire();
  }

  dispose(): void {
    this.changed.dispose();
  }
}
