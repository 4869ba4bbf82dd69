/**
 * The scan: walks the records of an RDB file without decoding values and tells where each key is, how long it is and
 * how many elements it has. Bytes are pushed in pieces of any size; between two pieces all state is in the scanner.
 */
import { integerText, isCanonicalInteger, latin1, u32be, u32le, WIDE } from '../bytes.js';
import { byteName, DecodeError, type Part, type Problem, phrase } from '../errors.js';
import { lzfCanHold, lzfDecompress, lzfPrefix } from '../lzf.js';
import { INTSET_HEADER } from './blobs/intset.js';
import { LISTPACK_COUNT_UNKNOWN } from './blobs/listpack.js';
import { ZIPLIST_COUNT_UNKNOWN, ZIPLIST_HEADER } from './blobs/ziplist.js';
import { ZIPMAP_COUNT_UNKNOWN } from './blobs/zipmap.js';
import { HEADER_BYTES, type Header, hasMagic, parseHeader, RECOGNISED_BYTES } from './header.js';
import { millisOfHost, secondsOfHost } from './host-time.js';
import {
  BATCH_ROWS,
  COUNT_UNKNOWN,
  FLAG_INTEGER,
  FLAG_SINGLE_LISTPACK,
  KeyBatch,
  NO_EXPIRY,
  type TypeTable,
} from './key-batch.js';
import { Code, compileLayout, INSTRUCTION, MAX_DEPTH, type Program } from './layout.js';
import { parseMetadataClass, parseModuleId } from './module-id.js';
import { ITEM_DOUBLE, ITEM_END, ITEM_FLOAT, ITEM_SIGNED, ITEM_STRING, ITEM_UNSIGNED } from './modules/items.js';
import { moduleType } from './modules/module-types.js';
import {
  OP_AUX,
  OP_EOF,
  OP_EXPIRETIME,
  OP_EXPIRETIME_MS,
  OP_FREQ,
  OP_IDLE,
  OP_KEY_META,
  OP_RESIZEDB,
  OP_SELECTDB,
  OP_SLOT_INFO,
  type Opcode,
  opcodes,
} from './opcodes.js';
import type { ValueType } from './value-type.js';
import { ALL_VALUE_TYPES, valueTypes } from './value-types.js';

/** What a scan reports to. */
export interface ScanSink {
  header?(header: Header): void;
  /** The next keys, in the order of the file. @param types the value types by type byte. */
  keys(batch: KeyBatch, types: TypeTable): void;
  /** A record that is neither a key nor an aux field: its opcode and where it begins and ends. */
  record?(opcode: Opcode, offset: number, end: number): void;
  /** An aux field; names and values longer than {@link KEPT_LIMIT} are cut there. */
  aux?(name: string, value: Uint8Array, offset: number, end: number): void;
  problem(problem: Problem): void;
  /**
   * Takes keys from their bytes before the scan reads them; it is told of no other keys then.
   *
   * @param start index of the first byte of a record.
   * @returns the index of the first byte that was not taken; −1 if none can be taken now.
   */
  take?(bytes: Uint8Array, start: number, end: number, db: number): number;
}

/** The most bytes of an aux field that the scan hands on. */
export const KEPT_LIMIT = 64 * 1024;
/** The highest database number that a server can be configured to have, and the highest slot of a cluster. */
const DATABASE_LIMIT = 2147483646;
const SLOT_LIMIT = 16383;
/** The most hash templates of a file; far more than servers can hold, few enough for any memory. */
const TEMPLATE_LIMIT = 1 << 20;
/** Bytes of a string or blob that are looked at to count elements: enough for an LZF stream to give 12 bytes. */
const PEEK = 32;

/** Where the scan stands. */
type State = 'header' | 'record' | 'program' | 'footer' | 'done' | 'failed';

/** Where a hash template is defined. */
export interface TemplateRecord {
  /** Offset of its opcode. */
  readonly offset: number;
  readonly fields: number;
}

const PROGRAMS: ReadonlyMap<object, Program> = new Map(
  [
    ...ALL_VALUE_TYPES.map((type) => [type, type.layout] as const),
    ...[...opcodes('redis'), ...opcodes('valkey')].flatMap((row) =>
      row?.payload ? [[row, row.payload] as const] : [],
    ),
  ].map(([row, layout]) => [row, compileLayout(layout)]),
);

/** Programs of untagged module values by module name, compiled when first met. */
const UNTAGGED = new Map<string, Program>();

/** Bytes that must be at hand behind the place where a plain key is begun or its value starts. */
const PLAIN_MARGIN = 48;
/** High half of the times from 2004 to 2286. */
const EARLIEST_HIGH = 250;
const LATEST_HIGH = 2327;

// The kinds of values of plain keys. Lanes of compact structures are odd where two of their entries are one element.
const LANE_NONE = 0;
const LANE_STRING = 1;
const LANE_INTSET = 2;
const LANE_LISTPACK = 4;
const LANE_LISTPACK_PAIRS = 5;
const LANE_ZIPLIST = 6;
const LANE_ZIPLIST_PAIRS = 7;

function laneOf(type: ValueType): number {
  const [step] = type.layout;
  if (type.layout.length !== 1 || step === undefined) return LANE_NONE;
  if (step.step === 'string') return LANE_STRING;
  if (step.step !== 'blob' || step.less !== undefined || step.per > 2) return LANE_NONE;
  if (step.kind === 'intset') return LANE_INTSET;
  if (step.kind === 'listpack') return step.per === 1 ? LANE_LISTPACK : LANE_LISTPACK_PAIRS;
  if (step.kind === 'ziplist') return step.per === 1 ? LANE_ZIPLIST : LANE_ZIPLIST_PAIRS;
  return LANE_NONE;
}

/** How a string of the file is encoded. */
const RAW = 0;
const INTEGER = 1;
const LZF = 2;

/** Scans one file. */
export class RdbScanner {
  private state: State = 'header';
  /** Bytes of the last piece that could not be read without the next one. */
  private rest: Uint8Array = NOTHING;
  /** Offset in the file of the next byte to be read; may be past the bytes pushed so far. */
  private position = WIDE;
  /** Bytes pushed so far. */
  private pushed = WIDE;

