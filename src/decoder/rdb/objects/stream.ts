/** Streams: value types 15 (5.0), 19 (7.0), 21 (7.2), 26 (8.6) and 27 (8.8), each with a little more than the last. */
import type { Cursor } from '../../cursor.js';
import { DecodeError, type Phrase, phrase } from '../../errors.js';
import { type BlobReader, narrow } from '../blobs/reader.js';
import type { FieldName } from '../fields/names.js';
import type { Layout, Step } from '../layout.js';
import { readCount, readLength, readLength64, readSigned64 } from '../length.js';
import { type Blob, readBlob, readBytes, readStringHeader, readText, type Text } from '../string.js';
import type {
  Collection,
  Mark,
  PendingEntry,
  StreamConsumer,
  StreamEntry,
  StreamGroup,
  StreamId,
  StreamInfo,
  StreamProducer,
  Value,
  Walker,
} from '../value-model.js';
import type { ValueType } from '../value-type.js';
import { counted, openBlob } from '../walkers.js';

/** What a stream type has more than type 15. */
interface StreamVersion {
  /** 7.0: first id, highest deleted id, entries added, entries read. */
  readonly counters: boolean;
  /** 7.2: when a consumer was last active. */
  readonly activeTime: boolean;
  /** 8.6: idempotent producers. */
  readonly idempotency: boolean;
  /** 8.8: released entries of a group. */
  readonly released: boolean;
}

function streamType(code: number, name: string, since: number, writers: string, level: number): ValueType {
  const version: StreamVersion = {
    counters: level >= 1,
    activeTime: level >= 2,
    idempotency: level >= 3,
    released: level >= 4,
  };
  return {
    code,
    name,
    type: 'stream',
    encoding: 'stream',
    since,
    writers,
    layout: layoutOf(version),
    open: (cursor) => openStream(cursor, version),
  };
}

const RAW_ID = { step: 'bytes', name: 'id', as: 'stream-id', count: 16 } as const;

function length(name: FieldName): Step {
  return { step: 'length', name };
}

function string(name: FieldName): Step {
  return { step: 'string', name };
}

function time(name: FieldName): Step {
  return { step: 'bytes', name, as: 'time', count: 8 };
}

function layoutOf(version: StreamVersion): Layout {
  return [
    {
      step: 'repeat',
      name: 'nodes',
      each: 'node',
      body: [string('node-id'), { step: 'string', name: 'value', holds: 'listpack', roles: 'stream' }],
    },
    { step: 'length', name: 'count', counts: true },
    length('last-id-ms'),
    length('last-id-seq'),
    ...(version.counters
      ? [
          length('first-id-ms'),
          length('first-id-seq'),
          length('deleted-id-ms'),
          length('deleted-id-seq'),
          length('entries-added'),
        ]
      : []),
    {
      step: 'repeat',
      name: 'groups',
      each: 'group',
      body: [
        string('group-name'),
        length('last-id-ms'),
        length('last-id-seq'),
        ...(version.counters ? [length('entries-read')] : []),
        {
          step: 'repeat',
          name: 'pending',
          each: 'pending-entry',
          body: [RAW_ID, time('delivery-time'), length('delivery-count')],
        },
        {
          step: 'repeat',
          name: 'consumers',
          each: 'consumer',
          body: [
            string('consumer-name'),
            time('seen-time'),
            ...(version.activeTime ? [time('active-time')] : []),
            { step: 'repeat', name: 'pending', each: 'pending-entry', body: [RAW_ID] },
          ],
        },
        ...(version.released
          ? [{ step: 'repeat', name: 'released', each: 'pending-entry', body: [RAW_ID] } as const]
          : []),
      ],
    },
    ...(version.idempotency
      ? [
          length('duration'),
          length('max-entries'),
          {
            step: 'repeat',
            name: 'producers',
            each: 'producer',
            body: [
              string('name'),
              {
                step: 'repeat',
                each: 'element',
                body: [string('value'), length('id-ms'), length('id-seq')],
              },
            ],
          } as const,
          length('added'),
          length('duplicates'),
        ]
      : []),
  ];
}

