/** Writes CBOR (RFC 8949), for tests: heads and content as they are told, right or wrong. */
import { join, joinAll, utf8 } from './items.js';

/** The start of an item. @param width bytes of the number; as few as it needs if not given. */
export function head(major: number, value: number | bigint, width?: 0 | 1 | 2 | 4 | 8): Uint8Array {
  const number = BigInt(value);
  const fit = number < 24n ? 0 : number < 256n ? 1 : number < 65536n ? 2 : number < 1n << 32n ? 4 : 8;
  const size = width ?? fit;
  const info = size === 0 ? Number(number) : 24 + Math.log2(size);
  const bytes = new Uint8Array(1 + size);
  bytes[0] = (major << 5) | info;
  for (let i = 0; i < size; i++) bytes[size - i] = Number((number >> BigInt(8 * i)) & 255n);
  return bytes;
}

export const uintItem = (value: number | bigint) => head(0, value);
/** A negative integer. */
export const negativeItem = (value: bigint) => head(1, -1n - value);
export const bytesItem = (bytes: Uint8Array) => join(head(2, bytes.length), bytes);
export const textItem = (text: string | Uint8Array) => {
  const bytes = typeof text === 'string' ? utf8(text) : text;
  return join(head(3, bytes.length), bytes);
};
export const arrayItem = (...items: readonly Uint8Array[]) => join(head(4, items.length), ...items);
/** A map of names and values in turn. */
export const mapItem = (...items: readonly Uint8Array[]) => join(head(5, items.length / 2), ...items);
export const tagged = (tag: number, item: Uint8Array) => join(head(6, tag), item);
export const simple = (value: number) => head(7, value);

/** A float of 2, 4 or 8 bytes, by its bits. */
export const floatBits = (bits: number | bigint, width: 2 | 4 | 8) => {
  const item = head(0, bits, width);
  item[0] |= 7 << 5;
  return item;
};

export function doubleItem(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return floatBits(view.getBigUint64(0), 8);
}

/** A typed array of RFC 8746. @param numbers its bytes, little-endian. */
export function typedArray(tag: number, numbers: ArrayBufferView): Uint8Array {
  return tagged(tag, bytesItem(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)));
}

/** A value that JSON.parse gives, as CBOR; integers as such, other numbers as doubles. */
export function fromJson(value: unknown): Uint8Array {
  if (value === null) return simple(22);
  if (typeof value === 'boolean') return simple(value ? 21 : 20);
  if (typeof value === 'string') return textItem(value);
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return doubleItem(value);
    return value < 0 ? negativeItem(BigInt(value)) : uintItem(value);
  }
  if (Array.isArray(value)) return joinAll([head(4, value.length), ...value.map(fromJson)]);
  const members = Object.entries(value as object).flatMap(([name, member]) => [textItem(name), fromJson(member)]);
  return joinAll([head(5, members.length / 2), ...members]);
}
