/** What the user chooses for an export: which keys, the form, the server, and what happens to keys on the way. */
import * as vscode from 'vscode';
import type { ChosenKeys, ExportFormat, ExportSpec, TargetInfo } from '../../export-protocol.js';
import type { EditorHandle } from '../active-editor.js';

/** Keys that were chosen, and how many there are. */
export interface KeyChoice {
  /** Null for all keys of the file, or of the RDB of an AOF. */
  readonly keys: ChosenKeys | null;
}

/** Forms that a server loads. */
const FOR_SERVERS: ReadonlySet<ExportFormat> = new Set(['rdb', 'resp', 'redis-cli', 'dump']);

/** The ending of file names in a form. */
export const ENDINGS: Record<ExportFormat, string> = {
  json: 'json',
  jsonl: 'jsonl',
  csv: 'csv',
  resp: 'resp',
  'redis-cli': 'redis',
  rdb: 'rdb',
  dump: 'dump.jsonl',
  markdown: 'md',
};

/**
 * Asks which keys, where there is more than one answer.
 *
 * @param ofRow true if the command was given for what is selected.
 * @returns undefined if the user gave up.
 */
export async function chooseKeys({ selection }: EditorHandle, ofRow: boolean): Promise<KeyChoice | undefined> {
  const all: KeyChoice = { keys: null };
  if (selection?.of !== 'keys') return all;
  const { view, positions, rows, filtered } = selection;
  const selected: KeyChoice = { keys: { view, positions } };
  if (ofRow && rows > 0) return selected;
  const items = [
    ...(rows > 0
      ? [
          {
            label: vscode.l10n.t('Selected Keys'),
            description: rows === 1 ? vscode.l10n.t('1 row') : vscode.l10n.t('{0} rows', rows.toLocaleString('en-US')),
            choice: selected,
          },
        ]
      : []),
    ...(filtered
      ? [{ label: vscode.l10n.t('Keys of the Filter'), description: '', choice: { keys: { view, positions: null } } }]
      : []),
    { label: vscode.l10n.t('All Keys'), description: '', choice: all },
  ];
  if (items.length === 1) return all;
  const title = vscode.l10n.t('Export');
  return (
    await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Which keys'), ignoreFocusOut: true })
  )?.choice;
}

/** Asks for the form. @returns undefined if the user gave up. */
export async function chooseFormat(): Promise<ExportFormat | undefined> {
  const item = (format: ExportFormat, label: string, detail: string) => ({ format, label, detail });
  const items = [
    item('json', 'JSON', vscode.l10n.t('One array. Strings are text where they are valid UTF-8, else Base64.')),
    item('jsonl', 'JSON Lines', vscode.l10n.t('The same objects, a line each.')),
    item('csv', 'CSV', vscode.l10n.t('A row for each key, or for each element.')),
    item('rdb', 'RDB', vscode.l10n.t('A file for a server like that of this one, or for an older or another one.')),
    item('resp', 'RESP', vscode.l10n.t('The commands that build the keys again, for redis-cli --pipe.')),
    item('redis-cli', 'redis-cli', vscode.l10n.t('The same commands as lines of text.')),
    item('dump', 'DUMP', vscode.l10n.t('Payloads for RESTORE, as JSON Lines with Base64.')),
    item('markdown', 'Markdown', vscode.l10n.t('A table, for a few keys.')),
  ];
  const options = {
    title: vscode.l10n.t('Export'),
    placeHolder: vscode.l10n.t('Form'),
    matchOnDetail: true,
    ignoreFocusOut: true,
  };
  return (await vscode.window.showQuickPick(items, options))?.format;
}

/** Asks for the server that is to load the export. @returns null for one like that of the file; undefined if the user gave up. */
export async function chooseTarget(
  targets: readonly TargetInfo[],
  withOwn: boolean,
): Promise<TargetInfo | null | undefined> {
  const items = [
    ...(withOwn
      ? [{ label: vscode.l10n.t('A server like that which wrote the file'), description: '', target: null }]
      : []),
    ...targets.map((target) => ({
      label: target.label,
      description: vscode.l10n.t('RDB version {0}', target.rdbVersion),
      target,
    })),
  ];
  const title = withOwn ? vscode.l10n.t('Export') : vscode.l10n.t('Will It Load?');
  const options = { title, placeHolder: vscode.l10n.t('Server that is to load it'), ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(items, options))?.target;
}

