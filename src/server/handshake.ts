/** The first words with a server: who we are (HELLO or AUTH) and which database. Servers back to 2.8 understand them. */
import type { ServerAddress } from './address.js';
import { type Connection, errorText, itemsOf, stringOf } from './connection.js';
import { ServerError } from './errors.js';

/** What a server of 6.0 or later says of itself in HELLO; empty for an older one. */
export type Greeting = ReadonlyMap<string, string>;

/**
 * Makes a new connection usable. RESP2 is spoken, which all servers know; HELLO is how newer ones take the password.
 *
 * @throws ServerError `auth-required`, `wrong-password`, `no-users`, `refused`, `reply` (no such database).
 */
export async function greet(
  connection: Connection,
  { username, db }: Pick<ServerAddress, 'username' | 'db'>,
  password?: string,
): Promise<Greeting> {
  const user = username ?? 'default';
  const hello =
    password === undefined
      ? await connection.ask('HELLO', 2)
      : await connection.ask('HELLO', 2, 'AUTH', user, password);
  const error = errorText(hello);
  if (error !== undefined) await greetOldServer(connection, error, username, password);
  if (db !== 0) await connection.command('SELECT', db);
  const items = itemsOf(hello);
  const greeting = new Map<string, string>();
  for (let i = 0; i + 1 < items.length; i += 2) greeting.set(stringOf(items[i]) ?? '', stringOf(items[i + 1]) ?? '');
  return greeting;
}

/** Goes on where HELLO failed: for good, or because the server does not know it. */
async function greetOldServer(
  connection: Connection,
  error: string,
  username: string | undefined,
  password: string | undefined,
): Promise<void> {
  check(connection, error);
  if (!/^ERR unknown command/i.test(error)) throw new ServerError('refused', connection.address, error);
  const own = username !== undefined && username !== 'default';
  if (password !== undefined) {
    const failed = errorText(await connection.ask('AUTH', ...(own ? [username] : []), password));
    if (failed !== undefined) {
      check(connection, failed);
      if (own && /wrong number of arguments/i.test(failed)) throw new ServerError('no-users', connection.address);
      // Where no password is set, none is needed.
      if (!/no password is set|without any password configured/i.test(failed)) {
        throw new ServerError('wrong-password', connection.address);
      }
    }
  }
  const failed = errorText(await connection.ask('PING'));
  if (failed !== undefined) check(connection, failed);
}

function check(connection: Connection, error: string): void {
  if (/^NOAUTH\b/.test(error) || /^ERR operation not permitted/i.test(error)) {
    throw new ServerError('auth-required', connection.address);
  }
  if (/^WRONGPASS\b|invalid password|invalid username-password/i.test(error)) {
    throw new ServerError('wrong-password', connection.address);
  }
  if (/^DENIED\b|max number of clients/i.test(error)) throw new ServerError('refused', connection.address, error);
}
