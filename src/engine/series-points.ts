/** A time series as a chart can show it: the lowest and the highest of as many samples as fall on one place of it. */
import type { PagedCollection } from '../dataset/paging.js';
import type { Sample } from '../decoder/rdb/modules/view.js';
import type { SeriesPoints } from '../viewer-protocol.js';

/** Places of a chart, at most. */
const BUCKET_LIMIT = 4000;

/** Samples, gathered in buckets of as many samples each. */
export function* seriesPoints(items: PagedCollection<Sample>, buckets: number): Generator<void, SeriesPoints> {
  const most = 2 * Math.max(1, Math.min(buckets, BUCKET_LIMIT));
  let times: number[] = [];
  let lowest: number[] = [];
  let highest: number[] = [];
  let samples = 0;
  let each = 1;
  let inLast = 0;
  yield* items.read(0, Number.POSITIVE_INFINITY, ({ timestamp, value }) => {
    samples++;
    if (inLast === 0 || inLast === each) {
      if (times.length === most) {
        // Twice as many samples go into each bucket from here on.
        const halved = (list: readonly number[], pick: (a: number, b: number) => number) =>
          Array.from({ length: most / 2 }, (_, i) => pick(list[2 * i], list[2 * i + 1]));
        times = halved(times, (first) => first);
        lowest = halved(lowest, Math.min);
        highest = halved(highest, Math.max);
        each *= 2;
      }
      times.push(Number(timestamp) / 1000);
      lowest.push(value);
      highest.push(value);
      inLast = 1;
      return;
    }
    const last = times.length - 1;
    lowest[last] = Math.min(lowest[last], value);
    highest[last] = Math.max(highest[last], value);
    inLast++;
  });
  return {
    times: Float64Array.from(times),
    lowest: Float64Array.from(lowest),
    highest: Float64Array.from(highest),
    samples,
  };
}
