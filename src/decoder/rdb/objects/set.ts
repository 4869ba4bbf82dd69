/** Sets: value types 2 (members one by one), 11 (intset) and 20 (listpack). */
import { readCount } from '../length.js';
import { readText } from '../string.js';
import type { ValueType } from '../value-type.js';
import { counted, inBlob } from '../walkers.js';

export const SET_TYPES: readonly ValueType[] = [
  {
    code: 2,
    name: 'SET',
    type: 'set',
    encoding: 'hashtable',
    since: 1,
    writers: 'all versions',
    layout: [{ step: 'repeat', each: 'element', body: [{ step: 'string', name: 'member' }], counts: true }],
    open: (cursor) => {
      const count = readCount(cursor, 'the set');
      return { type: 'set', items: counted(cursor, count, (at) => ({ member: readText(at, 'the set member') })) };
    },
  },
  {
    code: 11,
    name: 'SET_INTSET',
    type: 'set',
    encoding: 'intset',
    since: 2,
    writers: 'Redis 2.4 and later, Valkey',
    layout: [{ step: 'blob', kind: 'intset', per: 1, roles: ['member'] }],
    open: (cursor) => ({ type: 'set', items: inBlob(cursor, 'intset', 1, 'the set', (at) => ({ member: at.text() })) }),
  },
  {
    code: 20,
    name: 'SET_LISTPACK',
    type: 'set',
    encoding: 'listpack',
    since: 11,
    writers: 'Redis 7.2 and later, Valkey',
    layout: [{ step: 'blob', kind: 'listpack', per: 1, roles: ['member'] }],
    open: (cursor) => ({
      type: 'set',
      items: inBlob(cursor, 'listpack', 1, 'the set', (at) => ({ member: at.text() })),
    }),
  },
];
