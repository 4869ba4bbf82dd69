/** The scan of the commands of an AOF: where each is, and where it stops. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  AFTER_DAMAGE,
  CLOSES_TRANSACTION,
  IN_TRANSACTION,
  OPENS_TRANSACTION,
} from '../../../../src/decoder/aof/command-batch.js';
import { NameTable } from '../../../../src/decoder/aof/command-names.js';
import { hashKey } from '../../../../src/decoder/aof/key-hash.js';
import { AofScanner } from '../../../../src/decoder/aof/scan.js';
import {
  commandsOf,
  readPlainly,
  resp,
  type ScannedAof,
  type ScannedCommand,
  scanAof,
} from '../../support/aof-scanned.js';
import { seededRandom } from '../../support/random.js';
import { everyByte, randomCuts } from '../../support/scanned.js';

function bytesOf(...parts: (string | Uint8Array)[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1'))));
}

const set = (key: string) => resp('SET', key, 'value');
const SELECT_5 = resp('SELECT', '5');
const LONG = 'x'.repeat(3000);

/** A file for everything that a scan can meet, by what it is. */
const CASES: Readonly<Record<string, Uint8Array>> = {
  'an empty file': bytesOf(),
  'one command': set('k'),
  'names in any case': bytesOf(
    resp('zadd', 'z', '1', 'm'),
    resp('Set', 'k', 'v'),
    resp('SELECT', '3'),
    resp('sElEcT', '4'),
    set('k'),
  ),
  databases: bytesOf(
    set('a'),
    SELECT_5,
    set('b'),
    resp('SELECT', 'x'),
    set('c'),
    resp('SELECT', '05'),
    resp('SELECT'),
    set('d'),
  ),
  annotations: bytesOf(
    '#TS:1700000000\r\n',
    set('a'),
    '# a comment\r\n#TS:1700000002\r\n',
    set('b'),
    '#\r\n',
    set('c'),
  ),
  'an annotation that is cut off': bytesOf(set('a'), '#TS:17000'),
  'a line of 1023 bytes and one of more': bytesOf(
    `#${'x'.repeat(1020)}\r\n`,
    set('a'),
    `#${'x'.repeat(1030)}\r\n`,
    set('b'),
  ),
  'a transaction': bytesOf(set('a'), resp('MULTI'), SELECT_5, set('b'), resp('exec'), set('c')),
  'a transaction that is not closed': bytesOf(set('a'), resp('MULTI'), set('b'), set('c')),
  'a command cut off in a transaction': bytesOf(set('a'), resp('MULTI'), set('b'), set('c').subarray(0, 20)),
  'a transaction in a transaction': bytesOf(
    set('a'),
    resp('MULTI'),
    set('b'),
    resp('MULTI'),
    set('c'),
    resp('EXEC'),
    set('d'),
  ),
  'EXEC alone': bytesOf(set('a'), resp('EXEC'), set('b')),
  'a command that is cut off': bytesOf(set('a'), set('b').subarray(0, 17)),
  'a cut between CR and LF': bytesOf(set('a'), set('b').subarray(0, -1)),
  'nothing but a star': bytesOf(set('a'), '*'),
  garbage: bytesOf(set('a'), 'garbage', set('b')),
  'a wrong line end behind an argument': bytesOf(set('a'), '*1\r\n$4\r\nPINGxx', set('b')),
  'a wrong line end at the end of the file': bytesOf(set('a'), '*1\r\n$4\r\nPINGxx'),
  'a length that is too short': bytesOf(set('a'), '*2\r\n$3\r\nGET\r\n$2\r\nlonger\r\n', set('b')),
  'a length that is too long': bytesOf(set('a'), '*2\r\n$3\r\nGET\r\n$9\r\nkey\r\n', set('b'), set('c')),
  'a length beyond the end': bytesOf(set('a'), '*2\r\n$3\r\nGET\r\n$999\r\nkey\r\n', set('b')),
  'line ends without CR': bytesOf('*3\n$3\nSET\n$1\nk\n$1\nv\n'),
  'no number of arguments': bytesOf(set('a'), '*\r\n', set('b')),
  'a negative number of arguments': bytesOf(set('a'), '*-1\r\n', set('b')),
  'a sign and blanks before numbers': bytesOf('* +2\r\n$ 3\r\nGET\r\n$+1\r\nk\r\n', set('b')),
  'letters behind a number': bytesOf('*2x\r\n$3\r\nGET\r\n$1y\r\nk\r\n', set('b')),
  'a negative length': bytesOf(set('a'), '*1\r\n$-1\r\n', set('b')),
  'a header that never ends': bytesOf(set('a'), `*${'0'.repeat(300)}1\r\n`, set('b')),
  'another type': bytesOf(set('a'), '*2\r\n$3\r\nGET\r\n:12\r\n', set('b')),
  'an inline command': bytesOf(set('a'), 'SET b c\r\n'),
  'a blank line': bytesOf(set('a'), '\r\n', set('b')),
  'empty arguments': bytesOf(resp('SET', '', ''), resp(''), set('b')),
  'long arguments': bytesOf(resp('SET', LONG, LONG), resp('DEL', LONG, 'a', LONG), set('b')),
  'a name that is too long': bytesOf(resp(LONG, 'a'), set('b')),
  'an unknown command': bytesOf(set('a'), resp('nosuchcommand', 'a'), set('b')),
  'keys in all places': bytesOf(
    resp('MSET', 'a', '1', 'b', '2'),
    resp('EVAL', 'return 1', '2', 'a', 'b', 'c'),
    resp('EVAL', LONG, '2', LONG, 'b', 'c'),
    resp('XGROUP', 'CREATE', 'a', 'g', '$', 'MKSTREAM'),
    resp('BITOP', 'AND', 'a', 'b', 'c'),
    resp('ZUNIONSTORE', 'a', '2', 'b', 'c', 'WEIGHTS', '1', '2'),
    resp('EVAL', 'return 1', '99', 'a'),
    resp('DEL'),
    resp('FLUSHALL'),
  ),
  'many keys': resp('DEL', ...Array.from({ length: 5000 }, (_, i) => `key:${i}`)),
  'many keys behind a number': resp('EVAL', 'x', '5000', ...Array.from({ length: 5000 }, (_, i) => `key:${i}`)),
  'many commands': bytesOf(...Array.from({ length: 3000 }, (_, i) => (i % 3 ? set(`k${i}`) : resp('DEL', `k${i}`)))),
};

