/// <reference types="assemblyscript/std/assembly" />
// Writes the keys of an RDB as JSON, RESP or CSV, or passes over those that can be copied, straight from the bytes of the file, in WebAssembly: what an export spends
// its time with. Written in AssemblyScript; the build compiles it and puts the bytes into the module
// 'wasm:dataset/export/plain'. Everything that is not as it should be ends a run before the key it is part of.

import {
  ALPHABET,
  BASE64,
  COPIES,
  DIGITS,
  ELEMENT_ROWS,
  EMBEDDED,
  ENTRY_FIELDS,
  ENTRY_HEAD,
  ENTRY_TAIL,
  EXPIRY,
  FIELDS,
  FREQUENCY,
  HEAD,
  IDLE,
  INT,
  INTSET,
  JSON_OBJECTS,
  KEY_ROWS,
  KINDS,
  LISTPACK,
  MOST_FIELDS,
  NO_EXPIRY,
  ONE_LISTPACK,
  PAIRS,
  PLAIN,
  QUICKLIST,
  RESULT,
  SCORE,
  SCORED,
  SHAPE_BITS,
  SINGLE,
  SLOT_TABLE,
  STREAM,
  STREAM_ADDED,
  STREAM_DELETED,
  STREAM_FIRST,
  STREAM_HEAD,
  STREAM_LAST,
  STREAM_LENGTH,
  STREAM_TAIL,
  STRING,
  TAIL,
  TEXTS,
  WITH_SCORE,
  ZIPLIST,
} from '../layout';
import { characterSize, decompress, digitCount, digitsTo, escaped, hexEscaped, isInteger, isShortest, isUnseen, MINUS, signed, wide, ZERO } from './bytes';

/**
 * Writes a score that is not written as it stands: the text from `start` on, or the double there if it has no bytes.
 *
 * @returns the bytes that were written at `to`, -1 if it cannot be.
 */
@external("host", "score")
declare function hostScore(start: u32, size: u32, to: u32): i32;

const QUOTE: u32 = 0x22;
const COMMA: u32 = 0x2c;
const OPEN: u32 = 0x5b;
const CLOSE: u32 = 0x5d;
const CRLF: u16 = 0x0a0d;
const OP_EXPIRETIME_MS: u32 = 0xfc;
const OP_IDLE: u32 = 0xf8;
const OP_FREQ: u32 = 0xf9;

/** Elements that one command takes. */
const PER_COMMAND: u32 = 64;
/** A number of elements that nobody says. */
const UNKNOWN: u32 = 0xffffffff;
const ONES: u64 = 0x0101010101010101;
const HIGH_BITS: u64 = 0x8080808080808080;

let json = false;
/** True for rows of CSV, and for those of elements. */
let csv = false;
let flat = false;
/** True if keys are copied as they stand. */
let copies = false;
/** True for a server that is told how many entries a stream ever had, or that reads when keys were used last. */
let counted = false;
/** The longest string that is kept in one allocation, and whether name and expiry are kept there too. */
let embedded: i32 = 0;
let shared = false;
let scratch: u32 = 0;
let scratchSize: u32 = 0;

/** The next byte to read, and the byte behind all. */
let at: u32 = 0;
let limit: u32 = 0;
/** The next byte to write, and the last place where one may be begun. */
let out: u32 = 0;
let outEnd: u32 = 0;

/** The first byte of the key, and its expiry if there is one. */
let begin: u32 = 0;
let expiry: u64 = 0;
let type: u32 = 0;
let shape: u32 = 0;
let nameStart: u32 = 0;
let nameSize: u32 = 0;
/** Elements of the key that were met, and of the command that is being written. */
let index: u32 = 0;
let inCommand: u32 = 0;
let commandStart: u32 = 0;
/** Digits that are kept free for the number of arguments. */
let commandDigits: u32 = 0;
/** Elements of the value as it says itself, and whether its structures say only parts of it. */
let expected: u32 = 0;
let several = false;
let heldStart: u32 = 0;
let heldSize: u32 = 0;
/** Entries of the stream that were met. */
let entries: u32 = 0;
/** A string or blob that was read. */
let start: u32 = 0;
let size: u32 = 0;

/** Sets how keys are written. */
export function setUp(
  what: u32,
  withCounters: bool,
  embeddedLimit: i32,
  sharesAllocation: bool,
  scratchAt: u32,
  scratchBytes: u32,
): void {
  json = what === JSON_OBJECTS;
  csv = what >= <u32>KEY_ROWS;
  copies = what === COPIES;
  flat = what === ELEMENT_ROWS;
  counted = withCounters;
  embedded = embeddedLimit;
  shared = sharesAllocation;
  scratch = scratchAt;
  scratchSize = scratchBytes;
}

