/** Jobs as the extension starts them: in their worker, with all that they tell. */
import { Worker } from 'node:worker_threads';
import type { Job, JobControl, JobEvent, JobMessage, ServerTarget } from '../../src/job-protocol.js';
import { program } from '../unit/support/programs.js';
import type { TestServer } from './server.js';

/** A server as a job gets it. */
export function targetOf(server: TestServer, name = 'test'): ServerTarget {
  const address = { endpoint: { kind: 'unix', path: server.socketPath }, db: 0 } as const;
  return { name, address, mode: 'standalone', protected: false, databases: [] };
}

type Told<Kind extends JobEvent['event']> = Extract<JobEvent, { event: Kind }>;

/** A job that runs. */
export class TestJob {
  readonly events: JobEvent[] = [];
  /** All that it has told, taken or not. */
  readonly all: JobEvent[] = [];
  private readonly worker = new Worker(program('jobs'));
  private readonly wishes = new Set<() => void>();
  readonly ended: Promise<void>;

  constructor(job: Job) {
    this.worker.on('message', (event: JobEvent) => {
      this.events.push(event);
      this.all.push(event);
      for (const wish of [...this.wishes]) wish();
    });
    this.ended = new Promise((resolve, reject) => {
      this.worker.on('exit', () => resolve());
      this.worker.on('error', reject);
    });
    this.post({ start: job });
  }

  private post(message: JobMessage): void {
    this.worker.postMessage(message);
  }

  /** Ends the worker as the end of a window does. */
  async kill(): Promise<void> {
    await this.worker.terminate();
  }

  say(control: JobControl['control'] & ('begin' | 'pause' | 'resume' | 'step' | 'stop')): void {
    this.post({ control });
  }

  /** Waits for an event that was not taken yet, and takes all up to it. */
  async next<Kind extends JobEvent['event']>(kind: Kind): Promise<Told<Kind>> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const at = this.events.findIndex(({ event }) => event === kind || event === 'failed');
        if (at < 0) return;
        this.wishes.delete(look);
        const [found] = this.events.splice(0, at + 1).slice(-1);
        if (found.event === kind) resolve(found as Told<Kind>);
        else reject(new Error(JSON.stringify(found)));
      };
      this.wishes.add(look);
      look();
    });
  }

  /** Waits until it says what it would do, and lets it. */
  async begin(): Promise<Told<'prepared'>> {
    const prepared = await this.next('prepared');
    this.say('begin');
    return prepared;
  }
}
