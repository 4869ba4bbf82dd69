/** What can be replayed, by its name, and what is known of it before it is. */
import { AofScan } from '../dataset/aof/aof-scan.js';
import type { AofSet } from '../dataset/aof/aof-set.js';
import type { InputStep, ReplayInput } from './replay-input.js';
import { memoryOfKeys } from './target-checks.js';
import type { TextForm, TextInput } from './text-input.js';

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
}

/** Bytes of memory that an input may take in a server. Commands can take more or less than they have bytes. */
export function memoryNeeded({ bytes, keys = 0 }: InputSummary): number {
  return memoryOfKeys(bytes, keys);
}

/** The summary without a look into the files. */
export function quickSummary(input: ReplayInput): InputSummary {
  return { files: input.parts.length, bytes: input.bytes };
}

/** Counts what is in an AOF, a stretch at a time. Gives the bytes that are done with. */
export function* aofSummary(set: AofSet, input: ReplayInput): Generator<number, InputSummary> {
  const scan = new AofScan(set, () => {});
  while (scan.step()) yield scan.scanned;
  const { commands, preambleKeys: keys, timeRange } = scan;
  return { ...quickSummary(input), commands, keys, ...(timeRange ? { timeRange } : {}) };
}

/** Counts the commands of a text, a stretch at a time. @param input is used up; it is not the one to be replayed. */
export function* textSummary(input: TextInput): Generator<number, InputSummary> {
  let commands = 0;
  for (let step: InputStep = input.next(); step.kind !== 'end'; step = input.next()) {
    if (step.kind !== 'block') continue;
    commands += step.block.length;
    input.pool.release(step.block.buffer);
    yield input.position;
  }
  return { ...quickSummary(input), commands };
}

/** Runs to the end what goes a stretch at a time. */
export function runThrough<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
