/** The questions of the analysis, against the plainest way to answer them: one key after the other, with objects. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accessShares } from '../../../../src/dataset/analysis/access.js';
import { biggestKeys } from '../../../../src/dataset/analysis/biggest.js';
import { expiryTimeline } from '../../../../src/dataset/analysis/expiry.js';
import type { AnalysedKeys } from '../../../../src/dataset/analysis/keys.js';
import { foldedText } from '../../../../src/dataset/analysis/namespace-rules.js';
import { namespaceTree } from '../../../../src/dataset/analysis/namespaces.js';
import { sizeDistribution } from '../../../../src/dataset/analysis/sizes.js';
import { slotShares } from '../../../../src/dataset/analysis/slots.js';
import { typeShares } from '../../../../src/dataset/analysis/types.js';
import { filterRows, type KeyFilter } from '../../../../src/dataset/filter.js';
import { slotOf } from '../../../../src/dataset/slots.js';
import { finish } from '../../support/indexed.js';
import { type Keyspace, keyspace, SAVED_AT } from '../../support/keyspace.js';

/** An estimate that is wrong, and the same for everybody. */
const memoryOf = (row: number) => 50 + ((row * 7919) % 4001);

function analysed(made: Keyspace): AnalysedKeys {
  const { index } = made;
  const rows = { length: index.length, at: (i: number) => i };
  return { file: made.file, index, rows, memory: memoryOf, savedAt: SAVED_AT };
}

const rowsOf = ({ file, index }: Keyspace, filter: KeyFilter) => [
  ...finish(filterRows(file, index, filter, { now: SAVED_AT, savedAt: SAVED_AT }, 0, index.length)).toArray(),
];

