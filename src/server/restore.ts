/**
 * Restores keys of an RDB into a server: RESTORE with the bytes of the file where the server knows the value type, else
 * the commands that build the same value. Keys go out as they are read; nothing but what is on its way is held.
 */

import { matchesGlob } from '../dataset/glob.js';
import { payloadVersion } from '../dataset/server-versions.js';
import { needsRestore } from '../dataset/value-commands.js';
import { fromLatin1 } from '../decoder/bytes.js';
import { DecodeError, problemMessage } from '../decoder/errors.js';
import { DumpError } from '../decoder/rdb/dump.js';
import { openEntry, type RdbFile, readKeyName } from '../decoder/rdb/entry.js';
import { wholeText } from '../decoder/rdb/string.js';
import { verifyEntry } from '../decoder/rdb/verify.js';
import type { ByteSource } from '../decoder/source.js';
import type { ClusterAccess } from './cluster-lane.js';
import type { Connection } from './connection.js';
import { ServerError } from './errors.js';
import { buildKey, existingKeys } from './restore-build.js';
import { sendCommand } from './restore-command.js';
import { type FunctionOutcome, restoreFunction } from './restore-function.js';
import {
  type RestoreCheckpoint,
  RestoreErrors,
  type RestoreReport,
  type ResumePoint,
  restorePoint,
} from './restore-report.js';
import {
  ClusterRoutes,
  type RestoredTaker,
  type RestoreLane,
  type RestoreRoutes,
  ServerRoutes,
} from './restore-routes.js';
import { type RestoreRow, restoreStretches } from './restore-rows.js';
import type { RestoreTarget } from './restore-target.js';
import { type RestoreWords, RestoreWriter, writeStart, writeTail, writeTtl } from './restore-writer.js';
import { FLUSH_AT } from './wire-buffer.js';

/** Keys that were chosen one by one. */
export interface ChosenKeys {
  has(number: number): boolean;
  /** Number of the last one; −1 if there is none. */
  readonly last: number;
}

/** Which keys are restored, and how. */
export interface RestoreOptions {
  /** Only keys of this database. */
  readonly db?: number | undefined;
  /** Only keys whose name matches this glob. */
  readonly match?: Uint8Array | undefined;
  /** Only keys of this type, as TYPE names it. */
  readonly type?: string | undefined;
  /** Only these keys, by their number in the file from 0, and no functions. */
  readonly chosen?: ChosenKeys | undefined;
  /** What happens to keys that the server has: an error is noted, they are replaced, or left alone and counted. */
  readonly existing: 'error' | 'replace' | 'skip';
  /** Restores keys whose time is over too, without their expiry: a server would delete them at once. */
  readonly keepExpired: boolean;
  /** Builds all values by commands. */
  readonly asCommands: boolean;
  /** Databases of the server by those of the file; others keep their number. */
  readonly dbMap: ReadonlyMap<number, number>;
  /** Writes nothing: asks the server which of the keys it has. */
  readonly dryRun: boolean;
  /** Reads each value before it is sent; for files whose checksum does not say that they are as they were written. */
  readonly verify: boolean;
  readonly resume?: ResumePoint | undefined;
  /** Stops the restore; what is on its way is waited for. */
  readonly signal?: AbortSignal | undefined;
  /** Told now and then how far it has come. */
  readonly progress?: ((state: RestoreProgress) => void) | undefined;
  /** Told about once a second where it could go on if it were cut off. */
  readonly checkpoint?: ((checkpoint: RestoreCheckpoint) => void) | undefined;
  /** Holds it between two stretches of the file, where that is wanted. */
  readonly hold?: ((position: number) => Promise<void> | undefined) | undefined;
  /** Seconds that the server may leave commands without any reply. */
  readonly replySeconds?: number;
}

/** How far a restore has come. */
export interface RestoreProgress {
  /** Bytes of the file that were read. */
  readonly position: number;
  readonly restored: number;
  readonly failed: number;
}

/** Values larger than this are built by commands: servers take no longer string, unless they are told to. */
const PAYLOAD_LIMIT = 512 * 1024 * 1024;
/** Keys that are built together: so many are asked for at once. */
const GROUP = 256;
/** Seconds that a server has for the next reply: it may be loading a value of hundreds of MB. */
const REPLY_SECONDS = 120;
/** Servers from here on take the expiry as a time, and idle time and access frequency. */
const ABSOLUTE_TTL = 500;
/** Servers from here on replace a key in RESTORE. */
const REPLACE = 300;
/** What a server says of a key that it has, for keys that are not given to it. */
const BUSYKEY = 'BUSYKEY Target key name already exists.';

