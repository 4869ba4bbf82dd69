/** Replays of AOFs that a server wrote, into servers: what is there afterwards, what failed, and what was left out. */
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { cli } from '../unit/support/programs.js';
import { tempFolder } from '../unit/support/temp.js';
import { makeCertificate } from './certificates.js';
import { freePort } from './ports.js';
import { randomData } from './random-data.js';
import { addressOf, aof, digest, folderOf, incrementalFile, keysOf, replayed, startSource } from './replay-support.js';
import { TestServer } from './server.js';

const folder = tempFolder();
const reportFile = path.join(folder, 'report.json');
let files = 0;

/** Writes a file. @returns its path. */
function fileOf(bytes: Uint8Array | string, name = 'appendonly.aof'): string {
  const file = path.join(folder, `${files++}-${name}`);
  writeFileSync(file, bytes);
  return file;
}

describe('a replay', () => {
  it('makes an empty server the same as the one that wrote the AOF', async () => {
    const source = await startSource();
    await source.commands(randomData(7, 400));
    await source.commands([
      ['SELECT', '3'],
      ['MULTI'],
      ['INCR', 'n'],
      ['RPUSH', 'list', 'a', 'b'],
      ['SELECT', '4'],
      ['SET', 'other', 'database'],
      ['EXEC'],
      ['SET', 'after', 'the transaction'],
      ['EVAL', "redis.call('set', KEYS[1], 'x') redis.call('incr', KEYS[2])", '2', 'by-script', 'n'],
      ['FUNCTION', 'LOAD', "#!lua name=lib\nredis.register_function('f', function() return 1 end)"],
      ['SET', 'large', Buffer.alloc(3_000_000, 'x')],
      ['RPUSH', 'wide', ...Array.from({ length: 50_000 }, (_, i) => `item ${i}`)],
    ]);
    const target = await TestServer.start();
    const { status, report, stdout } = await replayed(reportFile, await folderOf(source), addressOf(target));
    assert.deepEqual([status, report.failed, report.skipped, report.outcome], [0, 0, 0, 'done'], stdout);
    assert.equal(await digest(target), await digest(source));
    const [libraries] = await target.commands([['FUNCTION', 'LIST']]);
    assert.equal(Array.isArray(libraries) && libraries.length, 1);
  });

  it('restores the RDB of a mixed AOF before its commands', async () => {
    const source = await TestServer.start('--appendonly', 'yes', '--appendfsync', 'always');
    await source.commands(randomData(11, 300));
    await source.commands([
      ['SELECT', '2'],
      ['SET', 'before', '1', 'EX', '10000'],
      ['FUNCTION', 'LOAD', "#!lua name=lib\nredis.register_function('f', function() return 1 end)"],
    ]);
    await source.command('BGREWRITEAOF');
    const rewriting = async () => {
      const info = await source.command('INFO', 'persistence');
      return /aof_rewrite_(in_progress|scheduled):1/.test(Buffer.from(info as Uint8Array).toString());
    };
    while (await rewriting());
    await source.commands([
      ['INCR', 'before'],
      ['SET', 'behind', 'it'],
    ]);
    const target = await TestServer.start();
    const { status, report } = await replayed(reportFile, await folderOf(source), addressOf(target));
    assert.deepEqual([status, report.failed], [0, 0]);
    assert.ok(report.keysRestored > 100);
    assert.equal(await digest(target), await digest(source));
    const prefixed = await cli(
      'replay',
      await folderOf(source),
      '--to',
      addressOf(target),
      '--yes',
      '--add-prefix',
      'x',
    );
    assert.equal(prefixed.status, 2);
    assert.match(prefixed.stderr, /--commands-only/);
  });

  it('goes to a user with a password over TLS, and shows neither', async () => {
    const { cert, key } = makeCertificate(folder);
    const port = await freePort();
    const target = await TestServer.start(
      ...['--tls-port', String(port), '--tls-cert-file', cert, '--tls-key-file', key],
      ...['--tls-ca-cert-file', cert, '--tls-auth-clients', 'no'],
    );
    await target.command('ACL', 'SETUSER', 'ann', 'on', '>s3cret', '~*', '+@all', '-flushall');
    const file = fileOf(aof(['SET', 'k', 'v'], ['FLUSHALL']));
    process.env.REDIS_PERSISTENCE_PASSWORD = 's3cret';
    try {
      const url = `rediss://ann@localhost:${port}?cacert=${cert}`;
      const dry = await replayed(reportFile, file, url, '--admin', '--dry-run');
      assert.deepEqual(
        dry.report.errors.map(({ code, command }) => [code, command]),
        [['NOPERM', 'FLUSHALL']],
      );
      assert.deepEqual(await keysOf(target), []);
      const { status, report, stdout, stderr } = await replayed(reportFile, file, url, '--admin');
      assert.deepEqual([status, report.applied, report.errors[0].code], [1, 1, 'NOPERM']);
      assert.deepEqual(await keysOf(target), ['k']);
      assert.doesNotMatch(stdout + stderr + readFileSync(reportFile, 'utf8'), /s3cret/);
    } finally {
      process.env.REDIS_PERSISTENCE_PASSWORD = '';
    }
  });

  it('matches every error to its command', async () => {
    const target = await TestServer.start();
    const commands: string[][] = [
      ['SELECT', '0'],
      ['SET', 's', 'text'],
      ['LPUSH', 's', 'x'],
      ['MULTI'],
      ['INCR', 's'],
      ['SET', 't', '1'],
      ['EXEC'],
      ['NOSUCH', 'x'],
      ['MULTI'],
      ['SET', 'never', '1'],
      ['SET', 'too few'],
      ['EXEC'],
      ['SELECT', '2'],
      ['SET', 'u', '1'],
    ];
    const offsets = commands.map((_, i) => aof(...commands.slice(0, i)).length);
    const { status, report, stdout } = await replayed(reportFile, fileOf(aof(...commands)), addressOf(target));
    const failures = report.errors.flatMap(({ code, command, places }) =>
      places.map(({ offset }) => [offset, command, code] as const),
    );
    assert.deepEqual(
      failures.sort(([a], [b]) => a - b),
      [
        [offsets[2], 'LPUSH', 'WRONGTYPE'],
        [offsets[4], 'INCR', 'ERR'],
        [offsets[7], 'NOSUCH', 'ERR'],
        [offsets[10], 'SET', 'ERR'],
        [offsets[11], 'EXEC', 'EXECABORT'],
      ],
      stdout,
    );
    // SET s, MULTI, SET t, EXEC, the second MULTI is refused with its commands; SET u.
    assert.deepEqual([status, report.applied, report.failed], [1, 5, 6]);
    assert.deepEqual([await keysOf(target), await keysOf(target, 2)], [['s', 't'], ['u']]);
  });

  it('stops at the first error where that is wanted, and goes on behind it', async () => {
    const target = await TestServer.start();
    const file = fileOf(aof(['SET', 's', 'text'], ['LPUSH', 's', 'x'], ['SET', 't', '1']));
    const first = await replayed(reportFile, file, addressOf(target), '--stop-at-error');
    assert.deepEqual([first.status, await keysOf(target)], [3, ['s']]);
    const second = await replayed(reportFile, file, addressOf(target), '--stop-at-error', '--resume', reportFile);
    assert.deepEqual([second.status, second.report.applied, await keysOf(target)], [0, 1, ['s', 't']]);
  });

  it('leaves out what servers cut off or do not load, and says so', async () => {
    const target = await TestServer.start();
    const whole = aof(['SET', 'a', '1'], ['MULTI'], ['SET', 'b', '2']);
    const tail = await replayed(reportFile, fileOf(whole), addressOf(target));
    assert.deepEqual([tail.status, tail.report.problem?.kind, await keysOf(target)], [0, 'tail', ['a']]);
    const damaged = Buffer.concat([aof(['SET', 'c', '1']), Buffer.from('garbage\r\n'), aof(['SET', 'd', '1'])]);
    const damage = await replayed(reportFile, fileOf(damaged), addressOf(target));
    assert.deepEqual([damage.status, damage.report.problem?.kind, await keysOf(target)], [1, 'damage', ['a', 'c']]);
  });

  it('does not touch anything in a dry run, and tells what would fail', async () => {
    const target = await TestServer.start();
    const file = fileOf(aof(['SET', 'a', '1'], ['NOSUCH', 'x'], ['SET', 'a'], ['XGROUP', 'CREATE', 'k', 'g']));
    const { status, report } = await replayed(reportFile, file, addressOf(target), '--dry-run');
    assert.deepEqual([status, report.applied, report.failed, await keysOf(target)], [1, 1, 3, []]);
  });

  it('wants a database that exists, or a map', async () => {
    const source = await startSource('--databases', '40');
    await source.commands([
      ['SELECT', '30'],
      ['SET', 'k', 'v'],
    ]);
    const target = await TestServer.start();
    const file = await incrementalFile(source);
    const refused = await cli('replay', file, '--to', addressOf(target), '--yes');
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /has no database 30/);
    const { status } = await replayed(reportFile, file, addressOf(target), '--db-map', '30:3');
    assert.deepEqual([status, await keysOf(target, 3)], [0, ['k']]);
  });

  it('refuses replicas, wrong use and files that are not there', async () => {
    const target = await TestServer.start();
    const url = addressOf(target);
    const file = fileOf(aof(['SET', 'a', '1']));
    const message = async (...args: string[]) => {
      const { status, stderr } = await cli('replay', ...args);
      assert.equal(status, 2);
      return stderr;
    };
    assert.match(await message(file), /--to URL/);
    assert.match(await message(file, '--to', url), /--yes/);
    assert.match(await message(file, '--to', 'redis://:pw@h', '--yes'), /holds a password/);
    assert.match(await message(path.join(folder, 'none.aof'), '--to', url, '--yes'), /does not exist/);
    assert.match(await message(file, '--to', `${url}?db=1`, '--yes'), /--db-map/);
    await target.command('REPLICAOF', '127.0.0.1', '1');
    assert.match(await message(file, '--to', url, '--yes'), /is a replica/);
    assert.deepEqual(await keysOf(target), []);
  });

  it('reads requests and command lines too', async () => {
    const target = await TestServer.start();
    const resp = fileOf(Buffer.concat([aof(['SET', 'a', '1']), Buffer.from('SET b "two words"\r\n')]), 'x.resp');
    assert.equal((await replayed(reportFile, resp, addressOf(target))).status, 0);
    const text = fileOf('# comment\nSELECT 1\nSET c "\\x00"\n\nLPUSH c x\nSET d "open\nSET e 1\n', 'x.redis');
    const { status, report } = await replayed(reportFile, text, addressOf(target));
    assert.deepEqual([status, report.errors[0].places[0].offset, report.problem?.offset], [1, 33, 43]);
    assert.deepEqual([await keysOf(target), await keysOf(target, 1)], [['a', 'b'], ['c']]);
  });

  it('leaves out a command that is being written, and finds nothing in an empty file', async () => {
    const source = await startSource();
    await source.command('SET', 'a', '1');
    const target = await TestServer.start();
    const file = await incrementalFile(source);
    appendFileSync(file, aof(['SET', 'b', '1']).subarray(0, 9));
    const { report } = await replayed(reportFile, file, addressOf(target));
    assert.deepEqual([report.problem?.kind, await keysOf(target)], ['tail', ['a']]);
    truncateSync(file, 0);
    assert.equal((await replayed(reportFile, file, addressOf(target))).report.read, 0);
  });
});
