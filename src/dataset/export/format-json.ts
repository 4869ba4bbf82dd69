/**
 * JSON: an array of objects, one a line, or the lines alone. The objects are those that `decode` prints; elements stand
 * as in the file, and strings that are valid UTF-8 are strings of JSON unless all are wanted as Base64.
 */
import { fromLatin1 } from '../../decoder/bytes.js';
import type { Entry, RdbFile } from '../../decoder/rdb/entry.js';
import { readKeyHead } from '../../decoder/rdb/records.js';
import { isLong, type LongString, type Text } from '../../decoder/rdb/string.js';
import { CANONICAL, type JsonForm, keyLine } from '../key-json.js';
import { ElementReader, isUsual, UnusualValueError } from './element-reader.js';
import type { ExportRow } from './export-rows.js';
import { type Formatter, hasMetadata, piecesOf } from './formatter.js';
import type { KeyWindow } from './key-window.js';
import type { OutBuffer } from './out-buffer.js';
import type { PlainChoice } from './plain/plain-writer.js';
import { scoreOf } from './scores.js';
import { isUsualStream, StreamReader } from './stream-reader.js';
import { BASE64_HEAD, BASE64_TAIL, jsonText, quotedBase64, utf8Size } from './text-forms.js';
import { TypeWords } from './type-words.js';

/** The text decoder that every host has. */
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes?: Uint8Array, options?: { stream: boolean }): string };

const QUOTE = 0x22;
const COMMA = 0x2c;
const DASH = 0x2d;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const LINE_FEED = 0x0a;
const END = 0x7d;

/** Type bytes by what their elements are. */
const SET_CODES: ReadonlySet<number> = new Set([2, 11, 20]);
const HASH_CODES: ReadonlySet<number> = new Set([4, 13, 16]);
const SCORED_CODES: ReadonlySet<number> = new Set([12, 17]);

/** Values that are the elements alone. */
const isPlain = (code: number, type: string) => type === 'list' || SET_CODES.has(code);

export class JsonFormatter implements Formatter {
  private readonly reader = new ElementReader();
  private readonly streams = new StreamReader();
  private readonly heads = new Map<number, Uint8Array>();
  private readonly words = new TypeWords(
    (type, encoding) => `,"type":${JSON.stringify(type)},"encoding":${JSON.stringify(encoding)},"expireAtMs":`,
  );
  private keys = 0;
  private readonly text: typeof jsonText;
  private readonly form: JsonForm;
  readonly plain: PlainChoice | undefined;

  /** @param lines true for lines alone. @param binary true for Base64 always. */
  constructor(
    private readonly out: OutBuffer,
    private readonly lines: boolean,
    binary: boolean,
  ) {
    this.text = binary ? quotedBase64 : jsonText;
    this.plain = binary ? undefined : { kind: 'json', lines };
    this.form = { quoted: binary ? CANONICAL.quoted : readable, sorted: false };
  }

  joinPlain(_db: number, keys: number): number {
    // Each begins with what separates it from the one before.
    const extra = !this.lines && this.keys === 0 ? 1 : 0;
    this.keys += keys;
    return extra;
  }

  begin(): void {
    if (!this.lines) this.out.ascii('[');
  }

  end(): void {
    if (!this.lines) this.out.ascii(this.keys > 0 ? '\n]\n' : ']\n');
  }

  private separate(): void {
    if (this.lines) return;
    if (this.keys > 0) this.out.byte(COMMA);
    this.out.byte(LINE_FEED);
  }

  private close(): void {
    this.out.byte(END);
    if (this.lines) this.out.byte(LINE_FEED);
    this.keys++;
  }

  writeKey(file: RdbFile, row: ExportRow, window: KeyWindow): boolean {
    const { out } = this;
    const { code } = row.type;
    if (!(isUsual(code) || isUsualStream(code)) || file.keydb || hasMetadata(file, row)) return false;
    this.separate();
    out.copy(this.head(row.db));
    this.text(out, window.nameBytes, window.nameStart, window.nameEnd);
    out.copy(this.words.of(row.typeName, row.encoding));
    if (row.expireAt === undefined) out.ascii('null');
    else if (typeof row.expireAt === 'number' && row.expireAt >= 0) out.decimal(row.expireAt);
    else out.ascii(String(row.expireAt));
    out.ascii(',"value":');
    this.value(row, window);
    if (row.idle >= 0) out.ascii(`,"idle":${row.idle}`);
    if (row.freq >= 0) out.ascii(`,"freq":${row.freq}`);
    this.close();
    return true;
  }

  private head(db: number): Uint8Array {
    let head = this.heads.get(db);
    if (!head) {
      head = fromLatin1(`{"db":${db},"key":`);
      this.heads.set(db, head);
    }
    return head;
  }

  private value({ type }: ExportRow, window: KeyWindow): void {
    const { out, reader, text } = this;
    const { code } = type;
    if (type.type === 'stream') {
      this.stream(code, window);
      return;
    }
    reader.open(code, window.bytes, window.valueAt, window.end);
    if (code === 0) {
      if (!reader.next()) throw new UnusualValueError();
      text(out, reader.bytes, reader.start, reader.end);
      reader.next();
      return;
    }
    out.byte(OPEN);
    if (isPlain(code, type.type)) this.elements();
    else if (HASH_CODES.has(code)) this.pairs();
    else this.scored(SCORED_CODES.has(code));
    out.byte(CLOSE);
  }

