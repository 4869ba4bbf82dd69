/** The key index: what is known of every key of a file, in columns of typed arrays; about 24 bytes a key. */
import {
  COUNT_UNKNOWN,
  FLAG_INTEGER,
  FLAG_SINGLE_LISTPACK,
  type KeyBatch,
  NO_EXPIRY,
  type TypeTable,
} from '../decoder/rdb/key-batch.js';
import { type ModuleId, parseModuleId } from '../decoder/rdb/module-id.js';
import type { Millis } from '../decoder/rdb/value-model.js';
import type { ValueType } from '../decoder/rdb/value-type.js';
import { embeddedLimit, encodingOf, QUICKLIST_2_TYPE, STRING_TYPE } from './encoding.js';
import type { ServerInfo } from './server-info.js';

/** Rows of a chunk of the columns. */
const CHUNK_BITS = 16;
export const CHUNK_ROWS = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_ROWS - 1;

/** In a 32-bit column: the number is in the overflow table. */
const OVERFLOW32 = 0xffffffff;
const OVERFLOW8 = 0xff;
/** Kinds have one byte, and other types than those of modules need some fifty; module types beyond share the last. */
const MODULE_KINDS = 192;

/** A part of the columns. Optional ones are there where some key of the chunk has the fact. */
interface Chunk {
  /** Offset of the type byte, 48 bits. */
  readonly offsetLow: Uint32Array;
  readonly offsetHigh: Uint16Array;
  /** Bytes of the record, from its first opcode to the end of the value. */
  readonly size: Uint32Array;
  /** Bytes before the type byte. */
  readonly head: Uint8Array;
  readonly kind: Uint8Array;
  readonly elements: Uint32Array;
  expireAt: Float64Array | undefined;
  idle: Uint32Array | undefined;
  freq: Uint8Array | undefined;
}

/** A type and encoding that keys of the file have. */
export interface Kind {
  readonly valueType: ValueType;
  /** The type as TYPE names it; for module values the name of the module type. */
  readonly type: string;
  readonly encoding: string | null;
  readonly module: ModuleId | undefined;
  /** Keys of this kind, and the bytes of their records. */
  keys: number;
  bytes: number;
}

/** Keys of a database. */
export interface DatabaseCount {
  readonly db: number;
  keys: number;
  expires: number;
  bytes: number;
}

/** A run of keys of one database: from row `start` on. */
interface DatabaseRun {
  readonly start: number;
  readonly db: number;
}

/** What is known of one key. */
export interface KeyFact {
  readonly row: number;
  readonly db: number;
  readonly kind: Kind;
  /** Offset of the first byte of the record. */
  readonly offset: number;
  readonly typeOffset: number;
  /** Bytes of the record. */
  readonly size: number;
  /** Undefined where only a walk through the value tells. */
  readonly elements: number | undefined;
  readonly expireAt: Millis | undefined;
  readonly idle: number | undefined;
  readonly freq: number | undefined;
}

/** All keys of a file, by row: row 0 is the first in the file. */
export class KeyIndex {
  private readonly chunks: Chunk[] = [];
  private rows = 0;
  private expiring = 0;
  private readonly kindList: Kind[] = [];
  private readonly kindByCode = new Int16Array(256).fill(-1);
  private readonly kindByModule = new Map<string, number>();
  private lastModuleKind = 0;
  private readonly runs: DatabaseRun[] = [];
  private readonly databaseCounts = new Map<number, DatabaseCount>();
  private readonly largeSizes = new Map<number, number>();
  private readonly largeHeads = new Map<number, number>();
  private readonly largeElements = new Map<number, number>();
  /** Expiries beyond 2^53. */
  private readonly exactExpiries = new Map<number, bigint>();
  private readonly limit: (keyLength: number, expires: boolean) => number;
  /** Rows whose number of elements only a walk tells, until {@link setElements}. */
  readonly uncounted: number[] = [];
  /** True once a key had an idle time, or an access frequency. */
  hasIdle = false;
  hasFreq = false;

