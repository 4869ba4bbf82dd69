/** A replay: takes the commands of an input one after another, and sends those that are wanted. */
import type { CommandEntry } from '../decoder/aof/command-table.js';
import { fromLatin1 } from '../decoder/bytes.js';
import { DecodeError } from '../decoder/errors.js';
import { writeCommand } from '../decoder/resp/writer.js';
import { readFully } from '../decoder/source.js';
import { CommandClasses, lookAt } from './command-class.js';
import { argumentsOf, isPlainFrame, isPlainInFile } from './command-frame.js';
import { type Rewritten, rewriteCommand, rewrites } from './command-rewrite.js';
import { encodeCommand } from './connection.js';
import { ServerError } from './errors.js';
import { ReplayInputError } from './replay-errors.js';
import type { CommandBlock, Preamble, ReplayInput } from './replay-input.js';
import { ADDED, ADDED_DISCARD, COMMAND, DISCARD, EXEC, MULTI, type ReplayLane } from './replay-lane.js';
import type { ReplayOptions } from './replay-options.js';
import { Pace } from './replay-pace.js';
import type { PreambleRestorer } from './replay-preamble.js';
import type { ReplayOutcome, ReplayPlace, ReplayProblem } from './replay-report.js';
import type { ReplayTally } from './replay-tally.js';

/** What a replay needs of its surroundings. */
export interface ReplayHooks {
  /** Checks that a database can be selected, beside everything else. @throws ReplayInputError `no-database`. */
  selectable(db: number): Promise<void>;
  /** Restores the RDB that a part begins with. */
  readonly restore: PreambleRestorer;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Called now and then. @param bytes of the input that are done with. */
  progress(bytes: number): void;
  /** Lets others work, for so many milliseconds or as short as possible. */
  pause(ms: number): Promise<void>;
}

/** How a replay has ended. */
export interface ReplayEnd {
  readonly outcome: ReplayOutcome;
  readonly reason?: string;
  readonly problem?: ReplayProblem;
  /** Where to go on; undefined if nothing is left. */
  readonly next?: ReplayPlace;
}

/** Bytes of a command that is read from its part to be sent. */
const PIECE_BYTES = 256 * 1024;
const EMPTY: readonly Uint8Array[] = [];
const RESTORE = fromLatin1('RESTORE');

/** One replay. */
export class Replay {
  private readonly classes: CommandClasses;
  private readonly rewrites: boolean;
  private readonly filtersNames: boolean;
  private readonly pace: Pace;
  private readonly databases = new Set<number>();
  private number = 0;
  /** The input is within a transaction; its MULTI was sent, and where it stands; it has selected a database. */
  private inTransaction = false;
  private multi: ReplayPlace | undefined;
  private selected = false;
  private end: ReplayEnd | undefined;
  /** The stretch of the buffer that is to be written next. */
  private runStart = -1;
  private runEnd = -1;

  constructor(
    private readonly input: ReplayInput,
    private readonly options: ReplayOptions,
    private readonly lane: ReplayLane,
    private readonly tally: ReplayTally,
    private readonly hooks: ReplayHooks,
    private readonly signal: AbortSignal,
    /** A dry run looks at all arguments. */
    private readonly dry: boolean,
  ) {
    this.classes = new CommandClasses(input.names);
    this.rewrites = rewrites(options, options);
    this.filtersNames = options.commands !== undefined || options.groups !== undefined;
    this.pace = new Pace(options, () => hooks.now());
  }

  /**
   * Replays the input up to its end, a stop, or the loss of the connection.
   *
   * @throws ReplayInputError, ServerError for what is found before anything was sent; what reading the input throws.
   */
  async run(): Promise<ReplayEnd> {
    while (!this.end) {
      const step = this.input.next();
      if (step.kind === 'end') this.end = { outcome: 'done', ...(step.problem ? { problem: step.problem } : {}) };
      else if (step.kind === 'preamble') await this.restore(step.preamble);
      else {
        await this.take(step.block);
        this.hooks.progress(this.input.position);
        await this.hooks.pause(0);
      }
    }
    return this.finish(this.end);
  }

