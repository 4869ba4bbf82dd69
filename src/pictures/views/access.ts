/** Hot and cold keys, as columns. */
import type { AccessShares, Measure } from '../../analysis-protocol.js';
import { formatDuration } from '../../format/quantities.js';
import { columns } from '../columns.js';
import type { View, Words } from '../shapes.js';
import {
  amountCells,
  amountColumns,
  amountWords,
  numberColumn,
  percentCell,
  scaleOf,
  textCell,
  textColumn,
} from './amounts.js';

const HEIGHT = 170;

/** Keys by how they were used, from cold to hot. */
export function accessView(
  { kind, buckets, unknown }: AccessShares,
  measure: Measure,
  hasMemory: boolean,
  t: Words,
): View {
  const total = buckets.reduce((sum, one) => sum + one[measure], unknown[measure]);
  const most = Math.max(1, ...buckets.map((one) => one[measure]));
  const name = (min: number, max: number) => {
    if (kind === 'freq') return min === max ? String(min) : `${min} – ${max}`;
    return max >= 2 ** 32 - 2 ? `≥ ${formatDuration(min * 1000)}` : `< ${formatDuration((max + 1) * 1000)}`;
  };
  const choice = (min: number, max: number) => ({
    filter: kind === 'freq' ? { freq: { min, max } } : { idle: { min, max } },
  });
  const heading = kind === 'freq' ? t('Frequency (LFU)') : t('Not used for');
  return {
    title: t('Hot and cold'),
    note:
      kind === 'freq'
        ? t('by the access counter of LFU, cold on the left')
        : kind === 'idle'
          ? t('by the time since the last access, cold on the left')
          : '',
    draw:
      kind === 'none'
        ? undefined
        : (width) =>
            columns(
              buckets.map((one) => ({ label: name(one.min, one.max), values: [one[measure]] })),
              ['series-0'],
              scaleOf(measure),
              width,
              HEIGHT,
            ),
    parts: buckets.map((one) => ({
      text: `${heading} ${name(one.min, one.max)}: ${amountWords(one, measure, t)}`,
      choice: choice(one.min, one.max),
    })),
    legend: [],
    tables: [
      {
        title: t('Hot and cold'),
        table: {
          columns: [textColumn(heading), ...amountColumns(hasMemory, t), numberColumn(t('Share'))],
          rows: [
            ...buckets.map((one) => ({
              cells: [
                { text: name(one.min, one.max), value: one.min },
                ...amountCells(one, hasMemory),
                percentCell(one[measure], total),
              ],
              choice: choice(one.min, one.max),
              share: one[measure] / most,
            })),
            ...(unknown.keys > 0
              ? [
                  {
                    cells: [
                      textCell(t('not known')),
                      ...amountCells(unknown, hasMemory),
                      percentCell(unknown[measure], total),
                    ],
                    choice: null,
                  },
                ]
              : []),
          ],
        },
      },
    ],
    nothing:
      kind === 'none'
        ? t('The file has no access times or frequencies: servers save them with a maxmemory-policy of LRU or LFU.')
        : '',
  };
}
