/**
 * Keys that are written many at once, as they stand in the file: by WebAssembly straight from their bytes, or copied.
 * Here is decided which those can be; everything else is written key by key.
 */
import type { RdbFile } from '../../decoder/rdb/entry.js';
import type { Header } from '../../decoder/rdb/header.js';
import type { ByteSource } from '../../decoder/source.js';
import type { FileFacts } from '../file-facts.js';
import type { KeyIndex } from '../key-index.js';
import type { ServerInfo } from '../server-info.js';
import type { ExportInput } from './export-input.js';
import { KeyWindow } from './key-window.js';
import type { ExportFormat, ExportOptions } from './options.js';
import type { PlainChoice, PlainFacts, PlainWriter } from './plain/plain-writer.js';
import type { Part } from './written-parts.js';

/** Forms that WebAssembly knows. */
const PLAIN_FORMATS: ReadonlySet<ExportFormat> = new Set(['json', 'jsonl', 'resp', 'csv', 'rdb']);

/** The form in which keys are only counted. */
export const COUNTED: PlainChoice = { kind: 'rdb', access: true, copies: () => true };

/** True if keys of a file can be written as they stand: nothing is changed in them, and none has to be checked. */
export function asTheyStand({ trusted }: ExportInput, { expiry, seed }: ExportOptions): boolean {
  return trusted && expiry === undefined && seed === undefined;
}

/** Writes keys of files one after the other, in WebAssembly. */
export class PlainRuns {
  private plain: PlainChoice | undefined;
  private header: Header | undefined;
  private server: ServerInfo | undefined;
  private db = -1;

  private constructor(private readonly writer: PlainWriter) {}

  /** @param openPlain makes what writes; undefined where the form is none that it knows. */
  static open(
    { format }: ExportOptions,
    openPlain: (() => PlainWriter | undefined) | undefined,
  ): PlainRuns | undefined {
    const writer = PLAIN_FORMATS.has(format) ? openPlain?.() : undefined;
    return writer && new PlainRuns(writer);
  }

  /** Where the bytes of the file are put. */
  get memory(): Uint8Array {
    return this.writer.window;
  }

  /** A window over a file whose bytes are where they can be written from. */
  windowOver(source: ByteSource): KeyWindow {
    return new KeyWindow(source, this.writer.window);
  }

  /** Gets ready for keys of a database. @param plain their form. @returns false if they cannot be written so. */
  begin(plain: PlainChoice | undefined, db: number, { fileHeader, server }: PlainFacts): boolean {
    if (!plain) return false;
    if (plain !== this.plain || server !== this.server || fileHeader !== this.header) {
      this.writer.setUp(plain, { fileHeader, server });
      this.plain = plain;
      this.server = server;
      this.header = fileHeader;
      this.db = -1;
    }
    if (db !== this.db) this.writer.select(plain, db);
    this.db = db;
    return true;
  }

  /**
   * Writes keys that are in memory, and counts them. @param start index in it of the first byte of a record.
   *
   * @returns the index of the first byte that was not taken.
   */
  write(part: Part, start: number, end: number): number {
    const { writer } = this;
    for (let at = start; ; ) {
      at = writer.run(at, end);
      const { keys, written } = writer;
      if (keys === 0) return at;
      part.out.copy(written, part.formatter.joinPlain?.(this.db, keys));
      part.keys += keys;
      if (at === end) return at;
    }
  }

  /** Counts keys that are in memory as {@link write} would write them, once {@link COUNTED} was begun. */
  count(start: number, end: number, counted: (keys: number, expiring: number) => void): number {
    const at = this.writer.run(start, end);
    if (this.writer.keys > 0) counted(this.writer.keys, this.writer.expiring);
    return at;
  }

  /** Writes a key that a window over the memory has located, if it can. */
  writeOne(part: Part, db: number, facts: FileFacts, { recordAt, end }: KeyWindow): boolean {
    return (
      recordAt >= 0 &&
      !facts.keydb &&
      this.begin(part.formatter.plain, db, facts) &&
      this.write(part, recordAt, end) === end
    );
  }

  /**
   * Writes keys of an index, as far as their bytes are in memory at once, and counts them.
   *
   * @param window is one over the memory, @param from the first row, @param to the row behind the last.
   */
  writeRows(part: Part, window: KeyWindow, file: RdbFile, index: KeyIndex, db: number, from: number, to: number): void {
    const start = index.offset(from);
    const size = index.size(from);
    if (size > this.memory.length || file.keydb) return;
    if (!this.begin(part.formatter.plain, db, { fileHeader: file.header, server: index.server })) return;
    window.reach(start, start + size, index.offset(to - 1) + index.size(to - 1));
    this.write(part, window.at, window.end);
  }
}

/** Which rows of an index are asked for: what {@link testRow} decides, by its columns. */
export class AskedRows {
  private readonly all: boolean;
  /** By kind. */
  private readonly types: boolean[] = [];

  constructor(
    private readonly index: KeyIndex,
    private readonly options: ExportOptions,
    private readonly skipped: ExportInput['skipped'],
  ) {
    const { type, db, expiredBefore } = options;
    this.all = !skipped && type === undefined && db === undefined && expiredBefore === undefined;
  }

  /** What becomes of a row. @param position of it among those that are given. */
  test(row: number, db: number, position: number): 'taken' | 'other' | 'expired' | 'duplicate' {
    const { index, options, skipped } = this;
    if (skipped?.has(position)) return 'duplicate';
    if ((options.db !== undefined && options.db !== db) || !this.isOfType(row)) return 'other';
    // Without an expiry it is no number, and never less.
    const { expiredBefore } = options;
    return expiredBefore !== undefined && index.expireAt(row) <= expiredBefore ? 'expired' : 'taken';
  }

  /** The first row behind those that are all asked for. */
  end(from: number, to: number, db: number, position: number): number {
    if (this.all) return to;
    let row = from;
    while (row < to && this.test(row, db, position + row - from) === 'taken') row++;
    return row;
  }

  private isOfType(row: number): boolean {
    const { type } = this.options;
    if (type === undefined) return true;
    const kind = this.index.kind(row);
    this.types[kind] ??= this.index.kinds[kind].type === type;
    return this.types[kind];
  }
}
