/** Having real servers load whole dumps as replicas: what they hold then, what is refused before, what becomes of a broken one. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseTarget } from '../../src/dataset/export/target.js';
import { FileSource } from '../../src/engine/node/file-source.js';
import type { ServerAddress } from '../../src/server/address.js';
import { connectTo } from '../../src/server/node/connect.js';
import { listenForReplica } from '../../src/server/node/primary-listener.js';
import { PrimaryDoor } from '../../src/server/primary-door.js';
import { loadableFile } from '../../src/server/replication-contents.js';
import {
  type ReplicationReport,
  type ReplicationTools,
  restoreByReplication,
} from '../../src/server/restore-by-replication.js';
import { CORPUS, dumps } from '../unit/support/fixtures.js';
import { type CliRun, cli, program } from '../unit/support/programs.js';
import { expireMs, file, integer, key, selectdb, string } from '../unit/support/rdb-writer.js';
import { tempFolder } from '../unit/support/temp.js';
import { freePort } from './ports.js';
import { randomData } from './random-data.js';
import { startSentinel } from './sentinel-server.js';
import { TestServer } from './server.js';
import { aof, digest } from './server-data.js';

/** Another one with every run; the number of a failed run repeats it. */
const SEED = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 30));
const REPLID = 'a'.repeat(40);
const folder = tempFolder();

function urlOf(server: TestServer): string {
  return `unix://${server.socketPath}`;
}

function replicated(server: TestServer, dump: string, ...options: string[]): Promise<CliRun> {
  return cli('restore', dump, '--to', urlOf(server), '--by-replication', '--yes', ...options);
}

async function info(server: TestServer): Promise<Map<string, string>> {
  const text = Buffer.from((await server.command('INFO')) as Uint8Array).toString();
  return new Map(text.split('\r\n').map((line) => line.split(/:(.*)/s, 2) as [string, string]));
}

/** All that must not change in a server that is refused. */
async function fingerprint(server: TestServer): Promise<unknown[]> {
  const facts = await info(server);
  const names = ['role', 'master_replid', 'master_host', 'number_of_libraries', 'rdb_changes_since_last_save'];
  return [await digest(server), ...names.map((name) => facts.get(name))];
}

async function load(server: TestServer, dump: string): Promise<void> {
  copyFileSync(dump, path.join(path.dirname(server.socketPath), 'dump.rdb'));
  await server.command('DEBUG', 'RELOAD', 'NOSAVE');
}

function write(name: string, magic: string, ...records: Parameters<typeof file>[1][]): string {
  const dump = path.join(folder, name);
  writeFileSync(dump, file(magic, records));
  return dump;
}

/** Restores with what the command line would use, but for what is given. */
async function restoreWith(
  server: TestServer,
  dump: string,
  changed: Partial<ReplicationTools> = {},
): Promise<ReplicationReport> {
  const address: ServerAddress = { endpoint: { kind: 'unix', path: server.socketPath }, db: 0 };
  const source = new FileSource(dump);
  const release = parseTarget('7.0');
  assert.ok(release);
  try {
    return await restoreByReplication({
      source,
      file: loadableFile(source, dump, release, Date.now()),
      control: await connectTo(address),
      address,
      connect: connectTo,
      command: 'REPLICAOF',
      host: '127.0.0.1',
      peer: '127.0.0.1',
      listen: () => listenForReplica({ host: '127.0.0.1', port: 0 }),
      replid: REPLID,
      pause: (ms) => sleep(ms),
      intact: () => true,
      signal: new AbortController().signal,
      giveUp: new AbortController().signal,
      endSeconds: 0.5,
      ...changed,
    });
  } finally {
    source.close();
  }
}

/** A dump that does not fit into the buffers of a connection. */
function largeDump(): string {
  const values = Array.from({ length: 200 }, (_, i) => key(0, `key:${i}`, string(String(i % 10).repeat(100_000))));
  return write('large.rdb', 'REDIS0009', ...values);
}

