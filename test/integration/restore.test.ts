/** Restoring dumps into real servers: by RESTORE and by commands, what is skipped, what is replaced, what goes on. */
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { OP_MODULE_AUX } from '../../src/decoder/rdb/opcodes.js';
import { FileSource } from '../../src/engine/node/file-source.js';
import type { ServerAddress } from '../../src/server/address.js';
import { Connection } from '../../src/server/connection.js';
import { factsOf } from '../../src/server/facts.js';
import { connectTo } from '../../src/server/node/connect.js';
import { openTransport } from '../../src/server/node/transport.js';
import { restore } from '../../src/server/restore.js';
import type { RestoreOptions } from '../../src/server/restore-options.js';
import { type RestoreReport, restorePoint } from '../../src/server/restore-report.js';
import { restoreTargetOf } from '../../src/server/restore-target.js';
import type { Transport } from '../../src/server/transport.js';
import { dumps } from '../unit/support/fixtures.js';
import { indexed } from '../unit/support/indexed.js';
import { cli } from '../unit/support/programs.js';
import { expireMs, file, key, length, OP, selectdb, string } from '../unit/support/rdb-writer.js';
import { tempFolder } from '../unit/support/temp.js';
import { randomData } from './random-data.js';
import { type Reply, TestServer } from './server.js';

/** Another one with every run; the number of a failed run repeats it. */
const SEED = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 30));
/** The newest version that every server of the tests loads. */
const LOADED_VERSION = 10;

const PLAIN: RestoreOptions = {
  existing: 'error',
  keepExpired: false,
  asCommands: false,
  dbMap: new Map(),
  dryRun: false,
  verify: true,
};

function addressOf(server: TestServer): ServerAddress {
  return { endpoint: { kind: 'unix', path: server.socketPath }, db: 0 };
}

/** Connects so that replies come a byte at a time. */
async function connectInBytes(server: TestServer): Promise<Connection> {
  const transport = await openTransport(addressOf(server));
  const split: Transport = {
    address: transport.address,
    get listener() {
      return transport.listener;
    },
    set listener(listener) {
      transport.listener = {
        drained: () => listener.drained(),
        closed: (error) => listener.closed(error),
        data: (bytes) => {
          for (let at = 0; at < bytes.length; at++) listener.data(bytes.slice(at, at + 1));
        },
      };
    },
    write: (bytes, sent) => transport.write(bytes, sent),
    pause: () => transport.pause(),
    resume: () => transport.resume(),
    close: () => transport.close(),
  };
  return new Connection(split);
}

/** The ways in which keys are restored, and options for each. */
const WAYS = [
  ['by commands', { asCommands: true }],
  ['one by one', {}],
  ['many at a time', { verify: false }],
] as const;

/** Restores a file into a server. */
async function restoreInto(
  server: TestServer,
  dump: string,
  options: Partial<RestoreOptions> = {},
  connections = 2,
  connect: () => Promise<Connection> = () => connectTo(addressOf(server)),
): Promise<RestoreReport> {
  const lanes = await Promise.all(Array.from({ length: connections }, connect));
  const target = await restoreTargetOf(lanes[0], await factsOf(lanes[0]));
  const source = new FileSource(dump);
  try {
    return await restore(source, lanes, target, { ...PLAIN, ...options });
  } finally {
    source.close();
  }
}

async function digest(server: TestServer): Promise<Reply> {
  return server.command('DEBUG', 'DIGEST');
}

/** Loads a dump. */
async function load(server: TestServer, dump: string): Promise<void> {
  copyFileSync(dump, path.join(path.dirname(server.socketPath), 'dump.rdb'));
  await server.command('DEBUG', 'RELOAD', 'NOSAVE');
}

