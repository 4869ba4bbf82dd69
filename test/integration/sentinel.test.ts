/** Servers that Sentinels watch: the primary is found, and found again after a failover. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { capture } from '../../src/server/capture.js';
import { itemsOf, stringOf } from '../../src/server/connection.js';
import { ServerError } from '../../src/server/errors.js';
import { CaptureFiles } from '../../src/server/node/capture-files.js';
import { connectTo } from '../../src/server/node/connect.js';
import { openTarget } from '../../src/server/node/open-target.js';
import { parseTarget } from '../../src/server/target-url.js';
import { tempFolder } from '../unit/support/temp.js';
import { freePorts } from './ports.js';
import { addressOf, aof, digest, replayed } from './replay-support.js';
import { startSentinel } from './sentinel-server.js';
import { TestServer } from './server.js';
import { startReplay } from './steered-replay.js';

const folder = tempFolder();

interface Watched {
  readonly primary: TestServer;
  readonly replica: TestServer;
  readonly port: number;
  readonly sentinelPort: number;
  readonly url: string;
}

async function infoHas(server: TestServer, pattern: RegExp): Promise<void> {
  for (;;) {
    const info = await server.command('INFO', 'replication');
    if (pattern.test(Buffer.from(info as Uint8Array).toString())) return;
    await sleep(20);
  }
}

/** A primary with a password and a replica, watched by a Sentinel with another password. */
async function startWatched(): Promise<Watched> {
  const [port, replicaPort, sentinelPort] = await freePorts(3);
  const common = ['--repl-diskless-sync', 'yes', '--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1'];
  const primary = await TestServer.start('--port', String(port), ...common);
  const replica = await TestServer.start('--port', String(replicaPort), '--replicaof', `127.0.0.1 ${port}`, ...common);
  await infoHas(replica, /master_link_status:up/);
  await startSentinel(sentinelPort, [
    `sentinel monitor data 127.0.0.1 ${port} 1`,
    // A machine that is busy is not down.
    'sentinel down-after-milliseconds data 60000',
    'requirepass watched',
  ]);
  return { primary, replica, port, sentinelPort, url: `redis+sentinel://127.0.0.1:1,127.0.0.1:${sentinelPort}/data` };
}

/** Runs something with the password of the Sentinels in the environment. */
async function withSentinelPassword<T>(run: () => Promise<T>): Promise<T> {
  process.env.REDIS_PERSISTENCE_SENTINEL_PASSWORD = 'watched';
  try {
    return await run();
  } finally {
    delete process.env.REDIS_PERSISTENCE_SENTINEL_PASSWORD;
  }
}

function withPassword(url: string) {
  const target = parseTarget(url);
  const { sentinel } = target;
  return { ...target, ...(sentinel ? { sentinel: { ...sentinel, password: 'watched' } } : {}) };
}

describe('a primary that Sentinels watch', () => {
  it('is found by the first Sentinel that answers, and only under its name', async () => {
    const { primary, port, url } = await startWatched();
    const file = path.join(folder, 'found.aof');
    writeFileSync(file, aof(['SET', 'a', '1']));
    const report = path.join(folder, 'report.json');
    await withSentinelPassword(() => replayed(report, file, url));
    assert.equal(await primary.command('DBSIZE'), 1n);
    const open = await openTarget(withPassword(url));
    open.control.close();
    assert.deepEqual(open.address.endpoint, { kind: 'tcp', host: '127.0.0.1', port });
    const isError = (code: string) => (error: Error) => error instanceof ServerError && error.code === code;
    await assert.rejects(openTarget(parseTarget(url)), isError('auth-required'));
    await assert.rejects(openTarget(withPassword(url.replace('/data', '/other'))), isError('sentinel-name'));
  });

  it('is followed through a failover, by a replay that goes on and by a capture', async () => {
    const { primary, replica, port, sentinelPort, url } = await startWatched();
    const file = path.join(folder, 'failover.aof');
    writeFileSync(file, aof(...Array.from({ length: 3000 }, (_, i) => ['INCR', `key:${i % 97}`])));
    const target = withPassword(url);
    const captured = path.join(folder, 'captured');
    mkdirSync(captured);
    const files = new CaptureFiles(captured, true, false, () => {});
    const stopper = new AbortController();
    after(() => stopper.abort());
    const links: string[] = [];
    const source = await openTarget(target);
    const capturing = capture(source.control, files, {
      follow: true,
      signal: stopper.signal,
      reconnect: source.reconnect,
      link: (state) => links.push(state),
    });
    const place = 1500;
    const { control, report, standing } = startReplay(file, target, {
      breakpoints: [
        {
          kind: 'offset',
          part: 0,
          offset: aof(...Array.from({ length: place }, (_, i) => ['INCR', `key:${i % 97}`])).length,
        },
      ],
    });
    const stood = await standing();
    // A failover can lose what the replica has not got; here it has got everything, and so has the capture.
    await primary.command('SET', 'marker', '1');
    await primary.command('WAIT', '2', '0');
    await primary.kill();
    control.resume();
    const lost = await report;
    assert.deepEqual([lost.outcome, lost.resume?.offset, lost.applied], ['lost', stood.place.offset, place]);
    const { resume } = lost;
    assert.ok(resume);
    // No server that a capture pretends to be may become the primary.
    const sentinel = await connectTo(
      { endpoint: { kind: 'tcp', host: '127.0.0.1', port: sentinelPort }, db: 0 },
      { password: 'watched' },
    );
    await sentinel.command('SENTINEL', 'FAILOVER', 'data');
    // The Sentinel disconnects all clients of the new primary.
    const moved = async () => itemsOf(await sentinel.command('SENTINEL', 'get-master-addr-by-name', 'data'));
    while (Number(stringOf((await moved())[1])) === port);
    await replica.reconnect();
    await infoHas(replica, /role:master/);
    assert.equal(itemsOf(await sentinel.command('SENTINEL', 'replicas', 'data')).length, 1);
    sentinel.close();
    const rest = await startReplay(file, target, { options: { resume } }).report;
    assert.deepEqual([rest.outcome, rest.applied], ['done', 3000 - place]);
    await replica.command('DEL', 'marker');
    const single = await TestServer.start();
    await replayed(path.join(folder, 'report.json'), file, addressOf(single));
    assert.equal(await digest(replica), await digest(single));
    // The capture has got all that once its acknowledgement says so.
    await infoHas(replica, /slave0:/);
    await replica.command('WAIT', '1', '0');
    stopper.abort();
    const result = await capturing;
    files.close();
    assert.deepEqual([result.ended, links.at(-1)], [undefined, 'resumed']);
    const loaded = await TestServer.start('--appendonly', 'yes', '--dir', folder, '--appenddirname', 'captured');
    assert.equal(await digest(loaded), await digest(single));
  });
});