/** The same of servers before 3.0 too. */
const IS_THERE = /^(BUSYKEY|ERR Target key name is busy)/;
/** How often a key is sent again in a cluster whose slots move, and how long is waited in between. */
const MOVED_ATTEMPTS = 100;
const MOVED_MS = 100;
const NOTHING = new Uint8Array(0);
/** Milliseconds between two checkpoints, and keys that one names; where more are on their way, all are done again. */
const CHECKPOINT_MS = 1000;
const NAMED_KEYS = 1000;
/** Bytes of a value that takes a while to be built. */
const LARGE_VALUE = 1024 * 1024;

/** Replies after which no other key would be taken either; a user who may not write one key may write another. */
const FATAL = /^(OOM|READONLY|LOADING|MISCONF|NOAUTH|NOPERM(?!.* keys?\b)|NOREPLICAS|CLUSTERDOWN|MASTERDOWN|BUSY)\b/;

/**
 * Restores.
 *
 * @param source the file; bytes behind the end of the RDB are no part of it.
 * @param to connections that are ready for commands and are used up (more than one is worth it where one cannot keep the
 * server busy), or what a cluster is reached by.
 * @param target what {@link readRestoreTarget} says of the server.
 * @returns what was done, also if the connection was lost on the way.
 * @throws the error of the source if the file cannot be read.
 */
export async function restore(
  source: ByteSource,
  to: readonly Connection[] | ClusterAccess,
  target: RestoreTarget,
  options: RestoreOptions,
): Promise<RestoreReport> {
  const { replySeconds = REPLY_SECONDS } = options;
  let run: RestoreRun | undefined;
  const restored: RestoredTaker = (row, error) => run?.restored(row, error);
  const routes =
    'control' in to
      ? await ClusterRoutes.open(to, replySeconds, restored)
      : new ServerRoutes(to, replySeconds, restored);
  const pause = 'control' in to ? (ms: number) => to.pause(ms) : async () => {};
  run = new RestoreRun(source, routes, target, options, pause);
  try {
    return await run.all();
  } finally {
    run.close();
  }
}

/** The reason why no more is sent. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** A key that the node which was asked does not have, or not any more. */
interface MovedKey {
  readonly row: RestoreRow;
  /** What the node has said. */
  readonly text: string;
}

class RestoreRun {
  private readonly errors: RestoreErrors;
  /** What is not done before {@link next}, by offset; true if its value has been begun. */
  private readonly pending: Map<number, boolean>;
  /** What a former run left undone. */
  private readonly left: ReadonlyMap<number, boolean>;
  private next = 0;
  /** Databases that the server refuses, and what it says. */
  private readonly refused = new Map<number, string>();
  private group: RestoreRow[] = [];
  private moved: MovedKey[] = [];
  /** Versions of payloads by type byte; null where there is none. */
  private readonly versions: (number | null | undefined)[] = [];
  /** The words of the key that is being written: one object for all of them. */
  private readonly words = {
    version: 0,
    ttl: undefined as RestoreWords['ttl'],
    absolute: false,
    replace: false,
    idle: -1,
    freq: -1,
  };
  private file: RdbFile | undefined;
  private writer: RestoreWriter | undefined;
  private fatal: string | undefined;
  /** The time at the server when the current stretch was begun. */
  private now = 0;
  private lastCheckpoint = performance.now();
  private readonly counts = {
    keys: 0,
    restored: 0,
    built: 0,
    existing: 0,
    expired: 0,
    failed: 0,
    functions: 0,
    existingFunctions: 0,
  };

  constructor(
    private readonly source: ByteSource,
    private readonly routes: RestoreRoutes,
    private readonly target: RestoreTarget,
    private readonly options: RestoreOptions,
    private readonly pause: (ms: number) => Promise<void>,
  ) {
    this.errors = new RestoreErrors(source);
    this.left = new Map(options.resume?.pending.map(({ offset, begun }) => [offset, begun]));
    this.pending = new Map(this.left);
    this.next = options.resume?.from ?? 0;
  }

