/**
 * What servers say of exports: a Redis 7.0 holds the same after it has loaded one, in every form that can be loaded, and
 * so do other releases where their programs are named: EXPORT_SERVERS=redis-6.2=/path/redis-server,…
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseTarget } from '../../src/dataset/export/target.js';
import { MemorySource } from '../../src/decoder/source.js';
import { parseLine, type Truth } from '../corpus/compare.js';
import { comparable } from '../corpus/compare-export.js';
import { decodeSource } from '../corpus/decode-lines.js';
import { exportBytes } from '../corpus/export-bytes.js';
import { CORPUS } from '../unit/support/fixtures.js';
import { tempFolder } from '../unit/support/temp.js';
import { TestServer } from './server.js';

/** Dumps whose types a Redis 7.0 has, if need be in another form. */
const DUMPS = [
  'redis-2.4.18/types',
  'redis-3.2.13/types',
  'redis-6.0.16/minilzf',
  'redis-7.2.6/streams',
  'redis-8.6.3/minilzf',
  'valkey-9.1.2/mini',
];

const folder = tempFolder();
const target = parseTarget('7.0');

/** A key as it is after a load: without what the server changes or has no place for. */
function loaded(key: Truth, other: Truth): string {
  const { idle: _, freq: __, metadata: ___, ...rest } = key;
  if (rest.type === 'zset') {
    // A server drops the sign of −0 in a small set.
    rest.value = (rest.value as [string, string][]).map(([member, score]) => [
      member,
      Number(score) === 0 ? '0' : score,
    ]);
  }
  if (rest.type === 'hash') rest.value = (rest.value as unknown[][]).map(([field, value]) => [field, value]);
  if (rest.type === 'stream') rest.value = common(rest.value, other.value);
  return comparable(rest);
}

function common(value: unknown, other: unknown): unknown {
  if (Array.isArray(value)) return value.map((item, i) => common(item, (other as unknown[] | undefined)?.[i]));
  if (typeof value !== 'object' || value === null) return value;
  const theirs = (other ?? {}) as Truth;
  const kept: Truth = {};
  // Times at which consumers were seen are those of the load, where commands have made them.
  for (const [name, item] of Object.entries(value)) {
    if (theirs[name] !== undefined && !/^(?:seen|active)TimeMs$|^firstId$/.test(name))
      kept[name] = common(item, theirs[name]);
  }
  return kept;
}

/** The keys of a dump that have not expired. */
function keysOf(dump: Uint8Array): Map<string, Truth> {
  const keys = decodeSource(new MemorySource(dump)).lines.map(parseLine);
  const later = ({ expireAtMs }: Truth) => typeof expireAtMs !== 'number' || expireAtMs > Date.now() + 60_000;
  return new Map(keys.filter(later).map((key) => [`${key.db} ${key.key}`, key]));
}

function compare(saved: Uint8Array, dump: Uint8Array): void {
  const found = keysOf(saved);
  const wanted = keysOf(dump);
  for (const [name, key] of wanted) {
    const own = found.get(name);
    assert.ok(own, `${name} is missing`);
    assert.equal(loaded(own, key), loaded(key, own), name);
  }
  assert.equal(found.size, wanted.size);
}

