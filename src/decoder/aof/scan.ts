/**
 * The scan of the commands of an AOF: walks `*argc`, `$length` records without decoding arguments and tells where each
 * command is, by the rules of `redis-check-aof`. Bytes are pushed in pieces of any size; between two pieces all state
 * is in the scanner.
 */
import { byteName, type Problem } from '../errors.js';
import { BATCH_COMMANDS, BatchWriter } from './batch-writer.js';
import {
  AFTER_DAMAGE,
  CLOSES_TRANSACTION,
  type CommandBatch,
  IN_TRANSACTION,
  OPENS_TRANSACTION,
} from './command-batch.js';
import { EXEC, KEYS_ELSEWHERE, MULTI, NAME_LIMIT, NameTable, ORDINARY, SELECT, UNKNOWN } from './command-names.js';
import { keyArguments } from './command-table.js';
import { KeyHash } from './key-hash.js';
import { decimalNumber } from './words.js';

/** What a scan reports to. */
export interface AofScanSink {
  /** The next commands, in the order of the file; the batch is overwritten after the call. */
  commands(batch: CommandBatch): void;
  /** What a tool or server stumbles over, but where the scan goes on. What it stops at is {@link AofScanner.fault}. */
  problem(problem: Problem): void;
  /** A `#TS:` annotation. @param time seconds since the epoch. */
  annotation?(offset: number, time: number): void;
}

/** Takes commands many at a time, where nothing of them is to be noted but where they are. */
export interface CommandRuns {
  /**
   * Takes commands that are well-formed, ordinary and whole in a piece, one behind the other; they belong behind all that
   * was told to the sink before.
   *
   * @param offset in the part of the first of `bytes`. @param db the database, and `time` the annotation, of all of them.
   * @returns the index of the first byte that was not taken.
   */
  take(bytes: Uint8Array, from: number, to: number, offset: number, db: number, time: number): number;
  /** How many the last call has taken. */
  readonly taken: number;
  /** Tells the name of an ordinary command that it has not taken. @returns true if it can take such commands now. */
  learn(bytes: Uint8Array, from: number, length: number, number: number): boolean;
}

export interface AofScanOptions {
  /** Where the commands begin: behind the RDB preamble. */
  readonly start?: number;
  /** Bytes of the part; Infinity if it is not known. */
  readonly size?: number;
  /** Tells the keys that commands name. */
  readonly keys?: boolean;
  /** Numbers of names; one table for all parts of an AOF makes their numbers comparable. */
  readonly names?: NameTable;
  /** The whole part stands behind damage of another. */
  readonly afterDamage?: boolean;
  /** Takes commands in place of the sink, as long as no keys are wanted. */
  readonly runs?: CommandRuns | undefined;
}

/** What ends the scan of a part: damage in the middle, or a tail that is cut off. */
export interface AofFault {
  readonly problem: Problem;
  /** Offset of the command or line that cannot be read. */
  readonly offset: number;
  /**
   * What a server makes of it: `cut-off` is the end of the file inside a command, which `aof-load-truncated yes` cuts
   * away; `format` is refused.
   */
  readonly kind: 'cut-off' | 'format';
  /** Where the server would cut: behind the last command that it has read, which can be inside a transaction. */
  readonly cutAt: number;
}

/** Bytes of a header line that `redis-check-aof` reads, its line end included. */
const HEADER_LIMIT = 127;
/** Bytes of an annotation that servers read as one line, its line end included. */
const ANNOTATION_LIMIT = 1023;
/** The longest header of an argument on the fast way: `$`, nine digits, CR LF; and a little more. */
const HEADER_ROOM = 16;
const COMMAND_ROOM = 48;
/** Arguments of a command that are looked at where only their text tells which of them are keys. */
const ARGUMENT_LIMIT = 4096;
/** Bytes of such an argument that are kept: numbers and words. A longer one can only be a key. */
const WORD_LIMIT = 64;
/** Commands of a run that make up for what it takes to begin one, and commands until the next one if they were fewer. */
const RUN_COMMANDS = 8;
const RUN_PAUSE = 16;
/** The highest database number that a server can be configured to have. */
const DATABASE_LIMIT = 2147483646;

