/** What is known of a server before anything is written to it: INFO, and who we are there. */
import { latin1 } from '../decoder/bytes.js';
import { type Connection, errorText, itemsOf, stringOf } from './connection.js';
import { ServerError } from './errors.js';

/** Keys of a database. */
export interface DatabaseFacts {
  readonly db: number;
  readonly keys: number;
}

/** What a server says of itself. Where it says nothing, a field is undefined. */
export interface ServerFacts {
  readonly address: string;
  /** `redis`, `valkey`, or what else the server calls itself. */
  readonly make: string;
  /** Of the make, and of the Redis that it is compatible with. */
  readonly version: string;
  readonly redisVersion: string;
  readonly mode: 'standalone' | 'cluster' | 'sentinel';
  /** `master`, `slave`, or `sentinel`. */
  readonly role: string;
  readonly loading: boolean;
  /** Bytes; 0 for no limit. */
  readonly usedMemory: number | undefined;
  readonly maxMemory: number | undefined;
  readonly evictionPolicy: string | undefined;
  readonly databases: readonly DatabaseFacts[];
  /** Number of databases, where the server tells it. */
  readonly databaseLimit: number | undefined;
  /** Primaries of the cluster that the facts are of; undefined for those of one server. */
  readonly nodes?: number;
  /** The user that the connection has; undefined before Redis 6. */
  readonly user: string | undefined;
}

/** The fields of INFO, whatever the section. */
export function parseInfo(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return fields;
}

/** The fields of INFO of a server. @throws ServerError `reply` if it is refused; what the connection throws. */
export async function askInfo(
  connection: Pick<Connection, 'command' | 'address'>,
): Promise<ReadonlyMap<string, string>> {
  const reply = await connection.command('INFO');
  if (reply.type === 'bulk' || reply.type === 'verbatim') return parseInfo(latin1(reply.bytes));
  throw new ServerError('protocol', connection.address, 'INFO without a text');
}

/** The databases that INFO tells of. */
export function databasesOf(info: ReadonlyMap<string, string>): DatabaseFacts[] {
  return [...info].flatMap(([name, value]): DatabaseFacts[] => {
    const db = /^db(\d+)$/.exec(name);
    const keys = /(?:^|,)keys=(\d+)/.exec(value);
    return db && keys ? [{ db: Number(db[1]), keys: Number(keys[1]) }] : [];
  });
}

/**
 * Asks a server what it is. Only INFO has to be allowed.
 *
 * @throws ServerError `reply` if INFO is refused; what the connection throws.
 */
export async function factsOf(connection: Connection): Promise<ServerFacts> {
  const [info, limit, user] = await Promise.all([askInfo(connection), databaseLimit(connection), userOf(connection)]);
  const number = (name: string) => {
    const text = info.get(name);
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  const valkey = info.get('valkey_version');
  const redisVersion = info.get('redis_version') ?? '0';
  const clustered = info.get('cluster_enabled') === '1' || info.get('redis_mode') === 'cluster';
  return {
    address: connection.address,
    make: info.get('server_name') ?? (valkey === undefined ? 'redis' : 'valkey'),
    version: valkey ?? redisVersion,
    redisVersion,
    mode: info.get('redis_mode') === 'sentinel' ? 'sentinel' : clustered ? 'cluster' : 'standalone',
    role: info.get('role') ?? 'master',
    loading: info.get('loading') === '1',
    usedMemory: number('used_memory'),
    maxMemory: number('maxmemory'),
    evictionPolicy: info.get('maxmemory_policy'),
    databases: databasesOf(info),
    databaseLimit: clustered ? 1 : limit,
    user,
  };
}

async function databaseLimit(connection: Connection): Promise<number | undefined> {
  const reply = await connection.ask('CONFIG', 'GET', 'databases');
  const text = errorText(reply) === undefined ? stringOf(itemsOf(reply)[1]) : undefined;
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

async function userOf(connection: Connection): Promise<string | undefined> {
  const reply = await connection.ask('ACL', 'WHOAMI');
  return errorText(reply) === undefined ? stringOf(reply) : undefined;
}

/** Why nothing should be written to a server. */
export type TargetDoubt = 'replica' | 'loading' | 'sentinel';

/** What forbids writing to a server; undefined for one that takes writes. */
export function targetDoubt({ role, loading, mode }: ServerFacts): TargetDoubt | undefined {
  if (mode === 'sentinel') return 'sentinel';
  if (role === 'slave' || role === 'replica') return 'replica';
  return loading ? 'loading' : undefined;
}
