/** Strings: value type 0. */
import { readText } from '../string.js';
import type { ValueType } from '../value-type.js';

export const STRING_TYPES: readonly ValueType[] = [
  {
    code: 0,
    name: 'STRING',
    type: 'string',
    // int, embstr or raw: the server decides when it loads the value.
    encoding: null,
    since: 1,
    writers: 'all versions',
    layout: [{ step: 'string', name: 'content' }],
    open: (cursor) => ({ type: 'string', text: readText(cursor, 'the value') }),
  },
];