const CR = 0x0d;
const LF = 0x0a;
const STAR = 0x2a;
const DOLLAR = 0x24;
const HASH = 0x23;
const ZERO = 0x30;
const NOTHING = new Uint8Array(0);

// Where the scan stands when it takes the slow way, or waits for bytes.
const BETWEEN = 0;
const HEADER = 1;
const DATA = 2;
const TAIL = 3;
const DECIDE = 4;
const STOPPED = 5;

/** Scans the commands of one part. */
export class AofScanner {
  private phase = BETWEEN;
  /** Bytes of the last piece that could not be read without the next one. */
  private rest: Uint8Array = NOTHING;
  /** Offset of the next byte to be read; may be past the bytes pushed so far. */
  private position: number;
  private pushed: number;
  /** Offset of the first byte of the piece that is being read. */
  private base = 0;
  private size: number;
  private readonly batch = new BatchWriter();
  readonly names: NameTable;
  private readonly wantsKeys: boolean;
  private readonly runs: CommandRuns | undefined;
  /** Commands before the next run is begun. */
  private runPause = 0;

  // The command that is being read on the slow way.
  private argc = 0;
  private argument = 0;
  private left = 0;
  private length = 0;
  /** Offset of the first byte of the argument. */
  private dataAt = 0;
  private name = 0;
  private readonly captured = new Uint8Array(WORD_LIMIT);
  private capturing = false;
  private hashing = false;
  private readonly hash = new KeyHash();
  /** Arguments of a command whose keys only their text tells: where they are, their words, and their hashes. */
  private readonly starts = new Float64Array(ARGUMENT_LIMIT);
  private readonly lengths = new Float64Array(ARGUMENT_LIMIT);
  private readonly hashes = new Uint32Array(2 * ARGUMENT_LIMIT);
  private words: Uint8Array[] = [];
  /** What a tool refuses of the command, though a server may read it. */
  private doubt: Problem | undefined;
  /** What {@link readNumber} read. */
  private number = 0;
  /** Where the command or line begins that is being read. */
  private began: number;

  private multiOpen = false;
  private damaged = false;
  private frozen: number | undefined;
  private doubtful = 0;

  /** Database that is selected. */
  db = 0;
  /** The last annotation, seconds since the epoch; 0 before the first. */
  time = 0;
  /** The earliest and the latest annotation up to damage; undefined without any. */
  timeRange: readonly [from: number, to: number] | undefined;
  /** Whole commands up to damage. */
  commands = 0;
  commandsAfterDamage = 0;
  /** Offset behind the last command up to damage. A server keeps no other: an annotation behind it is cut off too. */
  private readUpTo: number;
  /** The same before the last MULTI. */
  private readBeforeMulti: number;
  /** The transaction that is open: offset of its MULTI, and commands from there on; undefined outside of one. */
  transaction: { readonly offset: number; commands: number } | undefined;
  /** The first command whose name no known server has. */
  unknownCommand: { readonly offset: number; readonly name: string } | undefined;
  /** Where a server refuses what `redis-check-aof` lets pass: a command without a name. */
  refusedAt: number | undefined;
  /** What the scan stopped at; undefined while it goes on, and at the sound end of a part. */
  fault: AofFault | undefined;

  constructor(
    private readonly sink: AofScanSink,
    options: AofScanOptions = {},
  ) {
    this.position = options.start ?? 0;
    this.pushed = this.position;
    this.began = this.position;
    this.readUpTo = this.position;
    this.readBeforeMulti = this.position;
    this.size = options.size ?? Number.POSITIVE_INFINITY;
    this.names = options.names ?? new NameTable();
    this.wantsKeys = options.keys ?? false;
    this.runs = this.wantsKeys ? undefined : options.runs;
    this.damaged = options.afterDamage ?? false;
  }

  /** True when the scan has stopped at a {@link fault}. */
  get stopped(): boolean {
    return this.phase === STOPPED;
  }

