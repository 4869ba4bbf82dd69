/** The checksum of RDB files: known value, every way of computing it, joining stretches. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { appendCrc64, crc64, crc64Combine } from '../../../src/decoder/crc64/crc64.js';
import { openCrc64Stream, openPlain } from '../../../src/decoder/crc64/stream.js';
import { seededBytes } from '../support/random.js';

describe('crc64', () => {
  it('gives the check value of the algorithm', () => {
    assert.equal(crc64(0n, new TextEncoder().encode('123456789')), 0xe9c6d914c4b8d9can);
  });

  it('is 0 for no bytes', () => {
    assert.equal(crc64(0n, new Uint8Array(0)), 0n);
  });

  it('gives the same in WebAssembly as in JavaScript, for every length up to 100 and across updates', () => {
    const bytes = seededBytes(100, 1);
    const fast = openCrc64Stream(64);
    const plain = openPlain(64);
    for (let length = 0; length <= bytes.length; length++) {
      const expected = crc64(0n, bytes, 0, length);
      for (const stream of [fast, plain]) {
        let crc = 0n;
        for (let at = 0; at < length; at += stream.buffer.length) {
          const part = bytes.subarray(at, Math.min(length, at + stream.buffer.length));
          stream.buffer.set(part);
          crc = stream.update(crc, part.length);
        }
        assert.equal(crc, expected, `length ${length}`);
      }
    }
  });

  it('gives the same for input so long that it is folded, whatever its length', () => {
    const bytes = seededBytes(80_000, 4);
    const stream = openCrc64Stream(bytes.length);
    stream.buffer.set(bytes);
    const lengths = [16_383, 80_000];
    // Where it begins to be folded, and where another chunk begins.
    for (const near of [16_384, 24_240, 40_624, 57_008]) for (let i = -20; i <= 36; i++) lengths.push(near + i);
    let expected = [0n, 0x0123456789abcdefn];
    let at = 0;
    for (const length of lengths.sort((a, b) => a - b)) {
      expected = expected.map((crc) => crc64(crc, bytes, at, length));
      at = length;
      for (const [i, before] of [0n, 0x0123456789abcdefn].entries()) {
        assert.equal(stream.update(before, length), expected[i], `length ${length}`);
      }
    }
    assert.deepEqual(stream.buffer, bytes);
  });

  it('is right for input that is mostly zeros, wherever the only other byte is', () => {
    const length = 30_000;
    const stream = openCrc64Stream(length);
    for (let at = 0; at < length; at += 61) {
      stream.buffer.fill(0);
      stream.buffer[at] = 0x80;
      assert.equal(stream.update(0n, length), crc64(0n, stream.buffer, at, length), `byte ${at}`);
    }
  });

  it('is written behind the bytes that it covers, the lowest byte first', () => {
    const bytes = seededBytes(60, 3);
    for (let length = 0; length <= 50; length++) {
      const target = bytes.slice();
      appendCrc64(target, 1, 1 + length);
      const stored = new DataView(target.buffer).getBigUint64(1 + length, true);
      assert.equal(stored, crc64(0n, bytes, 1, 1 + length), `length ${length}`);
      assert.deepEqual(target.subarray(0, 1 + length), bytes.subarray(0, 1 + length));
      assert.deepEqual(target.subarray(9 + length), bytes.subarray(9 + length));
    }
  });

  it('joins the checksums of two stretches at every place', () => {
    const bytes = seededBytes(300, 2);
    const whole = crc64(0n, bytes);
    for (let at = 0; at <= bytes.length; at++) {
      const first = crc64(0n, bytes, 0, at);
      const second = crc64(0n, bytes, at);
      assert.equal(crc64Combine(first, second, bytes.length - at), whole, `at ${at}`);
    }
  });
});
