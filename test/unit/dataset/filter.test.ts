/** Filters over keys: each column by itself, together, and against a test of every key one by one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Clock, filterRows, isOpen, type KeyFilter, RowList } from '../../../src/dataset/filter.js';
import { PatternError } from '../../../src/dataset/key-pattern.js';
import { COUNT_UNKNOWN } from '../../../src/decoder/rdb/key-batch.js';
import { finish, indexed, progress } from '../support/indexed.js';
import { type Known, keyspace, SAVED_AT } from '../support/keyspace.js';
import { seededRandom } from '../support/random.js';
import { aux, file, key, length, moduleId, moduleValue, string } from '../support/rdb-writer.js';

const space = keyspace(1, 600);
const clock: Clock = { now: SAVED_AT + 300_000, savedAt: SAVED_AT };

function filtered(filter: KeyFilter, from = 0, to = space.index.length, at = clock): number[] {
  return [...finish(filterRows(space.file, space.index, filter, at, from, to)).toArray()];
}

const rowsWhere = (test: (key: Known) => boolean) => space.keys.filter(test).map(({ row }) => row);
const within = (value: number | undefined, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY) =>
  value !== undefined && value >= min && value <= max;

/** A filter, and what it should let pass. */
type Case = readonly [what: string, filter: KeyFilter, test: (key: Known) => boolean];

const CASES: readonly Case[] = [
  ['all keys', {}, () => true],
  ['a type', { types: ['hash'] }, (key) => key.type === 'hash'],
  ['several types', { types: ['hash', 'list'] }, (key) => key.type === 'hash' || key.type === 'list'],
  ['an encoding', { encodings: ['int'] }, (key) => key.encoding === 'int'],
  [
    'a type and an encoding',
    { types: ['string'], encodings: ['embstr', 'listpack'] },
    (key) => key.type === 'string' && key.encoding === 'embstr',
  ],
  ['databases', { dbs: [3, 15] }, (key) => key.db !== 0],
  ['a database that is not there', { dbs: [7] }, () => false],
  ['no expiry', { expiry: { kind: 'none' } }, (key) => key.expireAt === undefined],
  ['any expiry', { expiry: { kind: 'any' } }, (key) => key.expireAt !== undefined],
  ['what had expired', { expiry: { kind: 'expired-at-save' } }, (key) => within(key.expireAt, undefined, SAVED_AT)],
  ['what has expired', { expiry: { kind: 'expired-now' } }, (key) => within(key.expireAt, undefined, clock.now)],
  [
    'what will expire soon',
    { expiry: { kind: 'within', ms: 60_000 } },
    (key) => within(key.expireAt, clock.now + 1, clock.now + 60_000),
  ],
  ['large keys', { size: { min: 80 } }, (key) => key.size >= 80],
  ['small keys', { size: { max: 20 } }, (key) => key.size <= 20],
  ['a range of sizes', { size: { min: 20, max: 30 } }, (key) => within(key.size, 20, 30)],
  ['a number of elements', { elements: { min: 3, max: 3 } }, (key) => key.elements === 3],
  [
    'a part of the name',
    { key: { mode: 'substring', text: 'r:', ignoreCase: false } },
    (key) => key.name.includes('r:'),
  ],
  [
    'a part of the name in any case',
    { key: { mode: 'substring', text: 'USER', ignoreCase: true } },
    (key) => key.name.toLowerCase().includes('user'),
  ],
  [
    'a byte of the name',
    { key: { mode: 'substring', text: '\\xff', ignoreCase: true } },
    (key) => key.name.includes('\xff'),
  ],
  ['a glob', { key: { mode: 'glob', text: 'user*', ignoreCase: false } }, (key) => key.name.startsWith('user')],
  [
    'an expression',
    { key: { mode: 'regex', text: '^order.*\\d$', ignoreCase: false } },
    (key) => /^order[^\n]*\d$/.test(key.name),
  ],
  [
    'everything at once',
    {
      key: { mode: 'substring', text: 'a', ignoreCase: false },
      types: ['string', 'set', 'list'],
      dbs: [0, 3],
      expiry: { kind: 'none' },
      size: { min: 10, max: 120 },
      elements: { min: 1 },
    },
    (key) =>
      key.name.includes('a') &&
      ['string', 'set', 'list'].includes(key.type) &&
      key.db !== 15 &&
      key.expireAt === undefined &&
      within(key.size, 10, 120) &&
      within(key.elements, 1),
  ],
];

describe('a filter', () => {
  for (const [what, filter, test] of CASES) {
    it(`finds ${what}`, () => {
      const expected = rowsWhere(test);
      assert.deepEqual(filtered(filter), expected);
      if (what !== 'a database that is not there') assert.ok(expected.length > 0, 'some key passes');
    });
  }

  it('looks at the rows that it is told to, and gives those of a part after those before', () => {
    for (const [what, filter, test] of CASES) {
      const parts = [0, 1, 199, 200, 350, 600];
      const found = parts.slice(1).flatMap((to, i) => filtered(filter, parts[i], to));
      assert.deepEqual(found, rowsWhere(test), what);
    }
  });

  it('finds no key that had expired when nobody knows when the file was saved', () => {
    assert.deepEqual(filtered({ expiry: { kind: 'expired-at-save' } }, 0, 600, { ...clock, savedAt: undefined }), []);
  });

  it('tells how far it is, up to the number of rows', () => {
    for (const [what, filter] of CASES) {
      const { told } = progress(filterRows(space.file, space.index, filter, clock, 100, 600));
      assert.ok(
        told.every((done, i) => done >= (told[i - 1] ?? 0) && done <= 500),
        `${what}: ${told}`,
      );
    }
  });

  it('puts a key whose elements are not counted into no range of numbers', () => {
    const value = moduleValue('hellotype', 0, []);
    const { file: opened, index } = indexed(
      file('REDIS0011', aux('redis-ver', '7.2.4'), key(7, 'm', value), key(1, 'l', [length(1), string('a')])),
    );
    assert.equal(index.elements(0), COUNT_UNKNOWN);
    assert.ok(moduleId('hellotype', 0) > 0n);
    for (const elements of [{ max: 10 }, { min: 0 }, {}]) {
      const rows = finish(filterRows(opened, index, { elements }, clock, 0, 2)).toArray();
      assert.deepEqual([...rows], [1], JSON.stringify(elements));
    }
  });

  it('refuses an expression that is none', () => {
    assert.throws(() => filtered({ key: { mode: 'regex', text: '(', ignoreCase: false } }), PatternError);
  });

  it('is open when it asks for nothing', () => {
    assert.equal(isOpen({}), true);
    assert.equal(isOpen({ dbs: [] }), false);
    assert.deepEqual(filtered({ dbs: [] }), []);
    assert.deepEqual(filtered({ types: [] }), []);
  });
});

describe('a list of rows', () => {
  it('is what was added, however it grows and is looked at between', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = seededRandom(seed);
      const list = new RowList();
      const expected: number[] = [];
      for (let step = 0; step < 6; step++) {
        for (let left = random(5000); left > 0; left--) {
          const row = random(1 << 30);
          list.add(row);
          expected.push(row);
        }
        const looked = random(2) === 0 ? list.toArray() : undefined;
        const copy = looked?.slice();
        list.add(7);
        expected.push(7);
        assert.deepEqual(looked, copy, 'an array that was given stays as it is');
        assert.equal(list.length, expected.length);
      }
      assert.deepEqual([...list.toArray()], expected, `seed ${seed}`);
    }
  });
});
