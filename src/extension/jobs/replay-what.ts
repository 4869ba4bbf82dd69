/** Which stretch of a file is replayed: all of it, a selection, from or up to a command, a time, an offset. */
import * as vscode from 'vscode';
import type { AofSummary, PartInfo } from '../../aof-protocol.js';
import { formatCount, formatTime } from '../../format/quantities.js';
import type { CommandSet, ReplayOptions } from '../../job-protocol.js';
import { commandsText } from './count-texts.js';
import { askText } from './option-menu.js';
import { loadedNumber, parseOffset, parseRange, parseTime } from './option-values.js';
import { type ReplaySource, selectedCommands, wholeSummary } from './replay-source.js';

/** A stretch, and what it is called. */
export interface ReplayStretch {
  readonly options: Pick<ReplayOptions, 'from' | 'to' | 'untilTime' | 'untilOffset'>;
  readonly chosen?: CommandSet;
  /** Empty for everything. */
  readonly words: string;
}

/** The ways to say which stretch. */
export type StretchKind = 'all' | 'selection' | 'from' | 'upTo' | 'numbers' | 'time' | 'offset';

type Item = vscode.QuickPickItem & { readonly kindOf: StretchKind };

/** Lets the user choose. */
export async function askStretch(source: ReplaySource, title: string): Promise<ReplayStretch | undefined> {
  const { selection, aofSummary } = source.editor ?? {};
  const rows = selection?.of === 'commands' ? selection.rows : 0;
  const command = selection?.of === 'commands' ? selection.command : null;
  const items: Item[] = [
    {
      kindOf: 'all',
      label: vscode.l10n.t('Everything'),
      ...(aofSummary ? { description: commandsText(aofSummary.loadedCommands) } : {}),
    },
    ...(rows > 0
      ? [
          {
            kindOf: 'selection',
            label: vscode.l10n.t('Selection'),
            description: rows === 1 ? vscode.l10n.t('1 row') : vscode.l10n.t('{0} rows', formatCount(rows)),
          } as const,
        ]
      : []),
    ...(command === null
      ? []
      : [
          { kindOf: 'from', label: vscode.l10n.t('From command {0} on', formatCount(command)) } as const,
          { kindOf: 'upTo', label: vscode.l10n.t('Up to command {0}', formatCount(command)) } as const,
        ]),
    { kindOf: 'numbers', label: vscode.l10n.t('From one command to another…') },
    ...(source.form === 'aof' && aofSummary?.timeRange !== null
      ? [{ kindOf: 'time', label: vscode.l10n.t('Up to a time…') } as const]
      : []),
    { kindOf: 'offset', label: vscode.l10n.t('Up to an offset…') },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('What of {0} is replayed', source.name),
    ignoreFocusOut: true,
  });
  return chosen && stretchOf(source, title, chosen.kindOf);
}

/** The stretch of a kind; asks for what has to be known for it. */
export async function stretchOf(
  source: ReplaySource,
  title: string,
  kind: StretchKind,
): Promise<ReplayStretch | undefined> {
  switch (kind) {
    case 'all':
      return { options: {}, words: '' };
    case 'selection': {
      const chosen = await selectedCommands(source);
      return chosen && { options: {}, chosen, words: vscode.l10n.t('the selection') };
    }
    case 'from':
    case 'upTo':
      return fromFocus(source, kind);
    case 'numbers':
      return askNumbers(source, title);
    case 'time':
      return askTime(source, title);
    case 'offset':
      return askOffset(source, title);
  }
}

/** From the command with the focus on, or up to it. */
async function fromFocus(source: ReplaySource, kind: 'from' | 'upTo'): Promise<ReplayStretch | undefined> {
  const { selection } = source.editor ?? {};
  const command = selection?.of === 'commands' ? selection.command : null;
  if (command === null) return undefined;
  const number = await numberFor(source, command);
  if (number === undefined) return undefined;
  return kind === 'from'
    ? { options: { from: number }, words: vscode.l10n.t('from command {0} on', formatCount(command)) }
    : { options: { to: number }, words: vscode.l10n.t('up to command {0}', formatCount(command)) };
}

/** The number of a command among those that a server runs; says so if it is not among them. */
async function numberFor(source: ReplaySource, command: number): Promise<number | undefined> {
  const summary = await wholeSummary(source);
  if (!summary) return undefined;
  const number = loadedNumber(summary.parts, command);
  if (number === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Command {0} stands in a history part, which no server loads.', formatCount(command)),
    );
  }
  return number;
}

