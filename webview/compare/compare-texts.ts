/** The words of a comparison. */
import type { ChangedPart, ChangeKind, FieldName, PartName } from '../../src/compare-protocol.js';
import { formatBytes, formatCount } from '../../src/format/quantities.js';
import { t } from '../strings.js';

/** The icon of a kind of difference. */
export const KIND_ICONS: Readonly<Record<ChangeKind | 'same', string>> = {
  added: 'diff-added',
  removed: 'diff-removed',
  changed: 'diff-modified',
  same: 'blank',
};

const KINDS: Readonly<Record<ChangeKind, () => string>> = {
  added: () => t('Added'),
  removed: () => t('Removed'),
  changed: () => t('Changed'),
};

export function kindText(kind: ChangeKind): string {
  return KINDS[kind]();
}

const CHANGED_PARTS: Readonly<Record<ChangedPart, () => string>> = {
  value: () => t('value'),
  type: () => t('type'),
  ttl: () => t('expiry'),
  encoding: () => t('encoding'),
  access: () => t('access'),
  metadata: () => t('metadata'),
  unreadable: () => t('damaged'),
};

/** What differs of a key, in words. */
export function changedText(changed: readonly ChangedPart[]): string {
  // A key of another type has another value, too.
  const parts = changed.filter((part) => part !== 'value' || !changed.includes('type'));
  return parts.map((part) => CHANGED_PARTS[part]()).join(', ');
}

/** How much more or less there is: `+1.2 KB`, `−3 B`, `0 B`. */
export function growthText(bytes: number): string {
  return bytes === 0 ? '0 B' : `${bytes < 0 ? '−' : '+'}${formatBytes(Math.abs(bytes))}`;
}

/** The number of keys that differ; nothing for none. */
export function countText(keys: number): string {
  return keys === 0 ? '' : formatCount(keys);
}

const PARTS: Readonly<Record<PartName, () => string>> = {
  value: () => t('Value'),
  element: () => t('Elements'),
  member: () => t('Members'),
  field: () => t('Fields'),
  entry: () => t('Entries'),
  group: () => t('Groups'),
  pending: () => t('Pending entries'),
  consumer: () => t('Consumers'),
  'consumer-pending': () => t('Pending by consumer'),
  released: () => t('Released entries'),
  'producer-id': () => t('Idempotent ids'),
  sample: () => t('Samples'),
  vector: () => t('Vectors'),
  part: () => t('Parts'),
  fact: () => t('Facts'),
  key: () => t('Keys'),
  argument: () => t('Arguments'),
};

/** The heading of a part of a value. */
export function partText(name: PartName): string {
  return PARTS[name]();
}

const FIELDS: Readonly<Record<FieldName, () => string>> = {
  index: () => t('Index'),
  value: () => t('Value'),
  member: () => t('Member'),
  score: () => t('Score'),
  field: () => t('Field'),
  expireAtMs: () => t('Expires (UTC)'),
  id: () => t('Id'),
  fields: () => t('Fields'),
  group: () => t('Group'),
  consumer: () => t('Consumer'),
  lastId: () => t('Last delivered id'),
  entriesRead: () => t('Entries read'),
  deliveryTimeMs: () => t('Delivered (UTC)'),
  deliveryCount: () => t('Deliveries'),
  seenTimeMs: () => t('Last seen (UTC)'),
  activeTimeMs: () => t('Last active (UTC)'),
  producer: () => t('Producer'),
  key: () => t('Key'),
  timestamp: () => t('Time'),
  vector: () => t('Vector'),
  attributes: () => t('Attributes'),
  kind: () => t('Kind'),
  name: () => t('Name'),
};

/** The heading of a field. */
export function fieldText(name: FieldName): string {
  return FIELDS[name]();
}
