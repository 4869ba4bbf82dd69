/** What a restore is asked to do, and how it tells of itself. */
import type { RestoreCheckpoint, ResumePoint } from './restore-report.js';

/** Keys that were chosen one by one. */
export interface ChosenKeys {
  has(number: number): boolean;
  /** Number of the last one; −1 if there is none. */
  readonly last: number;
}

/** Which keys are restored, and how. */
export interface RestoreOptions {
  /** Only keys of this database. */
  readonly db?: number | undefined;
  /** Only keys whose name matches this glob. */
  readonly match?: Uint8Array | undefined;
  /** Only keys of this type, as TYPE names it. */
  readonly type?: string | undefined;
  /** Only these keys, by their number in the file from 0, and no functions. */
  readonly chosen?: ChosenKeys | undefined;
  /** What happens to keys that the server has: an error is noted, they are replaced, or left alone and counted. */
  readonly existing: 'error' | 'replace' | 'skip';
  /** Restores keys whose time is over too, without their expiry: a server would delete them at once. */
  readonly keepExpired: boolean;
  /** Builds all values by commands. */
  readonly asCommands: boolean;
  /** Databases of the server by those of the file; others keep their number. */
  readonly dbMap: ReadonlyMap<number, number>;
  /** Writes nothing: asks the server which of the keys it has. */
  readonly dryRun: boolean;
  /** Reads each value before it is sent; for files whose checksum does not say that they are as they were written. */
  readonly verify: boolean;
  readonly resume?: ResumePoint | undefined;
  /** Stops the restore; what is on its way is waited for. */
  readonly signal?: AbortSignal | undefined;
  /** Told now and then how far it has come. */
  readonly progress?: ((state: RestoreProgress) => void) | undefined;
  /** Told about once a second where it could go on if it were cut off. */
  readonly checkpoint?: ((checkpoint: RestoreCheckpoint) => void) | undefined;
  /** Holds it between two stretches of the file, where that is wanted. */
  readonly hold?: ((position: number) => Promise<void> | undefined) | undefined;
  /** Seconds that the server may leave commands without any reply. */
  readonly replySeconds?: number;
}

/** How far a restore has come. */
export interface RestoreProgress {
  /** Bytes of the file that were read. */
  readonly position: number;
  readonly restored: number;
  readonly failed: number;
}
