/** The memory in which a replay works, in WebAssembly: blocks of an AOF, columns about their commands, and replies. */
/// <reference path="../crc64/wasm.d.ts" />
import wasm from 'wasm:decoder/replay';
import {
  ARGCS,
  BLOCK_BYTES,
  BLOCK_COUNT,
  BLOCK_ROOM,
  BLOCKS,
  DATABASES,
  NAMES,
  OFFSETS,
  PLAINS,
  REPLIES,
  REPLY_BYTES,
  ROWS,
  SIZES,
  STARTS,
  TAKEN,
  TIMES,
} from './layout.js';

const PAGE = 65536;

type Call = (...numbers: readonly number[]) => number;

/** Such memory. */
export class ReplayMemory {
  /** Blocks of {@link BLOCK_BYTES}. */
  readonly blocks: readonly Uint8Array<ArrayBuffer>[];
  /** What is known of commands, a row for each. {@link commands} fills those columns that differ from row to row. */
  readonly columns: {
    readonly offset: Float64Array;
    readonly size: Float64Array;
    readonly time: Float64Array;
    readonly start: Int32Array;
    readonly argc: Uint32Array;
    readonly db: Uint32Array;
    readonly name: Uint16Array;
    readonly plain: Uint8Array;
  };
  /** Where replies are put before they are taken. */
  readonly replyBytes: Uint8Array;
  private readonly count: Uint32Array;
  private readonly read: Call;
  private readonly add: Call;
  private readonly take: Call;

  /** @throws where a policy forbids WebAssembly. */
  constructor() {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm));
    const memory = exports.memory as WebAssembly.Memory;
    memory.grow(Math.ceil((BLOCKS + BLOCK_COUNT * BLOCK_ROOM) / PAGE) - 1);
    const { buffer } = memory;
    this.blocks = Array.from({ length: BLOCK_COUNT }, (_, i) => {
      return new Uint8Array(buffer, BLOCKS + i * BLOCK_ROOM, BLOCK_BYTES);
    });
    this.columns = {
      offset: new Float64Array(buffer, OFFSETS, ROWS),
      size: new Float64Array(buffer, SIZES, ROWS),
      time: new Float64Array(buffer, TIMES, ROWS),
      start: new Int32Array(buffer, STARTS, ROWS),
      argc: new Uint32Array(buffer, ARGCS, ROWS),
      db: new Uint32Array(buffer, DATABASES, ROWS),
      name: new Uint16Array(buffer, NAMES, ROWS),
      plain: new Uint8Array(buffer, PLAINS, ROWS),
    };
    this.replyBytes = new Uint8Array(buffer, REPLIES, REPLY_BYTES);
    this.count = new Uint32Array(buffer, TAKEN, 1);
    this.read = exports.commands as Call;
    this.add = exports.learn as Call;
    this.take = exports.replies as Call;
  }

  /** True if bytes are in this memory. */
  holds(bytes: Uint8Array): boolean {
    return bytes.buffer === this.replyBytes.buffer;
  }

  /**
   * Takes commands that are written in the plainest way and whose names it was {@link learn taught}, one behind the
   * other, into rows from `row` on; {@link taken} tells how many.
   *
   * @param bytes in this memory, with `offset` in the part of the first of them. @param most commands to take.
   * @returns the index of the first byte that was not taken.
   */
  commands(bytes: Uint8Array, from: number, to: number, offset: number, row: number, most: number): number {
    const at = bytes.byteOffset;
    return this.read(at, at + from, at + to, offset, row, Math.min(most, ROWS - row)) - at;
  }

  /** Teaches it a name as it is written. @param bytes in this memory. @returns true if it did not know it but does now. */
  learn(bytes: Uint8Array, from: number, length: number, number: number): boolean {
    return length > 0 && length <= 16 && this.add(bytes.byteOffset + from, length, number) === 1;
  }

  /** Takes replies that are `+OK` or a number, up to any other. @returns the index in {@link replyBytes} where it ended. */
  replies(from: number, to: number): number {
    return this.take(REPLIES + from, REPLIES + to) - REPLIES;
  }

  /** How many commands or replies the last call has taken. */
  get taken(): number {
    return this.count[0];
  }
}

/** Opens such memory; undefined where a policy forbids WebAssembly: everything works without it. */
export function openReplayMemory(): ReplayMemory | undefined {
  try {
    return new ReplayMemory();
  } catch {
    return undefined;
  }
}