  private async finish(end: ReplayEnd): Promise<ReplayEnd> {
    if (end.outcome === 'lost') return end;
    const open = this.inTransaction ? this.multi : undefined;
    if (open) {
      this.lane.expect(ADDED_DISCARD, 0, open.part, open.offset, 0, EMPTY);
      this.lane.write(encodeCommand('DISCARD'));
    }
    try {
      await this.lane.drained();
    } catch (error) {
      if (error instanceof ServerError) return this.lost(error, end.next);
      throw error;
    }
    return end.next && open ? { ...end, next: open } : end;
  }

  private async restore(preamble: Preamble): Promise<void> {
    const { resume, commandsOnly, from = 1 } = this.options;
    const { part } = preamble;
    const done = resume && (part < resume.part || (part === resume.part && resume.offset >= preamble.bytes));
    const source = this.input.source(part);
    if (done || commandsOnly || from > 1 || !source) return;
    const { keys, errors, stopped } = await this.hooks.restore(preamble, source);
    const { tally, input } = this;
    tally.keysRestored += keys;
    const name = input.names.number(RESTORE, 0, RESTORE.length);
    for (const { error, count, keys: failed } of errors) tally.fail(error, name, part, failed[0]?.offset ?? 0, count);
    if (stopped === undefined) return;
    // Restoring all of it once more does no harm.
    const outcome = this.signal.aborted ? 'stopped' : 'lost';
    this.end = { outcome, reason: stopped, next: tally.place(part, 0) };
  }

  private async take(block: CommandBlock): Promise<void> {
    const { pool } = this.input;
    let row = 0;
    try {
      for (; row < block.length && !this.end; row++) {
        const waits = this.takeRow(block, row);
        if (waits) await waits;
        if (this.lane.full) await this.makeRoom(block, row);
      }
      this.flush(block);
    } catch (error) {
      const here = this.tally.place(block.part, block.offset[Math.min(row, block.length - 1)]);
      if (error instanceof ServerError) this.end = this.lost(error, here);
      else if (error instanceof DecodeError || (error instanceof ReplayInputError && this.tally.sent > 0)) {
        this.stop(error.message, here);
      } else throw error;
    } finally {
      this.runStart = -1;
      pool.release(block.buffer);
    }
  }

  private lost(error: ServerError, next: ReplayPlace | undefined): ReplayEnd {
    return { outcome: 'lost', reason: error.message, ...(next ? { next } : {}) };
  }

  private async makeRoom(block: CommandBlock, row: number): Promise<void> {
    this.flush(block);
    await this.lane.ready();
    if (this.options.stopAtError && this.tally.failed > 0) {
      const next = { part: block.part, offset: block.offset[row] + block.size[row] };
      this.stop('a command has failed', this.tally.place(next.part, next.offset));
    }
  }

  private stop(reason: string, next: ReplayPlace): void {
    this.end ??= { outcome: 'stopped', reason, next };
  }

  /** Writes what has gathered. */
  private flush(block: CommandBlock): void {
    if (this.runStart < 0) return;
    const { buffer } = block;
    buffer.users++;
    this.lane.write(buffer.bytes.subarray(this.runStart, this.runEnd), () => this.input.pool.release(buffer));
    this.runStart = -1;
  }

  /** Decides on a command. @returns what has to be waited for, if anything. */
  private takeRow(block: CommandBlock, row: number): Promise<void> | undefined {
    const { resume } = this.options;
    this.number++;
    const part = block.part;
    const offset = block.offset[row];
    if (resume && (part < resume.part || (part === resume.part && offset < resume.offset))) return undefined;
    if (this.isBehindEnd(block, row)) return undefined;
    this.tally.read++;
    const name = block.name[row];
    const kind = this.classes.of(name);
    const before = this.number < (this.options.from ?? 0);
    switch (kind) {
      case 'select':
        return undefined;
      case 'multi':
        if (this.inTransaction) return this.sendOwn(block, row, COMMAND);
        this.inTransaction = true;
        this.selected = false;
        if (before) return undefined;
        this.multi = this.tally.place(part, offset);
        return this.sendOwn(block, row, MULTI);
      case 'exec':
      case 'discard':
        return this.endTransaction(block, row, kind === 'exec' ? EXEC : DISCARD, before);
      default:
        if (before || (this.inTransaction && !this.multi)) return undefined;
        return this.takeCommand(block, row, kind);
    }
  }

