/** The engine's memory estimates and search in values: told to views, for the server that is chosen. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { EventMessage, KeyFilter, ViewSpec } from '../../../src/protocol.js';
import { CORPUS } from '../support/fixtures.js';
import { withEngine } from '../support/programs.js';

const types = { path: path.join(CORPUS, 'redis-8.6.3', 'types', 'dump.rdb') };

const specOf = (filter: KeyFilter, sort: ViewSpec['sort'] = { column: 'offset', descending: false }): ViewSpec => ({
  filter,
  sort,
  layout: 'list',
  separator: ':',
  folderOrder: 'name',
});

describe('memory in the engine', () => {
  it('is told to the views once it is known, whoever asked for it', async () => {
    for (const ask of ['memory.measure', 'keyspace.memory'] as const) {
      await withEngine(types, async (engine) => {
        const { keys } = await engine.ready();
        const before = await engine.ask('view.set', { view: 1, spec: specOf({}), count: 10 });
        assert.equal(before.memory, null);
        // Small keys are measured when they are shown.
        assert.ok(before.rows.every((row) => row.kind === 'key' && row.memory !== null && row.memory > 0));
        await engine.ask(ask, {});
        type Told = Extract<EventMessage, { event: 'view' }>;
        const told = await engine.event(
          (event): event is Told => event.event === 'view' && event.state.memory !== null && event.reordered,
        );
        const summary = await engine.ask('summary', {});
        assert.ok(summary.memory.complete && summary.memory.keys === keys);
        assert.equal(told.state.memory, summary.memory.bytes);
        assert.ok(summary.memory.tables > 8 * keys);
      });
    }
  });

  it('is measured anew for another server', async () => {
    await withEngine(types, async (engine) => {
      await engine.ready();
      const first = await engine.ask('memory.measure', {});
      assert.deepEqual(first.target, { make: 'redis', version: '8.6.3', auto: true });
      await engine.ask('view.set', { view: 1, spec: specOf({}, { column: 'memory', descending: true }) });
      await engine.ask('memory.configure', { target: 'valkey-9.1', allocator: 'libc' });
      const second = await engine.ask('memory.measure', {});
      assert.deepEqual([second.target.make, second.target.version, second.allocator], ['valkey', '9.1', 'libc']);
      assert.notEqual(second.bytes, first.bytes);
      const { memory } = await engine.ask('view.set', { view: 2, spec: specOf({}) });
      assert.equal(memory, second.bytes);
      // What does not exist is as if it had not been chosen.
      await engine.ask('memory.configure', { target: 'redis-0.1', allocator: 'none' });
      assert.equal((await engine.ask('memory.measure', {})).bytes, first.bytes);
    });
  });

  it('finds values, and says in each row where', async () => {
    await withEngine(types, async (engine) => {
      await engine.ready();
      const value = { mode: 'substring', text: 'EXAMPLE.com', ignoreCase: true } as const;
      const { rows, keys } = await engine.ask('view.set', { view: 1, spec: specOf({ value }), count: 100 });
      assert.ok(keys > 0 && keys === rows.length);
      for (const row of rows) {
        const match = row.kind === 'key' ? row.match : undefined;
        assert.ok(match);
        assert.ok(match.text.toLowerCase().includes('example.com'));
        assert.equal(match.section, 'items');
        const page = await engine.ask('value.items', {
          row: row.kind === 'key' ? row.row : -1,
          section: 'items',
          from: match.position,
          count: 1,
          search: '',
        });
        assert.match(JSON.stringify(page.items), /example\.com/);
      }
      const named = { key: { mode: 'glob', text: '*:c', ignoreCase: false }, value } as const;
      const both = await engine.ask('view.set', { view: 1, spec: specOf(named), count: 100 });
      assert.ok(both.keys > 0 && both.keys < keys);
      const bad = { mode: 'bytes', text: 'xy', ignoreCase: false } as const;
      await assert.rejects(engine.ask('view.set', { view: 1, spec: specOf({ value: bad }) }));
    });
  });
});
