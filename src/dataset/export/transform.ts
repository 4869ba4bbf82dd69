/** What an export changes in values: names and contents are replaced by others of their shape, fields expire otherwise. */
import type { Collection, Millis, StreamGroup, StreamInfo, Value, Walker } from '../../decoder/rdb/value-model.js';
import { type Anonymiser, anonymousScore } from './anonymise.js';
import { type ExportEntry, LeaveOutError } from './formatter.js';
import type { ExpiryChange } from './options.js';

/** What an expiry becomes; undefined for none. */
export function changedExpiry(expireAt: Millis | undefined, change: ExpiryChange | undefined): Millis | undefined {
  if (expireAt === undefined || change === undefined) return expireAt;
  if (change.kind === 'drop') return undefined;
  return typeof expireAt === 'bigint' ? expireAt + BigInt(change.ms) : expireAt + change.ms;
}

/** A key whose fields expire at other times. */
export function withExpiryChange(entry: ExportEntry, change: ExpiryChange): ExportEntry {
  const { value } = entry;
  if (value.type !== 'hash') return entry;
  const items = mapped(value.items, ({ field, value: text, expireAt }) => {
    const changed = changedExpiry(expireAt, change);
    return changed === undefined ? { field, value: text } : { field, value: text, expireAt: changed };
  });
  return { ...entry, value: { type: 'hash', items }, changed: true };
}

/** A key with another name and another value of the same shape. @throws LeaveOutError for values whose parts have no shape. */
export function anonymised(entry: ExportEntry, anonymiser: Anonymiser): ExportEntry {
  const { memberExpiry: _, ...rest } = entry;
  return { ...rest, key: anonymiser.text(entry.key), value: anonymousValue(entry.value, anonymiser), changed: true };
}

function anonymousValue(value: Value, anonymiser: Anonymiser): Value {
  switch (value.type) {
    case 'string':
      return { type: 'string', text: anonymiser.text(value.text) };
    case 'list':
      return { type: 'list', items: mapped(value.items, (text) => anonymiser.text(text)) };
    case 'set':
      return { type: 'set', items: mapped(value.items, (item) => ({ ...item, member: anonymiser.text(item.member) })) };
    case 'zset': {
      const items = mapped(value.items, ({ member, score }) => ({
        member: anonymiser.text(member),
        score: anonymousScore(anonymiser, score),
      }));
      return { type: 'zset', items };
    }
    case 'hash': {
      const items = mapped(value.items, (item) => ({
        ...item,
        field: anonymiser.text(item.field),
        value: anonymiser.text(item.value),
      }));
      return { type: 'hash', items };
    }
    case 'array':
      return {
        ...value,
        items: mapped(value.items, (item) => ({ ...item, value: anonymiser.text(item.value) })),
      };
    case 'stream':
      return {
        type: 'stream',
        entries: mapped(value.entries, ({ id, fields }) => ({
          id,
          fields: fields.map(([field, text]) => [anonymiser.text(field), anonymiser.text(text)] as const),
        })),
        info: () => anonymousInfo(value.info(), anonymiser),
      };
    default:
      throw new LeaveOutError('anonymised-module');
  }
}

function anonymousInfo(info: StreamInfo, anonymiser: Anonymiser): StreamInfo {
  const groups = mapped(info.groups, (group): StreamGroup => {
    const consumers = mapped(group.consumers, (consumer) => ({ ...consumer, name: anonymiser.bytes(consumer.name) }));
    return { ...group, name: anonymiser.bytes(group.name), consumers };
  });
  if (!info.idempotency) return { ...info, groups };
  const producers = mapped(info.idempotency.producers, ({ name, entries }) => ({
    name: anonymiser.bytes(name),
    entries: mapped(entries, ({ key, id }) => ({ key: anonymiser.text(key), id })),
  }));
  return { ...info, groups, idempotency: { ...info.idempotency, producers } };
}

/** A collection whose items are changed as they are read. */
function mapped<From, To>(items: Collection<From>, change: (item: From) => To): Collection<To> {
  return {
    count: items.count,
    walk(from): Walker<To> {
      const walker = items.walk(from);
      return {
        next() {
          const item = walker.next();
          return item === undefined ? undefined : change(item);
        },
        mark: () => walker.mark(),
      };
    },
  };
}
