/** The questions about a server, each a box or a list: where it is, TLS, the user, its name, whether it is protected. */
import * as vscode from 'vscode';
import { addressText, type TlsOptions } from '../../server/address.js';
import { ServerError } from '../../server/errors.js';
import { addressOf, type ConfiguredServer } from './configured-server.js';
import { failureText } from './connection-errors.js';
import type { Servers } from './servers.js';
import { parseTypedAddress, type TypedAddress } from './typed-address.js';

/** What is being done: a server is added, or one is edited. */
export function titleOf(edited?: string): string {
  return edited === undefined ? vscode.l10n.t('Add Server') : vscode.l10n.t('Edit {0}', edited);
}

/** Asks for the address. @param before what was there. */
export async function askAddress(
  title: string,
  before: ConfiguredServer | undefined,
): Promise<TypedAddress | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t(
      'A URL (redis://, rediss://, unix://, redis+sentinel://), host:port, or the path of a Unix socket. A password in the URL goes to the secret storage.',
    ),
    placeHolder: 'redis://localhost:6379',
    value: before ? addressText(addressOf(before)) : '',
    ignoreFocusOut: true,
    validateInput: (value) => addressProblem(value),
  });
  return text === undefined ? undefined : parseTypedAddress(text === '' ? 'redis://localhost:6379' : text);
}

function addressProblem(text: string): string | undefined {
  try {
    parseTypedAddress(text);
    return undefined;
  } catch (error) {
    if (error instanceof ServerError) return failureText(error);
    throw error;
  }
}

/** Asks for TLS. @returns undefined if the user gave up. */
export async function askTls(title: string): Promise<{ readonly tls: TlsOptions | undefined } | undefined> {
  const file = { label: vscode.l10n.t('TLS, trusting a certificate authority of a file…'), kindOf: 'file' } as const;
  const items = [
    { label: vscode.l10n.t('No TLS'), description: vscode.l10n.t('everything can be read on the way'), kindOf: 'none' },
    { label: vscode.l10n.t('TLS, trusting what the system trusts'), kindOf: 'system' },
    file,
    {
      label: vscode.l10n.t('TLS, trusting any certificate'),
      description: vscode.l10n.t('somebody between us and the server can read everything'),
      kindOf: 'any',
    },
  ] as const;
  const chosen = await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true });
  if (!chosen) return undefined;
  if (chosen.kindOf === 'none') return { tls: undefined };
  if (chosen.kindOf !== 'file') return { tls: { verify: chosen.kindOf === 'system' } };
  const [ca] = (await vscode.window.showOpenDialog({ title: chosen.label, canSelectMany: false })) ?? [];
  return ca && { tls: { caFile: ca.fsPath, verify: true } };
}

/** Asks for the user; empty for the default one. */
export function askUser(title: string, before: string | undefined): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('User (ACL), from Redis 6 on. Leave it empty for the default user.'),
    value: before ?? '',
    ignoreFocusOut: true,
  });
}

/** Asks for the name. @param found what is there, for the prompt. */
export async function askName(
  servers: Servers,
  proposed: string,
  found: string | undefined,
  own?: string,
): Promise<string | undefined> {
  const name = await vscode.window.showInputBox({
    title: found === undefined ? titleOf(own) : vscode.l10n.t('Found: {0}', found),
    prompt: vscode.l10n.t('What the server is called'),
    value: freeName(servers, proposed, own),
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() === ''
        ? vscode.l10n.t('Enter a name.')
        : value.trim() !== own && servers.from(value.trim())
          ? vscode.l10n.t('Another server has the name {0} already.', value.trim())
          : undefined,
  });
  return name?.trim();
}

function freeName(servers: Servers, proposed: string, own: string | undefined): string {
  let name = proposed;
  for (let number = 2; name !== own && servers.from(name); number++) name = `${proposed} ${number}`;
  return name;
}

/** Asks whether writing has to be confirmed. */
export async function askProtection(name: string): Promise<boolean | undefined> {
  const chosen = await vscode.window.showQuickPick(
    [
      {
        label: vscode.l10n.t('Not protected'),
        description: vscode.l10n.t('for tests and development'),
        isProtected: false,
      },
      {
        label: `$(lock) ${vscode.l10n.t('Protected')}`,
        description: vscode.l10n.t('whatever writes to it is confirmed by typing {0}', name),
        isProtected: true,
      },
    ],
    { title: titleOf(), ignoreFocusOut: true },
  );
  return chosen?.isProtected;
}