describe('a restore by replication', async () => {
  const source = await TestServer.start();
  const target = await TestServer.start();
  const empty = () => target.commands([['FLUSHALL'], ['FUNCTION', 'FLUSH']]);

  it('gives what loading the dumps of servers gives, or says before why they are not loaded', async () => {
    let equal = 0;
    for (const { name, folder: from } of dumps().filter(({ size }) => size < 1_000_000)) {
      await empty();
      const dump = path.join(from, 'dump.rdb');
      const { status, stdout, stderr } = await replicated(target, dump);
      if (status === 2) {
        assert.match(
          stderr,
          /(would not load|holds data of modules|is the beginning of an AOF|has no database).*Nothing was changed\.\n$/,
        );
        continue;
      }
      assert.deepEqual([status, (await info(target)).get('role')], [0, 'master'], `${name}: ${stderr}${stdout}`);
      await source.command('FLUSHALL');
      await load(source, dump);
      const expected = await digest(source);
      // Keys whose time is over are deleted when the server comes to it.
      while ((await digest(target)) !== expected && /expired/.test(stdout)) await sleep(10);
      assert.equal(await digest(target), expected, name);
      equal++;
    }
    assert.ok(equal > 20, `${equal} dumps were compared`);
  });

  it(`brings functions, several databases, expiries and values of all types (TEST_SEED=${SEED})`, async () => {
    await source.commands([['FLUSHALL'], ...randomData(SEED, 500)]);
    await source.command('FUNCTION', 'LOAD', "#!lua name=lib\nredis.register_function('f', function() return 1 end)");
    const dump = await source.save();
    await empty();
    const report = path.join(folder, 'report.json');
    const { status, stdout, stderr } = await replicated(target, dump, '--report', report);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^500 keys restored, 1 function libraries restored in .*\nthe server is a primary again\n$/);
    const { restored, equal, left } = JSON.parse(readFileSync(report, 'utf8')) as ReplicationReport;
    assert.deepEqual([restored, equal, left.role], [500, true, 'primary']);
    assert.equal(await digest(target), await digest(source));
    assert.equal(await target.command('FCALL', 'f', '0'), 1n);
    assert.equal(await target.command('SET', 'mine', 'again'), '+OK');
  });

  it('counts keys whose time is over: the server has them as a replica, and deletes them as a primary', async () => {
    await empty();
    const dump = write(
      'expired.rdb',
      'REDIS0009',
      [expireMs(1000n), key(0, 'over', string('v'))],
      key(0, 'stays', string('v')),
    );
    const { status, stdout } = await replicated(target, dump);
    assert.equal(status, 0);
    assert.match(stdout, /^2 keys restored, 1 of them expired, which the server deletes in /);
    while ((await target.command('DBSIZE')) !== 1n) await sleep(10);
  });

  it('writes nothing in a dry run', async () => {
    await empty();
    const before = await fingerprint(target);
    const dump = write('dry.rdb', 'REDIS0009', key(0, 'a', string('v')));
    const { status, stdout } = await replicated(target, dump, '--dry-run');
    assert.deepEqual([status, stdout], [0, '1 keys would be restored\n']);
    assert.deepEqual(await fingerprint(target), before);
  });

  it('is there after a restart of a server that keeps an AOF', async () => {
    const kept = await TestServer.start('--appendonly', 'yes');
    const dump = write('kept.rdb', 'REDIS0009', key(0, 'a', string('1')), key(0, 'b', string('2')));
    const { status, stderr } = await replicated(kept, dump);
    assert.equal(status, 0, stderr);
    const before = await digest(kept);
    for (;;) {
      const facts = await info(kept);
      const busy = facts.get('aof_rewrite_in_progress') !== '0' || facts.get('aof_rewrite_scheduled') !== '0';
      if (!busy) break;
      await sleep(10);
    }
    await kept.kill();
    await kept.restart();
    assert.deepEqual([await kept.command('DBSIZE'), await digest(kept)], [2n, before]);
  });

  it('leaves a server alone that gets a key at the last moment', async () => {
    await empty();
    const listen = async () => {
      await target.command('SET', 'late', 'mine');
      return listenForReplica({ host: '127.0.0.1', port: 0 });
    };
    const report = await restoreWith(target, largeDump(), { listen });
    assert.match(report.stopped ?? '', /is not empty: it holds 1 keys in database 0/);
    assert.deepEqual([report.sent, report.left.role, report.left.databases], [0, 'primary', [{ db: 0, keys: 1 }]]);
    assert.deepEqual(await target.command('GET', 'late'), new Uint8Array(Buffer.from('mine')));
  });

  it('makes the server a primary again that does not come, or comes from elsewhere', async () => {
    await empty();
    const report = await restoreWith(target, largeDump(), { peer: '192.0.2.1', connectSeconds: 0.3 });
    assert.match(
      report.stopped ?? '',
      /^it did not connect to 127\.0\.0\.1:\d+ within 0\.3 s; turned away were connections of 127\.0\.0\.1\. .*--listen/,
    );
    assert.deepEqual([report.sent, report.interrupted, report.left.role], [0, false, 'primary']);
    assert.equal((await info(target)).get('role'), 'master');
  });

  it('makes the server a primary again when it is interrupted in the middle', async () => {
    await empty();
    const stop = new AbortController();
    const progress: ReplicationTools['progress'] = (state) => {
      if (state.phase === 'sending' && state.sent > 1_000_000) stop.abort();
    };
    const report = await restoreWith(target, largeDump(), { signal: stop.signal, progress });
    assert.ok(report.sent > 1_000_000 && report.sent < report.bytes, `${report.sent} of ${report.bytes}`);
    assert.deepEqual(
      [report.interrupted, report.restored, report.left],
      [true, 0, { role: 'primary', databases: [], libraries: 0, aofRewriting: false }],
    );
    assert.equal((await info(target)).get('role'), 'master');
  });

  it('does not send a file to its end that was overwritten meanwhile', async () => {
    await empty();
    const report = await restoreWith(target, largeDump(), { intact: () => false });
    assert.equal(report.stopped, 'the file was overwritten while it was sent');
    assert.deepEqual([report.left.role, report.left.databases], ['primary', []]);
  });

  it('says that a server is lost which is killed in the middle', async () => {
    const killed = await TestServer.start();
    const progress: ReplicationTools['progress'] = (state) => {
      if (state.phase === 'sending' && state.sent > 1_000_000) void killed.kill();
    };
    const report = await restoreWith(killed, largeDump(), { progress });
    assert.match(report.stopped ?? '', /^the server has ended the link after \d+ bytes$/);
    assert.deepEqual([report.left.role, report.left.databases], ['unknown', undefined]);
    await killed.restart();
    assert.equal((await info(killed)).get('role'), 'master');
  });
});

