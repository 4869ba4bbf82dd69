/** An export from beginning to end: goes through the keys of one or more files and has them written in a form. */
import { DecodeError } from '../../decoder/errors.js';
import { DumpError } from '../../decoder/rdb/dump.js';
import { openEntry, type RdbFile } from '../../decoder/rdb/entry.js';
import { steps as verifySteps } from '../../decoder/rdb/verify.js';
import type { FileFacts } from '../file-facts.js';
import { Anonymiser } from './anonymise.js';
import { UnusualValueError } from './element-reader.js';
import type { ExportInput } from './export-input.js';
import type { ExportRow, RunTaker, ScanTaker, Takers } from './export-rows.js';
import { functionsOf } from './file-parts.js';
import { type ExportEntry, LeaveOutError } from './formatter.js';
import { AskedRows, asTheyStand, COUNTED, PlainRuns } from './key-runs.js';
import { KeyWindow, WHOLE_KEY } from './key-window.js';
import { type ExportOptions, isFiltered } from './options.js';
import { TooMuchAtOnceError } from './out-buffer.js';
import type { PlainWriter } from './plain/plain-writer.js';
import { type ExportReport, Findings, type WrittenPart } from './report.js';
import { asksForName, partOf, testName, testRow } from './row-tests.js';
import { anonymised, changedExpiry, withExpiryChange } from './transform.js';
import { type OpenPart, type Part, WrittenParts } from './written-parts.js';

/** Types of hashes whose fields may have an expiry. */
const FIELD_EXPIRY_CODES: ReadonlySet<number> = new Set([22, 23, 24, 25]);

/** Steps of the work for one key between two chances for others. */
const STEPS = 64;
const KEYS = 256;

/**
 * Exports keys. Yields how much is done, from 0 to 1.
 *
 * @param open is called for each file when the first of its bytes are there; without keys, once.
 * @param openPlain makes what writes the plainest keys; slower without.
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

/** What can write plain keys of a file, and what is known of the file. */
interface PlainFile {
  readonly runs: PlainRuns;
  readonly facts: FileFacts;
}

class ExportJob {
  private readonly findings = new Findings();
  private readonly parts: WrittenParts;
  private readonly anonymiser: Anonymiser | undefined;
  private readonly byName: boolean;
  /** What writes plain keys, once it is needed; undefined where they cannot be written so. */
  private plainRuns: PlainRuns | null | undefined = null;
  private expired = 0;
  private duplicates = 0;
  private keys = 0;
  private functionsWritten = 0;
  /** The part, where all keys go into one. */
  private only: Part | undefined;

  constructor(
    private readonly inputs: readonly ExportInput[],
    private readonly options: ExportOptions,
    open: OpenPart,
    private readonly openPlain?: () => PlainWriter | undefined,
  ) {
    this.anonymiser = options.seed === undefined ? undefined : new Anonymiser(options.seed);
    this.byName = asksForName(options);
    this.parts = new WrittenParts(inputs, options, open, this.findings);
  }

  forget(): void {
    this.parts.byName.clear();
  }

  private get isRdb(): boolean {
    return this.options.format === 'rdb';
  }

  *run(): Generator<number, ExportReport> {
    const share = this.isRdb ? 0.3 : 0;
    if (this.isRdb) for (const done of this.countAll()) yield done * share;
    for (const [i, input] of this.inputs.entries()) {
      for (const done of this.exportInput(input)) {
        yield share + ((i + done) / this.inputs.length) * (1 - share);
      }
    }
    // A file without keys is a file all the same.
    if (this.parts.byName.size === 0) this.parts.named('');
    const written: WrittenPart[] = [];
    for (const { name, out, formatter, keys } of this.parts.byName.values()) {
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
      const takers = { rows: this.rowCounter(input, window), scan: this.scanCounter(input, window) };
      for (const { rows, position, done } of input.stretches(takers)) {
        for (const [j, row] of rows.entries()) if (!input.skipped?.has(position + j)) this.countRow(row, window);
        yield (i + done) / this.inputs.length;
      }
    }
  }

  private countRow(row: ExportRow, window: KeyWindow): void {
    if (testRow(this.options, row) !== 'taken') return;
    const part = this.passes(row, window);
    if (part === undefined) return;
    const expires = changedExpiry(row.expireAt, this.options.expiry) !== undefined;
    this.parts.count(part, row.db, 1, expires ? 1 : 0);
  }

  /** What counts keys that are scanned; undefined if they have to be looked at one by one. */
  private scanCounter(input: ExportInput, window: KeyWindow): ScanTaker | undefined {
    const runs = this.runsFor(input);
    const { db: asked, split } = this.options;
    if (!runs || !this.isWhole || split || input.skipped) return undefined;
    return {
      bytes: {
        window: runs.memory,
        take: (start, end, db, facts) => {
          if (facts.keydb || (asked !== undefined && asked !== db) || !runs.begin(COUNTED, db, facts)) return -1;
          return runs.count(start, end, (keys, expiring) => this.parts.count('', db, keys, expiring));
        },
      },
      begin() {},
      takeRow: (_, row) => {
        this.countRow(row, window);
        return true;
      },
    };
  }

