/** Checksums that several threads compute: the same as one of the whole, and an end for what cannot be read. */
import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { crc64 } from '../../../src/decoder/crc64/crc64.js';
import { startChecksum } from '../../../src/engine/node/checksum-threads.js';
import { seededBytes } from '../support/random.js';

describe('threads that compute a checksum', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'checksum-'));
  // More than two stretches of 4 MiB, and a part of one.
  const bytes = new Uint8Array(9 * 1024 * 1024 + 13);
  let fd = 0;
  before(() => {
    const piece = seededBytes(65521, 7);
    for (let i = 0; i < bytes.length; i += piece.length) bytes.set(piece.subarray(0, bytes.length - i), i);
    const file = path.join(folder, 'file');
    writeFileSync(file, bytes);
    fd = openSync(file, 'r');
  });
  after(() => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  for (const length of [bytes.length, 8 * 1024 * 1024, 5 * 1024 * 1024 + 1, 100, 0]) {
    it(`gives that of ${length} bytes`, async () => {
      assert.equal(await startChecksum(fd, length, () => {}).result, crc64(0n, bytes, 0, length));
    });
  }

  it('fails for a file that has become shorter', async () => {
    await assert.rejects(startChecksum(fd, bytes.length + 1, () => {}).result, /shorter/);
  });

  it('ends when it is cancelled', async () => {
    const checksum = startChecksum(fd, bytes.length, () => {});
    checksum.cancel();
    await assert.rejects(checksum.result, /cancelled/);
  });
});
