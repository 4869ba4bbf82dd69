/** Long work in slices: jobs are generators that give way between slices, so that requests are answered meanwhile. */

/** Milliseconds that jobs run before messages get their turn. */
const SLICE_MS = 10;

/** Says that an answer is no longer wanted. */
export class CancelToken {
  cancelled = false;

  cancel(): void {
    this.cancelled = true;
  }
}

/** The work was cancelled before its end. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

interface Job {
  readonly generator: Generator<unknown, unknown>;
  readonly token: CancelToken;
  readonly onStep: ((progress: unknown) => void) | undefined;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Runs jobs in turn, a slice each. */
export class Scheduler {
  private readonly jobs: Job[] = [];
  private scheduled = false;

  /**
   * @param defer calls back after messages that wait have been delivered.
   * @param now a clock in milliseconds.
   */
  constructor(
    private readonly defer: (callback: () => void) => void,
    private readonly now: () => number,
  ) {}

  /**
   * Runs a job to its end.
   *
   * @param onStep gets what the generator yields.
   * @throws CancelledError when the token is cancelled; what the generator throws otherwise.
   */
  run<Result>(
    generator: Generator<unknown, Result>,
    token: CancelToken,
    onStep?: (progress: unknown) => void,
  ): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.jobs.push({ generator, token, onStep, resolve: resolve as (result: unknown) => void, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled || this.jobs.length === 0) return;
    this.scheduled = true;
    this.defer(() => {
      this.scheduled = false;
      this.slice();
      this.schedule();
    });
  }

  /** Gives every job that waits its part of a slice. */
  private slice(): void {
    const part = SLICE_MS / this.jobs.length;
    for (const job of [...this.jobs]) this.advance(job, this.now() + part);
  }

  private advance(job: Job, until: number): void {
    try {
      for (;;) {
        if (job.token.cancelled) {
          job.generator.return(undefined);
          this.end(job);
          job.reject(new CancelledError());
          return;
        }
        const step = job.generator.next();
        if (step.done) {
          this.end(job);
          job.resolve(step.value);
          return;
        }
        job.onStep?.(step.value);
        if (this.now() >= until) return;
      }
    } catch (error) {
      this.end(job);
      job.reject(error);
    }
  }

  private end(job: Job): void {
    this.jobs.splice(this.jobs.indexOf(job), 1);
  }
}
