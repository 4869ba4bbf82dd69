/** The commands that compare dumps: with a file, with what git has, with what a server holds. */
import * as vscode from 'vscode';
import type { CompareOrigin, CompareSaved } from '../../compare-protocol.js';
import type { ActiveEditor } from '../active-editor.js';
import { nameOf } from '../memory-files.js';
import type { ExtensionPlatform } from '../platform.js';
import type { Servers } from '../servers/servers.js';
import { COMPARE_VIEW, ComparePanel, type ComparePanelHost } from './compare-panel.js';
import { type CompareSource, fileSource } from './compare-source.js';
import { ComparedTexts } from './compare-texts.js';
import { gitSource, isGitUri, workingFile } from './git-source.js';

/** Set while a dump is selected for comparison, for the menus. */
const SELECTED = 'redisPersistence.compareSelected';

/** Registers the commands and what they need. */
export function registerCompare(
  active: ActiveEditor,
  servers: Servers,
  context: vscode.ExtensionContext,
  platform: ExtensionPlatform,
  log: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const texts = new ComparedTexts();
  const panels = new Set<ComparePanel>();
  let current: ComparePanel | undefined;
  let selected: vscode.Uri | undefined;
  const host: ComparePanelHost = {
    extensionUri: context.extensionUri,
    platform,
    log,
    texts,
    activated: (panel, isActive) => {
      if (isActive) current = panel;
      else if (current === panel) current = undefined;
    },
    closed: (panel) => {
      panels.delete(panel);
      if (current === panel) current = undefined;
    },
  };
  const show = (left: CompareSource, right: CompareSource) => panels.add(new ComparePanel(left, right, host));
  const made = (origin: CompareOrigin): CompareSource => {
    const uri = vscode.Uri.parse(origin.uri, true);
    return origin.kind === 'git' ? gitSource(uri, origin.ref) : fileSource(uri, platform);
  };
  const compareFiles = (left: vscode.Uri, right: vscode.Uri) =>
    show(fileSource(left, platform), fileSource(right, platform));
  /** The file that a command was given, or that is open. */
  const given = (resource: unknown): vscode.Uri | undefined => uriOf(resource) ?? active.current?.document.uri;
  const register = (name: string, run: (...args: unknown[]) => unknown) =>
    vscode.commands.registerCommand(`redisPersistence.${name}`, run);
  return [
    texts,
    vscode.window.registerWebviewPanelSerializer(COMPARE_VIEW, {
      async deserializeWebviewPanel(panel: vscode.WebviewPanel, saved: Partial<CompareSaved> | undefined) {
        if (saved?.left && saved.right) panels.add(new ComparePanel(made(saved.left), made(saved.right), host, panel));
        else panel.dispose();
      },
    }),
    {
      dispose() {
        for (const panel of [...panels]) panel.dispose();
      },
    },
    register('compareWith', async (resource, other) => {
      const uri = given(resource) ?? (await pickFile(vscode.l10n.t('Compare: the file from before')));
      if (!uri) return;
      if (other instanceof vscode.Uri) {
        compareFiles(uri, other);
        return;
      }
      const way = await pickWay(uri, platform);
      if (way === 'git') show(gitSource(workingFile(uri)), fileSource(workingFile(uri), platform));
      if (way === 'server') {
        const server = await servers.pickServer(vscode.l10n.t('Compare {0} with', nameOf(uri)));
        const live = server && platform.serverSource?.({ context, platform, servers, log }, server);
        if (live) show(fileSource(uri, platform), live);
      }
      if (way !== 'file') return;
      const file = await pickFile(vscode.l10n.t('Compare {0} with', nameOf(uri)));
      if (file) compareFiles(uri, file);
    }),
    register('compareWithHead', (resource) => {
      const uri = given(resource);
      if (!uri) return vscode.window.showInformationMessage(vscode.l10n.t('Open an RDB file first.'));
      const file = workingFile(uri);
      return show(gitSource(file), fileSource(file, platform));
    }),
    register('selectForCompare', async (resource) => {
      selected = given(resource);
      await vscode.commands.executeCommand('setContext', SELECTED, selected !== undefined);
    }),
    register('compareWithSelected', (resource, all) => {
      // Two files that are selected in the explorer are compared with each other.
      const several = Array.isArray(all) ? all.map(uriOf).filter((uri) => uri !== undefined) : [];
      if (several.length === 2) return compareFiles(several[0], several[1]);
      const uri = given(resource);
      if (selected && uri) return compareFiles(selected, uri);
      return vscode.window.showInformationMessage(
        vscode.l10n.t('Choose Select for Redis Compare on another file first.'),
      );
    }),
    register('compareCopyKeys', () => current?.copy('key')),
    register('compareCopyJson', () => current?.copy('json')),
  ];
}

/** The file that a menu hands on: of the explorer, or a change of source control. */
export function uriOf(resource: unknown): vscode.Uri | undefined {
  if (resource instanceof vscode.Uri) return resource;
  const uri = (resource as { readonly resourceUri?: unknown } | undefined)?.resourceUri;
  return uri instanceof vscode.Uri ? uri : undefined;
}

type Way = 'file' | 'git' | 'server';

/** What to compare a file with. */
async function pickWay(uri: vscode.Uri, platform: ExtensionPlatform): Promise<Way | undefined> {
  if (isGitUri(uri)) return 'git';
  const ways: { label: string; description?: string; way: Way }[] = [
    { label: `$(file) ${vscode.l10n.t('Another File…')}`, way: 'file' },
    {
      label: `$(git-commit) ${vscode.l10n.t('The Version of the Last Commit')}`,
      description: 'git HEAD',
      way: 'git',
    },
  ];
  if (platform.serverSource) {
    ways.push({
      label: `$(server) ${vscode.l10n.t('A Live Server…')}`,
      description: vscode.l10n.t('what it holds is captured into a temporary file'),
      way: 'server',
    });
  }
  const chosen = await vscode.window.showQuickPick(ways, {
    title: vscode.l10n.t('Compare {0} with', nameOf(uri)),
    ignoreFocusOut: true,
  });
  return chosen?.way;
}

/** The most dumps of the workspace that are offered. */
const OFFERED = 100;

/** Lets the user choose a dump of the workspace, or any file. */
async function pickFile(title: string): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles('**/*.rdb', undefined, OFFERED);
  const browse = { label: `$(folder-opened) ${vscode.l10n.t('Browse…')}`, description: '', uri: undefined };
  const files = found
    .map((uri) => ({ label: nameOf(uri), description: vscode.workspace.asRelativePath(uri), uri }))
    .sort((a, b) => (a.description < b.description ? -1 : 1));
  const chosen =
    files.length === 0
      ? browse
      : await vscode.window.showQuickPick([...files, browse], {
          title,
          matchOnDescription: true,
          ignoreFocusOut: true,
        });
  if (!chosen) return undefined;
  if (chosen.uri) return chosen.uri;
  const opened = await vscode.window.showOpenDialog({
    title,
    filters: { [vscode.l10n.t('RDB files')]: ['rdb'], [vscode.l10n.t('All files')]: ['*'] },
  });
  return opened?.[0];
}
