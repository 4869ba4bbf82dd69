/**
 * The encoding that a key has in memory, as OBJECT ENCODING names it. The file tells it by the value type, except for
 * strings and short lists: there it follows from what the server that wrote the file does when it loads the value.
 */
import { FLAG_INTEGER, FLAG_SINGLE_LISTPACK } from '../decoder/rdb/key-batch.js';
import type { ValueType } from '../decoder/rdb/value-type.js';
import type { ServerInfo } from './server-info.js';

/** Type byte of strings: int, embstr or raw. */
export const STRING_TYPE = 0;
/** Type byte of quicklists of listpacks, which short lists are written as too. */
export const QUICKLIST_2_TYPE = 18;

/**
 * Names the encoding of a key.
 *
 * @param flags of the key batch.
 * @param embedded for strings: true if the value is short enough for {@link embeddedLimit}.
 * @returns null where the file does not tell.
 */
export function encodingOf(type: ValueType, flags: number, embedded: boolean, server: ServerInfo): string | null {
  if (type.code === STRING_TYPE) {
    if (flags & FLAG_INTEGER) return 'int';
    return embedded ? 'embstr' : 'raw';
  }
  if (type.code === QUICKLIST_2_TYPE) {
    // Since 7.2 a list in one listpack of usual size is loaded as a listpack.
    return flags & FLAG_SINGLE_LISTPACK && server.level >= 702 ? 'listpack' : 'quicklist';
  }
  return type.encoding;
}

/**
 * The longest string that a server keeps in one allocation with its header.
 *
 * @param keyLength bytes of the key name, and whether the key has an expiry: newer servers keep these there, too.
 * @returns the limit in bytes; −1 if there is none.
 */
export function embeddedLimit(server: ServerInfo, keyLength: number, expires: boolean): number {
  if (server.make === 'keydb') return 48;
  if (server.level < 300) return -1;
  if (server.level < 302) return 39;
  if (!sharesAllocation(server)) return 44;
  return server.make === 'valkey' && server.level >= 900
    ? limitWithKey(128, 8, keyLength, expires)
    : limitWithKey(64, 16, keyLength, expires);
}

/** True if the limit of {@link embeddedLimit} depends on the key. */
export function sharesAllocation({ make, level }: ServerInfo): boolean {
  return make !== 'keydb' && level >= (make === 'valkey' ? 801 : 802);
}

/** Key name and value share an allocation of `size` bytes with a header and, if there is one, the expiry. */
function limitWithKey(size: number, header: number, keyLength: number, expires: boolean): number {
  const name = 1 + (keyLength < 32 ? 1 : keyLength < 256 ? 3 : 5) + keyLength + 1;
  // The value has a header of at least three bytes and ends with a NUL.
  return size - header - (expires ? 8 : 0) - name - 4;
}