  /** Offset of the next byte that the scan wants; bytes before it need not be pushed but must be skipped over. */
  get wanted(): number {
    return Math.max(this.position, this.pushed);
  }

  /** Offset up to which `redis-check-aof` finds the part valid: before the first fault, and before an open MULTI. */
  get validUpTo(): number {
    if (this.frozen !== undefined) return this.frozen;
    return this.transaction?.offset ?? this.began;
  }

  /** Offset where the command or line begins that is not read to its end: where a part that grows is read on. */
  get openEnd(): number {
    return this.began;
  }

  /**
   * Gives the scanner the next bytes.
   *
   * @param bytes holds them from `from` to `to`; may be reused after the call.
   */
  push(bytes: Uint8Array, from = 0, to = bytes.length): void {
    const base = this.pushed - from;
    if (this.rest.length > 0 && !this.crossBorder(bytes, from, to)) {
      this.pushed += to - from;
      return;
    }
    this.pushed += to - from;
    const at = Math.max(from, this.position - base);
    if (this.stopped || at > to) return;
    const end = this.run(bytes, at, to, base);
    if (!this.stopped && end < to) this.rest = bytes.slice(end, to);
  }

  /**
   * Reads on over the border between the last piece and this one: what waits for bytes is a line, so a little of the
   * new piece gets the scan across.
   *
   * @returns false if all of the new piece was used up.
   */
  private crossBorder(bytes: Uint8Array, from: number, to: number): boolean {
    for (let reach = 64; ; reach *= 4) {
      const added = Math.min(reach, to - from);
      const old = this.rest;
      const joined = new Uint8Array(old.length + added);
      joined.set(old);
      joined.set(bytes.subarray(from, from + added), old.length);
      const end = this.run(joined, 0, joined.length, this.position);
      if (this.stopped || end >= old.length) {
        this.rest = NOTHING;
        return true;
      }
      if (added === to - from) {
        this.rest = joined.slice(end);
        return false;
      }
      this.rest = joined.slice(end, old.length);
    }
  }

  /** Tells that a stretch will not be pushed because {@link wanted} is behind it. @param offset where pushing goes on. */
  skipTo(offset: number): void {
    if (offset > this.wanted) throw new RangeError('bytes that the scan needs cannot be skipped');
    this.pushed = offset;
  }

  /** Goes back to {@link openEnd}: the next bytes to push are from there. */
  back(): void {
    if (!this.stopped) this.restartAt(this.began);
  }

  /** Tells that no more bytes follow. What is not whole becomes a {@link fault}. */
  finish(): void {
    if (this.stopped) return;
    this.size = Math.min(this.size, this.pushed);
    if (this.phase === DECIDE) this.accept();
    else if (this.phase !== BETWEEN) this.cutOff();
    else if (this.rest.length > 0 && this.rest[0] === HASH) this.endAnnotation();
    else if (this.rest.length > 0) this.cutOff();
    this.flush();
    const { transaction } = this;
    if (!this.fault && transaction) {
      this.stop(transaction.offset, 'cut-off', {
        code: 'aof-unclosed-multi',
        severity: 'error',
        offset: transaction.offset,
        args: [transaction.commands],
      });
    }
  }

  /**
   * Goes on behind damage; all commands from there on have the flag {@link AFTER_DAMAGE}.
   *
   * @param offset where commands resume; the next bytes to push are from there.
   */
  resumeAt(offset: number): void {
    this.transaction = undefined;
    this.multiOpen = false;
    this.damaged = true;
    this.restartAt(offset);
  }

  /**
   * Goes on with a part that has grown, from where the last whole command or annotation ended.
   *
   * @param size bytes of the part now. The next bytes to push are from {@link wanted} on.
   */
  reopen(size: number): void {
    this.size = size;
    if (!this.damaged && this.doubtful === 0) this.frozen = undefined;
    this.restartAt(this.began);
  }

  private restartAt(offset: number): void {
    this.fault = undefined;
    this.phase = BETWEEN;
    this.rest = NOTHING;
    this.position = offset;
    this.pushed = offset;
    this.began = offset;
    this.doubt = undefined;
    this.batch.dropKeys();
  }

