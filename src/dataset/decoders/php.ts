/** What PHP's `serialize` writes: arrays, objects, references, in text with lengths. */
import { phrase } from '../../decoder/errors.js';
import {
  badByte,
  badReference,
  type Limits,
  type TreeDecoder,
  type TreeNode,
  trailing,
  UndecodableError,
  type Work,
} from './decoder.js';
import { Reader, utf8 } from './reader.js';
import { SLICE, TreeBuilder } from './tree-builder.js';

const SEMICOLON = 0x3b;
const COLON = 0x3a;
const QUOTE = 0x22;
const OPEN = 0x7b;
const CLOSE = 0x7d;

function* decodePhp(bytes: Uint8Array, limits: Limits): Work<TreeNode> {
  const reader = new Reader(bytes);
  const tree = new TreeBuilder(limits);
  for (let turn = 1; !tree.root; turn++) {
    if (turn % SLICE === 0) yield;
    const { top } = tree;
    if (top && reader.bytes[reader.at] === CLOSE && tree.wantsName) {
      reader.u8();
      tree.close(reader.at);
    } else {
      readValue(reader, tree);
    }
  }
  if (!reader.ended) throw trailing(reader.at, reader.left);
  return tree.root;
}

function expect(reader: Reader, byte: number): void {
  const at = reader.at;
  const found = reader.u8();
  if (found !== byte) throw badByte(at, found);
}

/** Decimal text up to a mark. */
function numberText(reader: Reader, end: number, pattern: RegExp): string {
  const at = reader.at;
  const text = String.fromCharCode(...reader.until(end).subarray(0, 400));
  if (!pattern.test(text)) throw new UndecodableError(at, phrase('{0} is no number', `"${text.slice(0, 40)}"`));
  return text;
}

function quoted(reader: Reader): Uint8Array {
  const length = Number(numberText(reader, COLON, /^\d{1,10}$/));
  expect(reader, QUOTE);
  const bytes = reader.take(length);
  expect(reader, QUOTE);
  return bytes;
}

function readValue(reader: Reader, tree: TreeBuilder): void {
  const start = reader.at;
  const tag = String.fromCharCode(reader.u8());
  const leaf = (kind: 'number' | 'word', type: string, text: string) =>
    tree.leaf({ kind, type, start, end: reader.at, text });
  if (tag === 'N') {
    expect(reader, SEMICOLON);
    leaf('word', '', 'null');
    return;
  }
  expect(reader, COLON);
  switch (tag) {
    case 'b':
      leaf('word', '', numberText(reader, SEMICOLON, /^[01]$/) === '1' ? 'true' : 'false');
      return;
    case 'i':
      leaf('number', 'int', numberText(reader, SEMICOLON, /^[+-]?\d+$/));
      return;
    case 'd':
      leaf('number', 'float', numberText(reader, SEMICOLON, /^(?:[+-]?\d[\d.]*(?:E[+-]?\d+)?|-?INF|NAN)$/i));
      return;
    case 'r':
    case 'R': {
      const text = numberText(reader, SEMICOLON, /^\d+$/);
      if (text === '0') throw badReference(start);
      leaf('word', 'reference', `#${text}`);
      return;
    }
    case 's':
    case 'E': {
      const bytes = quoted(reader);
      expect(reader, SEMICOLON);
      const kind = utf8(bytes) === undefined ? 'binary' : 'string';
      tree.leaf({ kind, type: tag === 's' ? '' : 'enum', start, end: reader.at, bytes });
      return;
    }
    case 'a':
      numberText(reader, COLON, /^\d{1,10}$/);
      expect(reader, OPEN);
      tree.open({ kind: 'object', type: 'array', start }, reader.at);
      return;
    case 'O': {
      const text = utf8(quoted(reader)) ?? '';
      expect(reader, COLON);
      numberText(reader, COLON, /^\d{1,10}$/);
      expect(reader, OPEN);
      tree.open({ kind: 'object', type: 'object', start, text }, reader.at);
      return;
    }
    case 'C': {
      // A class that writes itself: its name, and bytes that only it understands.
      const text = utf8(quoted(reader)) ?? '';
      expect(reader, COLON);
      const length = Number(numberText(reader, COLON, /^\d{1,10}$/));
      expect(reader, OPEN);
      const bytes = reader.take(length);
      expect(reader, CLOSE);
      tree.leaf({ kind: 'binary', type: text, start, end: reader.at, bytes });
      return;
    }
    default:
      throw badByte(start, reader.bytes[start]);
  }
}

export const PHP: TreeDecoder = {
  id: 'php',
  kind: 'tree',
  label: 'PHP serialize',
  starts: (bytes) => /^(?:[aOsC]:\d|[idb]:[-\d]|N;)/.test(String.fromCharCode(...bytes.subarray(0, 4))),
  decode: decodePhp,
  certain: (root) => root.kind === 'object' || root.kind === 'string',
};