  private stream(code: number, window: KeyWindow): void {
    const { out, streams, text } = this;
    const { elements } = streams;
    streams.open(code, window.bytes, window.valueAt, window.end);
    out.ascii('{"entries":[');
    for (let first = true; streams.nextEntry(); first = false) {
      out.ascii(first ? '{"id":"' : ',{"id":"');
      this.id(streams.ms, streams.seq);
      out.ascii('","fields":[');
      for (let firstField = true; streams.nextField(); firstField = false) {
        if (!firstField) out.byte(COMMA);
        out.byte(OPEN);
        text(out, streams.nameBytes, streams.nameStart, streams.nameEnd);
        out.byte(COMMA);
        text(out, elements.bytes, elements.start, elements.end);
        out.byte(CLOSE);
      }
      out.ascii(']}');
    }
    out.ascii('],"length":');
    out.decimal(streams.length);
    out.ascii(',"lastId":"');
    this.id(streams.lastMs, streams.lastSeq);
    out.byte(QUOTE);
    if (streams.added >= 0) {
      out.ascii(',"firstId":"');
      this.id(streams.firstMs, streams.firstSeq);
      out.ascii('","maxDeletedId":"');
      this.id(streams.deletedMs, streams.deletedSeq);
      out.ascii('","entriesAdded":');
      out.decimal(streams.added);
    }
    out.ascii(',"groups":[]}');
  }

  private id(ms: number, seq: number): void {
    this.out.decimal(ms);
    this.out.byte(DASH);
    this.out.decimal(seq);
  }

  private elements(): void {
    const { out, reader, text } = this;
    for (let first = true; reader.next(); first = false) {
      if (!first) out.byte(COMMA);
      text(out, reader.bytes, reader.start, reader.end);
    }
  }

  private pairs(): void {
    const { out, reader, text } = this;
    for (let first = true; reader.next(); first = false) {
      if (!first) out.byte(COMMA);
      out.byte(OPEN);
      text(out, reader.bytes, reader.start, reader.end);
      out.byte(COMMA);
      if (!reader.next()) throw new UnusualValueError();
      text(out, reader.bytes, reader.start, reader.end);
      out.byte(CLOSE);
    }
  }

  /** @param inElement true if the score is an element of its own. */
  private scored(inElement: boolean): void {
    const { out, reader, text } = this;
    for (let first = true; reader.next(); first = false) {
      if (!first) out.byte(COMMA);
      out.byte(OPEN);
      text(out, reader.bytes, reader.start, reader.end);
      out.ascii(',"');
      if (inElement && !reader.next()) throw new UnusualValueError();
      scoreOf(reader, inElement, out);
      out.ascii('"]');
    }
  }

  *writeEntry(file: RdbFile, row: ExportRow, entry: Entry): Generator<void> {
    const { out } = this;
    const { metadata } = readKeyHead(file.source, row.offset, row.typeOffset, file.header);
    const facts = {
      db: row.db,
      type: row.typeName,
      encoding: row.encoding,
      expireAt: row.expireAt,
      idle: row.idle < 0 ? undefined : row.idle,
      freq: row.freq < 0 ? undefined : row.freq,
      metadata,
    };
    this.separate();
    let pieces = 0;
    for (const piece of keyLine(entry, facts, true, this.form)) {
      out.text(piece);
      if (++pieces % 1024 === 0 || piece.length > 4096) yield;
    }
    // The line has its own end.
    if (this.lines) out.byte(LINE_FEED);
    this.keys++;
  }
}

/** A string of JSON where the bytes are valid UTF-8, else an object with their Base64. */
function* readable(text: Text): Generator<string> {
  if (isLong(text)) {
    yield* longReadable(text);
    return;
  }
  let ascii = true;
  for (let at = 0; at < text.length; ) {
    if (text[at] < 0x80) {
      at++;
      continue;
    }
    ascii = false;
    const size = utf8Size(text, at, text.length);
    if (size === 0) {
      yield* objectOfBase64(text);
      return;
    }
    at += size;
  }
  yield JSON.stringify(ascii && text.length < 256 ? String.fromCharCode(...text) : newDecoder().decode(text));
}

function newDecoder() {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
}

function* objectOfBase64(text: Text): Generator<string> {
  // The Base64 comes in quotes.
  yield BASE64_HEAD.slice(0, -1);
  yield* CANONICAL.quoted(text);
  yield BASE64_TAIL.slice(1);
}

function* longReadable(text: LongString): Generator<string> {
  if (!isUtf8(text)) {
    yield* objectOfBase64(text);
    return;
  }
  const decoder = newDecoder();
  yield '"';
  for (const piece of piecesOf(text)) yield JSON.stringify(decoder.decode(piece, { stream: true })).slice(1, -1);
  yield JSON.stringify(decoder.decode()).slice(1, -1);
  yield '"';
}

/** True if a long string is valid UTF-8: reads as far as that is not known. */
function isUtf8(text: LongString): boolean {
  const decoder = newDecoder();
  try {
    for (const piece of piecesOf(text)) decoder.decode(piece, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