  private stop(offset: number, kind: AofFault['kind'], problem: Problem): void {
    this.frozen ??= this.transaction?.offset ?? offset;
    this.phase = STOPPED;
    const cutAt = problem.code === 'aof-unclosed-multi' ? this.readBeforeMulti : this.readUpTo;
    this.fault = { problem, offset, kind, cutAt };
    this.batch.dropKeys();
  }

  /** Stops at what is no part of a command. What was doubtful before is where it began. */
  private fail(code: Problem['code'], offset: number, ...args: Problem['args']): void {
    this.stop(this.began, 'format', this.doubt ?? { code, severity: 'error', offset, args });
  }

  private cutOff(): void {
    const problem: Problem = {
      code: 'aof-cut-off',
      severity: 'error',
      offset: this.began,
      args: [this.size - this.began],
    };
    this.stop(this.began, 'cut-off', this.doubt ?? problem);
  }

  private flush(): void {
    const { batch } = this;
    if (batch.length === 0) return;
    batch.close();
    this.sink.commands(batch);
    batch.restart();
  }

  /** Reads as far as the bytes go. @returns the index of the first byte that was not read; it can be beyond `end`. */
  private run(bytes: Uint8Array, start: number, end: number, base: number): number {
    this.base = base;
    let at = start;
    while (this.phase !== STOPPED) {
      if (this.phase === BETWEEN) {
        at = this.readPlain(bytes, at, end);
        this.began = base + at;
      }
      const phase = this.phase;
      const next = this.readSlowly(bytes, at, end);
      // What neither moves nor changes what it waits for lacks bytes.
      if (next === at && this.phase === phase) break;
      at = next;
      if (this.phase === BETWEEN) this.began = base + at;
      if (at > end) break;
    }
    this.flush();
    this.position = base + at;
    return at;
  }

