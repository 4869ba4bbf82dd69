/** Which server wrote a file, from its aux fields or, in files too old to have them, from the RDB version. */
import type { Header } from '../decoder/rdb/header.js';

/** The make and version of the server that wrote a file. */
export interface ServerInfo {
  readonly make: 'redis' | 'valkey' | 'keydb';
  /** As the file says, such as `7.2.4`; undefined where only the RDB version tells. */
  readonly version: string | undefined;
  /** Major and minor version as one number to compare: 702 for 7.2; the newest possible where the file does not say. */
  readonly level: number;
}

/** The newest release that writes an RDB version without naming itself. */
const UNNAMED_LEVELS: readonly (readonly [rdbVersion: number, level: number])[] = [
  [1, 202],
  [5, 204],
  [6, 300],
  [7, 302],
  [8, 400],
  [9, 602],
  [10, 700],
  [11, 702],
  [12, 804],
  [13, 806],
  [14, 808],
];

/**
 * Names the server.
 *
 * @param aux the aux fields of the file by name.
 * @param keydb true if records were met that only KeyDB writes.
 */
export function serverInfo(header: Header, aux: ReadonlyMap<string, string>, keydb: boolean): ServerInfo {
  const valkey = aux.get('valkey-ver');
  if (valkey !== undefined) return { make: 'valkey', version: valkey, level: levelOf(valkey) };
  const redis = aux.get('redis-ver');
  if (redis !== undefined) {
    const level = levelOf(redis);
    return { make: keydb || isKeydbLevel(level) ? 'keydb' : header.family, version: redis, level };
  }
  const make = keydb ? 'keydb' : header.family;
  const level = UNNAMED_LEVELS.find(([version]) => header.version <= version)?.[1] ?? 810;
  return { make, version: undefined, level: header.family === 'valkey' ? 900 : level };
}

/** KeyDB calls itself Redis; after 5.0 and 6.2 of Redis there were no 5.1 or 6.3 of it. */
function isKeydbLevel(level: number): boolean {
  return (level > 500 && level < 600) || (level > 602 && level < 700);
}

/** Release candidates call themselves by the odd number before: 7.3.240 is 7.4-rc. */
function levelOf(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (major === 255) return 899;
  if (patch >= 100 && minor % 2 === 1) return minor === 9 ? (major + 1) * 100 : major * 100 + minor + 1;
  return major * 100 + minor;
}
