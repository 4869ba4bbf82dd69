/** What a value type of the format is described by: a row of the table in `value-types.ts`. */
import type { Cursor } from '../cursor.js';
import type { Family } from './header.js';
import type { Layout } from './layout.js';
import type { Text } from './string.js';
import type { Value } from './value-model.js';

/** The type of a value as the TYPE command names it; `module` stands for the module's own name. */
export type TypeName = 'string' | 'list' | 'set' | 'zset' | 'hash' | 'stream' | 'array' | 'module' | 'cronjob' | 'gcra';

/** What a value needs to know of the file around it. */
export interface ValueContext {
  readonly family: Family;
  /** RDB version of the file or payload. */
  readonly version: number;
  /** The field names of a hash template; undefined if the file does not define it. */
  template(id: bigint): readonly Text[] | undefined;
}

/** A value type. */
export interface ValueType {
  /** The type byte. */
  readonly code: number;
  /** Its name in the servers' `rdb.h`, without the prefix. */
  readonly name: string;
  readonly type: TypeName;
  /** The encoding as OBJECT ENCODING names it; null where the file does not tell. */
  readonly encoding: string | null;
  /** The RDB version that brought it. */
  readonly since: number;
  /** The last RDB version that can have it, for types of servers that stayed at one version. */
  readonly until?: number;
  /** The first releases that write it, for messages. */
  readonly writers: string;
  /** The parts of the value, for the scan. */
  readonly layout: Layout;
  /** Opens the value: `cursor` is at its first byte, behind the key name. */
  readonly open: (cursor: Cursor, context: ValueContext) => Value;
}
