/** Cells of tables as text: what an element of a value looks like. */
import { formatCount, formatDuration, formatTime } from '../src/format/quantities.js';
import type { Cell, ItemCell, Time } from '../src/protocol.js';
import { nameText, t } from './strings.js';

/** A time in UTC. */
export function timeText(time: Time): string {
  return typeof time === 'number' ? formatTime(time) : `${time} ms`;
}

/** How far a time is from now: `in 3 d 4 h`, `2 h ago`. */
export function relativeTime(time: Time, now: number): string {
  const distance = Number(time) - now;
  return distance >= 0 ? t('in {0}', formatDuration(distance)) : t('{0} ago', formatDuration(distance));
}

/** The explanation of a time: UTC, local, relative, and the number itself. */
export function timeTitle(time: Time): string {
  const number = Number(time);
  const lines = [`${timeText(time)} UTC`, relativeTime(time, Date.now()), `${time} ms`];
  if (Math.abs(number) < 8.64e15) lines.splice(1, 0, t('{0} local time', new Date(number).toLocaleString()));
  return lines.join('\n');
}

export function isCell(cell: ItemCell): cell is Cell {
  return typeof cell === 'object' && cell !== null && 'text' in cell;
}

/** A cell as plain text. */
export function cellText(cell: ItemCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isInteger(cell) ? formatCount(cell) : String(cell);
  if (typeof cell === 'string') return cell;
  if ('phrase' in cell) return nameText(cell);
  if ('text' in cell) return cell.cut ? `${cell.text}…` : cell.text;
  if ('time' in cell) return timeText(cell.time);
  const pairs = cell.pairs.map(([field, value]) => `${cellText(field)}: ${cellText(value)}`).join('  ');
  return cell.more > 0 ? `${pairs}  +${cell.more}` : pairs;
}

/** Puts a cell into an element, as text nodes. */
export function fillItemCell(element: HTMLElement, cell: ItemCell): void {
  if (cell === null) {
    element.append(span('absent', '–'));
    return;
  }
  if (typeof cell === 'object' && 'pairs' in cell) {
    for (const [field, value] of cell.pairs) {
      element.append(
        span('pair-field', cellText(field)),
        span('pair-colon', ': '),
        span('pair-value', cellText(value)),
        '  ',
      );
    }
    if (cell.more > 0) element.append(span('absent', t('and {0} more', cell.more)));
    return;
  }
  if (typeof cell === 'object' && 'time' in cell) element.title = timeTitle(cell.time);
  if (isCell(cell) && cell.bytes === 0) {
    element.append(span('absent', t('(empty)')));
    return;
  }
  element.append(cellText(cell));
  if (isCell(cell)) element.title = cell.text.length > 60 ? cell.text : '';
}

/** An element with text. */
export function span(className: string, text: string): HTMLSpanElement {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}

/** An icon of the editor. */
export function icon(name: string, title = ''): HTMLSpanElement {
  const element = document.createElement('span');
  element.className = `codicon codicon-${name}`;
  if (title === '') element.setAttribute('aria-hidden', 'true');
  else {
    element.title = title;
    element.setAttribute('role', 'img');
    element.setAttribute('aria-label', title);
  }
  return element;
}
