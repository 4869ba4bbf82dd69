/// <reference types="assemblyscript/std/assembly" />
// Measures the keys of an RDB and writes the lines that tell of them, straight from the bytes of the file, in
// WebAssembly. Written in AssemblyScript; the build compiles it and puts the bytes into the module
// 'wasm:dataset/memory/plain'. It knows how values stand in a file, and nothing of what they cost: that is asked of
// the model and kept by length. Everything that is not as it should be ends a run before the key it is part of.

import { decompress, digitsTo, isInteger, signed, wide, ZERO } from '../../../export/plain/assembly/bytes';
import {
  APART,
  BASE64,
  BLOB,
  BYTES,
  COSTS,
  DIGITS,
  EMBEDDED,
  EMBSTR,
  EMPTY_LIST,
  EMPTY_STREAM,
  HASH,
  HASH_TABLE,
  HEAD,
  INT,
  INTEGERS,
  INTSET,
  KEPT_BITS,
  KEY,
  KINDS,
  LIST_NODE,
  LISTPACK,
  LISTPACK_PAIRS,
  MEMBER,
  MEMORY,
  MOST,
  ONE_LISTPACK,
  PAIR,
  PAIRS,
  QUICKLIST_2,
  QUIET,
  RAW,
  RAW_STRING,
  RESULT,
  SCORED,
  SET,
  SET_TABLE,
  STREAM,
  STREAM_NODE,
  STRING,
  STRINGS,
  TAIL,
  TEXTS,
  TREE,
  ZIPLIST_PAIRS,
  ZSET,
  ZSET_TABLE,
} from '../layout';

/** What something costs, of one or two numbers. */
@external("host", "cost")
declare function hostCost(what: u32, first: u32, second: u32): f64;
/** Puts an id, whose place is given, into the tree of a stream; 0 ends the tree, and its cost is returned. */
@external("host", "tree")
declare function hostTree(id: u32): f64;
/** True if a name is one that is asked for. */
@external("host", "matches")
declare function hostMatches(start: u32, size: u32): bool;

const OP_EXPIRETIME_MS: u32 = 0xfc;
const OP_IDLE: u32 = 0xf8;
const OP_FREQ: u32 = 0xf9;
/** The most bytes that one compressed byte can stand for. */
const EXPANSION: u32 = 88;
/** Bytes of a line beside the name, at most. */
const LINE: u32 = 512;

// How a string is stored.
const PLAIN: u32 = 0;
const NUMBER: u32 = 1;
const LZF: u32 = 2;

// Why a run has ended.
const UNUSUAL: u32 = 0;
const FULL: u32 = 1;

/** True if only keys are printed whose names are asked for. */
let matching = false;
/** The most bytes of a list that is one listpack. */
let oneBytes: u32 = 0;
/** Bytes that the last node of a stream has at least; 0 if there is nothing set aside. */
let streamRoom: u32 = 0;
let scratch: u32 = 0;
let scratchSize: u32 = 0;

/** The next byte to read, and the byte behind all. */
let at: u32 = 0;
let limit: u32 = 0;
/** The next byte to write, and the byte behind the room. */
let out: u32 = 0;
let outEnd: u32 = 0;
let reason: u32 = UNUSUAL;

let type: u32 = 0;
let nameSize: u32 = 0;
let expires: u32 = 0;

/** A length; of a string that was read, its bytes as text. */
let size: u32 = 0;
/** Where the stored bytes of that string are, how many, and how they are stored. */
let start: u32 = 0;
let stored: u32 = 0;
let storage: u32 = PLAIN;

// What is told of the value: the text with its type, and bytes with those of the key.
let text: u32 = 0;
let elements: u64 = 0;
let bytes: f64 = 0;

/** Sets what is the same for all keys of a file. */
export function setUp(withNames: bool, ofOneListpack: u32, room: u32, scratchAt: u32, scratchBytes: u32): void {
  matching = withNames;
  oneBytes = ofOneListpack;
  streamRoom = room;
  scratch = scratchAt;
  scratchSize = scratchBytes;
}