/** True for forms that depend on the server. */
export function isForServer(format: ExportFormat): boolean {
  return FOR_SERVERS.has(format);
}

/** The options that can be picked. */
type OptionName =
  | 'base64'
  | 'flat'
  | 'restore'
  | 'skipExpired'
  | 'dropExpiry'
  | 'dropFieldExpiry'
  | 'anonymise'
  | 'db'
  | 'slots';

/**
 * Asks for everything else.
 *
 * @param splits false if there can be one file only.
 * @returns undefined if the user gave up.
 */
export async function chooseOptions(
  format: ExportFormat,
  target: string | null,
  chosen: ChosenKeys | null,
  splits: boolean,
): Promise<ExportSpec | undefined> {
  const item = (option: OptionName, label: string, detail: string) => ({ option, label, detail });
  const items = [
    ...(format === 'json' || format === 'jsonl'
      ? [
          item(
            'base64',
            vscode.l10n.t('Base64'),
            vscode.l10n.t('All strings as Base64, as the command line decodes them.'),
          ),
        ]
      : []),
    ...(format === 'csv' ? [item('flat', vscode.l10n.t('Elements'), vscode.l10n.t('A row for each element.'))] : []),
    ...(format === 'resp' || format === 'redis-cli'
      ? [
          item(
            'restore',
            'RESTORE',
            vscode.l10n.t('RESTORE with the bytes of the file instead of commands that build values.'),
          ),
        ]
      : []),
    item('skipExpired', vscode.l10n.t('Skip expired keys'), vscode.l10n.t('Keys whose time is over are left out.')),
    item('dropExpiry', vscode.l10n.t('Drop expiries'), vscode.l10n.t('Keys and fields do not expire any more.')),
    ...(isForServer(format)
      ? [
          item(
            'dropFieldExpiry',
            vscode.l10n.t('Drop expiries of fields'),
            vscode.l10n.t('Where the server knows none. Without this, hashes that have them are left out.'),
          ),
        ]
      : []),
    item(
      'anonymise',
      vscode.l10n.t('Anonymise'),
      vscode.l10n.t('Names and values become others of the same shape and size.'),
    ),
    ...(splits
      ? [
          item('db', vscode.l10n.t('Split by database'), vscode.l10n.t('A file for each database.')),
          item(
            'slots',
            vscode.l10n.t('Split by slots'),
            vscode.l10n.t('A file for each of equal ranges of cluster slots.'),
          ),
        ]
      : []),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Export'),
    placeHolder: vscode.l10n.t('Options; none is needed'),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (!picked) return undefined;
  const has = (name: OptionName) => picked.some(({ option }) => option === name);
  const seed = has('anonymise') ? await askSeed() : null;
  if (seed === undefined) return undefined;
  const parts = has('slots') ? await askParts() : null;
  if (parts === undefined) return undefined;
  return {
    format,
    target,
    chosen,
    base64: has('base64'),
    flat: has('flat'),
    restore: has('restore'),
    skipExpired: has('skipExpired'),
    dropExpiry: has('dropExpiry'),
    dropFieldExpiry: has('dropFieldExpiry'),
    split: parts ?? (has('db') ? 'db' : null),
    seed,
  };
}

/** Asks what decides what names and values become. */
function askSeed(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Anonymise'),
    prompt: vscode.l10n.t('The same text makes the same names again. Keep it to yourself.'),
    value: Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join(''),
    ignoreFocusOut: true,
  });
}

/** The most files that slots are divided among here. */
const MOST_PARTS = 1024;

async function askParts(): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Split by slots'),
    prompt: vscode.l10n.t('Number of files'),
    value: '3',
    validateInput: (typed) =>
      /^\d{1,4}$/.test(typed) && Number(typed) >= 1 && Number(typed) <= MOST_PARTS
        ? undefined
        : vscode.l10n.t('A number from 1 to {0}.', MOST_PARTS),
    ignoreFocusOut: true,
  });
  return text === undefined ? undefined : Number(text);
}

/** The name that is proposed for the file: never that of the file itself. */
export function proposedName(name: string, { format, chosen, target }: ExportSpec): string {
  const plain = name.replace(/\.rdb$/i, '');
  const ending = ENDINGS[format];
  if (chosen) return `${plain}.keys.${ending}`;
  if (target !== null) return `${plain}.${target}.${ending}`;
  return format === 'rdb' ? `${plain}.copy.${ending}` : `${plain}.${ending}`;
}
