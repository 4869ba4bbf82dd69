/**
 * Keeps where a job that writes to a server has come to, so that it can go on if the window closes in the middle: with
 * the workspace, and in a mark for the case that the process which runs it outlives its window.
 */
import type { LogOutputChannel, Memento } from 'vscode';
import type { JobEvent, JobFailure } from '../../job-protocol.js';
import type { JobMarks } from '../platform.js';
import type { JobRun } from './job-run.js';
import { DONE, forgetJob, type JobNews, noteProgress, rememberJob, type StoppedJob } from './resume-store.js';

/** Ids of the jobs that run in this window: they are not offered to be resumed. */
export type RunningJobs = Set<string>;

/** Milliseconds between two signs of life. */
const TOUCH_MS = 2000;

type Checkpoint = Extract<JobEvent, { event: 'checkpoint' }>;

/** The trace of one job. Until {@link ended} it is remembered as one that was interrupted. */
export class JobTrace {
  private latest: Checkpoint | undefined;
  private writing: Promise<void> | undefined;
  private over = false;
  /** True if the job has told of something that it sent. */
  private hasSent = false;
  private readonly touching: ReturnType<typeof setInterval> | undefined;

  /**
   * @param job what is remembered before the job begins.
   * @param before what was remembered of it when it was stopped the last time.
   */
  constructor(
    private readonly state: Memento,
    private readonly running: RunningJobs,
    private readonly job: StoppedJob,
    private readonly before: StoppedJob | undefined,
    run: Pick<JobRun, 'onEvent' | 'stop' | 'over'>,
    private readonly log: Pick<LogOutputChannel, 'warn'>,
    private readonly marks?: JobMarks,
  ) {
    if (marks) {
      this.mark(newsOfJob(job), true);
      this.touching = setInterval(() => {
        if (run.over) this.close();
        else this.marked(() => marks.touch(job.id) && run.stop());
      }, TOUCH_MS);
    }
    running.add(job.id);
    run.onEvent((event) => {
      this.take(event).catch((error: unknown) => {
        this.log.warn(`how far the job with ${this.job.name} has come could not be remembered: ${String(error)}`);
      });
    });
  }

  /** Remembers it; to be waited for before the job begins. @returns false if it is too large to be remembered. */
  begin(): Promise<boolean> {
    return rememberJob(this.state, this.job);
  }

  /** It goes on from where it stands: from now on what lies behind is not sure. To be waited for. */
  async goesOn(): Promise<void> {
    const { latest } = this;
    if (latest && 'replay' in latest && latest.replay.standing) {
      await this.note({ event: 'checkpoint', replay: { ...latest.replay, standing: false } });
    }
  }

  /** It has a report. @param stopped what is to be remembered of it; undefined if nothing is left to be done. */
  async ended(stopped: StoppedJob | undefined): Promise<boolean> {
    this.close();
    this.mark(stopped ? newsOfJob(stopped) : DONE, false);
    const kept = stopped ? await rememberJob(this.state, stopped) : true;
    if (!stopped) await forgetJob(this.state, this.job.id);
    // Behind a window that is gone nobody answers, and the mark stays.
    this.marked(() => this.marks?.remove(this.job.id));
    return kept;
  }

  private close(): void {
    this.over = true;
    this.running.delete(this.job.id);
    clearInterval(this.touching);
  }

  private mark(news: JobNews, runs: boolean): void {
    this.marked(() => this.marks?.write(this.job.id, news, runs));
  }

  /** A mark that cannot be written only leaves other windows in doubt. */
  private marked(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.log.warn(`the job with ${this.job.name} could not be marked as running: ${String(error)}`);
      clearInterval(this.touching);
    }
  }

  private async take(event: JobEvent): Promise<void> {
    if (this.over) return;
    if (event.event === 'checkpoint') await this.note(event);
    else if (event.event === 'progress') this.hasSent ||= event.progress.sent > 0;
    else if (event.event === 'failed') await this.failed(event.failure);
  }

  /** What has sent nothing is as it was; of what may have, the last checkpoint stays. */
  private async failed({ of, code }: JobFailure): Promise<void> {
    this.close();
    if (this.hasSent || (of === 'job' && code !== 'stopped')) {
      this.mark(this.latest ? newsOf(this.latest) : newsOfJob(this.job), false);
      return;
    }
    this.mark(this.before ? newsOfJob(this.before) : DONE, false);
    if (this.before) await rememberJob(this.state, this.before);
    else await forgetJob(this.state, this.job.id);
    this.marked(() => this.marks?.remove(this.job.id));
  }

  /** Writes a checkpoint; of those that come while one is being written, only the last. */
  private note(checkpoint: Checkpoint): Promise<void> {
    this.latest = checkpoint;
    this.mark(newsOf(checkpoint), true);
    this.writing ??= this.write(checkpoint).finally(() => {
      this.writing = undefined;
    });
    return this.writing;
  }

  private async write(first: Checkpoint): Promise<void> {
    for (let next: Checkpoint | undefined = first; next && !this.over; ) {
      await noteProgress(this.state, this.job.id, newsOf(next), Date.now());
      next = next === this.latest ? undefined : this.latest;
    }
  }
}

function newsOfJob(job: StoppedJob): JobNews {
  const { interrupted } = job;
  const place = job.kind === 'replay' ? { from: job.from } : { resume: job.resume };
  return { ...place, ...(interrupted ? { interrupted } : {}) } as JobNews;
}

function newsOf(checkpoint: Checkpoint): JobNews {
  if ('restore' in checkpoint) {
    const { resume, builds } = checkpoint.restore;
    return { resume, interrupted: { builds } };
  }
  const { resume, sent, rate, standing } = checkpoint.replay;
  return { from: { resume }, ...(standing ? {} : { interrupted: { sent, rate } }) };
}
