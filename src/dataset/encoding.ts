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
 * @returns for the bytes of a key name, and whether the key has an expiry, the limit in bytes; −1 if there is none.
 */
export function embeddedLimit(server: ServerInfo): (keyLength: number, expires: boolean) => number {
  const always = (limit: number) => () => limit;
  if (server.make === 'keydb') return always(48);
  if (server.level < 300) return always(-1);
  if (server.level < 302) return always(39);
  if (server.make === 'valkey') {
    if (server.level >= 900) return withKey(128, 8);
    return server.level >= 801 ? withKey(64, 16) : always(44);
  }
  return server.level >= 802 ? withKey(64, 16) : always(44);
}

/** Key name and value share an allocation of `size` bytes with a header and, if there is one, the expiry. */
function withKey(size: number, header: number): (keyLength: number, expires: boolean) => number {
  return (keyLength, expires) => {
    const name = 1 + (keyLength < 32 ? 1 : keyLength < 256 ? 3 : 5) + keyLength + 1;
    // The value has a header of at least three bytes and ends with a NUL.
    return size - header - (expires ? 8 : 0) - name - 4;
  };
}
