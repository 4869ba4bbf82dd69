/** Checksums of files, in slices beside other work: the same as at once, and an end for what cannot be read. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startChecksum as startThread } from '../../../src/cli/checksum-thread.js';
import { crc64 } from '../../../src/decoder/crc64/crc64.js';
import { startChecksum } from '../../../src/engine/checksum.js';
import { FileSource } from '../../../src/engine/node/file-source.js';
import { seededBytes } from '../support/random.js';

describe('the checksum of a file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'checksum-'));
  // More than two stretches of 4 MiB, and a part of one.
  const bytes = new Uint8Array(9 * 1024 * 1024 + 13);
  let source: FileSource;
  const start = (length: number, onProgress = (_: number) => {}) =>
    startChecksum(source, length, onProgress, setImmediate);
  before(() => {
    const piece = seededBytes(65521, 7);
    for (let i = 0; i < bytes.length; i += piece.length) bytes.set(piece.subarray(0, bytes.length - i), i);
    const file = path.join(folder, 'file');
    writeFileSync(file, bytes);
    source = new FileSource(file);
  });
  after(() => {
    source.close();
    rmSync(folder, { recursive: true });
  });

  for (const length of [bytes.length, 8 * 1024 * 1024, 5 * 1024 * 1024 + 1, 100, 0]) {
    it(`is that of ${length} bytes`, async () => {
      const expected = crc64(0n, bytes, 0, length);
      const told: number[] = [];
      assert.equal(await start(length, (done) => told.push(done)).result, expected);
      assert.equal(startThread(source.fd, bytes.length).result(length), expected);
      assert.deepEqual(
        told,
        [...told].sort((a, b) => a - b),
      );
      assert.equal(told.at(-1), length > 0 ? 1 : undefined);
    });
  }

  it('lets others work while it is computed', async () => {
    let turns = 0;
    let done = false;
    const count = () => {
      turns++;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    await start(bytes.length).result;
    done = true;
    assert.ok(turns > 10, `${turns}`);
  });

  it('ends when it is cancelled', async () => {
    const checksum = start(bytes.length);
    checksum.cancel();
    await assert.rejects(checksum.result, /cancelled/);
  });

  it('fails for a file that has become shorter', async () => {
    truncateSync(source.path, bytes.length - 1);
    await assert.rejects(start(bytes.length).result, /shorter/);
    assert.throws(() => startThread(source.fd, bytes.length).result(bytes.length), /shorter/);
  });
});
