/** Collections read in pages: from every mark on, the rest is what a walk from the start gives. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Cursor } from '../../../src/decoder/cursor.js';
import { type Entry, openEntry } from '../../../src/decoder/rdb/entry.js';
import { readText } from '../../../src/decoder/rdb/string.js';
import {
  type Collection,
  type Mark,
  type StreamGroup,
  streamIdText,
  type Value,
  type Walker,
} from '../../../src/decoder/rdb/value-model.js';
import { collect, counted as countedItems, listed } from '../../../src/decoder/rdb/walkers.js';
import { type ByteSource, MemorySource } from '../../../src/decoder/source.js';
import { bytes } from '../support/bytes.js';
import { listpack, ziplist } from '../support/compact.js';
import { dumps } from '../support/fixtures.js';
import { all, line, plainItem, text } from '../support/plain.js';
import {
  compressed,
  counted,
  file,
  key,
  length,
  type NodeEntry,
  streamNode,
  streamValue,
  string,
} from '../support/rdb-writer.js';
import { SAMPLE_FILES } from '../support/samples.js';
import { fileOf, ShortReads, scan } from '../support/scanned.js';

/** A collection of some value, whose items are made into texts to compare. */
interface Pages {
  readonly title: string;
  readonly walk: (from?: Mark) => Walker<string>;
}

function pages<Item>(title: string, collection: Collection<Item>, plain: (item: Item) => unknown): Pages {
  return {
    title,
    walk(from) {
      const walker = collection.walk(from);
      return {
        next() {
          const item = walker.next();
          return item === undefined ? undefined : line(plain(item));
        },
        mark: () => walker.mark(),
      };
    },
  };
}

/** All collections of a value, those inside others too. */
function collectionsOf(value: Value): Pages[] {
  switch (value.type) {
    case 'list':
      return [pages('list', value.items, text)];
    case 'set':
      return [pages('set', value.items, (item) => [text(item.member), item.expireAt])];
    case 'zset':
      return [pages('zset', value.items, (item) => [text(item.member), item.score])];
    case 'hash':
      return [pages('hash', value.items, (item) => [text(item.field), text(item.value), item.expireAt])];
    case 'array':
      return [pages('array', value.items, (item) => [item.index, text(item.value)])];
    case 'module': {
      const view = value.view();
      return [
        ...(value.items ? [pages('module items', value.items, plainItem)] : []),
        ...(view?.kind === 'vectorset'
          ? [pages('vectors', view.elements, (item) => [text(item.name), item.vector, item.level])]
          : []),
      ];
    }
    case 'cronjob':
      return [pages('keys', value.keys, text), pages('arguments', value.args, text)];
    case 'stream': {
      const info = value.info();
      return [
        pages('entries', value.entries, ({ id, fields }) => [
          streamIdText(id),
          fields.map(([field, content]) => [text(field), text(content)]),
        ]),
        pages('groups', info.groups, (group) => text(group.name)),
        ...collect(info.groups).flatMap(groupCollections),
        ...(info.idempotency
          ? [
              pages('producers', info.idempotency.producers, (producer) => text(producer.name)),
              ...collect(info.idempotency.producers).map((producer) =>
                pages('ids of a producer', producer.entries, (entry) => [text(entry.key), streamIdText(entry.id)]),
              ),
            ]
          : []),
      ];
    }
    default:
      return [];
  }
}

function groupCollections(group: StreamGroup): Pages[] {
  return [
    pages('pending', group.pending, (entry) => [streamIdText(entry.id), entry.deliveryTime, entry.deliveryCount]),
    pages('consumers', group.consumers, (consumer) => text(consumer.name)),
    ...collect(group.consumers).map((consumer) => pages('pending of a consumer', consumer.pending, streamIdText)),
    ...(group.released ? [pages('released', group.released, streamIdText)] : []),
  ];
}

function rest(walker: Walker<string>): string[] {
  const items: string[] = [];
  for (let item = walker.next(); item !== undefined; item = walker.next()) items.push(item);
  return items;
}

/** Checks walks from every mark, or from every so many of a large collection. */
function checkMarks({ title, walk }: Pages, where: string, every = 1): void {
  const items = rest(walk());
  const walker = walk();
  for (let index = 0; index <= items.length; index++) {
    const mark = walker.mark();
    assert.equal(mark.index, index, `${where}, ${title}: index of mark ${index}`);
    if (index % every === 0 || index === items.length) {
      const resumed = walk(mark);
      assert.equal(resumed.mark().index, index, `${where}, ${title}: mark again at ${index}`);
      if (rest(resumed).join('\n') !== items.slice(index).join('\n')) {
        assert.deepEqual(rest(walk(mark)), items.slice(index), `${where}, ${title}: from mark ${index}`);
      }
      assert.equal(resumed.next(), undefined, `${where}, ${title}: behind the end`);
    }
    walker.next();
  }
}

