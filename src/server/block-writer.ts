/** Fills a {@link CommandBlock} with the commands that a scan finds in a buffer. */
import type { CommandBatch } from '../decoder/aof/command-batch.js';
import type { BlockBuffer, CommandBlock } from './replay-input.js';

/** Bytes of the shortest command that a scan lets pass: a name of no letters, with line feeds alone. */
const SHORTEST = 8;

/** One block, used again and again. */
export class BlockWriter {
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

  /** @param bytes of a buffer. */
  constructor(bytes: number) {
    const rows = Math.ceil(bytes / SHORTEST) + 2;
    this.start = new Int32Array(rows);
    this.size = new Float64Array(rows);
    this.offset = new Float64Array(rows);
    this.argc = new Uint32Array(rows);
    this.name = new Uint16Array(rows);
    this.db = new Uint32Array(rows);
    this.time = new Float64Array(rows);
    this.plain = new Uint8Array(rows);
  }

  /** Begins a block. @param base offset in the part of the first byte of the buffer. */
  begin(part: number, buffer: BlockBuffer, base: number): void {
    this.part = part;
    this.buffer = buffer;
    this.base = base;
    this.length = 0;
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
    const { part, length, buffer, start, size, offset, argc, name, db, time, plain } = this;
    if (length === 0 || !buffer) return undefined;
    return { part, length, buffer, start, size, offset, argc, name, db, time, plain };
  }
}
