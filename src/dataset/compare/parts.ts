/**
 * A value as it is compared: parts of elements, each element a row of fields of which the first ones say which element
 * it is. The compact and the full encodings of a value have the same parts.
 */

import { DecodeError } from '../../decoder/errors.js';
import type { Entry } from '../../decoder/rdb/entry.js';
import type { ModuleView, ViewField, ViewValue } from '../../decoder/rdb/modules/view.js';
import type { Text } from '../../decoder/rdb/string.js';
import {
  type Collection,
  type Millis,
  type StreamConsumer,
  type StreamGroup,
  type StreamId,
  streamIdText,
  type Value,
} from '../../decoder/rdb/value-model.js';
import { listed } from '../../decoder/rdb/walkers.js';

/** What a field of an element is. A time or a text of ours, such as an id, is not mistaken for a string of the file. */
export type Field =
  | Text
  | { readonly number: number | bigint }
  | { readonly time: Millis }
  | { readonly word: string }
  | { readonly pairs: readonly (readonly [Text, Text])[] }
  | undefined;

/** The names of parts, as they stand in output. */
export type PartName =
  | 'value'
  | 'element'
  | 'member'
  | 'field'
  | 'entry'
  | 'group'
  | 'pending'
  | 'consumer'
  | 'consumer-pending'
  | 'released'
  | 'producer-id'
  | 'sample'
  | 'vector'
  | 'part'
  | 'fact'
  | 'key'
  | 'argument';

/** The names of fields, as they stand in output. */
export type FieldName =
  | 'index'
  | 'value'
  | 'member'
  | 'score'
  | 'field'
  | 'expireAtMs'
  | 'id'
  | 'fields'
  | 'group'
  | 'consumer'
  | 'lastId'
  | 'entriesRead'
  | 'deliveryTimeMs'
  | 'deliveryCount'
  | 'seenTimeMs'
  | 'activeTimeMs'
  | 'producer'
  | 'key'
  | 'timestamp'
  | 'vector'
  | 'attributes'
  | 'kind'
  | 'name';

/** A part of a value. */
export interface Part {
  readonly name: PartName;
  /** One string; elements whose order counts; or elements that are told apart by their first fields. */
  readonly shape: 'text' | 'sequence' | 'keyed';
  readonly fields: readonly FieldName[];
  /** How many of the fields say which element it is; 0 for a sequence. */
  readonly keys: number;
  readonly items: Collection<unknown>;
  readonly read: (item: unknown) => readonly Field[];
}

interface PartOf<Item> {
  readonly name: PartName;
  readonly shape?: Part['shape'];
  readonly fields: readonly FieldName[];
  readonly keys?: number;
  readonly items: Collection<Item>;
  readonly read: (item: Item) => readonly Field[];
}

function part<Item>({ name, shape = 'keyed', fields, keys = 1, items, read }: PartOf<Item>): Part {
  return {
    name,
    shape,
    fields,
    keys: shape === 'keyed' ? keys : 0,
    items,
    read: read as (item: unknown) => readonly Field[],
  };
}

function textPart(name: PartName, text: Text): Part {
  return part({ name, shape: 'text', fields: ['value'], items: listed([text]), read: (item) => [item] });
}

/** What both values of a pair can say: servers before 7.0 kept less of a stream, and that is no change. */
interface Shared {
  readonly entriesRead: boolean;
  readonly activeTime: boolean;
  readonly idempotency: boolean;
}

/** Type bytes of streams from which on something is kept. */
const STREAM_2 = 19;
const STREAM_3 = 21;
const STREAM_4 = 26;

/**
 * The parts of two values of the same type, in pairs of the same name: what one of them does not have is empty.
 *
 * @throws DecodeError if one of them is damaged at its start.
 */
export function pairedParts(left: Entry, right: Entry): [Part, Part][] {
  const code = Math.min(left.type.code, right.type.code);
  const shared = { entriesRead: code >= STREAM_2, activeTime: code >= STREAM_3, idempotency: code >= STREAM_4 };
  const views = moduleViews(left.value, right.value);
  const lefts = partsOf(left.value, shared, views?.[0]);
  const rights = partsOf(right.value, shared, views?.[1]);
  const pairs = lefts.map((own): [Part, Part] => {
    const other = rights.find(({ name }) => name === own.name);
    return [own, other ?? { ...own, items: listed([]) }];
  });
  for (const own of rights) {
    if (!lefts.some(({ name }) => name === own.name)) pairs.push([{ ...own, items: listed([]) }, own]);
  }
  return pairs;
}