/** Opens all keys of a file. */
function entriesOf(content: Uint8Array, source: ByteSource = new MemorySource(content)): Entry[] {
  const scanned = scan(content);
  return scanned.keys.map((row) => openEntry(fileOf(source, scanned), row.typeOffset, row.end));
}

describe('a walk from a mark', () => {
  for (const { title, bytes: content } of SAMPLE_FILES) {
    it(`gives the rest of every collection of the sample file of ${title}`, () => {
      for (const source of [new MemorySource(content), new ShortReads(content, 7)]) {
        for (const entry of entriesOf(content, source)) {
          for (const collection of collectionsOf(entry.value)) checkMarks(collection, text(entry.key));
        }
      }
    });
  }

  for (const { name, bytes: content } of dumps().filter(({ size }) => size <= 50_000)) {
    it(`gives the rest of every collection of ${name}`, () => {
      for (const entry of entriesOf(content)) {
        for (const collection of collectionsOf(entry.value)) checkMarks(collection, text(entry.key), 17);
      }
    });
  }
});

describe('a walk from a mark of a large value', () => {
  const texts = Array.from({ length: 8 }, (_, index) => `${index}:${'x'.repeat(index * 9400)}`);
  const entries: readonly NodeEntry[] = texts.map((value, index) => ({
    ms: index,
    seq: 0,
    values: [value],
    deleted: index % 5 === 3,
  }));
  const stream = streamValue(15, {
    nodes: [streamNode([1, 0], ['f'], entries), streamNode([100, 0], ['f'], entries)],
    length: 14,
    last: [107, 0],
    first: [1, 0],
    maxDeleted: [0, 0],
    added: 0,
    groups: [],
    duration: 0,
    maxEntries: 0,
    producers: [],
    idsAdded: 0,
    idsDuplicate: 0,
  });
  const values: readonly (readonly [title: string, type: number, value: Uint8Array])[] = [
    ['list', 1, counted(texts.map((each) => string(each)))],
    ['list of compressed elements', 1, counted(texts.map((each) => compressed(each)))],
    ['ziplist', 10, string(ziplist(texts))],
    ['compressed ziplist', 10, compressed(ziplist(texts))],
    ['quicklist', 14, counted([0, 2, 4, 6].map((from) => compressed(ziplist(texts.slice(from, from + 2)))))],
    [
      'quicklist 2',
      18,
      counted(
        [0, 2, 4, 6].map((from) =>
          from === 4
            ? [length(1), string('plain'.repeat(20_000))]
            : [length(2), string(listpack(texts.slice(from, from + 2)))],
        ),
      ),
    ],
    ['compressed listpack', 20, compressed(listpack(texts))],
    ['stream', 15, stream],
  ];
  for (const [title, type, value] of values) {
    it(`gives the rest of a ${title}, also from a source that reads little at a time`, () => {
      const content = file('REDIS0011', key(type, 'k', value));
      for (const source of [new MemorySource(content), new ShortReads(content, 999)]) {
        const [entry] = entriesOf(content, source);
        for (const collection of collectionsOf(entry.value)) checkMarks(collection, title, 3);
      }
    });
  }
});

describe('a collection', () => {
  const content = bytes(string('a'), string('bb'), string('ccc'), 'rest');
  const cursor = new Cursor(new MemorySource(content));

  it('of counted elements ends behind the last, whatever follows', () => {
    const items = countedItems(cursor, 3, (at) => text(readText(at, 'the value')));
    assert.equal(items.count, 3);
    assert.deepEqual(
      all(items, (item) => item),
      ['a', 'bb', 'ccc'],
    );
    assert.equal(cursor.offset, 0, 'the cursor that it was made from does not move');
  });

  it('in memory can be walked from a mark', () => {
    const items = listed(['a', 'b', 'c']);
    const walker = items.walk();
    walker.next();
    const resumed = items.walk(walker.mark());
    assert.deepEqual([resumed.next(), resumed.next(), resumed.next()], ['b', 'c', undefined]);
    assert.equal(resumed.mark().index, 3);
  });
});
