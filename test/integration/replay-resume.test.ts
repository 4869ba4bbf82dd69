/** Replays that do not get to their end: stopped, or cut off by a server that dies; and how they go on. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { MemorySource } from '../../src/decoder/source.js';
import type { ReplayReport } from '../../src/server/replay-report.js';
import { resumePointAt } from '../../src/server/replay-resume.js';
import { cli, program } from '../unit/support/programs.js';
import { tempFolder } from '../unit/support/temp.js';
import { TestProxy } from './proxy.js';
import { addressOf, aof, digest, replayed } from './replay-support.js';
import { TestServer } from './server.js';

const folder = tempFolder();
const reportFile = path.join(folder, 'report.json');

/** Starts a replay in a process of its own. */
function start(file: string, to: string, ...options: string[]): ChildProcess {
  const args = [program('cli'), 'replay', file, '--to', to, '--yes', '--report', reportFile, ...options];
  return spawn(process.execPath, args, { stdio: 'ignore' });
}

async function ended(child: ChildProcess): Promise<{ status: number | null; report: ReplayReport }> {
  const [status] = (await once(child, 'exit')) as [number | null];
  assert.ok(existsSync(reportFile), `status ${status}`);
  return { status, report: JSON.parse(readFileSync(reportFile, 'utf8')) as ReplayReport };
}

/** Waits until a server has so many keys. */
async function hasKeys(server: TestServer, count: number): Promise<void> {
  while (Number(await server.command('DBSIZE')) < count);
}

