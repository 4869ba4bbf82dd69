/** *Capture Snapshot…* and *Capture and Follow…*: server, place, progress, check; then the file is opened. */
import * as vscode from 'vscode';
import { formatBytes, formatCount } from '../../format/quantities.js';
import type { CapturedRdb, CaptureReport, JobEvent } from '../../job-protocol.js';
import { VIEW_TYPES } from '../file-editor.js';
import { nameOf } from '../memory-files.js';
import type { ConfiguredServer } from '../servers/configured-server.js';
import { keysText } from './count-texts.js';
import { JobFailedError, type JobRun } from './job-run.js';
import { startJob, tellFailure, withPasswords, withProgress } from './prepared-job.js';
import type { FlowSurroundings } from './replay-flow.js';

/** Takes what a server holds into an RDB file, and opens it. */
export async function captureSnapshot(
  surroundings: FlowSurroundings,
  chosenServer: ConfiguredServer | undefined,
): Promise<void> {
  const { servers } = surroundings;
  const title = vscode.l10n.t('Capture Snapshot');
  if (!servers.mayConnect()) return;
  const server = chosenServer ?? (await servers.pickServer(title));
  const target = server && (await askFile(surroundings, server, title));
  if (!server || !target) return;
  const report = await withPasswords(surroundings, server, async (from) => {
    const run = startJob(surroundings, { kind: 'capture', from, out: target.path, follow: false, overwrite: true });
    try {
      const name = vscode.l10n.t('Capturing {0}', server.name);
      return (await withProgress(name, run, 'captureEnded', progressWords)).report;
    } finally {
      run.dispose();
    }
  });
  if (!report) return;
  if (!report.rdb) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The capture of {0} was stopped before all had come; nothing was kept.', server.name),
    );
    return;
  }
  await vscode.commands.executeCommand('vscode.openWith', target.uri, VIEW_TYPES.rdb);
  tellCaptured(report.rdb);
}

interface Target {
  readonly uri: vscode.Uri;
  readonly path: string;
}

/** Asks for a file; the dialogue itself asks before one is replaced. */
async function askFile(
  { platform }: FlowSurroundings,
  server: ConfiguredServer,
  title: string,
): Promise<Target | undefined> {
  const uri = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folderOfUser(), `${fileName(server)}.rdb`),
    filters: { [vscode.l10n.t('RDB files')]: ['rdb'] },
    title,
  });
  const path = uri && platform.localPath(uri);
  if (uri && path === undefined) tellNotLocal(uri);
  return uri && path !== undefined ? { uri, path } : undefined;
}

function folderOfUser(): vscode.Uri {
  return vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/');
}

/** The name of a server and the time, as the name of a file. */
function fileName({ name }: ConfiguredServer): string {
  const time = new Date().toISOString().replace(/[-:]/g, '').slice(0, 15);
  return `${name.replace(/[^\w.-]+/g, '-')}-${time}`;
}

function tellNotLocal(uri: vscode.Uri): void {
  void vscode.window.showErrorMessage(
    vscode.l10n.t('{0} is not on a disk of this machine. Choose another place.', nameOf(uri)),
  );
}

function progressWords(event: JobEvent): string | undefined {
  if (event.event !== 'progress') return undefined;
  const { done, of, rate } = event.progress;
  const bytes = of === undefined ? formatBytes(done) : vscode.l10n.t('{0} of {1}', formatBytes(done), formatBytes(of));
  return `${bytes}, ${vscode.l10n.t('{0} a second', formatBytes(Math.round(rate)))}`;
}

function tellCaptured({ keys, bytes, checksum, problems, file }: CapturedRdb): void {
  const name = file.replace(/^.*[\\/]/, '');
  if (problems > 0 || checksum === 'mismatch') {
    void vscode.window.showWarningMessage(
      problems === 1
        ? vscode.l10n.t('{0} was captured, but is damaged: 1 problem was found.', name)
        : vscode.l10n.t('{0} was captured, but is damaged: {1} problems were found.', name, formatCount(problems)),
    );
    return;
  }
  void vscode.window.showInformationMessage(
    checksum === 'ok'
      ? vscode.l10n.t('{0} was captured: {1}, {2}; its checksum is right.', name, keysText(keys), formatBytes(bytes))
      : vscode.l10n.t('{0} was captured: {1}, {2}.', name, keysText(keys), formatBytes(bytes)),
  );
}

/** Takes what a server holds into a new folder, and goes on with the commands that follow until it is stopped. */
export async function captureAndFollow(
  surroundings: FlowSurroundings,
  chosenServer: ConfiguredServer | undefined,
  follows: Follows,
): Promise<void> {
  const { servers } = surroundings;
  const title = vscode.l10n.t('Capture and Follow');
  if (!servers.mayConnect()) return;
  const server = chosenServer ?? (await servers.pickServer(title));
  const target = server && (await askFolder(surroundings, server, title));
  if (!server || !target) return;
  await withPasswords(surroundings, server, async (from) => {
    const run = startJob(surroundings, { kind: 'capture', from, out: target.path, follow: true, overwrite: false });
    follows.add(server, run, target.uri);
    const name = vscode.l10n.t('Capturing {0}', server.name);
    const ending = run.until('captureEnded');
    // What ends it is told by whoever waits for it below.
    ending.catch(() => {});
    await Promise.race([withProgress(name, run, 'captured', progressWords), ending]);
    return true;
  });
}