  constructor(private readonly server: ServerInfo) {
    this.limit = embeddedLimit(server);
  }

  /** Number of keys. */
  get length(): number {
    return this.rows;
  }

  /** Number of keys with an expiry. */
  get expires(): number {
    return this.expiring;
  }

  /** The types and encodings that occur, in the order in which they were met; a key's kind is an index in it. */
  get kinds(): readonly Kind[] {
    return this.kindList;
  }

  /** The databases that have keys, by number. */
  get databases(): readonly DatabaseCount[] {
    return [...this.databaseCounts.values()].sort((a, b) => a.db - b.db);
  }

  /** Bytes that the columns take. */
  get memory(): number {
    let bytes = 0;
    for (const chunk of this.chunks) {
      bytes += CHUNK_ROWS * 16;
      if (chunk.expireAt) bytes += CHUNK_ROWS * 8;
      if (chunk.idle) bytes += CHUNK_ROWS * 4;
      if (chunk.freq) bytes += CHUNK_ROWS;
    }
    return bytes;
  }

  /** Adds the keys of a batch behind those that are there. */
  add(batch: KeyBatch, types: TypeTable): void {
    const database = this.databaseOf(batch.db);
    const { count } = batch;
    let bytesBefore = 0;
    for (let i = 0; i < count; i++) {
      const row = this.rows++;
      const at = row & CHUNK_MASK;
      if (at === 0) this.chunks.push(newChunk());
      const chunk = this.chunks[row >>> CHUNK_BITS];
      const typeOffset = batch.typeOffset[i];
      const offset = batch.offset[i];
      chunk.offsetLow[at] = typeOffset;
      chunk.offsetHigh[at] = typeOffset / 4294967296;
      const size = batch.end[i] - offset;
      bytesBefore += size;
      if (size < OVERFLOW32) chunk.size[at] = size;
      else this.overflow32(chunk.size, at, this.largeSizes, row, size);
      const head = typeOffset - offset;
      if (head < OVERFLOW8) {
        chunk.head[at] = head;
      } else {
        chunk.head[at] = OVERFLOW8;
        this.largeHeads.set(row, head);
      }
      const expireAt = batch.expireAt[i];
      const expires = !Number.isNaN(expireAt);
      if (expires) {
        if (!chunk.expireAt) chunk.expireAt = new Float64Array(CHUNK_ROWS).fill(NO_EXPIRY);
        chunk.expireAt[at] = expireAt;
        this.expiring++;
        database.expires++;
        if (expireAt > Number.MAX_SAFE_INTEGER || expireAt < -Number.MAX_SAFE_INTEGER) {
          this.exactExpiries.set(row, (BigInt(batch.expireHigh[i]) << 32n) | BigInt(batch.expireLow[i]));
        }
      }
      const elements = batch.elements[i];
      if (elements >= 0 && elements < OVERFLOW32) chunk.elements[at] = elements;
      else if (elements === COUNT_UNKNOWN) this.noteUncounted(chunk, at, row, batch.type[i]);
      else this.overflow32(chunk.elements, at, this.largeElements, row, elements);
      if (batch.idle[i] >= 0 || batch.freq[i] >= 0) this.setAccess(chunk, at, batch.idle[i], batch.freq[i]);
      const kind = this.kindOf(batch, i, types, expires);
      chunk.kind[at] = kind;
      const counted = this.kindList[kind];
      counted.keys++;
      counted.bytes += size;
    }
    database.keys += count;
    database.bytes += bytesBefore;
  }

  private databaseOf(db: number): DatabaseCount {
    if (this.runs.length === 0 || this.runs[this.runs.length - 1].db !== db) this.runs.push({ start: this.rows, db });
    let database = this.databaseCounts.get(db);
    if (!database) {
      database = { db, keys: 0, expires: 0, bytes: 0 };
      this.databaseCounts.set(db, database);
    }
    return database;
  }

