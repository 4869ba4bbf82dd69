/** Bytes of the strings that servers work with: a header, the bytes, and a NUL behind them. */

/** Bytes of the header of a string whose length has few enough bits for one byte, and of longer ones. */
export function sdsHeader(length: number): number {
  // An empty string is made to be appended to and has room for a length.
  if (length < 32) return length === 0 ? 3 : 1;
  return sdsHeader8(length);
}

/** The header where at least one byte is kept for the length: string values. */
export function sdsHeader8(length: number): number {
  if (length < 0x100) return 3;
  if (length < 0x10000) return 5;
  return length < 0x100000000 ? 9 : 17;
}

/** Bytes that are asked of the allocator for a string. */
export function sdsSize(length: number): number {
  return sdsHeader(length) + length + 1;
}

/** The same for a string value. */
export function sdsSize8(length: number): number {
  return sdsHeader8(length) + length + 1;
}
