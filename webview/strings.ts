/** The texts of the webview, in the language of the user. */
import type { ErrorInfo, ItemColumn, ProblemInfo } from '../src/protocol.js';

let strings: Readonly<Record<string, string>> = {};

/** Sets the translations by English text. */
export function setStrings(translated: Readonly<Record<string, string>>): void {
  strings = translated;
}

/** A text with `{0}`, `{1}` … filled in. */
export function t(template: string, ...args: (string | number)[]): string {
  return (strings[template] ?? template).replace(/\{(\d+)\}/g, (whole, index: string) => {
    const value = args[Number(index)];
    return value === undefined ? whole : String(value);
  });
}

/** The sentence of a problem or an error. */
export function message({ template, args }: Pick<ProblemInfo | ErrorInfo, 'template' | 'args'>): string {
  return t(template, ...args.map((arg) => (typeof arg === 'object' ? t(arg.phrase, ...arg.args) : t(String(arg)))));
}

/** The headings of tables of elements. */
export function itemHeading(column: ItemColumn): string {
  return t(ITEM_HEADINGS[column]);
}

const ITEM_HEADINGS: Readonly<Record<ItemColumn, string>> = {
  index: 'Index',
  rank: 'Rank',
  value: 'Value',
  member: 'Member',
  score: 'Score',
  field: 'Field',
  expireAt: 'Expires (UTC)',
  id: 'Id',
  fields: 'Fields',
  name: 'Name',
  lastId: 'Last delivered id',
  entriesRead: 'Entries read',
  lag: 'Lag',
  pending: 'Pending',
  consumers: 'Consumers',
  consumer: 'Consumer',
  deliveryTime: 'Delivered (UTC)',
  deliveryCount: 'Deliveries',
  seenTime: 'Last seen (UTC)',
  activeTime: 'Last active (UTC)',
  kind: 'Kind',
  timestamp: 'Time (UTC)',
  vector: 'Vector',
  attributes: 'Attributes',
  level: 'Level',
  entries: 'Entries',
};
