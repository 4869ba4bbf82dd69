/** Documents as JSON text, without recursion: what is open is a list, and strings are written in pieces. */
import { isLong, type Text, textSlice } from '../string.js';
import { type ByteList, generatedText, type TextMaker } from './generated-text.js';
import type { ItemReader } from './items.js';

/** Reads the parts of a document from where it is stored. */
export interface DocumentReader {
  /** Reads a value, or its start. @throws DecodeError */
  value(): DocumentPart;
  /** Reads the name of a member. @throws DecodeError */
  key(): Text;
  /** Looks whether an array or object without a count ends here; if so, moves behind its end. */
  ends(): boolean;
  /** Makes sure that nothing follows the document. @throws DecodeError */
  end(): void;
  /** Remembers this place. @returns what reads from here on. */
  mark(): () => DocumentReader;
}

/** A value, or its start: `json` is a whole one; the values of arrays and the members of objects follow. */
export type DocumentPart =
  | { readonly kind: 'json'; readonly json: string }
  /** `reopen` gives the text anew; a text without it is part of what the whole document is in. */
  | { readonly kind: 'text' | 'bytes'; readonly text: Text; readonly reopen?: (() => Text) | undefined }
  | { readonly kind: 'numbers'; readonly text: Text; readonly type: NumberType }
  /** Without a count it is the reader who knows the end. */
  | { readonly kind: 'array' | 'object'; readonly count: number | undefined };

/** A type of numbers that stand one after the other. */
export interface NumberType {
  /** Bytes that a number takes. */
  readonly width: number;
  /** The JSON text of the number at an offset. */
  readonly json: (view: DataView, at: number) => string;
}

/** An array or object that is open; `member` if the name of a member was written and its value follows. */
interface OpenContainer {
  readonly kind: 'array' | 'object' | 'member';
  readonly below: Open | undefined;
  readonly depth: number;
  readonly left: number | undefined;
  readonly first: boolean;
}

/** A string or list of numbers that is written to `at`. */
interface OpenContent {
  readonly kind: 'text' | 'bytes' | 'numbers';
  readonly below: Open | undefined;
  readonly depth: number;
  readonly text: Text;
  readonly reopen?: (() => Text) | undefined;
  readonly type?: NumberType;
  readonly at: number;
}

function container(
  kind: OpenContainer['kind'],
  below: Open | undefined,
  depth: number,
  left: number | undefined,
  first: boolean,
): OpenContainer {
  return { kind, below, depth, left, first };
}

/** What is open, innermost first. It is never changed, but replaced: so a mark need not copy it. */
type Open = OpenContainer | OpenContent;

/** Deeper documents are refused: no server makes them, and memory is bounded. */
const MAX_DEPTH = 100_000;
/** Longer texts are refused, as servers refuse longer strings: to know their length they must be made once. */
const MAX_LENGTH = 512 * 1024 * 1024;
/** A piece of the text has about as many bytes. */
const PIECE = 32 * 1024;
/** Bytes of strings and numbers that are turned into text at once; a multiple of 3 and of every width. */
const CONTENT = 12 * 1024;

/**
 * The JSON text of a document, compact as servers print it.
 *
 * @param start reads the document from its beginning.
 * @param items for errors.
 * @param fileOffset where the document is in the file.
 * @throws DecodeError for the first damage anywhere in the document.
 */
export function jsonText(start: () => DocumentReader, items: ItemReader, fileOffset: number): Text {
  const tooLong = () => items.bad(fileOffset, 'as JSON text it is longer than {0} bytes', MAX_LENGTH);
  const tooDeep = () => items.bad(fileOffset, 'it nests deeper than {0} levels', MAX_DEPTH);
  const begin = () => new JsonMaker(start(), undefined, false, tooDeep);
  return generatedText(begin, fileOffset, MAX_LENGTH, tooLong);
}

class JsonMaker implements TextMaker {
  /**
   * @param open what is open at this place.
   * @param started false if nothing was written yet.
   */
  constructor(
    private readonly reader: DocumentReader,
    private open: Open | undefined,
    private started: boolean,
    private readonly tooDeep: () => Error,
  ) {}

  next(out: ByteList): boolean {
    const before = out.length;
    if (!this.started) {
      this.started = true;
      this.start(this.reader.value(), out);
      if (!this.open) this.reader.end();
    }
    while (this.open && out.length - before < PIECE) {
      this.step(this.open, out);
      if (!this.open) this.reader.end();
    }
    return out.length > before;
  }

  mark(): () => TextMaker {
    const reader = this.reader.mark();
    const { started, tooDeep } = this;
    const open = remembered(this.open);
    return () => new JsonMaker(reader(), open(), started, tooDeep);
  }

