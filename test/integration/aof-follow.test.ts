/** The engine of an AOF on the files of a server that writes on: its commands, its rewrites, its keys. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { CommandRow, CommandViewSpec } from '../../src/aof-protocol.js';
import type { EventMessage } from '../../src/protocol.js';
import { scanned, summaryWhere } from '../unit/support/aof-engine.js';
import { type TestEngine, withEngine } from '../unit/support/programs.js';
import { TestServer } from './server.js';

const ALL: CommandViewSpec = { filter: {}, sort: { column: 'number', descending: false }, fold: false };

/** The manifest of a server. */
async function manifestOf(server: TestServer): Promise<string> {
  const reply = await server.command('CONFIG', 'GET', 'dir');
  assert.ok(Array.isArray(reply));
  return path.join(Buffer.from(reply[1] as Uint8Array).toString(), 'appendonlydir', 'appendonly.aof.manifest');
}

type ViewEvent = Extract<EventMessage, { event: 'commands' }>;

/** Waits until a view has told that it shows as many commands. */
async function shows(engine: TestEngine, view: number, commands: number): Promise<ViewEvent> {
  return engine.event(
    (event): event is ViewEvent =>
      event.event === 'commands' && event.view === view && event.state.commands === commands,
  );
}

describe('the engine on the AOF of a server', () => {
  it('takes in what the server writes, also while transactions are open in it', async () => {
    const server = await TestServer.start('--appendonly', 'yes', '--appendfsync', 'always');
    await server.commands(Array.from({ length: 50 }, (_, i) => ['SET', `key:${i}`, 'v']));
    await withEngine({ aof: { path: await manifestOf(server) } }, async (engine) => {
      const first = await scanned(engine);
      assert.deepEqual([first.commands, first.keysTouched, first.following], [51, 50, true]);
      const view = await engine.ask('commands.set', { view: 1, spec: ALL, count: 100 });
      assert.equal(view.total, 51);
      await server.commands([['MULTI'], ['INCR', 'counter'], ['SADD', 'set', 'a'], ['EXEC'], ['DEL', 'key:7']]);
      const grown = await shows(engine, 1, 56);
      assert.equal(grown.reordered, false);
      const { rows } = await engine.ask('commands.rows', { view: 1, from: 51, count: 100 });
      assert.deepEqual(
        rows.map((row) => (row as CommandRow).name),
        ['MULTI', 'INCR', 'SADD', 'EXEC', 'DEL'],
      );
      const summary = await summaryWhere(engine, ({ commands }) => commands === 56);
      assert.deepEqual([summary.keysTouched, summary.transactions, summary.verdict], [52, 1, 'loads']);
      const { keyId } = await engine.ask('touched.find', { text: 'key:7', db: 0 });
      const keys = await engine.ask('touched.set', {
        view: 1,
        spec: { filter: {}, sort: { column: 'lastCommand', descending: true } },
        count: 1,
      });
      assert.deepEqual(
        keys.rows.map((row) => [row.keyId, row.commands, row.removed]),
        [[keyId, 2, true]],
      );
    });
  });

  it('follows a rewrite to the new files, and shows the old ones until then', async () => {
    const server = await TestServer.start('--appendonly', 'yes', '--appendfsync', 'always');
    await server.commands(Array.from({ length: 300 }, (_, i) => ['SET', `key:${i % 30}`, `value ${i}`]));
    await withEngine({ aof: { path: await manifestOf(server) } }, async (engine) => {
      const first = await scanned(engine);
      assert.equal(first.commands, 301);
      await engine.ask('commands.set', { view: 1, spec: ALL, count: 10 });
      await engine.ask('base.open', { part: 0 });
      assert.equal((await engine.ready()).keys, 0);
      await server.command('BGREWRITEAOF');
      const rewritten = await summaryWhere(engine, ({ preambleKeys }) => preambleKeys === 30);
      assert.deepEqual([rewritten.commands, rewritten.verdict], [0, 'loads']);
      await server.command('SET', 'after', 'the rewrite');
      const after = await summaryWhere(engine, ({ commands, preambleKeys }) => preambleKeys === 30 && commands === 2);
      assert.deepEqual(
        after.parts.filter(({ role }) => role !== 'history').map(({ role, seq }) => [role, seq]),
        [
          ['base', 2],
          ['incr', 2],
        ],
      );
      const reordered = await engine.event(
        (event): event is ViewEvent => event.event === 'commands' && event.reordered && event.state.commands === 0,
      );
      assert.equal(reordered.view, 1);
      await shows(engine, 1, 2);
      const { rows } = await engine.ask('commands.rows', { view: 1, from: 0, count: 10 });
      assert.deepEqual(
        rows.map((row) => (row as CommandRow).key?.text ?? null),
        [null, 'after'],
      );
      const base = after.parts.find(({ role }) => role === 'base');
      await engine.ask('base.open', { part: base?.part ?? -1 });
      assert.equal((await engine.ask('summary', {})).bytes, base?.rdbBytes);
    });
  });

  it('takes in nothing while it does not follow, and all of it when it does again', async () => {
    const server = await TestServer.start('--appendonly', 'yes', '--appendfsync', 'always');
    await server.command('SET', 'a', '1');
    await withEngine({ aof: { path: await manifestOf(server) } }, async (engine) => {
      await scanned(engine);
      await engine.ask('aof.follow', { on: false });
      await server.command('SET', 'b', '2');
      assert.equal((await engine.ask('aof.summary', {})).commands, 2);
      await engine.ask('aof.follow', { on: true });
      assert.equal((await summaryWhere(engine, ({ commands }) => commands === 3)).following, true);
    });
  });

  it('agrees with the server on the keys that were touched', async () => {
    const server = await TestServer.start('--appendonly', 'yes', '--appendfsync', 'always');
    await server.commands([
      ['MSET', 'a', '1', 'b', '2', 'c\r\n', '3'],
      ['SELECT', '5'],
      ['RPUSH', 'a', 'x'],
      ['RPOPLPUSH', 'a', 'd'],
      ['ZADD', 'z', '1', 'm'],
      ['ZUNIONSTORE', 'u', '1', 'z'],
      ['EVAL', "redis.call('set', KEYS[1], 'x') redis.call('incr', 'n')", '1', 'by-script'],
      ['XADD', 'stream', '*', 'f', 'v'],
    ]);
    const left: string[] = [];
    for (const db of ['0', '5']) {
      await server.command('SELECT', db);
      const reply = await server.command('KEYS', '*');
      assert.ok(Array.isArray(reply));
      left.push(
        ...reply.map((key) => `${db} ${JSON.stringify(Buffer.from(key as Uint8Array).toString()).slice(1, -1)}`),
      );
    }
    await withEngine({ aof: { path: await manifestOf(server) } }, async (engine) => {
      await scanned(engine);
      const { rows } = await engine.ask('touched.set', {
        view: 1,
        spec: { filter: {}, sort: { column: 'key', descending: false } },
        count: 100,
      });
      // The list that RPOPLPUSH emptied is the only key that was touched and is gone.
      assert.deepEqual(rows.map(({ db, name }) => `${db} ${name.text}`).sort(), [...left, '5 a'].sort());
    });
  });
});
