/** Where the memory is, by namespace: a tree of the parts of names, with ids folded, of all keys of a filter. */
import { parseDisplayText } from '../../format/display.js';
import { visitNames } from '../names.js';
import { Greatest } from './biggest.js';
import {
  DEPTH_LIMIT,
  foldSegment,
  type NamespaceStep,
  parseSegment,
  pathText,
  type Segment,
  segmentEnd,
  segmentText,
} from './fold.js';
import { type Amount, type AnalysedKeys, type Measure, NO_AMOUNT, typesOf } from './keys.js';
import { type NamespacePlace, namespaceRules } from './namespace-rules.js';

/** A namespace, and what is in it. */
export interface Namespace extends Amount {
  /** From the root of the tree. */
  readonly path: readonly NamespaceStep[];
  /** As it is shown below the level that it is in. */
  readonly label: string;
  /** Keys in it that expire. */
  readonly expiring: Amount;
  /** Keys whose names end with it. */
  readonly own: Amount;
  /** The type that has most of it. */
  readonly type: string;
  /** Namespaces in it. */
  readonly children: number;
}

/** A level of the tree. */
export interface NamespaceLevel extends Amount {
  readonly path: readonly NamespaceStep[];
  readonly expiring: Amount;
  /** The greatest namespaces, by the measure that was asked for, each with the greatest in it. */
  readonly namespaces: readonly (Namespace & { readonly inner: readonly Namespace[] })[];
  /** Keys whose names end here. */
  readonly own: Amount;
  /** What is in namespaces that are not listed, and how many these are; those too many to be told apart count as one. */
  readonly rest: Amount & { readonly namespaces: number };
}

/** The part of the work that finds the rules. */
const RULES_PART = 0.1;
/** Namespaces that are told apart; keys in further ones count for what they are in. */
const NODE_LIMIT = 1 << 16;
/** Keys with long names that are kept. */
const LONGEST = 1000;

/** Counts all keys by namespace. Yields between 0 and 1, how much is done. */
export function* namespaceTree(
  keys: AnalysedKeys,
  separator: string,
  nodeLimit = NODE_LIMIT,
): Generator<number, NamespaceTree> {
  const finding = namespaceRules(keys, separator);
  let step = finding.next();
  for (; !step.done; step = finding.next()) yield step.value * RULES_PART;
  const { index, rows, memory, file } = keys;
  const { types, typeOfKind } = typesOf(index);
  const tree = new NamespaceTree(separator, step.value, types, nodeLimit);
  const pass = visitNames(file.source, index, rows, (bytes, start, end, row) => {
    tree.nameBytes += end - start;
    if (end - start > tree.longest.threshold) tree.longest.offer(row, end - start);
    tree.add(
      bytes,
      start,
      end,
      index.size(row),
      memory ? memory(row) : 0,
      !Number.isNaN(index.expireAt(row)),
      typeOfKind[index.kind(row)],
    );
  });
  for (const done of pass) yield RULES_PART + ((1 - RULES_PART) * done) / Math.max(1, rows.length);
  return tree;
}

const ROOT = 0;
const COLUMNS = 9;
const KEYS = 0;
const BYTES = 1;
const MEMORY = 2;
const EXPIRING_KEYS = 3;
const OWN_KEYS = 6;

/** The tree: nodes in columns, found by a hash of parent and part. */
export class NamespaceTree {
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
  /** Bytes of all names, and the longest of them. */
  nameBytes = 0;
  readonly longest = new Greatest(LONGEST);

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

