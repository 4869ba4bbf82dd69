/** One connection of a restore: commands are written into its buffer, and each reply finds the one who waits for it. */
import type { Connection } from './connection.js';
import { ServerError } from './errors.js';
import type { RestoreKeys, RestoreRow } from './restore-keys.js';
import { type KeyTaker, type ReplyTaker, RestoreReplies } from './restore-replies.js';
import type { Transport } from './transport.js';
import { FLUSH_AT, WireBuffer, type WireBuffers } from './wire-buffer.js';

/** Bytes that the system has not taken, and replies that have not come, beyond which a lane is full. */
const UNSENT_LIMIT = 2 * FLUSH_AT;
const WAITING_LIMIT = 8192;
/** Buffers that are sent until replies are read again, as long as more are to be sent. */
const BUFFERS_A_READ = 2;
/** Milliseconds after which they are read in any case: what is between us and the server may wait for that. */
const GATHER_MS = 50;

/** Who waits for something to be so. */
interface Waiter {
  readonly reached: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: ServerError) => void;
}

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
  private readonly replies: RestoreReplies;
  private unsent = 0;
  /** True while replies are left to gather: to be woken for some costs more than they do. */
  private gathers = false;
  private release: ReturnType<typeof setTimeout> | undefined;
  /** Buffers that the system has taken. */
  private taken = 0;
  private waiters: Waiter[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Something has come, or was taken, since the timer was set. */
  private heard = false;

  /**
   * @param connection is the lane's from now on.
   * @param seconds how long a server may leave commands without any reply.
   */
  constructor(
    connection: Connection,
    private readonly seconds: number,
    /** Takes the replies for keys. */
    keys: KeyTaker,
    buffers: WireBuffers,
  ) {
    this.out = new WireBuffer(buffers);
    this.replies = new RestoreReplies(keys, buffers.memory);
    this.transport = connection.takeOver({
      borrows: true,
      data: (bytes) => this.take(bytes),
      drained: () => {},
      closed: (error) => this.fail(error),
    });
  }

  private get waiting(): number {
    return this.replies.waiting;
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
    this.replies.expect(taker);
    if (this.out.size >= FLUSH_AT) this.flush();
  }

  /** Says which keys the commands are for that were written. */
  expectRun(keys: RestoreKeys, from: number, to: number): void {
    this.replies.expectRun(keys, from, to);
    if (this.out.size >= FLUSH_AT) this.flush();
  }

  /** Offsets of the keys that were sent, and whose reply has not come. */
  get sentOffsets(): number[] {
    return this.replies.sentOffsets;
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
      const readsNow = ++this.taken % BUFFERS_A_READ === 0;
      if (readsNow || this.unsent <= FLUSH_AT || this.waiting > WAITING_LIMIT) this.gather(false);
      this.look();
    });
  }

  /** Leaves replies to gather in the system, or not any more. */
  private gather(gathers: boolean): void {
    if (this.gathers === gathers) return;
    this.gathers = gathers;
    clearTimeout(this.release);
    if (gathers) {
      this.release = setTimeout(() => this.gather(false), GATHER_MS);
      this.transport.pause();
    } else this.transport.resume();
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

  private until(reached: () => boolean): Promise<void> {
    if (this.waiting > 0) this.flush();
    if (this.waiting > WAITING_LIMIT) this.gather(false);
    return new Promise((resolve, reject) => {
      this.waiters.push({ reached, resolve, reject });
      this.look();
      if (this.waiters.length > 0) this.watch();
    });
  }

  /** Tells those whose wait is over. Most of what comes ends none. */
  private look(): void {
    this.heard = true;
    if (this.waiters.length === 0) return;
    const { failure } = this;
    const over = this.waiters.filter(({ reached }) => failure !== undefined || reached());
    if (over.length === 0) return;
    this.waiters = this.waiters.filter((waiter) => !over.includes(waiter));
    for (const { resolve, reject } of over) {
      if (failure) reject(failure);
      else resolve();
    }
  }

  /** Ends the connection if nothing is heard of it while somebody waits. One timer goes on: a wait is mostly short. */
  private watch(): void {
    this.heard = this.timer !== undefined;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (this.waiters.length === 0) return;
      if (this.heard) this.watch();
      else this.fail(new ServerError('timeout', this.transport.address, this.seconds));
    }, this.seconds * 1000);
  }

  /** Ends the connection. Takers that wait hear nothing. */
  close(): void {
    clearTimeout(this.timer);
    clearTimeout(this.release);
    this.transport.close();
  }

  private fail(error: ServerError): void {
    this.failure ??= error;
    this.close();
    this.look();
  }

  private take(bytes: Uint8Array): void {
    try {
      this.replies.read(bytes);
    } catch (error) {
      this.fail(new ServerError('protocol', this.transport.address, error instanceof Error ? error.message : ''));
    }
    if (this.unsent > FLUSH_AT && this.waiting <= WAITING_LIMIT) this.gather(true);
    this.look();
  }
}
