/** What the scan tells of keys and records, beside the values. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { problemMessage } from '../../../src/decoder/errors.js';
import { BATCH_ROWS } from '../../../src/decoder/rdb/key-batch.js';
import { RdbScanner } from '../../../src/decoder/rdb/scan.js';
import { bytes, little, type Part } from '../support/bytes.js';
import {
  aux,
  compressed,
  counted,
  expireMs,
  file,
  integer,
  item,
  key,
  length,
  moduleId,
  OP,
  selectdb,
  string,
} from '../support/rdb-writer.js';
import { BIG_ENDIAN_FILE, FIRST_FILE } from '../support/samples.js';
import { type Scanned, type ScannedKey, scan } from '../support/scanned.js';

const VALUE = string('v');
const plainKey = (name: string) => key(0, name, VALUE);

/** The keys of a file without problems. */
function keysOf(magic: string, ...records: readonly Part[]): readonly ScannedKey[] {
  const { keys, problems } = scan(file(magic, ...records));
  assert.deepEqual(problems, []);
  return keys;
}

const messages = ({ problems }: Scanned) => problems.map((problem) => problemMessage(problem));

describe('the expiry of a key', () => {
  const ms = 1893456000000n;

  it('is in milliseconds or in seconds', () => {
    const keys = keysOf(
      'REDIS0011',
      [expireMs(ms), plainKey('a')],
      [OP.expireSeconds, little(1900000000, 4), plainKey('b')],
      [OP.expireSeconds, little(-1, 4), plainKey('c')],
      plainKey('d'),
    );
    assert.deepEqual(
      keys.map(({ expireAt }) => expireAt),
      [ms, 1900000000000n, -1000n, undefined],
    );
  });

  it('is exact also far away, and missing where it is -1', () => {
    const times = [0n, 1n, -2n, (1n << 53n) + 1n, (1n << 63n) - 1n, -(1n << 63n)];
    const keys = keysOf(
      'REDIS0011',
      [...times, -1n].map((time) => [expireMs(time), plainKey('k')]),
    );
    assert.deepEqual(
      keys.map(({ expireAt }) => expireAt),
      [...times, undefined],
    );
  });

  it('is of the host that wrote the file before version 9', () => {
    const { keys } = scan(BIG_ENDIAN_FILE.bytes);
    for (const [index, { expireAt }] of keys.entries()) {
      assert.equal(expireAt, index % 2 === 0 ? 4102444800000n + BigInt(index) : undefined, `key ${index}`);
    }
    const swapped = bytes(OP.expireMs, little(ms, 8).reverse());
    assert.equal(keysOf('REDIS0008', swapped, plainKey('k'))[0].expireAt, ms);
    assert.notEqual(keysOf('REDIS0009', swapped, plainKey('k'))[0].expireAt, ms);
  });

  it('is of the host that wrote the file also in seconds', () => {
    const [first] = scan(FIRST_FILE.bytes).keys;
    assert.equal(first.expireAt, 1900000000000n);
    const swapped = bytes(OP.expireSeconds, little(1900000001, 4).reverse());
    assert.equal(keysOf('REDIS0002', swapped, plainKey('k'))[0].expireAt, 1900000001000n);
  });

  it('holds for the next key only, over records that stand between', () => {
    const keys = keysOf(
      'REDIS0012',
      selectdb(1),
      expireMs(ms),
      [OP.idle, length(9)],
      selectdb(2),
      [OP.resizedb, length(2), length(1)],
      aux('name', 'value'),
      plainKey('a'),
      plainKey('b'),
    );
    assert.deepEqual(
      keys.map(({ db, expireAt, idle, freq }) => ({ db, expireAt, idle, freq })),
      [
        { db: 2, expireAt: ms, idle: 9, freq: -1 },
        { db: 2, expireAt: undefined, idle: -1, freq: -1 },
      ],
    );
  });

  it('begins the record of the key', () => {
    const [alone, first] = keysOf('REDIS0011', plainKey('a'), expireMs(ms), OP.freq, 1, plainKey('b'));
    assert.equal(alone.offset, alone.typeOffset);
    assert.equal(first.offset, alone.end);
    assert.equal(first.typeOffset, first.offset + 11);
  });
});

