/**
 * A key as one line of JSON: the schema in which the decoder is compared with what servers say. All binary is Base64;
 * sets and hashes are sorted by bytes, sorted sets by score, groups and consumers by name.
 */
import { compareBytes, fromLatin1 } from '../decoder/bytes.js';
import type { Entry } from '../decoder/rdb/entry.js';
import type { ViewField, ViewValue } from '../decoder/rdb/modules/view.js';
import type { KeyMetadata } from '../decoder/rdb/records.js';
import type { Text } from '../decoder/rdb/string.js';
import {
  type Collection,
  type HashField,
  type Millis,
  type ModuleItem,
  type ScoredMember,
  type StreamGroup,
  streamIdText,
  type Value,
} from '../decoder/rdb/value-model.js';
import { collect } from '../decoder/rdb/walkers.js';
import { base64Pieces } from './base64.js';
import { inOrder } from './ordered.js';
import { compareTexts, weighText } from './texts.js';

/** What the line says of a key beside its name and value. */
export interface KeyFacts {
  readonly db: number;
  readonly type: string;
  readonly encoding: string | null;
  readonly expireAt: Millis | undefined;
  readonly idle: number | undefined;
  readonly freq: number | undefined;
  readonly metadata: readonly KeyMetadata[];
}

/** How the line gives strings, and in which order elements stand. */
export interface JsonForm {
  /** A string as a JSON value, in pieces. */
  readonly quoted: (text: Text) => Iterable<string>;
  /** True if sets, hashes and sorted sets are given in order, false if they stand as in the file. */
  readonly sorted: boolean;
}

/** Base64, in order: what two programs must agree on. */
export const CANONICAL: JsonForm = { quoted: quotedBase64, sorted: true };

/**
 * Gives the line in pieces, without the line feed.
 *
 * @param withValue false leaves the value out.
 * @throws DecodeError where the value is damaged; pieces given before are then part of no whole line.
 */
export function* keyLine(
  entry: Entry,
  facts: KeyFacts,
  withValue = true,
  form: JsonForm = CANONICAL,
): Generator<string> {
  const { quoted } = form;
  yield `{"db":${facts.db},"key":`;
  yield* quoted(entry.key);
  yield `,"type":${JSON.stringify(facts.type)},"encoding":${JSON.stringify(facts.encoding)}`;
  yield `,"expireAtMs":${facts.expireAt ?? 'null'}`;
  if (withValue) {
    yield ',"value":';
    yield* valueJson(entry, form);
  }
  if (withValue) {
    yield* cronJson(entry.value, form);
    yield* memberExpiryJson(entry, form);
  }
  if (facts.idle !== undefined) yield `,"idle":${facts.idle}`;
  if (facts.freq !== undefined) yield `,"freq":${facts.freq}`;
  if (facts.metadata.length > 0) {
    yield ',"metadata":{';
    for (const [index, metadata] of facts.metadata.entries()) {
      yield `${index > 0 ? ',' : ''}${JSON.stringify(metadata.class.name)}:`;
      yield* metadataJson(metadata, form);
    }
    yield '}';
  }
  yield '}';
}

/** Metadata of which the string is all that is known to matter is that string; else the list of its parts. */
function* metadataJson({ class: spec, items }: KeyMetadata, form: JsonForm): Generator<string> {
  const parts = collect(items);
  const [first] = parts;
  if (first?.kind === 'string' && (parts.length === 1 || TEST_CLASSES.has(spec.name)))
    yield* form.quoted(first.value as Text);
  else yield* listJson(parts.values(), (item) => moduleItemJson(item, form));
}

/** Classes of the key metadata test module of Redis: a string before constants. */
const TEST_CLASSES = new Set(['KMT1', 'KMT2', 'KMT3', 'KMT4', 'KMT5', 'KMT6', 'KMT7']);

function* quotedBase64(text: Text): Generator<string> {
  yield '"';
  yield* base64Pieces(text);
  yield '"';
}

/** Everything that a walk gives. */
function* each<Item>(collection: Collection<Item>): Generator<Item> {
  const walker = collection.walk();
  for (let item = walker.next(); item !== undefined; item = walker.next()) yield item;
}

function* listJson<Item>(items: Iterable<Item>, json: (item: Item) => Iterable<string>): Generator<string> {
  yield '[';
  let first = true;
  for (const item of items) {
    if (!first) yield ',';
    first = false;
    yield* json(item);
  }
  yield ']';
}

/** A scheduled script of KeyDB. */
function* cronJson(value: Value, { quoted }: JsonForm): Generator<string> {
  if (value.type !== 'cronjob') return;
  yield `,"cron":{"startMs":${value.startTime},"intervalMs":${value.interval},"script":`;
  yield* quoted(value.script);
  yield ',"keys":';
  yield* listJson(each(value.keys), quoted);
  yield ',"args":';
  yield* listJson(each(value.args), quoted);
  yield '}';
}

