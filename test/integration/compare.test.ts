/** Two dumps that a real server wrote, with known changes between them: the comparison finds exactly these. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { cli } from '../unit/support/programs.js';
import { seededRandom } from '../unit/support/random.js';
import { tempFolder } from '../unit/support/temp.js';
import { randomData } from './random-data.js';
import { TestServer } from './server.js';

interface Line {
  readonly kind: string;
  readonly db: number;
  readonly key: string;
  readonly changed?: readonly string[];
  readonly changes?: readonly Record<string, unknown>[];
}

const folder = tempFolder();
const text = (base64: unknown) => Buffer.from(String(base64), 'base64').toString('latin1');
const b64 = (content: string) => Buffer.from(content, 'latin1').toString('base64');

/** Writes the dump to a place of its own. */
async function saved(server: TestServer, name: string): Promise<string> {
  const copy = path.join(folder, name);
  copyFileSync(await server.save(), copy);
  return copy;
}

async function diff(left: string, right: string, ...options: string[]) {
  const { status, stdout, stderr } = await cli('diff', left, right, ...options);
  assert.equal(stderr, '');
  const lines = stdout.split('\n').slice(0, -1);
  return { status, lines: lines.map((line) => JSON.parse(line) as Line) };
}

const seed = (Number(process.env.FUZZ_SEED) || Date.now()) % 1_000_000_000;

