/// <reference types="assemblyscript/std/assembly" />
// Counts replies in WebAssembly.
import { REPLIES } from '../layout';

/** `+OK` with its line end, which nearly all replies are: four bytes and one. */
const PLAIN: u32 = 0x0d4b4f2b;
const LF: u32 = 0x0a;

/** How many plain replies the first bytes at REPLIES are, one behind the other. */
export function plainReplies(length: u32): u32 {
  let at: u32 = REPLIES;
  let count: u32 = 0;
  for (const last = REPLIES + length - 5; <i32>at <= <i32>last; at += 5) {
    if (load<u32>(at) != PLAIN || load<u8>(at, 4) != LF) break;
    count++;
  }
  return count;
}