/** Waits for the status of a process, and what it has printed. */
async function ended(process: ChildProcess): Promise<{ status: number | null; stdout: string }> {
  let stdout = '';
  process.stdout?.on('data', (piece: Buffer) => {
    stdout += piece.toString();
  });
  const [status] = (await once(process, 'close')) as [number | null];
  return { status, stdout };
}

describe('an interrupt while the server loads', () => {
  it('is told when the server has loaded all, and is a primary again', async () => {
    // So slow that it is noticed.
    const slow = await TestServer.start('--key-load-delay', '100', '--loading-process-events-interval-bytes', '1024');
    const names = Array.from({ length: 20_000 }, (_, i) => key(0, `key:${i}`, string('v')));
    const dump = write('slow.rdb', 'REDIS0009', ...names);
    const args = [program('cli'), 'restore', dump, '--to', urlOf(slow), '--by-replication', '--yes'];
    const run = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const result = ended(run);
    while ((await info(slow)).get('loading') !== '1') assert.equal(run.exitCode, null);
    run.kill('SIGINT');
    const { status, stdout } = await result;
    assert.equal(status, 3);
    assert.match(
      stdout,
      /^not finished: it was interrupted\n.*\nthe server is a primary again, and holds 20,000 keys in database 0\n$/,
    );
    assert.equal((await info(slow)).get('role'), 'master');
  });
});

