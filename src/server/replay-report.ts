/** What a replay has done, as data: for the report of the command line, and for going on later. */

/** A place in the input. */
export interface ReplayPlace {
  readonly part: number;
  readonly file: string;
  /** Bytes from the start of the part. */
  readonly offset: number;
}

/** Why the input ends before its end. */
export interface ReplayProblem extends ReplayPlace {
  /** `tail`: what a server cuts off when it loads the file. `damage`: what it refuses. */
  readonly kind: 'tail' | 'damage';
  readonly message: string;
  /** Bytes behind the place. */
  readonly bytes: number;
}

/** Commands that failed with the same words. */
export interface ErrorGroup {
  /** The first word of the error: `WRONGTYPE`. */
  readonly code: string;
  readonly message: string;
  readonly command: string;
  count: number;
  /** The first of them. */
  readonly places: ReplayPlace[];
}

/** Why commands were not sent. */
export type SkipReason =
  /** Steers the server or empties databases, and was not asked for. */
  | 'admin'
  /** Runs or loads a script whose text names a command that does that. */
  | 'script'
  /** Belongs to a connection, or waits: it cannot be replayed. */
  | 'connection'
  /** The filters do not want it. */
  | 'filter'
  /** It names keys of which the filter wants some only, and cannot be split. */
  | 'partial'
  /** A script, a command without keys, or an unknown one: what it writes cannot be told. */
  | 'unknown-keys'
  /** It reaches beyond what is wanted: other databases, or all keys of one. */
  | 'too-wide'
  /** Its keys are in different slots of the cluster. */
  | 'cross-slot'
  /** Its transaction is too large to be held until it is known which node it goes to. */
  | 'too-large'
  /** A cluster has no database but 0. */
  | 'cluster-database'
  /** It has patterns that name keys, which cannot be given a prefix. */
  | 'pattern';

/** Commands that were not sent, by reason and name. */
export type SkipCounts = Readonly<Partial<Record<SkipReason, Readonly<Record<string, number>>>>>;

/** Where a replay can go on. */
export interface ResumePoint extends ReplayPlace {
  /** Bytes of the part, to tell another file. */
  readonly bytes: number;
  /** What its bytes before the place are told by: see {@link fileMark}. */
  readonly mark?: string;
  /** Of a cluster: which of the commands from here on are left to be done. */
  readonly left?: LeftCommands;
}

/** Commands by file, each with its offset and the slot whose node has to do it; of a transaction its MULTI. */
export type SlotPlaces = Readonly<Record<string, readonly (readonly [offset: number, slot: number])[]>>;

/** Nodes of a cluster do not lose their connections at the same command: what each of them has not acknowledged. */
export interface LeftCommands {
  /** Nothing was sent from here on. */
  readonly upTo: ReplayPlace;
  /** Sent, but nobody knows if they were done. */
  readonly unsure: SlotPlaces;
  /** Surely not done. */
  readonly undone: SlotPlaces;
}

/** Commands that were sent, but whose reply did not come: nobody knows if they were done. */
export interface Unacknowledged {
  readonly count: number;
  readonly from: ReplayPlace;
  readonly to: ReplayPlace;
  /** True if doing all of them again does no harm. */
  readonly harmless: boolean;
  /** Their names with how often they occur. */
  readonly commands: Readonly<Record<string, number>>;
}

export type ReplayOutcome = 'done' | 'stopped' | 'lost';

export interface ReplayReport {
  readonly outcome: ReplayOutcome;
  /** Why it was lost or stopped. */
  readonly reason?: string;
  /** Commands that the input has up to where it was read; transactions' MULTI and EXEC count too. */
  readonly read: number;
  readonly sent: number;
  /** Replies without an error. */
  readonly applied: number;
  readonly failed: number;
  readonly skipped: number;
  readonly skips: SkipCounts;
  readonly errors: readonly ErrorGroup[];
  /** Errors that are counted but in no group. */
  readonly moreErrors: number;
  readonly keysRestored: number;
  readonly bytesSent: number;
  /** Without those in which it stood. */
  readonly seconds: number;
  readonly problem?: ReplayProblem;
  readonly resume?: ResumePoint;
  readonly unacknowledged?: Unacknowledged;
}
