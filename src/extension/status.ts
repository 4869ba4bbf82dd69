/** The status item: what the active editor shows, in a few words. */
import * as vscode from 'vscode';
import type { AofSummary } from '../aof-protocol.js';
import type { Summary } from '../protocol.js';
import type { ActiveEditor } from './active-editor.js';
import { verdictReason, verdictWords } from './verdict.js';

interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  readonly warning: boolean;
}

/** Shows the item while an editor of the extension is active. */
export function showStatus(active: ActiveEditor): vscode.Disposable[] {
  const item = vscode.window.createStatusBarItem('redisPersistence.status', vscode.StatusBarAlignment.Right, 100);
  item.name = vscode.l10n.t('Redis Persistence');
  item.command = 'redisPersistence.showProblems';
  const update = () => {
    const editor = active.current;
    if (!editor) {
      item.hide();
      return;
    }
    const { summary, aofSummary, kind } = editor;
    const { text, tooltip, warning } =
      kind === 'aof'
        ? aofSummary
          ? ofCommands(aofSummary)
          : opening('AOF')
        : summary
          ? ofKeys(summary)
          : opening('RDB');
    item.text = text;
    item.tooltip = tooltip;
    item.backgroundColor = warning ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    item.show();
  };
  return [item, active.onDidChange(update)];
}

function opening(format: string): StatusText {
  return { text: `$(loading~spin) ${format}`, tooltip: vscode.l10n.t('The file is being opened'), warning: false };
}

function ofKeys(summary: Summary): StatusText {
  if (summary.state === 'scanning') {
    const tooltip = vscode.l10n.t('{0} keys were found so far', summary.keys.toLocaleString('en-US'));
    return { text: `$(loading~spin) RDB ${percent(summary)} %`, tooltip, warning: false };
  }
  const problems = summary.problems.length + summary.moreProblems;
  const keys = summary.keys === 1 ? vscode.l10n.t('1 key') : vscode.l10n.t('{0} keys', count(summary.keys));
  const icon = problems > 0 ? '$(warning)' : '$(database)';
  return {
    text: `${icon} ${summary.magic ?? 'RDB'}: ${keys}`,
    tooltip: problemsText(problems),
    warning: problems > 0,
  };
}

function ofCommands(summary: AofSummary): StatusText {
  if (summary.state === 'scanning') {
    const tooltip = vscode.l10n.t('{0} commands were found so far', count(summary.commands));
    return { text: `$(loading~spin) AOF ${percent(summary)} %`, tooltip, warning: false };
  }
  const problems = summary.problems.length + summary.moreProblems;
  const warning = problems > 0 || (summary.verdict !== null && summary.verdict !== 'loads');
  const commands =
    summary.commands === 1 ? vscode.l10n.t('1 command') : vscode.l10n.t('{0} commands', count(summary.commands));
  const words = [commands, verdictWords(summary)].filter((part) => part !== '').join(', ');
  const tooltip = [verdictReason(summary), problemsText(problems)].filter((part) => part !== '').join('\n');
  return { text: `${warning ? '$(warning)' : '$(database)'} AOF: ${words}`, tooltip, warning };
}

function percent({ scanned, bytes }: { readonly scanned: number; readonly bytes: number }): number {
  return Math.floor((100 * scanned) / Math.max(1, bytes));
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

function problemsText(problems: number): string {
  if (problems === 0) return vscode.l10n.t('No problem was found');
  return problems === 1
    ? vscode.l10n.t('1 problem; select to see it')
    : vscode.l10n.t('{0} problems; select to see them', problems);
}