  private types: TypeTable = [];
  /** The program of each value type, by type byte. */
  private programs: readonly (Program | undefined)[] = [];
  private codes: readonly (Opcode | undefined)[] = [];
  private version = 0;
  /** Keys read whole, and behind them a row for the key being read. */
  private readonly batch = new KeyBatch();
  /** True from the type byte of a key to its end. */
  private inKey = false;
  private readonly warned = new Set<number>();
  /** The way through {@link readPlainKeys} of each type byte. */
  private readonly lanes = new Uint8Array(256);

  // The program that runs: over a value, or over the payload of an opcode.
  private program: Program = new Int32Array(0);
  private ip = 0;
  private depth = -1;
  private readonly loops = new Float64Array(MAX_DEPTH);
  private stringsLeft = WIDE;
  /** Offset of the number of elements that a later repetition goes by. */
  private countOffset = WIDE;
  private opcode: Opcode | undefined;
  private opcodeOffset = WIDE;
  private readonly kept: Uint8Array[] = [];
  private keeping: { stored: Uint8Array; filled: number; left: number; encoding: number; length: number } | undefined;
  private moduleLow = 0;
  private moduleHigh = 0;
  private metadataClass = 0;
  private nodes = 0;
  private listpacks = 0;
  private readonly templateTable = new Map<bigint, TemplateRecord>();

  // What the last call of readLength or readString gave.
  private number = WIDE;
  private high = WIDE;
  private low = WIDE;
  private encoding = RAW;
  private length = WIDE;
  private stored = WIDE;
  private dataAt = WIDE;

  /** Offset in the file of the first byte of the piece that is being read. */
  private base = WIDE;

  /** The checksum as the file states it, once the end is reached; undefined if there is none. */
  checksum: bigint | undefined;
  /** Offset of the byte behind the end mark: what the checksum covers. */
  checkedBytes = 0;
  /** Offset of the byte behind the whole file, checksum included; bytes after it are no part of the RDB. */
  endOffset = 0;

  /**
   * @param size bytes of the file, to refuse lengths that cannot be true; Infinity if it is not known.
   */
  constructor(
    private readonly sink: ScanSink,
    private readonly size = Number.POSITIVE_INFINITY,
  ) {}

  /** True when nothing more is to be read: the end was found, or damage that nothing behind it survives. */
  get finished(): boolean {
    return this.state === 'done' || this.state === 'failed';
  }

  /** True when the end of the file was found where it should be. */
  get complete(): boolean {
    return this.state === 'done';
  }

  /** Offset of the next byte that the scan wants; bytes before it need not be pushed but must be skipped over. */
  get wanted(): number {
    return Math.max(this.position, this.pushed);
  }

  /** Hash templates by id. */
  get templates(): ReadonlyMap<bigint, TemplateRecord> {
    return this.templateTable;
  }

  /**
   * Gives the scanner the next bytes.
   *
   * @param bytes holds them from `start` to `end`; may be reused after the call.
   */
  push(bytes: Uint8Array, start = 0, end = bytes.length): void {
    const base = this.pushed - start;
    if (this.rest.length > 0 && !this.finished && !this.crossBorder(bytes, start, end)) {
      this.pushed += end - start;
      return;
    }
    this.pushed += end - start;
    const at = Math.max(start, this.position - base);
    // At the very end there is nothing to read, but a key may end there whose bytes were skipped.
    if (this.finished || at > end) return;
    const stopped = this.run(bytes, at, end, base);
    if (!this.finished && stopped < end) this.rest = bytes.slice(stopped, end);
  }

  /**
   * Reads on over the border between the last piece and this one: every step needs few bytes, so a little of the new
   * piece behind the rest of the old one gets the scan across.
   *
   * @returns false if all of the new piece was used up and more is needed.
   */
  private crossBorder(bytes: Uint8Array, start: number, end: number): boolean {
    for (let reach = 64; ; reach *= 4) {
      const added = Math.min(reach, end - start);
      const old = this.rest;
      const joined = new Uint8Array(old.length + added);
      joined.set(old);
      joined.set(bytes.subarray(start, start + added), old.length);
      const stopped = this.run(joined, 0, joined.length, this.position);
      if (this.finished || stopped >= old.length) {
        this.rest = NOTHING;
        return true;
      }
      if (added === end - start) {
        this.rest = joined.slice(stopped);
        return false;
      }
      this.rest = joined.slice(stopped, old.length);
    }
  }

  /** Tells that a stretch will not be pushed because {@link wanted} is behind it. @param offset where pushing goes on. */
  skipTo(offset: number): void {
    if (offset > this.wanted) throw new RangeError('bytes that the scan needs cannot be skipped');
    this.pushed = offset;
  }

  /** Goes back to the start of a record that was said to be taken, and is pushed again. */
  back(offset: number): void {
    this.pushed = offset;
    this.position = offset;
  }

  /** Tells that no more bytes follow. Reports a file that ends too early. */
  finish(): void {
    if (this.finished) return;
    if (this.state === 'header') {
      this.attempt(() => {
        const header = parseHeader(this.rest);
        throw new DecodeError('truncated', header.magic.length, HEADER_BYTES - header.magic.length, 'the header');
      });
      return;
    }
    const short = Math.max(1, this.position - this.pushed, this.keeping?.left ?? 0);
    if (this.state === 'footer') {
      this.fail('checksum-missing', this.position, this.rest.length);
    } else if (this.state === 'program') {
      this.fail('truncated', this.pushed, short, this.partCutOff());
    } else if (this.rest.length > 0) {
      const opcode = this.codes[this.rest[0]];
      this.fail('truncated', this.pushed, short, opcode ? partOf(opcode) : 'the key name');
    } else {
      const reason =
        this.batch.offset[this.batch.count] >= 0
          ? phrase('a key should follow')
          : phrase('it was cut off between two keys');
      this.fail('no-end-mark', this.pushed, reason);
    }
  }

  /** What the program was reading when the bytes ended. */
  private partCutOff(): Part {
    if (this.opcode?.code === OP_AUX && this.kept.length === 0) return 'the name of an aux field';
    if (this.opcode) return partOf(this.opcode);
    // Before its first instruction a value is not begun, and the scan may have stepped past the end in the name.
    return this.ip === 0 && this.position > this.pushed ? 'the key name' : 'the value';
  }

