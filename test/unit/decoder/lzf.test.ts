/** LZF: whole, of a first part, and page by page. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DecodeError } from '../../../src/decoder/errors.js';
import { LzfSource, lzfCanHold, lzfDecompress, lzfPrefix } from '../../../src/decoder/lzf.js';
import { MemorySource, readFully } from '../../../src/decoder/source.js';
import { bytes, type Part } from '../support/bytes.js';
import { lzfCompress, lzfLiterals, lzfReference } from '../support/compact.js';
import { seededBytes, seededRandom } from '../support/random.js';
import { ShortReads } from '../support/scanned.js';

const whole = (packed: Uint8Array, size: number) => lzfDecompress(packed, 0, packed.length, size, 100);
const textOf = (packed: Part, size: number) => Buffer.from(whole(bytes(packed), size)).toString('latin1');

/** Text that compresses, in part. */
function mixed(size: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const result = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const run = Math.min(size - at, 1 + random(400));
    if (at > 0 && random(3) > 0) {
      const from = Math.max(0, at - 1 - random(8000));
      for (let i = 0; i < run; i++) result[at + i] = result[from + i];
    } else {
      for (let i = 0; i < run; i++) result[at + i] = random(256);
    }
    at += run;
  }
  return result;
}

describe('LZF', () => {
  it('decompresses what a server wrote', () => {
    const packed = [0x01, 0x61, 0x61, 0xe0, 0x11, 0x00, 0x01, 0x61, 0x61];
    assert.equal(textOf(packed, 30), 'a'.repeat(30));
  });

  it('decompresses what was compressed, whatever it is', () => {
    for (let seed = 0; seed < 50; seed++) {
      for (const content of [mixed(1 + seed * 37, seed), seededBytes(seed * 11, seed), new Uint8Array(seed * 100)]) {
        assert.deepEqual(whole(lzfCompress(content), content.length), content);
        assert.deepEqual(whole(lzfLiterals(content, 1 + (seed % 32)), content.length), content);
      }
    }
  });

  it('copies references of every size and distance', () => {
    const start = seededBytes(8192, 3);
    for (const distance of [1, 2, 7, 255, 256, 257, 8191, 8192]) {
      for (const size of [3, 8, 9, 10, 16, 17, 18, 263, 264]) {
        const packed: number[] = [...lzfLiterals(start)];
        lzfReference(packed, distance, size);
        const expected = new Uint8Array(start.length + size);
        expected.set(start);
        for (let i = 0; i < size; i++) expected[start.length + i] = expected[start.length + i - distance];
        assert.deepEqual(whole(Uint8Array.from(packed), expected.length), expected, `${size} from ${distance} before`);
      }
    }
  });

  it('is refused where it is damaged, with the offset of the compressed bytes', () => {
    const cases: readonly (readonly [packed: Part, size: number, reason: string])[] = [
      [[2, 'abc'], 4, 'it gives 3 bytes instead of 4'],
      [[2, 'abc'], 2, 'it gives more than 2 bytes'],
      [[5, 'abc'], 6, 'a literal run goes past the compressed bytes'],
      [[0, 'a', 0x20], 4, 'it ends inside a back reference'],
      [[0, 'a', 0xe0], 4, 'it ends inside a back reference'],
      [[0, 'a', 0xe0, 1], 4, 'it ends inside a back reference'],
      [[0, 'a', 0x20, 1], 4, 'a back reference points before the start'],
      [[0x20, 0], 3, 'a back reference points before the start'],
      [[0, 'a', 0xe0, 255, 0], 10, 'it gives more than 10 bytes'],
    ];
    for (const [packed, size, reason] of cases) {
      assert.throws(
        () => whole(bytes(packed), size),
        (error) =>
          error instanceof DecodeError &&
          error.code === 'bad-lzf' &&
          error.offset === 100 &&
          error.message === `The compressed string is damaged: ${reason}.`,
        reason,
      );
    }
  });

  it('cannot hold more than 88 times its size', () => {
    assert.equal(lzfCanHold(3, 264), true);
    assert.equal(lzfCanHold(3, 265), false);
    assert.equal(lzfCanHold(0, 0), true);
    assert.equal(lzfCanHold(0, 1), false);
    assert.equal(lzfCanHold(1000, 2 ** 64), false);
  });

  it('gives the first bytes without the rest, as many as the compressed bytes at hand hold', () => {
    for (let seed = 0; seed < 30; seed++) {
      const content = mixed(500, seed);
      const packed = lzfCompress(content);
      for (const wanted of [0, 1, 12, 100, 500]) {
        const output = new Uint8Array(wanted);
        assert.equal(lzfPrefix(packed, 0, packed.length, output), wanted);
        assert.deepEqual(output, content.subarray(0, wanted));
      }
      for (const cut of [0, 1, 2, 3, 20]) {
        const output = new Uint8Array(500);
        const written = lzfPrefix(packed, 0, cut, output);
        assert.deepEqual(output.subarray(0, written), content.subarray(0, written), `${cut} bytes at hand`);
      }
    }
  });
});

