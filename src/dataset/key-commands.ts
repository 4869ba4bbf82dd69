/** The commands that build a key again with its value: what a user pastes into redis-cli. */
import { fromLatin1 } from '../decoder/bytes.js';
import { dumpOf } from '../decoder/rdb/dump.js';
import type { Entry, RdbFile } from '../decoder/rdb/entry.js';
import { type Text, wholeText } from '../decoder/rdb/string.js';
import type { Millis } from '../decoder/rdb/value-model.js';
import { NEWEST_DIALECT, needsRestore, valueCommands } from './value-commands.js';

/** A command: its name and arguments. */
export type Command = readonly Uint8Array[];

/** What the commands need to know beside the value. */
export interface KeyPlace {
  readonly file: RdbFile;
  readonly entry: Entry;
  /** Offset of the byte behind the value. */
  readonly end: number;
  readonly expireAt: Millis | undefined;
  /** The most bytes of a payload or of one string. */
  readonly limit: number;
}

/**
 * The commands, in the order in which they must run. A value that no commands can build is given as RESTORE.
 *
 * @throws DumpError if a payload is needed that cannot be made, DecodeError where the value is damaged.
 */
export function* keyCommands(place: KeyPlace): Generator<Command> {
  const { entry, expireAt } = place;
  if (needsRestore(entry.value)) {
    yield restoreCommand(place);
    return;
  }
  for (const command of valueCommands(entry.key, entry.value, NEWEST_DIALECT)) yield command.map(whole);
  if (expireAt !== undefined) yield [ascii('PEXPIREAT'), whole(entry.key), ascii(String(expireAt))];
}

/** RESTORE with the bytes of the file; an expiry is given as the time itself. */
export function restoreCommand({ file, entry, end, expireAt, limit }: KeyPlace): Command {
  const payload = dumpOf(file, entry, end, limit);
  const command = [ascii('RESTORE'), whole(entry.key), ascii(String(expireAt ?? 0)), payload];
  if (expireAt !== undefined) command.push(ascii('ABSTTL'));
  return command;
}

const ascii = fromLatin1;

function whole(text: Text): Uint8Array {
  return wholeText(text, 'the value');
}