  private overflow32(column: Uint32Array, at: number, table: Map<number, number>, row: number, value: number): void {
    column[at] = OVERFLOW32;
    table.set(row, value);
  }

  /** Module values have no number of elements; for other types a walk will tell it. */
  private noteUncounted(chunk: Chunk, at: number, row: number, code: number): void {
    chunk.elements[at] = OVERFLOW32;
    if (code !== 6 && code !== 7) this.uncounted.push(row);
  }

  private setAccess(chunk: Chunk, at: number, idle: number, freq: number): void {
    if (idle >= 0) {
      this.hasIdle = true;
      if (!chunk.idle) chunk.idle = new Uint32Array(CHUNK_ROWS).fill(OVERFLOW32);
      chunk.idle[at] = Math.min(idle, OVERFLOW32 - 1);
    }
    if (freq >= 0) {
      this.hasFreq = true;
      if (!chunk.freq) chunk.freq = new Uint8Array(CHUNK_ROWS);
      chunk.freq[at] = freq;
    }
  }

  private kindOf(batch: KeyBatch, i: number, types: TypeTable, expires: boolean): number {
    const code = batch.type[i];
    const flags = batch.flags[i];
    let slot = code;
    let embedded = false;
    if (code === STRING_TYPE) {
      if ((flags & FLAG_INTEGER) === 0) {
        embedded = batch.elements[i] <= this.limit(batch.keyLength[i], expires);
        // Slots that no value type uses stand for the two encodings of texts.
        slot = embedded ? 254 : 255;
      }
    } else if (code === QUICKLIST_2_TYPE) {
      if ((flags & FLAG_SINGLE_LISTPACK) !== 0) slot = 253;
    } else if (code === 6 || code === 7) {
      return this.moduleKind(batch, i, types);
    }
    const known = this.kindByCode[slot];
    if (known >= 0) return known;
    const valueType = types[code] as ValueType;
    const encoding = encodingOf(valueType, flags, embedded, this.server);
    const kind = this.addKind(valueType, valueType.type, encoding, undefined);
    this.kindByCode[slot] = kind;
    return kind;
  }

  private moduleKind(batch: KeyBatch, i: number, types: TypeTable): number {
    const low = batch.moduleLow[i];
    const high = batch.moduleHigh[i];
    const name = `${batch.type[i]} ${high} ${low}`;
    const known = this.kindByModule.get(name);
    if (known !== undefined) return known;
    if (this.kindByModule.size >= MODULE_KINDS) return this.lastModuleKind;
    const module = parseModuleId((BigInt(high) << 32n) | BigInt(low));
    const valueType = types[batch.type[i]] as ValueType;
    const kind = this.addKind(valueType, module.name, valueType.encoding, module);
    this.kindByModule.set(name, kind);
    this.lastModuleKind = kind;
    return kind;
  }

  private addKind(valueType: ValueType, type: string, encoding: string | null, module: ModuleId | undefined): number {
    this.kindList.push({ valueType, type, encoding, module, keys: 0, bytes: 0 });
    return this.kindList.length - 1;
  }

  // Columns by row, for filters and sorting.

  /** Offset of the type byte. */
  typeOffset(row: number): number {
    const chunk = this.chunks[row >>> CHUNK_BITS];
    const at = row & CHUNK_MASK;
    return chunk.offsetHigh[at] * 4294967296 + chunk.offsetLow[at];
  }

  /** Bytes of the record. */
  size(row: number): number {
    const size = this.chunks[row >>> CHUNK_BITS].size[row & CHUNK_MASK];
    return size === OVERFLOW32 ? (this.largeSizes.get(row) ?? size) : size;
  }

  /** Bytes before the type byte. */
  head(row: number): number {
    const head = this.chunks[row >>> CHUNK_BITS].head[row & CHUNK_MASK];
    return head === OVERFLOW8 ? (this.largeHeads.get(row) ?? head) : head;
  }

