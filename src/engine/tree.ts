/** The tree of a view: folders that were opened, and the rows that follow from it. It can take in more keys. */
import type { KeyIndex } from '../dataset/key-index.js';
import { type Rows, visitNames } from '../dataset/names.js';
import {
  FOLDER_LIMIT,
  type Folder,
  type FolderCounter,
  type FolderOrder,
  folderContent,
} from '../dataset/namespaces.js';
import { type KeySort, sortRows } from '../dataset/sort.js';
import { compareBytes } from '../decoder/bytes.js';
import type { ByteSource } from '../decoder/source.js';

/** A folder that is open, or the root. */
interface Node {
  readonly path: Uint8Array;
  readonly depth: number;
  content: FolderCounter;
  /** Keys and bytes in folders that are not listed, as they are shown. */
  rest: Rest;
  /** The keys in it, in the order of the view. */
  keys: Uint32Array;
  /** Folders of it that are open, by their numbers. */
  readonly open: Map<number, Node>;
  readonly number: number;
  /** The node that it is in, and its number there; undefined for the root. */
  readonly within: { readonly node: Node; readonly folder: number } | undefined;
}

interface Rest {
  readonly keys: number;
  readonly bytes: number;
  readonly memory: number;
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
  | ({ readonly kind: 'rest'; readonly depth: number } & Rest);

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

/** Numbers of nodes are those of one tree only: an id that was told of another one, or of a closed folder, is none. */
let nextNumber = 0;

/** A tree that is open somewhere. The id of a folder is the number of its node times {@link FOLDER_LIMIT}, plus its own. */
export class Tree {
  /** By number; closed folders are let go. */
  private readonly nodes = new Map<number, Node>();
  private root: Node | undefined;
  /** All keys that were taken in. */
  private all: Rows;
  /** True while something changes it. */
  private busy = false;

  private constructor(private readonly from: TreeSource) {
    this.all = from.rows;
  }

  /** Reads the root. Yields how many of the rows are done. */
  static *make(from: TreeSource): Generator<number, Tree> {
    const tree = new Tree(from);
    tree.root = yield* tree.read(new Uint8Array(0), 0, undefined);
    return tree;
  }

  private *read(path: Uint8Array, depth: number, within: Node['within']): Generator<number, Node> {
    const { source, index, separator, folderOrder } = this.from;
    const content = yield* folderContent(source, index, this.all, path, separator, folderOrder);
    const keys = yield* this.sorted(content.keys);
    const node: Node = {
      ...{ path, depth, content, keys, within, rest: restOf(content) },
      ...{ open: new Map<number, Node>(), number: nextNumber++ },
    };
    this.nodes.set(node.number, node);
    return node;
  }

  private *sorted(keys: Uint32Array): Generator<number, Uint32Array> {
    const { source, index, sort } = this.from;
    return (yield* sortRows(source, index, keys, sort)) ?? keys;
  }

  /** Does what changes the tree, one thing after the other; what has begun is done whole, also if it is given up. */
  private *alone<Result>(work: Generator<number, Result>): Generator<number, Result> {
    while (this.busy) yield 0;
    this.busy = true;
    let step: IteratorResult<number, Result> | undefined;
    try {
      for (step = work.next(); !step.done; step = work.next()) yield step.value;
      return step.value;
    } finally {
      while (step && !step.done) step = work.next();
      this.busy = false;
    }
  }

  /**
   * Takes in more keys: only their names are read, and only what they are in is put in order anew. What is open stays
   * so, and folders keep their ids. Yields how many of the new rows are done.
   *
   * @param rows all keys of the view, ascending: first those that it has.
   */
  *add(rows: Rows): Generator<number, Tree> {
    yield* this.alone(this.takeIn(rows));
    return this;
  }

  private *takeIn(rows: Rows): Generator<number> {
    const { root } = this;
    const { source, index, folderOrder } = this.from;
    const known = this.all.length;
    if (!root || rows.length === known) return;
    this.all = rows;
    const added: Rows = { length: rows.length - known, at: (i) => rows.at(known + i) };
    const changed = new Set<Node>();
    yield* visitNames(source, index, added, (bytes, start, end, row) => {
      for (let node: Node | undefined = root; node; ) {
        changed.add(node);
        const folder: number = node.content.take(bytes, start, end, row);
        node = folder < 0 ? undefined : node.open.get(folder);
      }
    });
    const keys = new Map<Node, Uint32Array>();
    for (const node of changed) {
      if (node.content.keys.length > node.keys.length) keys.set(node, yield* this.sorted(node.content.keys));
      for (const _ of node.content.sort(folderOrder)) yield rows.length;
    }
    for (const node of changed) {
      node.keys = keys.get(node) ?? node.keys;
      node.rest = restOf(node.content);
    }
  }

  /** Opens or closes a folder. Yields how many of the rows are done. */
  setExpanded(id: number, expanded: boolean): Generator<number> {
    return this.alone(this.expand(id, expanded));
  }

  private *expand(id: number, expanded: boolean): Generator<number> {
    const place = this.folderOf(id);
    if (!place) return;
    const { node, folder } = place;
    if (!expanded) {
      const closed = node.open.get(folder);
      node.open.delete(folder);
      if (closed) this.forget(closed);
    } else if (!node.open.has(folder)) {
      node.open.set(folder, yield* this.read(pathOf(place), node.depth + 1, place));
    }
  }

