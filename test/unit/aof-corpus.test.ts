/** AOFs of real servers against what the servers and their tools said of them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareAof } from '../corpus/compare-aof.js';
import { aofVariants } from './support/aof-files.js';

describe('an AOF of a server', () => {
  const all = aofVariants();

  it('is there for every kind of damage and of file', () => {
    const kinds = new Set(all.map(({ name }) => name.split('/')[1]));
    for (const kind of [
      'cut-in-multi',
      'flip-length',
      'garbage',
      'multi',
      'preamble',
      'spaces',
      'timestamps',
      'truncated',
      'upgraded',
    ]) {
      assert.ok(kinds.has(`aof-${kind}`), kind);
    }
  });

  for (const { name, folder } of all) {
    it(`is what the server said: ${name}`, () => {
      const { mismatches, parts, commands } = compareAof(folder);
      assert.deepEqual(mismatches, []);
      assert.ok(parts > 0 && commands > 0);
    });
  }
});
