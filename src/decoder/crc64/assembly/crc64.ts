/// <reference types="assemblyscript/std/assembly" />
// The CRC-64 of RDB files in WebAssembly: the only loop that runs over every byte of a file, so it is worth it.
// Written in AssemblyScript; the build compiles it and puts the bytes into the module 'wasm:decoder/crc64'.

const POLYNOMIAL: u64 = 0x95ac9329ac4bc9b5;

/** Fills the 16 tables of 256 entries at address 0: table k gives the effect of a byte with k bytes after it. */
export function init(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let crc: u64 = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ POLYNOMIAL : crc >> 1;
    store<u64>(byte << 3, crc);
  }
  for (let at: u32 = 256; at < 16 * 256; at++) {
    const before = load<u64>((at - 256) << 3);
    store<u64>(at << 3, load<u64>((<u32>before & 0xff) << 3) ^ (before >> 8));
  }
}

/** Bytes from which on it is worth to compute stretches side by side. */
const LONG: u32 = 16384;

/**
 * Continues `crc` over `length` bytes at `start`. A long input is four stretches, whose steps do not wait for each
 * other; their checksums are joined.
 */
export function update(crc: u64, start: u32, length: u32): u64 {
  if (length < LONG) return single(crc, start, length);
  const stretch = (length >> 2) & ~7;
  let a = crc;
  let b: u64 = 0;
  let c: u64 = 0;
  let d: u64 = 0;
  const end = start + stretch;
  for (let at = start; at < end; at += 8) {
    a = step(a ^ load<u64>(at));
    b = step(b ^ load<u64>(at + stretch));
    c = step(c ^ load<u64>(at + 2 * stretch));
    d = step(d ^ load<u64>(at + 3 * stretch));
  }
  if (stretch !== joined) {
    joined = stretch;
    power = powerOfX(stretch);
  }
  const all = multiply(power, multiply(power, multiply(power, a) ^ b) ^ c) ^ d;
  return single(all, start + 4 * stretch, length - 4 * stretch);
}

/** What eight bytes make of a checksum. */
// @ts-ignore: decorator
@inline
function step(word: u64): u64 {
  return (
    load<u64>((<u32>word & 0xff) << 3, 7 * 2048) ^
    load<u64>((<u32>(word >> 8) & 0xff) << 3, 6 * 2048) ^
    load<u64>((<u32>(word >> 16) & 0xff) << 3, 5 * 2048) ^
    load<u64>((<u32>(word >> 24) & 0xff) << 3, 4 * 2048) ^
    load<u64>((<u32>(word >> 32) & 0xff) << 3, 3 * 2048) ^
    load<u64>((<u32>(word >> 40) & 0xff) << 3, 2 * 2048) ^
    load<u64>((<u32>(word >> 48) & 0xff) << 3, 2048) ^
    load<u64>(<u32>(word >> 56) << 3)
  );
}

/** The stretch for which {@link power} is known. */
let joined: u32 = 0;
let power: u64 = 0;

/** x to the power of 8 times `bytes`, modulo the polynomial: what so many zero bytes make of a checksum. */
function powerOfX(bytes: u32): u64 {
  let result: u64 = (<u64>1) << 63;
  let square: u64 = (<u64>1) << 55;
  for (let left = bytes; left > 0; left >>= 1) {
    if (left & 1) result = multiply(square, result);
    square = multiply(square, square);
  }
  return result;
}

/** Product of two polynomials modulo that of the checksum, in its order of bits. */
function multiply(a: u64, b: u64): u64 {
  let product: u64 = 0;
  let shifted = b;
  for (let bits = a; bits !== 0; bits <<= 1) {
    if (<i64>bits < 0) product ^= shifted;
    shifted = shifted & 1 ? (shifted >> 1) ^ POLYNOMIAL : shifted >> 1;
  }
  return product;
}

/** Continues `crc` over bytes one after the other, 16 bytes a step. */
function single(crc: u64, start: u32, length: u32): u64 {
  let at = start;
  const end = start + length;
  const wide = start + (length & ~15);
  while (at < wide) {
    const a = load<u64>(at) ^ crc;
    const b = load<u64>(at, 8);
    crc =
      load<u64>((<u32>a & 0xff) << 3, 15 * 2048) ^
      load<u64>((<u32>(a >> 8) & 0xff) << 3, 14 * 2048) ^
      load<u64>((<u32>(a >> 16) & 0xff) << 3, 13 * 2048) ^
      load<u64>((<u32>(a >> 24) & 0xff) << 3, 12 * 2048) ^
      load<u64>((<u32>(a >> 32) & 0xff) << 3, 11 * 2048) ^
      load<u64>((<u32>(a >> 40) & 0xff) << 3, 10 * 2048) ^
      load<u64>((<u32>(a >> 48) & 0xff) << 3, 9 * 2048) ^
      load<u64>((<u32>(a >> 56)) << 3, 8 * 2048) ^
      load<u64>((<u32>b & 0xff) << 3, 7 * 2048) ^
      load<u64>((<u32>(b >> 8) & 0xff) << 3, 6 * 2048) ^
      load<u64>((<u32>(b >> 16) & 0xff) << 3, 5 * 2048) ^
      load<u64>((<u32>(b >> 24) & 0xff) << 3, 4 * 2048) ^
      load<u64>((<u32>(b >> 32) & 0xff) << 3, 3 * 2048) ^
      load<u64>((<u32>(b >> 40) & 0xff) << 3, 2 * 2048) ^
      load<u64>((<u32>(b >> 48) & 0xff) << 3, 2048) ^
      load<u64>((<u32>(b >> 56)) << 3);
    at += 16;
  }
  while (at < end) {
    crc = load<u64>((<u32>(crc ^ load<u8>(at)) & 0xff) << 3) ^ (crc >> 8);
    at++;
  }
  return crc;
}

/** Writes the checksum of the bytes from `start` to `end` behind them. */
export function append(start: u32, end: u32): void {
  store<u64>(end, single(0, start, end - start));
}
