/**
 * An RDB: keys with the bytes that they have in the file where the server reads them, else in a form that it reads; with
 * what else the file holds, as far as it belongs to what is exported; and a checksum.
 */
import { fromLatin1 } from '../../decoder/bytes.js';
import { crc64 } from '../../decoder/crc64/crc64.js';
import { type Crc64Stream, openCrc64Stream } from '../../decoder/crc64/stream.js';
import { cutOff } from '../../decoder/errors.js';
import type { RdbFile } from '../../decoder/rdb/entry.js';
import type { Header } from '../../decoder/rdb/header.js';
import {
  OP_AUX,
  OP_EOF,
  OP_EXPIRETIME,
  OP_EXPIRETIME_MS,
  OP_FREQ,
  OP_FUNCTION2,
  OP_IDLE,
  OP_RESIZEDB,
  OP_SELECTDB,
} from '../../decoder/rdb/opcodes.js';
import { readKeyHead } from '../../decoder/rdb/records.js';
import type { Text } from '../../decoder/rdb/string.js';
import type { Millis } from '../../decoder/rdb/value-model.js';
import type { ValueType } from '../../decoder/rdb/value-type.js';
import { readFully } from '../../decoder/source.js';
import { write64le, writeLength, writeShortString, writeString } from './encode.js';
import type { ExportRow } from './export-rows.js';
import { type ExportEntry, type Formatter, hasMetadata, LeaveOutError } from './formatter.js';
import type { KeyWindow } from './key-window.js';
import { type ByteSink, OutBuffer } from './out-buffer.js';
import type { PlainChoice } from './plain/plain-writer.js';
import { reencoded } from './reencode.js';
import type { Findings } from './report.js';
import { type ExportTarget, familyOf, readsAsIs } from './target.js';

/** RDB versions that brought something. */
const MILLISECONDS = 3;
const CHECKSUM = 5;
const SIZE_HINTS = 7;
const ACCESS = 9;
const FUNCTIONS = 10;
const METADATA = 13;

/** Types of hashes that refer to a template of the file. */
const TEMPLATE_CODES: ReadonlySet<number> = new Set([30, 32]);

/** What an RDB is written with. */
export interface RdbOptions {
  readonly target: ExportTarget;
  /** True if it is for a server like that of the file: nothing has to be changed. */
  readonly same: boolean;
  /** True if the hash templates of the file are written too, so that hashes can refer to them. */
  readonly templates: boolean;
  readonly dropFieldExpiry: boolean;
  /** Keys and expiries of a database that are going to be written. */
  readonly counts: (db: number) => { readonly keys: number; readonly expires: number } | undefined;
  /** What stands before and behind the keys, as bytes of a file. */
  readonly before: () => Iterable<Uint8Array>;
  readonly after: () => Iterable<Uint8Array>;
}

/** All share it: it keeps nothing between two calls. */
let stream: Crc64Stream | undefined;

export class RdbFormatter implements Formatter {
  private readonly out: OutBuffer;
  private checksum = 0n;
  private db = -1;
  readonly plain: PlainChoice | undefined;

  constructor(
    private readonly options: RdbOptions,
    private readonly findings: Findings,
    sink: ByteSink,
  ) {
    this.out = new OutBuffer((bytes) => {
      this.sum(bytes);
      sink(bytes);
    });
    const copies = (type: ValueType, header: Header) => this.copies(header, type);
    this.plain = this.version < MILLISECONDS ? undefined : { kind: 'rdb', access: this.version >= ACCESS, copies };
  }

  /** The buffer that the formatter writes into. */
  get buffer(): OutBuffer {
    return this.out;
  }

  private sum(bytes: Uint8Array): void {
    if (this.version < CHECKSUM) return;
    stream ??= openCrc64Stream();
    const { buffer, update } = stream;
    for (let at = 0; at < bytes.length; at += buffer.length) {
      const part = bytes.subarray(at, at + buffer.length);
      if (part.length < 1024) {
        this.checksum = crc64(this.checksum, part);
        continue;
      }
      buffer.set(part);
      this.checksum = update(this.checksum, part.length);
    }
  }

  private get version(): number {
    return this.options.target.rdbVersion;
  }

  begin(): void {
    const { version } = this;
    const valkey = familyOf(this.options.target) === 'valkey';
    this.out.ascii(valkey ? `VALKEY${String(version).padStart(3, '0')}` : `REDIS${String(version).padStart(4, '0')}`);
    for (const bytes of this.options.before()) this.out.copy(bytes);
  }

  end(): void {
    const { out } = this;
    for (const bytes of this.options.after()) out.copy(bytes);
    out.byte(OP_EOF);
    out.flush();
    if (this.version < CHECKSUM) return;
    const sum = this.checksum;
    write64le(out, sum);
    out.flush();
  }

  private select(db: number): void {
    if (db === this.db) return;
    const { out } = this;
    out.byte(OP_SELECTDB);
    writeLength(out, db);
    const counts = this.options.counts(db);
    // A database that was written before has had its hint.
    if (this.version >= SIZE_HINTS && counts) {
      out.byte(OP_RESIZEDB);
      writeLength(out, counts.keys);
      writeLength(out, counts.expires);
    }
    this.db = db;
  }

