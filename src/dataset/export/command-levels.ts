/** Releases that know a command, or what it is given, as {@link ExportTarget.level}. */

const HSET_OF_MANY = 400;
export const MILLISECONDS = 206;
export const ABSOLUTE_TTL = 500;
export const STREAMS = 500;
export const COUNTERS = 700;
export const FUNCTIONS = 700;
export const ARRAYS = 808;

/** The command that makes a hash of several fields. */
export function hashCommand(level: number): string {
  return level < HSET_OF_MANY ? 'HMSET' : 'HSET';
}
