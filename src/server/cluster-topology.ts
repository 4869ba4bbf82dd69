/** Which node of a cluster has which slots. */
import { SLOTS } from '../dataset/slots.js';
import type { ServerAddress } from './address.js';
import { type Connection, itemsOf, stringOf } from './connection.js';
import { ServerError } from './errors.js';

/** `host:port` of the primary by slot. */
export type SlotOwners = readonly (string | undefined)[];

/** Asks a node, by CLUSTER SLOTS, which all releases know. @throws ServerError what the connection throws. */
export async function slotOwners(connection: Connection, address: ServerAddress): Promise<SlotOwners> {
  const owners: (string | undefined)[] = new Array(SLOTS).fill(undefined);
  for (const range of itemsOf(await connection.command('CLUSTER', 'SLOTS'))) {
    const [first, last, primary] = itemsOf(range);
    const [host, port] = itemsOf(primary).map(stringOf);
    const from = Number(stringOf(first));
    const to = Number(stringOf(last));
    if (!(from >= 0) || !(to < SLOTS) || port === undefined) {
      throw new ServerError('protocol', connection.address, 'CLUSTER SLOTS without slots');
    }
    // A node that does not know its own name leaves it out.
    const own = address.endpoint.kind === 'tcp' ? address.endpoint.host : '127.0.0.1';
    owners.fill(`${host || own}:${port}`, from, to + 1);
  }
  return owners;
}

/** The address of a node. @param text `host:port`, as a redirect has it; without a host, that of `base`. */
export function nodeAddress(base: ServerAddress, text: string): ServerAddress {
  const colon = text.lastIndexOf(':');
  const own = base.endpoint.kind === 'tcp' ? base.endpoint.host : '127.0.0.1';
  const { username, tls } = base;
  return {
    endpoint: { kind: 'tcp', host: text.slice(0, colon) || own, port: Number(text.slice(colon + 1)) },
    ...(tls ? { tls } : {}),
    ...(username ? { username } : {}),
    db: 0,
  };
}