/** True for a dump that a Redis 7.0 without modules loads. */
function isLoadable(bytes: Uint8Array): boolean {
  const { file: opened, index, scan, problems } = indexed(bytes);
  const { family, version } = opened.header;
  if (family !== 'redis' || version < 1 || version > LOADED_VERSION || opened.keydb || problems.length > 0)
    return false;
  const modules = scan.facts.recordCodes.includes(OP_MODULE_AUX) || scan.facts.auxValue('df-ver') !== undefined;
  const fits = index.databases.every(({ db }) => db < DATABASES);
  return !modules && fits && index.kinds.every(({ type }) => TYPES.has(type));
}

/** Databases of the servers that load dumps. */
const DATABASES = 1024;

/** Sorted sets of the dumps that have −0 as a score. */
const SIGNED_ZEROS = ['zset:scores:c', 'zset:scores:w', 'zset:scores:f'];

const TYPES = new Set(['string', 'list', 'set', 'zset', 'hash', 'stream']);

function text(reply: Reply): string {
  return reply instanceof Uint8Array ? Buffer.from(reply).toString('latin1') : String(reply);
}

describe('a restore of dumps of servers', async () => {
  const source = await TestServer.start('--databases', String(DATABASES));
  const target = await TestServer.start('--databases', String(DATABASES));
  const loadable = dumps().filter(({ bytes, size }) => size < 4_000_000 && isLoadable(bytes));
  let compared = 0;

  for (const [way, options] of WAYS) {
    const { asCommands = false }: Partial<RestoreOptions> = options;
    it(`gives what loading them gives, ${way}`, async () => {
      for (const { name, folder } of loadable) {
        const dump = path.join(folder, 'dump.rdb');
        await source.command('FLUSHALL');
        await load(source, dump);
        await target.commands([['FLUSHALL'], ['FUNCTION', 'FLUSH']]);
        const report = await restoreInto(target, dump, options);
        assert.deepEqual(report.errors, [], name);
        // No command puts −0 into a listpack: there the sign of a zero score is lost.
        if (asCommands) for (const server of [source, target]) await server.command('DEL', ...SIGNED_ZEROS);
        assert.equal(await digest(target), await digest(source), name);
        if (report.keys > 0) compared++;
        assert.equal(asCommands ? report.built > 0 : report.built === 0, report.keys > 0 ? true : !asCommands, name);
      }
      assert.ok(compared > 20, `${compared} dumps were compared`);
    });
  }
});

