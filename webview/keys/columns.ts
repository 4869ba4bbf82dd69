/** The columns of the key grid: a new one is a row here and a field in the key index. */
import { formatBytes, formatCount, formatDuration } from '../../src/format/quantities.js';
import type { ColumnId, GridRow, KeyRow, MatchInfo, Preferences, Summary } from '../../src/protocol.js';
import { icon, span, timeText, timeTitle } from '../cells.js';
import type { TableColumn } from '../grid/columns.js';
import type { RowLook } from '../grid/table.js';
import { t } from '../strings.js';
import { keysText } from '../summary-texts.js';
import { typeIcon } from '../type-icons.js';

interface ColumnRule {
  readonly id: ColumnId;
  readonly label: () => string;
  readonly width: number;
  readonly numeric?: boolean;
  /** Fills the cell of a key. */
  readonly fill: (cell: HTMLElement, row: KeyRow) => void;
  /** True if the file has the fact at all. */
  readonly present?: (summary: Summary | undefined) => boolean;
  /** Not shown unless it is asked for. */
  readonly hidden?: boolean;
}

const absent = (cell: HTMLElement) => cell.append(span('absent', '–'));

const RULES: readonly ColumnRule[] = [
  { id: 'key', label: () => t('Key'), width: 200, fill: fillName },
  {
    id: 'type',
    label: () => t('Type'),
    width: 80,
    fill: (cell, row) => cell.append(icon(typeIcon(row.type)), ` ${row.type}`),
  },
  {
    id: 'encoding',
    label: () => t('Encoding'),
    width: 76,
    fill: (cell, row) => (row.encoding === null ? absent(cell) : cell.append(row.encoding)),
  },
  {
    id: 'elements',
    label: () => t('Elements'),
    width: 80,
    numeric: true,
    fill: (cell, row) => {
      if (row.elements === null) absent(cell);
      else cell.append(formatCount(row.elements));
      if (row.type === 'string') cell.title = t('Bytes of the string');
    },
  },
  {
    id: 'memory',
    label: () => t('Memory'),
    width: 84,
    numeric: true,
    fill: (cell, row) => fillMemory(cell, row.memory),
  },
  {
    id: 'size',
    label: () => t('Size in file'),
    width: 86,
    numeric: true,
    fill: (cell, row) => {
      cell.append(formatBytes(row.size));
      cell.title = `${formatCount(row.size)} B`;
    },
  },
  {
    id: 'expireAt',
    label: () => t('Expires (UTC)'),
    width: 152,
    fill: (cell, row) => {
      if (row.expireAt === null) {
        absent(cell);
        return;
      }
      const expired = Number(row.expireAt) <= Date.now();
      cell.append(span(expired ? 'expired' : '', timeText(row.expireAt)));
      cell.title = timeTitle(row.expireAt);
    },
  },
  {
    id: 'db',
    label: () => t('Database'),
    width: 75,
    numeric: true,
    fill: (cell, row) => cell.append(String(row.db)),
    present: (summary) => (summary?.databases.length ?? 0) !== 1 || summary?.databases[0]?.db !== 0,
  },
  {
    id: 'idle',
    label: () => t('Idle'),
    width: 90,
    numeric: true,
    fill: (cell, row) => (row.idle === null ? absent(cell) : cell.append(formatDuration(row.idle * 1000))),
    present: (summary) => summary?.hasIdle === true,
  },
  {
    id: 'freq',
    label: () => t('Frequency'),
    width: 85,
    numeric: true,
    fill: (cell, row) => (row.freq === null ? absent(cell) : cell.append(String(row.freq))),
    present: (summary) => summary?.hasFreq === true,
  },
  {
    id: 'offset',
    label: () => t('Offset'),
    width: 110,
    numeric: true,
    hidden: true,
    fill: (cell, row) => cell.append(formatCount(row.offset)),
  },
];

/** A column that can be shown or hidden. */
export interface ColumnChoice {
  readonly id: ColumnId;
  readonly label: string;
  readonly shown: boolean;
}

/** The columns that can be had for a file, and which are shown. */
export function columnChoices(summary: Summary | undefined, preferences: Preferences): ColumnChoice[] {
  return RULES.filter((rule) => rule.present?.(summary) ?? true).map((rule) => ({
    id: rule.id,
    label: rule.label(),
    shown: isShown(rule, preferences),
  }));
}

/** True if the grid has the column of what keys cost in memory. */
export function showsMemory({ hiddenColumns }: Preferences): boolean {
  return !hiddenColumns?.includes('memory');
}

