/** Lines of replicas on common times: what a plot needs of what was sampled. */
import type { LagLine } from '../../src/servers-protocol.js';

export type LagUnit = 'bytes' | 'seconds';

/** The values of all lines at all times at which any of them has one; null where a line has none. */
export function alignedLines(
  lines: readonly LagLine[],
  unit: LagUnit,
): { readonly times: readonly number[]; readonly values: readonly (readonly (number | null)[])[] } {
  const times = [...new Set(lines.flatMap((line) => line.times))].sort((a, b) => a - b);
  const places = new Map(times.map((time, i) => [time, i]));
  const values = lines.map((line) => {
    const row: (number | null)[] = new Array(times.length).fill(null);
    for (const [i, time] of line.times.entries()) row[places.get(time) ?? 0] = line[unit][i];
    return row;
  });
  return { times, values };
}
