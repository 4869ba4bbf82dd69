/**
 * Finding keys by what is in their values, in one pass over the bytes of the records. A string that stands in the file
 * as it is, is looked into where it is; compressed ones are decompressed; of compact structures the whole is looked
 * into first, and its elements only where that has what a match needs.
 */
import { fromLatin1 } from '../decoder/bytes.js';
import { DecodeError } from '../decoder/errors.js';
import { LzfSource, lzfPrefix } from '../decoder/lzf.js';
import { openEntry, type RdbFile } from '../decoder/rdb/entry.js';
import type { BlobKind } from '../decoder/rdb/layout.js';
import { SliceSource } from '../decoder/rdb/string.js';
import type { ValueType } from '../decoder/rdb/value-type.js';
import { readFully } from '../decoder/source.js';
import { AsciiText } from './ascii-text.js';
import { type ElementSink, eachElement } from './blob-elements.js';
import type { KeyIndex } from './key-index.js';
import type { Rows } from './names.js';
import { INTEGER, LZF, RecordBytes } from './record-bytes.js';
import { firstMatch } from './value-match.js';
import {
  compileValuePattern,
  REGEX_REACH,
  type TextTest,
  type ValueMatcher,
  type ValuePattern,
} from './value-pattern.js';

/** A string up to this size is looked into whole; a longer one page by page. */
const WHOLE = 4 * 1024 * 1024;
const PAGE = 1024 * 1024;
/** Rows and bytes of the file that are done before the caller gets a chance to do other things. */
const BLOCK_ROWS = 4096;
const BLOCK_BYTES = 4 * 1024 * 1024;
/** Container of a quicklist 2 node that is one element. */
const CONTAINER_PLAIN = 1;

/** Looks for a pattern in the values of one file. */
export class ValueSearch {
  private readonly matcher: ValueMatcher;
  /** The window and what was decompressed last, for expressions that have to be tried on every text. */
  private readonly windowText = new AsciiText();
  private readonly otherText = new AsciiText();
  private readonly elements: ElementTest;
  private scratch = new Uint8Array(64 * 1024);
  /** Strings that were not in the window. */
  private others = 0;

  /** @throws PatternError */
  constructor(
    private readonly file: () => RdbFile,
    pattern: ValuePattern,
  ) {
    this.matcher = compileValuePattern(pattern);
    this.elements = new ElementTest(this.matcher);
  }

  /**
   * True if some text of a value matches. What is damaged matches as far as it can be read.
   *
   * @param record where the record is read; left somewhere in it.
   */
  matches(record: RecordBytes, type: ValueType, typeOffset: number, end: number): boolean {
    try {
      record.seek(typeOffset, end);
      record.skip(1);
      record.string();
      return this.value(record, type, typeOffset, end);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return false;
    }
  }

  private value(record: RecordBytes, type: ValueType, typeOffset: number, end: number): boolean {
    switch (type.name) {
      case 'STRING':
        return this.string(record);
      case 'LIST':
      case 'SET':
        return this.strings(record, record.number());
      case 'HASH':
        return this.strings(record, 2 * record.number());
      case 'ZSET':
        return this.repeat(record, () => this.string(record) || record.passTextScore());
      case 'ZSET_2':
        return this.repeat(record, () => this.string(record) || record.pass(8));
      case 'HASH_2':
        return this.repeat(record, () => this.string(record) || this.string(record) || record.pass(8));
      case 'HASH_METADATA':
        record.skip(8);
        return this.repeat(record, () => record.number() < 0 || this.string(record) || this.string(record));
      case 'HASH_METADATA_PRE_GA':
        return this.repeat(record, () => record.number() < 0 || this.string(record) || this.string(record));
      case 'HASH_ZIPMAP':
        return this.blob(record, 'zipmap', 1, 1);
      case 'LIST_ZIPLIST':
        return this.blob(record, 'ziplist', 1, 1);
      case 'SET_INTSET':
        return this.blob(record, 'intset', 1, 1);
      case 'SET_LISTPACK':
        return this.blob(record, 'listpack', 1, 1);
      case 'HASH_ZIPLIST':
        return this.blob(record, 'ziplist', 1, 1);
      case 'HASH_LISTPACK':
        return this.blob(record, 'listpack', 1, 1);
      case 'ZSET_ZIPLIST':
        return this.blob(record, 'ziplist', 2, 1);
      case 'ZSET_LISTPACK':
        return this.blob(record, 'listpack', 2, 1);
      case 'HASH_LISTPACK_EX':
        record.skip(8);
        return this.blob(record, 'listpack', 3, 2);
      case 'HASH_LISTPACK_EX_PRE_GA':
        return this.blob(record, 'listpack', 3, 2);
      case 'LIST_QUICKLIST':
        return this.repeat(record, () => this.blob(record, 'ziplist', 1, 1));
      case 'LIST_QUICKLIST_2':
        return this.repeat(record, () =>
          record.number() === CONTAINER_PLAIN ? this.string(record) : this.blob(record, 'listpack', 1, 1),
        );
      default:
        if (type.type === 'stream' && !this.inStream(record)) return false;
        return this.decoded(typeOffset, end);
    }
  }

