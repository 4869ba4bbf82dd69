/** The texts of the webview, in the language of the user. */
import { fill, phraseText, sentence } from '../src/format/messages.js';
import type { ErrorInfo, Failure, ItemColumn, Name, ProblemInfo } from '../src/protocol.js';

let strings: ReadonlyMap<string, string> = new Map();

/** Sets the translations by English text. */
export function setStrings(translated: Readonly<Record<string, string>>): void {
  strings = new Map(Object.entries(translated));
}

const translate = (english: string): string => strings.get(english) ?? english;

/** A text with `{0}`, `{1}` … filled in. The first argument stands here as it is: the bundle is made from it. */
export function t(template: string, ...args: (string | number)[]): string {
  return fill(translate(template), args);
}

/** The sentence of a problem, an error or a failure. */
export function message({ template, args }: Pick<ProblemInfo | ErrorInfo | Failure, 'template' | 'args'>): string {
  return sentence(template, args, translate);
}

/** A name from the engine: words of ours are translated, those of servers stay. */
export function nameText(name: Name): string {
  return typeof name === 'string' ? name : phraseText(name, translate);
}

/** The headings of tables of elements. */
export function itemHeading(column: ItemColumn): string {
  return ITEM_HEADINGS[column]();
}

const ITEM_HEADINGS: Readonly<Record<ItemColumn, () => string>> = {
  index: () => t('Index'),
  rank: () => t('Rank'),
  value: () => t('Value'),
  member: () => t('Member'),
  score: () => t('Score'),
  field: () => t('Field'),
  expireAt: () => t('Expires (UTC)'),
  id: () => t('Id'),
  fields: () => t('Fields'),
  name: () => t('Name'),
  lastId: () => t('Last delivered id'),
  entriesRead: () => t('Entries read'),
  lag: () => t('Lag'),
  pending: () => t('Pending'),
  consumers: () => t('Consumers'),
  consumer: () => t('Consumer'),
  deliveryTime: () => t('Delivered (UTC)'),
  deliveryCount: () => t('Deliveries'),
  seenTime: () => t('Last seen (UTC)'),
  activeTime: () => t('Last active (UTC)'),
  kind: () => t('Kind'),
  timestamp: () => t('Time (UTC)'),
  vector: () => t('Vector'),
  attributes: () => t('Attributes'),
  level: () => t('Level'),
  entries: () => t('Entries'),
  longitude: () => t('Longitude'),
  latitude: () => t('Latitude'),
  similarity: () => t('Similarity'),
};
