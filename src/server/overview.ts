import type { Connection } from './connection.js';
import { askInfo } from './facts.js';

/** Keys of a database. */
export interface DatabaseOverview {
  readonly db: number;
  readonly keys: number;
  /** Of them, those that expire. */
  readonly expires: number;
}

/** What is known of the files of a server. Times are seconds since the epoch; undefined where it says nothing. */
export interface PersistenceOverview {
  readonly lastSave: number | undefined;
  readonly lastSaveOk: boolean;
  readonly changesSinceSave: number | undefined;
  /** Seconds that a save has been running; undefined while there is none. */
  readonly saving: number | undefined;
  readonly aof: boolean;
  /** Seconds that a rewrite has been running; undefined while there is none. */
  readonly rewriting: number | undefined;
  readonly rewriteScheduled: boolean;
  readonly lastRewriteOk: boolean;
  readonly lastWriteOk: boolean;
  /** Bytes of the AOF, and what they were after the last rewrite. */
  readonly aofSize: number | undefined;
  readonly aofBaseSize: number | undefined;
}

/** A replica, as its primary knows it. */
export interface ReplicaOverview {
  /** `host:port` as the primary sees it. */
  readonly address: string;
  /** `online`, `wait_bgsave`, `send_bulk`. */
  readonly state: string;
  readonly offset: bigint;
  /** Bytes of the stream that it has not acknowledged. */
  readonly lagBytes: number;
  /** Seconds since it last acknowledged; undefined before the first time. */
  readonly lagSeconds: number | undefined;
}

/** The link of a replica to its primary. */
export interface LinkOverview {
  /** `host:port` of the primary. */
  readonly primary: string;
  readonly up: boolean;
  /** Seconds since something came from the primary. */
  readonly lastIo: number | undefined;
  /** The primary sends its data set; bytes that are left, where that is known. */
  readonly syncing: boolean;
  readonly syncBytesLeft: number | undefined;
  readonly downSeconds: number | undefined;
}

/** The end of the stream of commands that a primary keeps for replicas that come back. */
export interface BacklogOverview {
  readonly active: boolean;
  readonly size: number;
  readonly firstOffset: bigint;
  readonly used: number;
}

export interface ReplicationOverview {
  readonly role: 'primary' | 'replica';
  readonly id: string | undefined;
  readonly offset: bigint | undefined;
  readonly backlog: BacklogOverview | undefined;
  readonly replicas: readonly ReplicaOverview[];
  /** Of a replica. */
  readonly link: LinkOverview | undefined;
}

export interface ServerOverview {
  /** `redis`, `valkey`, or what else the server calls itself. */
  readonly make: string;
  readonly version: string;
  readonly mode: 'standalone' | 'cluster' | 'sentinel';
  readonly role: 'primary' | 'replica' | 'sentinel';
  readonly uptimeSeconds: number | undefined;
  /** Percent that is read of the files at the start; undefined when all is. */
  readonly loading: number | undefined;
  readonly usedMemory: number | undefined;
  /** 0 for no limit. */
  readonly maxMemory: number | undefined;
  readonly evictionPolicy: string | undefined;
  readonly clients: number | undefined;
  readonly databases: readonly DatabaseOverview[];
  readonly persistence: PersistenceOverview;
  readonly replication: ReplicationOverview;
}

type Info = ReadonlyMap<string, string>;

/** Asks a server how it is. @throws ServerError `reply` if INFO is refused; what the connection throws. */
export async function askOverview(connection: Connection): Promise<ServerOverview> {
  return overviewOf(await askInfo(connection));
}

/** What the fields of INFO say. */
export function overviewOf(info: Info): ServerOverview {
  const valkey = info.get('valkey_version');
  const sentinel = info.get('redis_mode') === 'sentinel';
  const clustered = info.get('cluster_enabled') === '1' || info.get('redis_mode') === 'cluster';
  const replication = replicationOf(info);
  return {
    make: info.get('server_name') ?? (valkey === undefined ? 'redis' : 'valkey'),
    version: valkey ?? info.get('redis_version') ?? '',
    mode: sentinel ? 'sentinel' : clustered ? 'cluster' : 'standalone',
    role: sentinel ? 'sentinel' : replication.role,
    uptimeSeconds: count(info, 'uptime_in_seconds'),
    loading: info.get('loading') === '1' ? (decimal(info.get('loading_loaded_perc')) ?? 0) : undefined,
    usedMemory: count(info, 'used_memory'),
    maxMemory: count(info, 'maxmemory'),
    evictionPolicy: info.get('maxmemory_policy'),
    clients: count(info, 'connected_clients'),
    databases: [...info].flatMap(([name, value]) => databaseOf(name, value)),
    persistence: persistenceOf(info),
    replication,
  };
}

