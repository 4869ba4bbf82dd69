/** Every kind of problem: a file that has it, the sentence that says so, and where it is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  fillTemplate,
  PARTS,
  PROBLEM_TEMPLATES,
  type ProblemCode,
  phrase,
  problemMessage,
} from '../../../src/decoder/errors.js';
import { MemorySource } from '../../../src/decoder/source.js';
import { decodeSource } from '../../corpus/decode-lines.js';
import { bytes, little, type Part } from '../support/bytes.js';
import { intset, listpack, ziplist, zipmap } from '../support/compact.js';
import {
  compressed,
  counted,
  file,
  item,
  key,
  length,
  metadataClass,
  moduleId,
  OP,
  type Stream,
  streamNode,
  streamValue,
  string,
} from '../support/rdb-writer.js';

/** A file with one key. */
const one = (type: number, value: Part, magic = 'REDIS0015') => file(magic, key(type, 'key', value));

const STREAM: Stream = {
  nodes: [
    streamNode(
      [1, 0],
      ['f'],
      [
        { ms: 0, seq: 0, values: ['a'] },
        { ms: 1, seq: 0, values: ['b'] },
      ],
    ),
  ],
  length: 2,
  last: [2, 0],
  first: [1, 0],
  maxDeleted: [0, 0],
  added: 2,
  groups: [],
  duration: 0,
  maxEntries: 0,
  producers: [],
  idsAdded: 0,
  idsDuplicate: 0,
};
const GROUP = { name: 'g', last: [1, 0], read: 1, pending: [], consumers: [], released: [] } as const;
const PENDING = { id: [1, 0], time: 0, count: 1 } as const;
const CONSUMER = { name: 'c', seen: 0, active: 0, pending: [] } as const;
const stream = (changes: Partial<Stream>) => one(27, streamValue(27, { ...STREAM, ...changes }));

type Case = readonly [code: ProblemCode, content: Uint8Array, offset: number, message: string];

const hello = length(moduleId('hellotype', 0), 64);
const VALUE = 9 + 1 + 4;

/** Codes of formats that have their own tests. */
const OTHER_FORMATS = /^(aof|manifest|resp|quote|command)-/;

