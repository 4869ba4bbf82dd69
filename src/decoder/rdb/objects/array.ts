/** Arrays of Redis 8.8: value type 28, sparse lists of strings, integers and doubles. */
import { fromLatin1, integerText } from '../../bytes.js';
import type { Cursor } from '../../cursor.js';
import { DecodeError } from '../../errors.js';
import { readCount, readLength, readLength64 } from '../length.js';
import { readText, type Text } from '../string.js';
import type { ValueType } from '../value-type.js';
import { counted } from '../walkers.js';

/** Tags of array elements. */
const ARRAY_STRING = 0;
const ARRAY_INTEGER = 1;
const ARRAY_DOUBLE = 2;
const ARRAY_SHORT_STRING = 3;

export const ARRAY_TYPES: readonly ValueType[] = [
  {
    code: 28,
    name: 'ARRAY',
    type: 'array',
    encoding: 'sliced-array',
    since: 14,
    writers: 'Redis 8.8 and later',
    layout: [
      { step: 'length', name: 'count', counts: true },
      { step: 'optional', body: [{ step: 'length', name: 'insert-index' }] },
      { step: 'repeat-counted', each: 'element', body: [{ step: 'array-element' }] },
    ],
    open: (cursor) => {
      const count = readCount(cursor, 'the array', 3);
      const insertIndex = readLength(cursor, 'the array') === 0 ? undefined : readLength64(cursor, 'the array');
      return {
        type: 'array',
        insertIndex,
        items: counted(cursor, count, (at) => ({
          index: readLength64(at, 'the array element'),
          value: readTagged(at),
        })),
      };
    },
  },
];

/** An element by its tag; numbers become the text that the server would give. */
function readTagged(cursor: Cursor): Text {
  const offset = cursor.fileOffset;
  const tag = readLength(cursor, 'the array element');
  switch (tag) {
    case ARRAY_STRING:
    case ARRAY_SHORT_STRING:
      return readText(cursor, 'the array element');
    case ARRAY_INTEGER:
      return integerText(cursor.i64le('the array element'));
    case ARRAY_DOUBLE:
      return fromLatin1(doubleText(cursor.f64le('the array element')));
    default:
      throw new DecodeError('bad-array-tag', offset, tag);
  }
}

/** The shortest decimal that gives the double back, with `.0` where it would look like an integer. */
function doubleText(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]|Infinity|NaN/.test(text) ? text : `${text}.0`;
}
