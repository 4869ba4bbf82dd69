/** What is replayed, where it goes, and how fast. */
import type { KnownCommandGroup } from '../decoder/aof/command-table.js';
import type { ReplayPlace } from './replay-report.js';

/** Commands that were chosen one by one, by their place among those of a part, from 0. */
export interface ChosenCommands {
  has(part: number, place: number): boolean;
  /** True if neither this command nor one behind it is chosen. */
  isOver(part: number, place: number): boolean;
}

/** Of the commands before a place, those that are to be sent, and for which slots; what is behind it is sent as it is. */
export interface OnlyPlaces {
  readonly part: number;
  readonly offset: number;
  /** Slots by place, written `part:offset`; of a transaction the place of its MULTI. */
  readonly slots: ReadonlyMap<string, ReadonlySet<number>>;
}

/** Which commands of the input are wanted. A transaction is taken as a whole or, where it is cut, not at all. */
export interface ReplayWhat {
  /** Numbers of the first and the last command, counted from 1 over all parts. */
  readonly from?: number;
  readonly to?: number;
  /** Only these, of which transactions have their MULTI and EXEC. */
  readonly chosen?: ChosenCommands;
  /** Stops before the first command behind a later annotation: seconds since the epoch. */
  readonly untilTime?: number;
  /** Stops before the first command that begins there or later. */
  readonly untilOffset?: { readonly part: number; readonly offset: number };
  /** Leaves out what is before, as it was done earlier; of a cluster also what nodes have done behind it. */
  readonly resume?: Pick<ReplayPlace, 'part' | 'offset'> & { readonly only?: OnlyPlaces };
  readonly dbs?: ReadonlySet<number>;
  /** A glob as KEYS has it. A command is taken if all of its keys match; those that can be split are. */
  readonly keys?: Uint8Array;
  /** Names in upper case. */
  readonly commands?: ReadonlySet<string>;
  readonly groups?: ReadonlySet<KnownCommandGroup | 'unknown'>;
  /** Leaves out the RDB that a file begins with. */
  readonly commandsOnly: boolean;
  /** Takes also what steers the server or empties databases. */
  readonly admin: boolean;
}

/** What is changed on the way. */
export interface ReplayWhere {
  /** Database of the target by database of the input; the others stay as they are. */
  readonly dbMap: ReadonlyMap<number, number>;
  readonly addPrefix?: Uint8Array;
  /** Taken off keys that have it, before another is added. */
  readonly removePrefix?: Uint8Array;
}

/** How it goes. */
export interface ReplayHow {
  /** Commands a second; as fast as it goes without. */
  readonly rate?: number;
  /** Times as fast as the annotations say; 1 is the original timing. */
  readonly speed?: number;
  /** Sends a command only when the one before it is done, and stops at the first error. */
  readonly stopAtError: boolean;
}

export interface ReplayOptions extends ReplayWhat, ReplayWhere, ReplayHow {}

/** Everything, as it is, as fast as it goes. */
export const REPLAY_ALL: ReplayOptions = { admin: false, commandsOnly: false, dbMap: new Map(), stopAtError: false };