  async all(): Promise<RestoreReport> {
    let stopped: string | undefined;
    try {
      await this.run();
    } catch (error) {
      if (!(error instanceof ServerError) && !(error instanceof Stopped)) throw error;
      stopped = error.message;
      // What the other connections have sent is answered yet.
      await Promise.all(this.routes.lanes.map((lane) => lane.settled().catch(() => {})));
    }
    const report = { ...this.counts, errors: this.errors.list() };
    if (stopped === undefined) return report;
    return { ...report, stopped, resume: this.place() };
  }

  /** Where it could go on: behind what was begun, and with each key that has no reply yet. */
  private place(): ResumePoint {
    const open = new Map(this.pending);
    // Keys on their way, and those that another node is to get, are noted nowhere else.
    const sent = [...this.routes.lanes.flatMap((lane) => lane.sentKeys), ...this.moved.map(({ row }) => row)];
    for (const { offset } of sent) if (!open.has(offset)) open.set(offset, false);
    const pending = [...open].map(([offset, begun]) => ({ offset, begun }));
    return restorePoint(this.source, this.next, pending);
  }

  /** @param now true if it is not to be waited for. */
  private tellCheckpoint(now = false): void {
    const { checkpoint } = this.options;
    const time = performance.now();
    if (!checkpoint || (!now && time - this.lastCheckpoint < CHECKPOINT_MS)) return;
    this.lastCheckpoint = time;
    const place = this.place();
    const builds = this.counts.built > 0 || this.group.length > 0 || place.pending.some(({ begun }) => begun);
    if (place.pending.length <= NAMED_KEYS) {
      checkpoint({ resume: place, builds });
      return;
    }
    const from = place.pending.reduce((least, { offset }) => Math.min(least, offset), place.from);
    const begun = place.pending.filter((key) => key.begun);
    checkpoint({ resume: restorePoint(this.source, from, begun), builds });
  }

  close(): void {
    for (const lane of this.routes.lanes) lane.close();
  }

  private async run(): Promise<void> {
    const stretches = restoreStretches(this.source);
    for (let step = stretches.next(); ; step = stretches.next()) {
      if (step.done) break;
      const { file, rows, functions, position } = step.value;
      this.file = file;
      this.now = Date.now() + this.target.clockOffset;
      if (!this.writer && rows.length > 0) this.writer = new RestoreWriter(file);
      for (const offset of functions) await this.takeFunction(file, offset);
      for (const row of rows) {
        if (!this.isWanted(row) || !this.writer) continue;
        if (!this.takeAtOnce(this.writer, row)) await this.takeRow(file, this.writer, row);
        this.next = Math.max(this.next, row.end);
      }
      const { restored, built, failed } = this.counts;
      this.options.progress?.({ position, restored: restored + built, failed });
      this.tellCheckpoint();
      const held = this.options.hold?.(position);
      if (held) await held;
      this.checkStop();
      if (this.options.chosen && (rows.at(-1)?.number ?? -1) >= this.options.chosen.last) break;
    }
    await this.buildGroup();
    await this.settled();
    while (this.moved.length > 0) await this.follow();
    this.checkStop();
  }

  private async settled(): Promise<void> {
    await Promise.all(this.routes.lanes.map((lane) => lane.settled()));
  }

  /** @throws Stopped */
  private checkStop(): void {
    if (this.options.signal?.aborted) throw new Stopped('it was stopped');
    if (this.fatal !== undefined) throw new Stopped(`the server takes no more keys: ${this.fatal}`);
  }

  /** True for what is neither done by a former run nor left out by the filter that needs no name. */
  private isWanted({ number, offset, db, typeName }: RestoreRow): boolean {
    const { resume, type, chosen } = this.options;
    if (chosen && !chosen.has(number)) return false;
    if (resume && offset < resume.from && !this.left.has(offset)) return false;
    if (this.options.db !== undefined && db !== this.options.db) return false;
    return type === undefined || typeName === type;
  }

  /**
   * Sends a key without waiting for anything, as nearly all keys can be sent.
   *
   * @returns false if {@link takeRow} has to do it.
   */
  private takeAtOnce(writer: RestoreWriter, row: RestoreRow): boolean {
    const { options, routes } = this;
    if (
      this.moved.length > 0 ||
      options.verify ||
      options.dryRun ||
      options.match ||
      this.fatal !== undefined ||
      options.signal?.aborted
    ) {
      return false;
    }
    if (this.isExpired(row) || this.deletesFirst) return false;
    const version = this.versionFor(row);
    try {
      if (version === undefined || !writer.locate(row)) return false;
    } catch (error) {
      // What is damaged is told there.
      if (error instanceof DecodeError) return false;
      throw error;
    }
    const lane = routes.laneFor(writer.nameBytes, writer.nameStart, writer.nameEnd);
    if (lane.full || lane.db !== this.databaseOf(row)) return false;
    this.counts.keys++;
    writer.writeLocated(row, this.wordsOf(row, version), lane.out);
    lane.expectKey(row);
    return true;
  }