  /**
   * The fast way: reads commands that are whole in the piece and well-formed, one after the other. Leaves a command
   * as if it had not been looked at where it is anything else.
   *
   * @returns the index of the first byte that was not read.
   */
  private readPlain(bytes: Uint8Array, start: number, end: number): number {
    const { batch, names, base, wantsKeys, hash, runs } = this;
    const { kind, keyFirst, keyLast, keyStep } = names;
    const { offset, size, argc: argcs, name: numbers, db: dbs, time: times, flags } = batch;
    const limit = end - COMMAND_ROOM;
    let at = start;
    for (; at < limit && bytes[at] === STAR; ) {
      if (runs && this.runPause-- <= 0 && !this.multiOpen && !this.damaged) {
        at = this.readRun(runs, bytes, at, end);
        if (at >= limit || bytes[at] !== STAR) break;
      }
      let next = at + 1;
      let argc = bytes[next] - 48;
      if (argc < 1 || argc > 9) return at;
      next++;
      let digit = bytes[next] - 48;
      while (digit >= 0 && digit <= 9 && argc < 1_000_000) {
        argc = argc * 10 + digit;
        next++;
        digit = bytes[next] - 48;
      }
      if (bytes[next] !== CR || bytes[next + 1] !== LF || bytes[next + 2] !== DOLLAR) return at;
      next += 3;
      let length = bytes[next] - 48;
      if (length < 0 || length > 9) return at;
      next++;
      digit = bytes[next] - 48;
      if (digit >= 0 && digit <= 9) {
        if (length === 0) return at;
        length = length * 10 + digit;
        next++;
      }
      if (bytes[next] !== CR || bytes[next + 1] !== LF) return at;
      const nameAt = next + 2;
      next = nameAt + length + 2;
      if (next > end || bytes[next - 2] !== CR || bytes[next - 1] !== LF) return at;
      const number = names.number(bytes, nameAt, length < NAME_LIMIT ? length : NAME_LIMIT);
      if (runs && kind[number] === ORDINARY && runs.learn(bytes, nameAt, length, number)) this.runPause = 0;

      // The next argument that is a key, the last one and the step between them; none lies at 0.
      let key = 0;
      let lastKey = 0;
      let step = 1;
      let all = false;
      if (wantsKeys && keyFirst[number] !== 0) {
        key = keyFirst[number];
        if (key === KEYS_ELSEWHERE) {
          all = true;
          this.starts[0] = nameAt;
          this.lengths[0] = length;
        } else {
          step = keyStep[number];
          lastKey = keyLast[number] < 0 ? argc + keyLast[number] : keyLast[number];
          if (key > lastKey) key = 0;
        }
      }
      for (let i = 1; i < argc; i++) {
        if (next + HEADER_ROOM > end || bytes[next] !== DOLLAR) {
          if (key !== 0) batch.dropKeys();
          return at;
        }
        let digits = next + 1;
        length = bytes[digits] - 48;
        if (length < 0 || length > 9) {
          if (key !== 0) batch.dropKeys();
          return at;
        }
        digits++;
        digit = bytes[digits] - 48;
        while (digit >= 0 && digit <= 9) {
          length = length * 10 + digit;
          digits++;
          if (digits > next + 10) break;
          digit = bytes[digits] - 48;
        }
        const data = digits + 2;
        // A length with zeros before it is no length for a server that has it from a client.
        const zeros = bytes[next + 1] === ZERO && data > next + 4;
        next = data + length + 2;
        if (
          next > end ||
          zeros ||
          bytes[digits] !== CR ||
          bytes[digits + 1] !== LF ||
          bytes[next - 2] !== CR ||
          bytes[next - 1] !== LF
        ) {
          if (key !== 0) batch.dropKeys();
          return at;
        }
        if (i === key) {
          hash.start(this.db);
          hash.add(bytes, data, data + length);
          hash.end();
          batch.addKey(base + data, length, hash.low, hash.high);
          key += step;
          if (key > lastKey) key = -2;
        } else if (all && i < ARGUMENT_LIMIT) {
          this.starts[i] = data;
          this.lengths[i] = length;
        }
      }
      if (all) this.addPlainKeys(bytes, number, argc);

      const row = batch.length;
      offset[row] = base + at;
      size[row] = next - at;
      argcs[row] = argc;
      numbers[row] = number;
      dbs[row] = this.db;
      times[row] = this.time;
      flags[row] = 0;
      if (kind[number] !== ORDINARY || this.multiOpen || this.damaged) {
        // Its argument is the last one that was read.
        const argument = kind[number] === SELECT ? bytes.subarray(next - 2 - length, next - 2) : NOTHING;
        this.settle(row, number, argc, argument, base + at, base + next, true);
      } else {
        this.commands++;
        this.readUpTo = base + next;
        batch.settle(true);
      }
      at = next;
      if (batch.length === BATCH_COMMANDS) this.flush();
    }
    return at;
  }

  /** Takes commands in a run. @returns the index of the first byte that was not read. */
  private readRun(runs: CommandRuns, bytes: Uint8Array, at: number, end: number): number {
    this.flush();
    const next = runs.take(bytes, at, end, this.base, this.db, this.time);
    this.runPause = runs.taken < RUN_COMMANDS ? RUN_PAUSE : 0;
    if (next > at) {
      this.commands += runs.taken;
      this.readUpTo = this.base + next;
    }
    return next;
  }

  /** Adds the keys of a command whose arguments are all in the piece. */
  private addPlainKeys(bytes: Uint8Array, number: number, argc: number): void {
    const entry = this.names.entry(number);
    if (!entry) return;
    const { starts, lengths, hash } = this;
    const argumentAt = (i: number) =>
      i < ARGUMENT_LIMIT && i < argc && lengths[i] <= WORD_LIMIT
        ? bytes.subarray(starts[i], starts[i] + lengths[i])
        : NOTHING;
    for (const i of keyArguments(entry, argc, argumentAt)) {
      if (i >= ARGUMENT_LIMIT) break;
      hash.start(this.db);
      hash.add(bytes, starts[i], starts[i] + lengths[i]);
      hash.end();
      this.batch.addKey(this.base + starts[i], lengths[i], hash.low, hash.high);
    }
  }

