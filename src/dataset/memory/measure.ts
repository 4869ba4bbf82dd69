/** What a key costs in memory, from the bytes of its record: the size of every element, no value built. */
import { isCanonicalInteger } from '../../decoder/bytes.js';
import { DecodeError } from '../../decoder/errors.js';
import type { ValueType } from '../../decoder/rdb/value-type.js';
import { INTEGER, type RecordBytes } from '../record-bytes.js';
import { arrayMemory } from './array-values.js';
import { ListValues } from './list-values.js';
import { MemoryModel } from './model.js';
import { moduleMemory } from './module-values.js';
import { StreamValues } from './stream.js';
import { TableValues, type ValueCost } from './table-values.js';
import type { MemoryTarget } from './target.js';

/** The longest text that can be an integer. */
const INTEGER_CHARACTERS = 20;
const NINE = 0x39;

/** Measures keys for one target. What else there is to say of a key is in the fields after a call. */
export class Measurer implements ValueCost {
  private readonly model: MemoryModel;
  private readonly tables: TableValues;
  private readonly lists: ListValues;
  private readonly streams: StreamValues;
  /** The encoding that the target would use; null where that is not known. */
  encoding: string | null = null;
  /** Number of elements, bytes of a string; −1 where it is not known. */
  elements = -1;
  /** Bytes that the key takes, with its value. */
  bytes = 0;

  constructor(target: MemoryTarget) {
    this.model = new MemoryModel(target);
    this.tables = new TableValues(this.model);
    this.lists = new ListValues(this.model);
    this.streams = new StreamValues(this.model);
  }

  /**
   * Measures a key.
   *
   * @param record where it is read; left somewhere in the record.
   * @param typeOffset offset of its type byte.
   * @param end offset behind its value.
   * @param count number of elements as the scan knows it, −1 where it does not.
   * @returns bytes, like the server says them. What is damaged counts as much as in the file.
   */
  measure(
    record: RecordBytes,
    type: ValueType,
    typeOffset: number,
    end: number,
    expires: boolean,
    count: number,
  ): number {
    record.seek(typeOffset, end);
    record.skip(1);
    const keyLength = record.string();
    return this.measureValue(record, type, keyLength, end, expires, count);
  }

  /** The same for a record whose name has just been read. @param keyLength bytes of the name. */
  measureValue(
    record: RecordBytes,
    type: ValueType,
    keyLength: number,
    end: number,
    expires: boolean,
    count: number,
  ): number {
    if (type.code === 0) return this.string(record, keyLength, expires);
    const base =
      type.type === 'module' ? this.model.moduleBase(keyLength, expires) : this.model.base(keyLength, expires);
    const start = record.offset;
    this.encoding = type.encoding;
    this.elements = count;
    try {
      if (!this.value(record, type, count)) this.bytes = end - start;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.bytes = end - start;
    }
    this.bytes = Math.round(base + this.bytes);
    return this.bytes;
  }

  private string(record: RecordBytes, keyLength: number, expires: boolean): number {
    const { model } = this;
    const length = record.string();
    let integer = record.kind === INTEGER;
    // A text that begins otherwise is no integer; shorter ones would stand in the file as numbers.
    if (!integer && length <= INTEGER_CHARACTERS && length > 0) {
      const start = record.inWindow;
      if (start < 0) {
        const text = record.bytes();
        integer = text !== undefined && isCanonicalInteger(text, 0, length);
      } else if (record.window[start] <= NINE) {
        integer = isCanonicalInteger(record.window, start, start + length);
      }
    }
    const encoding = model.stringEncoding(length, integer, keyLength, expires);
    this.encoding = encoding;
    this.elements = length;
    this.bytes = model.string(encoding, length, keyLength, expires);
    return this.bytes;
  }

  /** @returns false if nothing is known of the type but its bytes in the file. */
  private value(record: RecordBytes, type: ValueType, count: number): boolean {
    const { tables, lists } = this;
    switch (type.name) {
      case 'LIST':
        lists.plain(record, 'elements', this);
        return true;
      case 'LIST_ZIPLIST':
        lists.plain(record, 'ziplist', this);
        return true;
      case 'LIST_QUICKLIST':
        lists.quicklist(record, false, count, this);
        return true;
      case 'LIST_QUICKLIST_2':
        lists.quicklist(record, true, count, this);
        return true;
      case 'SET':
        tables.set(record, this);
        return true;
      case 'SET_INTSET':
        tables.blob(record, 'intset', 'set', 1, count, this);
        return true;
      case 'SET_LISTPACK':
        tables.blob(record, 'listpack', 'set', 1, count, this);
        return true;
      case 'ZSET':
        tables.zset(record, false, this);
        return true;
      case 'ZSET_2':
        tables.zset(record, true, this);
        return true;
      case 'ZSET_ZIPLIST':
        tables.blob(record, 'ziplist', 'zset', 2, count, this);
        return true;
      case 'ZSET_LISTPACK':
        tables.blob(record, 'listpack', 'zset', 2, count, this);
        return true;
      case 'HASH':
        tables.hash(record, 'none', this);
        return true;
      case 'HASH_2':
        tables.hash(record, 'behind', this);
        return true;
      case 'HASH_METADATA':
        record.skip(8);
        tables.hash(record, 'before', this);
        return true;
      case 'HASH_METADATA_PRE_GA':
        tables.hash(record, 'before', this);
        return true;
      case 'HASH_ZIPMAP':
        tables.blob(record, 'zipmap', 'hash', 2, count, this);
        return true;
      case 'HASH_ZIPLIST':
        tables.blob(record, 'ziplist', 'hash', 2, count, this);
        return true;
      case 'HASH_LISTPACK':
        tables.blob(record, 'listpack', 'hash', 2, count, this);
        return true;
      case 'HASH_LISTPACK_EX':
        record.skip(8);
        tables.blob(record, 'listpack', 'hash', 3, count, this);
        return true;
      case 'HASH_LISTPACK_EX_PRE_GA':
        tables.blob(record, 'listpack', 'hash', 3, count, this);
        return true;
      case 'ARRAY':
        this.bytes = arrayMemory(record, this.model);
        return true;
      case 'MODULE_2': {
        const bytes = moduleMemory(record, this.model);
        this.bytes = bytes ?? 0;
        return bytes !== undefined;
      }
      default:
        if (type.type !== 'stream') return false;
        this.streams.stream(record, type, this);
        return true;
    }
  }
}
