/** Strings: every encoding, short ones as bytes and long ones as pages. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Cursor } from '../../../src/decoder/cursor.js';
import { DecodeError } from '../../../src/decoder/errors.js';
import {
  EAGER_LIMIT,
  isLong,
  readBytes,
  readStringHeader,
  readText,
  type Text,
  textSlice,
} from '../../../src/decoder/rdb/string.js';
import { MemorySource } from '../../../src/decoder/source.js';
import { bytes, type Part } from '../support/bytes.js';
import { lzfCompress } from '../support/compact.js';
import { text } from '../support/plain.js';
import { seededBytes, seededRandom } from '../support/random.js';
import { compressed, integer, length, string } from '../support/rdb-writer.js';
import { ShortReads } from '../support/scanned.js';

/** A string with bytes before and behind it. */
function read(encoded: Part): { value: Text; behind: number; cursor: Cursor } {
  const content = bytes('??', encoded, '!!');
  const cursor = new Cursor(new MemorySource(content), 2);
  const value = readText(cursor, 'the value');
  return { value, behind: content.length - cursor.offset, cursor };
}

describe('a string', () => {
  const cases: readonly (readonly [title: string, encoded: Part, expected: string])[] = [
    ['of no bytes', string(''), ''],
    ['of a 6-bit length', string('a'.repeat(63)), 'a'.repeat(63)],
    ['of a 14-bit length', string('a'.repeat(64)), 'a'.repeat(64)],
    ['of a 32-bit length', string('a'.repeat(16384)), 'a'.repeat(16384)],
    ['of a 64-bit length', string('abc', 64), 'abc'],
    ['of no bytes with a 32-bit length', string('', 32), ''],
    ['of all byte values', string(Uint8Array.from({ length: 256 }, (_, i) => i)), latin1All()],
    ['of the smallest int8', integer(-128, 8), '-128'],
    ['of the largest int8', integer(127, 8), '127'],
    ['of an int8 below zero', integer(-3, 8), '-3'],
    ['of the smallest int16', integer(-32768, 16), '-32768'],
    ['of the largest int16', integer(32767, 16), '32767'],
    ['of the smallest int32', integer(-2147483648, 32), '-2147483648'],
    ['of the largest int32', integer(2147483647, 32), '2147483647'],
    ['of zero', integer(0, 32), '0'],
    ['compressed', compressed('abc'.repeat(100)), 'abc'.repeat(100)],
    ['compressed with wide lengths', compressed('abc'.repeat(100), undefined, 64), 'abc'.repeat(100)],
    ['of no bytes, compressed', compressed(''), ''],
  ];
  for (const [title, encoded, expected] of cases) {
    it(`is read to its end: ${title}`, () => {
      const { value, behind } = read(encoded);
      assert.equal(text(value), expected);
      assert.equal(behind, 2);
      assert.equal(isLong(value), false);
    });
  }

  it('has a header that says where its bytes are and how many there are', () => {
    const header = (encoded: Part) => readStringHeader(new Cursor(new MemorySource(bytes(encoded))), 'the value');
    assert.deepEqual(header(string('abc', 14)), { encoding: 'raw', offset: 2, stored: 3, length: 3 });
    assert.deepEqual(header(integer(-300, 16)), { encoding: 'int16', offset: 1, stored: 2, length: 4, integer: -300 });
    assert.deepEqual(header(compressed('a'.repeat(30), bytes(1, 'aa', 0xe0, 17, 0, 1, 'aa'))), {
      encoding: 'lzf',
      offset: 3,
      stored: 9,
      length: 30,
    });
  });

  it('is refused where its first byte is no string encoding', () => {
    for (let first = 0xc4; first <= 0xff; first++) {
      assert.throws(
        () => read(first),
        (error) => error instanceof DecodeError && error.code === 'bad-string-encoding' && error.offset === 2,
        `byte ${first}`,
      );
    }
    for (let first = 0x82; first < 0xc0; first++) {
      assert.throws(
        () => read(first),
        (error) => error instanceof DecodeError && error.code === 'bad-length' && error.offset === 2,
        `byte ${first}`,
      );
    }
  });

  it('is refused where a length of its compression is an encoded string', () => {
    for (const encoded of [bytes(0xc3, 0xc0, 1), bytes(0xc3, 1, 0xc0, 1)]) {
      assert.throws(
        () => read(encoded),
        (error) => error instanceof DecodeError && error.code === 'length-is-encoded',
      );
    }
  });
});

function latin1All(): string {
  return String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
}

describe('a long string', () => {
  const content = seededBytes(300_000, 1);
  for (let i = 100_000; i < 200_000; i++) content[i] = content[i % 1000];
  const encodings: readonly (readonly [title: string, encoded: Uint8Array])[] = [
    ['raw', string(content)],
    ['compressed', bytes(0xc3, length(lzfCompress(content).length), length(content.length), lzfCompress(content))],
  ];
  for (const [title, encoded] of encodings) {
    it(`is given as pages, which are its bytes: ${title}`, () => {
      for (const source of [new MemorySource(encoded), new ShortReads(encoded, 777)]) {
        const value = readText(new Cursor(source), 'the value');
        assert.ok(isLong(value));
        assert.equal(value.length, content.length);
        const random = seededRandom(3);
        for (let i = 0; i < 50; i++) {
          const from = random(content.length);
          const to = from + random(20_000);
          assert.equal(Buffer.compare(textSlice(value, from, to), content.subarray(from, to)), 0, `${from} to ${to}`);
        }
        assert.equal(textSlice(value, content.length, content.length + 5).length, 0);
      }
    });

    it(`is given whole to those who need it whole: ${title}`, () => {
      const whole = readBytes(new Cursor(new ShortReads(encoded, 5000)), 'the consumer group');
      assert.equal(Buffer.compare(whole, content), 0);
    });
  }

  it('is held whole up to the limit, and given as pages beyond it', () => {
    for (const [size, long] of [
      [EAGER_LIMIT, false],
      [EAGER_LIMIT + 1, true],
    ] as const) {
      assert.equal(isLong(read(string(new Uint8Array(size))).value), long);
      assert.equal(isLong(read(compressed(new Uint8Array(size))).value), long);
    }
  });
});
