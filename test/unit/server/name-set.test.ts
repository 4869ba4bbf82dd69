/** Names that occur twice, found by their hashes in passes of a fixed size. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NameSet } from '../../../src/server/name-set.js';

/** Less than the names of the tests: they take several passes. */
const MOST = 4096;

/** Gives names until no pass is wanted any more. @returns whether one seems to occur twice, and the passes. */
function look(names: readonly (readonly [name: string, db: number])[]): { suspicious: boolean; passes: number } {
  const set = new NameSet(MOST);
  let passes = 0;
  do {
    passes++;
    for (const [name, db] of names) {
      const bytes = Buffer.from(`<${name}>`);
      set.add(bytes, 1, bytes.length - 1, db);
    }
  } while (set.another());
  return { suspicious: set.suspicious, passes };
}

describe('a set of names', () => {
  const many = Array.from({ length: 20_000 }, (_, i) => [`key:${i}`, i % 3] as const);

  it('suspects nothing where all differ, in as many passes as they need', () => {
    assert.deepEqual(look([]), { suspicious: false, passes: 1 });
    assert.deepEqual(look(many.slice(0, MOST)), { suspicious: false, passes: 1 });
    const { suspicious, passes } = look(many);
    assert.ok(!suspicious && passes >= 8, `${passes} passes`);
  });

  it('takes a name in another database for another one', () => {
    assert.equal(look([...many, ['key:1', 0]]).suspicious, false);
  });

  it('finds one that occurs twice, wherever it is among others', () => {
    for (const at of [0, 1, 4095, 4096, 4097, 11_111, 19_999]) {
      assert.equal(look([...many, many[at]]).suspicious, true, `name ${at}`);
      assert.equal(look([many[at], ...many]).suspicious, true, `name ${at}`);
    }
  });

  it('comes to an end where all are the same', () => {
    assert.equal(look(Array.from({ length: 20_000 }, () => ['same', 0] as const)).suspicious, true);
  });
});
