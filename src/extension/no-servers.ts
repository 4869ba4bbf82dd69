/** Where there are no sockets: the commands for servers say so, and the view is empty. */
import * as vscode from 'vscode';
import type { Servers } from './servers/servers.js';
import { SERVERS_VIEW } from './servers/servers-view-id.js';

/** The commands that are about servers. */
export const SERVER_COMMANDS = [
  'addServer',
  'connectServer',
  'disconnectServer',
  'runCommand',
  'openServerDump',
  'openServerAof',
  'editServer',
  'removeServer',
  'copyServerAddress',
  'forgetPassword',
  'refreshServers',
  'openServerSettings',
  'replayAof',
  'replayFrom',
  'replayUpTo',
  'replaySelection',
  'resumeReplay',
  'restoreRdb',
  'captureSnapshot',
  'captureAndFollow',
  'openKeyspaceAt',
] as const;

/** Registers what says that there are no servers. */
export function registerNoServers(servers: Servers): vscode.Disposable[] {
  const nothing: vscode.TreeDataProvider<never> = { getChildren: () => [], getTreeItem: (element) => element };
  return [
    servers,
    vscode.window.registerTreeDataProvider(SERVERS_VIEW, nothing),
    ...SERVER_COMMANDS.map((name) =>
      vscode.commands.registerCommand(`redisPersistence.${name}`, () => void servers.mayConnect()),
    ),
  ];
}
