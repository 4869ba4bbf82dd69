/** Snappy: raw, and the framing format with its checksums. */
import { phrase } from '../../decoder/errors.js';
import {
  type BytesDecoder,
  badByte,
  badChecksum,
  badDistance,
  endsEarly,
  type Limits,
  noMagic,
  tooMuch,
  UndecodableError,
  type Work,
} from './decoder.js';
import { crc32, crc32Table } from './inflate.js';
import { Output } from './output.js';
import { Reader, startsWith } from './reader.js';

/** Output that an element of three bytes can stand for: the most that a byte gives. */
const MOST = 22;

/** Decompresses raw snappy data into the output. @param base where they begin in what is decoded, for errors. */
function snappyInto(bytes: Uint8Array, base: number, output: Output, limits: Limits): void {
  let at = 0;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    if (at >= bytes.length) throw endsEarly(base + at, 1);
    const byte = bytes[at++];
    if (shift === 28 && byte > 15) throw badByte(base + at - 1, byte);
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  if (length > limits.bytes) throw tooMuch(base, limits);
  if (length > bytes.length * MOST) {
    throw new UndecodableError(base, phrase('it says that it gives {0} bytes, which it cannot', length));
  }
  const start = output.length;
  while (at < bytes.length) {
    const tag = bytes[at];
    const kind = tag & 3;
    let size = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const extra = kind === 0 ? Math.max(0, size - 60) : [0, 1, 2, 4][kind];
    if (at + 1 + extra > bytes.length) throw endsEarly(base + bytes.length, at + 1 + extra - bytes.length);
    let number = 0;
    for (let i = extra; i > 0; i--) number = number * 256 + bytes[at + i];
    at += 1 + extra;
    if (kind === 0) {
      if (extra > 0) size = number + 1;
      if (at + size > bytes.length) throw endsEarly(base + bytes.length, at + size - bytes.length);
      output.appendPart(bytes, at, at + size, base + at);
      at += size;
    } else {
      const distance = kind === 1 ? ((tag >> 5) << 8) | number : number;
      if (distance === 0 || distance > output.length - start) throw badDistance(base + at - extra);
      output.repeat(distance, size, base + at);
    }
    if (output.length - start > length) break;
  }
  if (output.length - start !== length) {
    const given = output.length - start;
    throw new UndecodableError(base + at, phrase('it gives {0} bytes, which is not what it says', given));
  }
}

// biome-ignore lint/correctness/useYield: raw data are decompressed in one go
function* decodeRaw(bytes: Uint8Array, limits: Limits): Work<Uint8Array> {
  const output = new Output(limits, bytes.length);
  snappyInto(bytes, 0, output, limits);
  if (output.length === 0) throw new UndecodableError(0, phrase('nothing comes out of it'));
  return output.bytes();
}

let castagnoli: Uint32Array | undefined;

/** The checksum of a chunk: CRC-32C, rotated and moved. */
function maskedChecksum(bytes: Uint8Array): number {
  castagnoli ??= crc32Table(0x82f63b78);
  const crc = crc32(bytes, castagnoli);
  return ((((crc >>> 15) | (crc << 17)) >>> 0) + 0xa282ead8) >>> 0;
}

function* decodeFramed(bytes: Uint8Array, limits: Limits): Work<Uint8Array> {
  if (!FRAMED.starts(bytes)) throw noMagic('0xff sNaPpY');
  const reader = new Reader(bytes);
  const output = new Output(limits, bytes.length);
  while (!reader.ended) {
    const at = reader.at;
    const kind = reader.u8();
    const size = reader.u8() | (reader.u8() << 8) | (reader.u8() << 16);
    if (kind > 1) {
      // Kinds from 0x80 on may be skipped; 0xff says again what the stream is.
      if (kind < 0x80) throw badByte(at, kind);
      reader.take(size);
      continue;
    }
    if (size < 4) throw endsEarly(reader.at, 4 - size);
    const checksum = reader.u32(true);
    const before = output.length;
    const data = reader.take(size - 4);
    if (kind === 0) snappyInto(data, at + 8, output, limits);
    else output.append(data, at + 8);
    if (maskedChecksum(output.bytes().subarray(before)) !== checksum) throw badChecksum(at + 4);
    yield;
  }
  return output.bytes();
}

export const SNAPPY: BytesDecoder = {
  id: 'snappy',
  kind: 'bytes',
  label: 'Snappy',
  starts: () => false,
  decode: decodeRaw,
};

export const FRAMED: BytesDecoder = {
  id: 'snappy-framed',
  kind: 'bytes',
  label: 'Snappy (framed)',
  starts: (bytes) => startsWith(bytes, 0xff, 6, 0, 0, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59),
  decode: decodeFramed,
};
