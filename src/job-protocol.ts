/**
 * The messages between the extension and a worker that does one long job with a server, and between the extension and
 * the page that shows a job: types only. Passwords are in the message that starts a job and in no other.
 */

import type { ServerErrorCode } from './server/errors.js';
import type { ServerFacts } from './server/facts.js';
import type { ReplayCheckpoint } from './server/replay-checkpoint.js';
import type { Breakpoint } from './server/replay-control.js';
import type { ReplayInputCode } from './server/replay-errors.js';
import type { ReplayOptions } from './server/replay-options.js';
import type {
  ErrorGroup as ReplayErrorGroup,
  ReplayPlace,
  ReplayReport,
  SkipReason,
  Unacknowledged,
} from './server/replay-report.js';
import type { ResumeInfo } from './server/replay-resume.js';
import type {
  RestoreCheckpoint,
  ErrorGroup as RestoreErrorGroup,
  RestoreReport,
  ResumePoint,
} from './server/restore-report.js';
import type { ScriptCounts } from './server/script-counter.js';
import type { ServerTarget } from './server/target.js';
import type { TargetCaution } from './server/target-checks.js';

export type {
  Breakpoint,
  ReplayCheckpoint,
  ReplayErrorGroup,
  ReplayOptions,
  ReplayPlace,
  ReplayReport,
  RestoreCheckpoint,
  RestoreErrorGroup,
  RestoreReport,
  ResumeInfo,
  ServerErrorCode,
  ServerFacts,
  ServerTarget,
  SkipReason,
  Unacknowledged,
};
export type RestoreResume = ResumePoint;

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
  readonly to: ServerTarget;
  readonly options: ReplayOptions;
  /** Only these commands. */
  readonly chosen?: CommandSet;
  readonly dryRun: boolean;
  /** Goes on where an earlier replay ended. */
  readonly goOn?: { readonly from: ResumeInfo; readonly unacknowledged?: 'retry' | 'skip' };
  readonly breakpoints: readonly Breakpoint[];
  /** Stands before the first command until it is told to go on. */
  readonly paused: boolean;
}

export interface RestoreJob {
  readonly kind: 'restore';
  readonly path: string;
  readonly to: ServerTarget;
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
  readonly from: ServerTarget;
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
  /** The server program of the settings; null for one of the path. */
  readonly program: string | null;
  /** Name of the RDB, in a private folder that is made for it. */
  readonly name: string;
}

/** The end of what is loaded: behind the command that begins at an offset, or before the first one later than a time. */
export type Moment =
  | { readonly part: number; readonly offset: number }
  /** Seconds since the epoch. */
  | { readonly time: number };

export type Job = ReplayJob | RestoreJob | CaptureJob | MomentJob;

/** What the extension says to a job, after it has started it. */
export type JobControl =
  /** What was prepared is wanted. */
  | { readonly control: 'begin' }
  | { readonly control: 'pause' }
  | { readonly control: 'resume' }
  /** Sends the next command, and pauses again. */
  | { readonly control: 'step' }
  | { readonly control: 'stop' }
  | { readonly control: 'breakpoints'; readonly breakpoints: readonly Breakpoint[] };

export type JobMessage = { readonly start: Job } | JobControl;

/** Why a job cannot begin, or not go on: as data, for a sentence in the language of the user. */
export type JobFailure =
  | { readonly of: 'server'; readonly code: ServerErrorCode; readonly args: readonly (string | number)[] }
  | { readonly of: 'input'; readonly code: ReplayInputCode; readonly args: readonly (string | number)[] }
  | { readonly of: 'job'; readonly code: JobFailureCode; readonly args: readonly (string | number)[] };

export type JobFailureCode =
  /** It was stopped before it had begun. */
  | 'stopped'
  | 'file'
  | 'file-changed'
  | 'file-exists'
  | 'not-rdb'
  /** A server does not replicate. */
  | 'refused'
  | 'no-sockets'
  | 'no-program'
  | 'program-failed'
  | 'no-such-moment'
  | 'other';

/** Words of caution before a job, which do not forbid it. */
export type JobCaution =
  | TargetCaution
  | { readonly kind: 'damaged' }
  /** There are scripts. @param sent true if those are sent too that name what steers the server. */
  | ({ readonly kind: 'scripts'; readonly sent: boolean } & ScriptCounts);

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

/** Where a replay stands while it is paused. */
export interface Standing {
  readonly reason: 'pause' | 'step' | 'breakpoint';
  /** Position of the breakpoint in the list. */
  readonly breakpoint: number | null;
  /** The command that the breakpoint is for, if it is within a transaction that is sent as a whole. */
  readonly hit?: ReplayPlace;
  readonly place: ReplayPlace;
  /** Number of the next command, as its editor counts: from 0 in an AOF, from 1 in a text. */
  readonly number: number;
  /** Seconds since the epoch. */
  readonly time: number | null;
  readonly db: number;
  /** The next command as redis-cli would take it, cut where it is long; null within an RDB that is being restored. */
  readonly text: string | null;
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
  /** Where the RDB is. */
  readonly dump: string;
  readonly keys: number;
  /** The program that loaded it: `redis 7.0.15`. */
  readonly program: string;
  readonly commands: number;
  /** Commands that were left out because they steer a server and write no data, by name. */
  readonly leftOut: Readonly<Record<string, number>>;
}

