/** What stands in the cells of the list of commands, and how its rows look: commands, transactions, damage. */
import type { CommandColumnId, CommandListRow, CommandRow, DamageRow, TransactionRow } from '../../src/aof-protocol.js';
import { formatBytes, formatCount, formatTime } from '../../src/format/quantities.js';
import { cellText, icon, span, timeTitle } from '../cells.js';
import type { TableColumn } from '../grid/columns.js';
import type { RowLook } from '../grid/table.js';
import { message, t } from '../strings.js';
import { commandsText, namesText } from './aof-texts.js';

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
