/** Records of a file that are not keys, decoded when somebody looks at them. */
import { latin1 } from '../bytes.js';
import { Cursor } from '../cursor.js';
import { byteName, DecodeError } from '../errors.js';
import type { ByteSource } from '../source.js';
import type { Family, Header } from './header.js';
import { millisOfHost, secondsOfHost } from './host-time.js';
import { readCount, readLength, readLength64 } from './length.js';
import { type MetadataClass, type ModuleId, parseMetadataClass, parseModuleId } from './module-id.js';
import { ItemReader, moduleItems, skipItems } from './modules/items.js';
import { moduleDataView } from './modules/module-data.js';
import type { ViewField } from './modules/view.js';
import { readTemplateNames } from './objects/hash-template.js';
import {
  OP_AUX,
  OP_ENTERPRISE_RAM_LRU,
  OP_ENTERPRISE_SLOT_NUM,
  OP_EXPIRETIME,
  OP_EXPIRETIME_MS,
  OP_FREQ,
  OP_FUNCTION_PRE_GA,
  OP_FUNCTION2,
  OP_HASH_TEMPLATE,
  OP_IDLE,
  OP_KEY_META,
  OP_MODULE_AUX,
  OP_RESIZEDB,
  OP_SELECTDB,
  OP_SLOT_IMPORT,
  OP_SLOT_INFO,
  type Opcode,
  opcodes,
} from './opcodes.js';
import { readText, type Text, textSlice, wholeText } from './string.js';
import type { Collection, ModuleItem } from './value-model.js';

/** What a record that is no key says. */
export type RecordContent =
  | { readonly kind: 'selectdb'; readonly db: number }
  | { readonly kind: 'resizedb'; readonly keys: number; readonly expires: number }
  | { readonly kind: 'aux'; readonly name: Text; readonly value: Text }
  | { readonly kind: 'slot-info'; readonly slot: number; readonly keys: number; readonly expires: number }
  | { readonly kind: 'slot-import'; readonly job: Text; readonly ranges: readonly (readonly [number, number])[] }
  | { readonly kind: 'function'; readonly library: FunctionLibrary }
  | { readonly kind: 'template'; readonly id: bigint; readonly names: readonly Text[] }
  | {
      readonly kind: 'module-aux';
      readonly module: ModuleId;
      readonly when: number;
      readonly items: Collection<ModuleItem>;
      /** The meaning of the items, where it is known. */
      readonly view: () => readonly ViewField[] | undefined;
    }
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'end' };

/** A library of functions. */
export interface FunctionLibrary {
  readonly name: string;
  /** Its engine, `lua` or `js`. */
  readonly engine: string;
  readonly description?: Text;
  /** The source as FUNCTION LOAD takes it, with its first line `#!engine name=…`. */
  readonly code: Text;
}

/** A record: where it is and what it says. */
export interface FileRecord {
  readonly opcode: Opcode;
  /** Offset of its opcode. */
  readonly offset: number;
  /** Offset of the byte behind it. */
  readonly end: number;
  readonly content: RecordContent;
}

/**
 * Reads the record at an offset.
 *
 * @throws DecodeError if it is damaged, or no record but a key.
 */
export function readRecord(source: ByteSource, offset: number, family: Family): FileRecord {
  const cursor = new Cursor(source, offset);
  const byte = cursor.u8();
  const opcode = opcodes(family)[byte];
  if (!opcode || opcode.ofKey) throw new DecodeError('unknown-type', offset, byteName(byte), '');
  const content = readContent(cursor, byte, family);
  return { opcode, offset, end: cursor.offset, content };
}

function readContent(cursor: Cursor, byte: number, family: Family): RecordContent {
  switch (byte) {
    case OP_SELECTDB:
      return { kind: 'selectdb', db: readLength(cursor, 'the database number') };
    case OP_RESIZEDB:
      return {
        kind: 'resizedb',
        keys: readLength(cursor, 'the size hint'),
        expires: readLength(cursor, 'the size hint'),
      };
    case OP_AUX:
      return {
        kind: 'aux',
        name: readText(cursor, 'the name of an aux field'),
        value: readText(cursor, 'the value of an aux field'),
      };
    case OP_SLOT_INFO:
      return {
        kind: 'slot-info',
        slot: readLength(cursor, 'the slot information'),
        keys: readLength(cursor, 'the slot information'),
        expires: readLength(cursor, 'the slot information'),
      };
    case OP_FUNCTION2: {
      const code = readText(cursor, 'the function library');
      return { kind: 'function', library: { ...shebang(code), code } };
    }
    case OP_FUNCTION_PRE_GA:
      return { kind: 'function', library: readEarlyFunction(cursor) };
    case OP_MODULE_AUX: {
      const module = parseModuleId(readLength64(cursor, 'the module data'));
      readLength(cursor, 'the module data');
      const when = readLength(cursor, 'the module data');
      const start = cursor.offset;
      const items = moduleItems(cursor, module);
      const view = () => moduleDataView(new ItemReader(cursor.fork(start), module));
      skipItems(cursor, module);
      return { kind: 'module-aux', module, when, items, view };
    }
    case OP_ENTERPRISE_SLOT_NUM:
    case OP_ENTERPRISE_RAM_LRU:
      return { kind: 'number', value: readLength64(cursor, 'the slot information') };
    default:
      if (family === 'redis' && byte === OP_HASH_TEMPLATE) {
        const id = readLength64(cursor, 'the hash template');
        return { kind: 'template', id, names: readTemplateNames(cursor) };
      }
      if (family === 'valkey' && byte === OP_SLOT_IMPORT) return readSlotImport(cursor);
      return { kind: 'end' };
  }
}