const latin1 = (name: string) => Buffer.from(name, 'latin1');
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('the questions of the analysis', () => {
  for (const seed of [1, 2, 3]) {
    const made = keyspace(seed, 700, (['none', 'idle', 'freq'] as const)[seed % 3]);
    const keys = analysed(made);

    it(`count namespaces of any depth as a filter finds them (seed ${seed})`, () => {
      const tree = finish(namespaceTree(keys, ':'));
      let levels = 0;
      const look = (path: Parameters<typeof tree.level>[0]) => {
        const level = tree.level(path, 'memory', 1000);
        levels++;
        const within = (filter: KeyFilter) => rowsOf(made, filter);
        const own = within({ namespace: { separator: ':', path, whole: true } });
        if (path.length > 0) {
          assert.equal(level.own.keys, own.length);
          assert.equal(level.own.memory, sum(own.map(memoryOf)));
        }
        assert.equal(level.rest.keys, 0);
        assert.equal(level.rest.namespaces, 0);
        assert.equal(level.keys, level.own.keys + sum(level.namespaces.map((one) => one.keys)));
        for (const one of level.namespaces) {
          const rows = within({ namespace: { separator: ':', path: one.path } });
          assert.equal(one.keys, rows.length, JSON.stringify(one.path));
          assert.equal(one.bytes, sum(rows.map((row) => made.keys[row].size)));
          assert.equal(one.expiring.keys, rows.filter((row) => made.keys[row].expireAt !== undefined).length);
          if (one.children > 0) look(one.path);
        }
      };
      look([]);
      assert.ok(levels > 10);
    });

    it(`find the biggest keys (seed ${seed})`, () => {
      const naive = (value: (row: number) => number) =>
        made.keys
          .map(({ row }) => ({ row, value: value(row) }))
          .sort((a, b) => b.value - a.value || a.row - b.row)
          .slice(0, 25);
      assert.deepEqual(
        finish(biggestKeys(keys, 'memory', {}, 25)).map(({ value }) => value),
        naive(memoryOf).map(({ value }) => value),
      );
      assert.deepEqual(
        finish(biggestKeys(keys, 'bytes', {}, 25)).map(({ value }) => value),
        naive((row) => made.keys[row].size).map(({ value }) => value),
      );
      const lists = finish(biggestKeys(keys, 'elements', { type: 'list', db: 3 }, 5));
      const wanted = made.keys
        .filter(({ type, db }) => type === 'list' && db === 3)
        .map(({ elements }) => elements ?? 0)
        .sort((a, b) => b - a)
        .slice(0, 5);
      assert.deepEqual(
        lists.map(({ value }) => value),
        wanted,
      );
    });

    it(`find the longest elements (seed ${seed})`, () => {
      const found = finish(biggestKeys(keys, 'longest', { type: 'string' }, 10));
      const wanted = made.keys
        .filter(({ type }) => type === 'string')
        .map(({ elements }) => elements ?? 0)
        .sort((a, b) => b - a)
        .slice(0, 10);
      assert.deepEqual(
        found.map(({ value }) => value),
        wanted,
      );
    });

    it(`count types and encodings (seed ${seed})`, () => {
      const { shares } = finish(typeShares(keys));
      for (const { type, encoding, ...share } of shares) {
        const of = made.keys.filter((one) => one.type === type && one.encoding === encoding);
        assert.deepEqual(share, {
          keys: of.length,
          bytes: sum(of.map(({ size }) => size)),
          memory: sum(of.map(({ row }) => memoryOf(row))),
          elements: sum(of.map(({ elements }) => elements ?? 0)),
          expiring: of.filter(({ expireAt }) => expireAt !== undefined).length,
        });
      }
      assert.equal(sum(shares.map((share) => share.keys)), made.keys.length);
    });

    it(`put expiries on a timeline (seed ${seed})`, () => {
      const timeline = finish(expiryTimeline(keys));
      assert.equal(timeline.never.keys, made.keys.filter(({ expireAt }) => expireAt === undefined).length);
      assert.equal(timeline.expired.keys, rowsOf(made, { expiry: { kind: 'expired-at-save' } }).length);
      assert.ok(timeline.buckets.length > 5 && timeline.buckets.length <= 60);
      for (const { from, to, keys: count } of timeline.buckets) {
        assert.equal(count, rowsOf(made, { expiry: { kind: 'between', from, to } }).length);
      }
      const { never, expired, later, expiring, buckets } = timeline;
      assert.equal(never.keys + expiring.keys, made.keys.length);
      assert.equal(expired.keys + later.keys + sum(buckets.map((one) => one.keys)), expiring.keys);
    });

    it(`measure sizes (seed ${seed})`, () => {
      const sizes = finish(sizeDistribution(keys, 'bytes'));
      for (const { min, max, keys: count, byType } of sizes.buckets) {
        const within = rowsOf(made, { size: { min, max } });
        assert.equal(count, within.length);
        assert.deepEqual(
          byType,
          sizes.types.map((type) => within.filter((row) => made.keys[row].type === type).length),
        );
      }
      const memory = finish(sizeDistribution(keys, 'memory'));
      for (const { type, p50, p90, p99, max, mean, keys: count } of memory.percentiles) {
        const of = made.keys
          .filter((one) => type === '' || one.type === type)
          .map(({ row }) => memoryOf(row))
          .sort((a, b) => a - b);
        assert.equal(count, of.length);
        assert.equal(max, of.at(-1));
        assert.equal(mean, sum(of) / of.length);
        for (const [share, value] of [
          [0.5, p50],
          [0.9, p90],
          [0.99, p99],
        ]) {
          const exact = of[Math.ceil(of.length * share) - 1];
          assert.ok(value >= exact && value <= exact * (1 + 1 / 64), `${value} for ${exact}`);
        }
      }
    });

    it(`count accesses (seed ${seed})`, () => {
      const { kind, buckets, unknown } = finish(accessShares(keys));
      assert.equal(kind, (['none', 'idle', 'freq'] as const)[seed % 3]);
      for (const { min, max, keys: count } of buckets) {
        const filter = kind === 'idle' ? { idle: { min, max } } : { freq: { min, max } };
        assert.equal(count, rowsOf(made, filter).length);
      }
      assert.equal(unknown.keys + sum(buckets.map((one) => one.keys)), made.keys.length);
    });

    it(`find the slots of all keys (seed ${seed})`, () => {
      const shares = finish(slotShares(keys));
      const counts = new Float64Array(16384);
      for (const { name } of made.keys) counts[slotOf(latin1(name))]++;
      assert.deepEqual(shares.keys, counts);
      assert.deepEqual(
        rowsOf(made, { slots: { min: 1000, max: 9000 } }),
        made.keys
          .filter(({ name }) => slotOf(latin1(name)) >= 1000 && slotOf(latin1(name)) <= 9000)
          .map(({ row }) => row),
      );
      assert.equal(sum([...shares.memory]), sum(made.keys.map(({ row }) => memoryOf(row))));
    });
  }

  it('keep their promises for a file without keys', () => {
    const made = keyspace(4, 0);
    const keys = { ...analysed(made), rows: { length: 0, at: () => 0 } };
    assert.equal(finish(namespaceTree(keys, ':')).level([], 'bytes', 10).keys, 0);
    assert.deepEqual(finish(expiryTimeline(keys)).buckets, []);
    assert.deepEqual(finish(sizeDistribution(keys, 'bytes')).buckets, []);
    assert.deepEqual(finish(biggestKeys(keys, 'longest', {}, 10)), []);
    assert.deepEqual(finish(typeShares(keys)).shares, []);
  });

  it('show only these rows where a filter names rows', () => {
    const made = keyspace(5, 50);
    assert.deepEqual(rowsOf(made, { rows: [30, 2, 49, 1000] }), [2, 30, 49]);
    const strings = made.keys.filter(({ type, row }) => type === 'string' && row < 20).map(({ row }) => row);
    assert.deepEqual(rowsOf(made, { types: ['string'], rows: Array.from({ length: 20 }, (_, i) => i) }), strings);
  });
});

describe('the folding of ids', () => {
  const folded = (text: string) => {
    const name = Buffer.from(text);
    return foldedText(name, 0, name.length);
  };

  for (const text of [
    '1',
    '-17',
    '0042',
    '3.14',
    '2026-11-28',
    '2026-w42',
    '20261128T101500Z',
    '198.51.100.23',
    '3f2a7c1e',
    'deadbeefdeadbeef',
    '550e8400-e29b-41d4-a716-446655440000',
    'd41d8cd98f00b204e9800998ecf8427e',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    'x'.repeat(129),
  ])
    it(`folds ${text.slice(0, 40)}`, () => assert.equal(folded(text), '*'));

  for (const text of ['user', 'cart', 'v2', 'utf8', 'decade', 'getUserProfile', 'content-type', 'page', '', 'é'])
    it(`keeps ${text || 'nothing'}`, () => assert.equal(folded(text), text));

  for (const [text, wanted] of [
    ['order-123', 'order-*'],
    ['sku_A-99', 'sku_A-*'],
    ['user#550e8400-e29b-41d4-a716-446655440000', 'user#*'],
    ['invoice20261', 'invoice*'],
    ['a*b', 'a\\x2ab'],
    ['*', '\\x2a'],
    ['a*-12', 'a\\x2a-*'],
  ])
    it(`folds ${text} to ${wanted}`, () => assert.equal(folded(text), wanted));
});
