/**
 * The bytes of a command as a server reads them from a client. What the loader of an AOF takes is more than that: blanks
 * before a length, other bytes than CR LF behind an argument. Only bytes on whose meaning all agree are sent as they are.
 */
import { commandArguments } from '../decoder/aof/command-arguments.js';
import { writeCommand } from '../decoder/resp/writer.js';
import { type ByteSource, MemorySource, readFully } from '../decoder/source.js';

const CR = 0x0d;
const LF = 0x0a;
const STAR = 0x2a;
const DOLLAR = 0x24;

/**
 * True if the bytes are one command as clients write it: a count and lengths of digits without zeros before them, CR LF
 * behind each line and each argument, and nothing before or after it.
 *
 * @param argc how many arguments the scan has found.
 */
export function isPlainFrame(bytes: Uint8Array, start: number, end: number, argc: number): boolean {
  let at = start;
  let left = argc;
  let marker = STAR;
  for (;;) {
    if (at + 3 >= end || bytes[at] !== marker) return false;
    let value = bytes[at + 1] - 0x30;
    if (value < 0 || value > 9) return false;
    at += 2;
    if (value === 0 && bytes[at] !== CR) return false;
    for (let digit = bytes[at] - 0x30; digit >= 0 && digit <= 9; digit = bytes[at] - 0x30) {
      value = value * 10 + digit;
      at++;
      if (at >= end || value > 0xffff_ffff) return false;
    }
    if (at + 1 >= end || bytes[at] !== CR || bytes[at + 1] !== LF) return false;
    at += 2;
    if (marker === STAR) {
      if (value !== argc || argc === 0) return false;
      marker = DOLLAR;
      continue;
    }
    at += value;
    if (at + 2 > end || bytes[at] !== CR || bytes[at + 1] !== LF) return false;
    at += 2;
    left--;
    if (left === 0) return at === end;
  }
}

/** The same for a command that is too large to be held. @param offset of its first byte, and `end` behind its last. */
export function isPlainInFile(source: ByteSource, offset: number, end: number, argc: number): boolean {
  const head = new Uint8Array(HEAD);
  let at = offset;
  for (let argument = -1; argument < argc; argument++) {
    const count = readFully(source, at, head);
    const line = plainLine(head.subarray(0, count), argument < 0 ? STAR : DOLLAR);
    if (!line) return false;
    at += line.size;
    if (argument < 0) {
      if (line.value !== argc) return false;
      continue;
    }
    at += line.value;
    if (at + 2 > end || readFully(source, at, head.subarray(0, 2)) < 2) return false;
    if (head[0] !== CR || head[1] !== LF) return false;
    at += 2;
  }
  return at === end;
}

/** Bytes of the longest header line. */
const HEAD = 16;

function plainLine(bytes: Uint8Array, marker: number): { value: number; size: number } | undefined {
  const lf = bytes.indexOf(LF);
  if (lf < 3 || bytes[0] !== marker || bytes[lf - 1] !== CR) return undefined;
  let value = 0;
  for (let at = 1; at < lf - 1; at++) {
    const digit = bytes[at] - 0x30;
    if (digit < 0 || digit > 9 || (at > 1 && value === 0)) return undefined;
    value = value * 10 + digit;
  }
  return { value, size: lf + 1 };
}

/**
 * The arguments of a command that a scan has found, as the loader of an AOF reads them; parts of `bytes`.
 *
 * @throws DecodeError if no command stands there.
 */
export function argumentsOf(bytes: Uint8Array, start: number, end: number): Uint8Array[] {
  const command = commandArguments(new MemorySource(bytes.subarray(start, end)), 0, end - start);
  const walker = command.walk();
  const argv: Uint8Array[] = [];
  for (let argument = walker.next(); argument; argument = walker.next()) {
    argv.push(bytes.subarray(start + argument.offset, start + argument.offset + argument.length));
  }
  return argv;
}

/** The command as clients write it: the bytes themselves where they are that already. */
export function plainBytes(bytes: Uint8Array, start: number, end: number, argc: number): Uint8Array {
  return isPlainFrame(bytes, start, end, argc)
    ? bytes.subarray(start, end)
    : writeCommand(argumentsOf(bytes, start, end));
}
