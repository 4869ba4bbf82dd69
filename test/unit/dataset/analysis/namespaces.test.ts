/** Namespaces: names that are ids by their number, paths with one way only, limits; streams of a real file; what crossing a limit costs. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { AnalysedKeys } from '../../../../src/dataset/analysis/keys.js';
import { namespaceTree } from '../../../../src/dataset/analysis/namespaces.js';
import { streamFacts } from '../../../../src/dataset/analysis/streams.js';
import { typeShares } from '../../../../src/dataset/analysis/types.js';
import { filterRows } from '../../../../src/dataset/filter.js';
import { keyMemory, MemoryColumn, memorySteps } from '../../../../src/dataset/memory/column.js';
import { targetFor } from '../../../../src/dataset/memory/target.js';
import { listpack } from '../../support/compact.js';
import { CORPUS } from '../../support/fixtures.js';
import { finish, type Indexed, indexed, stringsFile } from '../../support/indexed.js';
import { seededRandom } from '../../support/random.js';
import { aux, file, key, selectdb, string } from '../../support/rdb-writer.js';

const analysed = ({ file, index }: Indexed): AnalysedKeys => ({
  file,
  index,
  rows: { length: index.length, at: (i) => i },
  memory: undefined,
  savedAt: undefined,
});

const CLOCK = { now: 0, savedAt: undefined };

/** Words that look like no id. */
function word(i: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  return [0, 1, 2, 3, 4].map((place) => letters[Math.floor(i / 26 ** place) % 26]).join('');
}

describe('namespaces', () => {
  const random = seededRandom(11);
  const names = [
    // Names of users are ids by their number, and what is behind them belongs together.
    ...Array.from({ length: 3000 }, (_, i) => `user:${word(i)}:${['cart', 'seen'][random(2)]}`),
    ...Array.from({ length: 500 }, (_, i) => `user:admin:${i}`),
    ...Array.from({ length: 300 }, (_, i) => `order-${i}`),
    ...Array.from({ length: 200 }, (_, i) => `page:${['home', 'sale', 'help'][i % 3]}:${i}`),
    'flag',
  ];
  const made = indexed(stringsFile([...new Set(names)]));
  const keys = analysed(made);
  const tree = finish(namespaceTree(keys, ':'));
  const root = tree.level([], 'keys', 100, 10);

  it('fold names that are different for every key, and keep those that are not', () => {
    assert.deepEqual(
      root.namespaces.map(({ label, keys: count }) => [label, count]),
      [
        ['user:', 3500],
        ['order-*', 300],
        ['page:', 200],
        ['flag', 1],
      ],
    );
    const users = tree.level([{ text: 'user' }], 'keys', 100);
    assert.deepEqual(
      users.namespaces.map(({ label, keys: count }) => [label, count]),
      [
        ['*:', 3000],
        ['admin:*', 500],
      ],
    );
    const [folded] = users.namespaces;
    assert.deepEqual(
      tree
        .level(folded.path, 'keys', 10)
        .namespaces.map(({ label }) => label)
        .sort(),
      ['cart', 'seen'],
    );
  });

  it('are found by the filter that their path makes, each with as many keys', () => {
    let seen = 0;
    const look = (level: typeof root): void => {
      for (const { path: steps, keys: count, children } of level.namespaces) {
        const filter = { namespace: { separator: ':', path: steps } };
        assert.equal(finish(filterRows(made.file, made.index, filter, CLOCK, 0, made.index.length)).length, count);
        seen++;
        if (children > 0) look(tree.level(steps, 'keys', 100));
      }
    };
    look(root);
    assert.ok(seen > 10);
  });

  it('are never more than there is room for, and what is left over is counted', () => {
    const small = finish(namespaceTree(keys, ':', 5));
    const level = small.level([], 'keys', 3);
    assert.ok(small.length <= 5);
    assert.equal(
      level.namespaces.reduce((sum, one) => sum + one.keys, level.own.keys + level.rest.keys),
      made.index.length,
    );
  });

  it('list the greatest, and count the rest', () => {
    const level = tree.level([], 'keys', 2);
    assert.deepEqual(
      [level.namespaces.length, level.rest.keys, level.rest.namespaces],
      [2, made.index.length - 3800, 2],
    );
  });

  it('are whole names without a separator', () => {
    const level = finish(namespaceTree(keys, '')).level([], 'keys', 100);
    assert.equal(
      level.namespaces.reduce((sum, one) => sum + one.keys, level.rest.keys),
      made.index.length,
    );
  });

  it('know of a path that is not there that it holds nothing', () =>
    assert.equal(tree.level([{ text: 'nobody' }], 'bytes', 10).keys, 0));

  it('of names with thousands of parts end at a depth', () => {
    const deep = indexed(stringsFile([':'.repeat(5000), `${'a:'.repeat(3000)}b`]));
    const found = finish(namespaceTree(analysed(deep), ':'));
    assert.ok(found.length <= 32);
    assert.equal(found.level([], 'keys', 10).keys, 2);
  });

  it('remember the longest names', () => {
    const long = indexed(stringsFile(['short', 'x'.repeat(5000), 'y'.repeat(300)]));
    const found = finish(namespaceTree(analysed(long), ':'));
    assert.equal(found.nameBytes, 5305);
    assert.deepEqual(found.longest.sorted(), [
      { row: 1, value: 5000 },
      { row: 2, value: 300 },
      { row: 0, value: 5 },
    ]);
  });
});

