/** The columns of the list of commands: which there are, in what order they yield where room is short, how they sort. */
import type { AofPreferences, AofSummary, CommandColumnId, CommandViewSpec } from '../../src/aof-protocol.js';
import type { SortState, TableColumn } from '../grid/columns.js';
import { t } from '../strings.js';

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
  { id: 'offset', label: () => t('Offset'), width: 86, rank: 5, numeric: true, sortable: true },
  {
    id: 'time',
    label: () => t('Time (UTC)'),
    width: 156,
    rank: 2,
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
  { id: 'command', label: () => t('Command'), width: 118, rank: 0, sortable: true },
  { id: 'key', label: () => t('Key'), width: 140, rank: 1, sortable: true },
  { id: 'arguments', label: () => t('Arguments'), width: 120, rank: 3 },
  { id: 'bytes', label: () => t('Bytes'), width: 72, rank: 4, numeric: true, sortable: true },
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
