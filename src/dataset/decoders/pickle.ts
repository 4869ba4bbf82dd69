/**
 * Python pickle: the opcodes are followed on a stack of our own, and what they would build is shown as a tree. Nothing
 * is imported, called or built: a class is its name, a call is a node with its arguments.
 */

import { phrase } from '../../decoder/errors.js';
import { utf8Bytes } from '../../format/display.js';
import {
  badByte,
  badReference,
  type Limits,
  type Member,
  type TreeDecoder,
  type TreeNode,
  trailing,
  UndecodableError,
  type Work,
} from './decoder.js';
import { doubleText, Reader, startsWith, utf8 } from './reader.js';
import { SLICE } from './tree-builder.js';

/** A node while it is built: the opcodes add to it. */
interface Draft extends TreeNode {
  end: number;
  readonly children?: Member[];
}

const MARK = Symbol('mark');
type Slot = Draft | typeof MARK;

const NEWLINE = 0x0a;
/** The longest integer that is shown in decimal. */
const LONG_BYTES = 4096;

/** The machine: the stack, what was put into the memo, and the reader. */
class Machine {
  private readonly stack: Slot[] = [];
  private readonly memo = new Map<number, Draft>();
  private values = 0;
  private depths = new WeakMap<Draft, number>();

  constructor(
    readonly reader: Reader,
    private readonly limits: Limits,
  ) {}

  push(node: Draft): void {
    if (++this.values > this.limits.values) {
      throw new UndecodableError(node.start, phrase('it has more than {0} values', this.limits.values));
    }
    this.stack.push(node);
  }

  mark(): void {
    this.stack.push(MARK);
  }

  pop(at: number): Draft {
    const top = this.stack.pop();
    if (top === undefined || top === MARK) throw new UndecodableError(at, phrase('its stack is empty here'));
    return top;
  }

  popAny(at: number): void {
    if (this.stack.pop() === undefined) throw new UndecodableError(at, phrase('its stack is empty here'));
  }

  top(at: number): Draft {
    const top = this.pop(at);
    this.stack.push(top);
    return top;
  }

  /** Everything above the last mark, which goes too. */
  popMark(at: number): Draft[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) throw new UndecodableError(at, phrase('its stack has no mark here'));
    return this.stack.splice(mark).slice(1) as Draft[];
  }

  put(index: number, at: number): void {
    if (this.memo.size >= this.limits.values) {
      throw new UndecodableError(at, phrase('it has more than {0} values', this.limits.values));
    }
    this.memo.set(index, this.top(at));
  }

  memoize(at: number): void {
    this.put(this.memo.size, at);
  }

  /** What was put aside; a container is only referred to, for it may hold what it is put into. */
  get(index: number, at: number): void {
    const known = this.memo.get(index);
    if (!known) throw badReference(at);
    const end = this.reader.at;
    if (known.children) this.push({ kind: 'word', type: 'reference', start: at, end, text: `@${known.start}` });
    else this.push({ ...known });
  }

  /** Puts values into a container. The depth is checked: what is shown is followed to its end. */
  add(into: Draft, members: readonly Member[]): void {
    into.end = this.reader.at;
    let depth = this.depths.get(into) ?? 1;
    for (const member of members) {
      into.children?.push(member);
      depth = Math.max(depth, (this.depths.get(member.value as Draft) ?? 0) + 1);
    }
    if (depth > this.limits.depth) {
      throw new UndecodableError(into.start, phrase('values are nested more than {0} deep', this.limits.depth));
    }
    this.depths.set(into, depth);
  }

  container(kind: 'object' | 'array', type: string, start: number, members: readonly Member[], text?: string): void {
    const node: Draft = {
      kind,
      type,
      start,
      end: this.reader.at,
      children: [],
      ...(text === undefined ? {} : { text }),
    };
    this.add(node, members);
    this.push(node);
  }

  get size(): number {
    return this.stack.length;
  }
}

function listed(nodes: readonly Draft[]): Member[] {
  return nodes.map((value) => ({ value }));
}

