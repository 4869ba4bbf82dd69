/**
 * Namespaces: keys whose names share what stands before a separator, as folders. The children of a folder are found
 * in one pass over the names, when it is opened; nothing is kept of folders that nobody looks into.
 */
import type { ByteSource } from '../decoder/source.js';
import { RowList } from './filter.js';
import type { KeyIndex } from './key-index.js';
import { type Rows, visitNames } from './names.js';
import { sortByNumber } from './sort.js';
import { NameArena } from './sort-names.js';

/** A folder: the keys that have its path in front of their names. */
export interface Folder {
  /** The last part of its path, with the separator. */
  readonly name: Uint8Array;
  readonly keys: number;
  readonly bytes: number;
  /** Bytes in memory; NaN while they are not known of all its keys. */
  readonly memory: number;
}

/** The folders in a folder, in order. A folder keeps its number while others come in between. */
export interface FolderList {
  readonly length: number;
  at(position: number): Folder;
  /** The number of the folder at a position; below {@link FOLDER_LIMIT}. */
  numberAt(position: number): number;
  /** The position of the folder of a number; −1 if there is none. */
  positionOf(number: number): number;
  /** The number of the folder of a name; −1 if there is none. */
  find(bytes: Uint8Array, start: number, end: number): number;
}

/** What a folder holds. */
export interface FolderContent {
  readonly folders: FolderList;
  /** Keys and bytes in further folders, where there are too many to list. */
  readonly restKeys: number;
  readonly restBytes: number;
  readonly restMemory: number;
  /** Keys that are in the folder itself, ascending rows. */
  readonly keys: Uint32Array;
}

export type FolderOrder = 'name' | 'keys' | 'bytes' | 'memory';

/** The most folders that are listed in one folder. */
export const FOLDER_LIMIT = 1 << 20;

/** Counts what a folder holds, from keys that come one after the other. */
export class FolderCounter implements FolderContent {
  restKeys = 0;
  restBytes = 0;
  restMemory = 0;
  private readonly groups = new GroupTable(FOLDER_LIMIT);
  private readonly direct = new RowList();

  /**
   * @param path what the names of the folder start with, its separator included; empty for the root.
   * @param separator not empty.
   */
  constructor(
    private readonly index: KeyIndex,
    readonly path: Uint8Array,
    private readonly separator: Uint8Array,
  ) {}

  get folders(): FolderList {
    return this.groups;
  }

  get keys(): Uint32Array {
    return this.direct.toArray();
  }

  /**
   * Counts a key that has the path in front of its name.
   *
   * @returns the number of its folder; −1 if it is in the folder itself, or in one of those that are not listed.
   */
  take(bytes: Uint8Array, start: number, end: number, row: number): number {
    const { index } = this;
    const from = start + this.path.length;
    const to = behindSeparator(bytes, from, end, this.separator);
    if (to < 0) {
      this.direct.add(row);
      return -1;
    }
    const size = index.size(row);
    const memory = index.costs ? index.costs.at(row) : Number.NaN;
    const group = this.groups.count(bytes, from, to, size, memory);
    if (group < 0) {
      this.restKeys++;
      this.restBytes += size;
      this.restMemory += memory;
    }
    return group;
  }

  /** Puts the folders in order, with those that have come. */
  *sort(order: FolderOrder): Generator<number> {
    yield* this.groups.sortBy(order);
  }
}

/**
 * Finds what a folder holds. Yields how many of the rows are done.
 *
 * @param rows ascending rows to look at: all keys of the view.
 * @param path what the names of the folder start with, its separator included; empty for the root.
 * @param separator not empty.
 */
export function* folderContent(
  source: ByteSource,
  index: KeyIndex,
  rows: Rows,
  path: Uint8Array,
  separator: Uint8Array,
  order: FolderOrder,
): Generator<number, FolderCounter> {
  const counter = new FolderCounter(index, path, separator);
  yield* visitNames(source, index, rows, (bytes, start, end, row) => {
    // The key that is called as the folder stands beside it, not in it: nothing of its name is left.
    if (end - start < path.length || (end - start === path.length && path.length > 0)) return;
    for (let i = 0; i < path.length; i++) if (bytes[start + i] !== path[i]) return;
    counter.take(bytes, start, end, row);
  });
  for (const _ of counter.sort(order)) yield rows.length;
  return counter;
}

/** The index behind the first separator; −1 if there is none, or nothing stands behind it. */
export function behindSeparator(bytes: Uint8Array, start: number, end: number, separator: Uint8Array): number {
  const { length } = separator;
  const first = separator[0];
  for (let at = start; at < end - length; at++) {
    if (bytes[at] !== first) continue;
    let i = 1;
    while (i < length && bytes[at + i] === separator[i]) i++;
    if (i === length) return at + length;
  }
  return -1;
}

/** The path of the folders that a name is in, outermost first. */
export function foldersOf(name: Uint8Array, separator: Uint8Array): Uint8Array[] {
  const paths: Uint8Array[] = [];
  for (let at = 0; ; ) {
    const to = behindSeparator(name, at, name.length, separator);
    if (to < 0) return paths;
    paths.push(name.slice(0, to));
    at = to;
  }
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash >>> 0;
}

