/** What a server takes by RESTORE: the RDB version of its payloads, and its clock. */
import { FIRST_VALKEY_VERSION, type Header } from '../decoder/rdb/header.js';
import type { ValueType } from '../decoder/rdb/value-type.js';
import { type Connection, errorText, itemsOf, stringOf } from './connection.js';
import type { ServerFacts } from './facts.js';

/** What a restore has to know of the server. */
export interface RestoreTarget {
  /** Major and minor version as one number: 702 for 7.2. */
  readonly level: number;
  /** The newest RDB version that it takes in a payload; 0 if it knows no RESTORE. */
  readonly rdbVersion: number;
  /** Its clock less ours, in ms. */
  readonly clockOffset: number;
}

/** The newest version without types of which Redis and Valkey have different ones. */
const LAST_SHARED_VERSION = 11;

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
];

/** The RDB version that servers of a release take; 0 for those that know no RESTORE. */
export function rdbVersionOf(make: string, level: number): number {
  if (make === 'valkey') return level >= 900 ? FIRST_VALKEY_VERSION : LAST_SHARED_VERSION;
  return REDIS_VERSIONS.find(([since]) => level >= since)?.[1] ?? 0;
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

/** Finds out what a server takes. @throws what the connection throws. */
export async function restoreTargetOf(connection: Connection, facts: ServerFacts): Promise<RestoreTarget> {
  const level = levelOf(facts.version);
  return {
    level,
    rdbVersion: (await payloadVersionOf(connection)) ?? rdbVersionOf(facts.make, level),
    clockOffset: await clockOffset(connection),
  };
}

/** The version in the footer of what FUNCTION DUMP gives, whatever functions there are; none before 7.0. */
async function payloadVersionOf(connection: Connection): Promise<number | undefined> {
  const reply = await connection.ask('FUNCTION', 'DUMP');
  if (reply.type !== 'bulk' || reply.bytes.length < 10) return undefined;
  const { bytes } = reply;
  return bytes[bytes.length - 10] | (bytes[bytes.length - 9] << 8);
}

/** Where TIME may not be asked, the clocks are taken to agree. */
async function clockOffset(connection: Connection): Promise<number> {
  const reply = await connection.ask('TIME');
  if (errorText(reply) !== undefined) return 0;
  const [seconds, micros] = itemsOf(reply).map((item) => Number(stringOf(item)));
  const time = seconds * 1000 + micros / 1000;
  return Number.isFinite(time) ? time - Date.now() : 0;
}

function levelOf(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 100 + minor;
}
