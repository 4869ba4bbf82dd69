/** What can be replayed, by its name, and what is known of it before it is. */
import type { ReplayInput } from './replay-input.js';
import type { ScriptCounts } from './script-counter.js';
import { memoryOfKeys } from './target-checks.js';
import type { TextForm } from './text-input.js';

/** How the commands of a file are written, by its name; undefined for AOFs, which are told by what is in them. */
export function textFormOf(fileName: string): TextForm | undefined {
  if (/\.resp$/i.test(fileName)) return 'resp';
  return /\.(redis|rediscmd)$/i.test(fileName) ? 'redis' : undefined;
}

/** What is known of an input before it is replayed. */
export interface InputSummary {
  readonly files: number;
  readonly bytes: number;
  /** Undefined if they were not counted. */
  readonly commands?: number;
  /** Keys of the RDBs that parts begin with. */
  readonly keys?: number;
  /** Seconds since the epoch. */
  readonly timeRange?: readonly [from: number, to: number];
  readonly scripts?: ScriptCounts;
}

/** Bytes of memory that an input may take in a server. Commands can take more or less than they have bytes. */
export function memoryNeeded({ bytes, keys = 0 }: InputSummary): number {
  return memoryOfKeys(bytes, keys);
}

/** The summary without a look into the files. */
export function quickSummary(input: ReplayInput): InputSummary {
  return { files: input.parts.length, bytes: input.bytes };
}

/** Runs to the end what goes a stretch at a time. */
export function runThrough<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
