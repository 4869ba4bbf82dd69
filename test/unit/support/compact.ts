/** Writes the compact structures of the format (listpack, ziplist, intset, zipmap) and LZF, from their specification. */
import { big, bytes, little, type Part } from './bytes.js';

/** An element: a text, an integer in its shortest form, or bytes that are an encoded element already. */
export type Element = string | number | bigint | Uint8Array;

/** A listpack. @param count what the header says, if not the truth. */
export function listpack(elements: readonly Element[], count = Math.min(elements.length, 65535)): Uint8Array {
  const body = bytes(elements.map((element) => withBacklen(lpElement(element))));
  return bytes(little(body.length + 7, 4), little(count, 2), body, 0xff);
}

function lpElement(element: Element): Uint8Array {
  if (element instanceof Uint8Array) return element;
  return typeof element === 'string' ? lpString(element) : lpInteger(element);
}

/** A string element. @param bits width of its length: 6, 12 or 32; the smallest that fits if not given. */
export function lpString(text: Part, bits?: 6 | 12 | 32): Uint8Array {
  const content = bytes(text);
  const form = bits ?? (content.length < 64 ? 6 : content.length < 4096 ? 12 : 32);
  if (form === 6) return bytes(0x80 | content.length, content);
  if (form === 12) return bytes(0xe0 | (content.length >> 8), content.length & 0xff, content);
  return bytes(0xf0, little(content.length, 4), content);
}

/** An integer element. @param bits 7, 13, 16, 24, 32 or 64; the smallest that fits if not given. */
export function lpInteger(value: number | bigint, bits?: 7 | 13 | 16 | 24 | 32 | 64): Uint8Array {
  const integer = BigInt(value);
  const form = bits ?? lpBits(integer);
  if (form === 7) return bytes(Number(integer));
  if (form === 13) {
    const low = Number(BigInt.asUintN(13, integer));
    return bytes(0xc0 | (low >> 8), low & 0xff);
  }
  const code = { 16: 0xf1, 24: 0xf2, 32: 0xf3, 64: 0xf4 }[form];
  return bytes(code, little(integer, form / 8));
}

function lpBits(value: bigint): 7 | 13 | 16 | 24 | 32 | 64 {
  if (value >= 0n && value < 128n) return 7;
  for (const bits of [13, 16, 24, 32] as const) if (BigInt.asIntN(bits, value) === value) return bits;
  return 64;
}

/** An encoded element with the field behind it that says its size, to be read from its end. */
export function withBacklen(element: Uint8Array): Uint8Array {
  const size = element.length;
  const width = size <= 127 ? 1 : size < 16383 ? 2 : size < 2097151 ? 3 : size < 268435455 ? 4 : 5;
  const field: number[] = [];
  for (let i = 0, left = size; i < width; i++, left = Math.floor(left / 128)) {
    field.unshift((left & 0x7f) | (i === width - 1 ? 0 : 0x80));
  }
  const result = new Uint8Array(size + width);
  result.set(element);
  result.set(field, size);
  return result;
}

/** How a ziplist is written. */
export interface ZiplistOptions {
  /** True writes the size of the previous element in five bytes even where one is enough. */
  readonly widePrevious?: boolean;
  /** What the header says instead of the truth. */
  readonly count?: number;
  readonly tail?: number;
}

/** A ziplist. */
export function ziplist(elements: readonly Element[], options: ZiplistOptions = {}): Uint8Array {
  const parts: Uint8Array[] = [];
  let previous = 0;
  let tail = 10;
  let end = 10;
  for (const element of elements) {
    const wide = options.widePrevious === true || previous >= 254;
    const entry = bytes(wide ? [0xfe, little(previous, 4)] : previous, zlElement(element));
    parts.push(entry);
    tail = end;
    end += entry.length;
    previous = entry.length;
  }
  const count = options.count ?? Math.min(elements.length, 65535);
  return bytes(little(end + 1, 4), little(options.tail ?? tail, 4), little(count, 2), parts, 0xff);
}

