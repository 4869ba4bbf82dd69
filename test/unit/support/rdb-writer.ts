/** Writes RDB files for tests, from the specification of the format: every encoding that a reader must understand. */
import { crc64 } from '../../../src/decoder/crc64/crc64.js';
import { big, bytes, double, float, little, type Part } from './bytes.js';
import { listpack, lzfCompress } from './compact.js';

/** The widths of length encodings, in bits. */
export type LengthBits = 6 | 14 | 32 | 64;

/** A length. @param form its width; the smallest that fits if not given. */
export function length(value: number | bigint, form?: LengthBits): Uint8Array {
  const number = BigInt.asUintN(64, BigInt(value));
  const bits = form ?? (number < 64n ? 6 : number < 16384n ? 14 : number < 1n << 32n ? 32 : 64);
  const low = Number(number);
  if (bits === 6) return bytes(low);
  if (bits === 14) return bytes(0x40 | (low >> 8), low & 0xff);
  return bits === 32 ? bytes(0x80, big(number, 4)) : bytes(0x81, big(number, 8));
}

/** A string stored as it is. @param form width of its length. */
export function string(text: Part, form?: LengthBits): Uint8Array {
  const content = bytes(text);
  return bytes(length(content.length, form), content);
}

/** A string stored as an integer of 8, 16 or 32 bits. */
export function integer(value: number, bits: 8 | 16 | 32): Uint8Array {
  return bytes({ 8: 0xc0, 16: 0xc1, 32: 0xc2 }[bits], little(value, bits / 8));
}

/** A compressed string. @param stored its compressed bytes, if not those that the compressor of these tests makes. */
export function compressed(text: Part, stored = lzfCompress(bytes(text)), form?: LengthBits): Uint8Array {
  return bytes(0xc3, length(stored.length, form), length(bytes(text).length, form), stored);
}

/** The opcodes. */
export const OP = {
  eof: 255,
  selectdb: 254,
  expireSeconds: 253,
  expireMs: 252,
  resizedb: 251,
  aux: 250,
  freq: 249,
  idle: 248,
  moduleAux: 247,
  functionPreGa: 246,
  function2: 245,
  slotInfo: 244,
  keyMeta: 243,
  slotImport: 243,
  hashTemplate: 242,
  noEvict: 240,
  slotNum: 121,
  ramLru: 107,
} as const;

/** An aux field. */
export function aux(name: Part, value: Part): Uint8Array {
  return bytes(OP.aux, string(name), string(value));
}

/** The opcode that selects a database. */
export function selectdb(db: number): Uint8Array {
  return bytes(OP.selectdb, length(db));
}

/** An expiry in ms, as versions from 9 on write it everywhere. */
export function expireMs(ms: number | bigint): Uint8Array {
  return bytes(OP.expireMs, little(ms, 8));
}

/** A key of a value type. @param value the encoded value. */
export function key(type: number, name: Part, value: Part): Uint8Array {
  return bytes(type, string(name), value);
}

/** A whole file: header, records, end mark, checksum where the version has one. */
export function file(magic: string, ...records: readonly Part[]): Uint8Array {
  const body = bytes(magic, records, OP.eof);
  return Number(magic.replace(/^\D+/, '')) >= 5 ? bytes(body, little(crc64(0n, body), 8)) : body;
}

/** Counts the parts and puts the count in front of them. */
export function counted(parts: readonly Part[]): Uint8Array {
  return bytes(length(parts.length), parts);
}

const MODULE_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const CLASS_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** A module id as a number: nine characters of six bits, then a version of ten. */
export function moduleId(name: string, version: number): bigint {
  let id = 0n;
  for (const char of name) id = (id << 6n) | BigInt(MODULE_ALPHABET.indexOf(char));
  return (id << 10n) | BigInt(version);
}

/** The specification of a class of key metadata: four characters of six bits, version of five, flags of three. */
export function metadataClass(name: string, version: number, flags: number): number {
  let spec = 0;
  for (const char of name) spec = spec * 64 + CLASS_ALPHABET.indexOf(char);
  return spec * 256 + version * 8 + flags;
}

