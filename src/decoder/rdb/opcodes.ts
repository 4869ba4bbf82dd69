/** The table of opcodes: records of a file that are not keys, and what stands before the type byte of a key. */

import type { FieldName } from './fields/names.js';
import type { Family } from './header.js';
import type { Layout, Step } from './layout.js';

export const OP_EOF = 255;
export const OP_SELECTDB = 254;
export const OP_EXPIRETIME = 253;
export const OP_EXPIRETIME_MS = 252;
export const OP_RESIZEDB = 251;
export const OP_AUX = 250;
export const OP_FREQ = 249;
export const OP_IDLE = 248;
export const OP_MODULE_AUX = 247;
export const OP_FUNCTION_PRE_GA = 246;
export const OP_FUNCTION2 = 245;
export const OP_SLOT_INFO = 244;
/** Redis 8.6. */
export const OP_KEY_META = 243;
/** Valkey 9.0: the same byte. */
export const OP_SLOT_IMPORT = 243;
/** Redis 8.10. */
export const OP_HASH_TEMPLATE = 242;
export const OP_KEY_NOEVICT = 240;
export const OP_ENTERPRISE_SLOT_NUM = 121;
export const OP_ENTERPRISE_RAM_LRU = 107;

/** An opcode. */
export interface Opcode {
  readonly code: number;
  /** Its name in the servers' `rdb.h`, without the prefix. */
  readonly name: string;
  /** The RDB version that brought it. */
  readonly since: number;
  readonly writers: string;
  /** True if it says something about the key that follows. */
  readonly ofKey: boolean;
  /** What follows the byte; undefined if it is not documented. */
  readonly payload: Layout | undefined;
}

function length(name: FieldName): Step {
  return { step: 'length', name };
}

function string(name: FieldName): Step {
  return { step: 'string', name };
}

function opcode(
  code: number,
  name: string,
  since: number,
  writers: string,
  payload: Layout | undefined,
  ofKey = false,
): Opcode {
  return { code, name, since, writers, ofKey, payload };
}

const SHARED: readonly Opcode[] = [
  opcode(OP_EOF, 'EOF', 1, 'all versions', []),
  opcode(OP_SELECTDB, 'SELECTDB', 1, 'all versions', [length('db')]),
  opcode(OP_EXPIRETIME, 'EXPIRETIME', 1, 'Redis up to 2.4', [{ step: 'bytes', name: 'expiry', count: 4 }], true),
  opcode(
    OP_EXPIRETIME_MS,
    'EXPIRETIME_MS',
    3,
    'Redis 2.6 and later, Valkey',
    [{ step: 'bytes', name: 'expiry', as: 'time', count: 8 }],
    true,
  ),
  opcode(OP_RESIZEDB, 'RESIZEDB', 7, 'Redis 3.2 and later, Valkey', [length('count'), length('expires')]),
  opcode(OP_AUX, 'AUX', 7, 'Redis 3.2 and later, Valkey', [
    { step: 'kept-string', name: 'name' },
    { step: 'kept-string', name: 'value' },
  ]),
  opcode(OP_FREQ, 'FREQ', 9, 'Redis 5.0 and later, Valkey', [{ step: 'bytes', name: 'freq', count: 1 }], true),
  opcode(OP_IDLE, 'IDLE', 9, 'Redis 5.0 and later, Valkey', [length('idle')], true),
  opcode(OP_MODULE_AUX, 'MODULE_AUX', 9, 'Redis 5.0 and later, Valkey', [
    { step: 'module-id' },
    length('tag'),
    length('when'),
    { step: 'module-items' },
  ]),
  opcode(OP_FUNCTION_PRE_GA, 'FUNCTION_PRE_GA', 10, 'release candidates of Redis 7.0', [
    string('name'),
    string('engine'),
    { step: 'optional', body: [string('description')] },
    string('content'),
  ]),
  opcode(OP_FUNCTION2, 'FUNCTION2', 10, 'Redis 7.0 and later, Valkey', [string('content')]),
  opcode(OP_SLOT_INFO, 'SLOT_INFO', 12, 'Redis 7.4 and later in cluster mode', [
    length('slot'),
    length('count'),
    length('expires'),
  ]),
];

const REDIS: readonly Opcode[] = [
  ...SHARED,
  opcode(
    OP_KEY_META,
    'KEY_META',
    13,
    'Redis 8.6 and later',
    [{ step: 'repeat', each: 'key-metadata', body: [{ step: 'metadata-class' }, { step: 'module-items' }] }],
    true,
  ),
  opcode(OP_HASH_TEMPLATE, 'HASH_TEMPLATE', 15, 'Redis 8.10 and later', [{ step: 'template' }]),
  opcode(OP_KEY_NOEVICT, 'KEY_NOEVICT', 15, 'development versions of Redis after 8.10', [], true),
  opcode(OP_ENTERPRISE_SLOT_NUM, 'SLOT_NUM', 7, 'Redis Enterprise', [length('slot')]),
  opcode(OP_ENTERPRISE_RAM_LRU, 'RAM_LRU', 7, 'Redis Enterprise', [length('number')], true),
  opcode(100, 'GD_DICT', 7, 'Redis Enterprise', undefined),
  opcode(101, 'GCAS', 7, 'Redis Enterprise', undefined),
  opcode(102, 'GFLAGS', 7, 'Redis Enterprise', undefined),
];

const VALKEY: readonly Opcode[] = [
  ...SHARED,
  opcode(OP_SLOT_IMPORT, 'SLOT_IMPORT', 80, 'Valkey 9.0 and later', [
    string('job'),
    { step: 'repeat', each: 'range', body: [length('slot'), length('slot')] },
  ]),
  opcode(242, 'UPDATE', 81, 'development versions of Valkey 9.2', undefined),
];

function byCode(rows: readonly Opcode[]): readonly (Opcode | undefined)[] {
  const table = new Array<Opcode | undefined>(256).fill(undefined);
  for (const row of rows) table[row.code] = row;
  return table;
}

const TABLES: Record<Family, readonly (Opcode | undefined)[]> = { redis: byCode(REDIS), valkey: byCode(VALKEY) };

/** The opcodes of a family by byte. */
export function opcodes(family: Family): readonly (Opcode | undefined)[] {
  return TABLES[family];
}