function partsOf(value: Value, shared: Shared, view: ModuleView | undefined): Part[] {
  switch (value.type) {
    case 'string':
      return [textPart('value', value.text)];
    case 'list':
      return [
        part({ name: 'element', shape: 'sequence', fields: ['value'], items: value.items, read: (text) => [text] }),
      ];
    case 'set':
      return [
        part({
          name: 'member',
          fields: ['member', 'expireAtMs'],
          items: value.items,
          read: ({ member, expireAt }) => [member, timeField(expireAt)],
        }),
      ];
    case 'zset':
      return [
        part({
          name: 'member',
          fields: ['member', 'score'],
          items: value.items,
          read: ({ member, score }) => [member, { number: score }],
        }),
      ];
    case 'hash':
      return [
        part({
          name: 'field',
          fields: ['field', 'value', 'expireAtMs'],
          items: value.items,
          read: ({ field, value: content, expireAt }) => [field, content, timeField(expireAt)],
        }),
      ];
    case 'stream':
      return streamParts(value, shared);
    case 'array':
      return [
        part({
          name: 'element',
          fields: ['index', 'value'],
          items: value.items,
          read: ({ index, value: content }) => [{ number: index }, content],
        }),
        ...factsPart([['insertIndex', numberField(value.insertIndex)]]),
      ];
    case 'module':
      return view ? viewParts(view) : itemParts(value);
    case 'cronjob':
      return [
        textPart('value', value.script),
        part({ name: 'key', shape: 'sequence', fields: ['value'], items: value.keys, read: (text) => [text] }),
        part({ name: 'argument', shape: 'sequence', fields: ['value'], items: value.args, read: (text) => [text] }),
        ...factsPart([
          ['startTime', { time: value.startTime }],
          ['interval', { number: value.interval }],
        ]),
      ];
    case 'gcra':
      return factsPart([['arrivalTime', { number: value.arrivalTime }]]);
  }
}

function timeField(time: Millis | undefined): Field {
  return time === undefined ? undefined : { time };
}

function numberField(number: number | bigint | undefined): Field {
  return number === undefined ? undefined : { number };
}

const idField = (id: StreamId): Field => ({ word: streamIdText(id) });

/** Single facts as elements of a part, those that are not known left out. */
function factsPart(facts: readonly (readonly [string, Field])[]): Part[] {
  const known = facts.filter(([, value]) => value !== undefined);
  if (known.length === 0) return [];
  return [
    part({
      name: 'fact',
      fields: ['name', 'value'],
      items: listed(known),
      read: ([name, value]) => [{ word: name }, value],
    }),
  ];
}

type StreamValue = Extract<Value, { type: 'stream' }>;

function streamParts(value: StreamValue, shared: Shared): Part[] {
  const info = value.info();
  const { groups } = info;
  const facts: [string, Field][] = [['lastId', idField(info.lastId)]];
  if (shared.entriesRead && info.maxDeletedId) {
    facts.push(['maxDeletedId', idField(info.maxDeletedId)], ['entriesAdded', numberField(info.entriesAdded)]);
  }
  const { idempotency } = info;
  if (shared.idempotency && idempotency) {
    facts.push(
      ['idempotencySeconds', { number: idempotency.durationSeconds }],
      ['idempotencyEntries', { number: idempotency.maxEntries }],
      ['idempotentAdded', { number: idempotency.added }],
      ['idempotentDuplicates', { number: idempotency.duplicates }],
    );
  }
  return [
    part({
      name: 'entry',
      fields: ['id', 'fields'],
      items: value.entries,
      read: ({ id, fields }) => [idField(id), { pairs: fields }],
    }),
    ...factsPart(facts),
    part({
      name: 'group',
      fields: ['group', 'lastId', 'entriesRead'],
      items: groups,
      read: ({ name, lastId, entriesRead }) => [
        name,
        idField(lastId),
        shared.entriesRead ? numberField(entriesRead) : undefined,
      ],
    }),
    part({
      name: 'pending',
      fields: ['group', 'id', 'deliveryTimeMs', 'deliveryCount'],
      keys: 2,
      items: nested(groups, (group) => group.pending),
      read: ([group, { id, deliveryTime, deliveryCount }]) => [
        group.name,
        idField(id),
        { time: deliveryTime },
        { number: deliveryCount },
      ],
    }),
    part({
      name: 'consumer',
      fields: ['group', 'consumer', 'seenTimeMs', 'activeTimeMs'],
      keys: 2,
      items: nested(groups, (group) => group.consumers),
      read: ([group, { name, seenTime, activeTime }]) => [
        group.name,
        name,
        { time: seenTime },
        shared.activeTime ? timeField(activeTime) : undefined,
      ],
    }),
    part({
      name: 'consumer-pending',
      fields: ['group', 'consumer', 'id'],
      keys: 3,
      items: nested<readonly [StreamGroup, StreamConsumer], StreamId>(
        nested(groups, (group) => group.consumers),
        ([, consumer]) => consumer.pending,
      ),
      read: ([[group, consumer], id]) => [group.name, consumer.name, idField(id)],
    }),
    part({
      name: 'released',
      fields: ['group', 'id'],
      keys: 2,
      items: nested(groups, (group) => group.released ?? listed([])),
      read: ([group, id]) => [group.name, idField(id)],
    }),
    part({
      name: 'producer-id',
      fields: ['producer', 'key', 'id'],
      keys: 2,
      items: shared.idempotency && idempotency ? nested(idempotency.producers, (one) => one.entries) : listed([]),
      read: ([producer, { key, id }]) => [producer.name, key, idField(id)],
    }),
  ];
}

