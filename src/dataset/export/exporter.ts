/** An export from beginning to end: goes through the keys of one or more files and has them written in a form. */
import { DecodeError } from '../../decoder/errors.js';
import { DumpError } from '../../decoder/rdb/dump.js';
import { openEntry, type RdbFile } from '../../decoder/rdb/entry.js';
import { steps as verifySteps } from '../../decoder/rdb/verify.js';
import type { ByteSource } from '../../decoder/source.js';
import type { FileFacts } from '../file-facts.js';
import { Anonymiser } from './anonymise.js';
import { CliCommands, RespCommands } from './arguments.js';
import { UnusualValueError } from './element-reader.js';
import type { ExportRow, ExportStretch, RowTaker } from './export-rows.js';
import { type FileParts, functionsOf, keepsTemplates, partsAfter, partsBefore } from './file-parts.js';
import { CommandFormatter } from './format-commands.js';
import { CsvFormatter, FlatCsvFormatter } from './format-csv.js';
import { DumpFormatter } from './format-dump.js';
import { JsonFormatter } from './format-json.js';
import { MarkdownFormatter } from './format-markdown.js';
import { RdbFormatter } from './format-rdb.js';
import { type ExportEntry, type Formatter, LeaveOutError } from './formatter.js';
import { KeyWindow, WHOLE_KEY } from './key-window.js';
import { type ExportOptions, isFiltered } from './options.js';
import { type ByteSink, OutBuffer, TooMuchAtOnceError } from './out-buffer.js';
import type { PlainWriter } from './plain/plain-writer.js';
import { type ExportReport, Findings, type WrittenPart } from './report.js';
import { asksForName, partOf, testName, testRow } from './row-tests.js';
import { type ExportTarget, targetOfVersion } from './target.js';
import { anonymised, changedExpiry, withExpiryChange } from './transform.js';

/** A file to export. */
export interface ExportInput {
  readonly source: ByteSource;
  /** True if its checksum says that the values are as a server wrote them: they need no further check. */
  readonly trusted: boolean;
  /** Gives its keys; may be asked twice. @param taker writes keys while they are found, where they are only now. */
  readonly stretches: (taker?: RowTaker) => Iterable<ExportStretch>;
  /** What is known beside keys. For an RDB all of it must be known before the first key is asked for. */
  readonly facts: () => FileFacts;
  /** Keys, by their position among those given, that are left out because another file has them. */
  readonly skipped?: { has(position: number): boolean } | undefined;
}

/** A file that is written: where its bytes go. @param part distinguishes it from others, empty where there is one. */
export type OpenPart = (part: string) => ByteSink;

/** The most files that an export is divided into. */
export const MOST_PARTS = 1024;

/** The keys would go into more files than an export may have. */
export class TooManyPartsError extends Error {
  override readonly name = 'TooManyPartsError';
}

/** Bytes of the buffer of each file, where there are many. */
const SMALL_BUFFER = 64 * 1024;

/** Types of hashes whose fields may have an expiry. */
const FIELD_EXPIRY_CODES: ReadonlySet<number> = new Set([22, 23, 24, 25]);

/** Steps of the work for one key between two chances for others. */
const STEPS = 64;
const KEYS = 256;

/**
 * Exports keys. Yields how much is done, from 0 to 1.
 *
 * @param open is called for each file when the first of its bytes are there; without keys, once.
 * @param openPlain makes what writes the plainest keys of files that are being scanned; slower without.
 * @throws what a sink throws, and what a source throws that cannot be read; TooManyPartsError.
 */
export function* exportKeys(
  inputs: readonly ExportInput[],
  options: ExportOptions,
  open: OpenPart,
  openPlain?: () => PlainWriter | undefined,
): Generator<number, ExportReport> {
  const job = new ExportJob(inputs, options, open, openPlain);
  try {
    return yield* job.run();
  } finally {
    job.forget();
  }
}

interface Part {
  readonly name: string;
  readonly out: OutBuffer;
  readonly formatter: Formatter;
  keys: number;
}

interface Counts {
  keys: number;
  expires: number;
}

class ExportJob {
  private readonly findings = new Findings();
  private readonly parts = new Map<string, Part>();
  private readonly anonymiser: Anonymiser | undefined;
  private readonly byName: boolean;
  /** Keys of a part and database, for the size hints of an RDB. */
  private readonly counts = new Map<string, Counts>();
  private expired = 0;
  private duplicates = 0;
  private keys = 0;
  private functionsWritten = 0;
  /** The part, where all keys go into one. */
  private only: Part | undefined;

