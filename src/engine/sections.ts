/** The parts in which a value is shown: tables of elements, texts, named facts; one function for each type of value. */
import { geoPoint, looksLikeGeo } from '../dataset/geohash.js';
import { HYPERLOGLOG_BYTES, readHyperLogLog } from '../dataset/hyperloglog.js';
import { PagedCollection } from '../dataset/paging.js';
import { groupLag } from '../dataset/stream-lag.js';
import { DecodeError, phrase } from '../decoder/errors.js';
import type { Entry } from '../decoder/rdb/entry.js';
import type { ModuleView } from '../decoder/rdb/modules/view.js';
import { isLong, type Text } from '../decoder/rdb/string.js';
import {
  type Collection,
  type ScoredMember,
  type StreamEntry,
  type StreamGroup,
  streamIdText,
  type Value,
} from '../decoder/rdb/value-model.js';
import type { Fact, ItemCell, ItemColumn, Name, Section } from '../protocol.js';
import { bigCell, errorPhrase, factsOf, idCell, plainCell, scoreCell, textCell, timeCell } from './cells.js';
import { vectorSections } from './vector-sections.js';

/** A part of a value, with the way to its elements. */
export interface OpenSection {
  readonly info: Section;
  /** The elements of a table. */
  readonly items?: PagedCollection<unknown>;
  /** The cells of an element. */
  readonly cells?: (item: unknown, position: number) => readonly ItemCell[];
  /** The strings of an element, by column: what a search looks into and a viewer opens. */
  readonly texts?: (item: unknown) => readonly (Text | undefined)[];
  /** The pairs of a stream entry. */
  readonly pairs?: (item: unknown) => readonly (readonly [Text, Text])[];
  /** The text of a section of that kind. */
  readonly text?: Text;
  /** The sections that an element opens. */
  readonly open?: (item: unknown) => readonly OpenSection[];
}

/** How a table is made of a collection. */
interface Table<Item> {
  readonly id: string;
  readonly title: Name;
  readonly columns: readonly ItemColumn[];
  readonly items: Collection<Item>;
  readonly count?: number | undefined;
  readonly cells: (item: Item, position: number) => readonly ItemCell[];
  readonly texts?: (item: Item) => readonly (Text | undefined)[];
  readonly pairs?: (item: Item) => readonly (readonly [Text, Text])[];
  readonly open?: (item: Item) => readonly OpenSection[];
  readonly picture?: 'map' | 'vectors' | 'chart';
}

function table<Item>(made: Table<Item>): OpenSection {
  const { id, title, columns, items, count = items.count, cells, texts, pairs, open, picture } = made;
  return {
    info: {
      id,
      title,
      kind: 'items',
      columns,
      count: count ?? null,
      opens: open !== undefined,
      ...(picture ? { picture } : {}),
    },
    items: new PagedCollection<unknown>(items),
    cells: cells as (item: unknown, position: number) => readonly ItemCell[],
    ...(texts ? { texts: texts as (item: unknown) => readonly (Text | undefined)[] } : {}),
    ...(pairs ? { pairs: pairs as (item: unknown) => readonly (readonly [Text, Text])[] } : {}),
    ...(open ? { open: open as (item: unknown) => readonly OpenSection[] } : {}),
  };
}

function textSection(id: string, title: Name, text: Text): OpenSection {
  return { info: { id, title, kind: 'text', bytes: text.length }, text };
}

function factsSection(id: string, title: Name, facts: Fact[]): OpenSection {
  return { info: { id, title, kind: 'facts', facts } };
}

/**
 * The sections of a value.
 *
 * @param count elements as the index knows them; undefined where it does not.
 * @throws DecodeError where the value is damaged at its start.
 */
export function sectionsOf(entry: Entry, count: number | undefined): OpenSection[] {
  const { value } = entry;
  switch (value.type) {
    case 'string':
      return stringSections(value.text);
    case 'list':
      return [
        table({
          id: 'items',
          title: phrase('Elements'),
          columns: ['index', 'value'],
          items: value.items,
          count,
          cells: (text, position) => [position, textCell(text)],
          texts: (text) => [undefined, text],
        }),
      ];
    case 'set':
      return [setSection(value, count, entry)];
    case 'zset':
      return [sortedSetSection(value.items, count, entry.type.code), ...geoSection(value.items, count)];
    case 'hash':
      return [hashSection(value, count, entry)];
    case 'stream':
      return streamSections(value, count);
    case 'array':
      return [
        ...(value.insertIndex === undefined
          ? []
          : [
              factsSection('facts', phrase('Facts'), [
                { name: phrase('Insert index'), value: bigCell(value.insertIndex) },
              ]),
            ]),
        table({
          id: 'items',
          title: phrase('Elements'),
          columns: ['index', 'value'],
          items: value.items,
          count,
          cells: (item) => [bigCell(item.index), textCell(item.value)],
          texts: (item) => [undefined, item.value],
        }),
      ];
    case 'module':
      return moduleSections(value);
    case 'cronjob':
      return cronSections(value);
    case 'gcra':
      return [
        factsSection('facts', phrase('Facts'), [{ name: phrase('Arrival time'), value: bigCell(value.arrivalTime) }]),
      ];
  }
}

