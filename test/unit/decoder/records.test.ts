/** Records that are no keys, and what stands before the type byte of a key. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DecodeError } from '../../../src/decoder/errors.js';
import { type KeyHead, readKeyHead, readRecord } from '../../../src/decoder/rdb/records.js';
import { MemorySource } from '../../../src/decoder/source.js';
import { bytes, little, type Part } from '../support/bytes.js';
import { TEMPLATES } from '../support/newer-samples.js';
import { all, plainContent, plainItem, text } from '../support/plain.js';
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
  metadataClass,
  moduleId,
  OP,
  selectdb,
  string,
} from '../support/rdb-writer.js';
import { REDIS_FILE, SAMPLE_FILES } from '../support/samples.js';
import { ShortReads, scan } from '../support/scanned.js';

/** What a record says that stands alone at an offset. */
function contentOf(record: Part, family: 'redis' | 'valkey' = 'redis'): unknown {
  const content = bytes('??', record);
  const { offset, end, content: said } = readRecord(new MemorySource(bytes(content, '!!')), 2, family);
  assert.equal(offset, 2);
  assert.equal(end, content.length, 'end');
  return plainContent(said);
}

describe('a record', () => {
  const id = length(moduleId('hellotype', 3), 64);
  const cases: readonly (readonly [title: string, record: Part, expected: unknown])[] = [
    ['SELECTDB', selectdb(70000), { kind: 'selectdb', db: 70000 }],
    ['RESIZEDB', bytes(OP.resizedb, length(70000), length(3)), { kind: 'resizedb', keys: 70000, expires: 3 }],
    ['AUX', aux('redis-ver', '7.2.4'), { kind: 'aux', name: 'redis-ver', value: '7.2.4' }],
    [
      'AUX of other encodings',
      bytes(OP.aux, compressed('n'.repeat(50)), integer(64, 8)),
      { kind: 'aux', name: 'n'.repeat(50), value: '64' },
    ],
    [
      'SLOT_INFO',
      bytes(OP.slotInfo, length(16383), length(100), length(5)),
      { kind: 'slot-info', slot: 16383, keys: 100, expires: 5 },
    ],
    ['SLOT_NUM', bytes(OP.slotNum, length(12182)), { kind: 'number', value: 12182n }],
    [
      'FUNCTION2',
      bytes(OP.function2, string('#!lua name=mylib\nreturn 1')),
      { kind: 'function', name: 'mylib', engine: 'lua', description: undefined, code: '#!lua name=mylib\nreturn 1' },
    ],
    [
      'FUNCTION2 without a first line',
      bytes(OP.function2, string('return 1')),
      { kind: 'function', name: '', engine: '', description: undefined, code: 'return 1' },
    ],
    [
      'FUNCTION_PRE_GA',
      bytes(OP.functionPreGa, string('lib'), string('LUA'), length(1), string('about'), string('return 2')),
      { kind: 'function', name: 'lib', engine: 'LUA', description: 'about', code: '#!lua name=lib\nreturn 2' },
    ],
    [
      'FUNCTION_PRE_GA without a description',
      bytes(OP.functionPreGa, string('lib'), string('LUA'), length(0), compressed('x'.repeat(99))),
      {
        kind: 'function',
        name: 'lib',
        engine: 'LUA',
        description: undefined,
        code: `#!lua name=lib\n${'x'.repeat(99)}`,
      },
    ],
    [
      'MODULE_AUX',
      bytes(OP.moduleAux, id, length(2), length(2), item.string('after'), item.unsigned(1), item.end),
      {
        kind: 'module-aux',
        module: { name: 'hellotype', version: 3 },
        when: 2,
        items: [
          ['string', 'after'],
          ['unsigned', 1n],
        ],
      },
    ],
    [
      'HASH_TEMPLATE',
      bytes(OP.hashTemplate, length(1n << 63n), counted([string('a'), compressed('b'.repeat(30))])),
      { kind: 'template', id: 1n << 63n, names: ['a', 'b'.repeat(30)] },
    ],
    ['EOF', bytes(OP.eof), { kind: 'end' }],
  ];
  for (const [title, record, expected] of cases) {
    it(`is read to its end: ${title}`, () => assert.deepEqual(contentOf(record), expected));
  }

  it('is read to its end: SLOT_IMPORT of Valkey', () => {
    const ranges = counted([
      [length(0), length(100)],
      [length(200), length(16383)],
    ]);
    assert.deepEqual(contentOf(bytes(OP.slotImport, string('job'), ranges), 'valkey'), {
      kind: 'slot-import',
      job: 'job',
      ranges: [
        [0, 100],
        [200, 16383],
      ],
    });
  });

  it('has a name also if its code is long and the source reads little at a time', () => {
    const code = `#!lua name=long\n${'x'.repeat(100_000)}`;
    const source = new ShortReads(bytes(OP.function2, string(code)), 5);
    const { content } = readRecord(source, 0, 'redis');
    assert.ok(content.kind === 'function');
    assert.equal(content.library.name, 'long');
    assert.equal(text(content.library.code), code);
  });

  it('is not what belongs to a key, or is unknown', () => {
    for (const byte of [OP.expireMs, OP.expireSeconds, OP.idle, OP.freq, OP.keyMeta, OP.noEvict, 0, 200]) {
      assert.throws(
        () => readRecord(new MemorySource(bytes('?', byte, new Uint8Array(20))), 1, 'redis'),
        (error) => error instanceof DecodeError && error.code === 'unknown-type' && error.offset === 1,
        `byte ${byte}`,
      );
    }
  });

  it('is where the scan found it, in every sample file', () => {
    for (const { title, bytes: content } of SAMPLE_FILES) {
      const scanned = scan(content);
      const family = scanned.header?.family ?? 'redis';
      const source = new MemorySource(content);
      for (const { opcode, offset, end } of scanned.records) {
        const record = readRecord(source, offset, family);
        assert.deepEqual([record.opcode.name, record.end], [opcode, end], `${title}, offset ${offset}`);
      }
      for (const { name, value, offset, end } of scanned.aux) {
        const record = readRecord(source, offset, family);
        assert.deepEqual(plainContent(record.content), { kind: 'aux', name, value }, title);
        assert.equal(record.end, end);
      }
    }
  });

  it('defines the templates that the scan tells of', () => {
    const { templates } = scan(REDIS_FILE.bytes);
    const source = new MemorySource(REDIS_FILE.bytes);
    assert.deepEqual(
      [...templates.keys()],
      TEMPLATES.map(({ id: template }) => template),
    );
    for (const { id: template, names } of TEMPLATES) {
      const place = templates.get(template);
      assert.equal(place?.fields, names.length);
      const record = readRecord(source, place?.offset ?? -1, 'redis');
      assert.deepEqual(plainContent(record.content), { kind: 'template', id: template, names });
    }
  });
});

