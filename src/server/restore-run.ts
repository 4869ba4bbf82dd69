/** A restore that runs: goes through the file, sends keys many at once where it can, and one by one where it must. */
import { matchesGlob } from '../dataset/glob.js';
import { openEntry, type RdbFile, readKeyName } from '../decoder/rdb/entry.js';
import { wholeText } from '../decoder/rdb/string.js';
import { verifyEntry } from '../decoder/rdb/verify.js';
import { ROWS } from '../decoder/restore/layout.js';
import type { RunPlan } from '../decoder/restore/memory.js';
import type { ByteSource } from '../decoder/source.js';
import { ServerError } from './errors.js';
import { RestoreBuilder } from './restore-builder.js';
import { takeFunction } from './restore-function.js';
import type { RestoreKeys } from './restore-keys.js';
import type { RestoreOptions } from './restore-options.js';
import type { RestoreOutcome } from './restore-outcome.js';
import type { RestorePlace } from './restore-place.js';
import type { RestoreReport } from './restore-report.js';
import type { RestoreRoutes } from './restore-routes.js';
import { RestoreForms } from './restore-send.js';
import { restoreStretches } from './restore-stretches.js';
import type { RestoreTarget } from './restore-target.js';
import { RestoreWays } from './restore-ways.js';
import type { WireBuffers } from './wire-buffer.js';

const NOTHING = new Uint8Array(0);

/** The reason why no more is sent. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** What a restore runs with. */
export interface RunTools {
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
  /** Bytes of the file that are at hand, and the offset of the first of them. */
  readonly bytes: Uint8Array;
  readonly base: number;
}

/** The name of a key: the bytes from `start` to `end`. */
interface Name {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** A restore that runs. */
export class RestoreRun {
  private readonly forms: RestoreForms;
  private readonly builder: RestoreBuilder;
  private readonly ways: RestoreWays;
  /** True if keys can be left out without their names. */
  private readonly filters: boolean;
  /** True if nothing has to be known of a key beside its columns. */
  private readonly inRuns: boolean;

  constructor(private readonly tools: RunTools) {
    const { target, options, routes } = tools;
    this.forms = new RestoreForms(target, options);
    this.ways = new RestoreWays({ ...tools, forms: this.forms });
    this.builder = new RestoreBuilder({
      ...tools,
      forms: this.forms,
      clustered: routes.clustered,
      laneFor: (row) => this.ways.laneFor(row),
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
    const { source, options, outcome, place, routes, buffers } = this.tools;
    const { memory } = buffers;
    let last: RdbFile | undefined;
    let begun = false;
    for (const { file, keys, functions, bytes, base, position } of restoreStretches(source, memory)) {
      last = file;
      this.forms.tick();
      for (const offset of functions) {
        this.checkStop();
        await takeFunction(this.tools, file, offset);
      }
      if (!begun && keys.count > 0 && memory) this.forms.versions(keys.types, file, memory.versions);
      begun ||= keys.count > 0;
      keys.users++;
      for (let first = 0; first < keys.count; first += ROWS) {
        const page = { file, keys, first, end: Math.min(keys.count, first + ROWS), base, bytes };
        this.load(page);
        await this.takePage(page);
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
    if (last) await this.builder.finish(last);
    await Promise.all(routes.lanes.map((lane) => lane.settled()));
    while (last && outcome.resend.length > 0) await this.sendAgain(last);
    this.checkStop();
  }

  private async sendAgain(file: RdbFile): Promise<void> {
    await this.ways.sendAgain(file, this.builder, () => this.checkStop());
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

  private async takePage(page: Page): Promise<void> {
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
        if (!this.takeAtOnce(page, i)) await this.takeRow(page, i);
        this.begun(keys, i);
        i++;
      }
    }
  }

  private begun(keys: RestoreKeys, i: number): void {
    const { place } = this.tools;
    place.next = Math.max(place.next, keys.columns.end[i]);
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

  private planOf({ base, bytes }: Page): RunPlan {
    return this.forms.plan(base, bytes.length);
  }

  /** Sends keys of one database, as many at once as a buffer takes. */
  private async takeRun(page: Page, from: number, to: number): Promise<void> {
    const { keys, first } = page;
    const { outcome, routes } = this.tools;
    const db = this.ways.databaseOf(keys.db[from]);
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

  /** The name of a key. @returns undefined if it is compressed, or not among the bytes that are at hand. */
  private nameAt({ keys, bytes, base }: Page, i: number): Name | undefined {
    let start = keys.columns.typeOffset[i] - base + 1;
    if (start < 1 || keys.columns.end[i] - base > bytes.length) return undefined;
    let length = bytes[start++];
    if (length >= 0x80) return undefined;
    if (length >= 0x40) length = ((length & 0x3f) << 8) | bytes[start++];
    return { bytes, start, end: start + length };
  }

  private matches({ bytes, start, end }: Name): boolean {
    const { match } = this.tools.options;
    return match === undefined || matchesGlob(match, bytes, start, end);
  }

  /**
   * Sends a key whose name has to be known, without waiting for anything.
   *
   * @returns false if {@link takeRow} has to do it.
   */
  private takeAtOnce(page: Page, i: number): boolean {
    const { options, outcome, routes } = this.tools;
    const { keys, first } = page;
    const name = this.nameAt(page, i);
    if (!name) return false;
    if (!this.matches(name)) return true;
    if (outcome.resend.length > 0 || options.verify || options.dryRun) return false;
    if (outcome.fatal !== undefined || options.signal?.aborted || this.forms.deletesFirst) return false;
    const lane = routes.laneFor(name.bytes, name.start, name.end);
    if (lane.full || lane.db !== this.ways.databaseOf(keys.db[i])) return false;
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
    if (outcome.resend.length > 0) await this.sendAgain(file);
    try {
      if (options.match && !this.nameAt(page, i)) {
        const bytes = wholeText(readKeyName(file.source, row.typeOffset), 'the key name');
        if (!this.matches({ bytes, start: 0, end: bytes.length })) return;
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
      const lane = await this.ways.laneFor(row);
      if (!lane) return;
      place.pending.set(row.offset, false);
      if (this.forms.deletesFirst) await this.ways.deleteKey(lane, row);
      if (lane.out.run(i - first, i - first + 1, this.planOf(page)) > i - first) lane.expect(row);
      else await this.forms.send(lane, file, row, version);
    } catch (error) {
      outcome.failOn(error, row);
    }
  }
}
