/** One connection of a restore: commands are written into its buffer, and each reply finds the one who waits for it. */
import { latin1 } from '../decoder/bytes.js';
import { RespDecoder } from '../decoder/resp/decoder.js';
import type { RespValue } from '../decoder/resp/values.js';
import { type Connection, errorText } from './connection.js';
import { ServerError } from './errors.js';
import type { RestoreKeys, RestoreRow } from './restore-keys.js';
import type { Transport } from './transport.js';
import { FLUSH_AT, WireBuffer, type WireBuffers } from './wire-buffer.js';

/** Takes the reply of a command. @param error the text of an error reply. @param value undefined for a plain +OK. */
export type ReplyTaker = (error: string | undefined, value: RespValue | undefined) => void;

/** Takes the replies for keys. */
export interface KeyTaker {
  /** These keys are there now. */
  runRestored(keys: RestoreKeys, from: number, to: number): void;
  /** @param error what the server says if it has not taken the key. */
  restored(row: RestoreRow, error: string | undefined): void;
}

/** Keys whose commands were sent one behind the other: those from `next` on have no reply yet. */
interface SentRun {
  readonly keys: RestoreKeys;
  next: number;
  end: number;
}

/** Bytes that the system has not taken, and replies that have not come, beyond which a lane is full. */
const UNSENT_LIMIT = 4 * FLUSH_AT;
const WAITING_LIMIT = 8192;

/** `+OK` with its line end, which nearly all replies are. */
const OK = [0x2b, 0x4f, 0x4b, 0x0d, 0x0a];
const LF = 0x0a;

/** A lane. Whoever writes a command into {@link out} tells {@link expect} who takes its reply. */
export class RestoreLane {
  readonly out: WireBuffer;
  /** The database that is selected. */
  db = 0;
  /** Why nothing goes through the lane any more. */
  failure: ServerError | undefined;

  /** True while commands are for a slot that the node is about to get. */
  asking = false;

  private readonly transport: Transport;
  private readonly decoder: RespDecoder;
  private received = 0;
  private unsent = 0;
  /** Takers in the order of the commands; those before `first` have been served. */
  private takers: (ReplyTaker | RestoreRow | SentRun | undefined)[] = [];
  private first = 0;
  /** Replies that have not come. */
  waiting = 0;
  private wake: (() => void)[] = [];

  /**
   * @param connection is the lane's from now on.
   * @param seconds how long a server may leave commands without any reply.
   */
  constructor(
    connection: Connection,
    private readonly seconds: number,
    /** Takes the replies for keys. */
    private readonly keys: KeyTaker,
    buffers: WireBuffers,
  ) {
    this.out = new WireBuffer(buffers);
    this.decoder = new RespDecoder((value) => this.reply(value));
    this.transport = connection.takeOver({
      data: (bytes) => this.take(bytes),
      drained: () => {},
      closed: (error) => this.fail(error),
    });
  }

  /** True if {@link room} should be waited for before more is written. */
  get full(): boolean {
    return this.unsent > UNSENT_LIMIT || this.waiting > WAITING_LIMIT || this.failure !== undefined;
  }

  /** Bytes that are on their way. */
  get load(): number {
    return this.unsent + this.out.size;
  }

  /** Writes what has to stand before a command for a slot that the node is about to get; nothing for others. */
  writeAsking(): void {
    if (!this.asking) return;
    this.out.array(1);
    this.out.text('ASKING');
    this.expect(() => {});
  }

  /** Says who takes the reply of the command that was written, or which key it is for. */
  expect(taker: ReplyTaker | RestoreRow): void {
    this.takers.push(taker);
    this.waiting++;
    if (this.out.size >= FLUSH_AT) this.flush();
  }

  /** Says which keys the commands are for that were written. */
  expectRun(keys: RestoreKeys, from: number, to: number): void {
    const last = this.takers.at(-1);
    if (last && 'keys' in last && last.keys === keys && last.end === from) last.end = to;
    else {
      this.takers.push({ keys, next: from, end: to });
      keys.users++;
    }
    this.waiting += to - from;
    if (this.out.size >= FLUSH_AT) this.flush();
  }

  /** Offsets of the keys that were sent, and whose reply has not come. */
  get sentOffsets(): number[] {
    const offsets: number[] = [];
    for (const taker of this.takers.slice(this.first)) {
      if (taker && 'keys' in taker) offsets.push(...taker.keys.columns.offset.subarray(taker.next, taker.end));
      else if (typeof taker === 'object') offsets.push(taker.offset);
    }
    return offsets;
  }

  /** Sends what was written. */
  flush(): void {
    if (this.out.size === 0) return;
    const written = this.out.take();
    this.send(written, () => this.out.giveBack(written));
  }

