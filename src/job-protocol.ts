/**
 * The messages between the extension and a worker that does one long job with a server, and between the extension and
 * the page that shows a job: types only. Passwords are in the message that starts a job and in no other.
 */

import type { ServerAddress } from './server/address.js';
import type { ServerFacts } from './server/facts.js';
import type { ReplayOptions } from './server/replay-options.js';
import type { ErrorGroup as ReplayErrorGroup, ReplayPlace, ReplayReport } from './server/replay-report.js';
import type { ErrorGroup as RestoreErrorGroup, RestoreReport, ResumePoint } from './server/restore-report.js';

export type {
  ReplayErrorGroup,
  ReplayOptions,
  ReplayPlace,
  ReplayReport,
  RestoreErrorGroup,
  RestoreReport,
  ServerFacts,
};
export type RestoreResume = ResumePoint;

/** A server as a job gets it. */
export interface JobServer {
  /** What the user calls it. */
  readonly name: string;
  readonly address: ServerAddress;
  readonly password?: string;
}

/** Keys that were chosen in a key browser: a bit for each key of the file, in its order. */
export interface KeySet {
  readonly bits: Uint8Array;
  /** Keys that are chosen, and keys of the file. */
  readonly keys: number;
  readonly of: number;
}

/** Commands that were chosen in a command browser: a bit for each command of all parts, in their order. */
export interface CommandSet {
  readonly bits: Uint8Array;
  readonly commands: number;
  /** Number of the first command of each part. */
  readonly firsts: readonly (readonly [part: number, first: number])[];
}

/** How the commands of a file are written. */
export type ReplayForm = 'aof' | 'resp' | 'redis';

export interface ReplayJob {
  readonly kind: 'replay';
  readonly path: string;
  readonly form: ReplayForm;
  readonly to: JobServer;
  readonly options: ReplayOptions;
  /** Only these commands. */
  readonly chosen?: CommandSet;
  readonly dryRun: boolean;
  readonly breakpoints: readonly JobBreakpoint[];
}

export interface RestoreJob {
  readonly kind: 'restore';
  readonly path: string;
  readonly to: JobServer;
  readonly options: RestoreJobOptions;
  /** Only these keys, and no functions. */
  readonly chosen?: KeySet;
}

/** How keys are restored; the fields are those of the restore of the room of servers. */
export interface RestoreJobOptions {
  readonly existing: 'error' | 'replace' | 'skip';
  readonly keepExpired: boolean;
  readonly asCommands: boolean;
  readonly dbMap: ReadonlyMap<number, number>;
  readonly dryRun: boolean;
  readonly resume?: RestoreResume;
}

export interface CaptureJob {
  readonly kind: 'capture';
  readonly from: JobServer;
  /** The RDB file to write, or with `follow` the folder of the AOF. */
  readonly out: string;
  readonly follow: boolean;
  readonly overwrite: boolean;
}

/** Loads an AOF up to a moment into a private server, which saves what it then holds. */
export interface MomentJob {
  readonly kind: 'moment';
  readonly path: string;
  readonly until: Moment;
  /** The server program. */
  readonly program: string;
  /** An empty private folder for all that is written; the RDB is `dump.rdb` in it. */
  readonly folder: string;
}

/** The end of what is loaded: behind the command that begins at an offset, or before the first one later than a time. */
export type Moment =
  | { readonly part: number; readonly offset: number }
  /** Seconds since the epoch. */
  | { readonly time: number };

export type Job = ReplayJob | RestoreJob | CaptureJob | MomentJob;

/** Where a replay pauses by itself: before a command that matches all that is given. */
export interface JobBreakpoint {
  /** A glob for one of its keys. */
  readonly key?: string;
  /** Its name. */
  readonly command?: string;
  /** The first command of that time or later: seconds since the epoch. */
  readonly time?: number;
  /** The first command at that offset of a part, or behind. */
  readonly offset?: number;
  readonly part?: number;
}

/** What the extension says to a job, after it has started it. */
export type JobControl =
  /** What was prepared is wanted. */
  | { readonly control: 'begin' }
  | { readonly control: 'pause' }
  | { readonly control: 'resume' }
  /** Sends the next command, and pauses again. */
  | { readonly control: 'step' }
  | { readonly control: 'stop' }
  | { readonly control: 'breakpoints'; readonly breakpoints: readonly JobBreakpoint[] };

export type JobMessage = { readonly start: Job } | JobControl;

/** What is said of a job that cannot begin, or cannot go on. */
export interface JobFailure {
  /** Says what it is: `auth-required`. */
  readonly code: string;
  readonly template: string;
  readonly args: readonly (string | number)[];
}

