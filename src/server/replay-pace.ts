/** The pace of a replay: so many commands a second, or the times of the annotations. */
import type { ReplayHow } from './replay-options.js';

/** Tells when a command is due. */
export class Pace {
  private began: number | undefined;
  private firstTime = 0;
  private count = 0;

  /** @param now milliseconds of a clock that never goes back. */
  constructor(
    private readonly how: Pick<ReplayHow, 'rate' | 'speed'>,
    private readonly now: () => number,
  ) {}

  /** False if commands are always due. */
  get waits(): boolean {
    return this.how.rate !== undefined || this.how.speed !== undefined;
  }

  /**
   * Milliseconds until the next command is due; 0 if it is.
   *
   * @param time seconds since the epoch of its annotation; 0 without one.
   */
  wait(time: number): number {
    const now = this.now();
    this.began ??= now;
    const { rate, speed } = this.how;
    let due = this.began;
    if (rate !== undefined) due += (this.count / rate) * 1000;
    if (speed !== undefined && time > 0) {
      if (this.firstTime === 0) this.firstTime = time;
      due = Math.max(due, this.began + ((time - this.firstTime) * 1000) / speed);
    }
    return Math.max(0, due - now);
  }

  /** Nothing was due for so many milliseconds. */
  shift(ms: number): void {
    if (this.began !== undefined) this.began += ms;
  }

  /** A command was sent. */
  sent(): void {
    this.count++;
  }
}
