/** Streams as the RDB versions know them: entries in listpacks, then everything else (§1.11). */
import { isLong, type Text } from '../../decoder/rdb/string.js';
import {
  type Collection,
  type StreamConsumer,
  type StreamEntry,
  type StreamGroup,
  type StreamId,
  streamIdText,
  type Value,
} from '../../decoder/rdb/value-model.js';
import { write64be, write64le, writeLength, writeShortString, writeString } from './encode.js';
import { ListpackWriter } from './listpack-writer.js';
import type { OutBuffer } from './out-buffer.js';

type Stream = Extract<Value, { type: 'stream' }>;

/** What the stream types have; by type byte. */
interface StreamForm {
  readonly counters: boolean;
  readonly activeTime: boolean;
  readonly idempotency: boolean;
  readonly released: boolean;
}

const FORMS: ReadonlyMap<number, StreamForm> = new Map([
  [15, { counters: false, activeTime: false, idempotency: false, released: false }],
  [19, { counters: true, activeTime: false, idempotency: false, released: false }],
  [21, { counters: true, activeTime: true, idempotency: false, released: false }],
  [26, { counters: true, activeTime: true, idempotency: true, released: false }],
  [27, { counters: true, activeTime: true, idempotency: true, released: true }],
]);

/** Entries and bytes of a node, as servers limit them by default. */
const NODE_ENTRIES = 100;
const NODE_BYTES = 4096;

const SAME_FIELDS = 2;

function* each<Item>(collection: Collection<Item>): Generator<Item> {
  const walker = collection.walk();
  for (let item = walker.next(); item !== undefined; item = walker.next()) yield item;
}

/** True if a stream has what a type byte has no place for. */
export function streamLosses(value: Stream, code: number): { producers: boolean; released: boolean } {
  const form = FORMS.get(code);
  const info = value.info();
  const producers = form?.idempotency === false && (info.idempotency?.producers.count ?? 0) > 0;
  let released = false;
  if (form?.released === false) {
    for (const group of each(info.groups)) if ((group.released?.count ?? 0) > 0) released = true;
  }
  return { producers, released };
}

/** Writes a stream as a value of a type. @param code one of the stream types. */
export function* writeStream(out: OutBuffer, value: Stream, code: number): Generator<void> {
  const form = FORMS.get(code);
  if (!form) throw new RangeError(`type ${code} is no stream`);
  let nodes = 0;
  // Nodes are counted before they are written, because their number stands first.
  for (const _ of nodesOf(value)) {
    nodes++;
    yield;
  }
  writeLength(out, nodes);
  let first: StreamId | undefined;
  for (const { id, listpack } of nodesOf(value)) {
    first ??= id;
    out.byte(16);
    write64be(out, id.ms);
    write64be(out, id.seq);
    writeLength(out, listpack.length);
    out.copy(listpack);
    yield;
  }
  const info = value.info();
  writeLength(out, info.length);
  writeId(out, info.lastId);
  if (form.counters) {
    writeId(out, info.firstId ?? first ?? ZERO_ID);
    writeId(out, info.maxDeletedId ?? ZERO_ID);
    writeLength(out, info.entriesAdded ?? info.length);
  }
  writeLength(out, info.groups.count ?? 0);
  for (const group of each(info.groups)) yield* writeGroup(out, group, form);
  if (!form.idempotency) return;
  const { durationSeconds = 100n, maxEntries = 100n, producers, added = 0n, duplicates = 0n } = info.idempotency ?? {};
  writeLength(out, durationSeconds);
  writeLength(out, maxEntries);
  writeLength(out, producers?.count ?? 0);
  if (producers) {
    for (const { name, entries } of each(producers)) {
      writeShortString(out, name);
      writeLength(out, entries.count ?? 0);
      for (const { key, id } of each(entries)) {
        yield* writeString(out, key);
        writeId(out, id);
      }
      yield;
    }
  }
  writeLength(out, added);
  writeLength(out, duplicates);
}

