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
    for (let i = 0; i < batch.length; i++) {
      const offset = batch.offset[i];
      const start = offset >= this.base ? offset - this.base : -1;
      this.add(start, batch.size[i], offset, batch.argc[i], batch.name[i], batch.db[i], batch.time[i]);
    }
  }

  /** Adds a command; the values are those of {@link CommandBlock}. */
  add(start: number, size: number, offset: number, argc: number, name: number, db: number, time: number): void {
    const row = this.length++;
    this.start[row] = start;
    this.size[row] = size;
    this.offset[row] = offset;
    this.argc[row] = argc;
    this.name[row] = name;
    this.db[row] = db;
    this.time[row] = time;
  }

  /** The block; undefined if it has no command. */
  end(): CommandBlock | undefined {
    const { part, length, buffer, start, size, offset, argc, name, db, time } = this;
    return length > 0 && buffer ? { part, length, buffer, start, size, offset, argc, name, db, time } : undefined;
  }
}
