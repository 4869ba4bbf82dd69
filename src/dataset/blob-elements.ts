/**
 * The elements of a compact structure that is in memory whole, for passes over many values: without an object for each
 * element. Damage ends a walk; what a structure says about itself is checked by the readers of the decoder, not here.
 */
import type { BlobKind } from '../decoder/rdb/layout.js';

/** Takes elements. */
export interface ElementSink {
  /** An element that is text: its bytes from `start` to `end`. */
  text(bytes: Uint8Array, start: number, end: number): void;
  /** An element that is stored as a number; a bigint beyond 2^53. */
  integer(value: number | bigint): void;
}

/**
 * Gives every element to a sink.
 *
 * @returns false if the structure is damaged: it ended or stopped making sense before its end mark.
 */
export function eachElement(kind: BlobKind, bytes: Uint8Array, sink: ElementSink): boolean {
  switch (kind) {
    case 'listpack':
      return eachOfListpack(bytes, sink);
    case 'ziplist':
      return eachOfZiplist(bytes, sink);
    case 'intset':
      return eachOfIntset(bytes, sink);
    case 'zipmap':
      return eachOfZipmap(bytes, sink);
  }
}

function eachOfListpack(bytes: Uint8Array, sink: ElementSink): boolean {
  const end = bytes.length;
  let at = 6;
  while (at < end) {
    const start = at;
    const first = bytes[at++];
    if (first < 0x80) {
      sink.integer(first);
    } else if (first < 0xc0) {
      const behind = at + (first & 0x3f);
      if (behind > end) return false;
      sink.text(bytes, at, behind);
      at = behind;
    } else if (first < 0xe0) {
      sink.integer(((((first & 0x1f) << 8) | bytes[at++]) << 19) >> 19);
    } else if (first < 0xf0) {
      const length = ((first & 0x0f) << 8) | bytes[at++];
      if (at + length > end) return false;
      sink.text(bytes, at, at + length);
      at += length;
    } else if (first === 0xff) {
      return at === end;
    } else if (first === 0xf0) {
      const length = u32(bytes, at);
      at += 4;
      if (!(at + length <= end)) return false;
      sink.text(bytes, at, at + length);
      at += length;
    } else {
      const width = first === 0xf4 ? 8 : first - 0xef;
      if (first > 0xf4 || at + width > end) return false;
      sink.integer(signed(bytes, at, width));
      at += width;
    }
    at += backlenSize(at - start);
  }
  return false;
}

function eachOfZiplist(bytes: Uint8Array, sink: ElementSink): boolean {
  const end = bytes.length;
  let at = 10;
  while (at < end) {
    const previous = bytes[at];
    if (previous === 0xff) return at + 1 === end;
    at += previous === 0xfe ? 5 : 1;
    if (at >= end) return false;
    const first = bytes[at++];
    if (first < 0xc0) {
      let length = first & 0x3f;
      if (first >= 0x80) {
        length = (bytes[at] * 0x1000000 + ((bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3])) >>> 0;
        at += 4;
      } else if (first >= 0x40) {
        length = (length << 8) | bytes[at++];
      }
      if (!(at + length <= end)) return false;
      sink.text(bytes, at, at + length);
      at += length;
    } else if (first >= 0xf1 && first <= 0xfd) {
      sink.integer((first & 0x0f) - 1);
    } else {
      const width = ZIPLIST_WIDTHS[first];
      if (width === undefined || at + width > end) return false;
      sink.integer(signed(bytes, at, width));
      at += width;
    }
  }
  return false;
}

const ZIPLIST_WIDTHS: Readonly<Record<number, number>> = { 192: 2, 208: 4, 224: 8, 240: 3, 254: 1 };

function eachOfIntset(bytes: Uint8Array, sink: ElementSink): boolean {
  if (bytes.length < 8) return false;
  const width = u32(bytes, 0);
  const count = u32(bytes, 4);
  if ((width !== 2 && width !== 4 && width !== 8) || bytes.length !== 8 + width * count) return false;
  for (let at = 8; at < bytes.length; at += width) sink.integer(signed(bytes, at, width));
  return true;
}

function eachOfZipmap(bytes: Uint8Array, sink: ElementSink): boolean {
  const end = bytes.length;
  let isValue = false;
  for (let at = 1; at < end; isValue = !isValue) {
    let length = bytes[at++];
    if (length === 0xff) return !isValue && at === end;
    if (length === 0xfe) {
      length = u32(bytes, at);
      at += 4;
    }
    const free = isValue ? bytes[at++] : 0;
    if (!(at + length + free < end)) return false;
    sink.text(bytes, at, at + length);
    at += length + free;
  }
  return false;
}

function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
}

/** A little-endian signed number of 1, 2, 3, 4 or 8 bytes. */
function signed(bytes: Uint8Array, at: number, width: number): number | bigint {
  switch (width) {
    case 1:
      return (bytes[at] << 24) >> 24;
    case 2:
      return ((bytes[at] | (bytes[at + 1] << 8)) << 16) >> 16;
    case 3:
      return ((bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16)) << 8) >> 8;
    case 4:
      return u32(bytes, at) | 0;
    default: {
      const high = u32(bytes, at + 4) | 0;
      // Beyond 2^53 a number is not exact.
      if (high >= 0x200000 || high < -0x200000) return (BigInt(high) << 32n) | BigInt(u32(bytes, at));
      return high * 4294967296 + u32(bytes, at);
    }
  }
}

/** Bytes of the field behind an element of `size` bytes; the steps are one below the powers of 128. */
export function backlenSize(size: number): number {
  if (size <= 127) return 1;
  if (size < 16383) return 2;
  if (size < 2097151) return 3;
  return size < 268435455 ? 4 : 5;
}