function readSlotImport(cursor: Cursor): RecordContent {
  const job = readText(cursor, 'the slot import');
  const ranges: [number, number][] = [];
  for (let left = readCount(cursor, 'the slot import', 2); left > 0; left--) {
    ranges.push([readLength(cursor, 'the slot import'), readLength(cursor, 'the slot import')]);
  }
  return { kind: 'slot-import', job, ranges };
}

/** Functions of 7.0 release candidates keep name and engine apart; the code gets the first line that it has today. */
function readEarlyFunction(cursor: Cursor): FunctionLibrary {
  const name = latin1(wholeText(readText(cursor, 'the function library'), 'the function library'));
  const engine = latin1(wholeText(readText(cursor, 'the function library'), 'the function library'));
  const described = readLength(cursor, 'the function library') !== 0;
  const description = described ? readText(cursor, 'the function library') : undefined;
  const body = wholeText(readText(cursor, 'the function library'), 'the function library');
  const first = `#!${engine.toLowerCase()} name=${name}\n`;
  const code = new Uint8Array(first.length + body.length);
  for (let i = 0; i < first.length; i++) code[i] = first.charCodeAt(i);
  code.set(body, first.length);
  return description === undefined ? { name, engine, code } : { name, engine, description, code };
}

/** Engine and name of a library, from the first line of its code: `#!lua name=mylib`. */
function shebang(code: Text): { name: string; engine: string } {
  const line = latin1(textSlice(code, 0, 1024)).split('\n', 1)[0] ?? '';
  const engine = /^#!\s*([^\s]+)/.exec(line)?.[1] ?? '';
  const name = /\bname\s*=\s*([^\s]+)/i.exec(line)?.[1] ?? '';
  return { name, engine };
}

/** What stands in a file before the type byte of a key. */
export interface KeyHead {
  /** Exact expiry in ms since the epoch. */
  readonly expireAt?: bigint;
  readonly idleSeconds?: number;
  readonly freq?: number;
  readonly metadata: readonly KeyMetadata[];
  /** Where the metadata stand in the file, opcode and all. */
  readonly metadataRange?: readonly [start: number, end: number];
  /** Names of the other opcodes, such as KEY_NOEVICT, and KeyDB's version of the key. */
  readonly notes: readonly { readonly name: string; readonly value: string }[];
}

/** Metadata that a module keeps with a key (Redis 8.6). */
export interface KeyMetadata {
  readonly class: MetadataClass;
  readonly items: Collection<ModuleItem>;
}

/**
 * Reads what stands before the type byte of a key.
 *
 * @param offset where the key begins.
 * @param typeOffset its type byte.
 * @param header of the file: before RDB version 9, expiries are in the byte order of a host.
 */
export function readKeyHead(
  source: ByteSource,
  offset: number,
  typeOffset: number,
  { family, version }: Pick<Header, 'family' | 'version'>,
): KeyHead {
  const cursor = new Cursor(source, offset, typeOffset);
  const metadata: KeyMetadata[] = [];
  const notes: { name: string; value: string }[] = [];
  let head: Omit<KeyHead, 'metadata' | 'notes'> = {};
  while (cursor.remaining > 0) {
    const byte = cursor.u8();
    switch (byte) {
      case OP_EXPIRETIME_MS:
        head = { ...head, expireAt: millisOfHost(cursor.i64le('the expiry'), version) };
        break;
      case OP_EXPIRETIME:
        head = { ...head, expireAt: BigInt(secondsOfHost(cursor.i32le('the expiry'), version)) * 1000n };
        break;
      case OP_IDLE:
        head = { ...head, idleSeconds: readLength(cursor, 'the idle time') };
        break;
      case OP_FREQ:
        head = { ...head, freq: cursor.u8('the access frequency') };
        break;
      case OP_AUX: {
        const name = latin1(wholeText(readText(cursor, 'the name of an aux field'), 'the name of an aux field'));
        const value = latin1(wholeText(readText(cursor, 'the value of an aux field'), 'the value of an aux field'));
        notes.push({ name, value });
        break;
      }
      case OP_KEY_META: {
        const start = cursor.offset - 1;
        for (let left = readCount(cursor, 'the key metadata', 5); left > 0; left--) {
          const spec = parseMetadataClass(cursor.u32le('the key metadata'));
          const module = { name: spec.name, version: spec.version };
          metadata.push({ class: spec, items: moduleItems(cursor, module) });
          skipItems(cursor, module);
        }
        head = { ...head, metadataRange: [start, cursor.offset] };
        break;
      }
      case OP_ENTERPRISE_RAM_LRU:
        notes.push({ name: 'RAM_LRU', value: String(readLength64(cursor, 'the idle time')) });
        break;
      default: {
        const opcode = opcodes(family)[byte];
        // Records of the file may stand between the opcodes of a key and its type byte; they are skipped here.
        if (opcode && !opcode.ofKey) readContent(cursor, byte, family);
        else notes.push({ name: opcode?.name ?? byteName(byte), value: '' });
      }
    }
  }
  return { ...head, metadata, notes };
}
