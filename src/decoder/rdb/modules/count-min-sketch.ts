/** Count-min sketches (`CMSk-TYPE` of RedisBloom), version 0: rows of counters. */
import { narrow } from '../blobs/reader.js';
import type { ModuleType } from './module-type.js';

const COUNTER_BYTES = 4n;

export const COUNT_MIN_SKETCH: ModuleType = {
  name: 'CMSk-TYPE',
  view(items) {
    if (items.module.version !== 0) return undefined;
    const width = items.unsigned();
    const depth = items.unsigned();
    const count = items.number();
    const offset = items.cursor.fileOffset;
    if (width === 0n || depth === 0n) throw items.bad(offset, 'width or depth is 0');
    const counters = items.text();
    if (BigInt(counters.length) !== width * depth * COUNTER_BYTES) {
      throw items.bad(offset, 'its counters do not have the size that width and depth say');
    }
    items.end();
    return {
      kind: 'fields',
      fields: [
        { name: 'width', value: narrow(width) },
        { name: 'depth', value: narrow(depth) },
        { name: 'count', value: count },
      ],
    };
  },
};
