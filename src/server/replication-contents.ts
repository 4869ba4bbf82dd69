/**
 * What is to be known of a file before a server loads it whole: its keys by database, and whether the server loads it. A
 * server ends itself when it meets damage, a value that it does not know, or a name twice while it loads a file.
 */
import { startsCommand } from '../dataset/aof/part-scan.js';
import { findDuplicateKeys } from '../dataset/duplicate-keys.js';
import { type ExportTarget, targetName } from '../dataset/export/target.js';
import { willItLoad } from '../dataset/export/will-it-load.js';
import { FileScan, type KeyTaker, SCAN_STEP } from '../dataset/file-scan.js';
import { indexFile } from '../dataset/indexed-file.js';
import { crc64 } from '../decoder/crc64/crc64.js';
import { DecodeError, fillTemplate, type Problem, problemMessage } from '../decoder/errors.js';
import { openEntry, type RdbFile, readKeyName } from '../decoder/rdb/entry.js';
import { OP_FUNCTION2, OP_MODULE_AUX } from '../decoder/rdb/opcodes.js';
import { readRecord } from '../decoder/rdb/records.js';
import { textSlice, wholeText } from '../decoder/rdb/string.js';
import { valueTypes } from '../decoder/rdb/value-types.js';
import { verifyEntry } from '../decoder/rdb/verify.js';
import type { ByteSource } from '../decoder/source.js';
import { type DatabaseKeys, FirstKeys, type KeyColumns } from './first-keys.js';
import { KeyFinder } from './key-finder.js';
import { NameSet } from './name-set.js';
import { ReplicationError } from './replication-errors.js';
import { openMemory } from './restore-contents.js';
import { restoreStretches } from './restore-stretches.js';

/** A function library of a file. */
export interface LibraryRecord {
  readonly name: string;
  readonly code: Uint8Array;
  readonly offset: number;
}

/** A file that a server loads as it is. */
export interface LoadableFile {
  /** Bytes of the RDB; what may follow is no part of it. */
  readonly bytes: number;
  /** True if each value was read; else the checksum stands for them. */
  readonly verified: boolean;
  readonly keys: number;
  readonly expires: number;
  /** Keys whose time is over. */
  readonly expired: number;
  readonly databases: readonly DatabaseKeys[];
  readonly libraries: readonly LibraryRecord[];
  /** Bytes of memory that the server used which wrote it, where it says so. */
  readonly usedMemory: number;
}

/** A file of up to so many bytes is read value by value in any case: that takes no time to speak of. */
const VERIFIED_BYTES = 8 * 1024 * 1024;
/** Bytes of a name that tell it from others; longer ones are compared by these. */
const NAME_BYTES = 1 << 20;
/** Lengths from here on stand in two bytes, and from there on in more; integers and compressed names begin as high. */
const TWO_BYTES = 0x40;
const MORE_BYTES = 0x80;
const INTEGER_8 = 0xc0;
const INTEGER_32 = 0xc2;
const MODULE_TYPES: readonly number[] = [6, 7];

/**
 * Goes through a file.
 *
 * @param name of the file, for messages. @param now the time at the server in ms since the epoch.
 * @param verify reads each value also where the checksum says that they are as somebody wrote them.
 * @throws ReplicationError for a file that the server would not load, or that there may be reasons not to give it.
 */
export function loadableFile(
  source: ByteSource,
  name: string,
  target: ExportTarget,
  now: number,
  verify = false,
): LoadableFile {
  const pass = new FilePass(source, now);
  pass.run();
  const { scan, first } = pass;
  const { facts } = scan;
  const header = facts.fileHeader;
  if (!header) throw new ReplicationError('no-rdb', name);
  if (facts.auxValue('aof-preamble') === '1' || (scan.complete && startsCommand(source, scan.end))) {
    throw new ReplicationError('file-aof', name);
  }
  const trusted = scan.checksumWithoutReading === undefined && scan.compareChecksum(pass.crc) === 'ok';
  const damage = facts.problems.find(({ severity }) => severity === 'error');
  if (damage) throw damaged(name, damage);
  if (!scan.complete) throw new ReplicationError('file-damaged', name, 'it ends too early', source.size);
  // Servers read it from 1 on, whatever stands behind it.
  if (header.version < 1) {
    throw new ReplicationError(
      'not-loadable',
      targetName(target),
      name,
      `there is no RDB version ${header.version}`,
      5,
    );
  }
  const file: RdbFile = { source, header, templates: scan.templates, keydb: facts.keydb };
  const module = first.kinds.findIndex(({ valueType }) => MODULE_TYPES.includes(valueType.code));
  const aux = facts.recordCodes.indexOf(OP_MODULE_AUX);
  if (module >= 0) throw new ReplicationError('file-modules', name, first.firstOffset(module));
  if (aux >= 0) throw new ReplicationError('file-modules', name, facts.recordOffsets[aux]);
  const search = willItLoad(source, facts, first, target);
  let step = search.next();
  while (!step.done) step = search.next();
  const stop = step.value.find(({ stops }) => stops);
  if (stop) {
    const what = fillTemplate(stop.what.phrase, ...stop.what.args);
    throw new ReplicationError('not-loadable', targetName(target), name, what, stop.offset);
  }
  const verified = verify || !trusted || scan.end <= VERIFIED_BYTES;
  if (verified) verifyValues(source, name);
  if (pass.hasDoubtfulNames()) checkNames(source, name);
  return {
    bytes: scan.end,
    verified,
    keys: first.databases.reduce((sum, { keys }) => sum + keys, 0),
    expires: pass.expires,
    expired: pass.expired,
    databases: first.databases,
    libraries: librariesOf(file, scan),
    usedMemory: Number(facts.auxValue('used-mem')) || 0,
  };
}

