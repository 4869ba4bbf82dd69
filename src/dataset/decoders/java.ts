/** What Java's ObjectOutputStream writes: objects with the fields of their classes, as far as the stream tells them. */
import { phrase } from '../../decoder/errors.js';
import {
  badByte,
  badReference,
  type Limits,
  type Member,
  type TreeDecoder,
  type TreeNode,
  UndecodableError,
  type Work,
} from './decoder.js';
import { doubleText, floatText, Reader, startsWith, utf8 } from './reader.js';

const TC_NULL = 0x70;
const TC_REFERENCE = 0x71;
const TC_CLASSDESC = 0x72;
const TC_OBJECT = 0x73;
const TC_STRING = 0x74;
const TC_ARRAY = 0x75;
const TC_CLASS = 0x76;
const TC_BLOCKDATA = 0x77;
const TC_ENDBLOCKDATA = 0x78;
const TC_RESET = 0x79;
const TC_BLOCKDATALONG = 0x7a;
const TC_LONGSTRING = 0x7c;
const TC_PROXYCLASSDESC = 0x7d;
const TC_ENUM = 0x7e;

const FIRST_HANDLE = 0x7e0000;
const SC_WRITE_METHOD = 1;
const SC_SERIALIZABLE = 2;
const SC_EXTERNALIZABLE = 4;
const SC_BLOCK_DATA = 8;
/** Objects within each other; each takes a few frames of the call stack, so this is less than for other formats. */
const DEPTH = 200;

interface ClassField {
  readonly type: string;
  readonly name: string;
}

/** A class as the stream describes it, with the class that it extends. */
interface ClassInfo {
  readonly name: string;
  readonly flags: number;
  readonly fields: readonly ClassField[];
  parent: ClassInfo | undefined;
}

type Handle = { readonly node: TreeNode } | { readonly info: ClassInfo };

class JavaReader {
  private handles: Handle[] = [];
  private values = 0;
  private depth = 0;

  constructor(
    readonly reader: Reader,
    private readonly limits: Limits,
  ) {}

  private made(node: TreeNode): TreeNode {
    if (++this.values > this.limits.values) {
      throw new UndecodableError(node.start, phrase('it has more than {0} values', this.limits.values));
    }
    return node;
  }

  private enter(at: number): void {
    if (++this.depth > DEPTH) throw new UndecodableError(at, phrase('values are nested more than {0} deep', DEPTH));
  }

  /** A string in Java's own form of UTF-8, which has NUL and surrogates in other bytes. */
  private text(length: number): Uint8Array {
    return this.reader.take(length);
  }

  private name(): string {
    const bytes = this.text(this.reader.u16());
    return utf8(bytes) ?? String.fromCharCode(...bytes.subarray(0, 4096));
  }

  private leaf(kind: 'number' | 'word', type: string, start: number, text: string): TreeNode {
    return this.made({ kind, type, start, end: this.reader.at, text });
  }

  /** One thing of the stream. */
  content(): TreeNode {
    const { reader } = this;
    const start = reader.at;
    const code = reader.u8();
    switch (code) {
      case TC_NULL:
        return this.leaf('word', '', start, 'null');
      case TC_REFERENCE:
        return this.reference(start);
      case TC_OBJECT:
        return this.object(start);
      case TC_STRING:
      case TC_LONGSTRING:
        return this.string(start, code === TC_STRING ? reader.u16() : Number(reader.u64()));
      case TC_ARRAY:
        return this.array(start);
      case TC_ENUM: {
        const info = this.classDesc();
        const handle = this.reserve();
        const constant = this.content();
        const text = `${info?.name ?? '?'}.${utf8(constant.bytes ?? new Uint8Array(0)) ?? '?'}`;
        return this.assign(handle, this.leaf('word', 'enum', start, text));
      }
      case TC_CLASS: {
        const info = this.classDesc();
        return this.assign(this.reserve(), this.leaf('word', 'class', start, info?.name ?? 'null'));
      }
      case TC_CLASSDESC:
      case TC_PROXYCLASSDESC: {
        reader.at = start;
        return this.leaf('word', 'class description', start, this.classDesc()?.name ?? 'null');
      }
      case TC_BLOCKDATA:
        return this.block(start, reader.u8());
      case TC_BLOCKDATALONG:
        return this.block(start, reader.u32());
      case TC_RESET:
        this.handles = [];
        return this.leaf('word', '', start, 'reset');
      default:
        throw badByte(start, code);
    }
  }

  private block(start: number, length: number): TreeNode {
    const bytes = this.reader.take(length);
    return this.made({ kind: 'binary', type: 'block data', start, end: this.reader.at, bytes });
  }

  private reserve(): number {
    return this.handles.push({ node: { kind: 'word', type: 'reference', start: 0, end: 0, text: '' } }) - 1;
  }

  private assign(handle: number, node: TreeNode): TreeNode {
    this.handles[handle] = { node };
    return node;
  }

  private reference(start: number): TreeNode {
    const known = this.handles[this.reader.u32() - FIRST_HANDLE];
    if (!known) throw badReference(start);
    if ('info' in known) return this.leaf('word', 'class description', start, known.info.name);
    // What can hold others is only referred to: it may hold what refers to it.
    if (known.node.children || known.node.text === '') {
      return this.leaf('word', 'reference', start, `@${known.node.start}`);
    }
    return this.made({ ...known.node });
  }

  private string(start: number, length: number): TreeNode {
    const handle = this.reserve();
    const bytes = this.text(length);
    const kind = utf8(bytes) === undefined ? 'binary' : 'string';
    return this.assign(handle, this.made({ kind, type: '', start, end: this.reader.at, bytes }));
  }