  constructor(
    private readonly inputs: readonly ExportInput[],
    private readonly options: ExportOptions,
    private readonly open: OpenPart,
    private readonly openPlain?: () => PlainWriter | undefined,
  ) {
    this.anonymiser = options.seed === undefined ? undefined : new Anonymiser(options.seed);
    this.byName = asksForName(options);
  }

  forget(): void {
    this.parts.clear();
  }

  private get isRdb(): boolean {
    return this.options.format === 'rdb';
  }

  *run(): Generator<number, ExportReport> {
    const share = this.isRdb ? 0.1 : 0;
    if (this.isRdb) for (const done of this.countAll()) yield done * share;
    for (const [i, input] of this.inputs.entries()) {
      for (const done of this.exportInput(input)) {
        yield share + ((i + done) / this.inputs.length) * (1 - share);
      }
    }
    // A file without keys is a file all the same.
    if (this.parts.size === 0) this.partNamed('');
    const written: WrittenPart[] = [];
    for (const { name, out, formatter, keys } of this.parts.values()) {
      formatter.end();
      out.flush();
      written.push({ part: name, keys, bytes: out.written });
      yield 1;
    }
    return {
      keys: this.keys,
      bytes: written.reduce((sum, { bytes }) => sum + bytes, 0),
      parts: written,
      expired: this.expired,
      duplicates: this.duplicates,
      leftOut: this.findings.allLeftOut,
      losses: this.findings.losses,
      damaged: this.findings.damaged,
      moreDamaged: this.findings.moreDamaged,
    };
  }

  /** Goes through the keys before they are written, because an RDB says how many there are. */
  private *countAll(): Generator<number> {
    for (const [i, input] of this.inputs.entries()) {
      const window = new KeyWindow(input.source);
      let position = 0;
      for (const { rows, done } of input.stretches()) {
        for (const row of rows) {
          if (input.skipped?.has(position++) || testRow(this.options, row) !== 'taken') continue;
          const part = this.passes(row, window);
          if (part === undefined) continue;
          const name = `${part} ${row.db}`;
          const counts = this.counts.get(name) ?? { keys: 0, expires: 0 };
          counts.keys++;
          if (changedExpiry(row.expireAt, this.options.expiry) !== undefined) counts.expires++;
          this.counts.set(name, counts);
        }
        yield (i + done) / this.inputs.length;
      }
    }
  }

  /** The part that a key goes into; undefined if its name says that it is not exported. Damaged names pass nothing. */
  private passes(row: ExportRow, window: KeyWindow): string | undefined {
    if (!this.byName) return partOf(this.options, row, window);
    try {
      window.locate(row);
    } catch (error) {
      if (error instanceof DecodeError) return undefined;
      throw error;
    }
    return testName(this.options, window) ? partOf(this.options, row, window) : undefined;
  }

  private *exportInput(input: ExportInput): Generator<number> {
    const window = new KeyWindow(input.source);
    let position = 0;
    for (const { file, rows, done } of input.stretches(this.takerOf(input, window))) {
      yield* this.writeFunctions(done);
      for (const row of rows) {
        if (input.skipped?.has(position++)) {
          this.duplicates++;
          continue;
        }
        const test = testRow(this.options, row);
        if (test === 'expired') this.expired++;
        if (test !== 'taken') continue;
        if (!this.exportAtOnce(file, row, window, input.trusted)) {
          let steps = 0;
          for (const _ of this.exportRow(file, row, window)) if (++steps % STEPS === 0) yield done;
        }
        if (this.keys % KEYS === 0) yield done;
      }
      yield done;
    }
    yield* this.writeFunctions(1);
  }

  /** What writes keys while the file is scanned; undefined if none of them can be. */
  private takerOf({ trusted, skipped }: ExportInput, window: KeyWindow): RowTaker | undefined {
    const { options } = this;
    const { split, expiry, format } = options;
    if (!trusted || skipped || split || expiry || this.anonymiser || isFiltered(options)) return undefined;
    const writer = format === 'json' || format === 'jsonl' || format === 'resp' ? this.openPlain?.() : undefined;
    return writer && this.takerWith(writer, window);
  }

