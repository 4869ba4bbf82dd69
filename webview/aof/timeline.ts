/** What a timeline says in numbers and words: its buckets, its selection, its table. Pure, so that it needs no page. */
import type { Timeline } from '../../src/aof-protocol.js';
import { formatCount, formatTime } from '../../src/format/quantities.js';

/** The label at the start of a bucket: as much of the time as the span of the timeline needs. */
export function tickText({ axis, borders }: Timeline, bucket: number): string {
  const border = borders[bucket];
  if (axis === 'number') return formatCount(Math.round(border));
  const span = borders[borders.length - 1] - borders[0];
  const text = formatTime(Math.round(border) * 1000);
  if (span > 3 * 86400) return text.slice(0, 10);
  if (span > 86400) return text.slice(5, 16);
  return span > 600 ? text.slice(11, 16) : text.slice(11);
}

/** From where to where a bucket is. */
export function bucketText(timeline: Timeline, from: number, to = from): string {
  const { axis, borders, commands } = timeline;
  if (axis === 'number')
    return `${formatCount(commands[from])} – ${formatCount(Math.max(commands[from], commands[to + 1] - 1))}`;
  return `${formatTime(Math.round(borders[from]) * 1000)} – ${formatTime(Math.round(borders[to + 1]) * 1000)}`;
}

/** The commands that buckets hold, first and last; undefined if they hold none. */
export function commandsOf({ commands }: Timeline, from: number, to: number): readonly [number, number] | undefined {
  const first = commands[from];
  const last = commands[to + 1] - 1;
  return last < first ? undefined : [first, last];
}

/** The buckets that hold commands from a number to another; null if none does. */
export function bucketsOf({ commands }: Timeline, range: readonly [number, number]): readonly [number, number] | null {
  const buckets = commands.length - 1;
  let first = -1;
  let last = -1;
  for (let bucket = 0; bucket < buckets; bucket++) {
    if (commands[bucket + 1] <= range[0] || commands[bucket] > range[1] || commands[bucket] === commands[bucket + 1])
      continue;
    if (first < 0) first = bucket;
    last = bucket;
  }
  return first < 0 ? null : [first, last];
}

/** What a bucket holds: names with how much, the most first. */
export function bucketShares(
  { series }: Timeline,
  bucket: number,
  unit: 'counts' | 'bytes',
): readonly (readonly [name: string, value: number])[] {
  return series
    .map((one) => [one.name, one[unit][bucket]] as const)
    .filter(([, value]) => value > 0)
    .sort((a, b) => b[1] - a[1]);
}

/** Running sums over the series, bucket by bucket: the tops of the bars. */
export function stacked(series: readonly (readonly number[])[]): number[][] {
  const sums: number[][] = [];
  for (const values of series) {
    const below = sums[sums.length - 1];
    sums.push(values.map((value, i) => value + (below?.[i] ?? 0)));
  }
  return sums;
}
