/** The biggest keys: by memory, by bytes in the file, by elements, by the longest element. */
import { DecodeError } from '../../decoder/errors.js';
import { openEntry } from '../../decoder/rdb/entry.js';
import type { Text } from '../../decoder/rdb/string.js';
import type { Collection, Value } from '../../decoder/rdb/value-model.js';
import { type AnalysedKeys, eachRow } from './keys.js';

/** What keys are big by. */
export type BigBy = 'memory' | 'bytes' | 'elements' | 'longest';

/** A key and how big it is. */
export interface BigKey {
  readonly row: number;
  readonly value: number;
}

/** Rows with the greatest values: a heap that holds no more than so many. */
export class Greatest {
  private readonly rows: number[] = [];
  private readonly values: number[] = [];

  constructor(private readonly limit: number) {}

  /** Values up to this one need not be offered. */
  get threshold(): number {
    return this.rows.length < this.limit ? Number.NEGATIVE_INFINITY : this.values[0];
  }

  offer(row: number, value: number): void {
    const { rows, values, limit } = this;
    if (rows.length < limit) {
      let at = rows.length;
      // The least is at the root.
      while (at > 0 && values[(at - 1) >> 1] > value) {
        rows[at] = rows[(at - 1) >> 1];
        values[at] = values[(at - 1) >> 1];
        at = (at - 1) >> 1;
      }
      rows[at] = row;
      values[at] = value;
      return;
    }
    if (limit === 0 || value <= values[0]) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= limit) break;
      if (child + 1 < limit && values[child + 1] < values[child]) child++;
      if (values[child] >= value) break;
      rows[at] = rows[child];
      values[at] = values[child];
      at = child;
    }
    rows[at] = row;
    values[at] = value;
  }

  /** The greatest first, equal ones in the order of the file. */
  sorted(): BigKey[] {
    return this.rows
      .map((row, i) => ({ row, value: this.values[i] }))
      .sort((a, b) => b.value - a.value || a.row - b.row);
  }
}

/** Which keys to look at among those of the filter. */
export interface BigAmong {
  readonly type?: string;
  readonly db?: number;
}

/** Finds the biggest keys. Yields between 0 and 1, how much is done. */
export function* biggestKeys(
  keys: AnalysedKeys,
  by: BigBy,
  among: BigAmong,
  limit: number,
): Generator<number, BigKey[]> {
  const { index } = keys;
  const allowed = index.kinds.map(({ type }) => among.type === undefined || type === among.type);
  const strings = index.kinds.map(({ type }) => type === 'string');
  const dbs = among.db === undefined ? undefined : databaseTest(keys, among.db);
  const greatest = new Greatest(by === 'longest' ? Math.max(limit, CANDIDATES) : limit);
  const pass = eachRow(keys, (row, bytes, memory) => {
    const kind = index.kind(row);
    if (!allowed[kind] || (dbs && !dbs(row))) return;
    if (by === 'memory') greatest.offer(row, memory);
    else if (by === 'bytes') greatest.offer(row, bytes);
    else if (by === 'longest') greatest.offer(row, strings[kind] ? Math.max(bytes, index.elements(row)) : bytes);
    // The index has the length of a string there.
    else if (!strings[kind] || among.type === 'string') greatest.offer(row, index.elements(row));
  });
  const share = by === 'longest' ? 0.3 : 1;
  for (const done of pass) yield done * share;
  if (by !== 'longest') return greatest.sorted().filter(({ value }) => value > 0);
  return yield* byLongest(keys, greatest.sorted(), limit);
}

/** Keys of which the longest element is looked for: those with the most bytes. */
const CANDIDATES = 500;
/** Elements that are walked through in all. */
const WALK_LIMIT = 20_000_000;

/** Walks through the largest keys to find their longest elements; what is smaller than those found cannot have longer ones. */
function* byLongest(keys: AnalysedKeys, candidates: readonly BigKey[], limit: number): Generator<number, BigKey[]> {
  const { index } = keys;
  const longest = new Greatest(limit);
  let walked = 0;
  for (const [i, { row, value }] of candidates.entries()) {
    // Compressed elements can be longer than they are in the file, but then few of them are as long as that.
    if (value <= longest.threshold || walked > WALK_LIMIT) break;
    const { type } = index.kinds[index.kind(row)];
    if (type === 'string') {
      longest.offer(row, index.elements(row));
      continue;
    }
    const walk = longestElement(keys, row);
    let step = walk.next();
    for (; !step.done; step = walk.next()) {
      walked += step.value;
      yield 0.3 + (0.7 * i) / candidates.length;
    }
    longest.offer(row, step.value);
  }
  return longest.sorted().filter(({ value }) => value > 0);
}

/** Elements between two looks at the clock. */
const STEP = 4096;

/**
 * The bytes of the longest element of a key: of a hash, the longest field or value. Yields how many elements were
 * walked through since it last did. What is damaged counts as far as it is intact.
 */
export function* longestElement({ file, index }: AnalysedKeys, row: number): Generator<number, number> {
  let most = 0;
  try {
    const typeOffset = index.typeOffset(row);
    const { value } = openEntry(file, typeOffset, typeOffset - index.head(row) + index.size(row));
    const collection = elementsOf(value);
    if (!collection) return 0;
    const walker = collection.items.walk();
    let count = 0;
    for (let item = walker.next(); item !== undefined; item = walker.next()) {
      for (const text of collection.texts(item)) if (text.length > most) most = text.length;
      if (++count % STEP === 0) yield STEP;
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
  return most;
}

interface Elements {
  readonly items: Collection<unknown>;
  readonly texts: (item: unknown) => readonly Text[];
}

function elementsOf(value: Value): Elements | undefined {
  const elements = <Item>(items: Collection<Item>, texts: (item: Item) => readonly Text[]): Elements => ({
    items,
    texts: texts as (item: unknown) => readonly Text[],
  });
  switch (value.type) {
    case 'list':
      return elements(value.items, (item) => [item]);
    case 'set':
    case 'zset':
      return elements(value.items as Collection<{ readonly member: Text }>, ({ member }) => [member]);
    case 'hash':
      return elements(value.items, (item) => [item.field, item.value]);
    case 'stream':
      return elements(value.entries, ({ fields }) => fields.flat());
    case 'array':
      return elements(value.items, (item) => [item.value]);
    default:
      return undefined;
  }
}

/** Tells whether rows, which come in ascending order, are of a database. */
function databaseTest({ index }: AnalysedKeys, db: number): (row: number) => boolean {
  const runs = index.databaseRuns();
  let run = runs.next();
  return (row) => {
    while (!run.done && row >= run.value.end) run = runs.next();
    return !run.done && row >= run.value.start && run.value.db === db;
  };
}