/** The expiries of single members, which only KeyDB has for all types: beside the value, in the order of the file. */
function* memberExpiryJson({ memberExpiry }: Entry, { quoted }: JsonForm): Generator<string> {
  if (!memberExpiry || memberExpiry.size === 0) return;
  yield ',"memberExpiresAtMs":';
  yield* listJson(memberExpiry, function* ([member, expireAt]) {
    yield '[';
    yield* quoted(fromLatin1(member));
    yield `,${expireAt}]`;
  });
}

/** Elements in order where the form asks for it, else as they stand. */
function ordered<Item>(
  items: Collection<Item>,
  form: JsonForm,
  compare: (a: Item, b: Item) => number,
  weigh: (item: Item) => number,
): Iterable<Item> {
  return form.sorted ? inOrder(items, compare, weigh) : each(items);
}

function* valueJson(entry: Entry, form: JsonForm): Generator<string> {
  const { value } = entry;
  const { quoted } = form;
  switch (value.type) {
    case 'string':
      yield* quoted(value.text);
      break;
    case 'list':
      yield* listJson(each(value.items), quoted);
      break;
    case 'set': {
      const members = ordered(
        value.items,
        form,
        (a, b) => compareTexts(a.member, b.member),
        (item) => weighText(item.member),
      );
      yield* listJson(members, (item) => quoted(item.member));
      break;
    }
    case 'zset': {
      const members = ordered(value.items, form, compareScored, (item) => weighText(item.member) + 16);
      yield* listJson(members, function* (item) {
        yield '[';
        yield* quoted(item.member);
        yield `,"${scoreText(item.score)}"]`;
      });
      break;
    }
    case 'hash': {
      const fields = ordered(
        value.items,
        form,
        (a, b) => compareTexts(a.field, b.field),
        (item) => weighText(item.field) + weighText(item.value),
      );
      yield* listJson(fields, (item) => hashFieldJson(item, entry.memberExpiry === undefined, form));
      break;
    }
    case 'stream':
      yield* streamJson(value, form);
      break;
    case 'array':
      yield* listJson(each(value.items), function* (item) {
        yield `["${item.index}",`;
        yield* quoted(item.value);
        yield ']';
      });
      break;
    case 'module':
      yield* moduleJson(value, form);
      break;
    case 'cronjob':
      // Servers have no command that gives it back; it stands beside the value.
      yield 'null';
      break;
    case 'gcra':
      yield `"${value.arrivalTime}"`;
      break;
  }
}

function* hashFieldJson(item: HashField, withExpiry: boolean, { quoted }: JsonForm): Generator<string> {
  yield '[';
  yield* quoted(item.field);
  yield ',';
  yield* quoted(item.value);
  if (withExpiry && item.expireAt !== undefined) yield `,${item.expireAt}`;
  yield ']';
}

/** The order of a server: by score, then by bytes. */
function compareScored(a: ScoredMember, b: ScoredMember): number {
  if (a.score !== b.score) return a.score < b.score ? -1 : 1;
  return compareTexts(a.member, b.member);
}

/** A score as servers print it: shortest decimal, `inf`, `-inf`, `-0`. */
export function scoreText(score: number): string {
  if (score === Number.POSITIVE_INFINITY) return 'inf';
  if (score === Number.NEGATIVE_INFINITY) return '-inf';
  return Object.is(score, -0) ? '-0' : String(score);
}

function* streamJson(value: Extract<Value, { type: 'stream' }>, form: JsonForm): Generator<string> {
  const { quoted } = form;
  yield '{"entries":';
  yield* listJson(each(value.entries), function* (entry) {
    yield `{"id":"${streamIdText(entry.id)}","fields":`;
    yield* listJson(entry.fields, function* ([field, content]) {
      yield '[';
      yield* quoted(field);
      yield ',';
      yield* quoted(content);
      yield ']';
    });
    yield '}';
  });
  const info = value.info();
  yield `,"length":${info.length},"lastId":"${streamIdText(info.lastId)}"`;
  if (info.firstId && info.maxDeletedId) {
    yield `,"firstId":"${streamIdText(info.firstId)}","maxDeletedId":"${streamIdText(info.maxDeletedId)}"`;
    yield `,"entriesAdded":${info.entriesAdded}`;
  }
  if (info.idempotency) {
    const { durationSeconds, maxEntries, producers, added, duplicates } = info.idempotency;
    const tracked = collect(producers).reduce((sum, producer) => sum + (producer.entries.count ?? 0), 0);
    yield `,"extra":{"idmp-duration":${durationSeconds},"idmp-maxsize":${maxEntries}`;
    yield `,"pids-tracked":${producers.count},"iids-tracked":${tracked}`;
    yield `,"iids-added":${added},"iids-duplicates":${duplicates}}`;
  }
  yield ',"groups":';
  const groups = collect(info.groups).sort((a, b) => compareBytes(a.name, b.name));
  yield* listJson(groups, (group) => groupJson(group, form));
  yield '}';
}

