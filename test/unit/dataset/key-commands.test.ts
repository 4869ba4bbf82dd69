/** The commands that build a key again: their order, their arguments, what needs RESTORE. Servers judge them too. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Command, keyCommands, restoreCommand } from '../../../src/dataset/key-commands.js';
import { streamCommandLosses, valueCommands } from '../../../src/dataset/value-commands.js';
import { DumpError, openDump, planDump } from '../../../src/decoder/rdb/dump.js';
import { openEntry } from '../../../src/decoder/rdb/entry.js';
import { wholeText } from '../../../src/decoder/rdb/string.js';
import type { Millis } from '../../../src/decoder/rdb/value-model.js';
import { bytes, characters, double, little, type Part } from '../support/bytes.js';
import { listpack } from '../support/compact.js';
import { indexed } from '../support/indexed.js';
import {
  counted,
  expireMs,
  file,
  key,
  length,
  moduleValue,
  type Stream,
  streamNode,
  streamValue,
  string,
} from '../support/rdb-writer.js';
import { RELEASED } from '../support/stream-samples.js';

/** Where the commands come from: the only key of a file. */
function placeOf(record: Part, limit = 1 << 20, magic = 'REDIS0011') {
  const { file: opened, index, problems } = indexed(file(magic, record));
  assert.deepEqual(problems, []);
  const fact = index.fact(0);
  const end = fact.offset + fact.size;
  const expireAt: Millis | undefined = fact.expireAt;
  return { file: opened, entry: openEntry(opened, fact.typeOffset, end), end, expireAt, limit };
}

const lines = (commands: Iterable<Command>) => [...commands].map((command) => command.map(characters));
const commandsOf = (record: Part, magic?: string) => lines(keyCommands(placeOf(record, undefined, magic)));

describe('the commands for a key', () => {
  it('set a string, and its expiry after it', () => {
    assert.deepEqual(commandsOf(key(0, 'k\x00', string('v\xff'))), [['SET', 'k\x00', 'v\xff']]);
    assert.deepEqual(commandsOf([expireMs(2n ** 60n + 1n), key(0, 'k', string(''))]), [
      ['SET', 'k', ''],
      ['PEXPIREAT', 'k', String(2n ** 60n + 1n)],
    ]);
  });

  it('push the elements of a list in their order, 64 with one command', () => {
    const items = Array.from({ length: 130 }, (_, i) => `e${i}`);
    const commands = commandsOf(key(1, 'l', counted(items.map((text) => string(text)))));
    assert.deepEqual(
      commands.map((command) => command.length - 2),
      [64, 64, 2],
    );
    assert.ok(commands.every(([name, to]) => name === 'RPUSH' && to === 'l'));
    assert.deepEqual(
      commands.flatMap((command) => command.slice(2)),
      items,
    );
  });

  it('give scores that are read back exactly, −0 when the set is large', () => {
    const scores = [0.1, -0, 1e300, 5e-324, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3, 2 ** 53];
    const members = scores.map((score, i) => [string(`m${i}`), double(score)]);
    const [[name, to, ...args], ...others] = commandsOf(key(5, 'z', counted(members)));
    assert.deepEqual([name, to, others], ['ZADD', 'z', []]);
    const given = args.filter((_, i) => i % 2 === 0);
    assert.deepEqual(given, ['0.1', '1e+300', '5e-324', 'inf', '-inf', '3', '9007199254740992', '-0']);
  });

  it('give fields of a hash their own expiries', () => {
    const value = [
      little(1000, 8),
      counted([
        [length(0), string('a'), string('1')],
        [length(5), string('b'), string('2')],
      ]),
    ];
    assert.deepEqual(commandsOf(key(24, 'h', value), 'REDIS0012'), [
      ['HSET', 'h', 'a', '1', 'b', '2'],
      ['HPEXPIREAT', 'h', '1004', 'FIELDS', '1', 'b'],
    ]);
  });

  const stream: Stream = {
    nodes: [streamNode([5, 1], ['f'], [{ ms: 0, seq: 0, values: ['v'] }])],
    length: 1,
    last: [9, 9],
    first: [5, 1],
    maxDeleted: [7, 0],
    added: 3,
    groups: [
      {
        name: 'g',
        last: [5, 1],
        read: 1,
        pending: [{ id: [5, 1], time: 77, count: 2 }],
        consumers: [
          { name: 'c', seen: 1, active: 1, pending: [[5, 1]] },
          { name: 'idle', seen: 1, active: 1, pending: [] },
        ],
        released: [],
      },
    ],
    duration: 0,
    maxEntries: 0,
    producers: [],
    idsAdded: 0,
    idsDuplicate: 0,
  };

  it('build a stream with its counters, groups, consumers and pending entries', () => {
    assert.deepEqual(commandsOf(key(19, 's', streamValue(19, stream))), [
      ['XADD', 's', '5-1', 'f', 'v'],
      ['XSETID', 's', '9-9', 'ENTRIESADDED', '3', 'MAXDELETEDID', '7-0'],
      ['XGROUP', 'CREATE', 's', 'g', '5-1', 'ENTRIESREAD', '1'],
      ['XGROUP', 'CREATECONSUMER', 's', 'g', 'c'],
      ['XCLAIM', 's', 'g', 'c', '0', '5-1', 'TIME', '77', 'RETRYCOUNT', '2', 'JUSTID', 'FORCE'],
      ['XGROUP', 'CREATECONSUMER', 's', 'g', 'idle'],
    ]);
  });

  it('restore a stream with a pending entry that was deleted: no command makes one', () => {
    const [group] = stream.groups;
    const pendingAt = (...ids: readonly (readonly [number, number])[]) => ({
      ...stream,
      groups: [{ ...group, pending: ids.map((id) => ({ id, time: 77, count: 2 })), consumers: [] }],
    });
    for (const [ids, name] of [
      [[[5, 0]], 'RESTORE'],
      [[[5, 2]], 'RESTORE'],
      [
        [
          [4, 9],
          [5, 1],
        ],
        'RESTORE',
      ],
      [
        [
          [5, 1],
          [6, 0],
        ],
        'RESTORE',
      ],
      [[[5, 1]], 'XADD'],
      [[], 'XADD'],
    ] as const) {
      assert.equal(commandsOf(key(19, 's', streamValue(19, pendingAt(...ids))))[0][0], name, JSON.stringify(ids));
    }
  });

  it('restore what no commands build', () => {
    const place = placeOf(key(7, 'm', moduleValue('nobodyhas', 0, [])));
    const [command, ...others] = [...keyCommands(place)];
    assert.deepEqual(others, []);
    assert.deepEqual(command.slice(0, 3).map(characters), ['RESTORE', 'm', '0']);
    assert.deepEqual(command, restoreCommand(place));
  });
});

