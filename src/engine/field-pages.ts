/** The fields of the format under the bytes of a file: of the record that holds a byte, and inside compressed strings. */
import type { KeyFact } from '../dataset/key-index.js';
import { Cursor } from '../decoder/cursor.js';
import { DecodeError } from '../decoder/errors.js';
import type { RdbFile } from '../decoder/rdb/entry.js';
import { blobFields } from '../decoder/rdb/fields/blob-fields.js';
import type { Compressed, FieldWalk } from '../decoder/rdb/fields/events.js';
import { FIELD_NAMES } from '../decoder/rdb/fields/names.js';
import { headerFields, keyFields, recordFields } from '../decoder/rdb/fields/record-fields.js';
import { TurnMarks } from '../decoder/rdb/fields/walk.js';
import { readRecord } from '../decoder/rdb/records.js';
import { readFully } from '../decoder/source.js';
import type { BytePage, Place, ProblemInfo } from '../protocol.js';
import type { FieldsAround, InnerFields } from '../viewer-protocol.js';
import { problemInfo } from './cells.js';
import { gatherFields, plainRow } from './field-rows.js';
import { NoSuchPartError } from './value-sessions.js';

/** A record up to this size is told whole; of a larger one, this much before and behind the byte. */
const WHOLE = 1024;
const AROUND = 384;
/** Records whose places to go on from are kept. */
const KEPT = 4;
/** Records that are passed to find one that the index does not know. */
const PASSED = 1 << 16;

/** What the pages of fields need of an engine. */
export interface FieldHost {
  file(): RdbFile;
  placeAt(offset: number): Place;
  factOf(row: number): KeyFact;
  /** Where the last key ends that begins before an offset. */
  endBefore(offset: number): number;
  rowAt(offset: number): number | undefined;
}

/** The fields of one file. */
export class FieldPages {
  private readonly marks = new Map<number, TurnMarks>();
  /** Compressed strings that were told of, by where their data begin. */
  private readonly compressed = new Map<number, Compressed>();

  constructor(private readonly host: FieldHost) {}

  /** The fields around a byte. */
  *around(offset: number): Generator<void, FieldsAround> {
    const file = this.host.file();
    const at = Math.max(0, Math.min(offset, file.source.size - 1));
    const place = yield* this.placeOf(at);
    const { kind, row, start, end } = place;
    const whole = end - start <= WHOLE;
    const stretch = {
      from: whole ? start : Math.max(start, at - AROUND),
      to: whole ? end : Math.min(end, at + AROUND),
    };
    const walk = this.walkOf(place, stretch);
    if (!walk) {
      const name = kind === 'trailing' ? FIELD_NAMES.trailing : kind === 'checksum' ? FIELD_NAMES.checksum : UNREAD;
      const rows = [plainRow(name, start, Math.max(end, at + 1))];
      return { kind, row, start, end: Math.max(end, at + 1), rows, from: start, to: end, problem: null };
    }
    const { rows, compressed, error } = yield* gatherFields(walk, start, end);
    for (const [from, part] of compressed) this.keep(from, part);
    return { kind, row, start, end, rows, ...stretch, problem: error ? this.problem(error, row) : null };
  }

  private walkOf({ kind, row, start, end }: Place, stretch: { from: number; to: number }): FieldWalk | undefined {
    const file = this.host.file();
    switch (kind) {
      case 'header':
        return headerFields(file);
      case 'record':
        return recordFields(file, start, stretch);
      case 'key': {
        const fact = this.host.factOf(row ?? -1);
        return keyFields(file, fact.offset, fact.typeOffset, end, stretch, this.marksOf(start));
      }
      default:
        return undefined;
    }
  }

  /** What holds a byte; of records that are not kept by themselves too. */
  private *placeOf(offset: number): Generator<void, Place> {
    const place = this.host.placeAt(offset);
    if (place.kind === 'checksum') {
      // It stands behind the opcode of the end, and is told of with it.
      return { ...place, kind: 'record', start: place.start - 1, end: place.end };
    }
    if (place.kind === 'record') return this.withChecksum(place);
    if (place.kind !== 'unread') return place;
    const { source, header } = this.host.file();
    let at = Math.max(9, this.host.endBefore(offset));
    for (let passed = 0; at <= offset && passed < PASSED; passed++) {
      if (passed % 256 === 255) yield;
      const known = this.host.placeAt(at);
      let end = known.end;
      if (known.kind === 'unread') {
        try {
          ({ end } = readRecord(source, at, header.family));
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error;
          break;
        }
      }
      if (offset < end) return { offset, kind: 'record', row: null, start: at, end };
      at = Math.max(end, at + 1);
    }
    return place;
  }

  /** The record that ends a file goes up to the end of its checksum. */
  private withChecksum(place: Place): Place {
    const { source } = this.host.file();
    const behind = place.end < source.size ? this.host.placeAt(place.end) : undefined;
    return behind?.kind === 'checksum' ? { ...place, end: behind.end } : place;
  }

  private marksOf(start: number): TurnMarks {
    const marks = this.marks.get(start) ?? new TurnMarks();
    this.marks.delete(start);
    this.marks.set(start, marks);
    for (const oldest of this.marks.keys()) {
      if (this.marks.size <= KEPT) break;
      this.marks.delete(oldest);
    }
    return marks;
  }

  private keep(at: number, part: Compressed): void {
    this.compressed.delete(at);
    this.compressed.set(at, part);
    for (const oldest of this.compressed.keys()) {
      if (this.compressed.size <= 256) break;
      this.compressed.delete(oldest);
    }
  }

  /** The compressed string whose data begin at an offset. */
  private *partAt(at: number): Generator<void, Compressed> {
    if (!this.compressed.has(at)) yield* this.around(at);
    const part = this.compressed.get(at);
    if (!part) throw new NoSuchPartError(`compressed string at ${at}`);
    return part;
  }

  /** The fields of the structure in a compressed string, around an offset in what it gives. */
  *inner(at: number, offset: number): Generator<void, InnerFields> {
    const { source, holds, roles, fileOffset } = yield* this.partAt(at);
    const { size } = source;
    if (holds === undefined) return { size, rows: [], problem: null };
    const whole = size <= WHOLE;
    const stretch = { from: whole ? 0 : Math.max(0, offset - AROUND), to: whole ? size : offset + AROUND };
    const cursor = new Cursor(source, 0, size, undefined, fileOffset, false);
    const { rows, error } = yield* gatherFields(blobFields(holds, cursor, roles, stretch), 0, size);
    return { size, rows, problem: error ? this.problem(error, null) : null };
  }

  /** Bytes of a compressed string, decompressed. */
  *innerBytes(at: number, from: number, count: number): Generator<void, BytePage> {
    const { source } = yield* this.partAt(at);
    const bytes = new Uint8Array(Math.max(0, Math.min(count, source.size - from)));
    return { from, bytes: bytes.subarray(0, readFully(source, from, bytes)), total: source.size };
  }

  private problem(error: DecodeError, row: number | null): ProblemInfo {
    const entry = row === null ? undefined : this.host.factOf(row).typeOffset;
    return problemInfo(error.toProblem(entry), (offset) => this.host.rowAt(offset));
  }
}

const UNREAD = FIELD_NAMES.unread;
