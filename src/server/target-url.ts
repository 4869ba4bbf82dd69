/** Targets as URLs: those of servers, and `redis+sentinel://` for a primary that Sentinels watch. */
import { parseServerAddress, type ServerAddress } from './address.js';
import { ServerError } from './errors.js';
import type { ServerTarget } from './target.js';

const SENTINEL_PORT = 26379;

/** A target without its passwords, which no URL has. */
export type TargetAddress = Pick<ServerTarget, 'address' | 'mode' | 'sentinel'>;

/**
 * Reads a URL as {@link parseServerAddress} does, and
 * `redis+sentinel://[user@]host[:port][,host[:port]…]/name[?db=…&user=…&sentinel_user=…]` with the name of the primary;
 * `rediss+sentinel://` speaks TLS to the Sentinels and to the server, with the options of `rediss://`.
 *
 * @returns the mode `standalone` for what may be a node of a cluster as well.
 * @throws ServerError `address-…`.
 */
export function parseTarget(text: string): TargetAddress {
  const [, scheme, user, hosts, name, query] =
    /^(rediss?)\+sentinel:\/\/(?:([^/]*)@)?([^/?#@]*)\/?([^?#]*)(?:\?([^#]*))?$/i.exec(text) ?? [];
  if (scheme === undefined) return { address: parseServerAddress(text), mode: 'standalone' };
  const params = new URLSearchParams(query);
  const sentinelUser = params.get('sentinel_user') ?? undefined;
  params.delete('sentinel_user');
  const at = user === undefined ? '' : `${user}@`;
  const options = params.toString() === '' ? '' : `?${params.toString()}`;
  const masterName = decoded(name);
  if (masterName === '') throw new ServerError('address-primary', text.slice(text.lastIndexOf('@') + 1));
  const addresses = hosts.split(',').map((host): ServerAddress => {
    const whole = /:\d+$/.test(host) ? host : `${host}:${SENTINEL_PORT}`;
    const { username: _, ...address } = parseServerAddress(`${scheme}://${at}${whole}${options}`);
    return { ...address, db: 0, ...(sentinelUser === undefined ? {} : { username: sentinelUser }) };
  });
  const address = parseServerAddress(`${scheme}://${at}${hosts.split(',')[0]}${options}`);
  return { address, mode: 'sentinel', sentinel: { masterName, addresses } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not escaped: taken as it stands.
    return text;
  }
}
