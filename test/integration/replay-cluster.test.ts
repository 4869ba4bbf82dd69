/** Replays into a cluster of three nodes: every key where it belongs, also while slots move. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { slotOf } from '../../src/dataset/slots.js';
import { cli } from '../unit/support/programs.js';
import { tempFolder } from '../unit/support/temp.js';
import { type Cluster, startCluster } from './cluster.js';
import { TestJob } from './job-support.js';
import { TestProxy } from './proxy.js';
import { randomData } from './random-data.js';
import { addressOf, aof, folderOf, keysOf, replayed, startSource } from './replay-support.js';
import { type Reply, TestServer } from './server.js';

const LIBRARY = "#!lua name=lib\nredis.register_function('f', function() return 1 end)";
/** Commands that must not be done twice, transactions among them. */
const COUNTING = aof(
  ...Array.from({ length: 4000 }, (_, i): string[][] => {
    if (i % 7 !== 0) return [['INCRBY', `number:${i}`, '1']];
    return [['MULTI'], ['INCR', `{t:${i % 50}}n`], ['APPEND', `{t:${i % 50}}text`, 'x'], ['EXEC']];
  }).flat(),
);
const folder = tempFolder();
const reportFile = path.join(folder, 'report.json');
let files = 0;

function fileOf(bytes: Uint8Array): string {
  const file = path.join(folder, `${files++}.aof`);
  writeFileSync(file, bytes);
  return file;
}

/** The digest of every key of some servers. */
async function digests(servers: readonly TestServer[]): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  for (const server of servers) {
    const keys = await server.command('KEYS', '*');
    assert.ok(Array.isArray(keys));
    const values = await server.commands(keys.map((key) => ['DEBUG', 'DIGEST-VALUE', key as Uint8Array]));
    for (const [i, key] of keys.entries()) {
      found.set(Buffer.from(key as Uint8Array).toString('latin1'), String(values[i]));
    }
  }
  return found;
}

/** Compares what nodes hold together with what one server holds. */
async function assertSame(nodes: readonly TestServer[], single: TestServer): Promise<void> {
  const [found, expected] = [await digests(nodes), await digests([single])];
  const names = [...new Set([...found.keys(), ...expected.keys()])];
  const differ = names.filter((name) => found.get(name) !== expected.get(name));
  assert.deepEqual([differ.slice(0, 20), found.size], [[], expected.size]);
}

let cluster: Cluster | undefined;

// It takes its time until the nodes agree: one cluster serves all tests.
before(async () => {
  cluster = await startCluster();
});

after(async () => {
  for (const node of cluster?.nodes ?? []) await node.stop();
});

/** The cluster, without keys. */
async function theCluster(): Promise<Cluster> {
  assert.ok(cluster);
  const { nodes, ports } = cluster;
  for (const node of nodes) {
    await node.commands([['FLUSHALL'], ['FUNCTION', 'FLUSH'], ['CONFIG', 'SET', 'cluster-announce-port', '0']]);
  }
  // A node that had another port is known by it until it says otherwise.
  for (const node of nodes) {
    const others = async () =>
      ((await node.command('CLUSTER', 'SLOTS')) as Reply[][]).map(([, , primary]) => Number((primary as Reply[])[1]));
    while (!(await others()).every((port) => ports.includes(port)));
  }
  return cluster;
}

