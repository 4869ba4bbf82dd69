/** `decode` over real dumps and damaged files: its lines, its options, its exit status. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { bytes } from '../support/bytes.js';
import { CORPUS } from '../support/fixtures.js';
import { cli } from '../support/programs.js';
import { file, key, OP, selectdb, string } from '../support/rdb-writer.js';
import { tempFolder } from '../support/temp.js';

interface Line {
  readonly db: number;
  readonly key: string;
  readonly type: string;
  readonly expireAtMs?: number | null;
  readonly value?: unknown;
}

const folder = tempFolder();
const dump = path.join(CORPUS, 'redis-7.2.6', 'mini', 'dump.rdb');
const truth = readFileSync(path.join(CORPUS, 'redis-7.2.6', 'mini', 'truth.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);

async function decode(
  file: string,
  ...options: string[]
): Promise<{ status: number | null; lines: Line[]; stderr: string }> {
  const { status, stdout, stderr } = await cli('decode', file, ...options);
  assert.ok(stdout === '' || stdout.endsWith('\n'));
  const lines = stdout.split('\n').slice(0, -1);
  return { status, lines: lines.map((line) => JSON.parse(line) as Line), stderr };
}

function written(content: Uint8Array): string {
  const file = path.join(folder, 'some.rdb');
  writeFileSync(file, content);
  return file;
}

const nameOf = ({ db, key: name }: Line) => `${db} ${name}`;
const byName = (a: Line, b: Line) => (nameOf(a) < nameOf(b) ? -1 : 1);
const keyName = (name: string) => Buffer.from(name, 'latin1').toString('base64');

describe('decode', () => {
  it('gives every key with its value, as the server said', async () => {
    const { status, lines, stderr } = await decode(dump);
    assert.deepEqual([status, stderr], [0, '']);
    const values = (all: readonly Line[]) => [...all].sort(byName).map((line) => [nameOf(line), line.type, line.value]);
    assert.deepEqual(values(lines), values(truth));
  });

  it('reads the expiries that an old host wrote the other way round', async () => {
    const time = Buffer.alloc(8);
    time.writeBigInt64BE(4_102_444_800_000n);
    const expiring = bytes(OP.expireMs, new Uint8Array(time), key(0, 'name', string('value')));
    const old = path.join(folder, 'old.rdb');
    writeFileSync(old, file('REDIS0008', selectdb(0), expiring));
    const { lines } = await decode(old);
    assert.deepEqual(
      lines.map(({ expireAtMs }) => expireAtMs),
      [4_102_444_800_000],
    );
  });

  it('leaves values out, if told so', async () => {
    const { lines } = await decode(dump, '--keys-only');
    assert.equal(lines.length, truth.length);
    assert.ok(lines.every((line) => !('value' in line)));
  });

  it('gives the keys of a type', async () => {
    for (const type of new Set(truth.map((line) => line.type))) {
      const { status, lines } = await decode(dump, '--type', type);
      assert.equal(status, 0);
      assert.equal(lines.length, truth.filter((line) => line.type === type).length, type);
      assert.ok(lines.every((line) => line.type === type));
    }
    assert.deepEqual((await decode(dump, '--type', 'nothing')).lines, []);
  });

  const databases = written(
    file(
      'REDIS0011',
      [selectdb(0), key(0, 'a:1', string('v')), key(0, 'b[x]', string('v')), key(0, 'é', string('v'))],
      [selectdb(10), key(0, 'a:2', string('v')), key(0, '\xff', string('v'))],
    ),
  );
  const keys = async (...options: string[]) => (await decode(databases, ...options)).lines.map((line) => line.key);

  it('gives the keys of a database', async () => {
    assert.deepEqual(await keys('--db', '10'), [keyName('a:2'), keyName('\xff')]);
    assert.deepEqual(await keys('--db', '1'), []);
  });

  it('gives the keys whose names match, as KEYS matches', async () => {
    assert.deepEqual(await keys('--match', 'a:*'), [keyName('a:1'), keyName('a:2')]);
    assert.deepEqual(await keys('--match', 'b\\[x\\]'), [keyName('b[x]')]);
    assert.deepEqual(await keys('--match', 'b[x]'), []);
    assert.deepEqual(await keys('--match', '?'), [keyName('é'), keyName('\xff')]);
    assert.deepEqual(await keys('--match', ''), []);
  });

  it('takes options together', async () => {
    assert.deepEqual(await keys('--match', 'a*', '--db', '10', '--type', 'string', '--keys-only'), [keyName('a:2')]);
  });

  it('gives what is intact of a damaged file, tells the damage, and ends with 1', async () => {
    const damaged = written(
      file(
        'REDIS0011',
        key(0, 'before', string('v')),
        key(11, 'bad', string(bytes('xxx'))),
        key(0, 'after', string('v')),
      ),
    );
    const { status, lines, stderr } = await decode(damaged);
    assert.equal(status, 1);
    assert.deepEqual(
      lines.map((line) => line.key),
      [keyName('before'), keyName('after')],
    );
    assert.match(stderr, /^.*some\.rdb: offset \d+: The intset is damaged: .*\n$/);
    assert.equal((await decode(written(readFileSync(dump).subarray(0, 300)))).status, 1);
  });
});
