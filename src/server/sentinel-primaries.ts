/** Which primaries a Sentinel watches. */
import { type Connection, itemsOf, stringOf } from './connection.js';

/** Asks a Sentinel for the names of its primaries. @throws what the connection throws. */
export async function primariesOf(connection: Connection): Promise<string[]> {
  return itemsOf(await connection.command('SENTINEL', 'MASTERS')).flatMap((primary) => {
    const fields = itemsOf(primary).map(stringOf);
    const at = fields.indexOf('name');
    const name = at < 0 ? undefined : fields[at + 1];
    return name === undefined ? [] : [name];
  });
}
