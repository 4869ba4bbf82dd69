/**
 * Finding keys that stand in a file twice. Servers refuse such a file, and nothing but all names together shows it:
 * hashes of all names are compared, and only where two are equal the names themselves.
 */
import { compareBytes } from '../decoder/bytes.js';
import type { Problem } from '../decoder/errors.js';
import type { ByteSource } from '../decoder/source.js';
import type { KeyIndex } from './key-index.js';
import { allRows, NAME_LIMIT, nameOf, visitNames } from './names.js';

/** Slots of the table of hashes, 8 bytes each; more keys than fill three quarters of it take another pass. */
const MOST_SLOTS = 1 << 25;
/** Duplicates that are reported; a file with more of them is beyond reading them. */
const REPORT_LIMIT = 10_000;

/**
 * Finds keys whose name stands earlier in the same database. Yields how much is done, from 0 to 1, so that the caller
 * can do other things or stop.
 *
 * @param report gets a problem for each of them, at the offset of its record, and its row.
 * @param mostSlots a power of two: the memory that may be taken, in units of 8 bytes.
 */
export function* findDuplicateKeys(
  source: ByteSource,
  index: KeyIndex,
  report: (problem: Problem, row: number) => void,
  mostSlots = MOST_SLOTS,
): Generator<number> {
  // Whoever makes a file cannot know which names will share a slot.
  const seed = (Math.random() * 0x100000000) >>> 0;
  const { length } = index;
  const parts = Math.max(1, Math.ceil(length / (mostSlots * 0.75)));
  const suspects = new Set<bigint>();
  for (let part = 0; part < parts; part++) {
    const table = new HashTable(slotsFor(Math.ceil(length / parts), mostSlots));
    const pass = visitHashes(source, index, seed, (high, low) => {
      if (parts > 1 && high % parts !== part) return;
      // A hash that finds no slot free is not looked at: so many more of one part than of others are no accident.
      if (table.add(high, low) === 'there' && suspects.size < REPORT_LIMIT) suspects.add(joined(high, low));
    });
    for (const done of pass) yield (part + done / length) / (parts + 1);
  }
  if (suspects.size > 0) yield* confirm(source, index, seed, suspects, report, parts / (parts + 1));
}

/** Compares the names whose hashes are equal. */
function* confirm(
  source: ByteSource,
  index: KeyIndex,
  seed: number,
  suspects: ReadonlySet<bigint>,
  report: (problem: Problem, row: number) => void,
  before: number,
): Generator<number> {
  // For every hash the rows of the different names that have it: almost always one.
  const firsts = new Map<bigint, number[]>();
  let reported = 0;
  const pass = visitHashes(source, index, seed, (high, low, name, row, db) => {
    const hash = joined(high, low);
    if (reported >= REPORT_LIMIT || !suspects.has(hash)) return;
    const rows = firsts.get(hash) ?? [];
    const first = rows.find(
      (other) => index.db(other) === db && compareBytes(nameOf(source, index, other), name) === 0,
    );
    if (first === undefined) {
      firsts.set(hash, [...rows, row]);
      return;
    }
    reported++;
    const { offset, typeOffset } = index.fact(row);
    const args = [db, index.fact(first).offset];
    report({ code: 'duplicate-key', severity: 'error', offset, args, entryOffset: typeOffset }, row);
  });
  for (const done of pass) yield before + ((1 - before) * done) / index.length;
}

/** Visits the hash of every name in its database, 64 bits in two halves. */
function* visitHashes(
  source: ByteSource,
  index: KeyIndex,
  seed: number,
  visit: (high: number, low: number, name: Uint8Array, row: number, db: number) => void,
): Generator<number> {
  const runs = index.databaseRuns();
  let run = { end: 0, db: 0 };
  yield* visitNames(source, index, allRows(index.length), (bytes, start, end, row) => {
    while (row >= run.end) run = runs.next().value ?? { end: Number.POSITIVE_INFINITY, db: 0 };
    if (isUnknown(bytes, start, end)) return;
    let high = seed ^ run.db;
    let low = ~seed;
    for (let i = start; i < end; i++) {
      high = Math.imul(high ^ bytes[i], 0x9e3779b1);
      low = Math.imul(low ^ bytes[i], 0x5f356495) ^ (low >>> 15);
    }
    high = Math.imul(high ^ (high >>> 16) ^ run.db, 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
    low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
    visit(high >>> 0, low >>> 0, bytes.subarray(start, end), row, run.db);
  });
}

/** True for a name that was not read whole: one that is damaged, which is given as empty, or longer than is read. */
export function isUnknown(bytes: Uint8Array, start: number, end: number): boolean {
  // In front of a name that is really empty stands its length.
  if (end === start) return start === 0 || bytes[start - 1] !== 0;
  return end - start >= NAME_LIMIT;
}

function joined(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

/** Slots for so many hashes: a power of two of which they take at most three quarters, but no more than there may be. */
function slotsFor(hashes: number, most: number): number {
  let slots = 1024;
  while (slots < most && slots * 0.75 < hashes) slots *= 2;
  return slots;
}

/** A set of hashes of 64 bits: open addressing in two typed arrays. Zero stands for a free slot. */
class HashTable {
  private readonly highs: Uint32Array;
  private readonly lows: Uint32Array;
  private left: number;

  constructor(slots: number) {
    this.highs = new Uint32Array(slots);
    this.lows = new Uint32Array(slots);
    this.left = Math.floor(slots * 0.9);
  }

  add(high: number, low: number): 'added' | 'there' | 'full' {
    const { highs, lows } = this;
    const mask = highs.length - 1;
    // The hash that would look like a free slot takes the place of its neighbour: at worst a suspect too many.
    const own = high === 0 && low === 0 ? 1 : low;
    for (let slot = own & mask; ; slot = (slot + 1) & mask) {
      if (highs[slot] === 0 && lows[slot] === 0) {
        if (this.left === 0) return 'full';
        this.left--;
        highs[slot] = high;
        lows[slot] = own;
        return 'added';
      }
      if (highs[slot] === high && lows[slot] === own) return 'there';
    }
  }
}