  private fail(code: Problem['code'], offset: number, ...args: Problem['args']): void {
    this.state = 'failed';
    const problem: Problem = { code, severity: 'error', offset, args };
    const entryOffset = this.entryOffset();
    this.sink.problem(entryOffset === undefined ? problem : { ...problem, entryOffset });
  }

  private attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.state = 'failed';
      this.sink.problem(error.toProblem(this.entryOffset()));
    }
  }

  /** Offset of the type byte of the key that is being read. */
  private entryOffset(): number | undefined {
    return this.inKey ? this.batch.typeOffset[this.batch.count] : undefined;
  }

  /** Hands on the keys read so far. */
  private flush(): void {
    if (this.batch.count > 0) this.sink.keys(this.batch, this.types);
    this.batch.restart();
  }

  /**
   * Reads as far as the bytes go.
   *
   * @param base offset in the file of `bytes[0]`.
   * @returns the index of the first byte that was not read; beyond `end` where bytes can be skipped.
   */
  private run(bytes: Uint8Array, start: number, end: number, base: number): number {
    this.base = base;
    let at = start;
    this.attempt(() => {
      for (;;) {
        const state = this.state;
        if (state === 'record') at = this.readRecords(bytes, at, end);
        else if (state === 'program') at = this.runProgram(bytes, at, end);
        else if (state === 'header') at = this.readHeader(bytes, at, end);
        else if (state === 'footer') at = this.readFooter(bytes, at, end);
        // Each reads as far as it can: when it leaves the state as it was, bytes are missing, or nothing is left to do.
        if (this.state === state) return;
      }
    });
    this.flush();
    this.position = base + at;
    return at;
  }

  private readHeader(bytes: Uint8Array, at: number, end: number): number {
    if (end - at < HEADER_BYTES) return at;
    const start = bytes.subarray(at, Math.min(end, at + RECOGNISED_BYTES));
    // What else the file may be takes more bytes to tell; a shorter file is told by `finish`.
    if (start.length < RECOGNISED_BYTES && !hasMagic(start)) return at;
    const header = parseHeader(start);
    this.types = valueTypes(header.family, header.version);
    this.programs = this.types.map((type) => type && PROGRAMS.get(type));
    this.types.forEach((type, byte) => {
      if (type && type.since <= header.version) this.lanes[byte] = laneOf(type);
    });
    this.codes = opcodes(header.family);
    this.version = header.version;
    this.sink.header?.(header);
    if (header.problem) this.sink.problem(header.problem);
    this.state = 'record';
    return at + HEADER_BYTES;
  }

  private readFooter(bytes: Uint8Array, at: number, end: number): number {
    if (end - at < 8) return at;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8);
    this.checksum = view.getBigUint64(0, true);
    this.endOffset = this.base + at + 8;
    this.state = 'done';
    return at + 8;
  }

  /** Reads opcodes and keys, one after the other. */
  private readRecords(bytes: Uint8Array, start: number, end: number): number {
    const { batch, base } = this;
    let at = start;
    while (at < end) {
      if (batch.offset[batch.count] < 0) {
        const taken = this.take(bytes, at, end);
        at = taken < 0 ? this.readPlainKeys(bytes, at, end) : taken;
      }
      if (at >= end) return at;
      const byte = bytes[at];
      const program = this.programs[byte];
      if (program !== undefined) {
        const next = this.readKey(bytes, at, end, byte, program);
        return next < 0 ? at : next;
      }
      const row = batch.count;
      switch (byte) {
        case OP_EXPIRETIME_MS:
          if (at + 9 > end) return at;
          this.setExpiry(row, u32le(bytes, at + 5) | 0, u32le(bytes, at + 1));
          if (batch.offset[row] < 0) batch.offset[row] = base + at;
          at += 9;
          break;
        case OP_EXPIRETIME: {
          if (at + 5 > end) return at;
          const ms = secondsOfHost(u32le(bytes, at + 1) | 0, this.version) * 1000;
          this.setExpiry(row, Math.floor(ms / 4294967296), ms >>> 0);
          this.beginKey(base + at);
          at += 5;
          break;
        }
        case OP_FREQ:
          if (at + 2 > end) return at;
          batch.freq[row] = bytes[at + 1];
          batch.hasAccess = true;
          this.beginKey(base + at);
          at += 2;
          break;
        case OP_IDLE: {
          const next = this.readLength(bytes, at + 1, end, 'the idle time');
          if (next < 0) return at;
          batch.idle[row] = this.number;
          batch.hasAccess = true;
          this.beginKey(base + at);
          at = next;
          break;
        }
        case OP_SELECTDB: {
          const next = this.readLength(bytes, at + 1, end, 'the database number');
          if (next < 0) return at;
          this.checkNumber('the database number', this.number, DATABASE_LIMIT, base + at);
          // A batch is of one database.
          this.flush();
          batch.db = this.number;
          this.report(byte, base + at, base + next);
          at = next;
          break;
        }
        case OP_RESIZEDB: {
          let next = this.readLength(bytes, at + 1, end, 'the size hint');
          if (next >= 0) next = this.readLength(bytes, next, end, 'the size hint');
          if (next < 0) return at;
          this.report(byte, base + at, base + next);
          at = next;
          break;
        }
        case OP_SLOT_INFO: {
          let next = this.readLength(bytes, at + 1, end, 'the slot information');
          const slot = this.number;
          for (let i = 0; i < 2 && next >= 0; i++) next = this.readLength(bytes, next, end, 'the slot information');
          if (next < 0) return at;
          // Only now: a record whose bytes are not all there yet is read again.
          this.checkNumber('the slot information', slot, SLOT_LIMIT, base + at);
          this.report(byte, base + at, base + next);
          at = next;
          break;
        }
        case OP_EOF:
          this.checkedBytes = base + at + 1;
          this.endOffset = this.checkedBytes;
          this.report(byte, base + at, base + at + 1);
          this.state = this.version >= 5 ? 'footer' : 'done';
          return at + 1;
        default:
          this.startOpcode(byte, base + at);
          return at + 1;
      }
    }
    return at;
  }

  /**
   * The loop in which a scan spends its time: reads keys of which nothing but an expiry stands before the type byte,
   * whose value is one string or compact structure, stored in the plainest way, as almost all are. It ends at anything
   * else, and near the end of the bytes; the other methods take over there.
   *
   * @returns the index of the first byte that was not read.
   */
  private readPlainKeys(bytes: Uint8Array, start: number, end: number): number {
    const { batch, lanes, base } = this;
    const { offset, typeOffset, type, expireAt, expireHigh, expireLow, keyLength, elements, flags } = batch;
    const ends = batch.end;
    const safe = end - PLAIN_MARGIN;
    let row = batch.count;
    let begin = start;
    while (begin < safe) {
      let at = begin;
      let byte = bytes[at];
      let low = 0;
      let high = 0;
      if (byte === OP_EXPIRETIME_MS) {
        low = u32le(bytes, at + 1);
        high = u32le(bytes, at + 5) | 0;
        at += 9;
        byte = bytes[at];
        // −1 and times that may be in another byte order are rare enough for the careful path.
        if (high < EARLIEST_HIGH || high > LATEST_HIGH) break;
      }
      const lane = lanes[byte];
      if (lane === LANE_NONE) break;
      const typeAt = at++;
      let nameLength = bytes[at++];
      if (nameLength >= 0x40) {
        if (nameLength >= 0x80) break;
        nameLength = ((nameLength & 0x3f) << 8) | bytes[at++];
      }
      at += nameLength;
      if (at >= safe) break;
      let count = 0;
      let flag = 0;
      const first = bytes[at++];
      if (first >= 0xc0 && first !== 0xc3) {
        if (lane !== LANE_STRING || first > 0xc3) break;
        flag = FLAG_INTEGER;
        if (first === 0xc0) count = digitsOf((bytes[at] << 24) >> 24);
        else if (first === 0xc1) count = digitsOf(((bytes[at] | (bytes[at + 1] << 8)) << 16) >> 16);
        else count = digitsOf(u32le(bytes, at) | 0);
        at += 1 << (first - 0xc0);
      } else {
        let stored = first;
        let length = first;
        let header = at;
        if (first < 0x40) {
          // The length is in the first byte.
        } else if (first < 0x80) {
          stored = length = ((first & 0x3f) << 8) | bytes[at++];
          header = at;
        } else if (first === 0xc3) {
          stored = bytes[at++];
          if (stored >= 0x40) {
            if (stored >= 0x80) break;
            stored = ((stored & 0x3f) << 8) | bytes[at++];
          }
          length = bytes[at++];
          if (length >= 0x40) {
            if (length >= 0x80) break;
            length = ((length & 0x3f) << 8) | bytes[at++];
          }
          if (!lzfCanHold(stored, length)) break;
          // Compressed bytes begin with a literal run; if it is long enough, the header of a structure stands in it.
          header = at + 1;
          if (lane !== LANE_STRING) {
            const run = bytes[at];
            // A damaged run may go past the compressed bytes.
            if (run < ZIPLIST_HEADER - 1 || run >= 0x20 || run + 2 > stored) break;
          }
        } else {
          break;
        }
        if (lane === LANE_STRING) {
          count = length;
          if (first < 0x80 && length >= 10 && length <= 20 && isLongInteger(bytes, at, length)) flag = FLAG_INTEGER;
        } else if (lane === LANE_INTSET) {
          if (length < INTSET_HEADER) break;
          count = u32le(bytes, header + 4);
        } else {
          // Listpack and ziplist have their counts at different places, and a lane each for elements and for pairs.
          if (length < ZIPLIST_HEADER) break;
          const field = lane >= LANE_ZIPLIST ? header + 8 : header + 4;
          count = bytes[field] | (bytes[field + 1] << 8);
          if (count === 0xffff) break;
          if ((lane & 1) !== 0) count >>= 1;
        }
        at += stored;
      }
      if (at > end) break;
      offset[row] = base + begin;
      typeOffset[row] = base + typeAt;
      ends[row] = base + at;
      type[row] = byte;
      if (typeAt !== begin) {
        expireAt[row] = high * 4294967296 + low;
        expireHigh[row] = high;
        expireLow[row] = low;
      }
      keyLength[row] = nameLength;
      elements[row] = count;
      flags[row] = flag;
      begin = at;
      if (++row === BATCH_ROWS) {
        batch.count = row;
        this.flush();
        row = 0;
      }
    }
    batch.count = row;
    return begin;
  }

  /** Lets others take keys. @returns the index of the first byte that was not taken; −1 if nobody takes them. */
  private take(bytes: Uint8Array, at: number, end: number): number {
    if (this.sink.take === undefined) return -1;
    // Keys keep their order.
    this.flush();
    return this.sink.take(bytes, at, end, this.batch.db);
  }

  /** Closes the row of a key and opens the next. */
  private nextRow(): void {
    if (++this.batch.count === BATCH_ROWS) this.flush();
  }

  /** Reports a number that no server writes; it does not keep the file from being read. */
  private checkNumber(what: Part, number: number, most: number, offset: number): void {
    if (number <= most) return;
    this.sink.problem({
      code: 'number-out-of-range',
      severity: 'error',
      offset,
      args: [what, String(number), most],
    });
  }

  private report(byte: number, offset: number, end: number): void {
    const opcode = this.codes[byte];
    if (opcode) this.sink.record?.(opcode, offset, end);
  }

  /** Notes where a key begins: at the first thing that belongs to it. */
  private beginKey(offset: number): void {
    const { batch } = this;
    if (batch.offset[batch.count] < 0) batch.offset[batch.count] = offset;
  }

  private setExpiry(row: number, high: number, low: number): void {
    const { batch } = this;
    let hi = high;
    let lo = low;
    if (this.version < 9) {
      const ms = millisOfHost((BigInt(high) << 32n) | BigInt(low), this.version);
      hi = Number(ms >> 32n);
      lo = Number(ms & 0xffffffffn);
    }
    batch.expireHigh[row] = hi;
    batch.expireLow[row] = lo;
    // Loaders take -1 for "no expiry".
    batch.expireAt[row] = hi === -1 && lo === 0xffffffff ? NO_EXPIRY : hi * 4294967296 + lo;
  }

  /**
   * Reads a key whose type byte is at `at`, whole if its value is one string or compact structure, otherwise up to
   * its value.
   *
   * @returns −1 if bytes are missing.
   */
  private readKey(bytes: Uint8Array, at: number, end: number, byte: number, program: Program): number {
    const { batch } = this;
    const row = batch.count;
    const afterKey = this.readString(bytes, at + 1, end, 'the key name');
    if (afterKey < 0) return -1;
    const typeOffset = this.base + at;
    this.beginKey(typeOffset);
    batch.typeOffset[row] = typeOffset;
    batch.type[row] = byte;
    batch.keyLength[row] = this.length;
    batch.elements[row] = 0;
    batch.flags[row] = 0;
    this.inKey = true;
    this.opcode = undefined;
    this.warnType(byte, typeOffset);
    this.start(program);
    return afterKey;
  }

  /** Reports value types that are newer than the version in the header, each once. */
  private warnType(byte: number, offset: number): void {
    const type = this.types[byte];
    if (!type || type.since <= this.version || this.warned.has(byte)) return;
    this.warned.add(byte);
    this.sink.problem({
      code: 'type-newer-than-version',
      severity: 'warning',
      offset,
      args: [byteName(type.code), type.name, this.version, type.since],
    });
  }

  private start(program: Program): void {
    this.program = program;
    this.ip = 0;
    this.depth = -1;
    this.nodes = 0;
    this.listpacks = 0;
    this.state = 'program';
  }

  private startOpcode(byte: number, offset: number): void {
    const opcode = this.codes[byte];
    if (!opcode) throw unknownByte(byte, offset);
    if (!opcode.payload) throw new DecodeError('unknown-opcode', offset, byteName(byte), opcode.name);
    if (opcode.ofKey) this.beginKey(offset);
    this.opcode = opcode;
    this.opcodeOffset = offset;
    this.start(PROGRAMS.get(opcode) as Program);
  }

  /** A program has run to its end. */
  private finishProgram(end: number): void {
    const { opcode, batch } = this;
    if (opcode === undefined) {
      const row = batch.count;
      batch.end[row] = end;
      if (this.nodes === 1 && this.listpacks === 1) batch.flags[row] |= FLAG_SINGLE_LISTPACK;
      this.inKey = false;
      this.nextRow();
    } else {
      if (opcode.code === OP_AUX) this.reportAux(end);
      else if (!opcode.ofKey) this.sink.record?.(opcode, this.opcodeOffset, end);
      this.opcode = undefined;
    }
    this.state = 'record';
  }

  private reportAux(end: number): void {
    const name = latin1(this.kept[0]);
    // KeyDB puts the version of a key between its expiry and its type byte: a part of the key that follows.
    if (name === 'mvcc-tstamp') this.beginKey(this.opcodeOffset);
    this.sink.aux?.(name, this.kept[1], this.opcodeOffset, end);
    this.kept.length = 0;
  }

  /** Runs the program as far as the bytes go. @returns the index of the first byte that was not read. */
  private runProgram(bytes: Uint8Array, start: number, end: number): number {
    const program = this.program;
    let at = start;
    for (;;) {
      const ip = this.ip;
      let next = -1;
      switch (program[ip]) {
        case Code.End:
          // Bytes that are skipped must still be there: only then the record is whole.
          if (at > end) return at;
          this.finishProgram(this.base + at);
          return at;
        case Code.Length:
          next = this.readLength(bytes, at, end, 'the value');
          break;
        case Code.CountLength:
          next = this.readLength(bytes, at, end, 'the value');
          if (next >= 0) this.setCount(this.number);
          this.countOffset = this.base + at;
          break;
        case Code.Bytes:
          next = at + program[ip + 1];
          break;
        case Code.String:
          next = this.readString(bytes, at, end, 'the string');
          if (next >= 0 && this.isStringValue(program) && !this.countString(bytes, end)) {
            next = -1;
          }
          break;
        case Code.KeptString: {
          const after = this.keepString(bytes, at, end);
          if (after < 0) return at;
          at = after;
          if (this.keeping) return at;
          next = at;
          break;
        }
        case Code.Blob:
          next = this.readString(bytes, at, end, 'the value');
          if (next >= 0 && !this.countBlob(bytes, end, program[ip + 1], program[ip + 2], program[ip + 3])) next = -1;
          break;
        case Code.TextScore:
          if (at < end) next = at + 1 + (bytes[at] >= 253 ? 0 : bytes[at]);
          break;
        case Code.Repeat:
        case Code.CountRepeat:
          next = this.readLength(bytes, at, end, 'the value');
          if (next < 0) break;
          if (program[ip] === Code.CountRepeat) this.setCount(this.number);
          this.enterLoop(this.number, program[ip + 1], program[ip + 2], at);
          at = next;
          continue;
        case Code.RepeatCounted:
          if (at > end) return at;
          this.enterLoop(this.numberCounted(), program[ip + 1], program[ip + 2], at, this.countOffset);
          continue;
        case Code.Next:
          if (--this.loops[this.depth] > 0) {
            this.ip = program[ip + 1];
          } else {
            this.depth--;
            this.ip = ip + INSTRUCTION;
          }
          continue;
        case Code.Strings:
        case Code.CountStrings: {
          next = this.readLength(bytes, at, end, 'the value');
          if (next < 0) break;
          const perTurn = program[ip + 1];
          this.checkCount(this.number, perTurn, at);
          if (program[ip] === Code.CountStrings) this.setCount(this.number);
          this.countOffset = this.base + at;
          this.stringsLeft = this.number * perTurn;
          break;
        }
        case Code.StringsRun:
          at = this.skipStrings(bytes, at, end);
          if (this.stringsLeft > 0) return at;
          next = at;
          break;
        case Code.TemplateValues:
          next = this.readLength(bytes, at, end, 'the hash template');
          if (next >= 0) {
            this.stringsLeft = this.templateFields(at);
            this.setCount(this.stringsLeft);
          }
          break;
        case Code.Template:
          next = this.readTemplate(bytes, at, end);
          break;
        case Code.QuicklistNode:
          next = this.readQuicklistNode(bytes, at, end);
          break;
        case Code.ArrayElement:
          next = this.readArrayElement(bytes, at, end);
          break;
        case Code.TemplateNames: {
          next = this.readLength(bytes, at, end, 'the hash template');
          if (next < 0) break;
          if (this.number === 1) break;
          if (this.number !== 0) {
            throw new DecodeError('bad-hash-template', this.base + at, phrase('names in format {0}', this.number));
          }
          const afterNames = this.readString(bytes, next, end, 'the hash template');
          if (afterNames < 0 || !this.countBlob(bytes, end, 0, 1, 0)) return at;
          this.countOffset = this.base + at;
          this.ip = program[ip + 1];
          at = afterNames;
          continue;
        }
        case Code.ModuleId:
          next = this.readLength(bytes, at, end, 'the module data');
          if (next < 0) break;
          this.moduleLow = this.low;
          this.moduleHigh = this.high;
          if (this.opcode === undefined) {
            this.batch.moduleLow[this.batch.count] = this.low;
            this.batch.moduleHigh[this.batch.count] = this.high;
            this.setCount(COUNT_UNKNOWN);
          }
          break;
        case Code.MetadataClass:
          if (at + 4 > end) break;
          this.metadataClass = u32le(bytes, at);
          next = at + 4;
          break;
        case Code.ModuleItems: {
          const after = this.skipModuleItems(bytes, at, end);
          at = after;
          if (this.number !== ITEM_END) return at;
          next = at;
          break;
        }
        case Code.UntaggedModule:
          this.startUntagged(at);
          return this.runProgram(bytes, at, end);
        case Code.Optional:
          next = this.readLength(bytes, at, end, 'the value');
          if (next < 0) break;
          at = next;
          this.ip = this.number === 0 ? program[ip + 1] : ip + INSTRUCTION;
          continue;
      }
      if (next < 0) return at;
      at = next;
      this.ip = ip + INSTRUCTION;
    }
  }

  /** The number of elements that the record has given before. */
  private numberCounted(): number {
    const count = this.batch.elements[this.batch.count];
    if (count === COUNT_UNKNOWN) {
      throw new DecodeError(
        'bad-hash-template',
        this.countOffset,
        phrase('its names are more than their header counts'),
      );
    }
    return count;
  }

  private enterLoop(count: number, behind: number, least: number, at: number, offset = this.base + at): void {
    this.checkCount(count, least, at, offset);
    if (count === 0) {
      this.ip = behind;
    } else {
      this.loops[++this.depth] = count;
      this.ip += INSTRUCTION;
    }
  }

  /** Refuses a count that the rest of the file cannot hold. */
  private checkCount(count: number, least: number, at: number, offset = this.base + at): void {
    const left = this.size - (this.base + at);
    if (count * least > left) {
      const part = this.opcode ? partOf(this.opcode) : 'the value';
      throw new DecodeError('count-beyond-end', offset, part, String(count), left);
    }
  }

  private skipStrings(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    let left = this.stringsLeft;
    while (left > 0 && at < end) {
      const byte = bytes[at];
      if (byte < 0x40) {
        at += byte + 1;
      } else {
        const next = this.readString(bytes, at, end, 'the string');
        if (next < 0) break;
        at = next;
      }
      left--;
    }
    this.stringsLeft = left;
    return at;
  }

  private templateFields(at: number): number {
    const id = (BigInt(this.high) << 32n) | BigInt(this.low);
    const template = this.templateTable.get(id);
    if (!template) throw new DecodeError('unknown-template', this.base + at, String(id));
    return template.fields;
  }

  private readTemplate(bytes: Uint8Array, at: number, end: number): number {
    let next = this.readLength(bytes, at, end, 'the hash template');
    if (next < 0) return -1;
    const id = (BigInt(this.high) << 32n) | BigInt(this.low);
    const countAt = next;
    next = this.readLength(bytes, next, end, 'the hash template');
    if (next < 0) return -1;
    this.checkCount(this.number, 1, countAt);
    if (this.templateTable.has(id)) {
      // The first stays: keys that were read already go by it.
      this.sink.problem({
        code: 'bad-hash-template',
        severity: 'error',
        offset: this.opcodeOffset,
        args: [phrase('template {0} is defined twice', String(id))],
      });
    } else if (this.templateTable.size < TEMPLATE_LIMIT) {
      this.templateTable.set(id, { offset: this.opcodeOffset, fields: this.number });
    } else if (this.templateTable.size === TEMPLATE_LIMIT) {
      this.sink.problem({
        code: 'too-many-templates',
        severity: 'error',
        offset: this.opcodeOffset,
        args: [TEMPLATE_LIMIT],
      });
    }
    this.stringsLeft = this.number;
    return next;
  }

  private readQuicklistNode(bytes: Uint8Array, at: number, end: number): number {
    let next = this.readLength(bytes, at, end, 'the list node');
    if (next < 0) return -1;
    const container = this.number;
    if (container !== 1 && container !== 2) throw new DecodeError('bad-quicklist', this.base + at, container);
    next = this.readString(bytes, next, end, 'the list node');
    if (next < 0) return -1;
    if (container === 1) {
      this.addCount(1);
    } else {
      if (!this.countBlob(bytes, end, 0, 1, 0)) return -1;
      this.listpacks++;
    }
    this.nodes++;
    return next;
  }

  private readArrayElement(bytes: Uint8Array, at: number, end: number): number {
    let next = this.readLength(bytes, at, end, 'the array element');
    if (next < 0) return -1;
    const tagAt = next;
    next = this.readLength(bytes, next, end, 'the array element');
    if (next < 0) return -1;
    switch (this.number) {
      case 0:
      case 3:
        return this.readString(bytes, next, end, 'the array element');
      case 1:
      case 2:
        return next + 8;
      default:
        throw new DecodeError('bad-array-tag', this.base + tagAt, this.number);
    }
  }

  /** Skips module items. Leaves the last tag in `number`: the end tag if the end was reached. */
  private skipModuleItems(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    for (;;) {
      let next = this.readLength(bytes, at, end, 'the module data');
      const tag = this.number;
      if (next < 0) {
        this.number = -1;
        return at;
      }
      switch (tag) {
        case ITEM_END:
          return next;
        case ITEM_SIGNED:
        case ITEM_UNSIGNED:
          next = this.readLength(bytes, next, end, 'the module data');
          break;
        case ITEM_FLOAT:
          next += 4;
          break;
        case ITEM_DOUBLE:
          next += 8;
          break;
        case ITEM_STRING:
          next = this.readString(bytes, next, end, 'the module data');
          break;
        default: {
          throw new DecodeError('bad-module-item', this.base + at, byteName(bytes[at]), this.moduleName());
        }
      }
      if (next < 0) {
        this.number = -1;
        return at;
      }
      at = next;
    }
  }

  /** The module of the value or record that is being read. */
  private moduleName(): string {
    if (this.opcode?.code === OP_KEY_META) return parseMetadataClass(this.metadataClass).name;
    return parseModuleId((BigInt(this.moduleHigh) << 32n) | BigInt(this.moduleLow)).name;
  }

  private startUntagged(at: number): void {
    const name = this.moduleName();
    let program = UNTAGGED.get(name);
    if (!program) {
      const layout = moduleType(name)?.untagged?.layout;
      if (!layout) throw new DecodeError('unknown-module', this.base + at, name);
      program = compileLayout(layout);
      UNTAGGED.set(name, program);
    }
    this.program = program;
    this.ip = 0;
  }

  /**
   * Takes a string for the reader of the record, over as many pieces as it needs: `keeping` is set until it is whole.
   *
   * @returns the index behind what was taken; −1 if bytes of its header are missing.
   */
  private keepString(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    if (!this.keeping) {
      const part: Part = this.kept.length === 0 ? 'the name of an aux field' : 'the value of an aux field';
      const next = this.readString(bytes, at, end, part);
      if (next < 0) return -1;
      if (this.encoding === INTEGER) {
        this.kept.push(integerText(this.number));
        return next;
      }
      at = this.dataAt;
      this.keeping = {
        stored: new Uint8Array(Math.min(this.stored, KEPT_LIMIT)),
        filled: 0,
        left: this.stored,
        encoding: this.encoding,
        length: this.length,
      };
    }
    const keeping = this.keeping;
    const count = Math.min(keeping.left, Math.max(0, end - at));
    const wanted = Math.min(count, keeping.stored.length - keeping.filled);
    keeping.stored.set(bytes.subarray(at, at + wanted), keeping.filled);
    keeping.filled += wanted;
    keeping.left -= count;
    if (keeping.left > 0) return at + count;
    this.keeping = undefined;
    this.kept.push(keeping.encoding === LZF ? this.inflateKept(keeping, at + count) : keeping.stored);
    return at + count;
  }

  /** Decompresses a kept string; of a very long one only its start. @param behind index behind its bytes. */
  private inflateKept(kept: { stored: Uint8Array; filled: number; length: number }, behind: number): Uint8Array {
    if (kept.length <= KEPT_LIMIT && kept.filled === kept.stored.length) {
      return lzfDecompress(kept.stored, 0, kept.filled, kept.length, this.base + behind - kept.filled);
    }
    const text = new Uint8Array(KEPT_LIMIT);
    return text.subarray(0, lzfPrefix(kept.stored, 0, kept.filled, text));
  }

  /** True if the program is over a string value: its only instruction is a string. */
  private isStringValue(program: Program): boolean {
    return this.inKey && program[0] === Code.String && program[INSTRUCTION] === Code.End;
  }

  /** Counts a string value: its bytes, and whether a server would keep it as an integer. @returns false if bytes are missing. */
  private countString(bytes: Uint8Array, end: number): boolean {
    const { batch } = this;
    const row = batch.count;
    // Integers beyond 32 bits are written as text.
    let integer = this.encoding === INTEGER;
    if (this.encoding === RAW && this.length >= 10 && this.length <= 20) {
      if (this.dataAt + this.length > end) return false;
      integer = isLongInteger(bytes, this.dataAt, this.length);
    }
    batch.elements[row] = this.length;
    batch.flags[row] = integer ? FLAG_INTEGER : 0;
    return true;
  }

  private setCount(count: number): void {
    this.batch.elements[this.batch.count] = count;
  }

  /**
   * Adds the number of elements of a compact structure, from its header.
   *
   * @returns false if the bytes of the header are missing.
   */
  private countBlob(bytes: Uint8Array, end: number, kind: number, per: number, less: number): boolean {
    const needed = Math.min(this.stored, PEEK);
    if (this.dataAt + needed > end) return false;
    let header = bytes;
    let at = this.dataAt;
    let available = Math.min(this.stored, end - at);
    if (this.encoding === LZF) {
      header = PREFIX;
      available = lzfPrefix(bytes, at, at + Math.min(this.stored, end - at), PREFIX);
      at = 0;
    } else if (this.encoding === INTEGER) {
      available = 0;
    }
    this.addCount(available < BLOB_HEADERS[kind] ? 0 : blobCount(header, at, kind), per, less);
    return true;
  }

  private addCount(count: number, per = 1, less = 0): void {
    const { elements, count: row } = this.batch;
    if (count === COUNT_UNKNOWN || elements[row] === COUNT_UNKNOWN) elements[row] = COUNT_UNKNOWN;
    else elements[row] += Math.max(0, Math.floor(count / per) - less);
  }

  /** Reads a length into `number`, `high` and `low`. @returns the index behind it, −1 if bytes are missing. */
  private readLength(bytes: Uint8Array, at: number, end: number, what: Part): number {
    if (at >= end) return -1;
    const first = bytes[at];
    this.high = 0;
    if (first < 0x40) {
      this.number = this.low = first;
      return at + 1;
    }
    if (first < 0x80) {
      if (at + 2 > end) return -1;
      this.number = this.low = ((first & 0x3f) << 8) | bytes[at + 1];
      return at + 2;
    }
    if (first === 0x80) {
      if (at + 5 > end) return -1;
      this.number = this.low = u32be(bytes, at + 1);
      return at + 5;
    }
    if (first === 0x81) {
      if (at + 9 > end) return -1;
      this.high = u32be(bytes, at + 1);
      this.low = u32be(bytes, at + 5);
      this.number = this.high * 4294967296 + this.low;
      return at + 9;
    }
    throw new DecodeError(first < 0xc0 ? 'bad-length' : 'length-is-encoded', this.base + at, byteName(first), what);
  }

  /**
   * Reads the header of a string into `encoding`, `length`, `stored` and `dataAt`.
   *
   * @returns the index behind the string, which may be past `end`; −1 if bytes of the header are missing.
   */
  private readString(bytes: Uint8Array, at: number, end: number, what: Part): number {
    if (at >= end) return -1;
    const first = bytes[at];
    if (first < 0x40) {
      this.encoding = RAW;
      this.stored = this.length = first;
      this.dataAt = at + 1;
      return at + 1 + first;
    }
    return this.readLongString(bytes, at, end, first, what);
  }

  private readLongString(bytes: Uint8Array, at: number, end: number, first: number, what: Part): number {
    this.encoding = RAW;
    if (first < 0xc0) {
      const next = this.readLength(bytes, at, end, what);
      if (next < 0) return -1;
      this.stored = this.length = this.number;
      this.dataAt = next;
    } else if (first === 0xc3) {
      let next = this.readLength(bytes, at + 1, end, what);
      if (next < 0) return -1;
      const stored = this.number;
      next = this.readLength(bytes, next, end, what);
      if (next < 0) return -1;
      this.encoding = LZF;
      this.stored = stored;
      this.length = this.number;
      this.dataAt = next;
      if (!lzfCanHold(stored, this.length)) {
        throw new DecodeError('lzf-length', this.base + at, String(this.length), stored);
      }
    } else if (first < 0xc3) {
      return this.readIntegerString(bytes, at, end, first);
    } else {
      throw new DecodeError('bad-string-encoding', this.base + at, byteName(first), what);
    }
    const left = this.size - (this.base + this.dataAt);
    if (this.stored > left) {
      throw new DecodeError('length-beyond-end', this.base + at, what, String(this.stored), Math.max(0, left));
    }
    return this.dataAt + this.stored;
  }

  private readIntegerString(bytes: Uint8Array, at: number, end: number, first: number): number {
    const width = first === 0xc0 ? 1 : first === 0xc1 ? 2 : 4;
    if (at + 1 + width > end) return -1;
    if (width === 1) this.number = (bytes[at + 1] << 24) >> 24;
    else if (width === 2) this.number = ((bytes[at + 1] | (bytes[at + 2] << 8)) << 16) >> 16;
    else this.number = u32le(bytes, at + 1) | 0;
    this.encoding = INTEGER;
    this.stored = width;
    this.length = digitsOf(this.number);
    this.dataAt = at + 1;
    return at + 1 + width;
  }
}

