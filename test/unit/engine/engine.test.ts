/** The engine in its thread, over real dumps: what it tells by itself, and its answers to every kind of request. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { RequestKind, ViewSpec } from '../../../src/protocol.js';
import { bytes, little } from '../support/bytes.js';
import { CORPUS, dumps } from '../support/fixtures.js';
import { indexed, namesOf } from '../support/indexed.js';
import { withEngine } from '../support/programs.js';
import { file, key, string } from '../support/rdb-writer.js';
import { tempFolder } from '../support/temp.js';

const LIST: ViewSpec = {
  filter: {},
  sort: { column: 'offset', descending: false },
  layout: 'list',
  separator: ':',
  folderOrder: 'name',
};
const folder = tempFolder();
const dumpOf = (name: string) => path.join(CORPUS, name, 'dump.rdb');

function written(name: string, content: Uint8Array): { path: string } {
  const at = path.join(folder, name);
  writeFileSync(at, content);
  return { path: at };
}

describe('the engine', () => {
  it('tells of dumps what is in them, from the disk and from memory', async () => {
    // Of some: all of them are read by the tests of the corpus.
    for (const { name, folder: at, bytes: content } of dumps().filter(
      ({ size }, i) => i % 10 === 0 && size < 100_000,
    )) {
      const { index, scan } = indexed(content);
      for (const start of [{ path: path.join(at, 'dump.rdb') }, { bytes: content }]) {
        await withEngine(start, async (engine) => {
          const summary = await engine.ready();
          assert.equal(summary.state, 'ready', name);
          assert.deepEqual(summary.problems, [], name);
          assert.deepEqual([summary.keys, summary.expires], [index.length, index.expires]);
          assert.deepEqual(summary.databases, index.databases);
          assert.equal(summary.magic, scan.facts.fileHeader?.magic);
          assert.ok(['ok', 'absent', 'disabled'].includes(summary.checksum), summary.checksum);
          assert.equal(summary.inMemory, 'bytes' in start);
        });
      }
    }
  });

  it('answers every kind of request', async () => {
    await withEngine({ path: dumpOf('redis-7.2.6/streams') }, async (engine) => {
      const { keys } = await engine.ready();
      const view = { view: 1 };
      const state = await engine.ask('view.set', { ...view, spec: LIST });
      assert.deepEqual([state.total, state.keys, state.growing], [keys, keys, false]);
      const { rows } = await engine.ask('view.rows', { ...view, from: 0, count: 1000 });
      assert.equal(rows.length, keys);
      const stream = rows.find((row) => row.kind === 'key' && row.type === 'stream' && (row.elements ?? 0) > 0);
      assert.ok(stream?.kind === 'key');
      const { row, name } = stream;
      assert.deepEqual((await engine.ask('view.locate', { ...view, row })).position, rows.indexOf(stream));
      assert.deepEqual(await engine.ask('view.find', { ...view, text: name, from: row }), { position: row });
      assert.deepEqual(await engine.ask('key.find', { text: name, db: stream.db }), { row });
      assert.deepEqual(await engine.ask('key.find', { text: 'no such key', db: null }), { row: null });
      const value = await engine.ask('value.open', { row });
      assert.equal(value.problem, null);
      assert.deepEqual(
        value.sections.map(({ id }) => id),
        ['entries', 'groups', 'facts'],
      );
      const items = { row, section: 'entries', from: 0, count: 1000, search: '' };
      const page = await engine.ask('value.items', items);
      assert.equal(page.total, stream.elements);
      assert.equal(page.items.length, stream.elements);
      const cell = { row, section: 'entries', position: 0, column: 0, pair: [0, 0] as const };
      const field = await engine.ask('value.bytes', { cell, from: 0, count: 100 });
      assert.ok(field.bytes.length > 0 && field.total === field.bytes.length);
      const records = await engine.ask('file.records', { from: 0, count: 5, opcode: null });
      assert.ok(records.total > 5 && records.records.length === 5);
      assert.ok(
        records.records.every(({ offset, end }, i) => end > offset && offset >= (records.records[i - 1]?.end ?? 9)),
      );
      assert.deepEqual(await engine.ask('file.functions', {}), { functions: [], more: 0 });
      const place = await engine.ask('file.place', { offset: stream.offset + 3 });
      assert.deepEqual(place, { ...place, kind: 'key', row, start: stream.offset, end: stream.offset + stream.size });
      assert.equal((await engine.ask('file.place', { offset: 4 })).kind, 'header');
      const head = await engine.ask('file.bytes', { from: 0, count: 9 });
      assert.equal(Buffer.from(head.bytes).toString(), 'REDIS0011');
      const copied = await engine.ask('copy', { ...view, positions: [[0, keys - 1]], format: 'key' });
      assert.equal(copied.keys, keys);
      assert.match((await engine.ask('copy.row', { row, format: 'commands' })).text, /^XADD /);
      assert.deepEqual(await engine.ask('verify', {}), { problems: 0, keys });
      assert.equal((await engine.ask('summary', {})).verified, 'done');
      assert.equal((await engine.ask('view.expand', { ...view, folder: 0, expanded: true })).total, keys);
      assert.deepEqual(await engine.ask('view.close', view), {});
    });
  });

  it('answers with an error what it cannot give, and goes on', async () => {
    await withEngine({ path: dumpOf('redis-7.2.6/mini') }, async (engine) => {
      await engine.ready();
      const fails = async (kind: RequestKind, params: unknown, code: string) => {
        const outcome = await engine.send(kind, params as never).answer;
        assert.ok('error' in outcome, `${kind} ${JSON.stringify(outcome)}`);
        assert.equal(outcome.error.code, code, JSON.stringify(outcome.error));
      };
      await fails('value.open', { row: 1e6 }, 'not-open');
      await fails('value.open', { row: -1 }, 'not-open');
      await fails('value.open', { row: Number.NaN }, 'not-open');
      await fails('value.items', { row: 0, section: 'nothing', from: 0, count: 1, search: '' }, 'not-open');
      await fails('copy.row', { row: 99, format: 'key' }, 'not-open');
      await fails('nothing' as RequestKind, {}, 'not-open');
      const key = (text: string) => ({ mode: 'regex' as const, text, ignoreCase: false });
      await fails('view.set', { view: 1, spec: { ...LIST, filter: { key: key('(') } } }, 'bad-pattern');
      await fails('view.set', { view: 1, spec: { ...LIST, filter: { key: key('(a+)+') } } }, 'bad-pattern');
      assert.ok((await engine.ask('summary', {})).keys > 0);
    });
  });

  it('answers every request, one way or another, while a file is scanned and after', async () => {
    const records = Array.from({ length: 60_000 }, (_, i) => key(0, `user:${i % 100}:${i}`, string('value')));
    await withEngine(written('large.rdb', file('REDIS0011', records)), async (engine) => {
      const sent = Array.from({ length: 40 }, (_, i) => {
        const spec: ViewSpec = {
          ...LIST,
          sort: { column: i % 2 === 0 ? 'key' : 'size', descending: i % 3 === 0 },
          layout: i % 4 === 0 ? 'tree' : 'list',
        };
        const request =
          i % 5 === 4
            ? engine.send('view.rows', { view: 1, from: 0, count: 50 })
            : engine.send('view.set', { view: 1 + (i % 2), spec });
        if (i % 7 === 0) engine.cancel(request.id);
        return request.answer;
      });
      const outcomes = await Promise.all<object>(sent);
      assert.ok(
        outcomes.every((outcome) => 'result' in outcome || 'cancelled' in outcome),
        JSON.stringify(outcomes),
      );
      assert.ok(outcomes.some((outcome) => 'cancelled' in outcome));
      const summary = await engine.ready();
      assert.equal(summary.keys, records.length);
      // What was asked for last is what is shown, whatever else was under way.
      const filter = { key: { mode: 'substring' as const, text: ':7:', ignoreCase: false } };
      const state = await engine.ask('view.set', { view: 1, spec: { ...LIST, filter } });
      assert.equal(state.keys, 600);
      const { rows } = await engine.ask('view.rows', { view: 1, from: 0, count: 600 });
      assert.ok(rows.every((row) => row.kind === 'key' && row.name.includes(':7:')));
    });
  });

  it('cancels work that nobody waits for, and what replaces it is done', async () => {
    const records = Array.from({ length: 60_000 }, (_, i) => key(0, `k${(i * 7919) % 60_000}`, string('v')));
    await withEngine(written('cancel.rdb', file('REDIS0011', records)), async (engine) => {
      await engine.ready();
      const verify = engine.send('verify', {});
      engine.cancel(verify.id);
      assert.deepEqual(Object.keys(await verify.answer), ['id', 'cancelled']);
      assert.equal((await engine.ask('summary', {})).verified, 'no');
      const sorts = Array.from({ length: 5 }, (_, i) =>
        engine.send('view.set', { view: 1, spec: { ...LIST, sort: { column: 'key', descending: i % 2 === 1 } } }),
      );
      const outcomes = await Promise.all(sorts.map(({ answer }) => answer));
      assert.deepEqual(
        outcomes.map((outcome) => Object.keys(outcome)[1]),
        ['cancelled', 'cancelled', 'cancelled', 'cancelled', 'result'],
      );
      const { rows } = await engine.ask('view.rows', { view: 1, from: 0, count: 3 });
      assert.deepEqual(
        rows.map((row) => row.kind === 'key' && row.name),
        ['k0', 'k1', 'k10'],
      );
    });
  });

  it('reports damage once, however often the check is asked for, and which keys have it', async () => {
    const value = string('v');
    const damaged = key(11, 'bad', string(bytes(little(2, 4), little(9, 4))));
    const content = file('REDIS0011', key(0, 'k', value), damaged, key(0, 'k', value), key(0, 'other', value));
    await withEngine(written('damaged.rdb', content), async (engine) => {
      await engine.ready();
      for (let i = 0; i < 2; i++) assert.deepEqual(await engine.ask('verify', {}), { problems: 2, keys: 4 });
      const { problems } = await engine.ask('summary', {});
      assert.deepEqual(
        problems.map(({ code, row }) => [code, row]),
        [
          ['bad-intset', 1],
          ['duplicate-key', 2],
        ],
      );
      await engine.ask('view.set', { view: 1, spec: LIST });
      const { rows } = await engine.ask('view.rows', { view: 1, from: 0, count: 10 });
      assert.deepEqual(
        rows.map((row) => row.kind === 'key' && row.damaged),
        [false, true, true, false],
      );
    });
  });

  it('opens damaged files as far as they go', async () => {
    const corrupt = path.join(CORPUS, 'corrupt');
    for (const name of ['hand-dup-key.rdb', 'hand-intset-dup.rdb', 'hand-zset-dup.rdb']) {
      const content = readFileSync(path.join(corrupt, name));
      await withEngine({ bytes: new Uint8Array(content) }, async (engine) => {
        const { keys } = await engine.ready();
        await engine.ask('view.set', { view: 1, spec: { ...LIST, sort: { column: 'key', descending: false } } });
        const { rows } = await engine.ask('view.rows', { view: 1, from: 0, count: 100 });
        assert.equal(rows.length, keys);
        const made = indexed(content);
        const names = namesOf(made, Array(keys).keys()).sort();
        assert.deepEqual(
          rows.map((row) => row.kind === 'key' && row.name),
          names,
        );
        for (let row = 0; row < keys; row++) await engine.ask('value.open', { row });
      });
    }
  });

  it('says why a file cannot be opened at all', async () => {
    for (const name of [path.join(folder, 'missing.rdb'), folder]) {
      await withEngine({ path: name }, async (engine) => {
        const outcome = await engine.send('summary', {}).answer;
        assert.ok('error' in outcome);
        assert.match(String(outcome.error.args[0]), /no such file|is not a file/);
        assert.ok(engine.failure);
        assert.ok('error' in (await engine.send('verify', {}).answer), 'later requests are answered too');
      });
    }
  });

  it('says of a file that is no RDB what it is', async () => {
    await withEngine({ bytes: bytes('*1\r\n$4\r\nPING\r\n') }, async (engine) => {
      const summary = await engine.ready();
      assert.equal(summary.state, 'failed');
      assert.deepEqual(
        summary.problems.map(({ code }) => code),
        ['not-rdb-aof'],
      );
    });
  });

  it('answers what is under way when it is closed', async () => {
    await withEngine({ path: dumpOf('redis-7.2.6/mini') }, async (engine) => {
      const waiting = [engine.send('verify', {}), engine.send('view.set', { view: 1, spec: LIST })];
      engine.close();
      for (const { answer } of waiting) assert.ok('cancelled' in (await answer));
      assert.ok('error' in (await engine.send('summary', {}).answer));
    });
  });
});
