/** How the command line is used, and the error for using it otherwise. */

export const USAGE = `Usage: redis-persistence COMMAND FILE [OPTIONS]

FILE is an RDB file or an AOF: a single file, a manifest, or the folder of a multi-part AOF.

Commands
  info FILE       what the file holds, as one JSON object
  decode FILE     every key of an RDB file, or of the RDB that an AOF begins with, as JSON Lines; binary is Base64
  memory FILE     what each key costs in memory, as JSON Lines
  commands FILE   every command of an AOF, as JSON Lines, in the order in which a server runs them
  check FILE      reads everything and reports what is wrong, with offsets
  report FILE     writes where the memory of an RDB file goes, and what stands out, as one page of HTML
  repair FILE     writes a mended AOF to a new file or folder; nothing is changed in place
  replay FILE     sends the commands of an AOF, or of a .resp or .redis text, to a server
  restore FILE    puts the keys of an RDB file into a server
  diff A B        which keys were added, removed or changed from RDB file A to B, as JSON Lines
  export FILE …   writes keys in another form, or as an RDB for another server; export --help tells its options
  capture         writes what a server holds into a new file, without a FILE to read

Options of decode
  --db NUMBER    only keys of this database
  --match GLOB   only keys whose name matches, as KEYS matches: * ? [a-z] \\
  --type NAME    only keys of this type: string, list, set, zset, hash, stream …
  --value TEXT   only keys with this text in their value: in a string, element, field, member, stream entry
  --keys-only    leave the values out

Options of diff
  --db NUMBER, --match GLOB, --type NAME   only these keys
  --keys-only    which keys differ and in what, not which of their elements
  --max-changes N    elements that are printed of each key (100); the others are counted
  --ignore-ttl   leave the expiry of keys out
  --encoding     report other encodings of equal values too
  --access       report other idle times and access frequencies too
  --summary      one JSON object instead: counts and bytes, by namespace
  --separator S  what namespaces end with (:)

Options of memory
  --db NUMBER, --match GLOB, --type NAME, --value TEXT   only these keys
  --target V     the server that is to load the file: 7.2, redis-8.0, valkey-9.1 …; without it the one that wrote it
  --allocator A  jemalloc as distributions package it, jemalloc-bundled as the sources build it (official images), libc
  --config N=V   a setting of that server that decides encodings, such as hash-max-listpack-entries=128

Options of info
  --deep         read every value of an RDB file, as check does; files up to 64 MiB are always read so
  --shallow      never read values: index and checksum only

Options of check
  --target RELEASE   whether this server would load the file, and what stops it: 7.2, valkey-8.0, keydb …

Options of commands
  --history      commands of history files too, which servers do not load

Options of report
  --out NEW            the file to write; it must not exist, unless there is --overwrite
  --db NUMBER, --match GLOB, --type NAME   only these keys
  --top N              rows of each table, 50 without it
  --separator S        what separates the parts of names, : without it
  --target VERSION     the server that memory is estimated for: 7.2, redis-8.0, valkey-8.1; else the one that wrote it

Options of repair
  --out NEW          the file or folder to write; it must not exist
  --dry-run          write nothing: list what would be lost, as JSON Lines
  --cut-tail         cut off what is not whole at the end, and an open transaction; this is what happens without an option
  --cut-at-time T    cut before the first annotation later than T: seconds since the epoch, or a date
  --drop-damage      leave out what is no command, and keep the commands behind it
  --restore-crs      write CR LF where a tool has left LF only, as git's autocrlf does

Options of replay
  --to URL             the server: redis://[USER@]HOST[:PORT], rediss://…[?cacert=&cert=&key=&sni=&insecure=true], or
                       unix:///PATH[?user=]; its password is in REDIS_PERSISTENCE_PASSWORD or REDISCLI_AUTH. The primary
                       that Sentinels watch: redis+sentinel://[USER@]HOST[:PORT][,HOST…]/NAME[?sentinel_user=], also
                       rediss+sentinel://; the password of the Sentinels is in REDIS_PERSISTENCE_SENTINEL_PASSWORD
  --mode M             standalone or cluster: write only if the server is that
  --yes                do not ask; without it there is a summary and a question
  --dry-run            send nothing: count, and check the commands against those of the server and its user
  --report FILE        write what was done as JSON
  --resume FILE        go on from a report, or from FILE:OFFSET
  --unacknowledged W   when going on, retry or skip the commands of which it is not known whether they were done
  --from N, --through N            the first and the last command, counted from 1
  --until-time T, --until-offset [FILE:]N   stop before what is later
  --db N, --match GLOB, --command NAME, --group GROUP   only these: numbers, keys, names; write, script, read …
  --admin              also what steers the server or empties databases, such as FLUSHALL, and scripts whose text names
                       it. What a script puts together, or what the server has kept (EVALSHA, FCALL), is not seen:
                       --match or --group write leaves all scripts out
  --commands-only      leave out the RDB that an AOF begins with
  --db-map FROM:TO     another database
  --add-prefix P, --remove-prefix P   other names of keys
  --rate N             commands a second
  --speed X            X times as fast as the annotations of the file say
  --stop-at-error      wait for each reply, and stop at the first error

Options of restore
  --to URL, --mode M, --yes, --report FILE   as for replay
  --dry-run            write nothing: count, and ask the server which of the keys it has
  --resume FILE        go on from the report of a restore that was stopped
  --db NUMBER, --match GLOB, --type NAME   only these keys, and no functions
  --replace            replace keys and functions that the server has; without it they are errors
  --skip-existing      leave keys and functions alone that the server has, and count them
  --keep-expired       restore keys whose time is over too, without their expiry
  --as-commands        build values by commands (SET, RPUSH, XADD …) instead of RESTORE; RESTORE where there are none
  --db-map FROM:TO     another database
  --by-replication     have an empty server load the whole file as a replica of this program, and make it a primary again,
                       in about half of the time. While it lasts it refuses other clients (READONLY, LOADING); its
                       replication id changes, and the RDB file that it keeps is replaced by this one. Before that the
                       file is read for what would end the server: damage, unknown types, names that occur twice, modules.
                       Refused for a server that holds a key or a function, is a replica or has some, is a node of a
                       cluster, or is watched by Sentinels. Not with options that choose or change keys
  --listen HOST[:PORT] where the server reaches this machine for that, if not where its connection comes from
  --verify             read every value before that, as check does; else the checksum stands for those of files over 8 MiB

Options of capture
  --from URL           the server, as for --to
  --out FILE           the RDB file to write; with --follow the folder of an AOF, appendonlydir for a server to load it
  --overwrite          replace FILE if it is there
  --follow             go on with the commands that are written to the server, until interrupted

  --help         this text
  --version      the version of this program

Exit status: 0 nothing wrong; 1 the file has problems, all that is intact was printed; 2 wrong use or unreadable file.
Of diff: 0 no difference; 1 differences; 2 a file is damaged, of which what is intact was compared, or wrong use.
Of replay: 0 all applied; 1 some commands failed, or the file is damaged; 2 wrong use or no connection; 3 stopped, with
a place to go on from. Of restore: the same for keys; with --by-replication 1 the server has other keys than the file,
2 it was refused or failed, 3 interrupted, and how the server was left is said. Of capture: 0 done; 1 the RDB is damaged, or the server had no
longer what was missed; 2 wrong use or no connection; 3 stopped before the RDB had come.
`;

