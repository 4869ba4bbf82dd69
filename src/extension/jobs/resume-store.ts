/** Jobs that did not come to their end, remembered with the workspace so that they can go on later. Nothing of it is secret. */
import type { Memento } from 'vscode';
import type { CommandSet, KeySet, ReplayForm, RestoreResume, ResumeInfo } from '../../job-protocol.js';
import type { JobMarks } from '../platform.js';
import type { ReplayChoices } from './replay-choices.js';
import type { ReplayStretch } from './replay-what.js';
import type { RestoreChoices } from './restore-choices.js';

const KEY = 'stoppedReplays';
/** Jobs that are remembered, the latest first. */
const LIMIT = 20;
/** Ranges of chosen commands or keys that are remembered; a selection of more has to be made again. */
const RANGE_LIMIT = 20_000;

interface Remembered {
  readonly id: string;
  /** Address of the file. */
  readonly uri: string;
  readonly path: string;
  readonly name: string;
  /** Name of the server in the settings. */
  readonly server: string;
  /** Milliseconds since the epoch: when it stopped, or was last heard of. */
  readonly stopped: number;
}

/** A replay that was stopped, or interrupted. */
export interface StoppedReplay extends Remembered {
  readonly kind: 'replay';
  readonly form: ReplayForm;
  readonly choices: ReplayChoices;
  readonly stretch: ReplayStretch;
  readonly from: ResumeInfo;
  /** Given if it ended without a report: what lies behind the place may have been done. */
  readonly interrupted?: Interrupted;
}

/** What was last heard of a replay. */
export interface Interrupted {
  /** Commands behind the place that were on their way then, at most; and how many a second were sent. */
  readonly sent: number;
  readonly rate: number;
}

/** A restore that was stopped, or interrupted. */
export interface StoppedRestore extends Remembered {
  readonly kind: 'restore';
  readonly keys: { readonly chosen?: KeySet; readonly words: string };
  readonly choices: RestoreChoices;
  readonly resume: RestoreResume;
  /** Given if it ended without a report. */
  readonly interrupted?: {
    /** True if it built keys by commands: one of them may be half there. */
    readonly builds: boolean;
  };
}

export type StoppedJob = StoppedReplay | StoppedRestore;

/** How far a job has come, and nothing else of it. */
export type JobNews =
  | Pick<StoppedReplay, 'from' | 'interrupted'>
  | Pick<StoppedRestore, 'resume' | 'interrupted'>
  | typeof DONE;

/** Nothing is left of a job. */
export const DONE = { done: true } as const;

/** The form in which they are kept: plain JSON. Replays were the only ones once, and had no kind. */
type Kept = KeptReplay | KeptRestore;

interface KeptReplay extends Omit<StoppedReplay, 'kind' | 'choices' | 'stretch'> {
  readonly kind?: 'replay';
  readonly choices: Omit<ReplayChoices, 'dbMap'> & { readonly dbMap: readonly (readonly [number, number])[] };
  readonly stretch: Omit<ReplayStretch, 'chosen'> & { readonly chosen?: KeptCommands };
}

interface KeptRestore extends Omit<StoppedRestore, 'choices' | 'keys'> {
  readonly choices: Omit<RestoreChoices, 'dbMap'> & { readonly dbMap: readonly (readonly [number, number])[] };
  readonly keys: { readonly chosen?: KeptBits & Omit<KeySet, 'bits'>; readonly words: string };
}

interface KeptBits {
  readonly length: number;
  readonly ranges: readonly (readonly [first: number, count: number])[];
}

type KeptCommands = KeptBits & Omit<CommandSet, 'bits'>;

/** The jobs that were stopped, the latest first. */
export function stoppedJobs(state: Memento): StoppedJob[] {
  return state.get<readonly Kept[]>(KEY, []).map(opened);
}

/** Remembers a job, in the place of one with the same id. @returns false if it is too large to be remembered. */
export async function rememberJob(state: Memento, job: StoppedJob): Promise<boolean> {
  const kept = closed(job);
  const others = state.get<readonly Kept[]>(KEY, []).filter(({ id }) => id !== job.id);
  await state.update(KEY, [...(kept ? [kept] : []), ...others].slice(0, LIMIT));
  return kept !== undefined;
}

