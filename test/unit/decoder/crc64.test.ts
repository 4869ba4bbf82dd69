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

  it('gives the same for input so long that stretches of it are computed side by side', () => {
    const bytes = seededBytes(70_000, 4);
    const stream = openCrc64Stream(bytes.length);
    stream.buffer.set(bytes);
    // Back to a length that was there before, too.
    for (const length of [16383, 16384, 16385, 16391, 16416, 50_003, 70_000, 16384]) {
      for (const before of [0n, 0x0123456789abcdefn]) {
        assert.equal(stream.update(before, length), crc64(before, bytes, 0, length), `length ${length}`);
      }
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
