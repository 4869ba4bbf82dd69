/** Captures what a server holds, as a replica does: the RDB, and if wanted the commands that follow it. */
import { fromLatin1 } from '../decoder/bytes.js';
import { takeRdb } from './capture-channel.js';
import { CaptureStream } from './capture-stream.js';
import { TransferError, TransferReader } from './capture-transfer.js';
import { type Connection, encodeCommand, errorText } from './connection.js';
import { ServerError } from './errors.js';
import type { Transport } from './transport.js';

/** Who keeps what comes. Calls are synchronous: what is not written is not read from the link. */
export interface CaptureSink {
  /** Bytes of the RDB. @param total bytes of the whole; undefined if the server does not say. */
  rdb(bytes: Uint8Array, total: number | undefined): void;
  /** The RDB has come whole. */
  rdbEnd(): void;
  /** Bytes of an AOF: whole commands. */
  commands(bytes: Uint8Array): void;
  /** What was written is to be safe before the server is told that it is. */
  sync(): void;
}

/** How a capture is done. */
export interface CaptureOptions {
  /** Goes on with the commands until it is stopped. */
  readonly follow: boolean;
  /** Opens another connection after the link was broken. */
  readonly reconnect: () => Promise<Connection>;
  readonly signal: AbortSignal;
  /** Told when the link breaks and when it is whole again. */
  readonly link?: (state: 'lost' | 'resumed', reason: string) => void;
}

/** What a capture came to. */
export interface CaptureResult {
  /** Replication offset behind the last command; undefined without any. */
  readonly offset: number | undefined;
  /** Why it ended, if nobody stopped it. */
  readonly ended?: string;
  /** Times that the link was broken and resumed. */
  readonly resumed: number;
}

/** Milliseconds between two acknowledgements, and between two attempts to connect. */
const BEAT_MS = 1000;
/** Refusals that pass: the server is starting, or has lost its own primary. */
const TRANSIENT = /^(LOADING|NOMASTERLINK|MASTERDOWN)\b/;

/** What Valkey and Redis call that the RDB can come on a connection of its own. */
const DUAL = ['capa', 'dual-channel', 'capa', 'rdb-channel-repl'];

/**
 * Captures.
 *
 * @param connection ready for commands; it is used up.
 * @throws ServerError if the link is lost before the RDB has come, TransferError if the server refuses to replicate, what the
 * sink throws.
 */
export async function capture(
  connection: Connection,
  sink: CaptureSink,
  options: CaptureOptions,
): Promise<CaptureResult> {
  const run = new CaptureRun(sink, options);
  return run.all(connection);
}

class CaptureRun {
  private stream: CaptureStream | undefined;
  private replid: string | undefined;
  private start = 0;
  private resumed = 0;
  /** True when the RDB has come whole. */
  private based = false;
  /** True as long as the RDB may come on a connection of its own. */
  private dual: boolean;

  constructor(
    private readonly sink: CaptureSink,
    private readonly options: CaptureOptions,
  ) {
    // An RDB without commands behind it needs no second connection: nothing is kept for it.
    this.dual = options.follow;
  }

  async all(first: Connection): Promise<CaptureResult> {
    const { dual } = this;
    let ended = await this.attend(first, false);
    // Without a second connection it goes as with other servers.
    if (this.dual !== dual) ended = await this.attend(await this.options.reconnect(), false);
    while (this.options.follow && !this.options.signal.aborted && ended !== undefined) {
      if (!this.based) throw ended;
      if (!(ended instanceof ServerError)) throw ended;
      if (this.replid === undefined) return this.result(ended.message);
      this.options.link?.('lost', ended.message);
      await pause(BEAT_MS, this.options.signal);
      if (this.options.signal.aborted) break;
      try {
        const again = await this.attend(await this.options.reconnect(), true);
        if (again instanceof TransferError && !TRANSIENT.test(again.message)) return this.result(again.message);
        ended = again instanceof TransferError ? ended : again;
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
        ended = error;
      }
    }
    if (ended !== undefined && !this.options.signal.aborted) throw ended;
    this.sink.sync();
    return this.result();
  }

  private result(ended?: string): CaptureResult {
    const base = { offset: this.stream?.offset, resumed: this.resumed };
    return ended === undefined ? base : { ...base, ended };
  }