  /** Sends bytes of a command that is too large for the buffer, behind what was written. */
  sendPiece(bytes: Uint8Array): void {
    this.flush();
    this.send(bytes);
  }

  private send(bytes: Uint8Array, sent?: () => void): void {
    if (this.failure) return;
    this.unsent += bytes.length;
    this.transport.write(bytes, () => {
      this.unsent -= bytes.length;
      sent?.();
      this.wakeUp();
    });
  }

  /** Waits until there is room for more. @throws ServerError if the connection is lost. */
  async room(): Promise<void> {
    await this.until(() => !this.full);
  }

  /** Sends what was written and waits for all replies. @throws ServerError if the connection is lost. */
  async settled(): Promise<void> {
    this.flush();
    await this.until(() => this.waiting === 0 && this.unsent === 0);
  }

  /** Runs a command by itself. @returns the text of the error that the server replies. @throws ServerError */
  async ask(write: (out: WireBuffer) => void): Promise<string | undefined> {
    let failed: string | undefined;
    write(this.out);
    this.expect((error) => {
      failed = error;
    });
    await this.settled();
    return failed;
  }

  private async until(reached: () => boolean): Promise<void> {
    if (this.waiting > 0) this.flush();
    for (;;) {
      if (this.failure) throw this.failure;
      if (reached()) return;
      await this.woken();
    }
  }

  private woken(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const error = new ServerError('timeout', this.transport.address, this.seconds);
        this.fail(error);
        reject(error);
      }, this.seconds * 1000);
      this.wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private wakeUp(): void {
    for (const wake of this.wake.splice(0)) wake();
  }

  /** Ends the connection. Takers that wait hear nothing. */
  close(): void {
    this.transport.close();
  }

  private fail(error: ServerError): void {
    this.failure ??= error;
    this.transport.close();
    this.wakeUp();
  }

  private take(bytes: Uint8Array): void {
    try {
      this.read(bytes);
    } catch (error) {
      this.fail(new ServerError('protocol', this.transport.address, error instanceof Error ? error.message : ''));
    }
    this.wakeUp();
  }

  private read(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      // Between two replies the plain ones are found without the decoder.
      if (this.decoder.offset === this.received) at = this.readPlain(bytes, at);
      const line = bytes.indexOf(LF, at);
      const end = line < 0 ? bytes.length : line + 1;
      this.received += end - at;
      this.decoder.push(bytes.subarray(at, end));
      at = end;
    }
  }

  /** Serves replies that are `+OK`. @returns the index of the first byte that is none. */
  private readPlain(bytes: Uint8Array, start: number): number {
    let at = start;
    while (
      at + 4 < bytes.length &&
      bytes[at] === OK[0] &&
      bytes[at + 1] === OK[1] &&
      bytes[at + 2] === OK[2] &&
      bytes[at + 3] === OK[3] &&
      bytes[at + 4] === OK[4]
    ) {
      at += 5;
    }
    this.servePlain((at - start) / 5);
    return at;
  }

  /** Serves so many replies that are `+OK`. */
  private servePlain(count: number): void {
    for (let left = count; left > 0 && !this.failure; ) {
      const taker = this.takers[this.first];
      if (taker && 'keys' in taker) {
        const { keys, next, end } = taker;
        const served = Math.min(left, end - next);
        this.advance(taker, served);
        this.keys.runRestored(keys, next, next + served);
        left -= served;
      } else {
        this.serve(undefined, undefined);
        left--;
      }
    }
  }

  /** Takes keys from the start of a run. */
  private advance(run: SentRun, count: number): void {
    run.next += count;
    this.waiting -= count;
    if (run.next < run.end) return;
    run.keys.users--;
    this.next();
  }

  /** Goes on to the next taker. */
  private next(): void {
    this.takers[this.first++] = undefined;
    if (this.first > 1024 && this.first * 2 > this.takers.length) {
      this.takers.splice(0, this.first);
      this.first = 0;
    }
  }

  private reply(value: RespValue): void {
    this.serve(errorText(value), value);
  }

  private serve(error: string | undefined, value: RespValue | undefined): void {
    const taker = this.takers[this.first];
    if (!taker) {
      const reason = error ?? latin1(value?.type === 'simple' ? value.bytes : new Uint8Array(0));
      this.fail(new ServerError('protocol', this.transport.address, reason));
    } else if ('keys' in taker) {
      const row = taker.keys.row(taker.next);
      this.advance(taker, 1);
      this.keys.restored(row, error);
    } else {
      this.waiting--;
      this.next();
      if (typeof taker === 'function') taker(error, value);
      else this.keys.restored(taker, error);
    }
  }
}
