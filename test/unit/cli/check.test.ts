/** `check` over real and damaged files: what it says in words, and its exit status. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { readManifest } from '../../corpus/damaged.js';
import { bytes } from '../support/bytes.js';
import { CORPUS, dumps } from '../support/fixtures.js';
import { cli } from '../support/programs.js';
import { file, key, string } from '../support/rdb-writer.js';
import { tempFolder } from '../support/temp.js';

const folder = tempFolder();
const corrupt = path.join(CORPUS, 'corrupt');

describe('check', () => {
  it('finds nothing wrong in dumps of servers', async () => {
    for (const { name, folder: at } of dumps().filter((one) => one.name.endsWith('/mini'))) {
      const { status, stdout, stderr } = await cli('check', path.join(at, 'dump.rdb'));
      assert.deepEqual([status, stderr], [0, ''], name);
      assert.match(
        stdout,
        /: \d+ bytes, (REDIS|VALKEY)\d+\n\d+ keys, \d+ of them with an expiry; checksum \w+\nnothing wrong\n$/,
      );
    }
  });

  it('says what is wrong, in order of offsets, and ends with 1', async () => {
    const intset = string(bytes('xxx'));
    const content = file('REDIS0011', key(11, 'a', intset), key(0, 'k', string('v')), key(11, 'b', intset));
    const name = path.join(folder, 'two.rdb');
    writeFileSync(name, content.subarray(0, -9));
    const { status, stdout } = await cli('check', name);
    assert.equal(status, 1);
    const offsets = [...stdout.matchAll(/^error at offset (\d+)(?:, in the key at \d+)?: .+ \[[a-z-]+\]$/gm)].map(
      (match) => Number(match[1]),
    );
    assert.equal(offsets.length, 3, stdout);
    assert.deepEqual(
      offsets,
      [...offsets].sort((a, b) => a - b),
    );
    assert.doesNotMatch(stdout, /nothing wrong/);
  });

  it('finds keys that stand in the file twice', async () => {
    const { status, stdout } = await cli('check', path.join(corrupt, 'hand-dup-key.rdb'));
    assert.equal(status, 1);
    assert.match(
      stdout,
      /error at offset 52, in the key at 52: The key stands twice in database 0: first at offset 31\./,
    );
  });

  it('finds what the tools of the servers find in the files that were made by hand', async () => {
    const made = readManifest(corrupt).filter(
      ({ base, redisCheckRdb }) => base === 'hand-made' && redisCheckRdb.verdict !== 'ok',
    );
    assert.ok(made.length > 50);
    for (const { file: name } of made) {
      assert.equal((await cli('check', path.join(corrupt, name))).status, 1, name);
    }
  });

  it('mentions bytes behind the end, which are no problem', async () => {
    const name = path.join(folder, 'trailing.rdb');
    writeFileSync(name, bytes(file('REDIS0011', key(0, 'k', string('v'))), 'tail'));
    const { status, stdout } = await cli('check', name);
    assert.equal(status, 0);
    assert.match(stdout, /note: 4 bytes follow the end of the RDB at offset \d+; servers ignore them/);
  });
});
