/** The command line as it is installed: it runs with what was compiled of it when it was built, and without. */
/// <reference path="../../../src/cli/program.d.ts" />
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { Script } from 'node:vm';
import { ID, SOURCE } from 'program:cli/main';
import { dumps } from '../support/fixtures.js';
import { program } from '../support/programs.js';
import { tempFolder } from '../support/temp.js';

const CACHE = path.join(path.dirname(program('cli-start')), 'cli.cache');
const OWN = path.join(CACHE, 'decode');

describe('the start of the command line', () => {
  const folder = tempFolder();
  const alone = path.join(folder, 'cli.js');
  copyFileSync(program('cli-start'), alone);
  const [{ folder: dump }] = dumps();
  const run = (file: string) => {
    const args = [file, 'decode', path.join(dump, 'dump.rdb')];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  const expected = run(program('cli'));

  for (const name of readdirSync(CACHE)) {
    it(`takes what was compiled for this very Node: ${name}`, () => {
      const file = readFileSync(path.join(CACHE, name));
      assert.equal(file.toString('latin1', 0, ID.length), ID);
      const script = new Script(SOURCE, { cachedData: file.subarray(ID.length) });
      assert.equal(script.cachedDataRejected, false);
    });
  }

  it('has more of a command than of the program as such', () => {
    const other = statSync(path.join(CACHE, 'other')).size;
    for (const name of ['decode', 'replay']) {
      assert.ok(statSync(path.join(CACHE, name)).size > 1.5 * other, name);
    }
  });

  it('runs with it', () => {
    assert.equal(expected.status, 0);
    assert.ok(expected.stdout.length > 100);
    assert.deepEqual(run(program('cli-start')), expected);
  });

  const OTHERS: readonly (readonly [name: string, made: (cache: Buffer) => Uint8Array | undefined])[] = [
    ['without it', () => undefined],
    [
      'with what is of another program',
      (cache) => Buffer.concat([Buffer.from('0'.repeat(ID.length)), cache.subarray(ID.length)]),
    ],
    ['with less than was written', (cache) => cache.subarray(0, cache.length >> 1)],
    ['with an empty file', () => new Uint8Array(0)],
    ['with what another Node made', (cache) => cache.fill(0xa5, ID.length, ID.length + 64)],
  ];
  for (const [name, made] of OTHERS) {
    it(`runs ${name}`, () => {
      const cache = made(readFileSync(OWN));
      mkdirSync(path.join(folder, 'cli.cache'), { recursive: true });
      if (cache) writeFileSync(path.join(folder, 'cli.cache', 'decode'), cache);
      assert.deepEqual(run(alone), expected);
    });
  }
});