/** Notes how far a job has come that is remembered, and nothing else of it; does nothing for one that is not. */
export async function noteProgress(state: Memento, id: string, news: JobNews, stopped: number): Promise<void> {
  const all = state.get<readonly Kept[]>(KEY, []);
  const kept = all.find((one) => one.id === id);
  if (!kept) return;
  const { interrupted: _, ...rest } = kept;
  const noted = { ...rest, ...news, stopped } as Kept;
  await state.update(
    KEY,
    all.map((one) => (one === kept ? noted : one)),
  );
}

/**
 * Takes over what processes have told that outlive their window: nothing of it came to where the workspace keeps it.
 *
 * @param own jobs that run in this window.
 * @returns the ids of the jobs that others run.
 */
export async function heardOfOthers(
  state: Memento,
  marks: Pick<JobMarks, 'read' | 'remove'>,
  own: ReadonlySet<string>,
): Promise<Set<string>> {
  const running = new Set<string>();
  for (const { id, stopped } of stoppedJobs(state)) {
    const mark = own.has(id) ? undefined : marks.read(id);
    if (!mark) continue;
    if (mark.runs) running.add(id);
    const news = mark.news as JobNews;
    if ('done' in news) await forgetJob(state, id);
    else if (mark.time > stopped) await noteProgress(state, id, news, mark.time);
    if (!mark.runs) marks.remove(id);
  }
  return running;
}

/** Forgets a job that has come to its end. */
export async function forgetJob(state: Memento, id: string): Promise<void> {
  await state.update(
    KEY,
    state.get<readonly Kept[]>(KEY, []).filter((kept) => kept.id !== id),
  );
}

function closed(job: StoppedJob): Kept | undefined {
  const dbMap = [...job.choices.dbMap];
  if (job.kind === 'replay') {
    const { chosen, ...others } = job.stretch;
    const commands = chosen && keptCommands(chosen);
    if (chosen && !commands) return undefined;
    return {
      ...job,
      choices: { ...job.choices, dbMap },
      stretch: { ...others, ...(commands ? { chosen: commands } : {}) },
    };
  }
  const { chosen, words } = job.keys;
  const bits = chosen && keptBits(chosen.bits);
  if (chosen && !bits) return undefined;
  const keys = chosen && bits ? { chosen: { ...bits, keys: chosen.keys, of: chosen.of }, words } : { words };
  return { ...job, choices: { ...job.choices, dbMap }, keys };
}

function opened(kept: Kept): StoppedJob {
  const dbMap = new Map(kept.choices.dbMap);
  if (kept.kind === 'restore') {
    const { chosen, words } = kept.keys;
    const keys = chosen ? { chosen: { bits: openedBits(chosen), keys: chosen.keys, of: chosen.of }, words } : { words };
    return { ...kept, choices: { ...kept.choices, dbMap }, keys };
  }
  const { chosen, ...others } = kept.stretch;
  return {
    ...kept,
    kind: 'replay',
    choices: { ...kept.choices, dbMap },
    stretch: { ...others, ...(chosen ? { chosen: openedCommands(chosen) } : {}) },
  };
}

/** Chosen commands as ranges; undefined if they are too many. */
export function keptCommands({ bits, commands, firsts }: CommandSet): KeptCommands | undefined {
  const kept = keptBits(bits);
  return kept && { ...kept, commands, firsts };
}

/** Chosen commands as they were before {@link keptCommands}. */
export function openedCommands(kept: KeptCommands): CommandSet {
  return { bits: openedBits(kept), commands: kept.commands, firsts: kept.firsts };
}

function keptBits(bits: Uint8Array): KeptBits | undefined {
  const ranges: [number, number][] = [];
  for (let byte = 0; byte < bits.length; byte++) {
    if (bits[byte] === 0) continue;
    for (let bit = 0; bit < 8; bit++) {
      if (((bits[byte] >> bit) & 1) === 0) continue;
      const number = byte * 8 + bit;
      const last = ranges.at(-1);
      if (last && last[0] + last[1] === number) last[1]++;
      else if (ranges.length === RANGE_LIMIT) return undefined;
      else ranges.push([number, 1]);
    }
  }
  return { length: bits.length, ranges };
}

function openedBits({ length, ranges }: KeptBits): Uint8Array {
  const bits = new Uint8Array(length);
  for (const [first, count] of ranges) {
    for (let number = first; number < first + count; number++) bits[number >> 3] |= 1 << (number & 7);
  }
  return bits;
}
