/** Puts the parts of the extension together. */
import * as vscode from 'vscode';
import { ActiveEditor } from './active-editor.js';
import { registerCommands } from './commands.js';
import { registerLanguages } from './language/register.js';
import type { ExtensionPlatform } from './platform.js';
import { ANY_FILE_VIEW, RDB_VIEW, RdbEditorProvider } from './rdb-editor.js';
import { showStatus } from './status.js';

/** Registers the editors, the commands, the status item, and what helps with text documents. */
export function activateExtension(context: vscode.ExtensionContext, platform: ExtensionPlatform): void {
  const log = vscode.window.createOutputChannel(vscode.l10n.t('Redis Persistence'), { log: true });
  const active = new ActiveEditor();
  const provider = new RdbEditorProvider(context, platform, active, log);
  context.subscriptions.push(log, active, provider);
  for (const view of [RDB_VIEW, ANY_FILE_VIEW]) {
    context.subscriptions.push(
      vscode.window.registerCustomEditorProvider(view, provider, {
        supportsMultipleEditorsPerDocument: true,
        // What was scrolled, selected and opened stays as it is while the tab is in the background.
        webviewOptions: { retainContextWhenHidden: true },
      }),
    );
  }
  context.subscriptions.push(
    ...registerCommands(active, log),
    ...showStatus(active),
    ...registerLanguages(context, platform, log),
  );
  log.info(`Persistence Explorer ${(context.extension.packageJSON as { version: string }).version}`);
}
