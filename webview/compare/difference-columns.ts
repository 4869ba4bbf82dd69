/** The columns of the list of differences. */
import type { DifferenceColumnId, DifferenceRow } from '../../src/compare-protocol.js';
import { formatBytes, formatCount } from '../../src/format/quantities.js';
import { icon, span, timeTitle } from '../cells.js';
import type { SortState, TableColumn } from '../grid/columns.js';
import type { RowLook } from '../grid/table.js';
import { t } from '../strings.js';
import { typeIcon } from '../type-icons.js';
import { changedText, growthText, KIND_ICONS, kindText } from './compare-texts.js';

interface ColumnRule {
  readonly id: DifferenceColumnId;
  readonly label: () => string;
  readonly width: number;
  readonly numeric?: boolean;
  readonly fill: (cell: HTMLElement, row: DifferenceRow) => void;
}

const absent = (cell: HTMLElement) => cell.append(span('absent', '–'));

const RULES: readonly ColumnRule[] = [
  { id: 'key', label: () => t('Key'), width: 190, fill: fillName },
  { id: 'changed', label: () => t('Changed'), width: 116, fill: fillChanged },
  { id: 'type', label: () => t('Type'), width: 88, fill: fillType },
  {
    id: 'growth',
    label: () => t('Growth'),
    width: 82,
    numeric: true,
    fill: (cell, row) => {
      const bytes = (row.rightSize ?? 0) - (row.leftSize ?? 0);
      cell.append(growthText(bytes));
      cell.title = `${formatCount(bytes)} B`;
    },
  },
  {
    id: 'leftSize',
    label: () => t('Before'),
    width: 82,
    numeric: true,
    fill: (cell, row) => fillSize(cell, row.leftSize),
  },
  {
    id: 'rightSize',
    label: () => t('After'),
    width: 82,
    numeric: true,
    fill: (cell, row) => fillSize(cell, row.rightSize),
  },
  { id: 'db', label: () => t('Database'), width: 84, numeric: true, fill: (cell, row) => cell.append(String(row.db)) },
];

const BY_ID = new Map<string, ColumnRule>(RULES.map((rule) => [rule.id, rule] as const));

/**
 * The columns.
 *
 * @param width pixels that there are for them; columns behind those are left out.
 */
export function differenceColumns(width: number, widths: Readonly<Record<string, number>>): TableColumn[] {
  let used = 0;
  return RULES.map(({ id, label, width: usual, numeric }) => ({
    id,
    label: label(),
    width: widths[id] ?? usual,
    numeric: numeric === true,
    sortable: true,
    grows: id === 'key',
  })).filter((column, i) => {
    used += column.width;
    return i < 2 || width === 0 || used <= width;
  });
}

/** The order that a click on a heading asks for. */
export function differenceSort({ column, descending }: SortState): {
  readonly column: DifferenceColumnId;
  readonly descending: boolean;
} {
  return { column: BY_ID.get(column)?.id ?? 'key', descending };
}

/** Fills a cell. */
export function fillDifference(cell: HTMLElement, row: DifferenceRow, { id }: TableColumn): void {
  BY_ID.get(id)?.fill(cell, row);
}

/** How a row looks beside its cells. */
export function lookOfDifference(row: DifferenceRow): RowLook {
  return { className: `cmp-${row.kind}${row.changed.includes('unreadable') ? ' damaged' : ''}` };
}

function fillName(cell: HTMLElement, row: DifferenceRow): void {
  cell.append(icon(KIND_ICONS[row.kind], kindText(row.kind)), ' ');
  if (row.name === '') cell.append(span('absent', t('(empty name)')));
  else cell.append(span('name', row.nameCut ? `${row.name}…` : row.name));
  cell.title = row.name;
}

function fillChanged(cell: HTMLElement, row: DifferenceRow): void {
  const text = row.kind === 'changed' ? changedText(row.changed) : kindText(row.kind).toLowerCase();
  cell.append(span(row.kind === 'changed' ? '' : 'dim', text));
  const lines = [text];
  for (const [label, time] of [
    [t('Before'), row.leftExpireAt],
    [t('After'), row.rightExpireAt],
  ] as const) {
    if (row.changed.includes('ttl')) lines.push('', `${label}: ${time === null ? t('no expiry') : timeTitle(time)}`);
  }
  cell.title = lines.join('\n');
}

function fillType(cell: HTMLElement, row: DifferenceRow): void {
  const type = row.rightType ?? row.leftType ?? '';
  cell.append(icon(typeIcon(type)), ` ${type}`);
  if (row.leftType !== null && row.rightType !== null && row.leftType !== row.rightType) {
    cell.title = `${row.leftType} → ${row.rightType}`;
  }
}

function fillSize(cell: HTMLElement, bytes: number | null): void {
  if (bytes === null) {
    absent(cell);
    return;
  }
  cell.append(formatBytes(bytes));
  cell.title = `${formatCount(bytes)} B`;
}