describe(`a restore of random data (TEST_SEED=${SEED})`, async () => {
  const source = await TestServer.start();
  const target = await TestServer.start();
  await source.commands(randomData(SEED, 500));
  await source.command('FUNCTION', 'LOAD', "#!lua name=lib\nredis.register_function('f', function() return 1 end)");
  const dump = await source.save();
  const expected = await digest(source);

  for (const [way, options] of WAYS) {
    it(`builds the same keys ${way}, and the functions`, async () => {
      await target.commands([['FLUSHALL'], ['FUNCTION', 'FLUSH']]);
      const report = await restoreInto(target, dump, options);
      assert.deepEqual(report.errors, []);
      assert.equal(await digest(target), expected);
      assert.equal(report.functions, 1);
      assert.equal(report.keys, report.restored + report.built);
      assert.equal(await target.command('FCALL', 'f', '0'), 1n);
    });
  }

  it('replaces what is there, or leaves it alone and counts it, as it is told', async () => {
    const { keys } = await restoreInto(target, dump, { existing: 'replace' });
    for (const [, options] of WAYS) {
      await target.command('SELECT', '0');
      const name = (await target.command('RANDOMKEY')) as Uint8Array;
      await target.commands([
        ['DEL', name],
        ['SET', name, 'of another'],
      ]);
      const skipped = await restoreInto(target, dump, { existing: 'skip', ...options });
      assert.deepEqual([skipped.existing, skipped.existingFunctions, skipped.errors], [keys, 1, []]);
      const refused = await restoreInto(target, dump, options);
      assert.equal(refused.failed, keys);
      const busy = refused.errors.find(({ error }) => error.startsWith('BUSYKEY'));
      assert.equal(busy?.count, keys);
      assert.equal(text(await target.command('GET', name)), 'of another');
      const replaced = await restoreInto(target, dump, { existing: 'replace', ...options });
      assert.deepEqual([replaced.restored + replaced.built, replaced.errors], [keys, []]);
      assert.equal(await digest(target), expected);
    }
  });

  it('writes nothing in a dry run, and tells what it would do', async () => {
    await target.commands([['FLUSHALL'], ['FUNCTION', 'FLUSH']]);
    const report = await restoreInto(target, dump, { dryRun: true });
    assert.deepEqual([report.restored, report.existing, report.functions], [report.keys, 0, 1]);
    assert.equal(await target.command('DBSIZE'), 0n);
    assert.deepEqual(await target.command('FUNCTION', 'LIST'), []);
  });

  it('takes the keys of a database, a glob or a type only, and puts them into other databases', async () => {
    await target.commands([['FLUSHALL']]);
    const { keys } = await restoreInto(target, dump, { db: 5, dbMap: new Map([[5, 9]]) });
    await source.command('SELECT', '5');
    assert.equal(BigInt(keys), await source.command('DBSIZE'));
    await target.command('SELECT', '9');
    assert.equal(await target.command('DBSIZE'), BigInt(keys));
    await target.commands([['FLUSHALL']]);
    const hashes = await restoreInto(target, dump, { type: 'hash' });
    await target.command('SELECT', '0');
    for (const name of (await target.command('KEYS', '*')) as Uint8Array[]) {
      assert.equal(await target.command('TYPE', name), '+hash');
    }
    assert.ok(hashes.keys > 0 && hashes.functions === 0);
  });

  it('goes on where it was stopped, and does nothing twice', async () => {
    for (const [, options] of WAYS) {
      await target.commands([['FLUSHALL'], ['FUNCTION', 'FLUSH']]);
      let asked = 0;
      const stopsSoon = {
        get aborted() {
          return ++asked > ('verify' in options ? 4 : 300);
        },
      };
      const first = await restoreInto(target, dump, { ...options, signal: stopsSoon as AbortSignal });
      assert.ok(first.resume && first.stopped !== undefined && first.keys < 500);
      const done = first.restored + first.built;
      // Stopped again before it comes to what was left, it knows of it still.
      const { resume } = await restoreInto(target, dump, {
        ...options,
        resume: first.resume,
        signal: AbortSignal.abort(),
      });
      assert.deepEqual(new Set(resume?.pending), new Set(first.resume.pending));
      const second = await restoreInto(target, dump, { ...options, resume });
      assert.equal(second.restored + second.built, 500 - done);
      assert.deepEqual(second.errors, []);
      assert.equal(await digest(target), expected);
    }
  });
});

