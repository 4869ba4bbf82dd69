/** The fields of the records of a file: of keys, of what is no key, of the header and of what ends the file. */
import { latin1 } from '../../bytes.js';
import { Cursor } from '../../cursor.js';
import { byteName, DecodeError } from '../../errors.js';
import { type ByteSource, readFully } from '../../source.js';
import { HEADER_BYTES, type Header } from '../header.js';
import { OP_EOF, opcodes } from '../opcodes.js';
import type { TemplateRecord } from '../scan.js';
import { valueTypes } from '../value-types.js';
import { type FieldEvent, type FieldWalk, reaches, type Stretch } from './events.js';
import { LayoutWalk, type TurnMarks, type WalkContext } from './walk.js';

/** The first version whose files end with a checksum. */
const CHECKSUM_SINCE = 5;

/** A file as far as its fields need it. */
export interface FieldsFile {
  readonly source: ByteSource;
  readonly header: Pick<Header, 'family' | 'version' | 'magic'>;
  readonly templates: ReadonlyMap<bigint, TemplateRecord>;
}

function contextOf({ header, templates }: FieldsFile): WalkContext {
  return { version: header.version, templateFields: (id) => templates.get(id)?.fields };
}

/** The nine bytes that a file begins with. */
export function* headerFields({ source }: FieldsFile): FieldWalk {
  const bytes = new Uint8Array(Math.min(HEADER_BYTES, source.size));
  const text = latin1(bytes.subarray(0, readFully(source, 0, bytes)));
  const magic = text.startsWith('VALKEY') ? 6 : 5;
  yield { kind: 'field', name: 'magic', start: 0, end: Math.min(magic, text.length), value: text.slice(0, magic) };
  if (text.length > magic) {
    yield { kind: 'field', name: 'version', start: magic, end: text.length, value: text.slice(magic) };
  }
}

/**
 * The fields of a key: what stands before its type byte, the type, the name, the value.
 *
 * @param offset where the key begins.
 * @param typeOffset its type byte.
 * @param end the byte behind its value.
 * @param stretch only fields that reach into it are told.
 * @param marks of earlier walks over the same key.
 * @throws DecodeError where the record is damaged, after the fields before the damage.
 */
export function* keyFields(
  file: FieldsFile,
  offset: number,
  typeOffset: number,
  end: number,
  stretch: Stretch,
  marks?: TurnMarks,
): FieldWalk {
  const { family, version } = file.header;
  const context = contextOf(file);
  const head = new Cursor(file.source, offset, typeOffset, 4096);
  while (head.remaining > 0 && head.offset < stretch.to) yield* opcodeFields(file, head, stretch, context);
  if (typeOffset >= stretch.to) return;
  const cursor = new Cursor(file.source, typeOffset, end);
  const byte = cursor.u8('the value');
  const type = valueTypes(family, version)[byte];
  const value = type ? `${byte} (${type.name})` : String(byte);
  if (reaches(stretch, typeOffset, typeOffset + 1)) {
    yield { kind: 'field', name: 'type', start: typeOffset, end: typeOffset + 1, value };
  }
  if (!type) throw new DecodeError('unknown-type', typeOffset, byteName(byte), '');
  const walk = new LayoutWalk(cursor, context, stretch, marks);
  yield* walk.string('key');
  const start = cursor.offset;
  if (start >= stretch.to) return;
  if (start < end) yield { kind: 'open', name: 'value', start, end };
  yield* walk.steps(type.layout, true);
  if (start < end && cursor.offset < stretch.to) yield { kind: 'close', end: cursor.offset };
}

/** An opcode with its payload. */
function* opcodeFields(file: FieldsFile, cursor: Cursor, stretch: Stretch, context: WalkContext): FieldWalk {
  const start = cursor.offset;
  const byte = cursor.u8();
  const opcode = opcodes(file.header.family)[byte];
  const value = opcode ? `${byte} (${opcode.name})` : String(byte);
  yield { kind: 'open', name: 'opcode', label: opcode?.name ?? byteName(byte), start, end: null };
  if (reaches(stretch, start, start + 1)) yield { kind: 'field', name: 'opcode', start, end: start + 1, value };
  if (!opcode) throw new DecodeError('unknown-type', start, byteName(byte), '');
  if (!opcode.payload) throw new DecodeError('unknown-opcode', start, byteName(byte), opcode.name);
  yield* new LayoutWalk(cursor, context, stretch).steps(opcode.payload, true);
  yield { kind: 'close', end: cursor.offset };
}

/** The fields of a record that is no key. The one that ends the file has the checksum behind it. */
export function* recordFields(file: FieldsFile, offset: number, stretch: Stretch): FieldWalk {
  const cursor = new Cursor(file.source, offset);
  const end = cursor.peekU8() === OP_EOF;
  yield* opcodeFields(file, cursor, stretch, contextOf(file));
  if (end) yield* checksumFields(file, cursor.offset);
}

/** The checksum, and what stands behind it. */
function* checksumFields({ source, header }: FieldsFile, offset: number): Generator<FieldEvent, void> {
  let at = offset;
  if (header.version >= CHECKSUM_SINCE && at < source.size) {
    const bytes = new Uint8Array(Math.min(8, source.size - at));
    readFully(source, at, bytes);
    const text = [...bytes].reverse().map((byte) => byte.toString(16).padStart(2, '0'));
    yield { kind: 'field', name: 'checksum', start: at, end: at + bytes.length, value: text.join('') };
    at += bytes.length;
  }
  if (at < source.size) yield { kind: 'field', name: 'trailing', start: at, end: source.size };
}
