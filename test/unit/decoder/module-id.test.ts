/** Names and versions in module ids and in classes of key metadata. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseMetadataClass, parseModuleId } from '../../../src/decoder/rdb/module-id.js';
import { metadataClass, moduleId } from '../support/rdb-writer.js';

describe('a module id', () => {
  it('is taken apart into name and version', () => {
    const known = [
      [0x45e25238df912c03n, 'ReJSON-RL', 3],
      [0x3016e5a289bef804n, 'MBbloom--', 4],
      [0x4d20c1f9360f1009n, 'TSDB-TYPE', 9],
      [0x7edfe29dd7b1d01bn, 'ft_index0', 27],
      [0xbde72da2bb1eb400n, 'vectorset', 0],
    ] as const;
    for (const [id, name, version] of known) {
      assert.deepEqual(parseModuleId(id), { name, version });
      assert.equal(moduleId(name, version), id);
    }
  });

  it('has every character of the alphabet, and the largest version', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let at = 0; at + 9 <= alphabet.length; at++) {
      const name = alphabet.slice(at, at + 9);
      assert.deepEqual(parseModuleId(moduleId(name, 1023)), { name, version: 1023 });
    }
    assert.deepEqual(parseModuleId(0n), { name: 'AAAAAAAAA', version: 0 });
    assert.deepEqual(parseModuleId((1n << 64n) - 1n), { name: '_________', version: 1023 });
  });
});

describe('a class of key metadata', () => {
  it('is taken apart into name, version and flag', () => {
    for (const name of ['KMT1', 'abcd', 'WXYZ', '09_-']) {
      for (const version of [0, 1, 31]) {
        assert.deepEqual(parseMetadataClass(metadataClass(name, version, 0)), { name, version, ignorable: false });
        assert.deepEqual(parseMetadataClass(metadataClass(name, version, 1)), { name, version, ignorable: true });
        assert.deepEqual(parseMetadataClass(metadataClass(name, version, 6)), { name, version, ignorable: false });
      }
    }
  });

  it('has the last two characters of its alphabet the other way round than module ids', () => {
    const spec = 62 * 2 ** 26 + 63 * 2 ** 20 + 62 * 2 ** 14 + 63 * 2 ** 8;
    assert.equal(parseMetadataClass(spec).name, '_-_-');
  });
});
