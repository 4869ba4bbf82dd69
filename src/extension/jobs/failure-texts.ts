/** Why a job cannot begin or go on, in sentences that say what can be done in the editor. */
import * as vscode from 'vscode';
import type { JobFailure } from '../../job-protocol.js';
import { failureText } from '../servers/connection-errors.js';

type Failure<Of extends JobFailure['of']> = Extract<JobFailure, { of: Of }>;

/** The sentence of a failure; empty if the user has stopped it. */
export function jobFailureText(failure: JobFailure): string {
  if (failure.of === 'server') return failureText(failure);
  return failure.of === 'input' ? inputText(failure) : ownText(failure);
}

/** True if another password may help. */
export function wantsAnotherPassword(failure: JobFailure): failure is Failure<'server'> {
  return failure.of === 'server' && (failure.code === 'auth-required' || failure.code === 'wrong-password');
}

function inputText({ code, args }: Failure<'input'>): string {
  const [first = '', second = '', third = ''] = args;
  switch (code) {
    case 'manifest':
      return vscode.l10n.t('No server would load the manifest {0}: at offset {1}, {2}', first, second, third);
    case 'missing-part':
      return vscode.l10n.t('The file {0} is missing, which the manifest names. Nothing was replayed.', first);
    case 'preamble':
      return vscode.l10n.t(
        '{0} begins with an RDB of {1} keys, which are no commands to choose from and keep their names. Leave the RDB out to replay the commands behind it.',
        first,
        second,
      );
    case 'preamble-cluster':
      return vscode.l10n.t(
        '{0} begins with an RDB of {1} keys, which is not restored into a cluster. Leave the RDB out to replay the commands behind it.',
        first,
        second,
      );
    case 'no-database':
      return vscode.l10n.t(
        '{0} has no database {1}: {2}. Map it to another database before you begin.',
        first,
        second,
        third,
      );
    case 'resume-part':
      return vscode.l10n.t('The resume point is in {0}, which is not among the files.', first);
    case 'resume-file':
      return vscode.l10n.t(
        'The resume point is of a file {0} of {1} bytes, but it has {2} now. Another file cannot be gone on with.',
        first,
        second,
        third,
      );
    case 'resume-other':
      return vscode.l10n.t(
        '{0} is not the file that was stopped in: its bytes before the resume point at offset {1} are others. Nothing was written.',
        first,
        second,
      );
    case 'unacknowledged':
      if (first === 1) {
        return vscode.l10n.t(
          'Of 1 command behind the resume point nobody knows if it was done, and doing it twice would be wrong.',
        );
      }
      return vscode.l10n.t(
        'Of {0} commands behind the resume point nobody knows if they were done, and doing some of them twice would be wrong.',
        first,
      );
    case 'replica':
      return vscode.l10n.t('{0} is a replica: what is written there is lost or refused. Use its primary.', first);
    case 'loading':
      return vscode.l10n.t('{0} is still loading its data. Try again when it is done.', first);
    case 'sentinel':
      return vscode.l10n.t(
        '{0} is a Sentinel and keeps no keys. Set the mode of the server to sentinel in the settings.',
        first,
      );
    case 'is-cluster':
      return vscode.l10n.t(
        '{0} is a node of a cluster, but its mode in the settings is another. Set it to cluster. Nothing was written.',
        first,
      );
    case 'no-cluster':
      return vscode.l10n.t(
        '{0} is no node of a cluster, but its mode in the settings is cluster. Nothing was written.',
        first,
      );
    case 'cluster-down':
      return vscode.l10n.t('The cluster of {0} does not serve all of its slots. Nothing was written.', first);
    default:
      return vscode.l10n.t('This cannot be replayed: {0}', [code, ...args].join(' '));
  }
}

function ownText({ code, args }: Failure<'job'>): string {
  const [first = '', second = ''] = args;
  switch (code) {
    case 'stopped':
      return '';
    case 'file':
      return vscode.l10n.t('The file {0} cannot be used: {1}', first, second);
    case 'file-changed':
      return vscode.l10n.t('The file was overwritten on disk since it was opened. Reload it to go on.');
    case 'file-exists':
      return vscode.l10n.t('{0} is there already, and is not overwritten. Choose another place.', first);
    case 'not-rdb':
      return vscode.l10n.t('{0} is no RDB file. AOFs can be replayed.', first);
    case 'refused':
      return vscode.l10n.t('The server sends no copy of what it holds: {0}', first);
    case 'no-sockets':
      return vscode.l10n.t(
        'In a browser there are no connections to servers. Open the folder in VS Code on a machine, or over Remote - SSH.',
      );
    case 'no-program':
      return first === ''
        ? vscode.l10n.t(
            'This needs a redis-server or valkey-server, and none is on the path. Install one, or name it in the setting redisPersistence.serverBinary.',
          )
        : vscode.l10n.t(
            '{0}, which the setting redisPersistence.serverBinary names, is no server program that can be run.',
            first,
          );
    case 'program-failed':
      return vscode.l10n.t('{0} does not load the AOF up to this command: {1}', first, second);
    case 'no-such-moment':
      return vscode.l10n.t(
        'No server gets to the command at offset {0}: it stands in a history part, behind damage, or in a transaction without an end.',
        first,
      );
    default:
      return vscode.l10n.t('Something went wrong in the extension: {0}', first);
  }
}
