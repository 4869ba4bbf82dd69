/** The setting `redisPersistence.servers`: what is in it is checked, field by field, before anything is made of it. */
import type { TlsOptions } from '../../server/address.js';
import type { ServerMode } from '../../server/target.js';
import { type ConfiguredServer, SERVER_COLORS, type ServerColor } from './configured-server.js';

/** Something in the setting that cannot be used, as a sentence with placeholders. */
export interface SettingProblem {
  /** Number of the entry, from 1; 0 for the setting as a whole. */
  readonly entry: number;
  readonly template: string;
  readonly args: readonly (string | number)[];
}

/** The servers that can be used, and what is wrong with the others. */
export interface ServerSettings {
  readonly servers: readonly ConfiguredServer[];
  readonly problems: readonly SettingProblem[];
}

export const DEFAULT_PORT = 6379;
export const SENTINEL_PORT = 26379;
const MODES: readonly ServerMode[] = ['standalone', 'cluster', 'sentinel'];
/** More would be no list of servers any more. */
const DATABASE_LIMIT = 1 << 30;

type Entry = Readonly<Record<string, unknown>>;

/** What an entry says is wrong with it: thrown and caught in this file. */
class EntryError extends Error {
  constructor(readonly problem: Omit<SettingProblem, 'entry'>) {
    super(problem.template);
  }
}

/** Reads the value of the setting; never throws. An entry with anything wrong is left out as a whole. */
export function readServers(value: unknown): ServerSettings {
  if (value === undefined || value === null) return { servers: [], problems: [] };
  if (!Array.isArray(value)) {
    return { servers: [], problems: [{ entry: 0, template: 'The setting {0} is no list.', args: [SETTING] }] };
  }
  const servers: ConfiguredServer[] = [];
  const problems: SettingProblem[] = [];
  for (const [i, entry] of value.entries()) {
    try {
      servers.push(
        readServer(
          entry,
          servers.map(({ name }) => name),
        ),
      );
    } catch (error) {
      if (!(error instanceof EntryError)) throw error;
      problems.push({ entry: i + 1, ...error.problem });
    }
  }
  return { servers, problems };
}

/** The name of the setting. */
export const SETTING = 'redisPersistence.servers';

