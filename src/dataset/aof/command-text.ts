/** Commands as text for the clipboard. */
import { argumentText, commandArguments } from '../../decoder/aof/command-arguments.js';
import { type Text, textSlice } from '../../decoder/rdb/string.js';
import { readFully } from '../../decoder/source.js';
import { displayText, isReadableText } from '../../format/display.js';
import { formatArgument } from '../../format/redis-cli.js';
import { base64Pieces } from '../base64.js';
import { textOf } from '../key-pattern.js';
import { TooLargeError } from '../key-text.js';
import type { CommandIndex } from './command-index.js';
import { keyName } from './key-names.js';
import type { PartFiles } from './part-files.js';

/** How commands are copied. */
export type CommandCopyFormat = 'redis-cli' | 'resp' | 'json' | 'key' | 'offset';

/** The commands hold bytes that are no text, and the form has no way to write them. */
export class NoTextError extends Error {
  override readonly name = 'NoTextError';

  constructor(readonly offset: number) {
    super(`bytes that are no text at offset ${offset}`);
  }
}

/** Commands between two chances for the caller. */
const SLICE = 64;

/**
 * The text of commands, one after the other. Yields now and then, so that the caller can do other things or stop.
 *
 * `redis-cli` gives a line a command, with a SELECT where the database changes; `resp` the bytes as they stand in the
 * file; `json` a line of JSON a command, arguments in Base64; `key` the names of the keys that the commands name, each
 * name of a command on its line; `offset` where the commands begin, behind the name of the file if there are several.
 *
 * @param limit the most characters to give.
 * @param fileOf the name of a part's file; undefined if offsets stand alone.
 * @throws TooLargeError, NoTextError, or DecodeError where the file was overwritten.
 */
export function* commandsText(
  files: PartFiles,
  index: CommandIndex,
  rows: Iterable<number>,
  format: CommandCopyFormat,
  limit: number,
  fileOf: ((part: number) => string) | undefined,
): Generator<void, { text: string; commands: number }> {
  const parts: string[] = [];
  let size = 0;
  let commands = 0;
  let db = 0;
  for (const row of rows) {
    if (format !== 'key' && format !== 'offset' && index.size(row) > limit) throw new TooLargeError(limit);
    const selects = index.nameText(index.name(row)) === 'SELECT';
    const select = index.db(row) !== db && !selects;
    for (const piece of commandText(files, index, row, format, select, fileOf)) {
      parts.push(piece);
      size += piece.length;
      if (size > limit) throw new TooLargeError(limit);
    }
    // What a SELECT selects, the next command tells.
    db = index.db(selects && row + 1 < index.length ? row + 1 : row);
    commands++;
    if (commands % SLICE === 0) yield;
  }
  const text = parts.join('');
  return { text: commands === 1 && text.endsWith('\n') && format !== 'resp' ? text.slice(0, -1) : text, commands };
}

function* commandText(
  files: PartFiles,
  index: CommandIndex,
  row: number,
  format: CommandCopyFormat,
  select: boolean,
  fileOf: ((part: number) => string) | undefined,
): Generator<string> {
  const { part } = index.rangeOf(row);
  const offset = index.offset(row);
  switch (format) {
    case 'key':
      for (const key of index.keys.keysOf(row)) yield `${nameText(keyName(files, index, key))}\n`;
      return;
    case 'offset':
      yield fileOf ? `${fileOf(part)}:${offset}\n` : `${offset}\n`;
      return;
    case 'resp': {
      const bytes = new Uint8Array(index.size(row));
      const source = files(part);
      const whole = bytes.subarray(0, source ? readFully(source, offset, bytes) : 0);
      if (!isReadableText(whole)) throw new NoTextError(offset);
      yield textOf(whole, 0, whole.length);
      return;
    }
    case 'redis-cli':
      if (select) yield `SELECT ${index.db(row)}\n`;
      yield* redisCliLine(files, index, row);
      return;
    case 'json': {
      const time = index.time(row);
      const file = fileOf ? `"file":${JSON.stringify(fileOf(part))},` : '';
      yield `{${file}"offset":${offset},"db":${index.db(row)},"ts":${time === 0 ? 'null' : time},"argv":[`;
      for (const [i, text] of argumentsOf(files, index, row)) {
        yield i > 0 ? ',"' : '"';
        yield* base64Pieces(text);
        yield '"';
      }
      yield ']}\n';
    }
  }
}

/** A command as redis-cli takes it, with the end of the line. @throws DecodeError if the file was overwritten. */
export function* redisCliLine(files: PartFiles, index: CommandIndex, row: number): Generator<string> {
  for (const [i, text] of argumentsOf(files, index, row)) {
    yield `${i > 0 ? ' ' : ''}${formatArgument(textSlice(text, 0, text.length))}`;
  }
  yield '\n';
}

/** The arguments of a command with their positions. @throws DecodeError if the file was overwritten. */
export function* argumentsOf(
  files: PartFiles,
  index: CommandIndex,
  row: number,
): Generator<readonly [position: number, text: Text]> {
  const source = files(index.rangeOf(row).part);
  if (!source) return;
  const offset = index.offset(row);
  const walker = commandArguments(source, offset, offset + index.size(row)).walk();
  for (let i = 0; ; i++) {
    const argument = walker.next();
    if (!argument) return;
    yield [i, argumentText(source, argument)];
  }
}

/** A name as it is if it is readable and takes one line, else escaped. */
function nameText(name: Uint8Array): string {
  const plain = isReadableText(name) && !name.includes(0x0a) && !name.includes(0x0d);
  return plain ? textOf(name, 0, name.length) : displayText(name).text;
}

/**
 * The names of keys, a line each. Yields now and then, so that the caller can do other things or stop.
 *
 * @param limit the most characters to give.
 * @throws TooLargeError
 */
export function* keyNamesText(
  files: PartFiles,
  index: CommandIndex,
  keys: Iterable<number>,
  limit: number,
): Generator<void, { text: string; keys: number }> {
  const parts: string[] = [];
  let size = 0;
  for (const key of keys) {
    const line = nameText(keyName(files, index, key));
    parts.push(line);
    size += line.length + 1;
    if (size > limit) throw new TooLargeError(limit);
    if (parts.length % SLICE === 0) yield;
  }
  return { text: parts.join('\n'), keys: parts.length };
}
