/** What lists cost: nodes of a quicklist, one listpack, or what lists were before there were quicklists. */
import { type ElementSink, eachElement } from '../blob-elements.js';
import { INTEGER, LZF, type RecordBytes } from '../record-bytes.js';
import { CompactSize } from './compact-size.js';
import { nodeBytes } from './limits.js';
import type { MemoryModel } from './model.js';
import type { ValueCost } from './table-values.js';

/** The most bytes of a node that are opened. */
const OPEN_LIMIT = 64 * 1024 * 1024;
/** Container of a quicklist 2 node that is one element. */
const CONTAINER_PLAIN = 1;
/** Bytes that a node which is limited by entries may have nevertheless. */
const SAFETY_LIMIT = 8192;
/** A listpack grows only up to this size; longer elements become nodes of their own. */
const PLAIN_SINCE = 700;

/** Measures lists for one target. */
export class ListValues implements ElementSink {
  /** The node that elements are put into, as a server fills its nodes. */
  private readonly node = new CompactSize();
  private nodes = 0;
  private nodeBytes = 0;
  private elements = 0;
  private separate = 0;
  private longest = 0;

  /** What a list may have that is one listpack; fewer than any for targets that have no such lists. */
  readonly one: { readonly elements: number; readonly bytes: number };

  constructor(private readonly model: MemoryModel) {
    const { asSaved, limits } = model.target;
    const any = Number.POSITIVE_INFINITY;
    const most = nodeBytes(limits.listSize);
    if (!model.listListpacks) this.one = { elements: -1, bytes: -1 };
    else if (asSaved || most !== undefined) this.one = { elements: any, bytes: asSaved ? any : (most ?? any) };
    else this.one = { elements: limits.listSize, bytes: SAFETY_LIMIT };
  }

  /** A quicklist. @param containers true if each node says what it is. @param count number of elements if known. */
  quicklist(bytes: RecordBytes, containers: boolean, count: number, cost: ValueCost): void {
    const { model } = this;
    if (!this.keeps(containers)) {
      this.refill(bytes, containers ? 'quicklist2' : 'quicklist', cost);
      return;
    }
    const nodes = bytes.number();
    const depth = model.target.limits.listCompressDepth;
    this.elements = 0;
    let sum = 0;
    let packed = 0;
    let blob = 0;
    for (let i = 0; i < nodes; i++) {
      const plain = containers && bytes.number() === CONTAINER_PLAIN;
      const length = bytes.string();
      const inner = depth > 0 && i >= depth && i < nodes - depth && bytes.kind === LZF;
      if (!plain) packed++;
      if (count < 0) this.countNode(bytes, plain, containers);
      blob = length;
      sum += inner ? model.compressedNode(bytes.stored) : model.quicklistNode(length);
    }
    cost.elements = count < 0 ? this.elements : count;
    const { one } = this;
    if (nodes === 1 && packed === 1 && blob <= one.bytes && count <= one.elements) {
      cost.encoding = 'listpack';
      cost.bytes = model.blob(blob);
    } else {
      cost.encoding = 'quicklist';
      cost.bytes = model.structs.quicklist + sum;
    }
  }

  /** Counts the elements of a node, in a list with a node that is too large to say it. */
  private countNode(bytes: RecordBytes, plain: boolean, containers: boolean): void {
    const blob = plain ? undefined : bytes.bytes(OPEN_LIMIT);
    if (!blob) {
      this.elements++;
      return;
    }
    this.node.restart(true);
    eachElement(containers ? 'listpack' : 'ziplist', blob, this.node);
    this.elements += this.node.entries;
  }

  /** True if the nodes of a quicklist stay as they are in the file. @param containers true if each says what it is. */
  keeps(containers: boolean): boolean {
    return this.model.quicklists && this.model.listpacks === containers;
  }

  /** A list of elements one by one, or in one ziplist. */
  plain(bytes: RecordBytes, form: 'elements' | 'ziplist', cost: ValueCost): void {
    const { model } = this;
    const { asSaved } = model.target;
    if (asSaved && form === 'ziplist' && !model.quicklists) {
      cost.encoding = 'ziplist';
      cost.bytes = model.blob(bytes.string());
      return;
    }
    this.refill(bytes, form, cost);
  }

  /** Puts the elements into nodes as the target does. */
  private refill(bytes: RecordBytes, form: 'elements' | 'ziplist' | 'quicklist' | 'quicklist2', cost: ValueCost): void {
    this.nodes = 0;
    this.nodeBytes = 0;
    this.elements = 0;
    this.separate = 0;
    this.longest = 0;
    this.node.restart(this.model.listpacks);
    const count = form === 'ziplist' ? 1 : bytes.number();
    for (let i = 0; i < count; i++) {
      const plain = form === 'elements' || (form === 'quicklist2' && bytes.number() === CONTAINER_PLAIN);
      const length = bytes.string();
      if (plain && bytes.kind === INTEGER) {
        this.integer(bytes.integer);
        continue;
      }
      const text = bytes.bytes(OPEN_LIMIT);
      if (!text) this.add(length);
      else if (plain) this.text(text, 0, text.length);
      else eachElement(form === 'quicklist2' ? 'listpack' : 'ziplist', text, this);
    }
    this.close(form === 'elements', cost);
  }

  text(bytes: Uint8Array, start: number, end: number): void {
    const before = this.before(end - start);
    if (!before) this.node.text(bytes, start, end);
    this.after(end - start);
  }

  integer(value: number | bigint): void {
    const length = String(value).length;
    if (!this.before(length)) this.node.integer(value);
    this.after(length);
  }

  private add(length: number): void {
    if (!this.before(length)) this.node.add(length);
    this.after(length);
  }

  /** Makes room for an element. @returns true if it has become a node of its own. */
  private before(length: number): boolean {
    const { model, node } = this;
    if (!model.quicklists) return false;
    const { listSize } = model.target.limits;
    const most = nodeBytes(listSize) ?? SAFETY_LIMIT;
    if (model.target.level >= PLAIN_SINCE && length >= most) {
      if (node.entries > 0) this.closeNode();
      this.nodes++;
      this.nodeBytes += model.quicklistNode(length);
      return true;
    }
    const entries = listSize > 0 ? listSize : Number.POSITIVE_INFINITY;
    if (node.entries > 0 && (node.bytes + length + 8 > most || node.entries >= entries)) this.closeNode();
    return false;
  }

  private after(length: number): void {
    this.elements++;
    if (length > this.longest) this.longest = length;
    if (!this.model.quicklists) this.separate += this.model.listNode(length);
  }

  private closeNode(): void {
    this.nodes++;
    this.nodeBytes += this.model.quicklistNode(this.node.bytes);
    this.node.restart(this.model.listpacks);
  }

  private close(separate: boolean, cost: ValueCost): void {
    const { model, node } = this;
    const { asSaved, limits } = model.target;
    cost.elements = this.elements;
    if (!model.quicklists) {
      const small = this.elements <= limits.listEntries && this.longest <= limits.listValue;
      const compact = asSaved ? !separate : small;
      cost.encoding = compact ? 'ziplist' : 'linkedlist';
      cost.bytes = compact ? model.blob(node.bytes) : model.linkedList + this.separate;
      return;
    }
    if (model.listListpacks && this.nodes === 0) {
      cost.encoding = 'listpack';
      cost.bytes = model.blob(node.bytes);
      return;
    }
    if (node.entries > 0) this.closeNode();
    cost.encoding = 'quicklist';
    cost.bytes = model.structs.quicklist + this.nodeBytes;
  }
}
