/**
 * Lengths and counts that cannot be true, in every place of the format that has one: each is refused at its offset,
 * before anything is allocated or read for it.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DecodeError, type ProblemCode } from '../../../src/decoder/errors.js';
import { openEntry } from '../../../src/decoder/rdb/entry.js';
import { opcodes } from '../../../src/decoder/rdb/opcodes.js';
import { readKeyHead, readRecord } from '../../../src/decoder/rdb/records.js';
import { verifyEntry } from '../../../src/decoder/rdb/verify.js';
import { bytes, double, little, type Part } from '../support/bytes.js';
import { listpack, lpInteger } from '../support/compact.js';
import { all } from '../support/plain.js';
import { counted, item, length, metadataClass, moduleId, OP, string } from '../support/rdb-writer.js';
import { CountedReads, fileOf, scan } from '../support/scanned.js';

const SIZES = [2n ** 32n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];
/** What stands behind a hostile field: enough for a reader that would believe the field to go on for a while. */
const FILLER = new Uint8Array(300).fill(1);
const MEMORY_LIMIT = 32 * 1024 * 1024;
const READ_LIMIT = 1024 * 1024;

/** Runs and checks that little memory was taken. */
function sparing<Result>(run: () => Result): Result {
  const used = () => {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = used();
  const result = run();
  assert.ok(used() - before < MEMORY_LIMIT, `took ${used() - before} bytes`);
  return result;
}

/** The first problem that the scan meets, over the whole and over pieces. */
function scanError(content: Uint8Array): { code: ProblemCode; offset: number } | undefined {
  const [problem] = sparing(() => scan(content)).problems;
  const [inPieces] = scan(content, [content.length - 250]).problems;
  assert.deepEqual(inPieces, problem);
  return problem && { code: problem.code, offset: problem.offset };
}

/** What is thrown when the record at an offset is read without a scan that refuses it before. */
function readError(content: Uint8Array, offset: number): { code: ProblemCode; offset: number } | undefined {
  const source = new CountedReads(content);
  const file = { ...fileOf(source, scan(content.slice(0, 9))), templates: new Map() };
  try {
    sparing(() => {
      const opcode = opcodes(file.header.family)[content[offset]];
      if (!opcode) {
        verifyEntry(openEntry(file, offset), offset);
      } else if (opcode.ofKey) {
        readKeyHead(source, offset, content.length, file.header);
      } else {
        const { content: said } = readRecord(source, offset, file.header.family);
        if (said.kind === 'module-aux') all(said.items, () => undefined);
      }
    });
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { code: error.code, offset: error.offset };
  } finally {
    assert.ok(source.count < READ_LIMIT, `read ${source.count} bytes`);
  }
  return undefined;
}

const named = (type: number, ...value: readonly Part[]) => bytes(type, string('key'), value);
const ONE = length(1);
const ID = new Uint8Array(16);
const TIME = little(4102444800000, 8);
const module = (name: string) => length(moduleId(name, 0), 64);
const STREAM = [length(0), length(0), length(1), length(1)];
const COUNTERS = [length(1), length(1), length(0), length(0), length(0)];
const GROUP = [ONE, string('group'), length(1), length(1), length(1)];
const META = [ONE, little(metadataClass('KMT1', 0, 0), 4)];

/** The first bytes of a record up to a field. */
type Place = readonly [title: string, magic: string, before: Uint8Array];

/** Every place where the length of a string stands. */
const STRINGS: readonly Place[] = [
  ['the name of a key', 'REDIS0011', bytes(0)],
  ['a string', 'REDIS0011', named(0)],
  ['an element of a list', 'REDIS0011', named(1, ONE)],
  ['a member of a set', 'REDIS0011', named(2, ONE)],
  ['a member of a zset with scores as text', 'REDIS0011', named(3, ONE)],
  ['a field of a hash', 'REDIS0011', named(4, ONE)],
  ['a value of a hash', 'REDIS0011', named(4, ONE, string('f'))],
  ['a member of a zset', 'REDIS0011', named(5, ONE)],
  ['a zipmap', 'REDIS0011', named(9)],
  ['a ziplist of a list', 'REDIS0011', named(10)],
  ['an intset', 'REDIS0011', named(11)],
  ['a ziplist of a zset', 'REDIS0011', named(12)],
  ['a ziplist of a hash', 'REDIS0011', named(13)],
  ['a node of a quicklist', 'REDIS0011', named(14, ONE)],
  ['the id of a stream node', 'REDIS0011', named(15, ONE)],
  ['a stream node', 'REDIS0011', named(15, ONE, string(ID))],
  ['a listpack of a hash', 'REDIS0011', named(16)],
  ['a listpack of a zset', 'REDIS0011', named(17)],
  ['a plain node of a quicklist 2', 'REDIS0011', named(18, ONE, length(1))],
  ['a packed node of a quicklist 2', 'REDIS0011', named(18, ONE, length(2))],
  ['a listpack of a set', 'REDIS0011', named(20)],
  ['a field behind its expiry, release candidate', 'REDIS0012', named(22, ONE, length(0))],
  ['a value behind its expiry, release candidate', 'REDIS0012', named(22, ONE, length(0), string('f'))],
  ['a listpack with field expiry, release candidate', 'REDIS0012', named(23)],
  ['a field behind its expiry', 'REDIS0012', named(24, TIME, ONE, length(0))],
  ['a value behind its expiry', 'REDIS0012', named(24, TIME, ONE, length(0), string('f'))],
  ['a listpack with field expiry', 'REDIS0012', named(25, TIME)],
  ['a field of a hash of Valkey', 'VALKEY080', named(22, ONE)],
  ['a value of a hash of Valkey', 'VALKEY080', named(22, ONE, string('f'))],
  ['the name of a group', 'REDIS0011', named(15, STREAM, ONE)],
  ['the name of a consumer', 'REDIS0011', named(21, STREAM, COUNTERS, GROUP, length(0), ONE)],
  ['the name of a producer', 'REDIS0013', named(26, STREAM, COUNTERS, length(0), ONE, ONE, ONE)],
  ['an id of a producer', 'REDIS0013', named(26, STREAM, COUNTERS, length(0), ONE, ONE, ONE, string('p'), ONE)],
  ['an element of an array', 'REDIS0014', named(28, ONE, length(0), length(0), length(0))],
  ['a short element of an array', 'REDIS0014', named(28, ONE, length(0), length(0), length(3))],
  ['names of a template hash', 'REDIS0015', named(29, length(0))],
  ['a name of a template hash', 'REDIS0015', named(29, length(1), ONE)],
  ['a listpack of a template hash', 'REDIS0015', named(29, length(1), ONE, string('f'))],
  ['a value of a template array', 'REDIS0015', named(31, length(1), ONE, string('f'))],
  ['a string of a module value', 'REDIS0011', named(7, module('unknown-X'), 5)],
  ['a script', 'REDIS0009', named(64)],
  ['a key of a script', 'REDIS0009', named(64, string('s'), TIME, TIME, ONE)],
  ['an argument of a script', 'REDIS0009', named(64, string('s'), TIME, TIME, length(0), ONE)],
  ['the name of an aux field', 'REDIS0011', bytes(OP.aux)],
  ['the value of an aux field', 'REDIS0011', bytes(OP.aux, string('name'))],
  ['a function library', 'REDIS0011', bytes(OP.function2)],
  ['the name of an early function library', 'REDIS0010', bytes(OP.functionPreGa)],
  ['the engine of an early function library', 'REDIS0010', bytes(OP.functionPreGa, string('l'))],
  [
    'the description of an early function library',
    'REDIS0010',
    bytes(OP.functionPreGa, string('l'), string('LUA'), ONE),
  ],
  [
    'the code of an early function library',
    'REDIS0010',
    bytes(OP.functionPreGa, string('l'), string('LUA'), length(0)),
  ],
  ['a string of module data', 'REDIS0011', bytes(OP.moduleAux, module('hellotype'), length(2), ONE, 5)],
  ['the job of a slot import', 'VALKEY080', bytes(OP.slotImport)],
  ['a name of a hash template', 'REDIS0015', bytes(OP.hashTemplate, ONE, ONE)],
  ['a string of key metadata', 'REDIS0013', bytes(OP.keyMeta, META, 5)],
];

/** Every place where a number of elements stands. */
const COUNTS: readonly Place[] = [
  ['elements of a list', 'REDIS0011', named(1)],
  ['members of a set', 'REDIS0011', named(2)],
  ['members of a zset with scores as text', 'REDIS0011', named(3)],
  ['fields of a hash', 'REDIS0011', named(4)],
  ['members of a zset', 'REDIS0011', named(5)],
  ['nodes of a quicklist', 'REDIS0011', named(14)],
  ['nodes of a quicklist 2', 'REDIS0011', named(18)],
  ['fields with expiry, release candidate', 'REDIS0012', named(22)],
  ['fields with expiry', 'REDIS0012', named(24, TIME)],
  ['fields with expiry of Valkey', 'VALKEY080', named(22)],
  ['nodes of a stream', 'REDIS0011', named(15)],
  ['groups of a stream', 'REDIS0011', named(15, STREAM)],
  ['pending entries of a group', 'REDIS0011', named(21, STREAM, COUNTERS, GROUP)],
  ['consumers of a group', 'REDIS0011', named(21, STREAM, COUNTERS, GROUP, length(0))],
  [
    'pending entries of a consumer',
    'REDIS0011',
    named(21, STREAM, COUNTERS, GROUP, length(0), ONE, string('c'), TIME, TIME),
  ],
  ['released entries of a group', 'REDIS0014', named(27, STREAM, COUNTERS, GROUP, length(0), length(0))],
  ['producers of a stream', 'REDIS0013', named(26, STREAM, COUNTERS, length(0), ONE, ONE)],
  ['ids of a producer', 'REDIS0013', named(26, STREAM, COUNTERS, length(0), ONE, ONE, ONE, string('p'))],
  ['elements of an array', 'REDIS0014', named(28)],
  ['names of a template hash', 'REDIS0015', named(29, length(1))],
  ['names of a template array', 'REDIS0015', named(31, length(1))],
  ['keys of a script', 'REDIS0009', named(64, string('s'), TIME, TIME)],
  ['arguments of a script', 'REDIS0009', named(64, string('s'), TIME, TIME, length(0))],
  ['ranges of a slot import', 'VALKEY080', bytes(OP.slotImport, string('job'))],
  ['names of a hash template', 'REDIS0015', bytes(OP.hashTemplate, ONE)],
  ['classes of key metadata', 'REDIS0013', bytes(OP.keyMeta)],
];

/** A file with a record at its offset 9, in which a hostile field stands. */
function hostile([, magic, before]: Place, field: Part): { content: Uint8Array; offset: number } {
  return { content: bytes(magic, before, field, FILLER), offset: 9 + before.length };
}

describe('the length of a string that the file cannot hold', () => {
  for (const place of STRINGS) {
    it(`is refused at its offset: ${place[0]}`, () => {
      for (const size of SIZES) {
        const fields: readonly (readonly [field: Part, code: ProblemCode])[] = [
          [length(size, size < 2n ** 32n ? 32 : 64), 'length-beyond-end'],
          [[0xc3, length(size), length(5)], 'length-beyond-end'],
          [[0xc3, length(5), length(size)], 'lzf-length'],
          [[0xc3, length(5), length(5 * 88 + 1)], 'lzf-length'],
        ];
        for (const [field, code] of fields) {
          const { content, offset } = hostile(place, field);
          assert.deepEqual(scanError(content), { code, offset }, `scan: ${size}, ${code}`);
          assert.deepEqual(readError(content, 9), { code, offset }, `value: ${size}, ${code}`);
        }
      }
    });
  }
});

describe('a count that the file cannot hold', () => {
  for (const place of COUNTS) {
    it(`is refused at its offset: ${place[0]}`, () => {
      for (const size of [1000n, ...SIZES]) {
        const { content, offset } = hostile(place, length(size));
        assert.deepEqual(scanError(content), { code: 'count-beyond-end', offset }, `scan: ${size}`);
        assert.deepEqual(readError(content, 9), { code: 'count-beyond-end', offset }, `value: ${size}`);
      }
    });
  }
});

describe('a number that is no count of bytes', () => {
  const numbers: readonly Place[] = [
    ['an idle time', 'REDIS0011', bytes(OP.idle)],
    ['a size hint', 'REDIS0011', bytes(OP.resizedb)],
    ['an id of a hash template', 'REDIS0015', bytes(OP.hashTemplate)],
    ['keys of a slot', 'REDIS0012', bytes(OP.slotInfo, ONE)],
    ['entries of a stream', 'REDIS0011', named(15, length(0))],
  ];
  for (const place of numbers) {
    it(`may be as large as it likes: ${place[0]}`, () => {
      for (const size of SIZES) {
        const content = bytes(
          'REDIS0015',
          place[2],
          length(size),
          length(0),
          length(0),
          length(0),
          OP.eof,
          little(0, 8),
        );
        const { problems } = sparing(() => scan(content));
        assert.deepEqual(
          problems.filter(({ code }) => code.includes('beyond')),
          [],
        );
      }
    });
  }
});

describe('a compact structure that says more than it has', () => {
  const node = (...elements: Parameters<typeof listpack>[0]) =>
    named(15, counted([[string(ID), string(listpack(elements))]]), length(1), length(1), length(1), length(0));
  const huge = [2n ** 31n, 2n ** 53n, 2n ** 63n - 1n];

  it('is refused where a stream node says it has many fields', () => {
    for (const size of huge) {
      const content = bytes('REDIS0011', node(1, 0, lpInteger(size, 64), 'field', 0), FILLER);
      assert.equal(readError(content, 9)?.code, 'bad-stream');
    }
  });

  it('is refused where a stream entry says it has many fields', () => {
    for (const size of huge) {
      const content = bytes('REDIS0011', node(1, 0, 0, 0, 0, 0, 0, lpInteger(size, 64), 'field', 'value'), FILLER);
      assert.equal(readError(content, 9)?.code, 'bad-stream');
    }
  });

  it('is refused where a stream node says it has many entries', () => {
    for (const size of huge) {
      const content = bytes('REDIS0011', node(lpInteger(size, 64), 0, 0, 0), FILLER);
      assert.equal(readError(content, 9)?.code, 'bad-stream');
    }
  });

  it('is refused where its numbers are negative', () => {
    for (const elements of [
      [-1, 0, 0, 0],
      [0, -1, 0, 0],
      [0, 0, -1, 0],
      [1, 0, 0, 0, 0, 0, 0, -1, 3],
    ]) {
      assert.equal(readError(bytes('REDIS0011', node(...elements), FILLER), 9)?.code, 'bad-stream');
    }
  });

  it('is refused where names of a template hash are more than its header can count', () => {
    const names = named(31, length(0), string(listpack(['a', 'b'], 65535)));
    const content = bytes('REDIS0015', names, string('v'), string('w'), OP.eof, little(0, 8));
    assert.deepEqual(scanError(content), { code: 'bad-hash-template', offset: 9 + 5 });
  });
});

describe('a module value that says more than it has', () => {
  const vector = (dimension: bigint, size: bigint, ...rest: readonly Part[]) =>
    named(
      7,
      module('vectorset'),
      [dimension, size, 0n, 0n].map((value) => item.unsigned(value)),
      rest,
    );

  it('is refused where it has fewer numbers than it says', () => {
    for (const size of SIZES) {
      const content = bytes(
        'REDIS0011',
        named(7, module('hellotype'), item.unsigned(size), item.unsigned(1), item.end),
      );
      assert.equal(readError(content, 9)?.code, 'bad-module-value');
    }
  });

  it('is refused where it has fewer numbers than it says, without tags', () => {
    for (const size of SIZES) {
      const content = bytes('REDIS0008', named(6, module('hellotype'), length(size)), FILLER);
      assert.deepEqual(scanError(content), { code: 'count-beyond-end', offset: 9 + 5 + 9 });
      assert.notEqual(readError(content, 9), undefined);
    }
  });

  it('is refused where its vectors have fewer components than it says', () => {
    for (const size of SIZES) {
      const element = [item.string('name'), item.string(new Uint8Array(8)), item.unsigned(1), item.unsigned(1)];
      const content = bytes('REDIS0011', vector(size, 1n, element, item.end), FILLER);
      assert.equal(readError(content, 9)?.code, 'bad-module-value');
    }
  });

  it('is refused where it has fewer vectors or links than it says', () => {
    for (const size of SIZES) {
      const element = [item.string('name'), item.string(new Uint8Array(8)), item.unsigned(size), item.unsigned(1)];
      for (const content of [vector(2n, size, item.end), vector(2n, 1n, element, item.end)]) {
        assert.equal(readError(bytes('REDIS0011', content, FILLER), 9)?.code, 'bad-module-value');
      }
    }
  });
});

describe('compressed strings in a small file', () => {
  it('may not stand for more than the file can mean', () => {
    // The densest compression there is: 264 bytes from each reference of three.
    const packed = bytes(
      0,
      'a',
      Array.from({ length: 3000 }, () => [0xe0, 255, 0]),
    );
    const size = 1 + 3000 * 264;
    const content = bytes(
      'REDIS0011',
      Array.from({ length: 20 }, (_, index) => [
        2,
        string(`key ${index}`),
        ONE,
        0xc3,
        length(packed.length),
        length(size),
        packed,
      ]),
      OP.eof,
      little(0, 8),
    );
    const { keys, problems } = sparing(() => scan(content));
    assert.deepEqual(problems, []);
    const file = fileOf(new CountedReads(content), scan(content));
    sparing(() => {
      for (const { typeOffset, end } of keys) verifyEntry(openEntry(file, typeOffset, end), typeOffset);
    });
  });
});

describe('scores', () => {
  it('are refused where they are none', () => {
    const cases: readonly (readonly [value: Uint8Array, offset: number, message: string])[] = [
      [named(3, ONE, string('m'), 253), 8, 'NaN is no score.'],
      [named(3, ONE, string('m'), 0), 8, 'An empty text is no score.'],
      [named(3, ONE, string('m'), 3, 'abc'), 8, '"abc" is no score.'],
      [named(5, ONE, string('m'), double(Number.NaN)), 8, 'NaN is no score.'],
    ];
    for (const [value, offset, message] of cases) {
      const content = bytes('REDIS0011', value, FILLER);
      const file = fileOf(new CountedReads(content), scan(content));
      assert.throws(
        () => verifyEntry(openEntry(file, 9), 9),
        (error) => error instanceof DecodeError && error.message === message && error.offset === 9 + offset,
        message,
      );
    }
  });
});
