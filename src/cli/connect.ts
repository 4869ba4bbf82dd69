/** How commands that talk to servers connect: with the password of the environment, or one that is asked for. */
import { parseServerAddress } from '../server/address.js';
import type { Connection } from '../server/connection.js';
import { ServerError } from '../server/errors.js';
import { type Connect, connector } from '../server/node/connect.js';
import { askAtTerminal, isAtTerminal, passwordFromEnvironment } from './password.js';

/** Connects; asks for the password if the server wants one and a person is there. */
export async function connectAsking(url: string): Promise<{ connect: Connect; connection: Connection }> {
  const address = parseServerAddress(url);
  let connect = connector({ password: passwordFromEnvironment() });
  try {
    return { connect, connection: await connect(address) };
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== 'auth-required' || !isAtTerminal()) throw error;
    connect = connector({ password: await askAtTerminal('Password: ', true) });
    return { connect, connection: await connect(address) };
  }
}
