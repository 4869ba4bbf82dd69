/** What editors hand on to jobs: the keys of a selection, of folders and of filters, and commands with their transactions. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { CommandViewSpec } from '../../../src/aof-protocol.js';
import type { ViewSpec } from '../../../src/protocol.js';
import { scanned } from '../support/aof-engine.js';
import { resp } from '../support/aof-scanned.js';
import { stringsFile } from '../support/indexed.js';
import { withEngine } from '../support/programs.js';
import { tempFolder } from '../support/temp.js';

const folder = tempFolder();
const NAMES = ['user:1', 'user:2', 'user:1:name', 'a', 'z', 'order:9:x', 'user:', 'use'];
const LIST: ViewSpec = {
  filter: {},
  sort: { column: 'key', descending: false },
  layout: 'list',
  separator: ':',
  folderOrder: 'name',
};

/** Numbers whose bits are set. */
function numbersIn(bits: Uint8Array): number[] {
  return [...bits].flatMap((byte, i) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte >> bit) & 1).map((bit) => i * 8 + bit),
  );
}

const namesIn = (bits: Uint8Array) => numbersIn(bits).map((row) => NAMES[row]);

describe('the keys that are chosen', () => {
  const start = { bytes: stringsFile(NAMES) };

  it('are those of the selected rows, whatever their order', async () => {
    await withEngine(start, async (engine) => {
      await engine.ready();
      await engine.ask('view.set', { view: 1, spec: LIST });
      const positions = [
        [0, 1],
        [7, 99],
      ] as const;
      const chosen = await engine.ask('view.chosen', { view: 1, positions });
      assert.deepEqual([namesIn(chosen.bits), chosen.keys, chosen.of], [['a', 'z', 'order:9:x'], 3, 8]);
    });
  });

  it('are all that pass the filter, if none are named', async () => {
    await withEngine(start, async (engine) => {
      await engine.ready();
      const key = { text: 'user:', mode: 'substring', ignoreCase: false } as const;
      await engine.ask('view.set', { view: 1, spec: { ...LIST, filter: { key } } });
      const chosen = await engine.ask('view.chosen', { view: 1, positions: null });
      assert.deepEqual([namesIn(chosen.bits), chosen.keys], [['user:1', 'user:2', 'user:1:name', 'user:'], 4]);
    });
  });

  it('are all in a folder that is selected, open or closed, and each of them once', async () => {
    await withEngine(start, async (engine) => {
      await engine.ready();
      await engine.ask('view.set', { view: 1, spec: { ...LIST, layout: 'tree' } });
      const { rows } = await engine.ask('view.rows', { view: 1, from: 0, count: 100 });
      const at = rows.findIndex((row) => row.kind === 'folder' && row.name.startsWith('user'));
      const closed = await engine.ask('view.chosen', { view: 1, positions: [[at, at]] });
      assert.deepEqual(namesIn(closed.bits), ['user:1', 'user:2', 'user:1:name']);
      const user = rows[at];
      assert.ok(user.kind === 'folder');
      const { total } = await engine.ask('view.expand', { view: 1, folder: user.folder, expanded: true });
      const all = await engine.ask('view.chosen', { view: 1, positions: [[0, total - 1]] });
      assert.deepEqual([namesIn(all.bits), all.keys], [NAMES, NAMES.length]);
    });
  });
});

describe('the commands that are chosen', () => {
  const ALL: CommandViewSpec = { filter: {}, sort: { column: 'number', descending: false }, fold: false };
  const aof = path.join(folder, 'chosen.aof');
  writeFileSync(
    aof,
    Buffer.concat([
      resp('SELECT', '0'),
      resp('SET', 'a', '1'),
      resp('MULTI'),
      resp('INCR', 'b'),
      resp('INCR', 'c'),
      resp('EXEC'),
      resp('SET', 'd', '2'),
    ]),
  );

  it('are those of the rows, and of a transaction MULTI and EXEC too', async () => {
    await withEngine({ aof: { path: aof } }, async (engine) => {
      await scanned(engine);
      await engine.ask('commands.set', { view: 1, spec: ALL });
      const one = await engine.ask('commands.chosen', { view: 1, positions: [[1, 1]] });
      assert.deepEqual([numbersIn(one.bits), one.commands, one.firsts], [[1], 1, [[0, 0]]]);
      const within = await engine.ask('commands.chosen', { view: 1, positions: [[4, 4]] });
      assert.deepEqual([numbersIn(within.bits), within.commands], [[2, 4, 5], 3]);
    });
  });

  it('are all of a transaction that is folded', async () => {
    await withEngine({ aof: { path: aof } }, async (engine) => {
      await scanned(engine);
      await engine.ask('commands.set', { view: 1, spec: { ...ALL, fold: true } });
      const { bits } = await engine.ask('commands.chosen', { view: 1, positions: [[2, 3]] });
      assert.deepEqual(numbersIn(bits), [2, 3, 4, 5, 6]);
    });
  });
});
