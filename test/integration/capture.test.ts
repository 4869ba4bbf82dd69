/** Capturing from real servers: the RDB, the commands behind it under load, a link that breaks. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CaptureResult, capture } from '../../src/server/capture.js';
import { CaptureFiles } from '../../src/server/node/capture-files.js';
import { connectTo } from '../../src/server/node/connect.js';
import { cli } from '../unit/support/programs.js';
import { tempFolder } from '../unit/support/temp.js';
import { randomData } from './random-data.js';
import { type Reply, TestServer } from './server.js';

const SEED = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 30));

async function digest(server: TestServer): Promise<Reply> {
  return server.command('DEBUG', 'DIGEST');
}

/** A field of INFO. */
async function field(server: TestServer, name: string): Promise<string> {
  const reply = await server.command('INFO');
  const text = reply instanceof Uint8Array ? Buffer.from(reply).toString() : '';
  return new RegExp(`^${name}:(.*)\r$`, 'm').exec(text)?.[1] ?? '';
}

/** Waits until something is so. */
async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await sleep(20);
}

/** Starts a server and waits until it has loaded its files. */
async function started(...options: string[]): Promise<TestServer> {
  const server = await TestServer.start(...options);
  await until(async () => (await field(server, 'loading')) === '0');
  return server;
}

/** A capture that follows a server. */
class Following {
  readonly states: string[] = [];
  private readonly stopper = new AbortController();
  private readonly files: CaptureFiles;
  private readonly done: Promise<CaptureResult>;

  constructor(
    private readonly server: TestServer,
    readonly folder: string,
  ) {
    after(() => this.stopper.abort());
    this.files = new CaptureFiles(folder, true, false, () => {});
    const connect = () => connectTo({ endpoint: { kind: 'unix', path: server.socketPath }, db: 0 });
    this.done = connect().then((connection) =>
      capture(connection, this.files, {
        follow: true,
        signal: this.stopper.signal,
        reconnect: connect,
        link: (state) => this.states.push(state),
      }),
    );
  }

  /** Waits until the server knows that everything it has written has come. */
  async caughtUp(): Promise<void> {
    await until(async () => {
      const offset = await field(this.server, 'master_repl_offset');
      const replica = await field(this.server, 'slave0');
      return replica.includes('state=online') && replica.includes(`offset=${offset},`);
    });
  }

  /** Stops, and loads what was written into another server. */
  async loaded(): Promise<TestServer> {
    this.stopper.abort();
    await this.done;
    this.files.close();
    return started('--dir', path.dirname(this.folder), '--appendonly', 'yes');
  }
}

/** A new folder for an AOF. */
function aofFolder(): string {
  return path.join(tempFolder(), 'appendonlydir');
}

for (const diskless of ['yes', 'no'] as const) {
  const options = ['--repl-diskless-sync', diskless, '--repl-diskless-sync-delay', '0', '--databases', '16'];

  describe(`a capture of a server with repl-diskless-sync ${diskless} (TEST_SEED=${SEED})`, () => {
    it('holds what a dump of the same data holds, and leaves the server as it was', async () => {
      const server = await TestServer.start(...options);
      await server.commands(randomData(SEED, 300));
      const out = path.join(tempFolder(), 'captured.rdb');
      const url = `unix://${server.socketPath}`;
      const run = await cli('capture', '--from', url, '--out', out);
      assert.deepEqual([run.status, run.stderr], [0, '']);
      assert.match(run.stdout, /captured\.rdb: REDIS0010, .* keys in database 0, .* checksum (ok|disabled)/);
      await until(async () => (await field(server, 'connected_slaves')) === '0');
      const expected = await digest(server);
      const other = await started('--dir', path.dirname(out), '--dbfilename', 'captured.rdb');
      assert.equal(await digest(other), expected);
      const again = await cli('capture', '--from', url, '--out', out);
      assert.deepEqual([again.status, again.stdout], [2, '']);
      assert.match(again.stderr, /captured\.rdb is there; --overwrite replaces it/);
      assert.equal((await cli('capture', '--from', url, '--out', out, '--overwrite')).status, 0);
      assert.deepEqual(readdirSync(path.dirname(out)), ['captured.rdb']);
    });

    it('that follows writes an AOF that a server loads, with all that was written meanwhile', async () => {
      const server = await TestServer.start(...options);
      await server.commands(randomData(SEED, 200));
      const following = new Following(server, aofFolder());
      await until(() => existsSync(path.join(following.folder, 'appendonly.aof.manifest')));
      await server.commands(randomData(SEED + 1, 200));
      await server.commands([
        ['MULTI'],
        ['INCR', 'counter'],
        ['PUBLISH', 'channel', 'message'],
        ['SET', 'in', 'it'],
        ['EXEC'],
        ['PUBLISH', 'channel', 'message'],
        ['SELECT', '7'],
        ['SET', 'elsewhere', 'v'],
      ]);
      // The server asks for the offset.
      assert.equal(await server.command('WAIT', '1', '0'), 1n);
      await following.caughtUp();
      const expected = await digest(server);
      const loaded = await following.loaded();
      assert.equal(await digest(loaded), expected);
      const commands = readFileSync(path.join(following.folder, 'appendonly.aof.1.incr.aof'), 'latin1');
      assert.match(commands, /^\*2\r\n\$6\r\nSELECT\r\n/);
      assert.doesNotMatch(commands, /\r\n(PING|REPLCONF|PUBLISH)\r\n/);
    });
  });
}

describe(`a capture that follows (TEST_SEED=${SEED})`, () => {
  it('goes on where the link was cut, and misses nothing', async () => {
    const server = await TestServer.start('--repl-diskless-sync-delay', '0', '--repl-backlog-size', '64mb');
    const following = new Following(server, aofFolder());
    await until(() => existsSync(path.join(following.folder, 'appendonly.aof.manifest')));
    for (let round = 0; round < 2; round++) {
      await server.commands(randomData(SEED + round, 100));
      assert.equal(await server.command('CLIENT', 'KILL', 'TYPE', 'replica'), 1n);
      await server.commands(randomData(SEED + 10 + round, 100));
      await until(() => following.states.filter((state) => state === 'resumed').length === round + 1);
    }
    await following.caughtUp();
    const expected = await digest(server);
    const loaded = await following.loaded();
    assert.equal(await digest(loaded), expected);
  });

  it('does not write into a folder that holds something', async () => {
    const folder = tempFolder();
    writeFileSync(path.join(folder, 'mine'), '');
    const server = await TestServer.start();
    const { status, stderr } = await cli(
      'capture',
      '--from',
      `unix://${server.socketPath}`,
      '--out',
      folder,
      '--follow',
    );
    assert.equal(status, 2);
    assert.match(stderr, /is there and not empty; name a new folder/);
    assert.deepEqual(readdirSync(folder), ['mine']);
  });
});
