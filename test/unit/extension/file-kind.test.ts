/** Which editor a file needs, by its first bytes and its name: of files that servers have written. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { fileKind, HEAD_BYTES, isManifest, manifestOfPart } from '../../../src/extension/file-kind.js';
import { CORPUS } from '../support/fixtures.js';

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

describe('what a file is', () => {
  it('is an AOF if it begins with a command, whatever became of its line ends', () => {
    assert.equal(fileKind(bytes('*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n'), 'backup'), 'aof');
    assert.equal(fileKind(bytes('*2\n$6\nSELECT\n'), 'backup'), 'aof');
    assert.equal(fileKind(bytes('#TS:1795211000\r\n*2\r\n'), 'backup'), 'aof');
  });

  it('is an AOF if it is a manifest', () => {
    assert.equal(fileKind(bytes('file appendonly.aof.1.base.rdb seq 1 type b\n'), 'm'), 'aof');
    assert.equal(fileKind(bytes('# made by hand\nfile "my data.aof" seq 2 type i\n'), 'm'), 'aof');
  });

  it('is an RDB if it begins like one, unless its name or an aux field says that commands follow', () => {
    const dump = readFileSync(path.join(CORPUS, 'redis-7.0.15', 'types', 'dump.rdb')).subarray(0, HEAD_BYTES);
    assert.equal(fileKind(dump, 'dump.rdb'), 'rdb');
    assert.equal(fileKind(dump, 'appendonly.aof'), 'aof');
    assert.equal(fileKind(bytes('REDIS0009\xfa\x0caof-preamble\xc0\x01'), 'backup'), 'aof');
    assert.equal(fileKind(bytes('REDIS0009\xfa\x0caof-preamble\xc0\x00'), 'backup'), 'rdb');
    assert.equal(fileKind(bytes('VALKEY080'), 'x'), 'rdb');
  });

  it('is not known of anything else', () => {
    assert.equal(fileKind(bytes('These are notes.\n'), 'notes.txt'), null);
    assert.equal(fileKind(bytes('* a list\n* of things\n'), 'notes.md'), null);
    assert.equal(fileKind(bytes(''), 'empty.txt'), null);
    assert.equal(fileKind(bytes(''), 'appendonly.aof.1.incr.aof'), 'aof');
  });
});

describe('the manifest of a part', () => {
  it('has the name that servers give it', () => {
    assert.equal(manifestOfPart('appendonly.aof.12.incr.aof'), 'appendonly.aof.manifest');
    assert.equal(manifestOfPart('appendonly.aof.1.base.rdb'), 'appendonly.aof.manifest');
    assert.equal(manifestOfPart('my data.3.base.aof'), 'my data.manifest');
    assert.equal(manifestOfPart('appendonly.aof'), null);
    assert.ok(isManifest('appendonly.aof.manifest'));
    assert.ok(!isManifest('appendonly.aof'));
  });
});
