/** Bytes that are written as text: base64 in both of its alphabets, and hexadecimal. */
import { phrase } from '../../decoder/errors.js';
import { type BytesDecoder, badByte, UndecodableError, type Work } from './decoder.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Values by byte; 64 for blanks and line ends, 65 for `=`, 255 for what is none. */
const VALUES = new Uint8Array(256).fill(255);
for (let i = 0; i < 64; i++) VALUES[ALPHABET.charCodeAt(i)] = i;
VALUES[0x2d] = 62;
VALUES[0x5f] = 63;
for (const blank of [9, 10, 13, 32]) VALUES[blank] = 64;
VALUES[0x3d] = 65;

// biome-ignore lint/correctness/useYield: as fast as copying
function* decodeBase64(bytes: Uint8Array): Work<Uint8Array> {
  const output = new Uint8Array(Math.floor((bytes.length * 3) / 4));
  let out = 0;
  let hold = 0;
  let digits = 0;
  let padding = 0;
  for (let at = 0; at < bytes.length; at++) {
    const value = VALUES[bytes[at]];
    if (value === 64) continue;
    if (value === 65) {
      padding++;
      continue;
    }
    if (value === 255 || padding > 0) throw badByte(at, bytes[at]);
    hold = (hold << 6) | value;
    digits++;
    if (digits % 4 === 0) {
      output[out++] = hold >> 16;
      output[out++] = hold >> 8;
      output[out++] = hold;
      hold = 0;
    }
  }
  const rest = digits % 4;
  if (rest === 1 || padding > 2 || (padding > 0 && (rest + padding) % 4 !== 0)) {
    throw new UndecodableError(bytes.length, phrase('it has {0} digits, which is no whole number of bytes', digits));
  }
  if (digits === 0) throw new UndecodableError(0, phrase('nothing comes out of it'));
  if (rest >= 2) output[out++] = rest === 2 ? hold >> 4 : hold >> 10;
  if (rest === 3) output[out++] = hold >> 2;
  return output.subarray(0, out);
}

/** The value of a hexadecimal digit; −1 for what is none. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

// biome-ignore lint/correctness/useYield: as fast as copying
function* decodeHex(bytes: Uint8Array): Work<Uint8Array> {
  const start = (bytes[0] === 0x30 || bytes[0] === 0x5c) && (bytes[1] | 0x20) === 0x78 ? 2 : 0;
  const output = new Uint8Array((bytes.length - start + 1) >> 1);
  let digits = 0;
  for (let at = start; at < bytes.length; at++) {
    if (VALUES[bytes[at]] === 64) continue;
    const value = hexDigit(bytes[at]);
    if (value < 0) throw badByte(at, bytes[at]);
    output[digits >> 1] |= digits % 2 === 0 ? value << 4 : value;
    digits++;
  }
  if (digits === 0) throw new UndecodableError(start, phrase('nothing comes out of it'));
  if (digits % 2 === 1) {
    throw new UndecodableError(bytes.length, phrase('it has {0} digits, which is no whole number of bytes', digits));
  }
  return output.subarray(0, digits >> 1);
}

/** True if the first bytes can be base64 of something that is worth a look. */
function looksLikeBase64(bytes: Uint8Array): boolean {
  return bytes.length >= 12 && bytes.subarray(0, 64).every((byte) => VALUES[byte] < 66);
}

function looksLikeHex(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 12 && bytes.length % 2 === 0 && /^[\da-f]+$/i.test(String.fromCharCode(...bytes.subarray(0, 64)))
  );
}

export const BASE64: BytesDecoder = {
  id: 'base64',
  kind: 'bytes',
  label: 'base64',
  starts: looksLikeBase64,
  decode: decodeBase64,
};

export const HEX: BytesDecoder = { id: 'hex', kind: 'bytes', label: 'hex', starts: looksLikeHex, decode: decodeHex };
