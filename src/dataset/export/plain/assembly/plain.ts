/// <reference types="assemblyscript/std/assembly" />
// Writes the keys of an RDB as JSON or RESP, straight from the bytes of the file, in WebAssembly: what an export spends
// its time with. Written in AssemblyScript; the build compiles it and puts the bytes into the module
// 'wasm:dataset/export/plain'. Everything that is not as it should be ends a run before the key it is part of.

/**
 * Writes a score that is not written as it stands: the text from `start` on, or the double there if it has no bytes.
 *
 * @returns the bytes that were written at `to`, -1 if it cannot be.
 */
@external("host", "score")
declare function hostScore(start: u32, size: u32, to: u32): i32;

// The layout of the memory; `plain-keys.ts` fills it and has the same numbers.
/** What a run leaves: the place of the first byte that was not read, the end of what was written, keys. */
const RESULT: u32 = 0;
/** Two elements that are numbers, as text, 32 bytes apart. */
const DIGITS: u32 = 64;
/** A score as text: up to 128 bytes. */
const SCORE: u32 = 128;
/** For each type byte its form, and in the high half its shape. */
const KINDS: u32 = 256;
/** Place and size of each text. */
const TEXTS: u32 = 512;
const ALPHABET: u32 = 1024;
/** Place and size of the names of fields that the entries of a stream have in common. */
const FIELDS: u32 = 8192;
const MOST_FIELDS: u32 = 256;

// How elements stand in the value.
const PLAIN: u32 = 1;
const LISTPACK: u32 = 2;
const ZIPLIST: u32 = 3;
const INTSET: u32 = 4;
const SCORED: u32 = 5;
const QUICKLIST: u32 = 6;
const QUICKLIST_2: u32 = 7;
const STREAM: u32 = 8;

// What the elements are.
const STRING: u32 = 0;
const SINGLE: u32 = 1;
const PAIRS: u32 = 2;
const WITH_SCORE: u32 = 3;

// The texts: by type byte what stands before the value (JSON), or the name of the command (RESP).
const INT: u32 = 24;
const EMBEDDED: u32 = 25;
const ONE_LISTPACK: u32 = 26;
const HEAD: u32 = 27;
const EXPIRY: u32 = 28;
const TAIL: u32 = 29;
const BASE64: u32 = 30;
const NO_EXPIRY: u32 = 31;
const STREAM_HEAD: u32 = 32;
const STREAM_LENGTH: u32 = 33;
const STREAM_LAST: u32 = 34;
const STREAM_FIRST: u32 = 35;
const STREAM_DELETED: u32 = 36;
const STREAM_ADDED: u32 = 37;
const STREAM_TAIL: u32 = 38;
const ENTRY_HEAD: u32 = 39;
const ENTRY_FIELDS: u32 = 40;
const ENTRY_TAIL: u32 = 41;
const IDLE: u32 = 42;
const FREQUENCY: u32 = 43;

const QUOTE: u32 = 0x22;
const COMMA: u32 = 0x2c;
const MINUS: u32 = 0x2d;
const ZERO: u32 = 0x30;
const OPEN: u32 = 0x5b;
const BACKSLASH: u32 = 0x5c;
const CLOSE: u32 = 0x5d;
const CRLF: u16 = 0x0a0d;
const OP_EXPIRETIME_MS: u32 = 0xfc;
const OP_IDLE: u32 = 0xf8;
const OP_FREQ: u32 = 0xf9;

/** Elements that one command takes. */
const PER_COMMAND: u32 = 64;
/** A number of elements that nobody says. */
const UNKNOWN: u32 = 0xffffffff;
const EIGHT_ZEROS: u64 = 0x3030303030303030;
const ONES: u64 = 0x0101010101010101;
const HIGH_BITS: u64 = 0x8080808080808080;

let json = false;
/** True for a server that is told how many entries a stream ever had. */
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
  asJson: bool,
  withCounters: bool,
  embeddedLimit: i32,
  sharesAllocation: bool,
  scratchAt: u32,
  scratchBytes: u32,
): void {
  json = asJson;
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
  let begin = first;
  let mark = to;
  while (begin < end) {
    at = begin;
    if (!key()) break;
    begin = at;
    mark = out;
    keys++;
  }
  store<u32>(RESULT, begin);
  store<u32>(RESULT, mark, 4);
  store<u32>(RESULT, keys, 8);
}

