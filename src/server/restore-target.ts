/** What a server takes by RESTORE: the RDB version of its payloads, and its clock. */
import { rdbVersionOf } from '../dataset/server-versions.js';
import { type Connection, errorText, itemsOf, stringOf } from './connection.js';
import type { ServerFacts } from './facts.js';

/** What a restore has to know of the server. */
export interface RestoreTarget {
  /** `redis`, `valkey` or `keydb`. */
  readonly make: string;
  /** Major and minor version as one number: 702 for 7.2. */
  readonly level: number;
  /** The newest RDB version that it takes in a payload; 0 if it knows no RESTORE. */
  readonly rdbVersion: number;
  /** Its clock less ours, in ms. */
  readonly clockOffset: number;
}

/** Finds out what a server takes. @throws what the connection throws. */
export async function restoreTargetOf(connection: Connection, facts: ServerFacts): Promise<RestoreTarget> {
  const level = levelOf(facts.version);
  return {
    make: facts.make,
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
