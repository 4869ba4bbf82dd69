/** DUMP payloads: a value by itself, with the RDB version and a checksum behind it (§2). */
import { crc64 } from '../crc64/crc64.js';
import { Cursor } from '../cursor.js';
import { byteName, cutOff, DecodeError } from '../errors.js';
import { type ByteSource, MemorySource, readFully } from '../source.js';
import type { Entry, RdbFile } from './entry.js';
import { type Family, FIRST_VALKEY_VERSION } from './header.js';
import { readCount } from './length.js';
import { parseMetadataClass } from './module-id.js';
import { skipItems } from './modules/items.js';
import { OP_KEY_META } from './opcodes.js';
import { type Text, wholeText } from './string.js';
import type { Value } from './value-model.js';
import type { ValueType } from './value-type.js';
import { valueTypes } from './value-types.js';

/** Bytes of version and checksum behind the value. */
const DUMP_FOOTER = 10;

/** A decoded payload. */
export interface DumpPayload {
  readonly type: ValueType;
  readonly value: Value;
  readonly family: Family;
  readonly version: number;
  /** True if the checksum is right, or zero, which stands for none. */
  readonly intact: boolean;
}

/**
 * Opens a DUMP payload. A wrong checksum is told, not refused.
 *
 * @throws DecodeError `truncated` if it is shorter than any payload, `unknown-type` for a type that it cannot have.
 */
export function openDump(payload: Uint8Array): DumpPayload {
  if (payload.length <= DUMP_FOOTER) {
    throw new DecodeError('truncated', payload.length, DUMP_FOOTER + 1 - payload.length, 'the value');
  }
  const behind = payload.length - DUMP_FOOTER;
  const footer = new DataView(payload.buffer, payload.byteOffset + behind, DUMP_FOOTER);
  const version = footer.getUint16(0, true);
  const checksum = footer.getBigUint64(2, true);
  const intact = checksum === 0n || checksum === crc64(0n, payload, 0, payload.length - 8);
  // There is no magic: the version tells Redis from Valkey.
  const family: Family = version >= FIRST_VALKEY_VERSION ? 'valkey' : 'redis';
  const cursor = new Cursor(new MemorySource(payload), 0, behind);
  if (family === 'redis' && cursor.peekU8() === OP_KEY_META) skipMetadata(cursor);
  const byte = cursor.u8();
  const type = valueTypes(family, version)[byte];
  if (!type) throw new DecodeError('unknown-type', cursor.offset - 1, byteName(byte), '');
  const value = type.open(cursor, { family, version, template: () => undefined });
  return { type, value, family, version, intact };
}

function skipMetadata(cursor: Cursor): void {
  cursor.skip(1);
  for (let left = readCount(cursor, 'the key metadata', 5); left > 0; left--) {
    const spec = parseMetadataClass(cursor.u32le('the key metadata'));
    skipItems(cursor, { name: spec.name, version: spec.version });
  }
}

/** What keeps a value from being written as a payload. */
export class DumpError extends Error {
  override readonly name = 'DumpError';

  constructor(
    readonly reason: 'too-large' | 'untagged-module',
    /** Bytes of the value in the file. */
    readonly bytes: number,
  ) {
    super(reason === 'too-large' ? `the value has ${bytes} bytes` : 'RESTORE takes no module value without tags');
  }
}

/** A payload that is read from the file as it is sent. */
export interface PayloadPlan {
  /** Bytes of the whole payload. */
  readonly size: number;
  /** Its bytes in pieces, none larger than `most` but for the names of a hash template. */
  pieces(most: number): Generator<Uint8Array>;
}

/**
 * The payload that DUMP would give for a key: the bytes of the file, version and checksum behind them. Hashes that
 * refer to a template of the file get its names.
 *
 * @param end offset of the byte behind the value.
 * @param version RDB version to name in the footer; servers refuse one that is newer than theirs.
 * @throws DumpError `untagged-module`
 */
