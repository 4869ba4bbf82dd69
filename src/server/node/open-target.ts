/** The way to a server that somebody has configured: straight, or by asking Sentinels who is the primary. */
import { setTimeout as sleep } from 'node:timers/promises';
import { addressText, type ServerAddress } from '../address.js';
import type { Connection } from '../connection.js';
import { ServerError } from '../errors.js';
import { primaryOf, roleOf } from '../sentinel.js';
import type { SentinelTarget, ServerTarget } from '../target.js';
import { type Connect, type ConnectOptions, connectTo } from './connect.js';

/** An open way to a server. */
export interface OpenTarget {
  /** Where the server is; of a primary that Sentinels watch, where it was when they were asked. */
  readonly address: ServerAddress;
  /** A connection for questions. */
  readonly control: Connection;
  /**
   * Opens further connections: to {@link address}, or to another node of its cluster. That a primary of Sentinels is one
   * yet is checked each time.
   */
  readonly connect: Connect;
  /** Connects to the server anew, wherever it is by now: after a failover to the new primary. */
  reconnect(): Promise<Connection>;
}

/** Sentinels say for a while that a server is the primary which is none any more: how often, and how long that is waited for. */
const ATTEMPTS = 20;
const WAIT_MS = 500;

/**
 * Connects.
 *
 * @throws ServerError; of a Sentinel it has the address of the Sentinel as its first argument.
 */
export async function openTarget(
  target: Omit<ServerTarget, 'name' | 'protected' | 'databases'>,
  options: Omit<ConnectOptions, 'password'> = {},
): Promise<OpenTarget> {
  const own: ConnectOptions = { ...options, ...(target.password === undefined ? {} : { password: target.password }) };
  const { sentinel } = target;
  if (!sentinel) {
    const { address } = target;
    const connect: Connect = (to) => connectTo(to, own);
    return { address, control: await connect(address), connect, reconnect: () => connect(address) };
  }
  const { address, connection } = await connectToPrimary(sentinel, target.address, own);
  return {
    address,
    control: connection,
    connect: async (to) => {
      const next = await connectTo(to, own);
      const role = await roleOf(next);
      if (isPrimary(role)) return next;
      next.close();
      throw new ServerError('sentinel-role', addressText(to), sentinel.masterName, role);
    },
    reconnect: async () => (await connectToPrimary(sentinel, target.address, own)).connection,
  };
}

/** Connects to the primary, and makes sure that it is one. */
async function connectToPrimary(
  sentinel: SentinelTarget,
  base: ServerAddress,
  options: ConnectOptions,
): Promise<{ readonly address: ServerAddress; readonly connection: Connection }> {
  const { password: _, ...rest } = options;
  const ofSentinels = { ...rest, ...(sentinel.password === undefined ? {} : { password: sentinel.password }) };
  for (let attempt = 1; ; attempt++) {
    const address = await primaryOf(sentinel, base, (to) => connectTo(to, ofSentinels));
    let failure: ServerError;
    try {
      const connection = await connectTo(address, options);
      const role = await roleOf(connection);
      if (isPrimary(role)) return { address, connection };
      connection.close();
      failure = new ServerError('sentinel-role', addressText(address), sentinel.masterName, role);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      failure = error;
    }
    // A primary that has just died stays the primary until the Sentinels have agreed on another.
    const passes = failure.code === 'sentinel-role' || failure.code === 'unreachable' || failure.code === 'closed';
    if (!passes || attempt === ATTEMPTS) throw failure;
    await sleep(WAIT_MS);
  }
}

/** Where a server may not be asked, it is taken at the word of the Sentinels. */
function isPrimary(role: string | undefined): role is undefined | 'master' {
  return role === undefined || role === 'master';
}
