/** The options of a replay: what is chosen, the menu that changes it, and its words for the confirmation. */
import * as vscode from 'vscode';
import { formatCount } from '../../format/quantities.js';
import type { ReplayOptions } from '../../job-protocol.js';
import { askText, choose, type MenuGroup, type MenuOption } from './option-menu.js';
import {
  databaseMapText,
  parseCommandNames,
  parseDatabaseMap,
  parseDatabases,
  parsePositive,
  typedBytes,
} from './option-values.js';

type Group = NonNullable<ReplayOptions['groups']> extends ReadonlySet<infer Name> ? Name : never;

const GROUPS: readonly Group[] = ['write', 'script', 'transaction', 'admin', 'read', 'unknown'];

/** What is chosen for a replay, as it was typed. */
export interface ReplayChoices {
  dbs: string;
  keys: string;
  commands: string;
  groups: readonly Group[];
  admin: boolean;
  commandsOnly: boolean;
  dbMap: ReadonlyMap<number, number>;
  addPrefix: string;
  removePrefix: string;
  pace: { readonly kind: 'full' } | { readonly kind: 'rate' | 'speed'; readonly value: number };
  stopAtError: boolean;
  paused: boolean;
  dryRun: boolean;
}

/** Everything as it is, at full speed, without what steers a server. @param dbMap of the server. */
export function plainChoices(dbMap: ReadonlyMap<number, number>): ReplayChoices {
  return {
    ...{ dbs: '', keys: '', commands: '', groups: [], admin: false, commandsOnly: false, dbMap },
    ...{ addPrefix: '', removePrefix: '', pace: { kind: 'full' }, stopAtError: false, paused: false, dryRun: false },
  };
}

/** The options for the engine. */
export function replayOptions(choices: ReplayChoices): ReplayOptions {
  const { dbs, keys, commands, groups, admin, commandsOnly, dbMap, addPrefix, removePrefix, pace, stopAtError } =
    choices;
  const wanted = parseDatabases(dbs);
  const names = parseCommandNames(commands);
  return {
    ...(wanted && wanted.size > 0 ? { dbs: wanted } : {}),
    ...(keys === '' ? {} : { keys: typedBytes(keys) }),
    ...(names && names.size > 0 ? { commands: names } : {}),
    ...(groups.length > 0 ? { groups: new Set(groups) } : {}),
    admin,
    commandsOnly,
    dbMap,
    ...(addPrefix === '' ? {} : { addPrefix: typedBytes(addPrefix) }),
    ...(removePrefix === '' ? {} : { removePrefix: typedBytes(removePrefix) }),
    ...(pace.kind === 'rate' ? { rate: pace.value } : {}),
    ...(pace.kind === 'speed' ? { speed: pace.value } : {}),
    stopAtError,
  };
}

function groupText(group: Group): string {
  switch (group) {
    case 'write':
      return vscode.l10n.t('Writing');
    case 'script':
      return vscode.l10n.t('Scripts and functions');
    case 'transaction':
      return vscode.l10n.t('Transactions');
    case 'admin':
      return vscode.l10n.t('Administration');
    case 'read':
      return vscode.l10n.t('Reading');
    case 'unknown':
      return vscode.l10n.t('Unknown');
  }
}

function paceText({ pace }: ReplayChoices): string {
  switch (pace.kind) {
    case 'full':
      return vscode.l10n.t('full speed');
    case 'rate':
      return pace.value === 1
        ? vscode.l10n.t('1 command a second')
        : vscode.l10n.t('{0} commands a second', formatCount(pace.value));
    case 'speed':
      return pace.value === 1
        ? vscode.l10n.t('original timing')
        : vscode.l10n.t('original timing, {0} times as fast', pace.value);
  }
}