describe('a long LZF string as a source', () => {
  const content = mixed(5_000_000, 1);
  const packed = lzfCompress(content);
  const offset = 1000;
  const stored = new Uint8Array(offset + packed.length + 50).fill(0xee);
  stored.set(packed, offset);
  const open = (size = content.length, length = packed.length) =>
    new LzfSource(new MemorySource(stored), offset, length, size, offset);

  it('gives the whole when it is read from start to end', () => {
    const source = open();
    const read = new Uint8Array(content.length);
    assert.equal(readFully(source, 0, read), content.length);
    assert.equal(Buffer.compare(read, content), 0);
    assert.equal(source.read(content.length, new Uint8Array(10)), 0);
  });

  it('gives the same pages at random places, forward and backward over its checkpoints', () => {
    const source = open();
    const random = seededRandom(2);
    for (let i = 0; i < 400; i++) {
      const at = i % 10 === 0 ? content.length - 1 - random(100) : random(content.length);
      const page = new Uint8Array(1 + random(i % 20 === 0 ? 200_000 : 3000));
      const count = readFully(source, at, page);
      assert.equal(count, Math.min(page.length, content.length - at));
      assert.equal(Buffer.compare(page.subarray(0, count), content.subarray(at, at + count)), 0, `at ${at}`);
    }
  });

  it('gives the same pages around every checkpoint', () => {
    const source = open();
    for (const start of [0, 1 << 20, 2 << 20, 3 << 20, 4 << 20]) {
      for (const at of [start - 8193, start - 1, start, start + 1, start + 8192, start + 70_000]) {
        if (at < 0) continue;
        const page = new Uint8Array(100);
        readFully(source, at, page);
        assert.equal(Buffer.compare(page, content.subarray(at, at + 100)), 0, `at ${at}`);
      }
    }
  });

  it('gives the same from a source that reads little at a time', () => {
    const start = content.subarray(0, 200_000);
    const small = lzfCompress(start);
    const source = new LzfSource(new ShortReads(small, 1000), 0, small.length, start.length, 0);
    const page = new Uint8Array(start.length);
    readFully(source, 0, page);
    assert.equal(Buffer.compare(page, start), 0);
  });

  it('is refused where it gives too few or too many bytes, or is cut off', () => {
    const failing: readonly (readonly [source: LzfSource, at: number, reason: string])[] = [
      [open(content.length + 1), content.length, `it gives ${content.length} bytes instead of ${content.length + 1}`],
      [open(content.length - 1), content.length - 2, `it gives more than ${content.length - 1} bytes`],
      [new LzfSource(new MemorySource(packed), 10, packed.length, content.length, 7), content.length - 1, ''],
    ];
    for (const [source, at, reason] of failing) {
      assert.throws(
        () => source.read(at, new Uint8Array(1)),
        (error) => error instanceof DecodeError && error.code === 'bad-lzf' && error.message.includes(reason),
        reason,
      );
    }
  });

  it('gives the pages before damage, and finds the damage when a page behind it is read', () => {
    const source = open(content.length, packed.length - 1);
    for (const at of [0, 4_000_000, 10]) {
      const page = new Uint8Array(1000);
      readFully(source, at, page);
      assert.equal(Buffer.compare(page, content.subarray(at, at + 1000)), 0, `at ${at}`);
    }
    assert.throws(
      () => readFully(source, content.length - 1000, new Uint8Array(1000)),
      (error) => error instanceof DecodeError && error.code === 'bad-lzf',
    );
  });
});