function key(): bool {
  let expiry: u64 = 0;
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
  if (byte === OP_IDLE) {
    if (!length()) return false;
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
  shape = kind >> 4;
  if (load<u8>(at) >= 0x80 || !length()) return false;
  nameStart = at;
  nameSize = size;
  at += size;
  if (at >= limit) return false;
  index = 0;
  inCommand = 0;
  expected = UNKNOWN;
  several = false;
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
    if (!value(kind & 15)) return false;
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
  } else {
    if (!value(kind & 15)) return false;
    if (inCommand > 0 && !finishCommand()) return false;
    if (expiry !== 0) {
      if (!hasRoom(nameSize + 128)) return false;
      put(EXPIRY);
      argument(nameStart, nameSize);
      argument(DIGITS, digitsTo(expiry, DIGITS));
    }
  }
  // Of pairs, no half may be left.
  return at <= limit && (shape < PAIRS || (index & 1) === 0);
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

/** True for the text of an integer of 64 bits, without zeros before it. */
function isInteger(from: u32, count: u32): bool {
  const negative = load<u8>(from) === MINUS;
  let p = negative ? from + 1 : from;
  const end = from + count;
  if (end - p > 19 || load<u8>(p) === ZERO) return false;
  let number: u64 = 0;
  for (; p < end; p++) {
    const digit: u32 = <u32>load<u8>(p) - ZERO;
    if (digit > 9) return false;
    number = number * 10 + digit;
  }
  return number <= <u64>i64.MAX_VALUE + (negative ? 1 : 0);
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

function decompress(from: u32, end: u32, to: u32, toEnd: u32): bool {
  let p = from;
  let q = to;
  while (p < end) {
    const control: u32 = load<u8>(p++);
    if (control < 0x20) {
      const count = control + 1;
      if (p + count > end || q + count > toEnd) return false;
      // More than that may be copied: it is written over.
      for (let i: u32 = 0; i < count; i += 8) store<u64>(q + i, load<u64>(p + i));
      p += count;
      q += count;
    } else {
      let count = control >> 5;
      if (count === 7) count += load<u8>(p++);
      count += 2;
      const distance = (((control & 0x1f) << 8) | load<u8>(p++)) + 1;
      if (p > end || q < to + distance || q + count > toEnd) return false;
      const source = q - distance;
      if (distance >= 8) for (let i: u32 = 0; i < count; i += 8) store<u64>(q + i, load<u64>(source + i));
      else for (let i: u32 = 0; i < count; i++) store<u8>(q + i, load<u8>(source + i));
      q += count;
    }
  }
  return q === toEnd;
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
  if (form < SCORED) return blob() && compact(form);
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
  return <u64>count < MOST_FIELDS ? <u32>count : MOST_FIELDS;
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

/** A signed number of so many bytes, the lowest first. */
function wide(from: u32, width: u32): i64 {
  const shift = <i64>(64 - (width << 3));
  return (load<i64>(from) << shift) >> shift;
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

/** Writes a number as text, whole words. @returns the bytes of the text. */
function digitsTo(number: u64, to: u32): u32 {
  if (number >= 100000000) {
    const high = number / 100000000;
    const count = digitsTo(high, to);
    store<u64>(to + count, eightDigits(<u32>(number - high * 100000000)) + EIGHT_ZEROS);
    return count + 8;
  }
  const digits = eightDigits(<u32>number);
  // The zeros before it go, but for the last one.
  const zeros = ctz(digits | ((<u64>1) << 56)) & 0x38;
  store<u64>(to, (digits + EIGHT_ZEROS) >> zeros);
  return 8 - <u32>(zeros >> 3);
}

/** The eight digits of a number, the first one in the lowest byte. */
function eightDigits(number: u32): u64 {
  const high = number / 10000;
  const halves = (<u64>high) | (<u64>(number - high * 10000) << 32);
  // Divisions by 100 and by 10, of two and of four numbers at once.
  const hundreds = ((halves * 10486) >> 20) & 0x0000007f0000007f;
  const pairs = hundreds | ((halves - hundreds * 100) << 16);
  const tens = ((pairs * 103) >> 10) & 0x000f000f000f000f;
  return tens | ((pairs - tens * 10) << 8);
}

function signed(number: i64, to: u32): u32 {
  if (number >= 0) return digitsTo(number, to);
  store<u8>(to, MINUS);
  return 1 + digitsTo(-number, to + 1);
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
  if (!json) return commandElement(from, count, even);
  if (!hasRoom(count * 6 + 256)) return false;
  if (shape < PAIRS) {
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

function digitCount(count: u32): u32 {
  return count < 10 ? 1 : count < 100 ? 2 : 3;
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

/** True if the text is what a number with few digits is printed as: no exponent, no zeros that could be left out. */
function isShortest(from: u32, end: u32): bool {
  const first = load<u8>(from) === MINUS ? from + 1 : from;
  if (first >= end || end - first > 16) return false;
  let dot: u32 = 0;
  for (let p = first; p < end; p++) {
    const byte: u32 = load<u8>(p);
    if (byte === 0x2e && dot === 0) dot = p;
    else if (byte - ZERO > 9) return false;
  }
  const zero = load<u8>(first) === ZERO;
  if (dot === 0) return !zero || (end - first === 1 && first === from);
  return end - first <= 15 && dot > first && !zero && load<u8>(end - 1) !== ZERO && end - 1 > dot;
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

function escaped(byte: u32, to: u32): u32 {
  store<u8>(to, BACKSLASH);
  let letter = byte;
  if (byte < 0x20) {
    if (byte === 0x0a) letter = 0x6e;
    else if (byte === 0x0d) letter = 0x72;
    else if (byte === 0x09) letter = 0x74;
    else if (byte === 0x08) letter = 0x62;
    else if (byte === 0x0c) letter = 0x66;
    else {
      const low = byte & 15;
      store<u32>(to, 0x3030755c);
      store<u8>(to, ZERO + (byte >> 4), 4);
      store<u8>(to, low < 10 ? ZERO + low : 0x57 + low, 5);
      return to + 6;
    }
  }
  store<u8>(to, letter, 1);
  return to + 2;
}

/** Bytes of the character of strict UTF-8 at a place, 2 to 4; 0 if there is none. */
function characterSize(p: u32, end: u32): u32 {
  const first: u32 = load<u8>(p);
  if (first < 0xc2 || first > 0xf4) return 0;
  const bytes: u32 = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (p + bytes > end) return 0;
  for (let i: u32 = 1; i < bytes; i++) if ((load<u8>(p + i) & 0xc0) !== 0x80) return 0;
  const second: u32 = load<u8>(p, 1);
  // No overlong forms, no surrogates, nothing beyond the last character.
  if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return 0;
  if ((first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return 0;
  return bytes;
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