function paired(nodes: readonly Draft[], at: number): Member[] {
  if (nodes.length % 2 !== 0) throw new UndecodableError(at, phrase('a name has no value'));
  const members: Member[] = [];
  for (let i = 0; i < nodes.length; i += 2) members.push({ name: nodes[i], value: nodes[i + 1] });
  return members;
}

/** A signed integer of any size, least significant byte first. */
function longText(bytes: Uint8Array): string | undefined {
  if (bytes.length > LONG_BYTES) return undefined;
  let text = '0x0';
  for (let i = bytes.length - 1; i >= 0; i--) text += bytes[i].toString(16).padStart(2, '0');
  return String(BigInt.asIntN(8 * Math.max(1, bytes.length), BigInt(text)));
}

function line(reader: Reader): string {
  return String.fromCharCode(...reader.until(NEWLINE).subarray(0, 8192)).replace(/\r$/, '');
}

function className(node: Draft): string {
  return node.text ?? node.type;
}

function size64(reader: Reader): number {
  return Number(reader.u64(true));
}

function* decodePickle(bytes: Uint8Array, limits: Limits): Work<TreeNode> {
  const reader = new Reader(bytes);
  const machine = new Machine(reader, limits);
  for (let turn = 1; ; turn++) {
    if (turn % SLICE === 0) yield;
    const at = reader.at;
    const opcode = reader.u8();
    if (opcode === 0x2e) {
      const root = machine.pop(at);
      if (machine.size > 0) throw new UndecodableError(at, phrase('{0} values are left on its stack', machine.size));
      if (!reader.ended) throw trailing(reader.at, reader.left);
      return root;
    }
    if (!atoms(machine, opcode, at) && !structures(machine, opcode, at)) throw badByte(at, opcode);
  }
}

/** Opcodes that push a value that holds no other. @returns false for another opcode. */
function atoms(machine: Machine, opcode: number, start: number): boolean {
  const { reader } = machine;
  const number = (type: string, text: string) => machine.push({ kind: 'number', type, start, end: reader.at, text });
  const word = (text: string, type = '') => machine.push({ kind: 'word', type, start, end: reader.at, text });
  const data = (kind: 'string' | 'binary', type: string, length: number) => {
    const bytes = reader.take(length);
    // Strings of Python 2 can be anything; surrogates that stand alone are no UTF-8 either.
    const known = kind === 'string' && utf8(bytes) === undefined ? 'binary' : kind;
    machine.push({ kind: known, type, start, end: reader.at, bytes });
  };
  const long = (length: number) => {
    const bytes = reader.take(length);
    const text = longText(bytes);
    if (text === undefined) machine.push({ kind: 'binary', type: 'int', start, end: reader.at, bytes });
    else number('int', text);
  };
  switch (opcode) {
    case 0x46: // FLOAT
      number('float', line(reader));
      return true;
    case 0x47: // BINFLOAT
      number('float', doubleText(reader.f64()));
      return true;
    case 0x49: {
      // INT; 00 and 01 are the booleans of the first protocols.
      const text = line(reader);
      if (text === '00' || text === '01') word(text === '01' ? 'True' : 'False');
      else number('int', text);
      return true;
    }
    case 0x4a: // BININT
      number('int', String(reader.i32(true)));
      return true;
    case 0x4b: // BININT1
      number('int', String(reader.u8()));
      return true;
    case 0x4d: // BININT2
      number('int', String(reader.u16(true)));
      return true;
    case 0x4c: // LONG
      number('int', line(reader).replace(/L$/, ''));
      return true;
    case 0x8a: // LONG1
      long(reader.u8());
      return true;
    case 0x8b: // LONG4
      long(reader.u32(true));
      return true;
    case 0x4e: // NONE
      word('None');
      return true;
    case 0x88: // NEWTRUE
    case 0x89: // NEWFALSE
      word(opcode === 0x88 ? 'True' : 'False');
      return true;
    case 0x53: // STRING
      word(line(reader), 'str');
      return true;
    case 0x56: {
      // UNICODE: raw-unicode-escape up to the end of the line.
      const text = line(reader).replace(/\\u([\da-f]{4})|\\U([\da-f]{8})/gi, (all, short, full) => {
        const code = Number.parseInt(short ?? full, 16);
        return code > 0x10ffff ? all : String.fromCodePoint(code);
      });
      machine.push({ kind: 'string', type: 'str', start, end: reader.at, bytes: utf8Bytes(text) });
      return true;
    }
    case 0x54: // BINSTRING
      data('string', 'bytes', reader.u32(true));
      return true;
    case 0x55: // SHORT_BINSTRING
      data('string', 'bytes', reader.u8());
      return true;
    case 0x58: // BINUNICODE
      data('string', 'str', reader.u32(true));
      return true;
    case 0x8c: // SHORT_BINUNICODE
      data('string', 'str', reader.u8());
      return true;
    case 0x8d: // BINUNICODE8
      data('string', 'str', size64(reader));
      return true;
    case 0x42: // BINBYTES
      data('binary', 'bytes', reader.u32(true));
      return true;
    case 0x43: // SHORT_BINBYTES
      data('binary', 'bytes', reader.u8());
      return true;
    case 0x8e: // BINBYTES8
      data('binary', 'bytes', size64(reader));
      return true;
    case 0x96: // BYTEARRAY8
      data('binary', 'bytearray', size64(reader));
      return true;
    case 0x63: {
      // GLOBAL
      const module = line(reader);
      word(`${module}.${line(reader)}`, 'class');
      return true;
    }
    case 0x50: // PERSID
      word(line(reader), 'persistent id');
      return true;
    case 0x82: // EXT1
      word(String(reader.u8()), 'extension');
      return true;
    case 0x83: // EXT2
      word(String(reader.u16(true)), 'extension');
      return true;
    case 0x84: // EXT4
      word(String(reader.u32(true)), 'extension');
      return true;
    case 0x97: // NEXT_BUFFER
      word('buffer', 'out of band');
      return true;
    default:
      return false;
  }
}

