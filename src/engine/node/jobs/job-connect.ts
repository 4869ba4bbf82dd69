/** The way to a server that somebody has configured: straight, or by asking Sentinels who is the primary. */
import type { ServerAddress } from '../../../server/address.js';
import { addressText } from '../../../server/address.js';
import { type Connection, itemsOf, stringOf } from '../../../server/connection.js';
import { ServerError } from '../../../server/errors.js';
import { factsOf, type ServerFacts, targetDoubt } from '../../../server/facts.js';
import { type Connect, connector } from '../../../server/node/connect.js';
import { ReplayInputError } from '../../../server/replay-errors.js';
import type { ServerTarget } from '../../../server/target.js';
import { JobError } from './job-host.js';

/** An open way to a server. */
export interface OpenTarget {
  /** Where the server is; of a primary that Sentinels watch, where it was when they were asked. */
  readonly address: ServerAddress;
  readonly connect: Connect;
  /** A connection for questions. */
  readonly control: Connection;
}

/** Connects. @throws ServerError; JobError `no-primary` if no Sentinel knows one. */
export async function openTarget(target: ServerTarget): Promise<OpenTarget> {
  const connect = connector({ password: target.password });
  const address = target.mode === 'sentinel' ? await primaryOf(target) : target.address;
  return { address, connect, control: await connect(address) };
}

/** Connects, and asks the server what it is. @throws as {@link openTarget}; ReplayInputError if nothing may be written there. */
export async function openForWriting(target: ServerTarget): Promise<OpenTarget & { readonly facts: ServerFacts }> {
  const open = await openTarget(target);
  try {
    const facts = await factsOf(open.control);
    const doubt = targetDoubt(facts);
    if (doubt) throw new ReplayInputError(doubt, facts.address);
    return { ...open, facts };
  } catch (error) {
    open.control.close();
    throw error;
  }
}

/** Asks the Sentinels one after the other; the first that answers counts. */
async function primaryOf({ address, sentinel }: ServerTarget): Promise<ServerAddress> {
  if (!sentinel) throw new JobError('no-primary', addressText(address));
  let failure: ServerError | undefined;
  for (const at of sentinel.addresses) {
    try {
      const connection = await connector({ password: sentinel.password })(at);
      try {
        const reply = await connection.command('SENTINEL', 'get-master-addr-by-name', sentinel.masterName);
        const [host, port] = itemsOf(reply).map(stringOf);
        if (host === undefined || port === undefined) continue;
        return { ...address, endpoint: { kind: 'tcp', host, port: Number(port) } };
      } finally {
        connection.close();
      }
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      failure ??= error;
    }
  }
  throw failure ?? new JobError('no-primary', sentinel.masterName);
}
