/** The servers that an export can be written for, and whether such a server reads a value as it stands in a file. */
import { type Family, FIRST_VALKEY_VERSION, type Header } from '../../decoder/rdb/header.js';
import type { ValueType } from '../../decoder/rdb/value-type.js';
import { fileVersionOf, payloadVersion } from '../server-versions.js';

/** A release of a server. */
export interface ExportTarget {
  readonly make: 'redis' | 'valkey' | 'keydb';
  /** Major and minor version as one number: 702 for 7.2. */
  readonly level: number;
  /** The RDB version that it reads and writes. */
  readonly rdbVersion: number;
}

/** The releases that are offered for choosing, the newest of each make first. */
export const TARGET_NAMES: readonly string[] = [
  'redis-8.6',
  'redis-8.0',
  'redis-7.4',
  'redis-7.2',
  'redis-7.0',
  'redis-6.2',
  'redis-5.0',
  'redis-4.0',
  'redis-3.2',
  'redis-2.8',
  'redis-2.4',
  'valkey-9.0',
  'valkey-8.1',
  'valkey-8.0',
  'valkey-7.2',
  'keydb-6.3',
];

/** KeyDB 6 and its RDB version are those of Redis 6.2. */
const KEYDB_LEVEL = 602;

/**
 * A target from its name: `7.2`, `redis-7.2.4`, `valkey 8`, `keydb`. Without a make, it is Redis.
 *
 * @returns undefined if the text names no release.
 */
export function parseTarget(text: string): ExportTarget | undefined {
  const match = /^(?:(redis|valkey|keydb)[- :]?)?(?:(\d{1,2})(?:\.(\d{1,2}))?(?:\.\d{1,3})?)?$/i.exec(text.trim());
  if (!match) return undefined;
  const make = (match[1]?.toLowerCase() ?? 'redis') as ExportTarget['make'];
  if (make === 'keydb') return { make, level: KEYDB_LEVEL, rdbVersion: fileVersionOf('redis', KEYDB_LEVEL) };
  if (match[2] === undefined) return undefined;
  const level = Number(match[2]) * 100 + Number(match[3] ?? 0);
  // There is no Valkey before 7.2, nor a Redis before 1.0.
  if (level < (make === 'valkey' ? 702 : 100)) return undefined;
  return { make, level, rdbVersion: fileVersionOf(make, level) };
}

/** The releases of Redis that are the first with an RDB version. */
const FIRST_LEVELS: readonly (readonly [rdbVersion: number, level: number])[] = [
  [1, 202],
  [5, 204],
  [6, 206],
  [7, 302],
  [8, 400],
  [9, 500],
  [10, 700],
  [11, 702],
  [12, 704],
  [13, 806],
  [14, 808],
];

/** A server that reads files of a version, and no newer ones. @param rdbVersion from 1 up. */
export function targetOfVersion(rdbVersion: number): ExportTarget {
  if (rdbVersion >= FIRST_VALKEY_VERSION) return { make: 'valkey', level: 900, rdbVersion };
  const level = FIRST_LEVELS.find(([newest]) => rdbVersion <= newest)?.[1] ?? 810;
  return { make: 'redis', level, rdbVersion };
}

/** The name of a target as people write it: `Redis 7.2`. */
export function targetName({ make, level }: ExportTarget): string {
  const names = { redis: 'Redis', valkey: 'Valkey', keydb: 'KeyDB' };
  return `${names[make]} ${Math.floor(level / 100)}.${level % 100}`;
}

/** The make of file that the target has, as its magic says. */
export function familyOf({ rdbVersion }: ExportTarget): Family {
  return rdbVersion >= FIRST_VALKEY_VERSION ? 'valkey' : 'redis';
}

/** The last version in whose time ziplists had no integers of 8 and 24 bits and none of four bits. */
const PLAIN_ZIPLISTS = 5;
const ZIPLIST_CODES: ReadonlySet<number> = new Set([10, 12, 13]);

/**
 * True if the target reads a value of the type with the bytes that it has in the file.
 *
 * @param header of the file that has the value.
 */
export function readsAsIs(type: ValueType, header: Header, target: ExportTarget): boolean {
  const { code } = type;
  // Values of release candidates that no release reads, and the form that only payloads have.
  if (code === 6 || code === 29 || code === 31 || code === 33) return false;
  if (code === 64) return target.make === 'keydb';
  const { rdbVersion } = target;
  if (ZIPLIST_CODES.has(code) && header.version > PLAIN_ZIPLISTS && rdbVersion <= PLAIN_ZIPLISTS) return false;
  return payloadVersion(type, header, rdbVersion) !== undefined;
}

/** True if files of the target have the version of the file: nothing has to be changed for it. */
export function isSameVersion(header: Header, target: ExportTarget): boolean {
  return header.version === target.rdbVersion && header.family === familyOf(target);
}