  /** What counts keys of an index; undefined if it takes their names. */
  private rowCounter({ skipped }: ExportInput, window: KeyWindow): RunTaker | undefined {
    if (this.byName) return undefined;
    const expires = this.options.expiry?.kind !== 'drop';
    let asked: AskedRows | undefined;
    return {
      takeRows: (_, index, from, to, position) => {
        asked ??= new AskedRows(index, this.options, skipped);
        const db = index.db(from);
        const end = Math.min(to, index.endOfDatabase(from));
        let keys = 0;
        let expiring = 0;
        for (let row = from; row < end; row++) {
          if (asked.test(row, db, position + row - from) !== 'taken') continue;
          keys++;
          if (expires && !Number.isNaN(index.expireAt(row))) expiring++;
        }
        if (keys > 0) this.parts.count(partOf(this.options, { db }, window), db, keys, expiring);
        return end - from;
      },
    };
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
    for (const { file, rows, position, done } of input.stretches(this.takersOf(input, window))) {
      yield* this.writeFunctions(done);
      for (const [i, row] of rows.entries()) {
        if (input.skipped?.has(position + i)) {
          this.duplicates++;
          continue;
        }
        if (!this.asksFor(row)) continue;
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

  /** True if a key is asked for as far as that is known without its name. */
  private asksFor(row: ExportRow): boolean {
    const test = testRow(this.options, row);
    if (test === 'expired') this.expired++;
    return test === 'taken';
  }

  /** What writes keys before they are given. */
  private takersOf(input: ExportInput, window: KeyWindow): Takers | undefined {
    const runs = this.runsFor(input);
    if (!runs) return undefined;
    const near = runs.windowOver(input.source);
    return {
      rows: this.byName ? undefined : this.runTaker(runs, input, near),
      scan: this.options.split || input.skipped ? undefined : this.scanTaker(runs, window, near),
    };
  }

  /** What writes plain keys of a file; undefined if none of them can be written so. */
  private runsFor(input: ExportInput): PlainRuns | undefined {
    if (!asTheyStand(input, this.options)) return undefined;
    if (this.plainRuns === null) this.plainRuns = PlainRuns.open(this.options, this.openPlain);
    return this.plainRuns;
  }

  /** True if all keys are asked for, or all of one database. */
  private get isWhole(): boolean {
    return !isFiltered({ ...this.options, db: undefined });
  }

  /** Writes keys of an index. @param near the window that plain keys are written from. */
  private runTaker(runs: PlainRuns, { skipped }: ExportInput, near: KeyWindow): RunTaker {
    let asked: AskedRows | undefined;
    return {
      takeRows: (file, index, from, to, position) => {
        if (this.hasFunctionsToWrite()) return 0;
        asked ??= new AskedRows(index, this.options, skipped);
        const db = index.db(from);
        const end = Math.min(to, index.endOfDatabase(from));
        let row = from;
        for (; row < end; row++) {
          const test = asked.test(row, db, position + row - from);
          if (test === 'taken') break;
          if (test === 'expired') this.expired++;
          else if (test === 'duplicate') this.duplicates++;
        }
        if (row === end) return end - from;
        const part = this.parts.named(partOf(this.options, { db }, near));
        const last = asked.end(row, end, db, position + row - from);
        const { keys } = part;
        runs.writeRows(part, near, file, index, db, row, last);
        const written = part.keys - keys;
        this.keys += written;
        return row - from + written;
      },
    };
  }

  /** Writes keys that are being scanned. @param near the window that plain keys are written from that are looked for. */
  private scanTaker(runs: PlainRuns, window: KeyWindow, near: KeyWindow): ScanTaker {
    const { db: asked } = this.options;
    // Where all keys of a database are asked for, they are written from the bytes of the scan, and none is looked for.
    const whole = this.isWhole;
    let part: Part | undefined;
    return {
      bytes: whole
        ? {
            window: runs.memory,
            take: (start, end, db, facts) => {
              if (!part || facts.keydb || this.hasFunctionsToWrite()) return -1;
              if ((asked !== undefined && asked !== db) || !runs.begin(part.formatter.plain, db, facts)) return -1;
              const { keys } = part;
              const at = runs.write(part, start, end);
              this.keys += part.keys - keys;
              return at;
            },
          }
        : undefined,
      begin: () => {
        for (const _ of this.writeFunctions(0));
        part = this.parts.named('');
        this.only = part;
      },
      takeRow: (file, row, facts) => {
        if (!part || this.hasFunctionsToWrite()) return false;
        if (!this.asksFor(row)) return true;
        if (
          whole ? this.exportAtOnce(file, row, window, true) : this.exportAtOnce(file, row, near, true, { runs, facts })
        ) {
          return true;
        }
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
    return (format === 'resp' || format === 'redis-cli') && this.parts.keepsLibraries;
  }

  /** Writes the libraries of functions that are known, in forms that have them among the keys. */
  private *writeFunctions(done: number): Generator<number> {
    const { restore } = this.options;
    if (!this.writesFunctions) return;
    let known = 0;
    for (const input of this.inputs) known += input.facts().functions;
    if (known <= this.functionsWritten) return;
    let seen = 0;
    for (const { code } of functionsOf(this.parts.files())) {
      if (seen++ < this.functionsWritten) continue;
      const { byName } = this.parts;
      const names = byName.size > 0 ? [...byName.keys()] : [''];
      for (const name of names) {
        const { formatter } = this.parts.named(name);
        if (!formatter.writeFunction) continue;
        for (const _ of formatter.writeFunction(code)) yield done;
      }
    }
    this.functionsWritten = Math.max(known, restore ? 0 : seen);
  }

  /** Exports a key that is small and usual, or finds that its name is not asked for. @returns false for all others. */
  private exportAtOnce(file: RdbFile, row: ExportRow, window: KeyWindow, trusted: boolean, plain?: PlainFile): boolean {
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
    if (!plain?.runs.writeOne(part, row.db, plain.facts, window)) {
      if (!writeAtOnce(part, file, this.changedRow(row), window)) return false;
      part.keys++;
    }
    this.keys++;
    return true;
  }

  private partFor(row: ExportRow, window: KeyWindow): Part {
    if (!this.options.split && this.only) return this.only;
    const part = this.parts.named(partOf(this.options, row, window));
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