/** Words of caution before a job, which do not forbid it. */
export type JobCaution =
  | { readonly kind: 'memory'; readonly used: number; readonly limit: number; readonly needed: number }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'tail'; readonly bytes: number; readonly file: string; readonly offset: number }
  | { readonly kind: 'newer'; readonly keys: number };

/** What a replay or a restore is about to do. */
export interface JobSummary {
  readonly files: number;
  readonly bytes: number;
  /** Commands of the stretch that is replayed, whatever the filters leave of them. */
  readonly commands?: number;
  /** Keys that are restored; of a replay those of the RDB that the AOF begins with. */
  readonly keys: number;
  readonly expires?: number;
  readonly functions: number;
  /** Seconds since the epoch, of the commands that have a time. */
  readonly timeRange?: readonly [from: number, to: number];
  readonly server: ServerFacts;
  readonly cautions: readonly JobCaution[];
}

/** How far a job is. */
export interface JobProgress {
  /** Bytes that are done with, and all of them; undefined where nobody knows. */
  readonly done: number;
  readonly of?: number;
  /** Commands or keys that were sent, and that failed. */
  readonly sent: number;
  readonly failed: number;
  /** Seconds that it has run, without pauses; per second, of late; seconds left. */
  readonly seconds: number;
  readonly rate: number;
  readonly left?: number;
}

/** A command before which a replay stands. */
export interface NextCommand extends ReplayPlace {
  readonly number: number;
  readonly time: number | null;
  readonly db: number;
  /** As redis-cli would take it; cut where it is long. */
  readonly text: string;
}

/** What a captured RDB holds. */
export interface CapturedRdb {
  readonly file: string;
  readonly magic: string;
  readonly bytes: number;
  readonly keys: number;
  readonly functions: number;
  readonly checksum: 'ok' | 'mismatch' | 'disabled' | 'absent';
  readonly problems: number;
}

/** How a capture has ended. */
export interface CaptureReport {
  /** Undefined if it was stopped before the RDB had come; nothing was kept then. */
  readonly rdb?: CapturedRdb;
  readonly offset?: number;
  /** Times that the link was broken and resumed. */
  readonly resumed: number;
  /** Why it ended, if it was not stopped. */
  readonly ended?: string;
}

/** What a moment came to. */
export interface MomentReport {
  readonly dump: string;
  readonly keys: number;
  /** The program that loaded it: `redis 7.0.15`. */
  readonly program: string;
  readonly commands: number;
}

/** What a job tells. */
export type JobEvent =
  | { readonly event: 'prepared'; readonly summary: JobSummary }
  | { readonly event: 'progress'; readonly progress: JobProgress; readonly errors?: readonly ReplayErrorGroup[] }
  /** A replay stands before a command, or goes on (`next` null). */
  | { readonly event: 'paused'; readonly next: NextCommand | null; readonly breakpoint: boolean }
  /** The RDB of a capture has come whole and is checked; what follows is written beside it. */
  | { readonly event: 'captured'; readonly rdb: CapturedRdb }
  | { readonly event: 'followed'; readonly offset: number; readonly bytes: number }
  | { readonly event: 'link'; readonly state: 'lost' | 'resumed'; readonly reason: string }
  | { readonly event: 'step'; readonly step: 'writing' | 'loading' | 'saving'; readonly done: number }
  | { readonly event: 'replayed'; readonly report: ReplayReport }
  | { readonly event: 'restored'; readonly report: RestoreReport; readonly seconds: number }
  | { readonly event: 'captureEnded'; readonly report: CaptureReport }
  | { readonly event: 'loaded'; readonly report: MomentReport }
  | { readonly event: 'failed'; readonly failure: JobFailure };

/** What an editor tells of the rows that are selected in it, whenever that changes. */
export interface EditorSelection {
  readonly of: 'keys' | 'commands';
  readonly view: number;
  /** Ranges of positions, both ends included. */
  readonly positions: readonly (readonly [number, number])[];
  /** Rows that are selected. */
  readonly rows: number;
  /** True if a filter is set. */
  readonly filtered: boolean;
  /** Number of the command with the focus; null for damage and for keys. */
  readonly command: number | null;
  /** Of the keys of an AOF, the part whose RDB holds them; else null. */
  readonly part: number | null;
}

/** What engines answer for jobs. */
export interface ChosenRequests {
  /** Keys at ranges of positions of a view, folders with all that is in them; all that pass its filter if null. */
  'view.chosen': {
    params: { view: number; positions: readonly (readonly [number, number])[] | null };
    result: KeySet;
  };
}

export interface ChosenCommandRequests {
  /** Commands at ranges of positions, transactions whole. */
  'commands.chosen': {
    params: { view: number; positions: readonly (readonly [number, number])[] };
    result: CommandSet;
  };
}

/** What an editor asks of the extension. */
export interface JobHostRequests {
  'host.selection': { params: { selection: EditorSelection }; result: Record<string, never> };
}