  private async takeRow(file: RdbFile, writer: RestoreWriter, row: RestoreRow): Promise<void> {
    this.checkStop();
    if (this.moved.length > 0) await this.follow();
    try {
      const small = writer.locate(row);
      if (!this.matches(writer, row, small)) return;
      this.counts.keys++;
      if (this.isExpired(row) && !this.options.keepExpired) {
        this.counts.expired++;
        return;
      }
      if (this.options.verify) verifyEntry(openEntry(file, row.typeOffset, row.end), row.typeOffset);
      const version = this.options.dryRun ? undefined : this.versionFor(row);
      if (version === undefined) {
        await this.addToGroup(row);
        return;
      }
      const lane = await this.laneFor(row, small ? writer : undefined);
      if (!lane) return;
      this.pending.set(row.offset, false);
      await this.send(lane, writer, row, small, version);
    } catch (error) {
      this.failOn(error, row);
    }
  }

  /** True if keys are to be replaced, but RESTORE cannot do that. */
  private get deletesFirst(): boolean {
    return this.options.existing === 'replace' && this.target.level < REPLACE;
  }

  private async send(
    lane: RestoreLane,
    writer: RestoreWriter,
    row: RestoreRow,
    small: boolean,
    version: number,
  ): Promise<void> {
    const words = this.wordsOf(row, version);
    if (this.deletesFirst) {
      const name = wholeText(readKeyName(this.source, row.typeOffset), 'the key name');
      await sendCommand(lane, [fromLatin1('DEL'), name], () => {});
    }
    if (!small) return this.sendLarge(lane, writer, row, words);
    writer.writeLocated(row, words, lane.out);
    lane.expectKey(row);
    return undefined;
  }

  /** Sends keys again that other nodes have by now, when nothing else is on its way. */
  private async follow(): Promise<void> {
    const { writer, routes } = this;
    for (let attempt = 0; ; attempt++) {
      await this.settled();
      this.checkStop();
      const moved = this.moved.splice(0);
      if (moved.length === 0 || !writer) return;
      // A slot that is on its way has its keys at both ends for a while.
      if (attempt > 0) await this.pause(MOVED_MS);
      await routes.refresh();
      for (const { row, text } of moved) {
        if (attempt === MOVED_ATTEMPTS) this.failed(row, text);
        else await this.again(writer, row, text);
      }
    }
  }

  private async again(writer: RestoreWriter, row: RestoreRow, text: string): Promise<void> {
    const [word, , node] = text.split(' ');
    const lane =
      word === 'ASK' && node !== undefined ? await this.routes.laneTo(node) : await this.laneFor(row, undefined);
    if (!lane) return;
    lane.asking = word === 'ASK';
    try {
      const version = this.versionFor(row);
      // What there may be of it was begun by this run.
      if (version === undefined) await this.build(lane, row, true);
      else {
        lane.writeAsking();
        await this.send(lane, writer, row, writer.locate(row), version);
      }
      await lane.settled();
    } catch (error) {
      this.failOn(error, row);
    } finally {
      lane.asking = false;
    }
  }

  /** @param located true if the writer has the name at hand. */
  private matches(writer: RestoreWriter, row: RestoreRow, located: boolean): boolean {
    const { match } = this.options;
    if (!match) return true;
    if (located) return matchesGlob(match, writer.nameBytes, writer.nameStart, writer.nameEnd);
    const name = wholeText(readKeyName(this.source, row.typeOffset), 'the key name');
    return matchesGlob(match, name, 0, name.length);
  }

  private isExpired({ expireAt }: RestoreRow): boolean {
    return expireAt !== undefined && expireAt <= this.now;
  }

  private databaseOf({ db }: RestoreRow): number {
    return this.options.dbMap.get(db) ?? db;
  }

  /** The version for the payload of a key; undefined if it is built by commands. */
  private versionFor(row: RestoreRow): number | undefined {
    if (this.options.asCommands || row.end - row.typeOffset > PAYLOAD_LIMIT || !this.file) return undefined;
    const { code } = row.type;
    this.versions[code] ??= payloadVersion(row.type, this.file.header, this.target.rdbVersion) ?? null;
    return this.versions[code] ?? undefined;
  }

