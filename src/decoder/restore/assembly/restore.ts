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

export { scan } from './keys';

/** Of the module of the checksum, whose memory is that of this one: writes the checksum of bytes behind them. */
// @ts-ignore: decorator
@external("crc64", "append")
declare function append(start: u32, end: u32): void;

/** Seven digits of a time are written by themselves: a division of 64 bits is slow. */
const LOW_DIGITS: f64 = 10000000;
const MOST_EXACT: f64 = 9007199254740991;
const CR_LF: u16 = 0x0a0d;
const DOLLAR: u8 = 0x24;

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
    const typeAt = WINDOW + <u32>start;
    const end = WINDOW + <u32>stop;
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
    at = expires ? time(at, ttl) : text(at, TEXT_NO_TTL);
    store<u8>(at++, DOLLAR);
    at = line(at, 11 + end - value);
    const payload = at;
    store<u8>(at++, <u8>type);
    copy(at, value, end - value);
    at += end - value;
    store<u16>(at, version);
    at += 2;
    append(payload, at);
    at = endOfLine(at + 8);
    if (absolute) at = text(at, TEXT_ABSTTL);
    if (replaces) at = text(at, TEXT_REPLACE);
    if (idle >= 0) at = small(text(at, TEXT_IDLETIME), <u32>idle);
    else if (freq >= 0) at = small(text(at, TEXT_FREQ), freq);
  }
  store<u32>(WRITTEN, at);
  return row;
}

/** Copies one of the texts. */
function text(to: u32, place: u32): u32 {
  const from = TEXTS + (place << 5);
  store<u64>(to, load<u64>(from));
  store<u64>(to, load<u64>(from, 8), 8);
  store<u64>(to, load<u64>(from, 16), 16);
  return to + load<u8>(from, 31);
}

/** Copies bytes eight at a time: what it writes too much is written over. */
function copy(to: u32, from: u32, length: u32): void {
  if (length > 256) {
    memory.copy(to, from, length);
    return;
  }
  for (let at: u32 = 0; at < length; at += 8) store<u64>(to + at, load<u64>(from + at));
}

function endOfLine(to: u32): u32 {
  store<u16>(to, CR_LF);
  return to + 2;
}

/** A number with the end of its line. */
function line(to: u32, value: u32): u32 {
  return endOfLine(digits(to, value, width(value)));
}

/** A string whose dollar sign is there, with its length. */
function string(to: u32, from: u32, length: u32): u32 {
  const at = line(to, length);
  copy(at, from, length);
  return endOfLine(at + length);
}

/** A number as a string. */
function small(to: u32, value: u32): u32 {
  const count = width(value);
  store<u8>(to, DOLLAR);
  return endOfLine(digits(line(to + 1, count), value, count));
}

/** A whole number from 1 to 2^53 as a string. */
function time(to: u32, value: f64): u32 {
  const high = <u32>(value / LOW_DIGITS);
  const low = <u32>(value - <f64>high * LOW_DIGITS);
  if (high == 0) return small(to, low);
  const count = width(high);
  store<u8>(to, DOLLAR);
  return endOfLine(digits(digits(line(to + 1, count + 7), high, count), low, 7));
}

/** Digits of a number. */
function width(value: u32): u32 {
  let count: u32 = 1;
  for (let limit: u32 = 10; count < 10 && value >= limit; limit *= 10) count++;
  return count;
}

/** Writes so many digits of a number. */
function digits(to: u32, value: u32, count: u32): u32 {
  let left = value;
  for (let at = to + count; at > to; ) {
    const rest = left / 10;
    store<u8>(--at, <u8>(0x30 + left - rest * 10));
    left = rest;
  }
  return to + count;
}