/** Counts by name: a hash table over names in one arena, some 40 bytes a folder. */
class GroupTable implements FolderList {
  private order: Uint32Array = new Uint32Array(0);
  /** Positions by number, once somebody asks for one. */
  private positions: Uint32Array | undefined;

  private slots = new Int32Array(1024).fill(-1);
  private arena = new Uint8Array(64 * 1024);
  private used = 0;
  private size = 0;
  private hashes = new Uint32Array(512);
  private starts = new Float64Array(512);
  private lengths = new Uint32Array(512);
  private keyCounts = new Float64Array(512);
  private byteCounts = new Float64Array(512);
  private memoryCounts = new Float64Array(512);

  constructor(private readonly limit: number) {}

  /** Counts a key in the group of a name. @returns its number; −1 if that would be one group too many. */
  count(bytes: Uint8Array, start: number, end: number, size: number, memory: number): number {
    const hash = hashOf(bytes, start, end);
    const slot = this.slotOf(bytes, start, end, hash);
    let group = this.slots[slot];
    if (group < 0) {
      if (this.size >= this.limit) return -1;
      group = this.add(bytes, start, end, hash);
      this.slots[slot] = group;
      if (this.size * 2 > this.slots.length) this.growSlots();
    }
    this.keyCounts[group]++;
    this.byteCounts[group] += size;
    this.memoryCounts[group] += memory;
    return group;
  }

  find(bytes: Uint8Array, start: number, end: number): number {
    return this.slots[this.slotOf(bytes, start, end, hashOf(bytes, start, end))];
  }

  /** The slot of a name, or the free one that would be its. */
  private slotOf(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const group = this.slots[slot];
      if (group < 0 || (this.hashes[group] === hash && this.sameName(group, bytes, start, end))) return slot;
    }
  }

  private sameName(group: number, bytes: Uint8Array, start: number, end: number): boolean {
    const length = this.lengths[group];
    if (length !== end - start) return false;
    const at = this.starts[group];
    for (let i = 0; i < length; i++) if (this.arena[at + i] !== bytes[start + i]) return false;
    return true;
  }

  private add(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const group = this.size++;
    if (group === this.hashes.length) this.growColumns();
    const length = end - start;
    if (this.used + length > this.arena.length) {
      const grown = new Uint8Array(Math.max(this.arena.length * 2, this.used + length));
      grown.set(this.arena);
      this.arena = grown;
    }
    this.arena.set(bytes.subarray(start, end), this.used);
    this.hashes[group] = hash;
    this.starts[group] = this.used;
    this.lengths[group] = length;
    this.used += length;
    return group;
  }

  private growColumns(): void {
    const capacity = this.hashes.length * 2;
    const grow = <Column extends Uint32Array | Float64Array>(fresh: Column, old: Column): Column => {
      fresh.set(old);
      return fresh;
    };
    this.hashes = grow(new Uint32Array(capacity), this.hashes);
    this.starts = grow(new Float64Array(capacity), this.starts);
    this.lengths = grow(new Uint32Array(capacity), this.lengths);
    this.keyCounts = grow(new Float64Array(capacity), this.keyCounts);
    this.byteCounts = grow(new Float64Array(capacity), this.byteCounts);
    this.memoryCounts = grow(new Float64Array(capacity), this.memoryCounts);
  }

  private growSlots(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let group = 0; group < this.size; group++) {
      let slot = this.hashes[group] & mask;
      while (slots[slot] >= 0) slot = (slot + 1) & mask;
      slots[slot] = group;
    }
    this.slots = slots;
  }

  /** Of those that were put in order. */
  get length(): number {
    return this.order.length;
  }

  numberAt(position: number): number {
    return this.order[position];
  }

  positionOf(number: number): number {
    const { order } = this;
    if (!this.positions) {
      this.positions = new Uint32Array(order.length);
      for (let position = 0; position < order.length; position++) this.positions[order[position]] = position;
    }
    return number < order.length ? this.positions[number] : -1;
  }

  /** Puts the groups in order: by name, or the most keys, bytes or memory first and by name among equals. */
  *sortBy(order: FolderOrder): Generator<number> {
    const { size } = this;
    const names = new NameArena(size);
    for (let group = 0; group < size; group++) {
      const start = this.starts[group];
      names.add(this.arena, start, start + this.lengths[group], group);
    }
    yield* names.sort();
    const byName = names.rowsInOrder();
    const counts = order === 'keys' ? this.keyCounts : order === 'memory' ? this.memoryCounts : this.byteCounts;
    this.order = order === 'name' ? byName : yield* sortByNumber(byName, size, (group) => counts[group], true);
    this.positions = undefined;
  }

  at(position: number): Folder {
    const group = this.order[position];
    const start = this.starts[group];
    return {
      name: this.arena.slice(start, start + this.lengths[group]),
      keys: this.keyCounts[group],
      bytes: this.byteCounts[group],
      memory: this.memoryCounts[group],
    };
  }
}