  /** Ends a row of a command that needs more than a row: changes the state, or stands in a transaction or behind damage. */
  private settle(
    row: number,
    number: number,
    argc: number,
    argument: Uint8Array,
    began: number,
    ended: number,
    plain: boolean,
  ): void {
    const { batch } = this;
    const kind = this.names.kind[number];
    let flags = this.multiOpen ? IN_TRANSACTION : 0;
    if (kind === MULTI) {
      if (this.multiOpen)
        this.doubted({ code: 'aof-nested-multi', severity: 'warning', offset: began, args: [] }, began);
      else {
        flags |= IN_TRANSACTION | OPENS_TRANSACTION;
        this.multiOpen = true;
        this.transaction = { offset: began, commands: 0 };
      }
    } else if (kind === EXEC) {
      if (this.multiOpen) flags |= CLOSES_TRANSACTION;
      else if (!this.damaged) {
        this.doubted({ code: 'aof-exec-without-multi', severity: 'warning', offset: began, args: [] }, began);
      }
      this.multiOpen = false;
      this.transaction = undefined;
    } else if (kind === SELECT && argc === 2) {
      const db = decimalNumber(argument);
      if (db !== undefined && db <= DATABASE_LIMIT) this.db = db;
    } else if (kind === UNKNOWN && !this.damaged && !this.unknownCommand) {
      this.unknownCommand = { offset: began, name: this.names.name(number) };
    }
    if (this.transaction) this.transaction.commands++;
    if (this.damaged) {
      flags |= AFTER_DAMAGE;
      this.commandsAfterDamage++;
    } else {
      this.commands++;
      if (kind === MULTI) this.readBeforeMulti = this.readUpTo;
      this.readUpTo = ended;
    }
    batch.flags[row] = flags;
    batch.settle(plain);
  }

  /** Notes what `redis-check-aof` stops at but servers read. */
  private doubted(problem: Problem, began: number): void {
    this.frozen ??= this.transaction?.offset ?? began;
    this.doubtful++;
    this.sink.problem(problem);
  }

  /** One step of the slow way: a line, a stretch of an argument, or what follows it. */
  private readSlowly(bytes: Uint8Array, at: number, end: number): number {
    switch (this.phase) {
      case BETWEEN:
        return this.readStart(bytes, at, end);
      case HEADER:
        return this.readHeader(bytes, at, end);
      case DATA:
        return this.readData(bytes, at, end);
      case TAIL:
        return this.readTail(bytes, at, end);
      case DECIDE:
        return this.decide(bytes, at, end);
      default:
        return at;
    }
  }

  /** Reads what stands between commands: an annotation, or the header of a command. */
  private readStart(bytes: Uint8Array, at: number, end: number): number {
    if (at >= end) return at;
    if (bytes[at] === HASH) return this.readAnnotation(bytes, at, end);
    if (bytes[at] !== STAR) {
      this.fail('aof-not-command', this.base + at, byteName(bytes[at]));
      return at;
    }
    const next = this.readNumber(bytes, at, end, 'aof-bad-count');
    if (next === at) return at;
    this.argc = this.number;
    this.argument = 0;
    this.words = [];
    if (this.argc < 1) {
      if (this.doubt) this.fail('aof-bad-count', this.base + at);
      else this.refuse(this.base + at);
      return next;
    }
    this.phase = HEADER;
    return next;
  }

  /** Notes a command without a name: tools let it pass, servers do not. */
  private refuse(offset: number): void {
    this.sink.problem({ code: 'aof-empty-command', severity: 'error', offset, args: [this.argc] });
    this.refusedAt ??= offset;
    this.damaged = true;
  }

  private readAnnotation(bytes: Uint8Array, at: number, end: number): number {
    const limit = Math.min(end, at + ANNOTATION_LIMIT);
    const found = bytes.subarray(at, limit).indexOf(LF);
    if (found < 0 && limit < at + ANNOTATION_LIMIT) return at;
    const next = found < 0 ? limit : at + found + 1;
    this.annotate(bytes, at, next);
    return next;
  }

