/** Keys that several files have: which of them are left out when the files become one. */
import { compareBytes } from '../../decoder/bytes.js';
import type { ByteSource } from '../../decoder/source.js';
import { isUnknown } from '../duplicate-keys.js';
import type { KeyIndex } from '../key-index.js';
import { allRows, nameOf, visitNames } from '../names.js';

/** A file that is merged. */
export interface MergedFile {
  readonly source: ByteSource;
  readonly index: KeyIndex;
}

/** A key that two files have. */
export interface DuplicateKey {
  readonly db: number;
  readonly name: Uint8Array;
  /** The files, by their number. */
  readonly files: readonly [number, number];
}

/** Several files have a key, and that was not to be. */
export class DuplicateKeyError extends Error {
  override readonly name = 'DuplicateKeyError';

  constructor(readonly duplicate: DuplicateKey) {
    super('several files have the same key');
  }
}

/** Rows of one file, a bit each. */
export class RowSet {
  private readonly bits: Uint32Array;
  size = 0;

  constructor(rows: number) {
    this.bits = new Uint32Array(Math.ceil(rows / 32));
  }

  add(row: number): void {
    if (this.has(row)) return;
    this.bits[row >>> 5] |= 1 << (row & 31);
    this.size++;
  }

  has(row: number): boolean {
    return ((this.bits[row >>> 5] >>> (row & 31)) & 1) === 1;
  }
}

/**
 * Finds the keys to leave out. Yields how much is done, from 0 to 1.
 *
 * @param which of several is kept; with `error` there may be none.
 * @returns for each file the rows that are left out.
 * @throws DuplicateKeyError
 */
export function* duplicateRows(
  files: readonly MergedFile[],
  which: 'first' | 'last' | 'error',
): Generator<number, readonly RowSet[]> {
  const total = files.reduce((sum, { index }) => sum + index.length, 0);
  const skipped = files.map(({ index }) => new RowSet(index.length));
  const table = new NameTable(files, total);
  let before = 0;
  for (const [file, { source, index }] of files.entries()) {
    const runs = index.databaseRuns();
    let run = { end: 0, db: 0 };
    let found: DuplicateKey | undefined;
    const pass = visitNames(source, index, allRows(index.length), (bytes, start, end, row) => {
      while (row >= run.end) run = runs.next().value ?? { end: Number.POSITIVE_INFINITY, db: 0 };
      if (isUnknown(bytes, start, end)) return;
      const name = bytes.subarray(start, end);
      const other = table.add(name, run.db, file, row, which === 'last');
      if (!other) return;
      if (which === 'error') found ??= { db: run.db, name: name.slice(), files: [other.file, file] };
      if (which === 'last') skipped[other.file].add(other.row);
      else skipped[file].add(row);
    });
    for (const done of pass) {
      if (found) throw new DuplicateKeyError(found);
      yield (before + done) / Math.max(1, total);
    }
    if (found) throw new DuplicateKeyError(found);
    before += index.length;
  }
  return skipped;
}

/** All names by their hash, with open addressing. */
class NameTable {
  private readonly slots: Int32Array;
  private readonly mask: number;
  private readonly hashes: Uint32Array;
  private readonly rows: Uint32Array;
  private readonly owners: Uint16Array;
  private readonly dbs: Uint32Array;
  private count = 0;
  // Whoever makes a file cannot know which names will share a slot.
  private readonly seed = (Math.random() * 0x100000000) >>> 0;

  constructor(
    private readonly files: readonly MergedFile[],
    total: number,
  ) {
    let slots = 1024;
    while (slots * 0.6 < total) slots *= 2;
    this.slots = new Int32Array(slots).fill(-1);
    this.mask = slots - 1;
    this.hashes = new Uint32Array(total);
    this.rows = new Uint32Array(total);
    this.owners = new Uint16Array(total);
    this.dbs = new Uint32Array(total);
  }

  /**
   * Adds a name.
   *
   * @param replace true if it takes the place of the same one.
   * @returns whose the name was before, undefined if nobody's.
   */
  add(
    name: Uint8Array,
    db: number,
    file: number,
    row: number,
    replace: boolean,
  ): { file: number; row: number } | undefined {
    const hash = this.hash(name, db);
    let slot = Math.imul(hash, 0x9e3779b1) >>> 0;
    for (;;) {
      const at = this.slots[slot & this.mask];
      if (at < 0) {
        this.slots[slot & this.mask] = this.count;
        this.set(this.count++, hash, db, file, row);
        return undefined;
      }
      if (this.hashes[at] === hash && this.dbs[at] === db && this.isSame(at, name)) {
        const other = { file: this.owners[at], row: this.rows[at] };
        if (replace) this.set(at, hash, db, file, row);
        return other;
      }
      slot++;
    }
  }

  private set(at: number, hash: number, db: number, file: number, row: number): void {
    this.hashes[at] = hash;
    this.rows[at] = row;
    this.owners[at] = file;
    this.dbs[at] = db;
  }

  private isSame(at: number, name: Uint8Array): boolean {
    const { source, index } = this.files[this.owners[at]];
    return compareBytes(nameOf(source, index, this.rows[at]), name) === 0;
  }

  private hash(name: Uint8Array, db: number): number {
    let hash = this.seed ^ db;
    for (const byte of name) hash = Math.imul(hash ^ byte, 0x01000193) ^ (hash >>> 13);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    return (hash ^ (hash >>> 13)) >>> 0;
  }
}
