/** t-digests (`TDIS-TYPE` of RedisBloom), version 0: centroids that stand for the distribution of many numbers. */
import { FieldList, Room } from './fields.js';
import type { ModuleType } from './module-type.js';
import type { ViewField } from './view.js';

export const T_DIGEST: ModuleType = {
  name: 'TDIS-TYPE',
  view(items) {
    if (items.module.version !== 0) return undefined;
    const compression = items.double();
    const least = items.double();
    const greatest = items.double();
    const offset = items.cursor.fileOffset;
    const capacity = items.signed();
    const merged = items.signed();
    if (merged < 0n || merged > capacity) throw items.bad(offset, 'it has more nodes than its capacity');
    const unmerged = items.signed();
    const compressions = items.signed();
    const mergedWeight = items.double();
    const unmergedWeight = items.double();
    // All means stand before all weights.
    const means = items.fork(items.cursor.offset);
    for (let left = merged; left > 0n; left--) items.double();
    const centroids = new FieldList(new Room());
    for (let left = merged; left > 0n; left--) {
      centroids.add([
        { name: 'mean', value: means.double() },
        { name: 'weight', value: items.double() },
      ]);
    }
    items.end();
    const observations = mergedWeight + unmergedWeight;
    const fields: ViewField[] = [
      { name: 'Compression', value: compression },
      { name: 'Capacity', value: Number(capacity) },
      { name: 'Merged nodes', value: Number(merged) },
      { name: 'Unmerged nodes', value: Number(unmerged) },
      { name: 'Merged weight', value: mergedWeight },
      { name: 'Unmerged weight', value: unmergedWeight },
      { name: 'Observations', value: observations },
      { name: 'Total compressions', value: Number(compressions) },
    ];
    // Without observations the bounds are what the search for them starts with.
    if (observations > 0) fields.push({ name: 'Min', value: least }, { name: 'Max', value: greatest });
    return { kind: 'fields', fields: [...fields, ...centroids.fields('Centroids')] };
  },
};