  /** An annotation that the file ends in: nothing is lost, servers and tools pass over it. */
  private endAnnotation(): void {
    // Where it began is kept, so that the line is read when the file has grown.
    if (!this.transaction) this.frozen ??= this.size;
  }

  private annotate(bytes: Uint8Array, at: number, end: number): void {
    if (end - at < 6 || bytes[at + 1] !== 0x54 || bytes[at + 2] !== 0x53 || bytes[at + 3] !== 0x3a) return;
    let digits = at + 4;
    while (digits < end && bytes[digits] >= 0x30 && bytes[digits] <= 0x39) digits++;
    const time = decimalNumber(bytes.subarray(at + 4, digits));
    if (time === undefined) return;
    this.time = time;
    this.sink.annotation?.(this.base + at, time);
    if (this.damaged) return;
    const [from, to] = this.timeRange ?? [time, time];
    this.timeRange = [Math.min(from, time), Math.max(to, time)];
  }

  /**
   * Reads a header line behind its first byte as `strtol` does: blanks, a sign, digits. What tools would refuse but
   * servers read becomes a doubt.
   *
   * @returns the index behind the line; `at` if it is not whole or the scan has stopped.
   */
  private readNumber(bytes: Uint8Array, at: number, end: number, code: 'aof-bad-count' | 'aof-bad-length'): number {
    const limit = Math.min(end, at + HEADER_LIMIT);
    const found = bytes.subarray(at, limit).indexOf(LF);
    const offset = this.base + at;
    const args = code === 'aof-bad-length' ? [this.argument + 1] : [];
    if (found < 0) {
      if (limit === at + HEADER_LIMIT) this.fail(code, offset, ...args);
      return at;
    }
    const next = at + found + 1;
    let digits = at + 1;
    while (digits < next && (bytes[digits] === 0x20 || (bytes[digits] >= 0x09 && bytes[digits] <= 0x0d))) digits++;
    const negative = bytes[digits] === 0x2d;
    if (negative || bytes[digits] === 0x2b) digits++;
    const first = digits;
    let number = 0;
    while (digits < next && bytes[digits] >= 0x30 && bytes[digits] <= 0x39) {
      number = number * 10 + (bytes[digits] - 0x30);
      digits++;
    }
    if (digits === first) digits = at + 1;
    this.number = negative ? -number : number;
    if (bytes[digits] !== CR || digits + 2 !== next) {
      const lone = bytes[digits] === LF && digits + 1 === next;
      this.doubt ??= lone
        ? { code: 'aof-lone-lf', severity: 'error', offset, args: [] }
        : { code, severity: 'error', offset, args };
    }
    return next;
  }

  private readHeader(bytes: Uint8Array, at: number, end: number): number {
    if (at >= end) return at;
    if (bytes[at] !== DOLLAR) {
      this.fail('aof-not-bulk', this.base + at, byteName(bytes[at]), this.argument + 1);
      return at;
    }
    const next = this.readNumber(bytes, at, end, 'aof-bad-length');
    if (next === at) return at;
    const length = this.number;
    if (length < 0) {
      this.fail('aof-bad-length', this.base + at, this.argument + 1);
      return next;
    }
    if (this.base + next + length + 2 > this.size) {
      this.cutOff();
      return next;
    }
    this.length = length;
    this.left = length;
    this.beginArgument(this.base + next);
    this.phase = DATA;
    return next;
  }

  /** Decides what of an argument is to be looked at. */
  private beginArgument(start: number): void {
    const { argument, length, name, names } = this;
    const first = argument === 0 || !this.wantsKeys ? 0 : names.keyFirst[name];
    const all = first === KEYS_ELSEWHERE && argument < ARGUMENT_LIMIT;
    this.capturing = argument === 0 || (argument === 1 && names.kind[name] === SELECT) || (all && length <= WORD_LIMIT);
    this.hashing = all;
    if (first > 0 && argument >= first) {
      const last = names.keyLast[name] < 0 ? this.argc + names.keyLast[name] : names.keyLast[name];
      this.hashing = argument <= last && (argument - first) % names.keyStep[name] === 0;
    }
    if (this.hashing) this.hash.start(this.db);
    this.dataAt = start;
    if (all) {
      this.starts[argument] = start;
      this.lengths[argument] = length;
    }
  }