function databaseOf(name: string, value: string): DatabaseOverview[] {
  const db = /^db(\d{1,9})$/.exec(name);
  if (!db) return [];
  const fields = fieldsOf(value);
  const keys = number(fields.get('keys'));
  return keys === undefined ? [] : [{ db: Number(db[1]), keys, expires: number(fields.get('expires')) ?? 0 }];
}

function persistenceOf(info: Info): PersistenceOverview {
  const running = (flag: string, seconds: string) =>
    info.get(flag) === '1' ? Math.max(0, count(info, seconds) ?? 0) : undefined;
  const fine = (name: string) => (info.get(name) ?? 'ok') === 'ok';
  return {
    lastSave: count(info, 'rdb_last_save_time'),
    lastSaveOk: fine('rdb_last_bgsave_status'),
    changesSinceSave: count(info, 'rdb_changes_since_last_save'),
    saving: running('rdb_bgsave_in_progress', 'rdb_current_bgsave_time_sec'),
    aof: info.get('aof_enabled') === '1',
    rewriting: running('aof_rewrite_in_progress', 'aof_current_rewrite_time_sec'),
    rewriteScheduled: info.get('aof_rewrite_scheduled') === '1',
    lastRewriteOk: fine('aof_last_bgrewrite_status'),
    lastWriteOk: fine('aof_last_write_status'),
    aofSize: count(info, 'aof_current_size'),
    aofBaseSize: count(info, 'aof_base_size'),
  };
}

function replicationOf(info: Info): ReplicationOverview {
  const role = /^(?:slave|replica)$/.test(info.get('role') ?? '') ? 'replica' : 'primary';
  const offset = offsetOf(info.get('master_repl_offset'));
  const own = role === 'replica' ? (offsetOf(info.get('slave_repl_offset')) ?? offset) : offset;
  return {
    role,
    id: info.get('master_replid'),
    offset: own,
    backlog: backlogOf(info),
    replicas: [...info].flatMap(([name, value]) => replicaOf(name, value, offset ?? 0n)),
    link: role === 'replica' ? linkOf(info) : undefined,
  };
}

function backlogOf(info: Info): BacklogOverview | undefined {
  const size = count(info, 'repl_backlog_size');
  if (size === undefined) return undefined;
  return {
    active: info.get('repl_backlog_active') === '1',
    size,
    firstOffset: offsetOf(info.get('repl_backlog_first_byte_offset')) ?? 0n,
    used: count(info, 'repl_backlog_histlen') ?? 0,
  };
}

/** `slave0:ip=127.0.0.1,port=6380,state=online,offset=42,lag=1`. */
function replicaOf(name: string, value: string, end: bigint): ReplicaOverview[] {
  if (!/^(?:slave|replica)\d+$/.test(name)) return [];
  const fields = fieldsOf(value);
  const host = fields.get('ip');
  const port = fields.get('port');
  if (host === undefined || port === undefined) return [];
  const offset = offsetOf(fields.get('offset')) ?? 0n;
  const behind = end - offset;
  const lag = number(fields.get('lag'));
  return [
    {
      address: hostPort(host, port),
      state: fields.get('state') ?? '',
      offset,
      lagBytes: behind > 0n ? Number(behind) : 0,
      lagSeconds: lag !== undefined && lag >= 0 ? lag : undefined,
    },
  ];
}

function linkOf(info: Info): LinkOverview {
  const seconds = (name: string) => {
    const value = number(info.get(name));
    return value !== undefined && value >= 0 ? value : undefined;
  };
  const syncing = info.get('master_sync_in_progress') === '1';
  return {
    primary: hostPort(info.get('master_host') ?? '', info.get('master_port') ?? ''),
    up: info.get('master_link_status') === 'up',
    lastIo: seconds('master_last_io_seconds_ago'),
    syncing,
    syncBytesLeft: syncing ? seconds('master_sync_left_bytes') : undefined,
    downSeconds: seconds('master_link_down_since_seconds'),
  };
}

function hostPort(host: string, port: string): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Fields of a line `name=value,name=value`. */
function fieldsOf(line: string): ReadonlyMap<string, string> {
  return new Map(
    line.split(',').flatMap((field) => {
      const at = field.indexOf('=');
      return at > 0 ? [[field.slice(0, at), field.slice(at + 1)] as const] : [];
    }),
  );
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,20}$/.test(text) ? Number(text) : undefined;
}

/** A number from 0 up; undefined for −1, by which servers say that there is nothing to say. */
function count(info: Info, name: string): number | undefined {
  const value = number(info.get(name));
  return value !== undefined && value >= 0 ? value : undefined;
}

function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function offsetOf(text: string | undefined): bigint | undefined {
  return text !== undefined && /^\d{1,20}$/.test(text) ? BigInt(text) : undefined;
}