describe('a Redis 7.0 holds the same', async () => {
  const server = await TestServer.start('--databases', '1024', '--sanitize-dump-payload', 'yes');

  for (const name of DUMPS) {
    const dump = new Uint8Array(readFileSync(path.join(CORPUS, name, 'dump.rdb')));

    it(`after it has loaded the RDB that was made of ${name}`, async () => {
      const { bytes } = exportBytes(dump, { format: 'rdb', target, dropFieldExpiry: true });
      const file = path.join(folder, 'exported.rdb');
      writeFileSync(file, bytes);
      const check = spawnSync('redis-check-rdb', [file], { encoding: 'utf8' });
      assert.equal(check.status, 0, check.stdout);
      copyFileSync(file, path.join(path.dirname(server.socketPath), 'dump.rdb'));
      await server.command('DEBUG', 'RELOAD', 'NOSAVE');
      compare(readFileSync(await server.save()), dump);
    });

    for (const restore of [false, true]) {
      it(`after it was sent the RESP of ${name}${restore ? ', as RESTORE' : ''}`, async () => {
        await server.command('FLUSHALL');
        await server.command('FUNCTION', 'FLUSH');
        const { bytes } = exportBytes(dump, { format: 'resp', target, restore, dropFieldExpiry: true });
        const { status, stdout } = spawnSync('redis-cli', ['-s', server.socketPath, '--pipe'], {
          input: bytes,
          encoding: 'utf8',
        });
        assert.equal(status, 0, stdout);
        assert.match(stdout, /errors: 0/);
        compare(readFileSync(await server.save()), dump);
      });
    }

    it(`after redis-cli has read the lines of ${name}`, async () => {
      await server.command('FLUSHALL');
      await server.command('FUNCTION', 'FLUSH');
      const { bytes } = exportBytes(dump, { format: 'redis-cli', target, dropFieldExpiry: true });
      const { stdout } = spawnSync('redis-cli', ['-s', server.socketPath], {
        input: bytes,
        encoding: 'latin1',
        maxBuffer: 1 << 28,
      });
      assert.doesNotMatch(stdout, /^\(error\)|ERR /m);
      compare(readFileSync(await server.save()), dump);
    });
  }

  it('and has the same digest, for a dump of its own', async () => {
    const dump = new Uint8Array(readFileSync(path.join(CORPUS, 'redis-7.0.15', 'types', 'dump.rdb')));
    const place = path.join(path.dirname(server.socketPath), 'dump.rdb');
    const digests: string[] = [];
    for (const bytes of [dump, exportBytes(dump, { format: 'rdb' }).bytes]) {
      writeFileSync(place, bytes);
      await server.command('DEBUG', 'RELOAD', 'NOSAVE');
      digests.push(String(await server.command('DEBUG', 'DIGEST')));
    }
    await server.command('FLUSHALL');
    const resp = exportBytes(dump, { format: 'resp' }).bytes;
    spawnSync('redis-cli', ['-s', server.socketPath, '--pipe'], { input: resp });
    digests.push(String(await server.command('DEBUG', 'DIGEST')));
    assert.equal(digests[1], digests[0]);
    assert.equal(digests[2], digests[0]);
    assert.doesNotMatch(digests[0], /^\+0+$/);
  });

  it('of an anonymous copy: as many keys of the same types, none twice', async () => {
    const dump = new Uint8Array(readFileSync(path.join(CORPUS, 'redis-3.2.13', 'types', 'dump.rdb')));
    writeFileSync(
      path.join(path.dirname(server.socketPath), 'dump.rdb'),
      exportBytes(dump, { format: 'rdb', target, seed: 'seed' }).bytes,
    );
    await server.command('DEBUG', 'RELOAD', 'NOSAVE');
    assert.equal(await server.command('DBSIZE'), BigInt(decodeSource(new MemorySource(dump)).lines.length));
  });
});

/** Programs of other releases. */
const OTHERS = (process.env.EXPORT_SERVERS ?? '')
  .split(',')
  .filter((text) => text !== '')
  .map((text) => text.split('='));

for (const [release, program = ''] of OTHERS) {
  describe(`a ${release} holds the same`, () => {
    for (const name of DUMPS) {
      it(`after it has loaded the RDB that was made of ${name}`, async () => {
        assert.ok(existsSync(program), program);
        const other = parseTarget(release);
        const dump = new Uint8Array(readFileSync(path.join(CORPUS, name, 'dump.rdb')));
        const { bytes, report } = exportBytes(dump, { format: 'rdb', target: other, dropFieldExpiry: true });
        const saved = await loadInto(program, bytes);
        const known =
          report.leftOut.length > 0
            ? exportBytes(dump, { format: 'rdb', target: other, dropFieldExpiry: true }).bytes
            : dump;
        compare(saved, known);
      });
    }
  });
}

/** Starts a program with an RDB, which may know fewer settings than this one's. @returns what it saves. */
async function loadInto(program: string, bytes: Uint8Array): Promise<Uint8Array> {
  const place = tempFolder();
  const dump = path.join(place, 'dump.rdb');
  const socket = path.join(place, 'socket');
  writeFileSync(dump, bytes);
  const args = ['--port', '0', '--unixsocket', socket, '--dir', place, '--save', '', '--databases', '1024'];
  const server = spawn(program, args, { stdio: 'ignore' });
  const ask = (...command: string[]) => spawnSync('redis-cli', ['-s', socket, ...command], { encoding: 'utf8' }).stdout;
  try {
    while (!ask('PING').includes('PONG')) {
      assert.equal(server.exitCode, null, 'the server does not load the file');
      await sleep(20);
    }
    assert.match(ask('SAVE'), /OK/);
    return readFileSync(dump);
  } finally {
    server.kill('SIGKILL');
  }
}
