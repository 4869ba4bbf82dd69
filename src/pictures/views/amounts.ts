/** Amounts as text, by the measure that is shown. */
import type { Amount, Measure } from '../../analysis-protocol.js';
import { formatBytes, formatCount } from '../../format/quantities.js';
import type { Scale } from '../columns.js';
import type { Cell, Column, Words } from '../shapes.js';

/** A number of a measure as text. */
export function amountText(value: number, measure: Measure): string {
  const whole = Math.round(value);
  return measure === 'keys' ? formatCount(whole) : formatBytes(whole);
}

/** The scale of a measure. */
export function scaleOf(measure: Measure): Scale {
  return { text: (value) => amountText(value, measure), base: measure === 'keys' ? 1000 : 1024 };
}

/** An amount in words: what the measure says, and the number of keys. */
export function amountWords(amount: Amount, measure: Measure, t: Words): string {
  const keys = amount.keys === 1 ? t('1 key') : t('{0} keys', formatCount(amount.keys));
  return measure === 'keys' ? `${keys}, ${formatBytes(amount.bytes)}` : `${formatBytes(amount[measure])}, ${keys}`;
}

/** A share as text. */
export function percentText(part: number, whole: number): string {
  const share = whole > 0 ? part / whole : 0;
  return `${(share * 100).toFixed(share > 0 && share < 0.0995 ? 1 : 0)} %`;
}

export const textColumn = (label: string): Column => ({ label, numeric: false });
export const numberColumn = (label: string): Column => ({ label, numeric: true });
export const textCell = (text: string): Cell => ({ text });
export const countCell = (value: number): Cell => ({ text: formatCount(value), value });
export const bytesCell = (value: number): Cell => ({ text: formatBytes(Math.round(value)), value: Math.round(value) });
export const percentCell = (part: number, whole: number): Cell => ({
  text: percentText(part, whole),
  value: whole > 0 ? part / whole : 0,
});

/** The columns of an amount; that of memory only where it is known. */
export function amountColumns(hasMemory: boolean, t: Words): Column[] {
  return [numberColumn(t('Keys')), ...(hasMemory ? [numberColumn(t('Memory'))] : []), numberColumn(t('In the file'))];
}

/** The cells of {@link amountColumns}. */
export function amountCells(amount: Amount, hasMemory: boolean): Cell[] {
  return [countCell(amount.keys), ...(hasMemory ? [bytesCell(amount.memory)] : []), bytesCell(amount.bytes)];
}
