/** The connections that a restore goes through, whatever kind of server it goes to. */
import type { ServerAddress } from './address.js';
import type { ClusterAccess } from './cluster-lane.js';
import type { Connection } from './connection.js';
import type { ServerFacts } from './facts.js';

/** Connections to a server: while one waits for room, the server finds something to do in another. */
const CONNECTIONS = 2;

/** How a server, or a node of a cluster, is reached. */
export interface RestoreAccess {
  readonly address: ServerAddress;
  readonly control: Connection;
  connect(address: ServerAddress): Promise<Connection>;
}

/** How a cluster is reached; undefined for a server that stands alone. @param pause waits so many milliseconds. */
export function clusterAccess(
  { address, control, connect }: RestoreAccess,
  facts: ServerFacts,
  pause: (ms: number) => Promise<void>,
): ClusterAccess | undefined {
  return facts.mode === 'cluster' ? { address, control, connect, pause } : undefined;
}

/** What a restore is handed to send keys through. @throws ServerError if a connection cannot be made. */
export async function restoreWays(
  access: RestoreAccess,
  facts: ServerFacts,
  pause: (ms: number) => Promise<void>,
): Promise<readonly Connection[] | ClusterAccess> {
  const cluster = clusterAccess(access, facts, pause);
  if (cluster) return cluster;
  const { address, connect } = access;
  return Promise.all(Array.from({ length: CONNECTIONS }, () => connect(address)));
}
