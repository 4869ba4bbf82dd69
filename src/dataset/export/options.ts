/** What an export is asked for: the form, which keys, and what is done to them on the way. */
import type { ExportTarget } from './target.js';

/** The forms in which keys are exported. */
export type ExportFormat = 'json' | 'jsonl' | 'csv' | 'resp' | 'redis-cli' | 'rdb' | 'dump' | 'markdown';

/** The ending of the name of a file in a form. */
export const FILE_ENDINGS: Readonly<Record<ExportFormat, string>> = {
  json: 'json',
  jsonl: 'jsonl',
  csv: 'csv',
  resp: 'resp',
  'redis-cli': 'redis',
  rdb: 'rdb',
  dump: 'dump.jsonl',
  markdown: 'md',
};

/** All forms. */
export const EXPORT_FORMATS: readonly ExportFormat[] = [
  'json',
  'jsonl',
  'csv',
  'resp',
  'redis-cli',
  'rdb',
  'dump',
  'markdown',
];

/** A range of cluster slots, both ends included. */
export interface SlotRange {
  readonly from: number;
  readonly to: number;
}

/** What happens to the expiries of keys and of fields. */
export type ExpiryChange = { readonly kind: 'drop' } | { readonly kind: 'shift'; readonly ms: number };

/** How the keys are divided among files. */
export type Split =
  | { readonly kind: 'db' }
  /** Equal ranges of slots, so many of them. */
  | { readonly kind: 'slots'; readonly parts: number };

/** What is exported, and how. */
export interface ExportOptions {
  readonly format: ExportFormat;
  /** The server that is to load it; undefined for one like that which wrote the file. */
  readonly target?: ExportTarget | undefined;
  readonly db?: number | undefined;
  /** Only keys whose name matches this glob. */
  readonly match?: Uint8Array | undefined;
  /** Only keys of this type. */
  readonly type?: string | undefined;
  /** Only keys of these names, one character a byte. */
  readonly keys?: ReadonlySet<string> | undefined;
  /** Only keys in these slots. */
  readonly slots?: readonly SlotRange[] | undefined;
  /** Keys whose expiry is before this time are left out: ms since the epoch. */
  readonly expiredBefore?: number | undefined;
  readonly expiry?: ExpiryChange | undefined;
  readonly split?: Split | undefined;
  /** Names and values are replaced by others of the same shape; what they become depends on this text. */
  readonly seed?: string | undefined;
  /** JSON: binary always as Base64, as `decode` prints it. */
  readonly base64?: boolean | undefined;
  /** CSV: a row for each element instead of one for each key. */
  readonly flat?: boolean | undefined;
  /** RESP and redis-cli: RESTORE instead of the commands that build a value. */
  readonly restore?: boolean | undefined;
  /** RDB and commands: fields with an expiry lose it where the server knows none. */
  readonly dropFieldExpiry?: boolean | undefined;
  /** Function libraries; undefined for keeping them where all keys are exported. */
  readonly functions?: boolean | undefined;
  /** Of keys that several files have: which one is taken. */
  readonly duplicates?: 'first' | 'last' | 'error' | undefined;
}

/** True if the options ask for less than everything. */
export function isFiltered({ db, match, type, keys, slots, expiredBefore }: ExportOptions): boolean {
  return [db, match, type, keys, slots, expiredBefore].some((part) => part !== undefined);
}
