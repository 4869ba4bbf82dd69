/** Files of an AOF that change under its engine: what is appended is followed, what is cut off or replaced is told. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, renameSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { CommandViewSpec } from '../../../src/aof-protocol.js';
import type { EventMessage } from '../../../src/protocol.js';
import { scanned, summaryWhere } from '../support/aof-engine.js';
import { resp } from '../support/aof-scanned.js';
import { bytes } from '../support/bytes.js';
import { withEngine } from '../support/programs.js';
import { tempFolder } from '../support/temp.js';

const folder = tempFolder();
const ALL: CommandViewSpec = { filter: {}, sort: { column: 'number', descending: false }, fold: true };
const set = (from: number, to: number) =>
  bytes(...Array.from({ length: to - from }, (_, i) => resp('SET', `key:${from + i}`, 'v')));

const fileChanged = (event: EventMessage): event is Extract<EventMessage, { event: 'fileChanged' }> =>
  event.event === 'fileChanged';

function written(name: string, content: Uint8Array): string {
  const at = path.join(folder, name);
  writeFileSync(at, content);
  return at;
}

describe('the engine of an AOF whose file changes', () => {
  it('takes in what is appended, in the middle of a command and of a transaction', async () => {
    const file = written('grows.aof', set(0, 300));
    await withEngine({ aof: { path: file } }, async (engine) => {
      await scanned(engine);
      await engine.ask('commands.set', { view: 1, spec: ALL });
      const rest = bytes(resp('MULTI'), resp('SET', 'key:0', 'again'), resp('EXEC'), set(300, 310));
      appendFileSync(file, rest.subarray(0, 45));
      // The MULTI and a part of the next command are there.
      const torn = await summaryWhere(engine, ({ commands }) => commands === 301);
      assert.equal(torn.verdict, 'loads-truncated');
      appendFileSync(file, rest.subarray(45));
      const whole = await summaryWhere(engine, ({ commands }) => commands === 313);
      assert.deepEqual([whole.verdict, whole.problems, whole.transactions], ['loads', [], 1]);
      const { position } = await engine.ask('commands.locate', { view: 1, command: 301 });
      const { rows, state } = await engine.ask('commands.rows', { view: 1, from: 300, count: 100 });
      assert.equal(position, 301);
      const [first] = rows;
      assert.ok(first.kind === 'transaction');
      assert.deepEqual([first.complete, first.commands, first.expanded], [true, 1, true]);
      assert.equal(state.total, rows.length + 300);
    });
  });

  it('indexes anew when the manifest names other files', async () => {
    const dir = path.join(folder, 'set');
    mkdirSync(dir);
    const manifest = path.join(dir, 'a.aof.manifest');
    const line = (file: string, seq: number, type: string) => `file ${file} seq ${seq} type ${type}\n`;
    writeFileSync(path.join(dir, 'a.aof.1.base.aof'), set(0, 10));
    writeFileSync(path.join(dir, 'a.aof.1.incr.aof'), set(10, 20));
    writeFileSync(manifest, line('a.aof.1.base.aof', 1, 'b') + line('a.aof.1.incr.aof', 1, 'i'));
    await withEngine({ aof: { path: manifest } }, async (engine) => {
      assert.equal((await scanned(engine)).commands, 20);
      await engine.ask('commands.set', { view: 1, spec: { ...ALL, filter: { parts: [1] } } });
      writeFileSync(path.join(dir, 'a.aof.2.base.aof'), set(0, 5));
      const next = path.join(dir, 'temp-a.aof.manifest');
      writeFileSync(next, line('a.aof.2.base.aof', 2, 'b') + line('a.aof.1.incr.aof', 2, 'i'));
      renameSync(next, manifest);
      unlinkSync(path.join(dir, 'a.aof.1.base.aof'));
      const summary = await summaryWhere(engine, ({ commands }) => commands === 15);
      assert.deepEqual(
        summary.parts.map(({ file, firstCommand }) => [file, firstCommand]),
        [
          ['a.aof.2.base.aof', 0],
          ['a.aof.1.incr.aof', 5],
        ],
      );
      const { rows } = await engine.ask('commands.rows', { view: 1, from: 0, count: 20 });
      assert.equal(rows.length, 10);
      assert.ok(rows.every((row, i) => row.kind === 'command' && row.key?.text === `key:${10 + i}`));
    });
  });

  it('gives nothing of a file that was cut off', async () => {
    const file = written('cut.aof', set(0, 300));
    await withEngine({ aof: { path: file } }, async (engine) => {
      await scanned(engine);
      truncateSync(file, 100);
      const outcome = await engine.send('commands.set', { view: 1, spec: ALL }).answer;
      assert.ok('error' in outcome && outcome.error.code === 'file-changed');
      assert.equal((await engine.event(fileChanged)).gone, false);
    });
  });

  it('goes on with a file that was replaced or deleted, and says so', async () => {
    const file = written('replaced.aof', set(0, 300));
    await withEngine({ aof: { path: file } }, async (engine) => {
      await scanned(engine);
      renameSync(written('other.aof', set(0, 5)), file);
      const event = engine.event((one): one is Extract<EventMessage, { event: 'fileChanged' }> => fileChanged(one));
      assert.equal((await engine.ask('commands.set', { view: 1, spec: ALL, count: 5 })).total, 300);
      assert.equal((await event).gone, false);
      unlinkSync(file);
      await engine.event((one): one is Extract<EventMessage, { event: 'fileChanged' }> => fileChanged(one) && one.gone);
      assert.equal((await engine.ask('commands.rows', { view: 1, from: 0, count: 5 })).rows.length, 5);
    });
  });
});