/**
 * Writes keys until one is not as it should be, is not there to its end, or has no room.
 *
 * @param first where the bytes of the file begin, @param end where they end; a little can be read behind that.
 * @param to where to write, @param toEnd the byte behind the room.
 */
export function run(first: u32, end: u32, to: u32, toEnd: u32): void {
  limit = end;
  out = to;
  outEnd = toEnd - 64;
  let keys: u32 = 0;
  let expiring: u32 = 0;
  begin = first;
  let mark = to;
  while (begin < end) {
    at = begin;
    if (!key()) break;
    begin = at;
    mark = out;
    keys++;
    if (expiry !== 0) expiring++;
  }
  store<u32>(RESULT, begin);
  store<u32>(RESULT, mark, 4);
  store<u32>(RESULT, keys, 8);
  store<u32>(RESULT, expiring, 12);
}

function key(): bool {
  expiry = 0;
  let byte: u32 = load<u8>(at);
  if (byte === OP_EXPIRETIME_MS) {
    expiry = load<u64>(at, 1);
    // From 2004 to 2286, as for the scan.
    if (expiry >> 32 < 250 || expiry >> 32 > 2327) return false;
    at += 9;
    byte = load<u8>(at);
  }
  at++;
  let idle: i64 = -1;
  let frequency: i32 = -1;
  if (copies && !counted && (byte === OP_IDLE || byte === OP_FREQ)) return false;
  if (byte === OP_IDLE) {
    const from = at;
    if (!length()) return false;
    // What is copied has to be what would be written.
    if (copies && at - from !== <u32>(size < 0x40 ? 1 : size < 0x4000 ? 2 : 5)) return false;
    idle = size;
    byte = load<u8>(at++);
  } else if (byte === OP_FREQ) {
    frequency = load<u8>(at);
    byte = load<u8>(at, 1);
    at += 2;
  }
  const kind = <u32>load<u8>(KINDS + byte);
  if (kind === 0) return false;
  type = byte;
  shape = kind >> SHAPE_BITS;
  if (load<u8>(at) >= 0x80 || !length()) return false;
  nameStart = at;
  nameSize = size;
  at += size;
  if (at >= limit) return false;
  index = 0;
  inCommand = 0;
  expected = UNKNOWN;
  several = false;
  const form = kind & ((1 << SHAPE_BITS) - 1);
  if (copies) return count(form) && at <= limit;
  if (json) {
    if (!hasRoom(nameSize * 6 + 256)) return false;
    put(HEAD);
    quoted(nameStart, nameSize);
    put(facts(expiry !== 0));
    if (expiry === 0) {
      put(NO_EXPIRY);
    } else {
      decimal(expiry);
      put(EXPIRY);
    }
    if (shape !== STRING) byteOut(OPEN);
    if (!value(form)) return false;
    if (shape !== STRING) byteOut(CLOSE);
    if (!hasRoom(128)) return false;
    if (idle >= 0) {
      put(IDLE);
      decimal(idle);
    }
    if (frequency >= 0) {
      put(FREQUENCY);
      decimal(frequency);
    }
    put(TAIL);
  } else if (csv) {
    if (!hasRoom((nameSize << 2) + 256)) return false;
    rowStart = out;
    put(HEAD);
    if (!cell(nameStart, nameSize)) return false;
    put(facts(expiry !== 0));
    if (flat) {
      rowSize = out - rowStart;
      if (!value(form)) return false;
      if (index === 0) endRow(3);
    } else {
      if (!count(form)) return false;
      decimal(expected);
      byteOut(COMMA);
      decimal(at - begin);
      byteOut(COMMA);
      if (expiry !== 0) decimal(expiry);
      byteOut(COMMA);
      if (idle >= 0) decimal(idle);
      byteOut(COMMA);
      if (frequency >= 0) decimal(frequency);
      byteOut(COMMA);
      decimal(slot());
      newLine();
    }
  } else {
    if (!value(form)) return false;
    if (inCommand > 0 && !finishCommand()) return false;
    if (expiry !== 0) {
      if (!hasRoom(nameSize + 128)) return false;
      put(EXPIRY);
      argument(nameStart, nameSize);
      argument(DIGITS, digitsTo(expiry, DIGITS));
    }
  }
  // Of pairs, no half may be left.
  return at <= limit && (shape < <u32>PAIRS || (index & 1) === 0);
}

