/** What a summary says, in words. */
import { formatCount } from '../src/format/quantities.js';
import type { Summary } from '../src/protocol.js';
import { t } from './strings.js';

const MAKES = { redis: 'Redis', valkey: 'Valkey', keydb: 'KeyDB' } as const;

/** The server that wrote the file. */
export function serverText({ server, version }: Summary): string {
  if (!server) return t('unknown');
  if (server.version !== null) return `${MAKES[server.make]} ${server.version}`;
  return t('{0}, by RDB version {1}', MAKES[server.make], version ?? '?');
}

/** A number of keys. */
export function keysText(count: number): string {
  return count === 1 ? t('1 key') : t('{0} keys', formatCount(count));
}

/** The state of the checksum. */
export function checksumText({ checksum, checksumProgress }: Summary): string {
  switch (checksum) {
    case 'ok':
      return t('ok');
    case 'mismatch':
      return t('wrong');
    case 'disabled':
      return t('not saved (rdbchecksum no)');
    case 'absent':
      return t('absent');
    case 'pending':
      return t('being computed, {0} %', Math.floor(checksumProgress * 100));
  }
}
