/** The commands that build keys again, as RESP or as lines for redis-cli: for the server that is to run them. */
import { fromLatin1 } from '../../decoder/bytes.js';
import type { RdbFile } from '../../decoder/rdb/entry.js';
import type { Text } from '../../decoder/rdb/string.js';
import type { Millis } from '../../decoder/rdb/value-model.js';
import { needsRestore, streamCommandLosses, valueCommands } from '../value-commands.js';
import type { CommandWriter } from './arguments.js';
import { ABSOLUTE_TTL, ARRAYS, COUNTERS, FUNCTIONS, hashCommand, MILLISECONDS, STREAMS } from './command-levels.js';
import { ElementReader, isUsual, UnusualValueError } from './element-reader.js';
import type { ExportRow } from './export-rows.js';
import { type ExportEntry, type Formatter, hasMetadata, LeaveOutError } from './formatter.js';
import type { KeyWindow } from './key-window.js';
import { OutBuffer } from './out-buffer.js';
import { PayloadMaker } from './payloads.js';
import type { PlainChoice } from './plain/plain-writer.js';
import type { Findings } from './report.js';
import { scoreOf } from './scores.js';
import { isUsualStream, StreamReader } from './stream-reader.js';
import type { ExportTarget } from './target.js';

/** Elements that one command takes. */
const PER_COMMAND = 64;
/** The most bytes of a string that one command takes; the rest is appended. They are held while they are written. */
const PIECE_BYTES = 4 * 1024 * 1024;

const LIST_CODES: ReadonlySet<number> = new Set([1, 10, 14, 18]);
const SET_CODES: ReadonlySet<number> = new Set([2, 11, 20]);
const HASH_CODES: ReadonlySet<number> = new Set([4, 13, 16]);

const MINUS = 0x2d;
const ZERO = 0x30;
const ascii = fromLatin1;

/** How commands are to be made. */
export interface CommandOptions {
  readonly target: ExportTarget;
  /** True for RESTORE. */
  readonly restore: boolean;
  readonly dropFieldExpiry: boolean;
}

export class CommandFormatter implements Formatter {
  private readonly reader = new ElementReader();
  private readonly streams = new StreamReader();
  private readonly payloads = new PayloadMaker();
  private readonly score = new OutBuffer(() => {});
  private readonly kept = new Uint8Array(32);
  private readonly level: number;
  readonly plain: PlainChoice | undefined;
  private db = 0;

  constructor(
    private readonly commands: CommandWriter,
    private readonly options: CommandOptions,
    private readonly findings: Findings,
  ) {
    this.level = options.target.level;
    const exact = this.level >= MILLISECONDS;
    this.plain = exact && !options.restore && commands.isResp ? { kind: 'resp', level: this.level } : undefined;
  }

  joinPlain(db: number): number {
    this.select(db);
    return 0;
  }

  begin(): void {}

  end(): void {}

  /** Selects the database of a key that is going to be written. */
  private select(db: number): void {
    if (db === this.db) return;
    this.commands.begin('SELECT');
    this.commands.word(String(db));
    this.commands.finish();
    this.db = db;
  }

  writeKey(file: RdbFile, row: ExportRow, window: KeyWindow): boolean {
    if (this.options.restore) return this.restoreKey(file, row, window);
    const { code } = row.type;
    if (!isUsual(code) && !(isUsualStream(code) && this.level >= STREAMS)) return false;
    if (file.keydb || hasMetadata(file, row)) return false;
    const { db } = this;
    try {
      this.select(row.db);
      this.build(code, row, window);
      if (row.expireAt !== undefined) this.expire(window.nameBytes, window.nameStart, window.nameEnd, row.expireAt);
      return true;
    } catch (error) {
      // What was written is taken back by the caller, SELECT with it.
      this.db = db;
      throw error;
    }
  }

  private expire(name: Uint8Array, start: number, end: number, expireAt: Millis): void {
    const { commands } = this;
    const exact = this.level >= MILLISECONDS;
    commands.begin(exact ? 'PEXPIREAT' : 'EXPIREAT');
    commands.argument(name, start, end);
    if (exact) commands.number(expireAt);
    else commands.word(secondsOf(expireAt));
    commands.finish();
  }

  private build(code: number, { type }: ExportRow, window: KeyWindow): void {
    const { reader, commands } = this;
    if (type.type === 'stream') {
      this.stream(code, window);
      return;
    }
    reader.open(code, window.bytes, window.valueAt, window.end);
    if (code === 0) {
      if (!reader.next()) throw new UnusualValueError();
      commands.begin('SET');
      commands.argument(window.nameBytes, window.nameStart, window.nameEnd);
      commands.argument(reader.bytes, reader.start, reader.end);
      commands.finish();
      reader.next();
      return;
    }
    if (LIST_CODES.has(code)) this.batches('RPUSH', 1, window);
    else if (SET_CODES.has(code)) this.batches('SADD', 1, window);
    else if (HASH_CODES.has(code)) this.batches(hashCommand(this.level), 2, window);
    else if (type.type === 'zset') this.scoredBatches(code !== 5, window);
    else throw new UnusualValueError();
  }