  private wordsOf(row: RestoreRow, version: number): RestoreWords {
    const { expireAt, idle, freq } = row;
    const { level, clockOffset } = this.target;
    const modern = level >= ABSOLUTE_TTL;
    const left = expireAt === undefined || modern ? expireAt : Number(expireAt) - Math.floor(Date.now() + clockOffset);
    const { words } = this;
    words.version = version;
    words.ttl = this.isExpired(row) ? undefined : left;
    words.absolute = modern;
    words.replace = this.options.existing === 'replace' && level >= REPLACE;
    words.idle = modern ? idle : -1;
    words.freq = modern ? freq : -1;
    return words;
  }

  /**
   * The connection for a key, with room and with the database of the key selected.
   *
   * @param located has its name at hand.
   * @returns undefined if the server has no such database; the key is then noted as failed.
   */
  private async laneFor(row: RestoreRow, located: RestoreWriter | undefined): Promise<RestoreLane | undefined> {
    const { routes } = this;
    const lane = located ? routes.laneFor(located.nameBytes, located.nameStart, located.nameEnd) : this.laneByName(row);
    if (lane.full) await lane.room();
    const db = this.databaseOf(row);
    const refused = this.refused.get(db) ?? (lane.db === db ? undefined : await this.select(lane, db));
    if (refused === undefined) return lane;
    this.failed(row, refused);
    return undefined;
  }

  private laneByName(row: RestoreRow): RestoreLane {
    if (!this.routes.clustered) return this.routes.laneFor(NOTHING, 0, 0);
    const name = wholeText(readKeyName(this.source, row.typeOffset), 'the key name');
    return this.routes.laneFor(name, 0, name.length);
  }

  /** Selects a database before a key is sent there: behind a SELECT that fails it would go to another one. */
  private async select(lane: RestoreLane, db: number): Promise<string | undefined> {
    if (this.routes.clustered) {
      this.refused.set(db, `a cluster has no database ${db}, only 0`);
      return this.refused.get(db);
    }
    const error = await lane.ask((out) => {
      out.array(2);
      out.text('SELECT');
      out.text(String(db));
    });
    if (error === undefined) lane.db = db;
    else this.refused.set(db, error);
    return error;
  }

  private async sendLarge(
    lane: RestoreLane,
    writer: RestoreWriter,
    row: RestoreRow,
    words: RestoreWords,
  ): Promise<void> {
    const { name, payload } = writer.plan(row, words.version);
    lane.flush();
    writeStart(words, lane.out);
    lane.out.bulkHead(name.length);
    lane.sendPiece(name);
    lane.out.endOfLine();
    writeTtl(words, lane.out);
    lane.out.bulkHead(payload.size);
    for (const piece of payload.pieces(FLUSH_AT)) {
      lane.sendPiece(piece);
      if (lane.full) await lane.room();
    }
    lane.out.endOfLine();
    writeTail(words, lane.out);
    lane.expectKey(row);
  }

  /** Takes the reply to a RESTORE. */
  restored(row: RestoreRow, error: string | undefined): void {
    if (error === undefined) {
      this.counts.restored++;
      if (this.pending.size > 0) this.pending.delete(row.offset);
    } else if (this.isMoved(error)) {
      this.moved.push({ row, text: error });
    } else if (IS_THERE.test(error) && (this.options.existing === 'skip' || this.left.has(row.offset))) {
      // A key whose reply a former run did not get may be there because that run has restored it.
      this.counts.existing++;
      this.pending.delete(row.offset);
    } else {
      this.failed(row, error);
    }
  }

  private isMoved(error: string): boolean {
    return this.routes.clustered && /^(MOVED|ASK|TRYAGAIN)\b/.test(error);
  }

  private failed(row: RestoreRow, error: string): void {
    if (FATAL.test(error)) {
      this.pending.set(row.offset, this.pending.get(row.offset) ?? false);
      this.fatal ??= error;
      return;
    }
    this.counts.failed++;
    this.pending.delete(row.offset);
    this.errors.ofKey(error, row);
  }

  /** Notes what keeps a key from being sent. @throws what is not of the key. */
  private failOn(error: unknown, row: RestoreRow): void {
    if (error instanceof DecodeError) this.failed(row, problemMessage(error.toProblem(row.typeOffset)));
    else if (error instanceof DumpError) this.failed(row, error.message);
    else throw error;
  }