const CASES: readonly Case[] = [
  [
    'not-rdb',
    bytes('PK\x03\x04 an archive'),
    0,
    'This is not an RDB file: it starts with "PK\\x03\\x04 an a", where REDIS or VALKEY and a version should stand.',
  ],
  [
    'not-rdb-aof',
    bytes('*1\r\n$4\r\nPING\r\n'),
    0,
    'This is an append-only file (AOF), not an RDB file: it starts with the command PING.',
  ],
  [
    'not-rdb-replication',
    bytes('$100\r\nREDIS0011'),
    0,
    'This is a replication stream, not an RDB file: the RDB file in it starts after the line $100.',
  ],
  ['empty-file', bytes(), 0, 'The file is empty (0 bytes).'],
  ['bad-version', bytes('REDISv2.0'), 5, 'The version in the header is v2.0, which is no RDB version.'],
  [
    'unknown-version',
    file('REDIS0099'),
    5,
    'RDB version 99 is newer than the newest known version 15; records of known types are shown.',
  ],
  [
    'foreign-version',
    file('VALKEY011'),
    6,
    'Version 11 does not go with the magic VALKEY: no server writes or loads this combination.',
  ],
  ['truncated', bytes('REDIS0011', 0, 3, 'k'), 12, 'The file ends here, 2 bytes short: the key name is cut off.'],
  [
    'length-beyond-end',
    bytes('REDIS0011', key(0, 'key', [0x42, 0xbc, 'value'])),
    VALUE,
    'The string says it has 700 bytes, but the file has only 5 left.',
  ],
  [
    'count-beyond-end',
    bytes('REDIS0011', key(2, 'key', [0x42, 0xbc, 'value'])),
    VALUE,
    'The value says it has 700 elements, but the 7 bytes left in the file cannot hold them.',
  ],
  [
    'bad-length',
    one(2, [0xa0, 'value']),
    VALUE,
    'Byte 0xa0 (160) is no length encoding, where the length of the value should stand.',
  ],
  [
    'number-out-of-range',
    file('REDIS0012', OP.slotInfo, length(16384), length(0), length(0)),
    9,
    'The slot information is 16384; it can be at most 16383.',
  ],
  ['bad-string-encoding', one(0, 0xc4), VALUE, 'Byte 0xc4 (196) is no string encoding, where the string should stand.'],
  [
    'length-is-encoded',
    one(2, [0xc0, 1]),
    VALUE,
    'Byte 0xc0 (192) starts an encoded string, where the length of the value should stand.',
  ],
  [
    'unknown-type',
    one(8, string('v')),
    9,
    'Byte 0x08 (8) is neither a value type nor an opcode of this format. No version of Redis, Valkey or KeyDB that is known writes it.',
  ],
  [
    'unknown-opcode',
    file('REDIS0011', 101),
    9,
    'Opcode 0x65 (101) (GCAS) is not documented; nothing after it can be read.',
  ],
  [
    'type-newer-than-version',
    one(20, string(listpack(['m'])), 'REDIS0010'),
    9,
    'Value type 0x14 (20) (SET_LISTPACK) is newer than RDB version 10 of this file: it exists since version 11.',
  ],
  [
    'unknown-module',
    one(6, length(moduleId('unknown-X', 0), 64)),
    VALUE + 9,
    'The value of module unknown-X has no tags (written by a Redis 4.0 release candidate): its end is unknown.',
  ],
  [
    'bad-module-item',
    one(7, [hello, item.unsigned(1), 9]),
    VALUE + 9 + 2,
    'Byte 0x09 (9) is no module item, in the value of module hellotype.',
  ],
  [
    'bad-array-tag',
    one(28, [length(1), length(0), length(0), length(4), string('v')]),
    VALUE + 3,
    'Array element with the tag 4: only 0 to 3 exist.',
  ],
  [
    'unknown-template',
    one(32, [length(5), string('v')]),
    VALUE,
    'The hash refers to template 5, which the file does not define.',
  ],
  [
    'unknown-template',
    one(30, string(listpack([5, 'v']))),
    VALUE + 1,
    'The hash refers to template 5, which the file does not define.',
  ],
  [
    'bad-lzf',
    one(0, compressed('value', bytes(4, 'valu'))),
    VALUE + 3,
    'The compressed string is damaged: a literal run goes past the compressed bytes.',
  ],
  [
    'lzf-length',
    one(0, [0xc3, length(1), length(89), 0]),
    VALUE,
    'The compressed string says it has 89 bytes, but its 1 compressed bytes cannot hold them.',
  ],
  [
    'bad-ziplist',
    one(10, string(ziplist(['a'], { count: 2 }))),
    VALUE + 1 + 14,
    'The ziplist is damaged: its header says 2 elements, it has 1.',
  ],
  ['bad-listpack', one(20, string(bytes(1, 2, 3))), VALUE + 1, 'The listpack is damaged: it has only 3 bytes.'],
  ['bad-intset', one(11, string(intset([2, 1], 2))), VALUE + 1 + 12, 'The intset is damaged: 1 stands behind 2.'],
  ['bad-zipmap', one(9, string(bytes(1, 1, 'f', 0xff))), VALUE + 1 + 4, 'The zipmap is damaged: a field has no value.'],
  [
    'bad-quicklist',
    one(18, [length(1), length(3), string(listpack(['a']))]),
    VALUE + 1,
    'The quicklist node has the container 3: only 1 (plain) and 2 (packed) exist.',
  ],
  [
    'bad-pairs',
    one(16, string(listpack(['f', 'v', 'g']))),
    VALUE,
    'The hash holds 3 elements, which is no multiple of 2.',
  ],
  ['bad-score', one(17, string(listpack(['m', 'x\n']))), VALUE + 1, '"x\\x0a" is no score.'],
  [
    'bad-field-expiry',
    one(25, [little(0, 8), string(listpack(['f', 'v', 'soon']))]),
    VALUE + 9,
    '"soon" is no field expiry.',
  ],
  ['bad-stream', stream({ length: 3 }), 9, 'The stream is damaged: it says 3 entries, it has 2.'],
  ['bad-stream', stream({ last: [1, 5] }), 9, 'The stream is damaged: entry 2-0 stands behind its last id 1-5.'],
  [
    'bad-stream',
    stream({ nodes: [...STREAM.nodes, ...STREAM.nodes], length: 4 }),
    9,
    'The stream is damaged: entry 1-0 stands behind 2-0.',
  ],
  ['bad-stream', stream({ groups: [GROUP, GROUP] }), 9, 'The stream is damaged: two groups have the name "g".'],
  [
    'bad-stream',
    stream({ groups: [{ ...GROUP, consumers: [CONSUMER, CONSUMER] }] }),
    9,
    'The stream is damaged: two consumers have the name "c".',
  ],
  [
    'bad-stream',
    stream({ groups: [{ ...GROUP, pending: [PENDING, PENDING] }] }),
    9,
    'The stream is damaged: entry 1-0 is pending twice.',
  ],
  [
    'bad-stream',
    stream({ groups: [{ ...GROUP, pending: [PENDING] }] }),
    9,
    'The stream is damaged: pending entry 1-0 belongs to no consumer.',
  ],
  [
    'bad-stream',
    stream({ groups: [{ ...GROUP, consumers: [{ ...CONSUMER, pending: [[1, 0]] }] }] }),
    9,
    'The stream is damaged: entry 1-0 is pending for a consumer, but not in its group.',
  ],
  [
    'bad-hash-template',
    one(29, [length(0), string(listpack(['a', 'b'])), string(listpack([1, 'v']))]),
    VALUE + 1 + 15,
    'The hash template is damaged: 1 values for 2 names.',
  ],
  [
    'bad-hash-template',
    one(29, [length(0), string(listpack(['a'])), string(listpack([1, 'v', 'w']))]),
    VALUE + 1 + 11 + 1,
    'The hash template is damaged: more values than its 1 names.',
  ],
  [
    'bad-hash-template',
    one(29, [length(0), string(listpack(['a'])), string(listpack(['x', 'v']))]),
    VALUE + 1 + 11 + 1,
    'The hash template is damaged: it does not start with a template id.',
  ],
  [
    'bad-hash-template',
    one(29, [length(2), string(listpack(['a'])), string(listpack([1, 'v']))]),
    VALUE,
    'The hash template is damaged: names in format 2.',
  ],
  [
    'empty-value',
    one(2, length(0)),
    9,
    'The set has no elements; servers never write this, and drop the key when loading.',
  ],
  [
    'duplicate-element',
    one(2, counted([string('a\n'), string('b'), string('a\n')])),
    9,
    'The set holds "a\\x0a" more than once.',
  ],
  [
    'duplicate-element',
    one(28, [length(2), length(0), [length(3), length(0), string('a')], [length(3), length(0), string('b')]]),
    9,
    'The array holds 3 more than once.',
  ],
  [
    'no-end-mark',
    bytes('REDIS0011', key(0, 'key', string('v'))),
    16,
    'The file ends without its end mark (opcode 255): it was cut off between two keys.',
  ],
  [
    'checksum-missing',
    bytes('REDIS0011', OP.eof, 1, 2, 3),
    10,
    'The file ends inside its checksum: 3 of 8 bytes are there.',
  ],
  [
    'checksum-mismatch',
    bytes('REDIS0011', OP.eof, little(0x0123456789abcdefn, 8)),
    10,
    'The checksum is wrong: the file says 0123456789abcdef, its bytes give 629738748d8a22c0. Some byte changed after the file was written.',
  ],
];

