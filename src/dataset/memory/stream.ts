/** What streams cost: listpacks of entries in a radix tree, groups and their pending entries. */
import type { ValueType } from '../../decoder/rdb/value-type.js';
import { type ElementSink, eachElement } from '../blob-elements.js';
import type { RecordBytes, StringPlace } from '../record-bytes.js';
import type { MemoryModel } from './model.js';
import { RadixTree } from './rax.js';
import type { ValueCost } from './table-values.js';

/** Bytes that a server sets aside for a node that it begins. */
const BEGUN_NODE = 4096;

/** The id of an entry, inexact beyond 2^53 like the numbers it is compared with. */
interface LastEntry {
  readonly ms: number;
  readonly seq: number;
}

/**
 * The id of the last entry of a node, whether it is deleted or not; undefined if the node is not as expected.
 *
 * @param master where the id stands that the entries count from: 16 bytes.
 * @param node where its listpack stands.
 */
function lastEntryOf(
  record: RecordBytes,
  master: StringPlace | undefined,
  node: StringPlace | undefined,
): LastEntry | undefined {
  if (!master || !node) return undefined;
  record.restore(master);
  const id = record.bytes()?.slice();
  record.restore(node);
  const listpack = record.bytes();
  if (!id || !listpack) return undefined;
  const entries = new EntryIds();
  if (!eachElement('listpack', listpack, entries)) return undefined;
  const view = new DataView(id.buffer, id.byteOffset, 16);
  const ms = BigInt.asUintN(64, view.getBigUint64(0) + BigInt(entries.ms));
  const seq = BigInt.asUintN(64, view.getBigUint64(8) + BigInt(entries.seq));
  return { ms: Number(ms), seq: Number(seq) };
}

/** Follows the entries of a node by their counts, to know which of its elements are ids. */
class EntryIds implements ElementSink {
  /** Differences of the last entry from the master entry. */
  ms: number | bigint = 0;
  seq: number | bigint = 0;
  private part: 'count' | 'deleted' | 'fields' | 'skip' | 'flags' | 'ms' | 'seq' | 'own-fields' = 'count';
  private masterFields = 0;
  private left = 0;
  private same = false;

  text(): void {
    this.element(0);
  }

  integer(value: number | bigint): void {
    this.element(value);
  }

  private element(value: number | bigint): void {
    switch (this.part) {
      case 'count':
        this.part = 'deleted';
        return;
      case 'deleted':
        this.part = 'fields';
        return;
      case 'fields':
        this.masterFields = Number(value);
        // The names, and a zero.
        this.skip(this.masterFields + 1);
        return;
      case 'skip':
        if (--this.left <= 0) this.part = 'flags';
        return;
      case 'flags':
        this.same = (Number(value) & SAME_FIELDS) !== 0;
        this.part = 'ms';
        return;
      case 'ms':
        this.ms = value;
        this.part = 'seq';
        return;
      case 'seq':
        this.seq = value;
        // The values and the number of elements of the entry.
        if (this.same) this.skip(this.masterFields + 1);
        else this.part = 'own-fields';
        return;
      case 'own-fields':
        this.skip(2 * Number(value) + 1);
    }
  }

  private skip(count: number): void {
    this.left = count;
    this.part = 'skip';
  }
}

/** A flag of an entry: its fields are those of the master entry. */
const SAME_FIELDS = 2;

/** A producer with its table, and an entry that is remembered of one, about. */
const PRODUCER = 80;
const REMEMBERED = 16;

/** Measures streams for one target. */
export class StreamValues {
  private readonly tree: RadixTree;

  constructor(private readonly model: MemoryModel) {
    this.tree = new RadixTree(model.roundTree);
  }

