/** BSON, the documents of MongoDB: elements with a type byte, a name, and a value. */

import { phrase } from '../../decoder/errors.js';
import { formatTime } from '../../format/quantities.js';
import {
  badByte,
  endsEarly,
  type Limits,
  type TreeDecoder,
  type TreeNode,
  trailing,
  UndecodableError,
  type Work,
} from './decoder.js';
import { doubleText, Reader, utf8 } from './reader.js';
import { SLICE, TreeBuilder } from './tree-builder.js';

const DOCUMENT = 3;
const ARRAY = 4;

function* decodeBson(bytes: Uint8Array, limits: Limits): Work<TreeNode> {
  const reader = new Reader(bytes);
  const tree = new TreeBuilder(limits);
  openDocument(reader, tree, 0, 'object', 'document');
  for (let turn = 1; !tree.root; turn++) {
    if (turn % SLICE === 0) yield;
    const start = reader.at;
    const type = reader.u8();
    if (type === 0) tree.close(reader.at);
    else readElement(reader, tree, type, start);
  }
  if (!reader.ended) throw trailing(reader.at, reader.left);
  return tree.root;
}

function openDocument(reader: Reader, tree: TreeBuilder, start: number, kind: 'object' | 'array', type: string): void {
  const at = reader.at;
  const size = reader.u32(true);
  if (size < 5) throw new UndecodableError(at, phrase('a document cannot have {0} bytes', size));
  if (size - 4 > reader.left) throw endsEarly(reader.bytes.length, size - 4 - reader.left);
  tree.open({ kind, type, start }, reader.at);
}

function text(reader: Reader): Uint8Array {
  const at = reader.at;
  const size = reader.u32(true);
  if (size < 1) throw new UndecodableError(at, phrase('a string cannot have {0} bytes', size));
  const bytes = reader.take(size);
  if (bytes[size - 1] !== 0) throw badByte(reader.at - 1, bytes[size - 1]);
  return bytes.subarray(0, size - 1);
}

function readElement(reader: Reader, tree: TreeBuilder, type: number, start: number): void {
  const name = utf8(reader.until(0));
  if (name === undefined) throw badByte(start + 1, reader.bytes[start + 1]);
  // In an array the names are the positions.
  if (tree.top?.kind === 'object') tree.name(name);
  const number = (kind: string, value: string) =>
    tree.leaf({ kind: 'number', type: kind, start, end: reader.at, text: value });
  const word = (kind: string, value: string) =>
    tree.leaf({ kind: 'word', type: kind, start, end: reader.at, text: value });
  const data = (kind: 'string' | 'binary', name_: string, bytes: Uint8Array) =>
    tree.leaf({ kind, type: name_, start, end: reader.at, bytes });
  switch (type) {
    case 1:
      number('double', doubleText(reader.f64(true)));
      return;
    case 2:
      data('string', 'string', text(reader));
      return;
    case DOCUMENT:
      openDocument(reader, tree, start, 'object', 'document');
      return;
    case ARRAY:
      openDocument(reader, tree, start, 'array', 'array');
      return;
    case 5: {
      const size = reader.u32(true);
      const subtype = reader.u8();
      data('binary', `binary ${subtype}`, reader.take(size));
      return;
    }
    case 6:
      word('', 'undefined');
      return;
    case 7:
      word('ObjectId', hex(reader.take(12)));
      return;
    case 8:
      word('', reader.u8() === 0 ? 'false' : 'true');
      return;
    case 9: {
      const ms = reader.i64(true);
      word('date', ms > -8640000000000000n && ms < 8640000000000000n ? `${formatTime(Number(ms))} UTC` : `${ms} ms`);
      return;
    }
    case 10:
      word('', 'null');
      return;
    case 11:
      word('regex', `/${utf8(reader.until(0)) ?? ''}/${utf8(reader.until(0)) ?? ''}`);
      return;
    case 13:
      data('string', 'code', text(reader));
      return;
    case 14:
      data('string', 'symbol', text(reader));
      return;
    case 16:
      number('int32', String(reader.i32(true)));
      return;
    case 17:
      number('timestamp', String(reader.u64(true)));
      return;
    case 18:
      number('int64', String(reader.i64(true)));
      return;
    case 19:
      data('binary', 'decimal128', reader.take(16));
      return;
    case 127:
      word('', 'max key');
      return;
    case 255:
      word('', 'min key');
      return;
    default:
      throw badByte(start, type);
  }
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const BSON: TreeDecoder = {
  id: 'bson',
  kind: 'tree',
  label: 'BSON',
  starts: (bytes) => {
    if (bytes.length < 12 || bytes[bytes.length - 1] !== 0) return false;
    return (bytes[0] | (bytes[1] << 8) | (bytes[2] << 16) | (bytes[3] << 24)) === bytes.length;
  },
  decode: decodeBson,
  certain: (root) => (root.children?.length ?? 0) > 0,
};
