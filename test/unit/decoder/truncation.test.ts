/** Files that are cut off, at every byte: all keys before the cut are there, and one problem says what is missing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc64 } from '../../../src/decoder/crc64/crc64.js';
import { problemMessage } from '../../../src/decoder/errors.js';
import { openEntry } from '../../../src/decoder/rdb/entry.js';
import { MemorySource } from '../../../src/decoder/source.js';
import { decodeSource } from '../../corpus/decode-lines.js';
import { bytes as join, little } from '../support/bytes.js';
import { line, plainValue } from '../support/plain.js';
import { seededRandom } from '../support/random.js';
import {
  aux,
  compressed,
  counted,
  expireMs,
  file,
  item,
  key,
  length,
  moduleId,
  OP,
  selectdb,
  string,
} from '../support/rdb-writer.js';
import { SAMPLE_FILES } from '../support/samples.js';
import { everyByte, fileOf, fingerprint, randomCuts, type Scanned, scan } from '../support/scanned.js';

/** The codes of problems that say that a file is cut off. */
const CUT = new Set([
  'empty-file',
  'truncated',
  'length-beyond-end',
  'count-beyond-end',
  'no-end-mark',
  'checksum-missing',
]);

const valuesOf = (source: MemorySource, scanned: Scanned) =>
  scanned.keys.map((row) => line(plainValue(openEntry(fileOf(source, scanned), row.typeOffset, row.end).value)));

for (const { title, bytes } of SAMPLE_FILES) {
  describe(`a file of ${title} that is cut off`, () => {
    const whole = scan(bytes);
    const values = valuesOf(new MemorySource(bytes), whole);

    it('has exactly the keys and records before the cut, and one problem that says that it is cut off', () => {
      for (let cut = 0; cut < bytes.length; cut++) {
        const part = scan(bytes.subarray(0, cut));
        const before = <Item extends { readonly end: number }>(items: readonly Item[]) =>
          items.filter(({ end }) => end <= cut);
        const [keys, records, aux] = [before(whole.keys), before(whole.records), before(whole.aux)];
        const found = [part.keys.length, part.records.length, part.aux.length];
        assert.deepEqual(found, [keys.length, records.length, aux.length], `cut at ${cut}`);
        if (cut % 10 === 0) {
          assert.equal(fingerprint(part), fingerprint({ ...part, keys, records, aux }), `cut at ${cut}`);
        }
        assert.equal(part.complete, false, `cut at ${cut}`);
        const [problem] = part.problems;
        assert.equal(part.problems.length, 1, `cut at ${cut}`);
        assert.ok(CUT.has(problem.code), `cut at ${cut}: ${problem.code}`);
        assert.ok(problem.offset <= cut, `cut at ${cut}: ${problem.offset}`);
      }
    });

    it('is read in the same way over pieces', () => {
      const random = seededRandom(1);
      for (let cut = 0; cut < bytes.length; cut += 7) {
        const part = bytes.slice(0, cut);
        const cuts = cut % 350 === 0 ? [...everyByte(part)] : [...randomCuts(part, random, 500)];
        const where = () => `cut at ${cut}, pieces cut at ${cuts.join(' ')}`;
        assert.equal(fingerprint(scan(part, cuts)), fingerprint(scan(part)), where());
      }
    });

    it('gives the values of those keys as before', () => {
      for (let cut = 0; cut < bytes.length; cut += 23) {
        const part = new MemorySource(bytes.slice(0, cut));
        const scanned = scan(part.bytes);
        // What KeyDB writes of the members of a key stands behind it and may be cut off.
        const sure = scanned.keys.length - (title === 'KeyDB' ? 1 : 0);
        assert.deepEqual(valuesOf(part, scanned).slice(0, sure), values.slice(0, Math.max(0, sure)), `cut at ${cut}`);
      }
    });

    it('can be decoded whole, as far as it goes, wherever the cut is', () => {
      for (let cut = 0; cut < bytes.length; cut += 37) {
        const { problems } = decodeSource(new MemorySource(bytes.slice(0, cut)));
        assert.equal(problems.length, 1, `cut at ${cut}`);
      }
    });
  });
}