function damaged(name: string, problem: Problem): ReplicationError {
  return new ReplicationError('file-damaged', name, problemMessage(problem).replace(/\.$/, ''), problem.offset);
}

/** A pass over a file, and more over its names where they are too many for one. */
class FilePass {
  readonly first = new FirstKeys();
  readonly scan: FileScan;
  crc = 0n;
  expires = 0;
  expired = 0;
  private readonly names = new NameSet();
  private readonly digits = new Uint8Array(11);

  constructor(
    private readonly source: ByteSource,
    private readonly now: number,
  ) {
    this.scan = this.scanWith((columns, count, db) => this.count(columns, count, db), true);
  }

  run(): void {
    this.scan.run();
  }

  /** True if some name may stand in the file twice. */
  hasDoubtfulNames(): boolean {
    while (this.names.another()) this.scanWith(() => {}, false).run();
    return this.names.suspicious;
  }

  /** A scan that notes the names, and tells of the keys. */
  private scanWith(take: (columns: KeyColumns, count: number, db: number) => void, sums: boolean): FileScan {
    const memory = openMemory();
    const found = (columns: KeyColumns, count: number, db: number) => {
      take(columns, count, db);
      this.noteNames(scan, taker.window, columns.typeOffset, count, db);
    };
    const plain = memory && new KeyFinder(memory, ({ count }, db) => found(memory.columns, count, db));
    const taker: KeyTaker = plain ?? { window: new Uint8Array(SCAN_STEP), take: () => -1 };
    if (sums) {
      taker.sum = (start, end) => {
        this.crc = memory ? memory.sum(this.crc, start, end) : crc64(this.crc, taker.window, start, end);
      };
    }
    const scan: FileScan = new FileScan(
      this.source,
      (batch) => found(batch, batch.count, batch.db),
      taker.window,
      taker,
    );
    return scan;
  }

  private count(columns: KeyColumns, count: number, db: number): void {
    const header = this.scan.facts.fileHeader;
    if (header) this.first.look(columns, count, db, valueTypes(header.family, header.version));
    const { expireAt } = columns;
    for (let i = 0; i < count; i++) {
      if (Number.isNaN(expireAt[i])) continue;
      this.expires++;
      if (expireAt[i] <= this.now) this.expired++;
    }
  }

  private noteNames(scan: FileScan, window: Uint8Array, offsets: Float64Array, count: number, db: number): void {
    const { names } = this;
    if (names.suspicious) return;
    const size = scan.read;
    const base = scan.position - size;
    for (let i = 0; i < count; i++) {
      // Small whole numbers from here on: numbers of 64 bits would be slow as indexes.
      const at = (offsets[i] + 1 - base) | 0;
      const head = at >= 0 && at + 1 < size ? window[at] : MORE_BYTES;
      const start = head < TWO_BYTES ? at + 1 : at + 2;
      const end = start + (head < TWO_BYTES ? head : ((head & 0x3f) << 8) | window[at + 1]);
      if (head < MORE_BYTES && end <= size) names.add(window, start, end, db);
      else if (head >= INTEGER_8 && head <= INTEGER_32 && at + 5 <= size) this.noteInteger(window, at, db);
      else this.noteName(offsets[i], db);
    }
  }

  /** Notes a name that is written as a whole number: it is the same as its digits. */
  private noteInteger(window: Uint8Array, at: number, db: number): void {
    const { digits } = this;
    const bits = window[at + 1] | (window[at + 2] << 8) | (window[at + 3] << 16) | (window[at + 4] << 24);
    const unused = window[at] === INTEGER_8 ? 24 : window[at] === INTEGER_32 ? 0 : 16;
    const number = (bits << unused) >> unused;
    let start = digits.length;
    let rest = Math.abs(number);
    do {
      digits[--start] = 0x30 + (rest % 10);
      rest = Math.floor(rest / 10);
    } while (rest > 0);
    if (number < 0) digits[--start] = 0x2d;
    this.names.add(digits, start, digits.length, db);
  }

  /** Notes a name that is long or compressed, or is not at hand. */
  private noteName(typeOffset: number, db: number): void {
    let name: Uint8Array;
    try {
      name = textSlice(readKeyName(this.source, typeOffset), 0, NAME_BYTES);
    } catch (error) {
      // What cannot be read is a problem of the value that is told elsewhere.
      if (error instanceof DecodeError) return;
      throw error;
    }
    this.names.add(name, 0, name.length, db);
  }
}

/** Reads all values. @throws ReplicationError for the first that is damaged. */
function verifyValues(source: ByteSource, name: string): void {
  for (const { file, keys } of restoreStretches(source)) {
    for (let i = 0; i < keys.count; i++) {
      const { typeOffset, end } = keys.row(i);
      try {
        verifyEntry(openEntry(file, typeOffset, end), typeOffset);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        throw damaged(name, error.toProblem(typeOffset));
      }
    }
  }
}

/** Compares all names. @throws ReplicationError if there is one twice. */
function checkNames(source: ByteSource, name: string): void {
  const { index } = indexFile(source);
  const found: Problem[] = [];
  for (const _ of findDuplicateKeys(source, index, (problem) => found.push(problem)));
  if (found.length > 0) throw damaged(name, found[0]);
}

function librariesOf({ source, header }: RdbFile, { facts }: FileScan): LibraryRecord[] {
  return facts.recordCodes.flatMap((opcode, i): LibraryRecord[] => {
    if (opcode !== OP_FUNCTION2) return [];
    const offset = facts.recordOffsets[i];
    const { content } = readRecord(source, offset, header.family);
    if (content.kind !== 'function') return [];
    const { name, code } = content.library;
    return [{ name, code: wholeText(code, 'the function library'), offset }];
  });
}
