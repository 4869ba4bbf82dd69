/** A connection to a server: commands in, replies out, each with a limit of time; until somebody takes its stream over. */
import { latin1 } from '../decoder/bytes.js';
import { RespDecoder } from '../decoder/resp/decoder.js';
import type { RespValue } from '../decoder/resp/values.js';
import { writeCommand } from '../decoder/resp/writer.js';
import { ServerError } from './errors.js';
import type { Transport, TransportListener } from './transport.js';

/** An argument of a command: bytes, or text that is sent as UTF-8. */
export type Argument = string | number | Uint8Array;

/** Seconds that a server has for a reply, unless it is said otherwise. */
export const REPLY_SECONDS = 30;

interface Waiting {
  readonly resolve: (value: RespValue) => void;
  readonly reject: (error: ServerError) => void;
}

/** The bytes of a command. */
export function encodeCommand(...argv: readonly Argument[]): Uint8Array {
  return writeCommand(argv.map((argument) => (argument instanceof Uint8Array ? argument : utf8(String(argument)))));
}

const encoder = new TextEncoder();

function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text of an error reply (`CODE message`); undefined for any other value. */
export function errorText(value: RespValue): string | undefined {
  return value.type === 'error' || value.type === 'bulk-error' ? latin1(value.bytes) : undefined;
}

/** Speaks to a server. */
export class Connection {
  private readonly waiting: Waiting[] = [];
  private readonly decoder: RespDecoder;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failure: ServerError | undefined;

  /** @param seconds how long a server has for a reply. */
  constructor(
    readonly transport: Transport,
    private readonly seconds = REPLY_SECONDS,
  ) {
    this.decoder = new RespDecoder((value) => this.reply(value), {
      // What is asked of a server is small: nothing of this size is an answer.
      limits: { bulkLength: 256 * 1024 * 1024, elements: 1 << 24 },
    });
    transport.listener = {
      data: (bytes) => this.take(bytes),
      drained: () => {},
      closed: (error) => this.fail(error),
    };
  }

  /** Where the connection leads, for messages. */
  get address(): string {
    return this.transport.address;
  }

  /**
   * Runs a command.
   *
   * @returns the reply; an error reply is a value of type `error`.
   * @throws ServerError `closed`, `timeout`, `protocol`.
   */
  ask(...argv: readonly Argument[]): Promise<RespValue> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.watch();
      this.transport.write(encodeCommand(...argv));
    });
  }

  /** Runs a command. @throws ServerError as {@link ask}, and `reply` for an error reply. */
  async command(...argv: readonly Argument[]): Promise<RespValue> {
    const value = await this.ask(...argv);
    const error = errorText(value);
    if (error !== undefined) throw new ServerError('reply', this.address, String(argv[0]), error);
    return value;
  }

  /**
   * Gives the stream to somebody else: from now on they hear what comes, and this connection nothing any more. No
   * reply may be outstanding.
   */
  takeOver(listener: TransportListener): Transport {
    if (this.waiting.length > 0) throw new RangeError('a reply is outstanding');
    clearTimeout(this.timer);
    this.transport.listener = listener;
    // The stream may have ended in the meantime; its listener would wait forever.
    const { failure } = this;
    if (failure) queueMicrotask(() => listener.closed(failure));
    return this.transport;
  }

  close(): void {
    this.fail(new ServerError('closed', this.address, ''));
  }

  private take(bytes: Uint8Array): void {
    try {
      this.decoder.push(bytes);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.fail(new ServerError('protocol', this.address, text));
    }
  }

  private reply(value: RespValue): void {
    if (value.type === 'push') return;
    const next = this.waiting.shift();
    if (next) next.resolve(value);
    else {
      // Servers that refuse a client say why before they are asked.
      const text = errorText(value);
      this.fail(
        text === undefined
          ? new ServerError('protocol', this.address, 'a reply that nothing was asked for')
          : new ServerError('refused', this.address, text),
      );
    }
    this.watch();
  }

  private watch(): void {
    clearTimeout(this.timer);
    if (this.waiting.length === 0) return;
    this.timer = setTimeout(
      () => this.fail(new ServerError('timeout', this.address, this.seconds)),
      this.seconds * 1000,
    );
  }

  private fail(error: ServerError): void {
    this.failure ??= error;
    clearTimeout(this.timer);
    this.transport.close();
    for (const { reject } of this.waiting.splice(0)) reject(this.failure);
  }
}

/** The text of a string value, one character a byte; undefined for other values. */
export function stringOf(value: RespValue | undefined): string | undefined {
  if (!value) return undefined;
  if (value.type === 'bulk' || value.type === 'simple' || value.type === 'verbatim') return latin1(value.bytes);
  return value.type === 'integer' ? String(value.value) : undefined;
}

/** The elements of a reply that is a list, or a map as a RESP2 server sends it; none for other values. */
export function itemsOf(value: RespValue | undefined): readonly RespValue[] {
  if (!value) return [];
  if (value.type === 'array' || value.type === 'set' || value.type === 'push') return value.items;
  return value.type === 'map' ? value.pairs.flat() : [];
}
