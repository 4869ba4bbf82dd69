/** Keys as text for the clipboard: exact, whatever bytes they hold. */
import { type Entry, openEntry, type RdbFile } from '../decoder/rdb/entry.js';
import { readKeyHead } from '../decoder/rdb/records.js';
import { isLong, textSlice, wholeText } from '../decoder/rdb/string.js';
import { displayText, isReadableText } from '../format/display.js';
import { formatArgument } from '../format/redis-cli.js';
import { type Command, keyCommands, restoreCommand } from './key-commands.js';
import type { KeyFact, KeyIndex } from './key-index.js';
import { keyLine } from './key-json.js';
import { textOf } from './key-pattern.js';

/** The forms in which keys are copied. */
export type CopyFormat = 'key' | 'value' | 'json' | 'commands' | 'restore';

/** The text would be larger than a clipboard takes. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';

  constructor(readonly limit: number) {
    super(`more than ${limit} bytes`);
  }
}

/**
 * The text of keys, one after the other. Yields now and then, so that the caller can do other things or stop.
 *
 * `key` gives a name a line, escaped where it is not readable; `value` the bytes of a single string as text where they
 * are readable, and JSON otherwise; `json` a line of JSON a key; `commands` and `restore` lines for redis-cli.
 *
 * @param limit the most characters to give.
 * @throws TooLargeError, DumpError, or DecodeError where a value is damaged.
 */
export function* keysText(
  file: RdbFile,
  index: KeyIndex,
  rows: Iterable<number>,
  format: CopyFormat,
  limit: number,
): Generator<void, { text: string; keys: number }> {
  const parts: string[] = [];
  let size = 0;
  let keys = 0;
  let db = 0;
  for (const row of rows) {
    const fact = index.fact(row);
    for (const piece of keyText(file, fact, format, limit, fact.db !== db)) {
      parts.push(piece);
      size += piece.length;
      if (size > limit) throw new TooLargeError(limit);
    }
    db = fact.db;
    keys++;
    if (keys % 64 === 0) yield;
  }
  const text = parts.join('');
  return { text: keys === 1 && text.endsWith('\n') ? text.slice(0, -1) : text, keys };
}

function* keyText(file: RdbFile, fact: KeyFact, format: CopyFormat, limit: number, select: boolean): Generator<string> {
  const end = fact.offset + fact.size;
  const entry = openEntry(file, fact.typeOffset, end);
  switch (format) {
    case 'key':
      yield `${nameText(entry)}\n`;
      return;
    case 'value':
      if (entry.value.type === 'string') {
        const { text } = entry.value;
        if (text.length > limit) throw new TooLargeError(limit);
        const bytes = isLong(text) ? wholeText(text, 'the value') : text;
        yield `${isReadableText(bytes) ? textOf(bytes, 0, bytes.length) : displayText(bytes).text}\n`;
        return;
      }
      yield* jsonText(file, fact, entry);
      return;
    case 'json':
      yield* jsonText(file, fact, entry);
      return;
    case 'commands':
    case 'restore': {
      const place = { file, entry, end, expireAt: fact.expireAt, limit };
      if (select) yield `SELECT ${fact.db}\n`;
      const commands = format === 'restore' ? [restoreCommand(place)] : keyCommands(place);
      for (const command of commands) yield `${commandLine(command)}\n`;
    }
  }
}

function* jsonText(file: RdbFile, fact: KeyFact, entry: Entry): Generator<string> {
  const { metadata } = readKeyHead(file.source, fact.offset, fact.typeOffset, file.header);
  const { type, encoding } = fact.kind;
  yield* keyLine(entry, { ...fact, type, encoding, metadata });
  yield '\n';
}

/** A name as it is if it is readable and takes one line, else escaped. */
function nameText(entry: Entry): string {
  const name = textSlice(entry.key, 0, entry.key.length);
  const plain = isReadableText(name) && !name.includes(0x0a) && !name.includes(0x0d);
  return plain ? textOf(name, 0, name.length) : displayText(name).text;
}

/** A command as a line for redis-cli. */
function commandLine(command: Command): string {
  return command.map(formatArgument).join(' ');
}