function assertSame(actual: ScannedAof, expected: ScannedAof, where: string): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) assert.deepEqual(actual, expected, where);
}

describe('the scan of commands over pieces', () => {
  for (const [index, [title, bytes]] of Object.entries(CASES).entries()) {
    it(`gives the same as over the whole: ${title}`, () => {
      const whole = scanAof(bytes);
      assertSame(scanAof(bytes, everyByte(bytes)), whole, 'byte by byte');
      assertSame(scanAof(bytes, everyByte(bytes), Number.POSITIVE_INFINITY), whole, 'byte by byte, size unknown');
      const random = seededRandom(index);
      // A small file is cut at every byte, a large one at some.
      for (let i = 0; i < (bytes.length <= 400 ? bytes.length : 30); i++) {
        const at = bytes.length <= 400 ? i : random(bytes.length + 1);
        assertSame(scanAof(bytes, [at]), whole, `cut at ${at}`);
      }
      for (let round = 0; round < 10; round++) {
        const cuts = [...randomCuts(bytes, random, 1 + random(200))];
        assertSame(scanAof(bytes, cuts), whole, `cut at ${cuts.join(' ')}`);
      }
    });
  }

  it('skips long arguments without reading them', () => {
    const found: ScannedCommand[] = [];
    const names = new NameTable();
    const bytes = bytesOf(resp('SET', 'k', 'x'.repeat(100_000)), set('b'));
    const scanner = new AofScanner(
      { commands: (batch) => found.push(...commandsOf(batch, names)), problem: ({ code }) => assert.fail(code) },
      { size: bytes.length, names },
    );
    scanner.push(bytes, 0, 100);
    assert.ok(scanner.wanted > 100_000);
    const behind = scanner.wanted;
    scanner.skipTo(behind);
    scanner.push(bytes, behind);
    scanner.finish();
    assert.deepEqual(
      found.map(({ offset, size }) => [offset, size]),
      readPlainly(bytes).map(({ offset, size }) => [offset, size]),
    );
    assert.throws(() => scanner.skipTo(bytes.length + 1), RangeError);
  });
});