/** The slot of the key: of what stands in the first braces of its name, if anything does. */
function slot(): u32 {
  const end = nameStart + nameSize;
  let open = nameStart;
  while (open < end && load<u8>(open) !== 0x7b) open++;
  let close = open + 1;
  while (close < end && load<u8>(close) !== 0x7d) close++;
  const tagged = close < end && close > open + 1;
  const stop = tagged ? close : end;
  let crc: u32 = 0;
  for (let p = tagged ? open + 1 : nameStart; p < stop; p++) {
    crc = ((crc << 8) & 0xffff) ^ load<u16>(SLOT_TABLE + (((crc >> 8) ^ load<u8>(p)) << 1));
  }
  return crc & 0x3fff;
}

/** The text with type and encoding. */
function facts(expires: bool): u32 {
  const here = at;
  const byte: u32 = load<u8>(here);
  let which = type;
  if (type === 0) {
    if (byte >= 0xc0 && byte !== 0xc3) {
      which = INT;
    } else {
      if (byte === 0xc3) {
        at++;
        length();
      }
      if (length()) {
        let most = embedded;
        if (shared) {
          most -= (expires ? 8 : 0) + 2 + (nameSize < 32 ? 1 : nameSize < 256 ? 3 : 5) + nameSize;
        }
        if (byte !== 0xc3 && size >= 10 && size <= 20 && isInteger(at, size)) which = INT;
        else if (<i32>size <= most) which = EMBEDDED;
      }
    }
  } else if (type === 18 && length() && size === 1 && length() && size === 2) {
    which = ONE_LISTPACK;
  }
  at = here;
  return which;
}

// Reading.

/** Reads a length of up to 32 bits into `size`. */
function length(): bool {
  const first: u32 = load<u8>(at);
  if (first < 0x40) {
    size = first;
    at++;
  } else if (first < 0x80) {
    size = ((first & 0x3f) << 8) | load<u8>(at, 1);
    at += 2;
  } else {
    size = bswap(load<u32>(at, 1));
    at += 5;
    if (first !== 0x80) return false;
  }
  // What is compared with it can be added to it.
  return at <= limit && size < 0x10000000;
}

/** Reads a string that is not an integer into `start` and `size`. */
function blob(): bool {
  const first: u32 = load<u8>(at);
  if (first === 0xc3) {
    at++;
    if (!length()) return false;
    const stored = size;
    if (!length()) return false;
    const from = at;
    at += stored;
    start = scratch;
    return at <= limit && size <= scratchSize && decompress(from, at, scratch, scratch + size);
  }
  if (first >= 0xc0 || !length()) return false;
  start = at;
  at += size;
  return at <= limit;
}

function value(form: u32): bool {
  if (form === STREAM) return stream();
  if (form === PLAIN || form === SCORED) {
    let left: u32 = 1;
    if (type !== 0) {
      if (!length()) return false;
      left = shape === PAIRS ? size << 1 : size;
    }
    expected = form === SCORED ? left << 1 : left;
    for (; left > 0; left--) {
      if (!string()) return false;
      if (form === SCORED) {
        if (at + 8 > limit || !doubleElement()) return false;
        at += 8;
      }
    }
    return true;
  }
  if (form < <u32>SCORED) return blob() && compact(form);
  if (!length()) return false;
  several = size > 1;
  for (let nodes = size; nodes > 0; nodes--) {
    if (form === QUICKLIST) {
      if (!blob() || !compact(ZIPLIST)) return false;
      continue;
    }
    if (!length()) return false;
    if (size === 1) {
      if (!string()) return false;
    } else if (size !== 2 || !blob() || !compact(LISTPACK)) {
      return false;
    }
  }
  return true;
}

/** Passes over the value and puts its number of elements, as the scan tells it, into `expected`. */
function count(form: u32): bool {
  if (type === 0) {
    const first: u32 = load<u8>(at);
    if (first >= 0xc0 && first <= 0xc2) {
      const from = at + 1;
      const number = first === 0xc0 ? <i32>load<i8>(from) : first === 0xc1 ? <i32>load<i16>(from) : load<i32>(from);
      expected = signed(number, DIGITS);
      at = from + (1 << (first - 0xc0));
      return true;
    }
    if (!pass()) return false;
    expected = size;
    return true;
  }
  if (form === PLAIN || form === SCORED) {
    if (!length()) return false;
    expected = size;
    for (let left = shape === PAIRS ? size << 1 : size; left > 0; left--) {
      if (!pass()) return false;
      if (form === SCORED) at += 8;
    }
    return true;
  }
  expected = 0;
  if (form < <u32>SCORED) return addCount(form);
  if (!length()) return false;
  for (let nodes = size; nodes > 0; nodes--) {
    if (form === QUICKLIST) {
      if (!addCount(ZIPLIST)) return false;
    } else {
      if (!length()) return false;
      if (size === 1) {
        if (!pass()) return false;
        expected++;
      } else if (size !== 2 || !addCount(LISTPACK)) {
        return false;
      }
    }
  }
  return true;
}

