/** Going through the key names of many keys, in the order of the file: one sequential pass over it. */
import { lzfDecompress } from '../decoder/lzf.js';
import type { ByteSource } from '../decoder/source.js';
import { readFully } from '../decoder/source.js';
import type { KeyIndex } from './key-index.js';

/** Takes a name: the bytes from `start` to `end`, which are overwritten after the call. */
export type NameVisitor = (bytes: Uint8Array, start: number, end: number, row: number) => void;

/** The rows to go through, in ascending order: all, or those of a list. */
export type Rows = { readonly length: number; at(index: number): number };

/** All rows of an index. */
export function allRows(length: number): Rows {
  return { length, at: (index) => index };
}

/** Bytes read at once where keys stand close together; a part of it where they stand far apart. */
const WINDOW = 512 * 1024;
const SMALL_WINDOW = 8 * 1024;
/** The most bytes of a name that are looked at; servers allow 512 MB, nobody means it. */
export const NAME_LIMIT = 16 * 1024 * 1024;
/** Bytes that hold the header of any name: type byte, string header of LZF with two lengths. */
const HEADER = 24;

/**
 * Visits names. Yields after every window of the file, so that the caller can do other things or stop.
 *
 * @param rows ascending rows of `index`.
 */
export function* visitNames(source: ByteSource, index: KeyIndex, rows: Rows, visit: NameVisitor): Generator<number> {
  if (rows.length === 0) return;
  const first = index.typeOffset(rows.at(0));
  const last = index.typeOffset(rows.at(rows.length - 1));
  const dense = (last - first) / rows.length < SMALL_WINDOW / 4;
  const buffer = new Uint8Array(dense ? WINDOW : SMALL_WINDOW);
  let base = 0;
  let filled = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows.at(i);
    const offset = index.typeOffset(row) + 1;
    let at = offset - base;
    if (at < 0 || at + HEADER > filled) {
      if (i > 0) yield i;
      base = offset;
      filled = readFully(source, offset, buffer);
      at = 0;
    }
    // The plainest case, which almost all names are, without a call.
    const byte = buffer[at];
    if (byte < 0x40 && at + 1 + byte <= filled) {
      visit(buffer, at + 1, at + 1 + byte, row);
      continue;
    }
    const header = nameHeader(buffer, at, filled);
    if (header.kind === RAW && header.data + header.stored <= filled) {
      visit(buffer, header.data, header.data + header.stored, row);
    } else if (header.kind === INTEGER) {
      const text = integerName(buffer, header.data, header.stored);
      visit(text, 0, text.length, row);
    } else {
      const name = readName(source, offset + header.data - at, header);
      visit(name, 0, name.length, row);
    }
  }
}

const RAW = 0;
const INTEGER = 1;
const LZF = 2;

interface NameHeader {
  readonly kind: number;
  /** Index of the first stored byte. */
  readonly data: number;
  readonly stored: number;
  readonly length: number;
}

/** Reads the header of a name. The scan has checked it: it is well formed. */
function nameHeader(bytes: Uint8Array, at: number, end: number): NameHeader {
  const first = bytes[at];
  if (first < 0xc0) {
    const [length, data] = lengthAt(bytes, at, end);
    return { kind: RAW, data, stored: length, length };
  }
  if (first === 0xc3) {
    const [stored, next] = lengthAt(bytes, at + 1, end);
    const [length, data] = lengthAt(bytes, next, end);
    return { kind: LZF, data, stored, length };
  }
  const width = 1 << (first - 0xc0);
  return { kind: INTEGER, data: at + 1, stored: width, length: 0 };
}

function lengthAt(bytes: Uint8Array, at: number, end: number): [length: number, next: number] {
  const first = bytes[at];
  if (first < 0x40) return [first, at + 1];
  if (first < 0x80) return [((first & 0x3f) << 8) | bytes[at + 1], at + 2];
  const view = new DataView(bytes.buffer, bytes.byteOffset, end);
  if (first === 0x80) return [view.getUint32(at + 1), at + 5];
  return [Number(view.getBigUint64(at + 1)), at + 9];
}

function integerName(bytes: Uint8Array, at: number, width: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, width);
  const value = width === 1 ? view.getInt8(0) : width === 2 ? view.getInt16(0, true) : view.getInt32(0, true);
  const text = String(value);
  const name = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) name[i] = text.charCodeAt(i);
  return name;
}

function readName(source: ByteSource, offset: number, header: NameHeader): Uint8Array {
  const stored = new Uint8Array(Math.min(header.stored, NAME_LIMIT));
  const read = readFully(source, offset, stored);
  if (header.kind === RAW) return stored.subarray(0, read);
  if (header.stored > NAME_LIMIT || header.length > NAME_LIMIT) return stored.subarray(0, 0);
  try {
    return lzfDecompress(stored, 0, read, header.length, offset);
  } catch {
    // A damaged name is reported by the deep check; here it is a name that nothing matches.
    return stored.subarray(0, 0);
  }
}

/** The name of one key, at most `limit` bytes of it. */
export function nameOf(source: ByteSource, index: KeyIndex, row: number, limit = NAME_LIMIT): Uint8Array {
  const offset = index.typeOffset(row) + 1;
  const window = new Uint8Array(Math.min(limit + HEADER, 512));
  const filled = readFully(source, offset, window);
  const header = nameHeader(window, 0, filled);
  if (header.kind === INTEGER) return integerName(window, header.data, header.stored);
  if (header.kind === RAW) {
    const wanted = Math.min(header.stored, limit);
    if (header.data + wanted <= filled) return window.subarray(header.data, header.data + wanted);
    const name = new Uint8Array(Math.min(wanted, NAME_LIMIT));
    return name.subarray(0, readFully(source, offset + header.data, name));
  }
  return readName(source, offset + header.data, header).subarray(0, limit);
}