export function planDump(file: RdbFile, entry: Entry, end: number, version = file.header.version): PayloadPlan {
  const { code } = entry.type;
  if (code === 6) throw new DumpError('untagged-module', end - entry.valueOffset);
  const { start, parts } = code === 30 || code === 32 ? templateHead(file.source, entry) : plainHead(entry);
  const head = parts.reduce((sum, part) => sum + part.length, 0);
  return {
    size: head + end - start + DUMP_FOOTER,
    *pieces(most) {
      let crc = 0n;
      for (const part of parts) {
        crc = crc64(crc, part);
        yield part;
      }
      for (let at = start; at < end; ) {
        const piece = readRange(file.source, at, Math.min(end, at + most));
        if (piece.length === 0) throw cutOff(at, end - at, 'the value');
        crc = crc64(crc, piece);
        at += piece.length;
        yield piece;
      }
      const footer = new Uint8Array(DUMP_FOOTER);
      const view = new DataView(footer.buffer);
      view.setUint16(0, version, true);
      view.setBigUint64(2, crc64(crc, footer, 0, 2), true);
      yield footer;
    },
  };
}

/**
 * The payload of {@link planDump} as a whole.
 *
 * @param limit the most bytes to hold.
 * @throws DumpError
 */
export function dumpOf(file: RdbFile, entry: Entry, end: number, limit: number): Uint8Array {
  const bytes = end - entry.valueOffset;
  if (bytes > limit) throw new DumpError('too-large', bytes);
  const { size, pieces } = planDump(file, entry, end);
  const payload = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces(Math.max(1, bytes))) {
    payload.set(piece, at);
    at += piece.length;
  }
  return payload;
}

/** What stands before the bytes of the file, and where these begin. */
interface PayloadHead {
  readonly parts: readonly Uint8Array[];
  readonly start: number;
}

function plainHead(entry: Entry): PayloadHead {
  return { parts: [Uint8Array.of(entry.type.code)], start: entry.valueOffset };
}

/** A template hash with its names: type 30 becomes 29, 32 becomes 31 (§1.10). */
function templateHead(source: ByteSource, entry: Entry): PayloadHead {
  if (entry.value.type !== 'hash') return plainHead(entry);
  const names: Text[] = [];
  const walker = entry.value.items.walk();
  for (let item = walker.next(); item; item = walker.next()) names.push(item.field);
  const parts = [Uint8Array.of(entry.type.code - 1, 1), encodeLength(names.length)];
  for (const name of names) {
    const bytes = wholeText(name, 'the hash field');
    parts.push(encodeLength(bytes.length), bytes);
  }
  // Type 30 is the listpack as it is; its first element, an id of the source, is ignored. Type 32 starts with the id.
  if (entry.type.code === 30) return { parts, start: entry.valueOffset };
  const [first] = readRange(source, entry.valueOffset, entry.valueOffset + 1);
  return { parts, start: entry.valueOffset + lengthSize(first) };
}

/** Bytes that a length takes whose first byte is this. */
function lengthSize(first: number): number {
  if (first < 0x40) return 1;
  if (first < 0x80) return 2;
  return first === 0x80 ? 5 : 9;
}

/** A length in its shortest form. */
function encodeLength(length: number): Uint8Array {
  if (length < 0x40) return Uint8Array.of(length);
  if (length < 0x4000) return Uint8Array.of(0x40 | (length >> 8), length & 0xff);
  const bytes = new Uint8Array(length < 4294967296 ? 5 : 9);
  const view = new DataView(bytes.buffer);
  if (bytes.length === 5) {
    bytes[0] = 0x80;
    view.setUint32(1, length);
  } else {
    bytes[0] = 0x81;
    view.setBigUint64(1, BigInt(length));
  }
  return bytes;
}

function readRange(source: ByteSource, start: number, end: number): Uint8Array {
  const bytes = new Uint8Array(end - start);
  return bytes.subarray(0, readFully(source, start, bytes));
}
