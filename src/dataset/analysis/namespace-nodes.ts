/** The nodes of a tree of namespaces: what is counted of each, in typed arrays that have a limit. */
import { parseDisplayText } from '../../format/display.js';
import { DEPTH_LIMIT, foldSegment, parseSegment, type Segment, segmentEnd, segmentText } from './fold.js';
import type { Amount } from './keys.js';
import type { NamespacePlace } from './namespace-rules.js';

export const ROOT = 0;
export const COLUMNS = 9;
export const KEYS = 0;
export const BYTES = 1;
export const MEMORY = 2;
export const EXPIRING_KEYS = 3;
export const OWN_KEYS = 6;

/** The nodes of the tree in columns, found by a hash of parent and part. */
export class NamespaceNodes {
  private readonly cut: Uint8Array;
  private slots = new Int32Array(1024).fill(-1);
  private arena = new Uint8Array(16 * 1024);
  private used = 0;
  private size = 1;
  private parents = new Int32Array(512);
  private hashes = new Uint32Array(512);
  private starts = new Uint32Array(512);
  private lengths = new Uint16Array(512);
  private folded = new Uint8Array(512);
  /** What is kept in a node, where the sample says so. */
  private readonly places: (NamespacePlace | undefined)[];
  private sums = new Float64Array(512 * COLUMNS);
  /** Bytes in the file, or memory where it is known, by type. */
  private typeSums: Float64Array;
  private children: Int32Array[] | undefined;

  constructor(
    readonly separator: string,
    rules: NamespacePlace,
    private readonly types: readonly string[],
    private readonly limit: number,
  ) {
    this.cut = parseDisplayText(separator);
    this.typeSums = new Float64Array(512 * types.length);
    this.places = [rules];
    this.applyRule(ROOT);
  }

  /** Counts a key. */
  add(
    bytes: Uint8Array,
    start: number,
    end: number,
    size: number,
    memory: number,
    expires: boolean,
    type: number,
  ): void {
    let node = ROOT;
    let from = start;
    this.count(node, size, memory, expires, type);
    for (let depth = 0; depth < DEPTH_LIMIT && from <= end; depth++) {
      const to = segmentEnd(bytes, from, end, this.cut);
      node = this.child(node, bytes, from, to);
      if (node < 0) return;
      this.count(node, size, memory, expires, type);
      from = to === end ? end + 1 : to + this.cut.length;
    }
    const own = node * COLUMNS + OWN_KEYS;
    this.sums[own]++;
    this.sums[own + BYTES] += size;
    this.sums[own + MEMORY] += memory;
  }

  private count(node: number, size: number, memory: number, expires: boolean, type: number): void {
    const { sums } = this;
    const at = node * COLUMNS;
    sums[at + KEYS]++;
    sums[at + BYTES] += size;
    sums[at + MEMORY] += memory;
    if (expires) {
      sums[at + EXPIRING_KEYS]++;
      sums[at + EXPIRING_KEYS + BYTES] += size;
      sums[at + EXPIRING_KEYS + MEMORY] += memory;
    }
    this.typeSums[node * this.types.length + type] += memory > 0 ? memory : size;
  }

  /** The node of a part in a node; made if there is none, −1 if there are too many. */
  private child(parent: number, bytes: Uint8Array, start: number, end: number): number {
    const kept = foldSegment(bytes, start, end);
    const length = kept < 0 ? -1 - kept : kept;
    const known = this.find(parent, bytes, start, length, kept < 0);
    if (known >= 0) return known;
    // What a rule keeps is there from the beginning.
    if (!this.places[parent]?.keep) return this.make(parent, bytes, start, length, kept < 0);
    const rest = this.find(parent, bytes, start, 0, true);
    return rest >= 0 ? rest : this.make(parent, bytes, start, 0, true);
  }