  /** @param type one of the types of streams: later ones have more fields. */
  stream(bytes: RecordBytes, type: ValueType, cost: ValueCost): void {
    const { model, tree } = this;
    const nodes = bytes.number();
    tree.restart();
    const counters = this.hasCounters(type);
    let sum = this.structOf(type);
    let last = 0;
    let lastMaster: StringPlace | undefined;
    let lastNode: StringPlace | undefined;
    for (let i = 0; i < nodes; i++) {
      if (bytes.string() === 16) {
        const start = bytes.inWindow;
        if (start >= 0) tree.add(bytes.window, start);
        if (i === nodes - 1) lastMaster = bytes.place();
      }
      last = bytes.string();
      if (i < nodes - 1) sum += model.streamNode(last);
      else lastNode = bytes.place();
    }
    sum += this.treeBytes();
    const length = bytes.number();
    const lastId = [bytes.number(), bytes.number()] as const;
    let added = 0;
    let wasDeleted = false;
    if (type.code >= 19) {
      bytes.number();
      bytes.number();
      const deleted = [bytes.number(), bytes.number()] as const;
      wasDeleted = deleted[0] === lastId[0] && deleted[1] === lastId[1];
      added = bytes.number();
    }
    if (nodes > 0) {
      const { room } = this;
      // The node that was begun last may be gone, with all entries in it; the one before it is no larger than it must be.
      const entry = room > 0 && wasDeleted ? lastEntryOf(bytes, lastMaster, lastNode) : undefined;
      const gone = entry !== undefined && (entry.ms !== lastId[0] || entry.seq !== lastId[1]);
      sum += model.streamNode(gone ? last : Math.max(last, room));
    }
    // The first node of a tree that was emptied keeps its size.
    if (nodes === 0 && type.code >= 19 && added > 0 && model.measuresTrees) {
      sum += model.roundTree(32) - model.roundTree(4);
    }
    const groups = bytes.number();
    if (groups > 0) sum += model.nameTree();
    for (let left = groups; left > 0; left--) sum += this.group(bytes, type.code, counters);
    if (type.code >= 26) sum += this.producers(bytes);
    cost.encoding = 'stream';
    cost.elements = length;
    cost.bytes = sum;
  }

  /** Release candidates of 7.0 had the streams of 6.2 still. */
  private hasCounters(type: ValueType | undefined): boolean {
    return (type?.code ?? 0) >= 19 || !this.model.target.asSaved;
  }

  /** The struct of a stream. */
  structOf(type: ValueType | undefined): number {
    const { stream } = this.model.structs;
    return stream - (this.hasCounters(type) || stream < 80 ? 0 : 40);
  }

  /** The tree of a stream with one node. */
  treeOfOne(): number {
    this.tree.restart();
    this.tree.add(new Uint8Array(16), 0);
    return this.treeBytes();
  }

  /** Adds the id at a place to a tree; at 0 it ends, and another one begins. @returns what the tree costs then. */
  addToTree(bytes: Uint8Array, at: number): number {
    if (at > 0) {
      this.tree.add(bytes, at);
      return 0;
    }
    const cost = this.treeBytes();
    this.tree.restart();
    return cost;
  }

  /** Bytes that the last node of a stream takes at least; 0 if nothing is set aside for more entries. */
  get room(): number {
    return this.model.target.asSaved && this.model.reservesNodes ? this.roomOfNode : 0;
  }

  /** Bytes that a node has room for while its server puts entries into it. */
  private get roomOfNode(): number {
    const most = this.model.target.limits.streamNodeBytes;
    return most > 0 ? Math.min(BEGUN_NODE, most) : BEGUN_NODE;
  }

  /** What a stream remembers of those who write each entry once. */
  private producers(bytes: RecordBytes): number {
    bytes.number();
    bytes.number();
    let sum = 0;
    for (let producers = bytes.number(); producers > 0; producers--) {
      sum += PRODUCER + this.model.element(bytes.string());
      for (let entries = bytes.number(); entries > 0; entries--) {
        sum += REMEMBERED + this.model.element(bytes.string());
        bytes.number();
        bytes.number();
      }
    }
    return sum;
  }

  private treeBytes(): number {
    this.tree.finish();
    return this.model.tree(this.tree.keys, this.tree.nodes, this.tree.bytes);
  }

  private group(bytes: RecordBytes, code: number, counters: boolean): number {
    const { model, tree } = this;
    const { structs } = model;
    let sum = structs.group - (counters || structs.group === 32 ? 0 : 8) + model.name(bytes.string());
    bytes.number();
    bytes.number();
    if (code >= 19) bytes.number();
    const pending = bytes.number();
    tree.restart();
    for (let i = 0; i < pending; i++) {
      tree.add(bytes.window, bytes.raw(16));
      bytes.skip(8);
      bytes.number();
    }
    sum += this.treeBytes() + structs.pending * pending + model.pendingByTime(pending);
    const consumers = bytes.number();
    sum += consumers === 0 ? model.emptyNameTree() : model.nameTree();
    for (let left = consumers; left > 0; left--) {
      const name = bytes.string();
      sum += structs.consumer + model.consumerName(name) + model.name(name);
      bytes.skip(code >= 21 ? 16 : 8);
      tree.restart();
      for (let own = bytes.number(); own > 0; own--) tree.add(bytes.window, bytes.raw(16));
      sum += this.treeBytes();
    }
    if (code >= 27) {
      for (let released = bytes.number(); released > 0; released--) bytes.raw(16);
    }
    return sum;
  }
}