describe('a server is refused and left as it is', async () => {
  const fine = write('fine.rdb', 'REDIS0009', key(0, 'a', string('v')));
  const target = await TestServer.start();

  async function refused(server: TestServer, dump: string, message: RegExp): Promise<void> {
    const before = await fingerprint(server);
    const { status, stdout, stderr } = await replicated(server, dump);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, message);
    assert.deepEqual(await fingerprint(server), before);
  }

  it('that holds a key in any database', async () => {
    await target.commands([
      ['SELECT', '9'],
      ['SET', 'k', 'v'],
      ['SELECT', '0'],
    ]);
    await refused(target, fine, /is not empty: it holds 1 keys in database 9.*Nothing was changed/);
    await target.command('FLUSHALL');
  });

  it('that holds a function library', async () => {
    await target.command('FUNCTION', 'LOAD', "#!lua name=lib\nredis.register_function('f', function() return 1 end)");
    await refused(target, fine, /holds 1 function libraries.*Nothing was changed/);
    await target.command('FUNCTION', 'FLUSH');
  });

  it('that is a replica, or has one', async () => {
    const port = await freePort();
    const primary = await TestServer.start('--port', String(port), '--repl-diskless-sync-delay', '0');
    const replica = await TestServer.start('--replicaof', `127.0.0.1 ${port}`);
    while ((await info(replica)).get('master_link_status') !== 'up') await sleep(10);
    await refused(replica, fine, /is a replica/);
    await refused(primary, fine, /has 1 connected replicas.*Nothing was changed/);
  });

  it('that is a node of a cluster', async () => {
    const [port, bus] = [await freePort(), await freePort()];
    const node = await TestServer.start(
      '--port',
      String(port),
      '--cluster-enabled',
      'yes',
      '--cluster-port',
      String(bus),
    );
    await node.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    while (!/cluster_state:ok/.test(Buffer.from((await node.command('CLUSTER', 'INFO')) as Uint8Array).toString()));
    await refused(node, fine, /is a node of a cluster.*Nothing was changed/);
  });

  it('that a Sentinel watches', async () => {
    const [port, own] = [await freePort(), await freePort()];
    const watched = await TestServer.start('--port', String(port));
    await startSentinel(own, [`sentinel monitor name 127.0.0.1 ${port} 1`]);
    for (;;) {
      const [, count] = (await watched.command('PUBSUB', 'NUMSUB', '__sentinel__:hello')) as unknown[];
      if (count === 1n) break;
      await sleep(10);
    }
    await refused(watched, fine, /is watched by Sentinels.*Nothing was changed/);
    const url = `redis+sentinel://127.0.0.1:${own}/name`;
    const { status, stderr } = await cli('restore', fine, '--to', url, '--by-replication', '--yes');
    assert.equal(status, 2);
    assert.match(stderr, /A primary that Sentinels watch.*Nothing was changed/);
  });

  it('that takes writes as a replica', async () => {
    await target.command('CONFIG', 'SET', 'replica-read-only', 'no');
    await refused(target, fine, /takes writes of others while it is a replica/);
    await target.command('CONFIG', 'SET', 'replica-read-only', 'yes');
  });

  it('whose user may not call REPLICAOF', async () => {
    await target.command('ACL', 'SETUSER', 'default', '-replicaof');
    await refused(target, fine, /refuses REPLICAOF: NOPERM.*Nothing was changed/);
    await target.command('ACL', 'SETUSER', 'default', '+@all');
  });

  it('that has not all databases', async () => {
    await refused(target, write('db.rdb', 'REDIS0009', selectdb(99), key(0, 'a', string('v'))), /has no database 99/);
  });

  for (const [what, dump, message] of [
    [
      'is of a newer version',
      write('newer.rdb', 'REDIS0011', key(0, 'a', string('v'))),
      /would not load .*version 11 is newer/,
    ],
    [
      'has a name twice',
      write('twice.rdb', 'REDIS0009', key(0, '17', string('v')), [0, integer(17, 8), string('v')]),
      /is damaged: .*twice/,
    ],
    ['has a wrong checksum', changed('sum.rdb', (bytes) => bytes.fill(7, bytes.length - 1)), /is damaged: .*checksum/i],
    ['is cut off', changed('cut.rdb', (bytes) => bytes.subarray(0, -12)), /is damaged: /],
    [
      'is followed by commands',
      changed('mixed.rdb', (bytes) => Buffer.concat([bytes, aof(['SET', 'a', '1'])])),
      /an AOF/,
    ],
  ] as const) {
    it(`for a file that ${what}`, () => refused(target, dump, message));
  }

  /** The file with something changed. */
  function changed(name: string, change: (bytes: Buffer) => Uint8Array): string {
    const dump = path.join(folder, name);
    writeFileSync(dump, change(readFileSync(fine)));
    return dump;
  }

  it('for damaged files of all sorts, or loads what it can load of them', async () => {
    let refusals = 0;
    const server = await TestServer.start();
    for (const name of readdirSync(path.join(CORPUS, 'corrupt'))) {
      const before = await fingerprint(server);
      const { status, stderr } = await replicated(server, path.join(CORPUS, 'corrupt', name));
      // Whatever it was: the server is there, and no replica.
      assert.equal((await info(server)).get('role'), 'master', name);
      if (status === 2) {
        refusals++;
        assert.deepEqual(await fingerprint(server), before, name);
      } else {
        assert.equal(status, 0, `${name}: ${stderr}`);
        await server.commands([['FLUSHALL'], ['FUNCTION', 'FLUSH']]);
      }
    }
    assert.ok(refusals > 20, `${refusals} files were refused`);
  });
});

