/** Length encoding: every form, and every first byte that is none. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Cursor } from '../../../src/decoder/cursor.js';
import { DecodeError } from '../../../src/decoder/errors.js';
import { readCount, readLength, readLength64, readSigned64 } from '../../../src/decoder/rdb/length.js';
import { MemorySource } from '../../../src/decoder/source.js';
import { bytes, type Part } from '../support/bytes.js';
import { length } from '../support/rdb-writer.js';

const cursorOver = (...parts: readonly Part[]) => new Cursor(new MemorySource(bytes(parts)));

describe('a length', () => {
  it('is read in every form', () => {
    const cases = [
      [0, 6],
      [63, 6],
      [0, 14],
      [700, 14],
      [16383, 14],
      [5, 32],
      [17000, 32],
      [4294967295, 32],
      [5, 64],
      [4294967296, 64],
      [9007199254740991, 64],
    ] as const;
    for (const [value, form] of cases) {
      const cursor = cursorOver(length(value, form), 0xee);
      assert.equal(readLength(cursor, 'the value'), value);
      assert.equal(cursor.remaining, 1, `bytes behind ${value} in ${form} bits`);
    }
  });

  it('is read from the bytes that the format shows as examples', () => {
    assert.equal(readLength(cursorOver(0x0a), 'the value'), 10);
    assert.equal(readLength(cursorOver(0x42, 0xbc), 'the value'), 700);
    assert.equal(readLength(cursorOver(0x80, 0, 0, 0x42, 0x68), 'the value'), 17000);
    assert.equal(readLength(cursorOver(0x81, 0, 0, 0, 1, 0, 0, 0, 0), 'the value'), 4294967296);
  });

  it('is exact beyond 2^53 where that matters', () => {
    const most = 18446744073709551615n;
    assert.equal(readLength64(cursorOver(length(most)), 'the value'), most);
    assert.equal(readLength64(cursorOver(length(9007199254740993n)), 'the value'), 9007199254740993n);
    assert.equal(readLength64(cursorOver(length(3)), 'the value'), 3n);
    assert.equal(readSigned64(cursorOver(length(most)), 'the value'), -1n);
    assert.equal(readSigned64(cursorOver(length(1n << 63n)), 'the value'), -(1n << 63n));
  });

  it('is refused where the first byte is no length', () => {
    for (let first = 0x82; first < 0x100; first++) {
      const expected = first < 0xc0 ? 'bad-length' : 'length-is-encoded';
      for (const read of [readLength, readLength64]) {
        assert.throws(
          () => read(cursorOver(first, new Uint8Array(8)), 'the list'),
          (error) => error instanceof DecodeError && error.code === expected && error.offset === 0,
          `byte ${first}`,
        );
      }
    }
  });

  it('is refused where it is cut off', () => {
    for (const form of [14, 32, 64] as const) {
      const whole = length(1, form);
      for (let cut = 0; cut < whole.length; cut++) {
        assert.throws(
          () => readLength(cursorOver(whole.subarray(0, cut)), 'the list'),
          (error) => error instanceof DecodeError && error.code === 'truncated',
        );
      }
    }
  });
});

describe('a count', () => {
  it('is refused where the bytes behind it cannot hold the elements', () => {
    assert.equal(readCount(cursorOver(length(3), 'abc'), 'the list'), 3);
    assert.equal(readCount(cursorOver(length(1), 'abc'), 'the list', 3), 1);
    for (const [count, least] of [
      [4, 1],
      [2, 2],
    ] as const) {
      assert.throws(
        () => readCount(cursorOver(length(count), 'abc'), 'the list', least),
        (error) =>
          error instanceof DecodeError &&
          error.message ===
            `The list says it has ${count} elements, but the 3 bytes left in the file cannot hold them.`,
      );
    }
  });
});
