/**
 * Restores keys of an RDB into a server: RESTORE with the bytes of the file where the server knows the value type, else
 * the commands that build the same value. Keys go out as they are read; nothing but what is on its way is held.
 */
import { matchesGlob } from '../dataset/glob.js';
import { fromLatin1 } from '../decoder/bytes.js';
import { openEntry, type RdbFile, readKeyName } from '../decoder/rdb/entry.js';
import { wholeText } from '../decoder/rdb/string.js';
import { verifyEntry } from '../decoder/rdb/verify.js';
import { ROWS } from '../decoder/restore/layout.js';
import type { RunPlan } from '../decoder/restore/memory.js';
import type { ByteSource } from '../decoder/source.js';
import type { ClusterAccess } from './cluster-lane.js';
import type { Connection } from './connection.js';
import { ServerError } from './errors.js';
import { RestoreBuilder } from './restore-builder.js';
import { sendCommand } from './restore-command.js';
import { type FunctionOutcome, restoreFunction } from './restore-function.js';
import { type RestoreKeys, type RestoreRow, restoreStretches } from './restore-keys.js';
import type { RestoreLane } from './restore-lane.js';
import type { RestoreOptions } from './restore-options.js';
import { FATAL, RestoreOutcome } from './restore-outcome.js';
import { RestorePlace } from './restore-place.js';
import type { RestoreReport } from './restore-report.js';
import { ClusterRoutes, type RestoreRoutes, ServerRoutes } from './restore-routes.js';
import { RestoreForms } from './restore-send.js';
import type { RestoreTarget } from './restore-target.js';
import { WireBuffers } from './wire-buffer.js';

/** Seconds that a server has for the next reply: it may be loading a value of hundreds of MB. */
const REPLY_SECONDS = 120;
/** How often a key is sent again in a cluster whose slots move, and how long is waited in between. */
const MOVED_ATTEMPTS = 100;
const MOVED_MS = 100;
const NOTHING = new Uint8Array(0);

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
  const buffers = new WireBuffers();
  let routes: RestoreRoutes | undefined;
  // Keys on their way, and those that are to be sent again, are noted nowhere else.
  const place: RestorePlace = new RestorePlace(source, options, () => [
    ...(routes?.lanes.flatMap((lane) => lane.sentOffsets) ?? []),
    ...outcome.resend.map(({ row }) => row.offset),
  ]);
  const outcome = new RestoreOutcome(source, options, 'control' in to, place);
  routes =
    'control' in to
      ? await ClusterRoutes.open(to, replySeconds, outcome, buffers)
      : new ServerRoutes(to, replySeconds, outcome, buffers);
  const pause = 'control' in to ? (ms: number) => to.pause(ms) : async () => {};
  const run = new RestoreRun({ source, target, options, place, outcome, routes, buffers, pause });
  try {
    return await run.all();
  } finally {
    for (const lane of routes.lanes) lane.close();
  }
}

/** The reason why no more is sent. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

interface RunTools {
  readonly source: ByteSource;
  readonly target: RestoreTarget;
  readonly options: RestoreOptions;
  readonly place: RestorePlace;
  readonly outcome: RestoreOutcome;
  readonly routes: RestoreRoutes;
  readonly buffers: WireBuffers;
  readonly pause: (ms: number) => Promise<void>;
}

/** Keys of a stretch that the memory has the columns of: those from `first` to `end`. */
interface Page {
  readonly file: RdbFile;
  readonly keys: RestoreKeys;
  readonly first: number;
  readonly end: number;
  /** What {@link RunPlan} has to be made of. */
  readonly base: number;
  readonly filled: number;
}

class RestoreRun {
  private readonly forms: RestoreForms;
  private readonly builder: RestoreBuilder;
  /** Databases that the server refuses, and what it says. */
  private readonly refused = new Map<number, string>();
  private file: RdbFile | undefined;
  /** True if keys can be left out without their names. */
  private readonly filters: boolean;
  /** True if nothing has to be known of a key beside its columns. */
  private readonly inRuns: boolean;