  private takerWith(writer: PlainWriter, window: KeyWindow): RowTaker {
    let known: FileFacts['server'] | undefined;
    let knownDb = -1;
    return {
      window: writer.window,
      begin: () => {
        for (const _ of this.writeFunctions(0));
        this.only = this.partNamed('');
      },
      take: (start, end, db, facts) => {
        const { only: part } = this;
        const plain = part?.formatter.plain;
        if (!part || !plain || facts.keydb || this.hasFunctionsToWrite()) return -1;
        if (known !== facts.server || knownDb !== db) {
          writer.setUp(plain, db, facts);
          known = facts.server;
          knownDb = db;
        }
        for (let at = start; ; ) {
          at = writer.run(at, end);
          const { keys, written } = writer;
          if (keys === 0) return at;
          part.out.copy(written, part.formatter.joinPlain?.(db, keys));
          part.keys += keys;
          this.keys += keys;
        }
      },
      takeRow: (file, row) => {
        if (!this.only || this.hasFunctionsToWrite()) return false;
        if (this.exportAtOnce(file, row, window, true)) return true;
        if (row.end - row.typeOffset > WHOLE_KEY) return false;
        for (const _ of this.exportRow(file, row, window));
        return true;
      },
    };
  }

  private hasFunctionsToWrite(): boolean {
    if (!this.writesFunctions) return false;
    let known = 0;
    for (const input of this.inputs) known += input.facts().functions;
    return known > this.functionsWritten;
  }

  private get writesFunctions(): boolean {
    const { format } = this.options;
    return (format === 'resp' || format === 'redis-cli') && this.keepsLibraries;
  }

  /** Writes the libraries of functions that are known, in forms that have them among the keys. */
  private *writeFunctions(done: number): Generator<number> {
    const { restore } = this.options;
    if (!this.writesFunctions) return;
    let known = 0;
    for (const input of this.inputs) known += input.facts().functions;
    if (known <= this.functionsWritten) return;
    let seen = 0;
    for (const { code } of functionsOf(this.fileParts())) {
      if (seen++ < this.functionsWritten) continue;
      const names = this.parts.size > 0 ? [...this.parts.keys()] : [''];
      for (const name of names) {
        const { writeFunction } = this.partNamed(name).formatter;
        if (!writeFunction) continue;
        for (const _ of writeFunction.call(this.partNamed(name).formatter, code)) yield done;
      }
    }
    this.functionsWritten = Math.max(known, restore ? 0 : seen);
  }

  private fileParts(): FileParts[] {
    const parts: FileParts[] = [];
    for (const input of this.inputs) {
      const facts = input.facts();
      const header = facts.fileHeader ?? { magic: '', family: 'redis', version: 0 };
      parts.push({ file: { source: input.source, header, templates: new Map(), keydb: facts.keydb }, facts });
    }
    return parts;
  }

  /** True if function libraries and what modules keep go along. */
  private get keepsLibraries(): boolean {
    return this.options.functions ?? (!isFiltered(this.options) && this.anonymiser === undefined);
  }

  /** Exports a key that is small and usual, or finds that its name is not asked for. @returns false for all others. */
  private exportAtOnce(file: RdbFile, row: ExportRow, window: KeyWindow, trusted: boolean): boolean {
    if (!trusted || this.anonymiser || (this.options.expiry && FIELD_EXPIRY_CODES.has(row.type.code))) return false;
    try {
      const small = window.locate(row);
      if (this.byName && !testName(this.options, window)) return true;
      if (!small) return false;
    } catch (error) {
      // What is damaged is told there.
      if (error instanceof DecodeError) return false;
      throw error;
    }
    const part = this.partFor(row, window);
    if (!writeAtOnce(part, file, this.changedRow(row), window)) return false;
    part.keys++;
    this.keys++;
    return true;
  }

  private partFor(row: ExportRow, window: KeyWindow): Part {
    if (!this.options.split && this.only) return this.only;
    const part = this.partNamed(partOf(this.options, row, window));
    this.only = part;
    return part;
  }

  private *exportRow(file: RdbFile, row: ExportRow, window: KeyWindow): Generator<void> {
    try {
      window.locate(row);
      if (this.byName && !testName(this.options, window)) return;
      const part = this.partFor(row, window);
      yield* this.writeEntry(part, file, this.changedRow(row), row);
      part.keys++;
      this.keys++;
    } catch (error) {
      if (error instanceof LeaveOutError) this.findings.leftOut(error.reason, row.typeName, row.offset);
      else if (error instanceof DumpError) this.findings.leftOut('module', row.typeName, row.offset);
      else if (error instanceof DecodeError) this.findings.damage(error.toProblem(row.typeOffset));
      else throw error;
    }
  }

