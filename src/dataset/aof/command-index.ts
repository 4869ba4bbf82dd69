/** The command index: what is known of every command of an AOF, in columns of typed arrays; about 23 bytes a command. */
import {
  CLOSES_TRANSACTION,
  type CommandBatch,
  type CommandNames,
  IN_TRANSACTION,
  OPENS_TRANSACTION,
} from '../../decoder/aof/command-batch.js';
import { commandNamed, type KnownCommandGroup } from '../../decoder/aof/command-table.js';
import { TouchedKeys } from './touched-keys.js';
import { TransactionList } from './transaction-list.js';

/** What a command does to a file: writes keys, runs a script, frames a transaction, or serves the server itself. */
export type CommandGroup = KnownCommandGroup | 'unknown';

/** Rows of a chunk of the columns. */
const CHUNK_BITS = 15;
const CHUNK_ROWS = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_ROWS - 1;

/** The number is in the overflow table. */
const OVERFLOW32 = 0xffffffff;
const OVERFLOW16 = 0xffff;
/** Names have 16 bits in a batch. */
const NAMES = 1 << 16;

interface Chunk {
  /** Offset in the part, 48 bits. */
  readonly offsetLow: Uint32Array;
  readonly offsetHigh: Uint16Array;
  readonly size: Uint32Array;
  readonly argc: Uint16Array;
  readonly name: Uint16Array;
  readonly db: Uint32Array;
  readonly flags: Uint8Array;
  /** There where a command of the chunk has a time. */
  time: Float64Array | undefined;
}

/** The commands of a part: from `first` on to before the first of the next. */
export interface PartRange {
  readonly part: number;
  readonly first: number;
  /** The part is kept only until it is deleted: no server loads it. */
  readonly history: boolean;
}

/** Commands of a database. */
export interface DatabaseCommands {
  readonly db: number;
  commands: number;
  bytes: number;
}

/** All commands of an AOF, by number: 0 is the first of the first part. */
export class CommandIndex {
  readonly keys = new TouchedKeys();
  readonly transactions = new TransactionList();
  private readonly chunks: Chunk[] = [];
  private rows = 0;
  private totalBytes = 0;
  private readonly ranges: PartRange[] = [];
  private readonly largeSizes = new Map<number, number>();
  private readonly largeCounts = new Map<number, number>();
  private nameCommands = new Float64Array(512);
  private nameBytes = new Float64Array(512);
  private readonly databaseCounts = new Map<number, DatabaseCommands>();
  private readonly groups: CommandGroup[] = [];
  private firstTime = Number.POSITIVE_INFINITY;
  private lastTime = Number.NEGATIVE_INFINITY;

  constructor(private readonly names: CommandNames) {}

  /** Number of commands. */
  get length(): number {
    return this.rows;
  }

  /** Bytes of all commands. */
  get bytes(): number {
    return this.totalBytes;
  }

  /** Bytes that the columns take. */
  get memory(): number {
    let bytes = this.keys.memory + this.transactions.memory;
    for (const chunk of this.chunks) bytes += CHUNK_ROWS * (chunk.time ? 27 : 19);
    return bytes;
  }

  /** The parts that have been begun, in order. */
  get parts(): readonly PartRange[] {
    return this.ranges;
  }

  /** Seconds since the epoch of the earliest and the latest annotation that a command follows; null without one. */
  get timeRange(): readonly [from: number, to: number] | null {
    return this.firstTime <= this.lastTime ? [this.firstTime, this.lastTime] : null;
  }

  /** The databases that commands ran in, by number. */
  get databases(): readonly DatabaseCommands[] {
    return [...this.databaseCounts.values()].sort((a, b) => a.db - b.db);
  }

  /** Begins a part: the commands that are added from now on are of it. */
  beginPart(part: number, history: boolean): void {
    // A transaction does not go on in another part.
    this.transactions.breakOff();
    this.ranges.push({ part, first: this.rows, history });
  }

