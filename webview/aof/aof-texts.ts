/** What is known of an AOF, in words. */
import type { AofSummary, CommandGroup, PartRole, Verdict } from '../../src/aof-protocol.js';
import { formatCount, formatTime } from '../../src/format/quantities.js';
import { nameText, t } from '../strings.js';

/** A number of commands. */
export function commandsText(count: number): string {
  return count === 1 ? t('1 command') : t('{0} commands', formatCount(count));
}

/** Names with how often, in one line: `SET 3, DEL`. */
export function namesText(names: readonly (readonly [name: string, count: number])[]): string {
  return names.map(([name, count]) => (count === 1 ? name : `${name} ${formatCount(count)}`)).join(', ');
}

/** A verdict in a few words; empty while it is not known. */
export function verdictText(verdict: Verdict | null): string {
  switch (verdict) {
    case 'loads':
      return t('loads');
    case 'loads-truncated':
      return t('loads with its tail cut');
    case 'refused':
      return t('does not load');
    default:
      return '';
  }
}

/** What the verdict rests on; empty if there is nothing to say. */
export function reasonText({ verdictReason }: AofSummary): string {
  return verdictReason ? nameText(verdictReason) : '';
}

/** From the first to the last time, in UTC; the day only once where both have the same. */
export function timeRangeText([from, to]: readonly [from: number, to: number]): string {
  const first = formatTime(from * 1000);
  const last = formatTime(to * 1000);
  if (first === last) return first;
  return first.slice(0, 10) === last.slice(0, 10) ? `${first} – ${last.slice(11)}` : `${first} – ${last}`;
}

/** What a part is for. */
export function roleText(role: PartRole): string {
  switch (role) {
    case 'base':
      return t('base');
    case 'incr':
      return t('incremental');
    case 'history':
      return t('history');
    case 'single':
      return t('single file');
  }
}

/** The kinds of commands. */
export function groupText(group: CommandGroup): string {
  switch (group) {
    case 'write':
      return t('write');
    case 'script':
      return t('script');
    case 'transaction':
      return t('transaction');
    case 'admin':
      return t('admin');
    case 'read':
      return t('read');
    case 'unknown':
      return t('unknown');
  }
}
