/** What keeps a server from loading a file: against what is known of the files of real servers. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { parseTarget, TARGET_NAMES, targetName } from '../../../../src/dataset/export/target.js';
import { loads, willItLoad } from '../../../../src/dataset/export/will-it-load.js';
import { fillTemplate } from '../../../../src/decoder/errors.js';
import { exportBytes } from '../../../corpus/export-bytes.js';
import { CORPUS } from '../../support/fixtures.js';
import { finish, indexed } from '../../support/indexed.js';

function findings(dump: Uint8Array, release: string) {
  const { source, scan, index } = indexed(dump);
  const target = parseTarget(release);
  assert.ok(target);
  return finish(willItLoad(source, scan.facts, index, target));
}

function dumpOf(name: string): Buffer {
  return readFileSync(path.join(CORPUS, name, 'dump.rdb'));
}

describe('will it load', () => {
  it('finds nothing for the server that wrote the file, and its successors', () => {
    for (const [name, ...releases] of [
      ['redis-2.8.24/mini', 'redis-2.8', 'redis-3.2', 'redis-7.4', 'valkey-9.0', 'keydb'],
      ['redis-7.2.6/mini', 'redis-7.2', 'redis-8.6', 'valkey-7.2', 'valkey-9.0'],
      ['redis-8.6.3/hfe', 'redis-8.6'],
      ['valkey-9.1.2/mini', 'valkey-9.0'],
    ]) {
      for (const release of releases) assert.deepEqual(findings(dumpOf(name), release), [], `${name} in ${release}`);
    }
  });

  it('names the version, the types and the opcodes that an older server does not know, with their places', () => {
    const dump = dumpOf('redis-7.2.6/mini');
    const found = findings(dump, 'redis-6.2');
    const texts = found.map(({ what }) => fillTemplate(what.phrase, ...what.args));
    assert.ok(texts.includes('RDB version 11 is newer than 9, the newest that the server reads'));
    const hash = found[texts.findIndex((text) => text.includes('HASH_LISTPACK'))];
    assert.ok(hash?.stops && hash.count > 0 && hash.remedy === 'converted');
    assert.equal(dump[hash.offset], 16);
    assert.equal(new Set(texts).size, texts.length);
  });

  it('tells the hashes of Redis and of Valkey whose fields expire from each other', () => {
    const redis = findings(dumpOf('redis-8.6.3/hfe'), 'valkey-9.0').filter(({ stops }) => stops);
    assert.deepEqual(new Set(redis.map(({ remedy }) => remedy)), new Set(['converted']));
    const old = findings(dumpOf('redis-8.6.3/hfe'), 'redis-7.2').filter(({ remedy }) => remedy === 'left-out');
    assert.ok(old.length > 0);
  });

  it('says that a damaged file does not load, even in the server that wrote it', () => {
    const dump = dumpOf('redis-7.2.6/mini');
    const found = findings(dump.subarray(0, dump.length - 40), 'redis-7.2');
    assert.equal(loads(found), false);
  });

  it('finds nothing that stops the server in the export for it', () => {
    for (const name of [
      'redis-8.6.3/minilzf',
      'redis-7.2.6/mini',
      'valkey-9.1.2/mini',
      'keydb-6.3.4/keydb',
      'redis-4.0-rc2/modules',
    ]) {
      for (const release of TARGET_NAMES) {
        const target = parseTarget(release);
        assert.ok(target);
        const found = findings(exportBytes(dumpOf(name), { format: 'rdb', target }).bytes, release);
        assert.ok(loads(found), `${name} for ${targetName(target)}: ${JSON.stringify(found)}`);
      }
    }
  });
});

describe('the name of a release', () => {
  it('is read as people write it', () => {
    for (const [text, make, level, rdbVersion] of [
      ['7.2', 'redis', 702, 11],
      ['redis-7.2.4', 'redis', 702, 11],
      ['Redis 6', 'redis', 600, 9],
      ['valkey 8', 'valkey', 800, 11],
      ['valkey-9.1', 'valkey', 901, 80],
      ['keydb', 'keydb', 602, 9],
      ['8.10', 'redis', 810, 15],
    ] as const) {
      assert.deepEqual(parseTarget(text), { make, level, rdbVersion }, text);
    }
  });

  it('is refused where there is no such release', () => {
    for (const text of ['', 'seven', 'valkey-7.0', 'mysql-8', '7.', '-7', '7.2.4.1', 'redis']) {
      assert.equal(parseTarget(text), undefined, text);
    }
  });
});
