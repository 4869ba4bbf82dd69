/** The timeline in numbers and words. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Timeline } from '../../../src/aof-protocol.js';
import { bucketShares, bucketsOf, bucketText, commandsOf, stacked, tickText } from '../../../webview/aof/timeline.js';

const START = Date.UTC(2026, 10, 21, 3, 0, 0) / 1000;

/** Four buckets, the third of them empty. */
function timeline(axis: Timeline['axis'], seconds = 10): Timeline {
  return {
    axis,
    borders: axis === 'time' ? [0, 1, 2, 3, 4].map((i) => START + i * seconds) : [0, 10, 20, 20, 30],
    commands: [0, 10, 20, 20, 30],
    series: [
      { name: 'SET', counts: [10, 4, 0, 1], bytes: [100, 40, 0, 10] },
      { name: '', counts: [0, 6, 0, 9], bytes: [0, 600, 0, 9] },
    ],
  };
}

describe('a timeline', () => {
  it('labels its axis with as much of the time as its span needs', () => {
    assert.equal(tickText(timeline('time', 10), 1), '03:00:10');
    assert.equal(tickText(timeline('time', 600), 1), '03:10');
    assert.equal(tickText(timeline('time', 12 * 3600), 1), '11-21 15:00');
    assert.equal(tickText(timeline('time', 2 * 86400), 1), '2026-11-23');
    assert.equal(tickText(timeline('number'), 1), '10');
  });

  it('says from where to where a bucket is', () => {
    assert.equal(bucketText(timeline('time'), 0), '2026-11-21 03:00:00 – 2026-11-21 03:00:10');
    assert.equal(bucketText(timeline('number'), 1), '10 – 19');
    assert.equal(bucketText(timeline('number'), 0, 3), '0 – 29');
  });

  it('selects the commands of its buckets, and none where there are none', () => {
    assert.deepEqual(commandsOf(timeline('time'), 0, 1), [0, 19]);
    assert.deepEqual(commandsOf(timeline('time'), 1, 3), [10, 29]);
    assert.equal(commandsOf(timeline('time'), 2, 2), undefined);
  });

  it('finds the buckets of commands', () => {
    assert.deepEqual(bucketsOf(timeline('time'), [0, 9]), [0, 0]);
    assert.deepEqual(bucketsOf(timeline('time'), [5, 20]), [0, 3]);
    assert.deepEqual(bucketsOf(timeline('time'), [20, 29]), [3, 3]);
    assert.equal(bucketsOf(timeline('time'), [30, 40]), null);
  });

  it('gives the buckets of what its own buckets select', () => {
    for (const [from, to] of [
      [0, 0],
      [0, 1],
      [1, 3],
      [3, 3],
    ] as const) {
      const commands = commandsOf(timeline('number'), from, to);
      assert.deepEqual(commands && bucketsOf(timeline('number'), commands), [from, to]);
    }
  });

  it('names what is in a bucket, the most first', () => {
    assert.deepEqual(bucketShares(timeline('time'), 1, 'counts'), [
      ['', 6],
      ['SET', 4],
    ]);
    assert.deepEqual(bucketShares(timeline('time'), 0, 'bytes'), [['SET', 100]]);
    assert.deepEqual(bucketShares(timeline('time'), 2, 'bytes'), []);
  });

  it('stacks its series', () => {
    assert.deepEqual(
      stacked([
        [1, 2],
        [3, 0],
        [5, 5],
      ]),
      [
        [1, 2],
        [4, 2],
        [9, 7],
      ],
    );
    assert.deepEqual(stacked([]), []);
  });
});
