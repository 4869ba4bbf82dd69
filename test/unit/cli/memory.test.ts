/** `memory` over real dumps: its lines, its options, its exit status. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { CORPUS } from '../support/fixtures.js';
import { cli } from '../support/programs.js';
import { tempFolder } from '../support/temp.js';

interface Line {
  readonly db: number;
  readonly key: string;
  readonly type: string;
  readonly encoding: string | null;
  readonly elements: number | null;
  readonly bytes: number;
  readonly memory: number;
}

const folder = path.join(CORPUS, 'redis-7.2.6', 'mini');
const dump = path.join(folder, 'dump.rdb');
const truth = new Map(
  readFileSync(path.join(folder, 'truth.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
    .map((line) => [`${line.db} ${line.key}`, line]),
);

async function memory(...args: string[]): Promise<{ status: number | null; lines: Line[]; stderr: string }> {
  const { status, stdout, stderr } = await cli('memory', ...args);
  return {
    status,
    lines: stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line),
    stderr,
  };
}

describe('memory', () => {
  it('says of every key what the server said', async () => {
    const { status, lines, stderr } = await memory(dump, '--allocator', 'libc');
    assert.deepEqual([status, stderr], [0, '']);
    assert.equal(lines.length, truth.size);
    for (const line of lines) {
      const said = truth.get(`${line.db} ${line.key}`);
      assert.ok(said);
      assert.deepEqual([line.type, line.encoding], [said.type, said.encoding]);
      assert.ok(Math.abs(line.memory - said.memory) <= said.memory * 0.03, JSON.stringify([line, said]));
    }
  });

  it('prints the keys in the order of the file, with what they take there', async () => {
    const { lines } = await memory(dump);
    const { stdout } = await cli('decode', dump, '--keys-only');
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Line).key);
    assert.deepEqual(
      lines.map((line) => line.key),
      names,
    );
    assert.ok(lines.every((line) => line.bytes > 2 && Number.isInteger(line.elements)));
  });

  it('has the filters of decode', async () => {
    const strings = await memory(dump, '--type', 'string');
    assert.ok(strings.lines.length > 0);
    assert.ok(strings.lines.every((line) => line.type === 'string'));
    assert.equal((await memory(dump, '--db', '7')).lines.length, 0);
    const names = (lines: readonly { readonly key: string }[]) =>
      lines.map((line) => Buffer.from(line.key, 'base64').toString());
    const decoded = await cli('decode', dump, '--value', '9DeNj', '--keys-only');
    assert.deepEqual(names((await memory(dump, '--value', '9DeNj')).lines), ['hf']);
    assert.deepEqual(names([JSON.parse(decoded.stdout) as Line]), ['hf']);
    const every = await memory(dump, '--value', '');
    assert.equal(every.lines.length, truth.size);
    const ttl = await memory(dump, '--match', 'tt?');
    assert.deepEqual(
      ttl.lines.map((line) => Buffer.from(line.key, 'base64').toString()),
      ['ttl'],
    );
  });

  it('goes by the server that is to load the file, and by its settings', async () => {
    const hash = async (...options: string[]) => (await memory(dump, '--match', 'hf', ...options)).lines[0];
    assert.equal((await hash()).encoding, 'hashtable');
    assert.equal((await hash('--target', '8.0')).encoding, 'listpack');
    assert.equal((await hash('--target', '8.0', '--config', 'hash-max-listpack-entries=1')).encoding, 'hashtable');
    const ttl = async (allocator: string) =>
      (await memory(dump, '--match', 'ttl', '--target', 'valkey-9.1', '--allocator', allocator)).lines[0].memory;
    assert.deepEqual([await ttl('jemalloc'), await ttl('jemalloc-bundled'), await ttl('libc')], [32, 32, 40]);
  });

  it('refuses what it does not know', async () => {
    for (const args of [
      ['--target', '0.1'],
      ['--allocator', 'tcmalloc'],
      ['--config', 'maxmemory=1'],
      ['--config', 'hash-max-listpack-entries'],
      ['--db', 'x'],
      ['--history'],
    ]) {
      const { status, stderr } = await memory(dump, ...args);
      assert.equal(status, 2, args.join(' '));
      assert.match(stderr, /^redis-persistence: /);
    }
    assert.equal((await memory()).status, 2);
  });

  it('prints what is intact of a damaged file', async () => {
    const cut = path.join(tempFolder(), 'cut.rdb');
    writeFileSync(cut, readFileSync(dump).subarray(0, 300));
    const { status, lines, stderr } = await memory(cut);
    assert.equal(status, 1);
    assert.ok(lines.length > 3 && lines.length < truth.size);
    assert.match(stderr, /offset \d+: /);
  });
});
