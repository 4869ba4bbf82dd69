/** Who waits for the replies of a connection: commands, keys, and many keys at once; and the reading of these replies. */
import { latin1 } from '../decoder/bytes.js';
import { RespDecoder } from '../decoder/resp/decoder.js';
import type { RespValue } from '../decoder/resp/values.js';
import type { RestoreMemory } from '../decoder/restore/memory.js';
import { errorText } from './connection.js';
import type { RestoreKeys, RestoreRow } from './restore-keys.js';

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

/** Bytes of `+OK` with its line end, which nearly all replies are. */
const PLAIN_BYTES = 5;
const LF = 0x0a;

/** The replies of one connection, in the order of the commands. */
export class RestoreReplies {
  /** Replies that have not come. */
  waiting = 0;
  private readonly decoder = new RespDecoder((value) => this.serve(errorText(value), value));
  private received = 0;
  /** Takers in the order of the commands; those before `first` have been served. */
  private takers: (ReplyTaker | RestoreRow | SentRun | undefined)[] = [];
  private first = 0;

  /** @param memory where plain replies are counted; without one, each of them is decoded. */
  constructor(
    private readonly keys: KeyTaker,
    private readonly memory?: RestoreMemory,
  ) {}

  /** Says who takes the reply of the next command, or which key it is for. */
  expect(taker: ReplyTaker | RestoreRow): void {
    this.takers.push(taker);
    this.waiting++;
  }

  /** Says which keys the next commands are for. */
  expectRun(keys: RestoreKeys, from: number, to: number): void {
    const last = this.takers.at(-1);
    if (last && 'keys' in last && last.keys === keys && last.end === from) last.end = to;
    else {
      this.takers.push({ keys, next: from, end: to });
      keys.users++;
    }
    this.waiting += to - from;
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

  /** Takes what has come, and is only lent. @throws what the decoder throws, and an error for a reply that nobody waits for. */
  read(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      // Between two replies the plain ones are found without the decoder.
      if (this.decoder.offset === this.received && this.memory) {
        const plain = this.memory.plainReplies(bytes, at);
        this.servePlain(plain);
        at += plain * PLAIN_BYTES;
        if (at === bytes.length) return;
      }
      const line = bytes.indexOf(LF, at);
      const end = line < 0 ? bytes.length : line + 1;
      this.received += end - at;
      // The decoder may keep what it is given; the bytes are lent.
      this.decoder.push(bytes.slice(at, end));
      at = end;
    }
  }

  /** Serves so many replies that are `+OK`. */
  private servePlain(count: number): void {
    for (let left = count; left > 0; ) {
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

  private serve(error: string | undefined, value: RespValue | undefined): void {
    const taker = this.takers[this.first];
    if (!taker) {
      throw new Error(error ?? latin1(value?.type === 'simple' ? value.bytes : new Uint8Array(0)));
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