  /** Serves a link until it ends. @returns why, undefined if that is what was wanted. */
  private async attend(connection: Connection, again: boolean): Promise<Error | undefined> {
    // Servers that do not know a word of this say so, and go on.
    const { follow } = this.options;
    const capable = ['capa', 'eof', 'capa', 'psync2', ...(this.dual ? DUAL : [])];
    await connection.ask('REPLCONF', ...capable);
    // Sentinels take every replica that has a port for one that can become the primary.
    await connection.ask('REPLCONF', 'listening-port', '-1');
    if (!follow) await connection.ask('REPLCONF', 'rdb-only', '1');
    const knowsPsync = !/unknown command/i.test(errorText(await connection.ask('PSYNC')) ?? '');
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setInterval> | undefined;
      let transport: Transport | undefined;
      let over = false;
      let closeChannel = () => {};
      const end = (error: Error | undefined) => {
        over = true;
        closeChannel();
        clearInterval(timer);
        this.options.signal.removeEventListener('abort', stop);
        transport?.close();
        resolve(error);
      };
      const stop = () => end(undefined);
      const acknowledge = () => {
        if (!this.stream || this.replid === undefined) return;
        try {
          this.sink.sync();
          transport?.write(encodeCommand('REPLCONF', 'ACK', this.stream.offset));
        } catch (error) {
          end(error as Error);
        }
      };
      const begin = () => {
        acknowledge();
        timer = setInterval(acknowledge, BEAT_MS);
      };
      const streamFrom = (db: number) => {
        const write = (bytes: Uint8Array) => this.sink.commands(bytes);
        this.stream = new CaptureStream(this.start, db, write, () => this.based && acknowledge());
      };
      let joined = false;
      /** Takes the RDB on another connection, and the commands on this one. */
      const openChannel = async (main: string | undefined) => {
        // Commands that come have to wait until it is known where they begin.
        if (main !== undefined) transport?.pause();
        joined = main !== undefined;
        const close = await takeRdb(await this.options.reconnect(), main, {
          begin: ({ replid, offset, db, client }) => {
            this.replid = replid;
            this.start = offset;
            streamFrom(db);
            if (client !== undefined) transport?.write(encodeCommand('REPLCONF', 'set-rdb-client-id', client));
            else transport?.resume();
          },
          rdb: (bytes, total) => this.sink.rdb(bytes, total),
          rdbEnd: () => {
            this.sink.rdbEnd();
            this.based = true;
            if (joined) begin();
          },
          failed: end,
        });
        if (over) close();
        closeChannel = close;
      };
      const reader = () =>
        new TransferReader(
          {
            answer: (answer) => {
              if (answer.kind === 'continue' && !again) {
                joined = true;
                if (this.based) begin();
              } else if (answer.kind === 'joined') {
                transport?.write(encodeCommand('PSYNC', this.replid ?? '?', this.start + 1));
              } else if (answer.kind === 'continue') {
                this.replid = answer.replid ?? this.replid;
                this.resumed++;
                this.options.link?.('resumed', '');
                begin();
              } else if (again) {
                throw new TransferError('the server has no longer what was missed');
              } else if (answer.kind === 'full') {
                this.replid = answer.replid;
                this.start = answer.offset;
              } else if (answer.kind === 'channel') {
                openChannel(answer.main).catch((error: unknown) => {
                  this.dual = false;
                  end(error as Error);
                });
              }
            },
            rdb: (bytes, total) => this.sink.rdb(bytes, total),
            rdbEnd: (db) => {
              this.sink.rdbEnd();
              this.based = true;
              if (!follow) {
                end(undefined);
                return;
              }
              streamFrom(db);
              begin();
            },
            stream: (bytes) => {
              if (!this.stream) throw new TransferError('commands before it is said where they begin');
              this.stream.push(bytes);
            },
          },
          knowsPsync,
        );
      if (this.options.signal.aborted) return end(undefined);
      this.options.signal.addEventListener('abort', stop);
      this.stream?.restart();
      let transfer: TransferReader | undefined;
      transport = connection.takeOver({
        data: (bytes) => {
          try {
            transfer ??= reader();
            transfer.push(bytes);
          } catch (error) {
            end(error as Error);
          }
        },
        drained: () => {},
        closed: end,
      });
      transport.write(
        !knowsPsync
          ? fromLatin1('SYNC\r\n')
          : again
            ? encodeCommand('PSYNC', this.replid ?? '?', (this.stream?.offset ?? 0) + 1)
            : encodeCommand('PSYNC', '?', '-1'),
      );
    });
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
