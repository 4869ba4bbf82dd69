/** What somebody types or pastes to say where a server is: a URL, a host with or without a port, a path of a socket. */
import { parseTarget } from '../../server/target-url.js';
import type { ConfiguredServer } from './configured-server.js';
import { DEFAULT_PORT, parseNode } from './server-settings.js';

/** Where a server is, and as whom to speak to it. */
export type ServerPlace = Pick<
  ConfiguredServer,
  'endpoint' | 'tls' | 'username' | 'database' | 'mode' | 'masterName' | 'sentinels' | 'sentinelUsername'
>;

/** Where a server is, and the password that stood in the URL. */
export interface TypedAddress {
  readonly place: ServerPlace;
  readonly password?: string;
  /** True if the text says all there is to say, as a URL does. */
  readonly isWhole: boolean;
}

/**
 * Reads what was typed; undefined for nothing.
 *
 * @throws ServerError `address-…`; its message has no password in it.
 */
export function parseTypedAddress(text: string): TypedAddress | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (/^(?:\/|[a-z]:\\)/i.test(trimmed)) return { place: plain({ kind: 'unix', path: trimmed }), isWhole: false };
  const node = parseNode(trimmed, DEFAULT_PORT);
  if (node) return { place: plain({ kind: 'tcp', ...node }), isWhole: false };
  const { url, password } = withoutPassword(trimmed);
  return { place: placeIn(url), ...(password === undefined ? {} : { password }), isWhole: true };
}

function plain(endpoint: ServerPlace['endpoint']): ServerPlace {
  return { endpoint, database: 0, mode: 'standalone', sentinels: [] };
}

function placeIn(url: string): ServerPlace {
  const { address, mode, sentinel } = parseTarget(url);
  const { endpoint, tls, username, db } = address;
  const own = { ...(tls ? { tls } : {}), ...(username === undefined ? {} : { username }), database: db, mode };
  if (!sentinel) return { ...own, endpoint, sentinels: [] };
  const [first, ...others] = sentinel.addresses;
  const sentinelUsername = first?.username;
  return {
    ...own,
    endpoint: first?.endpoint ?? endpoint,
    masterName: sentinel.masterName,
    sentinels: others.flatMap((other) => (other.endpoint.kind === 'tcp' ? [other.endpoint] : [])).map(nodeOnly),
    ...(sentinelUsername === undefined ? {} : { sentinelUsername }),
  };
}

function nodeOnly({ host, port }: { readonly host: string; readonly port: number }) {
  return { host, port };
}

/**
 * Takes the password out of a URL. It may hold any character, also those that a URL would have to escape: it ends at
 * the last @ before the options.
 */
function withoutPassword(text: string): { readonly url: string; readonly password?: string } {
  const match = /^([a-z+-]+:\/\/)([^:]*):(.*)@([^@]*)$/is.exec(text);
  if (match) {
    const [, scheme, user, password, rest] = match;
    // A colon behind the host, as in redis://host:6379/?user=a@b, is none before a password.
    if (!user.includes('/')) {
      return { url: `${scheme}${user === '' ? '' : `${user}@`}${rest}`, password: decoded(password) };
    }
  }
  const option = /([?&])password=([^&]*)(&|$)/.exec(text);
  if (!option) return { url: text };
  const [whole, start, password, end] = option;
  const url = text.replace(whole, end === '&' ? start : '');
  return { url, password: decoded(password) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not escaped: taken as it stands.
    return text;
  }
}
