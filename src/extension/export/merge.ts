/** Merge Dumps…: the keys of several RDB files as one file, in a form and for a server that the user chooses. */
import * as vscode from 'vscode';
import { EngineClient, EngineError } from '../../engine/client.js';
import type { MergedFileInfo } from '../../export-protocol.js';
import { formatTime } from '../../format/quantities.js';
import type { ActiveEditor } from '../active-editor.js';
import { uriOf } from '../compare/register.js';
import { withEngineProgress } from '../engine-progress.js';
import { fileStarts, nameOf, TooLargeError } from '../memory-files.js';
import type { ExtensionPlatform } from '../platform.js';
import { translatedMessage } from '../translations.js';
import { chooseSpec, type ExportSource, writeExport } from './export.js';
import { ENDINGS } from './export-choices.js';

/** The most dumps of the workspace that are offered. */
const OFFERED = 100;

/** A file of a merge, and what is in it. */
interface MergedFile extends MergedFileInfo {
  readonly name: string;
}

/** Asks which files, what to do with keys that several of them have, and all that an export asks; and exports them. */
export async function mergeDumps(
  active: ActiveEditor,
  extensionUri: vscode.Uri,
  platform: ExtensionPlatform,
  resource: unknown,
  all: unknown,
): Promise<void> {
  const chosen = Array.isArray(all) ? all.map(uriOf).filter((uri) => uri !== undefined) : [];
  const files = chosen.length > 1 ? chosen : await chooseFiles(uriOf(resource) ?? active.current?.document.uri);
  const [first, ...others] = [...new Map(files?.map((uri) => [uri.toString(), uri])).values()];
  if (!first) return;
  if (others.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Choose at least two RDB files.'));
    return;
  }
  const uris = [first, ...others] as const;
  const names = distinctNames(uris);
  try {
    const starts = await fileStarts(uris, platform);
    const merge = starts.map((file, i) => ({ name: names[i], file }));
    const engine = new EngineClient(
      (start) => platform.startWorker(extensionUri, start),
      { merge },
      () => {},
    );
    try {
      await mergeWith(
        { engine, files: [...uris], proposal: ({ format }) => `merged.${ENDINGS[format]}` },
        names,
        platform,
      );
    } finally {
      engine.close();
    }
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    void vscode.window.showErrorMessage(
      vscode.l10n.t(
        'The files have to be read into memory, and are larger ({0} MB) than the setting redisPersistence.maxInMemoryFileSize allows ({1} MB).',
        error.megabytes,
        error.limit,
      ),
    );
  }
}

async function mergeWith(source: ExportSource, names: readonly string[], platform: ExtensionPlatform): Promise<void> {
  const { engine } = source;
  const files = await withEngineProgress(vscode.l10n.t('Reading {0}', names.join(', ')), 1, async (send) => {
    const read = await send((onProgress) => engine.request('merge.files', {}, onProgress));
    const infos = read.files.map((info, i) => ({ ...info, name: names[i] }));
    const wrong = infos.find(({ magic }) => magic === null);
    if (wrong) throw new EngineError({ code: 'not-open', template: '{0} is not an RDB file.', args: [wrong.name] });
    return infos;
  });
  if (!files || !(await acceptsLoss(files))) return;
  const order = await chooseOrder(files);
  if (order === undefined) return;
  const spec = await chooseSpec(source, null, platform);
  if (spec) await writeExport(source, platform, { ...spec, order });
}

/** Lets the user choose dumps of the workspace, and others. @param own the one that it began with. */
async function chooseFiles(own: vscode.Uri | undefined): Promise<vscode.Uri[] | undefined> {
  const found = await vscode.workspace.findFiles('**/*.rdb', undefined, OFFERED);
  const uris = own && !found.some((uri) => uri.toString() === own.toString()) ? [own, ...found] : found;
  const items = uris
    .map((uri) => ({
      label: nameOf(uri),
      description: vscode.workspace.asRelativePath(uri),
      picked: uri.toString() === own?.toString(),
      uri,
    }))
    .sort((a, b) => (a.description < b.description ? -1 : 1));
  const title = vscode.l10n.t('Merge Dumps');
  const others = {
    label: `$(folder-opened) ${vscode.l10n.t('Browse…')}`,
    description: '',
    picked: false,
    uri: undefined,
  };
  const picked = await vscode.window.showQuickPick<(typeof items)[number] | typeof others>([...items, others], {
    title,
    placeHolder: vscode.l10n.t('The files whose keys become one file'),
    canPickMany: true,
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (!picked?.includes(others)) return picked?.flatMap(({ uri }) => uri ?? []);
  const filters = { [vscode.l10n.t('RDB files')]: ['rdb'], [vscode.l10n.t('All files')]: ['*'] };
  const opened = await vscode.window.showOpenDialog({ title, canSelectMany: true, filters });
  return opened && [...picked.flatMap(({ uri }) => uri ?? []), ...opened];
}

/** Says which files are damaged, or have more in them than an RDB. @returns false if the user gave up. */
async function acceptsLoss(files: readonly MergedFile[]): Promise<boolean> {
  const lines = files.flatMap(({ name, problem, trailing }) => [
    ...(problem?.severity === 'error' ? [`${name}: ${translatedMessage(problem)}`] : []),
    ...(trailing > 0
      ? [vscode.l10n.t('{0}: the {1} bytes behind the RDB are left out.', name, trailing.toLocaleString('en-US'))]
      : []),
  ]);
  if (lines.length === 0) return true;
  const anyway = vscode.l10n.t('Merge Anyway');
  const told = vscode.l10n.t('Not all of these files can be merged, only what can be read of their RDBs.');
  return (await vscode.window.showWarningMessage(told, { modal: true, detail: lines.join('\n') }, anyway)) === anyway;
}

/**
 * Asks which file takes precedence, the newest being offered first.
 *
 * @returns the numbers of the files, the one first that does; null if no two may have the same key; undefined if the user gave up.
 */
async function chooseOrder(files: readonly MergedFile[]): Promise<readonly number[] | null | undefined> {
  const newest = files.map((_, i) => i).sort((a, b) => (files[b].created ?? 0) - (files[a].created ?? 0));
  const items: (vscode.QuickPickItem & { readonly order: readonly number[] | null })[] = newest.map((own) => {
    const { name, created, keys } = files[own];
    const order = [own, ...newest.filter((other) => other !== own)];
    const saved = created === null ? [] : [vscode.l10n.t('saved {0} UTC', formatTime(created).slice(0, 16))];
    return {
      label: vscode.l10n.t('That of {0}', name),
      description: [...saved, vscode.l10n.t('{0} keys', keys.toLocaleString('en-US'))].join(', '),
      ...(files.length > 2 ? { detail: order.map((number) => files[number].name).join(' › ') } : {}),
      order,
    };
  });
  const none = {
    label: vscode.l10n.t('None: write nothing, and say which key'),
    description: '',
    order: null,
  };
  const picked = await vscode.window.showQuickPick([...items, none], {
    title: vscode.l10n.t('Merge Dumps'),
    placeHolder: vscode.l10n.t('Which value is kept of a key that several files have'),
    ignoreFocusOut: true,
  });
  return picked?.order;
}

/** The names of files, with their folders where two are the same. */
function distinctNames(uris: readonly vscode.Uri[]): string[] {
  const names = uris.map(nameOf);
  return uris.map((uri, i) => {
    const same = names.filter((name) => name === names[i]).length > 1;
    return same ? vscode.workspace.asRelativePath(uri) : names[i];
  });
}