  /** Writes a value, or opens it above what is open. */
  private start(part: DocumentPart, out: ByteList): void {
    if (part.kind === 'json') {
      out.ascii(part.json);
      return;
    }
    if (part.kind === 'text' && part.text.length <= CONTENT) {
      quote(isLong(part.text) ? textSlice(part.text, 0, CONTENT) : part.text, out);
      return;
    }
    const below = this.open;
    const depth = (below?.depth ?? 0) + 1;
    if (depth > MAX_DEPTH) throw this.tooDeep();
    switch (part.kind) {
      case 'array':
      case 'object':
        out.ascii(part.kind === 'array' ? '[' : '{');
        this.open = container(part.kind, below, depth, part.count, true);
        break;
      case 'numbers':
        out.ascii('[');
        this.open = { kind: 'numbers', below, depth, text: part.text, type: part.type, at: 0 };
        break;
      default:
        out.ascii('"');
        this.open = { kind: part.kind, below, depth, text: part.text, reopen: part.reopen, at: 0 };
    }
  }

  /** Writes something of what is innermost. */
  private step(open: Open, out: ByteList): void {
    switch (open.kind) {
      case 'array':
        if (!this.another(open, ']', out)) return;
        this.open = container('array', open.below, open.depth, lessOne(open.left), false);
        this.start(this.reader.value(), out);
        break;
      case 'object':
        if (!this.another(open, '}', out)) return;
        this.open = container('member', open.below, open.depth, lessOne(open.left), false);
        this.start({ kind: 'text', text: this.reader.key() }, out);
        break;
      case 'member':
        out.ascii(':');
        this.open = container('object', open.below, open.depth, open.left, false);
        this.start(this.reader.value(), out);
        break;
      default:
        this.content(open, out);
    }
  }

  /** Closes a container without more elements; otherwise separates the next one. @returns false if it was closed. */
  private another(open: OpenContainer, close: string, out: ByteList): boolean {
    if (open.left === undefined ? this.reader.ends() : open.left === 0) {
      out.ascii(close);
      this.open = open.below;
      return false;
    }
    if (!open.first) out.ascii(',');
    return true;
  }

  private content(open: OpenContent, out: ByteList): void {
    const bytes = textSlice(open.text, open.at, open.at + CONTENT);
    if (open.kind === 'text') escaped(bytes, out);
    else if (open.kind === 'bytes') base64url(bytes, out);
    else if (open.type) numbers(bytes, open.type, open.at === 0, out);
    const at = open.at + bytes.length;
    if (at < open.text.length && bytes.length > 0) {
      this.open = { ...open, at };
    } else {
      out.ascii(open.kind === 'numbers' ? ']' : '"');
      this.open = open.below;
    }
  }
}

/**
 * What is open, for a mark. A long text that was read holds what was decompressed of it: a mark must not keep that.
 */
function remembered(open: Open | undefined): () => Open | undefined {
  if (open === undefined || !('text' in open) || !open.reopen) return () => open;
  const { kind, below, depth, reopen, at } = open;
  return () => ({ kind, below, depth, text: reopen(), reopen, at });
}

function lessOne(count: number | undefined): number | undefined {
  return count === undefined ? undefined : count - 1;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [QUOTE, '\\"'],
  [BACKSLASH, '\\\\'],
]);

/** Appends a whole string. */
function quote(bytes: Uint8Array, out: ByteList): void {
  out.byte(QUOTE);
  escaped(bytes, out);
  out.byte(QUOTE);
}

/** Appends the bytes of a string; only what JSON forbids in a string is escaped. */
function escaped(bytes: Uint8Array, out: ByteList): void {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH) out.byte(byte);
    else out.ascii(SHORT_ESCAPES.get(byte) ?? `\\u${byte.toString(16).padStart(4, '0')}`);
  }
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Appends bytes as base64url without padding, the form that RFC 8949 gives byte strings in JSON. */
function base64url(bytes: Uint8Array, out: ByteList): void {
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = (bytes[at] << 16) | ((left > 1 ? bytes[at + 1] : 0) << 8) | (left > 2 ? bytes[at + 2] : 0);
    for (let i = 0; i <= Math.min(left, 3); i++) out.ascii(BASE64URL[(group >> (18 - 6 * i)) & 63]);
  }
}

function numbers(bytes: Uint8Array, type: NumberType, first: boolean, out: ByteList): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + type.width <= bytes.length; at += type.width) {
    if (at > 0 || !first) out.ascii(',');
    out.ascii(type.json(view, at));
  }
}
