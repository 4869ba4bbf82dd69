/**
 * Deflate (RFC 1951) with its wrappers gzip (RFC 1952) and zlib (RFC 1950). Written here, not taken from the platform,
 * because it must say where data are damaged, stop at a limit, and give way to other work.
 */
import { phrase } from '../../decoder/errors.js';
import {
  type BytesDecoder,
  badByte,
  badChecksum,
  badDistance,
  endsEarly,
  type Limits,
  noMagic,
  trailing,
  UndecodableError,
  type Work,
} from './decoder.js';
import { Output } from './output.js';
import { startsWith } from './reader.js';

/** A Huffman code as a table: at the next bits of the input stand a symbol and, in the lowest four bits, its length. */
interface Huffman {
  readonly table: Uint16Array;
  readonly mask: number;
}

const MAX_BITS = 15;
/** Output between two breaks. */
const SLICE = 1 << 18;

/** The table of a canonical code. @param lengths bits of the code of each symbol; 0 for a symbol that has none. */
function huffman(lengths: Uint8Array, offset: number): Huffman {
  const counts = new Uint16Array(MAX_BITS + 1);
  let longest = 1;
  for (const length of lengths) {
    counts[length]++;
    if (length > longest) longest = length;
  }
  counts[0] = 0;
  let left = 1;
  const next = new Uint16Array(MAX_BITS + 2);
  for (let bits = 1; bits <= MAX_BITS; bits++) {
    left = left * 2 - counts[bits];
    if (left < 0) throw new UndecodableError(offset, phrase('a code table has too many codes'));
    next[bits + 1] = (next[bits] + counts[bits]) << 1;
  }
  const size = 1 << longest;
  const table = new Uint16Array(size);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol];
    if (length === 0) continue;
    // Codes come with their highest bit first, the input has its lowest bit first.
    let code = next[length]++;
    let reversed = 0;
    for (let i = 0; i < length; i++) {
      reversed = (reversed << 1) | (code & 1);
      code >>= 1;
    }
    for (let at = reversed; at < size; at += 1 << length) table[at] = (symbol << 4) | length;
  }
  return { table, mask: size - 1 };
}

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const FIXED_LENGTHS = Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
const FIXED_DISTANCES = new Uint8Array(30).fill(5);

/** Bits from the least significant on. */
class Bits {
  private hold = 0;
  private held = 0;

  constructor(
    readonly bytes: Uint8Array,
    public at: number,
  ) {}

  /** Gets bytes until there are so many bits, or the input ends. */
  private fill(count: number): void {
    const { bytes } = this;
    while (this.held < count && this.at < bytes.length) {
      this.hold |= bytes[this.at++] << this.held;
      this.held += 8;
    }
  }

  take(count: number): number {
    this.fill(count);
    if (this.held < count) throw endsEarly(this.at, 1);
    const value = this.hold & ((1 << count) - 1);
    this.hold >>>= count;
    this.held -= count;
    return value;
  }

  symbol({ table, mask }: Huffman): number {
    if (this.held < MAX_BITS) this.fill(MAX_BITS);
    const entry = table[this.hold & mask];
    const length = entry & 15;
    if (length === 0) throw new UndecodableError(this.at, phrase('a code stands for nothing'));
    if (length > this.held) throw endsEarly(this.at, 1);
    this.hold >>>= length;
    this.held -= length;
    return entry >> 4;
  }

  /** Leaves the rest of a byte that was begun. */
  align(): void {
    this.at -= this.held >> 3;
    this.hold = 0;
    this.held = 0;
  }
}

/** Decompresses deflate data from an offset on. @returns the offset behind them. */
function* inflateInto(bytes: Uint8Array, offset: number, output: Output): Work<number> {
  const bits = new Bits(bytes, offset);
  let next = output.length + SLICE;
  for (let last = false; !last; ) {
    last = bits.take(1) === 1;
    const kind = bits.take(2);
    if (kind === 3) throw new UndecodableError(bits.at - 1, phrase('a block is of a kind that does not exist'));
    if (kind === 0) {
      stored(bits, output);
      yield;
      continue;
    }
    const tables = kind === 1 ? fixedTables() : dynamicTables(bits);
    for (;;) {
      const symbol = bits.symbol(tables.lengths);
      if (symbol < 256) {
        output.push(symbol, bits.at);
      } else if (symbol === 256) {
        break;
      } else {
        if (symbol > 285) throw new UndecodableError(bits.at, phrase('a code stands for nothing'));
        const length = LENGTH_BASE[symbol - 257] + bits.take(LENGTH_EXTRA[symbol - 257]);
        const code = bits.symbol(tables.distances);
        if (code > 29) throw new UndecodableError(bits.at, phrase('a code stands for nothing'));
        const distance = DISTANCE_BASE[code] + bits.take(DISTANCE_EXTRA[code]);
        if (distance > output.length) throw badDistance(bits.at);
        output.repeat(distance, length, bits.at);
      }
      if (output.length >= next) {
        next = output.length + SLICE;
        yield;
      }
    }
  }
  bits.align();
  return bits.at;
}

function stored(bits: Bits, output: Output): void {
  bits.align();
  const { bytes, at } = bits;
  if (at + 4 > bytes.length) throw endsEarly(bytes.length, at + 4 - bytes.length);
  const length = bytes[at] | (bytes[at + 1] << 8);
  const check = bytes[at + 2] | (bytes[at + 3] << 8);
  if ((length ^ check) !== 0xffff) {
    throw new UndecodableError(at, phrase('the length of a stored block does not agree with its complement'));
  }
  if (at + 4 + length > bytes.length) throw endsEarly(bytes.length, at + 4 + length - bytes.length);
  output.append(bytes.subarray(at + 4, at + 4 + length), at);
  bits.at = at + 4 + length;
}

