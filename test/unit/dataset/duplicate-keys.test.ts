/** Keys that stand in a file twice: all of them are found, nothing else is, within any memory. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { findDuplicateKeys } from '../../../src/dataset/duplicate-keys.js';
import { type Problem, problemMessage } from '../../../src/decoder/errors.js';
import { bytes } from '../support/bytes.js';
import { CORPUS, dumps } from '../support/fixtures.js';
import { type Indexed, indexed, progress } from '../support/indexed.js';
import { seededRandom } from '../support/random.js';
import { compressed, expireMs, file, integer, key, selectdb, string } from '../support/rdb-writer.js';

function duplicates({ source, index }: Indexed, slots?: number): { problem: Problem; row: number }[] {
  const found: { problem: Problem; row: number }[] = [];
  for (const _ of findDuplicateKeys(source, index, (problem, row) => found.push({ problem, row }), slots));
  return found;
}

const value = string('v');

describe('keys that stand in a file twice', () => {
  it('are reported at the second place, with the first', () => {
    const { problems, ...made } = indexed(readFileSync(path.join(CORPUS, 'corrupt', 'hand-dup-key.rdb')));
    assert.deepEqual(problems, []);
    const [{ problem, row }, ...others] = duplicates({ ...made, problems });
    assert.deepEqual(others, []);
    assert.equal(row, 1);
    assert.equal(problem.offset, 52);
    assert.equal(
      problemMessage(problem),
      'The key stands twice in database 0: first at offset 31. Servers refuse to load the file.',
    );
  });

  it('are named by the first byte of their records, expiry included', () => {
    const twice = bytes(expireMs(5), key(0, 'k', value));
    const [{ problem }] = duplicates(indexed(file('REDIS0011', twice, twice)));
    assert.deepEqual(
      [problem.offset, problem.args, problem.entryOffset],
      [9 + twice.length, [0, 9], 9 + 2 * twice.length - 5],
    );
  });

  it('are so in one database only', () => {
    const twoDbs = file(
      'REDIS0011',
      key(0, 'k', value),
      selectdb(1),
      key(0, 'k', value),
      selectdb(2),
      key(0, 'k', value),
    );
    assert.deepEqual(duplicates(indexed(twoDbs)), []);
    const back = file(
      'REDIS0011',
      key(0, 'k', value),
      selectdb(1),
      key(0, 'x', value),
      selectdb(0),
      key(0, 'k', value),
    );
    assert.deepEqual(
      duplicates(indexed(back)).map(({ row }) => row),
      [2],
    );
  });

  it('are the same in whatever form the file stores their names', () => {
    const long = 'k'.repeat(100);
    const names = [
      string('12'),
      integer(12, 8),
      integer(12, 32),
      string(long),
      compressed(long),
      string(long, 64),
      string(''),
    ];
    const records = names.map((name) => bytes(0, name, value));
    const found = duplicates(indexed(file('REDIS0011', records, bytes(0, string('', 14), value))));
    assert.deepEqual(
      found.map(({ row }) => row),
      [1, 2, 4, 5, 7],
    );
  });

  it('are not those whose names are damaged', () => {
    const damaged = bytes(0, 0xc3, 3, 50, 0xff, 0xff, 0xff, value);
    assert.deepEqual(duplicates(indexed(file('REDIS0011', damaged, damaged, key(0, '', value)))), []);
  });

  it('are all found, and no others, within any memory', () => {
    for (let seed = 0; seed < 12; seed++) {
      const random = seededRandom(seed);
      const names = Array.from({ length: 2500 }, () => `key:${random(20_000)}`);
      const made = indexed(
        file(
          'REDIS0011',
          names.map((name) => key(0, name, value)),
        ),
      );
      const expected = names.flatMap((name, row) => (names.indexOf(name) < row ? [row] : []));
      assert.ok(expected.length > 50);
      for (const slots of [undefined, 2048, 1024]) {
        assert.deepEqual(
          duplicates(made, slots).map(({ row }) => row),
          expected,
          `seed ${seed}, ${slots} slots`,
        );
      }
    }
  });

  it('are in no dump of a server', () => {
    for (const { name, bytes: content } of dumps()) assert.deepEqual(duplicates(indexed(content)), [], name);
  });

  it('are looked for in turns, and it is told how far that is', () => {
    const names = Array.from({ length: 50 }, (_, i) => `${'k'.repeat(40_000)}${i % 40}`);
    const { source, index } = indexed(
      file(
        'REDIS0011',
        names.map((name) => key(0, name, value)),
      ),
    );
    const { told } = progress(findDuplicateKeys(source, index, () => {}));
    assert.ok(told.length > 4);
    assert.ok(
      told.every((done, i) => done >= (told[i - 1] ?? 0) && done <= 1),
      String(told),
    );
  });
});
