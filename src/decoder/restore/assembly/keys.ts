/// <reference types="assemblyscript/std/assembly" />
// Finds keys in the bytes of an RDB, in WebAssembly: those that stand in the plainest way, as nearly all do.
import {
  ENDS,
  EXPIRIES,
  FOUND,
  FREQUENCIES,
  IDLE_TIMES,
  OFFSETS,
  ROWS,
  TYPE_OFFSETS,
  TYPES,
  VALUE_NODES,
  VALUE_PAIRS,
  VALUE_SCORED,
  VALUE_STREAM,
  VALUE_STRING,
  VALUES,
  WINDOW,
} from '../layout';

const OP_EXPIRETIME_MS: u32 = 0xfc;
const OP_IDLE: u32 = 0xf8;
const OP_FREQ: u32 = 0xf9;
/** Bytes that are at hand where a key is begun: enough for all that can stand before its name. */
const MARGIN: u32 = 24;
/** High half of the times from 2004 to 2286: others may be in another order of bytes. */
const EARLIEST_HIGH: u32 = 250;
const LATEST_HIGH: u32 = 2327;
/** The most output that a byte of LZF can stand for. */
const MOST_EXPANSION: u32 = 88;

/** In the place of an address: what stands there is not plain. */
const NOT_PLAIN: u32 = 0;

/**
 * Finds keys from `start` to `end` in the window, and fills the columns. It ends before a key that is not plain, or not
 * whole: then the third number at FOUND is not 0.
 *
 * @param base offset in the file of the first byte of the window.
 * @returns the place of the first byte that was not taken.
 */
export function scan(start: u32, end: u32, base: f64): u32 {
  let begin: u32 = WINDOW + start;
  const limit: u32 = WINDOW + end;
  let row: i32 = 0;
  let expiring: u32 = 0;
  let goesOn: u32 = 0;
  for (; row < ROWS && begin < limit; row++) {
    goesOn = begin + MARGIN > limit ? 1 : 0;
    if (goesOn) break;
    let at = begin;
    let byte: u32 = load<u8>(at++);
    let expiry: f64 = NaN;
    let idle: f64 = -1;
    let freq: i32 = -1;
    if (byte == OP_EXPIRETIME_MS) {
      const high = load<u32>(at, 4);
      if (high < EARLIEST_HIGH || high > LATEST_HIGH) break;
      expiry = <f64>load<i64>(at);
      at += 8;
      byte = load<u8>(at++);
    }
    if (byte == OP_IDLE) {
      const first: u32 = load<u8>(at);
      if (first == 0x80) {
        idle = <f64>bswap(load<u32>(at, 1));
        at += 5;
      } else {
        if (first >= 0x80) break;
        idle = <f64>length(at, first);
        at = behind(at, first);
      }
      byte = load<u8>(at++);
    } else if (byte == OP_FREQ) {
      freq = load<u8>(at++);
      byte = load<u8>(at++);
    }
    const typeAt = at - 1;
    const value: u32 = load<u8>(VALUES + byte);
    if (value == 0) break;
    const named: u32 = load<u8>(at);
    if (named >= 0x80) break;
    at = behind(at, named) + length(at, named);
    const stream = value >= <u32>VALUE_STREAM;
    let turns: u32 = 1;
    if (value != VALUE_STRING && at < limit) {
      const first: u32 = load<u8>(at);
      if (first >= 0x80) break;
      turns = length(at, first);
      if (value == VALUE_PAIRS || stream) turns <<= 1;
      at = behind(at, first);
    }
    for (; turns > 0 && at < limit; turns--) {
      if (value == VALUE_NODES) {
        const container: u32 = load<u8>(at++);
        if (container != 1 && container != 2) {
          at = NOT_PLAIN;
          break;
        }
      }
      const first: u32 = load<u8>(at);
      at = first < 0x40 ? at + first + 1 : skip(at, first);
      if (at == NOT_PLAIN) break;
      if (value == VALUE_SCORED) at += 8;
    }
    if (at == NOT_PLAIN) break;
    if (stream) {
      let numbers = value - VALUE_STREAM;
      for (; numbers > 0 && at < limit; numbers--) {
        const first: u32 = load<u8>(at);
        if (first > 0x81) break;
        at = first < 0x80 ? behind(at, first) : at + (first == 0x80 ? 5 : 9);
      }
      // Groups are passed over elsewhere.
      if (at < limit && (numbers > 0 || load<u8>(at) != 0)) break;
      at++;
    }
    goesOn = at > limit || turns > 0 ? 1 : 0;
    if (goesOn) break;
    store<f64>(OFFSETS + (row << 3), base + <f64>(begin - WINDOW));
    store<f64>(TYPE_OFFSETS + (row << 3), base + <f64>(typeAt - WINDOW));
    store<f64>(ENDS + (row << 3), base + <f64>(at - WINDOW));
    store<f64>(EXPIRIES + (row << 3), expiry);
    store<f64>(IDLE_TIMES + (row << 3), idle);
    store<i16>(FREQUENCIES + (row << 1), <i16>freq);
    store<u8>(TYPES + row, <u8>byte);
    if (expiry == expiry) expiring++;
    begin = at;
  }
  store<u32>(FOUND, row);
  store<u32>(FOUND, expiring, 4);
  store<u32>(FOUND, goesOn, 8);
  return begin - WINDOW;
}

/** A length of up to 14 bits, whose first byte is below 0x80. */
// @ts-ignore: decorator
@inline
function length(at: u32, first: u32): u32 {
  return first < 0x40 ? first : ((first & 0x3f) << 8) | load<u8>(at, 1);
}

/** Where such a length ends. */
// @ts-ignore: decorator
@inline
function behind(at: u32, first: u32): u32 {
  return at + 1 + (first >> 6);
}

/** Passes over a string whose first byte is not below 0x40. @returns where it ends, or NOT_PLAIN. */
function skip(at: u32, first: u32): u32 {
  if (first < 0x80) return at + 2 + length(at, first);
  if (first < 0xc0 || first > 0xc3) return NOT_PLAIN;
  if (first < 0xc3) return at + 1 + (1 << (first - 0xc0));
  const stored: u32 = load<u8>(at, 1);
  if (stored >= 0x80) return NOT_PLAIN;
  const size = length(at + 1, stored);
  const wholeAt = behind(at + 1, stored);
  const whole: u32 = load<u8>(wholeAt);
  if (whole >= 0x80 || length(wholeAt, whole) > size * MOST_EXPANSION) return NOT_PLAIN;
  return behind(wholeAt, whole) + size;
}
