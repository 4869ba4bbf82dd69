/** Servers that refuse commands: for want of memory, as replicas, while they cannot save, or by the rules of a user. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { RestoreReport } from '../../src/server/restore-report.js';
import { cli } from '../unit/support/programs.js';
import { tempFolder } from '../unit/support/temp.js';
import { freePort } from './ports.js';
import { randomData } from './random-data.js';
import { addressOf, aof, digest, folderOf, keysOf, replayed } from './replay-support.js';
import { TestServer } from './server.js';

const folder = tempFolder();
const reportFile = path.join(folder, 'report.json');

/** Commands that must not be done twice, transactions among them. */
const COUNTING = aof(
  ...Array.from({ length: 3000 }, (_, i): string[][] => {
    if (i % 7 === 0) return [['MULTI'], ['INCR', 'n'], ['APPEND', `text:${i}`, 'x'], ['EXEC']];
    return [[i % 5 === 0 ? 'RPUSH' : 'INCRBY', `${i % 5 === 0 ? 'list' : 'number'}:${i % 100}`, '1']];
  }).flat(),
);

/** Keys that are only there for the server to load. */
const LOADED = Array.from({ length: 200 }, (_, i) => `loaded:${i}`);

interface Refusal {
  readonly begin: (server: TestServer) => Promise<unknown>;
  readonly end: (server: TestServer) => Promise<unknown>;
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  OOM: {
    begin: (server) => server.command('CONFIG', 'SET', 'maxmemory', '1'),
    end: (server) => server.command('CONFIG', 'SET', 'maxmemory', '0'),
  },
  READONLY: {
    begin: async (server) => server.command('REPLICAOF', '127.0.0.1', String(await freePort())),
    end: (server) => server.command('REPLICAOF', 'NO', 'ONE'),
  },
  MISCONF: {
    // A folder is where the dump would be written.
    begin: async (server) => {
      mkdirSync(path.join(await folderOf(server), 'dump.rdb'));
      await server.commands([['CONFIG', 'SET', 'save', '100000 100000'], ['BGSAVE']]);
      const hasFailed = async () => {
        const info = await server.command('INFO', 'persistence');
        return /rdb_last_bgsave_status:err/.test(Buffer.from(info as Uint8Array).toString());
      };
      while (!(await hasFailed()));
    },
    end: (server) => server.command('CONFIG', 'SET', 'save', ''),
  },
  LOADING: {
    // It loads its own dump again, and takes long for it.
    begin: async (server) => {
      await server.commands([
        ['CONFIG', 'SET', 'key-load-delay', '20000', 'loading-process-events-interval-bytes', '1024'],
        ['CONFIG', 'SET', 'rdbcompression', 'no'],
        ...LOADED.map((key) => ['SET', key, 'x'.repeat(2000)]),
      ]);
      void server.command('DEBUG', 'RELOAD');
      while (!/LOADING/.test(server.cli('PING\n')));
    },
    end: async (server) => {
      server.cli('CONFIG SET key-load-delay 0\n');
      await server.command('DEL', ...LOADED);
    },
  },
  BUSY: {
    // Somebody else's script runs for ever.
    begin: async (server) => {
      await server.command('CONFIG', 'SET', 'busy-reply-threshold', '1');
      void server.command('EVAL', 'while true do end', '0').catch(() => {});
      while (!/BUSY/.test(server.cli('PING\n')));
    },
    end: async (server) => server.cli('SCRIPT KILL\n'),
  },
  NOREPLICAS: {
    begin: (server) => server.command('CONFIG', 'SET', 'min-replicas-to-write', '1'),
    end: (server) => server.command('CONFIG', 'SET', 'min-replicas-to-write', '0'),
  },
};

/** Waits until a server has so many keys. */
async function hasKeys(server: TestServer, count: number): Promise<void> {
  while (Number(await server.command('DBSIZE')) < count);
}

