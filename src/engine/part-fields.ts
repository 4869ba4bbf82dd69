/** The fields of an AOF under its bytes: of the command or annotation that holds a byte. */
import { annotationAt, commandFields } from '../decoder/aof/fields.js';
import { FIELD_NAMES } from '../decoder/rdb/fields/names.js';
import type { FieldsAround } from '../viewer-protocol.js';
import type { AofContent } from './aof-content.js';
import { problemInfo } from './cells.js';
import { gatherFields, plainRow } from './field-rows.js';
import { NoSuchPartError } from './value-sessions.js';

/** A command up to this size is told whole; of a larger one, this much before and behind the byte. */
const WHOLE = 1024;
const AROUND = 384;
/** Annotations that can stand one behind the other. */
const ANNOTATIONS = 1000;

/** The fields around a byte of a part. */
export function* partFields(content: AofContent, part: number, wanted: number): Generator<void, FieldsAround> {
  const source = content.files(part);
  if (!source) throw new NoSuchPartError(`part ${part}`);
  const offset = Math.max(0, Math.min(wanted, source.size - 1));
  const rdbBytes = content.scan.parts[part]?.rdbBytes ?? 0;
  const lone = (kind: FieldsAround['kind'], name: Parameters<typeof plainRow>[0], start: number, end: number) => {
    const rows = [plainRow(name, start, end)];
    return { kind, row: null, start, end, rows, from: start, to: end, problem: null };
  };
  if (offset < rdbBytes) return lone('record', 'RDB', 0, rdbBytes);
  const { index } = content;
  const [first, behind] = index.commandsOf(part) ?? [0, 0];
  const row = index.commandAt(part, offset);
  const next = row ?? behind;
  if (row !== undefined && index.offset(row) <= offset) {
    const start = index.offset(row);
    const end = start + index.size(row);
    const whole = end - start <= WHOLE;
    const stretch = whole
      ? { from: start, to: end }
      : { from: Math.max(start, offset - AROUND), to: Math.min(end, offset + AROUND) };
    const { rows, error } = yield* gatherFields(commandFields(source, start, end, stretch), start, end);
    const problem = error ? problemInfo(error.toProblem(), () => undefined) : null;
    return { kind: 'command', row: null, start, end, rows, ...stretch, problem };
  }
  // Between two commands stand annotations, or what is no command.
  const gapStart = next > first ? index.offset(next - 1) + index.size(next - 1) : rdbBytes;
  const gapEnd = row === undefined ? source.size : index.offset(row);
  let at = gapStart;
  for (let i = 0; i < ANNOTATIONS && at <= offset; i++) {
    const annotation = annotationAt(source, at);
    if (!annotation || annotation.end > gapEnd) break;
    if (offset < annotation.end) {
      const around = lone('annotation', FIELD_NAMES.annotation, at, annotation.end);
      return { ...around, rows: around.rows.map((one) => ({ ...one, value: annotation.text })) };
    }
    at = annotation.end;
  }
  return lone('unread', FIELD_NAMES.unread, Math.min(at, offset), Math.max(gapEnd, offset + 1));
}
