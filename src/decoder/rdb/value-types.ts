/** The table of value types: which type byte means what, in files of Redis and in files of Valkey. */
import type { Family } from './header.js';
import { ARRAY_TYPES } from './objects/array.js';
import { CRON_TYPES } from './objects/cron.js';
import { GCRA_TYPES } from './objects/gcra.js';
import { HASH_TYPES, REDIS_HASH_TYPES, VALKEY_HASH_TYPES } from './objects/hash.js';
import { HASH_TEMPLATE_TYPES } from './objects/hash-template.js';
import { LIST_TYPES } from './objects/list.js';
import { MODULE_TYPES } from './objects/module.js';
import { SET_TYPES } from './objects/set.js';
import { STREAM_TYPES } from './objects/stream.js';
import { STRING_TYPES } from './objects/string.js';
import { ZSET_TYPES } from './objects/zset.js';
import type { ValueType } from './value-type.js';

/** Types that mean the same in every file that has them: up to RDB version 11 there was only one line of servers. */
const SHARED: readonly ValueType[] = [
  ...STRING_TYPES,
  ...LIST_TYPES,
  ...SET_TYPES,
  ...ZSET_TYPES,
  ...HASH_TYPES,
  ...STREAM_TYPES.filter((type) => type.since <= 11),
  ...MODULE_TYPES,
];

const REDIS: readonly ValueType[] = [
  ...SHARED,
  ...REDIS_HASH_TYPES,
  ...STREAM_TYPES.filter((type) => type.since > 11),
  ...ARRAY_TYPES,
  ...HASH_TEMPLATE_TYPES,
  ...GCRA_TYPES,
  ...CRON_TYPES,
];

const VALKEY: readonly ValueType[] = [...SHARED, ...VALKEY_HASH_TYPES];

const FAMILIES: Record<Family, readonly ValueType[]> = { redis: REDIS, valkey: VALKEY };

/** The tables that were asked for; a few, whatever versions files claim to be of. */
const tables = new Map<string, readonly (ValueType | undefined)[]>();
const TABLES_KEPT = 64;

/** The value types of files of a family and RDB version, by type byte. */
export function valueTypes(family: Family, version: number): readonly (ValueType | undefined)[] {
  const name = `${family} ${version}`;
  const known = tables.get(name);
  if (known) return known;
  const table = new Array<ValueType | undefined>(256).fill(undefined);
  for (const type of FAMILIES[family]) {
    if (type.until === undefined || version <= type.until) table[type.code] = type;
  }
  if (tables.size >= TABLES_KEPT) tables.clear();
  tables.set(name, table);
  return table;
}

/** All value types of both families. */
export const ALL_VALUE_TYPES: readonly ValueType[] = [...REDIS, ...VALKEY_HASH_TYPES];