/** How `export` is used. */
export const EXPORT_USAGE = `Usage: redis-persistence export FILE … --format FORMAT [--out NEW] [OPTIONS]

Writes keys of an RDB file, or of several, to a new file, or to standard output. Nothing is written over.

Formats
  json, jsonl    the objects that decode prints, as one array or a line each. Strings are text where they are valid
                 UTF-8, else {"base64":"…"}. --base64 writes all of them as Base64, as decode does
  csv            a row for each key with what is known of it; --flat: a row for each element. \\\\ \\n \\r \\t \\xHH are
                 escapes; a cell that a spreadsheet would take for a formula begins with one
  resp           the commands that build the keys again, for redis-cli --pipe; --restore: RESTORE commands
  redis-cli      the same commands as lines of text for redis-cli, with its escapes
  rdb            an RDB for the server that --target names, or for one like that which wrote the file
  dump           DUMP payloads, as JSON Lines with Base64
  markdown       a table, for a few keys

Where to
  --out NEW             the file to write; - is standard output. Its ending can stand for --format
  --force               replace NEW if it is there
  --dry-run             write nothing, and say what would be written and what not
  --split-db            a file for each database: NEW.db0.rdb …
  --split-slots N       a file for each of N equal ranges of cluster slots

Which keys
  --db NUMBER, --match GLOB, --type NAME    as for decode
  --key NAME            this key; can be repeated
  --keys-from FILE      the keys whose names stand in FILE, one a line; base64:… for names that are no text
  --slots FROM-TO       keys in these cluster slots
  --skip-expired        no keys whose time is over

Several files
  --keep-duplicates first|last|error   which one is taken of keys that several files have; last if nothing is said

What becomes of them
  --target RELEASE      the server that is to load it: 7.2, valkey-8.0, keydb …
  --rdb-version NUMBER  the same by RDB version
  --drop-field-ttl      fields of hashes lose their expiry where the server knows none; without it such keys are left out
  --drop-ttl, --shift-ttl SECONDS   remove expiries, or move them
  --anonymise SEED      names and values become others of the same shape, the same for the same SEED
  --functions, --no-functions   keep function libraries and data of modules, or not; they are kept with all keys

Exit status: 0 all exported; 1 the file is damaged, or keys were left out that the server does not know: the rest was
exported; 2 wrong use, or nothing could be written.
`;

/** The command line was not used as {@link USAGE} says. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