function fillMemory(cell: HTMLElement, bytes: number | null): void {
  if (bytes === null) {
    cell.append(span('absent', '…'));
    cell.title = t('Not measured yet');
    return;
  }
  cell.append(formatBytes(bytes));
  cell.title = t('{0} B, estimated', formatCount(bytes));
}

function isShown(rule: ColumnRule, { hiddenColumns, shownColumns }: Preferences): boolean {
  if (rule.id === 'key') return true;
  return rule.hidden ? (shownColumns?.includes(rule.id) ?? false) : !hiddenColumns?.includes(rule.id);
}

/** The columns of the grid, with their widths. */
/** @param matches true if it is a search in values: then there is a column with what was found. */
export function gridColumns(summary: Summary | undefined, preferences: Preferences, matches = false): TableColumn[] {
  const columns: TableColumn[] = RULES.filter(
    (rule) => (rule.present?.(summary) ?? true) && isShown(rule, preferences),
  ).map((rule) => ({
    id: rule.id,
    label: rule.label(),
    width: preferences.columnWidths?.[rule.id] ?? rule.width,
    numeric: rule.numeric === true,
    sortable: true,
    grows: rule.id === 'key',
  }));
  // Beside the names, where it is seen.
  if (matches) columns.splice(1, 0, matchColumn());
  return columns;
}

const MATCH = 'match';

function matchColumn(): TableColumn {
  return { id: MATCH, label: t('Match'), width: 240, numeric: false, sortable: false, grows: false };
}

/** What was found in a value: the field or entry that it stands under, and the text around it. */
function fillMatch(cell: HTMLElement, match: MatchInfo | null): void {
  if (!match) {
    cell.append(span('absent', t('in a large value')));
    return;
  }
  const where = matchPlace(match);
  if (where !== '') cell.append(span('dim', `${where}: `));
  cell.append(span('mono', match.text));
  cell.title = where === '' ? match.text : `${where}: ${match.text}`;
}

function matchPlace({ part, of, position }: MatchInfo): string {
  switch (part) {
    case 'value':
    case 'entry':
      return of?.text ?? '';
    case 'field':
      return t('field');
    case 'member':
      return t('member');
    case 'element':
      return `[${position}]`;
  }
}

const FILL = new Map<string, ColumnRule['fill']>(RULES.map((rule) => [rule.id, rule.fill]));

/** Pixels that a level of a tree is indented. */
const INDENT = 16;

/** Fills a cell of the grid. */
export function fillGridCell(cell: HTMLElement, row: GridRow, column: TableColumn): void {
  if (row.kind === 'key') {
    if (column.id === MATCH) fillMatch(cell, row.match ?? null);
    FILL.get(column.id)?.(cell, row);
    return;
  }
  switch (column.id) {
    case 'key':
      if (row.kind === 'folder') fillFolder(cell, row.name, row.nameCut, row.depth, row.expanded);
      else cell.append(indent(row.depth + 1), span('absent', t('more folders than can be listed')));
      break;
    case 'elements':
      cell.append(span('dim', keysText(row.keys)));
      break;
    case 'size':
      cell.append(formatBytes(row.bytes));
      cell.title = `${formatCount(row.bytes)} B`;
      break;
    case 'memory':
      fillMemory(cell, row.memory);
      break;
  }
}

function indent(depth: number): HTMLElement {
  const element = span('indent', '');
  element.style.width = `${depth * INDENT}px`;
  return element;
}

function fillFolder(cell: HTMLElement, name: string, cut: boolean, depth: number, expanded: boolean): void {
  const twisty = icon(expanded ? 'chevron-down' : 'chevron-right');
  twisty.dataset.twisty = '';
  cell.append(
    indent(depth),
    twisty,
    icon(expanded ? 'folder-opened' : 'folder'),
    ' ',
    span('name', cut ? `${name}…` : name),
  );
  cell.title = name;
}

function fillName(cell: HTMLElement, row: KeyRow): void {
  if (row.depth > 0) cell.append(indent(row.depth + 1));
  if (row.damaged) cell.append(icon('warning', t('The value of this key is damaged')), ' ');
  if (row.name === '') cell.append(span('absent', t('(empty name)')));
  else cell.append(span('name', row.nameCut ? `${row.name}…` : row.name));
  cell.title = row.name;
}

/** How a row looks beside its cells. */
export function lookOfRow(row: GridRow): RowLook {
  if (row.kind === 'folder') return { className: 'folder', level: row.depth + 1, expanded: row.expanded };
  if (row.kind === 'rest') return { className: 'rest', level: row.depth + 1 };
  const expired = row.expireAt !== null && Number(row.expireAt) <= Date.now();
  const className = row.damaged ? 'damaged' : expired ? 'past' : '';
  return { className, level: row.depth + 1 };
}
