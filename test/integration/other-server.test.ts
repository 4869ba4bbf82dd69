/** Another release of the server, whose program `TEST_SERVER` names: replay, restore and capture, there and back. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { capture } from '../../src/server/capture.js';
import { ServerError } from '../../src/server/errors.js';
import { CaptureFiles } from '../../src/server/node/capture-files.js';
import { connectTo } from '../../src/server/node/connect.js';
import { cli, program as programOf } from '../unit/support/programs.js';
import { tempFolder } from '../unit/support/temp.js';
import { addressOf, digest, folderOf, replayed } from './replay-support.js';
import { TestServer } from './server.js';

const program = process.env.TEST_SERVER;
const folder = tempFolder();
const version = program ? spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout : '';
const [, major = '0', minor = '0'] = /v=(\d+)\.(\d+)/.exec(version) ?? [];
const level = Number(major) * 100 + Number(minor);

/** Servers that keep DEBUG for those who ask for it. */
const debug = level >= 700 ? ['--enable-debug-command', 'yes'] : [];

function start(...options: string[]): Promise<TestServer> {
  return TestServer.startProgram(program ?? '', ...debug, '--repl-diskless-sync-delay', '0', ...options);
}

/** What all releases know. */
function data(): string[][] {
  const commands: string[][] = [];
  for (let i = 0; i < 500; i++) {
    commands.push(['SET', `text:${i}`, i % 3 === 0 ? String(i * 7919) : 'x'.repeat(i)]);
    commands.push(['RPUSH', `list:${i % 40}`, `item ${i}`, String(i)], ['SADD', `set:${i % 30}`, `m${i}`, String(i)]);
    commands.push(['ZADD', `sorted:${i % 20}`, String(i / 7), `m${i}`], ['HSET', `hash:${i % 25}`, `f${i}`, `v${i}`]);
    if (i % 9 === 0) commands.push(['PEXPIREAT', `text:${i}`, '4000000000000']);
    if (i % 50 === 0) commands.push(['MULTI'], ['INCR', 'n'], ['APPEND', 'log', `${i},`], ['EXEC']);
    if (i % 70 === 0) commands.push(['SELECT', String((i / 70) % 3)]);
  }
  return [...commands, ['SELECT', '0']];
}

/** Compares servers of one release. DEBUG DIGEST of 2.8 does not get to an end with some values. */
async function assertSame(left: TestServer, right: TestServer): Promise<void> {
  if (level < 300) await assertAlike(left, right);
  else assert.equal(await digest(left), await digest(right));
}

const READERS: Readonly<Record<string, (key: Uint8Array) => (string | Uint8Array)[]>> = {
  string: (key) => ['GET', key],
  list: (key) => ['LRANGE', key, '0', '-1'],
  set: (key) => ['SORT', key, 'ALPHA'],
  zset: (key) => ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
  hash: (key) => ['HGETALL', key],
};

/** What servers call that they send the RDB on a connection of its own: Valkey and Redis. */
const DUAL_OPTIONS = ['dual-channel-replication-enabled', 'repl-rdb-channel'];

/** Has a server do so. @returns false if it does not know of it. */
async function enableDual(server: TestServer): Promise<boolean> {
  for (const option of DUAL_OPTIONS) {
    const known = await server.command('CONFIG', 'GET', option);
    if (!Array.isArray(known) || known.length === 0) continue;
    await server.command('CONFIG', 'SET', option, 'yes');
    return true;
  }
  return false;
}

/** True for what INFO says while the RDB is on its way on one connection and the commands on another. */
function isDual(info: string): boolean {
  return (/type=rdb-channel/.test(info) && /type=main-channel/.test(info)) || /state=send_bulk_and_stream/.test(info);
}

/** What clients see of a server: its digest is another one in other releases. */
async function contents(server: TestServer): Promise<string[]> {
  const lines: string[] = [];
  for (const db of [0, 1, 2]) {
    await server.command('SELECT', String(db));
    for (const key of (await server.command('KEYS', '*')) as Uint8Array[]) {
      const type = String(await server.command('TYPE', key)).slice(1);
      const reply = await server.command(...(READERS[type]?.(key) ?? ['DUMP', key]));
      const items = (Array.isArray(reply) ? reply : [reply]).map((item) => Buffer.from(item as Uint8Array).toString());
      if (type === 'hash') items.sort();
      // Releases write numbers with more or less digits.
      if (type === 'zset') for (let i = 1; i < items.length; i += 2) items[i] = String(Number(items[i]));
      const expires = (await server.command('PTTL', key)) !== -1n;
      lines.push(JSON.stringify([db, Buffer.from(key).toString(), type, items, expires]));
    }
  }
  return lines.sort();
}

