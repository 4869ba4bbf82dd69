/** The example and test modules that come with Redis. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { double, END, join, refuses, refusesEveryCut, string, uint, viewOf } from './support/items.js';
import { fieldsOf } from './support/plain.js';

describe('a value of a module that comes with Redis', () => {
  it('has the meaning that its module gives it', () => {
    const hello = join(uint(3), uint(1), uint(-2), uint(3), END);
    assert.deepEqual(fieldsOf(viewOf('hellotype', 0, hello)), { numbers: [1n, -2n, 3n] });
    refusesEveryCut('hellotype', 0, hello);
    refuses('hellotype', 0, join(uint(2n ** 63n), END), /it ends where/);
    const pair = join(uint(-5), string('five'), END);
    assert.deepEqual(fieldsOf(viewOf('test___dt', 1, pair)), { number: -5n, string: 'five' });
    refusesEveryCut('test___dt', 1, pair);
  });

  it('may have an older and a newer form', () => {
    const older = join(string('text'), END);
    const newer = join(uint(1), string('text'), double(1.5), string('0x1p0'), END);
    for (const value of [older, newer]) {
      assert.deepEqual(fieldsOf(viewOf('test__rdb', 1, value)), { string: 'text' });
      refusesEveryCut('test__rdb', 1, value);
    }
  });
});
