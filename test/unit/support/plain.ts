/** Decoded values as plain data that can be compared and printed: all bytes as text, one character a byte. */
import type { RecordContent } from '../../../src/decoder/rdb/records.js';
import { type Text, textSlice } from '../../../src/decoder/rdb/string.js';
import {
  type Collection,
  type HashField,
  type ModuleItem,
  type StreamGroup,
  type StreamId,
  streamIdText,
  type Value,
} from '../../../src/decoder/rdb/value-model.js';
import { characters } from './bytes.js';

/** The bytes of a text, one character each. */
export function text(from: Text): string {
  return characters(textSlice(from, 0, from.length));
}

/** Everything that a walk through a collection gives. */
export function all<Item, Result>(collection: Collection<Item>, plain: (item: Item) => Result): Result[] {
  const result: Result[] = [];
  const walker = collection.walk();
  for (let item = walker.next(); item !== undefined; item = walker.next()) result.push(plain(item));
  return result;
}

/** A value as plain data. */
export function plainValue(value: Value): unknown {
  switch (value.type) {
    case 'string':
      return text(value.text);
    case 'list':
      return all(value.items, text);
    case 'set':
      return all(value.items, ({ member, expireAt }) =>
        expireAt === undefined ? text(member) : [text(member), expireAt],
      );
    case 'zset':
      return all(value.items, ({ member, score }) => [text(member), score]);
    case 'hash':
      return all(value.items, plainField);
    case 'array': {
      const items = all(value.items, ({ index, value: content }) => [index, text(content)]);
      return { items, insertIndex: value.insertIndex };
    }
    case 'stream':
      return plainStream(value);
    case 'module':
      return { ...value.module, items: value.items && all(value.items, plainItem), view: value.view()?.kind };
    case 'cronjob': {
      const { script, startTime, interval, keys, args } = value;
      return { script: text(script), startTime, interval, keys: all(keys, text), args: all(args, text) };
    }
    case 'gcra':
      return value.arrivalTime;
  }
}

function plainField({ field, value, expireAt }: HashField): unknown {
  return expireAt === undefined ? [text(field), text(value)] : [text(field), text(value), expireAt];
}

/** A part of a module value. */
export function plainItem(item: ModuleItem): [string, unknown] {
  const { value } = item;
  return [item.kind, typeof value === 'object' ? text(value) : value];
}

function plainStream(value: Extract<Value, { type: 'stream' }>): unknown {
  const entries = all(value.entries, (entry) => [
    streamIdText(entry.id),
    ...entry.fields.map(([field, content]) => [text(field), text(content)]),
  ]);
  const info = value.info();
  const { idempotency } = info;
  return {
    entries,
    length: info.length,
    lastId: streamIdText(info.lastId),
    firstId: idOf(info.firstId),
    maxDeletedId: idOf(info.maxDeletedId),
    entriesAdded: info.entriesAdded,
    groups: all(info.groups, plainGroup),
    idempotency: idempotency && {
      ...idempotency,
      producers: all(idempotency.producers, ({ name, entries: tracked }) => [
        text(name),
        ...all(tracked, (entry) => [text(entry.key), streamIdText(entry.id)]),
      ]),
    },
  };
}

function idOf(id: StreamId | undefined): string | undefined {
  return id && streamIdText(id);
}

function plainGroup(group: StreamGroup): unknown {
  return {
    name: text(group.name),
    lastId: streamIdText(group.lastId),
    entriesRead: group.entriesRead,
    pending: all(group.pending, ({ id, deliveryTime, deliveryCount }) => [
      streamIdText(id),
      deliveryTime,
      deliveryCount,
    ]),
    consumers: all(group.consumers, ({ name, seenTime, activeTime, pending }) => [
      text(name),
      seenTime,
      activeTime,
      all(pending, streamIdText),
    ]),
    released: group.released && all(group.released, streamIdText),
  };
}

/** What a record says, as plain data. */
export function plainContent(content: RecordContent): unknown {
  switch (content.kind) {
    case 'aux':
      return { kind: content.kind, name: text(content.name), value: text(content.value) };
    case 'slot-import':
      return { ...content, job: text(content.job) };
    case 'function': {
      const { name, engine, description, code } = content.library;
      return { kind: content.kind, name, engine, description: description && text(description), code: text(code) };
    }
    case 'template':
      return { ...content, names: content.names.map(text) };
    case 'module-aux': {
      const { kind, module, when, items } = content;
      return { kind, module, when, items: all(items, plainItem) };
    }
    default:
      return content;
  }
}

/** Plain data as one line, to compare many of them quickly. */
export function line(plain: unknown): string {
  return JSON.stringify(plain, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (Object.is(value, -0)) return '-0';
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  });
}
