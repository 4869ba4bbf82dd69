/** What is said when a server cannot be used: in the words of the editor, with what can be done there. */
import * as vscode from 'vscode';
import { ServerError, type ServerErrorCode } from '../../server/errors.js';

/** An error of a server as data, as a worker sends it. */
export interface ServerFailure {
  readonly code: ServerErrorCode;
  readonly args: readonly (string | number)[];
}

/** True if another password may help. */
export function wantsPassword(error: unknown): error is ServerError {
  return error instanceof ServerError && (error.code === 'auth-required' || error.code === 'wrong-password');
}

/** The sentence of an error. It never holds a password. */
export function serverErrorText(error: unknown): string {
  if (error instanceof ServerError) return failureText(error);
  return error instanceof Error ? error.message : String(error);
}

/** The sentence of a failure. @param args as those of {@link ServerError}: the address first, where there is one. */
export function failureText({ code, args }: ServerFailure): string {
  const [address = '', detail = '', more = ''] = args;
  switch (code) {
    case 'not-found':
      return vscode.l10n.t('The name {1} is not known. Check the host of {0} in the settings.', address, detail);
    case 'unreachable':
      return vscode.l10n.t(
        '{0} cannot be reached ({1}). Check that the server runs and that its port is open.',
        address,
        detail,
      );
    case 'connect-timeout':
      return vscode.l10n.t('{0} has not answered within {1} seconds. Check host, port and firewall.', address, detail);
    case 'certificate':
      return vscode.l10n.t(
        'The certificate of {0} is not trusted: {1}. Name the file of its authority in the setting (tls.ca).',
        address,
        detail,
      );
    case 'tls-file':
      return vscode.l10n.t(
        'The TLS file {0} cannot be used: {1}. Check the tls fields in the settings.',
        address,
        detail,
      );
    case 'no-tls':
      return vscode.l10n.t(
        '{0} does not speak TLS. Leave tls out of the settings of the server if the connection may be open to others.',
        address,
      );
    case 'auth-required':
      return vscode.l10n.t('{0} wants a password.', address);
    case 'wrong-password':
      return vscode.l10n.t('{0} refuses the password or the user. Check both.', address);
    case 'no-users':
      return vscode.l10n.t(
        '{0} is older than Redis 6 and knows no users. Leave the user out of the settings.',
        address,
      );
    case 'refused':
      return vscode.l10n.t('{0} refuses the connection: {1}', address, detail);
    case 'timeout':
      return vscode.l10n.t('{0} has not answered a command within {1} seconds.', address, detail);
    case 'closed':
      return vscode.l10n.t('{0} has closed the connection{1}.', address, detail);
    case 'protocol':
      return vscode.l10n.t('{0} answers with what is no RESP: {1}', address, detail);
    case 'sentinel-name':
      return vscode.l10n.t('The Sentinel {0} knows no primary {1}. Check masterName in the settings.', address, detail);
    case 'sentinel-role':
      return vscode.l10n.t(
        '{0} is the primary {1} for the Sentinels, but calls itself {2}. If a failover is going on, try again when it is over.',
        address,
        detail,
        more,
      );
    case 'reply-size':
      return vscode.l10n.t(
        '{0} answers with more than {1} MB. Ask for less of it, by SCAN or by a range.',
        address,
        detail,
      );
    case 'address-invalid':
      return vscode.l10n.t('{0} is no address of a server.', address);
    case 'address-primary':
      return vscode.l10n.t('The address {0} names no primary: redis+sentinel://HOST:PORT,HOST:PORT/NAME.', address);
    case 'reply':
      return vscode.l10n.t('{0} answers {1} with an error: {2}', address, detail, more);
    case 'address-scheme':
      return vscode.l10n.t(
        '{0} is no address of a server: it begins with redis://, rediss://, redis+sentinel:// or unix://.',
        address,
      );
    case 'address-port':
      return vscode.l10n.t('{0} is no port: ports are 1 to 65535.', address);
    case 'address-db':
      return vscode.l10n.t('{0} is no database number.', address);
    case 'address-option':
      return vscode.l10n.t('An address has no option {0}; there are {1}.', address, detail);
    default:
      // What else there is concerns addresses of the command line, or comes from a newer part of the extension.
      return new ServerError(code, ...args).message;
  }
}
