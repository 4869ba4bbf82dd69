/** What an analysis looks at: the keys of a filter with what is known of them, and how much of something there is. */
import type { RdbFile } from '../../decoder/rdb/entry.js';
import type { KeyIndex } from '../key-index.js';
import type { Rows } from '../names.js';

/** Keys to look at. */
export interface AnalysedKeys {
  readonly file: RdbFile;
  readonly index: KeyIndex;
  /** Ascending rows. */
  readonly rows: Rows;
  /** Estimated memory of a key in bytes; undefined where it was not estimated. */
  readonly memory: ((row: number) => number) | undefined;
  /** When the file was saved, ms since the epoch, if it says so. */
  readonly savedAt: number | undefined;
}

/** How many keys, bytes in the file, and bytes of memory: 0 where memory was not estimated. */
export interface Amount {
  readonly keys: number;
  readonly bytes: number;
  readonly memory: number;
}

/** What pictures show of keys. */
export type Measure = keyof Amount;

/** Rows that are looked at before the caller gets a chance to do other things. */
export const BLOCK = 1 << 15;

export const NO_AMOUNT: Amount = { keys: 0, bytes: 0, memory: 0 };

/** Sums by number, in columns. */
export class Amounts {
  readonly keys: Float64Array;
  readonly bytes: Float64Array;
  readonly memory: Float64Array;

  constructor(length: number) {
    this.keys = new Float64Array(length);
    this.bytes = new Float64Array(length);
    this.memory = new Float64Array(length);
  }

  add(at: number, bytes: number, memory: number): void {
    this.keys[at]++;
    this.bytes[at] += bytes;
    this.memory[at] += memory;
  }

  at(position: number): Amount {
    return { keys: this.keys[position], bytes: this.bytes[position], memory: this.memory[position] };
  }
}

/** The sum of two amounts. */
export function plus(a: Amount, b: Amount): Amount {
  return { keys: a.keys + b.keys, bytes: a.bytes + b.bytes, memory: a.memory + b.memory };
}

/** Goes through the rows. Yields between 0 and 1, how much is done. */
export function* eachRow(
  { index, rows, memory }: AnalysedKeys,
  visit: (row: number, bytes: number, memory: number) => void,
): Generator<number> {
  const { length } = rows;
  for (let i = 0; i < length; ) {
    const end = Math.min(length, i + BLOCK);
    for (; i < end; i++) {
      const row = rows.at(i);
      visit(row, index.size(row), memory ? memory(row) : 0);
    }
    yield i / length;
  }
}

/** The names of types, by kind of the index, and which of them each kind has. */
export function typesOf(index: KeyIndex): { readonly types: readonly string[]; readonly typeOfKind: Uint8Array } {
  const types = [...new Set(index.kinds.map(({ type }) => type))];
  return { types, typeOfKind: Uint8Array.from(index.kinds, ({ type }) => types.indexOf(type)) };
}
