/** LZ4: the frame format, and blocks with their length in front as client libraries store them. */
import { phrase } from '../../decoder/errors.js';
import {
  type BytesDecoder,
  badByte,
  badChecksum,
  badDistance,
  endsEarly,
  type Limits,
  tooMuch,
  UndecodableError,
  type Work,
} from './decoder.js';
import { decodeFrames } from './frames.js';
import { Output } from './output.js';
import { Reader, startsWith } from './reader.js';

/** Decompresses a block into the output. @param history where its back references end: the start of what they reach. */
function lz4Block(bytes: Uint8Array, start: number, end: number, output: Output, history: number): void {
  let at = start;
  const more = (length: number): number => {
    let sum = length;
    if (length < 15) return sum;
    for (let byte = 255; byte === 255; sum += byte) {
      if (at >= end) throw endsEarly(at, 1);
      byte = bytes[at++];
    }
    return sum;
  };
  while (at < end) {
    const token = bytes[at++];
    const literals = more(token >> 4);
    if (at + literals > end) throw endsEarly(end, at + literals - end);
    output.appendPart(bytes, at, at + literals, at);
    at += literals;
    if (at === end) return;
    if (at + 2 > end) throw endsEarly(end, 1);
    const distance = bytes[at] | (bytes[at + 1] << 8);
    at += 2;
    if (distance === 0 || distance > output.length - history) throw badDistance(at - 2);
    output.repeat(distance, more(token & 15) + 4, at);
  }
}

const P1 = 0x9e3779b1;
const P2 = 0x85ebca77;
const P3 = 0xc2b2ae3d;
const P4 = 0x27d4eb2f;
const P5 = 0x165667b1;

const rotate = (value: number, count: number) => (value << count) | (value >>> (32 - count));

/** xxHash of 32 bits with seed 0. */
export function xxh32(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { length } = bytes;
  let at = 0;
  let hash = P5;
  if (length >= 16) {
    const lanes = [P1 + P2, P2, 0, -P1];
    for (; at + 16 <= length; at += 16) {
      for (let lane = 0; lane < 4; lane++) {
        const mixed = lanes[lane] + Math.imul(view.getUint32(at + 4 * lane, true), P2);
        lanes[lane] = Math.imul(rotate(mixed | 0, 13), P1);
      }
    }
    hash = rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) + rotate(lanes[3], 18);
  }
  hash = (hash + length) | 0;
  for (; at + 4 <= length; at += 4) {
    hash = Math.imul(rotate((hash + Math.imul(view.getUint32(at, true), P3)) | 0, 17), P4);
  }
  for (; at < length; at++) hash = Math.imul(rotate((hash + Math.imul(bytes[at], P5)) | 0, 11), P1);
  hash = Math.imul(hash ^ (hash >>> 15), P2);
  hash = Math.imul(hash ^ (hash >>> 13), P3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const MAGIC = [0x04, 0x22, 0x4d, 0x18];

function* frame(reader: Reader, output: Output): Work<void> {
  const head = reader.at;
  const flags = reader.u8();
  if (flags >> 6 !== 1) throw badByte(head, flags);
  reader.u8();
  if (flags & 8) reader.u64(true);
  if (flags & 1) throw new UndecodableError(head, phrase('it needs a dictionary'));
  const descriptor = reader.bytes.subarray(head, reader.at);
  if (reader.u8() !== ((xxh32(descriptor) >>> 8) & 0xff)) throw badChecksum(reader.at - 1);
  const independent = (flags & 0x20) !== 0;
  const first = output.length;
  for (;;) {
    const at = reader.at;
    const size = reader.u32(true);
    if (size === 0) break;
    const block = size & 0x7fffffff;
    const data = reader.take(block);
    if (size >>> 31) output.append(data, at);
    else lz4Block(reader.bytes, at + 4, at + 4 + block, output, independent ? output.length : first);
    if (flags & 0x10 && reader.u32(true) !== xxh32(data)) throw badChecksum(reader.at - 4);
    yield;
  }
  if (flags & 4 && reader.u32(true) !== xxh32(output.bytes().subarray(first))) throw badChecksum(reader.at - 4);
}

/** A block with its uncompressed length in four bytes before it, of either byte order. */
// biome-ignore lint/correctness/useYield: a block is decompressed in one go
function* decodeBlock(bytes: Uint8Array, limits: Limits): Work<Uint8Array> {
  const reader = new Reader(bytes);
  const little = reader.u32(true);
  reader.at = 0;
  const big = reader.u32();
  // A block expands at most 255 times.
  const most = 255 * (bytes.length - 4);
  const length = little > 0 && little <= most ? little : big;
  if (length === 0 || length > most) {
    throw new UndecodableError(0, phrase('it says that it gives {0} bytes, which it cannot', length));
  }
  if (length > limits.bytes) throw tooMuch(0, limits);
  const output = new Output({ ...limits, bytes: length }, bytes.length);
  lz4Block(bytes, 4, bytes.length, output, 0);
  if (output.length !== length) {
    throw new UndecodableError(bytes.length, phrase('it gives {0} bytes, which is not what it says', output.length));
  }
  return output.bytes();
}

export const LZ4: BytesDecoder = {
  id: 'lz4',
  kind: 'bytes',
  label: 'LZ4',
  starts: (bytes) => startsWith(bytes, ...MAGIC),
  decode: (bytes, limits) => decodeFrames(bytes, limits, MAGIC, frame),
};

export const LZ4_BLOCK: BytesDecoder = {
  id: 'lz4-block',
  kind: 'bytes',
  label: 'LZ4 (block)',
  starts: () => false,
  decode: decodeBlock,
};