  /** True if the command is behind what is wanted, or the replay was stopped. */
  private isBehindEnd(block: CommandBlock, row: number): boolean {
    const { to, untilTime, untilOffset } = this.options;
    const { part } = block;
    const offset = block.offset[row];
    if (this.signal.aborted) this.stop('it was stopped', this.tally.place(part, offset));
    const behind =
      (to !== undefined && this.number > to) ||
      (untilTime !== undefined && block.time[row] > untilTime) ||
      (untilOffset !== undefined &&
        (part > untilOffset.part || (part === untilOffset.part && offset >= untilOffset.offset)));
    if (behind) this.end ??= { outcome: 'done' };
    return this.end !== undefined;
  }

  private endTransaction(block: CommandBlock, row: number, kind: number, before: boolean): Promise<void> | undefined {
    const cut = this.inTransaction && !this.multi;
    const sends = !cut && !before;
    // If the transaction was refused, so was its SELECT.
    if (this.selected) this.lane.db = -1;
    this.inTransaction = false;
    this.multi = undefined;
    return sends ? this.sendOwn(block, row, kind) : undefined;
  }

  private takeCommand(block: CommandBlock, row: number, kind: string): Promise<void> | undefined {
    const { options, input, tally } = this;
    const name = block.name[row];
    const entry = input.names.entry(name);
    const db = block.db[row];
    if (kind === 'connection') tally.skip('connection', name);
    else if (kind === 'admin' && !options.admin) tally.skip('admin', name);
    else if (options.dbs && !options.dbs.has(db)) tally.skip('filter', name);
    else if (this.filtersNames && !this.isWanted(name, entry)) tally.skip('filter', name);
    else if (kind === 'look' || this.rewrites || this.dry) return this.takeArguments(block, row, entry, kind);
    else return this.sendOwn(block, row, COMMAND, db);
    return undefined;
  }

  private isWanted(name: number, entry: CommandEntry | undefined): boolean {
    const { commands, groups } = this.options;
    if (commands && !commands.has(this.input.names.name(name))) return false;
    return !groups || groups.has(entry?.group ?? 'unknown');
  }

  /** Decides on a command by its arguments. */
  private takeArguments(
    block: CommandBlock,
    row: number,
    entry: CommandEntry | undefined,
    kind: string,
  ): Promise<void> | undefined {
    const { options, tally } = this;
    const name = block.name[row];
    const argv = this.argumentsAt(block, row);
    const look = kind === 'look' && entry ? lookAt(entry, argv) : 'plain';
    if (look === 'connection' || (look === 'admin' && !options.admin)) {
      tally.skip(look, name);
      return undefined;
    }
    if (!this.rewrites) return this.sendOwn(block, row, COMMAND, block.db[row], argv);
    const rewritten: Rewritten = rewriteCommand(entry, argv, options, options);
    if ('skip' in rewritten) {
      tally.skip(rewritten.skip, name);
      return undefined;
    }
    if (rewritten.argv === argv) return this.sendOwn(block, row, COMMAND, block.db[row], argv);
    return this.sendBytes(block, row, COMMAND, writeCommand(rewritten.argv), block.db[row], rewritten.argv);
  }

  private argumentsAt(block: CommandBlock, row: number): Uint8Array[] {
    const start = block.start[row];
    const size = block.size[row];
    const { bytes } = block.buffer;
    if (start >= 0) return argumentsOf(bytes, start, start + size);
    return argumentsOf(this.readWhole(block, row), 0, size);
  }

  private readWhole(block: CommandBlock, row: number): Uint8Array {
    const bytes = new Uint8Array(block.size[row]);
    const source = this.input.source(block.part);
    if (source) readFully(source, block.offset[row], bytes);
    return bytes;
  }

