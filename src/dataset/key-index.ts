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
import { embeddedLimit, encodingOf, QUICKLIST_2_TYPE, STRING_TYPE, sharesAllocation } from './encoding.js';
import type { MemoryColumn } from './memory/column.js';
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

/** Slots of kinds that no value type uses stand for the encodings that do not follow from the type alone. */
const SINGLE_LISTPACK_SLOT = 253;
const EMBEDDED_SLOT = 254;
const RAW_SLOT = 255;

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
  freq: Int16Array | undefined;
}

/** A type and encoding that keys of the file have. */
export interface Kind {
  readonly valueType: ValueType;
  /** The type as TYPE names it; for module values the name of the module type. */
  readonly type: string;
  readonly encoding: string | null;
  readonly module: ModuleId | undefined;
  /** Keys of this kind, and the bytes of their records. */
  readonly keys: number;
  readonly bytes: number;
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
  private readonly kindKeys = new Float64Array(256);
  private readonly kindBytes = new Float64Array(256);
  private readonly kindByModule = new Map<string, number>();
  private lastModuleKind = 0;
  private readonly runs: DatabaseRun[] = [];
  private readonly databaseCounts = new Map<number, DatabaseCount>();
  private readonly largeSizes = new Map<number, number>();
  private readonly largeHeads = new Map<number, number>();
  private readonly largeElements = new Map<number, number>();
  /** Expiries beyond 2^53. */
  private readonly exactExpiries = new Map<number, bigint>();
  /** The longest embedded string, where it is the same for all keys. */
  private readonly constantLimit: number | undefined;
  /** Rows whose number of elements only a walk tells, until {@link setElements}. */
  readonly uncounted: number[] = [];
  /** What the keys cost in memory, as far as that was measured. */
  costs: MemoryColumn | undefined;
  /** True once a key had an idle time, or an access frequency. */
  hasIdle = false;
  hasFreq = false;

