/** Parts of an RDB as a server writes them: lengths, strings, numbers. */
import { isLong, type Text } from '../../decoder/rdb/string.js';
import { piecesOf } from './formatter.js';
import type { OutBuffer } from './out-buffer.js';

/** A length in its shortest form. @param length from 0 up; a bigint of up to 64 bits. */
export function writeLength(out: OutBuffer, length: number | bigint): void {
  out.need(9);
  const { bytes } = out;
  if (typeof length === 'bigint' || length > 0xffffffff) {
    const value = BigInt.asUintN(64, BigInt(length));
    if (value <= 0xffffffffn) {
      writeLength(out, Number(value));
      return;
    }
    bytes[out.size++] = 0x81;
    for (let shift = 56n; shift >= 0n; shift -= 8n) bytes[out.size++] = Number((value >> shift) & 0xffn);
    return;
  }
  if (length < 0x40) {
    bytes[out.size++] = length;
  } else if (length < 0x4000) {
    bytes[out.size++] = 0x40 | (length >> 8);
    bytes[out.size++] = length & 0xff;
  } else {
    bytes[out.size++] = 0x80;
    for (let shift = 24; shift >= 0; shift -= 8) bytes[out.size++] = (length >>> shift) & 0xff;
  }
}

/** The longest text of a number that has an encoding of its own. */
const INTEGER_LENGTH = 11;

/** A string as it is, or as an integer where a server writes one. */
export function* writeString(out: OutBuffer, text: Text): Generator<void> {
  if (!isLong(text)) {
    writeShortString(out, text);
    return;
  }
  writeLength(out, text.length);
  for (const piece of piecesOf(text)) {
    out.copy(piece);
    yield;
  }
}

/** As {@link writeString}, for what is at hand. */
export function writeShortString(out: OutBuffer, bytes: Uint8Array): void {
  const integer = bytes.length <= INTEGER_LENGTH ? integerOf(bytes) : undefined;
  if (integer === undefined) {
    writeLength(out, bytes.length);
    out.copy(bytes);
    return;
  }
  out.need(5);
  const width = integer === (integer << 24) >> 24 ? 1 : integer === (integer << 16) >> 16 ? 2 : 4;
  out.bytes[out.size++] = 0xbf + (width === 4 ? 3 : width);
  for (let i = 0; i < width; i++) out.bytes[out.size++] = (integer >> (8 * i)) & 0xff;
}

/** The number that the text is, if it is written as a server writes one of 32 bits. */
function integerOf(bytes: Uint8Array): number | undefined {
  const negative = bytes[0] === 0x2d;
  const first = negative ? 1 : 0;
  if (bytes.length === first) return undefined;
  let value = 0;
  for (let at = first; at < bytes.length; at++) {
    const digit = bytes[at] - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  if (bytes[first] === 0x30 && (negative || bytes.length > 1)) return undefined;
  if (negative) value = -value;
  return value === (value | 0) ? value : undefined;
}

/** Eight bytes, the lowest first. */
export function write64le(out: OutBuffer, value: number | bigint): void {
  out.need(8);
  const wide = BigInt.asUintN(64, BigInt(value));
  const low = Number(wide & 0xffffffffn);
  const high = Number(wide >> 32n);
  for (let i = 0; i < 4; i++) out.bytes[out.size++] = (low >>> (8 * i)) & 0xff;
  for (let i = 0; i < 4; i++) out.bytes[out.size++] = (high >>> (8 * i)) & 0xff;
}

/** Eight bytes, the highest first. */
export function write64be(out: OutBuffer, value: bigint): void {
  out.need(8);
  for (let shift = 56n; shift >= 0n; shift -= 8n) out.bytes[out.size++] = Number((value >> shift) & 0xffn);
}

const double = new DataView(new ArrayBuffer(8));

/** A double, the lowest byte first. */
export function writeDouble(out: OutBuffer, value: number): void {
  out.need(8);
  double.setFloat64(0, value, true);
  for (let i = 0; i < 8; i++) out.bytes[out.size++] = double.getUint8(i);
}