  /** Adds the commands of a batch behind those that are there. */
  add(batch: CommandBatch): void {
    const first = this.rows;
    for (let from = 0; from < batch.length; ) {
      const at = this.rows & CHUNK_MASK;
      if (at === 0) this.chunks.push(newChunk());
      const count = Math.min(batch.length - from, CHUNK_ROWS - at);
      const chunk = this.chunks[this.rows >>> CHUNK_BITS];
      this.addColumns(batch, from, count, chunk, at);
      this.addTimes(batch, from, count, chunk, at);
      this.rows += count;
      from += count;
    }
    this.addCounts(batch);
    this.addTransactions(batch, first);
    this.addKeys(batch, first);
  }

  private addColumns(batch: CommandBatch, from: number, count: number, chunk: Chunk, at: number): void {
    const { offset, size, argc, name, db, flags } = batch;
    for (let i = 0; i < count; i++) {
      const begin = offset[from + i];
      const bytes = size[from + i];
      const args = argc[from + i];
      chunk.offsetLow[at + i] = begin;
      chunk.offsetHigh[at + i] = begin / 4294967296;
      chunk.size[at + i] = bytes;
      chunk.argc[at + i] = args;
      chunk.name[at + i] = name[from + i];
      chunk.db[at + i] = db[from + i];
      chunk.flags[at + i] = flags[from + i];
      if (bytes >= OVERFLOW32) {
        chunk.size[at + i] = OVERFLOW32;
        this.largeSizes.set(this.rows + i, bytes);
      }
      if (args >= OVERFLOW16) {
        chunk.argc[at + i] = OVERFLOW16;
        this.largeCounts.set(this.rows + i, args);
      }
    }
  }

  private addTimes(batch: CommandBatch, from: number, count: number, chunk: Chunk, at: number): void {
    const { time } = batch;
    for (let i = 0; i < count; i++) {
      const own = time[from + i];
      if (own === 0) continue;
      chunk.time ??= new Float64Array(CHUNK_ROWS);
      chunk.time[at + i] = own;
      if (own < this.firstTime) this.firstTime = own;
      if (own > this.lastTime) this.lastTime = own;
    }
  }

  private addCounts(batch: CommandBatch): void {
    const { size, name, db } = batch;
    let database: DatabaseCommands | undefined;
    for (let i = 0; i < batch.length; i++) {
      const number = name[i];
      if (number >= this.nameCommands.length) this.growNames(number);
      this.nameCommands[number]++;
      this.nameBytes[number] += size[i];
      this.totalBytes += size[i];
      if (database?.db !== db[i]) database = this.databaseOf(db[i]);
      database.commands++;
      database.bytes += size[i];
    }
  }

  private growNames(number: number): void {
    const length = Math.min(NAMES, Math.max(number + 1, this.nameCommands.length * 2));
    const commands = new Float64Array(length);
    commands.set(this.nameCommands);
    this.nameCommands = commands;
    const bytes = new Float64Array(length);
    bytes.set(this.nameBytes);
    this.nameBytes = bytes;
  }

  private databaseOf(db: number): DatabaseCommands {
    let database = this.databaseCounts.get(db);
    if (!database) {
      database = { db, commands: 0, bytes: 0 };
      this.databaseCounts.set(db, database);
    }
    return database;
  }

  private addTransactions(batch: CommandBatch, first: number): void {
    const { flags } = batch;
    const { transactions } = this;
    for (let i = 0; i < batch.length; i++) {
      const own = flags[i];
      if ((own & (IN_TRANSACTION | OPENS_TRANSACTION | CLOSES_TRANSACTION)) === 0) {
        if (transactions.isOpen) transactions.breakOff();
        continue;
      }
      if ((own & OPENS_TRANSACTION) !== 0) transactions.open(first + i);
      else transactions.goOn(first + i, (own & CLOSES_TRANSACTION) !== 0);
    }
  }

  private addKeys(batch: CommandBatch, first: number): void {
    const { keys } = batch;
    for (let i = 0; i < keys.length; i++) {
      const command = keys.command[i];
      this.keys.add({
        command: first + command,
        size: batch.size[command],
        db: batch.db[command],
        hashLow: keys.hashLow[i],
        hashHigh: keys.hashHigh[i],
        nameOffset: keys.offset[i],
        nameBytes: keys.bytes[i],
      });
    }
  }