describe('the facts of streams', () => {
  const made = indexed(readFileSync(path.join(CORPUS, 'redis-7.2.6', 'streams', 'dump.rdb')));
  const facts = finish(streamFacts(analysed(made), 100));

  it('are those that the value pane shows', () => {
    const streams = made.index.kinds.filter(({ type }) => type === 'stream').reduce((sum, one) => sum + one.keys, 0);
    assert.equal(facts.streams, streams);
    assert.equal(facts.unread, 0);
    const groups = facts.groups.filter(({ group }) => group !== null);
    assert.ok(groups.length > 0);
    for (const { row, entries, pending, oldest, consumers } of groups) {
      assert.equal(entries, made.index.elements(row));
      assert.equal(oldest === null, pending === 0);
      assert.ok(consumers >= 0);
    }
    const order = facts.groups.map(({ pending }) => pending);
    assert.deepEqual(
      order,
      [...order].sort((a, b) => b - a),
    );
  });
});

describe('keys near the limit of their encoding', () => {
  const fields = (count: number) => Array.from({ length: count }, (_, i) => [`field-${i}`, `value-${i}`]).flat();
  const made = indexed(
    file(
      'REDIS0011',
      aux('redis-ver', '7.2.4'),
      selectdb(0),
      Array.from({ length: 20 }, (_, i) => key(16, `near:${i}`, string(listpack(fields(500))))),
      Array.from({ length: 5 }, (_, i) => key(16, `far:${i}`, string(listpack(fields(100))))),
    ),
  );

  it('cost what the model of memory says of their other encoding', () => {
    const without = finish(typeShares(analysed(made))).near;
    assert.deepEqual(
      without.map(({ type, encoding, becomes, keys, from, limit }) => [type, encoding, becomes, keys, from, limit]),
      [['hash', 'listpack', 'hashtable', 20, 461, 512]],
    );
    const target = targetFor({ make: 'redis', version: '7.2.4', level: 702 });
    const column = new MemoryColumn(target);
    finish(memorySteps(made.source, made.index, column));
    made.index.costs = column;
    const [near] = finish(typeShares(analysed(made))).near;
    const hashtable = { ...target, asSaved: false, limits: { ...target.limits, hashEntries: 0 } };
    const other = keyMemory(made.source, made.index, 0, hashtable);
    assert.equal(other.encoding, 'hashtable');
    const more = Array.from(
      { length: 20 },
      (_, row) => keyMemory(made.source, made.index, row, hashtable).bytes - column.at(row),
    );
    assert.equal(near.cost, Math.round(more.reduce((sum, one) => sum + one, 0)));
    // Without the model it is about as much.
    assert.ok(without[0].cost > near.cost / 2 && without[0].cost < near.cost * 2, `${without[0].cost} ${near.cost}`);
  });
});
