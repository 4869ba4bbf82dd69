/// <reference types="assemblyscript/std/assembly" />
// Writes RESTORE commands for keys of an RDB in WebAssembly: hundreds of keys a call, from the bytes of the file to the
// bytes for the server, so that nothing is made for a single key. Written in AssemblyScript, as the checksum is.
import {
  ENDS,
  EXPIRIES,
  FORM_MODERN,
  FORM_REPLACE,
  FREQUENCIES,
  IDLE_TIMES,
  TEXT_ABSTTL,
  TEXT_FREQ,
  TEXT_IDLETIME,
  TEXT_NO_TTL,
  TEXT_REPLACE,
  TEXT_RESTORE,
  TEXTS,
  TYPE_OFFSETS,
  VERSIONS,
  WHOLE_KEY,
  WINDOW,
  WRITTEN,
} from '../layout';

export { plainReplies } from './replies';
export { scan } from './keys';

const MOST_EXACT: f64 = 9007199254740991;
const CR_LF: u16 = 0x0a0d;
const DOLLAR: u8 = 0x24;
/** Eight zeros. */
const DIGITS: u64 = 0x3030303030303030;

/**
 * Writes the commands for rows until `limit` is reached, or a row comes that this cannot do: one whose bytes are not all
 * in the window, whose time is over, or whose payload would not be just the bytes of the file.
 *
 * @param base offset in the file of the first byte of the window, and how many there are.
 * @param now rows with an expiry up to here are over. @param less is taken from times, where the server takes none.
 * @param out where the first command goes. A command is begun only before `limit`.
 * @returns the first row that was not written; WRITTEN has the end of the last command.
 */
export function run(
  from: u32,
  to: u32,
  base: f64,
  filled: u32,
  now: f64,
  less: f64,
  forms: u32,
  out: u32,
  limit: u32,
): u32 {
  const modern = (forms & FORM_MODERN) != 0;
  const replaces = (forms & FORM_REPLACE) != 0;
  let at = out;
  let row = from;
  for (; row < to && at < limit; row++) {
    const start = load<f64>(TYPE_OFFSETS + (row << 3)) - base;
    const stop = load<f64>(ENDS + (row << 3)) - base;
    if (!(start >= 0 && stop <= <f64>filled && stop - start <= <f64>WHOLE_KEY)) break;
    const typeAt = WINDOW + whole(start);
    const end = WINDOW + whole(stop);
    const type: u32 = load<u8>(typeAt);
    const version = load<u16>(VERSIONS + (type << 1));
    if (version == 0) break;
    const expiry = load<f64>(EXPIRIES + (row << 3));
    const expires = expiry == expiry;
    if (expires && !(expiry > now && expiry <= MOST_EXACT)) break;
    let name = typeAt + 2;
    let nameLength: u32 = load<u8>(typeAt + 1);
    if (nameLength >= 0x40) {
      if (nameLength >= 0x80) break;
      nameLength = ((nameLength & 0x3f) << 8) | load<u8>(name++);
    }
    const value = name + nameLength;
    if (value >= end) break;
    let idle: f64 = -1;
    let freq: i32 = -1;
    if (modern) {
      idle = load<f64>(IDLE_TIMES + (row << 3));
      freq = load<i16>(FREQUENCIES + (row << 1));
      if (idle > 4294967295) break;
    }
    const ttl = expires ? expiry - less : 0;
    const absolute = expires && modern;
    at = text(at, TEXT_RESTORE + (absolute ? 1 : 0) + (replaces ? 1 : 0) + (idle >= 0 || freq >= 0 ? 2 : 0));
    at = string(at, name, nameLength);
    at = expires ? number(at, <u64>ttl) : text(at, TEXT_NO_TTL);
    store<u8>(at++, DOLLAR);
    at = line(at, 11 + end - value);
    store<u8>(at++, <u8>type);
    copy(at, value, end - value);
    at += end - value;
    store<u16>(at, version);
    store<u64>(at, checksum(type, value, end, version), 2);
    at = endOfLine(at + 10);
    if (absolute) at = text(at, TEXT_ABSTTL);
    if (replaces) at = text(at, TEXT_REPLACE);
    if (idle >= 0) at = number(text(at, TEXT_IDLETIME), <u64>idle);
    else if (freq >= 0) at = number(text(at, TEXT_FREQ), freq);
  }
  store<u32>(WRITTEN, at);
  return row;
}

/** A whole number that is not negative, and not large: it is in the low bits once the place of the point is known. */
// @ts-ignore: decorator
@inline
function whole(value: f64): u32 {
  return <u32>reinterpret<u64>(value + 4503599627370496);
}

/** Copies one of the texts: the byte of its length is written over. */
function text(to: u32, place: u32): u32 {
  const from = TEXTS + (place << 5);
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  return to + load<u8>(from, 31);
}

