/** Addresses of servers: `redis://`, `rediss://` and `unix://` URLs, without passwords. */
import { ServerError } from './errors.js';

/** How a server shows who it is, and we to it; the names of files are those of the machine that connects. */
export interface TlsOptions {
  /** File with the certificates of the authorities that are trusted; those of the system without it. */
  readonly caFile?: string;
  /** Files with our own certificate and its key. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** The name that the certificate has to have; the host without it. */
  readonly serverName?: string;
  /** False takes any certificate. */
  readonly verify: boolean;
}

/** Where a server listens, and as whom to speak to it. */
export interface ServerAddress {
  readonly endpoint:
    | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
    | { readonly kind: 'unix'; readonly path: string };
  /** Undefined for a connection without TLS. */
  readonly tls?: TlsOptions;
  readonly username?: string;
  /** Database to select at the start. */
  readonly db: number;
}

const DEFAULT_PORT = 6379;
const TLS_OPTIONS = ['cacert', 'cert', 'key', 'sni', 'insecure'];
const OPTIONS = ['db', 'user'];

/**
 * Reads a URL: `redis://[user@]host[:port][/db]`, `rediss://…` with `?cacert=…&cert=…&key=…&sni=…&insecure=true`, or
 * `unix:///path[?db=…&user=…]` (also `redis+unix://`).
 *
 * @throws ServerError `address-…`; one with a password is refused, for whoever lists processes can read it.
 */
export function parseServerAddress(text: string): ServerAddress {
  const scheme = /^(rediss?|unix|redis\+unix|redis-socket):\/\//i.exec(text)?.[1].toLowerCase();
  if (!scheme) throw new ServerError('address-scheme', withoutPassword(text));
  const url = parseUrl(text);
  if (url.password !== '' || url.searchParams.has('password')) throw new ServerError('address-password');
  const tls = scheme === 'rediss';
  const known = tls ? [...OPTIONS, ...TLS_OPTIONS] : OPTIONS;
  for (const name of url.searchParams.keys()) {
    if (!known.includes(name)) throw new ServerError('address-option', name, known.join(', '));
  }
  const username = decoded(url.username) || url.searchParams.get('user');
  const unix = scheme !== 'redis' && scheme !== 'rediss';
  const dbText = url.searchParams.get('db') ?? (unix ? '' : url.pathname.replace(/^\//, ''));
  if (!/^\d{0,9}$/.test(dbText)) throw new ServerError('address-db', dbText);
  return {
    endpoint: unix ? { kind: 'unix', path: socketPath(url, text) } : tcpEndpoint(url),
    ...(tls ? { tls: tlsOptions(url.searchParams) } : {}),
    ...(username ? { username } : {}),
    db: Number(dbText),
  };
}

/** The address as people write it, without what is secret or a detail: `redis://host:port`. */
export function addressText({ endpoint, tls }: ServerAddress): string {
  if (endpoint.kind === 'unix') return `unix://${endpoint.path}`;
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  return `${tls ? 'rediss' : 'redis'}://${host}:${endpoint.port}`;
}

function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    // The error of the URL would say no more than this one does.
    throw new ServerError('address-invalid', withoutPassword(text));
  }
}

function tcpEndpoint(url: URL): ServerAddress['endpoint'] {
  const host = decoded(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port);
  if (port < 1 || port > 65535) throw new ServerError('address-port', url.port);
  return { kind: 'tcp', host: host === '' ? '127.0.0.1' : host, port };
}

function socketPath(url: URL, text: string): string {
  const path = decoded(url.pathname);
  if (url.host !== '' || path.length < 2) throw new ServerError('address-invalid', withoutPassword(text));
  return path;
}

function tlsOptions(params: URLSearchParams): TlsOptions {
  const text = (name: string) => params.get(name) || undefined;
  const caFile = text('cacert');
  const certFile = text('cert');
  const keyFile = text('key');
  const serverName = text('sni');
  return {
    ...(caFile ? { caFile } : {}),
    ...(certFile ? { certFile } : {}),
    ...(keyFile ? { keyFile } : {}),
    ...(serverName ? { serverName } : {}),
    verify: params.get('insecure') !== 'true',
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not escaped: taken as it stands.
    return text;
  }
}

/** What may be said of an address that cannot be read: a password can stand before its last @. */
function withoutPassword(text: string): string {
  const at = text.lastIndexOf('@');
  return at < 0 ? text : `…${text.slice(at)}`;
}
