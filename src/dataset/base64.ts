/** Base64 as JSON output needs it: bytes in, text out, in pieces if there are many. */
import { isLong, type Text } from '../decoder/rdb/string.js';
import { readFully } from '../decoder/source.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Two characters for every 12 bits, so that a group of three bytes takes two look-ups. */
const PAIRS: readonly string[] = Array.from(
  { length: 4096 },
  (_, value) => ALPHABET[value >> 6] + ALPHABET[value & 63],
);

/** Bytes as Base64 with padding. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  const whole = bytes.length - (bytes.length % 3);
  for (let at = 0; at < whole; at += 3) {
    const first = bytes[at];
    const middle = bytes[at + 1];
    text += PAIRS[(first << 4) | (middle >> 4)] + PAIRS[((middle & 0x0f) << 8) | bytes[at + 2]];
  }
  if (bytes.length - whole === 1) {
    text += `${PAIRS[bytes[whole] << 4]}==`;
  } else if (bytes.length - whole === 2) {
    const first = bytes[whole];
    const middle = bytes[whole + 1];
    text += `${PAIRS[(first << 4) | (middle >> 4)]}${ALPHABET[(middle & 0x0f) << 2]}=`;
  }
  return text;
}

/** A multiple of three, so that pieces of Base64 can be put together. */
const PIECE = 3 * 64 * 1024;

/** A string as Base64, in pieces: a long one is never in memory whole. */
export function* base64Pieces(text: Text): Generator<string> {
  if (!isLong(text)) {
    yield base64(text);
    return;
  }
  const buffer = new Uint8Array(PIECE);
  for (let at = 0; at < text.length; ) {
    const read = readFully(text.source, at, buffer);
    if (read === 0) return;
    yield base64(buffer.subarray(0, read));
    at += read;
  }
}
