/**
 * Marks of jobs that write to servers: a file for each, which the process touches that runs it. A process can outlive
 * its window, and nothing that the window keeps hears of it then.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** Milliseconds without a touch after which a process counts as gone, though there is one of its number. */
const SILENT_MS = 15_000;
/** Milliseconds after which the mark of a job is removed that nobody has asked for. */
const KEPT_MS = 30 * 24 * 3600 * 1000;

/** What is known of a job by its mark. */
export interface JobMark {
  /** True if a process says that it runs the job. */
  readonly runs: boolean;
  /** When it was told, in milliseconds since the epoch, and what. */
  readonly time: number;
  readonly news: unknown;
}

/** The marks in one folder. */
export class JobMarks {
  constructor(private readonly folder: string) {}

  /** Tells of a job. @param runs false for one that has come to its end. */
  write(id: string, news: unknown, runs: boolean): void {
    mkdirSync(this.folder, { recursive: true });
    const file = this.file(id);
    writeFileSync(`${file}~`, JSON.stringify({ pid: runs ? process.pid : 0, time: Date.now(), news }));
    renameSync(`${file}~`, file);
  }

  /** Says that a job is still running. @returns true if somebody wants it to stop. */
  touch(id: string): boolean {
    const now = new Date();
    utimesSync(this.file(id), now, now);
    return existsSync(this.stopFile(id));
  }

  /** What is known of a job; undefined without a mark. */
  read(id: string): JobMark | undefined {
    const file = this.file(id);
    const touched = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (touched === undefined) return undefined;
    const { pid, time, news } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; time: number; news: unknown };
    return { runs: pid > 0 && Date.now() - touched < SILENT_MS && isRunning(pid), time, news };
  }

  /** Asks the process that runs a job to stop it. */
  askToStop(id: string): void {
    writeFileSync(this.stopFile(id), '');
  }

  remove(id: string): void {
    rmSync(this.file(id), { force: true });
    rmSync(this.stopFile(id), { force: true });
  }

  /** Removes the marks of jobs that are long over. */
  removeOld(): void {
    if (!existsSync(this.folder)) return;
    for (const name of readdirSync(this.folder)) {
      const file = path.join(this.folder, name);
      const touched = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (Date.now() - touched > KEPT_MS) rmSync(file, { force: true });
    }
  }

  private file(id: string): string {
    return path.join(this.folder, `${id}.json`);
  }

  private stopFile(id: string): string {
    return path.join(this.folder, `${id}.stop`);
  }
}

/** True if there is a process of a number. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user is there, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
