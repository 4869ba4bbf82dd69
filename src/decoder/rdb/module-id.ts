/** Module ids: nine characters and a version in 64 bits. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** The alphabet of key metadata classes has its last two characters the other way round. */
const CLASS_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** The type of a module value. */
export interface ModuleId {
  /** Nine characters, such as `ReJSON-RL`. */
  readonly name: string;
  /** Encoding version of the value, 0 to 1023. */
  readonly version: number;
}

/** Takes a module id apart: 54 bits of name and 10 of version. @param id unsigned. */
export function parseModuleId(id: bigint): ModuleId {
  let name = '';
  for (let shift = 58n; shift >= 10n; shift -= 6n) name += ALPHABET[Number((id >> shift) & 63n)];
  return { name, version: Number(id & 1023n) };
}

/** The class of a key metadata record. */
export interface MetadataClass {
  /** Four characters. */
  readonly name: string;
  /** 0 to 31. */
  readonly version: number;
  /** True if a server without the module may load the key without the metadata. */
  readonly ignorable: boolean;
}

/** Takes the 32-bit specification of a key metadata class apart. */
export function parseMetadataClass(spec: number): MetadataClass {
  let name = '';
  for (let shift = 26; shift >= 8; shift -= 6) name += CLASS_ALPHABET[(spec >>> shift) & 63];
  return { name, version: (spec >>> 3) & 31, ignorable: (spec & 1) === 1 };
}