  private hashOf(parent: number, bytes: Uint8Array, start: number, length: number, folded: boolean): number {
    let hash = Math.imul(parent + 1, 0x9e3779b1) ^ (folded ? 0x5bd1e995 : 0x811c9dc5);
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ bytes[start + i], 0x01000193);
    return (hash ^ (hash >>> 15)) >>> 0;
  }

  /** The node of a part in a node; −1 if there is none. */
  find(parent: number, bytes: Uint8Array, start: number, length: number, folded: boolean): number {
    const hash = this.hashOf(parent, bytes, start, length, folded);
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const node = this.slots[slot];
      if (node < 0) return -1;
      if (this.hashes[node] === hash && this.isNode(node, parent, bytes, start, length, folded)) return node;
    }
  }

  private isNode(
    node: number,
    parent: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    folded: boolean,
  ): boolean {
    if (this.parents[node] !== parent || this.lengths[node] !== length || this.folded[node] === (folded ? 0 : 1))
      return false;
    const at = this.starts[node];
    for (let i = 0; i < length; i++) if (this.arena[at + i] !== bytes[start + i]) return false;
    return true;
  }

  private make(parent: number, bytes: Uint8Array, start: number, length: number, folded: boolean): number {
    if (this.size >= this.limit) return -1;
    const node = this.size++;
    if (node === this.hashes.length) this.growColumns();
    if (this.used + length > this.arena.length) {
      const grown = new Uint8Array(Math.max(this.arena.length * 2, this.used + length));
      grown.set(this.arena);
      this.arena = grown;
    }
    this.arena.set(bytes.subarray(start, start + length), this.used);
    this.parents[node] = parent;
    this.hashes[node] = this.hashOf(parent, bytes, start, length, folded);
    this.starts[node] = this.used;
    this.lengths[node] = length;
    this.folded[node] = folded ? 1 : 0;
    this.used += length;
    const place = this.places[parent];
    // Most nodes are deeper than the sample goes.
    this.places[node] = place && place.parts.size > 0 ? place.parts.get(segmentText(this.segment(node))) : undefined;
    if (this.size * 2 > this.slots.length) this.growSlots();
    else this.enter(node);
    this.applyRule(node);
    return node;
  }

  private enter(node: number): void {
    const mask = this.slots.length - 1;
    let slot = this.hashes[node] & mask;
    while (this.slots[slot] >= 0) slot = (slot + 1) & mask;
    this.slots[slot] = node;
  }

  private growSlots(): void {
    this.slots = new Int32Array(this.slots.length * 2).fill(-1);
    for (let node = 1; node < this.size; node++) this.enter(node);
  }

  private growColumns(): void {
    const grow = <Column extends Int32Array | Uint32Array | Uint16Array | Uint8Array | Float64Array>(
      old: Column,
      fresh: Column,
    ): Column => {
      fresh.set(old);
      return fresh;
    };
    const capacity = this.hashes.length * 2;
    this.parents = grow(this.parents, new Int32Array(capacity));
    this.hashes = grow(this.hashes, new Uint32Array(capacity));
    this.starts = grow(this.starts, new Uint32Array(capacity));
    this.lengths = grow(this.lengths, new Uint16Array(capacity));
    this.folded = grow(this.folded, new Uint8Array(capacity));
    this.sums = grow(this.sums, new Float64Array(capacity * COLUMNS));
    this.typeSums = grow(this.typeSums, new Float64Array(capacity * this.types.length));
  }

  /** Makes the namespaces that are kept in a node, where others are folded. */
  private applyRule(node: number): void {
    for (const text of this.places[node]?.keep ?? []) {
      const { bytes, folded } = parseSegment(text);
      this.make(node, bytes, 0, bytes.length, folded);
    }
  }

  /** The part of a name that a node stands for. */
  segment(node: number): Segment {
    const start = this.starts[node];
    return { bytes: this.arena.slice(start, start + this.lengths[node]), folded: this.folded[node] === 1 };
  }

  /** Number of namespaces that were told apart. */
  get length(): number {
    return this.size - 1;
  }

  /** An amount of a node: of all keys, or the one whose columns begin at another number. */
  amount(node: number, column = KEYS): Amount {
    const at = node * COLUMNS + column;
    const { sums } = this;
    return { keys: sums[at], bytes: sums[at + 1], memory: sums[at + 2] };
  }

  /** The nodes in a node that hold keys. */
  childrenOf(node: number): Int32Array {
    if (!this.children) {
      const counts = new Uint32Array(this.size + 1);
      for (let child = 1; child < this.size; child++) if (this.sums[child * COLUMNS] > 0) counts[this.parents[child]]++;
      this.children = Array.from({ length: this.size }, (_, i) => new Int32Array(counts[i]));
      const filled = new Uint32Array(this.size);
      for (let child = 1; child < this.size; child++) {
        const parent = this.parents[child];
        if (this.sums[child * COLUMNS] > 0) this.children[parent][filled[parent]++] = child;
      }
    }
    return this.children[node] ?? new Int32Array(0);
  }

  /** The type that has most of a node. */
  typeOf(node: number): string {
    const { types, typeSums } = this;
    let most = 0;
    for (let type = 1; type < types.length; type++) {
      if (typeSums[node * types.length + type] > typeSums[node * types.length + most]) most = type;
    }
    return types[most] ?? '';
  }

  /** A sum of a node. @param column one of those above, or up to two behind it. */
  sum(node: number, column: number): number {
    return this.sums[node * COLUMNS + column];
  }

  /** What is kept in the node that a node is in, where the sample says so. */
  keptBeside(node: number): readonly string[] | undefined {
    return this.places[this.parents[node]]?.keep;
  }
}
