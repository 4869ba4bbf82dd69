/** The commands that build a value again: the same elements, scores, expiries and groups, each command of bounded size. */
import { fromLatin1 } from '../decoder/bytes.js';
import { type Text, textSlice } from '../decoder/rdb/string.js';
import {
  type Collection,
  type HashField,
  type Millis,
  type ScoredMember,
  type StreamEntry,
  type StreamGroup,
  type StreamId,
  streamIdText,
  type Value,
} from '../decoder/rdb/value-model.js';
import { scoreText } from './key-json.js';

/** A command whose arguments may be long: these are read in pages when the command is written. */
export type TextCommand = readonly Text[];

/** Elements that one command takes. */
const PER_COMMAND = 64;

/** What the server understands that is to run the commands. */
export interface CommandDialect {
  /** `redis`, `valkey` or `keydb`: some commands only one of them has. */
  readonly make: string;
  /** Major and minor version as one number: 702 for 7.2. */
  readonly level: number;
  /** The most bytes of a string that one command takes; the rest is appended in pieces of that size. */
  readonly pieceBytes: number;
}

/** The commands of the newest server, with strings in one piece. */
export const NEWEST_DIALECT: CommandDialect = {
  make: 'redis',
  level: Number.POSITIVE_INFINITY,
  pieceBytes: Number.POSITIVE_INFINITY,
};

/** Servers from here on know the counters of streams (ENTRIESADDED, ENTRIESREAD, MAXDELETEDID). */
const STREAM_COUNTERS = 700;
/** Servers from here on make consumers by a command; before, a consumer came into being when it got an entry. */
const CREATE_CONSUMER = 602;

/** Redis from here on sets how streams keep what producers have sent (XCFGSET). */
const IDEMPOTENCY = 806;
/** Redis from here on records what producers have sent (XIDMPRECORD), and that entries were handed back (XNACK). */
const PRODUCERS = 808;
/** What Redis has for streams unless it is set otherwise: seconds, and entries of a producer. */
const DEFAULT_IDEMPOTENCY = 100n;

