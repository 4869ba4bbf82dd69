/** The fields of an AOF: the header line and the arguments of a command, and the line of an annotation. */
import { latin1 } from '../bytes.js';
import { Cursor } from '../cursor.js';
import { type FieldValue, type FieldWalk, reaches, type Stretch } from '../rdb/fields/events.js';
import { type ByteSource, readFully } from '../source.js';
import { ARGUMENT_START, COMMAND_START, readNumber } from './command-arguments.js';

/** Bytes of an argument that are shown beside its field. */
const SHOWN = 200;
/** Arguments between two breaks. */
const SLICE = 4096;

/**
 * Walks a command that a scan has found.
 *
 * @param offset where it begins, and `end` where it ends, in bytes from the start of the part.
 * @throws DecodeError where it is damaged, after the fields before the damage.
 */
export function* commandFields(source: ByteSource, offset: number, end: number, stretch: Stretch): FieldWalk {
  const cursor = new Cursor(source, offset, end, 16 * 1024);
  const count = readNumber(cursor, COMMAND_START, 0);
  if (reaches(stretch, offset, cursor.offset)) {
    yield { kind: 'field', name: 'number-of-arguments', start: offset, end: cursor.offset, value: count };
  }
  for (let index = 0; index < count && cursor.offset < stretch.to; index++) {
    if (index % SLICE === SLICE - 1) yield undefined;
    const start = cursor.offset;
    const length = readNumber(cursor, ARGUMENT_START, index);
    const content = cursor.offset;
    cursor.skip(length, 'the argument');
    cursor.skip(2, 'the argument');
    const behind = cursor.offset;
    if (!reaches(stretch, start, behind)) continue;
    yield { kind: 'open', name: 'argument', index, start, end: behind, value: preview(source, content, length) };
    for (const [name, from, to, value] of [
      ['line-length', start, content, length],
      ['content', content, content + length, undefined],
      ['crlf', content + length, behind, undefined],
    ] as const) {
      if (to > from && reaches(stretch, from, to)) {
        yield { kind: 'field', name, start: from, end: to, ...(value === undefined ? {} : { value }) };
      }
    }
    yield { kind: 'close', end: behind };
  }
}

function preview(source: ByteSource, start: number, length: number): FieldValue {
  const bytes = new Uint8Array(Math.min(SHOWN, length));
  return { bytes: bytes.subarray(0, readFully(source, start, bytes)), length };
}

/** Bytes of an annotation that are looked at. */
const LINE_LIMIT = 1024;

/** The line of an annotation. @returns undefined if none stands there. */
export function annotationAt(
  source: ByteSource,
  offset: number,
): { readonly end: number; readonly text: string } | undefined {
  const bytes = new Uint8Array(LINE_LIMIT);
  const line = bytes.subarray(0, readFully(source, offset, bytes));
  const end = line.indexOf(0x0a);
  if (line[0] !== 0x23 || end < 0) return undefined;
  return { end: offset + end + 1, text: latin1(line, 0, end).replace(/\r$/, '') };
}
