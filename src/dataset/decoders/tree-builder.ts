/** Builds a tree of values as a format tells them one by one, with a stack of its own and within limits. */
import { phrase } from '../../decoder/errors.js';
import { type Limits, type Member, type TreeNode, UndecodableError } from './decoder.js';

interface Open {
  readonly kind: 'object' | 'array';
  readonly type: string;
  readonly start: number;
  readonly text: string | undefined;
  readonly children: Member[];
  /** Values that are still to come, names not counted; infinite where an end mark tells. */
  left: number;
  /** The name of the next value; in an array always undefined. */
  name: string | TreeNode | undefined;
}

/** What is told of a container when it opens. */
export interface Container {
  readonly kind: 'object' | 'array';
  readonly type: string;
  readonly start: number;
  /** Number of values; infinite where an end mark tells. */
  readonly count?: number;
  readonly text?: string;
}

/** Takes values in the order of the bytes. In an object, names and values take turns. */
export class TreeBuilder {
  private readonly stack: Open[] = [];
  private values = 0;
  /** The whole, once it is there. */
  root: TreeNode | undefined;

  constructor(private readonly limits: Limits) {}

  get depth(): number {
    return this.stack.length;
  }

  /** The innermost container that is open. */
  get top(): { readonly kind: 'object' | 'array'; readonly type: string; readonly left: number } | undefined {
    return this.stack[this.stack.length - 1];
  }

  /** True if a name is what comes next. */
  get wantsName(): boolean {
    const top = this.stack[this.stack.length - 1];
    return top?.kind === 'object' && top.name === undefined;
  }

  /** Opens a container; one that is empty by its count closes at once. @param end the byte behind its head. */
  open({ kind, type, start, count = Number.POSITIVE_INFINITY, text }: Container, end: number): void {
    this.count(start);
    if (this.stack.length >= this.limits.depth) {
      throw new UndecodableError(start, phrase('values are nested more than {0} deep', this.limits.depth));
    }
    this.stack.push({ kind, type, start, text, children: [], left: count, name: undefined });
    this.closeFull(end);
  }

  /** A value that holds no other. In an object it is a name where a name comes next. */
  leaf(node: TreeNode): void {
    this.count(node.start);
    this.place(node);
    this.closeFull(node.end);
  }

  /** The name of the next value of an object. */
  name(name: string): void {
    const top = this.stack[this.stack.length - 1];
    if (top) top.name = name;
  }

  /** Closes the innermost container at its end mark. @param end the byte behind it. */
  close(end: number): void {
    const top = this.stack.pop();
    if (!top) return;
    const { kind, type, start, children, text } = top;
    this.place({ kind, type, start, end, children, ...(text === undefined ? {} : { text }) });
    this.closeFull(end);
  }

  private closeFull(end: number): void {
    const top = this.stack[this.stack.length - 1];
    if (top && top.left <= 0) this.close(end);
  }

  private place(node: TreeNode): void {
    const top = this.stack[this.stack.length - 1];
    if (!top) {
      this.root = node;
    } else if (top.kind === 'object' && top.name === undefined) {
      top.name = node;
    } else {
      top.children.push(top.name === undefined ? { value: node } : { name: top.name, value: node });
      top.name = undefined;
      top.left--;
    }
  }

  private count(offset: number): void {
    if (++this.values > this.limits.values) {
      throw new UndecodableError(offset, phrase('it has more than {0} values', this.limits.values));
    }
  }
}

/** Values between two breaks. */
export const SLICE = 4096;