describe('a restore', async () => {
  const folder = tempFolder();
  const target = await TestServer.start();
  const write = (name: string, ...records: Parameters<typeof file>[1][]) => {
    const dump = path.join(folder, name);
    writeFileSync(dump, file('REDIS0009', records));
    return dump;
  };

  it('keeps expiries to the millisecond, and leaves out keys whose time is over unless they are wanted', async () => {
    const later = BigInt(Date.now()) + 10_000_000n;
    const dump = write('expiry.rdb', [
      [expireMs(later), key(0, 'later', string('v'))],
      [expireMs(1000n), key(0, 'over', string('v'))],
      key(0, 'always', string('v')),
    ]);
    for (const [, options] of WAYS) {
      await target.command('FLUSHALL');
      const report = await restoreInto(target, dump, options);
      assert.deepEqual([report.keys, report.expired, report.restored + report.built], [3, 1, 2]);
      assert.deepEqual(
        await target.commands([
          ['PEXPIRETIME', 'later'],
          ['EXISTS', 'over'],
          ['PTTL', 'always'],
        ]),
        [later, 0n, -1n],
      );
      await target.command('FLUSHALL');
      await restoreInto(target, dump, { ...options, keepExpired: true });
      assert.deepEqual(
        await target.commands([
          ['PEXPIRETIME', 'later'],
          ['PTTL', 'over'],
        ]),
        [later, -1n],
      );
    }
  });

  it('tells which keys the server refuses, with their offsets, and goes on', async () => {
    const dump = write('refused.rdb', [
      selectdb(99),
      key(0, 'nowhere', string('v')),
      selectdb(0),
      key(0, 'here', string('v')),
    ]);
    for (const verify of [true, false]) {
      await target.command('FLUSHALL');
      const report = await restoreInto(target, dump, { verify }, 1);
      assert.deepEqual([report.restored, report.failed], [1, 1]);
      assert.deepEqual(report.errors, [
        { error: 'ERR DB index is out of range', count: 1, keys: [{ db: 99, name: 'nowhere', offset: 12 }] },
      ]);
      assert.deepEqual(await target.command('KEYS', '*'), [new Uint8Array(Buffer.from('here'))]);
    }
  });

  it('finds the keys that replies are for among many that were sent at once', async () => {
    const names = Array.from({ length: 9000 }, (_, i) => `key:${i}`);
    const records = names.map((name) => key(0, name, string('v')));
    const dump = write('many.rdb', records);
    const there = [0, 1, 2, 3, 500, 4001, 8998, 8999];
    const expected = there.map((i) => {
      const before = records.slice(0, i).reduce((sum, { length }) => sum + length, 0);
      return { db: 0, name: names[i], offset: 9 + before };
    });
    for (const connect of [() => connectTo(addressOf(target)), () => connectInBytes(target)]) {
      for (const connections of [1, 2]) {
        await target.command('FLUSHALL');
        await target.commands(there.map((i) => ['SET', names[i], 'mine']));
        const report = await restoreInto(target, dump, { verify: false }, connections, connect);
        assert.deepEqual([report.restored, report.failed], [names.length - there.length, there.length]);
        const [{ error, keys }, ...others] = report.errors;
        assert.deepEqual([error, others], ['BUSYKEY Target key name already exists.', []]);
        assert.deepEqual(
          [...keys].sort((a, b) => a.offset - b.offset),
          expected,
        );
        assert.equal(await target.command('DBSIZE'), BigInt(names.length));
        assert.equal(text(await target.command('GET', 'key:500')), 'mine');
      }
    }
  });

  it('takes keys whole that go over the end of a stretch of the file, or are larger than one', async () => {
    const sizes = Array.from({ length: 40 }, (_, i) => [10, 30_000, 65_000, 70_000, 300_000][i % 5]);
    const records = sizes.map((size, i) => key(0, `key:${i}`, string(String(i % 10).repeat(size))));
    const dump = write('large.rdb', records);
    await target.command('FLUSHALL');
    const report = await restoreInto(target, dump, { verify: false });
    assert.deepEqual([report.restored, report.errors], [sizes.length, []]);
    for (const [i, size] of sizes.entries()) {
      assert.equal(text(await target.command('GET', `key:${i}`)), String(i % 10).repeat(size));
    }
  });

  it('keeps idle times and access frequencies', async () => {
    const dump = write('access.rdb', [
      [OP.idle, length(5000), key(0, 'idle', string('v'))],
      [OP.freq, 77, key(0, 'frequent', string('v'))],
    ]);
    for (const [policy, name, sub, least] of [
      ['allkeys-lru', 'idle', 'IDLETIME', 5000n],
      ['allkeys-lfu', 'frequent', 'FREQ', 77n],
    ] as const) {
      await target.commands([['FLUSHALL'], ['CONFIG', 'SET', 'maxmemory-policy', policy]]);
      for (const verify of [true, false]) {
        const report = await restoreInto(target, dump, { verify, existing: 'replace' });
        assert.deepEqual(report.errors, []);
        const found = await target.command('OBJECT', sub, name);
        assert.ok(typeof found === 'bigint' && found >= least && found <= least + 100n, `${sub} ${found}`);
      }
    }
    await target.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
  });
});