  private repeat(record: RecordBytes, one: () => boolean): boolean {
    for (let left = record.number(); left > 0; left--) if (one()) return true;
    return false;
  }

  private strings(record: RecordBytes, count: number): boolean {
    for (let left = count; left > 0; left--) if (this.string(record)) return true;
    return false;
  }

  /** The next string. */
  private string(record: RecordBytes, test: TextTest = this.matcher): boolean {
    const length = record.string();
    if (record.kind === INTEGER)
      return test.numbers && length >= test.least && testNumber(this.matcher, record.integer);
    if (length < test.least) return false;
    const start = record.inWindow;
    if (start >= 0) return this.text(record, record.window, start, start + length, test);
    if (!mayUnpack(record, test)) return false;
    if (length > WHOLE || record.stored > WHOLE) return this.pages(record, test);
    const bytes = this.whole(record);
    return this.text(record, bytes, 0, bytes.length, test);
  }

  private text(record: RecordBytes, bytes: Uint8Array, start: number, end: number, test: TextTest): boolean {
    const text = end - start > REGEX_REACH ? undefined : this.textOf(record, bytes)?.of(bytes, start, end);
    return text === undefined ? test.test(bytes, start, end) : this.matcher.testText?.(text) === true;
  }

  /** Where text of bytes is made once for all pieces; undefined where few of them are tried. */
  private textOf(record: RecordBytes, bytes: Uint8Array): AsciiText | undefined {
    if (!this.matcher.testText || this.matcher.sieve) return undefined;
    if (bytes === record.window) return this.windowText.hold(bytes, record.filled, record.fills);
    return this.otherText.hold(bytes, bytes.length, this.others++);
  }

  /** The bytes of the string that was read last, in memory that the next call uses again. */
  private whole(record: RecordBytes): Uint8Array {
    if (record.kind !== LZF) return record.bytes(WHOLE) ?? NOTHING;
    const { length } = record;
    if (this.scratch.length < length) this.scratch = new Uint8Array(length * 2);
    const output = this.scratch.subarray(0, length);
    const stored = record.storedBytes();
    return output.subarray(0, lzfPrefix(stored, 0, stored.length, output));
  }

  /** A long string, page by page; pages overlap by what a match can stand across their border. */
  private pages(record: RecordBytes, test: TextTest): boolean {
    const { data, stored, length } = record;
    const source =
      record.kind === LZF
        ? new LzfSource(record.source, data, stored, length, data)
        : new SliceSource(record.source, data, length);
    const first = Number.isFinite(test.reach) ? Number.POSITIVE_INFINITY : REGEX_REACH;
    const reach = Number.isFinite(test.reach) ? test.reach : 0;
    const page = new Uint8Array(PAGE + reach);
    for (let at = 0; at < Math.min(length, first); at += PAGE) {
      const read = readFully(source, at, page);
      if (test.test(page, 0, read)) return true;
      if (read <= reach) break;
    }
    return false;
  }