/** Passes over a compact structure and adds its elements, unless nobody asks for them. */
function addCount(form: u32): bool {
  if (copies) return pass();
  if (!blob() || size < 11) return false;
  let more: u32 = form === INTSET ? load<u32>(start, 4) : load<u16>(form === LISTPACK ? start + 4 : start + 8);
  if (form !== INTSET && more === 0xffff) return false;
  if (shape >= <u32>PAIRS) more >>= 1;
  expected += more;
  return true;
}

/** Passes over a string and puts its bytes into `size`. */
function pass(): bool {
  const first: u32 = load<u8>(at);
  if (first === 0xc3) {
    at++;
    if (!length()) return false;
    const stored = size;
    if (!length()) return false;
    at += stored;
    // As much as it can stand for.
    return size <= stored * 88 && at <= limit;
  }
  if (first >= 0xc0) {
    at += 1 + (1 << (first - 0xc0));
    return first < 0xc3 && at <= limit;
  }
  if (!length()) return false;
  at += size;
  return at <= limit;
}

/** A string of the value, which is an element. */
function string(): bool {
  const first: u32 = load<u8>(at);
  if (first < 0xc0 || first === 0xc3) return blob() && element(start, size);
  const from = at + 1;
  at = from + (1 << (first - 0xc0));
  if (first > 0xc3 || at > limit) return false;
  if (first === 0xc0) return integer(load<i8>(from));
  return integer(first === 0xc1 ? <i64>load<i16>(from) : <i64>load<i32>(from));
}

function doubleElement(): bool {
  const score = load<f64>(at);
  if (score > 0 && score < 1e15 && floor(score) === score) return integer(<i64>score);
  const written = hostScore(at, 0, SCORE);
  return written >= 0 && element(SCORE, written);
}

/** The elements of the compact structure that was read last. */
function compact(form: u32): bool {
  const end = start + size;
  if (size < 7) return false;
  const head = load<u32>(start);
  if (!several) expected = form === INTSET ? load<u32>(start, 4) : load<u16>(form === LISTPACK ? start + 4 : start + 8);
  if (form === LISTPACK) return openPack() && listpack();
  if (form === ZIPLIST) return head === size && size >= 11 && ziplist(start + 10, end);
  if ((head !== 2 && head !== 4 && head !== 8) || size < 8 || (size - 8) % head !== 0) return false;
  for (let p = start + 8; p < end; p += head) {
    if (!integer(head === 2 ? <i64>load<i16>(p) : head === 4 ? <i64>load<i32>(p) : load<i64>(p))) return false;
  }
  return true;
}

/** What {@link next} has found. */
const NONE: u32 = 0;
const NUMBER: u32 = 1;
const TEXT: u32 = 2;
const DAMAGED: u32 = 3;

/** The listpack that is being read, and its element: a number, or a text in `start` and `size`. */
let pack: u32 = 0;
let packEnd: u32 = 0;
let packNumber: i64 = 0;

/** Begins with the listpack that was read last. */
function openPack(): bool {
  pack = start + 6;
  packEnd = start + size;
  return size >= 7 && load<u32>(start) === size;
}

/** Moves to the next element of the listpack. */
function next(): u32 {
  const p = pack;
  const end = packEnd;
  if (p >= end) return DAMAGED;
  const byte: u32 = load<u8>(p);
  if (byte < 0x80) {
    packNumber = byte;
    pack = p + 2;
    return pack < end ? NUMBER : DAMAGED;
  }
  let head: u32 = 1;
  let width: u32 = 0;
  if (byte < 0xc0) {
    size = byte & 0x3f;
  } else if (byte < 0xe0) {
    // 13 bits, of which the first byte has the highest.
    packNumber = <i64>(<i32>(bswap(load<u32>(p)) << 3) >> 19);
    pack = p + 3;
    return pack < end ? NUMBER : DAMAGED;
  } else if (byte < 0xf0) {
    head = 2;
    size = ((byte & 0x0f) << 8) | load<u8>(p, 1);
  } else if (byte === 0xf0) {
    head = 5;
    size = load<u32>(p, 1);
  } else if (byte <= 0xf4) {
    width = byte === 0xf4 ? 8 : byte - 0xef;
    packNumber = wide(p + 1, width);
    pack = p + width + 2;
    return pack < end ? NUMBER : DAMAGED;
  } else {
    return byte === 0xff && p + 1 === end ? NONE : DAMAGED;
  }
  if (size >= end - p) return DAMAGED;
  start = p + head;
  const whole = head + size;
  pack = p + whole + (whole <= 127 ? 1 : whole < 16383 ? 2 : whole < 2097151 ? 3 : whole < 268435455 ? 4 : 5);
  return pack < end ? TEXT : DAMAGED;
}