/** What a job tells. */
export type JobEvent =
  | { readonly event: 'prepared'; readonly summary: JobSummary }
  | { readonly event: 'progress'; readonly progress: JobProgress; readonly errors?: readonly ReplayErrorGroup[] }
  /** Where it could go on if it were cut off: before it begins, about once a second, and where it stands. */
  | { readonly event: 'checkpoint'; readonly replay: ReplayCheckpoint }
  | { readonly event: 'checkpoint'; readonly restore: RestoreCheckpoint }
  /** A replay stands, or goes on again (null). */
  | { readonly event: 'paused'; readonly standing: Standing | null }
  /** The RDB of a capture has come whole and is checked; what follows is written beside it. */
  | { readonly event: 'captured'; readonly rdb: CapturedRdb }
  | { readonly event: 'followed'; readonly bytes: number }
  | { readonly event: 'link'; readonly state: 'lost' | 'resumed'; readonly reason: string }
  /** What a moment is at; how far, by bytes or per cent. */
  | { readonly event: 'step'; readonly step: 'writing' | 'loading' | 'saving'; readonly progress: JobProgress }
  /** `changed` is true if bytes of the file were overwritten or cut off while it was read. */
  | { readonly event: 'replayed'; readonly report: ReplayReport; readonly changed: boolean }
  | {
      readonly event: 'restored';
      readonly report: RestoreReport;
      readonly seconds: number;
      readonly changed: boolean;
    }
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

/** A breakpoint as it is typed and shown. */
export interface BreakpointText {
  readonly kind: Breakpoint['kind'];
  readonly text: string;
}

/** What the page of a job shows. */
export interface JobView {
  readonly kind: 'replay' | 'restore';
  readonly state: 'running' | 'paused' | 'stopping' | 'ended';
  readonly dryRun: boolean;
  /** Name of the file, and name and address of the server. */
  readonly file: string;
  readonly server: string;
  readonly address: string;
  /** What was asked for, in the words of the confirmation. */
  readonly lines: readonly (readonly [label: string, text: string])[];
  readonly progress: JobProgress | null;
  readonly standing: Standing | null;
  readonly breakpoints: readonly BreakpointText[];
  readonly errors: readonly JobErrorGroup[];
  /** Errors that are in no group. */
  readonly moreErrors: number;
  /** Why it could not go on at all. */
  readonly failure: string | null;
  /** What came of it. */
  readonly result: JobResult | null;
}

/** Commands or keys that failed for the same reason. */
export interface JobErrorGroup {
  /** The name of the command; empty for keys. */
  readonly command: string;
  readonly message: string;
  readonly count: number;
  /** The first of them: where they stand, and the names of keys. */
  readonly places: readonly JobErrorPlace[];
}

export interface JobErrorPlace {
  readonly part: number;
  readonly file: string;
  readonly offset: number;
  /** Of a key. */
  readonly name?: string;
}

/** The result of a job, in words that are translated already. */
export interface JobResult {
  readonly outcome: 'done' | 'stopped' | 'lost';
  readonly sentence: string;
  readonly facts: readonly (readonly [label: string, text: string])[];
  /** What was left out, why and how much. */
  readonly skips: readonly (readonly [reason: string, what: string])[];
  /** What has to be known beside that: damage, an unknown fate of commands. */
  readonly notes: readonly string[];
  readonly canGoOn: boolean;
}

/** What the page of a job asks for. */
export interface JobPageRequests {
  'job.view': { params: Record<string, never>; result: { readonly view: JobView } };
  'job.control': {
    params: { control: 'pause' | 'resume' | 'step' | 'stop' };
    result: Record<string, never>;
  };
  /** Answered with why a text is no breakpoint; null if it was set. */
  'job.addBreakpoint': { params: BreakpointText; result: { readonly problem: string | null } };
  'job.removeBreakpoint': { params: { at: number }; result: Record<string, never> };
  'job.show': { params: { place: JobErrorPlace }; result: Record<string, never> };
  'job.saveReport': { params: Record<string, never>; result: Record<string, never> };
  'job.goOn': { params: Record<string, never>; result: Record<string, never> };
}

/** What the page of a job is told. */
export interface JobPageEvent {
  readonly event: 'job';
  readonly view: JobView;
}

/** What the page of a job needs to start. */
export interface JobPageState {
  readonly view: JobView;
  /** Translations by English text. */
  readonly strings: Readonly<Record<string, string>>;
}