describe('a server that begins to refuse commands', () => {
  for (const [code, { begin, end }] of Object.entries(REFUSALS)) {
    it(`with ${code} stops a replay, which goes on when that is over: nothing is lost or done twice`, async () => {
      const file = path.join(folder, `${code}.aof`);
      writeFileSync(file, COUNTING);
      const whole = await TestServer.start();
      assert.equal((await replayed(reportFile, file, addressOf(whole))).status, 0);
      const target = await TestServer.start();
      const running = replayed(reportFile, file, addressOf(target), '--rate', '1500');
      await hasKeys(target, 100);
      await begin(target);
      const { status, report, stdout } = await running;
      assert.deepEqual([status, report.outcome, report.failed], [3, 'stopped', 0], stdout);
      assert.match(report.reason ?? '', new RegExp(`takes no more commands: .*${code}`));
      assert.equal(report.unacknowledged, undefined);
      await end(target);
      const rest = await replayed(reportFile, file, addressOf(target), '--resume', reportFile);
      assert.deepEqual([rest.status, rest.report.failed], [0, 0], rest.stdout);
      assert.equal(await digest(target), await digest(whole));
    });

    it(`with ${code} stops a restore, which goes on when that is over`, async () => {
      const source = await TestServer.start();
      await source.commands([...randomData(5, 100)]);
      const dump = await source.save();
      const target = await TestServer.start();
      await begin(target);
      const stopped = await cli('restore', dump, '--to', addressOf(target), '--yes', '--report', reportFile);
      // A server that refuses all from the beginning may be told before.
      if (stopped.status !== 2) {
        assert.equal(stopped.status, 3, stopped.stdout);
        assert.match(stopped.stdout, new RegExp(`takes no more keys: ${code}`));
      }
      await end(target);
      const options = stopped.status === 2 ? [] : ['--resume', reportFile];
      const rest = await cli('restore', dump, '--to', addressOf(target), '--yes', ...options);
      assert.equal(rest.status, 0, rest.stdout + rest.stderr);
      assert.equal(await digest(target), await digest(source));
    });
  }
});

describe('a user with few rights', () => {
  const COMMANDS = [
    ['SET', 'mine:1', '1'],
    ['SET', 'other:1', '1'],
    ['DEL', 'mine:0'],
    ['MULTI'],
    ['SET', 'mine:2', '1'],
    ['EXEC'],
    ['SET', 'other:2', '1'],
  ];

  async function restricted(): Promise<{ target: TestServer; url: string }> {
    const target = await TestServer.start();
    await target.command('ACL', 'SETUSER', 'ann', 'on', '>pw', '~mine:*', '+@all', '-del');
    return { target, url: `${addressOf(target)}?user=ann` };
  }

  async function withPassword<Result>(run: () => Promise<Result>): Promise<Result> {
    process.env.REDIS_PERSISTENCE_PASSWORD = 'pw';
    try {
      return await run();
    } finally {
      process.env.REDIS_PERSISTENCE_PASSWORD = '';
    }
  }

  it('gets what the user may do replayed, and hears of the rest with its places', async () => {
    const { target, url } = await restricted();
    const file = path.join(folder, 'acl.aof');
    writeFileSync(file, aof(...COMMANDS));
    const offsets = COMMANDS.map((_, i) => aof(...COMMANDS.slice(0, i)).length);
    const dry = await withPassword(() => replayed(reportFile, file, url, '--dry-run'));
    assert.deepEqual(
      dry.report.errors.map(({ code, command }) => [code, command]),
      [['NOPERM', 'DEL']],
    );
    const { status, report } = await withPassword(() => replayed(reportFile, file, url));
    const groups = report.errors.map(({ code, command, places }) => [code, command, places.map((p) => p.offset)]);
    assert.deepEqual(
      [status, ...groups.sort(([, a], [, b]) => (String(a) < String(b) ? -1 : 1))],
      [1, ['NOPERM', 'DEL', [offsets[2]]], ['NOPERM', 'SET', [offsets[1], offsets[6]]]],
    );
    assert.deepEqual(await keysOf(target), ['mine:1', 'mine:2']);
  });

  it('gets the keys restored that the user may write, and hears of the others', async () => {
    const source = await TestServer.start();
    for (const name of ['mine:1', 'other:1', 'mine:2', 'other:2', 'mine:3']) await source.command('SET', name, 'x');
    const dump = await source.save();
    for (const options of [[], ['--as-commands']]) {
      const { target, url } = await restricted();
      const run = () => cli('restore', dump, '--to', url, '--yes', '--report', reportFile, ...options);
      const { status, stdout } = await withPassword(run);
      const report = JSON.parse(readFileSync(reportFile, 'utf8')) as RestoreReport;
      assert.deepEqual([status, report.failed, report.stopped], [1, 2, undefined], stdout);
      assert.match(report.errors[0].error, /^NOPERM/);
      assert.deepEqual(report.errors.flatMap(({ keys }) => keys.map(({ name }) => name)).sort(), [
        'other:1',
        'other:2',
      ]);
      assert.deepEqual(await keysOf(target), ['mine:1', 'mine:2', 'mine:3']);
    }
  });
});
