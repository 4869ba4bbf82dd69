/** When keys expire, as a timeline. */
import type { Amount, ExpiryTimeline, KeyFilter, Measure } from '../../analysis-protocol.js';
import { formatDuration, formatTime } from '../../format/quantities.js';
import { type ColumnItem, columns } from '../columns.js';
import type { Paint, Part, TableRow, View, Words } from '../shapes.js';
import {
  amountCells,
  amountColumns,
  amountWords,
  numberColumn,
  percentCell,
  scaleOf,
  textCell,
  textColumn,
} from './amounts.js';

const HEIGHT = 190;
const DAY = 86400e3;

/** The timeline, with what had expired before it and what expires behind it. */
export function expiryView(timeline: ExpiryTimeline, measure: Measure, hasMemory: boolean, t: Words): View {
  const { buckets, later, expired, never, expiring, savedAt, start, step } = timeline;
  const items: ColumnItem[] = [];
  const parts: Part[] = [];
  const rows: TableRow[] = [];
  const total = never[measure] + expiring[measure];
  const greatest = Math.max(1, expired[measure], later[measure], ...buckets.map((one) => one[measure]));
  const row = (text: string, amount: Amount, filter: KeyFilter): TableRow => ({
    cells: [textCell(text), ...amountCells(amount, hasMemory), percentCell(amount[measure], total)],
    choice: { filter },
    share: Math.min(1, amount[measure] / greatest),
  });
  const add = (label: string, text: string, amount: Amount, series: number, filter: KeyFilter) => {
    items.push({ label, values: [0, 1].map((one) => (one === series ? amount[measure] : 0)), apart: series === 1 });
    parts.push({ text: `${text}: ${amountWords(amount, measure, t)}`, choice: { filter } });
    rows.push(row(text, amount, filter));
  };
  if (expired.keys > 0) add(t('expired'), t('expired when saved'), expired, 1, { expiry: { kind: 'expired-at-save' } });
  for (const bucket of buckets) {
    const { from, to } = bucket;
    const text = `${timeText(from, step)} – ${timeText(to + 1, step)}`;
    add(tickText(from, step), text, bucket, 0, { expiry: { kind: 'between', from, to } });
  }
  const end = buckets.at(-1)?.to ?? start;
  if (later.keys > 0) {
    const filter: KeyFilter = { expiry: { kind: 'between', from: end + 1, to: Math.max(later.latest ?? 0, end + 1) } };
    add(t('later'), t('later than {0}', timeText(end + 1, step)), later, 1, filter);
  }
  if (never.keys > 0) rows.unshift(row(t('never'), never, { expiry: { kind: 'none' } }));
  const none = expiring.keys === 0;
  return {
    title: t('Expiry'),
    note: none
      ? ''
      : savedAt === null
        ? t('{0} of the keys expire, each column is {1}', percentOf(timeline), formatDuration(step))
        : t(
            '{0} of the keys expire, each column is {1} from when the file was saved',
            percentOf(timeline),
            formatDuration(step),
          ),
    draw: none ? undefined : (width) => columns(items, PAINTS, scaleOf(measure), width, HEIGHT),
    parts,
    legend: [],
    tables: [
      {
        title: t('Expiry'),
        table: {
          columns: [textColumn(t('Expires (UTC)')), ...amountColumns(hasMemory, t), numberColumn(t('Share'))],
          rows,
        },
      },
    ],
    nothing: none ? t('No key has an expiry.') : '',
  };
}

const PAINTS: readonly Paint[] = ['series-0', 'rest'];

function percentOf({ expiring, never }: ExpiryTimeline): string {
  const all = expiring.keys + never.keys;
  return `${all === 0 ? 0 : Math.round((100 * expiring.keys) / all)} %`;
}

function timeText(ms: number, step: number): string {
  const text = formatTime(Math.floor(ms / 1000) * 1000);
  return step >= DAY ? text.slice(0, 10) : step >= 60e3 ? text.slice(0, 16) : text.slice(0, 19);
}

function tickText(ms: number, step: number): string {
  const text = formatTime(ms);
  if (step >= DAY) return text.slice(0, 10);
  return step >= 3600e3 ? text.slice(5, 16) : step >= 60e3 ? text.slice(11, 16) : text.slice(11, 19);
}
