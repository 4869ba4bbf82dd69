/** The options of a restore: what is chosen, the menu that changes it, and its words for the confirmation. */
import * as vscode from 'vscode';
import type { RestoreJobOptions } from '../../job-protocol.js';
import type { ConfiguredServer } from '../servers/configured-server.js';
import { choose, type MenuGroup, optionMenu } from './option-menu.js';
import { databaseMapOption } from './replay-choices.js';

/** What is chosen for a restore. */
export interface RestoreChoices {
  existing: RestoreJobOptions['existing'];
  keepExpired: boolean;
  asCommands: boolean;
  dbMap: ReadonlyMap<number, number>;
  dryRun: boolean;
}

function existingText(existing: RestoreChoices['existing']): string {
  switch (existing) {
    case 'skip':
      return vscode.l10n.t('left alone, and counted');
    case 'replace':
      return vscode.l10n.t('replaced');
    case 'error':
      return vscode.l10n.t('left alone, and reported one by one');
  }
}

/** Shows the choices until the user goes on. */
export function askChoices(title: string, server: ConfiguredServer, choices: RestoreChoices): Promise<boolean> {
  return optionMenu(`${title} → ${server.name}`, () => ({
    go: choices.dryRun
      ? { label: vscode.l10n.t('Dry run'), detail: vscode.l10n.t('Writes nothing') }
      : { label: vscode.l10n.t('Restore'), detail: vscode.l10n.t('Shows what goes where, and asks once more') },
    groups: menu(title, choices),
  }));
}

function menu(title: string, choices: RestoreChoices): readonly MenuGroup[] {
  const flag = (label: string, field: 'keepExpired' | 'asCommands' | 'dryRun', off: string, on: string) => ({
    label,
    value: choices[field] ? on : off,
    changed: choices[field],
    change: async () => {
      choices[field] = !choices[field];
    },
  });
  return [
    {
      title: vscode.l10n.t('How'),
      options: [
        {
          label: vscode.l10n.t('Keys that the server has'),
          value: existingText(choices.existing),
          changed: choices.existing !== 'skip',
          change: async () => {
            const existing = (['skip', 'replace', 'error'] as const).map((value) => ({
              label: existingText(value),
              value,
            }));
            choices.existing = (await choose(title, existing, choices.existing)) ?? choices.existing;
          },
        },
        databaseMapOption(title, choices),
        flag(
          vscode.l10n.t('Expired keys'),
          'keepExpired',
          vscode.l10n.t('left out'),
          vscode.l10n.t('restored without their expiry'),
        ),
        flag(
          vscode.l10n.t('Values'),
          'asCommands',
          vscode.l10n.t('by RESTORE with the bytes of the file, where the server takes them'),
          vscode.l10n.t('all built by commands'),
        ),
        flag(
          vscode.l10n.t('Dry run'),
          'dryRun',
          vscode.l10n.t('no'),
          vscode.l10n.t('asks the server which of the keys it has, and writes nothing'),
        ),
      ],
    },
  ];
}

/** What was chosen, in words. */
export function howWords({ existing, keepExpired, asCommands, dbMap }: RestoreChoices): string[] {
  return [
    vscode.l10n.t('keys that the server has are {0}', existingText(existing)),
    keepExpired ? vscode.l10n.t('expired keys without their expiry') : vscode.l10n.t('without expired keys'),
    ...[...dbMap].map(([from, to]) => vscode.l10n.t('database {0} to {1}', from, to)),
    ...(asCommands ? [vscode.l10n.t('built by commands')] : []),
  ];
}
