/** Repairing an AOF: which way, what would be lost, and a repaired copy at a place that the user chooses. */
import * as vscode from 'vscode';
import type { AofSummary, RepairInfo, RepairWay } from '../aof-protocol.js';
import type { EngineClient } from '../engine/client.js';
import { phraseText } from '../format/messages.js';
import { formatTime } from '../format/quantities.js';
import type { EditorHandle } from './active-editor.js';
import { whenRead } from './aof-commands.js';
import { type AofTexts, TEXT_LIMIT, type TextOrigin, textOrigin, textUri } from './aof-texts.js';
import { withEngineProgress } from './engine-progress.js';
import type { FileDocument } from './file-document.js';
import { VIEW_TYPES } from './file-editor.js';
import { nameOf } from './memory-files.js';
import type { ExtensionPlatform } from './platform.js';
import { verdictReason } from './verdict.js';
import { askForFile, askForFolder, enginePath, refuseSource, repairedName, writePulled } from './write-target.js';

/** The ways that need nothing to be told. */
const PLAIN_WAYS = ['cut-tail', 'drop-damage', 'restore-crs'] as const;
const PIECE = 1024 * 1024;

/** Repairs AOFs; knows the plans whose losses are shown, so that they can be written from there. */
export class Repairs {
  private readonly shown = new Map<string, { readonly document: FileDocument; readonly info: RepairInfo }>();

  constructor(
    private readonly texts: AofTexts,
    private readonly platform: ExtensionPlatform,
  ) {}

  /** Asks how, and shows what would be lost. */
  async repair(editor: EditorHandle): Promise<void> {
    const { document } = editor;
    const engine = await document.engine();
    if (!engine) return;
    const { name } = document;
    const share = 1 / PLAIN_WAYS.length;
    const found = await withEngineProgress(
      vscode.l10n.t('Finding out how {0} can be repaired', name),
      share,
      async (send, token) => {
        const summary = await whenRead(engine, token, () => {});
        const plans: RepairInfo[] = [];
        for (const way of PLAIN_WAYS) {
          plans.push(await send((onProgress) => engine.request('repair.plan', { way, time: null }, onProgress)));
        }
        return { summary, plans };
      },
    );
    const way = found && (await chooseWay(name, found.summary, helpful(found.plans)));
    if (!way) return;
    const time = way === 'cut-at-time' ? await askTime(found.summary) : null;
    if (time === undefined) return;
    const info = found.plans.find((plan) => plan.way === way) ?? (await planAtTime(engine, name, time));
    if (!info) return;
    if (!info.changes) {
      void vscode.window.showInformationMessage(
        [vscode.l10n.t('This would change nothing in {0}.', name), ...notesOf(info)].join(' '),
      );
      return;
    }
    await this.showLost(document, engine, info, time);
  }

  /** Shows the commands that would be lost, and what comes of it. */
  private async showLost(
    document: FileDocument,
    engine: EngineClient,
    info: RepairInfo,
    time: number | null,
  ): Promise<void> {
    const { name, uri } = document;
    if (info.lost.bytes > 0) {
      const text = await withEngineProgress(vscode.l10n.t('Reading what {0} would lose', name), 1, (send) =>
        send((onProgress) => engine.request('repair.lost', { plan: info.plan, limit: TEXT_LIMIT }, onProgress)),
      );
      if (!text) return;
      const origin: TextOrigin = { kind: 'lost', source: uri.toString(), way: info.way, time };
      const title = `${name} (lost).redis`;
      this.shown.set(textUri(origin, title).toString(), { document, info });
      await this.texts.show(origin, title, text, {
        viewColumn: vscode.ViewColumn.Beside,
        preview: true,
        preserveFocus: true,
      });
    }
    const write = vscode.l10n.t('Write Repaired Copy…');
    const summary = [`${name}: ${effectOf(info)}`, ...notesOf(info)].join(' ');
    const chosen = await vscode.window.showWarningMessage(summary, write);
    if (chosen === write) await this.write(document, info);
  }

