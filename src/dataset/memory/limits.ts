/** The settings of a server that decide which values it keeps in a compact encoding. */

/** Limits by what they are for; the settings that hold them have had several names. */
export interface EncodingLimits {
  readonly hashEntries: number;
  readonly hashValue: number;
  readonly zsetEntries: number;
  readonly zsetValue: number;
  readonly intsetEntries: number;
  readonly setEntries: number;
  readonly setValue: number;
  /** Entries of a list node if positive; −1 to −5 stand for 4 to 64 KiB. */
  readonly listSize: number;
  /** Lists up to 3.0 had a limit of entries and one of bytes of an entry. */
  readonly listEntries: number;
  readonly listValue: number;
  /** Nodes at each end of a list that are not compressed; 0 if none are. */
  readonly listCompressDepth: number;
  readonly streamNodeBytes: number;
  readonly streamNodeEntries: number;
}

/** What servers do without being told otherwise. */
export const DEFAULT_LIMITS: EncodingLimits = {
  hashEntries: 512,
  hashValue: 64,
  zsetEntries: 128,
  zsetValue: 64,
  intsetEntries: 512,
  setEntries: 128,
  setValue: 64,
  listSize: -2,
  listEntries: 512,
  listValue: 64,
  listCompressDepth: 0,
  streamNodeBytes: 4096,
  streamNodeEntries: 100,
};

/** The names of the settings, of all versions. */
const SETTINGS: Readonly<Record<string, keyof EncodingLimits>> = {
  'hash-max-listpack-entries': 'hashEntries',
  'hash-max-ziplist-entries': 'hashEntries',
  'hash-max-zipmap-entries': 'hashEntries',
  'hash-max-listpack-value': 'hashValue',
  'hash-max-ziplist-value': 'hashValue',
  'hash-max-zipmap-value': 'hashValue',
  'zset-max-listpack-entries': 'zsetEntries',
  'zset-max-ziplist-entries': 'zsetEntries',
  'zset-max-listpack-value': 'zsetValue',
  'zset-max-ziplist-value': 'zsetValue',
  'set-max-intset-entries': 'intsetEntries',
  'set-max-listpack-entries': 'setEntries',
  'set-max-listpack-value': 'setValue',
  'list-max-listpack-size': 'listSize',
  'list-max-ziplist-size': 'listSize',
  'list-max-ziplist-entries': 'listEntries',
  'list-max-ziplist-value': 'listValue',
  'list-compress-depth': 'listCompressDepth',
  'stream-node-max-bytes': 'streamNodeBytes',
  'stream-node-max-entries': 'streamNodeEntries',
};

/** The names that a limit can be given by. */
export const LIMIT_NAMES: readonly string[] = Object.keys(SETTINGS);

/** The limit that a setting holds; undefined if it holds none. */
export function limitOf(setting: string): keyof EncodingLimits | undefined {
  return Object.hasOwn(SETTINGS, setting) ? SETTINGS[setting] : undefined;
}

/** Bytes that a list node may have by `list-max-listpack-size`; undefined if it limits the entries. */
export function nodeBytes(listSize: number): number | undefined {
  return listSize < 0 ? 2048 * 2 ** Math.min(5, -listSize) : undefined;
}