/** The parts that module values consist of. */
export const item = {
  signed: (value: number | bigint) => bytes(1, length(value)),
  unsigned: (value: number | bigint) => bytes(2, length(value)),
  float: (value: number) => bytes(3, float(value)),
  double: (value: number) => bytes(4, double(value)),
  string: (text: Part) => bytes(5, string(text)),
  end: 0,
} as const;

/** A module value with tags, of type 7: the items are followed by the end item. */
export function moduleValue(name: string, version: number, items: readonly Part[]): Uint8Array {
  return bytes(length(moduleId(name, version), 64), items, item.end);
}

/** A stream id. */
export type Id = readonly [ms: number | bigint, seq: number | bigint];

const rawId = ([ms, seq]: Id): Uint8Array => bytes(big(ms, 8), big(seq, 8));
const lengthId = ([ms, seq]: Id): Uint8Array => bytes(length(ms), length(seq));

/** An entry of a stream node. */
export interface NodeEntry {
  /** Difference of its id from that of the node. */
  readonly ms: number;
  readonly seq: number;
  readonly deleted?: boolean;
  /** Values for the fields of the node's first entry. */
  readonly values?: readonly string[];
  /** Fields and values of its own. */
  readonly fields?: readonly (readonly [string, string])[];
}

/** A stream node: its id and its listpack. */
export function streamNode(id: Id, masterFields: readonly string[], entries: readonly NodeEntry[]): Uint8Array {
  const deleted = entries.filter((entry) => entry.deleted).length;
  const elements = entries.flatMap((entry) => {
    const flags = (entry.deleted ? 1 : 0) | (entry.values ? 2 : 0);
    const own = entry.fields ?? [];
    const content = entry.values ?? [own.length, ...own.flat()];
    return [flags, entry.ms, entry.seq, ...content, 3 + content.length];
  });
  const master = [entries.length - deleted, deleted, masterFields.length, ...masterFields, 0];
  return bytes(string(rawId(id)), string(listpack([...master, ...elements])));
}

/** A consumer group. */
export interface Group {
  readonly name: string;
  readonly last: Id;
  readonly read: number | bigint;
  readonly pending: readonly { readonly id: Id; readonly time: number; readonly count: number }[];
  readonly consumers: readonly {
    readonly name: string;
    readonly seen: number;
    readonly active: number;
    readonly pending: readonly Id[];
  }[];
  readonly released: readonly Id[];
}

/** A stream; what its type does not have is left out. */
export interface Stream {
  readonly nodes: readonly Part[];
  readonly length: number;
  readonly last: Id;
  readonly first: Id;
  readonly maxDeleted: Id;
  readonly added: number;
  readonly groups: readonly Group[];
  readonly duration: number;
  readonly maxEntries: number;
  readonly producers: readonly { readonly name: string; readonly entries: readonly (readonly [string, Id])[] }[];
  readonly idsAdded: number;
  readonly idsDuplicate: number;
}

/** The value of a stream, as type 15, 19, 21, 26 or 27 has it. */
export function streamValue(type: number, stream: Stream): Uint8Array {
  const since = (first: number, ...parts: readonly Part[]): Part => (type >= first ? parts : []);
  const groups = stream.groups.map((group) => [
    string(group.name),
    lengthId(group.last),
    since(19, length(group.read)),
    counted(group.pending.map(({ id, time, count }) => [rawId(id), little(time, 8), length(count)])),
    counted(
      group.consumers.map(({ name, seen, active, pending }) => [
        string(name),
        little(seen, 8),
        since(21, little(active, 8)),
        counted(pending.map(rawId)),
      ]),
    ),
    since(27, counted(group.released.map(rawId))),
  ]);
  const producers = stream.producers.map(({ name, entries }) => [
    string(name),
    counted(entries.map(([entry, id]) => [string(entry), lengthId(id)])),
  ]);
  return bytes(
    counted(stream.nodes),
    length(stream.length),
    lengthId(stream.last),
    since(19, lengthId(stream.first), lengthId(stream.maxDeleted), length(stream.added)),
    counted(groups),
    since(
      26,
      length(stream.duration),
      length(stream.maxEntries),
      counted(producers),
      length(stream.idsAdded),
      length(stream.idsDuplicate),
    ),
  );
}