  private stream(code: number, window: KeyWindow): void {
    const { streams, commands } = this;
    const { elements } = streams;
    streams.open(code, window.bytes, window.valueAt, window.end);
    let some = false;
    while (streams.nextEntry()) {
      some = true;
      // A command is begun with room for three digits.
      if (streams.fields > 400) throw new UnusualValueError();
      commands.begin('XADD');
      commands.argument(window.nameBytes, window.nameStart, window.nameEnd);
      commands.word(`${streams.ms}-${streams.seq}`);
      while (streams.nextField()) {
        commands.argument(streams.nameBytes, streams.nameStart, streams.nameEnd);
        commands.argument(elements.bytes, elements.start, elements.end);
      }
      commands.finish();
    }
    // How a stream without entries comes into being stands in one place.
    if (!some) throw new UnusualValueError();
    commands.begin('XSETID');
    commands.argument(window.nameBytes, window.nameStart, window.nameEnd);
    commands.word(`${streams.lastMs}-${streams.lastSeq}`);
    if (streams.added >= 0 && this.level >= COUNTERS) {
      commands.word('ENTRIESADDED');
      commands.word(String(streams.added));
      commands.word('MAXDELETEDID');
      commands.word(`${streams.deletedMs}-${streams.deletedSeq}`);
    }
    commands.finish();
  }

  private batches(name: string, per: 1 | 2, window: KeyWindow): void {
    const { reader, commands } = this;
    let count = 0;
    while (reader.next()) {
      if (count === 0) {
        commands.begin(name);
        commands.argument(window.nameBytes, window.nameStart, window.nameEnd);
      }
      commands.argument(reader.bytes, reader.start, reader.end);
      if (per === 2) {
        if (!reader.next()) throw new UnusualValueError();
        commands.argument(reader.bytes, reader.start, reader.end);
      }
      if (++count === PER_COMMAND) {
        commands.finish();
        count = 0;
      }
    }
    if (count > 0) commands.finish();
  }

  private scoredBatches(inElement: boolean, window: KeyWindow): void {
    const { reader, commands, score } = this;
    let count = 0;
    while (reader.next()) {
      if (count === 0) {
        commands.begin('ZADD');
        commands.argument(window.nameBytes, window.nameStart, window.nameEnd);
      }
      // The score comes first in the command. A member that is a number is written over by it.
      const { bytes, start, end } = reader;
      if (inElement) {
        const kept = reader.isScratch ? this.keep(bytes, start, end) : bytes;
        if (!reader.next()) throw new UnusualValueError();
        this.writeScore(true);
        commands.argument(score.bytes, 0, score.size);
        commands.argument(kept, start, end);
      } else {
        this.writeScore(false);
        commands.argument(score.bytes, 0, score.size);
        commands.argument(bytes, start, end);
      }
      if (++count === PER_COMMAND) {
        commands.finish();
        count = 0;
      }
    }
    if (count > 0) commands.finish();
  }

  /** A copy of a short member, at the same place. */
  private keep(bytes: Uint8Array, start: number, end: number): Uint8Array {
    for (let at = start; at < end; at++) this.kept[at] = bytes[at];
    return this.kept;
  }

  /** @throws UnusualValueError for −0, which has to come when the set is large. */
  private writeScore(inElement: boolean): void {
    const { score } = this;
    score.size = 0;
    scoreOf(this.reader, inElement, score);
    if (score.size === 2 && score.bytes[0] === MINUS && score.bytes[1] === ZERO) throw new UnusualValueError();
  }

