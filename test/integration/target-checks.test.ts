/** What is looked at before the first write: servers that take no writes, that are something else, or have no room. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { openTarget } from '../../src/server/node/open-target.js';
import { ReplayInputError } from '../../src/server/replay-errors.js';
import type { ServerMode } from '../../src/server/target.js';
import { factsForWriting } from '../../src/server/target-checks.js';
import { parseTarget } from '../../src/server/target-url.js';
import { cli } from '../unit/support/programs.js';
import { tempFolder } from '../unit/support/temp.js';
import { freePort, freePorts } from './ports.js';
import { addressOf, aof } from './replay-support.js';
import { TestServer } from './server.js';

const folder = tempFolder();

/** Why a server is not written to; its facts if it would be. */
async function refusal(url: string, mode?: ServerMode): Promise<string> {
  const open = await openTarget(parseTarget(url));
  try {
    const { role, mode: found, nodes } = await factsForWriting(open, mode);
    return `${role} ${found} ${nodes}`;
  } catch (error) {
    if (!(error instanceof ReplayInputError)) throw error;
    return error.code;
  } finally {
    open.control.close();
  }
}

describe('a server that is to be written to', () => {
  it('is what it was said to be, serves all slots, and is no replica', async () => {
    const single = await TestServer.start();
    assert.equal(await refusal(addressOf(single)), 'master standalone undefined');
    assert.equal(await refusal(addressOf(single), 'sentinel'), 'master standalone undefined');
    assert.equal(await refusal(addressOf(single), 'cluster'), 'no-cluster');
    const file = path.join(folder, 'one.aof');
    writeFileSync(file, aof(['SET', 'a', '1']));
    const withMode = (name: string) => cli('replay', file, '--to', addressOf(single), '--yes', '--mode', name);
    const wrong = await withMode('cluster');
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /is no node of a cluster/);
    assert.equal((await withMode('sentinels')).status, 2);
    assert.equal(await single.command('DBSIZE'), 0n);
    const right = await withMode('standalone');
    // Progress is for terminals only.
    assert.deepEqual([right.status, right.stderr.includes('\r')], [0, false]);
    const replica = await TestServer.start('--replicaof', `127.0.0.1 ${await freePort()}`);
    assert.equal(await refusal(addressOf(replica)), 'replica');
    const [port, bus] = await freePorts(2);
    const node = await TestServer.start(
      ...['--port', String(port), '--cluster-enabled', 'yes', '--cluster-port', String(bus)],
    );
    const url = `redis://127.0.0.1:${port}`;
    assert.equal(await refusal(url), 'cluster-down');
    await node.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    while ((await refusal(url)) === 'cluster-down');
    assert.equal(await refusal(url), 'master cluster 1');
    assert.equal(await refusal(url, 'standalone'), 'is-cluster');
  });

  it('is said to get full, where it would, before anything is written', async () => {
    const file = path.join(folder, 'large.aof');
    writeFileSync(file, aof(['SET', 'a', Buffer.alloc(3_000_000, 'x')]));
    const dump = await TestServer.start();
    await dump.command('SET', 'a', Buffer.alloc(3_000_000, 'x'));
    const rdb = await dump.save();
    const target = await TestServer.start('--maxmemory', '3mb');
    const said = async (command: string, from: string) =>
      (await cli(command, from, '--to', addressOf(target), '--dry-run')).stderr;
    assert.match(await said('replay', file), /may get full, and then refuses all writes: it uses .* of 3\.00 MB/);
    await target.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    assert.match(await said('replay', file), /then evicts keys \(allkeys-lru\)/);
    await target.command('CONFIG', 'SET', 'maxmemory', '1gb');
    assert.doesNotMatch(await said('replay', file), /caution/);
    // LZF makes little of it, but the file says what its server used.
    await target.command('CONFIG', 'SET', 'maxmemory', '3mb');
    assert.match(await said('restore', rdb), /caution the memory .* about [3-9]\.\d\d MB may be needed/);
    assert.doesNotMatch(
      (await cli('restore', rdb, '--to', addressOf(target), '--dry-run', '--db', '0')).stderr,
      /caution/,
    );
    assert.equal(await target.command('DBSIZE'), 0n);
  });
});