  /** Writes the repair whose losses a document shows. */
  async writeShown(uri: vscode.Uri): Promise<void> {
    const known = this.shown.get(uri.toString());
    if (known) {
      await this.write(known.document, known.info);
      return;
    }
    const origin = textOrigin(uri);
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The file is not open any more. Open it and use Repair AOF… again.'),
    );
    if (!origin) return;
    const source = vscode.Uri.parse(origin.source, true);
    await vscode.commands.executeCommand('vscode.openWith', source, VIEW_TYPES.aof);
  }

  /** Forgets what a document was about, when it is closed. */
  forget(uri: vscode.Uri): void {
    this.shown.delete(uri.toString());
  }

  /** Asks where to, and writes. */
  private async write(document: FileDocument, info: RepairInfo): Promise<void> {
    const engine = await document.engine();
    if (!engine) return;
    const place = info.folder ? await askForFolder(document.uri) : await askFile(document);
    if (!place) return;
    const { target, isNew } = place;
    const title = vscode.l10n.t('Writing {0}', nameOf(target));
    let made = false;
    const written = await withEngineProgress(title, 1, async (send, token) => {
      refuseSource(
        target,
        document.uri,
        info.files.map(({ file }) => file),
      );
      if (isNew) {
        await vscode.workspace.fs.createDirectory(target);
        made = true;
      }
      const path = enginePath(this.platform, target);
      if (path === undefined) await pull(engine, info, target, token);
      else await send((onProgress) => engine.request('repair.write', { plan: info.plan, path }, onProgress));
      return true;
    });
    if (written) await tellWritten(info, target);
    // Only what was made for it, and only while nothing else is in it.
    else if (made) await vscode.workspace.fs.delete(target);
  }
}

/** Where a single file goes. */
async function askFile({ uri, name }: FileDocument): Promise<{ target: vscode.Uri; isNew: boolean } | undefined> {
  const target = await askForFile(uri, repairedName(name), vscode.l10n.t('Write Repaired Copy'));
  return target && { target, isNew: false };
}

/** The plans that change something, each effect once. */
function helpful(plans: readonly RepairInfo[]): RepairInfo[] {
  const changing = plans.filter((plan) => plan.changes && (plan.way !== 'restore-crs' || plan.restored !== null));
  const tail = changing.find(({ way }) => way === 'cut-tail');
  return changing.filter((plan) => {
    const same = plan.lost.bytes === tail?.lost.bytes && plan.verdict === tail.verdict;
    return plan.way !== 'drop-damage' || !same;
  });
}

interface WayItem extends vscode.QuickPickItem {
  readonly way: RepairWay;
}

async function chooseWay(
  name: string,
  summary: AofSummary,
  plans: readonly RepairInfo[],
): Promise<RepairWay | undefined> {
  const items: WayItem[] = plans.map((plan) => ({ way: plan.way, label: wayLabel(plan.way), detail: effectOf(plan) }));
  if (summary.timeRange) {
    items.push({
      way: 'cut-at-time',
      label: wayLabel('cut-at-time'),
      detail: vscode.l10n.t(
        'The times go from {0} to {1} (UTC)',
        formatTime(summary.timeRange[0] * 1000),
        formatTime(summary.timeRange[1] * 1000),
      ),
    });
  }
  if (items.length === 0) {
    void vscode.window.showInformationMessage(
      summary.verdict === 'loads'
        ? vscode.l10n.t('{0} needs no repair: a server loads it as it is.', name)
        : [vscode.l10n.t('No way of repair helps {0}.', name), verdictReason(summary)].join(' '),
    );
    return undefined;
  }
  const title = vscode.l10n.t('Repair {0} into a copy', name);
  return (await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true }))?.way;
}

function wayLabel(way: RepairWay): string {
  switch (way) {
    case 'cut-tail':
      return vscode.l10n.t('Cut the tail');
    case 'cut-at-time':
      return vscode.l10n.t('Cut at a time…');
    case 'drop-damage':
      return vscode.l10n.t('Leave out what is damaged');
    case 'restore-crs':
      return vscode.l10n.t('Restore the CRs that were lost');
  }
}