describe('idle time and frequency', () => {
  it('are told as they are saved', () => {
    const keys = keysOf(
      'REDIS0011',
      [OP.idle, length(0), plainKey('a')],
      [OP.idle, length(4294967296), plainKey('b')],
      [OP.freq, 0, plainKey('c')],
      [OP.freq, 255, plainKey('d')],
      plainKey('e'),
    );
    assert.deepEqual(
      keys.map(({ idle, freq }) => [idle, freq]),
      [
        [0, -1],
        [4294967296, -1],
        [-1, 0],
        [-1, 255],
        [-1, -1],
      ],
    );
  });
});

describe('databases', () => {
  it('are those that were selected before the keys', () => {
    const keys = keysOf(
      'REDIS0011',
      plainKey('a'),
      selectdb(5),
      plainKey('b'),
      selectdb(70000),
      selectdb(0),
      plainKey('c'),
    );
    assert.deepEqual(
      keys.map(({ db }) => db),
      [0, 5, 0],
    );
  });

  it('have a number that a server can be configured to have', () => {
    const { problems, keys } = scan(file('REDIS0011', OP.selectdb, length(2147483647), plainKey('k')));
    assert.deepEqual(
      problems.map((problem) => [problem.code, problem.offset, problem.severity]),
      [['number-out-of-range', 9, 'error']],
    );
    assert.equal(keys.length, 1);
    assert.deepEqual(messages(scan(file('REDIS0011', OP.selectdb, length(2147483646), plainKey('k')))), []);
  });
});

describe('a scan of many keys', () => {
  it('tells of all of them, over the limits of its batches', () => {
    for (const count of [BATCH_ROWS - 1, BATCH_ROWS, BATCH_ROWS + 1, 3 * BATCH_ROWS]) {
      for (const value of [VALUE, counted([string('m')])]) {
        const type = value === VALUE ? 0 : 2;
        const records = Array.from({ length: count }, (_, index) => [
          index % 3 === 0 ? expireMs(1893456000000 + index) : [],
          index % 5 === 0 ? [OP.freq, index % 256] : [],
          key(type, `key:${index}`, value),
        ]);
        const keys = keysOf('REDIS0011', records);
        assert.equal(keys.length, count);
        for (const [index, row] of keys.entries()) {
          assert.equal(row.expireAt, index % 3 === 0 ? 1893456000000n + BigInt(index) : undefined);
          assert.equal(row.freq, index % 5 === 0 ? index % 256 : -1);
          assert.equal(row.offset, index === 0 ? 9 : keys[index - 1].end);
        }
      }
    }
  });
});

describe('long values', () => {
  it('need not be pushed', () => {
    const content = file('REDIS0011', key(0, 'long', string('v'.repeat(10_000))), plainKey('k'));
    const ends: number[] = [];
    const scanner = new RdbScanner(
      {
        keys: (batch) => ends.push(...batch.end.subarray(0, batch.count)),
        problem: ({ code }) => assert.fail(code),
      },
      content.length,
    );
    scanner.push(content, 0, 100);
    assert.deepEqual(ends, [], 'the key is not whole yet');
    const { wanted } = scanner;
    assert.equal(wanted, 9 + 1 + 5 + 2 + 10_000);
    assert.throws(() => scanner.skipTo(wanted + 1), RangeError);
    scanner.skipTo(wanted);
    scanner.push(content, wanted);
    scanner.finish();
    assert.deepEqual(ends, [wanted, wanted + 5]);
    assert.equal(scanner.complete, true);
  });
});

describe('aux fields', () => {
  it('are told whole up to a limit, and their start beyond it', () => {
    const long = 'v'.repeat(100_000);
    const { aux: told, problems } = scan(
      file('REDIS0011', aux('a', ''), [OP.aux, string(long), integer(-5, 8)], [OP.aux, string('c'), compressed(long)]),
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      told.map(({ name, value }) => [name, value]),
      [
        ['a', ''],
        [long.slice(0, 65536), '-5'],
        ['c', long.slice(0, 65536)],
      ],
    );
  });
});