/** Codes that no small file gives, that are not raised by the decoder, or that the tests of modules have. */
const WITHOUT_CASE: readonly ProblemCode[] = [
  'bad-module-value',
  'too-many-templates',
  'read-error',
  'bad-module-when',
  'bad-function',
  'duplicate-key',
];

describe('a problem', () => {
  for (const [code, content, offset, message] of CASES) {
    it(`is said in a sentence, with its offset: ${code}, ${message}`, () => {
      const { problems, codes } = decodeSource(new MemorySource(content));
      assert.deepEqual(problems, [`offset ${offset}: ${message}`]);
      assert.deepEqual(codes, [code]);
    });
  }

  it('has a case here, whatever its kind', () => {
    const met = new Set<string>([...CASES.map(([code]) => code), ...WITHOUT_CASE]);
    assert.deepEqual(
      Object.keys(PROBLEM_TEMPLATES).filter((code) => !met.has(code) && !OTHER_FORMATS.test(code)),
      [],
    );
  });

  it('names the module of an item that is none, also where no key has the value', () => {
    const aux = file('REDIS0011', OP.moduleAux, hello, length(2), length(1), 9);
    assert.deepEqual(decodeSource(new MemorySource(aux)).problems, [
      'offset 21: Byte 0x09 (9) is no module item, in the value of module hellotype.',
    ]);
    const metadata = file('REDIS0013', OP.keyMeta, length(1), little(metadataClass('KMT1', 0, 0), 4), 9);
    assert.deepEqual(decodeSource(new MemorySource(metadata)).problems, [
      'offset 15: Byte 0x09 (9) is no module item, in the value of module KMT1.',
    ]);
  });

  it('is a template that is defined twice: the first one stays, for the keys behind it', () => {
    const template = (...names: string[]) =>
      bytes(OP.hashTemplate, length(1), counted(names.map((name) => string(name))));
    const value = [length(1), string('v'), string('w')];
    const content = file('REDIS0015', template('a', 'b'), key(32, 'k', value), template('c'));
    const { lines, problems } = decodeSource(new MemorySource(content));
    assert.deepEqual(problems, ['offset 24: The hash template is damaged: template 1 is defined twice.']);
    assert.deepEqual((JSON.parse(lines[0]) as { value: unknown }).value, [
      ['YQ==', 'dg=='],
      ['Yg==', 'dw=='],
    ]);
  });

  it('names the byte of an item that is none, however long its number is', () => {
    const content = one(7, [hello, length(2 ** 32 + 5), item.end]);
    assert.deepEqual(decodeSource(new MemorySource(content)).problems, [
      `offset ${VALUE + 9}: Byte 0x81 (129) is no module item, in the value of module hellotype.`,
    ]);
  });

  it('is in no file of every compact structure, sound', () => {
    const values: readonly (readonly [type: number, value: Uint8Array])[] = [
      [9, zipmap([['f', 'v']])],
      [10, ziplist(['a'])],
      [11, intset([1], 2)],
      [20, listpack(['a'])],
    ];
    for (const [type, value] of values) {
      assert.deepEqual(decodeSource(new MemorySource(one(type, string(value)))).problems, [], `type ${type}`);
    }
  });
});