  /** Keys that have to be asked for first are taken together. */
  private async addToGroup(row: RestoreRow): Promise<void> {
    if (this.group.length > 0 && this.group[0].db !== row.db) await this.buildGroup();
    this.pending.set(row.offset, this.left.get(row.offset) ?? false);
    this.group.push(row);
    if (this.group.length === GROUP) await this.buildGroup();
  }

  private async buildGroup(): Promise<void> {
    const rows = this.group.splice(0);
    if (rows.length === 0) return;
    for (const [lane, mine] of await this.byLane(rows)) {
      const there = await existingKeys(lane, this.source, mine);
      for (const row of mine) {
        this.checkStop();
        const begun = this.left.get(row.offset) === true;
        if (there.has(row) && !begun && this.options.existing !== 'replace') this.restored(row, BUSYKEY);
        else if (this.options.dryRun) this.wouldBeRestored(row);
        else await this.build(lane, row, there.has(row));
      }
    }
  }

  /** Keys by the connections that they go through. Those for which there is none are noted as failed. */
  private async byLane(rows: readonly RestoreRow[]): Promise<Map<RestoreLane, RestoreRow[]>> {
    const found = new Map<RestoreLane, RestoreRow[]>();
    let lane: RestoreLane | undefined;
    for (const row of rows) {
      try {
        if (!lane || this.routes.clustered) lane = await this.laneFor(row, undefined);
        if (lane) found.set(lane, [...(found.get(lane) ?? []), row]);
      } catch (error) {
        this.failOn(error, row);
      }
    }
    return found;
  }

  private wouldBeRestored(row: RestoreRow): void {
    this.counts[this.versionFor(row) === undefined ? 'built' : 'restored']++;
    this.pending.delete(row.offset);
  }

  /** Builds a key by commands, or by RESTORE if there are none for its value. */
  private async build(lane: RestoreLane, row: RestoreRow, exists: boolean): Promise<void> {
    const { file, writer } = this;
    if (!file || !writer) return;
    try {
      const entry = openEntry(file, row.typeOffset, row.end);
      const expireAt = this.isExpired(row) ? undefined : row.expireAt;
      if (needsRestore(entry.value)) {
        const version = payloadVersion(row.type, file.header, this.target.rdbVersion);
        if (version === undefined) this.failed(row, `no command of the server builds this ${row.typeName}`);
        else await this.sendLarge(lane, writer, row, this.wordsOf(row, version));
        return;
      }
      this.pending.set(row.offset, true);
      // What there would be of a large value is told before there is any.
      this.tellCheckpoint(row.end - row.typeOffset >= LARGE_VALUE);
      await buildKey(lane, { entry, replace: exists, expireAt, level: this.target.level }, (error) => {
        // What was built is deleted by now.
        if (error !== undefined) this.pending.set(row.offset, false);
        if (error !== undefined && this.isMoved(error)) return void this.moved.push({ row, text: error });
        if (error !== undefined) return this.failed(row, error);
        this.counts.built++;
        this.pending.delete(row.offset);
      });
    } catch (error) {
      this.failOn(error, row);
    }
  }

  private async takeFunction(file: RdbFile, offset: number): Promise<void> {
    const { db, match, type, chosen, resume, dryRun, existing } = this.options;
    // Functions are no keys: who asks for some keys does not ask for them.
    if (db !== undefined || match || type !== undefined || chosen) return;
    if (resume && offset < resume.from && !this.left.has(offset)) return;
    this.checkStop();
    if (dryRun) {
      this.counts.functions++;
      return;
    }
    this.pending.set(offset, false);
    const outcomes: FunctionOutcome[] = [];
    for (const lane of this.routes.primaries) {
      outcomes.push(await restoreFunction(lane, file, offset, existing === 'replace'));
    }
    const failed = outcomes.filter(({ error }) => error !== undefined);
    const [first] = failed.filter(({ exists }) => !exists || existing !== 'skip');
    this.fatal ??= failed.find(({ error = '' }) => FATAL.test(error))?.error;
    // It stays among what is left to be done.
    if (this.fatal !== undefined) return;
    if (first?.error !== undefined) this.errors.ofFunction(first.error, first.name, offset);
    else if (failed.length === outcomes.length) this.counts.existingFunctions++;
    else this.counts.functions++;
    this.pending.delete(offset);
  }
}
