/** A key of a file with its value, opened at the place where the scan found it. */
import { fromLatin1, isCanonicalInteger, latin1 } from '../bytes.js';
import { Cursor } from '../cursor.js';
import { byteName, DecodeError } from '../errors.js';
import type { ByteSource } from '../source.js';
import { narrow } from './blobs/reader.js';
import type { Family, Header } from './header.js';
import { OP_AUX } from './opcodes.js';
import { readRecord } from './records.js';
import type { TemplateRecord } from './scan.js';
import { isLong, readText, type Text, wholeText } from './string.js';
import type { Collection, HashField, Millis, SetMember, Value } from './value-model.js';
import type { ValueContext, ValueType } from './value-type.js';
import { valueTypes } from './value-types.js';

/** A file as far as values need it: its bytes and what the scan found out. */
export interface RdbFile {
  readonly source: ByteSource;
  readonly header: Header;
  /** Hash templates by id. */
  readonly templates: ReadonlyMap<bigint, TemplateRecord>;
  /** True if KeyDB wrote it: members may then have an expiry of their own, in aux fields behind the key. */
  readonly keydb: boolean;
}

/** A key and its value. */
export interface Entry {
  readonly type: ValueType;
  readonly key: Text;
  /** Offset of the first byte of the value. */
  readonly valueOffset: number;
  readonly value: Value;
  /** KeyDB: the expiry of single members, by member with one character a byte. The members carry it too. */
  readonly memberExpiry?: ReadonlyMap<string, Millis>;
}

/** The context that values of a file are opened in. */
function contextOf(file: RdbFile): ValueContext {
  const names = new Map<bigint, readonly Text[]>();
  return {
    family: file.header.family,
    version: file.header.version,
    template(id) {
      const known = names.get(id);
      if (known) return known;
      const place = file.templates.get(id);
      if (!place) return undefined;
      const { content } = readRecord(file.source, place.offset, file.header.family);
      if (content.kind !== 'template') return undefined;
      names.set(id, content.names);
      return content.names;
    },
  };
}

/** The name of the key whose type byte is at `typeOffset`. */
export function readKeyName(source: ByteSource, typeOffset: number): Text {
  return readText(new Cursor(source, typeOffset + 1, source.size, 256), 'the key name');
}

/**
 * Opens the key whose type byte is at `typeOffset`.
 *
 * @param end offset of the byte behind the value, if known: reading stops there.
 * @throws DecodeError if the value is damaged at its start; deeper damage is thrown when its elements are walked.
 */
export function openEntry(file: RdbFile, typeOffset: number, end = file.source.size): Entry {
  const cursor = new Cursor(file.source, typeOffset, end);
  const byte = cursor.u8('the value');
  const type = valueTypes(file.header.family, file.header.version)[byte];
  if (!type) throw new DecodeError('unknown-type', typeOffset, byteName(byte), '');
  const key = readText(cursor, 'the key name');
  const valueOffset = cursor.offset;
  const value = type.open(cursor, contextOf(file));
  if (!file.keydb) return { type, key, valueOffset, value };
  const memberExpiry = readMemberExpiries(file.source, end, file.header.family);
  return { type, key, valueOffset, value: withMemberExpiry(value, memberExpiry), memberExpiry };
}

function withMemberExpiry(value: Value, expiries: ReadonlyMap<string, Millis>): Value {
  if (expiries.size === 0 || (value.type !== 'set' && value.type !== 'hash')) return value;
  if (value.type === 'set') {
    return { type: 'set', items: mapItems(value.items, (item) => addExpiry(item, item.member, expiries)) };
  }
  return { type: 'hash', items: mapItems(value.items, (item) => addExpiry(item, item.field, expiries)) };
}

function addExpiry<Item extends SetMember | HashField>(
  item: Item,
  name: Text,
  expiries: ReadonlyMap<string, Millis>,
): Item {
  const expireAt = isLong(name) ? undefined : expiries.get(latin1(name));
  return expireAt === undefined ? item : { ...item, expireAt };
}

/** A collection whose items are changed as they are read. */
function mapItems<Item>(items: Collection<Item>, change: (item: Item) => Item): Collection<Item> {
  return {
    count: items.count,
    walk(from) {
      const walker = items.walk(from);
      return {
        next() {
          const item = walker.next();
          return item === undefined ? undefined : change(item);
        },
        mark: () => walker.mark(),
      };
    },
  };
}

/** The most member expiries that are kept for one key. */
const MEMBER_EXPIRY_LIMIT = 1 << 20;

/**
 * Reads what KeyDB writes behind a key: the expiry of single members, as pairs of aux fields. Where the records behind
 * the key are damaged, it ends: the scan reports that, and the key itself is whole.
 */
function readMemberExpiries(source: ByteSource, offset: number, family: Family): Map<string, Millis> {
  const expiries = new Map<string, Millis>();
  try {
    addMemberExpiries(expiries, source, offset, family);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
  return expiries;
}

function addMemberExpiries(expiries: Map<string, Millis>, source: ByteSource, offset: number, family: Family): void {
  const cursor = new Cursor(source, offset, source.size, 4096);
  let member: string | undefined;
  while (cursor.remaining > 0 && cursor.peekU8() === OP_AUX && expiries.size < MEMBER_EXPIRY_LIMIT) {
    const { content, end } = readRecord(source, cursor.offset, family);
    if (content.kind !== 'aux') break;
    const name = latin1(wholeText(content.name, 'the name of an aux field'));
    const value = latin1(wholeText(content.value, 'the value of an aux field'));
    if (name === 'keydb-subexpire-key') member = value;
    else if (name === 'keydb-subexpire-when' && member !== undefined) setExpiry(expiries, member, value);
    else break;
    cursor.offset = end;
  }
}

/** Enters an expiry that is decimal text; a damaged one is no time and is left out. */
function setExpiry(expiries: Map<string, Millis>, member: string, text: string): void {
  if (isCanonicalInteger(fromLatin1(text), 0, text.length)) expiries.set(member, narrow(BigInt(text)));
}
