/** A job in its worker, as the extension has it: what it tells, and how it is steered. */
import * as vscode from 'vscode';
import type { Job, JobControl, JobEvent, JobFailure } from '../../job-protocol.js';
import type { ExtensionPlatform, JobWorker } from '../platform.js';

/** Milliseconds that a job has to stop by itself, where nothing was begun. */
const STOP_MS = 5000;

type Told<Kind extends JobEvent['event']> = Extract<JobEvent, { event: Kind }>;

/** The job could not begin, or not go on. */
export class JobFailedError extends Error {
  override readonly name = 'JobFailedError';

  constructor(readonly failure: JobFailure) {
    super(failure.code);
  }
}

/** One job. */
export class JobRun implements vscode.Disposable {
  private readonly worker: JobWorker;
  private readonly told = new vscode.EventEmitter<JobEvent>();
  /** Everything that the job tells. */
  readonly onEvent = this.told.event;
  private ended = false;
  private lastCheckpoint: Told<'checkpoint'> | undefined;

  /** @throws JobFailedError where there are no workers for jobs. */
  constructor(
    extensionUri: vscode.Uri,
    platform: ExtensionPlatform,
    readonly job: Job,
  ) {
    const worker = platform.startJobWorker(extensionUri);
    if (!worker) throw new JobFailedError({ of: 'job', code: 'no-sockets', args: [] });
    this.worker = worker;
    worker.onMessage((event) => this.tell(event));
    worker.onError((message) => {
      this.tell({ event: 'failed', failure: { of: 'job', code: 'other', args: [message] } });
    });
    worker.post({ start: job });
  }

  private tell(event: JobEvent): void {
    if (this.ended) return;
    this.ended = ENDS.has(event.event);
    if (event.event === 'checkpoint') this.lastCheckpoint = event;
    this.told.fire(event);
  }

  /** Where the job could go on, as it has last said. */
  get checkpoint(): Told<'checkpoint'> | undefined {
    return this.lastCheckpoint;
  }

  /** True if it has come to an end, or was ended. */
  get over(): boolean {
    return this.ended;
  }

  say(message: JobControl): void {
    if (!this.ended) this.worker.post(message);
  }

  stop(): void {
    this.say({ control: 'stop' });
  }

  /** Stops a job that has begun nothing yet, whatever it is doing. */
  abandon(): void {
    this.stop();
    setTimeout(() => this.worker.terminate(), STOP_MS);
  }

  /** Waits for an event. @throws JobFailedError if the job fails, or is stopped, before. */
  until<Kind extends JobEvent['event']>(kind: Kind): Promise<Told<Kind>> {
    return new Promise((resolve, reject) => {
      const listening = this.onEvent((event) => {
        if (event.event !== kind && !ENDS.has(event.event)) return;
        listening.dispose();
        if (event.event === kind) resolve(event as Told<Kind>);
        else if (event.event === 'failed') reject(new JobFailedError(event.failure));
        else reject(new JobFailedError({ of: 'job', code: 'stopped', args: [] }));
      });
    });
  }

  dispose(): void {
    this.ended = true;
    this.told.dispose();
    this.worker.terminate();
  }
}

/** The last words of a job. */
const ENDS: ReadonlySet<JobEvent['event']> = new Set(['replayed', 'restored', 'captureEnded', 'loaded', 'failed']);
