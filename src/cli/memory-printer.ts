/** The lines of `memory`, one by one: what is printed of keys that a scan has met. */
import { matchesGlob } from '../dataset/glob.js';
import { Measurer } from '../dataset/memory/measure.js';
import { middleOf } from '../dataset/memory/plain/plain-lines.js';
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
import { fixed, type LineBytes } from './line-bytes.js';

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
interface Middle {
  readonly text: Uint8Array;
  readonly type: string;
  readonly encoding: string | null;
}

/** Prints keys of one file. */
export class KeyPrinter {
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
    private readonly lines: LineBytes,
    window: number,
  ) {
    this.record = new RecordBytes(source, window);
    this.measurer = new Measurer(file.target);
    this.types = valueTypes(file.header.family, file.header.version);
  }

  /** Prints keys. @param report takes what was wrong with one that could not be printed. */
  print(batch: KeyBatch, report: (problem: Problem) => void): void {
    const { lines } = this;
    for (let i = 0; i < batch.count; i++) {
      const begun = lines.length;
      try {
        this.line(batch, i);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        // A line is printed whole or not at all.
        lines.cut(begun);
        report(error.toProblem(batch.typeOffset[i]));
      }
    }
  }

  private line(batch: KeyBatch, i: number): void {
    const { keys, record, measurer, lines } = this;
    const { db } = batch;
    if (keys.db !== undefined && db !== keys.db) return;
    const type = this.types[batch.type[i]] as ValueType;
    const typeOffset = batch.typeOffset[i];
    const end = batch.end[i];
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
    lines.add(this.head);
    lines.base64(key, start, behind);
    const expires = !Number.isNaN(batch.expireAt[i]);
    const memory = measurer.measureValue(record, type, keyLength, end, expires, batch.elements[i]);
    lines.add(this.middle(name, measurer.encoding, type.code));
    if (measurer.elements < 0) lines.add(NULL);
    else lines.number(measurer.elements);
    lines.add(BYTES);
    lines.number(end - batch.offset[i]);
    lines.add(MEMORY);
    lines.number(memory);
    lines.add(LINE_END);
  }

  private moduleName(typeOffset: number, end: number): string {
    const { record } = this;
    record.seek(typeOffset, end);
    record.skip(1);
    record.string();
    return parseModuleId(record.long()).name;
  }

  private middle(type: string, encoding: string | null, code: number): Uint8Array {
    const known = this.middles[code];
    for (let i = 0; i < known.length; i++) {
      const middle = known[i];
      if (middle.encoding === encoding && middle.type === type) return middle.text;
    }
    const text = fixed(middleOf(type, encoding));
    // A file can name as many modules as it has keys.
    if (known.length === MIDDLES) known.length = 0;
    known.push({ text, type, encoding });
    return text;
  }
}