describe('two dumps of a server', () => {
  it(`differ in exactly the keys that were changed between them (FUZZ_SEED=${seed})`, async () => {
    const server = await TestServer.start();
    const random = seededRandom(seed);
    await server.commands(randomData(seed, 800));
    const before = await saved(server, 'before.rdb');
    const keys = ((await server.command('KEYS', '*')) as Uint8Array[]).map((key) => Buffer.from(key));
    const expected: string[] = [];
    for (const key of keys) {
      const name = key.toString('base64');
      switch (random(20)) {
        case 0:
          await server.command('DEL', key);
          expected.push(`removed ${name}`);
          break;
        case 1:
          await server.command('PEXPIREAT', key, String(4e12 + random(1000)));
          expected.push(`changed ${name} ttl`);
          break;
        case 2: {
          const type = await server.command('TYPE', key);
          await server.command('DEL', key);
          // Of another type, whatever it was.
          if (type === '+hash') await server.command('SADD', key, 'm');
          else await server.command('HSET', key, 'f', 'v');
          expected.push(`changed ${name} type`);
          break;
        }
        case 3:
          await server.command('COPY', key, Buffer.concat([Buffer.from('copy of '), key]));
          expected.push(`added ${Buffer.concat([Buffer.from('copy of '), key]).toString('base64')}`);
          break;
      }
    }
    const { status, lines } = await diff(before, await saved(server, 'after.rdb'), '--keys-only');
    assert.equal(status, 1);
    const found = lines.map(({ kind, key, changed }) => {
      const what = changed?.filter((part) => part === 'type' || (part === 'ttl' && !changed.includes('type')));
      return [kind, key, ...(what ?? [])].join(' ');
    });
    assert.deepEqual(found.sort(), expected.sort());
  });

  it('differ in exactly the elements that were changed, in every type', async () => {
    const server = await TestServer.start('--hash-max-listpack-entries', '64');
    await server.commands([
      ...Array.from({ length: 500 }, (_, i) => ['HSET', 'hash', `f${i}`, `v${i}`]),
      ['SADD', 'set', 'a', 'b', 'c'],
      ['ZADD', 'zset', '1', 'one', '2', 'two'],
      ...Array.from({ length: 3000 }, (_, i) => ['RPUSH', 'list', `e${i}`]),
      ['SET', 'string', 'before'],
      ['XADD', 'stream', '1-1', 'f', 'v'],
      ['XADD', 'stream', '2-1', 'f', 'v'],
      ['XGROUP', 'CREATE', 'stream', 'group', '0'],
      ['SET', 'same', 'x'],
    ]);
    const before = await saved(server, 'elements-before.rdb');
    await server.commands([
      ['HSET', 'hash', 'f7', 'other', 'new', 'n'],
      ['HDEL', 'hash', 'f100'],
      ['SREM', 'set', 'b'],
      ['ZADD', 'zset', '2.5', 'two'],
      ['LPUSH', 'list', 'head'],
      ['RPOP', 'list'],
      ['LSET', 'list', '1000', 'other'],
      ['SET', 'string', 'after'],
      ['XADD', 'stream', '3-1', 'f', 'w'],
      ['XREADGROUP', 'GROUP', 'group', 'worker', 'COUNT', '1', 'STREAMS', 'stream', '>'],
    ]);
    const { lines } = await diff(before, await saved(server, 'elements-after.rdb'));
    const byKey = new Map(lines.map((line) => [text(line.key), line.changes ?? []] as const));
    assert.deepEqual([...byKey.keys()], ['hash', 'list', 'set', 'stream', 'string', 'zset']);
    assert.deepEqual(byKey.get('hash'), [
      { part: 'field', kind: 'removed', field: b64('f100'), left: { value: b64('v100') } },
      { part: 'field', kind: 'changed', field: b64('f7'), left: { value: b64('v7') }, right: { value: b64('other') } },
      { part: 'field', kind: 'added', field: b64('new'), right: { value: b64('n') } },
    ]);
    assert.deepEqual(byKey.get('set'), [{ part: 'member', kind: 'removed', member: b64('b') }]);
    assert.deepEqual(byKey.get('zset'), [
      { part: 'member', kind: 'changed', member: b64('two'), left: { score: '2' }, right: { score: '2.5' } },
    ]);
    assert.deepEqual(byKey.get('list'), [
      { part: 'element', kind: 'added', rightIndex: 0, right: { value: b64('head') } },
      {
        part: 'element',
        kind: 'changed',
        leftIndex: 999,
        rightIndex: 1000,
        left: { value: b64('e999') },
        right: { value: b64('other') },
      },
      { part: 'element', kind: 'removed', leftIndex: 2999, left: { value: b64('e2999') } },
    ]);
    const stream = byKey.get('stream')?.map(({ part, kind }) => `${part} ${kind}`);
    assert.deepEqual(stream, [
      'entry added',
      'fact changed',
      'fact changed',
      'group changed',
      'pending added',
      'consumer added',
      'consumer-pending added',
    ]);
  });

  it('do not differ where only the encodings do', async () => {
    const compact = await TestServer.start();
    const full = await TestServer.start(
      ...['--hash-max-listpack-entries', '0', '--zset-max-listpack-entries', '0', '--set-max-intset-entries', '0'],
      ...['--list-max-listpack-size', '1', '--rdbcompression', 'no', '--stream-node-max-entries', '1'],
    );
    const data = [
      ...Array.from({ length: 20 }, (_, i) => ['HSET', 'hash', `f${i}`, `v${i}`]),
      ...Array.from({ length: 20 }, (_, i) => ['ZADD', 'zset', `${i / 3}`, `m${i}`]),
      ...Array.from({ length: 20 }, (_, i) => ['SADD', 'set', `${i}`]),
      ...Array.from({ length: 20 }, (_, i) => ['RPUSH', 'list', `e${i}`]),
      ...Array.from({ length: 20 }, (_, i) => ['XADD', 'stream', `1-${i + 1}`, 'f', `${i}`]),
      ['SET', 'string', 'compressible '.repeat(50)],
    ];
    await compact.commands(data);
    await full.commands(data);
    const [left, right] = [await saved(compact, 'compact.rdb'), await saved(full, 'full.rdb')];
    assert.deepEqual(await diff(left, right), { status: 0, lines: [] });
    const { lines } = await diff(left, right, '--encoding');
    assert.deepEqual(
      lines.map(({ key, changed }) => [text(key), changed]),
      ['hash', 'set', 'zset'].map((name) => [name, ['encoding']]),
    );
  });
});
