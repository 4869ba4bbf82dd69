/** CRC-64 "Jones", the checksum of RDB files and DUMP payloads (reflected, initial value 0, no final inversion). */

const POLYNOMIAL = 0x95ac9329ac4bc9b5n;

/** The eight tables for eight bytes a step, as low and high halves: entry `k * 256 + byte`. */
const LOW = new Uint32Array(8 * 256);
const HIGH = new Uint32Array(8 * 256);

for (let byte = 0; byte < 256; byte++) {
  let crc = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n;
  LOW[byte] = Number(crc & 0xffffffffn);
  HIGH[byte] = Number(crc >> 32n);
}
for (let at = 256; at < 8 * 256; at++) {
  const low = LOW[at - 256];
  const high = HIGH[at - 256];
  LOW[at] = LOW[low & 0xff] ^ ((low >>> 8) | (high << 24));
  HIGH[at] = HIGH[low & 0xff] ^ (high >>> 8);
}

/** What {@link advance} gave: two halves instead of a bigint, which would be made for every payload. */
let low = 0;
let high = 0;

/** Continues the checksum in `low` and `high` over the bytes from `start` to `end`. */
function advance(bytes: Uint8Array, start: number, end: number): void {
  let l = low;
  let h = high;
  let at = start;
  for (const wide = end - 7; at < wide; at += 8) {
    const a = l ^ (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
    const b = h ^ (bytes[at + 4] | (bytes[at + 5] << 8) | (bytes[at + 6] << 16) | (bytes[at + 7] << 24));
    const i0 = 0x700 | (a & 0xff);
    const i1 = 0x600 | ((a >>> 8) & 0xff);
    const i2 = 0x500 | ((a >>> 16) & 0xff);
    const i3 = 0x400 | (a >>> 24);
    const i4 = 0x300 | (b & 0xff);
    const i5 = 0x200 | ((b >>> 8) & 0xff);
    const i6 = 0x100 | ((b >>> 16) & 0xff);
    const i7 = b >>> 24;
    l = LOW[i0] ^ LOW[i1] ^ LOW[i2] ^ LOW[i3] ^ LOW[i4] ^ LOW[i5] ^ LOW[i6] ^ LOW[i7];
    h = HIGH[i0] ^ HIGH[i1] ^ HIGH[i2] ^ HIGH[i3] ^ HIGH[i4] ^ HIGH[i5] ^ HIGH[i6] ^ HIGH[i7];
  }
  for (; at < end; at++) {
    const index = (l ^ bytes[at]) & 0xff;
    l = LOW[index] ^ ((l >>> 8) | (h << 24));
    h = HIGH[index] ^ (h >>> 8);
  }
  low = l;
  high = h;
}

/**
 * Continues a checksum in plain JavaScript; for short input such as DUMP payloads, and where WebAssembly is not allowed.
 *
 * @param crc the checksum so far, 0 at the start; unsigned 64-bit.
 * @returns the checksum including the bytes from `start` to `end`.
 */
export function crc64(crc: bigint, bytes: Uint8Array, start = 0, end = bytes.length): bigint {
  low = Number(crc & 0xffffffffn);
  high = Number(crc >> 32n);
  advance(bytes, start, end);
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

/** Writes the checksum of the bytes from `start` to `end` behind them, as eight bytes, the lowest first. */
export function appendCrc64(bytes: Uint8Array, start: number, end: number): void {
  low = 0;
  high = 0;
  advance(bytes, start, end);
  for (let i = 0; i < 4; i++) {
    bytes[end + i] = low >>> (8 * i);
    bytes[end + 4 + i] = high >>> (8 * i);
  }
}

/**
 * Joins the checksums of neighbouring stretches, so that they can be computed in any order and on several threads.
 *
 * @param first checksum of the first stretch.
 * @param second checksum of the second stretch, computed from 0.
 * @param secondLength bytes in the second stretch.
 */
export function crc64Combine(first: bigint, second: bigint, secondLength: number): bigint {
  if (secondLength !== lastLength) {
    lastPower = powerOfX(secondLength);
    lastLength = secondLength;
  }
  return multiply(lastPower, first) ^ second;
}

/** Nearly all stretches are of the same length. */
let lastLength = 0;
let lastPower = 0n;

/** The polynomial 1 in the reflected order of this checksum: its top bit. */
const ONE = 1n << 63n;

/** x to the power of 8 × `bytes`, modulo the polynomial: what `bytes` zero bytes do to a checksum. */
function powerOfX(bytes: number): bigint {
  let result = ONE;
  let square = 1n << 55n;
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(square, result);
    square = multiply(square, square);
  }
  return result;
}

/** Product of two polynomials over GF(2), modulo the checksum's polynomial, both in reflected order. */
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = 63n; bit >= 0n; bit--) {
    if ((a >> bit) & 1n) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ POLYNOMIAL : shifted >> 1n;
  }
  return product;
}

/** A checksum as messages show it: 16 hexadecimal digits. */
export function crc64Name(crc: bigint): string {
  return crc.toString(16).padStart(16, '0');
}