const ZERO_ID: StreamId = { ms: 0n, seq: 0n };

function writeId(out: OutBuffer, { ms, seq }: StreamId): void {
  writeLength(out, ms);
  writeLength(out, seq);
}

function writeRawId(out: OutBuffer, { ms, seq }: StreamId): void {
  write64be(out, ms);
  write64be(out, seq);
}

function* writeGroup(out: OutBuffer, group: StreamGroup, form: StreamForm): Generator<void> {
  writeShortString(out, group.name);
  writeId(out, group.lastId);
  if (form.counters) writeLength(out, BigInt.asUintN(64, group.entriesRead ?? -1n));
  const released = new Set<string>();
  if (!form.released && group.released) for (const id of each(group.released)) released.add(streamIdText(id));
  writeLength(out, (group.pending.count ?? 0) - released.size);
  let count = 0;
  for (const { id, deliveryTime, deliveryCount } of each(group.pending)) {
    if (released.has(streamIdText(id))) continue;
    writeRawId(out, id);
    write64le(out, deliveryTime);
    writeLength(out, deliveryCount);
    if (++count % 1024 === 0) yield;
  }
  writeLength(out, group.consumers.count ?? 0);
  for (const consumer of each(group.consumers)) yield* writeConsumer(out, consumer, form);
  if (!form.released) return;
  writeLength(out, group.released?.count ?? 0);
  if (group.released) for (const id of each(group.released)) writeRawId(out, id);
}

function* writeConsumer(out: OutBuffer, consumer: StreamConsumer, form: StreamForm): Generator<void> {
  writeShortString(out, consumer.name);
  write64le(out, consumer.seenTime);
  if (form.activeTime) write64le(out, consumer.activeTime ?? consumer.seenTime);
  writeLength(out, consumer.pending.count ?? 0);
  let count = 0;
  for (const id of each(consumer.pending)) {
    writeRawId(out, id);
    if (++count % 1024 === 0) yield;
  }
}

/** The entries of a stream in nodes; a listpack is overwritten by the next one. */
function* nodesOf(value: Stream): Generator<{ readonly id: StreamId; readonly listpack: Uint8Array }> {
  const writer = new ListpackWriter();
  let node: StreamEntry[] = [];
  let bytes = 0;
  for (const entry of each(value.entries)) {
    const size = entry.fields.reduce((sum, [field, content]) => sum + field.length + content.length + 8, 16);
    if (node.length > 0 && (node.length >= NODE_ENTRIES || bytes + size > NODE_BYTES)) {
      yield { id: node[0].id, listpack: packed(writer, node) };
      node = [];
      bytes = 0;
    }
    node.push(entry);
    bytes += size;
  }
  if (node.length > 0) yield { id: node[0].id, listpack: packed(writer, node) };
}

function packed(writer: ListpackWriter, entries: readonly StreamEntry[]): Uint8Array {
  writer.clear();
  const [master] = entries;
  writer.integer(entries.length);
  writer.integer(0);
  writer.integer(master.fields.length);
  for (const [field] of master.fields) writer.text(field);
  writer.integer(0);
  for (const { id, fields } of entries) {
    const same = hasFields(fields, master.fields);
    writer.integer(same ? SAME_FIELDS : 0);
    writer.integer(BigInt.asIntN(64, id.ms - master.id.ms));
    writer.integer(BigInt.asIntN(64, id.seq - master.id.seq));
    if (!same) writer.integer(fields.length);
    for (const [field, content] of fields) {
      if (!same) writer.text(field);
      writer.text(content);
    }
    writer.integer(same ? fields.length + 3 : 2 * fields.length + 4);
  }
  return writer.finish();
}

function hasFields(fields: StreamEntry['fields'], master: StreamEntry['fields']): boolean {
  return fields.length === master.length && fields.every(([field], i) => sameText(field, master[i][0]));
}

function sameText(one: Text, other: Text): boolean {
  if (one === other) return true;
  if (isLong(one) || isLong(other) || one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
