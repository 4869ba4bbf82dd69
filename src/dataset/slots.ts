/** Cluster slots: CRC-16 of a key name or of its hash tag. */

const OPEN = 0x7b;
const CLOSE = 0x7d;
/** Slots of a cluster. */
export const SLOTS = 16384;

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

/** The slot that a key is in: of what stands between the first `{` and the next `}`, or of the whole name. */
export function slotOf(key: Uint8Array): number {
  const open = key.indexOf(OPEN);
  if (open >= 0) {
    const close = key.indexOf(CLOSE, open + 1);
    if (close > open + 1) return crc16(key, open + 1, close) % SLOTS;
  }
  return crc16(key, 0, key.length) % SLOTS;
}

function crc16(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0;
  for (let i = start; i < end; i++) crc = ((crc << 8) ^ TABLE[(crc >> 8) ^ bytes[i]]) & 0xffff;
  return crc;
}