/**
 * Writes lines until a key is not as it should be, is not there to its end, or has no room.
 *
 * @param first where the bytes of the file begin, @param end where they end; a little can be read behind that.
 * @param to where to write, @param toEnd the byte behind the room.
 */
export function run(first: u32, end: u32, to: u32, toEnd: u32): void {
  limit = end;
  out = to;
  outEnd = toEnd;
  reason = UNUSUAL;
  let begin = first;
  let mark = to;
  while (begin < end) {
    at = begin;
    if (!key()) break;
    begin = at;
    mark = out;
  }
  store<u32>(RESULT, begin);
  store<u32>(RESULT, mark, 4);
  store<u32>(RESULT, reason, 8);
}

function key(): bool {
  const begin = at;
  let byte: u32 = load<u8>(at);
  expires = 0;
  if (byte === OP_EXPIRETIME_MS) {
    // From 2004 to 2286, as for the scan.
    const high = load<u32>(at, 5);
    if (high < 250 || high > 2327) return false;
    expires = 1;
    at += 9;
    byte = load<u8>(at);
  }
  at++;
  if (byte === OP_IDLE) {
    if (!length()) return false;
    byte = load<u8>(at++);
  } else if (byte === OP_FREQ) {
    byte = load<u8>(at, 1);
    at += 2;
  }
  const kind: u32 = load<u8>(KINDS + byte);
  if (kind === 0 || !string()) return false;
  type = byte;
  nameSize = size;
  let name = start;
  if (storage === NUMBER) {
    name = DIGITS;
  } else if (storage === LZF) {
    if (!unpack()) return false;
    name = scratch;
  }
  if (kind >= <u32>QUIET || (matching && !hostMatches(name, nameSize))) return value(kind & 0x7f) && at <= limit;
  if (out + (nameSize << 1) + LINE > outEnd) {
    reason = FULL;
    return false;
  }
  put(HEAD);
  base64(name, nameSize);
  if (!value(kind) || at > limit) return false;
  put(text);
  decimal(elements);
  put(BYTES);
  decimal(at - begin);
  put(MEMORY);
  decimal(<u64>floor(bytes + 0.5));
  put(TAIL);
  return true;
}

// Costs.

/** What something costs by a number. */
function cost(what: u32, number: u32): f64 {
  if (number >> KEPT_BITS !== 0) return hostCost(what, number, 0);
  const place = COSTS + (((what << KEPT_BITS) | number) << 3);
  const known = load<f64>(place);
  if (known !== 0) return known;
  const found = hostCost(what, number, 0);
  store<f64>(place, found);
  return found;
}

/** A hash field with its value. */
function pair(field: u32, value: u32): f64 {
  if (field >= 128 || value >= 256) return hostCost(PAIR, field, value);
  return kept(PAIRS + (((field << 8) | value) << 1), PAIR, field, value);
}

/** A string with its key, {@link APART} if it is not in one allocation with its header. */
function whole(): u32 {
  if (size >= 256 || nameSize >= 256) return <u32>hostCost(EMBEDDED + expires, size, nameSize);
  return kept(STRINGS + (((expires << 16) | (nameSize << 8) | size) << 1), EMBEDDED + expires, size, nameSize);
}

function kept(place: u32, what: u32, first: u32, second: u32): u32 {
  const known: u32 = load<u16>(place);
  if (known !== 0) return known;
  const found = <u32>hostCost(what, first, second);
  store<u16>(place, found);
  return found;
}

/** Key, dictionary entry and header of a value. */
function base(): f64 {
  return cost(KEY + expires, nameSize);
}

// Reading.

/** Reads a length of up to 28 bits into `size`: what is compared with it can be added to it. */
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
  return at <= limit && size < 0x10000000;
}