  private object(start: number): TreeNode {
    this.enter(start);
    const info = this.classDesc();
    const handle = this.reserve();
    this.handles[handle] = { node: { kind: 'word', type: 'reference', start, end: start, text: '' } };
    const children: Member[] = [];
    const chain: ClassInfo[] = [];
    for (let at = info; at; at = at.parent) {
      if (chain.length > DEPTH) throw badReference(start);
      chain.unshift(at);
    }
    for (const part of chain) this.classData(part, children, start);
    this.depth--;
    const node = {
      kind: 'object',
      type: 'object',
      start,
      end: this.reader.at,
      children,
      text: info?.name ?? '?',
    } as const;
    return this.assign(handle, this.made(node));
  }

  private classData({ name, flags, fields }: ClassInfo, children: Member[], start: number): void {
    if (flags & SC_SERIALIZABLE) {
      for (const field of fields) children.push({ name: field.name, value: this.value(field.type) });
      if (flags & SC_WRITE_METHOD) this.annotations(children);
    } else if (flags & SC_EXTERNALIZABLE) {
      if (!(flags & SC_BLOCK_DATA)) {
        throw new UndecodableError(start, phrase('the class {0} writes itself without saying where it ends', name));
      }
      this.annotations(children);
    }
  }

  /** What a class has written itself, up to the end mark. */
  private annotations(into: Member[]): void {
    const { reader } = this;
    while (reader.bytes[reader.at] !== TC_ENDBLOCKDATA) into.push({ value: this.content() });
    reader.u8();
  }

  private value(type: string): TreeNode {
    const { reader } = this;
    const start = reader.at;
    switch (type) {
      case 'B':
        return this.leaf('number', 'byte', start, String(reader.i8()));
      case 'C':
        return this.leaf('word', 'char', start, JSON.stringify(String.fromCharCode(reader.u16())));
      case 'D':
        return this.leaf('number', 'double', start, doubleText(reader.f64()));
      case 'F':
        return this.leaf('number', 'float', start, floatText(reader.f32()));
      case 'I':
        return this.leaf('number', 'int', start, String(reader.i32()));
      case 'J':
        return this.leaf('number', 'long', start, String(reader.i64()));
      case 'S':
        return this.leaf('number', 'short', start, String(reader.i16()));
      case 'Z':
        return this.leaf('word', '', start, reader.u8() === 0 ? 'false' : 'true');
      case 'L':
      case '[':
        return this.content();
      default:
        throw badByte(start, type.charCodeAt(0) || 0);
    }
  }

  private array(start: number): TreeNode {
    this.enter(start);
    const info = this.classDesc();
    const handle = this.reserve();
    this.handles[handle] = { node: { kind: 'word', type: 'reference', start, end: start, text: '' } };
    const { reader } = this;
    const count = reader.u32();
    const type = info?.name[1] ?? 'L';
    let node: TreeNode;
    if (type === 'B') {
      const bytes = reader.take(count);
      node = { kind: 'binary', type: 'byte[]', start, end: reader.at, bytes };
    } else {
      if (count > reader.left) reader.take(count);
      const children: Member[] = [];
      for (let i = 0; i < count; i++) children.push({ value: this.value(type) });
      node = { kind: 'array', type: 'array', start, end: reader.at, children, text: info?.name ?? '?' };
    }
    this.depth--;
    return this.assign(handle, this.made(node));
  }

  /** A class description, new or referred to. */
  private classDesc(): ClassInfo | undefined {
    const { reader } = this;
    const start = reader.at;
    this.enter(start);
    const code = reader.u8();
    let result: ClassInfo | undefined;
    if (code === TC_REFERENCE) {
      const known = this.handles[reader.u32() - FIRST_HANDLE];
      if (!known || !('info' in known)) throw badReference(start);
      result = known.info;
    } else if (code === TC_CLASSDESC) {
      const name = this.name();
      reader.u64();
      const handle = this.reserve();
      const flags = reader.u8();
      const fields: ClassField[] = [];
      result = { name, flags, fields, parent: undefined };
      this.handles[handle] = { info: result };
      for (let left = reader.u16(); left > 0; left--) {
        const type = String.fromCharCode(reader.u8());
        fields.push({ type, name: this.name() });
        if (type === 'L' || type === '[') this.content();
      }
      this.annotations([]);
      result.parent = this.classDesc();
    } else if (code === TC_PROXYCLASSDESC) {
      const handle = this.reserve();
      const names: string[] = [];
      const count = reader.u32();
      if (count > reader.left) reader.take(count);
      for (let i = 0; i < count; i++) names.push(this.name());
      result = { name: `proxy of ${names.join(', ')}`, flags: SC_SERIALIZABLE, fields: [], parent: undefined };
      this.handles[handle] = { info: result };
      this.annotations([]);
      result.parent = this.classDesc();
    } else if (code !== TC_NULL) {
      throw badByte(start, code);
    }
    this.depth--;
    return result;
  }
}

function* decodeJava(bytes: Uint8Array, limits: Limits): Work<TreeNode> {
  const reader = new Reader(bytes);
  for (const magic of [0xac, 0xed, 0, 5]) {
    const at = reader.at;
    const byte = reader.u8();
    if (byte !== magic) throw badByte(at, byte);
  }
  const java = new JavaReader(reader, limits);
  const contents: TreeNode[] = [];
  do {
    contents.push(java.content());
    yield;
  } while (!reader.ended);
  if (contents.length === 1) return contents[0];
  const children = contents.map((value) => ({ value }));
  return { kind: 'array', type: 'stream', start: 0, end: bytes.length, children };
}

export const JAVA: TreeDecoder = {
  id: 'java',
  kind: 'tree',
  label: 'Java serialization',
  starts: (bytes) => startsWith(bytes, 0xac, 0xed, 0, 5),
  decode: decodeJava,
  certain: () => true,
};
