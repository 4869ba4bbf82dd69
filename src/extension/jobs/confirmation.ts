/** The last question before something is written to a server: what goes where, how, and what to be careful about. */
import * as vscode from 'vscode';
import { formatBytes, formatCount, formatTime } from '../../format/quantities.js';
import type { JobCaution, JobSummary } from '../../job-protocol.js';
import type { ConfiguredServer } from '../servers/configured-server.js';
import { versionText } from '../servers/server-nodes.js';
import { commandsText, keysText } from './count-texts.js';
import { placeText } from './result-texts.js';

/** A line of the summary: what it is about, and what is to be said. */
export type SummaryLine = readonly [label: string, text: string];

/** What goes where. @param how what was chosen, in words. */
export function summaryLines(
  file: string,
  server: ConfiguredServer,
  summary: JobSummary,
  what: readonly string[],
  how: readonly string[],
): SummaryLine[] {
  const { commands, keys, expires = 0, functions, bytes, files, timeRange, server: facts } = summary;
  const source = [
    ...what,
    ...(files > 1 ? [vscode.l10n.t('{0} files', formatCount(files))] : []),
    ...(commands === undefined ? [] : [commandsText(commands)]),
    ...(keys > 0 || commands === undefined
      ? [
          commands === undefined
            ? keysText(keys)
            : keys === 1
              ? vscode.l10n.t('an RDB of 1 key')
              : vscode.l10n.t('an RDB of {0} keys', formatCount(keys)),
        ]
      : []),
    ...(expires > 0 ? [vscode.l10n.t('{0} with an expiry', formatCount(expires))] : []),
    ...(functions === 1 ? [vscode.l10n.t('1 function library')] : []),
    ...(functions > 1 ? [vscode.l10n.t('{0} function libraries', formatCount(functions))] : []),
    formatBytes(bytes),
    ...(timeRange
      ? [vscode.l10n.t('{0} to {1} UTC', formatTime(timeRange[0] * 1000), formatTime(timeRange[1] * 1000))]
      : []),
  ];
  const there = facts.databases.map(({ db, keys: count }) =>
    count === 1
      ? vscode.l10n.t('1 key in database {0}', db)
      : vscode.l10n.t('{0} keys in database {1}', formatCount(count), db),
  );
  const target = [
    `${server.name} (${facts.address})`,
    versionText(facts),
    facts.role === 'master' ? vscode.l10n.t('primary') : facts.role,
    facts.nodes === undefined ? facts.mode : vscode.l10n.t('cluster of {0} primaries', formatCount(facts.nodes)),
    ...(facts.user === undefined ? [] : [vscode.l10n.t('user {0}', facts.user)]),
    ...(there.length === 0 ? [vscode.l10n.t('no keys')] : there),
  ];
  return [
    [vscode.l10n.t('From'), `${file}: ${source.join(', ')}`],
    [vscode.l10n.t('To'), target.join(', ')],
    ...(how.length === 0 ? [] : [[vscode.l10n.t('How'), how.join(', ')] as const]),
    ...summary.cautions.map((caution): SummaryLine => [vscode.l10n.t('Caution'), cautionText(caution)]),
  ];
}

function cautionText(caution: JobCaution): string {
  switch (caution.kind) {
    case 'memory':
      return vscode.l10n.t(
        'The memory of the server may not be enough: it uses {0} of {1}, and about {2} come to it.',
        formatBytes(caution.used),
        formatBytes(caution.limit),
        formatBytes(caution.needed),
      );
    case 'eviction':
      return vscode.l10n.t(
        'The memory of the server may not be enough: it uses {0} of {1}, about {2} come to it, and by its policy {3} it then removes keys.',
        formatBytes(caution.used),
        formatBytes(caution.limit),
        formatBytes(caution.needed),
        caution.policy,
      );
    case 'scripts':
      return scriptsText(caution);
    case 'damaged':
      return vscode.l10n.t('The file is damaged; what is intact is restored.');
  }
}

function scriptsText({ count, naming, first, unread, sent }: Extract<JobCaution, { kind: 'scripts' }>): string {
  const places = first.map(({ command, file, offset }) => `${command}: ${placeText({ file, offset })}`).join('; ');
  const list = naming > first.length ? `${places} …` : places;
  return [
    count === 1
      ? vscode.l10n.t('1 command runs or loads a script; what it does is known only as far as its text names it.')
      : vscode.l10n.t(
          '{0} commands run or load scripts; what they do is known only as far as their text names it.',
          formatCount(count),
        ),
    ...(naming === 0
      ? []
      : [
          sent
            ? vscode.l10n.t(
                'Sent too, though naming what steers the server or empties databases: {0} ({1}).',
                formatCount(naming),
                list,
              )
            : vscode.l10n.t(
                'Left out for naming what steers the server or empties databases: {0} ({1}).',
                formatCount(naming),
                list,
              ),
        ]),
    ...(unread > 0 ? [vscode.l10n.t('{0} of them are read only when they are sent.', formatCount(unread))] : []),
  ].join(' ');
}

/**
 * Asks whether to go on. A protected server asks for its name to be typed as well.
 *
 * @param question the sentence above the summary. @param action the word on the button.
 */
export async function confirmed(
  server: ConfiguredServer,
  question: string,
  action: string,
  lines: readonly SummaryLine[],
): Promise<boolean> {
  const caution = vscode.l10n.t('Caution');
  const detail = lines.map(([label, text]) => `${label === caution ? '\n' : ''}${label}: ${text}`).join('\n');
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, action);
  if (chosen !== action) return false;
  if (!server.protected) return true;
  const typed = await vscode.window.showInputBox({
    title: question,
    prompt: vscode.l10n.t('{0} is protected. Type its name to write to it.', server.name),
    placeHolder: server.name,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === '' || text === server.name ? undefined : vscode.l10n.t('This is not the name of the server.'),
  });
  return typed === server.name;
}
