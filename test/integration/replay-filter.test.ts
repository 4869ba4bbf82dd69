/** What gets through the filters of a replay: with files made to get other things through, and a server that tells. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { tempFolder } from '../unit/support/temp.js';
import { addressOf, aof, keysOf, replayed } from './replay-support.js';
import { TestServer } from './server.js';

const folder = tempFolder();
const reportFile = path.join(folder, 'report.json');
let files = 0;

function fileOf(...pieces: readonly Uint8Array[]): string {
  const file = path.join(folder, `${files++}.aof`);
  writeFileSync(file, Buffer.concat(pieces));
  return file;
}

describe('a replay of some of the commands', () => {
  it('takes them by database, key, command and group', async () => {
    const target = await TestServer.start();
    const file = fileOf(
      aof(
        ['SET', 'user:1', 'a'],
        ['SADD', 'user:2', 'm'],
        ['SET', 'other', 'b'],
        ['SELECT', '1'],
        ['SET', 'user:3', 'c'],
        ['EVAL', "return redis.call('set', KEYS[1], 'x')", '1', 'user:4'],
      ),
    );
    const left = async (...options: string[]) => {
      await target.command('FLUSHALL');
      await replayed(reportFile, file, addressOf(target), ...options);
      return [await keysOf(target), await keysOf(target, 1)];
    };
    assert.deepEqual(await left('--db', '1'), [[], ['user:3']]);
    assert.deepEqual(await left('--match', 'user:*'), [['user:1', 'user:2'], ['user:3']]);
    assert.deepEqual(await left('--command', 'sadd'), [['user:2'], []]);
    assert.deepEqual(await left('--group', 'script'), [[], ['user:4']]);
    assert.deepEqual(await left('--match', 'user:*', '--command', 'set'), [['user:1'], ['user:3']]);
    assert.deepEqual(await left('--from', '2', '--through', '3'), [['other', 'user:2'], []]);
  });

  it('takes them up to a time, an offset, or a transaction that is not cut', async () => {
    const target = await TestServer.start();
    const start = [aof(['SET', 'a', '1']), Buffer.from('#TS:1000\r\n'), aof(['SET', 'b', '1'])];
    const transaction = aof(['MULTI'], ['SET', 'c', '1'], ['EXEC']);
    const file = fileOf(...start, transaction, Buffer.from('#TS:2000\r\n'), aof(['SET', 'd', '1']));
    const before = Buffer.concat(start).length;
    const left = async (...options: string[]) => {
      await target.command('FLUSHALL');
      await replayed(reportFile, file, addressOf(target), ...options);
      return (await keysOf(target)).join('');
    };
    assert.equal(await left('--until-time', '999'), 'a');
    assert.equal(await left('--until-time', '1000'), 'abc');
    assert.equal(await left('--until-time', '1970-01-01T01:00Z'), 'abcd');
    assert.equal(await left('--until-offset', String(before)), 'ab');
    assert.equal(await left('--until-offset', String(before + 20)), 'ab');
    assert.equal(await left('--until-offset', String(before + transaction.length)), 'abc');
    assert.equal(await left('--through', '4'), 'ab');
    assert.equal(await left('--from', '4'), 'd');
  });

  it('gives keys another prefix and databases another number, also where commands name them', async () => {
    const target = await TestServer.start();
    const file = fileOf(
      aof(
        ['SET', 'old:a', '1'],
        ['MSET', 'old:b', '1', 'c', '2'],
        ['RENAME', 'c', 'd'],
        ['COPY', 'd', 'e', 'DB', '2'],
        ['ZADD', 'z', '1', 'old:member'],
        ['ZUNIONSTORE', 'u', '1', 'z', 'AGGREGATE', 'MAX'],
        ['MOVE', 'old:a', '2'],
        ['SORT', 'u', 'BY', 'nosort', 'STORE', 's'],
      ),
    );
    const options = ['--remove-prefix', 'old:', '--add-prefix', 'new:', '--db-map', '0:5,2:6'];
    const { report } = await replayed(reportFile, file, addressOf(target), ...options);
    assert.deepEqual(await keysOf(target, 5), ['new:b', 'new:d', 'new:u', 'new:z']);
    assert.deepEqual(await keysOf(target, 6), ['new:a', 'new:e']);
    assert.deepEqual(report.skips, { pattern: { SORT: 1 } });
    await target.command('SELECT', '5');
    const [members] = await target.commands([['ZRANGE', 'new:u', '0', '-1']]);
    assert.deepEqual(members, [new Uint8Array(Buffer.from('old:member'))]);
  });

  it('splits commands on several keys only where that is the same', async () => {
    const target = await TestServer.start();
    await target.commands([
      ['SET', 'in:1', '1'],
      ['SET', 'out:1', '1'],
      ['SADD', 'in:s', 'a'],
    ]);
    const file = fileOf(
      aof(
        ['DEL', 'in:1', 'out:1'],
        ['MSET', 'in:2', 'x', 'out:2', 'y'],
        ['MSETNX', 'in:3', 'x', 'out:3', 'y'],
        ['SUNIONSTORE', 'out:4', 'in:s'],
      ),
    );
    const { report } = await replayed(reportFile, file, addressOf(target), '--match', 'in:*');
    assert.deepEqual(await keysOf(target), ['in:2', 'in:s', 'out:1']);
    assert.deepEqual(report.skips, { partial: { MSETNX: 1, SUNIONSTORE: 1 } });
  });

  it('does not empty databases, steer the server or change the connection', async () => {
    const target = await TestServer.start();
    await target.command('SET', 'kept', '1');
    const hostile = aof(
      ['FLUSHALL'],
      ['flushdb', 'ASYNC'],
      ['SWAPDB', '0', '1'],
      ['CONFIG', 'SET', 'maxmemory', '1mb'],
      ['SHUTDOWN', 'NOSAVE'],
      ['CLIENT', 'REPLY', 'OFF'],
      ['HELLO', '3'],
      ['SUBSCRIBE', 'x'],
      ['MONITOR'],
      ['BLPOP', 'nothing', '0'],
      ['XREAD', 'BLOCK', '0', 'STREAMS', 's', '$'],
      ['RESET'],
      ['FUNCTION', 'FLUSH'],
      ['DEBUG', 'SLEEP', '0'],
      ['SET', 'last', '1'],
    );
    const { status, report } = await replayed(reportFile, fileOf(hostile), addressOf(target));
    assert.deepEqual([status, report.sent, report.skipped], [0, 1, 14]);
    assert.deepEqual(await keysOf(target), ['kept', 'last']);
    const others = aof(
      ['config', 'set', 'maxmemory', '1mb'],
      ['Script', 'flush'],
      ['fUNCTION', 'Flush', 'SYNC'],
      ['client', 'kill', 'TYPE', 'normal', 'SKIPME', 'no'],
      ['Acl', 'SetUser', 'default', 'off'],
      ['debug', 'flushall'],
      ['module', 'load', '/nowhere'],
      ['cluster', 'flushslots'],
      ['slaveof', '127.0.0.1', '1'],
      ['ReplicaOf', '127.0.0.1', '1'],
      ['failover', 'ABORT'],
      ['latency', 'reset'],
      ['slowlog', 'reset'],
      ['save'],
      ['bgrewriteaof'],
      ['psync', '?', '-1'],
      ['script', 'debug', 'yes'],
      ['MULTI'],
      ['FlushAll'],
      ['acl', 'deluser', 'default'],
      ['SELECT', '0'],
      ['SET', 'within', '1'],
      ['EXEC'],
    );
    const mixed = await replayed(reportFile, fileOf(others), addressOf(target));
    assert.deepEqual([mixed.status, mixed.report.failed, mixed.report.skipped], [0, 0, 19], mixed.stdout);
    assert.deepEqual(await keysOf(target), ['kept', 'last', 'within']);
    const [role, users] = await target.commands([['ROLE'], ['ACL', 'LIST']]);
    assert.equal(Buffer.from((role as Uint8Array[])[0]).toString(), 'master');
    assert.match(Buffer.from((users as Uint8Array[])[0]).toString(), /^user default on /);
    const asked = await replayed(reportFile, fileOf(aof(['FLUSHALL'])), addressOf(target), '--admin');
    assert.deepEqual([asked.status, await keysOf(target)], [0, []]);
  });

  it('leaves out scripts that name what empties databases, says before which they are, and sends them if asked', async () => {
    const commands = [
      ['SET', 'kept', '1'],
      ['EVAL', "return redis.call('FLUSHALL')", '0'],
      ['EVAL', "return redis.call('SET', 'by-script', '1')", '0'],
      ['SCRIPT', 'LOAD', 'redis.call("swapdb", 0, 1)'],
      ['FUNCTION', 'LOAD', "#!lua name=l\nredis.register_function('f', function() return redis.call('FLUSHDB') end)"],
      ['FCALL', 'f', '0'],
      ['MULTI'],
      ['EVAL', 'return redis.call(ARGV[1])', '0', 'flushall'],
      ['EXEC'],
    ];
    const file = fileOf(aof(...commands));
    const offsets = commands.map((_, i) => aof(...commands.slice(0, i)).length);
    const target = await TestServer.start();
    const { stderr } = await replayed(reportFile, file, addressOf(target), '--dry-run');
    assert.match(stderr, /caution 6 commands run or load scripts/);
    const places = [1, 3, 4].map((i) => `${['', 'FLUSHALL', '', 'SWAPDB', 'FLUSHDB'][i]} at \\S+:${offsets[i]}`);
    assert.match(stderr, new RegExp(`caution 4 of them name what .* and are left out: ${places.join(', ')} …`));
    const { report } = await replayed(reportFile, file, addressOf(target));
    assert.deepEqual(report.skips, { script: { EVAL: 2, SCRIPT: 1, FUNCTION: 1 } });
    assert.deepEqual(
      report.errors.map(({ command, count }) => [command, count]),
      [['FCALL', 1]],
    );
    assert.deepEqual(await keysOf(target), ['by-script', 'kept']);
    // A range without them has no word of caution.
    const few = await replayed(reportFile, file, addressOf(target), '--dry-run', '--through', '1');
    assert.doesNotMatch(few.stderr, /caution/);
    const named = await replayed(reportFile, file, addressOf(target), '--dry-run', '--match', 'k*');
    assert.doesNotMatch(named.stderr, /caution/);
    const asked = await replayed(reportFile, file, addressOf(target), '--admin');
    assert.deepEqual([asked.status, await keysOf(target)], [0, []]);
  });
});

describe('a hostile AOF', () => {
  const HIDDEN = '*3\r\n$3\r\nSET\r\n$4\r\nevil\r\n$1\r\n1\r\n';

  /** Files that carry a command where one reader may see it and another does not. */
  const CASES: readonly (readonly [what: string, bytes: Buffer])[] = [
    ['a value that is a command', aof(['SET', 'good:v', HIDDEN])],
    ['a key that is a command', aof(['SET', `good:${HIDDEN}`, 'x'])],
    ['a key with zero bytes', aof(['SET', 'evil\0good:', 'x'], ['SET', 'good:\0', 'x'])],
    ['a length that is less than what there is', Buffer.from(`*3\r\n$3\r\nSET\r\n$6\r\ngood:1\r\n$1\r\nx${HIDDEN}`)],
    ['a length with a sign', Buffer.from(`*3\r\n$3\r\nSET\r\n$6\r\ngood:1\r\n$+${HIDDEN.length}\r\n${HIDDEN}\r\n`)],
    ['a length with blanks', Buffer.from(`*3\r\n$3\r\nSET\r\n$ 6\r\ngood:1\r\n$1\r\nx\r\n`)],
    ['a length with zeros', Buffer.from(`*3\r\n$3\r\nSET\r\n$06\r\ngood:1\r\n$1\r\nx\r\n`)],
    ['a length with words', Buffer.from(`*3\r\n$3\r\nSET\r\n$6 1\r\ngood:1\r\n$1\r\nx\r\n`)],
    ['other bytes behind an argument', Buffer.from(`*3\r\n$3\r\nSET\r\n$6\r\ngood:1*3$1\r\nx\r\n${HIDDEN}`)],
    ['a length that is more than there is', Buffer.from(`*3\r\n$3\r\nSET\r\n$6\r\ngood:1\r\n$400\r\nx\r\n${HIDDEN}`)],
    [
      'a length that swallows a command',
      Buffer.from(`*3\r\n$3\r\nSET\r\n$6\r\ngood:1\r\n$${HIDDEN.length - 2}\r\n${HIDDEN}`),
    ],
    ['a negative length', Buffer.from(`*3\r\n$3\r\nSET\r\n$6\r\ngood:1\r\n$-1\r\n${HIDDEN}`)],
    ['a huge length', Buffer.from(`*3\r\n$3\r\nSET\r\n$6\r\ngood:1\r\n$9223372036854775807\r\nx\r\n${HIDDEN}`)],
    ['a length beyond 32 bits', Buffer.from(`*3\r\n$3\r\nSET\r\n$6\r\ngood:1\r\n$4294967297\r\nx\r\n${HIDDEN}`)],
    ['a negative count', Buffer.from(`*-1\r\n${HIDDEN}`)],
    ['a huge count', Buffer.from(`*99999999999\r\n$3\r\nSET\r\n$6\r\ngood:1\r\n$1\r\nx\r\n${HIDDEN}`)],
    ['a count beyond 32 bits', Buffer.from(`*4294967299\r\n$3\r\nSET\r\n$6\r\ngood:1\r\n$1\r\nx\r\n${HIDDEN}`)],
    [
      'an inline command between others',
      Buffer.concat([aof(['SET', 'good:1', '1']), Buffer.from('SET evil 1\r\n'), aof(['SET', 'evil', '1'])]),
    ],
    [
      'a SELECT within a transaction',
      aof(['MULTI'], ['SELECT', '1'], ['SET', 'evil', '1'], ['EXEC'], ['SET', 'evil', '1']),
    ],
    ['a script in a transaction', aof(['multi'], ['eval', "redis.call('set', 'evil', '1')", '0'], ['exec'])],
    [
      'a key of another name',
      aof(['mset', 'good:1', '1', 'evil', '1'], ['cOPy', 'good:x', 'evil'], ['rename', 'good:x', 'evil']),
    ],
    [
      'a key of a command that stores',
      aof(['SORT', 'good:x', 'STORE', 'evil'], ['GEORADIUS', 'good:x', '0', '0', '1', 'm', 'STORE', 'evil']),
    ],
    [
      'a dump that is restored',
      aof(
        ['RESTORE', 'evil', '0', 'x'],
        ['restore-asking', 'evil', '0', 'x'],
        ['MIGRATE', 'h', '1', 'good:x', '0', '1'],
      ),
    ],
    ['line feeds alone', Buffer.from(`*3\n$3\nSET\r\n$6\ngood:1\r\n$1\nx\r\n`)],
    ['a count that is too small', Buffer.from(`*2\r\n$3\r\nSET\r\n$6\r\ngood:1\r\n$1\r\nx\r\n${HIDDEN}`)],
    ['a command without arguments', Buffer.concat([Buffer.from('*0\r\n'), Buffer.from(HIDDEN)])],
    ['an inline command', Buffer.from('SET evil 1\r\n')],
    ['an annotation that is a command', Buffer.from(`#TS:1 ${'x'.repeat(1100)}\r\nSET evil 1\r\n${HIDDEN}`)],
    [
      'a MULTI within a MULTI',
      aof(['MULTI'], ['MULTI'], ['SET', 'evil', '1'], ['EXEC'], ['SET', 'evil', '1'], ['EXEC']),
    ],
    ['a DISCARD within a MULTI', aof(['MULTI'], ['DISCARD'], ['SET', 'evil', '1'], ['EXEC'])],
    [
      'a script',
      aof(['EVAL', "redis.call('set', 'evil', '1')", '1', 'good:1'], ['EVAL', "redis.call('set', 'evil', '1')", '0']),
    ],
    ['a key beside those wanted', aof(['RENAME', 'good:x', 'evil'], ['MSETNX', 'good:1', '1', 'evil', '1'])],
    ['another database', aof(['SELECT', '01'], ['SET', 'evil', '1'], ['SELECT', 'x'], ['SET', 'evil', '1'])],
    ['an unknown command', aof(['NOSUCH', 'good:1', 'evil'])],
    ['a name with other letters', aof(['sEt', 'evil', '1'], ['SET\0', 'good:1', '1'])],
  ];

  for (const [what, bytes] of CASES) {
    it(`gets nothing past a filter of keys by ${what}`, async () => {
      const target = await TestServer.start();
      await target.command('SET', 'good:x', '1');
      await replayed(reportFile, fileOf(bytes, aof(['SET', 'good:last', '1'])), addressOf(target), '--match', 'good:*');
      for (const db of [0, 1]) {
        const evil = (await keysOf(target, db)).filter((key) => !key.startsWith('good:'));
        assert.deepEqual(evil, []);
      }
    });
  }

  it('gets nothing into a database that is not wanted', async () => {
    const target = await TestServer.start();
    const hostile = aof(
      ['sElEcT', '1'],
      ['SET', 'evil', '1'],
      ['MULTI'],
      ['select', '2'],
      ['SET', 'evil', '1'],
      ['SELECT', '0'],
      ['SET', 'good', '1'],
      ['MOVE', 'good', '1'],
      ['COPY', 'good', 'evil', 'DB', '2'],
      ['EXEC'],
      ['swapdb', '0', '1'],
      ['EVAL', "redis.call('select', 1) redis.call('set', 'evil', '1')", '0'],
      ['SELECT', '3'],
      ['SET', 'evil', '1'],
    );
    await replayed(reportFile, fileOf(hostile), addressOf(target), '--db', '0', '--admin');
    assert.deepEqual(await keysOf(target), ['good']);
    for (const db of [1, 2, 3]) assert.deepEqual(await keysOf(target, db), [], `database ${db}`);
  });

  it('is sent so that the server reads what the scan has read, also without a filter', async () => {
    for (const [what, bytes] of CASES.filter(([name]) => /length with|line feeds|other bytes/.test(name))) {
      const target = await TestServer.start();
      const { report } = await replayed(reportFile, fileOf(bytes), addressOf(target));
      assert.equal(report.outcome, 'done', what);
      assert.equal(
        report.errors.some(({ message }) => /Protocol error/.test(message)),
        false,
        what,
      );
      if (!/other bytes/.test(what))
        assert.deepEqual(
          (await keysOf(target)).filter((key) => key === 'evil'),
          [],
          what,
        );
    }
  });
});
