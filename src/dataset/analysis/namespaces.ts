/** Where the memory is, by namespace: a tree of the parts of names, with ids folded, of all keys of a filter. */
import { visitNames } from '../names.js';
import { Greatest } from './biggest.js';
import { type NamespaceStep, parseSegment, pathText, segmentText } from './fold.js';
import { type Amount, type AnalysedKeys, type Measure, NO_AMOUNT, typesOf } from './keys.js';
import { BYTES, EXPIRING_KEYS, KEYS, MEMORY, NamespaceNodes, OWN_KEYS, ROOT } from './namespace-nodes.js';
import { namespaceRules } from './namespace-rules.js';

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
  /** The type that has most of it. */
  readonly type: string;
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
  const nodes = new NamespaceNodes(separator, step.value, types, nodeLimit);
  const tree = new NamespaceTree(separator, nodes);
  const pass = visitNames(file.source, index, rows, (bytes, start, end, row) => {
    tree.nameBytes += end - start;
    if (end - start > tree.longest.threshold) tree.longest.offer(row, end - start);
    nodes.add(
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

/** The tree of namespaces: what is in each of them, the greatest first. */
export class NamespaceTree {
  /** Bytes of all names, and the longest of them. */
  nameBytes = 0;
  readonly longest = new Greatest(LONGEST);

  /** @param nodes with all keys counted. */
  constructor(
    readonly separator: string,
    readonly nodes: NamespaceNodes,
  ) {}

  /** Number of namespaces that were told apart. */
  get length(): number {
    return this.nodes.length;
  }

  private step(node: number): NamespaceStep {
    const text = segmentText(this.nodes.segment(node));
    const keep = this.nodes.keptBeside(node);
    return keep ? { text, keep } : { text };
  }

  /** The namespace that a node begins: while it holds only one other and no keys of its own, it is called as that. */
  private namespace(node: number, above: readonly NamespaceStep[]): Namespace & { readonly node: number } {
    const path = [...above, this.step(node)];
    let last = node;
    for (;;) {
      const children = this.nodes.childrenOf(last);
      if (children.length !== 1 || this.nodes.sum(children[0], KEYS) !== this.nodes.sum(last, KEYS)) break;
      last = children[0];
      path.push(this.step(last));
    }
    const children = this.nodes.childrenOf(last).length;
    const label = pathText(path.slice(above.length), this.separator);
    return {
      ...this.nodes.amount(last),
      path,
      label: children > 0 ? label + this.separator : label,
      expiring: this.nodes.amount(last, EXPIRING_KEYS),
      own: this.nodes.amount(last, OWN_KEYS),
      type: this.nodes.typeOf(last),
      children,
      node: last,
    };
  }

  private nodeOf(path: readonly NamespaceStep[]): number {
    let node = ROOT;
    for (const { text } of path) {
      const { bytes, folded } = parseSegment(text);
      node = this.nodes.find(node, bytes, 0, bytes.length, folded);
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
        type: '',
        namespaces: [],
        own: NO_AMOUNT,
        rest: { ...NO_AMOUNT, namespaces: 0 },
      };
    const column = measure === 'keys' ? KEYS : measure === 'bytes' ? BYTES : MEMORY;
    const listed = this.greatest(node, column, limit);
    const own = this.nodes.amount(node, OWN_KEYS);
    const rest = listed.reduce(
      (left, child) => minus(left, this.nodes.amount(child)),
      minus(this.nodes.amount(node), own),
    );
    return {
      ...this.nodes.amount(node),
      path,
      expiring: this.nodes.amount(node, EXPIRING_KEYS),
      type: this.nodes.typeOf(node),
      namespaces: listed.map((child) => {
        const { node: last, ...namespace } = this.namespace(child, path);
        const inner = this.greatest(last, column, innerLimit).map((one) => {
          const { node: _, ...innermost } = this.namespace(one, namespace.path);
          return innermost;
        });
        return { ...namespace, inner };
      }),
      own,
      rest: { ...rest, namespaces: this.nodes.childrenOf(node).length - listed.length },
    };
  }

  private greatest(node: number, column: number, limit: number): number[] {
    if (limit === 0) return [];
    const { nodes } = this;
    return [...this.nodes.childrenOf(node)]
      .sort((a, b) => nodes.sum(b, column) - nodes.sum(a, column) || a - b)
      .slice(0, limit);
  }

  /** The deepest namespaces that hold at least so many keys, for those who look for something in all of them. */
  *leaves(least: number): Generator<Namespace> {
    const stack: { readonly node: number; readonly above: readonly NamespaceStep[] }[] = [
      ...this.nodes.childrenOf(ROOT),
    ].map((node) => ({ node, above: [] }));
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { node, ...namespace } = this.namespace(next.node, next.above);
      if (namespace.keys < least) continue;
      const large = [...this.nodes.childrenOf(node)].filter((child) => this.nodes.sum(child, KEYS) >= least);
      const inLarge = large.reduce((sum, child) => sum + this.nodes.sum(child, KEYS), 0);
      if (large.length > 0 && inLarge >= namespace.keys / 2)
        stack.push(...large.map((child) => ({ node: child, above: namespace.path })));
      else yield namespace;
    }
  }
}

function minus(a: Amount, b: Amount): Amount {
  return { keys: a.keys - b.keys, bytes: a.bytes - b.bytes, memory: a.memory - b.memory };
}
