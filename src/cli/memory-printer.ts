/** The lines of `memory`: keys that a scan has met, as numbers that another thread can be given, and what is printed of them. */
import { matchesGlob } from '../dataset/glob.js';
import { Measurer } from '../dataset/memory/measure.js';
import type { MemoryTarget } from '../dataset/memory/target.js';
import { INTEGER, RecordBytes } from '../dataset/record-bytes.js';
import type { ValueSearch } from '../dataset/value-search.js';
import { integerText } from '../decoder/bytes.js';
import { DecodeError, type Problem } from '../decoder/errors.js';
import type { Header } from '../decoder/rdb/header.js';
import type { KeyBatch } from '../decoder/rdb/key-batch.js';
import { parseModuleId } from '../decoder/rdb/module-id.js';
import type { ValueType } from '../decoder/rdb/value-type.js';
import { valueTypes } from '../decoder/rdb/value-types.js';
import type { ByteSource } from '../decoder/source.js';
import { type FixedText, fixed, LineBytes } from './line-bytes.js';

/** Which keys are printed. */
export interface PrintedKeys {
  readonly db: number | undefined;
  readonly match: Uint8Array | undefined;
  readonly type: string | undefined;
}

/** What has to be known of a file before its first key is printed. */
export interface PrintedFile {
  readonly target: MemoryTarget;
  readonly header: Pick<Header, 'family' | 'version'>;
}

// The numbers of a key, and how many there are.
const OFFSET = 0;
const TYPE_OFFSET = 1;
const END = 2;
const ELEMENTS = 3;
const DB = 4;
const TYPE = 5;
const NUMBERS = 6;
/** Added to the type byte of a key that expires. */
const EXPIRES = 256;

/** Keys as numbers. */
export class KeyNumbers {
  private numbers = new Float64Array(4096 * NUMBERS);
  private used = 0;

  /** Number of keys. */
  get count(): number {
    return this.used / NUMBERS;
  }

  add({ count, db, offset, typeOffset, end, elements, type, expireAt }: KeyBatch): void {
    let at = this.used;
    this.used += count * NUMBERS;
    if (this.used > this.numbers.length) {
      const larger = new Float64Array(2 * this.used);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    const { numbers } = this;
    for (let i = 0; i < count; i++, at += NUMBERS) {
      numbers[at + OFFSET] = offset[i];
      numbers[at + TYPE_OFFSET] = typeOffset[i];
      numbers[at + END] = end[i];
      numbers[at + ELEMENTS] = elements[i];
      numbers[at + DB] = db;
      numbers[at + TYPE] = Number.isNaN(expireAt[i]) ? type[i] : type[i] + EXPIRES;
    }
  }

  /** The keys that were added; begins anew. @param next memory for the next ones. */
  take(next?: ArrayBuffer): Float64Array<ArrayBuffer> {
    const taken = this.numbers.subarray(0, this.used);
    this.numbers = next ? new Float64Array(next) : new Float64Array(this.numbers.length);
    this.used = 0;
    return taken;
  }
}

/** The longest name that a server takes; a longer one is printed as an empty one. */
const NAME_LIMIT = 512 * 1024 * 1024;
const NO_NAME = new Uint8Array(0);

const BYTES = fixed(',"bytes":');
const MEMORY = fixed(',"memory":');
const NULL = fixed('null');
const LINE_END = fixed('}\n');

/** Middles that are kept of a type byte. */
const MIDDLES = 16;

/** What stands between the key and the numbers. */
interface Middle extends FixedText {
  readonly type: string;
  readonly encoding: string | null;
}

/** Prints keys of one file. */
export class KeyPrinter {
  readonly lines = new LineBytes();
  private readonly record: RecordBytes;
  private readonly measurer: Measurer;
  private readonly types: readonly (ValueType | undefined)[];
  /** The middles of lines, by type byte: few for each. */
  private readonly middles = Array.from({ length: 256 }, (): Middle[] => []);
  private db = -1;
  /** The beginning of a line of that database. */
  private head = NULL;

  constructor(
    source: ByteSource,
    file: PrintedFile,
    private readonly keys: PrintedKeys,
    private readonly search: ValueSearch | undefined,
  ) {
    this.record = new RecordBytes(source);
    this.measurer = new Measurer(file.target);
    this.types = valueTypes(file.header.family, file.header.version);
  }

  /** Prints keys into {@link lines}. @returns what was wrong with those that could not be printed. */
  print(numbers: Float64Array): Problem[] {
    const { lines } = this;
    const problems: Problem[] = [];
    for (let at = 0; at < numbers.length; at += NUMBERS) {
      const begun = lines.length;
      try {
        this.line(numbers, at);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        // A line is printed whole or not at all.
        lines.cut(begun);
        problems.push(error.toProblem(numbers[at + TYPE_OFFSET]));
      }
    }
    return problems;
  }

  private line(numbers: Float64Array, at: number): void {
    const { keys, record, measurer, lines } = this;
    const db = numbers[at + DB];
    if (keys.db !== undefined && db !== keys.db) return;
    const typeAndExpiry = numbers[at + TYPE];
    const type = this.types[typeAndExpiry & 0xff] as ValueType;
    const typeOffset = numbers[at + TYPE_OFFSET];
    const end = numbers[at + END];
    const name = type.type === 'module' ? this.moduleName(typeOffset, end) : type.type;
    if (keys.type !== undefined && name !== keys.type) return;
    if (this.search && !this.search.matches(record, type, typeOffset, end)) return;
    record.seek(typeOffset, end);
    record.skip(1);
    const keyLength = record.string();
    let key = record.window;
    let start = record.inWindow;
    if (start < 0) {
      key = record.kind === INTEGER ? integerText(record.integer) : (record.bytes(NAME_LIMIT) ?? NO_NAME);
      start = 0;
    }
    const behind = Math.min(key.length, start + keyLength);
    if (keys.match && !matchesGlob(keys.match, key, start, behind)) return;
    if (db !== this.db) {
      this.db = db;
      this.head = fixed(`{"db":${db},"key":"`);
    }
    lines.fixed(this.head);
    lines.base64(key, start, behind);
    const expires = typeAndExpiry >= EXPIRES;
    const memory = measurer.measureValue(record, type, keyLength, end, expires, numbers[at + ELEMENTS]);
    lines.fixed(this.middle(name, measurer.encoding, type.code));
    if (measurer.elements < 0) lines.fixed(NULL);
    else lines.number(measurer.elements);
    lines.fixed(BYTES);
    lines.number(end - numbers[at + OFFSET]);
    lines.fixed(MEMORY);
    lines.number(memory);
    lines.fixed(LINE_END);
  }

  private moduleName(typeOffset: number, end: number): string {
    const { record } = this;
    record.seek(typeOffset, end);
    record.skip(1);
    record.string();
    return parseModuleId(record.long()).name;
  }

  private middle(type: string, encoding: string | null, code: number): FixedText {
    const known = this.middles[code];
    for (let i = 0; i < known.length; i++) {
      const middle = known[i];
      if (middle.encoding === encoding && middle.type === type) return middle;
    }
    const text = fixed(`","type":${JSON.stringify(type)},"encoding":${JSON.stringify(encoding)},"elements":`);
    const middle = { ...text, type, encoding };
    // A file can name as many modules as it has keys.
    if (known.length === MIDDLES) known.length = 0;
    known.push(middle);
    return middle;
  }
}
