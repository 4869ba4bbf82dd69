/** Values of the small example and test modules that come with the sources of Redis. */
import { readLength, readLength64 } from '../length.js';
import { FieldList, Room } from './fields.js';
import { ITEM_STRING } from './items.js';
import type { ModuleType } from './module-type.js';
import type { ViewField } from './view.js';

/** `hellotype` of hellotype.c: a list of integers. */
export const HELLOTYPE: ModuleType = {
  name: 'hellotype',
  view(items) {
    const numbers = new FieldList(new Room());
    for (let left = items.unsigned(); left > 0n; left--) numbers.add(items.signed());
    items.end();
    return { kind: 'fields', fields: numbers.fields('numbers') };
  },
  // Redis 4.0 release candidates wrote the same numbers without tags.
  untagged: {
    layout: [{ step: 'repeat', each: 'element', body: [{ step: 'length', name: 'number' }] }],
    view(cursor) {
      const numbers = new FieldList(new Room());
      for (let left = readLength(cursor, 'the module data'); left > 0; left--) {
        numbers.add(BigInt.asIntN(64, readLength64(cursor, 'the module data')));
      }
      return { kind: 'fields', fields: numbers.fields('numbers') };
    },
  },
};

/** `test___dt` of tests/modules/datatype.c: a number and a string. */
export const TEST_DATATYPE: ModuleType = {
  name: 'test___dt',
  view(items) {
    const fields: ViewField[] = [
      { name: 'number', value: items.signed() },
      { name: 'string', value: items.text() },
    ];
    items.end();
    return { kind: 'fields', fields };
  },
};

/** `test__rdb` of tests/modules/testrdb.c: a string between constants, which its first form did not have. */
export const TEST_RDB: ModuleType = {
  name: 'test__rdb',
  view(items) {
    const bare = items.nextIs(ITEM_STRING);
    if (!bare) items.signed();
    const fields: ViewField[] = [{ name: 'string', value: items.text() }];
    if (!bare) {
      items.double();
      items.text();
    }
    items.end();
    return { kind: 'fields', fields };
  },
};
