/** Cuckoo filters (`MBbloomCF` of RedisBloom), versions 0 to 4: tables of buckets with one-byte fingerprints. */
import { COUNT_LIMIT, nonZeroBytes } from './bit-count.js';
import { FieldList, Room } from './fields.js';
import type { ModuleType } from './module-type.js';
import type { ViewField } from './view.js';

const NEWEST = 4;
/** Since this version the file says how large a bucket is and how the filter grows. */
const WITH_EXPANSION = 4;

/** What a 64-bit server adds to the tables in `Size`: the filter, and each of its tables. */
const FILTER_BYTES = 40;
const TABLE_BYTES = 16;

export const CUCKOO_FILTER: ModuleType = {
  name: 'MBbloomCF',
  view(items) {
    const { version } = items.module;
    if (version > NEWEST) return undefined;
    const offset = items.cursor.fileOffset;
    const count = items.number();
    const buckets = items.number();
    if (count === 0 || buckets === 0) throw items.bad(offset, 'it has no filter');
    const fields: ViewField[] = [
      { name: 'Number of buckets', value: buckets },
      { name: 'Number of filters', value: count },
      { name: 'Number of items inserted', value: items.number() },
    ];
    let bucketSize: number | undefined;
    if (version >= WITH_EXPANSION) {
      const deleted = items.number();
      bucketSize = items.count();
      const iterations = items.number();
      fields.push(
        { name: 'Number of items deleted', value: deleted },
        { name: 'Bucket size', value: bucketSize },
        { name: 'Expansion rate', value: items.number() },
        { name: 'Max iterations', value: iterations },
      );
    }
    const list = new FieldList(new Room());
    let bytes = 0;
    for (let left = BigInt(count); left > 0n; left--) {
      const own = version >= WITH_EXPANSION ? items.number() : buckets;
      const at = items.cursor.fileOffset;
      const table = items.text();
      const size = table.length / Number(own);
      if (!Number.isInteger(size) || (bucketSize !== undefined && size !== bucketSize)) {
        throw items.bad(at, 'a filter does not have the size of its buckets');
      }
      bytes += table.length;
      const filter: ViewField[] = [
        { name: 'buckets', value: own },
        { name: 'bucket size', value: size },
        { name: 'bytes', value: table.length },
      ];
      if (bytes <= COUNT_LIMIT && table.length > 0) {
        filter.push({ name: 'fill ratio', value: nonZeroBytes(table) / table.length });
      }
      list.add(filter);
    }
    items.end();
    const size = FILTER_BYTES + TABLE_BYTES * Number(count) + bytes;
    return { kind: 'fields', fields: [{ name: 'Size', value: size }, ...fields, ...list.fields('Filters')] };
  },
};
