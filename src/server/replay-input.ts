/** The commands that are to be replayed, a block at a time, with the bytes they are made of. */
import type { NameTable } from '../decoder/aof/command-names.js';
import type { ReplayMemory } from '../decoder/replay/memory.js';
import type { ByteSource } from '../decoder/source.js';
import type { ReplayProblem } from './replay-report.js';

/** Bytes of a block, which are used again when nobody needs them any more. */
export interface BlockBuffer {
  readonly bytes: Uint8Array;
  /** How many still need it. */
  users: number;
}

/** Gives out buffers of one size. */
export class BufferPool {
  private readonly free: BlockBuffer[];

  /** @param given the first buffers; more are made when these are in use. */
  constructor(
    readonly size: number,
    given: readonly Uint8Array[] = [],
  ) {
    this.free = given.map((bytes) => ({ bytes, users: 0 }));
  }

  /** A buffer with one user. */
  take(): BlockBuffer {
    const buffer = this.free.pop() ?? { bytes: new Uint8Array(this.size), users: 0 };
    buffer.users = 1;
    return buffer;
  }

  /** One user less; of the last one the buffer comes back. */
  release(buffer: BlockBuffer): void {
    buffer.users--;
    // One of another size was made for a single command.
    if (buffer.users === 0 && buffer.bytes.length === this.size) this.free.push(buffer);
  }
}

/** Commands that follow one another in a part. Rows from 0 to `length` are valid, until the next block is asked for. */
export interface CommandBlock {
  readonly part: number;
  readonly length: number;
  readonly buffer: BlockBuffer;
  /** Where a command begins in the buffer; −1 for one that is not in it and has to be read from its part. */
  readonly start: Int32Array;
  /** Bytes of the command in the buffer, or in its part. */
  readonly size: Float64Array;
  /** Where it begins in its part. */
  readonly offset: Float64Array;
  readonly argc: Uint32Array;
  /** Number of the name in the names of the input. */
  readonly name: Uint16Array;
  readonly db: Uint32Array;
  /** Seconds since the epoch of the last annotation; 0 without one. */
  readonly time: Float64Array;
  /** 1 if its bytes are known to be what clients write; 0 if that is to be looked at. */
  readonly plain: Uint8Array;
  /**
   * Runs of rows, in order, each as its first row and the one behind it: written as clients write them, one behind the
   * other in the buffer, of one database, and with nothing to be decided but what each row of a replay is asked.
   */
  readonly runs: readonly number[];
}

/** The row behind the run that a row is in; the row itself if it is in none. */
export function endOfRun(runs: readonly number[], row: number): number {
  let low = 0;
  let high = runs.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (runs[2 * middle + 1] > row) high = middle;
    else low = middle + 1;
  }
  return 2 * low < runs.length && runs[2 * low] <= row ? runs[2 * low + 1] : row;
}

/** What a part of the input is, for messages and for going on later. */
export interface InputPart {
  readonly part: number;
  readonly file: string;
  readonly bytes: number;
}

/** A part begins with an RDB that has to be restored before its commands. */
export interface Preamble {
  readonly part: number;
  readonly file: string;
  readonly bytes: number;
  readonly keys: number;
  readonly functions: number;
}

/** What comes next of an input. */
export type InputStep =
  | { readonly kind: 'block'; readonly block: CommandBlock }
  | { readonly kind: 'preamble'; readonly preamble: Preamble }
  /** A part is being looked at; the next step will be known later. */
  | { readonly kind: 'busy'; readonly part: number }
  /** What no server would load: nothing behind it is replayed. */
  | { readonly kind: 'end'; readonly problem: ReplayProblem | undefined };

/** Commands to be replayed. */
export interface ReplayInput {
  /** The names of the commands that were met, by number. */
  readonly names: NameTable;
  /** What reads for it; undefined where that is done without. */
  readonly memory?: ReplayMemory | undefined;
  readonly parts: readonly InputPart[];
  readonly pool: BufferPool;
  /** Bytes of all parts, and how many of them are done with. */
  readonly bytes: number;
  readonly position: number;
  /** The bytes of a part; undefined where commands are never read from there. */
  source(part: number): ByteSource | undefined;
  /** The file of a part, to tell it from another one. */
  file(part: number): ByteSource | undefined;
  /** What comes next. The buffer of a block is to be released. @throws DecodeError for a text that is damaged. */
  next(): InputStep;
}

/** Bytes of an input before a place in one of its parts. */
export function inputPosition({ parts }: Pick<ReplayInput, 'parts'>, part: number, offset: number): number {
  let before = 0;
  for (const one of parts) {
    if (one.part === part) break;
    before += one.bytes;
  }
  return before + offset;
}
