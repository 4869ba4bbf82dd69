/** Values of modules: type 7 with a tag before every part, and type 6 of Redis 4.0 release candidates without. */
import type { Cursor } from '../../cursor.js';
import { DecodeError } from '../../errors.js';
import { readLength64 } from '../length.js';
import { parseModuleId } from '../module-id.js';
import { ItemReader, moduleItems } from '../modules/items.js';
import { moduleType } from '../modules/module-types.js';
import type { Value } from '../value-model.js';
import type { ValueType } from '../value-type.js';

export const MODULE_TYPES: readonly ValueType[] = [
  {
    code: 6,
    name: 'MODULE_PRE_GA',
    type: 'module',
    encoding: null,
    since: 8,
    writers: 'release candidates of Redis 4.0',
    layout: [{ step: 'module-id' }, { step: 'untagged-module' }],
    open: openUntagged,
  },
  {
    code: 7,
    name: 'MODULE_2',
    type: 'module',
    encoding: 'raw',
    since: 8,
    writers: 'Redis 4.0 and later, Valkey',
    layout: [{ step: 'module-id' }, { step: 'module-items' }],
    open: openTagged,
  },
];

function openTagged(cursor: Cursor): Value {
  const module = parseModuleId(readLength64(cursor, 'the module data'));
  const start = cursor.offset;
  return {
    type: 'module',
    module,
    items: moduleItems(cursor, module),
    view: () => moduleType(module.name)?.view(new ItemReader(cursor.fork(start), module)),
  };
}

function openUntagged(cursor: Cursor): Value {
  const offset = cursor.fileOffset;
  const module = parseModuleId(readLength64(cursor, 'the module data'));
  const start = cursor.offset;
  const untagged = moduleType(module.name)?.untagged;
  if (!untagged) throw new DecodeError('unknown-module', offset, module.name);
  return { type: 'module', module, items: undefined, view: () => untagged.view(cursor.fork(start)) };
}