describe('the sentence of a problem', () => {
  it('is filled from its arguments', () => {
    assert.equal(fillTemplate('{0} and {1}, {0}', 'a', 2), 'a and 2, a');
    assert.equal(fillTemplate('{0} {1}', '{1}', 'b'), '{1} b');
    assert.equal(fillTemplate('{2}', 'a'), '{2}');
  });

  it('is translated with its parts and phrases', () => {
    const asked: string[] = [];
    const translate = (template: string, ...args: (string | number)[]) => {
      asked.push(template);
      return fillTemplate(template.toUpperCase(), ...args);
    };
    const message = problemMessage({ code: 'truncated', args: [3, 'the listpack'] }, translate);
    assert.equal(message, 'THE FILE ENDS HERE, 3 BYTES SHORT: THE LISTPACK IS CUT OFF.');
    assert.deepEqual(asked, ['the listpack', PROBLEM_TEMPLATES.truncated]);
    assert.equal(
      problemMessage({ code: 'bad-lzf', args: [phrase('it gives more than {0} bytes', 5)] }, translate),
      'THE COMPRESSED STRING IS DAMAGED: IT GIVES MORE THAN 5 BYTES.',
    );
  });

  it('is made of templates whose placeholders are numbered from 0 on', () => {
    for (const [code, template] of Object.entries(PROBLEM_TEMPLATES)) {
      const numbers = [...new Set([...template.matchAll(/\{(\d+)\}/g)].map((match) => Number(match[1])))];
      assert.deepEqual(numbers.sort(), [...numbers.keys()], code);
    }
  });

  it('has parts that are told apart', () => {
    assert.equal(new Set(PARTS).size, PARTS.length);
  });
});
