/** The tree of a view: folders that were opened, and the rows that follow from it. */
import type { KeyIndex } from '../dataset/key-index.js';
import { type Rows, visitNames } from '../dataset/names.js';
import { type Folder, type FolderContent, type FolderOrder, folderContent } from '../dataset/namespaces.js';
import { type KeySort, sortRows } from '../dataset/sort.js';
import { compareBytes } from '../decoder/bytes.js';
import type { ByteSource } from '../decoder/source.js';

/** A folder that is open, or the root. */
interface Node {
  readonly path: Uint8Array;
  readonly depth: number;
  content: FolderContent;
  /** The keys in it, in the order of the view. */
  readonly keys: Uint32Array;
  /** Folders of it that are open, by position. */
  readonly open: Map<number, Node>;
  readonly number: number;
}

/** A row of the tree. */
export type TreeRow =
  | { readonly kind: 'key'; readonly row: number; readonly depth: number; readonly pathLength: number }
  | {
      readonly kind: 'folder';
      readonly id: number;
      readonly folder: Folder;
      readonly depth: number;
      readonly expanded: boolean;
    }
  | {
      readonly kind: 'rest';
      readonly depth: number;
      readonly keys: number;
      readonly bytes: number;
      readonly memory: number;
    };

/** Folders of a node are numbered below this; the id of a folder is that of its node times this, plus its position. */
const ID_STEP = 1 << 21;

/** What a tree is made of. */
export interface TreeSource {
  readonly source: ByteSource;
  readonly index: KeyIndex;
  /** All keys of the view, ascending. */
  readonly rows: Rows;
  readonly separator: Uint8Array;
  readonly folderOrder: FolderOrder;
  readonly sort: KeySort;
}

/** A tree that is open somewhere. */
export class Tree {
  /** By number; closed folders are let go, and their numbers not used again. */
  private readonly nodes = new Map<number, Node>();
  private nextNumber = 0;

  private constructor(private readonly from: TreeSource) {}

  /** Reads the root. Yields how many of the rows are done. */
  static *make(from: TreeSource): Generator<number, Tree> {
    const tree = new Tree(from);
    yield* tree.read(new Uint8Array(0), 0);
    return tree;
  }

  private *read(path: Uint8Array, depth: number): Generator<number, Node> {
    const { source, index, rows, separator, folderOrder, sort } = this.from;
    const content = yield* folderContent(source, index, rows, path, separator, folderOrder);
    const keys = (yield* sortRows(source, index, content.keys, sort)) ?? content.keys;
    const node = { path, depth, content, keys, open: new Map<number, Node>(), number: this.nextNumber++ };
    this.nodes.set(node.number, node);
    return node;
  }

  /** Opens or closes a folder. Yields how many of the rows are done. */
  *setExpanded(id: number, expanded: boolean): Generator<number> {
    const node = this.nodes.get(Math.floor(id / ID_STEP));
    const position = id % ID_STEP;
    if (!node || position >= node.content.folders.length) return;
    if (!expanded) {
      const closed = node.open.get(position);
      node.open.delete(position);
      if (closed) this.forget(closed);
    } else if (!node.open.has(position)) {
      node.open.set(position, yield* this.read(pathOf(node, position), node.depth + 1));
    }
  }

  /** Counts the folders again that are open: what their keys cost has become known. Their order stays. */
  *recount(): Generator<number> {
    const { source, index, rows, separator, folderOrder } = this.from;
    for (const node of [...this.nodes.values()]) {
      node.content = yield* folderContent(source, index, rows, node.path, separator, folderOrder);
    }
  }

  private forget(node: Node): void {
    this.nodes.delete(node.number);
    for (const child of node.open.values()) this.forget(child);
  }

  /** The keys in folders, however deep; undefined now and then while others are passed over. */
  *keysUnder(ids: readonly number[]): Generator<number | undefined> {
    const paths = ids.flatMap((id): Uint8Array[] => {
      const node = this.nodes.get(Math.floor(id / ID_STEP));
      return node && id % ID_STEP < node.content.folders.length ? [pathOf(node, id % ID_STEP)] : [];
    });
    if (paths.length === 0) return;
    const { source, index, rows } = this.from;
    let found: number[] = [];
    const starts = new PathSet(paths);
    for (const _ of visitNames(source, index, rows, (bytes, start, end, row) => {
      if (starts.holdsStartOf(bytes, start, end)) found.push(row);
    })) {
      yield undefined;
      yield* found;
      found = [];
    }
    yield* found;
  }

  /** Number of rows that are visible. */
  get total(): number {
    return this.root ? sizeOf(this.root) : 0;
  }

  private get root(): Node | undefined {
    return this.nodes.get(0);
  }

