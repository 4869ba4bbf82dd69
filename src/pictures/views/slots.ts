/** Cluster slots as a map, with hash tags and what equal ranges would hold. */
import type { Measure, SlotShares } from '../../analysis-protocol.js';
import { formatCount } from '../../format/quantities.js';
import type { LegendEntry, Part, View, Words } from '../shapes.js';
import { rangeShares, slotMap } from '../slot-map.js';
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

/** The map. @param nodes into which the slots are divided. */
export function slotsView(slots: SlotShares, measure: Measure, hasMemory: boolean, nodes: number, t: Words): View {
  const values = slots[measure];
  const total = values.reduce((sum, value) => sum + value, 0);
  const ranges = rangeShares(values, nodes);
  const even = total / nodes;
  const most = Math.max(1, ...ranges.map(({ value }) => value));
  const keysIn = (from: number, to: number) => {
    let keys = 0;
    for (let slot = from; slot <= to; slot++) keys += slots.keys[slot];
    return keys;
  };
  const used = slots.keys.reduce((count, keys) => count + (keys > 0 ? 1 : 0), 0);
  return {
    title: t('Cluster slots'),
    note: t('{0} of 16,384 slots in use', formatCount(used)),
    draw: (width) => slotMap(values, width),
    parts: [],
    legend: legend(t),
    tables: [
      {
        title: t('Equal ranges of slots'),
        table: {
          columns: [
            textColumn(t('Slots')),
            numberColumn(t('Keys')),
            numberColumn(measure === 'memory' ? t('Memory') : t('In the file')),
            numberColumn(t('Share')),
            numberColumn(t('Against even')),
          ],
          rows: ranges.map(({ from, to, value }) => ({
            cells: [
              { text: `${from} – ${to}`, value: from },
              countCell(keysIn(from, to)),
              measure === 'keys'
                ? { text: amountText(sumOf(slots.bytes, from, to), 'bytes'), value: sumOf(slots.bytes, from, to) }
                : { text: amountText(value, measure), value },
              percentCell(value, total),
              { text: even > 0 ? signed(value / even - 1) : '', value: even > 0 ? value / even - 1 : 0 },
            ],
            choice: { filter: { slots: { min: from, max: to } } },
            share: value / most,
          })),
        },
      },
      ...(slots.tags.length > 0
        ? [
            {
              title: slots.manyTags ? t('Hash tags, some of very many') : t('Hash tags'),
              table: {
                columns: [
                  textColumn(t('Hash tag')),
                  numberColumn(t('Slot')),
                  ...amountColumns(hasMemory, t),
                  numberColumn(t('Share')),
                ],
                rows: slots.tags.map((tag) => ({
                  cells: [
                    textCell(`{${tag.tag}${tag.whole ? '' : '…'}}`),
                    countCell(tag.slot),
                    ...amountCells(tag, hasMemory),
                    percentCell(tag[measure], total),
                  ],
                  choice: {
                    filter: {
                      slots: { min: tag.slot, max: tag.slot },
                      key: {
                        mode: 'substring' as const,
                        text: tag.whole ? `{${tag.tag}}` : `{${tag.tag}`,
                        ignoreCase: false,
                      },
                    },
                  },
                  share:
                    slots.tags[0][measure] > 0
                      ? Math.min(1, tag[measure] / Math.max(...slots.tags.map((one) => one[measure])))
                      : 0,
                })),
              },
            },
          ]
        : []),
    ],
    nothing: total === 0 ? t('There are no keys.') : '',
  };
}

/** What is said of one slot. */
export function slotPart(slots: SlotShares, slot: number, measure: Measure, t: Words): Part {
  const amount = { keys: slots.keys[slot], bytes: slots.bytes[slot], memory: slots.memory[slot] };
  return {
    text: `${t('Slot {0}', slot)}: ${amountWords(amount, measure, t)}`,
    choice: { filter: { slots: { min: slot, max: slot } } },
  };
}

function legend(t: Words): LegendEntry[] {
  return [
    { paint: 'heat-0', text: t('empty') },
    { paint: 'heat-1', text: t('less than half of the average') },
    { paint: 'heat-2', text: t('up to the average') },
    { paint: 'heat-3', text: t('up to 2 times') },
    { paint: 'heat-4', text: t('up to 8 times') },
    { paint: 'heat-5', text: t('more') },
  ];
}

function sumOf(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let slot = from; slot <= to; slot++) sum += values[slot];
  return sum;
}

function signed(share: number): string {
  const percent = Math.round(share * 100);
  return `${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${Math.abs(percent)} %`;
}