  /** @param server the one that wrote the file, by which encodings are told. */
  constructor(readonly server: ServerInfo) {
    this.constantLimit = sharesAllocation(server) ? undefined : embeddedLimit(server, 0, false);
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
      if (chunk.freq) bytes += CHUNK_ROWS * 2;
    }
    return bytes + (this.costs?.size ?? 0);
  }

  /** Adds the keys of a batch behind those that are there. */
  add(batch: KeyBatch, types: TypeTable): void {
    const { count } = batch;
    const database = this.databaseOf(batch.db);
    const expiresBefore = this.expiring;
    for (let from = 0; from < count; ) {
      const at = this.rows & CHUNK_MASK;
      if (at === 0) this.chunks.push(newChunk());
      const rows = Math.min(count - from, CHUNK_ROWS - at);
      const chunk = this.chunks[this.rows >>> CHUNK_BITS];
      // A column at a time: each loop is short enough to be compiled into next to nothing.
      const bytes = this.addPlaces(batch, from, rows, chunk, at);
      this.addExpiries(batch, from, rows, chunk, at);
      this.addElements(batch, from, rows, chunk, at);
      if (batch.hasAccess) this.addAccesses(batch, from, rows, chunk, at);
      this.addKinds(batch, from, rows, chunk, at, types);
      database.bytes += bytes;
      this.rows += rows;
      from += rows;
    }
    database.keys += count;
    database.expires += this.expiring - expiresBefore;
  }

  /** @returns bytes of all these keys. */
  private addPlaces(batch: KeyBatch, from: number, count: number, chunk: Chunk, at: number): number {
    const { offset, typeOffset, end } = batch;
    const { offsetLow, offsetHigh, size, head } = chunk;
    let sum = 0;
    let large = false;
    for (let i = 0; i < count; i++) {
      const typeAt = typeOffset[from + i];
      const begin = offset[from + i];
      const bytes = end[from + i] - begin;
      const before = typeAt - begin;
      offsetLow[at + i] = typeAt;
      offsetHigh[at + i] = typeAt / 4294967296;
      size[at + i] = bytes;
      head[at + i] = before;
      sum += bytes;
      if (bytes >= OVERFLOW32 || before >= OVERFLOW8) large = true;
    }
    if (large) this.addLarge(batch, from, count, chunk, at);
    return sum;
  }

  /** Enters what has no room in the columns. */
  private addLarge(batch: KeyBatch, from: number, count: number, chunk: Chunk, at: number): void {
    for (let i = 0; i < count; i++) {
      const begin = batch.offset[from + i];
      const bytes = batch.end[from + i] - begin;
      const before = batch.typeOffset[from + i] - begin;
      if (bytes >= OVERFLOW32) this.overflow32(chunk.size, at + i, this.largeSizes, this.rows + i, bytes);
      if (before >= OVERFLOW8) {
        chunk.head[at + i] = OVERFLOW8;
        this.largeHeads.set(this.rows + i, before);
      }
    }
  }

  private addExpiries(batch: KeyBatch, from: number, count: number, chunk: Chunk, at: number): void {
    const { expireAt } = batch;
    if (!chunk.expireAt) {
      let any = false;
      for (let i = from; i < from + count && !any; i++) any = !Number.isNaN(expireAt[i]);
      if (!any) return;
      chunk.expireAt = new Float64Array(CHUNK_ROWS).fill(NO_EXPIRY);
    }
    const column = chunk.expireAt;
    let expiring = 0;
    for (let i = 0; i < count; i++) {
      const time = expireAt[from + i];
      column[at + i] = time;
      if (Number.isNaN(time)) continue;
      expiring++;
      if (time > Number.MAX_SAFE_INTEGER || time < -Number.MAX_SAFE_INTEGER) {
        const exact = (BigInt(batch.expireHigh[from + i]) << 32n) | BigInt(batch.expireLow[from + i]);
        this.exactExpiries.set(this.rows + i, exact);
      }
    }
    this.expiring += expiring;
  }

  private addElements(batch: KeyBatch, from: number, count: number, chunk: Chunk, at: number): void {
    const { elements } = batch;
    const column = chunk.elements;
    for (let i = 0; i < count; i++) {
      const number = elements[from + i];
      if (number >= 0 && number < OVERFLOW32) column[at + i] = number;
      else if (number === COUNT_UNKNOWN) this.noteUncounted(chunk, at + i, this.rows + i, batch.type[from + i]);
      else this.overflow32(column, at + i, this.largeElements, this.rows + i, number);
    }
  }

  private addAccesses(batch: KeyBatch, from: number, count: number, chunk: Chunk, at: number): void {
    const { idle, freq } = batch;
    for (let i = 0; i < count; i++) {
      if (idle[from + i] >= 0 || freq[from + i] >= 0) this.setAccess(chunk, at + i, idle[from + i], freq[from + i]);
    }
  }

  /** Enters the kinds of keys, and counts them. */
  private addKinds(batch: KeyBatch, from: number, count: number, chunk: Chunk, at: number, types: TypeTable): void {
    const { type, flags, elements, end, offset } = batch;
    const { kindByCode, kindKeys, kindBytes, constantLimit } = this;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      let slot = type[row];
      if (slot === STRING_TYPE) {
        if ((flags[row] & FLAG_INTEGER) === 0) {
          const limit =
            constantLimit ?? embeddedLimit(this.server, batch.keyLength[row], !Number.isNaN(batch.expireAt[row]));
          slot = elements[row] <= limit ? EMBEDDED_SLOT : RAW_SLOT;
        }
      } else if (slot === QUICKLIST_2_TYPE && (flags[row] & FLAG_SINGLE_LISTPACK) !== 0) {
        slot = SINGLE_LISTPACK_SLOT;
      }
      let kind = kindByCode[slot];
      if (kind < 0) kind = this.kindOf(batch, row, slot, types);
      chunk.kind[at + i] = kind;
      kindKeys[kind]++;
      kindBytes[kind] += end[row] - offset[row];
    }
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
      if (!chunk.freq) chunk.freq = new Int16Array(CHUNK_ROWS).fill(-1);
      chunk.freq[at] = freq;
    }
  }

  /** The kind of a key of which there was none before, or whose kind depends on its module. */
  private kindOf(batch: KeyBatch, i: number, slot: number, types: TypeTable): number {
    const code = batch.type[i];
    if (code === 6 || code === 7) return this.moduleKind(batch, i, types);
    const valueType = types[code] as ValueType;
    const encoding = encodingOf(valueType, batch.flags[i], slot === EMBEDDED_SLOT, this.server);
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
    const { kindKeys, kindBytes } = this;
    const kind = this.kindList.length;
    this.kindList.push({
      valueType,
      type,
      encoding,
      module,
      get keys() {
        return kindKeys[kind];
      },
      get bytes() {
        return kindBytes[kind];
      },
    });
    return kind;
  }

  // Columns by row, for filters and sorting.

  /** Offset of the type byte. */
  typeOffset(row: number): number {
    const chunk = this.chunks[row >>> CHUNK_BITS];
    const at = row & CHUNK_MASK;
    return chunk.offsetHigh[at] * 4294967296 + chunk.offsetLow[at];
  }

  /** Offset of the first byte of the record. */
  offset(row: number): number {
    return this.typeOffset(row) - this.head(row);
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
    return this.runs[this.runOf(row)]?.db ?? 0;
  }

  /** The row behind the last one that follows a row in the same database. */
  endOfDatabase(row: number): number {
    return this.runs[this.runOf(row) + 1]?.start ?? this.rows;
  }

  private runOf(row: number): number {
    let low = 0;
    let high = this.runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.runs[middle].start <= row) low = middle;
      else high = middle - 1;
    }
    return low;
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

  /** Where the last key ends that begins before an offset; 0 if none does. */
  endBefore(offset: number): number {
    let low = 0;
    let high = this.rows;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.typeOffset(middle) - this.head(middle) < offset) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : this.typeOffset(low - 1) - this.head(low - 1) + this.size(low - 1);
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
