/** Top-K lists (`TopK-TYPE` of RedisBloom), version 0: the most frequent items, as far as the sketch knows them. */
import { Cursor } from '../../cursor.js';
import { narrow } from '../blobs/reader.js';
import { type Text, textSource } from '../string.js';
import { FieldList, heldBytes, Room, withoutNul } from './fields.js';
import type { ModuleType } from './module-type.js';
import type { ViewField } from './view.js';

/** A counter of the sketch: fingerprint and count. */
const BUCKET_BYTES = 8n;

/** Memory that an item takes with its count, beside its bytes. */
const ENTRY_BYTES = 512;

/**
 * The two forms of an entry of the heap, a structure that is written as it was in memory: fingerprint, length of the
 * item, a pointer that means nothing, the count. `count` is where the last one stands.
 */
const HEAP_FORMS = [
  { bytes: 24, count: 16 },
  { bytes: 16, count: 12 },
] as const;

export const TOP_K: ModuleType = {
  name: 'TopK-TYPE',
  view(items) {
    if (items.module.version !== 0) return undefined;
    const k = items.unsigned();
    const width = items.unsigned();
    const depth = items.unsigned();
    const decay = items.double();
    let offset = items.cursor.fileOffset;
    if (k === 0n || width === 0n || depth === 0n) throw items.bad(offset, 'k, width or depth is 0');
    const sketch = items.text();
    if (BigInt(sketch.length) !== width * depth * BUCKET_BYTES) {
      throw items.bad(offset, 'its counters do not have the size that width and depth say');
    }
    offset = items.cursor.fileOffset;
    const heap = items.text();
    const form = HEAP_FORMS.find(({ bytes }) => BigInt(heap.length) === k * BigInt(bytes));
    if (!form) throw items.bad(offset, 'its heap does not have the size that k says');
    const counts = countsOf(heap, form.bytes, form.count);
    const room = new Room();
    const found: { item: Text; count: number }[] = [];
    let omitted = 0;
    for (let left = k; left > 0n; left--) {
      const item = withoutNul(items.text());
      const count = counts();
      // A place of the heap that is not taken counts 0.
      if (count === 0) continue;
      if (room.take(ENTRY_BYTES + heldBytes(item))) found.push({ item, count });
      else omitted++;
    }
    items.end();
    // The order of TOPK.LIST.
    found.sort((a, b) => b.count - a.count);
    const list = new FieldList(new Room(Number.POSITIVE_INFINITY));
    for (const { item, count } of found) {
      list.add([
        { name: 'item', value: item },
        { name: 'count', value: count },
      ]);
    }
    const fields: ViewField[] = [
      { name: 'k', value: narrow(k) },
      { name: 'width', value: narrow(width) },
      { name: 'depth', value: narrow(depth) },
      { name: 'decay', value: decay },
      ...list.fields('items'),
    ];
    if (omitted > 0) fields.push({ name: 'items omitted', value: omitted });
    return { kind: 'fields', fields };
  },
};

/** Gives the counts of the heap, one after the other. */
function countsOf(heap: Text, bytes: number, at: number): () => number {
  const cursor = new Cursor(textSource(heap));
  return () => {
    cursor.skip(at, 'the module data');
    const count = cursor.u32le('the module data');
    cursor.skip(bytes - at - 4, 'the module data');
    return count;
  };
}