describe('the RESTORE command', () => {
  it('has the value as DUMP gives it, and the time of its expiry', () => {
    const value = string(listpack(['a', 'b']));
    const [name, to, ttl, payload, flag] = restoreCommand(placeOf([expireMs(12345), key(20, 'k', value)]));
    assert.deepEqual([name, to, ttl, flag].map(characters), ['RESTORE', 'k', '12345', 'ABSTTL']);
    assert.deepEqual(payload.subarray(0, 1 + value.length), bytes(20, value));
    const { type, version, intact } = openDump(payload);
    assert.deepEqual([type.code, version, intact], [20, 11, true]);
  });

  it('is refused where it would be larger than allowed', () => {
    const place = placeOf(key(0, 'k', string('x'.repeat(100))), 50);
    assert.throws(
      () => restoreCommand(place),
      (error) => error instanceof DumpError && error.reason === 'too-large',
    );
  });

  it('is read from the file in pieces of any size, with the version that is wanted', () => {
    const place = placeOf(key(0, 'k', string('x'.repeat(100))));
    for (const most of [1, 7, 100, 1000]) {
      const { size, pieces } = planDump(place.file, place.entry, place.end, 6);
      const payload = Buffer.concat([...pieces(most)]);
      assert.equal(payload.length, size);
      const { type, version, intact } = openDump(payload);
      assert.deepEqual([type.code, version, intact], [0, 6, true]);
    }
  });
});

describe('the commands for a server', () => {
  const LINES = [
    { make: 'redis', level: 302, pieceBytes: 4, lines: [['HMSET', 'h', 'a', '1']] },
    { make: 'redis', level: 400, pieceBytes: 4, lines: [['HSET', 'h', 'a', '1']] },
  ];
  for (const { lines: expected, ...dialect } of LINES) {
    it(`of level ${dialect.level} use what it understands`, () => {
      const { entry } = placeOf(key(4, 'h', counted([[string('a'), string('1')]])));
      const commands = [...valueCommands(entry.key, entry.value, dialect)];
      assert.deepEqual(
        commands.map((command) => command.map((text) => characters(wholeText(text, 'the value')))),
        expected,
      );
    });
  }

  it('bring back what producers sent and what was handed back, where it keeps that', () => {
    const { entry } = placeOf(key(27, 's', streamValue(27, RELEASED)), undefined, 'REDIS0014');
    assert.ok(entry.value.type === 'stream');
    const last = (make: string, level: number) => {
      const commands = [...valueCommands(entry.key, entry.value, { make, level, pieceBytes: 1000 })];
      const words = commands.map((command) =>
        command.map((text) => characters(wholeText(text, 'the value'))).join(' '),
      );
      return words.filter((line) => /^(XNACK|XCFGSET|XIDMPRECORD)/.test(line));
    };
    const limits = 'XCFGSET s IDMP-DURATION 100 IDMP-MAXSIZE 70000';
    assert.deepEqual(last('redis', 808), [
      'XNACK s g1 FAIL IDS 1 1010-0 RETRYCOUNT 70000 FORCE',
      limits,
      'XIDMPRECORD s p1 i1 1000-5',
      'XIDMPRECORD s p1 i2 1010-0',
    ]);
    assert.deepEqual(last('redis', 806), [limits]);
    assert.deepEqual([last('redis', 804), last('valkey', 901)], [[], []]);
    const lost = { producers: true, released: true };
    for (const level of [702, 806]) {
      assert.deepEqual(streamCommandLosses(entry.value, { make: 'redis', level, pieceBytes: 1 }), lost);
    }
    const kept = { producers: false, released: false };
    assert.deepEqual(streamCommandLosses(entry.value, { make: 'redis', level: 808, pieceBytes: 1 }), kept);
    assert.deepEqual(streamCommandLosses(entry.value, { make: 'valkey', level: 901, pieceBytes: 1 }), lost);
  });

  it('append the rest of a string that is larger than a piece', () => {
    const text = 'abcdefghij'.repeat(10_000);
    const { entry } = placeOf(key(0, 'k', string(text)));
    const commands = [...valueCommands(entry.key, entry.value, { make: 'redis', level: 700, pieceBytes: 30_000 })];
    assert.deepEqual(
      commands.map(([name, , piece]) => [characters(wholeText(name, 'the value')), piece.length]),
      [
        ['SET', 30_000],
        ['APPEND', 30_000],
        ['APPEND', 30_000],
        ['APPEND', 10_000],
      ],
    );
    assert.equal(commands.map(([, , piece]) => characters(wholeText(piece, 'the value'))).join(''), text);
  });
});