  constructor(private readonly tools: RunTools) {
    const { target, options, routes } = tools;
    this.forms = new RestoreForms(target, options);
    this.builder = new RestoreBuilder({
      ...tools,
      forms: this.forms,
      clustered: routes.clustered,
      laneFor: (row) => this.laneFor(row),
      checkStop: () => this.checkStop(),
    });
    const { resume, db, type, chosen, match, verify, dryRun } = options;
    this.filters = resume !== undefined || db !== undefined || type !== undefined || chosen !== undefined;
    this.inRuns = !routes.clustered && !match && !verify && !dryRun && !this.forms.deletesFirst;
  }

  async all(): Promise<RestoreReport> {
    const { outcome, place, routes } = this.tools;
    let stopped: string | undefined;
    try {
      await this.run();
    } catch (error) {
      if (!(error instanceof ServerError) && !(error instanceof Stopped)) throw error;
      stopped = error.message;
      // What the other connections have sent is answered yet.
      await Promise.all(routes.lanes.map((lane) => lane.settled().catch(() => {})));
    }
    const report = { ...outcome.counts, errors: outcome.errors.list() };
    if (stopped === undefined) return report;
    return { ...report, stopped, resume: place.point() };
  }

  private async run(): Promise<void> {
    const { source, options, outcome, place, buffers } = this.tools;
    const { memory } = buffers;
    let begun = false;
    for (const { file, keys, functions, bytes, base, position } of restoreStretches(source, memory?.window)) {
      this.file = file;
      this.forms.tick();
      for (const offset of functions) await this.takeFunction(file, offset);
      if (!begun && keys.count > 0 && memory) this.forms.versions(keys.types, file, memory.versions);
      begun ||= keys.count > 0;
      keys.users++;
      for (let first = 0; first < keys.count; first += ROWS) {
        const page = { file, keys, first, end: Math.min(keys.count, first + ROWS), base, filled: bytes.length };
        this.load(page);
        await this.takePage(page, bytes);
      }
      keys.users--;
      const { restored, built, failed } = outcome.counts;
      options.progress?.({ position, restored: restored + built, failed });
      place.tell(this.builder.builds);
      const held = options.hold?.(position);
      if (held) await held;
      this.checkStop();
      if (options.chosen && keys.first + keys.count > options.chosen.last) break;
    }
    if (this.file) await this.builder.finish(this.file);
    await this.settled();
    while (outcome.resend.length > 0) await this.sendAgain();
    this.checkStop();
  }

  /** Puts what is known of keys where commands are made of it. */
  private load({ keys, first, end }: Page): void {
    const { memory } = this.tools.buffers;
    if (!memory) return;
    memory.load(keys.columns, first, end);
    if (!this.tools.options.keepExpired) return;
    const { expireAt } = memory.columns;
    for (let i = 0; i < end - first; i++) if (expireAt[i] <= this.forms.now) expireAt[i] = Number.NaN;
  }

  private async takePage(page: Page, bytes: Uint8Array): Promise<void> {
    const { keys, end } = page;
    for (let i = page.first; i < end; ) {
      if (!this.isWanted(keys, i)) {
        i++;
      } else if (this.inRuns) {
        let behind = i + 1;
        while (behind < end && keys.db[behind] === keys.db[i] && this.isWanted(keys, behind)) behind++;
        await this.takeRun(page, i, behind);
        i = behind;
      } else {
        if (!this.takeAtOnce(page, i, bytes)) await this.takeRow(page, i);
        this.begun(keys, i);
        i++;
      }
    }
  }

  private begun(keys: RestoreKeys, i: number): void {
    const { place } = this.tools;
    place.next = Math.max(place.next, keys.columns.end[i]);
  }

  private async settled(): Promise<void> {
    await Promise.all(this.tools.routes.lanes.map((lane) => lane.settled()));
  }

  /** @throws Stopped */
  private checkStop(): void {
    const { options, outcome } = this.tools;
    if (options.signal?.aborted) throw new Stopped('it was stopped');
    if (outcome.fatal !== undefined) throw new Stopped(`the server takes no more keys: ${outcome.fatal}`);
  }

