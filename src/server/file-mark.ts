/** A mark of a file by which it is told, when a job goes on, whether it is the same as before. */
import { crc64, crc64Name } from '../decoder/crc64/crc64.js';
import { type ByteSource, readFully } from '../decoder/source.js';

/** Bytes at its start, and before the place, that the mark is made of. */
const MARKED_BYTES = 64 * 1024;

/**
 * The mark: the same as long as the bytes at the start and those before the place are, however much was appended.
 *
 * @param bytes that the file had when it was marked first: of a short one, no more count to its start.
 * @param place in bytes from its start.
 */
export function fileMark(source: ByteSource, bytes: number, place: number): string {
  const buffer = new Uint8Array(MARKED_BYTES);
  const start = buffer.subarray(0, Math.min(MARKED_BYTES, bytes));
  const crc = crc64(0n, start, 0, readFully(source, 0, start));
  const before = buffer.subarray(0, Math.min(MARKED_BYTES, place));
  return crc64Name(crc64(crc, before, 0, readFully(source, place - before.length, before)));
}