/** Reads a length of up to 53 bits. @returns -1 if there is none. */
function number(): i64 {
  const first: u32 = load<u8>(at);
  if (first === 0x81) {
    at += 9;
    const wide = bswap(load<u64>(at - 8));
    return at <= limit && wide >> 53 === 0 ? <i64>wide : -1;
  }
  if (first !== 0x80) return length() ? <i64>size : -1;
  at += 5;
  return at <= limit ? <i64>bswap(load<u32>(at - 4)) : -1;
}

/** Reads a string; a number is left as text at `DIGITS`. */
function string(): bool {
  const first: u32 = load<u8>(at);
  if (first < 0xc0) {
    if (!length()) return false;
    storage = PLAIN;
    stored = size;
  } else if (first === 0xc3) {
    at++;
    if (!length()) return false;
    storage = LZF;
    stored = size;
    if (!length() || size > stored * EXPANSION) return false;
  } else {
    if (first > 0xc3) return false;
    at++;
    storage = NUMBER;
    stored = 1 << (first - 0xc0);
    size = signed(wide(at, stored), DIGITS);
  }
  start = at;
  at += stored;
  return at <= limit;
}

/** Decompresses the string that was read last. */
function unpack(): bool {
  return size <= scratchSize && decompress(start, at, scratch, scratch + size);
}

/** Reads a compact structure. @returns where its header is; 0 if it cannot be told. */
function structure(least: u32): u32 {
  if (!string() || storage === NUMBER || size < least) return 0;
  if (storage === PLAIN) return start;
  // Compressed bytes begin with a literal run; if it is long enough, the header stands in it.
  const literal: u32 = load<u8>(start);
  if (literal >= 10 && literal < 0x20 && literal + 2 <= stored) return start + 1;
  return unpack() ? scratch : 0;
}

/** Reads a structure whose header counts its entries. @returns how many there are; 65535 if that is not known. */
function entriesOf(packed: bool): u32 {
  const header = structure(packed ? 7 : 11);
  return header === 0 ? 0xffff : load<u16>(packed ? header + 4 : header + 8);
}

/** True if not more elements are there than what is known of the type goes for. */
function few(): bool {
  return <i64>elements <= <i64>load<i32>(MOST + (type << 2));
}

// Values.

function value(form: u32): bool {
  text = type;
  if (form === STRING) return plainString();
  if (form === STREAM) return stream();
  if (form >= <u32>INTSET) return form <= <u32>ZIPLIST_PAIRS ? compact(form) : list(form === QUICKLIST_2);
  if (!length()) return false;
  elements = size;
  // Few elements would be put into another structure.
  if (few()) return false;
  let sum: f64 = 0;
  for (let left = <u32>elements; left > 0; left--) {
    if (!string()) return false;
    if (form === HASH) {
      const field = size;
      if (!string()) return false;
      sum += pair(field, size);
    } else if (form === SET) {
      sum += cost(MEMBER, size);
    } else {
      sum += cost(SCORED, size);
      if (form === ZSET) {
        at += 8;
      } else {
        const score: u32 = load<u8>(at);
        at += score >= 253 ? 1 : 1 + score;
      }
    }
  }
  bytes = base() + (sum + cost(form === HASH ? HASH_TABLE : form === SET ? SET_TABLE : ZSET_TABLE, <u32>elements));
  return true;
}

function plainString(): bool {
  if (!string()) return false;
  elements = size;
  let integer = storage === NUMBER;
  if (!integer && size <= 20 && size > 0) {
    if (storage === LZF) return false;
    integer = size === 1 ? <u32>load<u8>(start) - ZERO <= 9 : isInteger(start, size);
  }
  if (integer) {
    text = INT;
    bytes = base();
    return true;
  }
  const known = size < 256 ? whole() : APART;
  text = known === APART ? RAW : EMBSTR;
  bytes = known === APART ? base() + cost(RAW_STRING, size) : known;
  return true;
}

