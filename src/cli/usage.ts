/** How the command line is used, and the error for using it otherwise. */

export const USAGE = `Usage: redis-persistence COMMAND FILE [OPTIONS]

Commands
  info FILE      what the file holds, as one JSON object
  decode FILE    every key with its value, as JSON Lines; all binary is Base64
  check FILE     reads every value and reports what is wrong, with offsets

Options of decode
  --db NUMBER    only keys of this database
  --match GLOB   only keys whose name matches, as KEYS matches: * ? [a-z] \\
  --type NAME    only keys of this type: string, list, set, zset, hash, stream …
  --keys-only    leave the values out

Options of info
  --deep         read every value, as check does; files up to 64 MiB are always read so
  --shallow      never read values: index and checksum only

  --help         this text
  --version      the version of this program

Exit status: 0 nothing wrong; 1 the file has problems, all that is intact was printed; 2 wrong use or unreadable file.
`;

/** The command line was not used as {@link USAGE} says. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