/** Opcodes that work on the stack. @returns false for another opcode. */
function structures(machine: Machine, opcode: number, at: number): boolean {
  const { reader } = machine;
  switch (opcode) {
    case 0x80: // PROTO
      reader.u8();
      return true;
    case 0x95: // FRAME
      reader.u64(true);
      return true;
    case 0x28: // MARK
      machine.mark();
      return true;
    case 0x30: // POP
      machine.popAny(at);
      return true;
    case 0x31: // POP_MARK
      machine.popMark(at);
      return true;
    case 0x32: // DUP
      machine.push({ kind: 'word', type: 'reference', start: at, end: reader.at, text: `@${machine.top(at).start}` });
      return true;
    case 0x5d: // EMPTY_LIST
      machine.container('array', 'list', at, []);
      return true;
    case 0x29: // EMPTY_TUPLE
      machine.container('array', 'tuple', at, []);
      return true;
    case 0x7d: // EMPTY_DICT
      machine.container('object', 'dict', at, []);
      return true;
    case 0x8f: // EMPTY_SET
      machine.container('array', 'set', at, []);
      return true;
    case 0x6c: // LIST
      machine.container('array', 'list', at, listed(machine.popMark(at)));
      return true;
    case 0x74: // TUPLE
      machine.container('array', 'tuple', at, listed(machine.popMark(at)));
      return true;
    case 0x91: // FROZENSET
      machine.container('array', 'frozenset', at, listed(machine.popMark(at)));
      return true;
    case 0x64: // DICT
      machine.container('object', 'dict', at, paired(machine.popMark(at), at));
      return true;
    case 0x85: // TUPLE1
    case 0x86: // TUPLE2
    case 0x87: {
      // TUPLE3
      const items: Draft[] = [];
      for (let left = opcode - 0x84; left > 0; left--) items.unshift(machine.pop(at));
      machine.container('array', 'tuple', at, listed(items));
      return true;
    }
    case 0x61: {
      // APPEND
      const item = machine.pop(at);
      machine.add(machine.top(at), [{ value: item }]);
      return true;
    }
    case 0x65: // APPENDS
    case 0x90: {
      // ADDITEMS
      const items = machine.popMark(at);
      machine.add(machine.top(at), listed(items));
      return true;
    }
    case 0x73: {
      // SETITEM
      const value = machine.pop(at);
      const name = machine.pop(at);
      machine.add(machine.top(at), [{ name, value }]);
      return true;
    }
    case 0x75: {
      // SETITEMS
      const items = paired(machine.popMark(at), at);
      machine.add(machine.top(at), items);
      return true;
    }
    default:
      return objects(machine, opcode, at) || memory(machine, opcode, at);
  }
}