/** True if no commands build the value, so that only RESTORE can. */
export function needsRestore(value: Value): boolean {
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

function* each<Item>(collection: Collection<Item>): Generator<Item> {
  const walker = collection.walk();
  for (let item = walker.next(); item !== undefined; item = walker.next()) yield item;
}

/** One command for every so many elements. */
function* batched<Item>(
  start: TextCommand,
  items: Iterable<Item>,
  args: (item: Item) => Text[],
): Generator<TextCommand> {
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

/**
 * The commands, in the order in which they must run, for a key that does not exist; without its expiry.
 *
 * @throws DecodeError where the value is damaged.
 */
export function* valueCommands(key: Text, value: Value, dialect: CommandDialect): Generator<TextCommand> {
  switch (value.type) {
    case 'string':
      yield* stringCommands(key, value.text, dialect.pieceBytes);
      break;
    case 'list':
      yield* batched([ascii('RPUSH'), key], each(value.items), (text) => [text]);
      break;
    case 'set':
      yield* batched([ascii('SADD'), key], each(value.items), (item) => [item.member]);
      break;
    case 'zset':
      yield* batched([ascii('ZADD'), key], negativeZeroLast(value.items), scoredArguments);
      break;
    case 'hash':
      // Before 4.0 HSET took one field.
      yield* batched([ascii(dialect.level < 400 ? 'HMSET' : 'HSET'), key], each(value.items), (item) => [
        item.field,
        item.value,
      ]);
      yield* fieldExpiries(key, each(value.items));
      break;
    case 'array':
      yield* batched([ascii('ARMSET'), key], each(value.items), (item) => [ascii(String(item.index)), item.value]);
      if (value.insertIndex !== undefined) yield [ascii('ARSEEK'), key, ascii(String(value.insertIndex + 1n))];
      break;
    case 'stream':
      yield* streamCommands(key, value, dialect);
      break;
    case 'module': {
      const view = value.view();
      if (view?.kind === 'json') yield [ascii('JSON.SET'), key, ascii('$'), view.text];
      break;
    }
    default:
      break;
  }
}

function scoredArguments({ score, member }: ScoredMember): Text[] {
  return [ascii(scoreText(score)), member];
}

/** A server drops the sign of −0 as long as the set is small enough for a listpack: these members come when it is large. */
function* negativeZeroLast(items: Collection<ScoredMember>): Generator<ScoredMember> {
  let some = false;
  for (const item of each(items)) {
    if (Object.is(item.score, -0)) some = true;
    else yield item;
  }
  if (!some) return;
  for (const item of each(items)) if (Object.is(item.score, -0)) yield item;
}

function* stringCommands(key: Text, text: Text, pieceBytes: number): Generator<TextCommand> {
  if (text.length <= pieceBytes) {
    yield [ascii('SET'), key, text];
    return;
  }
  for (let at = 0; at < text.length; at += pieceBytes) {
    yield [ascii(at === 0 ? 'SET' : 'APPEND'), key, textSlice(text, at, at + pieceBytes)];
  }
}

function* fieldExpiries(key: Text, items: Iterable<HashField>): Generator<TextCommand> {
  for (const { field, expireAt } of items) {
    if (expireAt === undefined) continue;
    yield [ascii('HPEXPIREAT'), key, ascii(String(expireAt)), ascii('FIELDS'), ascii('1'), field];
  }
}

type Stream = Extract<Value, { type: 'stream' }>;

/** What of a stream there are no commands for: what producers have sent, and entries that were handed back. */
export function streamCommandLosses(value: Stream, { make, level }: CommandDialect) {
  if (make === 'redis' && level >= PRODUCERS) return { producers: false, released: false };
  const { groups, idempotency } = value.info();
  return {
    producers: (idempotency?.producers.count ?? 0) > 0,
    released: [...each(groups)].some((group) => (group.released?.count ?? 0) > 0),
  };
}

function* streamCommands(key: Text, value: Stream, dialect: CommandDialect): Generator<TextCommand> {
  const { make, level } = dialect;
  let entries = 0;
  for (const entry of each(value.entries)) {
    entries++;
    yield [ascii('XADD'), key, idBytes(entry.id), ...entry.fields.flat()];
  }
  const info = value.info();
  if (entries === 0) {
    // A stream without entries comes into being by an entry that is dropped at once.
    yield [ascii('XADD'), key, ascii('MAXLEN'), ascii('0'), ascii('0-1'), ascii('x'), ascii('y')];
  }
  const counters =
    level >= STREAM_COUNTERS && info.entriesAdded !== undefined && info.maxDeletedId
      ? [ascii('ENTRIESADDED'), ascii(String(info.entriesAdded)), ascii('MAXDELETEDID'), idBytes(info.maxDeletedId)]
      : [];
  yield [ascii('XSETID'), key, idBytes(info.lastId), ...counters];
  for (const group of each(info.groups)) {
    yield* groupCommands(key, group, level);
    if (make === 'redis' && level >= PRODUCERS) yield* releasedCommands(key, group);
  }
  if (make === 'redis') yield* idempotencyCommands(key, value, level);
}

/** Entries that were handed back: no consumer has them, and each keeps how often it was delivered. */
function* releasedCommands(key: Text, group: StreamGroup): Generator<TextCommand> {
  if (!group.released || group.released.count === 0) return;
  const released = new Set([...each(group.released)].map(streamIdText));
  for (const { id, deliveryCount } of each(group.pending)) {
    if (!released.has(streamIdText(id))) continue;
    const start = [ascii('XNACK'), key, group.name, ascii('FAIL'), ascii('IDS'), ascii('1'), idBytes(id)];
    yield [...start, ascii('RETRYCOUNT'), ascii(String(deliveryCount)), ascii('FORCE')];
  }
}

function* idempotencyCommands(key: Text, value: Stream, level: number): Generator<TextCommand> {
  const { idempotency } = value.info();
  if (!idempotency || level < IDEMPOTENCY) return;
  const { durationSeconds, maxEntries, producers } = idempotency;
  if (durationSeconds !== DEFAULT_IDEMPOTENCY || maxEntries !== DEFAULT_IDEMPOTENCY) {
    const duration = [ascii('IDMP-DURATION'), ascii(String(durationSeconds))];
    yield [ascii('XCFGSET'), key, ...duration, ascii('IDMP-MAXSIZE'), ascii(String(maxEntries))];
  }
  if (producers.count === 0 || level < PRODUCERS) return;
  // A server takes only what is in the stream.
  const wanted = new Set<string>();
  for (const { entries } of each(producers)) for (const { id } of each(entries)) wanted.add(streamIdText(id));
  const found = new Set<string>();
  for (const { id } of each(value.entries)) if (wanted.has(streamIdText(id))) found.add(streamIdText(id));
  for (const { name, entries } of each(producers)) {
    for (const { key: sent, id } of each(entries)) {
      if (found.has(streamIdText(id))) yield [ascii('XIDMPRECORD'), key, name, sent, idBytes(id)];
    }
  }
}

function* groupCommands(key: Text, group: StreamGroup, level: number): Generator<TextCommand> {
  const read =
    level >= STREAM_COUNTERS && group.entriesRead !== undefined && group.entriesRead >= 0n
      ? [ascii('ENTRIESREAD'), ascii(String(group.entriesRead))]
      : [];
  yield [ascii('XGROUP'), ascii('CREATE'), key, group.name, idBytes(group.lastId), ...read];
  const pending = new Map<string, { time: Millis; count: bigint }>();
  for (const { id, deliveryTime, deliveryCount } of each(group.pending)) {
    pending.set(streamIdText(id), { time: deliveryTime, count: deliveryCount });
  }
  for (const consumer of each(group.consumers)) {
    if (level >= CREATE_CONSUMER) yield [ascii('XGROUP'), ascii('CREATECONSUMER'), key, group.name, consumer.name];
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