  /** Index in {@link kinds}. */
  kind(row: number): number {
    return this.chunks[row >>> CHUNK_BITS].kind[row & CHUNK_MASK];
  }

  /** Number of elements, −1 if it is not known. */
  elements(row: number): number {
    const elements = this.chunks[row >>> CHUNK_BITS].elements[row & CHUNK_MASK];
    return elements === OVERFLOW32 ? (this.largeElements.get(row) ?? COUNT_UNKNOWN) : elements;
  }

  /** Enters a number of elements that a walk has told. */
  setElements(row: number, count: number): void {
    const chunk = this.chunks[row >>> CHUNK_BITS];
    if (count < OVERFLOW32) chunk.elements[row & CHUNK_MASK] = count;
    else this.overflow32(chunk.elements, row & CHUNK_MASK, this.largeElements, row, count);
  }

  /** Expiry in ms since the epoch, NaN if there is none; beyond 2^53 inexact. */
  expireAt(row: number): number {
    return this.chunks[row >>> CHUNK_BITS].expireAt?.[row & CHUNK_MASK] ?? NO_EXPIRY;
  }

  /** Idle time in seconds, −1 if it was not saved. */
  idle(row: number): number {
    const idle = this.chunks[row >>> CHUNK_BITS].idle?.[row & CHUNK_MASK] ?? OVERFLOW32;
    return idle === OVERFLOW32 ? -1 : idle;
  }

  /** Logarithmic access frequency, −1 if it was not saved. */
  freq(row: number): number {
    if (!this.hasFreq) return -1;
    return this.chunks[row >>> CHUNK_BITS].freq?.[row & CHUNK_MASK] ?? -1;
  }

  /** Number of the database. */
  db(row: number): number {
    let low = 0;
    let high = this.runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.runs[middle].start <= row) low = middle;
      else high = middle - 1;
    }
    return this.runs[low]?.db ?? 0;
  }

  /** The runs of keys of one database each, in the order of the file. */
  *databaseRuns(): Generator<{ readonly start: number; readonly end: number; readonly db: number }> {
    for (let i = 0; i < this.runs.length; i++) {
      yield { start: this.runs[i].start, end: this.runs[i + 1]?.start ?? this.rows, db: this.runs[i].db };
    }
  }

  /** Everything known of a key. */
  fact(row: number): KeyFact {
    const typeOffset = this.typeOffset(row);
    const elements = this.elements(row);
    const expireAt = this.expireAt(row);
    const idle = this.idle(row);
    const freq = this.freq(row);
    return {
      row,
      db: this.db(row),
      kind: this.kindList[this.kind(row)],
      offset: typeOffset - this.head(row),
      typeOffset,
      size: this.size(row),
      elements: elements === COUNT_UNKNOWN ? undefined : elements,
      expireAt: Number.isNaN(expireAt) ? undefined : (this.exactExpiries.get(row) ?? expireAt),
      idle: idle < 0 ? undefined : idle,
      freq: freq < 0 ? undefined : freq,
    };
  }

  /** The row of the record that holds an offset of the file; undefined if it is in none. */
  rowAt(offset: number): number | undefined {
    let low = 0;
    let high = this.rows - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const start = this.typeOffset(middle) - this.head(middle);
      if (offset < start) high = middle - 1;
      else if (offset >= start + this.size(middle)) low = middle + 1;
      else return middle;
    }
    return undefined;
  }
}

function newChunk(): Chunk {
  return {
    offsetLow: new Uint32Array(CHUNK_ROWS),
    offsetHigh: new Uint16Array(CHUNK_ROWS),
    size: new Uint32Array(CHUNK_ROWS),
    head: new Uint8Array(CHUNK_ROWS),
    kind: new Uint8Array(CHUNK_ROWS),
    elements: new Uint32Array(CHUNK_ROWS),
    expireAt: undefined,
    idle: undefined,
    freq: undefined,
  };
}
