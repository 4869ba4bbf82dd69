/** The buffer that commands are written into: strings, numbers, times, and memory that is used again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc64 } from '../../../src/decoder/crc64/crc64.js';
import { WireBuffer } from '../../../src/server/wire-buffer.js';
import { bytes, characters } from '../support/bytes.js';

const written = (write: (out: WireBuffer) => void) => {
  const out = new WireBuffer();
  write(out);
  return characters(out.take());
};

describe('a buffer for commands', () => {
  it('writes heads with numbers of any size', () => {
    for (const value of [0, 1, 9, 10, 99, 100, 65_535, 536_870_912, 4_294_967_296]) {
      assert.equal(
        written((out) => out.array(value)),
        `*${value}\r\n`,
      );
      assert.equal(
        written((out) => out.bulkHead(value)),
        `$${value}\r\n`,
      );
    }
  });

  it('writes strings, short ones and long ones, and parts of them', () => {
    for (const size of [0, 1, 32, 33, 1000]) {
      const text = 'x'.repeat(size);
      assert.equal(
        written((out) => out.bulk(bytes(text))),
        `$${size}\r\n${text}\r\n`,
      );
    }
    assert.equal(
      written((out) => out.bulk(bytes('abcdef'), 2, 4)),
      '$2\r\ncd\r\n',
    );
  });

  it('writes times as the text that they are', () => {
    const powers = Array.from({ length: 19 }, (_, i) => 10 ** i).filter(Number.isSafeInteger);
    const near = powers.flatMap((power) => [power - 1, power, power + 1, power * 3]).filter(Number.isSafeInteger);
    for (const time of [...near, 1_763_720_000_123, 99_999_999_999_999, -5, 2n ** 62n]) {
      const text = String(time);
      assert.equal(
        written((out) => out.time(time)),
        `$${text.length}\r\n${text}\r\n`,
        text,
      );
    }
  });

  it('does not touch what was taken until it is given back', () => {
    const out = new WireBuffer();
    out.text('first');
    const first = out.take();
    out.text('second');
    assert.equal(characters(first), '$5\r\nfirst\r\n');
    out.giveBack(first);
    const second = out.take();
    out.text('third');
    assert.equal(characters(second), '$6\r\nsecond\r\n');
    assert.equal(out.bytes.buffer, first.buffer);
  });

  it('writes a checksum wherever its memory is', () => {
    const out = new WireBuffer();
    const buffers = new Set<ArrayBufferLike>();
    // What is taken and not given back makes it go beyond its fast memory.
    for (let round = 0; round < 12; round++) {
      const text = 'x'.repeat(round * 7);
      out.endOfLine();
      out.text(text);
      out.checksum(2);
      const bytes = out.take();
      buffers.add(bytes.buffer);
      const end = bytes.length - 8;
      const stored = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(end, true);
      assert.equal(stored, crc64(0n, bytes, 2, end), `round ${round}`);
    }
    assert.ok(buffers.size > 2);
  });
});