export const STREAM_TYPES: readonly ValueType[] = [
  streamType(15, 'STREAM_LISTPACKS', 9, 'Redis 5.0 to 6.2', 0),
  streamType(19, 'STREAM_LISTPACKS_2', 10, 'Redis 7.0', 1),
  streamType(21, 'STREAM_LISTPACKS_3', 11, 'Redis 7.2 to 8.4, Valkey', 2),
  streamType(26, 'STREAM_LISTPACKS_4', 13, 'Redis 8.6', 3),
  streamType(27, 'STREAM_LISTPACKS_5', 14, 'Redis 8.8 and later', 4),
];

function openStream(cursor: Cursor, version: StreamVersion): Value {
  const nodes = readCount(cursor, 'the stream', 18);
  const start = cursor.offset;
  let behindNodes: number | undefined;
  const entries: Collection<StreamEntry> = {
    count: undefined,
    walk: (from) => new EntryWalker(cursor.fork(from?.offset ?? start), nodes, from),
  };
  return {
    type: 'stream',
    entries,
    info() {
      const own = cursor.fork(behindNodes ?? start);
      if (behindNodes === undefined) {
        for (let i = 0; i < nodes; i++) {
          readStringHeader(own, 'the stream node');
          readStringHeader(own, 'the stream node');
        }
        behindNodes = own.offset;
      }
      return readInfo(own, version);
    },
  };
}

/** Entry flags in a stream node. */
const DELETED = 1;
const SAME_FIELDS = 2;

/** A mark in a stream, which also knows how many nodes follow. */
class StreamMark implements Mark {
  constructor(
    readonly index: number,
    readonly offset: number,
    readonly inner: number,
    readonly nodesLeft: number,
    readonly seen: number,
  ) {}
}

/** A node of a stream: a listpack that starts with a master entry. */
interface StreamNode {
  readonly offset: number;
  readonly blob: Blob;
  readonly reader: BlobReader;
  readonly master: StreamId;
  readonly fields: readonly Text[];
  /** Entries that the master entry announces: live and deleted. */
  readonly live: number;
  readonly deleted: number;
}

/** Walks through the entries of a stream that are not deleted. */
class EntryWalker implements Walker<StreamEntry> {
  private index: number;
  private nodesLeft: number;
  private node: StreamNode | undefined;
  /** Live entries met in this node. */
  private seen = 0;
  private deletedSeen = 0;
  /** False for a node entered in the middle: its counts cannot be checked. */
  private whole = true;

  constructor(
    private readonly cursor: Cursor,
    nodes: number,
    from: Mark | undefined,
  ) {
    this.index = from?.index ?? 0;
    this.nodesLeft = from instanceof StreamMark ? from.nodesLeft : nodes;
    if (from instanceof StreamMark && from.inner > 0) {
      this.openNode(from.inner);
      this.seen = from.seen;
      this.whole = false;
    }
  }

  next(): StreamEntry | undefined {
    for (;;) {
      if (!this.node) {
        if (this.nodesLeft <= 0) return undefined;
        this.openNode(0);
      }
      const node = this.node as StreamNode;
      if (!node.reader.read()) {
        if (this.whole && (this.seen !== node.live || this.deletedSeen !== node.deleted)) {
          throw damaged(
            node.blob.fileOffset,
            phrase(
              'a node says {0} entries and {1} deleted ones, it has {2} and {3}',
              node.live,
              node.deleted,
              this.seen,
              this.deletedSeen,
            ),
          );
        }
        this.node = undefined;
        continue;
      }
      const entry = readEntry(node);
      if (!entry) {
        this.deletedSeen++;
        continue;
      }
      this.seen++;
      this.index++;
      return entry;
    }
  }