  private readData(bytes: Uint8Array, at: number, end: number): number {
    const { left, length } = this;
    if (!this.capturing && !this.hashing) {
      this.left = 0;
      this.phase = TAIL;
      return at + left;
    }
    const until = Math.min(end, at + left);
    if (this.capturing && length - left < WORD_LIMIT) {
      const kept = Math.min(until - at, WORD_LIMIT - (length - left));
      this.captured.set(bytes.subarray(at, at + kept), length - left);
    }
    if (this.hashing) this.hash.add(bytes, at, until);
    this.left -= until - at;
    if (this.left === 0) {
      this.endArgument();
      this.phase = TAIL;
    }
    return until;
  }

  private endArgument(): void {
    const { argument, captured, length, hash } = this;
    if (argument === 0) this.name = this.names.number(captured, 0, Math.min(length, NAME_LIMIT));
    const all = this.wantsKeys && this.names.keyFirst[this.name] === KEYS_ELSEWHERE && argument < ARGUMENT_LIMIT;
    const word = this.capturing && length <= WORD_LIMIT ? captured.slice(0, length) : NOTHING;
    if (all || this.names.kind[this.name] === SELECT) this.words[argument] = word;
    if (!this.hashing) return;
    hash.end();
    if (all) {
      this.hashes[2 * argument] = hash.low;
      this.hashes[2 * argument + 1] = hash.high;
    } else this.batch.addKey(this.dataAt, length, hash.low, hash.high);
  }

  /** Reads the CR LF behind an argument; servers skip two bytes without a look. */
  private readTail(bytes: Uint8Array, at: number, end: number): number {
    if (end - at < 2) return at;
    if (bytes[at] !== CR || bytes[at + 1] !== LF) {
      this.doubt ??= {
        code: 'aof-no-crlf',
        severity: 'error',
        offset: this.base + at,
        args: [this.argument + 1, this.length, `${byteName(bytes[at])}, ${byteName(bytes[at + 1])}`],
      };
    }
    this.argument++;
    if (this.argument < this.argc) this.phase = HEADER;
    else if (this.doubt) this.phase = DECIDE;
    else {
      this.complete(this.base + at + 2);
      this.phase = BETWEEN;
    }
    return at + 2;
  }

  /** A command that only servers read: it is one if another begins right behind it, or nothing. */
  private decide(bytes: Uint8Array, at: number, end: number): number {
    if (this.base + at === this.size) this.accept(this.base + at);
    else if (at < end && (bytes[at] === STAR || bytes[at] === HASH)) this.accept(this.base + at);
    else if (at < end) this.fail('aof-not-command', this.base + at, byteName(bytes[at]));
    return at;
  }

  private accept(end = this.position): void {
    if (this.doubt) this.doubted(this.doubt, this.began);
    this.doubt = undefined;
    this.complete(end);
    this.phase = BETWEEN;
    this.began = end;
  }

  /** Ends a command of the slow way. */
  private complete(end: number): void {
    const { batch, name, argc, began } = this;
    if (this.wantsKeys && this.names.keyFirst[name] === KEYS_ELSEWHERE) this.addKeptKeys();
    const row = batch.length;
    batch.offset[row] = began;
    batch.size[row] = end - began;
    batch.argc[row] = argc;
    batch.name[row] = name;
    batch.db[row] = this.db;
    batch.time[row] = this.time;
    this.settle(row, name, argc, this.words[1] ?? NOTHING, began, end, false);
    if (batch.length === BATCH_COMMANDS) this.flush();
  }

  private addKeptKeys(): void {
    const entry = this.names.entry(this.name);
    if (!entry) return;
    for (const i of keyArguments(entry, this.argc, (i) => this.words[i] ?? NOTHING)) {
      if (i >= ARGUMENT_LIMIT) break;
      this.batch.addKey(this.starts[i], this.lengths[i], this.hashes[2 * i], this.hashes[2 * i + 1]);
    }
  }
}