  /** Sends a command with the bytes that it has in the input, if all servers read them alike. */
  private sendOwn(
    block: CommandBlock,
    row: number,
    kind: number,
    db?: number,
    argv?: readonly Uint8Array[],
  ): Promise<void> | undefined {
    const start = block.start[row];
    const size = block.size[row];
    const argc = block.argc[row];
    const { bytes } = block.buffer;
    if (start < 0) return this.sendLarge(block, row, kind, db);
    if (!isPlainFrame(bytes, start, start + size, argc)) {
      return this.sendBytes(block, row, kind, writeCommand(argumentsOf(bytes, start, start + size)), db);
    }
    const ready = this.prepare(block, row, db);
    if (ready) return ready.then(() => this.sendRun(block, row, kind, argv));
    this.sendRun(block, row, kind, argv);
    return undefined;
  }

  private sendRun(block: CommandBlock, row: number, kind: number, argv?: readonly Uint8Array[]): void {
    const start = block.start[row];
    const size = block.size[row];
    if (start !== this.runEnd || this.runStart < 0) {
      this.flush(block);
      this.runStart = start;
    }
    this.runEnd = start + size;
    const words = argv ?? (this.dry ? this.argumentsAt(block, row) : EMPTY);
    this.lane.expect(kind, block.name[row], block.part, block.offset[row], size, words);
  }

  private async sendBytes(
    block: CommandBlock,
    row: number,
    kind: number,
    bytes: Uint8Array,
    db?: number,
    argv?: readonly Uint8Array[],
  ): Promise<void> {
    await this.prepare(block, row, db);
    this.flush(block);
    const words = argv ?? (this.dry ? this.argumentsAt(block, row) : EMPTY);
    this.lane.expect(kind, block.name[row], block.part, block.offset[row], bytes.length, words);
    this.lane.write(bytes);
  }

  /** Sends a command that is too large for a buffer, a piece at a time. */
  private async sendLarge(block: CommandBlock, row: number, kind: number, db?: number): Promise<void> {
    const source = this.input.source(block.part);
    const offset = block.offset[row];
    const size = block.size[row];
    if (!source || !isPlainInFile(source, offset, offset + size, block.argc[row])) {
      return this.sendBytes(block, row, kind, writeCommand(argumentsOf(this.readWhole(block, row), 0, size)), db);
    }
    await this.prepare(block, row, db);
    this.flush(block);
    const words = this.dry ? this.argumentsAt(block, row) : EMPTY;
    this.lane.expect(kind, block.name[row], block.part, offset, size, words);
    for (let sent = 0; sent < size && !this.dry; ) {
      const piece = new Uint8Array(Math.min(PIECE_BYTES, size - sent));
      const count = readFully(source, offset + sent, piece);
      if (count < piece.length) throw new ServerError('closed', '', ': the file has become shorter');
      await new Promise<void>((resolve) => this.lane.write(piece, resolve));
      sent += count;
    }
    return undefined;
  }

  /** Waits until a command is due, and selects its database. @param db undefined for one that needs none. */
  private prepare(block: CommandBlock, row: number, db: number | undefined): Promise<void> | undefined {
    const target = db === undefined ? undefined : (this.options.dbMap.get(db) ?? db);
    const selects = target !== undefined && target !== this.lane.db;
    if (!selects && !this.pace.waits) return undefined;
    return this.prepareSlowly(block, row, selects ? target : undefined);
  }

  private async prepareSlowly(block: CommandBlock, row: number, db: number | undefined): Promise<void> {
    if (this.pace.waits) {
      for (let ms = this.pace.wait(block.time[row]); ms > 0; ms = this.pace.wait(block.time[row])) {
        this.flush(block);
        if (this.signal.aborted) break;
        await this.hooks.pause(Math.min(ms, 100));
      }
      this.pace.sent();
    }
    if (db === undefined) return;
    if (!this.databases.has(db)) await this.hooks.selectable(db);
    this.databases.add(db);
    this.flush(block);
    const select = encodeCommand('SELECT', db);
    this.lane.expect(ADDED, 0, block.part, block.offset[row], select.length, EMPTY);
    this.lane.write(select);
    this.lane.db = db;
    this.selected = this.inTransaction;
  }
}