  // Columns by number of the command.

  /** Where the command begins: bytes from the start of its part. */
  offset(row: number): number {
    const chunk = this.chunks[row >>> CHUNK_BITS];
    const at = row & CHUNK_MASK;
    return chunk.offsetHigh[at] * 4294967296 + chunk.offsetLow[at];
  }

  /** Bytes of the whole command. */
  size(row: number): number {
    const size = this.chunks[row >>> CHUNK_BITS].size[row & CHUNK_MASK];
    return size === OVERFLOW32 ? (this.largeSizes.get(row) ?? size) : size;
  }

  /** Number of arguments, the name included. */
  argc(row: number): number {
    const argc = this.chunks[row >>> CHUNK_BITS].argc[row & CHUNK_MASK];
    return argc === OVERFLOW16 ? (this.largeCounts.get(row) ?? argc) : argc;
  }

  /** Number of the command's name. */
  name(row: number): number {
    return this.chunks[row >>> CHUNK_BITS].name[row & CHUNK_MASK];
  }

  db(row: number): number {
    return this.chunks[row >>> CHUNK_BITS].db[row & CHUNK_MASK];
  }

  flags(row: number): number {
    return this.chunks[row >>> CHUNK_BITS].flags[row & CHUNK_MASK];
  }

  /** Seconds since the epoch; 0 if no annotation stands before the command. */
  time(row: number): number {
    return this.chunks[row >>> CHUNK_BITS].time?.[row & CHUNK_MASK] ?? 0;
  }

  /** The range of the part that a command is in. */
  rangeOf(row: number): PartRange {
    let low = 0;
    let high = this.ranges.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.ranges[middle].first <= row) low = middle;
      else high = middle - 1;
    }
    return this.ranges[low];
  }

  /** First command of a part and the one behind its last; undefined if the part has not been begun. */
  commandsOf(part: number): readonly [from: number, to: number] | undefined {
    const at = this.ranges.findIndex((range) => range.part === part);
    return at < 0 ? undefined : [this.ranges[at].first, this.ranges[at + 1]?.first ?? this.rows];
  }

  /** The command of a part that holds the byte at an offset, else the next; undefined if there is none in the part. */
  commandAt(part: number, offset: number): number | undefined {
    const own = this.commandsOf(part);
    if (!own) return undefined;
    const [from, to] = own;
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.offset(middle) + this.size(middle) <= offset) low = middle + 1;
      else high = middle;
    }
    return low < to ? low : undefined;
  }

  // Names, by number.

  /** Number of names that can occur in {@link name}. */
  get nameCount(): number {
    return this.names.count;
  }

  nameText(number: number): string {
    return this.names.name(number);
  }

  groupOf(number: number): CommandGroup {
    this.groups[number] ??= commandNamed(this.names.name(number))?.group ?? 'unknown';
    return this.groups[number];
  }

  /** The names that occur with how often, the most frequent first. */
  namesByCount(): { readonly number: number; readonly commands: number; readonly bytes: number }[] {
    const found: { number: number; commands: number; bytes: number }[] = [];
    for (let number = 0; number < this.nameCommands.length; number++) {
      const commands = this.nameCommands[number];
      if (commands > 0) found.push({ number, commands, bytes: this.nameBytes[number] });
    }
    return found.sort((a, b) => b.commands - a.commands || a.number - b.number);
  }
}

function newChunk(): Chunk {
  return {
    offsetLow: new Uint32Array(CHUNK_ROWS),
    offsetHigh: new Uint16Array(CHUNK_ROWS),
    size: new Uint32Array(CHUNK_ROWS),
    argc: new Uint16Array(CHUNK_ROWS),
    name: new Uint16Array(CHUNK_ROWS),
    db: new Uint32Array(CHUNK_ROWS),
    flags: new Uint8Array(CHUNK_ROWS),
    time: undefined,
  };
}
