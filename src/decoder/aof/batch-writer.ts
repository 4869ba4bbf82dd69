/** Fills a {@link CommandBatch} row by row: the columns, and the keys of the command that is being read. */
import type { CommandBatch, KeyRefBatch } from './command-batch.js';

/** Commands of a batch: few enough for its columns to stay in the cache of the processor. */
export const BATCH_COMMANDS = 1024;

/** Keys of one command that are told; a command with more has them all in its arguments. */
export const KEYS_OF_COMMAND = 1 << 20;

const FIRST_KEYS = 2048;

/** A {@link KeyRefBatch} that grows where one command names many keys. */
class KeyRefs implements KeyRefBatch {
  length = 0;
  command = new Uint32Array(FIRST_KEYS);
  offset = new Float64Array(FIRST_KEYS);
  bytes = new Uint32Array(FIRST_KEYS);
  hashLow = new Uint32Array(FIRST_KEYS);
  hashHigh = new Uint32Array(FIRST_KEYS);

  grow(): void {
    const size = this.command.length * 2;
    const larger = <T extends Uint32Array | Float64Array>(column: T, copy: T): T => {
      copy.set(column);
      return copy;
    };
    this.command = larger(this.command, new Uint32Array(size));
    this.offset = larger(this.offset, new Float64Array(size));
    this.bytes = larger(this.bytes, new Uint32Array(size));
    this.hashLow = larger(this.hashLow, new Uint32Array(size));
    this.hashHigh = larger(this.hashHigh, new Uint32Array(size));
  }
}

/** A batch that is being filled. Keys are added before the command that names them. */
export class BatchWriter implements CommandBatch {
  length = 0;
  readonly offset = new Float64Array(BATCH_COMMANDS);
  readonly size = new Float64Array(BATCH_COMMANDS);
  readonly argc = new Uint32Array(BATCH_COMMANDS);
  readonly name = new Uint16Array(BATCH_COMMANDS);
  readonly db = new Uint32Array(BATCH_COMMANDS);
  readonly time = new Float64Array(BATCH_COMMANDS);
  readonly flags = new Uint8Array(BATCH_COMMANDS);
  readonly plain = new Uint8Array(BATCH_COMMANDS);
  readonly keys = new KeyRefs();
  /** Keys of whole commands; those behind them are of the command that is being read. */
  private settled = 0;
  /** All keys, while a batch without the last of them is handed on. */
  private added = 0;

  /** Adds a key of the command that is being read. @param offset of the first byte of its name, in the part. */
  addKey(offset: number, bytes: number, hashLow: number, hashHigh: number): void {
    const { keys } = this;
    const at = keys.length;
    if (at - this.settled >= KEYS_OF_COMMAND) return;
    if (at === keys.command.length) keys.grow();
    keys.command[at] = this.length;
    keys.offset[at] = offset;
    keys.bytes[at] = bytes;
    keys.hashLow[at] = hashLow;
    keys.hashHigh[at] = hashHigh;
    keys.length = at + 1;
  }

  /** Forgets the keys of the command that is being read. */
  dropKeys(): void {
    this.keys.length = this.settled;
  }

  /** Ends a command: its row is written, its keys are settled. */
  settle(plain = false): void {
    this.plain[this.length++] = plain ? 1 : 0;
    this.settled = this.keys.length;
  }

  /** Hides the keys of the command that is being read, before the batch is handed on. */
  close(): void {
    this.added = this.keys.length;
    this.keys.length = this.settled;
  }

  /** Empties the batch but for the keys of the command that is being read, after it was handed on. */
  restart(): void {
    const { keys, settled, added } = this;
    for (const column of [keys.offset, keys.bytes, keys.hashLow, keys.hashHigh]) column.copyWithin(0, settled, added);
    keys.length = added - settled;
    keys.command.fill(0, 0, keys.length);
    this.settled = 0;
    this.length = 0;
  }
}
