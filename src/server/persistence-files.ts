/** Where a server keeps its files, as it says itself. */
import { type Connection, errorText, itemsOf, stringOf } from './connection.js';

/** Paths on the machine of the server. */
export interface PersistenceFiles {
  /** The folder that it works in, which the other paths begin with. */
  readonly folder: string;
  readonly rdb: string;
  /** The manifest of a multi-part AOF, or the one file of a server before 7.0; undefined while it writes none. */
  readonly aof: string | undefined;
}

/** Asks for the paths; undefined where CONFIG may not be asked, or is renamed. @throws what the connection throws. */
export async function persistenceFiles(connection: Connection): Promise<PersistenceFiles | undefined> {
  const get = async (name: string) => {
    const reply = await connection.ask('CONFIG', 'GET', name);
    if (errorText(reply) !== undefined) return undefined;
    const items = itemsOf(reply).map(text);
    const at = items.indexOf(name);
    return at < 0 ? undefined : items[at + 1];
  };
  const folder = await get('dir');
  const dump = await get('dbfilename');
  if (!folder || !dump) return undefined;
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  const path = (...names: string[]) => [folder.replace(/[\\/]+$/, ''), ...names].join(separator);
  const aofFolder = await get('appenddirname');
  const aofFile = (await get('appendfilename')) ?? 'appendonly.aof';
  const writes = (await get('appendonly')) === 'yes';
  return {
    folder,
    rdb: path(dump),
    aof: writes ? (aofFolder ? path(aofFolder, `${aofFile}.manifest`) : path(aofFile)) : undefined,
  };
}

/** Names of files are UTF-8 where anything is. */
function text(value: Parameters<typeof stringOf>[0]): string {
  return value?.type === 'bulk' ? new TextDecoder().decode(value.bytes) : (stringOf(value) ?? '');
}
