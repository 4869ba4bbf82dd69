/** The memory in which a restore works, in WebAssembly: a part of the file, columns about its keys, buffers for commands. */
import wasm from 'wasm:decoder/restore?memory';
import { fromLatin1 } from '../bytes.js';
import { type Crc64Memory, openCrc64Memory } from '../crc64/stream.js';
import {
  BUFFERS,
  ENDS,
  EXPIRIES,
  FOUND,
  FREQUENCIES,
  IDLE_TIMES,
  OFFSETS,
  REPLIES,
  REPLY_BYTES,
  ROWS,
  TEXTS,
  TYPE_OFFSETS,
  TYPES,
  VALUES,
  VERSIONS,
  WINDOW,
  WINDOW_BYTES,
  WRITTEN,
} from './layout.js';

/** What the commands are made of, at the places that the layout names. */
const PIECES = [
  ...[4, 5, 6, 7, 8].map((words) => `*${words}\r\n$7\r\nRESTORE\r\n$`),
  '$1\r\n0\r\n',
  ...['ABSTTL', 'REPLACE', 'IDLETIME', 'FREQ'].map((word) => `$${word.length}\r\n${word}\r\n`),
];

/** The part of the file that the memory holds, and how commands are written for the keys in it. */
export interface RunPlan {
  /** Offset in the file of the first byte of the window, and how many bytes there are. */
  readonly base: number;
  readonly filled: number;
  /** The time at the server: keys whose expiry is not later are left out. */
  readonly now: number;
  /** What is taken from an expiry: 0, or the time for servers that take no time. */
  readonly less: number;
  /** `FORM_…` of the layout. */
  readonly forms: number;
}

type Run = (...numbers: readonly number[]) => number;

/** What a scan of the window has found. */
export interface FoundKeys {
  /** Index in the window of the first byte that was not taken. */
  readonly behind: number;
  /** Rows that the columns have now, and those of them with an expiry. */
  readonly count: number;
  readonly expiring: number;
  /** True if it ended because the next key is not whole. */
  readonly goesOn: boolean;
}

let compiled: WebAssembly.Module | undefined;

/** Such memory. Of the rows that are loaded, each call writes as many as it can. */
export class RestoreMemory {
  /** Bytes of the file. */
  readonly window: Uint8Array<ArrayBuffer>;
  /** For each type byte the version for its payload; 0 where the payload is not just the bytes of the file. */
  readonly versions: Uint16Array;
  /** For each type byte one of `VALUE_…` of the layout; 0 where the values are not plain. */
  readonly values: Uint8Array;
  /** What is known of keys, a row for each: as a key batch has it. */
  readonly columns: {
    readonly type: Uint8Array;
    readonly offset: Float64Array;
    readonly typeOffset: Float64Array;
    readonly end: Float64Array;
    readonly expireAt: Float64Array;
    readonly idle: Float64Array;
    readonly freq: Int16Array;
  };
  /** What commands are written into. */
  readonly buffers: Uint8Array<ArrayBuffer>;
  private readonly end32: Uint32Array;
  private readonly found: Uint32Array;
  private readonly write: Run;
  private readonly find: Run;
  private readonly replies: Uint8Array<ArrayBuffer>;
  private readonly plain: Run;
  private readonly update: Crc64Memory['update'];

  /**
   * @param size bytes for buffers; without them keys can only be found.
   * @throws where a policy forbids WebAssembly.
   */
  constructor(size: number) {
    const { memory, update } = openCrc64Memory(BUFFERS + size);
    compiled ??= new WebAssembly.Module(wasm);
    const instance = new WebAssembly.Instance(compiled, { env: { memory } });
    this.write = instance.exports.run as Run;
    this.find = instance.exports.scan as Run;
    this.plain = instance.exports.plainReplies as Run;
    this.update = update;
    const { buffer } = memory;
    this.window = new Uint8Array(buffer, WINDOW, WINDOW_BYTES);
    this.versions = new Uint16Array(buffer, VERSIONS, 256);
    this.values = new Uint8Array(buffer, VALUES, 256);
    this.found = new Uint32Array(buffer, FOUND, 3);
    const numbers = (at: number) => new Float64Array(buffer, at, ROWS);
    this.columns = {
      type: new Uint8Array(buffer, TYPES, ROWS),
      offset: numbers(OFFSETS),
      typeOffset: numbers(TYPE_OFFSETS),
      end: numbers(ENDS),
      expireAt: numbers(EXPIRIES),
      idle: numbers(IDLE_TIMES),
      freq: new Int16Array(buffer, FREQUENCIES, ROWS),
    };
    this.replies = new Uint8Array(buffer, REPLIES, REPLY_BYTES);
    this.buffers = new Uint8Array(buffer, BUFFERS, size);
    this.end32 = new Uint32Array(buffer, WRITTEN, 1);
    const texts = new Uint8Array(buffer, TEXTS, PIECES.length * 32);
    PIECES.forEach((piece, place) => {
      texts.set(fromLatin1(piece), place * 32);
      texts[place * 32 + 31] = piece.length;
    });
  }

  /**
   * Finds keys in the window, up to one that is not plain or not whole, and puts what is known of them into the columns.
   *
   * @param base offset in the file of the first byte of the window.
   */
  scan(start: number, end: number, base: number): FoundKeys {
    const behind = this.find(start, end, base);
    const [count, expiring, goesOn] = this.found;
    return { behind, count, expiring, goesOn: goesOn > 0 };
  }

  /** Continues a checksum over bytes of the window. */
  sum(crc: bigint, start: number, end: number): bigint {
    return BigInt.asUintN(64, this.update(crc, WINDOW + start, end - start));
  }

  /** Counts the replies, from `start` on, that say no more than that it was done (`+OK`); at most some thousands. */
  plainReplies(bytes: Uint8Array, start: number): number {
    const end = Math.min(bytes.length, start + REPLY_BYTES);
    this.replies.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end));
    return this.plain(end - start);
  }

  /** Puts rows of the columns of a key batch, or of longer ones, in the place of those that are there. */
  load(from: RestoreMemory['columns'], first: number, end: number): void {
    for (const name of Object.keys(this.columns) as (keyof RestoreMemory['columns'])[]) {
      this.columns[name].set(from[name].subarray(first, end));
    }
  }

  /**
   * Writes the commands for rows, up to one that cannot be written this way, or until `limit` is reached.
   *
   * @param start offset among {@link buffers} where the first command goes, `limit` one behind which none is begun.
   * @returns the first row that was not written.
   */
  run(from: number, to: number, { base, filled, now, less, forms }: RunPlan, start: number, limit: number): number {
    return this.write(from, to, base, filled, now, less, forms, BUFFERS + start, BUFFERS + limit);
  }

  /** Offset among {@link buffers} behind what the last {@link run} has written. */
  get written(): number {
    return this.end32[0] - BUFFERS;
  }
}