  /** The folder of an id; undefined if it is not in the tree. */
  private folderOf(id: number): { readonly node: Node; readonly folder: number } | undefined {
    const node = this.nodes.get(Math.floor(id / FOLDER_LIMIT));
    const folder = id % FOLDER_LIMIT;
    return node && node.content.folders.positionOf(folder) >= 0 ? { node, folder } : undefined;
  }

  /** Counts the folders again that are open: what their keys cost has become known. Their order stays. */
  recount(): Generator<number> {
    return this.alone(this.countAgain());
  }

  private *countAgain(): Generator<number> {
    const { source, index, separator, folderOrder } = this.from;
    for (const node of [...this.nodes.values()]) {
      // The same keys in the same order give folders the same numbers.
      node.content = yield* folderContent(source, index, this.all, node.path, separator, folderOrder);
      node.rest = restOf(node.content);
    }
  }

  private forget(node: Node): void {
    this.nodes.delete(node.number);
    for (const child of node.open.values()) this.forget(child);
  }

  /** The keys in folders, however deep; undefined now and then while others are passed over. */
  *keysUnder(ids: readonly number[]): Generator<number | undefined> {
    const paths = ids.flatMap((id): Uint8Array[] => {
      const place = this.folderOf(id);
      return place ? [pathOf(place)] : [];
    });
    if (paths.length === 0) return;
    const { source, index } = this.from;
    let found: number[] = [];
    const starts = new PathSet(paths);
    for (const _ of visitNames(source, index, this.all, (bytes, start, end, row) => {
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

  /** The visible rows from a position on. */
  rows(from: number, count: number): TreeRow[] {
    const rows: TreeRow[] = [];
    if (this.root) collect(this.root, from, from + count, 0, rows);
    return rows;
  }

  /** The position of a key, after its folders have been opened; undefined if it is not in the tree. */
  locate(row: number, folders: readonly Uint8Array[]): Generator<number, number | undefined> {
    return this.alone(this.open(row, folders));
  }

  private *open(row: number, folders: readonly Uint8Array[]): Generator<number, number | undefined> {
    let node = this.root;
    for (const path of node ? folders : []) {
      const folder = node ? node.content.folders.find(path, node.path.length, path.length) : -1;
      if (!node || folder < 0) return undefined;
      yield* this.expand(node.number * FOLDER_LIMIT + folder, true);
      node = node.open.get(folder);
    }
    return node && positionOfKey(node, row);
  }

  /** The position of a key as the tree is open; undefined if it cannot be seen. @param folders that it is in. */
  positionOf(row: number, folders: readonly Uint8Array[]): number | undefined {
    let node = this.root;
    for (const path of folders) {
      node = node?.open.get(node.content.folders.find(path, node.path.length, path.length));
    }
    return node && positionOfKey(node, row);
  }

  /** The position of a folder; undefined if it cannot be seen. */
  positionOfFolder(id: number): number | undefined {
    const place = this.folderOf(id);
    return place && positionIn(place);
  }
}

function restOf({ restKeys, restBytes, restMemory }: FolderCounter): Rest {
  return { keys: restKeys, bytes: restBytes, memory: restMemory };
}

/** The position of a key that is in a node itself. */
function positionOfKey(node: Node, row: number): number | undefined {
  const at = node.keys.indexOf(row);
  if (at < 0) return undefined;
  const first = node.within ? positionIn(node.within) + 1 : 0;
  return first + sizeOf(node) - node.keys.length + at;
}

/** The position of a folder of a node. */
function positionIn({ node, folder }: NonNullable<Node['within']>): number {
  const { folders } = node.content;
  const position = folders.positionOf(folder);
  let before = (node.within ? positionIn(node.within) + 1 : 0) + position;
  for (const [other, child] of node.open) if (folders.positionOf(other) < position) before += sizeOf(child);
  return before;
}

/** The bytes with which all keys in a folder begin. */
function pathOf({ node, folder }: NonNullable<Node['within']>): Uint8Array {
  const { folders } = node.content;
  const { name } = folders.at(folders.positionOf(folder));
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

const hasRest = (node: Node) => (node.rest.keys > 0 ? 1 : 0);

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
  const { folders } = node.content;
  let here = at;
  let position = 0;
  const addFolders = (behind: number) => {
    const first = Math.max(position, position + from - here);
    for (let i = first; i < behind && here + i - position < to; i++) {
      const number = folders.numberAt(i);
      const id = node.number * FOLDER_LIMIT + number;
      rows.push({ kind: 'folder', id, folder: folders.at(i), depth: node.depth, expanded: node.open.has(number) });
    }
    here += behind - position;
    position = behind;
  };
  const open = [...node.open].map(([number, child]) => ({ position: folders.positionOf(number), child }));
  for (const { position: opened, child } of open.sort((a, b) => a.position - b.position)) {
    addFolders(opened + 1);
    const size = sizeOf(child);
    if (here < to && here + size > from) collect(child, from, to, here, rows);
    here += size;
  }
  addFolders(folders.length);
  if (hasRest(node)) {
    if (here >= from && here < to) {
      rows.push({ kind: 'rest', depth: node.depth, ...node.rest });
    }
    here++;
  }
  for (let i = Math.max(0, from - here); i < node.keys.length && here + i < to; i++) {
    rows.push({ kind: 'key', row: node.keys[i], depth: node.depth, pathLength: node.path.length });
  }
  return here + node.keys.length;
}
