/**
 * The RDB on a connection of its own, as Valkey 8 sends it: the commands come beside it, so that the primary does not
 * have to keep them meanwhile. (`dual-channel-replication-enabled` on the primary; its answer is `+DUALCHANNELSYNC`.)
 */
import { fromLatin1 } from '../decoder/bytes.js';
import { type ChannelStart, TransferError, TransferReader } from './capture-transfer.js';
import { type Connection, errorText } from './connection.js';

/** Who takes what comes. What it throws ends the connection. */
export interface ChannelSink {
  begin(start: ChannelStart): void;
  rdb(bytes: Uint8Array, total: number | undefined): void;
  rdbEnd(): void;
  /** The connection has ended before the RDB had come whole. */
  failed(error: Error): void;
}

/** Asks for the RDB. @param connection is used up. @returns what ends it. @throws TransferError, ServerError */
export async function takeRdb(connection: Connection, sink: ChannelSink): Promise<() => void> {
  const refused = errorText(
    await connection.ask('REPLCONF', 'capa', 'eof', 'rdb-only', '1', 'rdb-channel', '1', 'listening-port', '-1'),
  );
  if (refused !== undefined) {
    connection.close();
    throw new TransferError(refused);
  }
  let whole = false;
  const reader = new TransferReader(
    {
      answer: (answer) => {
        if (answer.kind === 'channel-start') sink.begin(answer);
      },
      rdb: (bytes, total) => sink.rdb(bytes, total),
      rdbEnd: () => {
        sink.rdbEnd();
        whole = true;
        transport.close();
      },
      stream: () => {},
    },
    false,
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
  transport.write(fromLatin1('SYNC\r\n'));
  return () => transport.close();
}
