/** Asking Sentinels where the primary of a name is. */
import { addressText, type ServerAddress } from './address.js';
import { type Connection, errorText, itemsOf, stringOf } from './connection.js';
import { ServerError, type ServerErrorCode } from './errors.js';
import type { SentinelTarget } from './target.js';

const UNREACHABLE = new Set<ServerErrorCode>(['unreachable', 'connect-timeout', 'not-found', 'closed', 'timeout']);

/**
 * Where the primary is, as the first of the Sentinels says that answers.
 *
 * @param base user and TLS of the server.
 * @param connect opens a connection to a Sentinel, with its own password.
 * @throws ServerError `sentinel-name` if no Sentinel knows the name; of the first Sentinel if none of them can be used.
 */
export async function primaryOf(
  { masterName, addresses }: SentinelTarget,
  base: ServerAddress,
  connect: (address: ServerAddress) => Promise<Connection>,
): Promise<ServerAddress> {
  let failure: ServerError | undefined;
  for (const address of addresses) {
    try {
      const endpoint = await askSentinel(await connect(address), masterName);
      if (endpoint) return { ...base, endpoint };
      failure = new ServerError('sentinel-name', addressText(address), masterName);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      // What a Sentinel says counts for more than that another one is out of reach.
      if (!failure || UNREACHABLE.has(failure.code)) failure = error;
    }
  }
  throw failure ?? new ServerError('sentinel-name', addressText(base), masterName);
}

async function askSentinel(connection: Connection, masterName: string): Promise<ServerAddress['endpoint'] | undefined> {
  try {
    const reply = await connection.command('SENTINEL', 'get-master-addr-by-name', masterName);
    const [host, port] = itemsOf(reply).map(stringOf);
    return host === undefined || port === undefined ? undefined : { kind: 'tcp', host, port: Number(port) };
  } finally {
    connection.close();
  }
}

/** What a server says that it is: `master`, `slave`; undefined where it may not be asked. */
export async function roleOf(connection: Connection): Promise<string | undefined> {
  const role = await connection.ask('ROLE');
  if (errorText(role) === undefined) return stringOf(itemsOf(role)[0]);
  const info = stringOf(await connection.ask('INFO', 'replication'));
  return /^role:(\w+)/m.exec(info ?? '')?.[1];
}