/** A hash, set or sorted set in one structure. */
function compact(form: u32): bool {
  if (form === INTSET) {
    const header = structure(8);
    if (header === 0) return false;
    elements = load<u32>(header, 4);
    bytes = base() + cost(INTEGERS, size);
    return few();
  }
  const entries = entriesOf(form !== ZIPLIST_PAIRS);
  if (entries === 0xffff) return false;
  elements = form === LISTPACK ? entries : entries >> 1;
  bytes = base() + cost(BLOB, size);
  return few();
}

function list(containers: bool): bool {
  if (!length()) return false;
  const nodes = size;
  let packed = 0;
  let sum: f64 = 0;
  elements = 0;
  for (let left = nodes; left > 0; left--) {
    let entries: u32 = 1;
    if (containers && !length()) return false;
    if (containers && size === 1) {
      if (!string()) return false;
    } else {
      if (containers && size !== 2) return false;
      entries = entriesOf(containers);
      if (entries === 0xffff) return false;
      packed++;
    }
    elements += entries;
    sum += cost(LIST_NODE, size);
  }
  if (containers && nodes === 1 && packed === 1 && size <= oneBytes && few()) {
    text = ONE_LISTPACK;
    bytes = base() + cost(BLOB, size);
  } else {
    bytes = base() + (cost(EMPTY_LIST, 0) + sum);
  }
  return true;
}

/** A stream without groups. */
function stream(): bool {
  let nodes = number();
  const several = nodes > 1;
  let sum = cost(EMPTY_STREAM, type);
  if (nodes <= 0) return false;
  if (several) hostTree(0);
  for (; nodes > 0; nodes--) {
    if (!string() || size !== 16 || storage !== PLAIN) return false;
    if (several) hostTree(start);
    if (!string()) return false;
    sum += cost(STREAM_NODE, nodes > 1 ? size : max(size, streamRoom));
  }
  sum += several ? hostTree(0) : cost(TREE, 0);
  const entries = number();
  const ms = number();
  const seq = number();
  if (entries < 0 || ms < 0 || seq < 0) return false;
  elements = entries;
  if (type !== 15) {
    if (number() < 0 || number() < 0) return false;
    const deletedMs = number();
    const deletedSeq = number();
    if (deletedMs < 0 || deletedSeq < 0 || number() < 0) return false;
    // The node that was begun last may be gone.
    if (streamRoom > 0 && deletedMs === ms && deletedSeq === seq) return false;
  }
  bytes = base() + sum;
  return number() === 0;
}

// Writing. Copies are of whole words: what is behind them is written over.

/** A text that is there. */
function put(number: u32): void {
  const from = load<u32>(TEXTS + (number << 3));
  const count = load<u32>(TEXTS + (number << 3), 4);
  const to = out;
  for (let i: u32 = 0; i < count; i += 8) store<u64>(to + i, load<u64>(from + i));
  out = to + count;
}

function decimal(number: u64): void {
  out += digitsTo(number, out);
}

/** Bytes as Base64 with padding. */
function base64(from: u32, count: u32): void {
  let to = out;
  let left = count;
  for (let p = from; ; p += 6, to += 8, left -= 6) {
    let six = bswap(load<u64>(p));
    // Behind the last byte there are zeros.
    if (left < 6) six = left === 0 ? 0 : six & (~(<u64>0) << (64 - (left << 3)));
    store<u64>(
      to,
      characters(six >> 52) |
        (characters((six >> 40) & 0xfff) << 16) |
        (characters((six >> 28) & 0xfff) << 32) |
        (characters((six >> 16) & 0xfff) << 48),
    );
    if (left <= 6) break;
  }
  out += ((count + 2) / 3) << 2;
  const over = count % 3;
  if (over === 1) store<u16>(out - 2, 0x3d3d);
  else if (over === 2) store<u8>(out - 1, 0x3d);
}

function characters(bits: u64): u64 {
  return load<u16>(BASE64 + (<u32>bits << 1));
}
