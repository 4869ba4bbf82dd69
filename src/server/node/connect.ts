/** Connects to a server, says who we are, and gives back a connection that commands can be sent on. */
import type { ServerAddress } from '../address.js';
import { Connection } from '../connection.js';
import { greet } from '../handshake.js';
import { openTransport } from './transport.js';

export interface ConnectOptions {
  readonly password?: string | undefined;
  /** Seconds for the connection to be made, and for each reply. */
  readonly connectSeconds?: number;
  readonly replySeconds?: number;
}

/** Opens a connection with the user and the database of the address. */
export type Connect = (address: ServerAddress) => Promise<Connection>;

/**
 * Connects.
 *
 * @throws ServerError for a server that cannot be reached, does not let us in or has no such database.
 */
export async function connectTo(address: ServerAddress, options: ConnectOptions = {}): Promise<Connection> {
  const transport = await openTransport(address, options.connectSeconds);
  const connection = new Connection(transport, options.replySeconds);
  try {
    await greet(connection, address, options.password);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** A function that connects with the same options each time. */
export function connector(options: ConnectOptions): Connect {
  return (address) => connectTo(address, options);
}