  private find(parent: number, bytes: Uint8Array, start: number, length: number, folded: boolean): number {
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

  private segment(node: number): Segment {
    const start = this.starts[node];
    return { bytes: this.arena.slice(start, start + this.lengths[node]), folded: this.folded[node] === 1 };
  }

  // What the tree tells.

  /** Number of namespaces that were told apart. */
  get length(): number {
    return this.size - 1;
  }

  private amount(node: number, column = KEYS): Amount {
    const at = node * COLUMNS + column;
    const { sums } = this;
    return { keys: sums[at], bytes: sums[at + 1], memory: sums[at + 2] };
  }

  private childrenOf(node: number): Int32Array {
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

  private step(node: number): NamespaceStep {
    const text = segmentText(this.segment(node));
    const keep = this.places[this.parents[node]]?.keep;
    return keep ? { text, keep } : { text };
  }

  /** The namespace that a node begins: while it holds only one other and no keys of its own, it is called as that. */
  private namespace(node: number, above: readonly NamespaceStep[]): Namespace & { readonly node: number } {
    const path = [...above, this.step(node)];
    let last = node;
    for (;;) {
      const children = this.childrenOf(last);
      if (children.length !== 1 || this.sums[children[0] * COLUMNS] !== this.sums[last * COLUMNS]) break;
      last = children[0];
      path.push(this.step(last));
    }
    const children = this.childrenOf(last).length;
    const label = pathText(path.slice(above.length), this.separator);
    return {
      ...this.amount(last),
      path,
      label: children > 0 ? label + this.separator : label,
      expiring: this.amount(last, EXPIRING_KEYS),
      own: this.amount(last, OWN_KEYS),
      type: this.typeOf(last),
      children,
      node: last,
    };
  }

  private typeOf(node: number): string {
    const { types, typeSums } = this;
    let most = 0;
    for (let type = 1; type < types.length; type++) {
      if (typeSums[node * types.length + type] > typeSums[node * types.length + most]) most = type;
    }
    return types[most] ?? '';
  }

  private nodeOf(path: readonly NamespaceStep[]): number {
    let node = ROOT;
    for (const { text } of path) {
      const { bytes, folded } = parseSegment(text);
      node = this.find(node, bytes, 0, bytes.length, folded);
      if (node < 0) return -1;
    }
    return node;
  }

  /**
   * What is in a namespace.
   *
   * @param path from the root; one that does not exist has nothing in it.
   * @param limit the most namespaces that are listed, and `innerLimit` in each of them.
   */
  level(path: readonly NamespaceStep[], measure: Measure, limit: number, innerLimit = 0): NamespaceLevel {
    const node = this.nodeOf(path);
    if (node < 0)
      return {
        ...NO_AMOUNT,
        path,
        expiring: NO_AMOUNT,
        namespaces: [],
        own: NO_AMOUNT,
        rest: { ...NO_AMOUNT, namespaces: 0 },
      };
    const column = measure === 'keys' ? KEYS : measure === 'bytes' ? BYTES : MEMORY;
    const listed = this.greatest(node, column, limit);
    const own = this.amount(node, OWN_KEYS);
    const rest = listed.reduce((left, child) => minus(left, this.amount(child)), minus(this.amount(node), own));
    return {
      ...this.amount(node),
      path,
      expiring: this.amount(node, EXPIRING_KEYS),
      namespaces: listed.map((child) => {
        const { node: last, ...namespace } = this.namespace(child, path);
        const inner = this.greatest(last, column, innerLimit).map((one) => {
          const { node: _, ...innermost } = this.namespace(one, namespace.path);
          return innermost;
        });
        return { ...namespace, inner };
      }),
      own,
      rest: { ...rest, namespaces: this.childrenOf(node).length - listed.length },
    };
  }

  private greatest(node: number, column: number, limit: number): number[] {
    if (limit === 0) return [];
    const { sums } = this;
    return [...this.childrenOf(node)]
      .sort((a, b) => sums[b * COLUMNS + column] - sums[a * COLUMNS + column] || a - b)
      .slice(0, limit);
  }

  /** The deepest namespaces that hold at least so many keys, for those who look for something in all of them. */
  *leaves(least: number): Generator<Namespace> {
    const stack: { readonly node: number; readonly above: readonly NamespaceStep[] }[] = [...this.childrenOf(ROOT)].map(
      (node) => ({ node, above: [] }),
    );
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { node, ...namespace } = this.namespace(next.node, next.above);
      if (namespace.keys < least) continue;
      const large = [...this.childrenOf(node)].filter((child) => this.sums[child * COLUMNS] >= least);
      const inLarge = large.reduce((sum, child) => sum + this.sums[child * COLUMNS], 0);
      if (large.length > 0 && inLarge >= namespace.keys / 2)
        stack.push(...large.map((child) => ({ node: child, above: namespace.path })));
      else yield namespace;
    }
  }
}

function minus(a: Amount, b: Amount): Amount {
  return { keys: a.keys - b.keys, bytes: a.bytes - b.bytes, memory: a.memory - b.memory };
}