describe('the problem of a file that is cut off', () => {
  const head = join('REDIS0015', selectdb(0));
  const missing = 'The file ends here,';

  /** The problem of a file that ends in the middle of `record`. @param kept bytes of the record that are there. */
  function problemOf(record: Uint8Array, kept: number): string {
    const { problems } = scan(join(head, record.slice(0, kept)));
    assert.equal(problems.length, 1);
    assert.equal(
      problems[0].offset,
      problems[0].code.endsWith('-beyond-end') ? problems[0].offset : head.length + kept,
    );
    return problemMessage(problems[0]);
  }

  const value = join(0, string('name'), string('value'));
  const CASES: readonly (readonly [title: string, record: Uint8Array, kept: number, message: string])[] = [
    ['in the length of a key name', value, 1, `${missing} 1 bytes short: the key name is cut off.`],
    ['in a key name', value, 3, `${missing} 3 bytes short: the key name is cut off.`],
    ['before a value', value, 6, `${missing} 1 bytes short: the value is cut off.`],
    ['in a value', value, 8, `${missing} 4 bytes short: the value is cut off.`],
    [
      'in a set',
      join(2, string('name'), counted([string('a'), string('member')])),
      10,
      `${missing} 6 bytes short: the value is cut off.`,
    ],
    ['in an expiry', expireMs(1e12), 3, `${missing} 1 bytes short: the expiry is cut off.`],
    [
      'in an expiry in seconds',
      join(OP.expireSeconds, little(1e9, 4)),
      3,
      `${missing} 1 bytes short: the expiry is cut off.`,
    ],
    ['in an idle time', join(OP.idle, length(70000)), 3, `${missing} 1 bytes short: the idle time is cut off.`],
    ['in an access frequency', join(OP.freq, 5), 1, `${missing} 1 bytes short: the access frequency is cut off.`],
    ['in a database number', selectdb(70000), 1, `${missing} 1 bytes short: the database number is cut off.`],
    [
      'in a size hint',
      join(OP.resizedb, length(1), length(1)),
      2,
      `${missing} 1 bytes short: the size hint is cut off.`,
    ],
    [
      'in slot information',
      join(OP.slotInfo, length(1), length(1), length(1)),
      2,
      `${missing} 1 bytes short: the slot information is cut off.`,
    ],
    [
      'in the name of an aux field',
      aux('name', 'value'),
      3,
      `${missing} 3 bytes short: the name of an aux field is cut off.`,
    ],
    [
      'in the value of an aux field',
      aux('name', 'value'),
      9,
      `${missing} 3 bytes short: the value of an aux field is cut off.`,
    ],
    [
      'in a function',
      join(OP.function2, string('#!lua')),
      4,
      `${missing} 3 bytes short: the function library is cut off.`,
    ],
    [
      'in module data',
      join(OP.moduleAux, length(moduleId('hellotype', 0), 64), length(2), length(1), item.string('text'), item.end),
      14,
      `${missing} 4 bytes short: the module data is cut off.`,
    ],
    [
      'in a hash template',
      join(OP.hashTemplate, length(1), counted([string('field')])),
      6,
      `${missing} 3 bytes short: the hash template is cut off.`,
    ],
    [
      'in a long value',
      join(0, string('name'), string('v'.repeat(100))),
      20,
      'The string says it has 100 bytes, but the file has only 12 left.',
    ],
    [
      'in a compressed value',
      join(0, string('name'), compressed('v'.repeat(100))),
      12,
      'The string says it has 5 bytes, but the file has only 2 left.',
    ],
  ];
  for (const [title, record, kept, message] of CASES) {
    it(`names what is cut off ${title}`, () => assert.equal(problemOf(record, kept), message));
  }

  it('says that the end mark is missing where the cut is between two records', () => {
    const { problems } = scan(join(head, value));
    assert.equal(
      problemMessage(problems[0]),
      'The file ends without its end mark (opcode 255): it was cut off between two keys.',
    );
    assert.equal(problems[0].offset, head.length + value.length);
  });

  it('says that a key is missing where the cut is behind an expiry', () => {
    const { problems } = scan(join(head, expireMs(1e12)));
    assert.equal(problemMessage(problems[0]), 'The file ends without its end mark (opcode 255): a key should follow.');
  });

  it('says how much of the checksum is there', () => {
    const whole = file('REDIS0011', key(0, 'k', string('v')));
    const { problems } = scan(whole.slice(0, -3));
    assert.equal(problemMessage(problems[0]), 'The file ends inside its checksum: 5 of 8 bytes are there.');
    assert.equal(problems[0].offset, whole.length - 8);
  });

  it('names the key that is cut off', () => {
    const cut = join(head, value, join(2, string('second'), length(5), string('a')));
    const { problems } = scan(cut);
    assert.equal(problems[0].entryOffset, head.length + value.length);
  });

  it('is the same where the size of the file is not known', () => {
    const cut = join(head, value, value.slice(0, 8));
    const { problems, keys } = scan(cut, [], Number.POSITIVE_INFINITY);
    assert.equal(problemMessage(problems[0]), `${missing} 4 bytes short: the value is cut off.`);
    assert.equal(problems[0].entryOffset, head.length + value.length);
    assert.equal(keys.length, 1);
  });

  it('leaves a checksum alone that is zero', () => {
    const body = join(head, value, OP.eof);
    const { problems, checksum } = scan(join(body, little(0, 8)));
    assert.deepEqual(problems, []);
    assert.equal(checksum, 0n);
    assert.notEqual(crc64(0n, body), 0n);
  });
});