/** The elements of collections in the elements of another, each with what it is in. They can only be walked whole. */
function nested<Outer, Inner>(
  outer: Collection<Outer>,
  inner: (item: Outer) => Collection<Inner>,
): Collection<readonly [Outer, Inner]> {
  return {
    count: outer.count === 0 ? 0 : undefined,
    walk() {
      const outers = outer.walk();
      let index = 0;
      let current: Outer | undefined;
      let inners: { next(): Inner | undefined } | undefined;
      return {
        next() {
          for (;;) {
            const item = inners?.next();
            if (item !== undefined && current !== undefined) {
              index++;
              return [current, item] as const;
            }
            current = outers.next();
            if (current === undefined) return undefined;
            inners = inner(current).walk();
          }
        },
        mark: () => ({ index, offset: 0, inner: 0 }),
      };
    },
  };
}

/** The meaning of two module values, if it is known of both and of the same kind. */
function moduleViews(left: Value, right: Value): [ModuleView, ModuleView] | undefined {
  if (left.type !== 'module' || right.type !== 'module') return undefined;
  try {
    const [a, b] = [left.view(), right.view()];
    return a && b && a.kind === b.kind ? [a, b] : undefined;
  } catch (error) {
    // What the parts mean is lost; the parts themselves can still be compared.
    if (!(error instanceof DecodeError)) throw error;
    return undefined;
  }
}

function viewParts(view: ModuleView): Part[] {
  switch (view.kind) {
    case 'json':
      return [textPart('value', view.text)];
    case 'fields':
      return factsPart(flatFacts(view.fields));
    case 'timeseries':
      return [
        part({
          name: 'sample',
          fields: ['timestamp', 'value'],
          items: view.samples,
          read: ({ timestamp, value }) => [{ number: timestamp }, { number: value }],
        }),
        ...factsPart(flatFacts(view.fields)),
      ];
    case 'vectorset':
      return [
        part({
          name: 'vector',
          fields: ['name', 'vector', 'attributes'],
          items: view.elements,
          read: ({ name, vector, attributes }) => [name, { word: vector.join(' ') }, attributes],
        }),
        ...factsPart(flatFacts(view.fields)),
      ];
  }
}

function* facts(fields: readonly ViewField[], prefix: string): Generator<[string, Field]> {
  for (const { name, value } of fields) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (Array.isArray(value)) yield* facts(value as readonly ViewField[], path);
    else yield [path, viewField(value)];
  }
}

function flatFacts(fields: readonly ViewField[]): [string, Field][] {
  return [...facts(fields, '')];
}

function viewField(value: ViewValue): Field {
  if (typeof value === 'number' || typeof value === 'bigint') return { number: value };
  if (typeof value === 'boolean' || typeof value === 'string') return { word: String(value) };
  return value as Text;
}

function itemParts(value: Extract<Value, { type: 'module' }>): Part[] {
  if (!value.items) return [];
  return [
    part({
      name: 'part',
      shape: 'sequence',
      fields: ['kind', 'value'],
      items: value.items,
      read: ({ kind, value: content }) => [
        { word: kind },
        typeof content === 'number' || typeof content === 'bigint' ? { number: content } : content,
      ],
    }),
  ];
}