describe('a restore into a cluster', () => {
  it('gives every key to the node of its slot, by RESTORE and by commands, and functions to all', async () => {
    const single = await TestServer.start();
    await single.commands([...randomData(5, 300)].filter(([name]) => name !== 'SELECT'));
    await single.commands([
      ['FUNCTION', 'LOAD', LIBRARY],
      ['SET', 'large', Buffer.alloc(700_000, 'x')],
      ['SET', '{tag}expires', '1', 'PXAT', '4000000000000'],
    ]);
    const dump = await single.save();
    for (const options of [[], ['--as-commands']]) {
      const { nodes, url } = await theCluster();
      const dry = await cli('restore', dump, '--to', url, '--dry-run');
      assert.match(dry.stdout, /keys would be restored.*, 0 failed/);
      const { status, stdout } = await cli('restore', dump, '--to', url, '--yes', ...options);
      assert.equal(status, 0, stdout);
      await assertSame(nodes, single);
      for (const node of nodes) assert.equal(((await node.command('FUNCTION', 'LIST')) as unknown[]).length, 1);
      const again = await cli('restore', dump, '--to', url, '--yes', '--skip-existing', ...options);
      assert.match(again.stdout, /^0 keys restored, .* left alone because they are there, 0 failed/);
    }
  });

  it('refuses keys of other databases, and says why', async () => {
    const { nodes, url } = await theCluster();
    const single = await TestServer.start();
    await single.commands([
      ['SET', 'a', '1'],
      ['SELECT', '3'],
      ['SET', 'b', '1'],
      ['SET', 'c', '1'],
    ]);
    const dump = await single.save();
    const { status, stdout } = await cli('restore', dump, '--to', url, '--yes');
    assert.equal(status, 1);
    assert.match(stdout, /1 keys restored, 2 failed/);
    assert.match(stdout, /failed 2 × a cluster has no database 3, only 0/);
    const mapped = await cli('restore', dump, '--to', url, '--yes', '--replace', '--db-map', '3:0');
    assert.equal(mapped.status, 0, mapped.stdout);
    assert.equal((await digests(nodes)).size, 3);
  });

  it('comes before the commands of an AOF that begins with an RDB', async () => {
    const { nodes, url } = await theCluster();
    const source = await startSource('--aof-use-rdb-preamble', 'yes');
    await source.commands(Array.from({ length: 500 }, (_, i) => ['INCRBY', `n:${i}`, String(i)]));
    await source.command('BGREWRITEAOF');
    for (;;) {
      const info = Buffer.from((await source.command('INFO', 'persistence')) as Uint8Array).toString();
      if (/aof_rewrite_in_progress:0/.test(info) && /aof_rewrite_scheduled:0/.test(info)) break;
    }
    await source.commands(Array.from({ length: 500 }, (_, i) => ['INCR', `n:${i * 2}`]));
    const { status, report } = await replayed(reportFile, await folderOf(source), url);
    assert.deepEqual([status, report.keysRestored, report.failed], [0, 500, 0]);
    await assertSame(nodes, source);
  });

  it('follows keys whose slot is moving', async () => {
    const { nodes, ids, url } = await theCluster();
    const slot = slotOf(Buffer.from('{go}'));
    const from = Math.min(2, Math.floor(slot / 5461));
    const to = (from + 1) % 3;
    const single = await TestServer.start();
    await single.commands([
      ['SET', '{go}text', '1'],
      ['RPUSH', '{go}list', 'a', 'b'],
      ['HSET', 'other', 'f', 'v'],
    ]);
    const dump = await single.save();
    await nodes[to].command('CLUSTER', 'SETSLOT', String(slot), 'IMPORTING', ids[from]);
    await nodes[from].command('CLUSTER', 'SETSLOT', String(slot), 'MIGRATING', ids[to]);
    for (const options of [[], ['--as-commands', '--replace']]) {
      const { status, stdout } = await cli('restore', dump, '--to', url, '--yes', ...options);
      assert.equal(status, 0, stdout);
      await assertSame(nodes, single);
      assert.deepEqual(await keysOf(nodes[from]).then((keys) => keys.filter((key) => key.startsWith('{go}'))), []);
    }
    for (const node of nodes) await node.command('CLUSTER', 'SETSLOT', String(slot), 'STABLE');
  });
});

