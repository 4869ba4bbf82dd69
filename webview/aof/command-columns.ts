/** The columns of the list of commands, and how its rows look: commands, transactions, damage. */
import type {
  AofPreferences,
  AofSummary,
  CommandColumnId,
  CommandListRow,
  CommandRow,
  CommandViewSpec,
  DamageRow,
  TransactionRow,
} from '../../src/aof-protocol.js';
import { formatBytes, formatCount, formatTime } from '../../src/format/quantities.js';
import { cellText, icon, span, timeTitle } from '../cells.js';
import type { RowLook, SortState, TableColumn } from '../grid/table.js';
import { message, t } from '../strings.js';
import { commandsText, namesText } from './aof-texts.js';

interface ColumnRule {
  readonly id: CommandColumnId;
  readonly label: () => string;
  readonly width: number;
  /** What it yields first where room is short: the highest number. */
  readonly rank: number;
  readonly numeric?: boolean;
  readonly sortable?: boolean;
  /** Not shown unless it is asked for. */
  readonly hidden?: boolean;
  readonly present?: (summary: AofSummary | undefined) => boolean;
}

const RULES: readonly ColumnRule[] = [
  { id: 'number', label: () => t('Number'), width: 84, rank: 8, numeric: true, hidden: true },
  { id: 'offset', label: () => t('Offset'), width: 92, rank: 5, numeric: true, sortable: true },
  {
    id: 'time',
    label: () => t('Time (UTC)'),
    width: 158,
    rank: 4,
    present: (summary) => (summary?.timeRange ?? null) !== null,
  },
  {
    id: 'db',
    label: () => t('Database'),
    width: 84,
    rank: 6,
    numeric: true,
    present: (summary) => (summary?.databases.length ?? 0) > 1,
  },
  { id: 'command', label: () => t('Command'), width: 128, rank: 0, sortable: true },
  { id: 'key', label: () => t('Key'), width: 160, rank: 1, sortable: true },
  { id: 'arguments', label: () => t('Arguments'), width: 130, rank: 2 },
  { id: 'bytes', label: () => t('Bytes'), width: 76, rank: 3, numeric: true, sortable: true },
  {
    id: 'part',
    label: () => t('Part'),
    width: 150,
    rank: 7,
    present: (summary) => (summary?.parts.length ?? 0) > 1,
  },
];

/** A column that can be shown or hidden. */
export interface CommandColumnChoice {
  readonly id: CommandColumnId;
  readonly label: string;
  readonly shown: boolean;
}

/** The columns that can be had for a file, and which are shown. */
export function commandColumnChoices(
  summary: AofSummary | undefined,
  preferences: AofPreferences,
): CommandColumnChoice[] {
  return RULES.filter((rule) => rule.present?.(summary) ?? true).map((rule) => ({
    id: rule.id,
    label: rule.label(),
    shown: isShown(rule, preferences),
  }));
}

function isShown(rule: ColumnRule, { hiddenColumns, shownColumns }: AofPreferences): boolean {
  if (rule.id === 'command') return true;
  return rule.hidden ? (shownColumns?.includes(rule.id) ?? false) : !hiddenColumns?.includes(rule.id);
}

/** The columns of the list, with their widths. @param width pixels that there are for them; 0 for any number. */
export function commandColumns(
  summary: AofSummary | undefined,
  preferences: AofPreferences,
  width: number,
): TableColumn[] {
  const rules = RULES.filter((rule) => (rule.present?.(summary) ?? true) && isShown(rule, preferences));
  const widthOf = (rule: ColumnRule) => preferences.columnWidths?.[rule.id] ?? rule.width;
  const kept = fitting(rules, widthOf, width);
  const grows = kept.some(({ id }) => id === 'arguments') ? 'arguments' : 'key';
  return kept.map((rule) => ({
    id: rule.id,
    label: rule.label(),
    width: widthOf(rule),
    numeric: rule.numeric === true,
    sortable: rule.sortable === true,
    grows: rule.id === grows,
  }));
}

/** Those that have room, the most important ones first: command and key always. */
function fitting(
  rules: readonly ColumnRule[],
  widthOf: (rule: ColumnRule) => number,
  width: number,
): readonly ColumnRule[] {
  if (width === 0) return rules;
  const kept = new Set<ColumnRule>();
  let used = 0;
  for (const rule of [...rules].sort((a, b) => a.rank - b.rank)) {
    used += widthOf(rule);
    if (rule.rank > 1 && used > width) break;
    kept.add(rule);
  }
  return rules.filter((rule) => kept.has(rule));
}

