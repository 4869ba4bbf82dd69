/** What a primary sends after PSYNC: its answer, the RDB in one of two forms, then the commands (§5). */
import { latin1 } from '../decoder/bytes.js';
import { RdbScanner } from '../decoder/rdb/scan.js';

/** Where the commands behind an RDB begin that comes on a connection of its own. */
export interface ChannelStart {
  readonly replid: string;
  /** Replication offset of the last byte that is in the RDB. */
  readonly offset: number;
  readonly db: number;
  /** Number by which the primary knows the connection of the RDB. */
  readonly client: string;
}

/** The answer to PSYNC; `sync` stands for that of SYNC, which says nothing before the RDB. */
export type SyncAnswer =
  | { readonly kind: 'full'; readonly replid: string; readonly offset: number }
  | { readonly kind: 'continue'; readonly replid: string | undefined }
  | { readonly kind: 'sync' }
  /**
   * The RDB is to be asked for on another connection; there, where the commands behind it begin.
   * @param main number by which the primary (Redis 8) knows this connection, on which the commands follow without more
   * ado; undefined if they have to be asked for (Valkey 8).
   */
  | { readonly kind: 'channel'; readonly main: string | undefined }
  | ({ readonly kind: 'channel-start' } & ChannelStart)
  /** The connection of the RDB is known to belong to this one. */
  | { readonly kind: 'joined' };

/** Who takes what comes. */
export interface TransferSink {
  /** @returns false if nothing more is wanted. */
  answer(answer: SyncAnswer): void;
  /** Bytes of the RDB. @param total bytes of the whole, undefined if the primary does not say. */
  rdb(bytes: Uint8Array, total: number | undefined): void;
  /** The RDB has come whole. @param streamDb database that the commands begin with. */
  rdbEnd(streamDb: number): void;
  /** Bytes of commands. */
  stream(bytes: Uint8Array): void;
}

/** The primary refuses, or sends what is no replication. */
export class TransferError extends Error {
  override readonly name = 'TransferError';
}

const LF = 0x0a;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOLLAR = 0x24;
const MARK_BYTES = 40;
const LINE_LIMIT = 64 * 1024;

type State = 'answer' | 'head' | 'rdb' | 'mark' | 'stream';

/** Takes a transfer apart, wherever its pieces end. */
export class TransferReader {
  private state: State;
  private line: number[] = [];
  private left = 0;
  private total: number | undefined;
  private mark: string | undefined;
  private markSeen = '';
  private streamDb = 0;
  private received = 0;
  private readonly scanner = new RdbScanner({
    keys: () => {},
    // Problems are told when the file is read again.
    problem: () => {},
    aux: (name, value) => {
      const db = Number(latin1(value));
      if (name === 'repl-stream-db' && Number.isInteger(db) && db >= 0) this.streamDb = db;
    },
  });

  /** @param answered false for SYNC, whose RDB comes without an answer. */
  constructor(
    private readonly sink: TransferSink,
    answered: boolean,
  ) {
    this.state = answered ? 'answer' : 'head';
    if (!answered) sink.answer({ kind: 'sync' });
  }

  /** Takes the next bytes. @throws TransferError */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      switch (this.state) {
        case 'answer':
        case 'head':
          at = this.takeLine(bytes, at);
          break;
        case 'rdb':
          at = this.mark === undefined ? this.takeCounted(bytes, at) : this.takeScanned(bytes, at);
          break;
        case 'mark':
          at = this.takeMark(bytes, at);
          break;
        default:
          this.sink.stream(bytes.subarray(at));
          return;
      }
    }
  }

  private takeLine(bytes: Uint8Array, start: number): number {
    let at = start;
    for (; at < bytes.length; at++) {
      if (bytes[at] !== LF) {
        this.line.push(bytes[at]);
        if (this.line.length > LINE_LIMIT) throw new TransferError('a line that does not end');
        continue;
      }
      const text = latin1(Uint8Array.from(this.line)).replace(/\r$/, '');
      this.line = [];
      // Line feeds keep the connection alive while the primary prepares the RDB.
      if (text === '') continue;
      if (this.state === 'answer') this.takeAnswer(text);
      else this.takeHead(text);
      return at + 1;
    }
    return at;
  }

  private takeAnswer(text: string): void {
    const [, replid, offset] = /^\+FULLRESYNC (\S+) (-?\d+)$/.exec(text) ?? [];
    if (replid !== undefined) {
      this.state = 'head';
      this.sink.answer({ kind: 'full', replid, offset: Number(offset) });
      return;
    }
    if (text === '+OK') {
      this.sink.answer({ kind: 'joined' });
      return;
    }
    const [channel, main] = /^\+(?:DUALCHANNELSYNC|RDBCHANNELSYNC (\d{1,20}))$/.exec(text) ?? [];
    if (channel !== undefined) {
      if (main !== undefined) this.state = 'stream';
      this.sink.answer({ kind: 'channel', main });
      return;
    }
    const proceeds = /^\+CONTINUE(?: (\S+))?$/.exec(text);
    if (!proceeds) throw new TransferError(text.replace(/^[-+]/, ''));
    this.state = 'stream';
    this.sink.answer({ kind: 'continue', replid: proceeds[1] });
  }

  private takeHead(text: string): void {
    const [, offset, replid, db, client] = /^\$ENDOFF:(\d{1,15}) (\S{40}) (\d{1,9}) (\d+)$/.exec(text) ?? [];
    if (replid !== undefined) {
      this.sink.answer({ kind: 'channel-start', replid, offset: Number(offset), db: Number(db), client });
      return;
    }
    const [, digits, mark] = /^\$(?:(\d{1,15})|EOF:(.{40}))$/.exec(text) ?? [];
    const first = text.charCodeAt(0);
    if (digits === undefined && mark === undefined) {
      const refused = first === MINUS || first === PLUS || first !== DOLLAR;
      throw new TransferError(refused ? text.replace(/^[-+]/, '') : `no head of an RDB: ${text}`);
    }
    this.mark = mark;
    this.total = digits === undefined ? undefined : Number(digits);
    this.left = this.total ?? 0;
    this.state = 'rdb';
    if (this.total === 0) this.endRdb();
  }

  private takeCounted(bytes: Uint8Array, at: number): number {
    const end = Math.min(bytes.length, at + this.left);
    this.left -= end - at;
    this.scanner.push(bytes, at, end);
    this.sink.rdb(bytes.subarray(at, end), this.total);
    if (this.left === 0) this.endRdb();
    return end;
  }

  /** The mark is looked for behind the RDB only: data could hold it by chance. */
  private takeScanned(bytes: Uint8Array, at: number): number {
    this.scanner.push(bytes, at);
    if (this.scanner.finished && !this.scanner.complete) {
      throw new TransferError('an RDB that cannot be followed to its end');
    }
    const rest = this.scanner.complete ? this.scanner.endOffset - this.received : bytes.length - at;
    const end = at + rest;
    this.received += rest;
    this.sink.rdb(bytes.subarray(at, end), undefined);
    if (this.scanner.complete) this.state = 'mark';
    return end;
  }

  private takeMark(bytes: Uint8Array, at: number): number {
    const end = Math.min(bytes.length, at + MARK_BYTES - this.markSeen.length);
    this.markSeen += latin1(bytes, at, end);
    if (this.markSeen.length < MARK_BYTES) return end;
    if (this.markSeen !== this.mark) throw new TransferError('other bytes than the end mark behind the RDB');
    this.endRdb();
    return end;
  }

  private endRdb(): void {
    this.state = 'stream';
    this.sink.rdbEnd(this.streamDb);
  }
}