describe('the command line of a restore by replication', () => {
  const fine = write('line.rdb', 'REDIS0009', key(0, 'a', string('v')));
  for (const [options, message] of [
    [['--by-replication'], 'say --yes to restore without being asked'],
    [
      ['--by-replication', '--match', 'a*'],
      '--by-replication gives the server the whole file as it is: there is no --match with it',
    ],
    [
      ['--by-replication', '--skip-existing'],
      '--by-replication gives the server the whole file as it is: there is no --skip-existing with it',
    ],
    [['--listen', 'host'], '--listen is an option of --by-replication'],
    [
      ['--by-replication', '--listen', 'host:x'],
      '--listen takes HOST, HOST:PORT or [IPV6]:PORT, where the server reaches this machine, not host:x. Nothing was changed.',
    ],
  ] as const) {
    it(`refuses what cannot be meant: ${message}`, async () => {
      const target = await TestServer.start();
      const { status, stdout, stderr } = await cli('restore', fine, '--to', urlOf(target), ...options);
      assert.deepEqual([status, stdout], [2, '']);
      assert.ok(stderr.endsWith(`redis-persistence: ${message}\n`), stderr);
    });
  }

  it('is reached by the server where it is said to be, and has it known by its replication id there', async () => {
    const target = await TestServer.start();
    const run = await replicated(target, fine, '--listen', `localhost:${await freePort()}`);
    assert.deepEqual([run.status, await target.command('DBSIZE')], [0, 1n], run.stderr);
  });
});

describe('who waits for a replica', () => {
  /** All that somebody gets who connects and says something. */
  async function heard(port: number, words: string): Promise<string> {
    const socket = connect(port, '127.0.0.1', () => socket.write(words));
    let text = '';
    socket.on('data', (piece: Buffer) => {
      text += piece.toString();
    });
    // Whoever is turned away may hear of it by a reset.
    socket.on('error', () => {});
    await once(socket, 'close');
    return text;
  }

  it('gives nothing to those who do not name the replication id of the server', async () => {
    const listener = await listenForReplica({ host: '127.0.0.1', port: 0 });
    const door = new PrimaryDoor(listener, { peer: '127.0.0.1', replid: REPLID });
    for (const words of ['PSYNC ? -1', `PSYNC ${'b'.repeat(40)} 1`, 'SYNC', 'GET a', '\x16\x03']) {
      assert.equal(await heard(listener.port, `${words}\r\n`), '', words);
    }
    assert.equal(await heard(listener.port, 'PING\r\nREPLCONF capa eof\r\nPSYNC ? -1\r\n'), '+PONG\r\n+OK\r\n');
    const socket = connect(listener.port, '127.0.0.1', () => socket.write(aof(['PSYNC', REPLID, '1'])));
    const link = await door.replica;
    // From then on nobody is heard any more.
    await assert.rejects(once(connect(listener.port, '127.0.0.1'), 'connect'), { code: 'ECONNREFUSED' });
    const source = {
      size: 5,
      read: (at: number, bytes: Uint8Array) => bytes.set(Buffer.from('REDIS').subarray(at)) ?? 5,
    };
    await link.send({ source, bytes: 5, replid: 'c'.repeat(40), intact: () => true, progress: () => {} });
    const [piece] = (await once(socket, 'data')) as [Buffer];
    assert.match(piece.toString(), /^\+FULLRESYNC c{40} 0\r\n\$5\r\n/);
    link.close();
  });

  it('does not even answer those who come from elsewhere', async () => {
    const listener = await listenForReplica({ host: '127.0.0.1', port: 0 });
    const door = new PrimaryDoor(listener, { peer: '192.0.2.1', replid: REPLID });
    assert.equal(await heard(listener.port, `PING\r\nPSYNC ${REPLID} 1\r\n`), '');
    assert.deepEqual(door.state.turnedAway, ['127.0.0.1']);
    door.close();
  });
});