/** A string, and its bits; a HyperLogLog with its registers before them. */
function stringSections(text: Text): OpenSection[] {
  const { length } = text;
  return [
    ...(isHyperLogLog(text)
      ? [{ info: { id: 'hyperloglog', title: 'HyperLogLog', kind: 'registers' }, text } as const]
      : []),
    textSection('text', phrase('Value'), text),
    ...(length > 0
      ? [{ info: { id: 'bits', title: phrase('Bits'), kind: 'bits', bytes: length }, text } as const]
      : []),
  ];
}

function isHyperLogLog(text: Text): boolean {
  return !isLong(text) && text.length <= HYPERLOGLOG_BYTES && readHyperLogLog(text) !== undefined;
}

const EXPIRING_HASHES = new Set([22, 23, 24, 25]);

function setSection(value: Extract<Value, { type: 'set' }>, count: number | undefined, entry: Entry): OpenSection {
  const expires = (entry.memberExpiry?.size ?? 0) > 0;
  return table({
    id: 'items',
    title: phrase('Members'),
    columns: expires ? ['member', 'expireAt'] : ['member'],
    items: value.items,
    count,
    cells: (item) => (expires ? [textCell(item.member), timeCell(item.expireAt)] : [textCell(item.member)]),
    texts: (item) => [item.member],
  });
}

function hashSection(value: Extract<Value, { type: 'hash' }>, count: number | undefined, entry: Entry): OpenSection {
  const expires = EXPIRING_HASHES.has(entry.type.code) || (entry.memberExpiry?.size ?? 0) > 0;
  return table({
    id: 'items',
    title: phrase('Fields'),
    columns: expires ? ['field', 'value', 'expireAt'] : ['field', 'value'],
    items: value.items,
    count,
    cells: (item) => {
      const cells = [textCell(item.field), textCell(item.value)];
      return expires ? [...cells, timeCell(item.expireAt)] : cells;
    },
    texts: (item) => [item.field, item.value],
  });
}

/** Type byte of sorted sets whose order in the file is that of a hash table; others are sorted. */
const UNSORTED = 3;
/** Type byte of sorted sets that stand from the highest to the lowest score. */
const DESCENDING = 5;
/** Unsorted sets up to this size are sorted for the screen. */
const SORT_LIMIT = 100_000;

function sortedSetSection(items: Collection<ScoredMember>, count: number | undefined, code: number): OpenSection {
  const ranked = code === UNSORTED && (count ?? 0) <= SORT_LIMIT ? inScoreOrder(items) : items;
  const hasRank = code !== UNSORTED || ranked !== items;
  // The rank is the position from the lowest score on.
  const rank = (position: number) => (code === DESCENDING ? (count ?? 0) - 1 - position : position);
  return table({
    id: 'items',
    title: phrase('Members'),
    columns: hasRank ? ['rank', 'score', 'member'] : ['score', 'member'],
    items: ranked,
    count,
    cells: (item, position) => {
      const cells = [scoreCell(item.score), textCell(item.member)];
      return hasRank ? [rank(position), ...cells] : cells;
    },
    texts: (item) => (hasRank ? [undefined, undefined, item.member] : [undefined, item.member]),
  });
}

/** Members that are looked at to tell whether the scores are geohashes. */
const GEO_SAMPLE = 64;

/** The coordinates of members, where the scores look as if GEOADD had written them. */
function geoSection(items: Collection<ScoredMember>, count: number | undefined): OpenSection[] {
  const scores: number[] = [];
  try {
    const walker = items.walk();
    for (let item = walker.next(); item && scores.length < GEO_SAMPLE; item = walker.next()) scores.push(item.score);
  } catch (error) {
    // What is damaged is told where the elements are shown.
    if (!(error instanceof DecodeError)) throw error;
  }
  if (!looksLikeGeo(scores)) return [];
  return [
    table({
      id: 'geo',
      title: phrase('Coordinates'),
      picture: 'map',
      columns: ['member', 'longitude', 'latitude'],
      items,
      count,
      cells: ({ member, score }) => {
        const point = geoPoint(score);
        return [textCell(member), degreesCell(point?.longitude), degreesCell(point?.latitude)];
      },
      texts: ({ member }) => [member],
    }),
  ];
}

