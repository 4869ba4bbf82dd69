/** Commands that somebody types, one at a time, with the bytes that go to the server and come back. */
import { RespDecoder } from '../decoder/resp/decoder.js';
import type { RespValue } from '../decoder/resp/values.js';
import { type Argument, type Connection, encodeCommand } from './connection.js';
import { ServerError } from './errors.js';
import type { Transport } from './transport.js';

/** What went over the wire for a command. */
export interface Exchange {
  readonly request: Uint8Array;
  /** All that came until the reply was whole, messages that the server pushed included; the first {@link KEPT} bytes. */
  readonly received: Uint8Array;
  readonly receivedBytes: number;
  readonly reply: RespValue;
  readonly ms: number;
}

/** Bytes of a reply that are kept as they came. */
export const KEPT = 256 * 1024;
/** Bytes of a reply that is read at all: it is for people. */
export const REPLY_LIMIT = 16 * 1024 * 1024;
const ELEMENT_LIMIT = 1 << 17;

interface Running {
  readonly request: Uint8Array;
  readonly began: number;
  readonly pieces: Uint8Array[];
  bytes: number;
  readonly resolve: (exchange: Exchange) => void;
  readonly reject: (error: ServerError) => void;
}

/** A connection that commands are typed on. */
export class TypedCommands {
  private readonly transport: Transport;
  private readonly decoder: RespDecoder;
  private running: Running | undefined;
  private failure: ServerError | undefined;

  /** @param connection nothing of it is used any more afterwards. @param now gives milliseconds. */
  constructor(
    connection: Connection,
    private readonly now: () => number,
  ) {
    this.decoder = new RespDecoder((value) => this.take(value), {
      limits: { bulkLength: REPLY_LIMIT, elements: ELEMENT_LIMIT },
    });
    this.transport = connection.takeOver({
      data: (bytes) => this.receive(bytes),
      drained: () => {},
      closed: (error) => this.fail(error),
    });
  }

  /** False when the connection has ended. */
  get isOpen(): boolean {
    return this.failure === undefined;
  }

  /**
   * Runs a command and waits for its reply, however long it takes.
   *
   * @throws ServerError `closed`, `protocol`, `reply-size`; RangeError while another is running.
   */
  run(argv: readonly Argument[]): Promise<Exchange> {
    if (this.failure) return Promise.reject(this.failure);
    if (this.running) throw new RangeError('a command is running');
    return new Promise((resolve, reject) => {
      const request = encodeCommand(...argv);
      this.running = { request, began: this.now(), pieces: [], bytes: 0, resolve, reject };
      this.transport.write(request);
    });
  }

  close(): void {
    this.fail(new ServerError('closed', this.transport.address, ''));
  }

  private receive(bytes: Uint8Array): void {
    const { running } = this;
    if (running) {
      const room = KEPT - Math.min(KEPT, running.bytes);
      if (room > 0) running.pieces.push(bytes.slice(0, room));
      running.bytes += bytes.length;
      if (running.bytes > REPLY_LIMIT) {
        this.fail(new ServerError('reply-size', this.transport.address, REPLY_LIMIT / (1024 * 1024)));
        return;
      }
    }
    try {
      this.decoder.push(bytes);
    } catch (error) {
      this.fail(new ServerError('protocol', this.transport.address, error instanceof Error ? error.message : ''));
    }
  }

  private take(value: RespValue): void {
    // What a server pushes is an answer to nothing.
    if (value.type === 'push') return;
    const { running } = this;
    if (!running) return;
    this.running = undefined;
    const { request, began, pieces, bytes, resolve } = running;
    const received = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of pieces) {
      received.set(piece, at);
      at += piece.length;
    }
    resolve({ request, received, receivedBytes: bytes, reply: value, ms: this.now() - began });
  }

  private fail(error: ServerError): void {
    this.failure ??= error;
    this.transport.close();
    const { running } = this;
    this.running = undefined;
    running?.reject(this.failure);
  }
}