function readServer(entry: unknown, taken: readonly string[]): ConfiguredServer {
  if (!isEntry(entry)) throw new EntryError({ template: 'It is no object with the fields of a server.', args: [] });
  if ('password' in entry) {
    throw new EntryError({
      template: 'It holds a password. Passwords are kept in the secret storage: remove it here, you are asked for it.',
      args: [],
    });
  }
  const endpoint = endpointOf(entry);
  const name =
    textOf(entry, 'name') ?? (endpoint.kind === 'unix' ? endpoint.path : `${endpoint.host}:${endpoint.port}`);
  if (taken.includes(name)) {
    throw new EntryError({ template: 'Another server has the name {0} already.', args: [name] });
  }
  const mode = choiceOf(entry, 'mode', MODES) ?? 'standalone';
  const masterName = textOf(entry, 'masterName');
  if (mode === 'sentinel' && masterName === undefined) {
    throw new EntryError({ template: 'The mode sentinel needs masterName, the name of the primary.', args: [] });
  }
  const tls = tlsOf(entry.tls);
  if (endpoint.kind === 'unix' && tls) {
    throw new EntryError({ template: 'A Unix socket has no TLS: leave one of socket and tls out.', args: [] });
  }
  const username = textOf(entry, 'username');
  const sentinelUsername = textOf(entry, 'sentinelUsername');
  const color = choiceOf<ServerColor>(entry, 'color', SERVER_COLORS);
  return {
    name,
    endpoint,
    ...(tls ? { tls } : {}),
    ...(username === undefined ? {} : { username }),
    database: databaseOf(entry, 'database') ?? 0,
    databases: databaseMap(entry.databases),
    mode,
    ...(masterName === undefined || mode !== 'sentinel' ? {} : { masterName }),
    sentinels: mode === 'sentinel' ? sentinelsOf(entry.sentinels) : [],
    ...(sentinelUsername === undefined || mode !== 'sentinel' ? {} : { sentinelUsername }),
    protected: flagOf(entry, 'protected') ?? false,
    ...(color ? { color } : {}),
  };
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function endpointOf(entry: Entry): ConfiguredServer['endpoint'] {
  const socket = textOf(entry, 'socket');
  const host = textOf(entry, 'host');
  if (socket !== undefined) {
    if (host !== undefined || entry.port !== undefined) {
      throw new EntryError({ template: 'It has a socket and also a host or port: leave one out.', args: [] });
    }
    return { kind: 'unix', path: socket };
  }
  const usual = entry.mode === 'sentinel' ? SENTINEL_PORT : DEFAULT_PORT;
  const port = entry.port ?? usual;
  if (!isPort(port)) throw wrong('port', port, '1…65535');
  if (host !== undefined && /[\s/@]/.test(host)) throw wrong('host', host, 'localhost, redis.example.org, ::1');
  return { kind: 'tcp', host: (host ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1'), port };
}

/** True for the number of a port. */
export function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65535;
}

function tlsOf(value: unknown): TlsOptions | undefined {
  if (value === undefined || value === null || value === false) return undefined;
  if (value === true) return { verify: true };
  if (!isEntry(value)) throw wrong('tls', value, 'true, { "ca": … }');
  const caFile = textOf(value, 'ca');
  const certFile = textOf(value, 'cert');
  const keyFile = textOf(value, 'key');
  const serverName = textOf(value, 'serverName');
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new EntryError({ template: 'A certificate of our own needs both, tls.cert and tls.key.', args: [] });
  }
  return {
    ...(caFile === undefined ? {} : { caFile }),
    ...(certFile === undefined ? {} : { certFile }),
    ...(keyFile === undefined ? {} : { keyFile }),
    ...(serverName === undefined ? {} : { serverName }),
    verify: flagOf(value, 'verify') ?? true,
  };
}

function databaseMap(value: unknown): readonly (readonly [number, number])[] {
  if (value === undefined || value === null) return [];
  if (!isEntry(value)) throw wrong('databases', value, '{ "0": 3 }');
  return Object.entries(value).map(([from, to]) => {
    if (!/^\d{1,9}$/.test(from) || !isDatabase(to)) throw wrong('databases', { [from]: to }, '{ "0": 3 }');
    return [Number(from), to] as const;
  });
}

function isDatabase(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < DATABASE_LIMIT;
}

function databaseOf(entry: Entry, field: string): number | undefined {
  const value = entry[field];
  if (value === undefined || value === null) return undefined;
  if (!isDatabase(value)) throw wrong(field, value, '0, 1, 2');
  return value;
}

function sentinelsOf(value: unknown): readonly { readonly host: string; readonly port: number }[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong('sentinels', value, '["host:26379"]');
  return value.map((node) => {
    const parsed = typeof node === 'string' ? parseNode(node) : undefined;
    if (!parsed) throw wrong('sentinels', node, 'host:26379, [::1]:26379');
    return parsed;
  });
}

/** Host and port of a node, from `host`, `host:port` or `[address]:port`; undefined for anything else. */
export function parseNode(
  text: string,
  usualPort = SENTINEL_PORT,
): { readonly host: string; readonly port: number } | undefined {
  const match = /^(?:\[([\da-f:.]+)\]|([^\s:/@[\]]+))(?::(\d{1,5}))?$/i.exec(text.trim());
  const port = match?.[3] === undefined ? usualPort : Number(match[3]);
  const host = match?.[1] ?? match?.[2];
  return host === undefined || !isPort(port) ? undefined : { host, port };
}

function textOf(entry: Entry, field: string): string | undefined {
  const value = entry[field];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw wrong(field, value, '"…"');
  return value.trim() === '' ? undefined : value.trim();
}

function flagOf(entry: Entry, field: string): boolean | undefined {
  const value = entry[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrong(field, value, 'true, false');
  return value;
}

function choiceOf<Choice extends string>(entry: Entry, field: string, choices: readonly Choice[]): Choice | undefined {
  const value = entry[field];
  if (value === undefined || value === null) return undefined;
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw wrong(field, value, choices.join(', '));
  return found;
}

/** @param examples what the field takes. */
function wrong(field: string, value: unknown, examples: string): EntryError {
  return new EntryError({
    template: 'Its field {0} cannot be {1}. It takes {2}.',
    args: [field, shown(value), examples],
  });
}

/** A value for a message: a password can stand before an @. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  const at = text.lastIndexOf('@');
  return at < 0 ? text : `…${text.slice(at)}`;
}
