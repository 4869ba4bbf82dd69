/**
 * Writes the commands of an AOF up to a moment into one file that any server loads: the RDB it begins with, then what
 * writes data. What steers a server is left out, for the file may come from a stranger.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { AofScan, isLoaded } from '../../../dataset/aof/aof-scan.js';
import type { AofSet } from '../../../dataset/aof/aof-set.js';
import {
  AFTER_DAMAGE,
  CLOSES_TRANSACTION,
  type CommandBatch,
  IN_TRANSACTION,
  OPENS_TRANSACTION,
} from '../../../decoder/aof/command-batch.js';
import type { ByteSource } from '../../../decoder/source.js';
import type { Moment } from '../../../job-protocol.js';
import { type CommandClass, CommandClasses, lookAt } from '../../../server/command-class.js';
import { firstWords } from '../../../server/command-words.js';
import { encodeCommand } from '../../../server/connection.js';
import { JobError, type JobHost, NOTHING_DONE } from './job-host.js';

/** What was written. */
export interface WrittenMoment {
  readonly commands: number;
  /** Databases that a server needs for it. */
  readonly databases: number;
  readonly leftOut: Readonly<Record<string, number>>;
}

/** Commands that empty databases or exchange them: they are of the class that steers, and belong to the data. */
const DATA = new Set(['FLUSHALL', 'FLUSHDB', 'SWAPDB']);
const COPY_BYTES = 1024 * 1024;
const LEFT_OUT_NAMES = 100;
/** Words of a command by which it is told what it does, and bytes of one. */
const LOOK_WORDS = 64;
const LOOK_BYTES = 64;

/** Writes. @throws JobError `no-such-moment` if damage stands before it, or nothing of it is there. */
export async function writeUntil(set: AofSet, until: Moment, target: string, host: JobHost): Promise<WrittenMoment> {
  const writer = new MomentWriter(set, until, target);
  try {
    const scan = new AofScan(set, (part, batch) => writer.take(part, batch));
    writer.begin(scan);
    const of = scan.bytes;
    const steps = (function* () {
      while (!writer.over && scan.step()) {
        writer.beginParts();
        yield scan.scanned;
      }
    })();
    await host.prepare(steps, of);
    host.send({ event: 'step', step: 'writing', progress: { ...NOTHING_DONE, done: of, of } });
    return writer.finish();
  } finally {
    writer.close();
  }
}

/** A stretch of a part. */
interface Run {
  readonly source: ByteSource;
  from: number;
  to: number;
}

class MomentWriter {
  /** True when the moment was reached and nothing more is wanted. */
  over = false;
  private readonly fd: number;
  private scan: AofScan | undefined;
  private classes: CommandClasses | undefined;
  private readonly sources: ReadonlyMap<number, ByteSource>;
  /** Parts whose beginning was written. */
  private readonly begun = new Set<number>();
  private run: Run | undefined;
  /** Stretches of a transaction whose EXEC has not come; undefined outside of one. */
  private held: Run[] | undefined;
  private heldCommands = 0;
  private commands = 0;
  private lastDb = 0;
  private reached = false;
  private readonly leftOut = new Map<string, number>();

  constructor(
    set: AofSet,
    private readonly until: Moment,
    target: string,
  ) {
    this.sources = new Map(
      set.parts.flatMap((part) => (part.source && isLoaded(part) ? [[part.part, part.source] as const] : [])),
    );
    this.fd = openSync(target, 'wx', 0o600);
  }

  begin(scan: AofScan): void {
    this.scan = scan;
    this.classes = new CommandClasses(scan.names);
  }

  /** Writes the RDBs of parts that hold no command so far. */
  beginParts(): void {
    const last = this.scan?.parts.at(-1);
    if (last?.done && !this.over) this.beginPart(last.part.part);
  }

  private beginPart(part: number): void {
    const source = this.sources.get(part);
    if (!source || this.begun.has(part)) return;
    this.flush();
    // Each file is loaded as by a new client, which has database 0.
    if (this.begun.size > 0) this.write(encodeCommand('SELECT', 0));
    this.begun.add(part);
    const scan = this.scan?.parts.find((one) => one.part.part === part);
    if (scan?.rdb && scan.rdbBytes > 0) this.copy({ source, from: 0, to: scan.rdbBytes });
  }

