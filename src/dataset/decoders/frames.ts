/** What LZ4 and Zstandard have in common: frames one after another, with skippable ones between them. */
import { hex, type Limits, noMagic, trailing, type Work } from './decoder.js';
import { Output } from './output.js';
import { Reader } from './reader.js';

/** First bytes of a frame that is skipped, but for the last four bits. */
const SKIPPABLE = 0x184d2a50;

/**
 * Decodes all frames.
 *
 * @param magic the first four bytes of a frame.
 * @param frame decodes one, from behind its magic on. @param start where it begins.
 */
export function* decodeFrames(
  bytes: Uint8Array,
  limits: Limits,
  magic: readonly number[],
  frame: (reader: Reader, output: Output, start: number) => Work<void>,
): Work<Uint8Array> {
  const reader = new Reader(bytes);
  const output = new Output(limits, bytes.length);
  do {
    const start = reader.at;
    const found = reader.u32(true);
    if ((found & 0xfffffff0) >>> 0 === SKIPPABLE) {
      reader.take(reader.u32(true));
      continue;
    }
    if (magic.some((byte, i) => bytes[start + i] !== byte)) {
      throw start === 0 ? noMagic(magic.map(hex).join(' ')) : trailing(start, bytes.length - start);
    }
    yield* frame(reader, output, start);
  } while (!reader.ended);
  return output.bytes();
}