async function askNumbers(source: ReplaySource, title: string): Promise<ReplayStretch | undefined> {
  // The editor of an AOF counts from 0; a text is counted here as people count.
  const first = source.form === 'aof' ? 0 : 1;
  const summary = source.form === 'aof' ? await wholeSummary(source) : undefined;
  if (source.form === 'aof' && !summary) return undefined;
  const last = summary ? summary.commands - 1 : Number.MAX_SAFE_INTEGER;
  const range = await askText(
    title,
    vscode.l10n.t('Numbers of the first and the last command: 100 – 250, or 100 for that and all behind it'),
    '',
    (text) => {
      const parsed = parseRange(text, last);
      return parsed && parsed[0] >= first ? parsed : undefined;
    },
    summary
      ? vscode.l10n.t('Enter two numbers from {0} to {1}, the smaller one first.', first, formatCount(last))
      : vscode.l10n.t('Enter two numbers from 1 on, the smaller one first.'),
  );
  if (!range) return undefined;
  const [from, to] = range;
  const open = to === last;
  const words = open
    ? vscode.l10n.t('from command {0} on', formatCount(from))
    : vscode.l10n.t('commands {0} to {1}', formatCount(from), formatCount(to));
  if (!summary) return { options: open ? { from } : { from, to }, words };
  const own = loadedNumber(summary.parts, from);
  const end = loadedNumber(summary.parts, to);
  if (own === undefined || end === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'Command {0} stands in a history part, which no server loads.',
        formatCount(own === undefined ? from : to),
      ),
    );
    return undefined;
  }
  return { options: open ? { from: own } : { from: own, to: end }, words };
}

/** The time range of an AOF, for prompts. */
export function rangeText({ timeRange }: AofSummary): string {
  return timeRange
    ? vscode.l10n.t('{0} to {1} UTC', formatTime(timeRange[0] * 1000), formatTime(timeRange[1] * 1000))
    : '';
}

async function askTime(source: ReplaySource, title: string): Promise<ReplayStretch | undefined> {
  const summary = await wholeSummary(source);
  if (!summary) return undefined;
  const time = await askMomentTime(title, summary);
  if (time === undefined) return undefined;
  return { options: { untilTime: time }, words: vscode.l10n.t('up to {0} UTC', formatTime(time * 1000)) };
}

/** Asks for a time that an AOF reaches to; says so if its commands have none. */
export async function askMomentTime(title: string, summary: AofSummary): Promise<number | undefined> {
  const { timeRange } = summary;
  if (!timeRange) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The commands of this AOF have no times: the server wrote none (aof-timestamp-enabled).'),
    );
    return undefined;
  }
  const range = rangeText(summary);
  return askText(
    title,
    vscode.l10n.t('A time in UTC, or seconds since the epoch; the file has {0}', range),
    formatTime(timeRange[1] * 1000),
    (text) => {
      const parsed = parseTime(text);
      return parsed !== undefined && parsed >= timeRange[0] ? parsed : undefined;
    },
    vscode.l10n.t('Enter a time within {0}.', range),
  );
}

async function askOffset(source: ReplaySource, title: string): Promise<ReplayStretch | undefined> {
  const place = await askPlace(source, title);
  if (!place) return undefined;
  const { part, offset, file } = place;
  const words = vscode.l10n.t('up to offset {0} of {1}', formatCount(offset), file);
  return { options: { untilOffset: { part, offset } }, words };
}

/** Asks for an offset, and of which part. */
export async function askPlace(
  source: ReplaySource,
  title: string,
): Promise<{ readonly part: number; readonly offset: number; readonly file: string } | undefined> {
  const parts = source.editor?.aofSummary?.parts.filter(({ missing, role }) => !missing && role !== 'history') ?? [];
  const part = parts.length > 1 ? await choosePart(title, parts) : parts[0];
  if (parts.length > 1 && !part) return undefined;
  const bytes = part?.bytes ?? Number.MAX_SAFE_INTEGER;
  const offset = await askText(
    title,
    vscode.l10n.t('An offset in bytes from the start of the file: decimal, or hexadecimal with 0x'),
    '',
    (text) => parseOffset(text, bytes),
    part
      ? vscode.l10n.t('Enter a number from 0 to {0}.', bytes)
      : vscode.l10n.t('Enter an offset in bytes: decimal, or hexadecimal with 0x.'),
  );
  return offset === undefined ? undefined : { part: part?.part ?? 0, offset, file: part?.file ?? source.name };
}

async function choosePart(title: string, parts: readonly PartInfo[]): Promise<PartInfo | undefined> {
  const items = parts.map((part) => ({ label: part.file, description: `${formatCount(part.bytes)} B`, part }));
  return (await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true }))?.part;
}