function* groupJson(group: StreamGroup, { quoted }: JsonForm): Generator<string> {
  yield '{"name":';
  yield* quoted(group.name);
  yield `,"lastDeliveredId":"${streamIdText(group.lastId)}"`;
  if (group.entriesRead !== undefined) yield `,"entriesRead":${group.entriesRead < 0n ? 'null' : group.entriesRead}`;
  yield ',"pending":';
  const consumers = collect(group.consumers).sort((a, b) => compareBytes(a.name, b.name));
  const owners = new Map<string, string>();
  for (const consumer of consumers) {
    const name = [...quoted(consumer.name)].join('');
    for (const id of each(consumer.pending)) owners.set(streamIdText(id), name);
  }
  yield* listJson(each(group.pending), function* (pending) {
    const id = streamIdText(pending.id);
    const owner = owners.get(id);
    yield `{"id":"${id}","consumer":${owner ?? 'null'}`;
    yield `,"deliveryTimeMs":${pending.deliveryTime},"deliveryCount":${pending.deliveryCount}}`;
  });
  yield ',"consumers":';
  yield* listJson(consumers, function* (consumer) {
    yield '{"name":';
    yield* quoted(consumer.name);
    yield `,"seenTimeMs":${consumer.seenTime}`;
    if (consumer.activeTime !== undefined) yield `,"activeTimeMs":${consumer.activeTime}`;
    yield ',"pending":';
    yield* listJson(each(consumer.pending), function* (id) {
      yield `"${streamIdText(id)}"`;
    });
    yield '}';
  });
  yield '}';
}

function* moduleJson(value: Extract<Value, { type: 'module' }>, form: JsonForm): Generator<string> {
  const { quoted } = form;
  const view = value.view();
  const { name, version } = value.module;
  if (view?.kind === 'vectorset') {
    yield '{"info":';
    yield* fieldsJson(view.fields, form);
    yield ',"elements":';
    const elements = inOrder(
      view.elements,
      (a, b) => compareTexts(a.name, b.name),
      (item) => weighText(item.name) + item.vector.length * 8,
    );
    yield* listJson(elements, function* (element) {
      yield '{"element":';
      yield* quoted(element.name);
      yield `,"vector":${JSON.stringify(element.vector.map(scoreText))}`;
      if (element.attributes !== undefined) {
        yield ',"attributes":';
        yield* quoted(element.attributes);
      }
      yield '}';
    });
    yield '}';
    return;
  }
  yield `{"module":${JSON.stringify(name)}`;
  if (view?.kind === 'fields') {
    for (const field of view.fields) {
      yield `,${JSON.stringify(field.name)}:`;
      yield* viewValueJson(field.value, form);
    }
  } else if (view?.kind === 'json') {
    yield ',"json":';
    yield* quoted(view.text);
  } else if (view?.kind === 'timeseries') {
    yield ',"info":';
    yield* fieldsJson(view.fields, form);
    yield ',"samples":';
    yield* listJson(each(view.samples), function* (sample) {
      yield `["${sample.timestamp}","${scoreText(sample.value)}"]`;
    });
  } else if (value.items) {
    yield `,"version":${version},"items":`;
    yield* listJson(each(value.items), (item) => moduleItemJson(item, form));
  }
  yield '}';
}

/** Fields as an object; fields numbered from 0 on as a list. */
function* fieldsJson(fields: readonly ViewField[], form: JsonForm): Generator<string> {
  if (fields.every((field, index) => field.name === String(index))) {
    yield* listJson(fields, (field) => viewValueJson(field.value, form));
    return;
  }
  yield '{';
  for (const [index, field] of fields.entries()) {
    yield `${index > 0 ? ',' : ''}${JSON.stringify(field.name)}:`;
    yield* viewValueJson(field.value, form);
  }
  yield '}';
}

function* viewValueJson(value: ViewValue, form: JsonForm): Generator<string> {
  if (typeof value === 'bigint') yield `"${value}"`;
  else if (typeof value === 'number') yield Number.isFinite(value) ? String(value) : `"${scoreText(value)}"`;
  else if (typeof value === 'boolean' || typeof value === 'string') yield JSON.stringify(value);
  else if (Array.isArray(value)) yield* fieldsJson(value as readonly ViewField[], form);
  else yield* form.quoted(value as Text);
}

function* moduleItemJson(item: ModuleItem, { quoted }: JsonForm): Generator<string> {
  yield `{"${item.kind}":`;
  if (item.kind === 'string') yield* quoted(item.value as Text);
  else yield `"${typeof item.value === 'number' ? scoreText(item.value) : String(item.value)}"`;
  yield '}';
}
