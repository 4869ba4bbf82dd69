/**
 * The RDB on a connection of its own, as Valkey 8 and Redis 8 send it: the commands come beside it, so that the primary
 * does not have to keep them meanwhile. (`dual-channel-replication-enabled` and `+DUALCHANNELSYNC` with Valkey,
 * `repl-rdb-channel` and `+RDBCHANNELSYNC` with Redis.)
 */
import { fromLatin1 } from '../decoder/bytes.js';
import { type ChannelStart, TransferError, TransferReader } from './capture-transfer.js';
import { type Connection, encodeCommand, errorText } from './connection.js';

/** Where the commands behind the RDB begin. @param client is there if the primary has to be told of this connection. */
export type RdbStart = Omit<ChannelStart, 'client'> & { readonly client: string | undefined };

/** Who takes what comes. What it throws ends the connection. */
export interface ChannelSink {
  begin(start: RdbStart): void;
  rdb(bytes: Uint8Array, total: number | undefined): void;
  rdbEnd(): void;
  /** The connection has ended before the RDB had come whole. */
  failed(error: Error): void;
}

/**
 * Asks for the RDB.
 *
 * @param connection is used up.
 * @param main number by which a Redis knows the connection of the commands; undefined for a Valkey.
 * @returns what ends it.
 * @throws TransferError, ServerError
 */
export async function takeRdb(connection: Connection, main: string | undefined, sink: ChannelSink) {
  const belongs = main === undefined ? [] : ['main-ch-client-id', main];
  const asked = ['capa', 'eof', 'rdb-only', '1', 'rdb-channel', '1', ...belongs, 'listening-port', '-1'];
  const refused = errorText(await connection.ask('REPLCONF', ...asked));
  if (refused !== undefined) {
    connection.close();
    throw new TransferError(refused);
  }
  let whole = false;
  const reader = new TransferReader(
    {
      answer: (answer) => {
        if (answer.kind === 'channel-start') sink.begin(answer);
        // The commands begin with a SELECT.
        if (answer.kind === 'full') sink.begin({ ...answer, db: 0, client: undefined });
      },
      rdb: (bytes, total) => sink.rdb(bytes, total),
      rdbEnd: () => {
        sink.rdbEnd();
        whole = true;
        transport.close();
      },
      stream: () => {},
    },
    main !== undefined,
  );
  const fail = (error: Error) => {
    if (!whole) sink.failed(error);
    whole = true;
    transport.close();
  };
  const transport = connection.takeOver({
    data: (bytes) => {
      try {
        reader.push(bytes);
      } catch (error) {
        fail(error as Error);
      }
    },
    drained: () => {},
    closed: fail,
  });
  transport.write(main === undefined ? fromLatin1('SYNC\r\n') : encodeCommand('PSYNC', '?', '-1'));
  return () => transport.close();
}
