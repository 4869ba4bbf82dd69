/** How far replicas were behind over the last minutes: a series for each, of which the oldest samples are dropped. */
import type { ServerOverview } from './overview.js';

/** How far a replica was behind at a time. */
export interface LagSample {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly bytes: number;
  /** Undefined if it had not acknowledged anything yet. */
  readonly seconds: number | undefined;
}

/** The samples of a replica, the oldest first. */
export interface LagSeries {
  readonly replica: string;
  readonly samples: readonly LagSample[];
}

/** Milliseconds that are kept. */
export const LAG_SPAN = 10 * 60 * 1000;
/** Samples and replicas that are kept at most, however often somebody looks. */
const SAMPLE_LIMIT = 1200;
const REPLICA_LIMIT = 32;

/** The history of the replicas of a server. */
export class LagHistory {
  private readonly samples = new Map<string, LagSample[]>();

  /** Notes what a server says at a time, which is not before the last one. */
  add({ replication }: ServerOverview, time: number): void {
    for (const { address, lagBytes, lagSeconds } of replication.replicas) {
      const list = this.samples.get(address) ?? [];
      if (list.length === 0 && this.samples.size >= REPLICA_LIMIT) continue;
      this.samples.set(address, list);
      list.push({ time, bytes: lagBytes, seconds: lagSeconds });
    }
    for (const [address, list] of this.samples) {
      const fresh = list.findIndex((sample) => sample.time >= time - LAG_SPAN);
      const drop = Math.max(fresh < 0 ? list.length : fresh, list.length - SAMPLE_LIMIT);
      if (drop > 0) list.splice(0, drop);
      if (list.length === 0) this.samples.delete(address);
    }
  }

  /** The series by replica, in the order of their addresses. */
  get series(): readonly LagSeries[] {
    return [...this.samples]
      .map(([replica, samples]) => ({ replica, samples: [...samples] }))
      .sort((a, b) => (a.replica < b.replica ? -1 : 1));
  }
}
