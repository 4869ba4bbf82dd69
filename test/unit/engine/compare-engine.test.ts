/** The engine of a comparison in its thread: what it tells of two files, and its answers to every request. */
import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { CompareEventMessage, CompareSpec, DifferenceRow } from '../../../src/compare-protocol.js';
import type { EventMessage } from '../../../src/protocol.js';
import { listpack } from '../support/compact.js';
import { type TestEngine, withEngine } from '../support/programs.js';
import { counted, expireMs, file, key, selectdb, string } from '../support/rdb-writer.js';
import { tempFolder } from '../support/temp.js';

const folder = tempFolder();
const strings = (...items: string[]) => counted(items.map((item) => string(item)));
const ALL: CompareSpec = { sort: { column: 'key', descending: false } };

const LEFT = file(
  'REDIS0011',
  selectdb(0),
  key(1, 'list', strings('a', 'b', 'c')),
  key(4, 'user:1', counted([strings('name', 'x').subarray(1), strings('age', '7').subarray(1)])),
  key(0, 'user:2', string('same')),
  key(0, 'user:old', string('v')),
  key(0, 'text', string('{"a":1}')),
  key(0, 'kind', string('v')),
  selectdb(2),
  expireMs(2_000_000_000_000),
  key(0, 'ttl', string('v')),
);
const RIGHT = file(
  'REDIS0011',
  selectdb(0),
  key(0, 'text', string('{"a":2}')),
  key(1, 'list', strings('b', 'c', 'd')),
  key(4, 'user:1', counted([strings('name', 'y').subarray(1), strings('age', '7').subarray(1)])),
  key(0, 'user:2', string('same')),
  key(0, 'user:new', string('value')),
  key(2, 'kind', strings('m')),
  selectdb(2),
  key(0, 'ttl', string('v')),
);

const memory = (left = LEFT, right = RIGHT) => ({ compare: { left: { bytes: left }, right: { bytes: right } } });
const line = ({ kind, name, changed }: DifferenceRow) => `${kind} ${name}${changed.map((part) => ` ${part}`).join('')}`;

const isReady = (event: EventMessage): event is CompareEventMessage =>
  event.event === 'compareSummary' && event.summary.state === 'ready';

async function shown(engine: TestEngine, spec: Partial<CompareSpec> = {}): Promise<string[]> {
  const { rows, total } = await engine.ask('compare.set', { spec: { ...ALL, ...spec }, count: 100 });
  assert.equal(rows.length, total);
  return rows.map(line);
}

async function open(engine: TestEngine, name: string) {
  const { rows } = await engine.ask('compare.set', { spec: ALL, count: 100 });
  const row = rows.find((one) => one.name === name);
  assert.ok(row);
  return engine.ask('compare.key', { difference: row.difference });
}

