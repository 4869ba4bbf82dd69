/** Fills a {@link CommandBlock} with the commands that a scan finds in a buffer. */
import type { CommandBatch } from '../decoder/aof/command-batch.js';
import type { CommandRuns } from '../decoder/aof/scan.js';
import { SHORTEST } from '../decoder/replay/layout.js';
import type { ReplayMemory } from '../decoder/replay/memory.js';
import type { BlockBuffer, CommandBlock } from './replay-input.js';

/** One block, used again and again. */
export class BlockWriter implements CommandRuns {
  private length = 0;
  private part = 0;
  private base = 0;
  private buffer: BlockBuffer | undefined;
  private readonly start: Int32Array;
  private readonly size: Float64Array;
  private readonly offset: Float64Array;
  private readonly argc: Uint32Array;
  private readonly name: Uint16Array;
  private readonly db: Uint32Array;
  private readonly time: Float64Array;
  private readonly plain: Uint8Array;
  private runs: number[] = [];
  taken = 0;

  /**
   * @param bytes of a buffer.
   * @param memory where the columns and the buffers are, and with which runs are taken; undefined without runs.
   * @param mayRun tells of a name if its commands may be taken in runs.
   */
  constructor(
    bytes: number,
    private readonly memory?: ReplayMemory | undefined,
    private readonly mayRun: (name: number) => boolean = () => false,
  ) {
    const rows = Math.ceil(bytes / SHORTEST) + 2;
    const columns = memory?.columns;
    this.start = columns?.start ?? new Int32Array(rows);
    this.size = columns?.size ?? new Float64Array(rows);
    this.offset = columns?.offset ?? new Float64Array(rows);
    this.argc = columns?.argc ?? new Uint32Array(rows);
    this.name = columns?.name ?? new Uint16Array(rows);
    this.db = columns?.db ?? new Uint32Array(rows);
    this.time = columns?.time ?? new Float64Array(rows);
    this.plain = columns?.plain ?? new Uint8Array(rows);
  }

  /** Begins a block. @param base offset in the part of the first byte of the buffer. */
  begin(part: number, buffer: BlockBuffer, base: number): void {
    this.part = part;
    this.buffer = buffer;
    this.base = base;
    this.length = 0;
    this.runs = [];
  }

  /** True if one more command may not fit. */
  get full(): boolean {
    return this.length >= this.start.length;
  }

  addBatch(batch: CommandBatch): void {
    const { length, base } = this;
    const count = batch.length;
    this.size.set(batch.size.subarray(0, count), length);
    this.offset.set(batch.offset.subarray(0, count), length);
    this.argc.set(batch.argc.subarray(0, count), length);
    this.name.set(batch.name.subarray(0, count), length);
    this.db.set(batch.db.subarray(0, count), length);
    this.time.set(batch.time.subarray(0, count), length);
    this.plain.set(batch.plain.subarray(0, count), length);
    for (let i = 0; i < count; i++) {
      const offset = batch.offset[i];
      this.start[length + i] = offset >= base ? offset - base : -1;
    }
    this.length += count;
  }

  take(bytes: Uint8Array, from: number, to: number, offset: number, db: number, time: number): number {
    const { memory, length } = this;
    this.taken = 0;
    // What stands on the border of two pieces is elsewhere.
    if (bytes !== this.buffer?.bytes || !memory?.holds(bytes)) return from;
    const next = memory.commands(bytes, from, to, offset, length, this.start.length - length);
    this.taken = memory.taken;
    if (this.taken === 0) return from;
    this.length += this.taken;
    this.db.fill(db, length, this.length);
    this.time.fill(time, length, this.length);
    this.plain.fill(1, length, this.length);
    this.runs.push(length, this.length);
    return next;
  }

  learn(bytes: Uint8Array, from: number, length: number, number: number): boolean {
    const { memory } = this;
    return memory?.holds(bytes) === true && this.mayRun(number) && memory.learn(bytes, from, length, number);
  }

  /** Adds a command that is written as clients write it; the values are those of {@link CommandBlock}. */
  add(start: number, size: number, offset: number, argc: number, name: number, db: number, time: number): void {
    const row = this.length++;
    this.start[row] = start;
    this.size[row] = size;
    this.offset[row] = offset;
    this.argc[row] = argc;
    this.name[row] = name;
    this.db[row] = db;
    this.time[row] = time;
    this.plain[row] = 1;
  }

  /** The block; undefined if it has no command. */
  end(): CommandBlock | undefined {
    const { part, length, buffer, start, size, offset, argc, name, db, time, plain, runs } = this;
    if (length === 0 || !buffer) return undefined;
    return { part, length, buffer, start, size, offset, argc, name, db, time, plain, runs };
  }
}
