/** Registers what there is for servers: commands and views. */
import * as vscode from 'vscode';
import { problemText, type Servers } from './servers.js';

/** Registers all of it. */
export function registerServers(servers: Servers, log: vscode.LogOutputChannel): vscode.Disposable[] {
  const register = (name: string, run: (...args: unknown[]) => unknown) =>
    vscode.commands.registerCommand(`redisPersistence.${name}`, run);
  const tellProblems = () => {
    for (const problem of servers.problems) log.warn(problemText(problem));
  };
  tellProblems();
  return [
    servers,
    servers.onDidChange(tellProblems),
    register('forgetPassword', async (argument) => {
      const server = servers.from(argument) ?? (await servers.pickServer(vscode.l10n.t('Forget Password')));
      if (!server) return;
      await servers.passwords.forget(server);
      void vscode.window.showInformationMessage(vscode.l10n.t('The password of {0} was forgotten.', server.name));
    }),
  ];
}