describe('the command line', async () => {
  const folder = tempFolder();
  const target = await TestServer.start();
  const url = `unix://${target.socketPath}`;
  const dump = path.join(folder, 'two.rdb');
  writeFileSync(dump, file('REDIS0009', [key(0, 'one', string('1')), key(0, 'two', string('2'))]));

  it('restores a file, says what it did, and writes a report', async () => {
    await target.command('SET', 'two', 'mine');
    const report = path.join(folder, 'report.json');
    const run = await cli('restore', dump, '--to', url, '--yes', '--report', report);
    assert.equal(run.status, 1);
    assert.match(
      run.stderr,
      /two\.rdb: .*2 keys, 0 of them with an expiry\nto .*keys that are there are not touched\n$/s,
    );
    assert.match(run.stdout, /^1 keys restored, 1 failed .*\nfailed 1 × BUSYKEY .*: two \(database 0, offset 16\)\n$/);
    const written = JSON.parse(readFileSync(report, 'utf8')) as RestoreReport;
    assert.deepEqual([written.restored, written.failed, written.resume], [1, 1, undefined]);
    assert.equal(text(await target.command('GET', 'two')), 'mine');
    const again = await cli('restore', dump, '--to', url, '--yes', '--replace');
    assert.deepEqual([again.status, text(await target.command('GET', 'two'))], [0, '2']);
    const dry = await cli('restore', dump, '--to', url, '--dry-run', '--skip-existing');
    assert.match(dry.stdout, /^0 keys would be restored, 2 left alone because they are there, 0 failed/);
  });

  it('does not go on with another file of the same size', async () => {
    const target = await TestServer.start();
    const reportFile = path.join(folder, 'marked.json');
    const bytes = readFileSync(dump);
    const source = new FileSource(dump);
    writeFileSync(reportFile, JSON.stringify({ resume: restorePoint(source, bytes.length - 20, []) }));
    source.close();
    const other = path.join(folder, 'other.rdb');
    bytes[bytes.length - 21] ^= 1;
    writeFileSync(other, bytes);
    const run = (file: string) =>
      cli('restore', file, '--to', `unix://${target.socketPath}`, '--yes', '--resume', reportFile);
    const { status, stderr } = await run(other);
    assert.equal(status, 2);
    assert.match(stderr, /other\.rdb is not the file that was stopped in/);
    assert.equal((await run(dump)).status, 0);
  });

  for (const [args, message] of [
    [['restore'], 'restore needs a file'],
    [['restore', dump], 'restore needs --to URL, the server to write to'],
    [['restore', dump, '--to', url], 'say --yes to restore without being asked'],
    [['restore', dump, '--to', `${url}?db=3`], 'the address of a target has no database; --db-map says where keys go'],
    [
      ['restore', dump, '--to', url, '--replace', '--skip-existing'],
      '--replace and --skip-existing cannot be combined',
    ],
    [['restore', dump, '--to', url, '--db-map', '1'], '--db-map takes FROM:TO, two database numbers, not 1'],
    [['restore', dump, '--to', url, '--resume', dump], `${dump} is no report of a restore`],
    [['capture', '--out', dump], 'capture needs --from URL, the server to read from'],
    [['capture', '--from', url], 'capture needs --out, the file to write, or the folder with --follow'],
    [
      ['capture', '--from', url, '--out', dump, '--follow', '--overwrite'],
      '--overwrite is not for --follow: name a new folder',
    ],
  ] as const) {
    it(`refuses what cannot be meant: ${message.replace(folder, '')}`, async () => {
      const { status, stdout, stderr } = await cli(...args);
      assert.deepEqual([status, stdout], [2, '']);
      assert.ok(stderr.endsWith(`redis-persistence: ${message}\n`), stderr);
    });
  }
});
