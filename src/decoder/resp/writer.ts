/** Writes RESP2 and RESP3: values in, bytes out. */
import { fromLatin1 } from '../bytes.js';
import { inlineArgument } from './inline.js';
import { doubleText } from './numbers.js';
import type { Attribute, RespData } from './values.js';

const CR = 0x0d;
const LF = 0x0a;
const ZERO = 0x30;

/** Bytes of a number in decimal. @param value a whole number from 0 up. */
function digitsOf(value: number): number {
  let digits = 1;
  for (let left = value; left >= 10; left = Math.floor(left / 10)) digits++;
  return digits;
}

/** Puts `TYPE NUMBER CR LF`. @returns the index behind it. */
function putHeader(target: Uint8Array, at: number, type: number, value: number): number {
  const end = at + 1 + digitsOf(value);
  target[at] = type;
  let left = value;
  for (let i = end - 1; i > at; i--, left = Math.floor(left / 10)) target[i] = ZERO + (left % 10);
  target[end] = CR;
  target[end + 1] = LF;
  return end + 2;
}

/** A command as clients send it and servers write it into an AOF: an array of bulk strings. */
export function writeCommand(argv: readonly Uint8Array[]): Uint8Array {
  let size = 3 + digitsOf(argv.length);
  for (const { length } of argv) size += 5 + digitsOf(length) + length;
  const target = new Uint8Array(size);
  let at = putHeader(target, 0, 0x2a, argv.length);
  for (const argument of argv) {
    at = putHeader(target, at, 0x24, argument.length);
    target.set(argument, at);
    at += argument.length;
    target[at++] = CR;
    target[at++] = LF;
  }
  return target;
}

/**
 * A value as bytes. Nothing of it is recursive, so that a value that was read can always be written.
 *
 * @throws RangeError for what RESP cannot say: a line break in a simple string or error, a verbatim format that is not
 * three characters, chunks that are not the string, an inline command without arguments.
 */
export function writeResp(value: RespData): Uint8Array {
  const parts: Uint8Array[] = [];
  const left: (RespData | Uint8Array)[] = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next instanceof Uint8Array) {
      parts.push(next);
      continue;
    }
    const inside = writeHead(next, parts);
    for (let i = inside.length - 1; i >= 0; i--) left.push(inside[i]);
  }
  return joined(parts);
}

/** Writes what stands before the elements of a value. @returns what is to be written behind it, in order. */
function writeHead(value: RespData, parts: Uint8Array[]): readonly (RespData | Uint8Array)[] {
  const { attributes, ...bare } = value;
  if (attributes && attributes.length > 0) return [...attributes.flatMap(attributeParts), bare];
  switch (value.type) {
    case 'simple':
    case 'error':
      if (value.bytes.includes(CR) || value.bytes.includes(LF)) {
        throw new RangeError('A line of RESP cannot hold a line break; write a bulk string.');
      }
      parts.push(fromLatin1(value.type === 'simple' ? '+' : '-'), value.bytes, LINE_END);
      return [];
    case 'integer':
      putLine(parts, `:${value.value}`);
      return [];
    case 'double':
      putLine(parts, `,${doubleText(value.value)}`);
      return [];
    case 'bignum':
      putLine(parts, `(${value.value}`);
      return [];
    case 'boolean':
      putLine(parts, value.value ? '#t' : '#f');
      return [];
    case 'null':
      putLine(parts, { null: '_', bulk: '$-1', array: '*-1' }[value.form]);
      return [];
    case 'bulk':
      if (value.chunks) putChunks(parts, value.bytes, value.chunks);
      else putString(parts, '$', value.bytes);
      return [];
    case 'bulk-error':
      putString(parts, '!', value.bytes);
      return [];
    case 'verbatim':
      if (!/^[\0-\xff]{3}$/.test(value.format)) throw new RangeError('A verbatim format has three characters.');
      parts.push(fromLatin1(`=${value.bytes.length + 4}\r\n${value.format}:`), value.bytes, LINE_END);
      return [];
    case 'inline':
      if (value.arguments.length === 0) throw new RangeError('An inline command has at least one argument.');
      putLine(parts, inlineLine(value.arguments));
      return [];
    case 'map': {
      const end = openAggregate(parts, '%', value.pairs.length, value.streamed);
      return [...value.pairs.flat(), ...end];
    }
    default: {
      const type = { array: '*', set: '~', push: '>' }[value.type];
      const end = openAggregate(parts, type, value.items.length, value.streamed && value.type !== 'push');
      return [...value.items, ...end];
    }
  }
}

/** A line of arguments; the first is quoted where it would make the line something else than an inline command. */
function inlineLine(argv: readonly Uint8Array[]): string {
  const [name, ...rest] = argv.map(inlineArgument);
  return [/^["a-z\d]/i.test(name) ? name : `"${name}"`, ...rest].join(' ');
}

function attributeParts({ pairs }: Attribute<unknown>): (RespData | Uint8Array)[] {
  return [fromLatin1(`|${pairs.length}\r\n`), ...pairs.flat()];
}

function openAggregate(parts: Uint8Array[], type: string, count: number, streamed = false): Uint8Array[] {
  putLine(parts, `${type}${streamed ? '?' : count}`);
  return streamed ? [fromLatin1('.\r\n')] : [];
}

function putLine(parts: Uint8Array[], line: string): void {
  parts.push(fromLatin1(`${line}\r\n`));
}

function putString(parts: Uint8Array[], type: string, bytes: Uint8Array): void {
  parts.push(fromLatin1(`${type}${bytes.length}\r\n`), bytes, LINE_END);
}

function putChunks(parts: Uint8Array[], bytes: Uint8Array, chunks: readonly number[]): void {
  const total = chunks.reduce((sum, size) => sum + size, 0);
  // An empty chunk is the end of the string.
  if (total !== bytes.length || chunks.some((size) => size <= 0)) {
    throw new RangeError(`Chunks of ${total} bytes are not the string of ${bytes.length} bytes.`);
  }
  putLine(parts, '$?');
  let at = 0;
  for (const size of chunks) {
    putString(parts, ';', bytes.subarray(at, at + size));
    at += size;
  }
  putLine(parts, ';0');
}

const LINE_END = fromLatin1('\r\n');

function joined(parts: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const part of parts) size += part.length;
  const target = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    target.set(part, at);
    at += part.length;
  }
  return target;
}