  *writeEntry(file: RdbFile, row: ExportRow, entry: ExportEntry): Generator<void> {
    if (this.options.restore) {
      yield* this.restoreEntry(file, row, entry);
      return;
    }
    const { value } = entry;
    if (value.type === 'stream' && this.level < STREAMS) throw new LeaveOutError('type');
    if (value.type === 'array' && (this.level < ARRAYS || this.options.target.make !== 'redis'))
      throw new LeaveOutError('type');
    if (needsRestore(value)) {
      yield* this.restoreEntry(file, row, entry);
      return;
    }
    const keepsFieldExpiry = knowsFieldExpiry(this.options.target);
    this.select(row.db);
    const dialect = { make: this.options.target.make, level: this.level, pieceBytes: PIECE_BYTES };
    if (value.type === 'stream') {
      const { producers, released } = streamCommandLosses(value, dialect);
      if (producers) this.findings.loss('producers', row.typeName, row.offset);
      if (released) this.findings.loss('released', row.typeName, row.offset);
    }
    let dropped = 0;
    if (value.type === 'hash' && !keepsFieldExpiry && !this.options.dropFieldExpiry && hasFieldExpiry(entry)) {
      throw new LeaveOutError('field-expiry');
    }
    for (const command of valueCommands(entry.key, value, dialect)) {
      if (!keepsFieldExpiry && isFieldExpiry(command)) {
        dropped++;
        continue;
      }
      yield* this.commands.command(command);
    }
    if (dropped > 0) this.findings.loss('field-expiry', row.typeName, row.offset);
    if (entry.memberExpiry && entry.memberExpiry.size > 0 && value.type === 'set') {
      this.findings.loss('member-expiry', row.typeName, row.offset);
    }
    if (row.expireAt === undefined) return;
    const exact = this.level >= MILLISECONDS;
    const time = exact ? String(row.expireAt) : secondsOf(row.expireAt);
    yield* this.commands.command([ascii(exact ? 'PEXPIREAT' : 'EXPIREAT'), entry.key, ascii(time)]);
  }

  *writeFunction(code: Text): Generator<void> {
    if (this.level < FUNCTIONS) return;
    yield* this.commands.command([ascii('FUNCTION'), ascii('LOAD'), code]);
  }

  private restoreKey(file: RdbFile, row: ExportRow, window: KeyWindow): boolean {
    const payload = this.payloads.small(file, row, window, this.options.target);
    if (!payload) return false;
    const { commands } = this;
    this.select(row.db);
    commands.begin('RESTORE');
    commands.argument(window.nameBytes, window.nameStart, window.nameEnd);
    const absolute = this.level >= ABSOLUTE_TTL;
    commands.word(row.expireAt !== undefined && absolute ? String(restorable(row.expireAt)) : '0');
    commands.argument(payload, 0, payload.length);
    for (const word of tailOf(row, this.level)) commands.word(word);
    commands.finish();
    if (row.expireAt !== undefined && !absolute) {
      this.expire(window.nameBytes, window.nameStart, window.nameEnd, row.expireAt);
    }
    return true;
  }

  private *restoreEntry(file: RdbFile, row: ExportRow, entry: ExportEntry): Generator<void> {
    const { target, dropFieldExpiry } = this.options;
    const payload = yield* this.payloads.any(file, row, entry, { target, dropFieldExpiry, findings: this.findings });
    this.select(row.db);
    const absolute = this.level >= ABSOLUTE_TTL;
    const ttl = row.expireAt !== undefined && absolute ? restorable(row.expireAt) : 0;
    const tail = tailOf(row, this.level).map(ascii);
    yield* this.commands.command([ascii('RESTORE'), entry.key, ascii(String(ttl)), payload, ...tail]);
    if (row.expireAt === undefined || absolute) return;
    yield* this.commands.command([ascii('PEXPIREAT'), entry.key, ascii(String(row.expireAt))]);
  }
}

/** RESTORE takes no time before the epoch, and 0 stands for no expiry. */
function restorable(expireAt: Millis): Millis {
  return expireAt > 0 ? expireAt : 1;
}

function tailOf({ expireAt, idle, freq }: ExportRow, level: number): string[] {
  if (level < ABSOLUTE_TTL) return [];
  const words = expireAt === undefined ? [] : ['ABSTTL'];
  if (idle >= 0) words.push('IDLETIME', String(idle));
  else if (freq >= 0) words.push('FREQ', String(freq));
  return words;
}

function secondsOf(expireAt: Millis): string {
  return typeof expireAt === 'number' ? String(Math.ceil(expireAt / 1000)) : String((expireAt + 999n) / 1000n);
}

/** True if the server knows fields with an expiry, and HPEXPIREAT. */
export function knowsFieldExpiry({ make, level }: ExportTarget): boolean {
  return make === 'redis' ? level >= 704 : make === 'valkey' && level >= 900;
}

/** True if a field of the hash has an expiry. */
export function hasFieldExpiry({ value }: ExportEntry): boolean {
  if (value.type !== 'hash') return false;
  const walker = value.items.walk();
  for (let item = walker.next(); item; item = walker.next()) if (item.expireAt !== undefined) return true;
  return false;
}

const HPEXPIREAT = 10;

function isFieldExpiry([name]: readonly Text[]): boolean {
  return name instanceof Uint8Array && name.length === HPEXPIREAT && name[0] === 0x48 && name[2] === 0x45;
}
