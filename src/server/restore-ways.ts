/** The way of a key to a connection: with room, with its database, and once more where another node has its slot by now. */
import { fromLatin1 } from '../decoder/bytes.js';
import { type RdbFile, readKeyName } from '../decoder/rdb/entry.js';
import { wholeText } from '../decoder/rdb/string.js';
import type { ByteSource } from '../decoder/source.js';
import type { RestoreBuilder } from './restore-builder.js';
import { sendCommand } from './restore-command.js';
import type { RestoreRow } from './restore-keys.js';
import type { RestoreLane } from './restore-lane.js';
import type { RestoreOptions } from './restore-options.js';
import type { RestoreOutcome } from './restore-outcome.js';
import type { RestoreRoutes } from './restore-routes.js';
import type { RestoreForms } from './restore-send.js';

/** How often a key is sent again in a cluster whose slots move, and how long is waited in between. */
const MOVED_ATTEMPTS = 100;
const MOVED_MS = 100;
const NOTHING = new Uint8Array(0);

/** What ways are found by. */
export interface WayTools {
  readonly source: ByteSource;
  readonly options: RestoreOptions;
  readonly outcome: RestoreOutcome;
  readonly routes: RestoreRoutes;
  readonly forms: RestoreForms;
  readonly pause: (ms: number) => Promise<void>;
}

/** Finds ways. */
export class RestoreWays {
  /** Databases that the server refuses, and what it says. */
  private readonly refused = new Map<number, string>();

  constructor(private readonly tools: WayTools) {}

  /** The database of the server for one of the file. */
  databaseOf(db: number): number {
    return this.tools.options.dbMap.get(db) ?? db;
  }

  /**
   * The connection for a key, with room and with the database of the key selected.
   *
   * @returns undefined if the server has no such database; the key is then noted as failed.
   */
  async laneFor(row: RestoreRow): Promise<RestoreLane | undefined> {
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

  /** Deletes a key that RESTORE does not replace. */
  async deleteKey(lane: RestoreLane, row: RestoreRow): Promise<void> {
    await sendCommand(lane, [fromLatin1('DEL'), readKeyName(this.tools.source, row.typeOffset)], () => {});
  }

  /** Sends keys again that other nodes have by now, when nothing else is on its way. @param checkStop throws if it is to end. */
  async sendAgain(file: RdbFile, builder: RestoreBuilder, checkStop: () => void): Promise<void> {
    const { outcome, routes, pause } = this.tools;
    for (let attempt = 0; ; attempt++) {
      await Promise.all(routes.lanes.map((lane) => lane.settled()));
      checkStop();
      const rows = outcome.resend.splice(0);
      if (rows.length === 0) return;
      // A slot that is on its way has its keys at both ends for a while.
      if (attempt > 0) await pause(MOVED_MS);
      await routes.refresh();
      for (const { row, text } of rows) {
        if (attempt === MOVED_ATTEMPTS) outcome.failed(row, text);
        else await this.again(file, builder, row, text);
      }
    }
  }

  private async again(file: RdbFile, builder: RestoreBuilder, row: RestoreRow, text: string): Promise<void> {
    const { forms, outcome, routes } = this.tools;
    const [word, , node] = text.split(' ');
    const asks = word === 'ASK' && node !== undefined;
    const lane = asks ? await routes.laneTo(node) : await this.laneFor(row);
    if (!lane) return;
    lane.asking = asks;
    try {
      const version = forms.versionFor(row, file);
      // What there may be of it was begun by this run.
      if (version === undefined) await builder.build(lane, file, row, true);
      else {
        if (forms.deletesFirst) await this.deleteKey(lane, row);
        lane.writeAsking();
        await forms.send(lane, file, row, version);
      }
      await lane.settled();
    } catch (error) {
      outcome.failOn(error, row);
    } finally {
      lane.asking = false;
    }
  }
}