/** Copies bytes 16 at a time: what it writes too much is written over. */
function copy(to: u32, from: u32, length: u32): void {
  if (length > 512) memory.copy(to, from, length);
  else for (let at: u32 = 0; at < length; at += 16) v128.store(to + at, v128.load(from + at));
}

function endOfLine(to: u32): u32 {
  store<u16>(to, CR_LF);
  return to + 2;
}

/** A number with the end of its line. */
function line(to: u32, value: u32): u32 {
  return endOfLine(digits(to, value));
}

/** A string whose dollar sign is there, with its length. */
function string(to: u32, from: u32, length: u32): u32 {
  const at = line(to, length);
  copy(at, from, length);
  return endOfLine(at + length);
}

/** A number up to 2^53 as a string. */
function number(to: u32, value: u64): u32 {
  const high = value / 100000000;
  const at = to + (value < 1000000000 ? 4 : 5);
  let end = digits(at, <u32>(high ? high : value));
  if (high) {
    store<u64>(end, split(<u32>(value - high * 100000000)) | DIGITS);
    end += 8;
  }
  // Digits are written eight at a time, so that what stands before them comes after.
  const count = end - at;
  store<u8>(to, DOLLAR);
  store<u16>(to, <u16>(count < 10 ? 0x30 + count : 0x2631 + (count << 8)), 1);
  endOfLine(at - 2);
  return endOfLine(end);
}

/** The digits of a number below 10^8. */
function digits(to: u32, value: u32): u32 {
  const all = split(value);
  const zeros = <u32>ctz(all | ((<u64>1) << 56)) & 56;
  store<u64>(to, (all | DIGITS) >> zeros);
  return to + 8 - (zeros >> 3);
}

/** Makes a byte of each of eight digits: divides fours, pairs and digits side by side. */
function split(value: u32): u64 {
  const high: u64 = value / 10000;
  const fours = high | ((<u64>value - high * 10000) << 32);
  const hundreds = ((fours * 10486) >> 20) & 0x7f0000007f;
  const pairs = hundreds | ((fours - hundreds * 100) << 16);
  const tens = ((pairs * 103) >> 10) & 0xf000f000f000f;
  return tens | ((pairs - tens * 10) << 8);
}

/**
 * The checksum of a payload: of a type byte, the bytes of a value, and a version. The tables are those of its module.
 * Zeros before the first byte change nothing: with them, all steps but that of the version are of 16 bytes.
 */
function checksum(type: u32, value: u32, end: u32, version: u64): u64 {
  const length = end - value;
  const first = ((load<u64>(value) << 8) | type) << (56 - ((length & 7) << 3));
  let at = value + (length & 7);
  const odd = length & 8;
  let high: u64 = odd ? first : 0;
  let low = odd ? load<u64>(at) : first;
  at += odd;
  let crc: u64;
  while (true) {
    crc = load<u64>(<u32>(low << 3) & 0x7f8, 7 * 2048);
    crc ^= load<u64>(<u32>(low >> 5) & 0x7f8, 6 * 2048);
    crc ^= load<u64>(<u32>(low >> 13) & 0x7f8, 5 * 2048);
    crc ^= load<u64>(<u32>(low >> 21) & 0x7f8, 4 * 2048);
    crc ^= load<u64>(<u32>(low >> 29) & 0x7f8, 3 * 2048);
    crc ^= load<u64>(<u32>(low >> 37) & 0x7f8, 2 * 2048);
    crc ^= load<u64>(<u32>(low >> 45) & 0x7f8, 2048);
    crc ^= load<u64>(<u32>(low >> 53) & 0x7f8);
    crc ^= load<u64>(<u32>(high << 3) & 0x7f8, 15 * 2048);
    crc ^= load<u64>(<u32>(high >> 5) & 0x7f8, 14 * 2048);
    crc ^= load<u64>(<u32>(high >> 13) & 0x7f8, 13 * 2048);
    crc ^= load<u64>(<u32>(high >> 21) & 0x7f8, 12 * 2048);
    crc ^= load<u64>(<u32>(high >> 29) & 0x7f8, 11 * 2048);
    crc ^= load<u64>(<u32>(high >> 37) & 0x7f8, 10 * 2048);
    crc ^= load<u64>(<u32>(high >> 45) & 0x7f8, 9 * 2048);
    crc ^= load<u64>(<u32>(high >> 53) & 0x7f8, 8 * 2048);
    if (at >= end) break;
    high = load<u64>(at) ^ crc;
    low = load<u64>(at, 8);
    at += 16;
  }
  crc ^= version;
  return load<u64>(<u32>(crc << 3) & 0x7f8, 2048) ^ load<u64>(<u32>(crc >> 5) & 0x7f8) ^ (crc >> 16);
}
