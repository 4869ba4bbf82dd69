/** The servers that the user has configured, and the way to them: choosing one, its passwords, whether we may connect. */
import * as vscode from 'vscode';
import { sentence } from '../../format/messages.js';
import { addressText } from '../../server/address.js';
import type { ServerTarget } from '../../server/target.js';
import { addressLabel, type ConfiguredServer, entryOf, type ServerCredentials, targetOf } from './configured-server.js';
import { type ServerFailure, wantsPassword } from './connection-errors.js';
import { Passwords } from './passwords.js';
import { readServers, SETTING, type SettingProblem } from './server-settings.js';

/** The command that adds a server; it gives back the server, or undefined. With `isAside` the view stays as it is. */
export const ADD_SERVER = 'redisPersistence.addServer';

/** The servers of the settings. */
export class Servers implements vscode.Disposable {
  private settings = readServers(undefined);
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listening: vscode.Disposable;
  readonly passwords: Passwords;
  /** The list, or an entry of it, is another one. */
  readonly onDidChange = this.changed.event;

  /** @param reachable false where there are no sockets: in a browser. */
  constructor(
    secrets: vscode.SecretStorage,
    private readonly reachable: boolean,
  ) {
    this.passwords = new Passwords(secrets);
    this.read();
    this.listening = vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(SETTING)) return;
      this.read();
      this.changed.fire();
    });
  }

  dispose(): void {
    this.listening.dispose();
    this.changed.dispose();
  }

  private read(): void {
    this.settings = readServers(ownValue());
  }

  /** All servers that can be used, in the order of the setting. */
  get list(): readonly ConfiguredServer[] {
    return this.settings.servers;
  }

  /** What is wrong with entries of the setting. */
  get problems(): readonly SettingProblem[] {
    return this.settings.problems;
  }

  /** The server that a command was given: a server, something that has one, or its name; undefined for anything else. */
  from(argument: unknown): ConfiguredServer | undefined {
    if (typeof argument === 'string') return this.list.find(({ name }) => name === argument);
    if (typeof argument !== 'object' || argument === null) return undefined;
    if ('server' in argument) return this.from(argument.server);
    if ('owner' in argument) return this.from(argument.owner);
    return 'name' in argument ? this.from(argument.name) : undefined;
  }

  /**
   * Whether servers can and may be reached; says why not, where not. Everything that connects asks this first: an
   * untrusted workspace must not make us speak to a server.
   */
  mayConnect(): boolean {
    if (!this.reachable) {
      void vscode.window.showErrorMessage(
        vscode.l10n.t(
          'In a browser there are no connections to servers. Open the folder in VS Code on a machine, or over Remote - SSH.',
        ),
      );
      return false;
    }
    if (vscode.workspace.isTrusted) return true;
    const manage = vscode.l10n.t('Manage Workspace Trust');
    void vscode.window
      .showWarningMessage(
        vscode.l10n.t('This workspace is not trusted, so that no connection to a server is made. Trust it first.'),
        manage,
      )
      .then((chosen) => chosen === manage && vscode.commands.executeCommand('workbench.trust.manage'));
    return false;
  }

  /**
   * Lets the user choose a server, or add one.
   *
   * @param purpose the title: what the server is for.
   * @returns undefined if none is chosen, or none may be reached, which is said.
   */
  async pickServer(purpose: string): Promise<ConfiguredServer | undefined> {
    if (!this.mayConnect()) return undefined;
    const add = { label: `$(add) ${vscode.l10n.t('Add Server…')}`, alwaysShow: true, server: undefined };
    const servers = this.list.map((server) => ({
      label: server.name,
      description: addressLabel(server),
      ...(server.protected
        ? { detail: `$(lock) ${vscode.l10n.t('Protected: writing to it is confirmed by its name')}` }
        : {}),
      server,
    }));
    const chosen = await vscode.window.showQuickPick([...servers, add], {
      title: purpose,
      placeHolder: servers.length === 0 ? vscode.l10n.t('There is no server yet') : vscode.l10n.t('Choose a server'),
      matchOnDescription: true,
      ignoreFocusOut: true,
    });
    if (!chosen) return undefined;
    return chosen.server ?? vscode.commands.executeCommand<ConfiguredServer | undefined>(ADD_SERVER, { isAside: true });
  }

  /** The passwords that are kept for a server; nothing is asked. */
  async credentialsOf(server: ConfiguredServer): Promise<ServerCredentials> {
    const password = await this.passwords.get(server);
    const sentinelPassword = server.mode === 'sentinel' ? await this.passwords.get(server, 'sentinel') : undefined;
    return {
      ...(password === undefined ? {} : { password }),
      ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
    };
  }

  /** What a worker needs to connect, with the passwords that are kept. */
  async targetOf(server: ConfiguredServer): Promise<ServerTarget> {
    return targetOf(server, await this.credentialsOf(server));
  }

  /**
   * Asks for the password that a failure says is missing or wrong, and keeps it.
   *
   * @param failure `auth-required` or `wrong-password`.
   * @returns whether there is a new one to try again with.
   */
  async askPassword(server: ConfiguredServer, failure: ServerFailure): Promise<boolean> {
    const { sentinel } = targetOf(server, {});
    const ofSentinel = sentinel?.addresses.some((address) => addressText(address) === failure.args[0]) ?? false;
    const reason = failure.code === 'wrong-password' ? 'wrong' : 'required';
    return (await this.passwords.ask(server, reason, ofSentinel ? 'sentinel' : 'server')) !== undefined;
  }

  /**
   * Does something that connects, and asks for the password as long as it is missing or wrong.
   *
   * @param connect throws ServerError.
   * @returns undefined if no password was given. @throws what `connect` throws otherwise.
   */
  async withPassword<Result>(
    server: ConfiguredServer,
    connect: (target: ServerTarget) => Promise<Result>,
  ): Promise<Result | undefined> {
    for (;;) {
      try {
        return await connect(await this.targetOf(server));
      } catch (error) {
        if (!wantsPassword(error)) throw error;
        if (!(await this.askPassword(server, error))) return undefined;
      }
    }
  }

  /** Adds a server to the setting of the user, or puts it in the place of another. */
  async save(server: ConfiguredServer, replaced?: ConfiguredServer): Promise<void> {
    const entries = [...entriesOf(ownValue())];
    const at = replaced ? entries.findIndex((entry) => isEntryOf(entry, replaced)) : -1;
    if (at < 0) entries.push(entryOf(server));
    else entries[at] = entryOf(server);
    await this.write(entries);
  }

  /** Takes a server out of the setting, and forgets its passwords. */
  async remove(server: ConfiguredServer): Promise<void> {
    await this.passwords.forget(server);
    await this.write(entriesOf(ownValue()).filter((entry) => !isEntryOf(entry, server)));
  }

  private async write(entries: readonly unknown[]): Promise<void> {
    const setting = vscode.workspace.getConfiguration();
    await setting.update(SETTING, entries.length === 0 ? undefined : entries, vscode.ConfigurationTarget.Global);
    // Who is told of the change comes later than who waits for it to be written.
    this.read();
  }
}

/** The setting as this machine has it: a folder can say nothing about servers. */
function ownValue(): unknown {
  return vscode.workspace.getConfiguration().inspect(SETTING)?.globalValue;
}

function entriesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isEntryOf(entry: unknown, server: ConfiguredServer): boolean {
  return readServers([entry]).servers[0]?.name === server.name;
}

/** The sentence of a problem of the setting. */
export function problemText({ entry, template, args }: SettingProblem): string {
  const words = sentence(template, args, vscode.l10n.t);
  return entry === 0 ? words : vscode.l10n.t('Entry {0} of {1}: {2}', entry, SETTING, words);
}
