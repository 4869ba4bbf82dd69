/** Bloom filters (`MBbloom--` of RedisBloom), versions 0 to 4: a chain of filters of growing size. */
import { narrow } from '../blobs/reader.js';
import { COUNT_LIMIT, setBits } from './bit-count.js';
import { bitNames, FieldList, listOf, Room } from './fields.js';
import type { ItemReader } from './items.js';
import type { ModuleType } from './module-type.js';
import type { ViewField } from './view.js';

const NEWEST = 4;
/** First versions with these parts. */
const WITH_BITS = 1;
const WITH_OPTIONS = 2;
const WITH_GROWTH = 4;

const OPTION_FORCE64 = 4n;
const OPTION_NO_SCALING = 8n;
const OPTIONS = [
  [1n, 'NOROUND'],
  [2n, 'ENTS_IS_BITS'],
  [OPTION_FORCE64, 'FORCE64'],
  [OPTION_NO_SCALING, 'NONSCALING'],
] as const;

/** What a 64-bit server adds to the bit arrays in `Size`: the chain, and each filter. */
const CHAIN_BYTES = 32;
const FILTER_BYTES = 64;

export const BLOOM_FILTER: ModuleType = {
  name: 'MBbloom--',
  view(items) {
    const { version } = items.module;
    if (version > NEWEST) return undefined;
    const inserted = items.number();
    const offset = items.cursor.fileOffset;
    const count = items.unsigned();
    if (count === 0n) throw items.bad(offset, 'it has no filter');
    const options = version >= WITH_OPTIONS ? items.unsigned() : 0n;
    const growth = version >= WITH_GROWTH ? items.number() : 2;
    const list = new FieldList(new Room());
    const sums = { capacity: 0n, bytes: 0 };
    for (let left = count; left > 0n; left--) list.add(filter(items, options, sums));
    items.end();
    const fields: ViewField[] = [
      { name: 'Capacity', value: narrow(sums.capacity) },
      { name: 'Size', value: CHAIN_BYTES + FILTER_BYTES * Number(count) + sums.bytes },
      { name: 'Number of filters', value: narrow(count) },
      { name: 'Number of items inserted', value: inserted },
    ];
    if ((options & OPTION_NO_SCALING) === 0n) fields.push({ name: 'Expansion rate', value: growth });
    if (version >= WITH_OPTIONS) fields.push({ name: 'Options', value: listOf(bitNames(OPTIONS, options)) });
    return { kind: 'fields', fields: [...fields, ...list.fields('Filters')] };
  },
};

/** One filter, with the names of BF.DEBUG where it has them. @param sums of all filters so far. */
function filter(items: ItemReader, options: bigint, sums: { capacity: bigint; bytes: number }): ViewField[] {
  const capacity = items.unsigned();
  const error = items.double();
  const hashes = items.number();
  const bitsPerItem = items.double();
  let bits = Math.trunc(Number(capacity) * bitsPerItem);
  if (items.module.version >= WITH_BITS) {
    const stored = Number(items.unsigned());
    const exponent = Number(items.unsigned());
    bits = stored > 0 ? stored : 2 ** exponent;
  }
  const offset = items.cursor.fileOffset;
  const array = items.text();
  if (!(bits <= array.length * 8)) throw items.bad(offset, 'a filter has fewer bytes than its bits take');
  const size = items.number();
  sums.capacity += capacity;
  sums.bytes += array.length;
  const fields: ViewField[] = [
    { name: 'bytes', value: array.length },
    { name: 'bits', value: bits },
    { name: 'hashes', value: hashes },
    { name: 'hashwidth', value: (options & OPTION_FORCE64) === 0n ? 32 : 64 },
    { name: 'capacity', value: narrow(capacity) },
    { name: 'size', value: size },
    { name: 'ratio', value: error },
    { name: 'bits per item', value: bitsPerItem },
  ];
  if (sums.bytes <= COUNT_LIMIT && bits > 0) fields.push({ name: 'fill ratio', value: setBits(array) / bits });
  return fields;
}
