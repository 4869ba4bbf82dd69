/** How the command line is used, and the error for using it otherwise. */

export const USAGE = `Usage: redis-persistence COMMAND FILE [OPTIONS]

FILE is an RDB file or an AOF: a single file, a manifest, or the folder of a multi-part AOF.

Commands
  info FILE       what the file holds, as one JSON object
  decode FILE     every key of an RDB file, or of the RDB that an AOF begins with, as JSON Lines; binary is Base64
  commands FILE   every command of an AOF, as JSON Lines, in the order in which a server runs them
  check FILE      reads everything and reports what is wrong, with offsets
  repair FILE     writes a mended AOF to a new file or folder; nothing is changed in place

Options of decode
  --db NUMBER    only keys of this database
  --match GLOB   only keys whose name matches, as KEYS matches: * ? [a-z] \\
  --type NAME    only keys of this type: string, list, set, zset, hash, stream …
  --keys-only    leave the values out

Options of info
  --deep         read every value of an RDB file, as check does; files up to 64 MiB are always read so
  --shallow      never read values: index and checksum only

Options of commands
  --history      commands of history files too, which servers do not load

Options of repair
  --out NEW          the file or folder to write; it must not exist
  --dry-run          write nothing: list what would be lost, as JSON Lines
  --cut-tail         cut off what is not whole at the end, and an open transaction; this is what happens without an option
  --cut-at-time T    cut before the first annotation later than T: seconds since the epoch, or a date
  --drop-damage      leave out what is no command, and keep the commands behind it
  --restore-crs      write CR LF where a tool has left LF only, as git's autocrlf does

  --help         this text
  --version      the version of this program

Exit status: 0 nothing wrong; 1 the file has problems, all that is intact was printed; 2 wrong use or unreadable file.
`;

/** The command line was not used as {@link USAGE} says. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
