/** The engine's answers about the keys of a filter: the same sums for every question, kept until something else is asked. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import type { KeyFilter } from '../../../src/analysis-protocol.js';
import { DEFAULT_FINDING_LIMITS } from '../../../src/dataset/analysis/findings/finding.js';
import type { EventMessage, ViewSpec } from '../../../src/protocol.js';
import { CORPUS } from '../support/fixtures.js';
import { stringsFile } from '../support/indexed.js';
import { type TestEngine, withEngine } from '../support/programs.js';
import { file, key, selectdb, string } from '../support/rdb-writer.js';

const SEPARATOR = ':';
const limits = DEFAULT_FINDING_LIMITS;
const types = { path: path.join(CORPUS, 'redis-8.6.3', 'types', 'dump.rdb') };

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

/** The keys that a filter lets pass, as the grid counts them. */
async function shown(engine: TestEngine, filter: KeyFilter): Promise<number> {
  const spec: ViewSpec = {
    filter,
    sort: { column: 'offset', descending: false },
    layout: 'list',
    separator: SEPARATOR,
    folderOrder: 'name',
  };
  return (await engine.ask('view.set', { view: 1, spec })).keys;
}

describe('the analysis of the engine', () => {
  it('has the same keys in every answer, for any filter, with memory and without', async () => {
    await withEngine(types, async (engine) => {
      const { keys } = await engine.ready();
      for (const round of ['without', 'with']) {
        for (const filter of [
          {},
          { types: ['hash', 'zset'] },
          { key: { mode: 'glob', text: '*a*', ignoreCase: false } },
        ] as const) {
          const wanted = await shown(engine, filter);
          const totals = await engine.ask('keyspace.totals', { filter });
          assert.equal(totals.keys, wanted);
          assert.equal(totals.hasMemory, round === 'with');
          assert.equal(totals.memory > 0, round === 'with');
          const level = await engine.ask('keyspace.namespaces', {
            filter,
            separator: SEPARATOR,
            path: [],
            by: 'bytes',
            limit: 1000,
            innerLimit: 5,
          });
          assert.equal(sum(level.namespaces.map((one) => one.keys)) + level.own.keys + level.rest.keys, wanted);
          for (const one of level.namespaces.slice(0, 5)) {
            const within = { ...filter, namespace: { separator: SEPARATOR, path: one.path } };
            assert.equal(await shown(engine, within), one.keys);
          }
          const { shares } = await engine.ask('keyspace.types', { filter });
          assert.equal(sum(shares.map((one) => one.keys)), wanted);
          const sizes = await engine.ask('keyspace.sizes', { filter, by: round === 'with' ? 'memory' : 'bytes' });
          assert.equal(sum(sizes.buckets.map((one) => one.keys)), wanted);
          const expiry = await engine.ask('keyspace.expiry', { filter });
          assert.equal(expiry.never.keys + expiry.expiring.keys, wanted);
          assert.equal(sum((await engine.ask('keyspace.slots', { filter })).keys), wanted);
          const access = await engine.ask('keyspace.access', { filter });
          assert.equal(sum(access.buckets.map((one) => one.keys)) + access.unknown.keys, wanted);
          const by = round === 'with' ? 'memory' : 'bytes';
          const { keys: big } = await engine.ask('keyspace.biggest', { filter, by, among: {}, limit: 1000 });
          assert.equal(big.length, Math.min(1000, wanted));
          const values = big.map(({ value }) => value);
          assert.deepEqual(
            values,
            [...values].sort((a, b) => b - a),
          );
          assert.deepEqual(
            values,
            big.map(({ size, memory }) => (round === 'with' ? memory : size)),
          );
        }
        assert.equal((await engine.ask('keyspace.totals', { filter: {} })).keys, keys);
        const { total } = await engine.ask('keyspace.memory', {});
        assert.equal((await engine.ask('keyspace.totals', { filter: {} })).memory, total);
      }
      // What a filter by memory shows is what was counted.
      const { buckets } = await engine.ask('keyspace.sizes', { filter: {}, by: 'memory' });
      for (const { min, max, keys: count } of buckets)
        assert.equal(await shown(engine, { memory: { min, max } }), count);
    });
  });

  it('tells everybody of the findings of the whole file, and nobody of those of a part', async () => {
    await withEngine(types, async (engine) => {
      await engine.ready();
      const told = () => engine.events.filter(({ event }) => event === 'findings').length;
      await engine.ask('keyspace.findings', { filter: { types: ['hash'] }, separator: SEPARATOR, limits });
      assert.equal(told(), 0);
      const { findings } = await engine.ask('keyspace.findings', { filter: {}, separator: SEPARATOR, limits });
      const event = await engine.event(
        (one): one is Extract<EventMessage, { event: 'findings' }> => one.event === 'findings',
      );
      assert.deepEqual(event.findings, findings);
    });
  });

  it('counts an encoding once, whatever types it has in the file', async () => {
    await withEngine({ path: path.join(CORPUS, 'redis-7.0.15', 'types', 'dump.rdb') }, async (engine) => {
      const { shares } = await engine.ask('keyspace.types', { filter: {} });
      const lists = shares.filter(({ encoding }) => encoding === 'quicklist');
      assert.deepEqual(
        lists.map(({ keys }) => keys),
        [22],
      );
    });
  });

  it('finds JSON in strings that the application has compressed', async () => {
    for (const [compress, format, isJson] of [
      [gzipSync, 'gzip', true],
      [deflateSync, 'zlib', true],
      [gzipSync, 'gzip', false],
    ] as const) {
      const value = (i: number) => (isJson ? `{"user":${i},"name":"${'n'.repeat(40)}"}` : `user ${i} `.repeat(9));
      const keys = Array.from({ length: 60 }, (_, i) => key(0, `k${i}`, string(new Uint8Array(compress(value(i))))));
      await withEngine({ bytes: file('REDIS0011', selectdb(0), ...keys) }, async (engine) => {
        const { findings } = await engine.ask('keyspace.findings', { filter: {}, separator: SEPARATOR, limits });
        const packed = findings.find(({ code }) => code === 'packed-strings');
        assert.equal(packed?.title.phrase.startsWith('{0} strings are JSON'), isJson);
        assert.deepEqual(packed?.title.args, ['60', format]);
      });
    }
  });

  it('writes the report in the language of the reader', async () => {
    await withEngine(types, async (engine) => {
      await engine.ready();
      const { html } = await engine.ask('keyspace.report', {
        filter: { types: ['list'] },
        separator: SEPARATOR,
        limits,
        fileName: 'dump.rdb',
        limit: 10,
        strings: { 'Analysis of {0}': 'Analyse von {0}', 'type {0}': 'Typ {0}' },
        language: 'de',
      });
      assert.match(html, /<html lang="de">[\s\S]*<h1>Analyse von dump\.rdb<\/h1>[\s\S]*<dd>Typ list<\/dd>/);
    });
  });

  it('stops when it is told to, and answers the next question', async () => {
    const names = Array.from({ length: 60_000 }, (_, i) => `user:${i}:${i % 7}`);
    await withEngine({ bytes: stringsFile(names) }, async (engine) => {
      await engine.ready();
      const filter = { key: { mode: 'regex', text: '7', ignoreCase: true } } as const;
      const asked = engine.send('keyspace.findings', { filter, separator: SEPARATOR, limits });
      engine.cancel(asked.id);
      assert.deepEqual(Object.keys(await asked.answer).includes('cancelled'), true);
      const wanted = names.filter((name) => name.includes('7')).length;
      assert.equal((await engine.ask('keyspace.totals', { filter })).keys, wanted);
    });
  });

  it('says what is wrong with a pattern', async () => {
    await withEngine(types, async (engine) => {
      await engine.ready();
      const filter = { key: { mode: 'regex', text: '(', ignoreCase: false } } as const;
      const outcome = await engine.send('keyspace.totals', { filter }).answer;
      assert.ok('error' in outcome && outcome.error.code === 'bad-pattern');
    });
  });
});