  take(part: number, batch: CommandBatch): void {
    const source = this.sources.get(part);
    if (!source || this.over) return;
    this.beginPart(part);
    for (let i = 0; i < batch.length && !this.over; i++) this.takeCommand(source, part, batch, i);
  }

  private takeCommand(source: ByteSource, part: number, batch: CommandBatch, i: number): void {
    const flags = batch.flags[i];
    const offset = batch.offset[i];
    const opens = (flags & OPENS_TRANSACTION) !== 0;
    const inside = (flags & IN_TRANSACTION) !== 0;
    if ((flags & AFTER_DAMAGE) !== 0 || (!inside && this.held)) {
      this.over = true;
      return;
    }
    if (!(inside && this.held) && this.isBehind(part, offset, batch.time[i])) {
      this.over = true;
      return;
    }
    if (opens) {
      this.flush();
      this.held = [];
      this.heldCommands = 0;
    }
    const name = batch.name[i];
    const kind = this.classOf(source, offset, name);
    this.lastDb = Math.max(this.lastDb, batch.db[i]);
    if (kind === 'admin' || kind === 'connection') this.leaveOut(name);
    else this.add(source, offset, batch.size[i]);
    const { until } = this;
    if (!('time' in until) && part === until.part && offset + batch.size[i] > until.offset) this.reached = true;
    if ((flags & CLOSES_TRANSACTION) !== 0) this.endTransaction();
    if (this.reached && !this.held) this.over = true;
  }

  private isBehind(part: number, offset: number, time: number): boolean {
    const { until } = this;
    if ('time' in until) return time > until.time;
    return part > until.part || (part === until.part && offset > until.offset);
  }

  private classOf(source: ByteSource, offset: number, name: number): CommandClass {
    const kind = this.classes?.of(name) ?? 'plain';
    const entry = this.scan?.names.entry(name);
    if (kind === 'admin' && entry && DATA.has(entry.name)) return 'plain';
    if (kind !== 'look' || !entry) return kind;
    const look = lookAt(entry, firstWords(source, offset, LOOK_WORDS, LOOK_BYTES));
    // The server that loads it is private, and its file holds what scripts have written.
    return look === 'script' ? 'plain' : look;
  }

  private leaveOut(name: number): void {
    const text = this.scan?.names.name(name) ?? '';
    const key = this.leftOut.has(text) || this.leftOut.size < LEFT_OUT_NAMES ? text : '…';
    this.leftOut.set(key, (this.leftOut.get(key) ?? 0) + 1);
  }

  private add(source: ByteSource, offset: number, size: number): void {
    if (this.held) this.heldCommands++;
    else this.commands++;
    const { run } = this;
    if (run?.source === source && run.to === offset) {
      run.to = offset + size;
      return;
    }
    this.flush();
    this.run = { source, from: offset, to: offset + size };
  }

  private endTransaction(): void {
    this.flush();
    for (const run of this.held ?? []) this.copy(run);
    this.commands += this.heldCommands;
    this.held = undefined;
  }

  private flush(): void {
    const { run } = this;
    this.run = undefined;
    if (!run) return;
    if (this.held) this.held.push(run);
    else this.copy(run);
  }

  private copy({ source, from, to }: Run): void {
    const buffer = new Uint8Array(Math.min(COPY_BYTES, to - from));
    for (let at = from; at < to; ) {
      const count = source.read(at, buffer.subarray(0, Math.min(buffer.length, to - at)));
      if (count <= 0) throw new JobError('file-changed', '');
      this.write(buffer.subarray(0, count));
      at += count;
    }
  }

  private write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.fd, bytes, at, bytes.length - at);
  }

  finish(): WrittenMoment {
    // A transaction without its EXEC is none, as for servers.
    if (!this.held) this.flush();
    if (!('time' in this.until) && !this.reached) throw new JobError('no-such-moment', this.until.offset);
    return { commands: this.commands, databases: this.lastDb + 1, leftOut: Object.fromEntries(this.leftOut) };
  }

  close(): void {
    closeSync(this.fd);
  }
}