  /** True for what is neither done by a former run nor left out by the filter that needs no name. */
  private isWanted(keys: RestoreKeys, i: number): boolean {
    if (!this.filters) return true;
    const { db, type, chosen } = this.tools.options;
    if (chosen && !chosen.has(keys.first + i)) return false;
    if (this.tools.place.isDone(keys.columns.offset[i])) return false;
    if (db !== undefined && keys.db[i] !== db) return false;
    return type === undefined || keys.typeName(i) === type;
  }

  private planOf({ base, filled }: Page): RunPlan {
    return this.forms.plan(base, filled);
  }

  /** Sends keys of one database, as many at once as a buffer takes. */
  private async takeRun(page: Page, from: number, to: number): Promise<void> {
    const { keys, first } = page;
    const { outcome, routes } = this.tools;
    const db = this.databaseOf(keys.db[from]);
    for (let i = from; i < to; ) {
      this.checkStop();
      const lane = routes.laneFor(NOTHING, 0, 0);
      if (lane.full) {
        await lane.room();
        continue;
      }
      let sent = i;
      if (lane.db === db) sent = first + lane.out.run(i - first, to - first, this.planOf(page));
      if (sent > i) {
        outcome.counts.keys += sent - i;
        lane.expectRun(keys, i, sent);
      } else {
        await this.takeRow(page, i);
        sent = i + 1;
      }
      this.begun(keys, sent - 1);
      i = sent;
    }
  }

  /**
   * Sends a key whose name has to be known, without waiting for anything.
   *
   * @param bytes of the file that are at hand.
   * @returns false if {@link takeRow} has to do it.
   */
  private takeAtOnce(page: Page, i: number, bytes: Uint8Array): boolean {
    const { options, outcome, routes } = this.tools;
    const { keys, first, base } = page;
    if (outcome.resend.length > 0 || options.verify || options.dryRun) return false;
    if (outcome.fatal !== undefined || options.signal?.aborted || this.forms.deletesFirst) return false;
    const at = keys.columns.typeOffset[i] - base + 1;
    const length = bytes[at];
    // Longer and compressed names are read there.
    if (!(at >= 1 && length < 0x40 && at + length < bytes.length)) return false;
    if (options.match && !matchesGlob(options.match, bytes, at + 1, at + 1 + length)) return true;
    const lane = routes.laneFor(bytes, at + 1, at + 1 + length);
    if (lane.full || lane.db !== this.databaseOf(keys.db[i])) return false;
    if (lane.out.run(i - first, i - first + 1, this.planOf(page)) === i - first) return false;
    outcome.counts.keys++;
    lane.expectRun(keys, i, i + 1);
    return true;
  }

  /** Sends a key whatever it takes. */
  private async takeRow(page: Page, i: number): Promise<void> {
    const { options, outcome, place } = this.tools;
    const { file, keys, first } = page;
    const row = keys.row(i);
    this.checkStop();
    if (outcome.resend.length > 0) await this.sendAgain();
    try {
      if (options.match) {
        const name = wholeText(readKeyName(file.source, row.typeOffset), 'the key name');
        if (!matchesGlob(options.match, name, 0, name.length)) return;
      }
      outcome.counts.keys++;
      if (this.forms.isExpired(row) && !options.keepExpired) {
        outcome.counts.expired++;
        return;
      }
      if (options.verify) verifyEntry(openEntry(file, row.typeOffset, row.end), row.typeOffset);
      const version = options.dryRun ? undefined : this.forms.versionFor(row, file);
      if (version === undefined) {
        await this.builder.add(file, row);
        return;
      }
      const lane = await this.laneFor(row);
      if (!lane) return;
      place.pending.set(row.offset, false);
      if (this.forms.deletesFirst) await this.deleteKey(lane, row);
      if (lane.out.run(i - first, i - first + 1, this.planOf(page)) > i - first) lane.expectRun(keys, i, i + 1);
      else await this.forms.send(lane, file, row, version);
    } catch (error) {
      outcome.failOn(error, row);
    }
  }