/** The order as the headings show it: that of the file is not worth an arrow. */
export function shownSort({ column, descending }: CommandViewSpec['sort']): SortState | undefined {
  if (column === 'number') return descending ? { column: 'offset', descending } : undefined;
  return { column, descending };
}

/** The order that a click on a heading asks for. */
export function sortOf({ column, descending }: SortState): CommandViewSpec['sort'] {
  const known = column === 'bytes' || column === 'command' || column === 'key' ? column : 'number';
  return { column: known, descending };
}

/** Makes what fills the cells. @param parts names of the parts, by their numbers. */
export function commandCells(parts: readonly string[]) {
  return (cell: HTMLElement, row: CommandListRow, column: TableColumn): void => {
    switch (column.id as CommandColumnId) {
      case 'offset':
        cell.append(formatCount(row.offset));
        return;
      case 'bytes':
        cell.append(formatBytes(row.bytes));
        cell.title = `${formatCount(row.bytes)} B`;
        return;
      case 'part':
        cell.append(parts[row.part] ?? '');
        cell.title = parts[row.part] ?? '';
        return;
      default:
        break;
    }
    if (row.kind === 'damage') fillDamage(cell, row, column);
    else fillRunning(cell, row, column);
  };
}

function fillDamage(cell: HTMLElement, row: DamageRow, { id }: TableColumn): void {
  if (id === 'command') {
    cell.append(icon(row.problem.severity), ' ', span('name', t('damaged')));
    cell.title = message(row.problem);
  } else if (id === 'key') {
    cell.append(row.bytes === 1 ? t('1 byte') : t('{0} bytes', formatCount(row.bytes)));
    cell.title = message(row.problem);
  } else if (id === 'arguments') {
    cell.append(message(row.problem));
    cell.title = message(row.problem);
  }
}

function fillRunning(cell: HTMLElement, row: CommandRow | TransactionRow, { id }: TableColumn): void {
  switch (id as CommandColumnId) {
    case 'number':
      cell.append(formatCount(row.command));
      break;
    case 'time':
      if (row.time === null) cell.append(span('absent', '–'));
      else {
        cell.append(formatTime(row.time * 1000));
        cell.title = timeTitle(row.time * 1000);
      }
      break;
    case 'db':
      cell.append(String(row.db));
      break;
    default:
      if (row.kind === 'transaction') fillTransaction(cell, row, id);
      else fillCommand(cell, row, id);
  }
}

function fillTransaction(cell: HTMLElement, row: TransactionRow, id: string): void {
  if (id === 'command') {
    const twisty = icon(row.expanded ? 'chevron-down' : 'chevron-right');
    twisty.dataset.twisty = '';
    cell.append(twisty, span('name', 'MULTI'));
    if (!row.complete) cell.append(' ', icon('warning', t('There is no EXEC: the transaction is not complete')));
  } else if (id === 'key') {
    cell.append(span('dim', row.complete ? commandsText(row.commands) : t('{0}, no EXEC', commandsText(row.commands))));
  } else if (id === 'arguments') {
    cell.append(span('dim', namesText(row.names)));
    cell.title = namesText(row.names);
  }
}

function fillCommand(cell: HTMLElement, row: CommandRow, id: string): void {
  if (id === 'command') {
    if (row.depth > 0) cell.append(span('indent transaction-indent', ''));
    if (row.damaged) cell.append(icon('warning', t('Servers do not get as far as this command')), ' ');
    cell.append(span('name', row.name));
    cell.title = row.history ? t('{0}, in a part that servers no longer read', row.name) : row.name;
  } else if (id === 'key') {
    if (row.key === null) return;
    cell.append(row.key.bytes === 0 ? span('absent', t('(empty name)')) : cellText(row.key));
    if (row.moreKeys > 0) cell.append(span('dim', ` +${row.moreKeys}`));
    cell.title = row.moreKeys > 0 ? t('{0} and {1} more keys', row.key.text, row.moreKeys) : row.key.text;
  } else if (id === 'arguments') {
    cell.append(row.preview);
    cell.title = row.preview;
  }
}

/** How a row looks beside its cells. */
export function lookOfCommand(row: CommandListRow): RowLook {
  switch (row.kind) {
    case 'damage':
      return { className: 'damage', level: 1 };
    case 'transaction':
      return {
        className: row.history ? 'transaction history' : 'transaction',
        level: 1,
        expanded: row.expanded,
      };
    case 'command': {
      const classes = [`group-${row.group}`, row.history ? 'history' : '', row.damaged ? 'unread' : ''];
      return { className: classes.filter((name) => name !== '').join(' '), level: row.depth + 1 };
    }
  }
}
