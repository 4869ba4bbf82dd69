/** Builds byte strings for tests from parts: numbers are single bytes, texts one byte a character. */

/** A part of a byte string. */
export type Part = number | string | Uint8Array | readonly Part[];

/** Joins parts. */
export function bytes(...parts: readonly Part[]): Uint8Array {
  const joined = new Uint8Array(sizeOf(parts));
  put(joined, 0, parts);
  return joined;
}

function sizeOf(part: Part): number {
  if (typeof part === 'number') return 1;
  if (typeof part === 'string' || part instanceof Uint8Array) return part.length;
  let size = 0;
  for (const inner of part) size += sizeOf(inner);
  return size;
}

/** @returns the place behind the part. */
function put(target: Uint8Array, at: number, part: Part): number {
  if (typeof part === 'number') {
    target[at] = part;
    return at + 1;
  }
  if (part instanceof Uint8Array) {
    target.set(part, at);
    return at + part.length;
  }
  if (typeof part === 'string') {
    for (let i = 0; i < part.length; i++) target[at + i] = part.charCodeAt(i);
    return at + part.length;
  }
  let end = at;
  for (const inner of part) end = put(target, end, inner);
  return end;
}

/** An integer of `width` bytes, least significant byte first; negative ones as two's complement. */
export function little(value: number | bigint, width: number): Uint8Array {
  let left = BigInt.asUintN(width * 8, BigInt(value));
  const result = new Uint8Array(width);
  for (let i = 0; i < width; i++, left >>= 8n) result[i] = Number(left & 0xffn);
  return result;
}

/** An integer of `width` bytes, most significant byte first. */
export function big(value: number | bigint, width: number): Uint8Array {
  return little(value, width).reverse();
}

/** A double, least significant byte first. */
export function double(value: number): Uint8Array {
  return new Uint8Array(Float64Array.of(value).buffer);
}

/** A float, least significant byte first. */
export function float(value: number): Uint8Array {
  return new Uint8Array(Float32Array.of(value).buffer);
}

/** Bytes as text, one character each: as the decoder does it, but by other means. */
export function characters(from: Uint8Array): string {
  return Buffer.from(from.buffer, from.byteOffset, from.length).toString('latin1');
}