describe('the head of a key', () => {
  /** What stands before a key, read back from a file where the scan found the key. */
  function headOf(...head: readonly Part[]): KeyHead {
    const content = file('REDIS0015', selectdb(0), head, key(0, 'k', string('v')));
    const { keys, problems } = scan(content);
    assert.deepEqual(problems, []);
    assert.equal(keys.length, 1);
    return readKeyHead(new MemorySource(content), keys[0].offset, keys[0].typeOffset, { family: 'redis', version: 11 });
  }

  it('is empty for most keys', () => {
    assert.deepEqual(headOf(), { metadata: [], notes: [] });
  });

  it('has expiry, idle time and frequency in any order', () => {
    const expected = { expireAt: 1893456000000n, idleSeconds: 70000, freq: 200, metadata: [], notes: [] };
    const parts = [expireMs(1893456000000), bytes(OP.idle, length(70000)), bytes(OP.freq, 200)] as const;
    assert.deepEqual(headOf(...parts), expected);
    assert.deepEqual(headOf(...[...parts].reverse()), expected);
    assert.deepEqual(headOf(parts[1], parts[0], parts[2]), expected);
  });

  it('has an expiry in seconds as milliseconds', () => {
    assert.equal(headOf(bytes(OP.expireSeconds, little(1900000000, 4))).expireAt, 1900000000000n);
    assert.equal(headOf(bytes(OP.expireSeconds, little(-5, 4))).expireAt, -5000n);
  });

  it('has the expiry that the scan tells, also of a host that keeps the most significant byte first', () => {
    for (const { bytes: content, title } of SAMPLE_FILES) {
      const { keys, header } = scan(content);
      const source = new MemorySource(content);
      for (const { offset, typeOffset, expireAt } of keys) {
        const head = readKeyHead(source, offset, typeOffset, {
          family: header?.family ?? 'redis',
          version: header?.version ?? 11,
        });
        assert.equal(head.expireAt, expireAt, title);
      }
    }
  });

  it('has the metadata of modules', () => {
    const head = headOf(
      OP.keyMeta,
      counted([
        [little(metadataClass('KMT1', 2, 1), 4), item.string('note'), item.end],
        [little(metadataClass('abcd', 31, 0), 4), item.unsigned(1), item.double(2), item.end],
      ]),
    );
    assert.deepEqual(
      head.metadata.map(({ class: spec, items }) => [spec, all(items, plainItem)]),
      [
        [{ name: 'KMT1', version: 2, ignorable: true }, [['string', 'note']]],
        [
          { name: 'abcd', version: 31, ignorable: false },
          [
            ['unsigned', 1n],
            ['double', 2],
          ],
        ],
      ],
    );
  });

  it('has notes of what else stands there', () => {
    assert.deepEqual(headOf(OP.noEvict, OP.ramLru, length(5)).notes, [
      { name: 'KEY_NOEVICT', value: '' },
      { name: 'RAM_LRU', value: '5' },
    ]);
    assert.deepEqual(headOf(aux('mvcc-tstamp', '123')).notes, [{ name: 'mvcc-tstamp', value: '123' }]);
  });

  it('steps over records of the file that stand in it', () => {
    const slot = bytes(OP.slotInfo, length(1), length(2), length(3));
    const head = headOf(expireMs(1893456000000), slot, OP.resizedb, length(1), length(1), OP.freq, 3);
    assert.deepEqual(head, { expireAt: 1893456000000n, freq: 3, metadata: [], notes: [] });
  });
});