/** Passes bytes on to a server until so many have come, then cuts the connection. @returns its address. */
async function cutting(server: TestServer, bytes: number): Promise<string> {
  const sockets: Socket[] = [];
  let came = 0;
  const proxy = createServer((client) => {
    const upstream = connect(server.socketPath);
    sockets.push(client, upstream);
    client.on('data', (data) => {
      came += data.length;
      upstream.write(data);
      if (came < bytes) return;
      client.destroy();
      upstream.end();
    });
    upstream.on('data', (data) => client.write(data));
    client.on('error', () => client.destroy());
    upstream.on('error', () => upstream.destroy());
  }).listen(0, '127.0.0.1');
  after(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  await once(proxy, 'listening');
  return `redis://127.0.0.1:${(proxy.address() as { port: number }).port}`;
}

/** Commands that must not be done twice, each of another kind. */
function counting(count: number): Buffer {
  return aof(
    ...Array.from({ length: count }, (_, i): string[][] => {
      if (i % 5 === 0) return [['RPUSH', `list:${i % 50}`, `item ${i}`]];
      if (i % 7 === 0) return [['MULTI'], ['INCR', 'n'], ['APPEND', `text:${i}`, 'x'], ['EXEC']];
      return [['INCRBY', `key:${i}`, '1']];
    }).flat(),
  );
}

/** Commands that can be done twice. */
function setting(count: number): Buffer {
  return aof(
    ...Array.from({ length: count }, (_, i) =>
      i % 3 === 0
        ? ['SADD', `set:${i % 100}`, `m${i}`]
        : i % 11 === 0
          ? ['DEL', `set:${i % 100}`]
          : ['SET', `k${i}`, 'v'],
    ),
  );
}

async function expected(file: string): Promise<unknown> {
  const server = await TestServer.start();
  await replayed(path.join(folder, 'expected.json'), file, addressOf(server));
  return digest(server);
}

describe('a replay that is stopped', () => {
  it('goes on where it was, and nothing is done twice', async () => {
    const file = path.join(folder, 'counting.aof');
    writeFileSync(file, counting(6000));
    const target = await TestServer.start();
    const child = start(file, addressOf(target), '--rate', '1500');
    await hasKeys(target, 200);
    child.kill('SIGINT');
    const { status, report } = await ended(child);
    assert.deepEqual([status, report.outcome, report.unacknowledged], [3, 'stopped', undefined]);
    assert.ok((report.resume?.offset ?? 0) > 0);
    const rest = await replayed(reportFile, file, addressOf(target), '--resume', reportFile);
    assert.equal(rest.status, 0);
    assert.equal(await digest(target), await expected(file));
  });

  it('goes on from a place that is named', async () => {
    const file = path.join(folder, 'named.aof');
    const first = aof(['INCR', 'n']);
    writeFileSync(file, Buffer.concat([first, aof(['INCR', 'm'])]));
    const target = await TestServer.start();
    const { report } = await replayed(reportFile, file, addressOf(target), '--resume', `named.aof:${first.length}`);
    assert.deepEqual([report.applied, Number(await target.command('DBSIZE'))], [1, 1]);
  });

  it('leaves out the rest of a transaction that the place is in', async () => {
    const file = path.join(folder, 'inside.aof');
    const start = aof(['MULTI'], ['INCR', 'a']);
    writeFileSync(file, Buffer.concat([start, aof(['INCR', 'b'], ['EXEC'], ['INCR', 'c'])]));
    const target = await TestServer.start();
    const { report } = await replayed(reportFile, file, addressOf(target), '--resume', `inside.aof:${start.length}`);
    assert.deepEqual([report.applied, report.failed, Number(await target.command('DBSIZE'))], [1, 0, 1]);
  });

  it('does not go on with another file', async () => {
    const file = path.join(folder, 'short.aof');
    writeFileSync(file, aof(['SET', 'a', '1']));
    const target = await TestServer.start();
    const resume = { part: 0, file: 'short.aof', offset: 10, bytes: 1000 };
    writeFileSync(reportFile, JSON.stringify({ resume }));
    const run = () => cli('replay', file, '--to', addressOf(target), '--yes', '--resume', reportFile);
    assert.match((await run()).stderr, /1000 bytes/);
    writeFileSync(reportFile, JSON.stringify({ resume: { ...resume, file: 'other.aof' } }));
    assert.match((await run()).stderr, /not among the files/);
    writeFileSync(reportFile, 'no report');
    assert.match((await run()).stderr, /is no report/);
  });

  it('tells a file of the same size from another one, and one that has grown from neither', async () => {
    const commands = Array.from({ length: 5000 }, (_, i) => ['INCRBY', `key:${i}`, '7']);
    const bytes = aof(...commands);
    const stop = aof(...commands.slice(0, 4000)).length;
    for (const name of ['marked.aof', 'marked.resp']) {
      const file = path.join(folder, name);
      writeFileSync(file, bytes);
      const target = await TestServer.start();
      await target.command('CONFIG', 'SET', 'maxmemory', '1');
      const first = await replayed(reportFile, file, addressOf(target));
      assert.deepEqual([first.status, first.report.resume?.offset], [3, 0]);
      await target.command('CONFIG', 'SET', 'maxmemory', '0');
      const { resume } = first.report;
      const input = { parts: [{ part: 0, file: name, bytes: bytes.length }], file: () => new MemorySource(bytes) };
      writeFileSync(
        reportFile,
        JSON.stringify({ resume: resumePointAt(input, { part: 0, file: name, offset: stop }) }),
      );
      const run = () => cli('replay', file, '--to', addressOf(target), '--yes', '--resume', reportFile);
      // A byte of the start, and one shortly before the place.
      for (const at of [30, stop - 30]) {
        const other = Buffer.from(bytes);
        other[at] ^= 1;
        writeFileSync(file, other);
        const { status, stderr } = await run();
        assert.equal(status, 2);
        assert.match(stderr, new RegExp(`${name} is not the file that was stopped in: .* at offset ${stop}`));
      }
      assert.equal(await target.command('DBSIZE'), 0n);
      writeFileSync(file, Buffer.concat([bytes, aof(['SET', 'more', '1'])]));
      assert.equal((await run()).status, 0);
      assert.equal(await target.command('DBSIZE'), 1001n);
      // A point of an earlier release has no mark.
      writeFileSync(reportFile, JSON.stringify({ resume: { ...resume, offset: stop, mark: undefined } }));
      assert.equal((await run()).status, 0);
    }
  });
});

describe('a replay whose server goes away', () => {
  it('finishes when the server is back, though some commands are done twice that may be', async () => {
    const file = path.join(folder, 'setting.aof');
    writeFileSync(file, setting(40_000));
    const target = await TestServer.start('--appendonly', 'yes');
    const child = start(file, addressOf(target), '--rate', '10000');
    await hasKeys(target, 3000);
    await target.kill();
    const { status, report } = await ended(child);
    assert.deepEqual([status, report.outcome, report.unacknowledged?.harmless ?? true], [3, 'lost', true]);
    await target.restart();
    const rest = await replayed(reportFile, file, addressOf(target), '--resume', reportFile);
    assert.deepEqual([rest.status, rest.report.failed], [0, 0]);
    assert.equal(await digest(target), await expected(file));
  });

  it('asks what to do where commands must not be done twice', async () => {
    const file = path.join(folder, 'doubtful.aof');
    writeFileSync(file, counting(20_000));
    const target = await TestServer.start();
    const lost = await replayed(reportFile, file, await cutting(target, 200_000));
    assert.deepEqual([lost.status, lost.report.outcome], [3, 'lost']);
    const { resume, unacknowledged } = lost.report;
    assert.ok(resume && unacknowledged);
    assert.deepEqual([unacknowledged.from.offset, unacknowledged.harmless], [resume.offset, false]);
    // All that was acknowledged was done, and nothing that was not sent.
    const asked = await cli('replay', file, '--to', addressOf(target), '--yes', '--resume', reportFile);
    assert.equal(asked.status, 2);
    assert.match(asked.stderr, /--unacknowledged retry/);
    const { stdout } = await cli(
      'replay',
      file,
      '--to',
      addressOf(target),
      '--yes',
      '--dry-run',
      '--resume',
      reportFile,
      '--unacknowledged',
      'skip',
    );
    assert.match(stdout, /would be sent/);
  });

  it('knows that a transaction whose EXEC was not sent was not done', async () => {
    const file = path.join(folder, 'multi.aof');
    const before = aof(['SET', 'a', '1']);
    // More than may be on their way: the EXEC is not sent before replies have come, and they do not come.
    const inside = Array.from({ length: 40_000 }, (_, i) => ['INCR', `n${i}`]);
    writeFileSync(file, Buffer.concat([before, aof(['MULTI'], ...inside, ['EXEC'])]));
    const target = await TestServer.start();
    // It is cut when all is answered that the server has got.
    const { url } = await TestProxy.start(target, { requestBytes: 60_000 });
    const lost = await replayed(reportFile, file, url);
    assert.deepEqual([lost.report.outcome, lost.report.resume?.offset], ['lost', before.length]);
    assert.equal(lost.report.unacknowledged, undefined);
    const rest = await replayed(reportFile, file, addressOf(target), '--resume', reportFile);
    assert.equal(rest.status, 0);
    assert.equal(await digest(target), await expected(file));
  });
});