function listpack(): bool {
  let found = next();
  while (found === NUMBER ? integer(packNumber) : found === TEXT && element(start, size)) found = next();
  return found === NONE;
}

function ziplist(first: u32, end: u32): bool {
  let p = first;
  while (p < end) {
    const previous: u32 = load<u8>(p);
    if (previous === 0xff) return p + 1 === end;
    p += previous === 0xfe ? 5 : 1;
    if (p + 1 >= end) return false;
    const byte: u32 = load<u8>(p);
    if (byte >= 0xc0) {
      if (byte >= 0xf1 && byte <= 0xfd) {
        if (!integer((byte & 0x0f) - 1)) return false;
        p++;
        continue;
      }
      const width: u32 =
        byte === 0xc0 ? 2 : byte === 0xd0 ? 4 : byte === 0xe0 ? 8 : byte === 0xf0 ? 3 : byte === 0xfe ? 1 : 0;
      if (width === 0 || p + width + 1 >= end || !integer(wide(p + 1, width))) return false;
      p += width + 1;
      continue;
    }
    let head: u32 = 1;
    let count = byte;
    if (byte >= 0x80) {
      head = 5;
      count = bswap(load<u32>(p, 1));
    } else if (byte >= 0x40) {
      head = 2;
      count = ((byte & 0x3f) << 8) | load<u8>(p, 1);
    }
    if (count >= end - p || p + head + count >= end || !element(p + head, count)) return false;
    p += head + count;
  }
  return false;
}

// Streams, of which groups are not written.

/** Reads a length of up to 53 bits. @returns -1 if there is none. */
function number(): i64 {
  if (load<u8>(at) !== 0x81) {
    if (load<u8>(at) !== 0x80) return length() ? <i64>size : -1;
    at += 5;
    return at <= limit ? <i64>bswap(load<u32>(at - 4)) : -1;
  }
  at += 9;
  return at <= limit ? safe(bswap(load<u64>(at - 8))) : -1;
}

function safe(number: u64): i64 {
  return number >> 53 === 0 ? <i64>number : -1;
}

/** Moves to an element that is a number of up to 32 bits. @returns the least number of 64 bits if it is none. */
function small(): i64 {
  return next() === NUMBER && packNumber === <i64>(<i32>packNumber) ? packNumber : i64.MIN_VALUE;
}

/** Moves to an element that is one of a few. @returns the most there can be if it is not. */
function few(): u32 {
  const count = small();
  return <u64>count < <u64>MOST_FIELDS ? <u32>count : MOST_FIELDS;
}

/** Writes an id, whose parts are known to be safe, into `start2` and `size2`. */
function identify(ms: i64, seq: i64): void {
  const before = out;
  start2 = SCORE;
  out = SCORE;
  decimal(ms);
  byteOut(MINUS);
  decimal(seq);
  size2 = out - SCORE;
  out = before;
}

/** Reads an id as numbers and writes it as {@link identify} does. */
function readId(): bool {
  const ms = number();
  const seq = ms < 0 ? -1 : number();
  if (seq < 0) return false;
  identify(ms, seq);
  return true;
}

function stream(): bool {
  let nodes = number();
  entries = 0;
  if (json) put(STREAM_HEAD);
  for (; nodes > 0; nodes--) {
    if (!blob() || size !== 16) return false;
    const ms = safe(bswap(load<u64>(start)));
    const seq = safe(bswap(load<u64>(start, 8)));
    if (ms < 0 || seq < 0 || !blob() || !openPack() || !node(ms, seq)) return false;
  }
  // How a stream without entries comes into being as commands stands elsewhere.
  if (nodes < 0 || (!json && entries === 0) || number() !== <i64>entries || !readId()) return false;
  if (!hasRoom(nameSize + 512)) return false;
  if (json) {
    put(STREAM_LENGTH);
    decimal(entries);
    put(STREAM_LAST);
    copy(start2, size2);
  } else {
    beginCommand(STREAM_LAST, 1);
    argument(start2, size2);
    inCommand = 1;
  }
  if (type !== 15) {
    if (!readId()) return false;
    if (json) {
      put(STREAM_FIRST);
      copy(start2, size2);
    }
    if (!readId()) return false;
    const added = number();
    if (added < 0) return false;
    if (json) {
      put(STREAM_DELETED);
      copy(start2, size2);
      put(STREAM_ADDED);
      decimal(added);
    } else if (counted) {
      put(STREAM_ADDED);
      argument(DIGITS, digitsTo(added, DIGITS));
      put(STREAM_DELETED);
      argument(start2, size2);
      inCommand += 4;
    }
  } else if (json) {
    byteOut(QUOTE);
  }
  if (json) put(STREAM_TAIL);
  return number() === 0;
}

