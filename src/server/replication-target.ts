/** What is looked at of a server before it is told to load a file as a replica: whether anything would be lost. */
import type { ExportTarget } from '../dataset/export/target.js';
import { type Connection, errorText, itemsOf, stringOf } from './connection.js';
import { askInfo, databasesOf } from './facts.js';
import type { DatabaseKeys } from './first-keys.js';
import type { LibraryRecord } from './replication-contents.js';
import { ReplicationError } from './replication-errors.js';

/** What a server says of itself at a moment, as far as it matters for replication. */
export interface ReplicationState {
  /** `master` or `slave`. */
  readonly role: string;
  readonly loading: boolean;
  /** Percent of what it is loading, where it says so. */
  readonly loadedPercent: number | undefined;
  readonly databases: readonly DatabaseKeys[];
  readonly libraries: number;
  readonly replicas: number;
  /** Replication id; undefined before 4.0. */
  readonly replid: string | undefined;
  /** Of a replica: its primary, whether the link is up, and whether others can write to it. */
  readonly primaryHost: string | undefined;
  readonly primaryPort: number | undefined;
  readonly linkUp: boolean;
  readonly readOnly: boolean;
  readonly clustered: boolean;
  readonly aof: boolean;
  readonly aofRewriting: boolean;
}

function replicationState(info: ReadonlyMap<string, string>): ReplicationState {
  const number = (name: string) => Number(info.get(name) ?? 0);
  const replid = info.get('master_replid');
  const port = info.get('master_port');
  return {
    role: info.get('role') ?? '',
    loading: info.get('loading') === '1' || info.get('async_loading') === '1',
    loadedPercent: info.has('loading_loaded_perc')
      ? Number.parseFloat(info.get('loading_loaded_perc') ?? '')
      : undefined,
    databases: databasesOf(info).filter(({ keys }) => keys > 0),
    libraries: number('number_of_libraries'),
    replicas: number('connected_slaves'),
    replid: replid !== undefined && /^[0-9a-f]{40}$/.test(replid) ? replid : undefined,
    primaryHost: info.get('master_host'),
    primaryPort: port === undefined ? undefined : Number(port),
    linkUp: info.get('master_link_status') === 'up' && info.get('master_sync_in_progress') !== '1',
    readOnly: info.get('slave_read_only') !== '0',
    clustered: info.get('cluster_enabled') === '1',
    aof: info.get('aof_enabled') === '1',
    aofRewriting: info.get('aof_rewrite_in_progress') === '1' || info.get('aof_rewrite_scheduled') === '1',
  };
}

/** Asks a server for its state. @throws ServerError */
export async function stateOf(connection: Pick<Connection, 'command' | 'address'>): Promise<ReplicationState> {
  return replicationState(await askInfo(connection));
}

/** Makes sure that a server holds nothing. @throws ReplicationError */
export function checkEmpty({ databases, libraries }: ReplicationState, address: string): void {
  if (databases.length > 0) {
    const keys = databases.map(({ db, keys }) => `${keys} keys in database ${db}`).join(', ');
    throw new ReplicationError('keys', address, keys);
  }
  if (libraries > 0) throw new ReplicationError('functions', address, libraries);
}

/** Makes sure that a server can become a replica without loss for anybody. @throws ReplicationError */
export function checkState(state: ReplicationState, address: string): void {
  if (state.clustered) throw new ReplicationError('cluster', address);
  if (state.role !== 'master') throw new ReplicationError('not-primary', address);
  if (state.loading) throw new ReplicationError('loading', address);
  if (state.replicas > 0) throw new ReplicationError('replicas', address, state.replicas);
  checkEmpty(state, address);
}

/** The name that a server knows the command by. */
export function replicaCommand({ level }: ExportTarget): 'REPLICAOF' | 'SLAVEOF' {
  return level >= 500 ? 'REPLICAOF' : 'SLAVEOF';
}

/** What of the settings of a server is told before it is changed; undefined where the server does not say it. */
export interface ReplicationSettings {
  /** The file that the server replaces by the one that it gets; undefined also if it keeps none. */
  readonly rdbFile: string | undefined;
  /** True if it takes the file straight into memory. */
  readonly diskless: boolean | undefined;
}

/**
 * Looks at everything that can be asked for without changing anything.
 *
 * @throws ReplicationError for a server that must not or cannot load the file; ServerError.
 */
export async function checkTarget(
  connection: Connection,
  target: ExportTarget,
  file: { readonly name: string; readonly databases: readonly DatabaseKeys[] },
): Promise<ReplicationSettings> {
  const { address } = connection;
  checkState(await stateOf(connection), address);
  const watchers = itemsOf(await connection.ask('PUBSUB', 'NUMSUB', '__sentinel__:hello'));
  if (Number(stringOf(watchers[1]) ?? 0) > 0) throw new ReplicationError('sentinel-watched', address);
  // Old and new names of settings; a server that knows none of them, or does not tell, is looked at again later.
  if ((await setting(connection, 'tls-replication')) === 'yes') throw new ReplicationError('tls-replication', address);
  const readOnly = (await setting(connection, 'replica-read-only')) ?? (await setting(connection, 'slave-read-only'));
  if (readOnly === 'no') throw new ReplicationError('writable', address);
  await checkDatabases(connection, file.name, file.databases);
  await checkCommand(connection, replicaCommand(target));
  const folder = await setting(connection, 'dir');
  const name = await setting(connection, 'dbfilename');
  const diskless = await setting(connection, 'repl-diskless-load');
  return {
    rdbFile: folder === undefined || name === undefined ? name : `${folder.replace(/\/$/, '')}/${name}`,
    diskless: diskless === undefined ? undefined : diskless !== 'disabled',
  };
}

async function setting(connection: Connection, name: string): Promise<string | undefined> {
  const reply = await connection.ask('CONFIG', 'GET', name);
  return errorText(reply) === undefined ? stringOf(itemsOf(reply)[1]) : undefined;
}

/** A server ends itself when it meets a database that it has not. */
async function checkDatabases(connection: Connection, name: string, databases: readonly DatabaseKeys[]): Promise<void> {
  const last = databases.at(-1);
  if (!last || last.db === 0) return;
  const error = errorText(await connection.ask('SELECT', last.db));
  if (error !== undefined) throw new ReplicationError('no-database', connection.address, last.db, name, error);
  await connection.command('SELECT', 0);
}

/** Calls the command so that it is refused for its port, after it was looked at whether it may be called at all. */
async function checkCommand(connection: Connection, command: string): Promise<void> {
  const error = errorText(await connection.ask(command, 'nowhere', 'none'));
  if (error !== undefined && /^ERR (?:invalid .* port|value is not an integer)/i.test(error)) return;
  throw new ReplicationError('command', connection.address, command, error ?? 'it takes what is no port');
}

/**
 * Has the server load the function libraries of a file, and removes them again: one that it does not load would end it
 * while it loads the file.
 *
 * @throws ReplicationError for a library that the server does not load. It has none afterwards.
 */
export async function tryLibraries(connection: Connection, libraries: readonly LibraryRecord[]): Promise<void> {
  const loaded: string[] = [];
  let refused: ReplicationError | undefined;
  for (const { name, code, offset } of libraries) {
    const error = errorText(await connection.ask('FUNCTION', 'LOAD', code));
    if (error === undefined) loaded.push(name);
    else refused = new ReplicationError('function-refused', connection.address, name, offset, error);
    if (refused) break;
  }
  for (const name of loaded) await connection.command('FUNCTION', 'DELETE', name);
  if (refused) throw refused;
}