  private async deleteKey(lane: RestoreLane, row: RestoreRow): Promise<void> {
    await sendCommand(lane, [fromLatin1('DEL'), readKeyName(this.tools.source, row.typeOffset)], () => {});
  }

  /** Sends keys again that other nodes have by now, when nothing else is on its way. */
  private async sendAgain(): Promise<void> {
    const { outcome, routes, pause } = this.tools;
    for (let attempt = 0; ; attempt++) {
      await this.settled();
      this.checkStop();
      const rows = outcome.resend.splice(0);
      if (rows.length === 0) return;
      // A slot that is on its way has its keys at both ends for a while.
      if (attempt > 0) await pause(MOVED_MS);
      await routes.refresh();
      for (const { row, text } of rows) {
        if (attempt === MOVED_ATTEMPTS) outcome.failed(row, text);
        else await this.again(row, text);
      }
    }
  }

  private async again(row: RestoreRow, text: string): Promise<void> {
    const { file } = this;
    if (!file) return;
    const [word, , node] = text.split(' ');
    const asks = word === 'ASK' && node !== undefined;
    const lane = asks ? await this.tools.routes.laneTo(node) : await this.laneFor(row);
    if (!lane) return;
    lane.asking = asks;
    try {
      const version = this.forms.versionFor(row, file);
      // What there may be of it was begun by this run.
      if (version === undefined) await this.builder.build(lane, file, row, true);
      else {
        if (this.forms.deletesFirst) await this.deleteKey(lane, row);
        lane.writeAsking();
        await this.forms.send(lane, file, row, version);
      }
      await lane.settled();
    } catch (error) {
      this.tools.outcome.failOn(error, row);
    } finally {
      lane.asking = false;
    }
  }

  private databaseOf(db: number): number {
    return this.tools.options.dbMap.get(db) ?? db;
  }

  /**
   * The connection for a key, with room and with the database of the key selected.
   *
   * @returns undefined if the server has no such database; the key is then noted as failed.
   */
  private async laneFor(row: RestoreRow): Promise<RestoreLane | undefined> {
    const { source, routes, outcome } = this.tools;
    const name = routes.clustered ? wholeText(readKeyName(source, row.typeOffset), 'the key name') : NOTHING;
    const lane = routes.laneFor(name, 0, name.length);
    if (lane.full) await lane.room();
    const db = this.databaseOf(row.db);
    const refused = this.refused.get(db) ?? (lane.db === db ? undefined : await this.select(lane, db));
    if (refused === undefined) return lane;
    outcome.failed(row, refused);
    return undefined;
  }

  /** Selects a database before a key is sent there: behind a SELECT that fails it would go to another one. */
  private async select(lane: RestoreLane, db: number): Promise<string | undefined> {
    if (this.tools.routes.clustered) {
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

  private async takeFunction(file: RdbFile, offset: number): Promise<void> {
    const { options, outcome, place, routes } = this.tools;
    const { db, match, type, chosen, dryRun, existing } = options;
    // Functions are no keys: who asks for some keys does not ask for them.
    if (db !== undefined || match || type !== undefined || chosen) return;
    if (place.isDone(offset)) return;
    this.checkStop();
    if (dryRun) {
      outcome.counts.functions++;
      return;
    }
    place.pending.set(offset, false);
    const outcomes: FunctionOutcome[] = [];
    for (const lane of routes.primaries) {
      outcomes.push(await restoreFunction(lane, file, offset, existing === 'replace'));
    }
    const failed = outcomes.filter(({ error }) => error !== undefined);
    const [first] = failed.filter(({ exists }) => !exists || existing !== 'skip');
    outcome.fatal ??= failed.find(({ error = '' }) => FATAL.test(error))?.error;
    // It stays among what is left to be done.
    if (outcome.fatal !== undefined) return;
    if (first?.error !== undefined) outcome.errors.ofFunction(first.error, first.name, offset);
    else if (failed.length === outcomes.length) outcome.counts.existingFunctions++;
    else outcome.counts.functions++;
    place.pending.delete(offset);
  }
}