  /** True if the bytes of the value can be copied. */
  private copies(header: Header, type: ValueType): boolean {
    if (TEMPLATE_CODES.has(type.code) && !this.options.templates) return false;
    return this.options.same || readsAsIs(type, header, this.options.target);
  }

  writeKey(file: RdbFile, row: ExportRow, window: KeyWindow): boolean {
    // Of KeyDB's keys more stands in the file than can be seen here.
    if (!this.copies(file.header, row.type) || file.keydb || hasMetadata(file, row)) return false;
    if (row.expireAt !== undefined && this.version < MILLISECONDS) return false;
    this.select(row.db);
    this.writeHead(row);
    this.out.copy(window.bytes, window.at, window.end);
    return true;
  }

  joinPlain(db: number): number {
    this.select(db);
    return 0;
  }

  private writeHead({ expireAt, idle, freq, typeName, offset }: ExportRow): void {
    const { out, version } = this;
    if (expireAt !== undefined) this.writeExpiry(expireAt);
    if (idle < 0 && freq < 0) return;
    if (version < ACCESS) {
      this.findings.loss('access', typeName, offset);
    } else if (idle >= 0) {
      out.byte(OP_IDLE);
      writeLength(out, idle);
    } else {
      out.byte(OP_FREQ);
      out.byte(freq);
    }
  }

  private writeExpiry(expireAt: Millis): void {
    const { out } = this;
    if (this.version >= MILLISECONDS) {
      out.byte(OP_EXPIRETIME_MS);
      write64le(out, expireAt);
      return;
    }
    const seconds = Math.ceil(Number(expireAt) / 1000);
    out.byte(OP_EXPIRETIME);
    out.need(4);
    for (let i = 0; i < 4; i++) out.bytes[out.size++] = (seconds >> (8 * i)) & 0xff;
  }

  *writeEntry(file: RdbFile, row: ExportRow, entry: ExportEntry): Generator<void> {
    const { out, options } = this;
    const copies = entry.changed !== true && this.copies(file.header, row.type);
    const other = copies ? undefined : reencoded(entry, row, { ...options, findings: this.findings });
    if (this.version < MILLISECONDS && row.expireAt !== undefined && !fitsSeconds(row.expireAt)) {
      throw new LeaveOutError('expiry-range');
    }
    this.select(row.db);
    if (file.keydb && options.target.make === 'keydb') this.writeNotes(file, row);
    this.writeHead(row);
    if (hasMetadata(file, row)) this.writeMetadata(file, row);
    if (other) {
      out.byte(other.code);
      yield* writeString(out, entry.key);
      yield* other.write(out);
    } else {
      yield* copyRange(file, row.typeOffset, row.end, out);
    }
    this.writeMemberExpiries(row, entry);
  }

  /** What KeyDB notes of a key. */
  private writeNotes({ source, header }: RdbFile, row: ExportRow): void {
    for (const { name, value } of readKeyHead(source, row.offset, row.typeOffset, header).notes) {
      if (name === 'mvcc-tstamp') this.writeAux(name, fromLatin1(value));
    }
  }

  private writeMemberExpiries(row: ExportRow, { memberExpiry, value }: ExportEntry): void {
    if (!memberExpiry || memberExpiry.size === 0) return;
    if (this.options.target.make !== 'keydb') {
      if (value.type === 'set') this.findings.loss('member-expiry', row.typeName, row.offset);
      return;
    }
    for (const [member, expireAt] of memberExpiry) {
      this.writeAux('keydb-subexpire-key', fromLatin1(member));
      this.writeAux('keydb-subexpire-when', fromLatin1(String(expireAt)));
    }
  }

  private writeAux(name: string, value: Uint8Array): void {
    const { out } = this;
    out.byte(OP_AUX);
    writeShortString(out, fromLatin1(name));
    writeShortString(out, value);
  }

  private writeMetadata({ source, header }: RdbFile, row: ExportRow): void {
    const { metadataRange } = readKeyHead(source, row.offset, row.typeOffset, header);
    if (!metadataRange) return;
    if (familyOf(this.options.target) !== 'redis' || this.version < METADATA) {
      this.findings.loss('metadata', row.typeName, row.offset);
      return;
    }
    const [start, end] = metadataRange;
    const bytes = new Uint8Array(end - start);
    readFully(source, start, bytes);
    this.out.copy(bytes);
  }

  *writeFunction(code: Text): Generator<void> {
    if (this.version < FUNCTIONS) return;
    this.out.byte(OP_FUNCTION2);
    yield* writeString(this.out, code);
  }
}

/** True for a time that fits into the 32 bits that old servers have for its seconds. */
function fitsSeconds(expireAt: Millis): boolean {
  const seconds = Math.ceil(Number(expireAt) / 1000);
  return seconds === (seconds | 0);
}

const PIECE = 256 * 1024;

/** Copies bytes of the file. @throws DecodeError if it has become shorter. */
function* copyRange({ source }: RdbFile, start: number, end: number, out: OutBuffer): Generator<void> {
  const buffer = new Uint8Array(Math.min(PIECE, end - start));
  for (let at = start; at < end; ) {
    const read = readFully(source, at, buffer.subarray(0, Math.min(buffer.length, end - at)));
    if (read === 0) throw cutOff(at, end - at, 'the value');
    out.copy(buffer.subarray(0, read));
    at += read;
    yield;
  }
}
