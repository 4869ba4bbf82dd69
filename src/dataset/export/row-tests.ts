/** Which keys an export takes, and into which of its files each of them goes. */
import { latin1 } from '../../decoder/bytes.js';
import { matchesGlob } from '../glob.js';
import { SLOTS, slotOf } from '../slots.js';
import type { ExportRow } from './export-rows.js';
import type { KeyWindow } from './key-window.js';
import type { ExportOptions } from './options.js';

/** Decides by what is known without the name. @returns 'expired' for a key that is left out because of its expiry. */
export function testRow({ db, type, expiredBefore }: ExportOptions, row: ExportRow): 'taken' | 'other' | 'expired' {
  if (db !== undefined && row.db !== db) return 'other';
  if (type !== undefined && row.typeName !== type) return 'other';
  if (expiredBefore !== undefined && row.expireAt !== undefined && row.expireAt <= expiredBefore) return 'expired';
  return 'taken';
}

/** True if the options ask for the name of a key. */
export function asksForName({ match, keys, slots, split }: ExportOptions): boolean {
  return match !== undefined || keys !== undefined || slots !== undefined || split?.kind === 'slots';
}

/** Decides by the name of the key that the window has located. */
export function testName({ match, keys, slots }: ExportOptions, window: KeyWindow): boolean {
  const { nameBytes, nameStart, nameEnd } = window;
  if (match && !matchesGlob(match, nameBytes, nameStart, nameEnd)) return false;
  if (keys && !keys.has(latin1(nameBytes, nameStart, nameEnd))) return false;
  if (!slots) return true;
  const slot = slotOf(nameBytes, nameStart, nameEnd);
  return slots.some(({ from, to }) => slot >= from && slot <= to);
}

/** The name of the file that a key goes into; empty where there is only one. */
export function partOf({ split }: ExportOptions, row: Pick<ExportRow, 'db'>, window: KeyWindow): string {
  if (!split) return '';
  if (split.kind === 'db') return `db${row.db}`;
  // The ranges are those that redis-cli gives the nodes of a new cluster.
  const size = SLOTS / split.parts;
  const slot = slotOf(window.nameBytes, window.nameStart, window.nameEnd);
  let index = Math.floor(slot / size);
  if (slot >= Math.round((index + 1) * size)) index++;
  else if (slot < Math.round(index * size)) index--;
  return `slots-${Math.round(index * size)}-${Math.round((index + 1) * size) - 1}`;
}
