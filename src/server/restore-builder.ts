/** Keys of a restore that are built by commands: which of them are there is asked for many at once. */
import { needsRestore } from '../dataset/value-commands.js';
import { openEntry, type RdbFile } from '../decoder/rdb/entry.js';
import type { ByteSource } from '../decoder/source.js';
import { buildKey, existingKeys } from './restore-build.js';
import type { RestoreRow } from './restore-keys.js';
import type { RestoreLane } from './restore-lane.js';
import type { RestoreOptions } from './restore-options.js';
import type { RestoreOutcome } from './restore-outcome.js';
import type { RestorePlace } from './restore-place.js';
import { BUSYKEY } from './restore-report.js';
import type { RestoreForms } from './restore-send.js';
import type { RestoreTarget } from './restore-target.js';

/** Keys that are built together: so many are asked for at once. */
const GROUP = 256;
/** Bytes of a value that takes a while to be built. */
const LARGE_VALUE = 1024 * 1024;

/** What a builder works with. */
export interface BuilderTools {
  readonly source: ByteSource;
  readonly target: RestoreTarget;
  readonly options: RestoreOptions;
  readonly forms: RestoreForms;
  readonly place: RestorePlace;
  readonly outcome: RestoreOutcome;
  readonly clustered: boolean;
  /** A connection for a key, with its database selected; undefined if there is none, which has been noted. */
  laneFor(row: RestoreRow): Promise<RestoreLane | undefined>;
  /** @throws what a restore is stopped by. */
  checkStop(): void;
}

/** Builds keys. */
export class RestoreBuilder {
  private group: RestoreRow[] = [];

  constructor(private readonly tools: BuilderTools) {}

  /** True if keys have been or are being built. */
  get builds(): boolean {
    return this.tools.outcome.counts.built > 0 || this.group.length > 0;
  }

  /** Takes a key, and builds those of its database when there are enough of them. */
  async add(file: RdbFile, row: RestoreRow): Promise<void> {
    const { pending, left } = this.tools.place;
    if (this.group.length > 0 && this.group[0].db !== row.db) await this.finish(file);
    pending.set(row.offset, left.get(row.offset) ?? false);
    this.group.push(row);
    if (this.group.length === GROUP) await this.finish(file);
  }

  /** Builds what is still waiting. */
  async finish(file: RdbFile): Promise<void> {
    const { options, outcome, place, source } = this.tools;
    const rows = this.group.splice(0);
    for (const [lane, mine] of await this.byLane(rows)) {
      const there = await existingKeys(lane, source, mine);
      for (const row of mine) {
        this.tools.checkStop();
        const begun = place.left.get(row.offset) === true;
        if (there.has(row) && !begun && options.existing !== 'replace') outcome.restored(row, BUSYKEY);
        else if (options.dryRun) this.wouldBeRestored(file, row);
        else await this.build(lane, file, row, there.has(row));
      }
    }
  }

  /** Keys by the connections that they go through. Those for which there is none are noted as failed. */
  private async byLane(rows: readonly RestoreRow[]): Promise<Map<RestoreLane, RestoreRow[]>> {
    const found = new Map<RestoreLane, RestoreRow[]>();
    let lane: RestoreLane | undefined;
    for (const row of rows) {
      try {
        if (!lane || this.tools.clustered) lane = await this.tools.laneFor(row);
        if (lane) found.set(lane, [...(found.get(lane) ?? []), row]);
      } catch (error) {
        this.tools.outcome.failOn(error, row);
      }
    }
    return found;
  }

  private wouldBeRestored(file: RdbFile, row: RestoreRow): void {
    const { forms, outcome, place } = this.tools;
    outcome.counts[forms.versionFor(row, file) === undefined ? 'built' : 'restored']++;
    place.pending.delete(row.offset);
  }

  /** Builds a key by commands, or by RESTORE if there are none for its value. */
  async build(lane: RestoreLane, file: RdbFile, row: RestoreRow, exists: boolean): Promise<void> {
    const { forms, outcome, place, target } = this.tools;
    try {
      const entry = openEntry(file, row.typeOffset, row.end);
      if (needsRestore(entry.value)) {
        const version = forms.neededVersion(row, file);
        if (version === undefined) outcome.failed(row, `no command of the server builds this ${row.typeName}`);
        else await forms.send(lane, file, row, version);
        return;
      }
      place.pending.set(row.offset, true);
      // What there would be of a large value is told before there is any.
      place.tell(true, row.end - row.typeOffset >= LARGE_VALUE);
      const expireAt = forms.isExpired(row) ? undefined : row.expireAt;
      await buildKey(lane, { entry, replace: exists, expireAt, make: target.make, level: target.level }, (error) => {
        // What was built is deleted by now.
        if (error !== undefined) place.pending.set(row.offset, false);
        if (error !== undefined && outcome.goesElsewhere(error)) outcome.resend.push({ row, text: error });
        else if (error !== undefined) outcome.failed(row, error);
        else {
          outcome.counts.built++;
          place.pending.delete(row.offset);
        }
      });
    } catch (error) {
      outcome.failOn(error, row);
    }
  }
}
