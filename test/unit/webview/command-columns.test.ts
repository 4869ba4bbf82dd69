/** Which columns the list of commands has, for a file and a width. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AofSummary } from '../../../src/aof-protocol.js';
import { commandColumnChoices, commandColumns, shownSort, sortOf } from '../../../webview/aof/command-columns.js';

/** What the columns depend on. */
function summary(parts: number, databases: number, timed: boolean): AofSummary {
  return {
    parts: Array.from({ length: parts }, () => ({})),
    databases: Array.from({ length: databases }, () => ({})),
    timeRange: timed ? [1, 2] : null,
  } as unknown as AofSummary;
}

const ids = (...args: Parameters<typeof commandColumns>) => commandColumns(...args).map(({ id }) => id);

describe('the columns of the list of commands', () => {
  it('are those that the file has something for', () => {
    assert.deepEqual(ids(summary(1, 1, false), {}, 0), ['offset', 'command', 'key', 'arguments', 'bytes']);
    assert.deepEqual(ids(summary(3, 2, true), {}, 0), [
      'offset',
      'time',
      'db',
      'command',
      'key',
      'arguments',
      'bytes',
      'part',
    ]);
  });

  it('have the number only where it is asked for', () => {
    assert.equal(ids(summary(1, 1, false), { shownColumns: ['number'] }, 0)[0], 'number');
    const choice = commandColumnChoices(summary(1, 1, false), {}).find(({ id }) => id === 'number');
    assert.equal(choice?.shown, false);
  });

  it('go one after the other where room is short, the least important first', () => {
    const all = summary(3, 2, true);
    let before = ids(all, {}, 5000);
    for (let width = 1200; width > 0; width -= 10) {
      const now = ids(all, {}, width);
      assert.ok(now.length <= before.length && now.every((id) => before.includes(id)), `${width}: ${now.join()}`);
      before = now;
    }
    assert.deepEqual(before, ['command', 'key']);
    assert.deepEqual(ids(all, {}, 420), ['time', 'command', 'key']);
  });

  it('fill the width with the arguments, or with the key where those have no room', () => {
    const growing = (width: number) =>
      commandColumns(summary(1, 1, false), {}, width)
        .filter(({ grows }) => grows)
        .map(({ id }) => id);
    assert.deepEqual(growing(1000), ['arguments']);
    assert.deepEqual(growing(300), ['key']);
  });

  it('never hide the command', () => {
    assert.ok(ids(summary(1, 1, false), { hiddenColumns: ['command', 'key'] }, 0).includes('command'));
  });
});

describe('the order of the list of commands', () => {
  it('is by number for a click on the offset', () => {
    assert.deepEqual(sortOf({ column: 'offset', descending: true }), { column: 'number', descending: true });
    assert.deepEqual(sortOf({ column: 'bytes', descending: true }), { column: 'bytes', descending: true });
  });

  it('has no arrow where it is that of the file', () => {
    assert.equal(shownSort({ column: 'number', descending: false }), undefined);
    assert.deepEqual(shownSort({ column: 'number', descending: true }), { column: 'offset', descending: true });
  });
});