/** Compares servers of any releases. */
async function assertAlike(left: TestServer, right: TestServer): Promise<void> {
  assert.deepEqual(await contents(left), await contents(right));
}

describe(`another server: ${version.trim()}`, { skip: program === undefined && 'TEST_SERVER names no program' }, () => {
  it('gets back what its AOF holds, and so does a newer one', async () => {
    const source = await start('--appendonly', 'yes', '--appendfsync', 'always');
    await source.commands(data());
    const home = await folderOf(source);
    const multi = path.join(home, 'appendonlydir');
    const file = existsSync(multi) ? multi : path.join(home, 'appendonly.aof');
    const report = path.join(folder, 'report.json');
    for (const target of [await start(), await TestServer.start()]) {
      const { status, report: done } = await replayed(report, file, addressOf(target));
      assert.deepEqual([status, done.failed, done.skipped], [0, 0, 0]);
      await assertAlike(target, source);
      assert.equal((await replayed(report, file, addressOf(target), '--dry-run')).status, 0);
    }
  });

  it('gets back what its dump holds, by RESTORE and by commands', async () => {
    const source = await start();
    await source.commands(data());
    const dump = await source.save();
    for (const options of [[], ['--as-commands']]) {
      const target = await start();
      const { status, stdout } = await cli('restore', dump, '--to', addressOf(target), '--yes', ...options);
      assert.equal(status, 0, stdout);
      await assertSame(target, source);
      const again = await cli('restore', dump, '--to', addressOf(target), '--yes', '--skip-existing', ...options);
      assert.match(again.stdout, /^0 keys restored.* left alone because they are there, 0 failed/);
      const replaced = await cli('restore', dump, '--to', addressOf(target), '--yes', '--replace', ...options);
      assert.equal(replaced.status, 0, replaced.stdout);
      await assertSame(target, source);
    }
  });

  it('loads its dump as a replica, and is a primary again', async () => {
    const source = await start();
    await source.commands(data());
    const dump = await source.save();
    const target = await start();
    const run = () => cli('restore', dump, '--to', addressOf(target), '--yes', '--by-replication');
    const { status, stdout, stderr } = await run();
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /\nthe server is a primary again\n$/);
    await assertSame(target, source);
    assert.match((await run()).stderr, /is not empty: .*Nothing was changed/);
    await assertSame(target, source);
  });

  it('takes the keys of another release, by commands where it does not know their types', async () => {
    const source = await TestServer.start();
    await source.commands(data());
    const dump = await source.save();
    const target = await start();
    const { status, stdout } = await cli('restore', dump, '--to', addressOf(target), '--yes');
    assert.equal(status, 0, stdout);
    await assertAlike(target, source);
  });

  it('is captured over two connections where it offers that, the commands beside the RDB', async (t) => {
    const source = await start('--repl-diskless-sync', 'yes');
    if (!(await enableDual(source))) return t.skip('it does not');
    await source.commands(data());
    // The RDB takes its time.
    await source.command('CONFIG', 'SET', 'rdb-key-save-delay', '2000');
    const out = path.join(folder, 'channels');
    mkdirSync(out);
    const args = [programOf('cli'), 'capture', '--from', addressOf(source), '--out', out, '--follow'];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    after(() => child.kill());
    const info = async () => Buffer.from((await source.command('INFO', 'replication')) as Uint8Array).toString();
    while (!isDual(await info()));
    const increment = path.join(out, 'appendonly.aof.1.incr.aof');
    const manifest = path.join(out, 'appendonly.aof.manifest');
    await source.command('SET', 'beside', 'the RDB');
    while (!existsSync(increment) || !readFileSync(increment, 'latin1').includes('beside'));
    assert.equal(existsSync(manifest), false);
    for (let i = 0; !existsSync(manifest); i++) await source.command('RPUSH', 'load', String(i));
    await source.commands(Array.from({ length: 500 }, (_, i) => ['INCRBY', `count:${i % 50}`, String(i)]));
    const caughtUp = async () => {
      const text = await info();
      const [, end] = /master_repl_offset:(\d+)/.exec(text) ?? [];
      return new RegExp(`slave0:.*state=online,offset=${end},`).test(text);
    };
    while (!(await caughtUp()));
    // A link that breaks goes on where it was.
    await source.command('CLIENT', 'KILL', 'TYPE', 'replica');
    await source.commands(Array.from({ length: 500 }, (_, i) => ['INCRBY', `again:${i % 50}`, String(i)]));
    while (!(await caughtUp()));
    child.kill('SIGINT');
    await once(child, 'exit');
    const loaded = await start('--appendonly', 'yes', '--dir', folder, '--appenddirname', 'channels');
    await assertSame(loaded, source);
    return undefined;
  });

  it('is captured over one connection where there is no second one, and leaves nothing of an RDB that breaks off', async (t) => {
    const source = await start('--repl-diskless-sync', 'yes');
    if (!(await enableDual(source))) return t.skip('it offers no second one');
    await source.commands(data());
    const connect = () => connectTo({ endpoint: { kind: 'unix', path: source.socketPath }, db: 0 });
    const begin = async (name: string, refusals: number) => {
      const out = path.join(folder, name);
      const files = new CaptureFiles(out, true, false, () => {});
      const stopper = new AbortController();
      after(() => stopper.abort());
      let asked = 0;
      const reconnect = async () => {
        if (asked++ < refusals) throw new ServerError('refused', source.socketPath, 'max number of clients reached');
        return connect();
      };
      const done = capture(await connect(), files, { follow: true, signal: stopper.signal, reconnect });
      return { out, files, done, stop: () => stopper.abort() };
    };
    const one = await begin('one', 1);
    while (!existsSync(path.join(one.out, 'appendonly.aof.manifest'))) await source.command('INCR', 'n');
    one.stop();
    await one.done;
    one.files.close();
    await source.command('CONFIG', 'SET', 'rdb-key-save-delay', '2000');
    const broken = await begin('broken', 0);
    broken.done.catch(() => {});
    const info = async () => Buffer.from((await source.command('INFO', 'replication')) as Uint8Array).toString();
    while (!isDual(await info())) await source.command('INCR', 'n');
    await source.command('CLIENT', 'KILL', 'TYPE', 'replica');
    await assert.rejects(broken.done, ServerError);
    broken.files.close();
    assert.deepEqual(readdirSync(broken.out), []);
    return undefined;
  });

  it('is captured, also while it is written to, and another release loads what has come', async () => {
    const source = await start();
    await source.commands(data());
    const file = path.join(folder, 'captured.rdb');
    const { status, stdout, stderr } = await cli('capture', '--from', addressOf(source), '--out', file);
    assert.equal(status, 0, stdout + stderr);
    const target = await start();
    await cli('restore', file, '--to', addressOf(target), '--yes');
    await assertSame(target, source);
    const out = path.join(folder, 'followed');
    mkdirSync(out);
    const args = [programOf('cli'), 'capture', '--from', addressOf(source), '--out', out, '--follow'];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    after(() => child.kill());
    const manifest = path.join(out, 'appendonly.aof.manifest');
    for (let i = 0; !existsSync(manifest); i++) await source.command('RPUSH', 'load', String(i));
    await source.commands(Array.from({ length: 2000 }, (_, i) => ['INCRBY', `count:${i % 50}`, String(i)]));
    // It says how far it has come.
    const behind = async () => {
      const info = Buffer.from((await source.command('INFO', 'replication')) as Uint8Array).toString();
      const [, end] = /master_repl_offset:(\d+)/.exec(info) ?? [];
      const [, got] = /slave0:.*offset=(\d+)/.exec(info) ?? [];
      return Number(end) > Number(got ?? 0);
    };
    while (await behind());
    child.kill('SIGINT');
    await once(child, 'exit');
    // Folders of an AOF are for 7.0 and later.
    const load = level >= 700 ? start : (...options: string[]) => TestServer.start(...options);
    const loaded = await load('--appendonly', 'yes', '--dir', folder, '--appenddirname', 'followed');
    await assertAlike(loaded, source);
  });
});
