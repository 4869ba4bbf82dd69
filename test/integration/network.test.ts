/** Networks that are slow or cut: nothing is lost, and nothing is done twice unnoticed. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { cli } from '../unit/support/programs.js';
import { tempFolder } from '../unit/support/temp.js';
import { TestProxy } from './proxy.js';
import { randomData } from './random-data.js';
import { addressOf, aof, digest, replayed } from './replay-support.js';
import { TestServer } from './server.js';

const folder = tempFolder();

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
