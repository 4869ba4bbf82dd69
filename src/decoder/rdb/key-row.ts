/** What a row of the columns of a scan says of a key, for those who take keys one by one. */
import type { KeyBatch } from './key-batch.js';
import { parseModuleId } from './module-id.js';
import type { Millis } from './value-model.js';
import type { ValueType } from './value-type.js';

/** What is known of a key before it is read. */
export interface KeyRow {
  readonly db: number;
  readonly type: ValueType;
  /** As TYPE names it. */
  readonly typeName: string;
  /** Offset of the first byte of its record. */
  readonly offset: number;
  readonly typeOffset: number;
  /** Offset of the byte behind the value. */
  readonly end: number;
  readonly expireAt: Millis | undefined;
  /** Idle time in seconds, −1 if not saved. */
  readonly idle: number;
  /** Access frequency 0 to 255, −1 if not saved. */
  readonly freq: number;
}

type Columns<Name extends keyof KeyBatch> = Pick<KeyBatch, Name>;

/** The exact expiry in ms since the epoch; undefined without one. */
export function expiryAt(
  { expireAt, expireHigh, expireLow }: Columns<'expireAt' | 'expireHigh' | 'expireLow'>,
  i: number,
): Millis | undefined {
  const time = expireAt[i];
  if (Number.isNaN(time)) return undefined;
  return Number.isSafeInteger(time) ? time : (BigInt(expireHigh[i]) << 32n) | BigInt(expireLow[i]);
}

/** The type as TYPE names it: of a module value the name of its module type. */
export function typeNameAt(
  { moduleHigh, moduleLow }: Columns<'moduleHigh' | 'moduleLow'>,
  i: number,
  { type }: ValueType,
): string {
  return type === 'module' ? parseModuleId((BigInt(moduleHigh[i]) << 32n) | BigInt(moduleLow[i])).name : type;
}
