/**
 * Expiries of files before RDB version 9, which are in the byte order of the host that wrote them. Almost all hosts
 * kept the least significant byte first; a time that only makes sense the other way round is taken so.
 */

/** The first version whose times are the same on every host. */
const FIXED_SINCE = 9;

/** A time in ms as it was meant. @param stored as read with the least significant byte first; signed 64-bit. */
export function millisOfHost(stored: bigint, version: number): bigint {
  if (version >= FIXED_SINCE || plausible(Number(stored))) return stored;
  const low = BigInt(swap32(Number(BigInt.asUintN(32, stored))));
  const high = BigInt(swap32(Number(BigInt.asUintN(32, stored >> 32n))));
  const swapped = BigInt.asIntN(64, (low << 32n) | high);
  return plausible(Number(swapped)) ? swapped : stored;
}

/** A time in seconds as it was meant. @param stored as read with the least significant byte first; signed 32-bit. */
export function secondsOfHost(stored: number, version: number): number {
  if (version >= FIXED_SINCE || plausible(stored * 1000)) return stored;
  const swapped = swap32(stored) | 0;
  return plausible(swapped * 1000) ? swapped : stored;
}

function swap32(value: number): number {
  return (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | ((value >>> 24) & 0xff)) >>> 0;
}

/** From 2001 to 2286: what expiries of real data are. */
function plausible(ms: number): boolean {
  return ms >= 1e12 && ms < 1e13;
}
