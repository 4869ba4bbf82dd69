/** Replays that were stopped, remembered with the workspace so that they can go on later. Nothing of it is secret. */
import type { Memento } from 'vscode';
import type { CommandSet, ReplayForm, ResumeInfo } from '../../job-protocol.js';
import type { ReplayChoices } from './replay-choices.js';
import type { ReplayStretch } from './replay-what.js';

const KEY = 'stoppedReplays';
/** Replays that are remembered, the latest first. */
const LIMIT = 20;
/** Ranges of chosen commands that are remembered; a selection of more has to be made again. */
const RANGE_LIMIT = 20_000;

/** A replay that was stopped. */
export interface StoppedReplay {
  readonly id: string;
  /** Address of the file. */
  readonly uri: string;
  readonly path: string;
  readonly name: string;
  readonly form: ReplayForm;
  /** Name of the server in the settings. */
  readonly server: string;
  readonly choices: ReplayChoices;
  readonly stretch: ReplayStretch;
  readonly from: ResumeInfo;
  /** Milliseconds since the epoch. */
  readonly stopped: number;
}

/** The form in which it is kept: plain JSON. */
interface Kept extends Omit<StoppedReplay, 'choices' | 'stretch'> {
  readonly choices: Omit<ReplayChoices, 'dbMap'> & { readonly dbMap: readonly (readonly [number, number])[] };
  readonly stretch: Omit<ReplayStretch, 'chosen'> & { readonly chosen?: KeptCommands };
}

interface KeptCommands {
  readonly length: number;
  readonly ranges: readonly (readonly [first: number, count: number])[];
  readonly commands: number;
  readonly firsts: CommandSet['firsts'];
}

/** The replays that were stopped, the latest first. */
export function stoppedReplays(state: Memento): StoppedReplay[] {
  return state.get<readonly Kept[]>(KEY, []).map(opened);
}

/** Remembers a replay, in the place of one with the same id. @returns false if it is too large to be remembered. */
export async function rememberReplay(state: Memento, replay: StoppedReplay): Promise<boolean> {
  const kept = closed(replay);
  const others = state.get<readonly Kept[]>(KEY, []).filter(({ id }) => id !== replay.id);
  await state.update(KEY, [...(kept ? [kept] : []), ...others].slice(0, LIMIT));
  return kept !== undefined;
}

/** Forgets a replay that has come to its end. */
export async function forgetReplay(state: Memento, id: string): Promise<void> {
  await state.update(
    KEY,
    state.get<readonly Kept[]>(KEY, []).filter((kept) => kept.id !== id),
  );
}

function closed({ choices, stretch, ...rest }: StoppedReplay): Kept | undefined {
  const { chosen, ...others } = stretch;
  const commands = chosen && keptCommands(chosen);
  if (chosen && !commands) return undefined;
  return {
    ...rest,
    choices: { ...choices, dbMap: [...choices.dbMap] },
    stretch: { ...others, ...(commands ? { chosen: commands } : {}) },
  };
}

function opened({ choices, stretch, ...rest }: Kept): StoppedReplay {
  const { chosen, ...others } = stretch;
  return {
    ...rest,
    choices: { ...choices, dbMap: new Map(choices.dbMap) },
    stretch: { ...others, ...(chosen ? { chosen: openedCommands(chosen) } : {}) },
  };
}

/** Chosen commands as ranges; undefined if they are too many. */
export function keptCommands({ bits, commands, firsts }: CommandSet): KeptCommands | undefined {
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
  return { length: bits.length, ranges, commands, firsts };
}

/** Chosen commands as they were before {@link keptCommands}. */
export function openedCommands({ length, ranges, commands, firsts }: KeptCommands): CommandSet {
  const bits = new Uint8Array(length);
  for (const [first, count] of ranges) {
    for (let number = first; number < first + count; number++) bits[number >> 3] |= 1 << (number & 7);
  }
  return { bits, commands, firsts };
}