/** The entries of the listpack that was opened. */
function node(masterMs: i64, masterSeq: i64): bool {
  if (small() < 0 || small() < 0) return false;
  const common = few();
  if (common === MOST_FIELDS) return false;
  for (let i: u32 = 0; i < common; i++) {
    if (next() !== TEXT) return false;
    store<u32>(FIELDS + (i << 3), start);
    store<u32>(FIELDS + (i << 3), size, 4);
  }
  if (small() !== 0) return false;
  let found = next();
  for (; found === NUMBER; found = next()) {
    const flags = packNumber;
    if (flags < 0 || flags > 3) return false;
    const ms = safe(masterMs + small());
    const seq = safe(masterSeq + small());
    if (ms < 0 || seq < 0) return false;
    const fields = flags & 2 ? common : few();
    if (fields === MOST_FIELDS) return false;
    const kept = (flags & 1) === 0;
    if (kept && !beginEntry(ms, seq, fields)) return false;
    for (let i: u32 = 0; i < fields; i++) {
      let name = load<u32>(FIELDS + (i << 3));
      let bytes = load<u32>(FIELDS + (i << 3), 4);
      if ((flags & 2) === 0) {
        if (next() !== TEXT) return false;
        name = start;
        bytes = size;
      }
      const value = next();
      if (value === NUMBER) {
        start = DIGITS;
        size = signed(packNumber, DIGITS);
      } else if (value !== TEXT) {
        return false;
      }
      if (!kept) continue;
      if (!hasRoom((bytes + size) * 6 + 256)) return false;
      if (json) {
        if (i > 0) byteOut(COMMA);
        byteOut(OPEN);
        quoted(name, bytes);
        byteOut(COMMA);
        quoted(start, size);
        byteOut(CLOSE);
      } else {
        argument(name, bytes);
        argument(start, size);
        inCommand += 2;
      }
    }
    // The number of elements, for those who go backwards.
    if (small() === i64.MIN_VALUE) return false;
    if (!kept) continue;
    if (json) put(ENTRY_TAIL);
    else if (!finishCommand()) return false;
  }
  return found === NONE;
}

function beginEntry(ms: i64, seq: i64, fields: u32): bool {
  if (!hasRoom(nameSize + 256)) return false;
  identify(ms, seq);
  if (json) {
    if (entries > 0) byteOut(COMMA);
    put(ENTRY_HEAD);
    copy(start2, size2);
    put(ENTRY_FIELDS);
  } else {
    beginCommand(type, (fields << 1) + 1);
    argument(start2, size2);
    inCommand = 1;
  }
  entries++;
  return true;
}

// Writing. Copies are of whole words: what is behind them is written over, or was read for nothing.

function hasRoom(count: u32): bool {
  return out + count <= outEnd;
}

function byteOut(byte: u32): void {
  store<u8>(out, byte);
  out++;
}

function copy(from: u32, count: u32): void {
  const to = out;
  for (let i: u32 = 0; i < count; i += 8) store<u64>(to + i, load<u64>(from + i));
  out = to + count;
}

/** A text that is there; there is always room for one. */
function put(text: u32): void {
  copy(load<u32>(TEXTS + (text << 3)), load<u32>(TEXTS + (text << 3), 4));
}

function decimal(number: u64): void {
  out += digitsTo(number, out);
}

/** An element that is a number. One that is held stays where it is while the next one is written. */
function integer(number: i64): bool {
  const to = DIGITS + ((index & 1) << 5);
  return element(to, signed(number, to));
}

function element(from: u32, count: u32): bool {
  const even = (index & 1) === 0;
  const first = index === 0;
  index++;
  if (csv) return rowElement(from, count, even, first);
  if (!json) return commandElement(from, count, even);
  if (!hasRoom(count * 6 + 256)) return false;
  if (shape < <u32>PAIRS) {
    if (!first) byteOut(COMMA);
    quoted(from, count);
  } else if (even) {
    if (!first) byteOut(COMMA);
    byteOut(OPEN);
    quoted(from, count);
    byteOut(COMMA);
  } else {
    if (shape === PAIRS) {
      quoted(from, count);
    } else {
      if (!score(from, count)) return false;
      byteOut(QUOTE);
      copy(start2, size2);
      byteOut(QUOTE);
    }
    byteOut(CLOSE);
  }
  return true;
}

