/** Filters of commands as data. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AofSummary } from '../../../src/aof-protocol.js';
import {
  changedFilter,
  changedRange,
  chipsOf,
  groupCounts,
  keyFilter,
  keyPattern,
  toggled,
} from '../../../webview/aof/command-filter.js';
import { parseTime } from '../../../webview/keys/quantities.js';

const NAMES: AofSummary['names'] = ['SET', 'DEL', 'MULTI', 'EXEC', 'HSET', 'SADD', 'XADD', 'ZADD', 'INCR', 'EVAL'].map(
  (name, i) => ({
    name,
    group: name === 'EVAL' ? 'script' : name === 'MULTI' || name === 'EXEC' ? 'transaction' : 'write',
    commands: 100 - i,
    bytes: 1000,
  }),
);

describe('a filter of commands', () => {
  it('keeps what is not changed and loses what is taken away', () => {
    const filter = { names: ['SET'], dbs: [1] };
    assert.deepEqual(changedFilter(filter, { dbs: undefined }), { names: ['SET'] });
    assert.deepEqual(changedFilter(filter, { range: [1, 2] }), { names: ['SET'], dbs: [1], range: [1, 2] });
    assert.deepEqual(filter, { names: ['SET'], dbs: [1] });
  });

  it('has no empty lists', () => {
    assert.deepEqual(toggled(undefined, 'SET'), ['SET']);
    assert.deepEqual(toggled(['SET'], 'DEL'), ['SET', 'DEL']);
    assert.equal(toggled(['SET'], 'SET'), undefined);
  });

  it('has no ranges that are open at both ends', () => {
    assert.deepEqual(changedRange(undefined, 0, 5), [5, null]);
    assert.deepEqual(changedRange([5, null], 1, 9), [5, 9]);
    assert.deepEqual(changedRange([5, 9], 0, undefined), [null, 9]);
    assert.equal(changedRange([5, null], 0, undefined), undefined);
    assert.deepEqual(changedRange([5, 9], 0, 0), [0, 9]);
  });

  it('takes the pattern of a search box and gives it back', () => {
    for (const mode of ['substring', 'glob', 'regex'] as const) {
      const pattern = { mode, text: 'user:*', ignoreCase: mode === 'glob' };
      assert.deepEqual(keyPattern(keyFilter(pattern)), pattern);
    }
    assert.deepEqual(keyFilter({ mode: 'substring', text: 'a', ignoreCase: true }), {
      mode: 'text',
      text: 'a',
      matchCase: false,
    });
    assert.equal(keyFilter(undefined), undefined);
    assert.equal(keyPattern(undefined), undefined);
  });

  it('has chips for the most frequent commands and for those that are chosen', () => {
    const { shown, rest } = chipsOf(NAMES, []);
    assert.deepEqual(
      rest.map(({ name }) => name),
      ['INCR', 'EVAL'],
    );
    assert.equal(shown.length, 8);
    const chosen = chipsOf(NAMES, ['EVAL']);
    assert.equal(chosen.shown[8].name, 'EVAL');
    assert.deepEqual(
      chosen.rest.map(({ name }) => name),
      ['INCR'],
    );
  });

  it('counts groups', () => {
    assert.deepEqual(groupCounts(NAMES), [
      ['write', 100 + 99 + 96 + 95 + 94 + 93 + 92],
      ['transaction', 98 + 97],
      ['script', 91],
    ]);
  });
});

describe('a time that is typed', () => {
  it('is taken in UTC, whole or cut off', () => {
    const noon = Date.UTC(2026, 10, 21, 12) / 1000;
    assert.equal(parseTime('2026-11-21 12:00:00'), noon);
    assert.equal(parseTime('2026-11-21T12:00:00Z'), noon);
    assert.equal(parseTime(' 2026-11-21 12:00 UTC '), noon);
    assert.equal(parseTime('2026-11-21'), noon - 12 * 3600);
    assert.equal(parseTime(String(noon)), noon);
  });

  it('is refused where it is none', () => {
    for (const text of ['', 'now', '12:00', '2026-13-01', '2026-11-21 24:00', '2026-11', '21.11.2026']) {
      assert.equal(parseTime(text), undefined, text);
    }
  });
});
