/** What a decoded value is: its parts by type, and how to walk through many of them without holding them all. */

import type { ModuleId } from './module-id.js';
import type { ModuleView } from './modules/view.js';
import type { Text } from './string.js';

/** A time in ms since the epoch; a bigint where it is beyond 2^53. */
export type Millis = number | bigint;

/** A place among the elements of a value to which a walk can come back. */
export interface Mark {
  /** Number of elements before it. */
  readonly index: number;
  /** Offset in the file of the element, or of the node that it is in. */
  readonly offset: number;
  /** Position in that node; 0 where elements stand in the file themselves. */
  readonly inner: number;
}

/** Goes through the elements of a value, one at a time. */
export interface Walker<Item> {
  /** The next element, or undefined at the end. @throws DecodeError where the value is damaged. */
  next(): Item | undefined;
  /** Where {@link next} goes on. */
  mark(): Mark;
}

/** The elements of a value. */
export interface Collection<Item> {
  /** Their number as the file declares it; undefined where only a walk tells. */
  readonly count: number | undefined;
  /** Starts a walk at the beginning, or at a mark of an earlier walk of the same collection. */
  walk(from?: Mark): Walker<Item>;
}

/** A member of a set. */
export interface SetMember {
  readonly member: Text;
  /** KeyDB only. */
  readonly expireAt?: Millis;
}

/** A member of a sorted set. */
export interface ScoredMember {
  readonly member: Text;
  readonly score: number;
}

/** A field of a hash. */
export interface HashField {
  readonly field: Text;
  readonly value: Text;
  readonly expireAt?: Millis;
}

/** A stream id: two unsigned 64-bit numbers. */
export interface StreamId {
  readonly ms: bigint;
  readonly seq: bigint;
}

/** A stream id as servers print it: `ms-seq`. */
export function streamIdText(id: StreamId): string {
  return `${id.ms}-${id.seq}`;
}

/** An entry of a stream. */
export interface StreamEntry {
  readonly id: StreamId;
  readonly fields: readonly (readonly [field: Text, value: Text])[];
}

/** An entry that was delivered and not acknowledged. */
export interface PendingEntry {
  readonly id: StreamId;
  readonly deliveryTime: Millis;
  readonly deliveryCount: bigint;
}

/** A consumer of a group. */
export interface StreamConsumer {
  readonly name: Uint8Array;
  readonly seenTime: Millis;
  /** Since 7.2; −1 if the consumer never got anything. */
  readonly activeTime?: Millis;
  readonly pending: Collection<StreamId>;
}

/** A consumer group. */
export interface StreamGroup {
  readonly name: Uint8Array;
  readonly lastId: StreamId;
  /** Since 7.0; −1 where the server did not know it. */
  readonly entriesRead?: bigint;
  readonly pending: Collection<PendingEntry>;
  readonly consumers: Collection<StreamConsumer>;
  /** Since 8.8: pending entries that were handed back and belong to no consumer. */
  readonly released?: Collection<StreamId>;
}

/** A producer of an idempotent stream (8.6). */
export interface StreamProducer {
  readonly name: Uint8Array;
  readonly entries: Collection<{ readonly key: Text; readonly id: StreamId }>;
}

/** What a stream holds beside its entries. */
export interface StreamInfo {
  readonly length: bigint;
  readonly lastId: StreamId;
  /** Since 7.0. */
  readonly firstId?: StreamId;
  readonly maxDeletedId?: StreamId;
  readonly entriesAdded?: bigint;
  readonly groups: Collection<StreamGroup>;
  /** Since 8.6. */
  readonly idempotency?: {
    readonly durationSeconds: bigint;
    readonly maxEntries: bigint;
    readonly producers: Collection<StreamProducer>;
    readonly added: bigint;
    readonly duplicates: bigint;
  };
}

/** An element of an array (8.8): arrays are sparse. */
export interface ArrayElement {
  readonly index: bigint;
  readonly value: Text;
}

/** One part of a module value, as its tag says. */
export interface ModuleItem {
  readonly kind: 'signed' | 'unsigned' | 'float' | 'double' | 'string';
  readonly value: bigint | number | Text;
  /** Offset in the file of the tag. */
  readonly offset: number;
}

/** A decoded value. */
export type Value =
  | { readonly type: 'string'; readonly text: Text }
  | { readonly type: 'list'; readonly items: Collection<Text> }
  | { readonly type: 'set'; readonly items: Collection<SetMember> }
  | { readonly type: 'zset'; readonly items: Collection<ScoredMember> }
  | { readonly type: 'hash'; readonly items: Collection<HashField> }
  | { readonly type: 'stream'; readonly entries: Collection<StreamEntry>; readonly info: () => StreamInfo }
  | { readonly type: 'array'; readonly items: Collection<ArrayElement>; readonly insertIndex: bigint | undefined }
  | {
      readonly type: 'module';
      readonly module: ModuleId;
      /** The tagged parts; undefined for values of Redis 4.0 release candidates, which have no tags. */
      readonly items: Collection<ModuleItem> | undefined;
      /** The meaning of the parts, where the layout of this module and version is known. */
      readonly view: () => ModuleView | undefined;
    }
  | {
      readonly type: 'cronjob';
      readonly script: Text;
      readonly startTime: Millis;
      readonly interval: Millis;
      readonly keys: Collection<Text>;
      readonly args: Collection<Text>;
    }
  | { readonly type: 'gcra'; readonly arrivalTime: bigint };
