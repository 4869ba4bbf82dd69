/**
 * The deep check of a value: reads all of it and finds what the scan cannot see, as a server does that is told to
 * sanitize what it loads: damaged compact structures, elements that occur twice, pending entries without an owner.
 */
import { compareBytes, latin1 } from '../bytes.js';
import { DecodeError, type Part, phrase } from '../errors.js';
import type { Entry } from './entry.js';
import { isLong, type LongString, type Text, textSlice } from './string.js';
import {
  type Collection,
  type StreamGroup,
  type StreamId,
  streamIdText,
  type Value,
  type Walker,
} from './value-model.js';

/**
 * Checks the value of a key.
 *
 * @param offset offset of the type byte, for problems of the value as a whole.
 * @throws DecodeError for the first thing that is wrong.
 */
export function verifyEntry(entry: Entry, offset: number): void {
  const check = steps(entry, offset);
  while (!check.next().done);
}

/** As {@link verifyEntry}, in slices: yields after every few thousand elements, for those who have other things to do. */
export function* steps(entry: Entry, offset: number): Generator<void> {
  if (isLong(entry.key)) yield* readThrough(entry.key);
  yield* verifyValue(entry.value, offset);
}

const SLICE = 4096;

function* verifyValue(value: Value, offset: number): Generator<void> {
  switch (value.type) {
    case 'string':
      if (isLong(value.text)) yield* readThrough(value.text);
      break;
    case 'list':
      yield* nonEmpty(value.items, 'the list', offset, (text) => text);
      break;
    case 'set':
      yield* unique(value.items, 'the set', offset, (item) => item.member);
      break;
    case 'zset':
      yield* unique(value.items, 'the sorted set', offset, (item) => item.member);
      break;
    case 'hash':
      yield* unique(
        value.items,
        'the hash',
        offset,
        (item) => item.field,
        (item) => item.value,
      );
      break;
    case 'stream':
      yield* verifyStream(value, offset);
      break;
    case 'array': {
      let last = -1n;
      yield* nonEmpty(value.items, 'the array', offset, (item) => {
        if (item.index <= last) throw new DecodeError('duplicate-element', offset, 'the array', String(item.index));
        last = item.index;
        return item.value;
      });
      break;
    }
    case 'module': {
      if (value.items) yield* through(value.items.walk());
      const view = value.view();
      if (view?.kind === 'vectorset')
        yield* unique(view.elements, 'the set', offset, (item) => item.name, undefined, true);
      else if (view?.kind === 'timeseries') yield* through(view.samples.walk());
      break;
    }
    case 'cronjob':
      yield* through(value.keys.walk());
      yield* through(value.args.walk());
      break;
    case 'gcra':
      break;
  }
}

/** Walks to the end. */
function* through(walker: Walker<unknown>): Generator<void> {
  for (let count = 1; walker.next() !== undefined; count++) if (count % SLICE === 0) yield;
}

function* readThrough(text: LongString): Generator<void> {
  const buffer = new Uint8Array(256 * 1024);
  for (let at = 0; at < text.length; ) {
    const read = text.source.read(at, buffer);
    if (read <= 0) return;
    at += read;
    yield;
  }
}

function* nonEmpty<Item>(
  items: Collection<Item>,
  what: Part,
  offset: number,
  textOf: (item: Item) => Text,
): Generator<void> {
  const walker = items.walk();
  let count = 0;
  for (let item = walker.next(); item !== undefined; item = walker.next()) {
    const text = textOf(item);
    if (isLong(text)) yield* readThrough(text);
    if (++count % SLICE === 0) yield;
  }
  if (count === 0) throw new DecodeError('empty-value', offset, what);
}

function* unique<Item>(
  items: Collection<Item>,
  what: Part,
  offset: number,
  nameOf: (item: Item) => Text,
  contentOf?: (item: Item) => Text,
  mayBeEmpty = false,
): Generator<void> {
  const seen = new SeenTexts();
  const walker = items.walk();
  let count = 0;
  for (let item = walker.next(); item !== undefined; item = walker.next()) {
    const name = nameOf(item);
    if (seen.add(name)) confirmDuplicate(items, nameOf, name, count, what, offset);
    const value = contentOf?.(item);
    if (value !== undefined && isLong(value)) yield* readThrough(value);
    if (++count % SLICE === 0) yield;
  }
  if (count === 0 && !mayBeEmpty) throw new DecodeError('empty-value', offset, what);
}

/** Two hashes are equal: looks whether the texts are, among the first `count` elements. */
function confirmDuplicate<Item>(
  items: Collection<Item>,
  nameOf: (item: Item) => Text,
  name: Text,
  count: number,
  what: Part,
  offset: number,
): void {
  const walker = items.walk();
  for (let i = 0; i < count; i++) {
    const item = walker.next();
    if (item !== undefined && sameText(nameOf(item), name)) {
      throw new DecodeError('duplicate-element', offset, what, shown(name));
    }
  }
}

function sameText(a: Text, b: Text): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 65536) {
    if (compareBytes(textSlice(a, at, at + 65536), textSlice(b, at, at + 65536)) !== 0) return false;
  }
  return true;
}

