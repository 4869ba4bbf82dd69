/** JSON (RFC 8259) as a tree that keeps every number as it is written, read from its bytes with a stack of its own. */
import { utf8Bytes } from '../../format/display.js';
import { badByte, endsEarly, type Limits, type TreeDecoder, type TreeNode, trailing, type Work } from './decoder.js';
import { utf8 } from './reader.js';
import { SLICE, TreeBuilder } from './tree-builder.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The longest number that is read as one. */
const SCALAR_LIMIT = 4096;

/** True for what numbers and words consist of. */
function isScalar(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) ||
    byte === 0x2d ||
    byte === 0x2e ||
    byte === 0x2b
  );
}

/** Reads one JSON text. */
class JsonReader {
  at = 0;

  constructor(readonly bytes: Uint8Array) {}

  blanks(): void {
    while (isBlank(this.bytes[this.at])) this.at++;
  }

  /** The byte at hand. @throws UndecodableError at the end. */
  peek(): number {
    if (this.at >= this.bytes.length) throw endsEarly(this.at, 1);
    return this.bytes[this.at];
  }

  bad(): Error {
    return badByte(this.at, this.peek());
  }

  /** A string with its quotes. */
  string(): TreeNode {
    const { bytes } = this;
    const start = this.at;
    if (this.peek() !== QUOTE) throw this.bad();
    let escaped = false;
    for (this.at++; this.peek() !== QUOTE; this.at++) {
      const byte = bytes[this.at];
      if (byte < 0x20) throw this.bad();
      if (byte === BACKSLASH) {
        escaped = true;
        this.at++;
        this.peek();
      }
    }
    this.at++;
    const content = bytes.subarray(start + 1, this.at - 1);
    return { kind: 'string', type: '', start, end: this.at, bytes: this.checked(content, start + 1, escaped) };
  }

  /** The bytes of a string without its escapes; what is no UTF-8 or no escape is refused. */
  private checked(content: Uint8Array, start: number, escaped: boolean): Uint8Array {
    const text = utf8(content);
    if (text === undefined) throw badByte(start, content[0]);
    if (!escaped) return content;
    try {
      return utf8Bytes(JSON.parse(`"${text}"`) as string);
    } catch {
      throw badByte(start + content.indexOf(BACKSLASH), BACKSLASH);
    }
  }

  /** A number or one of the three words. */
  scalar(): TreeNode {
    const { bytes } = this;
    const start = this.at;
    let end = start;
    while (end < bytes.length && end - start < SCALAR_LIMIT && isScalar(bytes[end])) end++;
    const text = String.fromCharCode(...bytes.subarray(start, end));
    if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) {
      this.at = end;
      return { kind: 'number', type: '', start, end, text };
    }
    if (/^(?:true|false|null)$/.test(text)) {
      this.at = end;
      return { kind: 'word', type: '', start, end, text };
    }
    throw this.bad();
  }
}

function* decodeJson(bytes: Uint8Array, limits: Limits): Work<TreeNode> {
  const reader = new JsonReader(bytes);
  const tree = new TreeBuilder(limits);
  for (let turn = 1; ; turn++) {
    if (turn % SLICE === 0) yield;
    reader.blanks();
    const byte = reader.peek();
    const start = reader.at;
    let begun = false;
    if (byte === 0x7b || byte === 0x5b) {
      const kind = byte === 0x7b ? 'object' : 'array';
      tree.open({ kind, type: '', start }, ++reader.at);
      reader.blanks();
      begun = reader.peek() !== (kind === 'object' ? 0x7d : 0x5d);
      if (!begun) tree.close(++reader.at);
    } else {
      tree.leaf(byte === QUOTE ? reader.string() : reader.scalar());
    }
    // What the value is in goes on, or ends too.
    while (!begun && tree.top) {
      reader.blanks();
      const next = reader.peek();
      if (next === 0x2c) {
        reader.at++;
        reader.blanks();
        break;
      }
      if (next !== (tree.top.kind === 'object' ? 0x7d : 0x5d)) throw reader.bad();
      tree.close(++reader.at);
    }
    if (tree.root) break;
    if (tree.wantsName) {
      const name = reader.string();
      tree.name(utf8(name.bytes ?? new Uint8Array(0)) ?? '');
      reader.blanks();
      if (reader.peek() !== 0x3a) throw reader.bad();
      reader.at++;
    }
  }
  reader.blanks();
  if (reader.at < bytes.length) throw trailing(reader.at, bytes.length - reader.at);
  return tree.root;
}

export const JSON_TEXT: TreeDecoder = {
  id: 'json',
  kind: 'tree',
  label: 'JSON',
  starts: (bytes) => {
    let at = 0;
    while (at < bytes.length && isBlank(bytes[at])) at++;
    return bytes[at] === 0x7b || bytes[at] === 0x5b;
  },
  decode: decodeJson,
  certain: (root) => root.kind === 'object' || root.kind === 'array',
};
