/** Elements without order that differ: matched by hashes of their names, as many at once as memory is meant for. */
import { hashField } from './fields.js';
import { Hash64, type Seed } from './hash.js';
import type { Field, Part } from './parts.js';
import type { ChangedPlaces } from './value-changes.js';
import { sharedStart } from './value-equal.js';

/** Elements of the left value that are held at once, some 30 bytes each; more take another walk through both. */
const PASS = 1 << 20;
/** Elements that are walked before the caller gets a chance to do other things. */
const SLICE = 4096;

/**
 * Finds the elements that only one part has, or whose content differs.
 *
 * @param limit places that are given; all are counted.
 */
export function* keyedChanges(
  a: Part,
  b: Part,
  limit: number,
  seed: Seed,
  mostAtOnce = PASS,
): Generator<void, ChangedPlaces> {
  const shared = yield* sharedStart(a, b);
  const rest = yield* countFrom(a, shared);
  const passes = Math.max(1, Math.ceil(rest / mostAtOnce));
  const changed = new FirstPlaces(limit);
  const added = new FirstPlaces(limit);
  const hashes = new RowHashes(seed);
  for (let pass = 0; pass < passes; pass++) {
    const table = new ElementTable();
    const filling = eachFrom(a, shared, (row, at) => {
      hashes.take(row, a.keys);
      if (hashes.name.low % passes === pass) table.add(at, hashes);
    });
    yield* filling;
    table.close();
    yield* eachFrom(b, shared, (row, at) => {
      hashes.take(row, b.keys);
      if (hashes.name.low % passes !== pass) return;
      const match = table.take(hashes);
      if (!match) added.add(at, -1);
      else if (!match.same) changed.add(match.position, at);
    });
    for (const position of table.left()) changed.add(position, -1);
    yield;
  }
  const places = [
    ...changed.inOrder().map(([left, right]) => [left, right] as const),
    ...added.inOrder().map(([right]) => [-1, right] as const),
  ];
  return { places: places.slice(0, limit), total: changed.total + added.total };
}

function* countFrom(part: Part, from: number): Generator<void, number> {
  if (part.items.count !== undefined) return part.items.count - from;
  let count = 0;
  yield* eachFrom(part, from, () => {
    count++;
  });
  return count;
}

function* eachFrom(part: Part, from: number, take: (row: readonly Field[], at: number) => void): Generator<void> {
  const walker = part.items.walk();
  for (let at = 0; ; at++) {
    const item = walker.next();
    if (item === undefined) return;
    if (at >= from) take(part.read(item), at);
    if (at % SLICE === SLICE - 1) yield;
  }
}

/** Hashes of what an element is called, and of what it holds. */
class RowHashes {
  readonly name: Hash64;
  readonly content: Hash64;

  constructor(seed: Seed) {
    this.name = new Hash64(seed);
    this.content = new Hash64({ high: seed.low, low: ~seed.high });
  }

  take(row: readonly Field[], keys: number): void {
    const { name, content } = this;
    name.begin(keys);
    content.begin(row.length);
    for (let i = 0; i < row.length; i++) hashField(i < keys ? name : content, row[i]);
    name.finish();
    content.finish();
  }
}

/** Elements of the left value by the hash of their names. */
class ElementTable {
  private columns = new Uint32Array(5 * 1024);
  private size = 0;
  private heads = new Uint32Array(0);
  private next = new Uint32Array(0);
  private matched = new Uint8Array(0);

  add(position: number, { name, content }: RowHashes): void {
    const at = this.size * 5;
    if (at === this.columns.length) {
      const grown = new Uint32Array(this.columns.length * 2);
      grown.set(this.columns);
      this.columns = grown;
    }
    this.columns[at] = position;
    this.columns[at + 1] = name.high;
    this.columns[at + 2] = name.low;
    this.columns[at + 3] = content.high;
    this.columns[at + 4] = content.low;
    this.size++;
  }

  /** Makes the chains, once all elements are there. */
  close(): void {
    let slots = 1024;
    while (slots < this.size) slots *= 2;
    this.heads = new Uint32Array(slots);
    this.next = new Uint32Array(this.size);
    this.matched = new Uint8Array(this.size);
    for (let i = this.size - 1; i >= 0; i--) {
      const slot = this.columns[i * 5 + 1] & (slots - 1);
      this.next[i] = this.heads[slot];
      this.heads[slot] = i + 1;
    }
  }

  /** Takes out the element of a name; undefined if there is none. */
  take({ name, content }: RowHashes): { readonly position: number; readonly same: boolean } | undefined {
    const { heads, next, columns } = this;
    const slot = name.high & (heads.length - 1);
    let before = 0;
    for (let entry = heads[slot]; entry !== 0; before = entry, entry = next[entry - 1]) {
      const at = (entry - 1) * 5;
      if (columns[at + 1] !== name.high || columns[at + 2] !== name.low) continue;
      if (before === 0) heads[slot] = next[entry - 1];
      else next[before - 1] = next[entry - 1];
      this.matched[entry - 1] = 1;
      return {
        position: columns[at],
        same: columns[at + 3] === content.high && columns[at + 4] === content.low,
      };
    }
    return undefined;
  }

  /** Positions of the elements that were not taken. */
  *left(): Generator<number> {
    for (let i = 0; i < this.size; i++) if (this.matched[i] === 0) yield this.columns[i * 5];
  }
}

/** The first places of many, by position; however many there are, at most twice the limit is held. */
class FirstPlaces {
  private places: [number, number][] = [];
  total = 0;

  constructor(private readonly limit: number) {}

  add(position: number, other: number): void {
    this.total++;
    this.places.push([position, other]);
    if (this.places.length > 2 * this.limit + 16) this.places = this.inOrder();
  }

  inOrder(): [number, number][] {
    return this.places.sort(([a], [b]) => a - b).slice(0, this.limit);
  }
}