  /** The visible rows from a position on. */
  rows(from: number, count: number): TreeRow[] {
    const rows: TreeRow[] = [];
    if (this.root) collect(this.root, from, from + count, 0, rows);
    return rows;
  }

  /** The position of a key, after its folders have been opened; undefined if it is not in the tree. */
  *locate(row: number, folders: readonly Uint8Array[]): Generator<number, number | undefined> {
    let node = this.root;
    if (!node) return undefined;
    let before = 0;
    for (const path of folders) {
      const name = path.subarray(node.path.length);
      const position = findFolder(node, name);
      if (position === undefined) return undefined;
      yield* this.setExpanded(node.number * ID_STEP + position, true);
      before += position + 1;
      for (const [at, child] of node.open) if (at < position) before += sizeOf(child);
      node = node.open.get(position) as Node;
    }
    const at = node.keys.indexOf(row);
    if (at < 0) return undefined;
    return before + sizeOf(node) - node.keys.length + at;
  }
}

/** The bytes with which all keys in a folder begin. */
function pathOf(node: Node, position: number): Uint8Array {
  const { name } = node.content.folders.at(position);
  const path = new Uint8Array(node.path.length + name.length);
  path.set(node.path);
  path.set(name, node.path.length);
  return path;
}

/** Some starts of names: tells whether a name begins with one of them, however many there are. */
class PathSet {
  private readonly paths: readonly Uint8Array[];

  constructor(paths: readonly Uint8Array[]) {
    // A folder within another that is chosen adds nothing; without those, only the nearest before a name can be its start.
    const kept: Uint8Array[] = [];
    for (const path of [...paths].sort(compareBytes)) {
      const last = kept.at(-1);
      if (!last || !startsWith(path, 0, path.length, last)) kept.push(path);
    }
    this.paths = kept;
  }

  holdsStartOf(bytes: Uint8Array, start: number, end: number): boolean {
    let low = 0;
    let high = this.paths.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareTo(this.paths[middle], bytes, start, end) <= 0) low = middle + 1;
      else high = middle;
    }
    // A key that is called like the folder stands beside it.
    return low > 0 && startsWith(bytes, start, end - 1, this.paths[low - 1]);
  }
}

function startsWith(bytes: Uint8Array, start: number, end: number, path: Uint8Array): boolean {
  if (end - start < path.length) return false;
  for (let i = 0; i < path.length; i++) if (bytes[start + i] !== path[i]) return false;
  return true;
}

/** Compares bytes with a stretch of others. */
function compareTo(path: Uint8Array, bytes: Uint8Array, start: number, end: number): number {
  const length = Math.min(path.length, end - start);
  for (let i = 0; i < length; i++) if (path[i] !== bytes[start + i]) return path[i] - bytes[start + i];
  return path.length - (end - start);
}

function findFolder(node: Node, name: Uint8Array): number | undefined {
  const { folders } = node.content;
  for (let position = 0; position < folders.length; position++) {
    if (compareBytes(folders.at(position).name, name) === 0) return position;
  }
  return undefined;
}

const hasRest = (node: Node) => (node.content.restKeys > 0 ? 1 : 0);

/** Visible rows of a node: its folders, what is open in them, its keys. */
function sizeOf(node: Node): number {
  let size = node.content.folders.length + hasRest(node) + node.keys.length;
  for (const child of node.open.values()) size += sizeOf(child);
  return size;
}

/**
 * Puts the rows of a node whose positions are from `from` to before `to` into `rows`.
 *
 * @param at position of the first row of the node.
 * @returns the position behind its last row.
 */
function collect(node: Node, from: number, to: number, at: number, rows: TreeRow[]): number {
  const { folders, restKeys, restBytes, restMemory } = node.content;
  let here = at;
  let position = 0;
  const addFolders = (behind: number) => {
    const first = Math.max(position, position + from - here);
    for (let i = first; i < behind && here + i - position < to; i++) {
      const expanded = node.open.has(i);
      rows.push({ kind: 'folder', id: node.number * ID_STEP + i, folder: folders.at(i), depth: node.depth, expanded });
    }
    here += behind - position;
    position = behind;
  };
  for (const [open, child] of [...node.open].sort(([a], [b]) => a - b)) {
    addFolders(open + 1);
    const size = sizeOf(child);
    if (here < to && here + size > from) collect(child, from, to, here, rows);
    here += size;
  }
  addFolders(folders.length);
  if (hasRest(node)) {
    if (here >= from && here < to) {
      rows.push({ kind: 'rest', depth: node.depth, keys: restKeys, bytes: restBytes, memory: restMemory });
    }
    here++;
  }
  for (let i = Math.max(0, from - here); i < node.keys.length && here + i < to; i++) {
    rows.push({ kind: 'key', row: node.keys[i], depth: node.depth, pathLength: node.path.length });
  }
  return here + node.keys.length;
}