describe('the scan of commands', () => {
  const of = (title: keyof typeof CASES) => scanAof(CASES[title]);
  const names = (scanned: ScannedAof) => scanned.commands.map(({ name }) => name);
  const dbs = (scanned: ScannedAof) => scanned.commands.map(({ db }) => db);

  it('tells where each command is, and its name in upper case', () => {
    const { commands } = of('names in any case');
    assert.deepEqual(
      commands.map(({ offset, size, argc, name }) => ({ offset, size, argc, name })),
      readPlainly(CASES['names in any case']).map(({ offset, size, argv }) => ({
        offset,
        size,
        argc: argv.length,
        name: argv[0].toUpperCase(),
      })),
    );
  });

  it('follows SELECT, and leaves the database as it is where SELECT has no number', () => {
    assert.deepEqual(dbs(of('databases')), [0, 0, 5, 5, 5, 5, 5, 5]);
    assert.deepEqual(dbs(of('a transaction')), [0, 0, 0, 5, 5, 5]);
  });

  it('gives commands the time of the annotation before them', () => {
    const scanned = of('annotations');
    assert.deepEqual(
      scanned.commands.map(({ time }) => time),
      [1700000000, 1700000002, 1700000002],
    );
    assert.deepEqual(scanned.timeRange, [1700000000, 1700000002]);
    assert.equal(scanned.fault, undefined);
  });

  it('finds nothing wrong with an annotation that the file ends in, but reads it again when the file has grown', () => {
    const scanned = of('an annotation that is cut off');
    assert.equal(scanned.fault, undefined);
    assert.equal(scanned.validUpTo, CASES['an annotation that is cut off'].length);
    assert.equal(scanned.openEnd, set('a').length);
    assert.equal(scanned.timeRange, undefined);
  });

  it('marks transactions', () => {
    const { commands, transaction } = of('a transaction');
    assert.deepEqual(
      commands.map(({ flags }) => flags),
      [0, IN_TRANSACTION | OPENS_TRANSACTION, IN_TRANSACTION, IN_TRANSACTION, IN_TRANSACTION | CLOSES_TRANSACTION, 0],
    );
    assert.equal(transaction, undefined);
  });

  it('is valid up to the MULTI that is not closed', () => {
    for (const title of ['a transaction that is not closed', 'a command cut off in a transaction']) {
      const { fault, validUpTo } = of(title);
      assert.equal(fault?.kind, 'cut-off');
      assert.equal(validUpTo, set('a').length, title);
    }
    assert.equal(of('a transaction that is not closed').fault?.problem.code, 'aof-unclosed-multi');
    assert.equal(of('a command cut off in a transaction').fault?.problem.code, 'aof-cut-off');
  });

  it('tells where a server would cut', () => {
    const from = set('a').length;
    assert.equal(of('a transaction that is not closed').fault?.cutAt, from);
    // Observed: a cut inside a command leaves the beginning of the transaction behind.
    assert.equal(of('a command cut off in a transaction').fault?.cutAt, from + resp('MULTI').length + set('b').length);
    assert.equal(scanAof(bytesOf(set('a'), '#TS:1700000000\r\n', set('b').subarray(0, 20))).fault?.cutAt, from);
  });

  it('goes on where servers do and redis-check-aof does not', () => {
    const cases: [string, string, number][] = [
      ['a transaction in a transaction', 'aof-nested-multi', 7],
      ['EXEC alone', 'aof-exec-without-multi', 3],
      ['a wrong line end behind an argument', 'aof-no-crlf', 3],
      ['a wrong line end at the end of the file', 'aof-no-crlf', 2],
    ];
    for (const [title, code, commands] of cases) {
      const scanned = of(title);
      assert.equal(scanned.fault, undefined, title);
      assert.deepEqual(
        scanned.problems.map((problem) => problem.code),
        [code],
        title,
      );
      assert.equal(scanned.counted, commands, title);
      assert.equal(scanned.validUpTo, set('a').length, title);
    }
  });

  it('stops where a file ends inside a command', () => {
    for (const title of [
      'a command that is cut off',
      'a cut between CR and LF',
      'nothing but a star',
      'a length beyond the end',
    ]) {
      const { fault, validUpTo, counted } = of(title);
      assert.deepEqual([fault?.kind, fault?.problem.code, fault?.offset], ['cut-off', 'aof-cut-off', set('a').length]);
      assert.equal(validUpTo, set('a').length);
      assert.equal(counted, 1);
    }
  });

  it('stops at what is no command', () => {
    const cases: [string, string][] = [
      ['garbage', 'aof-not-command'],
      ['an inline command', 'aof-not-command'],
      ['a blank line', 'aof-not-command'],
      ['a length that is too short', 'aof-no-crlf'],
      ['a length that is too long', 'aof-no-crlf'],
      ['a negative length', 'aof-bad-length'],
      ['a header that never ends', 'aof-bad-count'],
      ['another type', 'aof-not-bulk'],
    ];
    for (const [title, code] of cases) {
      const { fault, validUpTo } = of(title);
      assert.deepEqual([fault?.kind, fault?.problem.code, fault?.offset], ['format', code, set('a').length], title);
      assert.equal(validUpTo, set('a').length, title);
    }
    assert.equal(of('line ends without CR').fault?.problem.code, 'aof-lone-lf');
  });

  it('takes commands without arguments for damage, though redis-check-aof does not', () => {
    for (const title of ['no number of arguments', 'a negative number of arguments']) {
      const scanned = of(title);
      assert.deepEqual(
        scanned.problems.map((problem) => problem.code),
        ['aof-empty-command'],
      );
      assert.equal(scanned.validUpTo, CASES[title].length);
      assert.deepEqual(
        scanned.commands.map(({ flags }) => flags),
        [0, AFTER_DAMAGE],
      );
    }
  });

  it('names the first command that no server knows', () => {
    assert.deepEqual(of('an unknown command').unknownCommand, { offset: set('a').length, name: 'NOSUCHCOMMAND' });
    assert.deepEqual(names(of('an unknown command')), ['SET', 'NOSUCHCOMMAND', 'SET']);
  });

  it('tells the keys of a command with the hash of database and name', () => {
    const bytes = CASES['keys in all places'];
    const { commands } = scanAof(bytes);
    const text = Buffer.from(bytes).toString('latin1');
    assert.deepEqual(
      commands.map(({ keys }) => keys.map((key) => text.slice(key.offset, key.offset + key.bytes))),
      [['a', 'b'], ['a', 'b'], [LONG, 'b'], ['a'], ['a', 'b', 'c'], ['a', 'b', 'c'], ['a'], [], []],
    );
    const [first] = commands[0].keys;
    assert.deepEqual({ low: first.low, high: first.high }, hashKey(0, Buffer.from('a')));
    assert.notDeepEqual(hashKey(0, Buffer.from('a')), hashKey(1, Buffer.from('a')));
    assert.equal(of('many keys').commands[0].keys.length, 5000);
  });

  it('reads on where a file has grown', () => {
    const bytes = bytesOf(
      CASES['a transaction'],
      '#TS:1700000000\r\n',
      set('d'),
      resp('MULTI'),
      set('e'),
      resp('EXEC'),
    );
    const whole = scanAof(bytes);
    for (let cut = 0; cut < bytes.length; cut++) {
      const tableOfNames = new NameTable();
      const found: ScannedCommand[] = [];
      const scanner = new AofScanner(
        {
          commands: (batch) => found.push(...commandsOf(batch, tableOfNames)),
          problem: ({ code }) => assert.fail(code),
        },
        { size: cut, keys: true, names: tableOfNames },
      );
      scanner.push(bytes, 0, cut);
      scanner.finish();
      scanner.reopen(bytes.length);
      scanner.push(bytes, scanner.wanted);
      scanner.finish();
      assert.deepEqual(found, whole.commands, `grown from ${cut}`);
      assert.deepEqual([scanner.fault, scanner.validUpTo], [undefined, bytes.length], `grown from ${cut}`);
      assert.deepEqual(scanner.timeRange, whole.timeRange);
    }
  });
});