describe('types and opcodes', () => {
  it('are refused where nobody knows them, with what other servers mean by them', () => {
    const none = ' No version of Redis, Valkey or KeyDB that is known writes it.';
    const valkey = (byte: string, rest: string) =>
      `Byte ${byte} is neither a value type nor an opcode of this format.${rest}`;
    const cases: readonly (readonly [magic: string, byte: number, message: string])[] = [
      ['REDIS0011', 8, valkey('0x08 (8)', none)],
      ['REDIS0011', 34, valkey('0x22 (34)', none)],
      ['REDIS0009', 200, valkey('0xc8 (200)', none)],
      ['VALKEY080', 26, valkey('0x1a (26)', ' In files of Redis 8.6 (RDB version 13) it is STREAM_LISTPACKS_4.')],
      ['REDIS0011', 64, valkey('0x40 (64)', ' In files of KeyDB (RDB version 9) it is CRON.')],
      [
        'VALKEY080',
        OP.noEvict,
        valkey(
          '0xf0 (240)',
          ' In files of development versions of Redis after 8.10 (RDB version 15) it is KEY_NOEVICT.',
        ),
      ],
      ['VALKEY080', 242, 'Opcode 0xf2 (242) (UPDATE) is not documented; nothing after it can be read.'],
      ['REDIS0011', 100, 'Opcode 0x64 (100) (GD_DICT) is not documented; nothing after it can be read.'],
    ];
    for (const [magic, byte, message] of cases) {
      const scanned = scan(file(magic, plainKey('k'), byte, string('name'), string('value')));
      assert.deepEqual(messages(scanned), [message]);
      assert.equal(scanned.problems[0].offset, 9 + 5);
      assert.equal(scanned.keys.length, 1);
      assert.equal(scanned.complete, false);
    }
  });

  it('are read with one warning for each type that is newer than the version of the file', () => {
    const set = counted([string('m')]);
    const { keys, problems } = scan(
      file(
        'REDIS0003',
        key(5, 'a', counted([])),
        key(2, 'b', set),
        key(5, 'c', counted([])),
        key(15, 'd', new Uint8Array(5)),
      ),
    );
    assert.equal(keys.length, 4);
    assert.deepEqual(
      problems.map((problem) => [problem.severity, problem.offset, problemMessage(problem)]),
      [
        [
          'warning',
          9,
          'Value type 0x05 (5) (ZSET_2) is newer than RDB version 3 of this file: it exists since version 8.',
        ],
        [
          'warning',
          9 + 4 + 6 + 4,
          'Value type 0x0f (15) (STREAM_LISTPACKS) is newer than RDB version 3 of this file: it exists since version 9.',
        ],
      ],
    );
  });

  it('mean other things in files of Redis and of Valkey', () => {
    const time = little(-1, 8);
    const [redis] = keysOf('REDIS0012', key(22, 'h', counted([[length(0), string('f'), string('v')]])));
    const [valkey] = keysOf('VALKEY080', key(22, 'h', counted([[string('f'), string('v'), time]])));
    assert.equal(redis.elements, 1);
    assert.equal(valkey.elements, 1);
    const slots = bytes(OP.slotImport, string('job'), counted([[length(0), length(5)]]));
    assert.deepEqual(
      scan(file('VALKEY080', slots)).records.map(({ opcode }) => opcode),
      ['SLOT_IMPORT', 'EOF'],
    );
  });

  it('are reported as records, but for what belongs to a key', () => {
    const { records } = scan(
      file('REDIS0011', selectdb(0), [OP.function2, string('#!lua')], expireMs(1), plainKey('k'), [
        OP.moduleAux,
        length(moduleId('hellotype', 0), 64),
        length(2),
        length(2),
        item.end,
      ]),
    );
    assert.deepEqual(records, [
      { opcode: 'SELECTDB', offset: 9, end: 11 },
      { opcode: 'FUNCTION2', offset: 11, end: 18 },
      { opcode: 'MODULE_AUX', offset: 18 + 9 + 5, end: 18 + 9 + 5 + 13 },
      { opcode: 'EOF', offset: 45, end: 46 },
    ]);
  });
});

describe('the end of a file', () => {
  it('is followed by a checksum since version 5', () => {
    for (const version of ['0004', '0005']) {
      const content = file(`REDIS${version}`, plainKey('k'));
      const { endOffset, checkedBytes, checksum, complete } = scan(content);
      assert.equal(complete, true);
      assert.equal(endOffset, content.length);
      assert.equal(checkedBytes, version === '0004' ? content.length : content.length - 8);
      assert.equal(checksum === undefined, version === '0004');
    }
  });

  it('is where it is, also if other bytes follow', () => {
    const content = file('REDIS0011', plainKey('k'));
    const { endOffset, problems, complete } = scan(bytes(content, '*1\r\n$4\r\nPING\r\n'));
    assert.deepEqual(problems, []);
    assert.equal(complete, true);
    assert.equal(endOffset, content.length);
  });
});