/** Where a row of the key begins, and what its rows have in common. */
let rowStart: u32 = 0;
let rowSize: u32 = 0;

/** Index, field, value and score. */
function rowElement(from: u32, count: u32, even: bool, first: bool): bool {
  if (!hasRoom((count << 2) + rowSize + 256)) return false;
  const paired = shape >= <u32>PAIRS;
  if (even || !paired) {
    if (!first) copy(rowStart, rowSize);
    if (type === 1 || type === 10 || type === 14 || type === 18) decimal(index - 1);
    byteOut(COMMA);
    if (shape !== PAIRS) byteOut(COMMA);
    if (!cell(from, count)) return false;
    byteOut(COMMA);
    if (paired) return true;
  } else if (shape === PAIRS) {
    if (!cell(from, count)) return false;
    byteOut(COMMA);
  } else {
    if (!score(from, count)) return false;
    copy(start2, size2);
  }
  endRow(0);
  return true;
}

/** Ends a row behind so many cells that are empty. */
function endRow(empty: u32): void {
  for (; empty > 0; empty--) byteOut(COMMA);
  byteOut(COMMA);
  if (expiry !== 0) decimal(expiry);
  newLine();
}

function newLine(): void {
  store<u16>(out, CRLF);
  out += 2;
}

/** A cell. @returns false for what may be a number or a formula. */
function cell(from: u32, count: u32): bool {
  const end = from + count;
  let p = from;
  let to = out;
  store<u8>(to++, QUOTE);
  if (count > 0) {
    const byte: u32 = load<u8>(p);
    if (byte === 0x3d || byte === 0x2b || byte === MINUS || byte === 0x40) {
      const number = byte === 0x2b || byte === MINUS ? unsignedNumber(p + 1, end) : 0;
      if (number < 0) return false;
      if (number === 0 || count > 40) {
        to = hexEscaped(byte, to);
        p++;
      }
    }
  }
  while (p < end) {
    const word = load<u64>(p);
    store<u64>(to, word);
    const odd =
      (word |
        (word - ONES * 0x20) |
        ((word ^ (ONES * 0x22)) - ONES) |
        ((word ^ (ONES * 0x5c)) - ONES) |
        ((word ^ (ONES * 0x7f)) - ONES)) &
      HIGH_BITS;
    if (odd === 0) {
      p += 8;
      to += 8;
      continue;
    }
    const clean = <u32>ctz(odd) >> 3;
    p += clean;
    to += clean;
    if (p >= end) break;
    const byte: u32 = load<u8>(p);
    const bytes = byte < 0x80 ? 0 : characterSize(p, end);
    if (bytes > 0 && !isUnseen(p, bytes)) {
      store<u32>(to, load<u32>(p));
      p += bytes;
      to += bytes;
      continue;
    }
    if (byte === QUOTE || byte === 0x5c) {
      store<u16>(to, <u16>(byte * 0x101));
      to += 2;
    } else if (byte === 0x0a || byte === 0x0d || byte === 0x09) {
      to = escaped(byte, to);
    } else {
      to = hexEscaped(byte, to);
    }
    p++;
  }
  to -= p - end;
  store<u8>(to, QUOTE);
  out = to + 1;
  return true;
}

/** 1 for digits, with a fraction or without; 0 for what is no number; -1 for what needs a closer look. */
function unsignedNumber(from: u32, end: u32): i32 {
  let p = digitsEnd(from, end);
  if (p > from && p < end && load<u8>(p) === 0x2e) p = digitsEnd(p + 1, end);
  if (p === end) return p > from && load<u8>(p - 1) !== 0x2e ? 1 : 0;
  // An exponent, or infinity.
  const letter = load<u8>(p) | 0x20;
  return letter === 0x65 || letter === 0x69 ? -1 : 0;
}

function digitsEnd(from: u32, end: u32): u32 {
  let p = from;
  while (p < end && <u32>load<u8>(p) - ZERO <= 9) p++;
  return p;
}

function commandElement(from: u32, count: u32, even: bool): bool {
  if (!hasRoom(count + heldSize + nameSize + 256)) return false;
  if (shape === WITH_SCORE) {
    if (even) {
      heldStart = from;
      heldSize = count;
      return true;
    }
    if (!score(from, count) || (size2 === 2 && load<u16>(start2) === 0x302d)) return false;
    if (inCommand === 0) beginElements(2);
    argument(start2, size2);
    argument(heldStart, heldSize);
    heldSize = 0;
    inCommand += 2;
  } else {
    if (inCommand === 0) beginElements(1);
    argument(from, count);
    inCommand++;
  }
  return inCommand < perCommand() || finishCommand();
}

