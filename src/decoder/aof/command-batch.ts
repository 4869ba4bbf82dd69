/** Commands of a stretch of an AOF, as columns: what the scan hands on without decoding an argument. */

/** The command stands between a MULTI and its EXEC, these two included. */
export const IN_TRANSACTION = 1;
/** The command is a MULTI that opens a transaction, or the EXEC that closes one. */
export const OPENS_TRANSACTION = 2;
export const CLOSES_TRANSACTION = 4;
/** The command stands behind damage: no server would get to it. */
export const AFTER_DAMAGE = 8;

/** The columns; entries from 0 to `length` are valid, and overwritten by the next batch. */
export interface CommandBatch {
  length: number;
  /** Where the command begins: bytes from the start of its part. */
  readonly offset: Float64Array;
  /** Bytes of the whole command, its header included. */
  readonly size: Float64Array;
  /** Number of arguments, the name included. */
  readonly argc: Uint32Array;
  /** Number of the command's name in the {@link CommandNames} of the scan. */
  readonly name: Uint16Array;
  /** Database that is selected when the command runs. */
  readonly db: Uint32Array;
  /** Seconds since the epoch of the last annotation before the command; 0 if there was none. */
  readonly time: Float64Array;
  /** {@link IN_TRANSACTION} and the like. */
  readonly flags: Uint8Array;
  /**
   * 1 if the command was found to be written as clients write it: lengths without zeros before them, CR LF behind
   * each. 0 says only that nobody has looked.
   */
  readonly plain: Uint8Array;
  /** The keys that the commands name, if the scan was asked for them. */
  readonly keys: KeyRefBatch;
}

/** Keys that commands name, in the order of the file. */
export interface KeyRefBatch {
  length: number;
  /** Number within the batch of the command that names the key. */
  readonly command: Uint32Array;
  /** Where the bytes of the name begin, from the start of the part, and how many they are. */
  readonly offset: Float64Array;
  readonly bytes: Uint32Array;
  /** A hash of database and name, 64 bits in two halves. */
  readonly hashLow: Uint32Array;
  readonly hashHigh: Uint32Array;
}

/** The names of commands that occur, each with a number: as they are written in the table of commands, else in upper case. */
export interface CommandNames {
  readonly count: number;
  /** The name of a number; of a command with subcommands only its first word. */
  name(number: number): string;
}
