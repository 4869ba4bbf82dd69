/** Writes module values part by part, and reads them back with the decoder. */
import assert from 'node:assert/strict';
import { Cursor } from '../../../../src/decoder/cursor.js';
import { DecodeError } from '../../../../src/decoder/errors.js';
import { ItemReader } from '../../../../src/decoder/rdb/modules/items.js';
import { moduleType } from '../../../../src/decoder/rdb/modules/module-types.js';
import type { ModuleView } from '../../../../src/decoder/rdb/modules/view.js';
import { MemorySource } from '../../../../src/decoder/source.js';

/** Bytes one after the other. */
export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return joinAll(parts);
}

/** As {@link join}, for so many that they cannot be arguments. */
export function joinAll(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** A number in the shortest length encoding. */
export function length(value: number | bigint): Uint8Array {
  const number = BigInt.asUintN(64, BigInt(value));
  if (number < 64n) return Uint8Array.of(Number(number));
  if (number < 16384n) return Uint8Array.of(0x40 | Number(number >> 8n), Number(number & 255n));
  const wide = number >= 1n << 32n;
  const bytes = new Uint8Array(wide ? 9 : 5);
  const view = new DataView(bytes.buffer);
  bytes[0] = wide ? 0x81 : 0x80;
  if (wide) view.setBigUint64(1, number);
  else view.setUint32(1, Number(number));
  return bytes;
}

/** A part that is an unsigned number; a negative one is written as its two's complement, as servers do. */
export function uint(value: number | bigint): Uint8Array {
  return join(Uint8Array.of(2), length(value));
}

/** A part that is a double. */
export function double(value: number): Uint8Array {
  const bytes = new Uint8Array(9);
  bytes[0] = 4;
  new DataView(bytes.buffer).setFloat64(1, value, true);
  return bytes;
}

/** A part that is a string. */
export function string(value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === 'string' ? utf8(value) : value;
  return join(Uint8Array.of(5), length(bytes.length), bytes);
}

/** A part that is a compressed string: one byte, repeated. @param count at least 2. */
export function run(byte: number, count: number): Uint8Array {
  const compressed: number[] = [0, byte];
  let left = count - 1;
  // References to the byte before, for 3 to 264 bytes each; what is left over is written out.
  for (; left >= 264; left -= 264) compressed.push(0xe0, 264 - 9, 0);
  for (; left > 0; left--) compressed.push(0, byte);
  return join(Uint8Array.of(5, 0xc3), length(compressed.length), length(count), Uint8Array.from(compressed));
}

/** A part that is a compressed string without any reference: every 32 bytes are written out. */
export function literal(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 32) {
    const piece = bytes.subarray(at, at + 32);
    pieces.push(Uint8Array.of(piece.length - 1), piece);
  }
  const compressed = joinAll(pieces);
  return join(Uint8Array.of(5, 0xc3), length(compressed.length), length(bytes.length), compressed);
}

/** A string with a NUL behind it. */
export function withNul(value: string): Uint8Array {
  return string(`${value}\0`);
}

/** The end of a value. */
export const END = Uint8Array.of(0);

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A reader over the parts of a value; the source ends where they end. */
export function readerOf(name: string, version: number, bytes: Uint8Array): ItemReader {
  return new ItemReader(new Cursor(new MemorySource(bytes)), { name, version });
}

/** The meaning of a value. */
export function viewOf(name: string, version: number, bytes: Uint8Array): ModuleView | undefined {
  return moduleType(name)?.view(readerOf(name, version, bytes));
}

/** Takes everything out of a view, so that all of it is read. */
export function drain(view: ModuleView | undefined): void {
  if (view?.kind === 'timeseries') walk(view.samples.walk());
  if (view?.kind === 'vectorset') walk(view.elements.walk());
}

function walk(walker: { next(): unknown }): void {
  while (walker.next() !== undefined);
}

/** Whatever is cut off a value, or made of it, is met as a {@link DecodeError} and as nothing else. */
export function onlyDecodeErrors(read: () => void, title: string): void {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof DecodeError, `${title}: ${error}`);
    assert.ok(!error.message.includes('{'), `${title}: a placeholder is not filled: ${error.message}`);
  }
}

/** Cuts a value at every byte: each part must be refused with a {@link DecodeError}. */
export function refusesEveryCut(name: string, version: number, bytes: Uint8Array): void {
  drain(viewOf(name, version, bytes));
  for (let end = 0; end < bytes.length; end++) {
    const part = bytes.slice(0, end);
    assert.throws(() => drain(viewOf(name, version, part)), DecodeError, `cut at ${end} of ${bytes.length}`);
  }
}

/** Changes every byte of a value in a few ways: each result is read, or refused with a {@link DecodeError}. */
export function survivesEveryChange(name: string, version: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at++) {
    for (const flip of [0x01, 0x80, 0xff]) {
      const changed = bytes.slice();
      changed[at] ^= flip;
      onlyDecodeErrors(() => drain(viewOf(name, version, changed)), `byte ${at} ^ ${flip}`);
    }
  }
}

/** Throws unless a value is refused with a message that matches. */
export function refuses(name: string, version: number, bytes: Uint8Array, message: RegExp): void {
  assert.throws(
    () => drain(viewOf(name, version, bytes)),
    (error) => error instanceof DecodeError && message.test(error.message),
  );
}
