/** `memory` over real dumps: its lines, its options, its exit status. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { problemMessage } from '../../../src/decoder/errors.js';
import { RdbScanner } from '../../../src/decoder/rdb/scan.js';
import { CORPUS } from '../support/fixtures.js';
import { cli, cliProcess } from '../support/programs.js';
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

  it('prints the keys of a large file as those of a small one', async () => {
    const bytes = readFileSync(dump);
    const offsets: number[] = [];
    const scanner = new RdbScanner({
      keys: (batch) => void offsets.push(...batch.offset.subarray(0, batch.count)),
      problem: (problem) => assert.fail(problemMessage(problem)),
    });
    scanner.push(bytes);
    // The end mark and the checksum are not repeated; the name of the last key of each round is damaged.
    const damagedName = Uint8Array.of(0, 0xc3, 3, 10, 0xff, 0xff, 0xff, 1, 0x61);
    const head = bytes.subarray(0, offsets[0]);
    const round = Buffer.concat([bytes.subarray(offsets[0], bytes.length - 9), damagedName]);
    const end = Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
    const rounds = Math.ceil((17 * 1024 * 1024) / round.length);
    const dumpOf = (name: string, count: number) => {
      const file = path.join(tempFolder(), name);
      writeFileSync(file, Buffer.concat([head, ...Array.from({ length: count }, () => round), end]));
      return file;
    };
    const small = await cli('memory', dumpOf('small.rdb', 1));
    const large = cliProcess('memory', dumpOf('large.rdb', rounds));
    assert.equal(small.status, 1);
    assert.equal(large.status, 1);
    assert.ok(large.stdout === small.stdout.repeat(rounds), 'the lines are not the same');
    const problems = large.stderr.trim().split('\n');
    const first = head.length + round.length - damagedName.length;
    assert.deepEqual(
      problems.map((line) => Number(/offset (\d+): /.exec(line)?.[1])),
      problems.map((_, i) => first + 4 + i * round.length),
    );
    assert.equal(problems.length, rounds);
  });
});
