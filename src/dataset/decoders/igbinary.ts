/** What PHP's igbinary writes: values by a type byte, strings that come again by their number. */
import {
  badByte,
  badReference,
  type Limits,
  noMagic,
  type TreeDecoder,
  type TreeNode,
  trailing,
  type Work,
} from './decoder.js';
import { doubleText, Reader, startsWith, utf8 } from './reader.js';
import { SLICE, TreeBuilder } from './tree-builder.js';

/** Types that come as three: with a number of 8, of 16 and of 32 bits behind them. */
const REFERENCE = 0x01;
const STRING_ID = 0x0e;
const STRING = 0x11;
const ARRAY = 0x14;
const OBJECT = 0x17;
const OBJECT_ID = 0x1a;
const SELF_WRITTEN = 0x1d;
const OBJECT_REFERENCE = 0x22;
/** Types by themselves. */
const NULL = 0x00;
const EMPTY_STRING = 0x0d;
const BY_REFERENCE = 0x25;
const LONG_STRING = 0x26;
const ENUM_CASE = 0x27;

/** The pairs of integers: the bytes of the number by the first of two types, of which the second is negative. */
const INTEGERS: Readonly<Record<number, number>> = { 6: 1, 8: 2, 10: 4, 32: 8 };

function* decodeIgbinary(bytes: Uint8Array, limits: Limits): Work<TreeNode> {
  const reader = new Reader(bytes);
  const version = reader.u32();
  if (version !== 1 && version !== 2) throw noMagic('00 00 00 02');
  const values = new Values(reader, new TreeBuilder(limits));
  for (let turn = 1; !values.tree.root; turn++) {
    if (turn % SLICE === 0) yield;
    values.step();
  }
  if (!reader.ended) throw trailing(reader.at, reader.left);
  return values.tree.root;
}

class Values {
  /** Strings in the order in which they came. */
  private readonly strings: Uint8Array[] = [];
  /** Members that the open containers still have to come. */
  private readonly left: number[] = [];

  constructor(
    private readonly reader: Reader,
    readonly tree: TreeBuilder,
  ) {}

  /** Reads a name or a value, or closes a container that has all its members. */
  step(): void {
    const { reader, tree, left } = this;
    const start = reader.at;
    if (tree.wantsName) {
      if (left[left.length - 1] === 0) {
        left.pop();
        tree.close(start);
        return;
      }
      left[left.length - 1]--;
      // A property that has no value has no name either.
      if (reader.bytes[start] === NULL) {
        reader.u8();
        return;
      }
    }
    const type = reader.u8();
    if (type === BY_REFERENCE) return;
    const text = this.string(type);
    const end = reader.at;
    if (text) tree.leaf({ kind: utf8(text) === undefined ? 'binary' : 'string', type: '', start, end, bytes: text });
    else if (isOf(type, ARRAY)) this.open('array', this.length(type - ARRAY), start);
    else if (isOf(type, OBJECT) || isOf(type, OBJECT_ID)) this.object(type, start);
    else if (isOf(type, REFERENCE)) this.word('reference', `#${this.length(type - REFERENCE)}`, start);
    else if (isOf(type, OBJECT_REFERENCE)) this.word('reference', `#${this.length(type - OBJECT_REFERENCE)}`, start);
    else this.scalar(type, start);
  }

  private scalar(type: number, start: number): void {
    const { reader, tree } = this;
    const bytes = INTEGERS[type & ~1];
    if (bytes !== undefined) {
      const number = bytes === 8 ? reader.u64() : this.length(bytes >> 1);
      tree.leaf({ kind: 'number', type: 'int', start, end: reader.at, text: `${type & 1 ? '-' : ''}${number}` });
    } else if (type === 0x0c) {
      const text = doubleText(reader.f64());
      tree.leaf({ kind: 'number', type: 'float', start, end: reader.at, text });
    } else {
      const text = { 0: 'null', 4: 'false', 5: 'true' }[type];
      if (text === undefined) throw badByte(start, type);
      this.word('', text, start);
    }
  }

  private word(type: string, text: string, start: number): void {
    this.tree.leaf({ kind: 'word', type, start, end: this.reader.at, text });
  }

  private open(type: string, members: number, start: number, text?: string): void {
    this.left.push(members);
    this.tree.open({ kind: 'object', type, start, ...(text === undefined ? {} : { text }) }, this.reader.at);
  }

  /** An object: the name of its class; then its properties, bytes that only the class understands, or the case of an enum. */
  private object(head: number, start: number): void {
    const { reader, tree } = this;
    const name = utf8(isOf(head, OBJECT) ? this.newString(head - OBJECT) : this.known(head - OBJECT_ID)) ?? '';
    const at = reader.at;
    const type = reader.u8();
    if (isOf(type, ARRAY)) {
      this.open('object', this.length(type - ARRAY), start, name);
    } else if (isOf(type, SELF_WRITTEN)) {
      const bytes = reader.take(this.length(type - SELF_WRITTEN));
      tree.leaf({ kind: 'binary', type: name, start, end: reader.at, bytes });
    } else {
      const word = type === ENUM_CASE ? this.string(reader.u8()) : undefined;
      if (!word) throw badByte(at, type);
      this.word('enum', `${name}::${utf8(word) ?? ''}`, start);
    }
  }

  /** The string of a type; undefined if the type is none of a string. */
  private string(type: number): Uint8Array | undefined {
    if (type === EMPTY_STRING) return new Uint8Array(0);
    if (isOf(type, STRING_ID)) return this.known(type - STRING_ID);
    if (isOf(type, STRING)) return this.newString(type - STRING);
    return type === LONG_STRING ? this.kept(Number(this.reader.u64())) : undefined;
  }

  private newString(width: number): Uint8Array {
    return this.kept(this.length(width));
  }

  private kept(length: number): Uint8Array {
    const bytes = this.reader.take(length);
    this.strings.push(bytes);
    return bytes;
  }

  private known(width: number): Uint8Array {
    const at = this.reader.at - 1;
    const bytes = this.strings[this.length(width)];
    if (!bytes) throw badReference(at);
    return bytes;
  }

  /** A number of 8, 16 or 32 bits, by 0, 1 and 2. */
  private length(width: number): number {
    const { reader } = this;
    return width === 0 ? reader.u8() : width === 1 ? reader.u16() : reader.u32();
  }
}

function isOf(type: number, first: number): boolean {
  return type >= first && type < first + 3;
}

export const IGBINARY: TreeDecoder = {
  id: 'igbinary',
  kind: 'tree',
  label: 'igbinary',
  starts: (bytes) => startsWith(bytes, 0, 0, 0) && (bytes[3] === 1 || bytes[3] === 2),
  decode: decodeIgbinary,
  certain: (root) => root.kind === 'object' || root.kind === 'string',
};
