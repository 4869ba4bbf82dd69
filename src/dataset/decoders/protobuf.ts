/**
 * Protocol Buffers without a schema: the wire format tells field numbers and sizes; whether bytes are a text, a message
 * or data is a guess, and is marked as one.
 */
import { phrase } from '../../decoder/errors.js';
import {
  badByte,
  type Limits,
  type Member,
  type TreeDecoder,
  type TreeNode,
  UndecodableError,
  type Work,
} from './decoder.js';
import { doubleText, floatText, Reader, utf8 } from './reader.js';
import { SLICE } from './tree-builder.js';

/** Messages within each other that are guessed at. */
const DEPTH = 64;

/** A message that is being read: to an offset, or to the end of its group. */
interface Open {
  readonly node: TreeNode & { end: number; readonly children: Member[] };
  readonly to: number;
  readonly group: number | undefined;
}

function varint(reader: Reader): bigint {
  const start = reader.at;
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.u8();
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asUintN(64, value);
  }
  throw new UndecodableError(start, phrase('a number has more than ten bytes'));
}

/** True if bytes can be read as a message from end to end. Groups are not looked for: they are rare. */
function isMessage(bytes: Uint8Array): boolean {
  const reader = new Reader(bytes);
  try {
    while (!reader.ended) skipField(reader);
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error;
    return false;
  }
  return bytes.length > 0;
}

function skipField(reader: Reader): void {
  const at = reader.at;
  const tag = varint(reader);
  const number = tag >> 3n;
  if (number < 1n || number > 536870911n) throw badByte(at, reader.bytes[at]);
  const wire = Number(tag & 7n);
  if (wire === 0) varint(reader);
  else if (wire === 1) reader.take(8);
  else if (wire === 2) reader.take(Number(varint(reader)));
  else if (wire === 5) reader.take(4);
  else throw badByte(at, reader.bytes[at]);
}

/** True for a text that somebody may have written: in UTF-8, without control characters. */
function isText(bytes: Uint8Array): boolean {
  const text = utf8(bytes);
  return text !== undefined && !/[\p{Cc}\p{Cn}]/u.test(text.replace(/[\t\n\r]/g, ''));
}

function message(start: number, end: number, type: string): Open['node'] {
  return { kind: 'object', type, start, end, children: [] };
}

function* decodeProtobuf(bytes: Uint8Array, limits: Limits): Work<TreeNode> {
  if (bytes.length === 0) throw new UndecodableError(0, phrase('nothing comes out of it'));
  const reader = new Reader(bytes);
  const root = message(0, bytes.length, 'message');
  const stack: Open[] = [{ node: root, to: bytes.length, group: undefined }];
  let values = 0;
  for (let turn = 1; stack.length > 0; turn++) {
    if (turn % SLICE === 0) yield;
    const open = stack[stack.length - 1];
    if (reader.at >= open.to && open.group === undefined) {
      stack.pop();
      continue;
    }
    if (++values > limits.values) {
      throw new UndecodableError(reader.at, phrase('it has more than {0} values', limits.values));
    }
    readField(reader, open, stack);
  }
  return root;
}

function readField(reader: Reader, open: Open, stack: Open[]): void {
  const start = reader.at;
  const tag = varint(reader);
  const field = Number(tag >> 3n);
  const wire = Number(tag & 7n);
  if (field < 1 || field > 536870911) throw badByte(start, reader.bytes[start]);
  const put = (value: TreeNode) => open.node.children.push({ name: String(field), value });
  const number = (type: string, text: string) => put({ kind: 'number', type, start, end: reader.at, text });
  switch (wire) {
    case 0: {
      const value = varint(reader);
      const signed = BigInt.asIntN(64, value);
      number('varint', signed < 0n ? `${value} (${signed})` : String(value));
      break;
    }
    case 1: {
      const value = reader.u64(true);
      reader.at -= 8;
      number('64-bit', `${value} (${doubleText(reader.f64(true))}?)`);
      break;
    }
    case 5: {
      const value = reader.u32(true);
      reader.at -= 4;
      number('32-bit', `${value} (${floatText(reader.f32(true))}?)`);
      break;
    }
    case 2: {
      const content = reader.take(Number(varint(reader)));
      if (reader.at > open.to) throw new UndecodableError(start, phrase('a field goes past the end of its message'));
      const { at: end } = reader;
      if (isText(content)) {
        put({ kind: 'string', type: 'text?', start, end, bytes: content });
      } else if (stack.length < DEPTH && isMessage(content)) {
        const inner = message(start, end, 'message?');
        put(inner);
        reader.at = end - content.length;
        stack.push({ node: inner, to: end, group: undefined });
      } else {
        put({ kind: 'binary', type: 'bytes', start, end, bytes: content });
      }
      break;
    }
    case 3: {
      if (stack.length >= DEPTH)
        throw new UndecodableError(start, phrase('values are nested more than {0} deep', DEPTH));
      const inner = message(start, reader.at, 'group');
      put(inner);
      stack.push({ node: inner, to: open.to, group: field });
      break;
    }
    case 4:
      if (open.group !== field) throw badByte(start, reader.bytes[start]);
      open.node.end = reader.at;
      stack.pop();
      break;
    default:
      throw badByte(start, reader.bytes[start]);
  }
  if (reader.at > open.to) throw new UndecodableError(start, phrase('a field goes past the end of its message'));
}

export const PROTOBUF: TreeDecoder = {
  id: 'protobuf',
  kind: 'tree',
  label: 'Protobuf',
  starts: () => false,
  decode: decodeProtobuf,
  certain: () => false,
};
