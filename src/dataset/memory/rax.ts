/** The radix trees that streams keep their ids in: how many nodes one has and what they take, from its sorted keys. */
import type { Allocator } from './allocator.js';

/** Bytes of the keys: an id of a stream. */
const KEY = 16;

/** Measures a radix tree while its keys are given in ascending order. */
export class RadixTree {
  /** Keys. */
  keys = 0;
  nodes = 0;
  /** Bytes of all nodes, rounded by the allocator. */
  bytes = 0;
  private readonly last = new Uint8Array(KEY);
  /** Length of what the last two keys have in common, −1 before there were two. */
  private common = -1;
  /** Nodes with several children that are not whole yet: how deep they stand, and their children. */
  private readonly depths = new Int32Array(KEY + 1);
  private readonly children = new Int32Array(KEY + 1);
  private open = 0;

  constructor(private readonly round: Allocator) {}

  /** Begins anew. */
  restart(): void {
    this.keys = 0;
    this.nodes = 0;
    this.bytes = 0;
    this.common = -1;
    this.open = 0;
  }

  /** Adds a key: the 16 bytes from `at` on. */
  add(bytes: Uint8Array, at: number): void {
    const { last } = this;
    if (this.keys > 0) {
      let common = 0;
      while (common < KEY && bytes[at + common] === last[common]) common++;
      // The same key twice is damage, and no further key.
      if (common === KEY) return;
      this.closeKey(common);
    }
    for (let i = 0; i < KEY; i++) last[i] = bytes[at + i];
    this.keys++;
  }

  /** Counts what is left when all keys are given. */
  finish(): void {
    if (this.keys > 0) this.closeKey(-1);
    else this.node(0, 0, false);
  }

  /** Counts the way to the last key. @param next length of what it has in common with the key behind it. */
  private closeKey(next: number): void {
    const parent = Math.max(this.common, next);
    this.node(0, 0, true);
    this.chain(KEY - (parent + 1));
    if (next > this.common) {
      this.push(next);
    } else {
      this.children[this.open - 1]++;
      while (this.open > 0 && this.depths[this.open - 1] > next) this.closeBranch(next);
    }
    this.common = next;
  }

  private push(depth: number): void {
    this.depths[this.open] = depth;
    this.children[this.open] = 1;
    this.open++;
  }

  private closeBranch(next: number): void {
    this.open--;
    const depth = this.depths[this.open];
    this.node(this.children[this.open], this.children[this.open], false);
    const above = this.open > 0 ? this.depths[this.open - 1] : -1;
    const parent = Math.max(above, next);
    this.chain(depth - (parent + 1));
    if (parent < 0) return;
    if (above === parent) this.children[this.open - 1]++;
    else this.push(parent);
  }

  /** A stretch of bytes without a choice is one node. */
  private chain(length: number): void {
    if (length > 0) this.node(length, 1, false);
  }

  /** @param size bytes of keys in the node. */
  private node(size: number, children: number, key: boolean): void {
    this.nodes++;
    const padded = Math.ceil((4 + size) / 8) * 8;
    this.bytes += this.round(padded === 0 || size === 0 ? (key ? 16 : 4) : padded + 8 * children + (key ? 8 : 0));
  }
}
