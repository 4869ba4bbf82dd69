/** Several dumps as one, by an engine in its thread: what the command line writes, whoever's value is to be kept. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { exportSpec } from '../support/export-spec.js';
import { cli, withEngine } from '../support/programs.js';
import { file, key, selectdb, string } from '../support/rdb-writer.js';
import { tempFolder } from '../support/temp.js';

const SPEC = exportSpec('rdb');

const FILES = {
  'a.rdb': file('REDIS0011', selectdb(0), key(0, 'both', string('of a')), key(0, 'only:a', string('1'))),
  'b.rdb': file('REDIS0011', selectdb(0), key(0, 'both', string('of b')), selectdb(3), key(0, 'only:a', string('2'))),
  'c.rdb': file('REDIS0011', selectdb(0), key(0, 'only:c', string('3')), key(0, 'both', string('of c'))),
};

describe('a merge', () => {
  const folder = tempFolder();
  const inFolder = (name: string) => path.join(folder, name);
  for (const [name, content] of Object.entries(FILES)) writeFileSync(inFolder(name), content);
  const names = Object.keys(FILES);
  const merge = names.map((name) => ({ name, file: { path: inFolder(name) } }));

  it('tells what is in the files', async () => {
    await withEngine({ merge }, async (engine) => {
      const { files } = await engine.ask('merge.files', {});
      assert.deepEqual(
        files.map(({ magic, keys, problem }) => [magic, keys, problem]),
        names.map(() => ['REDIS0011', 2, null]),
      );
    });
  });

  for (const [order, value] of [
    [[0, 1, 2], 'of a'],
    [[1, 2, 0], 'of b'],
    [[2, 0, 1], 'of c'],
  ] as const) {
    it(`keeps the value ${value}, as the command line does`, async () => {
      await withEngine({ merge }, async (engine) => {
        const out = inFolder(`merged-${value.slice(-1)}.rdb`);
        const result = await engine.ask('export.write', { spec: { ...SPEC, order }, path: out });
        assert.deepEqual([result.keys, result.duplicates], [4, 2]);
        const inputs = order.map((number) => inFolder(names[number]));
        const other = inFolder('cli.rdb');
        const said = await cli('export', ...inputs, '--out', other, '--force', '--keep-duplicates', 'first');
        assert.match(said.stderr, /4 keys exported/);
        assert.ok(readFileSync(out).equals(readFileSync(other)));
        const { stdout } = await cli('decode', out, '--match', 'both');
        assert.match(stdout, new RegExp(`"value":"${Buffer.from(value).toString('base64')}"`));
      });
    });
  }

  it('writes nothing if no two may have a key and two have, and says which', async () => {
    await withEngine({ merge }, async (engine) => {
      const { answer } = engine.send('export.write', { spec: { ...SPEC, order: null }, path: inFolder('none.rdb') });
      const { error } = (await answer) as { error?: { args: unknown } };
      assert.deepEqual(error?.args, ['a.rdb', 'b.rdb', 'both', 0]);
      assert.ok(!existsSync(inFolder('none.rdb')));
    });
  });

  it('is the same of files in memory', async () => {
    const inMemory = Object.entries(FILES).map(([name, content]) => ({ name, file: { bytes: content } }));
    await withEngine({ merge: inMemory }, async (engine) => {
      const spec = { ...SPEC, order: [0, 1, 2] };
      const made = await engine.ask('export.make', { spec, limit: 1 << 20 });
      const pieces: Uint8Array[] = [];
      for (let from = 0; from < made.bytes; from += pieces[pieces.length - 1].length) {
        pieces.push((await engine.ask('export.read', { file: 0, from, count: made.bytes })).bytes);
      }
      assert.ok(Buffer.concat(pieces).equals(readFileSync(inFolder('merged-a.rdb'))));
    });
  });

  it('never replaces one of its files', async () => {
    await withEngine({ merge }, async (engine) => {
      for (const name of names) {
        const { answer } = engine.send('export.write', { spec: { ...SPEC, order: [0, 1, 2] }, path: inFolder(name) });
        assert.equal(((await answer) as { error?: { code: string } }).error?.code, 'not-written');
      }
    });
    for (const [name, content] of Object.entries(FILES)) assert.ok(readFileSync(inFolder(name)).equals(content));
    assert.ok(!readdirSync(folder).some((name) => name.endsWith('.part')));
  });

  it('says what is damaged, what is no RDB, and what is more than one', async () => {
    writeFileSync(inFolder('cut.rdb'), FILES['a.rdb'].subarray(0, -12));
    writeFileSync(inFolder('text.rdb'), 'no dump at all');
    writeFileSync(inFolder('more.rdb'), Buffer.concat([FILES['a.rdb'], Buffer.from('*1\r\n$4\r\nPING\r\n')]));
    const starts = ['cut.rdb', 'text.rdb', 'more.rdb'].map((name) => ({ name, file: { path: inFolder(name) } }));
    await withEngine({ merge: starts }, async (engine) => {
      const { files } = await engine.ask('merge.files', {});
      assert.equal(files[0].problem?.severity, 'error');
      assert.deepEqual([files[0].keys, files[1].magic], [1, null]);
      assert.deepEqual([files[0].trailing, files[2].trailing], [0, 14]);
    });
  });
});
