/** Namespaces as areas, and the table behind them. */
import type { Amount, KeyFilter, Measure, Namespace, NamespaceLevel } from '../../analysis-protocol.js';
import { type LegendEntry, type Part, type TableRow, typePaint, type View, type Words } from '../shapes.js';
import { type TreemapItem, treemap } from '../treemap.js';
import {
  amountCells,
  amountColumns,
  amountText,
  amountWords,
  countCell,
  numberColumn,
  percentCell,
  textCell,
  textColumn,
} from './amounts.js';

export interface NamespaceOptions {
  readonly measure: Measure;
  readonly hasMemory: boolean;
  readonly separator: string;
}

/** What is in a namespace, as a picture and a table. */
export function namespaceView(level: NamespaceLevel, options: NamespaceOptions, t: Words): View {
  const { measure, hasMemory, separator } = options;
  const items: TreemapItem[] = [];
  const parts: Part[] = [];
  const rows: TableRow[] = [];
  const total = level[measure];
  const greatest = Math.max(1, ...level.namespaces.map((one) => one[measure]), level.own[measure], level.rest[measure]);
  const add = (
    label: string,
    amount: Amount,
    expiring: number | null,
    type: string,
    inner: readonly TreemapItem[],
    choice: Part['choice'],
    isRest = false,
  ) => {
    const value = amount[measure];
    items.push({
      label,
      value,
      amount: amountText(value, measure),
      paint: isRest ? 'rest' : typePaint(type),
      inner,
    });
    parts.push({ text: `${label}: ${amountWords(amount, measure, t)}${type === '' ? '' : `, ${type}`}`, choice });
    rows.push({
      cells: [
        textCell(label),
        ...amountCells(amount, hasMemory),
        percentCell(value, total),
        expiring === null ? textCell('') : countCell(amount.keys - expiring),
        textCell(type),
      ],
      choice,
      share: value / greatest,
    });
  };
  for (const one of level.namespaces) {
    const choice = one.children > 0 ? { path: one.path } : { filter: namespaceFilter(one.path, separator) };
    add(one.label, one, one.expiring.keys, one.type, innerItems(one, measure, separator), choice);
  }
  if (level.own.keys > 0 && level.path.length > 0) {
    const filter = { namespace: { separator, path: level.path, whole: true } };
    add(pathText(level.path, separator), level.own, null, level.type, [], { filter });
  }
  if (level.rest.keys > 0) {
    const label = level.rest.namespaces > 0 ? t('({0} more)', level.rest.namespaces) : t('(more)');
    add(label, level.rest, null, '', [], null, true);
  }
  // The rest comes last whatever its size, but areas are made from the largest to the smallest.
  const order = items.map((_, i) => i).sort((a, b) => items[b].value - items[a].value);
  return {
    title: t('Namespaces'),
    note: t('ids in names are folded into *'),
    draw: (width) => {
      const height = Math.round(Math.min(460, Math.max(240, width * 0.42)));
      return treemap(
        order.map((i) => items[i]),
        width,
        height,
      );
    },
    parts: order.map((i) => parts[i]),
    legend: legendOf(level, t),
    plainInContrast: true,
    tables: [
      {
        title: t('Namespaces'),
        table: {
          columns: [
            textColumn(t('Namespace')),
            ...amountColumns(hasMemory, t),
            numberColumn(t('Share')),
            numberColumn(t('Without expiry')),
            textColumn(t('Mostly')),
          ],
          rows,
        },
      },
    ],
    nothing: level.keys === 0 ? t('There are no keys.') : '',
  };
}

function pathText(path: Namespace['path'], separator: string): string {
  return path.map(({ text }) => text).join(separator);
}

/** The filter for all keys of a namespace. */
export function namespaceFilter(path: Namespace['path'], separator: string): KeyFilter {
  return { namespace: { separator, path } };
}

function innerItems(one: NamespaceLevel['namespaces'][number], measure: Measure, separator: string): TreemapItem[] {
  if (one.inner.length === 0) return [];
  const items = one.inner.map((inner) => ({
    label: inner.label,
    value: inner[measure],
    amount: amountText(inner[measure], measure),
    paint: typePaint(inner.type),
    inner: [] as readonly TreemapItem[],
  }));
  const own = one.own[measure];
  // Its label ends with the separator; its own keys have the name alone.
  const label = one.label.slice(0, one.label.length - separator.length);
  if (own > 0) items.push({ label, value: own, amount: '', paint: typePaint(one.type), inner: [] });
  const rest = one[measure] - items.reduce((sum, { value }) => sum + value, 0);
  if (rest > 0) items.push({ label: '…', value: rest, amount: '', paint: 'rest', inner: [] });
  return items.sort((a, b) => b.value - a.value);
}

function legendOf(level: NamespaceLevel, t: Words): LegendEntry[] {
  const types = new Set(level.namespaces.flatMap(({ type, inner }) => [type, ...inner.map((one) => one.type)]));
  const known = [...types].filter((type) => typePaint(type) !== 'rest');
  const entries = known.sort().map((type): LegendEntry => ({ paint: typePaint(type), text: t('mostly {0}', type) }));
  return known.length < types.size ? [...entries, { paint: 'rest', text: t('others') }] : entries;
}

/** How much of the largest namespaces never expires. */
export function noExpiryRows(
  level: NamespaceLevel,
  { measure, hasMemory, separator }: NamespaceOptions,
  t: Words,
): View {
  const left = level.namespaces
    .map((one) => ({
      one,
      amount: {
        keys: one.keys - one.expiring.keys,
        bytes: one.bytes - one.expiring.bytes,
        memory: one.memory - one.expiring.memory,
      },
    }))
    .filter(({ amount }) => amount.keys > 0)
    .sort((a, b) => b.amount[measure] - a.amount[measure]);
  const most = Math.max(1, left[0]?.amount[measure] ?? 0);
  return {
    title: t('Without expiry, by namespace'),
    note: '',
    draw: undefined,
    parts: [],
    legend: [],
    tables: [
      {
        title: t('Without expiry, by namespace'),
        table: {
          columns: [textColumn(t('Namespace')), ...amountColumns(hasMemory, t), numberColumn(t('Of its keys'))],
          rows: left.map(({ one, amount }) => ({
            cells: [textCell(one.label), ...amountCells(amount, hasMemory), percentCell(amount.keys, one.keys)],
            choice: { filter: { ...namespaceFilter(one.path, separator), expiry: { kind: 'none' } } },
            share: amount[measure] / most,
          })),
        },
      },
    ],
    nothing: left.length === 0 ? t('All keys expire.') : '',
  };
}