/** What a repair does, in one line: what is lost and restored, and whether the result loads. */
function effectOf({ lost, restored, verdict, verdictReason: reason }: RepairInfo): string {
  const count = (value: number) => value.toLocaleString('en-US');
  const loses =
    lost.commands === 1
      ? vscode.l10n.t('loses 1 command, {0} bytes', count(lost.bytes))
      : vscode.l10n.t('loses {0} commands, {1} bytes', count(lost.commands), count(lost.bytes));
  const restores = restored ? [vscode.l10n.t('restores {0} CRs', count(restored.lineEnds + restored.inValues))] : [];
  const result =
    verdict === 'loads'
      ? vscode.l10n.t('the result loads')
      : vscode.l10n.t('the result still does not load whole: {0}', reason ? phraseText(reason, vscode.l10n.t) : '');
  return [[...restores, loses].join(', '), result].join('; ');
}

function notesOf({ notes }: RepairInfo): string[] {
  return notes.map((note) => phraseText(note, vscode.l10n.t));
}

/** Asks for a time. @returns seconds since the epoch; undefined if none is given. */
async function askTime({ timeRange }: AofSummary): Promise<number | undefined> {
  if (!timeRange) return undefined;
  const [from, to] = timeRange.map((time) => formatTime(time * 1000));
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Cut at a Time'),
    ignoreFocusOut: true,
    value: to,
    prompt: vscode.l10n.t(
      'What was noted later is cut. UTC, as {0}, or seconds since 1970; the file goes from {1} to {0}.',
      to,
      from,
    ),
    validateInput: (value) => {
      const time = parseTime(value);
      if (time === undefined) return vscode.l10n.t('Enter a time such as {0}.', to);
      return time < timeRange[0] || time > timeRange[1]
        ? vscode.l10n.t('Enter a time from {0} to {1}.', from, to)
        : undefined;
    },
  });
  return text === undefined ? undefined : parseTime(text);
}

/** A time in UTC, or seconds since the epoch. */
function parseTime(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+$/.test(trimmed)) return Number(trimmed);
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?: ?UTC|Z)?$/i.exec(trimmed);
  const time = match ? Date.parse(`${match[1]}T${match[2]}Z`) : Number.NaN;
  return Number.isNaN(time) ? undefined : time / 1000;
}

function planAtTime(engine: EngineClient, name: string, time: number | null): Promise<RepairInfo | undefined> {
  return withEngineProgress(vscode.l10n.t('Finding out how {0} can be repaired', name), 1, (send) =>
    send((onProgress) => engine.request('repair.plan', { way: 'cut-at-time', time }, onProgress)),
  );
}

/** Writes through the provider of the file system. */
function pull(
  engine: EngineClient,
  { plan, files, folder }: RepairInfo,
  target: vscode.Uri,
  token: vscode.CancellationToken,
): Promise<void> {
  const pulled = files.map(({ file, bytes }, i) => ({
    file,
    bytes,
    read: async (from: number) =>
      (await engine.request('repair.bytes', { plan, file: i, from, count: PIECE }).result).bytes,
  }));
  const targets = files.map(({ file }) => (folder ? vscode.Uri.joinPath(target, file) : target));
  return writePulled(pulled, targets, token, () => {});
}

async function tellWritten({ files, folder, lost }: RepairInfo, target: vscode.Uri): Promise<void> {
  const open = vscode.l10n.t('Open');
  const message = vscode.l10n.t(
    '{0} was written; {1} commands and {2} bytes were left out.',
    nameOf(target),
    lost.commands.toLocaleString('en-US'),
    lost.bytes.toLocaleString('en-US'),
  );
  if ((await vscode.window.showInformationMessage(message, open)) !== open) return;
  const opened = folder ? vscode.Uri.joinPath(target, files[files.length - 1].file) : target;
  await vscode.commands.executeCommand('vscode.openWith', opened, VIEW_TYPES.aof);
}
