/** CBOR (RFC 8949): items with their major types, tags, and those of indefinite length. */
import { phrase } from '../../decoder/errors.js';
import {
  badByte,
  type Limits,
  type TreeDecoder,
  type TreeNode,
  trailing,
  UndecodableError,
  type Work,
} from './decoder.js';
import { isRecord } from './msgpack.js';
import { doubleText, floatText, Reader, startsWith, utf8 } from './reader.js';
import { SLICE, TreeBuilder } from './tree-builder.js';

const INDEFINITE = 31;
const BREAK = 0xff;

function* decodeCbor(bytes: Uint8Array, limits: Limits): Work<TreeNode> {
  const reader = new Reader(bytes);
  const tree = new TreeBuilder(limits);
  for (let turn = 1; !tree.root; turn++) {
    if (turn % SLICE === 0) yield;
    readItem(reader, tree);
  }
  if (!reader.ended) throw trailing(reader.at, reader.left);
  return tree.root;
}

/** The argument of an item: in its first byte, or in one to eight bytes behind it. */
function argument(reader: Reader, info: number): bigint {
  if (info < 24) return BigInt(info);
  switch (info) {
    case 24:
      return BigInt(reader.u8());
    case 25:
      return BigInt(reader.u16());
    case 26:
      return BigInt(reader.u32());
    case 27:
      return reader.u64();
    default:
      throw badByte(reader.at - 1, reader.bytes[reader.at - 1]);
  }
}

function readItem(reader: Reader, tree: TreeBuilder): void {
  const start = reader.at;
  const first = reader.u8();
  const major = first >> 5;
  const info = first & 31;
  if (first === BREAK) {
    const { top } = tree;
    if (!top || Number.isFinite(top.left) || (top.kind === 'object' && !tree.wantsName)) {
      throw badByte(start, first);
    }
    tree.close(reader.at);
    return;
  }
  switch (major) {
    case 0:
      leafNumber(tree, start, reader, 'unsigned', argument(reader, info));
      return;
    case 1:
      leafNumber(tree, start, reader, 'negative', -1n - argument(reader, info));
      return;
    case 2:
    case 3:
      readString(reader, tree, start, major, info);
      return;
    case 4:
    case 5: {
      const kind = major === 4 ? 'array' : 'object';
      const type = major === 4 ? 'array' : 'map';
      if (info === INDEFINITE) {
        tree.open({ kind, type: `${type} (indefinite)`, start }, reader.at);
        return;
      }
      const count = Number(argument(reader, info));
      if (count * (major - 3) > reader.left) reader.take(count * (major - 3));
      tree.open({ kind, type, start, count }, reader.at);
      return;
    }
    case 6: {
      const tag = argument(reader, info);
      // The tagged item is the only value in it.
      tree.open({ kind: 'array', type: `tag ${tag}`, start, count: 1, ...tagName(tag) }, reader.at);
      return;
    }
    default:
      readSimple(reader, tree, start, info);
      return;
  }
}

function leafNumber(tree: TreeBuilder, start: number, reader: Reader, type: string, value: bigint): void {
  tree.leaf({ kind: 'number', type, start, end: reader.at, text: String(value) });
}

const TAGS: Readonly<Record<string, string>> = {
  0: 'date and time',
  1: 'epoch time',
  2: 'bignum',
  3: 'negative bignum',
  4: 'decimal fraction',
  5: 'bigfloat',
  24: 'encoded CBOR',
  32: 'URI',
  37: 'UUID',
  258: 'set',
  55799: 'CBOR',
};

function tagName(tag: bigint): { text?: string } {
  const text = TAGS[String(tag)];
  return text === undefined ? {} : { text };
}

/** A string; of indefinite length it comes in chunks, each with its own length. */
function readString(reader: Reader, tree: TreeBuilder, start: number, major: number, info: number): void {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const take = (count: bigint) => {
    const chunk = reader.take(Number(count));
    chunks.push(chunk);
    length += chunk.length;
  };
  if (info !== INDEFINITE) {
    take(argument(reader, info));
  } else {
    for (let next = reader.u8(); next !== BREAK; next = reader.u8()) {
      if (next >> 5 !== major || (next & 31) === INDEFINITE) throw badByte(reader.at - 1, next);
      take(argument(reader, next & 31));
    }
  }
  const bytes = chunks.length === 1 ? chunks[0] : new Uint8Array(length);
  let at = 0;
  if (chunks.length !== 1) {
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
  }
  if (major === 3 && utf8(bytes) === undefined) {
    throw new UndecodableError(start, phrase('a text string is no UTF-8'));
  }
  tree.leaf({
    kind: major === 3 ? 'string' : 'binary',
    type: major === 3 ? 'text' : 'bytes',
    start,
    end: reader.at,
    bytes,
  });
}

function readSimple(reader: Reader, tree: TreeBuilder, start: number, info: number): void {
  const word = (text: string) => tree.leaf({ kind: 'word', type: '', start, end: reader.at, text });
  const float = (type: string, text: string) => tree.leaf({ kind: 'number', type, start, end: reader.at, text });
  switch (info) {
    case 20:
      word('false');
      return;
    case 21:
      word('true');
      return;
    case 22:
      word('null');
      return;
    case 23:
      word('undefined');
      return;
    case 24:
      word(`simple(${reader.u8()})`);
      return;
    case 25:
      float('float16', halfText(reader.u16()));
      return;
    case 26:
      float('float32', floatText(reader.f32()));
      return;
    case 27:
      float('float64', doubleText(reader.f64()));
      return;
    default:
      if (info > 27) throw badByte(start, reader.bytes[start]);
      word(`simple(${info})`);
  }
}

/** A float of 16 bits. */
function halfText(half: number): string {
  const exponent = (half >> 10) & 31;
  const fraction = half & 0x3ff;
  const magnitude =
    exponent === 31
      ? fraction === 0
        ? Number.POSITIVE_INFINITY
        : Number.NaN
      : exponent === 0
        ? fraction * 2 ** -24
        : (1024 + fraction) * 2 ** (exponent - 25);
  return doubleText(half & 0x8000 ? -magnitude : magnitude);
}

export const CBOR: TreeDecoder = {
  id: 'cbor',
  kind: 'tree',
  label: 'CBOR',
  starts: (bytes) =>
    startsWith(bytes, 0xd9, 0xd9, 0xf7) || (bytes.length > 3 && (bytes[0] >> 5 === 5 || bytes[0] >> 5 === 4)),
  decode: decodeCbor,
  certain: (root, bytes) => startsWith(bytes, 0xd9, 0xd9, 0xf7) || (utf8(bytes) === undefined && isRecord(root, bytes)),
};
