/** Puts the parts of the extension together. */
import * as vscode from 'vscode';
import { ActiveEditor } from './active-editor.js';
import { registerCommands } from './commands.js';
import { registerCompare } from './compare/register.js';
import { FileEditorProvider, VIEW_TYPES } from './file-editor.js';
import { FindingDiagnostics } from './findings.js';
import { registerLanguages } from './language/register.js';
import type { ExtensionPlatform } from './platform.js';
import { Servers } from './servers/servers.js';
import { showStatus } from './status.js';

/** Registers the editors, the commands, the status item, and what helps with text documents. */
export function activateExtension(context: vscode.ExtensionContext, platform: ExtensionPlatform): void {
  const log = vscode.window.createOutputChannel(vscode.l10n.t('Redis Persistence'), { log: true });
  const active = new ActiveEditor();
  const findings = new FindingDiagnostics();
  context.subscriptions.push(log, active, findings);
  for (const [kind, view] of [
    ['rdb', VIEW_TYPES.rdb],
    ['aof', VIEW_TYPES.aof],
    [undefined, VIEW_TYPES.anyFile],
  ] as const) {
    const provider = new FileEditorProvider(kind, context, platform, active, findings, log);
    context.subscriptions.push(
      provider,
      vscode.window.registerCustomEditorProvider(view, provider, {
        supportsMultipleEditorsPerDocument: true,
        // What was scrolled, selected and opened stays as it is while the tab is in the background.
        webviewOptions: { retainContextWhenHidden: true },
      }),
    );
  }
  void vscode.commands.executeCommand('setContext', 'redisPersistence.hasSockets', platform.connect !== undefined);
  const servers = new Servers(context.secrets, platform.connect !== undefined);
  context.subscriptions.push(
    ...platform.registerServers(active, servers, context, log),
    ...registerCommands(active, context, platform, log),
    ...registerCompare(active, servers, context, platform, log),
    ...showStatus(active),
    ...registerLanguages(context, platform, log),
  );
  log.info(`Persistence Explorer ${(context.extension.packageJSON as { version: string }).version}`);
}
