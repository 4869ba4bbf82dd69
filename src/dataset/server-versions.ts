/** Releases of servers: which RDB version each of them reads and writes, and which payloads they take. */
import { FIRST_VALKEY_VERSION, type Header } from '../decoder/rdb/header.js';
import type { ValueType } from '../decoder/rdb/value-type.js';

/** The newest version without types of which Redis and Valkey have different ones. */
export const LAST_SHARED_VERSION = 11;

/** RDB versions by the release that brought them, newest first. KeyDB goes by the Redis that it is compatible with. */
const REDIS_VERSIONS: readonly (readonly [level: number, rdbVersion: number])[] = [
  [810, 15],
  [808, 14],
  [806, 13],
  [704, 12],
  [702, 11],
  [700, 10],
  [500, 9],
  [400, 8],
  [302, 7],
  [206, 6],
  [204, 2],
  [100, 1],
];

/** The first version of an RDB in which a server gives a value as a payload. */
const FIRST_PAYLOAD_VERSION = 6;

/** The RDB version that servers of a release read and write. */
export function fileVersionOf(make: string, level: number): number {
  if (make === 'valkey') return level >= 900 ? FIRST_VALKEY_VERSION : LAST_SHARED_VERSION;
  return REDIS_VERSIONS.find(([since]) => level >= since)?.[1] ?? 1;
}

/** The RDB version that servers of a release take in a payload; 0 for those that know no RESTORE. */
export function rdbVersionOf(make: string, level: number): number {
  const version = fileVersionOf(make, level);
  return version >= FIRST_PAYLOAD_VERSION ? version : 0;
}

/**
 * The version for the footer of a payload, so that the server takes it (§2.2): that of the file if it can be, else one
 * that the server has and that knows the value type.
 *
 * @returns undefined if the server has no such value type.
 */
export function payloadVersion(type: ValueType, { family, version }: Header, rdbVersion: number): number | undefined {
  if (type.until !== undefined && rdbVersion > type.until) return undefined;
  const own = family === 'valkey' && version >= FIRST_VALKEY_VERSION;
  const alike = own === rdbVersion >= FIRST_VALKEY_VERSION;
  const newest = alike ? rdbVersion : Math.min(rdbVersion, LAST_SHARED_VERSION);
  return type.since <= newest ? Math.max(type.since, Math.min(version, newest)) : undefined;
}
