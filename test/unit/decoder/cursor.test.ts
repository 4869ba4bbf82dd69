/** The cursor: every kind of read at every place of its window, bounds, and cursors inside others. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Cursor } from '../../../src/decoder/cursor.js';
import { DecodeError } from '../../../src/decoder/errors.js';
import { MemorySource, readFully } from '../../../src/decoder/source.js';
import { big, bytes, double, float, little } from '../support/bytes.js';
import { seededBytes } from '../support/random.js';
import { CountedReads, ShortReads, SplitReads } from '../support/scanned.js';

/** What the cursor should read, one after the other. */
const CONTENT = bytes(
  0xfe,
  little(0xfedc, 2),
  little(0xfedcba98, 4),
  little(-5, 4),
  big(0xfedcba98, 4),
  little(-(2n ** 62n), 8),
  little(2n ** 63n + 1n, 8),
  big(2n ** 63n + 1n, 8),
  double(-0.1),
  float(0.5),
  'text',
  'skipped',
  'end',
);

function readAll(cursor: Cursor): unknown[] {
  const peeked = cursor.peekU8();
  const read: unknown[] = [
    peeked === cursor.u8(),
    cursor.u16le(),
    cursor.u32le(),
    cursor.i32le(),
    cursor.u32be(),
    cursor.i64le(),
    cursor.u64le(),
    cursor.u64be(),
    cursor.f64le(),
    cursor.f32le(),
    Buffer.from(cursor.take(4)).toString(),
  ];
  cursor.skip(7);
  read.push(cursor.peekU8(), cursor.remaining, Buffer.from(cursor.take(3)).toString(), cursor.remaining);
  return read;
}

const EXPECTED = [
  true,
  0xfedc,
  0xfedcba98,
  -5,
  0xfedcba98,
  -(2n ** 62n),
  2n ** 63n + 1n,
  2n ** 63n + 1n,
  -0.1,
  0.5,
  'text',
  0x65,
  3,
  'end',
  0,
];

describe('a cursor', () => {
  it('reads the same whatever the size of its window and of the reads of its source', () => {
    assert.deepEqual(readAll(new Cursor(new MemorySource(CONTENT))), EXPECTED);
    for (let window = 1; window <= CONTENT.length + 1; window++) {
      for (const most of [1, 3, 100]) {
        const cursor = new Cursor(new ShortReads(CONTENT, most), 0, CONTENT.length, window);
        assert.deepEqual(readAll(cursor), EXPECTED, `window of ${window}, reads of ${most}`);
      }
    }
  });

  it('peeks at the byte behind its window', () => {
    const content = seededBytes(100, 1);
    for (let window = 1; window < 20; window++) {
      const cursor = new Cursor(new ShortReads(content, 100), 0, 100, window);
      for (let at = 0; at < 100; at++) {
        assert.equal(cursor.peekU8(), content[at], `window of ${window}, at ${at}`);
        assert.equal(cursor.u8(), content[at]);
      }
    }
  });

  it('goes forward and back', () => {
    const content = seededBytes(1000, 2);
    for (const source of [new MemorySource(content), new ShortReads(content, 1000)]) {
      const cursor = new Cursor(source, 0, 1000, 64);
      for (const at of [500, 10, 999, 0, 63, 64, 65, 64, 400]) {
        cursor.offset = at;
        assert.equal(cursor.offset, at);
        assert.equal(cursor.u8(), content[at]);
        assert.equal(cursor.offset, at + 1);
      }
    }
  });

  it('ends at its limit, with what is missing', () => {
    for (const source of [new MemorySource(CONTENT), new ShortReads(CONTENT, 2)]) {
      const cursor = new Cursor(source, 5, 10, 4);
      assert.equal(cursor.remaining, 5);
      cursor.skip(3);
      for (const read of [
        () => cursor.u32le('the score'),
        () => cursor.take(4, 'the score'),
        () => cursor.skip(4, 'the score'),
      ]) {
        assert.throws(
          read,
          (error) =>
            error instanceof DecodeError &&
            error.offset === 8 &&
            error.message === 'The file ends here, 2 bytes short: the score is cut off.',
        );
      }
      assert.equal(cursor.offset, 8, 'a read that fails does not move it');
      assert.equal(cursor.u16le(), CONTENT[8] | (CONTENT[9] << 8));
    }
  });

  it('says where it is in the file, also in a part of it', () => {
    const source = new MemorySource(CONTENT);
    assert.equal(new Cursor(source, 7).fileOffset, 7);
    assert.equal(new Cursor(source, 7, CONTENT.length, 64, 1000).fileOffset, 1007);
    assert.equal(new Cursor(source, 7, CONTENT.length, 64, 1000, false).fileOffset, 1000);
  });

  it('is forked without being moved', () => {
    const cursor = new Cursor(new ShortReads(CONTENT, 3), 2, 20, 8, 100);
    const fork = cursor.fork(5);
    assert.equal(fork.u8(), CONTENT[5]);
    assert.equal(fork.limit, 20);
    assert.equal(fork.fileOffset, 106);
    assert.equal(cursor.offset, 2);
  });

  it('reads no more of its source than a window needs', () => {
    const source = new CountedReads(seededBytes(100_000, 3));
    const cursor = new Cursor(source, 50_000, 100_000, 256);
    cursor.u8();
    cursor.u32le();
    assert.equal(source.count, 256);
    cursor.skip(10_000);
    assert.equal(source.count, 256);
    cursor.u8();
    assert.equal(source.count, 512);
  });
});

describe('reading fully', () => {
  it('goes on after short reads, and stops at the end', () => {
    const content = seededBytes(100, 4);
    for (const source of [new ShortReads(content, 7), new SplitReads(content, 33), new MemorySource(content)]) {
      const target = new Uint8Array(50);
      assert.equal(readFully(source, 10, target), 50);
      assert.deepEqual(target, content.slice(10, 60));
      assert.equal(readFully(source, 80, target), 20);
      assert.equal(readFully(source, 100, target), 0);
    }
  });
});
