/**
 * Zstandard (RFC 8878). The decompression is that of fzstd; the frames are read here first, so that it never gets a
 * window larger than the limit, gets one block at a time, and a failure has a place.
 */
import { Decompress } from 'fzstd';
import { phrase } from '../../decoder/errors.js';
import { type BytesDecoder, type Limits, tooMuch, UndecodableError, type Work } from './decoder.js';
import { decodeFrames } from './frames.js';
import type { Output } from './output.js';
import { type Reader, startsWith } from './reader.js';

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

/** Reads the header of a frame. @returns whether a checksum stands at its end. */
function frameHeader(reader: Reader, limits: Limits): boolean {
  const at = reader.at;
  const descriptor = reader.u8();
  const single = (descriptor & 0x20) !== 0;
  if (descriptor & 8) throw new UndecodableError(at, phrase('a bit is set that is reserved'));
  if (descriptor & 3) throw new UndecodableError(at, phrase('it needs a dictionary'));
  if (!single) {
    const window = reader.u8();
    const base = 2 ** (10 + (window >> 3));
    if (base + (base / 8) * (window & 7) > limits.bytes) throw tooMuch(at + 1, limits);
  }
  const size = descriptor >> 6;
  const sizeAt = reader.at;
  let content = 0;
  if (size === 0 && single) content = reader.u8();
  else if (size === 1) content = reader.u16(true) + 256;
  else if (size === 2) content = reader.u32(true);
  else if (size === 3) content = Number(reader.u64(true));
  if (content > limits.bytes) throw tooMuch(sizeAt, limits);
  return (descriptor & 4) !== 0;
}

function* frame(reader: Reader, output: Output, start: number, limits: Limits): Work<void> {
  const checksum = frameHeader(reader, limits);
  let at = reader.at;
  const stream = new Decompress((chunk) => output.append(chunk, at));
  let from = start;
  for (let last = false; !last; ) {
    at = reader.at;
    const head = reader.u8() | (reader.u8() << 8) | (reader.u8() << 16);
    last = (head & 1) === 1;
    const kind = (head >> 1) & 3;
    if (kind === 3) throw new UndecodableError(at, phrase('a block is of a kind that does not exist'));
    reader.take(kind === 1 ? 1 : head >> 3);
    if (last && checksum) reader.u32();
    const part = reader.bytes.subarray(from, reader.at);
    from = reader.at;
    try {
      stream.push(part, last);
    } catch (error) {
      if (error instanceof UndecodableError || !(error instanceof Error)) throw error;
      throw new UndecodableError(at, phrase('a block is damaged ({0})', error.message));
    }
    yield;
  }
}

export const ZSTD: BytesDecoder = {
  id: 'zstd',
  kind: 'bytes',
  label: 'Zstandard',
  starts: (bytes) => startsWith(bytes, ...MAGIC) && bytes.length >= 9,
  decode: (bytes, limits) =>
    decodeFrames(bytes, limits, MAGIC, (reader, output, start) => frame(reader, output, start, limits)),
};
