/** Where a replay pauses: before which commands somebody or a breakpoint wants it to, and how it stands there. */
import { argumentsAt, offsetOf, toldOf } from './block-command.js';
import { BreakpointMatcher, NOTHING_REACHED, type Reached } from './breakpoint-matcher.js';
import type { CommandChoice } from './command-choice.js';
import type { ReplayHooks } from './replay.js';
import type { ReplayControl, ReplayStanding } from './replay-control.js';
import { type CommandBlock, inputPosition, type ReplayInput } from './replay-input.js';
import type { ReplayLane } from './replay-lane.js';
import type { ReplayOptions } from './replay-options.js';
import type { Pace } from './replay-pace.js';
import type { ReplayPlace } from './replay-report.js';
import type { ReplayTally } from './replay-tally.js';

/** Why it pauses, and the breakpoint that it is for. */
export type PauseReason = Pick<ReplayStanding, 'reason' | 'breakpoint' | 'hit'>;

/** It was stopped while it was paused: the command that it was before is not sent. */
export class StoppedInPause extends Error {
  override readonly name = 'StoppedInPause';
}

/** The pauses of one replay. */
export class ReplayPauses {
  /** What was met before the block that is being taken. */
  private reached: Reached;
  private matcher: BreakpointMatcher;
  /** A breakpoint within a transaction that was sent. */
  private hitBefore: Pick<ReplayStanding, 'breakpoint' | 'hit'> | undefined;

  constructor(
    private readonly input: ReplayInput,
    private readonly lane: Pick<ReplayLane, 'drained'>,
    private readonly tally: ReplayTally,
    private readonly hooks: Pick<ReplayHooks, 'now' | 'checkpoints' | 'progress'>,
    private readonly control: ReplayControl,
    private readonly choice: CommandChoice,
    private readonly pace: Pace,
    resume: ReplayOptions['resume'],
  ) {
    this.reached = resume ? { part: resume.part, offset: resume.offset - 1, time: -1 } : NOTHING_REACHED;
    this.matcher = new BreakpointMatcher(control.breakpoints, input.names, this.reached);
  }

  /** A block was taken. */
  passed(block: CommandBlock): void {
    this.reached = reachedAt(block, block.length - 1);
  }

  /**
   * Why there is a pause before a command; undefined without one.
   *
   * @param where `within` a transaction that has begun, which goes on to its end; it `begins` one, or is `outside` of any.
   */
  before(block: CommandBlock, row: number, where: 'within' | 'begins' | 'outside'): PauseReason | undefined {
    const { control, matcher } = this;
    if (matcher.list !== control.breakpoints) {
      const reached = row > 0 ? reachedAt(block, row - 1) : this.reached;
      this.matcher = new BreakpointMatcher(control.breakpoints, this.input.names, reached);
    }
    if (where === 'within') {
      this.hitBefore ??= this.hitAt(block, row);
      return undefined;
    }
    const hit = this.hitBefore ?? (where === 'begins' ? this.hitWithin(block, row) : this.hitAt(block, row));
    this.hitBefore = undefined;
    const reason = hit ? 'breakpoint' : control.wanted;
    return reason && { reason, ...hit };
  }

  /**
   * Stands before a command until the replay may go on. All before it has been written.
   *
   * @param number of the command, counted from 1 over all parts.
   * @throws StoppedInPause; ServerError if the connection is lost, also in the meantime.
   */
  async hold(block: CommandBlock, row: number, number: number, why: PauseReason): Promise<void> {
    const { reason, breakpoint, hit } = why;
    await this.lane.drained();
    const place = this.tally.place(block.part, block.offset[row]);
    await this.standAt({
      reason,
      place,
      number,
      time: block.time[row],
      db: block.db[row],
      next: toldOf(this.input, block, row),
      ...(breakpoint === undefined ? {} : { breakpoint }),
      ...(hit && hit.offset !== place.offset ? { hit } : {}),
    });
    await this.lane.drained();
    if (this.control.signal.aborted) throw new StoppedInPause();
  }

  /** Stands behind a block that had no command to pause before. @param number of the next command. @returns where. */
  async holdBehind(block: CommandBlock, number: number): Promise<ReplayPlace> {
    const last = block.length - 1;
    const place = this.tally.place(block.part, offsetOf(block, block.length));
    await this.standAt({ reason: 'pause', place, number, time: block.time[last], db: block.db[last] });
    return place;
  }

  private async standAt(standing: ReplayStanding): Promise<void> {
    const { place } = standing;
    await this.hooks.checkpoints?.take(place, true);
    this.hooks.progress(inputPosition(this.input, place.part, place.offset), 0, true);
    await this.stand(standing);
  }

  /** Stands until the replay may go on; the time is not counted. */
  async stand(standing: ReplayStanding): Promise<void> {
    const began = this.hooks.now();
    await this.control.hold(standing);
    const ms = this.hooks.now() - began;
    this.tally.stoodMs += ms;
    this.pace.shift(ms);
  }

  private hitAt(block: CommandBlock, row: number): Pick<ReplayStanding, 'breakpoint' | 'hit'> | undefined {
    if (this.matcher.list.length === 0) return undefined;
    const breakpoint = this.matcher.match(block, row, () => argumentsAt(this.input, block, row));
    return breakpoint < 0 ? undefined : { breakpoint, hit: this.tally.place(block.part, block.offset[row]) };
  }

  /** The first breakpoint in a transaction that is about to be sent, as far as the block has it. */
  private hitWithin(block: CommandBlock, multi: number): Pick<ReplayStanding, 'breakpoint' | 'hit'> | undefined {
    for (let row = multi; row < block.length; row++) {
      const kind = this.choice.classes.of(block.name[row]);
      const hit = this.choice.skipOf(kind, block.name[row], block.db[row]) ? undefined : this.hitAt(block, row);
      if (hit || kind === 'exec' || kind === 'discard') return hit;
    }
    return undefined;
  }
}

function reachedAt(block: CommandBlock, row: number): Reached {
  return { part: block.part, offset: block.offset[row], time: block.time[row] };
}
