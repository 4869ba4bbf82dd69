/** Registers what there is for servers: commands and views. */
import * as vscode from 'vscode';
import { addServer } from './add-server.js';
import { CommandConsoles } from './command-console.js';
import { addressLabel, type ConfiguredServer } from './configured-server.js';
import { editServer, openServerSettings, removeServer } from './edit-server.js';
import { LAG_VIEW, LagView } from './lag-view.js';
import { openServerFile } from './server-files.js';
import type { ConnectTarget } from './server-link.js';
import { ServerLinks } from './server-links.js';
import { problemText, type Servers } from './servers.js';
import { showServers } from './servers-view.js';
import { SERVERS_VIEW } from './servers-view-id.js';

/** Connects to a server, and shows the view where it is to be seen. */
async function showConnected(links: ServerLinks, server: ConfiguredServer): Promise<void> {
  await links.reach(server);
  await vscode.commands.executeCommand(`${SERVERS_VIEW}.focus`);
}

/** Registers all of it. */
export function registerServers(
  servers: Servers,
  extensionUri: vscode.Uri,
  connect: ConnectTarget,
  log: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const links = new ServerLinks(servers, connect);
  const consoles = new CommandConsoles(servers, links, connect);
  const lag = new LagView(extensionUri, links);
  const register = (name: string, run: (...args: unknown[]) => unknown) =>
    vscode.commands.registerCommand(`redisPersistence.${name}`, run);
  /** A command for a server: the one that it is given, else one that is chosen. */
  const withServer = (name: string, purpose: () => string, run: (server: ConfiguredServer) => unknown) =>
    register(name, async (argument) => {
      const server = servers.from(argument) ?? (await servers.pickServer(purpose()));
      return server && run(server);
    });
  const tellProblems = () => {
    for (const problem of servers.problems) log.warn(problemText(problem));
  };
  tellProblems();
  return [
    servers,
    links,
    consoles,
    ...showServers(servers, links, (name) => lag.select(name)),
    vscode.window.registerWebviewViewProvider(LAG_VIEW, lag),
    servers.onDidChange(tellProblems),
    register('addServer', async (argument) => {
      const server = await addServer(servers, connect);
      const isAside = typeof argument === 'object' && argument !== null && 'isAside' in argument;
      if (server && !isAside) await showConnected(links, server);
      return server;
    }),
    withServer(
      'connectServer',
      () => vscode.l10n.t('Connect'),
      (server) => servers.mayConnect() && showConnected(links, server),
    ),
    withServer(
      'disconnectServer',
      () => vscode.l10n.t('Disconnect'),
      (server) => links.of(server).disconnect(),
    ),
    withServer(
      'runCommand',
      () => vscode.l10n.t('Run Command'),
      (server) => consoles.open(server),
    ),
    withServer(
      'openServerDump',
      () => vscode.l10n.t('Open RDB of Server'),
      (server) => servers.mayConnect() && openServerFile(links, server, 'rdb'),
    ),
    withServer(
      'openServerAof',
      () => vscode.l10n.t('Open AOF of Server'),
      (server) => servers.mayConnect() && openServerFile(links, server, 'aof'),
    ),
    withServer(
      'editServer',
      () => vscode.l10n.t('Edit Server'),
      (server) => editServer(servers, server),
    ),
    withServer(
      'removeServer',
      () => vscode.l10n.t('Remove Server'),
      (server) => removeServer(servers, server),
    ),
    withServer(
      'copyServerAddress',
      () => vscode.l10n.t('Copy Address'),
      (server) => vscode.env.clipboard.writeText(addressLabel(server)),
    ),
    withServer(
      'forgetPassword',
      () => vscode.l10n.t('Forget Password'),
      async (server) => {
        await servers.passwords.forget(server);
        links.of(server).disconnect();
        void vscode.window.showInformationMessage(vscode.l10n.t('The password of {0} was forgotten.', server.name));
      },
    ),
    register('refreshServers', () => links.refresh()),
    register('openServerSettings', () => openServerSettings()),
  ];
}
