/** A replay: takes the commands of an input one after another, and sends those that are wanted. */
import type { CommandEntry } from '../decoder/aof/command-table.js';
import { fromLatin1 } from '../decoder/bytes.js';
import { DecodeError } from '../decoder/errors.js';
import { writeCommand } from '../decoder/resp/writer.js';
import { readFully } from '../decoder/source.js';
import { argumentsAt, offsetOf, readWhole } from './block-command.js';
import type { ClusterRouter } from './cluster-router.js';
import { CommandChoice } from './command-choice.js';
import { type CommandClass, type CommandClasses, lookAt } from './command-class.js';
import { argumentsOf, isPlainFrame, isPlainInFile } from './command-frame.js';
import { type Rewritten, rewriteCommand, rewrites } from './command-rewrite.js';
import { encodeCommand } from './connection.js';
import { ServerError } from './errors.js';
import type { ReplayCheckpoints } from './replay-checkpoint.js';
import type { ReplayControl } from './replay-control.js';
import { ReplayInputError } from './replay-errors.js';
import { type CommandBlock, endOfRun, inputPosition, type Preamble, type ReplayInput } from './replay-input.js';
import { ADDED, COMMAND, DISCARD, EXEC, MULTI, type ReplayLane } from './replay-lane.js';
import type { ReplayOptions } from './replay-options.js';
import { Pace } from './replay-pace.js';
import { type PauseReason, ReplayPauses, StoppedInPause } from './replay-pauses.js';
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
  /**
   * Called now and then, and where it stands.
   *
   * @param bytes of the input that are done with. @param keys of an RDB that are restored just now.
   * @param stands true if nothing more is told for a while.
   */
  progress(bytes: number, keys: number, stands?: boolean): void;
  /** Where it could go on if it were cut off, for those who keep that. */
  readonly checkpoints?: Pick<ReplayCheckpoints, 'due' | 'take'>;
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
  private readonly choice: CommandChoice;
  private readonly classes: CommandClasses;
  private readonly rewrites: boolean;
  /** Nothing is asked of a command but its name and its database. */
  private readonly isDirect: boolean;
  private readonly pace: Pace;
  private readonly pauses: ReplayPauses;
  private readonly databases = new Set<number>();
  private number = 0;
  /** The part that is being taken, and the place in it of the command. */
  private part = -1;
  private place = 0;
  /** The input is within a transaction; its MULTI was sent, and where it stands; it has selected a database. */
  private inTransaction = false;
  private multi: ReplayPlace | undefined;
  private selected = false;
  private end: ReplayEnd | undefined;
  /** Behind the commands that were taken. */
  private next: ReplayPlace | undefined;
  /** The stretch of the buffer that is to be written next. */
  private runStart = -1;
  private runEnd = -1;

  constructor(
    private readonly input: ReplayInput,
    private readonly options: ReplayOptions,
    private readonly lane: ReplayLane,
    private readonly tally: ReplayTally,
    private readonly hooks: ReplayHooks,
    private readonly control: ReplayControl,
    /** A dry run looks at all arguments. */
    private readonly dry: boolean,
    /** Takes the commands where they go to the nodes of a cluster. */
    private readonly cluster?: ClusterRouter,
  ) {
    this.choice = new CommandChoice(options, input.names);
    this.classes = this.choice.classes;
    this.rewrites = rewrites(options, options);
    const { filtersNames, isWhole } = this.choice;
    this.isDirect = isWhole && !this.rewrites && !filtersNames && !dry && !cluster;
    this.pace = new Pace(options, () => hooks.now());
    this.pauses = new ReplayPauses(input, lane, tally, hooks, control, this.choice, this.pace, options.resume);
  }

  private get stopped(): boolean {
    return this.control.signal.aborted;
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
      else if (step.kind === 'block') {
        await this.take(step.block);
        await this.pauseBetween(step.block);
      } else if (this.stopped) this.stop('it was stopped', this.tally.place(step.part, 0));
      const next = this.end?.next;
      if (next) this.hooks.progress(inputPosition(this.input, next.part, next.offset), 0, true);
      else this.hooks.progress(this.input.position, 0);
      await this.hooks.pause(0);
    }
    return this.finish(this.end);
  }

  private async finish(end: ReplayEnd): Promise<ReplayEnd> {
    const open = this.inTransaction ? this.multi : undefined;
    if (end.outcome === 'lost') return open ? { ...end, next: open } : end;
    if (open) this.lane.discard(open.part, open.offset);
    try {
      await this.lane.drained();
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      // All was answered before the connection was lost.
      if (end.outcome === 'done' && this.lane.pending.length === 0) return end;
      return this.lost(error, open ?? end.next ?? this.next);
    }
    const { refusal, firstRefused } = this.lane;
    if (refusal !== undefined && firstRefused) {
      // Of a cluster it is told beside it which commands before the place were refused.
      const behind = this.cluster && (open ?? end.next ?? this.next);
      const next = behind ?? this.tally.place(firstRefused.part, firstRefused.offset);
      return { outcome: 'stopped', reason: `the server takes no more commands: ${refusal}`, next };
    }
    return end.next && open ? { ...end, next: open } : end;
  }

  private async restore(preamble: Preamble): Promise<void> {
    const { resume, commandsOnly, from = 1, chosen } = this.options;
    const { part } = preamble;
    const { tally } = this;
    const done = resume && (part < resume.part || (part === resume.part && resume.offset >= preamble.bytes));
    const source = this.input.source(part);
    if (done || commandsOnly || from > 1 || chosen || !source) return;
    const place = (position: number) => tally.place(part, position);
    const { keys, errors, stopped } = await this.hooks.restore(preamble, source, {
      signal: this.control.signal,
      progress: ({ position, restored }) =>
        this.hooks.progress(this.input.position - preamble.bytes + position, restored),
      hold: (position) => {
        const reason = this.control.wanted;
        return reason && this.pauses.stand({ reason, place: place(position), number: 1, time: 0, db: 0 });
      },
    });
    const { input } = this;
    tally.keysRestored += keys;
    const name = input.names.number(RESTORE, 0, RESTORE.length);
    for (const { error, count, keys: failed } of errors) tally.fail(error, name, part, failed[0]?.offset ?? 0, count);
    if (stopped === undefined) {
      await this.hooks.checkpoints?.take(place(preamble.bytes), false);
      return;
    }
    // Restoring all of it once more does no harm.
    const outcome = this.stopped || stopped.startsWith('the server takes no more') ? 'stopped' : 'lost';
    this.end = { outcome, reason: stopped, next: tally.place(part, 0) };
  }

  private async take(block: CommandBlock): Promise<void> {
    const { pool } = this.input;
    let row = 0;
    try {
      for (; row < block.length && !this.end; ) {
        const next = this.takeRun(block, row);
        if (next > row) {
          row = next;
          if (this.lane.full) await this.makeRoom(block, row);
          continue;
        }
        const waits = this.takeRow(block, row);
        if (waits) await waits;
        // The row that ends it was not taken.
        if (this.end) break;
        row++;
        if (this.lane.full) await this.makeRoom(block, row);
      }
      this.flush(block);
      await this.checkpoint(block, row);
    } catch (error) {
      // The commands before the row have been decided on, and sent if they are wanted.
      const here = this.placeOf(block, row);
      if (error instanceof ServerError) this.end = this.lost(error, here);
      else if (error instanceof StoppedInPause) this.stop('it was stopped', here);
      else if (error instanceof DecodeError || (error instanceof ReplayInputError && this.tally.sent > 0)) {
        this.stop(error.message, here);
      } else throw error;
    } finally {
      this.runStart = -1;
      pool.release(block.buffer);
    }
    this.pauses.passed(block);
    this.next = this.placeOf(block, row);
  }

  /** Pauses where a block had no command to pause before. */
  private async pauseBetween(block: CommandBlock): Promise<void> {
    if (this.control.wanted !== 'pause' || this.inTransaction || this.end) return;
    const place = await this.pauses.holdBehind(block, this.number + 1);
    if (this.stopped) this.stop('it was stopped', place);
  }

  private lost(error: ServerError, next: ReplayPlace | undefined): ReplayEnd {
    return { outcome: 'lost', reason: error.message, ...(next ? { next } : {}) };
  }

  private async makeRoom(block: CommandBlock, row: number): Promise<void> {
    this.flush(block);
    await this.lane.ready();
    if (this.lane.refusal !== undefined) this.stop('the server takes no more commands', this.placeOf(block, row));
    await this.checkpoint(block, row);
    if (this.options.stopAtError && this.tally.failed > 0) this.stop('a command has failed', this.placeOf(block, row));
  }

  /** Tells where it has come to, if that is due. @param row the first that was not handed to the lane. */
  private checkpoint(block: CommandBlock, row: number): Promise<void> | undefined {
    const { checkpoints } = this.hooks;
    return checkpoints?.due ? checkpoints.take(this.multi ?? this.placeOf(block, row), false) : undefined;
  }

  private placeOf(block: CommandBlock, row: number): ReplayPlace {
    return this.tally.place(block.part, offsetOf(block, row));
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

  /**
   * Takes commands that follow one another, go as they are to the database that is selected, and need no look at each.
   *
   * @returns the first row that was not taken.
   */
  private takeRun(block: CommandBlock, row: number): number {
    const { lane, classes, options } = this;
    const { part, start, size, name, db, plain, runs } = block;
    const from = db[row];
    const taker =
      this.isDirect && !this.pace.waits && !this.inTransaction && !this.control.armed && !this.stopped
        ? lane.runs
        : undefined;
    if (!taker || (options.dbMap.get(from) ?? from) !== lane.db) return row;
    if (this.choice.wasDone(part, block.offset[row])) return row;
    const most = Math.min(block.length, row + taker.room);
    let next = Math.min(most, endOfRun(runs, row));
    let end = next > row ? start[next - 1] + size[next - 1] : start[row];
    // What the scan has not taken in runs is looked at here.
    if (next === row) {
      for (; next < most && plain[next] === 1 && db[next] === from && start[next] === end && end >= 0; next++) {
        if (classes.of(name[next]) !== 'plain') break;
        end += size[next];
      }
    }
    const count = next - row;
    if (count === 0) return row;
    this.number += count;
    this.place = part === this.part ? this.place + count : count - 1;
    this.part = part;
    this.tally.read += count;
    if (start[row] !== this.runEnd || this.runStart < 0) {
      this.flush(block);
      this.runStart = start[row];
    }
    this.runEnd = end;
    taker.expectRun(block, row, next);
    return next;
  }

  /** Decides on a command. @returns what has to be waited for, if anything. */
  private takeRow(block: CommandBlock, row: number): Promise<void> | undefined {
    this.number++;
    const part = block.part;
    this.place = part === this.part ? this.place + 1 : 0;
    this.part = part;
    const offset = block.offset[row];
    const kind = this.classes.of(block.name[row]);
    if (this.choice.wasDone(part, offset) || (!this.multi && this.cluster?.hasDone(part, offset))) {
      // A place within a transaction leaves out the rest of it, too.
      this.inTransaction = kind === 'multi' || (this.inTransaction && kind !== 'exec' && kind !== 'discard');
      return undefined;
    }
    if (this.isBehindEnd(block, row)) return undefined;
    this.tally.read++;
    const before = this.choice.leavesOut(part, this.number, this.place);
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
    if (this.stopped) this.stop('it was stopped', this.placeOf(block, row));
    if (this.choice.isOver(block, row, this.number, this.place)) this.end ??= { outcome: 'done' };
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

  private takeCommand(block: CommandBlock, row: number, kind: CommandClass): Promise<void> | undefined {
    const { input, tally } = this;
    const name = block.name[row];
    const entry = input.names.entry(name);
    const db = block.db[row];
    const skip = this.choice.skipOf(kind, name, db);
    if (skip) tally.skip(skip, name);
    else if (kind === 'look' || this.rewrites || this.dry || this.cluster)
      return this.takeArguments(block, row, entry, kind);
    else return this.sendOwn(block, row, COMMAND, db);
    return undefined;
  }

  /** Decides on a command by its arguments. */
  private takeArguments(
    block: CommandBlock,
    row: number,
    entry: CommandEntry | undefined,
    kind: CommandClass,
  ): Promise<void> | undefined {
    const { options, tally } = this;
    const name = block.name[row];
    const argv = argumentsAt(this.input, block, row);
    const look = kind === 'look' && entry ? lookAt(entry, argv) : 'plain';
    if (look === 'connection' || (look !== 'plain' && !options.admin)) {
      tally.skip(look, name);
      return undefined;
    }
    if (!this.rewrites && !this.cluster) return this.sendOwn(block, row, COMMAND, block.db[row], argv);
    const rewritten: Rewritten = this.rewrites ? rewriteCommand(entry, argv, options, options) : { argv };
    if ('skip' in rewritten) {
      tally.skip(rewritten.skip, name);
      return undefined;
    }
    if (this.cluster) return this.sendRouted(block, row, this.cluster, entry, rewritten.argv);
    if (rewritten.argv === argv) return this.sendOwn(block, row, COMMAND, block.db[row], argv);
    return this.sendBytes(block, row, COMMAND, writeCommand(rewritten.argv), block.db[row], rewritten.argv);
  }

  /** Sends a command to the nodes of a cluster that have its keys. */
  private async sendRouted(
    block: CommandBlock,
    row: number,
    cluster: ClusterRouter,
    entry: CommandEntry | undefined,
    argv: readonly Uint8Array[],
  ): Promise<void> {
    const name = block.name[row];
    const db = this.options.dbMap.get(block.db[row]) ?? block.db[row];
    await this.prepare(block, row, COMMAND, undefined);
    const skip = db === 0 ? cluster.route(entry, argv, name, block.part, block.offset[row]) : 'cluster-database';
    if (skip) this.tally.skip(skip, name);
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
    const { cluster } = this;
    if (cluster) {
      const frame = () => cluster.frame(kind, block.name[row], block.part, block.offset[row]);
      const held = this.control.armed ? this.gate(block, row, kind) : undefined;
      if (held) return held.then(frame);
      frame();
      return undefined;
    }
    if (start < 0) return this.sendLarge(block, row, kind, db);
    if (block.plain[row] === 0 && !isPlainFrame(bytes, start, start + size, argc)) {
      return this.sendBytes(block, row, kind, writeCommand(argumentsOf(bytes, start, start + size)), db);
    }
    const ready = this.prepare(block, row, kind, db);
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
    const words = argv ?? (this.dry ? argumentsAt(this.input, block, row) : EMPTY);
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
    await this.prepare(block, row, kind, db);
    this.flush(block);
    const words = argv ?? (this.dry ? argumentsAt(this.input, block, row) : EMPTY);
    this.lane.expect(kind, block.name[row], block.part, block.offset[row], bytes.length, words);
    this.lane.write(bytes);
  }

  /** Sends a command that is too large for a buffer, a piece at a time. */
  private async sendLarge(block: CommandBlock, row: number, kind: number, db?: number): Promise<void> {
    const source = this.input.source(block.part);
    const offset = block.offset[row];
    const size = block.size[row];
    if (!source || !isPlainInFile(source, offset, offset + size, block.argc[row])) {
      const argv = argumentsOf(readWhole(this.input, block, row), 0, size);
      return this.sendBytes(block, row, kind, writeCommand(argv), db);
    }
    await this.prepare(block, row, kind, db);
    this.flush(block);
    const words = this.dry ? argumentsAt(this.input, block, row) : EMPTY;
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

  /** Waits until a command may be sent, and selects its database. @param db undefined for one that needs none. */
  private prepare(block: CommandBlock, row: number, kind: number, db: number | undefined): Promise<void> | undefined {
    const held = this.control.armed ? this.gate(block, row, kind) : undefined;
    return held ? held.then(() => this.prepareOpen(block, row, kind, db)) : this.prepareOpen(block, row, kind, db);
  }

  private prepareOpen(
    block: CommandBlock,
    row: number,
    kind: number,
    db: number | undefined,
  ): Promise<void> | undefined {
    const target = db === undefined ? undefined : (this.options.dbMap.get(db) ?? db);
    const selects = target !== undefined && target !== this.lane.db;
    if (!selects && !this.pace.waits) return undefined;
    return this.prepareSlowly(block, row, kind, selects ? target : undefined);
  }

  private async prepareSlowly(block: CommandBlock, row: number, kind: number, db: number | undefined): Promise<void> {
    if (this.pace.waits) {
      for (let ms = this.pace.wait(block.time[row]); ms > 0; ms = this.pace.wait(block.time[row])) {
        this.flush(block);
        await this.checkpoint(block, row);
        if (this.stopped || this.control.wanted) break;
        this.hooks.progress(inputPosition(this.input, block.part, block.offset[row]), 0);
        await this.hooks.pause(Math.min(ms, 100));
      }
      await this.checkpoint(block, row);
      this.pace.sent();
      // It may have been asked for while it waited.
      const reason = this.control.wanted;
      if (reason && !this.stopped && !this.isWithin(kind)) await this.hold(block, row, kind, { reason });
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

  /** Pauses before a command, if somebody or a breakpoint wants it. */
  private gate(block: CommandBlock, row: number, kind: number): Promise<void> | undefined {
    const where = this.isWithin(kind) ? 'within' : kind === MULTI ? 'begins' : 'outside';
    const why = this.pauses.before(block, row, where);
    return why && this.hold(block, row, kind, why);
  }

  /** True for what belongs to a transaction that has begun. */
  private isWithin(kind: number): boolean {
    return kind === EXEC || kind === DISCARD || (this.inTransaction && kind !== MULTI);
  }

  private async hold(block: CommandBlock, row: number, kind: number, why: PauseReason): Promise<void> {
    try {
      this.flush(block);
      await this.pauses.hold(block, row, this.number, why);
    } catch (error) {
      // Its MULTI was not sent.
      if (kind === MULTI) {
        this.inTransaction = false;
        this.multi = undefined;
      }
      throw error;
    }
  }
}
