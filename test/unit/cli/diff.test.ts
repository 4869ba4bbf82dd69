/** `diff` over pairs of files: its lines, its options, its exit status. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { bytes, double } from '../support/bytes.js';
import { listpack } from '../support/compact.js';
import { CORPUS } from '../support/fixtures.js';
import { cli } from '../support/programs.js';
import { counted, expireMs, file, key, OP, selectdb, string } from '../support/rdb-writer.js';
import { tempFolder } from '../support/temp.js';

const folder = tempFolder();

function written(name: string, content: Uint8Array): string {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
}

const strings = (...items: string[]) => counted(items.map((item) => string(item)));
const b64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');

const left = written(
  'left.rdb',
  file(
    'REDIS0011',
    selectdb(0),
    key(4, 'user:1', counted([strings('name', 'x').subarray(1), strings('age', '7').subarray(1)])),
    key(2, 'user:2', strings('a', 'b')),
    key(1, 'queue', strings('1', '2', '3')),
    key(0, 'gone', string('v')),
    key(5, 'board', counted([bytes(string('m'), double(1.5))])),
    selectdb(3),
    expireMs(2_000_000_000_000),
    key(0, 'ttl', string('v')),
  ),
);
const right = written(
  'right.rdb',
  file(
    'REDIS0011',
    selectdb(0),
    bytes(OP.freq, 9),
    key(20, 'user:2', string(listpack(['b', 'a']))),
    key(4, 'user:1', counted([strings('name', 'y').subarray(1), strings('mail', '\xff').subarray(1)])),
    key(1, 'queue', strings('2', '3', '4')),
    key(0, 'new', string('v')),
    key(5, 'board', counted([bytes(string('m'), double(Number.POSITIVE_INFINITY))])),
    selectdb(3),
    key(0, 'ttl', string('v')),
  ),
);

async function diff(...options: string[]) {
  const { status, stdout, stderr } = await cli('diff', ...options);
  const lines = stdout.split('\n').slice(0, -1);
  return { status, stderr, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('diff', () => {
  it('prints every difference, by database and name, with its elements', async () => {
    const { status, lines, stderr } = await diff(left, right);
    assert.equal(stderr, '');
    assert.equal(status, 1);
    const changed = (
      name: string,
      type: string,
      leftBytes: number,
      rightBytes: number,
      changes: unknown[],
      db = 0,
    ) => ({
      kind: 'changed',
      db,
      key: b64(name),
      type,
      leftBytes,
      rightBytes,
      changed: [name === 'ttl' ? 'ttl' : 'value'],
      changes,
    });
    assert.deepEqual(lines, [
      changed('board', 'zset', 18, 18, [
        { part: 'member', kind: 'changed', member: b64('m'), left: { score: '1.5' }, right: { score: 'inf' } },
      ]),
      { kind: 'removed', db: 0, key: b64('gone'), type: 'string', encoding: 'embstr', expireAtMs: null, bytes: 8 },
      { kind: 'added', db: 0, key: b64('new'), type: 'string', encoding: 'embstr', expireAtMs: null, bytes: 7 },
      changed('queue', 'list', 14, 14, [
        { part: 'element', kind: 'removed', leftIndex: 0, left: { value: b64('1') } },
        { part: 'element', kind: 'added', rightIndex: 2, right: { value: b64('4') } },
      ]),
      changed('user:1', 'hash', 22, 23, [
        { part: 'field', kind: 'removed', field: b64('age'), left: { value: b64('7') } },
        { part: 'field', kind: 'added', field: b64('mail'), right: { value: b64('\xff') } },
        { part: 'field', kind: 'changed', field: b64('name'), left: { value: b64('x') }, right: { value: b64('y') } },
      ]),
      changed('ttl', 'string', 16, 7, [{ part: 'ttl', kind: 'changed', left: 2_000_000_000_000, right: null }], 3),
    ]);
  });

  it('ends with 0 where nothing differs', async () => {
    assert.deepEqual(await diff(left, left), { status: 0, lines: [], stderr: '' });
  });

  it('prints only the keys that are asked for', async () => {
    const names = async (...options: string[]) => {
      const { lines } = await diff(left, right, ...options);
      return lines.map((line) => Buffer.from(String(line.key), 'base64').toString());
    };
    assert.deepEqual(await names('--db', '3'), ['ttl']);
    assert.deepEqual(await names('--match', 'user:*'), ['user:1']);
    assert.deepEqual(await names('--type', 'list'), ['queue']);
    assert.deepEqual(await names('--ignore-ttl', '--db', '3'), []);
    assert.deepEqual(await names('--encoding', '--match', 'user:*'), ['user:1', 'user:2']);
    assert.deepEqual(await names('--access', '--match', 'user:2'), ['user:2']);
    assert.equal((await diff(left, right, '--match', 'nothing')).status, 0);
  });

  it('tells of encodings and accesses what they were', async () => {
    const { lines } = await diff(left, right, '--encoding', '--access', '--match', 'user:2');
    assert.deepEqual(lines[0].changes, [
      { part: 'encoding', kind: 'changed', left: 'hashtable', right: 'listpack' },
      { part: 'freq', kind: 'changed', left: null, right: 9 },
    ]);
  });

  it('leaves elements out, and counts those beyond the limit', async () => {
    const { lines: bare } = await diff(left, right, '--keys-only', '--match', 'queue');
    assert.deepEqual(bare, [
      { kind: 'changed', db: 0, key: b64('queue'), type: 'list', leftBytes: 14, rightBytes: 14, changed: ['value'] },
    ]);
    const { lines } = await diff(left, right, '--max-changes', '1', '--match', 'user:1');
    assert.equal((lines[0].changes as unknown[]).length, 1);
    assert.equal(lines[0].moreChanges, 2);
  });

  it('sums up by namespace', async () => {
    const { status, lines } = await diff(left, right, '--summary');
    assert.equal(status, 1);
    const none = { keys: 0, bytes: 0 };
    assert.deepEqual(lines[0].added, { keys: 1, bytes: 7 });
    assert.deepEqual(lines[0].removed, { keys: 1, bytes: 8 });
    assert.deepEqual(lines[0].unchanged, { keys: 1 });
    assert.deepEqual(lines[0].namespaces, [
      {
        namespace: '',
        added: { keys: 1, bytes: 7 },
        removed: { keys: 1, bytes: 8 },
        changed: { keys: 3, leftBytes: 48, rightBytes: 39 },
      },
      { namespace: b64('user:'), added: none, removed: none, changed: { keys: 1, leftBytes: 22, rightBytes: 23 } },
    ]);
  });

  it('cuts strings that are too long for a line', async () => {
    const long = (end: string) =>
      written(`long${end}.rdb`, file('REDIS0011', key(0, 'k', string('x'.repeat(100_000) + end))));
    const { lines } = await diff(long('1'), long('2'));
    const [change] = lines[0].changes as { left: { value: string; valueBytes: number }; differsAt: number }[];
    assert.equal(Buffer.from(change.left.value, 'base64').length, 65_536);
    assert.equal(change.left.valueBytes, 100_001);
    assert.equal(change.differsAt, 100_000);
  });

  it('compares what is intact of a damaged file, and ends with 2', async () => {
    const whole = file('REDIS0011', key(0, 'a', string('1')), key(0, 'b', string('2')));
    const cut = written('cut.rdb', whole.subarray(0, 16));
    const { status, lines, stderr } = await diff(written('whole.rdb', whole), cut);
    assert.equal(status, 2);
    assert.deepEqual(
      lines.map(({ kind, key: name }) => [kind, name]),
      [['removed', b64('b')]],
    );
    assert.match(stderr, /cut\.rdb: offset \d+: /);
  });

  it('names the damaged value of a pair', async () => {
    const damaged = string(listpack(['a', 'b']).fill(0xff, 8, 9));
    const a = written('a.rdb', file('REDIS0011', key(20, 's', string(listpack(['a', 'b'])))));
    const b = written('b.rdb', file('REDIS0011', key(20, 's', damaged)));
    const { status, lines, stderr } = await diff(a, b);
    assert.equal(status, 2);
    assert.deepEqual(lines[0].changed, ['value', 'unreadable']);
    assert.match(stderr, /b\.rdb: offset/);
    assert.doesNotMatch(stderr, /a\.rdb: offset/);
  });

  it('compares the RDBs that AOFs begin with, and refuses files without one', async () => {
    const preamble = written('with.aof', bytes(file('REDIS0011', key(0, 'a', string('1'))), '*1\r\n$4\r\nPING\r\n'));
    const { status, lines, stderr } = await diff(preamble, left, '--match', 'a');
    assert.equal(status, 1);
    assert.equal(lines[0].kind, 'removed');
    assert.match(stderr, /commands behind the RDB/);
    const plain = await diff(left, written('plain.aof', bytes('*1\r\n$4\r\nPING\r\n')));
    assert.equal(plain.status, 2);
    assert.match(plain.stderr, /does not begin with an RDB/);
  });

  it('says how it is used', async () => {
    for (const [args, message] of [
      [[left], /two files/],
      [[left, right, left], /one argument too many/],
      [[left, right, '--db', 'x'], /--db takes a number/],
      [[left, right, '--separator', ''], /--separator/],
      [[left, path.join(folder, 'none.rdb')], /does not exist/],
    ] as const) {
      const { status, stderr } = await diff(...args);
      assert.equal(status, 2);
      assert.match(stderr, message);
    }
  });

  it('finds nothing in any dump of a server against itself', async () => {
    const dump = path.join(CORPUS, 'redis-8.6.3', 'mini', 'dump.rdb');
    assert.equal((await diff(dump, dump)).status, 0);
  });
});
