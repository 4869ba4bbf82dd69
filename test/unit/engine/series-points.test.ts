/** Samples gathered for a chart. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PagedCollection } from '../../../src/dataset/paging.js';
import type { Sample } from '../../../src/decoder/rdb/modules/view.js';
import { listed } from '../../../src/decoder/rdb/walkers.js';
import { seriesPoints } from '../../../src/engine/series-points.js';

function gather(samples: readonly Sample[], buckets: number) {
  const work = seriesPoints(new PagedCollection(listed(samples)), buckets);
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

const samples = Array.from({ length: 12_345 }, (_, i) => ({
  timestamp: BigInt(1_000 * i),
  value: Math.sin(i / 50) * i,
}));

describe('a time series on a chart', () => {
  it('is all of its samples where they are few', () => {
    const few = samples.slice(0, 10);
    const { times, lowest, highest, samples: count } = gather(few, 100);
    assert.equal(count, 10);
    assert.deepEqual(
      [...times],
      few.map((_, i) => i),
    );
    assert.deepEqual(
      [...lowest],
      few.map(({ value }) => value),
    );
    assert.deepEqual(highest, lowest);
  });

  it('keeps the lowest and highest of what falls together', () => {
    const { times, lowest, highest, samples: count } = gather(samples, 100);
    assert.equal(count, samples.length);
    assert.ok(times.length > 100 && times.length <= 200, `${times.length} buckets`);
    assert.equal(Math.min(...lowest), Math.min(...samples.map(({ value }) => value)));
    assert.equal(Math.max(...highest), Math.max(...samples.map(({ value }) => value)));
    for (let i = 0; i < times.length; i++) {
      const within = samples.filter(({ timestamp }) => {
        const time = Number(timestamp) / 1000;
        return time >= times[i] && time < (times[i + 1] ?? Number.POSITIVE_INFINITY);
      });
      assert.equal(lowest[i], Math.min(...within.map(({ value }) => value)), `bucket ${i}`);
      assert.equal(highest[i], Math.max(...within.map(({ value }) => value)), `bucket ${i}`);
    }
  });

  it('of no samples is nothing', () => assert.equal(gather([], 100).times.length, 0));
});
