/** The side of a primary in replication, as far as a replica needs it to load a file: the first words, and the RDB (§5). */
import { fromLatin1, latin1 } from '../decoder/bytes.js';
import { RespDecoder } from '../decoder/resp/decoder.js';
import type { RespValue } from '../decoder/resp/values.js';
import type { ByteSource } from '../decoder/source.js';
import { encodeCommand } from './connection.js';
import { ServerError } from './errors.js';
import type { Transport } from './transport.js';

/** How a replica has asked for the data. */
export interface SyncRequest {
  /** The replication id that it has now; undefined for one that names none, as those before 4.0. */
  readonly replid: string | undefined;
}

/** What is sent. */
export interface SentFile {
  readonly source: ByteSource;
  /** Bytes of the RDB. */
  readonly bytes: number;
  /** The replication id that the replica takes over, 40 hexadecimal digits. */
  readonly replid: string;
  /** False when the file has changed since it was looked at: it is not sent to its end then. */
  intact(): boolean;
  progress(sent: number): void;
}

/** Blocks of the file that are on their way, and their size. */
const BLOCKS = 4;
const BLOCK_BYTES = 256 * 1024;
/** Milliseconds between two signs of life, as servers have them by default. */
const BEAT_MS = 10_000;
/** What a replica may say before it asks for the data is short. */
const LIMITS = { depth: 2, elements: 64, bulkLength: 64 * 1024, lineLength: 1024, inlineLength: 4096 };
/** The first byte of a TLS connection. */
const TLS_HANDSHAKE = 0x16;

const OK = fromLatin1('+OK\r\n');
const PONG = fromLatin1('+PONG\r\n');

/** The link to a replica. */
export class PrimaryLink {
  /** Settled when the replica asks for the data. @throws ServerError `closed`, `protocol`. */
  readonly asked: Promise<SyncRequest>;
  /** Why the link has ended; undefined while it is open. */
  failure: ServerError | undefined;
  /** Called when it has ended. */
  ended: () => void = () => {};
  /** True if the other end begins to speak TLS. */
  speaksTls = false;
  /** Bytes of the file that the system has taken. */
  sent = 0;
  private oldForm = false;
  private settle: { resolve: (request: SyncRequest) => void; reject: (error: ServerError) => void } | undefined;
  private beat: ReturnType<typeof setInterval> | undefined;
  private readonly decoder: RespDecoder;

  constructor(private readonly transport: Transport) {
    this.asked = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    // Who is not waited for any more is nobody's error.
    this.asked.catch(() => {});
    this.decoder = new RespDecoder((value) => this.take(value), { input: 'any', limits: LIMITS });
    transport.listener = {
      data: (bytes) => this.receive(bytes),
      drained: () => {},
      closed: (error) => this.fail(error),
    };
  }

  /** Sends the file. @throws ServerError if the link ends, RangeError if the file has changed. */
  async send({ source, bytes, replid, intact, progress }: SentFile): Promise<void> {
    const answer = this.oldForm ? '' : `+FULLRESYNC ${replid} 0\r\n`;
    this.transport.write(fromLatin1(`${answer}$${bytes}\r\n`));
    const blocks = Array.from({ length: BLOCKS }, () => ({
      buffer: new Uint8Array(Math.min(BLOCK_BYTES, bytes)),
      free: Promise.resolve(),
    }));
    for (let at = 0, i = 0; at < bytes; i = (i + 1) % BLOCKS) {
      const block = blocks[i];
      await block.free;
      if (this.failure) throw this.failure;
      const wanted = block.buffer.subarray(0, Math.min(BLOCK_BYTES, bytes - at));
      const count = source.read(at, wanted);
      // The replica throws away what has not come whole.
      if (count <= 0 || (at + count === bytes && !intact())) throw new RangeError('the file was overwritten');
      at += count;
      block.free = new Promise((resolve) => {
        this.transport.write(wanted.subarray(0, count), () => {
          this.sent += count;
          resolve();
        });
      });
      progress(this.sent);
    }
    for (const { free } of blocks) await free;
    if (this.failure) throw this.failure;
    progress(this.sent);
    this.beat = setInterval(() => this.transport.write(encodeCommand('PING')), BEAT_MS);
  }

  close(): void {
    this.fail(new ServerError('closed', this.transport.address, ''));
  }

  private receive(bytes: Uint8Array): void {
    if (!this.settle) return;
    if (bytes[0] === TLS_HANDSHAKE) this.speaksTls = true;
    try {
      if (!this.speaksTls) this.decoder.push(bytes);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.fail(new ServerError('protocol', this.transport.address, text));
    }
    if (this.speaksTls) this.fail(new ServerError('protocol', this.transport.address, 'TLS'));
  }

  private take(value: RespValue): void {
    const [name = '', first = '', second] = wordsOf(value);
    switch (name.toUpperCase()) {
      case '':
        return;
      case 'PING':
        this.transport.write(PONG);
        return;
      case 'AUTH':
      case 'REPLCONF':
        // Whatever its password is for us: nobody is refused here, and nothing of it is kept.
        if (first.toUpperCase() !== 'ACK') this.transport.write(OK);
        return;
      case 'PSYNC':
        this.ask(first === '?' || second === undefined ? undefined : first);
        return;
      case 'SYNC':
        this.oldForm = true;
        this.ask(undefined);
        return;
      default:
        this.fail(new ServerError('protocol', this.transport.address, 'what no replica says'));
    }
  }

  private ask(replid: string | undefined): void {
    this.settle?.resolve({ replid });
    this.settle = undefined;
  }

  private fail(error: ServerError): void {
    if (this.failure) return;
    this.failure = error;
    clearInterval(this.beat);
    this.transport.close();
    this.settle?.reject(error);
    this.settle = undefined;
    this.ended();
  }
}

/** The words of a command, one character a byte. */
function wordsOf(value: RespValue): string[] {
  if (value.type === 'inline') return value.arguments.map((word) => latin1(word));
  if (value.type !== 'array') return [];
  return value.items.map((item) => (item.type === 'bulk' ? latin1(item.bytes) : ''));
}
