/** Where a replay that runs could go on if it were cut off now: told now and then, so that somebody can keep it. */
import type { ClusterLane } from './cluster-lane.js';
import { clusterResume } from './cluster-resume.js';
import { ServerError } from './errors.js';
import type { ReplayInput } from './replay-input.js';
import type { OnlyPlaces } from './replay-options.js';
import type { ReplayPlace, ResumePoint } from './replay-report.js';
import { resumePointAt } from './replay-resume.js';
import type { ReplayTally } from './replay-tally.js';
import type { ServerLane } from './server-lane.js';

/** Milliseconds between two checkpoints. */
const INTERVAL_MS = 1000;
/** Commands of a cluster that a checkpoint names one by one; where more are on their way, their replies are waited for. */
const NAMED_COMMANDS = 1000;

/** A place that a replay can go on from, and what is known of the commands from there on. */
export interface ReplayCheckpoint {
  /** All before it has been answered, of a cluster all that it does not name as left. */
  readonly resume: ResumePoint;
  /** Commands from there on that were sent and not answered then, at most. */
  readonly sent: number;
  /** Commands a second since the last checkpoint. */
  readonly rate: number;
  /** True if nothing behind it is sent before somebody lets the replay go on. */
  readonly standing: boolean;
}

/** The checkpoints of one replay. */
export class ReplayCheckpoints {
  private last: number;
  private sentBefore = 0;

  /** @param only what a former replay has left for this one. @param tell takes each checkpoint. */
  constructor(
    private readonly input: ReplayInput,
    private readonly tally: ReplayTally,
    private readonly lane: ServerLane | ClusterLane,
    private readonly only: OnlyPlaces | undefined,
    private readonly now: () => number,
    private readonly tell: (checkpoint: ReplayCheckpoint) => void,
  ) {
    this.last = now();
  }

  /** True if the last one is old enough. */
  get due(): boolean {
    return this.now() - this.last >= INTERVAL_MS;
  }

  /**
   * Tells one.
   *
   * @param next the first command that was not handed to the lane, or the MULTI of the transaction that it is in.
   * @param standing true if the replay stands before it.
   */
  async take(next: ReplayPlace, standing: boolean): Promise<void> {
    const point = 'router' in this.lane ? await this.ofCluster(this.lane, next) : this.ofServer(this.lane, next);
    const time = this.now();
    const seconds = (time - this.last) / 1000;
    this.last = time;
    if (!point) return;
    const { sent } = this.tally;
    const rate = seconds > 0 ? Math.round((sent - this.sentBefore) / seconds) : 0;
    this.sentBefore = sent;
    this.tell({ ...point, rate, standing: standing && point.sent === 0 });
  }

  private ofServer({ oldest, outstanding }: ServerLane, next: ReplayPlace): Pick<ReplayCheckpoint, 'resume' | 'sent'> {
    const place = oldest ? this.tally.place(oldest.part, oldest.offset) : next;
    return { resume: resumePointAt(this.input, place), sent: outstanding };
  }

  /** @returns undefined where a node is gone, or does not come to an end. */
  private async ofCluster(
    cluster: ClusterLane,
    next: ReplayPlace,
  ): Promise<Pick<ReplayCheckpoint, 'resume' | 'sent'> | undefined> {
    if (cluster.pending.length > NAMED_COMMANDS) {
      try {
        await cluster.drained();
      } catch (error) {
        // The replay meets it itself when it next waits for the node.
        if (!(error instanceof ServerError)) throw error;
        return undefined;
      }
    }
    return { resume: clusterResume(this.input, next, cluster, this.only), sent: cluster.pending.length };
  }
}
