/** Types as bars of their encodings, and keys that are about to change theirs. */
import type { Amount, EncodingShare, Measure, TypeShares } from '../../analysis-protocol.js';
import { type BarItem, bars } from '../bars.js';
import { type Part, typePaint, type View, type Words } from '../shapes.js';
import {
  amountCells,
  amountColumns,
  amountText,
  amountWords,
  bytesCell,
  countCell,
  numberColumn,
  percentCell,
  textCell,
  textColumn,
} from './amounts.js';

/** The types of the keys, the largest first. */
export function typesView({ shares, near }: TypeShares, measure: Measure, hasMemory: boolean, t: Words): View {
  const byType = new Map<string, EncodingShare[]>();
  for (const share of shares) byType.set(share.type, [...(byType.get(share.type) ?? []), share]);
  const sum = (list: readonly Amount[]) => list.reduce((total, one) => total + one[measure], 0);
  const types = [...byType].sort(([, a], [, b]) => sum(b) - sum(a));
  const total = sum(shares);
  const parts: Part[] = [];
  const items = types.map(([type, encodings]): BarItem => {
    encodings.sort((a, b) => b[measure] - a[measure]);
    for (const share of encodings) {
      const name = share.encoding === null ? type : `${type}, ${share.encoding}`;
      parts.push({ text: `${name}: ${amountWords(share, measure, t)}`, choice: { filter: encodingFilter(share) } });
    }
    return {
      label: type,
      amount: amountText(sum(encodings), measure),
      segments: encodings.map((share, i) => ({ value: share[measure], paint: typePaint(type), soft: i % 2 === 1 })),
    };
  });
  const greatest = Math.max(1, ...shares.map((share) => share[measure]));
  return {
    title: t('Types and encodings'),
    note: '',
    draw: (width) => bars(items, width),
    parts,
    legend: [],
    tables: [
      {
        title: t('Types and encodings'),
        table: {
          columns: [
            textColumn(t('Type')),
            textColumn(t('Encoding')),
            ...amountColumns(hasMemory, t),
            numberColumn(t('Share')),
            numberColumn(t('Elements')),
          ],
          rows: types.flatMap(([, encodings]) =>
            encodings.map((share) => ({
              cells: [
                textCell(share.type),
                textCell(share.encoding ?? ''),
                ...amountCells(share, hasMemory),
                percentCell(share[measure], total),
                // The index has the length of a string there.
                share.type === 'string' ? textCell('') : countCell(share.elements),
              ],
              choice: { filter: encodingFilter(share) },
              share: share[measure] / greatest,
            })),
          ),
        },
      },
      ...(near.length > 0
        ? [
            {
              title: t('Near the limit of their encoding'),
              table: {
                columns: [
                  textColumn(t('Type')),
                  textColumn(t('Change')),
                  textColumn(t('Setting')),
                  numberColumn(t('Elements')),
                  numberColumn(t('Keys')),
                  numberColumn(t('Cost of all')),
                ],
                rows: near.map(({ type, encoding, becomes, setting, limit, from, keys, cost }) => ({
                  cells: [
                    textCell(type),
                    textCell(`${encoding} → ${becomes}`),
                    textCell(setting),
                    { text: `${from} – ${limit}`, value: from },
                    countCell(keys),
                    bytesCell(cost),
                  ],
                  choice: {
                    filter: { types: [type], encodings: [encoding], elements: { min: from, max: limit } },
                  },
                })),
              },
            },
          ]
        : []),
    ],
    nothing: shares.length === 0 ? t('There are no keys.') : '',
  };
}

function encodingFilter({ type, encoding }: EncodingShare) {
  return { types: [type], encodings: [encoding ?? ''] };
}