/** What was chosen that is not the usual, in words. @param filters those that say what is taken. */
export function choiceWords(choices: ReplayChoices): { readonly filters: string[]; readonly how: string[] } {
  const { dbs, keys, commands, groups, admin, commandsOnly, dbMap, addPrefix, removePrefix, stopAtError } = choices;
  const filters = [
    ...(dbs.trim() === '' ? [] : [vscode.l10n.t('only databases {0}', dbs)]),
    ...(keys === '' ? [] : [vscode.l10n.t('only keys like {0}', keys)]),
    ...(commands.trim() === '' ? [] : [vscode.l10n.t('only the commands {0}', commands.toUpperCase())]),
    ...(groups.length === 0 ? [] : [vscode.l10n.t('only {0}', groups.map(groupText).join(', '))]),
    ...(commandsOnly ? [vscode.l10n.t('without the RDB at its start')] : []),
  ];
  const how = [
    admin
      ? vscode.l10n.t('with commands that steer the server or empty databases')
      : vscode.l10n.t('without commands that steer the server or empty databases'),
    ...[...dbMap].map(([from, to]) => vscode.l10n.t('database {0} to {1}', from, to)),
    ...(removePrefix === '' ? [] : [vscode.l10n.t('prefix {0} removed', removePrefix)]),
    ...(addPrefix === '' ? [] : [vscode.l10n.t('prefix {0} added', addPrefix)]),
    paceText(choices),
    stopAtError ? vscode.l10n.t('stops at the first error') : vscode.l10n.t('goes on after errors'),
  ];
  return { filters, how };
}

/** The menu that changes the choices. @param isAof false for a text of commands, which has no times and no RDB. */
export function replayMenu(title: string, choices: ReplayChoices, isAof: boolean): readonly MenuGroup[] {
  const none = vscode.l10n.t('all');
  const text = (
    label: string,
    prompt: string,
    field: 'dbs' | 'keys' | 'commands' | 'addPrefix' | 'removePrefix',
    empty: string,
    parse: (typed: string) => unknown,
    wrong: string,
  ): MenuOption => ({
    label,
    value: choices[field] === '' ? empty : choices[field],
    changed: choices[field] !== '',
    change: async () => {
      const given = await askText(
        title,
        prompt,
        choices[field],
        (typed) => (parse(typed) === undefined ? undefined : typed),
        wrong,
      );
      if (given !== undefined) choices[field] = given.trim();
    },
  });
  const flag = (
    label: string,
    field: 'admin' | 'commandsOnly' | 'stopAtError' | 'paused' | 'dryRun',
    off: string,
    on: string,
  ): MenuOption => ({
    label,
    value: choices[field] ? on : off,
    changed: choices[field],
    change: async () => {
      choices[field] = !choices[field];
    },
  });
  const anything = (typed: string) => typed;
  return [
    {
      title: vscode.l10n.t('What'),
      options: [
        text(
          vscode.l10n.t('Databases'),
          vscode.l10n.t('Databases of the file, such as 0, 3; nothing for all'),
          'dbs',
          none,
          parseDatabases,
          vscode.l10n.t('Enter database numbers with commas between.'),
        ),
        text(
          vscode.l10n.t('Keys'),
          vscode.l10n.t('A pattern as KEYS has it, such as user:*; nothing for all'),
          'keys',
          none,
          anything,
          '',
        ),
        text(
          vscode.l10n.t('Commands'),
          vscode.l10n.t('Names of commands, such as SET, HSET; nothing for all'),
          'commands',
          none,
          parseCommandNames,
          vscode.l10n.t('Enter names of commands with commas between.'),
        ),
        {
          label: vscode.l10n.t('Kinds of commands'),
          value: choices.groups.length === 0 ? none : choices.groups.map(groupText).join(', '),
          changed: choices.groups.length > 0,
          change: async () => {
            const items = GROUPS.map((group) => ({
              label: groupText(group),
              picked: choices.groups.length === 0 || choices.groups.includes(group),
              group,
            }));
            const picked = await vscode.window.showQuickPick(items, { title, canPickMany: true, ignoreFocusOut: true });
            if (picked) choices.groups = picked.length === GROUPS.length ? [] : picked.map(({ group }) => group);
          },
        },
        flag(
          vscode.l10n.t('Commands that steer the server or empty databases'),
          'admin',
          vscode.l10n.t('left out'),
          vscode.l10n.t('replayed too'),
        ),
        ...(isAof
          ? [
              flag(
                vscode.l10n.t('RDB at the start of the AOF'),
                'commandsOnly',
                vscode.l10n.t('restored first'),
                vscode.l10n.t('left out'),
              ),
            ]
          : []),
      ],
    },
    {
      title: vscode.l10n.t('Where'),
      options: [
        databaseMapOption(title, choices),
        text(
          vscode.l10n.t('Remove a prefix of keys'),
          vscode.l10n.t('What is taken off the keys that begin with it'),
          'removePrefix',
          vscode.l10n.t('none'),
          anything,
          '',
        ),
        text(
          vscode.l10n.t('Add a prefix to keys'),
          vscode.l10n.t('What is put before all keys'),
          'addPrefix',
          vscode.l10n.t('none'),
          anything,
          '',
        ),
      ],
    },
    {
      title: vscode.l10n.t('How'),
      options: [
        {
          label: vscode.l10n.t('Pace'),
          value: paceText(choices),
          changed: choices.pace.kind !== 'full',
          change: () => changePace(title, choices, isAof),
        },
        flag(
          vscode.l10n.t('At an error'),
          'stopAtError',
          vscode.l10n.t('go on, and report it'),
          vscode.l10n.t('stop; commands are sent one by one'),
        ),
        flag(
          vscode.l10n.t('Begin'),
          'paused',
          vscode.l10n.t('at once'),
          vscode.l10n.t('paused before the first command, to go on step by step'),
        ),
        flag(
          vscode.l10n.t('Dry run'),
          'dryRun',
          vscode.l10n.t('no'),
          vscode.l10n.t('checks every command against the server, and writes nothing'),
        ),
      ],
    },
  ];
}

