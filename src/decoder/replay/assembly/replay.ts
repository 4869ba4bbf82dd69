/// <reference types="assemblyscript/std/assembly" />
// Reads the commands of an AOF, and the replies of a server, in WebAssembly: those that are written in the plainest way,
// as nearly all are. It is as fast with the first command as with the last, which JavaScript is not.
import {
  ARGCS,
  NAMES,
  OFFSETS,
  SIZES,
  SLOT_BYTES,
  SLOT_COUNT,
  SLOTS,
  STARTS,
  TAKEN,
} from '../layout';

const CR_LF: u32 = 0x0a0d;
const STAR: u32 = 0x2a;
const DOLLAR: u32 = 0x24;
const COLON: u32 = 0x3a;
/** `+OK` and the first byte of its line end. */
const PLUS_OK_CR: u32 = 0x0d4b4f2b;
const LF: u32 = 0x0a;
/** Bytes that are at hand where a command is begun, and where an argument is. */
const COMMAND_ROOM: u32 = 48;
const HEADER_ROOM: u32 = 16;
const ARGUMENT_LIMIT: u32 = 1000000;
const LONGEST_NAME: u32 = 16;

/** The first bytes of a name, and the others, as numbers. */
let low: u64 = 0;
let high: u64 = 0;

/**
 * Takes commands from `start` to `end`, and fills the columns from `row` on. It ends before a command that is written in
 * another way, whose name is not in the slots, or that is not whole.
 *
 * @param buffer where the block begins. @param base offset in the part of its first byte.
 * @returns the place of the first byte that was not taken; TAKEN has the number of commands.
 */
export function commands(buffer: u32, start: u32, end: u32, base: f64, row: u32, most: u32): u32 {
  let at = start;
  let taken: u32 = 0;
  for (; taken < most && at + COMMAND_ROOM < end && load<u8>(at) == STAR; taken++) {
    let next = at + 1;
    let argc: u32 = load<u8>(next++) - 48;
    if (argc < 1 || argc > 9) break;
    for (let digit: u32 = load<u8>(next) - 48; digit <= 9 && argc < ARGUMENT_LIMIT; digit = load<u8>(next) - 48) {
      argc = argc * 10 + digit;
      next++;
    }
    if (load<u16>(next) != CR_LF || load<u8>(next, 2) != DOLLAR) break;
    let length: u32 = load<u8>(next, 3) - 48;
    next += 4;
    if (length < 1 || length > 9) break;
    const second: u32 = load<u8>(next) - 48;
    if (second <= 9) {
      length = length * 10 + second;
      next++;
    }
    if (length > LONGEST_NAME || load<u16>(next) != CR_LF) break;
    const name = numberOf(next + 2, length);
    next += 2 + length;
    if (name < 0 || load<u16>(next) != CR_LF) break;
    next = passArguments(next + 2, argc - 1, end);
    if (next == 0) break;
    const place = row + taken;
    store<f64>(OFFSETS + (place << 3), base + <f64>(at - buffer));
    store<f64>(SIZES + (place << 3), <f64>(next - at));
    store<u32>(STARTS + (place << 2), at - buffer);
    store<u32>(ARGCS + (place << 2), argc);
    store<u16>(NAMES + (place << 1), name);
    at = next;
  }
  store<u32>(TAKEN, taken);
  return at;
}

/** Passes over arguments. @returns the place behind them; 0 if one is not whole, or written in another way. */
function passArguments(start: u32, count: u32, end: u32): u32 {
  let at = start;
  for (; count > 0; count--) {
    if (at + HEADER_ROOM > end || load<u8>(at) != DOLLAR) return 0;
    let length: u32 = load<u8>(at, 1) - 48;
    if (length > 9) return 0;
    const first = at + 1;
    at += 2;
    for (let digit: u32 = load<u8>(at) - 48; digit <= 9; digit = load<u8>(at) - 48) {
      // A length with zeros before it is no length for a server that has it from a client.
      if (length == 0 || at - first > 8) return 0;
      length = length * 10 + digit;
      at++;
    }
    if (load<u16>(at) != CR_LF) return 0;
    at += 2;
    // What is longer than what is left must not be added: the sum has 32 bits.
    if (length + 2 > end - at) return 0;
    at += length;
    if (load<u16>(at) != CR_LF) return 0;
    at += 2;
  }
  return at;
}

/** The number of a name; −1 if no slot has it. */
function numberOf(at: u32, length: u32): i32 {
  const slot = find(at, length);
  return slot >= 0 && load<u32>(slot, 16) != 0 ? <i32>load<u32>(slot, 20) : -1;
}

/** Puts a name into the slots. @param length 1 to 16 bytes. @returns 0 if there is no room for it. */
export function learn(at: u32, length: u32, number: u32): u32 {
  const slot = find(at, length);
  if (slot < 0 || load<u32>(slot, 16) != 0) return 0;
  store<u64>(slot, low);
  store<u64>(slot, high, 8);
  store<u32>(slot, length, 16);
  store<u32>(slot, number, 20);
  return 1;
}

/** The slot that has a name, or could have it; −1 after a few tries. */
function find(at: u32, length: u32): i32 {
  low = load<u64>(at);
  high = 0;
  if (length < 8) low &= (<u64>1 << (length << 3)) - 1;
  else {
    // Up to eight bytes from the end: some of them are in the lower half, too.
    high = load<u64>(at + length - 8);
  }
  let place = <u32>(((low ^ (high * 31)) * 0x9e3779b97f4a7c15) >> 56);
  for (let tries = 0; tries < 8; tries++) {
    const slot: u32 = SLOTS + place * SLOT_BYTES;
    const known: u32 = load<u32>(slot, 16);
    if (known == 0 || (known == length && load<u64>(slot) == low && load<u64>(slot, 8) == high)) return slot;
    place = (place + 1) & (SLOT_COUNT - 1);
  }
  return -1;
}

/**
 * Takes replies that are `+OK` or a number.
 *
 * @returns the place of the first byte of anything else; TAKEN has the number of replies.
 */
export function replies(start: u32, end: u32): u32 {
  let at = start;
  let taken: u32 = 0;
  for (; at + 5 <= end; taken++) {
    if (load<u32>(at) == PLUS_OK_CR) {
      if (load<u8>(at, 4) != LF) break;
      at += 5;
    } else if (load<u8>(at) == COLON) {
      let next = at + 1;
      while (next < end && load<u8>(next) > 0x0d) next++;
      if (next + 2 > end || load<u16>(next) != CR_LF) break;
      at = next + 2;
    } else break;
  }
  store<u32>(TAKEN, taken);
  return at;
}
