/** Networks that are slow or cut: nothing is lost, and nothing is done twice unnoticed. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { cli, program } from '../unit/support/programs.js';
import { tempFolder } from '../unit/support/temp.js';
import { TestProxy } from './proxy.js';
import { randomData } from './random-data.js';
import { addressOf, aof, digest, replayed } from './replay-support.js';
import { TestServer } from './server.js';

const folder = tempFolder();

/** Waits for what is to be seen. */
async function until(seen: () => boolean, server: TestServer): Promise<void> {
  while (!seen()) await server.command('PING');
}

describe('a server that is killed in the middle of a restore', () => {
  it('has all keys when that goes on, and none of them twice', async () => {
    const source = await TestServer.start();
    await source.commands(Array.from({ length: 8000 }, (_, i) => ['RPUSH', `list:${i}`, `item ${i}`, 'x'.repeat(40)]));
    const dump = await source.save();
    // What was not answered was done, or was not.
    for (const replyAfter of [300_000, Number.POSITIVE_INFINITY]) {
      for (const options of [[], ['--as-commands']]) {
        const target = await TestServer.start('--appendonly', 'yes');
        const proxy = await TestProxy.start(target, { holdAfter: 300_000, replyAfter });
        const report = path.join(folder, 'killed.json');
        const running = cli('restore', dump, '--to', proxy.url, '--yes', '--report', report, ...options);
        await until(() => proxy.holds && proxy.requests === proxy.replies, target);
        const there = Number(await target.command('DBSIZE'));
        assert.ok(there > 500 && there < 8000, String(there));
        await target.kill();
        const lost = await running;
        assert.equal(lost.status, 3, lost.stdout + lost.stderr);
        await target.restart();
        assert.equal(Number(await target.command('DBSIZE')), there);
        const rest = await cli('restore', dump, '--to', addressOf(target), '--yes', '--resume', report, ...options);
        assert.equal(rest.status, 0, rest.stdout);
        assert.equal(await digest(target), await digest(source));
      }
    }
  });
});

describe('a server that does not answer for a while', () => {
  it('is waited for, and what is to come stays in the file', { skip: process.platform !== 'linux' }, async () => {
    const file = path.join(folder, 'waits.aof');
    const values = Array.from({ length: 16 }, (_, i) => aof(['SET', `k${i}`, Buffer.alloc(1_000_000, 'x')]));
    writeFileSync(file, Buffer.concat(Array.from({ length: 16 }, () => values).flat()));
    const target = await TestServer.start();
    const asleep = target.command('DEBUG', 'SLEEP', '2');
    const args = [program('cli'), 'replay', file, '--to', addressOf(target), '--yes'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    let most = 0;
    while (child.exitCode === null) {
      most = Math.max(most, peakOf(child.pid ?? 0));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await ended;
    await asleep;
    assert.deepEqual([child.exitCode, await target.command('DBSIZE')], [0, 16n]);
    // The file has 256 MB.
    assert.ok(most > 0 && most < 128 * 1024, `${most} kB`);
  });
});

/** The most memory that a process has had, in kB; 0 if it has ended. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ESRCH')
      return 0;
    throw error;
  }
}

describe('a network', () => {
  it('may be slow: a replay and a restore wait for it', async () => {
    const source = await TestServer.start();
    await source.commands([...randomData(3, 60)]);
    const dump = await source.save();
    const target = await TestServer.start();
    const proxy = await TestProxy.start(target, { trickle: 700 });
    const restored = await cli('restore', dump, '--to', proxy.url, '--yes');
    assert.equal(restored.status, 0, restored.stdout);
    assert.equal(await digest(target), await digest(source));
    const file = path.join(folder, 'slow.aof');
    writeFileSync(file, aof(...Array.from({ length: 3000 }, (_, i) => ['INCR', `n:${i % 10}`])));
    const { report } = await replayed(path.join(folder, 'slow.json'), file, proxy.url);
    assert.deepEqual([report.applied, report.failed], [3000, 0]);
    await source.commands([['SELECT', '0'], ...Array.from({ length: 3000 }, (_, i) => ['INCR', `n:${i % 10}`])]);
    assert.equal(await digest(target), await digest(source));
  });

  it('may be cut: a restore goes on with what was not restored, whether its replies came or not', async () => {
    const source = await TestServer.start();
    await source.commands(Array.from({ length: 4000 }, (_, i) => ['RPUSH', `list:${i}`, `item ${i}`, 'x'.repeat(40)]));
    const dump = await source.save();
    for (const rules of [{ requestBytes: 120_000 }, { replyAfter: 60_000 }]) {
      for (const options of [[], ['--as-commands']]) {
        const target = await TestServer.start();
        const proxy = await TestProxy.start(target, rules);
        const report = path.join(folder, 'cut.json');
        const running = cli('restore', dump, '--to', proxy.url, '--yes', '--report', report, ...options);
        if ('replyAfter' in rules) {
          // All that it sends before it waits has come.
          let before = -1n;
          for (let now = 0n; now === 0n || now !== before; ) {
            before = now;
            for (let i = 0; i < 200; i++) now = (await target.command('DBSIZE')) as bigint;
          }
          proxy.cut();
        }
        const lost = await running;
        assert.equal(lost.status, 3, lost.stdout + lost.stderr);
        const rest = await cli('restore', dump, '--to', addressOf(target), '--yes', '--resume', report, ...options);
        assert.equal(rest.status, 0, rest.stdout);
        assert.equal(await digest(target), await digest(source));
      }
    }
  });
});