  private openNode(inner: number): void {
    const cursor = this.cursor;
    const offset = cursor.offset;
    this.nodesLeft--;
    const fileOffset = cursor.fileOffset;
    const key = readBytes(cursor, 'the stream id');
    if (key.length !== 16)
      throw damaged(fileOffset, phrase('the id of a node has {0} bytes instead of 16', key.length));
    const blob = readBlob(cursor, 'the stream node');
    const start = openBlob('listpack', blob);
    const live = readNumber(start, blob);
    const deleted = readNumber(start, blob);
    const fieldCount = readNumber(start, blob);
    if (live < 0 || deleted < 0 || fieldCount < 0) throw damaged(blob.fileOffset, phrase('a node has negative counts'));
    const fields: Text[] = [];
    for (let i = 0; i < fieldCount; i++) {
      if (!start.read()) throw damaged(blob.fileOffset, phrase('the first entry of a node lacks fields'));
      fields.push(start.text());
    }
    if (readNumber(start, blob) !== 0) {
      throw damaged(blob.fileOffset, phrase('the first entry of a node is not closed'));
    }
    const master = rawId(key);
    const reader = inner === 0 ? start : openBlob('listpack', blob, inner);
    this.node = { offset, blob, reader, master, fields, live, deleted };
    this.seen = 0;
    this.deletedSeen = 0;
    this.whole = true;
  }

  mark(): Mark {
    if (!this.node) return new StreamMark(this.index, this.cursor.offset, 0, this.nodesLeft, 0);
    return new StreamMark(this.index, this.node.offset, this.node.reader.inner, this.nodesLeft + 1, this.seen);
  }
}

/** Reads an entry whose flags have just been read. @returns undefined for a deleted one. */
function readEntry(node: StreamNode): StreamEntry | undefined {
  const { reader, blob } = node;
  const before = reader.taken;
  const flags = reader.integer;
  if (typeof flags !== 'number' || flags < 0 || flags > (DELETED | SAME_FIELDS)) {
    throw damaged(blob.fileOffset, phrase('an entry has the flags {0}', String(flags ?? '?')));
  }
  const ms = wrapped(node.master.ms, readInteger(reader, blob));
  const seq = wrapped(node.master.seq, readInteger(reader, blob));
  const same = (flags & SAME_FIELDS) !== 0;
  const count = same ? node.fields.length : readNumber(reader, blob);
  if (count < 0) throw damaged(blob.fileOffset, phrase('an entry has {0} fields', count));
  const fields: [Text, Text][] = [];
  for (let i = 0; i < count; i++) {
    const field = same ? node.fields[i] : readElement(reader, blob);
    fields.push([field, readElement(reader, blob)]);
  }
  const elements = reader.taken - before + 1;
  const said = readNumber(reader, blob);
  if (said !== elements)
    throw damaged(blob.fileOffset, phrase('an entry says {0} elements, it has {1}', said, elements));
  return (flags & DELETED) !== 0 ? undefined : { id: { ms, seq }, fields };
}

function readElement(reader: BlobReader, blob: Blob): Text {
  if (!reader.read()) throw damaged(blob.fileOffset, phrase('a node ends inside an entry'));
  return reader.text();
}

function readInteger(reader: BlobReader, blob: Blob): number | bigint {
  if (!reader.read()) throw damaged(blob.fileOffset, phrase('a node ends inside an entry'));
  if (reader.integer === undefined) throw damaged(blob.fileOffset, phrase('a text stands where a number should be'));
  return reader.integer;
}

function readNumber(reader: BlobReader, blob: Blob): number {
  return Number(readInteger(reader, blob));
}

/** Differences are signed; ids wrap around at 2^64. */
function wrapped(base: bigint, difference: number | bigint): bigint {
  return BigInt.asUintN(64, base + BigInt(difference));
}

function damaged(offset: number, reason: Phrase): DecodeError {
  return new DecodeError('bad-stream', offset, reason);
}

function rawId(bytes: Uint8Array): StreamId {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  return { ms: view.getBigUint64(0), seq: view.getBigUint64(8) };
}

function readRawId(cursor: Cursor): StreamId {
  return { ms: cursor.u64be('the stream id'), seq: cursor.u64be('the stream id') };
}

function readId(cursor: Cursor): StreamId {
  return { ms: readLength64(cursor, 'the stream id'), seq: readLength64(cursor, 'the stream id') };
}

