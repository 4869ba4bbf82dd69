/** What a replay is asked for: an AOF with its editor, or a file of commands. */
import * as vscode from 'vscode';
import type { AofSummary } from '../../aof-protocol.js';
import type { CommandSet, ReplayForm } from '../../job-protocol.js';
import type { ActiveEditor, EditorHandle } from '../active-editor.js';
import { whenRead } from '../aof-commands.js';
import { withEngineProgress } from '../engine-progress.js';
import { nameOf } from '../memory-files.js';
import { viewTypeFor } from '../open-files.js';
import type { ExtensionPlatform } from '../platform.js';

/** A file that can be replayed. */
export interface ReplaySource {
  readonly uri: vscode.Uri;
  readonly name: string;
  /** Path of the local machine. */
  readonly path: string;
  readonly form: ReplayForm;
  /** Of an AOF, the editor that shows it. */
  readonly editor: EditorHandle | undefined;
}

/** The resource that a command was given: a file of the explorer, of a tab, or of an editor. */
export function resourceOf(args: readonly unknown[]): vscode.Uri | undefined {
  return args.find((arg): arg is vscode.Uri => arg instanceof vscode.Uri);
}

function formOf(uri: vscode.Uri): ReplayForm {
  if (/\.resp$/i.test(uri.path)) return 'resp';
  return /\.(?:redis|rediscmd)$/i.test(uri.path) ? 'redis' : 'aof';
}

/** The editor of a file, which is opened for it; else the active one. */
export async function editorFor(active: ActiveEditor, uri: vscode.Uri | undefined): Promise<EditorHandle | undefined> {
  if (uri && active.current?.document.uri.toString() !== uri.toString()) {
    await vscode.commands.executeCommand('vscode.openWith', uri, viewTypeFor(uri));
  }
  return active.current;
}

/** What is to be replayed. Says so if there is nothing, and saves a text that was changed. */
export async function replaySource(
  active: ActiveEditor,
  platform: ExtensionPlatform,
  resource: vscode.Uri | undefined,
): Promise<ReplaySource | undefined> {
  const text = vscode.window.activeTextEditor?.document;
  const uri = resource ?? active.current?.document.uri ?? (text && formOf(text.uri) !== 'aof' ? text.uri : undefined);
  if (!uri) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Open an AOF, or a file of commands (.resp, .redis), to replay it.'),
    );
    return undefined;
  }
  const path = platform.localPath(uri);
  if (path === undefined) {
    void vscode.window.showErrorMessage(
      vscode.l10n.t('{0} is not on a disk of this machine, so that it cannot be replayed from here.', nameOf(uri)),
    );
    return undefined;
  }
  const form = formOf(uri);
  if (form !== 'aof') {
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    if (open?.isDirty && !(await open.save())) return undefined;
    return { uri, name: nameOf(uri), path, form, editor: undefined };
  }
  const editor = await editorFor(active, resource);
  if (!editor) return undefined;
  if ((await editor.document.facts).editor === 'aof') return { uri, name: nameOf(uri), path, form, editor };
  void vscode.window.showInformationMessage(
    vscode.l10n.t('{0} is an RDB: its keys can be restored, and there are no commands to replay.', nameOf(uri)),
  );
  return undefined;
}

/** Everything that is known of an AOF once it is read; undefined if the user does not wait for it. */
export async function wholeSummary(source: Pick<ReplaySource, 'editor' | 'name'>): Promise<AofSummary | undefined> {
  const engine = await source.editor?.document.engine();
  if (!engine) return undefined;
  return withEngineProgress(vscode.l10n.t('Reading {0}', source.name), 1, (_, token) =>
    whenRead(engine, token, () => {}),
  );
}

/** The commands that are selected in the editor. */
export async function selectedCommands({ editor }: ReplaySource): Promise<CommandSet | undefined> {
  const { selection } = editor ?? {};
  const engine = await editor?.document.engine();
  if (!engine || selection?.of !== 'commands') return undefined;
  const { view, positions } = selection;
  return engine.request('commands.chosen', { view, positions }).result;
}