describe('the engine of a comparison', () => {
  it('tells how many keys differ, and how', async () => {
    await withEngine(memory(), async (engine) => {
      const { summary } = await engine.event(isReady);
      assert.deepEqual([summary.left.keys, summary.right.keys, summary.unchanged], [7, 7, 1]);
      assert.deepEqual([summary.added.keys, summary.removed.keys, summary.changed.keys], [1, 1, 5]);
      assert.equal(summary.done, 1);
      assert.deepEqual(await engine.ask('compare.summary', {}), summary);
    });
  });

  it('lists, filters and sorts the differences', async () => {
    await withEngine(memory(), async (engine) => {
      assert.deepEqual(await shown(engine), [
        'changed kind value type',
        'changed list value',
        'changed text value',
        'changed user:1 value',
        'added user:new',
        'removed user:old',
        'changed ttl ttl',
      ]);
      assert.deepEqual(await shown(engine, { kinds: ['added', 'removed'] }), ['added user:new', 'removed user:old']);
      assert.deepEqual(await shown(engine, { prefix: 'user:', kinds: ['changed'] }), ['changed user:1 value']);
      const pattern = { mode: 'substring', text: 'T', ignoreCase: true } as const;
      const found = ['changed ttl ttl', 'changed text value', 'changed list value'];
      assert.deepEqual(await shown(engine, { key: pattern, sort: { column: 'key', descending: true } }), found);
      for (const column of ['kind', 'type', 'db', 'leftSize', 'rightSize', 'growth', 'changed'] as const) {
        const up = await shown(engine, { sort: { column, descending: false } });
        const down = await shown(engine, { sort: { column, descending: true } });
        assert.equal(up.length, 7);
        assert.deepEqual([...up].sort(), [...down].sort(), column);
      }
      assert.equal((await shown(engine, { sort: { column: 'db', descending: true } }))[0], 'changed ttl ttl');
    });
  });

  it('finds rows again, and by the start of their names', async () => {
    await withEngine(memory(), async (engine) => {
      const { rows } = await engine.ask('compare.set', { spec: ALL, count: 100 });
      const { difference } = rows[4];
      assert.deepEqual(await engine.ask('compare.locate', { difference }), { position: 4 });
      assert.deepEqual(await engine.ask('compare.find', { text: 'user', from: 0 }), { position: 3 });
      assert.deepEqual(await engine.ask('compare.find', { text: 'user', from: 6 }), { position: 3 });
      assert.deepEqual(await engine.ask('compare.find', { text: 'none', from: 0 }), { position: null });
      await engine.ask('compare.set', { spec: { ...ALL, kinds: ['removed'] }, count: 1 });
      assert.deepEqual(await engine.ask('compare.locate', { difference }), { position: null });
      assert.deepEqual((await engine.ask('compare.rows', { from: 0, count: 9 })).rows.map(line), ['removed user:old']);
    });
  });

  it('sums up namespaces, of what the list shows', async () => {
    await withEngine(memory(), async (engine) => {
      await shown(engine);
      const { namespaces, more } = await engine.ask('compare.namespaces', { path: '', separator: ':' });
      assert.equal(more, null);
      assert.deepEqual(
        namespaces.map(({ name, path: place, inner, added, removed, changed }) => [
          name,
          place,
          inner,
          added.keys,
          removed.keys,
          changed.keys,
        ]),
        [
          ['', '', false, 0, 0, 4],
          ['user:', 'user:', true, 1, 1, 1],
        ],
      );
      await shown(engine, { kinds: ['added'] });
      const inner = await engine.ask('compare.namespaces', { path: 'user:', separator: ':' });
      assert.deepEqual(
        inner.namespaces.map(({ path: place, added }) => [place, added.keys]),
        [['user:', 1]],
      );
    });
  });

  it('puts a key side by side', async () => {
    await withEngine(memory(), async (engine) => {
      const hash = await open(engine, 'user:1');
      assert.deepEqual(
        hash.parts.map(({ name, rows, changes, whole }) => [name, rows, changes, whole]),
        [['field', 2, 1, true]],
      );
      const { difference } = hash;
      const { rows } = await engine.ask('compare.elements', {
        difference,
        part: 0,
        changedOnly: false,
        from: 0,
        count: 9,
      });
      assert.deepEqual(
        rows.map(({ status, left, right }) => [status, left?.map(textOf), right?.map(textOf)]),
        [
          ['same', ['age', '7', null], ['age', '7', null]],
          ['changed', ['name', 'x', null], ['name', 'y', null]],
        ],
      );
      const changed = { difference, part: 0, changedOnly: true, from: 0, count: 9 };
      assert.equal((await engine.ask('compare.elements', changed)).rows.length, 1);
      const cell = { difference, part: 0, row: 0, field: 1, changedOnly: true };
      const { bytes } = await engine.ask('compare.bytes', { text: cell, side: 'right', count: 100 });
      assert.equal(Buffer.from(bytes).toString(), 'y');
    });
  });

  it('aligns lists, and shows values of two types one after the other', async () => {
    await withEngine(memory(), async (engine) => {
      const { difference } = await open(engine, 'list');
      const { rows } = await engine.ask('compare.elements', {
        difference,
        part: 0,
        changedOnly: false,
        from: 0,
        count: 9,
      });
      assert.deepEqual(
        rows.map(({ status, leftIndex, rightIndex }) => [status, leftIndex, rightIndex]),
        [
          ['removed', 0, null],
          ['same', 1, 0],
          ['same', 2, 1],
          ['added', null, 2],
        ],
      );
      const kind = await open(engine, 'kind');
      assert.deepEqual(
        kind.parts.map(({ name, rows: count, changes }) => [name, count, changes]),
        [
          ['value', 1, 1],
          ['member', 1, 1],
        ],
      );
      assert.ok(kind.facts.some(({ changed }) => changed));
    });
  });

  it('copies names and lines of JSON', async () => {
    await withEngine(memory(), async (engine) => {
      await shown(engine);
      const names = await engine.ask('compare.copy', { positions: [[4, 5]], format: 'names' });
      assert.deepEqual(names, { text: 'user:new\nuser:old', keys: 2 });
      const { text } = await engine.ask('compare.copy', { positions: [[3, 3]], format: 'json' });
      assert.equal((JSON.parse(text) as { kind: string }).kind, 'changed');
    });
  });

  it('says which value is damaged', async () => {
    const damaged = string(listpack(['a', 'b']).fill(0xff, 8, 9));
    const [left, right] = [damaged, string(listpack(['a', 'c']))].map((value) =>
      file('REDIS0011', key(20, 's', value)),
    );
    await withEngine(memory(left, right), async (engine) => {
      const { problem, parts } = await open(engine, 's');
      assert.equal(problem?.side, 'left');
      assert.deepEqual(parts, []);
      const summary = await engine.ask('compare.summary', {});
      assert.deepEqual([summary.left.problems.length, summary.right.problems.length], [1, 0]);
    });
  });

  it('refuses what is no RDB, and says which of the two it is', async () => {
    await withEngine(memory(LEFT, Buffer.from('version https://git-lfs.github.com/spec/v1')), async (engine) => {
      const { answer } = engine.send('compare.set', { spec: ALL, count: 1 });
      assert.ok('error' in (await answer));
      const { state, failure } = await engine.ask('compare.summary', {});
      assert.deepEqual([state, failure?.side], ['failed', 'right']);
    });
  });

  it('notices that a file was overwritten', async () => {
    const [left, right] = [path.join(folder, 'left.rdb'), path.join(folder, 'right.rdb')];
    writeFileSync(left, LEFT);
    writeFileSync(right, RIGHT);
    await withEngine({ compare: { left: { path: left }, right: { path: right } } }, async (engine) => {
      assert.equal((await shown(engine)).length, 7);
      appendFileSync(right, 'x');
      const outcome = await engine.send('compare.rows', { from: 0, count: 1 }).answer;
      assert.equal('error' in outcome && outcome.error.code, 'file-changed');
    });
  });
});

function textOf(cell: unknown): unknown {
  return typeof cell === 'object' && cell !== null && 'text' in cell ? cell.text : cell;
}
