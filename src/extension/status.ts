/** The status item: what the active editor shows, in a few words. */
import * as vscode from 'vscode';
import type { ActiveEditor } from './active-editor.js';

/** Shows the item while an editor of the extension is active. */
export function showStatus(active: ActiveEditor): vscode.Disposable[] {
  const item = vscode.window.createStatusBarItem('redisPersistence.status', vscode.StatusBarAlignment.Right, 100);
  item.name = vscode.l10n.t('Redis Persistence');
  const update = () => {
    const summary = active.current?.summary;
    if (!active.current) {
      item.hide();
      return;
    }
    item.command = 'redisPersistence.showProblems';
    item.backgroundColor = undefined;
    if (!summary) {
      item.text = `$(loading~spin) RDB`;
      item.tooltip = vscode.l10n.t('The file is being opened');
    } else if (summary.state === 'scanning') {
      const percent = Math.floor((100 * summary.scanned) / Math.max(1, summary.bytes));
      item.text = `$(loading~spin) RDB ${percent} %`;
      item.tooltip = vscode.l10n.t('{0} keys were found so far', summary.keys.toLocaleString('en-US'));
    } else {
      const problems = summary.problems.length + summary.moreProblems;
      const icon = problems > 0 ? '$(warning)' : '$(database)';
      item.text = `${icon} ${summary.magic ?? 'RDB'}: ${summary.keys === 1 ? vscode.l10n.t('1 key') : vscode.l10n.t('{0} keys', summary.keys.toLocaleString('en-US'))}`;
      item.tooltip =
        problems === 0
          ? vscode.l10n.t('No problem was found')
          : problems === 1
            ? vscode.l10n.t('1 problem; select to see it')
            : vscode.l10n.t('{0} problems; select to see them', problems);
      if (problems > 0) item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
    }
    item.show();
  };
  return [item, active.onDidChange(update)];
}