interface Tables {
  readonly lengths: Huffman;
  readonly distances: Huffman;
}

let fixed: Tables | undefined;

function fixedTables(): Tables {
  fixed ??= { lengths: huffman(FIXED_LENGTHS, 0), distances: huffman(FIXED_DISTANCES, 0) };
  return fixed;
}

function dynamicTables(bits: Bits): Tables {
  const start = bits.at;
  const lengthCount = bits.take(5) + 257;
  const distanceCount = bits.take(5) + 1;
  const codeCount = bits.take(4) + 4;
  if (lengthCount > 286) throw new UndecodableError(start, phrase('a code table has too many codes'));
  const codes = new Uint8Array(19);
  for (let i = 0; i < codeCount; i++) codes[CODE_ORDER[i]] = bits.take(3);
  const table = huffman(codes, start);
  const lengths = new Uint8Array(lengthCount + distanceCount);
  for (let i = 0; i < lengths.length; ) {
    const symbol = bits.symbol(table);
    if (symbol < 16) {
      lengths[i++] = symbol;
      continue;
    }
    if (symbol === 16 && i === 0) throw badByte(bits.at - 1, symbol);
    const value = symbol === 16 ? lengths[i - 1] : 0;
    const count = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
    if (i + count > lengths.length) throw new UndecodableError(bits.at, phrase('a code table has too many codes'));
    lengths.fill(value, i, i + count);
    i += count;
  }
  return {
    lengths: huffman(lengths.subarray(0, lengthCount), start),
    distances: huffman(lengths.subarray(lengthCount), start),
  };
}

/** The table of a CRC of 32 bits, least significant bit first. */
export function crc32Table(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, i) => {
    let value = i;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value >>> 0;
  });
}

const GZIP_CRC = crc32Table(0xedb88320);

/** The checksum of gzip, or with the table of another polynomial that of snappy. */
export function crc32(bytes: Uint8Array, table: Uint32Array = GZIP_CRC): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length; ) {
    for (const stop = Math.min(bytes.length, at + 3800); at < stop; at++) b += a += bytes[at];
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}

function* decodeDeflate(bytes: Uint8Array, limits: Limits): Work<Uint8Array> {
  const output = new Output(limits, bytes.length);
  const end = yield* inflateInto(bytes, 0, output);
  if (end < bytes.length) throw trailing(end, bytes.length - end);
  return output.bytes();
}

function* decodeZlib(bytes: Uint8Array, limits: Limits): Work<Uint8Array> {
  if (!zlibHeader(bytes)) throw noMagic('0x78');
  if (bytes[1] & 0x20) throw new UndecodableError(1, phrase('it needs a dictionary'));
  const output = new Output(limits, bytes.length);
  const end = yield* inflateInto(bytes, 2, output);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (end + 4 > bytes.length) throw endsEarly(bytes.length, end + 4 - bytes.length);
  if (view.getUint32(end) !== adler32(output.bytes())) throw badChecksum(end);
  if (end + 4 < bytes.length) throw trailing(end + 4, bytes.length - end - 4);
  return output.bytes();
}

function zlibHeader(bytes: Uint8Array): boolean {
  const [method, flags] = bytes;
  return bytes.length >= 6 && (method & 0x0f) === 8 && method >> 4 <= 7 && ((method << 8) | flags) % 31 === 0;
}

/** Members one after the other are one file. */
function* decodeGzip(bytes: Uint8Array, limits: Limits): Work<Uint8Array> {
  const output = new Output(limits, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  do {
    if (!startsWith(bytes.subarray(at), 0x1f, 0x8b))
      throw at === 0 ? noMagic('0x1f 0x8b') : trailing(at, bytes.length - at);
    const before = output.length;
    const end = yield* inflateInto(bytes, gzipHead(bytes, at), output);
    if (end + 8 > bytes.length) throw endsEarly(bytes.length, end + 8 - bytes.length);
    const member = output.bytes().subarray(before);
    if (view.getUint32(end, true) !== crc32(member)) throw badChecksum(end);
    if (view.getUint32(end + 4, true) !== member.length >>> 0) {
      throw new UndecodableError(end + 4, phrase('it gives {0} bytes, which is not what it says', member.length));
    }
    at = end + 8;
  } while (at < bytes.length);
  return output.bytes();
}

/** The offset behind the header of a gzip member. */
function gzipHead(bytes: Uint8Array, start: number): number {
  if (start + 10 > bytes.length) throw endsEarly(bytes.length, start + 10 - bytes.length);
  if (bytes[start + 2] !== 8) throw badByte(start + 2, bytes[start + 2]);
  const flags = bytes[start + 3];
  if (flags & 0xe0) throw badByte(start + 3, flags);
  let at = start + 10;
  if (flags & 4) at += 2 + ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) throw endsEarly(bytes.length, 1);
    at = end + 1;
  }
  if (flags & 2) at += 2;
  if (at > bytes.length) throw endsEarly(bytes.length, at - bytes.length);
  return at;
}

export const GZIP: BytesDecoder = {
  id: 'gzip',
  kind: 'bytes',
  label: 'gzip',
  starts: (bytes) => startsWith(bytes, 0x1f, 0x8b, 8),
  decode: decodeGzip,
};

export const ZLIB: BytesDecoder = { id: 'zlib', kind: 'bytes', label: 'zlib', starts: zlibHeader, decode: decodeZlib };

export const DEFLATE: BytesDecoder = {
  id: 'deflate',
  kind: 'bytes',
  label: 'deflate',
  starts: () => false,
  decode: decodeDeflate,
};
