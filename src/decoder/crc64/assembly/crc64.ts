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

/** Bytes from which on it is worth to fold. */
const LONG: u32 = 16384;

/**
 * A byte makes the same of the checksum as the same byte in six other places: 1447, 1723, 2727, 2842, 7711, and 7852
 * bytes behind it. For the polynomial divides the sum of those seven powers of x; about fourteen such sums can be
 * expected below 8192 bytes, and one is found by sums of three powers that differ by 1.
 */
const REACH: u32 = 7856;
/** Bytes that are folded at once: with what they reach back to, they stay in the first cache of the processor. */
const CHUNK: u32 = 16384;
/** Behind the tables: room for what was folded, up to {@link REACH} bytes before a chunk, and the chunk. */
const FOLDED: u32 = 32768;

/**
 * Continues `crc` over `length` bytes at `start`. Of a long input all but the end is folded into what follows it, 16
 * bytes at once and without tables, at several times the speed.
 */
export function update(crc: u64, start: u32, length: u32): u64 {
  if (length < LONG) return single(crc, start, length);
  memory.fill(FOLDED, 0, REACH);
  // What the checksum is before the first bytes is the same as if they were others.
  v128.store(FOLDED + REACH, v128.xor(v128.load(start), i64x2.replace_lane(i64x2.splat(0), 0, crc)));
  let at = start + 16;
  let done: u32 = 16;
  const end = start + ((length & ~15) - REACH);
  while (at < end) {
    const count = min(CHUNK - done, end - at);
    fold(at, FOLDED + done, FOLDED + REACH + done, count);
    at += count;
    memory.copy(FOLDED, FOLDED + done + count, REACH);
    done = 0;
  }
  // The end is not folded any more: behind it there is nothing.
  memory.fill(FOLDED + REACH, 0, REACH);
  fold(at, FOLDED, FOLDED + 2 * REACH, REACH);
  at += REACH;
  return single(single(0, FOLDED + 2 * REACH, REACH), at, start + length - at);
}

/** Adds to bytes what was folded into them. @param before where the bytes are that stand {@link REACH} bytes before. */
function fold(from: u32, before: u32, to: u32, count: u32): void {
  const end = from + count;
  while (from < end) {
    let sum = v128.load(from);
    sum = v128.xor(sum, v128.load(before, REACH - 1447));
    sum = v128.xor(sum, v128.load(before, REACH - 1723));
    sum = v128.xor(sum, v128.load(before, REACH - 2727));
    sum = v128.xor(sum, v128.load(before, REACH - 2842));
    sum = v128.xor(sum, v128.load(before, REACH - 7711));
    sum = v128.xor(sum, v128.load(before, REACH - 7852));
    v128.store(to, sum);
    from += 16;
    before += 16;
    to += 16;
  }
}

/** Continues `crc` over bytes one after the other, 16 bytes a step. */
function single(crc: u64, start: u32, length: u32): u64 {
  let at = start;
  const end = start + length;
  const wide = start + (length & ~15);
  while (at < wide) {
    const b = load<u64>(at, 8);
    let next = load<u64>(<u32>(b << 3) & 0x7f8, 7 * 2048);
    next ^= load<u64>(<u32>(b >> 5) & 0x7f8, 6 * 2048);
    next ^= load<u64>(<u32>(b >> 13) & 0x7f8, 5 * 2048);
    next ^= load<u64>(<u32>(b >> 21) & 0x7f8, 4 * 2048);
    next ^= load<u64>(<u32>(b >> 29) & 0x7f8, 3 * 2048);
    next ^= load<u64>(<u32>(b >> 37) & 0x7f8, 2 * 2048);
    next ^= load<u64>(<u32>(b >> 45) & 0x7f8, 2048);
    next ^= load<u64>(<u32>(b >> 53) & 0x7f8);
    const a = load<u64>(at) ^ crc;
    next ^= load<u64>(<u32>(a << 3) & 0x7f8, 15 * 2048);
    next ^= load<u64>(<u32>(a >> 5) & 0x7f8, 14 * 2048);
    next ^= load<u64>(<u32>(a >> 13) & 0x7f8, 13 * 2048);
    next ^= load<u64>(<u32>(a >> 21) & 0x7f8, 12 * 2048);
    next ^= load<u64>(<u32>(a >> 29) & 0x7f8, 11 * 2048);
    next ^= load<u64>(<u32>(a >> 37) & 0x7f8, 10 * 2048);
    next ^= load<u64>(<u32>(a >> 45) & 0x7f8, 9 * 2048);
    next ^= load<u64>(<u32>(a >> 53) & 0x7f8, 8 * 2048);
    crc = next;
    at += 16;
  }
  while (at < end) {
    crc = load<u64>((<u32>(crc ^ load<u8>(at)) & 0xff) << 3) ^ (crc >> 8);
    at++;
  }
  return crc;
}
