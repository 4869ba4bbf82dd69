/** The biggest keys as a table. */
import type { BigBy, BigKeyRow } from '../../analysis-protocol.js';
import { formatTime } from '../../format/quantities.js';
import type { Cell, View, Words } from '../shapes.js';
import { bytesCell, countCell, numberColumn, textCell, textColumn } from './amounts.js';

/** Keys in the order of what they are big by. */
export function biggestView(keys: readonly BigKeyRow[], by: BigBy, hasMemory: boolean, t: Words): View {
  const most = Math.max(1, keys[0]?.value ?? 0);
  const none: Cell = textCell('');
  return {
    title: t('Biggest keys'),
    note: '',
    draw: undefined,
    parts: [],
    legend: [],
    tables: [
      {
        title: t('Biggest keys'),
        table: {
          columns: [
            textColumn(t('Key')),
            textColumn(t('Type')),
            textColumn(t('Encoding')),
            numberColumn(t('Database')),
            numberColumn(t('Elements')),
            ...(by === 'longest' ? [numberColumn(t('Longest element'))] : []),
            ...(hasMemory ? [numberColumn(t('Memory'))] : []),
            numberColumn(t('In the file')),
            textColumn(t('Expires (UTC)')),
          ],
          rows: keys.map(({ value, memory, ...key }) => ({
            cells: [
              textCell(key.name === '' ? t('(empty name)') : key.nameCut ? `${key.name}…` : key.name),
              textCell(key.type),
              textCell(key.encoding ?? ''),
              countCell(key.db),
              key.elements === null ? none : countCell(key.elements),
              ...(by === 'longest' ? [bytesCell(value)] : []),
              ...(hasMemory ? [memory === null ? none : bytesCell(memory)] : []),
              bytesCell(key.size),
              key.expireAt === null
                ? textCell(t('never'))
                : { text: formatTime(Number(key.expireAt)), value: Number(key.expireAt) },
            ],
            choice: { row: key.row },
            share: value / most,
          })),
        },
      },
    ],
    nothing: keys.length === 0 ? t('There are no such keys.') : '',
  };
}
