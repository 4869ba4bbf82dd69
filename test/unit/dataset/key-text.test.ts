/** Keys for the clipboard: names, values, JSON and commands, exact or refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CopyFormat, keysText, TooLargeError } from '../../../src/dataset/key-text.js';
import { finish, indexed } from '../support/indexed.js';
import { aux, counted, expireMs, file, key, selectdb, string } from '../support/rdb-writer.js';

const content = file(
  'REDIS0011',
  aux('redis-ver', '7.2.4'),
  key(0, 'plain', string('text\nof two lines')),
  key(0, 'binary\x00', string('\x00\xff')),
  key(0, 'two\nlines', string('')),
  selectdb(4),
  [expireMs(99), key(1, 'list', counted([string('a'), string('b"c')]))],
);
const { file: opened, index } = indexed(content);

function copied(rows: readonly number[], format: CopyFormat, limit = 1 << 20): string {
  const { text, keys } = finish(keysText(opened, index, rows, format, limit));
  assert.equal(keys, rows.length);
  return text;
}

describe('copied keys', () => {
  it('are names a line, escaped where they are no readable line', () => {
    assert.equal(copied([0, 1, 2, 3], 'key'), 'plain\nbinary\\x00\ntwo\\nlines\nlist\n');
    assert.equal(copied([0], 'key'), 'plain');
  });

  it('are the text of a string, escaped where it is none', () => {
    assert.equal(copied([0], 'value'), 'text\nof two lines');
    assert.equal(copied([1], 'value'), '\\x00\\xff');
    assert.equal(copied([2], 'value'), '');
  });

  it('are JSON for other values', () => {
    const expected = {
      db: 4,
      key: 'bGlzdA==',
      type: 'list',
      encoding: 'linkedlist',
      expireAtMs: 99,
      value: ['YQ==', 'YiJj'],
    };
    assert.deepEqual(JSON.parse(copied([3], 'value')), expected);
    const lines = copied([1, 3], 'json').split('\n');
    assert.equal(lines.length, 3);
    assert.equal((JSON.parse(lines[0]) as { value: string }).value, 'AP8=');
    assert.deepEqual(JSON.parse(lines[1]), expected);
  });

  it('are commands for redis-cli, each in its database', () => {
    assert.equal(
      copied([0, 3, 1], 'commands'),
      [
        'SET plain "text\\nof two lines"',
        'SELECT 4',
        'RPUSH list a "b\\"c"',
        'PEXPIREAT list 99',
        'SELECT 0',
        'SET "binary\\x00" "\\x00\\xff"',
        '',
      ].join('\n'),
    );
    assert.match(copied([3], 'restore'), /^SELECT 4\nRESTORE list 99 "[\x20-\x7e]+" ABSTTL$/);
  });

  it('are refused where they are more than a clipboard takes', () => {
    for (const format of ['value', 'json', 'commands'] as const) {
      assert.throws(() => copied([0, 1, 2, 3], format, 20), TooLargeError, format);
    }
  });

  it('let others have their turn', () => {
    assert.ok([...keysText(opened, index, new Array<number>(300).fill(0), 'key', 1 << 20)].length >= 4);
  });
});
