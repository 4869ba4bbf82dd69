/** Base64 of bytes and of long strings. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { base64, base64Pieces } from '../../../src/dataset/base64.js';
import { SliceSource } from '../../../src/decoder/rdb/string.js';
import { MemorySource } from '../../../src/decoder/source.js';
import { seededBytes } from '../support/random.js';
import { ShortReads } from '../support/scanned.js';

const expected = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

describe('Base64', () => {
  it('is that of every length and every byte', () => {
    for (let length = 0; length <= 300; length++) {
      const bytes = seededBytes(length, length);
      assert.equal(base64(bytes), expected(bytes), `${length} bytes`);
    }
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    assert.equal(base64(all), expected(all));
  });

  it('is of one piece for a short string', () => {
    const bytes = seededBytes(1000, 1);
    assert.deepEqual([...base64Pieces(bytes)], [expected(bytes)]);
  });

  it('is of pieces that go together for a long string', () => {
    for (const length of [196_607, 196_608, 196_609, 600_000]) {
      const bytes = seededBytes(length, length);
      for (const source of [new MemorySource(bytes), new ShortReads(bytes, 1001)]) {
        const pieces = [...base64Pieces({ length, source: new SliceSource(source, 0, length), fileOffset: 0 })];
        assert.equal(pieces.join(''), expected(bytes), `${length} bytes`);
        assert.equal(pieces.length, Math.ceil(length / 196_608));
      }
    }
  });
});
