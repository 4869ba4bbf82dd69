/** The commands that build a key again with its value: what a user pastes into redis-cli. */
import { fromLatin1 } from '../decoder/bytes.js';
import { dumpOf } from '../decoder/rdb/dump.js';
import type { Entry, RdbFile } from '../decoder/rdb/entry.js';
import { isLong, type Text, wholeText } from '../decoder/rdb/string.js';
import {
  type Collection,
  type HashField,
  type Millis,
  type StreamEntry,
  type StreamGroup,
  type StreamId,
  streamIdText,
  type Value,
} from '../decoder/rdb/value-model.js';
import { scoreText } from './key-json.js';

/** A command: its name and arguments. */
export type Command = readonly Uint8Array[];

/** Elements that one command takes. */
const PER_COMMAND = 64;

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
  const key = whole(entry.key);
  if (needsRestore(entry.value)) {
    yield restoreCommand(place);
    return;
  }
  yield* valueCommands(key, entry.value);
  if (expireAt !== undefined) yield [ascii('PEXPIREAT'), key, ascii(String(expireAt))];
}

/** RESTORE with the bytes of the file; an expiry is given as the time itself. */
export function restoreCommand({ file, entry, end, expireAt, limit }: KeyPlace): Command {
  const payload = dumpOf(file, entry, end, limit);
  const command = [ascii('RESTORE'), whole(entry.key), ascii(String(expireAt ?? 0)), payload];
  if (expireAt !== undefined) command.push(ascii('ABSTTL'));
  return command;
}

function needsRestore(value: Value): boolean {
  if (value.type === 'gcra' || value.type === 'cronjob') return true;
  // No command makes an entry pending that has been deleted.
  if (value.type === 'stream') return [...each(value.info().groups)].some((group) => hasLostEntries(value, group));
  return value.type === 'module' && value.view()?.kind !== 'json';
}

/** True if an entry that is pending in the group is not in the stream any more. Both stand in the order of their ids. */
function hasLostEntries(stream: Extract<Value, { type: 'stream' }>, group: StreamGroup): boolean {
  const entries = stream.entries.walk();
  let entry: StreamEntry | undefined;
  let ended = false;
  for (const { id } of each(group.pending)) {
    while (!ended && (entry === undefined || isBefore(entry.id, id))) {
      entry = entries.next();
      ended = entry === undefined;
    }
    if (entry === undefined || isBefore(id, entry.id)) return true;
  }
  return false;
}

function isBefore(a: StreamId, b: StreamId): boolean {
  return a.ms !== b.ms ? a.ms < b.ms : a.seq < b.seq;
}

const ascii = fromLatin1;

function whole(text: Text): Uint8Array {
  return isLong(text) ? wholeText(text, 'the value') : text;
}

function* each<Item>(collection: Collection<Item>): Generator<Item> {
  const walker = collection.walk();
  for (let item = walker.next(); item !== undefined; item = walker.next()) yield item;
}

/** One command for every so many elements. */
function* batched<Item>(
  start: readonly Uint8Array[],
  items: Iterable<Item>,
  args: (item: Item) => Uint8Array[],
): Generator<Command> {
  let command = [...start];
  let count = 0;
  for (const item of items) {
    command.push(...args(item));
    if (++count % PER_COMMAND === 0) {
      yield command;
      command = [...start];
    }
  }
  if (command.length > start.length) yield command;
}

function* valueCommands(key: Uint8Array, value: Value): Generator<Command> {
  switch (value.type) {
    case 'string':
      yield [ascii('SET'), key, whole(value.text)];
      break;
    case 'list':
      yield* batched([ascii('RPUSH'), key], each(value.items), (text) => [whole(text)]);
      break;
    case 'set':
      yield* batched([ascii('SADD'), key], each(value.items), (item) => [whole(item.member)]);
      break;
    case 'zset':
      yield* batched([ascii('ZADD'), key], each(value.items), (item) => [
        ascii(scoreText(item.score)),
        whole(item.member),
      ]);
      break;
    case 'hash':
      yield* batched([ascii('HSET'), key], each(value.items), (item) => [whole(item.field), whole(item.value)]);
      yield* fieldExpiries(key, each(value.items));
      break;
    case 'array':
      yield* batched([ascii('ARMSET'), key], each(value.items), (item) => [
        ascii(String(item.index)),
        whole(item.value),
      ]);
      if (value.insertIndex !== undefined) yield [ascii('ARSEEK'), key, ascii(String(value.insertIndex + 1n))];
      break;
    case 'stream':
      yield* streamCommands(key, value);
      break;
    case 'module': {
      const view = value.view();
      if (view?.kind === 'json') yield [ascii('JSON.SET'), key, ascii('$'), whole(view.text)];
      break;
    }
    default:
      break;
  }
}

function* fieldExpiries(key: Uint8Array, items: Iterable<HashField>): Generator<Command> {
  for (const { field, expireAt } of items) {
    if (expireAt === undefined) continue;
    const count = [ascii('FIELDS'), ascii('1'), whole(field)];
    yield [ascii('HPEXPIREAT'), key, ascii(String(expireAt)), ...count];
  }
}

function* streamCommands(key: Uint8Array, value: Extract<Value, { type: 'stream' }>): Generator<Command> {
  let entries = 0;
  for (const entry of each(value.entries)) {
    entries++;
    const fields = entry.fields.flatMap(([field, content]) => [whole(field), whole(content)]);
    yield [ascii('XADD'), key, idBytes(entry.id), ...fields];
  }
  const info = value.info();
  if (entries === 0) {
    // A stream without entries comes into being by an entry that is dropped at once.
    yield [ascii('XADD'), key, ascii('MAXLEN'), ascii('0'), ascii('0-1'), ascii('x'), ascii('y')];
  }
  const counters =
    info.entriesAdded !== undefined && info.maxDeletedId
      ? [ascii('ENTRIESADDED'), ascii(String(info.entriesAdded)), ascii('MAXDELETEDID'), idBytes(info.maxDeletedId)]
      : [];
  yield [ascii('XSETID'), key, idBytes(info.lastId), ...counters];
  for (const group of each(info.groups)) yield* groupCommands(key, group);
}

function* groupCommands(key: Uint8Array, group: StreamGroup): Generator<Command> {
  const read =
    group.entriesRead !== undefined && group.entriesRead >= 0n
      ? [ascii('ENTRIESREAD'), ascii(String(group.entriesRead))]
      : [];
  yield [ascii('XGROUP'), ascii('CREATE'), key, group.name, idBytes(group.lastId), ...read];
  const pending = new Map<string, { time: Millis; count: bigint }>();
  for (const { id, deliveryTime, deliveryCount } of each(group.pending)) {
    pending.set(streamIdText(id), { time: deliveryTime, count: deliveryCount });
  }
  for (const consumer of each(group.consumers)) {
    yield [ascii('XGROUP'), ascii('CREATECONSUMER'), key, group.name, consumer.name];
    for (const id of each(consumer.pending)) {
      const delivery = pending.get(streamIdText(id));
      const time = [ascii('TIME'), ascii(String(delivery?.time ?? 0))];
      const count = [ascii('RETRYCOUNT'), ascii(String(delivery?.count ?? 1n))];
      const start = [ascii('XCLAIM'), key, group.name, consumer.name, ascii('0'), idBytes(id)];
      yield [...start, ...time, ...count, ascii('JUSTID'), ascii('FORCE')];
    }
  }
}

function idBytes(id: StreamId): Uint8Array {
  return ascii(streamIdText(id));
}