describe('a replay into a cluster', () => {
  it('puts every key where it belongs, and leaves out what no node can do', async () => {
    const { nodes, url } = await theCluster();
    const commands: string[][] = [];
    for (let i = 0; i < 3000; i++) {
      commands.push(['RPUSH', `list:${i % 700}`, `item ${i}`], ['SET', `key:${i}`, `v${i}`]);
      if (i % 50 === 0) commands.push(['MULTI'], ['INCR', `{${i}}:a`], ['APPEND', `{${i}}:b`, 'x'], ['EXEC']);
      if (i % 90 === 0) commands.push(['DEL', `key:${i}`, `key:${i - 1}`], ['MSET', `m:${i}`, '1', `n:${i}`, '2']);
    }
    const file = fileOf(aof(...commands));
    const single = await TestServer.start();
    await replayed(reportFile, file, addressOf(single));
    const { status, report } = await replayed(reportFile, file, url);
    assert.deepEqual([status, report.failed, report.skipped], [0, 0, 0]);
    await assertSame(nodes, single);
    const refused = aof(
      ['RENAME', 'a', 'b'],
      ['MULTI'],
      ['SET', 'a', '1'],
      ['SET', 'b', '1'],
      ['EXEC'],
      ['EVAL', 'return 1', '0'],
      ['SELECT', '1'],
      ['SET', 'c', '1'],
    );
    const left = (await replayed(reportFile, fileOf(refused), url)).report;
    assert.deepEqual(left.skips, {
      'cross-slot': { RENAME: 1, MULTI: 1, SET: 2, EXEC: 1 },
      'unknown-keys': { EVAL: 1 },
      'cluster-database': { SET: 1 },
    });
    assert.equal(left.sent, 0);
  });

  it('goes on where each of its nodes was, and does nothing twice', async () => {
    const { nodes, ports } = await theCluster();
    const commands: string[][] = [];
    for (let i = 0; i < 6000; i++) {
      commands.push(['RPUSH', `list:${i % 700}`, `item ${i}`], ['INCR', `key:${i % 900}`]);
      if (i % 50 === 0)
        commands.push(['MULTI'], ['INCR', `{${i % 300}}:a`], ['APPEND', `{${i % 300}}:b`, 'x'], ['EXEC']);
      // In parts to several nodes: what one of them has done must not be done again behind what came later.
      if (i % 90 === 0) commands.push(['DEL', `key:${i % 900}`, `key:${(i + 1) % 900}`, `list:${i % 700}`]);
      if (i % 400 === 0) commands.push(['FUNCTION', 'LOAD', 'REPLACE', LIBRARY]);
    }
    const file = fileOf(aof(...commands));
    const single = await TestServer.start();
    await replayed(reportFile, file, addressOf(single));
    const url = `redis://127.0.0.1:${ports[1]}`;
    const announce = (port: number) => nodes[1].command('CONFIG', 'SET', 'cluster-announce-port', String(port));
    const lost = async (requestBytes: number, ...options: string[]) => {
      const proxy = await TestProxy.start(nodes[1], { requestBytes });
      await announce(proxy.port);
      const { status, report } = await replayed(reportFile, file, url, ...options);
      assert.deepEqual([status, report.outcome, report.failed], [3, 'lost', 0]);
      assert.ok(report.resume?.left);
      return report;
    };
    const first = await lost(60_000);
    // What was sent and not acknowledged has not reached the node: all of it has to be done, and nothing else.
    const second = await lost(40_000, '--resume', reportFile, '--unacknowledged', 'retry');
    assert.ok((second.resume?.offset ?? 0) > (first.resume?.offset ?? 0));
    await announce(0);
    const rest = await replayed(reportFile, file, url, '--resume', reportFile, '--unacknowledged', 'retry');
    assert.deepEqual([rest.status, rest.report.failed], [0, 0]);
    await assertSame(nodes, single);
  });

  it('tells where it is, so that it goes on when its worker has died', async () => {
    const { nodes, ports } = await theCluster();
    const commands = Array.from({ length: 8000 }, (_, i) =>
      i % 100 === 7
        ? [['MULTI'], ['SET', 'a', `${i}`], ['SADD', '{a}s', `${i}`], ['EXEC']]
        : [['SET', `k:${i}`, `${i}`]],
    ).flat();
    const counts = Array.from({ length: 900 }, (_, i) => ['INCR', `n:${i}`]);
    const file = fileOf(aof(...counts, ...commands));
    const single = await TestServer.start();
    await single.commands([...counts, ...commands]);
    const endpoint = { kind: 'tcp', host: '127.0.0.1', port: ports[0] } as const;
    // Slow enough that it is not at its end before it is stopped, also where the machine is busy.
    const job = {
      ...({ kind: 'replay', path: file, form: 'aof', dryRun: false, breakpoints: [], paused: false } as const),
      to: { name: 'test', address: { endpoint, db: 0 }, mode: 'cluster', protected: false, databases: [] } as const,
      options: { admin: false, commandsOnly: false, dbMap: new Map(), stopAtError: false, rate: 1000 },
    };
    const lastOf = (run: TestJob) => run.all.flatMap((told) => ('replay' in told ? [told.replay] : [])).at(-1);
    // Counts are there once only: where it stands it is exact.
    const first = new TestJob(job);
    await first.begin();
    while (Number(await nodes[0].command('DBSIZE')) < 50);
    first.say('pause');
    await first.next('paused');
    const stands = lastOf(first);
    await first.kill();
    assert.ok(stands?.standing && stands.sent === 0 && !stands.resume.left);
    const second = new TestJob({ ...job, goOn: { from: { resume: stands.resume } } });
    await second.begin();
    while ((lastOf(second)?.resume.offset ?? 0) < 40_000) await second.next('checkpoint');
    await second.kill();
    const { resume } = lastOf(second) ?? stands;
    const rest = new TestJob({ ...job, options: { ...job.options, rate: 1e6 }, goOn: { from: { resume } } });
    await rest.begin();
    const { report } = await rest.next('replayed');
    assert.deepEqual([report.outcome, report.failed], ['done', 0]);
    assert.ok(report.sent < commands.length);
    await assertSame(nodes, single);
  });

  it('leaves out what was not acknowledged, where that is known to have been done', async () => {
    const { nodes, ports } = await theCluster();
    const commands = Array.from({ length: 4000 }, (_, i) => ['INCR', `key:${i % 900}`]);
    const file = fileOf(aof(...commands));
    const proxy = await TestProxy.start(nodes[2], { replyAfter: 20_000 });
    await nodes[2].command('CONFIG', 'SET', 'cluster-announce-port', String(proxy.port));
    const url = `redis://127.0.0.1:${ports[2]}`;
    const single = await TestServer.start();
    await replayed(path.join(folder, 'single.json'), file, addressOf(single));
    const running = replayed(reportFile, file, url);
    const there = async () => {
      let sum = 0;
      for (const node of nodes) {
        const keys = await node.command('KEYS', '*');
        const values = await node.commands((keys as Uint8Array[]).map((key) => ['GET', key]));
        for (const value of values) sum += Number(Buffer.from(value as Uint8Array).toString());
      }
      return sum;
    };
    while ((await there()) < commands.length);
    proxy.cut();
    const { report } = await running;
    assert.equal(report.outcome, 'lost');
    assert.ok((report.unacknowledged?.count ?? 0) > 0);
    await nodes[2].command('CONFIG', 'SET', 'cluster-announce-port', '0');
    await replayed(reportFile, file, url, '--resume', reportFile, '--unacknowledged', 'skip');
    await assertSame(nodes, single);
  });

  it('tells in a dry run what no node can do, and writes nothing', async () => {
    const { nodes, url } = await theCluster();
    const file = fileOf(
      aof(
        ['SET', 'a', '1'],
        ['RENAME', 'a', 'b'],
        ['MULTI'],
        ['SET', '{x}1', '1'],
        ['NOSUCH', '{x}'],
        ['EXEC'],
        ['GET'],
      ),
    );
    const { status, report } = await replayed(reportFile, file, url, '--dry-run');
    assert.deepEqual(report.skips, {
      'cross-slot': { RENAME: 1 },
      'unknown-keys': { MULTI: 1, SET: 1, NOSUCH: 1, EXEC: 1, GET: 1 },
    });
    assert.deepEqual([status, report.sent, report.failed], [0, 1, 0]);
    const refused = fileOf(aof(['SET', 'a'], ['MULTI'], ['INCR', '{x}1'], ['EXEC']));
    const second = await replayed(reportFile, refused, url, '--dry-run');
    assert.deepEqual([second.status, second.report.sent, second.report.failed], [1, 4, 1]);
    for (const node of nodes) assert.equal(await node.command('DBSIZE'), 0n);
  });

  for (const [code, setting] of [
    ['OOM', 'maxmemory'],
    ['NOREPLICAS', 'min-replicas-to-write'],
  ]) {
    it(`stops when a node begins to refuse with ${code}, and goes on when that is over: nothing is lost or done twice`, async () => {
      const { nodes, url } = await theCluster();
      const single = await TestServer.start();
      const file = fileOf(COUNTING);
      assert.equal((await replayed(reportFile, file, addressOf(single))).status, 0);
      const running = replayed(reportFile, file, url, '--rate', '2000');
      while (Number(await nodes[1].command('DBSIZE')) < 100);
      await nodes[1].command('CONFIG', 'SET', setting, '1');
      const { status, report, stdout } = await running;
      assert.deepEqual([status, report.outcome, report.failed], [3, 'stopped', 0], stdout);
      assert.match(report.reason ?? '', new RegExp(`takes no more commands: .*: .*${code}`));
      assert.equal(report.unacknowledged, undefined);
      assert.ok(Object.keys(report.resume?.left?.undone ?? {}).length > 0);
      // It still refuses, at once.
      const again = await replayed(reportFile, file, url, '--resume', reportFile);
      assert.deepEqual([again.status, again.report.outcome], [3, 'stopped'], again.stdout);
      await nodes[1].command('CONFIG', 'SET', setting, '0');
      const rest = await replayed(reportFile, file, url, '--resume', reportFile);
      assert.deepEqual([rest.status, rest.report.failed], [0, 0], rest.stdout);
      await assertSame(nodes, single);
    });

    it(`stops a restore when a node refuses with ${code}, and goes on when that is over`, async () => {
      const { nodes, url } = await theCluster();
      const single = await TestServer.start();
      await single.commands([...randomData(7, 300)].filter(([name]) => name !== 'SELECT'));
      await single.command('FUNCTION', 'LOAD', LIBRARY);
      const dump = await single.save();
      await nodes[2].command('CONFIG', 'SET', setting, '1');
      const stopped = await cli('restore', dump, '--to', url, '--yes', '--report', reportFile);
      assert.equal(stopped.status, 3, stopped.stdout);
      assert.match(stopped.stdout, new RegExp(`takes no more keys: ${code}`));
      await nodes[2].command('CONFIG', 'SET', setting, '0');
      const rest = await cli('restore', dump, '--to', url, '--yes', '--replace', '--resume', reportFile);
      assert.equal(rest.status, 0, rest.stdout + rest.stderr);
      await assertSame(nodes, single);
      for (const node of nodes) assert.equal(((await node.command('FUNCTION', 'LIST')) as unknown[]).length, 1);
    });
  }

  it('follows keys whose slot is moving, and those whose slot has moved', async () => {
    const { nodes, ids, ports, url } = await theCluster();
    const slot = slotOf(Buffer.from('{move}'));
    const from = Math.min(2, Math.floor(slot / 5461));
    const to = (from + 1) % 3;
    await nodes[from].command('SET', '{move}:here', '1');
    await nodes[to].command('CLUSTER', 'SETSLOT', String(slot), 'IMPORTING', ids[from]);
    await nodes[from].command('CLUSTER', 'SETSLOT', String(slot), 'MIGRATING', ids[to]);
    const moving = aof(['APPEND', '{move}:new', 'a'], ['APPEND', '{move}:here', '2'], ['APPEND', '{move}:new', 'b']);
    const { status, report } = await replayed(reportFile, fileOf(moving), url);
    assert.deepEqual([status, report.applied, report.sent], [0, 3, 3]);
    await nodes[from].command('MIGRATE', '127.0.0.1', String(ports[to]), '{move}:here', '0', '5000');
    // The node that is asked for the slots does not know yet that they have moved.
    for (const i of [to, from]) await nodes[i].command('CLUSTER', 'SETSLOT', String(slot), 'NODE', ids[to]);
    const moved = aof(['MULTI'], ['APPEND', '{move}:new', 'c'], ['EXEC'], ['APPEND', '{move}:new', 'd']);
    const after = await replayed(reportFile, fileOf(moved), url);
    assert.deepEqual([after.status, after.report.applied, after.report.failed], [0, 4, 0]);
    const [value] = await nodes[to].commands([['GET', '{move}:new']]);
    assert.equal(Buffer.from(value as Uint8Array).toString(), 'abcd');
    assert.ok(!(await keysOf(nodes[from])).includes('{move}:new'));
  });
});
