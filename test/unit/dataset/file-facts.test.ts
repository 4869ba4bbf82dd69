/** What a scan tells of a file as a whole: aux fields, other records, functions, problems, which server wrote it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FileFacts } from '../../../src/dataset/file-facts.js';
import { serverInfo } from '../../../src/dataset/server-info.js';
import type { Problem } from '../../../src/decoder/errors.js';
import { bytes } from '../support/bytes.js';
import { indexed } from '../support/indexed.js';
import { aux, file, key, OP, selectdb, string } from '../support/rdb-writer.js';

const facts = (...records: Parameters<typeof file>) => indexed(file(...records)).scan.facts;

describe('the facts of a file', () => {
  it('are its header, aux fields and records, with their offsets', () => {
    const version = aux('redis-ver', '7.2.4');
    const library = bytes(OP.function2, string('#!lua name=l\n'));
    const { fileHeader, auxFields, recordCodes, recordOffsets, functions, problems } = facts(
      'REDIS0011',
      version,
      aux('bin\x00', 'a\xff'),
      library,
      selectdb(0),
      key(0, 'k', string('v')),
    );
    assert.equal(fileHeader?.version, 11);
    assert.deepEqual(auxFields, [
      { name: 'redis-ver', value: '7.2.4', offset: 9 },
      { name: 'bin\x00', value: 'a\xff', offset: 9 + version.length },
    ]);
    const second = 9 + version.length + aux('bin\x00', 'a\xff').length;
    assert.deepEqual(recordCodes.slice(0, 4), [OP.aux, OP.aux, OP.function2, OP.selectdb]);
    assert.deepEqual(recordOffsets.slice(0, 4), [9, 9 + version.length, second, second + library.length]);
    assert.equal(functions, 1);
    assert.deepEqual(problems, []);
  });

  it('give the first value of an aux field', () => {
    const some = facts('REDIS0011', aux('a', '1'), aux('a', '2'));
    assert.equal(some.auxValue('a'), '1');
    assert.equal(some.auxValue('b'), undefined);
    assert.equal(some.auxFields.length, 2);
  });

  it('do not take for facts of the file what KeyDB says of single keys', () => {
    const some = facts('REDIS0009', aux('redis-ver', '6.3.4'), aux('mvcc-tstamp', '5'), key(0, 'k', string('v')));
    assert.equal(some.keydb, true);
    assert.deepEqual(
      some.auxFields.map(({ name }) => name),
      ['redis-ver'],
    );
    assert.equal(some.server.make, 'keydb');
  });

  it('count the problems that are too many to be kept', () => {
    const many = new FileFacts();
    const problem: Problem = { code: 'truncated', severity: 'error', offset: 1, args: [] };
    for (let i = 0; i < 1005; i++) many.problem({ ...problem, offset: i });
    assert.deepEqual([many.problems.length, many.moreProblems, many.problems[999].offset], [1000, 5, 999]);
  });

  it('are none of a file that is no RDB', () => {
    const some = indexed(bytes('hello world')).scan.facts;
    assert.equal(some.fileHeader, undefined);
    assert.deepEqual(
      some.problems.map(({ code }) => code),
      ['not-rdb'],
    );
    assert.equal(some.server.version, undefined);
  });
});

describe('the server of a file', () => {
  const redis = (version: number) =>
    ({ magic: `REDIS${String(version).padStart(4, '0')}`, family: 'redis', version }) as const;
  const valkey = { magic: 'VALKEY080', family: 'valkey', version: 80 } as const;

  it('is what the file names', () => {
    const named = (name: string, version: string, keydb = false) => {
      const { make, level } = serverInfo(redis(11), new Map([[name, version]]), keydb);
      return `${make} ${level}`;
    };
    assert.equal(named('redis-ver', '7.2.4'), 'redis 702');
    assert.equal(named('redis-ver', '7.3.240'), 'redis 704', 'a release candidate of 7.4');
    assert.equal(named('redis-ver', '7.9.225'), 'redis 800', 'a milestone of 8.0');
    assert.equal(named('redis-ver', '255.255.255'), 'redis 899', 'the unstable branch');
    assert.equal(named('redis-ver', '6.3.4', true), 'keydb 603');
    assert.equal(named('valkey-ver', '9.0.1'), 'valkey 900');
  });

  it('follows from the version of the format where the file names none', () => {
    assert.deepEqual(serverInfo(redis(6), new Map(), false), { make: 'redis', version: undefined, level: 300 });
    assert.equal(serverInfo(redis(2), new Map(), false).level, 204);
    assert.equal(serverInfo(redis(99), new Map(), false).level, 810);
    assert.equal(serverInfo(valkey, new Map(), false).level, 900);
  });
});