/** Degrees to what a geohash can tell: about a decimetre. */
function degreesCell(degrees: number | undefined): ItemCell {
  return degrees === undefined ? null : degrees.toFixed(6);
}

function inScoreOrder(items: Collection<ScoredMember>): Collection<ScoredMember> {
  let sorted: ScoredMember[] | undefined;
  return {
    count: items.count,
    walk(from) {
      if (!sorted) {
        sorted = [];
        const walker = items.walk();
        for (let item = walker.next(); item; item = walker.next()) sorted.push(item);
        sorted.sort((a, b) => a.score - b.score);
      }
      const members = sorted;
      let index = from?.index ?? 0;
      return { next: () => members[index++], mark: () => ({ index, offset: 0, inner: 0 }) };
    },
  };
}

/** Pairs of an entry that a row shows. */
const SHOWN_PAIRS = 8;

function streamSections(value: Extract<Value, { type: 'stream' }>, count: number | undefined): OpenSection[] {
  const info = value.info();
  const facts: Fact[] = [
    { name: phrase('Entries'), value: bigCell(info.length) },
    { name: phrase('Last id'), value: idCell(info.lastId) },
  ];
  if (info.firstId && info.maxDeletedId) {
    facts.push(
      { name: phrase('First id'), value: idCell(info.firstId) },
      { name: phrase('Highest deleted id'), value: idCell(info.maxDeletedId) },
      { name: phrase('Entries ever added'), value: bigCell(info.entriesAdded) },
    );
  }
  const sections = [
    table({
      id: 'entries',
      title: phrase('Entries'),
      columns: ['id', 'fields'],
      items: value.entries,
      count,
      cells: (entry) => [idCell(entry.id), pairsCell(entry)],
      texts: (entry) => entry.fields.flat(),
      pairs: (entry) => entry.fields,
    }),
    table({
      id: 'groups',
      title: phrase('Groups'),
      columns: ['name', 'lastId', 'entriesRead', 'lag', 'pending', 'consumers'],
      items: info.groups,
      cells: (group) => [
        textCell(group.name),
        idCell(group.lastId),
        group.entriesRead === undefined || group.entriesRead < 0n ? null : bigCell(group.entriesRead),
        lagCell(groupLag(info, group)),
        group.pending.count ?? null,
        group.consumers.count ?? null,
      ],
      texts: (group) => [group.name],
      open: groupSections,
    }),
  ];
  if (info.idempotency) {
    const { durationSeconds, maxEntries, producers, added, duplicates } = info.idempotency;
    facts.push(
      { name: phrase('Idempotency window (s)'), value: bigCell(durationSeconds) },
      { name: phrase('Idempotency entries, at most'), value: bigCell(maxEntries) },
      { name: phrase('Idempotent ids added'), value: bigCell(added) },
      { name: phrase('Duplicates refused'), value: bigCell(duplicates) },
    );
    if ((producers.count ?? 0) > 0) {
      sections.push(
        table({
          id: 'producers',
          title: phrase('Producers'),
          columns: ['name', 'entries'],
          items: producers,
          cells: (producer) => [textCell(producer.name), producer.entries.count ?? null],
          texts: (producer) => [producer.name],
          open: (producer) => [
            table({
              id: 'ids',
              title: phrase('Ids'),
              columns: ['value', 'id'],
              items: producer.entries,
              cells: (item) => [textCell(item.key), idCell(item.id)],
              texts: (item) => [item.key],
            }),
          ],
        }),
      );
    }
  }
  return [...sections, factsSection('facts', phrase('Facts'), facts)];
}

function pairsCell(entry: StreamEntry): ItemCell {
  const pairs = entry.fields
    .slice(0, SHOWN_PAIRS)
    .map(([field, value]) => [textCell(field, 100), textCell(value, 100)] as const);
  return { pairs, more: entry.fields.length - pairs.length };
}

function lagCell(lag: bigint | undefined): ItemCell {
  return lag === undefined ? null : bigCell(lag);
}

/** Consumers that are looked through to find who a pending entry belongs to. */
const OWNER_LIMIT = 1 << 20;