function readInfo(cursor: Cursor, version: StreamVersion): StreamInfo {
  const length = readLength64(cursor, 'the stream');
  const lastId = readId(cursor);
  const counters = version.counters
    ? { firstId: readId(cursor), maxDeletedId: readId(cursor), entriesAdded: readLength64(cursor, 'the stream') }
    : {};
  const groupCount = readCount(cursor, 'the consumer group', 6);
  const groups = counted(cursor, groupCount, (at) => readGroup(at, version));
  const info = { length, lastId, ...counters, groups };
  if (!version.idempotency) return info;
  for (let i = 0; i < groupCount; i++) readGroup(cursor, version);
  const durationSeconds = readLength64(cursor, 'the stream');
  const maxEntries = readLength64(cursor, 'the stream');
  const producerCount = readCount(cursor, 'the producer', 2);
  const producers = counted(cursor, producerCount, readProducer);
  for (let i = 0; i < producerCount; i++) readProducer(cursor);
  const added = readLength64(cursor, 'the stream');
  const duplicates = readLength64(cursor, 'the stream');
  return { ...info, idempotency: { durationSeconds, maxEntries, producers, added, duplicates } };
}

/** Moves behind `count` records of a fixed size or more. */
function skipEach(cursor: Cursor, count: number, skip: (cursor: Cursor) => void): void {
  for (let i = 0; i < count; i++) skip(cursor);
}

function readGroup(cursor: Cursor, version: StreamVersion): StreamGroup {
  const name = readBytes(cursor, 'the consumer group');
  const lastId = readId(cursor);
  const entriesRead = version.counters ? readSigned64(cursor, 'the consumer group') : undefined;
  const pendingCount = readCount(cursor, 'the pending entries', 25);
  const pending = counted(cursor, pendingCount, readPending);
  skipEach(cursor, pendingCount, (at) => {
    at.skip(24, 'the pending entries');
    readLength(at, 'the pending entries');
  });
  const consumerCount = readCount(cursor, 'the consumer', version.activeTime ? 18 : 10);
  const consumers = counted(cursor, consumerCount, (at) => readConsumer(at, version));
  skipEach(cursor, consumerCount, (at) => {
    readStringHeader(at, 'the consumer');
    at.skip(version.activeTime ? 16 : 8, 'the consumer');
    const count = readCount(at, 'the pending entries', 16);
    at.skip(count * 16, 'the pending entries');
  });
  const group: StreamGroup = {
    name,
    lastId,
    ...(entriesRead === undefined ? {} : { entriesRead }),
    pending,
    consumers,
  };
  if (!version.released) return group;
  const releasedCount = readCount(cursor, 'the pending entries', 16);
  const released = counted(cursor, releasedCount, readRawId);
  cursor.skip(releasedCount * 16, 'the pending entries');
  return { ...group, released };
}

function readPending(cursor: Cursor): PendingEntry {
  return {
    id: readRawId(cursor),
    deliveryTime: narrow(cursor.i64le('the pending entries')),
    deliveryCount: readLength64(cursor, 'the pending entries'),
  };
}

function readConsumer(cursor: Cursor, version: StreamVersion): StreamConsumer {
  const name = readBytes(cursor, 'the consumer');
  const seenTime = narrow(cursor.i64le('the consumer'));
  const activeTime = version.activeTime ? narrow(cursor.i64le('the consumer')) : undefined;
  const count = readCount(cursor, 'the pending entries', 16);
  const pending = counted(cursor, count, readRawId);
  cursor.skip(count * 16, 'the pending entries');
  return { name, seenTime, ...(activeTime === undefined ? {} : { activeTime }), pending };
}

function readProducer(cursor: Cursor): StreamProducer {
  const name = readBytes(cursor, 'the producer');
  const count = readCount(cursor, 'the producer', 3);
  const read = (at: Cursor) => ({ key: readText(at, 'the producer'), id: readId(at) });
  const entries = counted(cursor, count, read);
  for (let i = 0; i < count; i++) read(cursor);
  return { name, entries };
}
