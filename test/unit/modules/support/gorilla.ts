/** Writes chunks of time series: compressed as the module does it, and plain. */
import { double, join, string, uint } from './items.js';

export type Point = readonly [timestamp: bigint, value: number];

/** The bits of a double. */
export function bitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

/** Bits one after the other; those of a number with the least significant one first. */
class BitWriter {
  readonly bits: number[] = [];

  /** @param text bits in the order in which they are written. */
  code(text: string): void {
    for (const bit of text) this.bits.push(Number(bit));
  }

  number(value: bigint, width: number): void {
    for (let i = 0; i < width; i++) this.bits.push(Number((value >> BigInt(i)) & 1n));
  }

  /** The bytes, filled up with zeros to `size`. */
  bytes(size: number): Uint8Array {
    const bytes = new Uint8Array(size);
    for (const [at, bit] of this.bits.entries()) bytes[at >> 3] |= bit << (at & 7);
    return bytes;
  }
}

/** The codes of a change of the distance, and the bits of the number after them. */
const CHANGES: readonly (readonly [code: string, width: number])[] = [
  ['10', 5],
  ['110', 8],
  ['1110', 11],
  ['11110', 15],
  ['111110', 32],
  ['111111', 64],
];

/** The parts of a compressed chunk. @param spare bytes behind the samples, as a chunk has that is not full. */
export function compressedChunk(points: readonly Point[], spare = 0): Uint8Array {
  const [first] = points;
  const [base, baseValue] = first ?? [0n, 0];
  const writer = new BitWriter();
  let timestamp = base;
  let delta = 0n;
  let bits = bitsOf(baseValue);
  let leading = 32;
  let trailing = 32;
  for (const [time, value] of points.slice(1)) {
    const distance = time - timestamp;
    const change = BigInt.asIntN(64, distance - delta);
    if (change === 0n) {
      writer.code('0');
    } else {
      const fits = ([, width]: readonly [string, number]) => BigInt.asIntN(width, change) === change;
      const [code, width] = CHANGES.find(fits) ?? ['', 0];
      writer.code(code);
      writer.number(BigInt.asUintN(64, change), width);
    }
    delta = distance;
    timestamp = time;
    const next = bitsOf(value);
    const difference = next ^ bits;
    if (difference === 0n) {
      writer.code('0');
      continue;
    }
    const digits = difference.toString(2).padStart(64, '0');
    const before = Math.min(31, digits.indexOf('1'));
    const behind = 63 - digits.lastIndexOf('1');
    const block = 64 - before - behind;
    if (before >= leading && behind >= trailing && 11 + block > 64 - leading - trailing) {
      writer.code('10');
      writer.number(difference >> BigInt(trailing), 64 - leading - trailing);
    } else {
      writer.code('11');
      writer.number(BigInt(before), 5);
      writer.number(BigInt(block - 1), 6);
      writer.number(difference >> BigInt(behind), block);
      leading = before;
      trailing = behind;
    }
    bits = next;
  }
  const used = writer.bits.length;
  const size = Math.ceil(used / 64) * 8 + spare;
  return join(
    ...[size, points.length, used].map(uint),
    ...[bitsOf(baseValue), base, timestamp, delta, bits, leading, trailing].map(uint),
    string(writer.bytes(size)),
  );
}

/** The parts of an uncompressed chunk. @param spare bytes behind the samples. */
export function plainChunk(points: readonly Point[], spare = 0): Uint8Array {
  const bytes = new Uint8Array(points.length * 16 + spare);
  const view = new DataView(bytes.buffer);
  for (const [index, [timestamp, value]] of points.entries()) {
    view.setBigUint64(index * 16, timestamp, true);
    view.setFloat64(index * 16 + 8, value, true);
  }
  return join(uint(points[0]?.[0] ?? 0n), uint(points.length), uint(bytes.length), string(bytes));
}

/** A sample as versions 0 and 1 write it. */
export function samplePart([timestamp, value]: Point): Uint8Array {
  return join(uint(timestamp), double(value));
}
