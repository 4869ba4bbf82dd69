/** What streams cost: listpacks of entries in a radix tree, groups and their pending entries. */
import type { ValueType } from '../../decoder/rdb/value-type.js';
import type { RecordBytes } from '../record-bytes.js';
import type { MemoryModel } from './model.js';
import { RadixTree } from './rax.js';
import type { ValueCost } from './table-values.js';

/** Bytes that a server sets aside for a node that it begins. */
const BEGUN_NODE = 4096;

/** Measures streams for one target. */
export class StreamValues {
  private readonly tree: RadixTree;

  constructor(private readonly model: MemoryModel) {
    this.tree = new RadixTree(model.roundTree);
  }

  /** @param type one of the types of streams: later ones have more fields. */
  stream(bytes: RecordBytes, type: ValueType, cost: ValueCost): void {
    const { model, tree } = this;
    const { structs } = model;
    const nodes = bytes.number();
    tree.restart();
    let sum = structs.stream;
    for (let i = 0; i < nodes; i++) {
      const id = bytes.string();
      if (id === 16) {
        const own = bytes.bytes();
        if (own) tree.add(own, 0);
      }
      sum += this.node(bytes.string(), i === nodes - 1);
    }
    sum += this.treeBytes();
    const length = bytes.number();
    // The last id; then the first one, the highest deleted one, entries added.
    for (let left = 2 + (type.code >= 19 ? 5 : 0); left > 0; left--) bytes.number();
    for (let groups = bytes.number(); groups > 0; groups--) sum += this.group(bytes, type.code);
    cost.encoding = 'stream';
    cost.elements = length;
    cost.bytes = sum;
  }

  /** A node; the last one has room for more entries while its server runs. */
  private node(length: number, last: boolean): number {
    const { model } = this;
    const { asSaved, limits, level } = model.target;
    const begun = Math.min(BEGUN_NODE, limits.streamNodeBytes > 0 ? limits.streamNodeBytes : BEGUN_NODE);
    const reserved = last && asSaved && level >= RESERVED_SINCE && model.reservesNodes;
    return model.streamNode(reserved ? Math.max(length, begun) : length);
  }

  private treeBytes(): number {
    this.tree.finish();
    return this.model.tree(this.tree.keys, this.tree.nodes, this.tree.bytes);
  }

  private group(bytes: RecordBytes, code: number): number {
    const { model, tree } = this;
    const { structs } = model;
    bytes.string();
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
    let sum = structs.group + this.treeBytes() + structs.pending * pending;
    for (let consumers = bytes.number(); consumers > 0; consumers--) {
      sum += structs.consumer + bytes.string();
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

/** The first level whose servers set bytes aside. */
const RESERVED_SINCE = 602;
