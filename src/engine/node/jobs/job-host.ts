/** What a job has of its surroundings: whom it tells, who steers it, and how it gives way to others. */
import { setImmediate as soon } from 'node:timers/promises';
import type { JobControl, JobEvent, JobProgress } from '../../../job-protocol.js';

/** The job was stopped before it had changed anything. */
export class JobStopped extends Error {
  override readonly name = 'JobStopped';
}

/** What makes that a job cannot begin or go on, beside what servers and inputs say themselves. */
export class JobError extends Error {
  override readonly name = 'JobError';
  readonly args: readonly (string | number)[];

  constructor(
    readonly code: 'file-changed' | 'not-rdb' | 'no-program' | 'program-failed' | 'no-such-moment',
    ...args: (string | number)[]
  ) {
    super(code);
    this.args = args;
  }
}

/** The surroundings of one job. */
export class JobHost {
  private readonly abort = new AbortController();
  private listener: ((control: JobControl) => void) | undefined;
  private begin: () => void = () => {};
  private readonly begun = new Promise<void>((resolve) => {
    this.begin = resolve;
  });

  constructor(private readonly tell: (event: JobEvent) => void) {}

  /** Aborted when the job is to stop. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  send(event: JobEvent): void {
    this.tell(event);
  }

  /** Takes what the extension says. */
  receive(control: JobControl): void {
    if (control.control === 'begin') this.begin();
    else if (control.control === 'stop') this.abort.abort();
    this.listener?.(control);
  }

  /** Hands on all controls from now on. */
  steer(listener: (control: JobControl) => void): void {
    this.listener = listener;
  }

  /** Settled when what was prepared is wanted. @throws JobStopped */
  async wanted(): Promise<void> {
    await Promise.race([this.begun, aborted(this.signal)]);
    this.check();
  }

  /** @throws JobStopped */
  check(): void {
    if (this.signal.aborted) throw new JobStopped();
  }

  /** Goes through long work and tells how far it is. @param of bytes; the work yields how many are done. */
  async prepare<Result>(work: Generator<number, Result>, of: number): Promise<Result> {
    const told = new Throttle();
    for (;;) {
      const step = work.next();
      if (step.done) return step.value;
      if (told.due()) {
        this.send({ event: 'progress', progress: { ...NOTHING_DONE, done: step.value, of } });
        // Controls come while others have their turn.
        await soon();
      }
      this.check();
    }
  }
}

export const NOTHING_DONE: JobProgress = { done: 0, sent: 0, failed: 0, seconds: 0, rate: 0 };

/** Milliseconds between two words of progress. */
const PROGRESS_MS = 100;

/** Tells when it is time to say something again. */
export class Throttle {
  private last = performance.now();

  due(): boolean {
    const now = performance.now();
    if (now - this.last < PROGRESS_MS) return false;
    this.last = now;
    return true;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