const NOTHING = new Uint8Array(0);
const PREFIX = new Uint8Array(12);

/** Bytes of the headers of compact structures, in the order of `BLOB_KINDS`. */
const BLOB_HEADERS = [6, 10, 8, 1];

/** The number of entries that the header of a compact structure states. @param kind index in `BLOB_KINDS`. */
function blobCount(bytes: Uint8Array, at: number, kind: number): number {
  switch (kind) {
    case 0: {
      const count = bytes[at + 4] | (bytes[at + 5] << 8);
      return count === LISTPACK_COUNT_UNKNOWN ? COUNT_UNKNOWN : count;
    }
    case 1: {
      const count = bytes[at + 8] | (bytes[at + 9] << 8);
      return count === ZIPLIST_COUNT_UNKNOWN ? COUNT_UNKNOWN : count;
    }
    case 2:
      return u32le(bytes, at + 4);
    default:
      return bytes[at] >= ZIPMAP_COUNT_UNKNOWN ? COUNT_UNKNOWN : bytes[at];
  }
}

function digitsOf(value: number): number {
  const sign = value < 0 ? 1 : 0;
  const size = Math.abs(value);
  if (size < 100) return sign + (size < 10 ? 1 : 2);
  if (size < 10000) return sign + (size < 1000 ? 3 : 4);
  if (size < 1000000) return sign + (size < 100000 ? 5 : 6);
  if (size < 100000000) return sign + (size < 10000000 ? 7 : 8);
  return sign + (size < 1000000000 ? 9 : 10);
}