function groupSections(group: StreamGroup): OpenSection[] {
  let owners: Map<string, Uint8Array> | undefined;
  const ownerOf = (id: string) => {
    owners ??= pendingOwners(group);
    const owner = owners.get(id);
    return owner === undefined ? null : textCell(owner);
  };
  return [
    table({
      id: 'consumers',
      title: phrase('Consumers'),
      columns: ['name', 'pending', 'seenTime', 'activeTime'],
      items: group.consumers,
      cells: (consumer) => [
        textCell(consumer.name),
        consumer.pending.count ?? null,
        timeCell(consumer.seenTime),
        consumer.activeTime === undefined || consumer.activeTime === -1 ? null : timeCell(consumer.activeTime),
      ],
      texts: (consumer) => [consumer.name],
    }),
    table({
      id: 'pending',
      title: phrase('Pending entries'),
      columns: ['id', 'consumer', 'deliveryTime', 'deliveryCount'],
      items: group.pending,
      cells: (entry) => [
        idCell(entry.id),
        ownerOf(streamIdText(entry.id)),
        timeCell(entry.deliveryTime),
        bigCell(entry.deliveryCount),
      ],
    }),
    ...(group.released && (group.released.count ?? 0) > 0
      ? [
          table({
            id: 'released',
            title: phrase('Released entries'),
            columns: ['id'],
            items: group.released,
            cells: (id) => [idCell(id)],
          }),
        ]
      : []),
  ];
}

function pendingOwners(group: StreamGroup): Map<string, Uint8Array> {
  const owners = new Map<string, Uint8Array>();
  const consumers = group.consumers.walk();
  for (let consumer = consumers.next(); consumer; consumer = consumers.next()) {
    const ids = consumer.pending.walk();
    for (let id = ids.next(); id && owners.size < OWNER_LIMIT; id = ids.next()) {
      owners.set(streamIdText(id), consumer.name);
    }
  }
  return owners;
}

function moduleSections(value: Extract<Value, { type: 'module' }>): OpenSection[] {
  const sections: OpenSection[] = [];
  try {
    const view = value.view();
    if (view) sections.push(...viewSections(view));
  } catch (error) {
    // The meaning is lost; the parts themselves can still be looked at.
    if (!(error instanceof DecodeError) || !value.items) throw error;
    sections.push(factsSection('damage', phrase('Damage'), [{ name: phrase('Damage'), value: errorPhrase(error) }]));
  }
  if (value.items) {
    sections.push(
      table({
        id: 'parts',
        title: phrase('Parts'),
        columns: ['index', 'kind', 'value'],
        items: value.items,
        cells: (item, position) => [
          position,
          item.kind,
          typeof item.value === 'bigint'
            ? bigCell(item.value)
            : typeof item.value === 'number'
              ? scoreCell(item.value)
              : textCell(item.value),
        ],
        texts: (item) => [undefined, undefined, item.kind === 'string' ? (item.value as Text) : undefined],
      }),
    );
  }
  return sections;
}

function viewSections(view: ModuleView): OpenSection[] {
  switch (view.kind) {
    case 'json':
      return [textSection('json', 'JSON', view.text)];
    case 'fields':
      return [factsSection('facts', phrase('Facts'), factsOf(view.fields))];
    case 'timeseries':
      return [
        table({
          id: 'samples',
          title: phrase('Samples'),
          picture: 'chart',
          columns: ['timestamp', 'value'],
          items: view.samples,
          cells: (sample) => [timeCell(sampleTime(sample.timestamp)), scoreCell(sample.value)],
        }),
        factsSection('facts', phrase('Facts'), factsOf(view.fields)),
      ];
    case 'vectorset':
      return [
        table({
          id: 'elements',
          title: phrase('Elements'),
          picture: 'vectors',
          columns: ['member', 'vector', 'attributes', 'level'],
          items: view.elements,
          cells: (element) => [
            textCell(element.name),
            plainCell(vectorText(element.vector)),
            element.attributes === undefined ? null : textCell(element.attributes),
            element.level,
          ],
          texts: (element) => [element.name, undefined, element.attributes],
          open: (element) => vectorSections(element, view.elements),
        }),
        factsSection('facts', phrase('Facts'), factsOf(view.fields)),
      ];
  }
}

function sampleTime(timestamp: bigint): number | bigint {
  return timestamp <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(timestamp) : timestamp;
}

/** The first components of a vector, rounded to what a float tells. */
function vectorText(vector: readonly number[]): string {
  const shown = vector.slice(0, 12).map((component) => String(Number(component.toPrecision(6))));
  return `[${shown.join(', ')}${vector.length > shown.length ? ', …' : ''}]`;
}

function cronSections(value: Extract<Value, { type: 'cronjob' }>): OpenSection[] {
  const strings = (id: string, title: Name, items: Collection<Text>) =>
    table({
      id,
      title,
      columns: ['index', 'value'],
      items,
      cells: (text, position) => [position, textCell(text)],
      texts: (text) => [undefined, text],
    });
  return [
    textSection('script', phrase('Script'), value.script),
    factsSection('facts', phrase('Facts'), [
      { name: phrase('First run'), value: timeCell(value.startTime) },
      { name: phrase('Interval (ms)'), value: String(value.interval) },
    ]),
    strings('keys', phrase('Keys'), value.keys),
    strings('args', phrase('Arguments'), value.args),
  ];
}
