/** The buffer that commands are written into: strings, numbers, and memory that is used again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
});
