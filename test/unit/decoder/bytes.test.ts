/** Small conversions between bytes, text and numbers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  compareBytes,
  fromLatin1,
  integerText,
  isCanonicalInteger,
  latin1,
  parseScore,
} from '../../../src/decoder/bytes.js';
import { seededBytes } from '../support/random.js';

describe('bytes as text', () => {
  it('are one character each, and come back', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    assert.equal(latin1(all).length, 256);
    assert.deepEqual(fromLatin1(latin1(all)), all);
    const long = seededBytes(100_000, 1);
    assert.deepEqual(fromLatin1(latin1(long)), long);
    assert.equal(latin1(fromLatin1('abcdef'), 2, 4), 'cd');
  });
});

describe('the order of bytes', () => {
  it('is that of memcmp, a prefix first', () => {
    const sorted = ['', '\0', '\0\0', 'a', 'a\0', 'aa', 'ab', 'b', '\x7f', '\x80', '\xff'].map(fromLatin1);
    for (const [i, a] of sorted.entries()) {
      for (const [j, b] of sorted.entries()) {
        assert.equal(Math.sign(compareBytes(a, b)), Math.sign(i - j));
      }
    }
  });
});

describe('a canonical integer', () => {
  const canonical = (text: string) => isCanonicalInteger(fromLatin1(`<${text}>`), 1, text.length + 1);

  it('is the text that a server gives for a signed 64-bit number', () => {
    for (const text of ['0', '1', '-1', '10', '123456789012345678', '9223372036854775807', '-9223372036854775808']) {
      assert.equal(canonical(text), true, text);
    }
  });

  it('is no other text', () => {
    const others = ['', '-', '-0', '00', '01', '-01', '+1', ' 1', '1 ', '1.0', '1e3', '0x1', 'a', '1a'];
    const large = ['9223372036854775808', '-9223372036854775809', '10000000000000000000', '-12345678901234567890'];
    for (const text of [...others, ...large]) assert.equal(canonical(text), false, text);
  });
});

describe('an integer as text', () => {
  it('is its decimal', () => {
    for (const value of [0, -1, 2147483647, -(2n ** 63n), 2n ** 64n - 1n]) {
      assert.equal(latin1(integerText(value)), String(value));
    }
  });
});

describe('a score from text', () => {
  it('is read as strtod reads it', () => {
    const cases: readonly (readonly [text: string, score: number])[] = [
      ['0', 0],
      ['-0', -0],
      ['1.5', 1.5],
      ['+1.5', 1.5],
      ['.5', 0.5],
      ['5.', 5],
      ['1e+20', 1e20],
      ['1E-5', 1e-5],
      ['3.1415926535897931', Math.PI],
      ['9007199254740993', 9007199254740992],
      ['1e400', Number.POSITIVE_INFINITY],
      ['inf', Number.POSITIVE_INFINITY],
      ['-inf', Number.NEGATIVE_INFINITY],
      ['Infinity', Number.POSITIVE_INFINITY],
      ['-INF', Number.NEGATIVE_INFINITY],
    ];
    for (const [text, score] of cases) assert.ok(Object.is(parseScore(text), score), `${text}: ${parseScore(text)}`);
  });

  it('is none where strtod finds none', () => {
    for (const text of ['', ' ', 'nan', '-nan', 'a', '1a', '1 ', ' 1', '--1', '1e', 'e5', '.', '0x10', '1_000']) {
      assert.equal(parseScore(text), undefined, text);
    }
  });
});