  /** A compact structure. @param per entries of an element, of which the first `texts` are looked into. */
  private blob(record: RecordBytes, kind: BlobKind, per: number, texts: number): boolean {
    const { elements } = this;
    const { sieve, numbers } = this.matcher;
    const length = record.string();
    if (length > WHOLE * 16) return false;
    let bytes = record.window;
    let start = record.inWindow;
    if (start < 0) {
      if (!numbers && !mayUnpack(record, this.matcher)) return false;
      bytes = record.kind === LZF ? this.whole(record) : (record.bytes() ?? NOTHING);
      start = 0;
    }
    const end = Math.min(bytes.length, start + length);
    if (sieve && !numbers && !sieve.test(bytes, start, end)) return false;
    elements.begin(per, texts, this.textOf(record, bytes));
    eachElement(kind, bytes.subarray(start, end), elements);
    return elements.found;
  }

  /** True if a node of a stream may have a match: entries that were deleted are in it, too. */
  private inStream(record: RecordBytes): boolean {
    const { sieve, numbers } = this.matcher;
    if (!sieve || numbers) return true;
    let may = false;
    for (let nodes = record.number(); nodes > 0 && !may; nodes--) {
      record.string();
      may = this.string(record, sieve);
    }
    return may;
  }

  /** The careful way, for what is rare. */
  private decoded(typeOffset: number, end: number): boolean {
    return firstMatch(openEntry(this.file(), typeOffset, end), this.matcher) !== undefined;
  }
}

const NOTHING = new Uint8Array(0);

/** False if the string that was read last is compressed and what it holds cannot match. */
function mayUnpack(record: RecordBytes, test: TextTest): boolean {
  if (record.kind !== LZF) return true;
  const start = record.storedInWindow;
  return start < 0 || test.mayUnpack(record.window, start, start + record.stored);
}

function testNumber(matcher: ValueMatcher, value: number | bigint): boolean {
  const text = String(value);
  return matcher.testText ? matcher.testText(text) : matcher.test(fromLatin1(text), 0, text.length);
}

/** True if a number has certainly fewer characters than `least`. */
function isShorter(value: number | bigint, least: number): boolean {
  return typeof value === 'number' && least > 1 && least < 16 && value >= 0 && value < 10 ** (least - 1);
}

/** Tests the elements of a compact structure. */
class ElementTest implements ElementSink {
  found = false;
  private per = 1;
  private texts = 1;
  private turn = 0;

  private ascii: AsciiText | undefined;

  constructor(private readonly matcher: ValueMatcher) {}

  begin(per: number, texts: number, ascii: AsciiText | undefined): void {
    this.ascii = ascii;
    this.found = false;
    this.per = per;
    this.texts = texts;
    this.turn = 0;
  }

  private counts(): boolean {
    const { turn } = this;
    this.turn = turn + 1 === this.per ? 0 : turn + 1;
    return turn < this.texts && !this.found;
  }

  text(bytes: Uint8Array, start: number, end: number): void {
    const { matcher } = this;
    if (!this.counts() || end - start < matcher.least) return;
    const text = end - start > REGEX_REACH ? undefined : this.ascii?.of(bytes, start, end);
    if (text === undefined ? matcher.test(bytes, start, end) : matcher.testText?.(text)) this.found = true;
  }

  integer(value: number | bigint): void {
    if (!this.counts() || !this.matcher.numbers || isShorter(value, this.matcher.least)) return;
    if (testNumber(this.matcher, value)) this.found = true;
  }
}

/**
 * Goes through the values of rows. Yields how many of the rows are done, so that the caller can do other things or
 * stop.
 *
 * @param rows ascending rows of `index`.
 * @param found takes each row with a match.
 * @throws PatternError if the pattern cannot be used.
 */
export function* searchValues(
  file: () => RdbFile,
  index: KeyIndex,
  rows: Rows,
  pattern: ValuePattern,
  found: (row: number) => void,
): Generator<number> {
  const search = new ValueSearch(file, pattern);
  const record = new RecordBytes(file().source);
  let since = 0;
  let from = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows.at(i);
    const typeOffset = index.typeOffset(row);
    const end = typeOffset - index.head(row) + index.size(row);
    if (search.matches(record, index.kinds[index.kind(row)].valueType, typeOffset, end)) found(row);
    if (i - since >= BLOCK_ROWS || end - from >= BLOCK_BYTES) {
      since = i;
      from = end;
      yield i + 1;
    }
  }
}
