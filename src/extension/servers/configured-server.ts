/** A server of the setting `redisPersistence.servers`, and what it is to others: an address, an identity, an entry. */
import type { ServerAddress, TlsOptions } from '../../server/address.js';
import { addressText } from '../../server/address.js';
import type { ServerMode, ServerTarget } from '../../server/target.js';

/** The colours that the icon of a server can have. */
export const SERVER_COLORS = ['red', 'orange', 'yellow', 'green', 'blue', 'purple'] as const;
export type ServerColor = (typeof SERVER_COLORS)[number];

/** A server that the user has configured. */
export interface ConfiguredServer {
  /** Unique among the servers. */
  readonly name: string;
  /** Of the server, of a node of the cluster, or of a Sentinel. */
  readonly endpoint: ServerAddress['endpoint'];
  readonly tls?: TlsOptions;
  readonly username?: string;
  /** Database that commands go to which somebody types. */
  readonly database: number;
  readonly databases: readonly (readonly [from: number, to: number])[];
  readonly mode: ServerMode;
  /** In mode `sentinel`: the name of the primary, and the other Sentinels. */
  readonly masterName?: string;
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  /** User of the Sentinels themselves. */
  readonly sentinelUsername?: string;
  readonly protected: boolean;
  readonly color?: ServerColor;
}

/** Passwords of a server. */
export interface ServerCredentials {
  readonly password?: string;
  /** Of the Sentinels. */
  readonly sentinelPassword?: string;
}

/** The address of a server; of a Sentinel with the user that is one of the Sentinels. */
export function addressOf(server: ConfiguredServer): ServerAddress {
  const { endpoint, tls, mode } = server;
  const username = mode === 'sentinel' ? server.sentinelUsername : server.username;
  return { endpoint, ...(tls ? { tls } : {}), ...(username === undefined ? {} : { username }), db: 0 };
}

/** The address for the screen: `redis://host:port`; of a primary that Sentinels watch, `name@host:port`. */
export function addressLabel(server: ConfiguredServer): string {
  const text = addressText(addressOf(server));
  return server.mode === 'sentinel' ? `${server.masterName} @ ${text}` : text;
}

/**
 * Who a password belongs to: an address and a user. A server that is renamed keeps its password; one that moves to
 * another host does not, for the password is not meant for whoever listens there.
 */
export function identityOf(server: ConfiguredServer, of: 'server' | 'sentinel' = 'server'): string {
  const address = addressText(addressOf(server));
  if (of === 'sentinel') return `sentinel ${server.sentinelUsername ?? 'default'} ${address}`;
  const user = server.username ?? 'default';
  return server.mode === 'sentinel' ? `${user} ${server.masterName} ${address}` : `${user} ${address}`;
}

/** True if a connection to the one is a connection to the other: names, colours and the like do not count. */
export function isSameConnection(one: ConfiguredServer, other: ConfiguredServer): boolean {
  return connectionOf(one) === connectionOf(other);
}

function connectionOf(server: ConfiguredServer): string {
  const { endpoint, tls, username, database, mode, masterName, sentinels, sentinelUsername } = server;
  return JSON.stringify([endpoint, tls, username, database, mode, masterName, sentinels, sentinelUsername]);
}

/** What is handed to who connects. */
export function targetOf(server: ConfiguredServer, credentials: ServerCredentials): ServerTarget {
  const { name, mode, masterName, username } = server;
  const { password, sentinelPassword } = credentials;
  const first = addressOf(server);
  const others = server.sentinels.map((node): ServerAddress => ({ ...first, endpoint: { kind: 'tcp', ...node } }));
  return {
    name,
    address: mode === 'sentinel' ? ofServer(first, username) : first,
    ...(password === undefined ? {} : { password }),
    mode,
    ...(mode === 'sentinel' && masterName !== undefined
      ? {
          sentinel: {
            masterName,
            addresses: [first, ...others],
            ...(sentinelPassword === undefined ? {} : { password: sentinelPassword }),
          },
        }
      : {}),
    protected: server.protected,
    databases: server.databases,
  };
}

/** The address with the user of the server. */
function ofServer({ username: _, ...address }: ServerAddress, username: string | undefined): ServerAddress {
  return username === undefined ? address : { ...address, username };
}

/** The entry of the setting: what {@link readServers} makes the same server of. */
export function entryOf(server: ConfiguredServer): Record<string, unknown> {
  const { name, endpoint, tls, username, database, databases, mode, masterName, sentinels, color } = server;
  return {
    name,
    ...(endpoint.kind === 'unix' ? { socket: endpoint.path } : { host: endpoint.host, port: endpoint.port }),
    ...(username === undefined ? {} : { username }),
    ...(database === 0 ? {} : { database }),
    ...(tls ? { tls: tlsEntry(tls) } : {}),
    ...(databases.length === 0 ? {} : { databases: Object.fromEntries(databases) }),
    ...(mode === 'standalone' ? {} : { mode }),
    ...(masterName === undefined ? {} : { masterName }),
    ...(sentinels.length === 0 ? {} : { sentinels: sentinels.map(hostAndPort) }),
    ...(server.sentinelUsername === undefined ? {} : { sentinelUsername: server.sentinelUsername }),
    ...(server.protected ? { protected: true } : {}),
    ...(color === undefined ? {} : { color }),
  };
}

function tlsEntry({ caFile, certFile, keyFile, serverName, verify }: TlsOptions): Record<string, unknown> {
  return {
    ...(caFile === undefined ? {} : { ca: caFile }),
    ...(certFile === undefined ? {} : { cert: certFile }),
    ...(keyFile === undefined ? {} : { key: keyFile }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(verify ? {} : { verify: false }),
  };
}

function hostAndPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
