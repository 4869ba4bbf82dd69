/** How large keys are, as a histogram with percentiles. */
import type { KeyFilter, SizeDistribution } from '../../analysis-protocol.js';
import { formatBytes, formatCount } from '../../format/quantities.js';
import { columns } from '../columns.js';
import { type Paint, typePaint, type View, type Words } from '../shapes.js';
import {
  amountWords,
  bytesCell,
  countCell,
  numberColumn,
  percentCell,
  scaleOf,
  textCell,
  textColumn,
} from './amounts.js';

const HEIGHT = 190;

/** The histogram. @param by what sizes are of. */
export function sizesView(sizes: SizeDistribution, by: 'bytes' | 'memory', t: Words): View {
  const { buckets, types, percentiles } = sizes;
  const total = buckets.reduce((sum, { keys }) => sum + keys, 0);
  // Types of one colour are one series.
  const paints = [...new Set(types.map(typePaint))];
  const most = Math.max(1, ...buckets.map(({ keys }) => keys));
  const range = (min: number, max: number) => `${formatBytes(min)} – ${formatBytes(max + 1)}`;
  // The index filters by the size in the file.
  const choice = (min: number, max: number) => {
    const filter: KeyFilter = by === 'bytes' ? { size: { min, max } } : { memory: { min, max } };
    return { filter };
  };
  const all = percentiles[0];
  return {
    title: by === 'memory' ? t('Sizes in memory') : t('Sizes in the file'),
    note:
      all && all.keys > 0
        ? t('half of the keys up to {0}, 99 % up to {1}', formatBytes(all.p50), formatBytes(all.p99))
        : '',
    draw: (width) =>
      columns(
        buckets.map(({ min, byType }) => ({
          label: formatBytes(min),
          values: paints.map((paint) =>
            byType.reduce((sum, keys, i) => sum + (typePaint(types[i]) === paint ? keys : 0), 0),
          ),
        })),
        paints,
        scaleOf('keys'),
        width,
        HEIGHT,
      ),
    parts: buckets.map((bucket) => {
      const shares = types
        .map((type, i) => [type, bucket.byType[i]] as const)
        .filter(([, keys]) => keys > 0)
        .map(([type, keys]) => `${type} ${formatCount(keys)}`);
      return {
        text: `${range(bucket.min, bucket.max)}: ${amountWords(bucket, 'keys', t)} (${shares.join(', ')})`,
        choice: choice(bucket.min, bucket.max),
      };
    }),
    legend: paints.map((paint: Paint) => ({
      paint,
      text: paint === 'rest' ? t('others') : types.filter((type) => typePaint(type) === paint).join(', '),
    })),
    tables: [
      {
        title: t('Sizes'),
        table: {
          columns: [
            textColumn(t('Size')),
            numberColumn(t('Keys')),
            numberColumn(t('Share')),
            ...types.map((type) => numberColumn(type)),
          ],
          rows: buckets.map(({ min, max, keys, byType }) => ({
            cells: [
              { text: range(min, max), value: min },
              countCell(keys),
              percentCell(keys, total),
              ...byType.map(countCell),
            ],
            choice: choice(min, max),
            share: keys / most,
          })),
        },
      },
      {
        title: t('Percentiles'),
        table: {
          columns: [
            textColumn(t('Type')),
            numberColumn(t('Keys')),
            numberColumn(t('Mean')),
            numberColumn('50 %'),
            numberColumn('90 %'),
            numberColumn('99 %'),
            numberColumn(t('Largest')),
          ],
          rows: percentiles.map(({ type, keys, mean, p50, p90, p99, max }) => ({
            cells: [
              textCell(type === '' ? t('all') : type),
              countCell(keys),
              bytesCell(mean),
              bytesCell(p50),
              bytesCell(p90),
              bytesCell(p99),
              bytesCell(max),
            ],
            choice: type === '' ? null : { filter: { types: [type] } },
          })),
        },
      },
    ],
    nothing: buckets.length === 0 ? t('There are no keys.') : '',
  };
}
