/** MessagePack: every value with the name of its form, numbers exact, extension types by number. */
import { formatTime } from '../../format/quantities.js';
import { badByte, type Limits, type TreeDecoder, type TreeNode, trailing, type Work } from './decoder.js';
import { doubleText, floatText, Reader, utf8 } from './reader.js';
import { SLICE, TreeBuilder } from './tree-builder.js';

function* decodeMsgpack(bytes: Uint8Array, limits: Limits): Work<TreeNode> {
  const reader = new Reader(bytes);
  const tree = new TreeBuilder(limits);
  for (let turn = 1; !tree.root; turn++) {
    if (turn % SLICE === 0) yield;
    readValue(reader, tree);
  }
  if (!reader.ended) throw trailing(reader.at, reader.left);
  return tree.root;
}

function readValue(reader: Reader, tree: TreeBuilder): void {
  const start = reader.at;
  const first = reader.u8();
  const number = (type: string, text: string) => tree.leaf({ kind: 'number', type, start, end: reader.at, text });
  const word = (text: string) => tree.leaf({ kind: 'word', type: '', start, end: reader.at, text });
  const string = (type: string, length: number) => {
    const bytes = reader.take(length);
    const kind = utf8(bytes) === undefined ? 'binary' : 'string';
    tree.leaf({ kind, type, start, end: reader.at, bytes });
  };
  const binary = (type: string, length: number) => {
    const bytes = reader.take(length);
    tree.leaf({ kind: 'binary', type, start, end: reader.at, bytes });
  };
  const container = (kind: 'object' | 'array', type: string, count: number) => {
    // Each value takes a byte at least.
    if (count * (kind === 'object' ? 2 : 1) > reader.left) reader.take(count * (kind === 'object' ? 2 : 1));
    tree.open({ kind, type, start, count }, reader.at);
  };
  if (first < 0x80) number('fixint', String(first));
  else if (first < 0x90) container('object', 'fixmap', first & 15);
  else if (first < 0xa0) container('array', 'fixarray', first & 15);
  else if (first < 0xc0) string('fixstr', first & 31);
  else if (first >= 0xe0) number('fixint', String(first - 256));
  else {
    switch (first) {
      case 0xc0:
        word('null');
        return;
      case 0xc2:
        word('false');
        return;
      case 0xc3:
        word('true');
        return;
      case 0xc4:
        binary('bin8', reader.u8());
        return;
      case 0xc5:
        binary('bin16', reader.u16());
        return;
      case 0xc6:
        binary('bin32', reader.u32());
        return;
      case 0xc7:
        extension(reader, tree, start, reader.u8());
        return;
      case 0xc8:
        extension(reader, tree, start, reader.u16());
        return;
      case 0xc9:
        extension(reader, tree, start, reader.u32());
        return;
      case 0xca:
        number('float32', floatText(reader.f32()));
        return;
      case 0xcb:
        number('float64', doubleText(reader.f64()));
        return;
      case 0xcc:
        number('uint8', String(reader.u8()));
        return;
      case 0xcd:
        number('uint16', String(reader.u16()));
        return;
      case 0xce:
        number('uint32', String(reader.u32()));
        return;
      case 0xcf:
        number('uint64', String(reader.u64()));
        return;
      case 0xd0:
        number('int8', String(reader.i8()));
        return;
      case 0xd1:
        number('int16', String(reader.i16()));
        return;
      case 0xd2:
        number('int32', String(reader.i32()));
        return;
      case 0xd3:
        number('int64', String(reader.i64()));
        return;
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        extension(reader, tree, start, 1 << (first - 0xd4));
        return;
      case 0xd9:
        string('str8', reader.u8());
        return;
      case 0xda:
        string('str16', reader.u16());
        return;
      case 0xdb:
        string('str32', reader.u32());
        return;
      case 0xdc:
        container('array', 'array16', reader.u16());
        return;
      case 0xdd:
        container('array', 'array32', reader.u32());
        return;
      case 0xde:
        container('object', 'map16', reader.u16());
        return;
      case 0xdf:
        container('object', 'map32', reader.u32());
        return;
      default:
        throw badByte(start, first);
    }
  }
}

/** An extension: a type from −128 to 127 and bytes; −1 is a time. */
function extension(reader: Reader, tree: TreeBuilder, start: number, length: number): void {
  const type = reader.i8();
  const bytes = reader.take(length);
  const end = reader.at;
  const time = type === -1 ? timestamp(bytes) : undefined;
  if (time === undefined) tree.leaf({ kind: 'binary', type: `ext ${type}`, start, end, bytes });
  else tree.leaf({ kind: 'word', type: 'timestamp', start, end, text: time });
}

function timestamp(bytes: Uint8Array): string | undefined {
  const reader = new Reader(bytes);
  let seconds: bigint;
  let nanoseconds = 0;
  if (bytes.length === 4) {
    seconds = BigInt(reader.u32());
  } else if (bytes.length === 8) {
    const both = reader.u64();
    nanoseconds = Number(both >> 34n);
    seconds = both & 0x3ffffffffn;
  } else if (bytes.length === 12) {
    nanoseconds = reader.u32();
    seconds = reader.i64();
  } else {
    return undefined;
  }
  if (nanoseconds > 999_999_999) return undefined;
  return timeText(seconds, nanoseconds);
}

/** A time from seconds and nanoseconds, to the last digit that says something. */
export function timeText(seconds: bigint, nanoseconds: number): string {
  const ms = Number(seconds) * 1000;
  if (!(Math.abs(ms) <= 8.64e15)) return `${seconds} s`;
  const whole = formatTime(ms).slice(0, 19);
  const fraction = String(nanoseconds).padStart(9, '0').replace(/0+$/, '');
  return `${whole}${fraction === '' ? '' : `.${fraction}`} UTC`;
}

/** True if all names of an object are strings, and the bytes are no text that happens to be read as something else. */
export function isRecord(root: TreeNode, bytes: Uint8Array): boolean {
  const children = root.children ?? [];
  if (children.length === 0 || bytes.length < 4) return false;
  if (root.kind === 'object') {
    return children.every(({ name }) => typeof name === 'object' && name.kind === 'string');
  }
  // A list counts if something in it is a record, or a text of some length.
  return (
    root.kind === 'array' &&
    children.some(({ value }) =>
      value.kind === 'object' ? isRecord(value, bytes) : value.kind === 'string' && (value.bytes?.length ?? 0) > 3,
    )
  );
}

export const MSGPACK: TreeDecoder = {
  id: 'msgpack',
  kind: 'tree',
  label: 'MessagePack',
  starts: (bytes) =>
    bytes.length > 3 && ((bytes[0] >= 0x80 && bytes[0] < 0xa0) || (bytes[0] >= 0xdc && bytes[0] < 0xe0)),
  decode: decodeMsgpack,
  certain: isRecord,
};