/** Asks for a folder: one that is empty, else a new one in it. */
async function askFolder(
  { platform }: FlowSurroundings,
  server: ConfiguredServer,
  title: string,
): Promise<Target | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: folderOfUser(),
      title,
      openLabel: vscode.l10n.t('Capture Here'),
    })) ?? [];
  if (!chosen) return undefined;
  const entries = await vscode.workspace.fs.readDirectory(chosen);
  const uri = entries.length === 0 ? chosen : vscode.Uri.joinPath(chosen, fileName(server));
  const path = platform.localPath(uri);
  if (path === undefined) tellNotLocal(uri);
  return path === undefined ? undefined : { uri, path };
}

/** The captures that follow: each with a status item that shows how much has come, and stops it. */
export class Follows implements vscode.Disposable {
  private readonly running = new Set<{ readonly run: JobRun; readonly item: vscode.StatusBarItem }>();
  private nextNumber = 1;
  private readonly stops = new Map<number, () => Promise<void>>();

  /** Shows a capture, and opens the AOF once its RDB has come. */
  add(server: ConfiguredServer, run: JobRun, folder: vscode.Uri): void {
    const number = this.nextNumber++;
    const item = vscode.window.createStatusBarItem('redisPersistence.follow', vscode.StatusBarAlignment.Left, 9);
    item.name = vscode.l10n.t('Capture of {0}', server.name);
    item.command = { command: 'redisPersistence.stopFollowing', title: item.name, arguments: [number] };
    const entry = { run, item };
    this.running.add(entry);
    this.tellContext();
    this.stops.set(number, () => askStop(server, run));
    const end = () => {
      this.running.delete(entry);
      this.tellContext();
      this.stops.delete(number);
      item.dispose();
      // Others hear of its end, too.
      setTimeout(() => run.dispose());
    };
    let bytes = 0;
    let lost = '';
    const show = (icon: string) => {
      item.text = `${icon} ${server.name}: ${formatBytes(bytes)}`;
      item.tooltip = [
        lost === '' ? vscode.l10n.t('Follows {0} into {1}', server.name, nameOf(folder)) : lost,
        vscode.l10n.t('Select to stop'),
      ].join('\n');
      item.backgroundColor = lost === '' ? undefined : new vscode.ThemeColor('statusBarItem.warningBackground');
      item.show();
    };
    run.onEvent((event) => {
      switch (event.event) {
        case 'captured':
          show('$(sync~spin)');
          void openFollowed(folder, event.rdb);
          break;
        case 'followed':
          bytes = event.bytes;
          show(lost === '' ? '$(sync~spin)' : '$(warning)');
          break;
        case 'link':
          lost =
            event.state === 'lost' ? vscode.l10n.t('The link is lost, and is being resumed: {0}', event.reason) : '';
          show(lost === '' ? '$(sync~spin)' : '$(warning)');
          break;
        case 'captureEnded':
          end();
          tellFollowed(server, event.report);
          break;
        case 'failed': {
          // Before the RDB has come, whoever waits for it says why.
          const begun = item.text !== '';
          end();
          if (begun) tellFailure(new JobFailedError(event.failure));
          break;
        }
      }
    });
  }

  /** The command that stops one is offered while there is one. */
  private tellContext(): void {
    void vscode.commands.executeCommand('setContext', 'redisPersistence.following', this.running.size > 0);
  }

  /** Asks, and stops a capture. */
  async stop(number: unknown): Promise<void> {
    const all = [...this.stops.entries()];
    const stop = typeof number === 'number' ? this.stops.get(number) : all.at(-1)?.[1];
    if (stop) await stop();
    else void vscode.window.showInformationMessage(vscode.l10n.t('No capture follows a server.'));
  }

  dispose(): void {
    for (const { run, item } of this.running) {
      run.dispose();
      item.dispose();
    }
    this.running.clear();
  }
}

async function askStop(server: ConfiguredServer, run: JobRun): Promise<void> {
  const stop = vscode.l10n.t('Stop');
  const question = vscode.l10n.t('Stop following {0}?', server.name);
  const detail = vscode.l10n.t('What has come is whole, and stays in the folder.');
  if ((await vscode.window.showInformationMessage(question, { modal: true, detail }, stop)) === stop) run.stop();
}

async function openFollowed(folder: vscode.Uri, rdb: CapturedRdb): Promise<void> {
  const manifest = vscode.Uri.joinPath(folder, 'appendonly.aof.manifest');
  await vscode.commands.executeCommand('vscode.openWith', manifest, VIEW_TYPES.aof);
  tellCaptured(rdb);
}

function tellFollowed(server: ConfiguredServer, { rdb, offset, resumed, ended }: CaptureReport): void {
  if (!rdb) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The capture of {0} was stopped before all had come; nothing was kept.', server.name),
    );
    return;
  }
  const words = [
    offset === undefined
      ? vscode.l10n.t('The capture of {0} has ended.', server.name)
      : vscode.l10n.t('The capture of {0} has ended at replication offset {1}.', server.name, formatCount(offset)),
    ...(resumed > 0 ? [vscode.l10n.t('The link was broken and resumed {0} times.', formatCount(resumed))] : []),
    ...(ended === undefined ? [] : [vscode.l10n.t('It was not stopped: {0}', ended)]),
  ].join(' ');
  if (ended === undefined) void vscode.window.showInformationMessage(words);
  else void vscode.window.showWarningMessage(words);
}
