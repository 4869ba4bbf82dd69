/** Where a restore stands: what was done before it, what is under way, and from where it could go on. */
import type { ByteSource } from '../decoder/source.js';
import type { RestoreOptions } from './restore-options.js';
import { type ResumePoint, restorePoint } from './restore-report.js';

/** Milliseconds between two checkpoints, and keys that one names; where more are on their way, all are done again. */
const CHECKPOINT_MS = 1000;
const NAMED_KEYS = 1000;

/** The place of one restore. */
export class RestorePlace {
  /** What a former run left undone, by offset; true if its value has been begun. */
  readonly left: ReadonlyMap<number, boolean>;
  /** What is not done before {@link next}. */
  readonly pending: Map<number, boolean>;
  /** Offset of the first key that was not begun. */
  next: number;
  private lastCheckpoint = performance.now();

  /** @param sent gives the offsets of keys that were sent, and have no reply. */
  constructor(
    private readonly source: ByteSource,
    private readonly options: RestoreOptions,
    private readonly sent: () => readonly number[],
  ) {
    const { resume } = options;
    this.left = new Map(resume?.pending.map(({ offset, begun }) => [offset, begun]));
    this.pending = new Map(this.left);
    this.next = resume?.from ?? 0;
  }

  /** True for what a former run has done. */
  isDone(offset: number): boolean {
    const { resume } = this.options;
    return resume !== undefined && offset < resume.from && !this.left.has(offset);
  }

  /** Where it could go on: behind what was begun, and with each key that has no reply yet. */
  point(): ResumePoint {
    return restorePoint(this.source, this.next, this.open());
  }

  private open(): { readonly offset: number; readonly begun: boolean }[] {
    const open = new Map(this.pending);
    for (const offset of this.sent()) if (!open.has(offset)) open.set(offset, false);
    return [...open].map(([offset, begun]) => ({ offset, begun }));
  }

  /** Tells a checkpoint if it is time. @param builds true if keys are being built. @param now true not to wait for it. */
  tell(builds: boolean, now = false): void {
    const { checkpoint } = this.options;
    const time = performance.now();
    if (!checkpoint || (!now && time - this.lastCheckpoint < CHECKPOINT_MS)) return;
    this.lastCheckpoint = time;
    const open = this.open();
    const begun = open.filter((key) => key.begun);
    const named = open.length <= NAMED_KEYS;
    const from = named ? this.next : open.reduce((least, { offset }) => Math.min(least, offset), this.next);
    checkpoint({ resume: restorePoint(this.source, from, named ? open : begun), builds: builds || begun.length > 0 });
  }
}