function zlElement(element: Element): Uint8Array {
  if (element instanceof Uint8Array) return element;
  return typeof element === 'string' ? zlString(element) : zlInteger(element);
}

/** A string entry without the size of the previous one. @param bits width of its length: 6, 14 or 32. */
export function zlString(text: Part, bits?: 6 | 14 | 32): Uint8Array {
  const content = bytes(text);
  const form = bits ?? (content.length < 64 ? 6 : content.length < 16384 ? 14 : 32);
  if (form === 6) return bytes(content.length, content);
  if (form === 14) return bytes(0x40 | (content.length >> 8), content.length & 0xff, content);
  return bytes(0x80, big(content.length, 4), content);
}

/** An integer entry without the size of the previous one. @param bits 4 stands for the immediate form, 0 to 12. */
export function zlInteger(value: number | bigint, bits?: 4 | 8 | 16 | 24 | 32 | 64): Uint8Array {
  const integer = BigInt(value);
  const form = bits ?? zlBits(integer);
  if (form === 4) return bytes(0xf1 + Number(integer));
  const code = { 8: 0xfe, 16: 0xc0, 24: 0xf0, 32: 0xd0, 64: 0xe0 }[form];
  return bytes(code, little(integer, form / 8));
}

function zlBits(value: bigint): 4 | 8 | 16 | 24 | 32 | 64 {
  if (value >= 0n && value <= 12n) return 4;
  for (const bits of [8, 16, 24, 32] as const) if (BigInt.asIntN(bits, value) === value) return bits;
  return 64;
}

/** An intset of ascending integers. @param width bytes of an element: 2, 4 or 8. */
export function intset(values: readonly (number | bigint)[], width: number, count = values.length): Uint8Array {
  return bytes(
    little(width, 4),
    little(count, 4),
    values.map((value) => little(value, width)),
  );
}

/** A zipmap of fields and values. @param free unused bytes behind each value. */
export function zipmap(pairs: readonly (readonly [string, string])[], free = 0, count = pairs.length): Uint8Array {
  const size = (text: string) => (text.length < 254 ? text.length : [0xfe, little(text.length, 4)]);
  const unused = new Uint8Array(free).fill(0x2e);
  return bytes(
    Math.min(count, 254),
    pairs.map(([field, value]) => [size(field), field, size(value), free, value, unused]),
    0xff,
  );
}

/** Compresses with LZF: back references where the last three bytes were met before, literal runs elsewhere. */
export function lzfCompress(input: Uint8Array): Uint8Array {
  const output: number[] = [];
  const met = new Map<number, number>();
  let literals: number[] = [];
  const flush = () => {
    if (literals.length > 0) output.push(literals.length - 1, ...literals);
    literals = [];
  };
  for (let at = 0; at < input.length; ) {
    const triple = (input[at] << 16) | (input[at + 1] << 8) | input[at + 2];
    const before = at + 2 < input.length ? met.get(triple) : undefined;
    met.set(triple, at);
    if (before === undefined || at - before > 8192) {
      literals.push(input[at++]);
      if (literals.length === 32) flush();
      continue;
    }
    let size = 3;
    while (size < 264 && at + size < input.length && input[before + size] === input[at + size]) size++;
    flush();
    lzfReference(output, at - before, size);
    at += size;
  }
  flush();
  return Uint8Array.from(output);
}

/** Adds a back reference of `size` bytes, 3 to 264, to what stands `distance` bytes before, 1 to 8192. */
export function lzfReference(output: number[], distance: number, size: number): void {
  const high = (distance - 1) >> 8;
  const low = (distance - 1) & 0xff;
  if (size < 9) output.push(((size - 2) << 5) | high, low);
  else output.push(0xe0 | high, size - 9, low);
}

/** LZF of literal runs only. @param run bytes of a run, 1 to 32. */
export function lzfLiterals(input: Uint8Array, run = 32): Uint8Array {
  const parts: Part[] = [];
  for (let at = 0; at < input.length; at += run) {
    const part = input.subarray(at, at + run);
    parts.push(part.length - 1, part);
  }
  return bytes(parts);
}