/** The option that says which database goes to which. */
export function databaseMapOption(title: string, choices: { dbMap: ReadonlyMap<number, number> }): MenuOption {
  return {
    label: vscode.l10n.t('Databases of the server'),
    value: choices.dbMap.size === 0 ? vscode.l10n.t('the same numbers') : databaseMapText(choices.dbMap),
    changed: choices.dbMap.size > 0,
    change: async () => {
      const map = await askText(
        title,
        vscode.l10n.t('Database of the file, a colon, database of the server: 0:3, 1:4; nothing for the same numbers'),
        databaseMapText(choices.dbMap),
        parseDatabaseMap,
        vscode.l10n.t('Enter pairs such as 0:3 with commas between.'),
      );
      if (map) choices.dbMap = map;
    },
  };
}

async function changePace(title: string, choices: ReplayChoices, isAof: boolean): Promise<void> {
  const kind = await choose(
    title,
    [
      { label: vscode.l10n.t('Full speed'), value: 'full' },
      { label: vscode.l10n.t('Commands a second…'), value: 'rate' },
      ...(isAof
        ? [
            {
              label: vscode.l10n.t('Original timing…'),
              detail: vscode.l10n.t('By the times that the server has written into the AOF'),
              value: 'speed',
            } as const,
          ]
        : []),
    ] as const,
    choices.pace.kind,
  );
  if (kind === 'full') choices.pace = { kind };
  if (kind !== 'rate' && kind !== 'speed') return;
  const value = await askText(
    title,
    kind === 'rate'
      ? vscode.l10n.t('Commands a second')
      : vscode.l10n.t('How many times as fast as it happened; 1 for the original timing'),
    kind === choices.pace.kind ? String(choices.pace.value) : kind === 'rate' ? '1000' : '1',
    parsePositive,
    vscode.l10n.t('Enter a number above 0.'),
  );
  if (value !== undefined) choices.pace = { kind, value };
}
