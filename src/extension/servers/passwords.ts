/** Passwords of servers: kept in the secret storage of the editor, asked for when they are needed, and nowhere else. */
import * as vscode from 'vscode';
import { addressLabel, type ConfiguredServer, identityOf } from './configured-server.js';

/** Whose password: that of the server, or that of the Sentinels that watch it. */
export type PasswordOwner = 'server' | 'sentinel';

/** Why a password is asked for. */
export type PasswordReason = 'required' | 'wrong' | 'new';

const PREFIX = 'redisPersistence.password ';

/** The passwords that are kept. */
export class Passwords {
  constructor(private readonly secrets: vscode.SecretStorage) {}

  get(server: ConfiguredServer, of: PasswordOwner = 'server'): Thenable<string | undefined> {
    return this.secrets.get(keyOf(server, of));
  }

  store(server: ConfiguredServer, password: string, of: PasswordOwner = 'server'): Thenable<void> {
    return this.secrets.store(keyOf(server, of), password);
  }

  async forget(server: ConfiguredServer): Promise<void> {
    await this.secrets.delete(keyOf(server, 'server'));
    if (server.mode === 'sentinel') await this.secrets.delete(keyOf(server, 'sentinel'));
  }

  /** Asks for a password and keeps it. @returns undefined if none is given. */
  async ask(
    server: ConfiguredServer,
    reason: PasswordReason,
    of: PasswordOwner = 'server',
  ): Promise<string | undefined> {
    const password = await vscode.window.showInputBox({
      title: vscode.l10n.t('Password of {0}', server.name),
      prompt: promptOf(server, reason, of),
      password: true,
      ignoreFocusOut: true,
    });
    if (password === undefined || password === '') return undefined;
    await this.store(server, password, of);
    return password;
  }
}

function keyOf(server: ConfiguredServer, of: PasswordOwner): string {
  return PREFIX + identityOf(server, of);
}

function promptOf(server: ConfiguredServer, reason: PasswordReason, of: PasswordOwner): string {
  const address = addressLabel(server);
  if (of === 'sentinel') {
    return reason === 'wrong'
      ? vscode.l10n.t('The Sentinel refuses the password. Enter the password of the Sentinels of {0}', address)
      : vscode.l10n.t('The Sentinel wants a password. Enter the password of the Sentinels of {0}', address);
  }
  const user = server.username ?? 'default';
  if (reason === 'new') return vscode.l10n.t('Enter the password of the user {0} at {1}', user, address);
  return reason === 'wrong'
    ? vscode.l10n.t('The server refuses the password. Enter the password of the user {0} at {1}', user, address)
    : vscode.l10n.t('The server wants a password. Enter the password of the user {0} at {1}', user, address);
}