function shown(text: Text): string {
  const start = latin1(textSlice(text, 0, 64));
  return `"${start.replace(/[^\x20-\x7e]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;
}

/** A set of texts that knows them by a hash of 53 bits: 16 bytes a text, whatever its length. */
class SeenTexts {
  private table = new Float64Array(64).fill(-1);
  private count = 0;

  /** @returns true if the text, or one with the same hash, was added before. */
  add(text: Text): boolean {
    if (this.count * 2 >= this.table.length) this.grow();
    const hash = hashOf(text);
    const fresh = this.insert(hash);
    if (fresh) this.count++;
    return !fresh;
  }

  private insert(hash: number): boolean {
    const mask = this.table.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      if (this.table[at] === hash) return false;
      if (this.table[at] < 0) {
        this.table[at] = hash;
        return true;
      }
    }
  }

  private grow(): void {
    const old = this.table;
    this.table = new Float64Array(old.length * 2).fill(-1);
    for (const hash of old) if (hash >= 0) this.insert(hash);
  }
}

/** Two multiplicative hashes of 32 and 21 bits. */
function hashOf(text: Text): number {
  let a = 0x811c9dc5 ^ text.length;
  let b = 0x9e3779b9 ^ text.length;
  for (let from = 0; from < text.length; from += 65536) {
    const bytes = textSlice(text, from, from + 65536);
    for (let i = 0; i < bytes.length; i++) {
      a = Math.imul(a ^ bytes[i], 0x01000193);
      b = Math.imul(b + bytes[i], 0x85ebca6b) ^ (b >>> 15);
    }
  }
  a ^= a >>> 15;
  return (b >>> 11) * 4294967296 + (a >>> 0);
}

function* verifyStream(value: Extract<Value, { type: 'stream' }>, offset: number): Generator<void> {
  const walker = value.entries.walk();
  let count = 0;
  let last: StreamId | undefined;
  for (let entry = walker.next(); entry !== undefined; entry = walker.next()) {
    if (last && !after(entry.id, last)) {
      throw new DecodeError(
        'bad-stream',
        offset,
        phrase('entry {0} stands behind {1}', streamIdText(entry.id), streamIdText(last)),
      );
    }
    last = entry.id;
    if (++count % SLICE === 0) yield;
  }
  const info = value.info();
  if (info.length !== BigInt(count)) {
    throw new DecodeError('bad-stream', offset, phrase('it says {0} entries, it has {1}', String(info.length), count));
  }
  if (last && after(last, info.lastId)) {
    throw new DecodeError(
      'bad-stream',
      offset,
      phrase('entry {0} stands behind its last id {1}', streamIdText(last), streamIdText(info.lastId)),
    );
  }
  const names = new Set<string>();
  const groups = info.groups.walk();
  for (let group = groups.next(); group !== undefined; group = groups.next()) {
    const name = latin1(group.name);
    if (names.has(name))
      throw new DecodeError('bad-stream', offset, phrase('two groups have the name {0}', shown(group.name)));
    names.add(name);
    yield* verifyGroup(group, offset);
  }
  if (info.idempotency) yield* through(info.idempotency.producers.walk());
}

function after(a: StreamId, b: StreamId): boolean {
  return a.ms > b.ms || (a.ms === b.ms && a.seq > b.seq);
}

/** Every pending entry of a group belongs to exactly one consumer, or was handed back. */
function* verifyGroup(group: StreamGroup, offset: number): Generator<void> {
  const ownerless = new Set<string>();
  const pending = group.pending.walk();
  for (let entry = pending.next(); entry !== undefined; entry = pending.next()) {
    const id = streamIdText(entry.id);
    if (ownerless.has(id)) throw new DecodeError('bad-stream', offset, phrase('entry {0} is pending twice', id));
    ownerless.add(id);
    if (ownerless.size % SLICE === 0) yield;
  }
  const names = new Set<string>();
  const consumers = group.consumers.walk();
  for (let consumer = consumers.next(); consumer !== undefined; consumer = consumers.next()) {
    const name = latin1(consumer.name);
    if (names.has(name)) {
      throw new DecodeError('bad-stream', offset, phrase('two consumers have the name {0}', shown(consumer.name)));
    }
    names.add(name);
    yield* claim(consumer.pending, ownerless, offset);
  }
  if (group.released) yield* claim(group.released, ownerless, offset);
  for (const id of ownerless) {
    throw new DecodeError('bad-stream', offset, phrase('pending entry {0} belongs to no consumer', id));
  }
}

function* claim(ids: Collection<StreamId>, ownerless: Set<string>, offset: number): Generator<void> {
  const walker = ids.walk();
  for (let id = walker.next(); id !== undefined; id = walker.next()) {
    if (!ownerless.delete(streamIdText(id))) {
      throw new DecodeError(
        'bad-stream',
        offset,
        phrase('entry {0} is pending for a consumer, but not in its group', streamIdText(id)),
      );
    }
    if (ownerless.size % SLICE === 0) yield;
  }
}