/** True if 10 to 20 bytes are the canonical text of a 64-bit integer. */
function isLongInteger(bytes: Uint8Array, at: number, length: number): boolean {
  const first = bytes[at];
  if (first !== 0x2d && (first < 0x31 || first > 0x39)) return false;
  return isCanonicalInteger(bytes, at, at + length);
}

/** The error for a byte that starts no record of this family, with the versions that would know it. */
function unknownByte(byte: number, offset: number): DecodeError {
  const row = ALL_VALUE_TYPES.find((type) => type.code === byte) ?? opcodes('redis')[byte] ?? opcodes('valkey')[byte];
  const hint = row
    ? phrase(' In files of {0} (RDB version {1}) it is {2}.', row.writers, row.since, row.name)
    : phrase(' No version of Redis, Valkey or KeyDB that is known writes it.');
  return new DecodeError('unknown-type', offset, byteName(byte), hint);
}

function partOf(opcode: Opcode): Part {
  return OPCODE_PARTS[opcode.name] ?? 'the value';
}

const OPCODE_PARTS: Readonly<Record<string, Part>> = {
  SELECTDB: 'the database number',
  EXPIRETIME: 'the expiry',
  EXPIRETIME_MS: 'the expiry',
  RESIZEDB: 'the size hint',
  FREQ: 'the access frequency',
  IDLE: 'the idle time',
  RAM_LRU: 'the idle time',
  SLOT_NUM: 'the slot information',
  AUX: 'the value of an aux field',
  MODULE_AUX: 'the module data',
  FUNCTION_PRE_GA: 'the function library',
  FUNCTION2: 'the function library',
  SLOT_INFO: 'the slot information',
  SLOT_IMPORT: 'the slot import',
  KEY_META: 'the key metadata',
  HASH_TEMPLATE: 'the hash template',
};
