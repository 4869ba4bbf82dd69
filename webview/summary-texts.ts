/** What a summary says, in words. */
import { formatBytes, formatCount } from '../src/format/quantities.js';
import type { Summary } from '../src/protocol.js';
import { t } from './strings.js';

const MAKES = { redis: 'Redis', valkey: 'Valkey', keydb: 'KeyDB' } as const;

/** The server that wrote the file. */
export function serverText({ server, version }: Summary): string {
  if (!server) return t('unknown');
  if (server.version !== null) return `${MAKES[server.make]} ${server.version}`;
  return t('{0}, by RDB version {1}', MAKES[server.make], version ?? '?');
}

/** Where the memory goes, as far as it is known: nothing before all keys have been measured. */
export function memoryLines({ memory, usedMemory }: Summary): (readonly [name: string, text: string])[] {
  const { complete, keys, bytes, tables, target, allocator, replicated } = memory;
  if (!complete || keys === 0) return [];
  const lines: (readonly [string, string])[] = [
    [
      t('Keys, estimated'),
      t('{0}, for {1} with {2}', formatBytes(bytes), `${MAKES[target.make]} ${target.version}`, allocator),
    ],
    [t('Tables that keys stand in'), formatBytes(tables)],
  ];
  if (usedMemory === null || !target.auto) return lines;
  const rest = usedMemory - bytes - tables;
  const what = replicated
    ? t('buffers, the replication backlog, scripts, what the estimate misses')
    : t('buffers, scripts, what the estimate misses');
  const text = rest >= 0 ? `${formatBytes(rest)}: ${what}` : t('{0} less than estimated', formatBytes(-rest));
  return [...lines, [t('Everything else'), text]];
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
