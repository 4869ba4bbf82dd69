/** The columns of the list of touched keys. */
import type {
  AofPreferences,
  AofSummary,
  TouchedColumnId,
  TouchedKey,
  TouchedViewSpec,
} from '../../src/aof-protocol.js';
import { formatBytes, formatCount, formatTime } from '../../src/format/quantities.js';
import { cellText, icon, span, timeTitle } from '../cells.js';
import type { SortState, TableColumn } from '../grid/columns.js';
import type { RowLook } from '../grid/table.js';
import { t } from '../strings.js';
import { namesText } from './aof-texts.js';

interface ColumnRule {
  readonly id: TouchedColumnId;
  readonly label: () => string;
  readonly width: number;
  readonly numeric?: boolean;
  readonly present?: (summary: AofSummary | undefined) => boolean;
}

const RULES: readonly ColumnRule[] = [
  { id: 'key', label: () => t('Key'), width: 160 },
  {
    id: 'db',
    label: () => t('Database'),
    width: 84,
    numeric: true,
    present: (summary) => (summary?.databases.length ?? 0) > 1,
  },
  { id: 'commands', label: () => t('Commands'), width: 112, numeric: true },
  { id: 'bytes', label: () => t('Bytes'), width: 76, numeric: true },
  { id: 'largest', label: () => t('Largest'), width: 76, numeric: true },
  { id: 'lastCommand', label: () => t('Last'), width: 158 },
  { id: 'names', label: () => t('Command names'), width: 150 },
];

/** The columns, with their widths. @param width pixels that there are for them; columns behind those are left out. */
export function touchedColumns(
  summary: AofSummary | undefined,
  preferences: AofPreferences,
  width: number,
): TableColumn[] {
  let used = 0;
  return RULES.filter(({ present }) => present?.(summary) ?? true)
    .map(({ id, label, numeric, width: usual }) => ({
      id,
      label: label(),
      width: preferences.columnWidths?.[id] ?? usual,
      numeric: numeric === true,
      sortable: id !== 'names',
      grows: id === 'key',
    }))
    .filter((column, i) => {
      used += column.width;
      return i < 2 || width === 0 || used <= width;
    });
}

/** The order that a click on a heading asks for. */
export function touchedSortOf({ column, descending }: SortState): TouchedViewSpec['sort'] {
  const rule = RULES.find(({ id }) => id === column);
  const id = rule === undefined || rule.id === 'names' ? 'commands' : rule.id;
  return { column: id, descending };
}

/** Fills a cell. */
export function fillTouched(cell: HTMLElement, row: TouchedKey, { id }: TableColumn): void {
  switch (id as TouchedColumnId) {
    case 'key':
      if (row.removed) cell.append(icon('trash', t('The last command that names it removes it')), ' ');
      if (row.name.bytes === 0) cell.append(span('absent', t('(empty name)')));
      else cell.append(span('name', cellText(row.name)));
      cell.title = row.name.text;
      break;
    case 'db':
      cell.append(String(row.db));
      break;
    case 'commands':
      cell.append(formatCount(row.commands));
      break;
    case 'bytes':
    case 'largest': {
      const bytes = id === 'bytes' ? row.bytes : row.largest;
      cell.append(formatBytes(bytes));
      cell.title = `${formatCount(bytes)} B`;
      break;
    }
    case 'lastCommand':
      if (row.lastTime === null) cell.append(span('dim', t('command {0}', formatCount(row.lastCommand))));
      else {
        cell.append(formatTime(row.lastTime * 1000));
        cell.title = `${t('command {0}', formatCount(row.lastCommand))}\n${timeTitle(row.lastTime * 1000)}`;
      }
      break;
    case 'names':
      cell.append(namesText(row.names));
      cell.title = namesText(row.names);
      break;
  }
}

/** How a row looks beside its cells. */
export function lookOfTouched(row: TouchedKey): RowLook {
  return { className: row.removed ? 'removed' : '' };
}