/** Opcodes that would build objects. */
function objects(machine: Machine, opcode: number, at: number): boolean {
  const { reader } = machine;
  const build = (type: string, callable: Draft, args: readonly Member[]) =>
    machine.container('object', type, at, args, className(callable));
  switch (opcode) {
    case 0x93: {
      // STACK_GLOBAL
      const name = machine.pop(at);
      const module = machine.pop(at);
      const text = [module, name].map((part) => utf8(part.bytes ?? new Uint8Array(0)) ?? '?').join('.');
      machine.push({ kind: 'word', type: 'class', start: module.start, end: reader.at, text });
      return true;
    }
    case 0x52: {
      // REDUCE
      const args = machine.pop(at);
      build('call', machine.pop(at), [{ name: 'args', value: args }]);
      return true;
    }
    case 0x81: {
      // NEWOBJ
      const args = machine.pop(at);
      const none = args.kind === 'array' && args.children?.length === 0;
      build('object', machine.pop(at), none ? [] : [{ name: 'args', value: args }]);
      return true;
    }
    case 0x92: {
      // NEWOBJ_EX
      const named = machine.pop(at);
      const args = machine.pop(at);
      build('object', machine.pop(at), [
        { name: 'args', value: args },
        { name: 'kwargs', value: named },
      ]);
      return true;
    }
    case 0x6f: {
      // OBJ
      const [callable, ...args] = machine.popMark(at);
      if (!callable) throw new UndecodableError(at, phrase('its stack is empty here'));
      build('object', callable, listed(args));
      return true;
    }
    case 0x69: {
      // INST
      const module = line(reader);
      const text = `${module}.${line(reader)}`;
      machine.container('object', 'object', at, listed(machine.popMark(at)), text);
      return true;
    }
    case 0x62: {
      // BUILD: a state that is a dict gives attributes.
      const state = machine.pop(at);
      const target = machine.top(at);
      const spread = state.kind === 'object' && state.type === 'dict' && state.children;
      if (target.children) machine.add(target, spread || [{ name: 'state', value: state }]);
      return true;
    }
    case 0x51: {
      // BINPERSID
      const id = machine.pop(at);
      machine.container('object', 'persistent id', at, [{ name: 'id', value: id }]);
      return true;
    }
    case 0x98: // READONLY_BUFFER
      return true;
    default:
      return false;
  }
}

/** Opcodes of the memo. */
function memory(machine: Machine, opcode: number, at: number): boolean {
  const { reader } = machine;
  switch (opcode) {
    case 0x94: // MEMOIZE
      machine.memoize(at);
      return true;
    case 0x70: // PUT
      machine.put(Number(line(reader)), at);
      return true;
    case 0x71: // BINPUT
      machine.put(reader.u8(), at);
      return true;
    case 0x72: // LONG_BINPUT
      machine.put(reader.u32(true), at);
      return true;
    case 0x67: // GET
      machine.get(Number(line(reader)), at);
      return true;
    case 0x68: // BINGET
      machine.get(reader.u8(), at);
      return true;
    case 0x6a: // LONG_BINGET
      machine.get(reader.u32(true), at);
      return true;
    default:
      return false;
  }
}

export const PICKLE: TreeDecoder = {
  id: 'pickle',
  kind: 'tree',
  label: 'Python pickle',
  starts: (bytes) => startsWith(bytes, 0x80) && bytes[1] >= 2 && bytes[1] <= 5 && bytes[bytes.length - 1] === 0x2e,
  decode: decodePickle,
  certain: (_, bytes) => bytes[0] === 0x80,
};
