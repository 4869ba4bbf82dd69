/** Cluster slots: CRC-16 of a key name or of its hash tag. */

const OPEN = 0x7b;
const CLOSE = 0x7d;
/** Slots of a cluster. */
export const SLOTS = 16384;

/** What each byte adds to the checksum. */
export const SLOT_CHECKSUMS = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

/**
 * The slot that a key is in: of what stands between the first `{` and the next `}`, or of the whole name.
 *
 * @param start index of its first byte, @param end index of the byte behind it.
 */
export function slotOf(key: Uint8Array, start = 0, end = key.length): number {
  let crc = 0;
  for (let i = start; i < end; i++) {
    if (key[i] === OPEN) return slotOfTag(key, start, end, i + 1);
    crc = next(crc, key[i]);
  }
  return crc % SLOTS;
}

/** The slot of a key that has a brace. @param tag index of the byte behind the first one. */
function slotOfTag(key: Uint8Array, start: number, end: number, tag: number): number {
  let close = tag;
  while (close < end && key[close] !== CLOSE) close++;
  const tagged = close < end && close > tag;
  let crc = 0;
  for (let i = tagged ? tag : start; i < (tagged ? close : end); i++) crc = next(crc, key[i]);
  return crc % SLOTS;
}

function next(crc: number, byte: number): number {
  return ((crc << 8) ^ SLOT_CHECKSUMS[(crc >> 8) ^ byte]) & 0xffff;
}