  private changedRow(row: ExportRow): ExportRow {
    if (!this.options.expiry) return row;
    const expireAt = changedExpiry(row.expireAt, this.options.expiry);
    return expireAt === row.expireAt ? row : { ...row, expireAt };
  }

  private *writeEntry(part: Part, file: RdbFile, row: ExportRow, own: ExportRow): Generator<void> {
    let entry: ExportEntry = openEntry(file, row.typeOffset, row.end);
    // A value is checked before the first byte of it is written, so that nothing is left half done.
    yield* verifySteps(entry, own.typeOffset);
    if (this.options.expiry) entry = withExpiryChange(entry, this.options.expiry);
    if (this.anonymiser) entry = anonymised(entry, this.anonymiser);
    yield* part.formatter.writeEntry(file, row, entry);
  }

  private partNamed(name: string): Part {
    const known = this.parts.get(name);
    if (known) return known;
    if (this.parts.size >= MOST_PARTS) throw new TooManyPartsError(`more than ${MOST_PARTS} files`);
    const sink = this.open(name);
    const { formatter, out } = this.makeFormatter(name, sink);
    const part = { name, out, formatter, keys: 0 };
    this.parts.set(name, part);
    formatter.begin();
    return part;
  }

  /** The server to write for: the one that was chosen, or one like those that wrote the files. */
  private get target(): ExportTarget {
    const { target } = this.options;
    if (target) return target;
    let newest: ExportTarget | undefined;
    for (const input of this.inputs) {
      const { fileHeader, server } = input.facts();
      if (!fileHeader) continue;
      const own = targetOfVersion(fileHeader.version);
      if (!newest || own.rdbVersion > newest.rdbVersion) {
        newest = { ...own, make: server.make, level: Math.max(own.level, server.level) };
      }
    }
    return newest ?? targetOfVersion(1);
  }

  private makeFormatter(name: string, sink: ByteSink): { formatter: Formatter; out: OutBuffer } {
    const { options, findings, target } = this;
    const dropFieldExpiry = options.dropFieldExpiry ?? false;
    if (options.format === 'rdb') {
      const formatter = this.rdbFormatter(name, sink);
      return { formatter, out: formatter.buffer };
    }
    const out = new OutBuffer(sink, options.split ? SMALL_BUFFER : undefined);
    switch (options.format) {
      case 'json':
      case 'jsonl':
        return { out, formatter: new JsonFormatter(out, options.format === 'jsonl', options.base64 ?? false) };
      case 'csv':
        return { out, formatter: options.flat ? new FlatCsvFormatter(out, findings) : new CsvFormatter(out) };
      case 'markdown':
        return { out, formatter: new MarkdownFormatter(out) };
      case 'dump':
        return { out, formatter: new DumpFormatter(out, target, dropFieldExpiry, findings) };
      default: {
        const commands = options.format === 'resp' ? new RespCommands(out) : new CliCommands(out);
        const how = { target, restore: options.restore ?? false, dropFieldExpiry };
        return { out, formatter: new CommandFormatter(commands, how, findings) };
      }
    }
  }

  private rdbFormatter(name: string, sink: ByteSink): RdbFormatter {
    const { options, findings, target } = this;
    const files = this.fileParts();
    const own = files[0]?.file.header;
    const same = options.target === undefined && files.every(({ file }) => file.header.magic === own?.magic);
    const templates = keepsTemplates(files, target) && !this.anonymiser;
    const whole = files.length === 1 && !isFiltered(options) && !options.split && !options.expiry && !this.anonymiser;
    const parts = { target, same, whole, libraries: this.keepsLibraries, templates };
    return new RdbFormatter(
      {
        target,
        same,
        templates,
        dropFieldExpiry: options.dropFieldExpiry ?? false,
        counts: (db) => {
          const counts = this.counts.get(`${name} ${db}`);
          // The hint is given once.
          this.counts.delete(`${name} ${db}`);
          return counts;
        },
        before: () => partsBefore(files, parts, findings),
        after: () => partsAfter(files, parts, findings),
      },
      findings,
      sink,
    );
  }
}

/** Writes a key that is in memory whole. @returns false if nothing was written, because it has to be done in slices. */
function writeAtOnce({ out, formatter }: Part, file: RdbFile, row: ExportRow, window: KeyWindow): boolean {
  const mark = out.mark();
  try {
    if (formatter.writeKey(file, row, window)) {
      out.release();
      return true;
    }
  } catch (error) {
    if (!(error instanceof UnusualValueError) && !(error instanceof TooMuchAtOnceError)) throw error;
  }
  out.rollBack(mark);
  return false;
}