function perCommand(): u32 {
  return shape === SINGLE ? PER_COMMAND : PER_COMMAND << 1;
}

/** Begins a command for the elements that are left. @param own those of them that were met. */
function beginElements(own: u32): void {
  beginCommand(type, min(expected - (index - own), perCommand()));
}

/** Begins a command. @param name the text with it, @param more how many arguments may follow that of the key. */
function beginCommand(name: u32, more: u32): void {
  commandStart = out;
  commandDigits = digitCount(more + 2);
  out += commandDigits + 3;
  put(name);
  argument(nameStart, nameSize);
}

/** Writes the number of arguments, and moves what follows to it if that is shorter than what was kept free. */
function finishCommand(): bool {
  const count = inCommand + 2;
  const digits = digitCount(count);
  inCommand = 0;
  if (digits > commandDigits) return false;
  const end = out;
  out = commandStart;
  // What is copied in words would reach into what follows.
  byteOut(0x2a);
  if (digits > 2) byteOut(ZERO + count / 100);
  if (digits > 1) byteOut(ZERO + ((count / 10) % 10));
  byteOut(ZERO + (count % 10));
  store<u16>(out, CRLF);
  const less = commandDigits - digits;
  let to = out + 2;
  out = end - less;
  if (less > 0) for (; to < out; to += 8) store<u64>(to, load<u64>(to + less));
  return true;
}

function argument(from: u32, count: u32): void {
  // A dollar sign, the length, and the end of a line.
  if (count < 10) {
    store<u32>(out, 0x0a0d3024 + (count << 8));
    out += 4;
  } else if (count < 100) {
    const tens = count / 10;
    store<u64>(out, 0x0a0d303024 + <u64>((tens << 8) + ((count - tens * 10) << 16)));
    out += 5;
  } else {
    byteOut(0x24);
    decimal(count);
    store<u16>(out, CRLF);
    out += 2;
  }
  copy(from, count);
  store<u16>(out, CRLF);
  out += 2;
}

/** A score as it is written. */
let start2: u32 = 0;
let size2: u32 = 0;

function score(from: u32, count: u32): bool {
  start2 = from;
  size2 = count;
  if (isShortest(from, from + count)) return true;
  if (count === 0 || count > 100) return false;
  const written = hostScore(from, count, SCORE);
  start2 = SCORE;
  size2 = written;
  return written >= 0;
}

/** A string of JSON if the bytes are valid UTF-8, else an object with their Base64. */
function quoted(from: u32, count: u32): void {
  const end = from + count;
  let p = from;
  let to = out;
  store<u8>(to++, QUOTE);
  while (p < end) {
    const word = load<u64>(p);
    store<u64>(to, word);
    // Finds the first byte that is beyond ASCII, a control, a quote or a backslash.
    const odd =
      (word |
        (word - ONES * 0x20) |
        ((word ^ (ONES * 0x22)) - ONES) |
        ((word ^ (ONES * 0x5c)) - ONES)) &
      HIGH_BITS;
    if (odd === 0) {
      p += 8;
      to += 8;
      continue;
    }
    const clean = <u32>ctz(odd) >> 3;
    p += clean;
    to += clean;
    if (p >= end) break;
    const byte: u32 = load<u8>(p);
    if (byte < 0x80) {
      to = escaped(byte, to);
      p++;
      continue;
    }
    do {
      const bytes = characterSize(p, end);
      if (bytes === 0) {
        base64(from, end);
        return;
      }
      store<u32>(to, load<u32>(p));
      p += bytes;
      to += bytes;
    } while (p < end && load<u8>(p) >= 0x80);
  }
  to -= p - end;
  store<u8>(to, QUOTE);
  out = to + 1;
}

/** Writes bytes as an object with their Base64. */
function base64(from: u32, end: u32): void {
  put(BASE64);
  let p = from;
  for (; p < end; p += 3) {
    const left = end - p;
    const three =
      (<u32>load<u8>(p) << 16) | (left > 1 ? <u32>load<u8>(p, 1) << 8 : 0) | (left > 2 ? <u32>load<u8>(p, 2) : 0);
    store<u8>(out, load<u8>(ALPHABET + (three >> 18)));
    store<u8>(out, load<u8>(ALPHABET + ((three >> 12) & 63)), 1);
    store<u8>(out, left > 1 ? load<u8>(ALPHABET + ((three >> 6) & 63)) : 0x3d, 2);
    store<u8>(out, left > 2 ? load<u8>(ALPHABET + (three & 63)) : 0x3d, 3);
    out += 4;
  }
  store<u16>(out, 0x7d22);
  out += 2;
}
