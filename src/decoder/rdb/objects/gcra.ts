/** Rate limiter state of Redis builds with GCRA: value type 33. */
import { readLength64 } from '../length.js';
import type { ValueType } from '../value-type.js';

export const GCRA_TYPES: readonly ValueType[] = [
  {
    code: 33,
    name: 'GCRA',
    type: 'gcra',
    encoding: null,
    since: 15,
    writers: 'Redis builds with GCRA',
    layout: [{ step: 'length', name: 'value' }],
    open: (cursor) => ({ type: 'gcra', arrivalTime: readLength64(cursor, 'the value') }),
  },
];
