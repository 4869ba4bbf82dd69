/** A view of the keys of a file: which of them, in which order, as a list or as a tree. */
import { type Clock, filterRows, isOpen, RowList } from '../dataset/filter.js';
import type { KeyIndex } from '../dataset/key-index.js';
import { allRows, nameOf, type Rows, visitNames } from '../dataset/names.js';
import { foldersOf } from '../dataset/namespaces.js';
import { sortRows } from '../dataset/sort.js';
import type { RdbFile } from '../decoder/rdb/entry.js';
import type { ByteSource } from '../decoder/source.js';
import { parseDisplayText } from '../format/display.js';
import type { RowPlace, ViewSpec, ViewState } from '../protocol.js';
import { Tree, type TreeRow } from './tree.js';

/** The deepest folder that is opened to show a key in it. */
const DEPTH_LIMIT = 64;

/** How a view stands: rows and their order, up to some row of the index. */
interface Arrangement {
  readonly spec: ViewSpec;
  /** Rows of the index that were looked at. */
  covered: number;
  /** Rows that pass the filter, ascending; undefined if all do. */
  readonly filtered: RowList | undefined;
  /** The rows in order; undefined if that is ascending. */
  readonly order: Uint32Array | undefined;
  readonly tree: Tree | undefined;
  bytes: number;
  /** Bytes in memory; undefined while they are not known of all rows. */
  memory: number | undefined;
}

/** A search in values that was done to its end. */
interface Search {
  readonly index: KeyIndex;
  readonly covered: number;
  /** What was searched for, as JSON. */
  readonly filter: string;
  readonly filtered: RowList;
}

/** One view: the grid of one editor. */
export class GridView {
  private arrangement: Arrangement | undefined;
  private search: Search | undefined;

  constructor(
    private readonly file: () => RdbFile,
    private readonly index: () => KeyIndex,
    private readonly clock: () => Clock,
    /** Measures what keys cost in memory; yields between 0 and 1. */
    private readonly measure: () => Generator<number>,
    /** Told when a search has begun, when it has found more, and whether that is behind what it had found. */
    private readonly grew: (fresh: boolean, reordered?: boolean) => void = () => {},
  ) {}

  private get source(): ByteSource {
    return this.file().source;
  }

  /** What the view shows; undefined before it was asked to show anything. */
  get spec(): ViewSpec | undefined {
    return this.arrangement?.spec;
  }

  /**
   * Filters and sorts the keys that the index has now. The view shows what it showed before until that is done.
   * Yields between 0 and 1, how much is done.
   */
  *arrange(spec: ViewSpec): Generator<number> {
    if (needsMemory(spec)) yield* this.measure();
    const index = this.index();
    const covered = index.length;
    const filterPart = isOpen(spec.filter) ? 0 : 0.5;
    let filtered: RowList | undefined;
    let streamed: Streamed | undefined;
    if (filterPart > 0) {
      filtered = this.alreadyFound(spec, covered);
      if (!filtered) {
        filtered = new RowList();
        const inOrder = inFileOrder(spec);
        if (spec.filter.value) streamed = yield* this.beginStream(spec, inOrder ? filtered : new RowList());
        const pass = filterRows(this.file(), index, spec.filter, this.clock(), 0, covered, filtered);
        let step = pass.next();
        for (; !step.done; step = pass.next()) {
          const done = ((streamed && inOrder ? 1 : filterPart) * step.value) / Math.max(1, covered);
          if (streamed && inOrder) this.stream(streamed);
          else if (streamed) for (const _ of this.streamArranged(streamed, filtered)) yield done;
          yield done;
        }
        this.search = spec.filter.value && { index, covered, filter: JSON.stringify(spec.filter), filtered };
      }
    }
    const rows = filtered?.toArray();
    const length = rows?.length ?? covered;
    let tree = streamed?.arrangement.tree;
    let order: Uint32Array | undefined;
    if (isTree(spec)) {
      const making = tree ? tree.add(rowsOf(rows, length)) : this.makeTree(spec, rowsOf(rows, length));
      let step = making.next();
      for (; !step.done; step = making.next()) yield filterPart + ((1 - filterPart) * step.value) / Math.max(1, length);
      tree = step.value;
    } else {
      // While a file is scanned the index grows during the sort, too; what was not filtered ends where it began.
      const bounded = rows ?? (covered < index.length && spec.sort.column !== 'offset' ? upTo(covered) : undefined);
      const sorting = sortRows(this.source, index, bounded, spec.sort);
      let step = sorting.next();
      for (; !step.done; step = sorting.next()) yield filterPart + (1 - filterPart) * step.value;
      order = step.value;
    }
    let bytes = 0;
    const whole = !rows && covered === index.length;
    if (whole) bytes = index.databases.reduce((sum, database) => sum + database.bytes, 0);
    for (let i = 0; i < length && !whole; i++) {
      bytes += index.size(rows ? rows[i] : i);
      if (i % 262144 === 262143) yield 1;
    }
    const arrangement = { spec, covered, filtered, order, tree, bytes, memory: undefined };
    yield* this.sumMemory(arrangement);
    this.arrangement = arrangement;
  }

  private makeTree(spec: ViewSpec, rows: Rows): Generator<number, Tree> {
    return Tree.make({
      source: this.source,
      index: this.index(),
      rows,
      separator: parseDisplayText(spec.separator),
      folderOrder: spec.folderOrder,
      sort: spec.sort,
    });
  }

  /** What the last search in values found, if only the order is to be another one. */
  private alreadyFound({ filter }: ViewSpec, covered: number): RowList | undefined {
    const { search } = this;
    // What keys cost may have been measured anew.
    if (!search || filter.memory || search.index !== this.index() || search.covered !== covered) return undefined;
    return search.filter === JSON.stringify(filter) ? search.filtered : undefined;
  }

  /** Takes in what keys cost, now that it is known. */
  *measured(): Generator<number> {
    const { arrangement } = this;
    if (!arrangement) return;
    yield* this.sumMemory(arrangement);
    if (arrangement.tree) yield* arrangement.tree.recount();
  }

  private *sumMemory(arrangement: Arrangement): Generator<number> {
    const index = this.index();
    const { costs } = index;
    const { covered, filtered } = arrangement;
    arrangement.memory = undefined;
    if (!costs || costs.length < covered) return;
    const rows = filtered?.toArray();
    if (!rows && covered === costs.length) {
      arrangement.memory = costs.total;
      return;
    }
    const length = rows?.length ?? covered;
    let sum = 0;
    for (let i = 0; i < length; i++) {
      sum += costs.at(rows ? rows[i] : i);
      if (i % 262144 === 262143) yield 1;
    }
    arrangement.memory = sum;
  }

  /** Shows nothing yet of what a search will find. */
  private *beginStream(spec: ViewSpec, filtered: RowList): Generator<number, Streamed> {
    const tree = isTree(spec) ? yield* this.makeTree(spec, allRows(0)) : undefined;
    const arrangement: Arrangement = {
      ...{ spec, covered: 0, filtered, order: undefined, tree, bytes: 0, memory: undefined },
    };
    this.arrangement = arrangement;
    this.grew(true);
    return { arrangement, shown: 0, at: this.clock().now };
  }

  /** Shows what a search has found since. */
  private stream(streamed: Streamed): void {
    const { arrangement } = streamed;
    const { filtered } = arrangement;
    if (!filtered || filtered.length === streamed.shown) return;
    // Of very many the bytes are summed up at the end.
    if (filtered.length > STREAMED_ROWS) {
      this.grew(false);
      return;
    }
    const rows = filtered.toArray();
    const index = this.index();
    for (; streamed.shown < rows.length; streamed.shown++) arrangement.bytes += index.size(rows[streamed.shown]);
    this.grew(false);
  }

  /**
   * Shows in their order, or in their folders, the keys that a search has found so far. Now and then: of many only once
   * there are a quarter more, so that all of this together costs no more than a few times what it costs in the end.
   */
  private *streamArranged(streamed: Streamed, found: RowList): Generator<void> {
    const { now } = this.clock();
    const { shown, arrangement } = streamed;
    const { spec, tree } = arrangement;
    const due = found.length > (found.length > OFTEN_ARRANGED_ROWS ? 1.25 * shown : shown);
    if (!due || now - streamed.at < ARRANGED_MS) return;
    streamed.at = now;
    const index = this.index();
    const rows = found.toArray();
    let order: Uint32Array | undefined;
    if (tree) {
      for (const _ of tree.add(rowsOf(rows, rows.length))) yield;
    } else {
      const sorting = sortRows(this.source, index, rows, spec.sort);
      let step = sorting.next();
      for (; !step.done; step = sorting.next()) yield;
      order = step.value;
    }
    for (; streamed.shown < rows.length; streamed.shown++) {
      const row = rows[streamed.shown];
      arrangement.filtered?.add(row);
      arrangement.bytes += index.size(row);
    }
    this.arrangement = { ...arrangement, order };
    this.grew(false, true);
  }

  /** True if new keys can be taken in without arranging anew: a list in the order of the file. */
  get canGrow(): boolean {
    const { arrangement } = this;
    if (!arrangement) return false;
    return !arrangement.order && !arrangement.tree && arrangement.spec.sort.column === 'offset';
  }

  /** Keys that the index has and the view does not. */
  get behind(): number {
    return this.arrangement ? this.index().length - this.arrangement.covered : 0;
  }

  /** Takes in the keys that were added to the index since. */
  *grow(): Generator<number> {
    const { arrangement } = this;
    if (!arrangement || !this.canGrow) return;
    const index = this.index();
    const to = index.length;
    const { covered, filtered, spec } = arrangement;
    if (filtered) {
      const added = yield* filterRows(this.file(), index, spec.filter, this.clock(), covered, to);
      for (const row of added.toArray()) {
        filtered.add(row);
        arrangement.bytes += index.size(row);
      }
    } else {
      for (let row = covered; row < to; row++) arrangement.bytes += index.size(row);
    }
    arrangement.covered = to;
    yield* this.sumMemory(arrangement);
  }

  /** The view in numbers. */
  state(growing: boolean): ViewState {
    const { arrangement } = this;
    if (!arrangement) return { total: 0, keys: 0, bytes: 0, memory: null, growing };
    const keys = arrangement.filtered?.length ?? arrangement.covered;
    return {
      total: arrangement.tree?.total ?? keys,
      keys,
      bytes: arrangement.bytes,
      memory: arrangement.memory ?? null,
      growing,
    };
  }

  /** Visible rows from a position on. */
  rows(from: number, count: number): TreeRow[] {
    return this.arrangement ? rowsFrom(this.arrangement, from, count) : [];
  }

  /**
   * The keys at ranges of positions, both ends included; folders are left out. However the view is arranged
   * meanwhile, the positions are those of now.
   */
  keysAt(positions: readonly (readonly [number, number])[]): Iterable<number> {
    return this.arrangement ? keysIn(this.arrangement, positions) : [];
  }

  /**
   * The keys at ranges of positions, folders with all keys in them; all keys of the view if null. Undefined is given
   * now and then for keys that were looked at only.
   */
  *chosen(positions: readonly (readonly [number, number])[] | null): Generator<number | undefined> {
    const { arrangement } = this;
    if (!arrangement) return;
    if (positions === null) {
      const rows = arrangement.filtered?.toArray();
      const length = rows?.length ?? arrangement.covered;
      for (let i = 0; i < length; i++) yield rows ? rows[i] : i;
      return;
    }
    yield* keysIn(arrangement, positions);
    if (arrangement.tree) yield* arrangement.tree.keysUnder(foldersIn(arrangement, positions));
  }

  /** Opens or closes a folder. */
  *setExpanded(folder: number, expanded: boolean): Generator<number> {
    const tree = this.arrangement?.tree;
    if (tree) yield* tree.setExpanded(folder, expanded);
  }

  /** The position of a row of the index; undefined if the view does not show it. In a tree its folders are opened. */
  *locate(row: number): Generator<number, number | undefined> {
    const { arrangement } = this;
    if (!arrangement) return undefined;
    const { tree, spec } = arrangement;
    if (tree) return yield* tree.locate(row, this.foldersOf(row, spec.separator));
    return positionInList(arrangement, row);
  }

  /** The position of a row as the view is open: of a key, or of a folder by its id; undefined if it cannot be seen. */
  positionOf(place: RowPlace): number | undefined {
    const { arrangement } = this;
    if (!arrangement) return undefined;
    const { tree, spec } = arrangement;
    if ('folder' in place) return tree?.positionOfFolder(place.folder);
    if (tree) return tree.positionOf(place.row, this.foldersOf(place.row, spec.separator));
    return positionInList(arrangement, place.row);
  }

  /** The folders that a key is in, as deep as they are opened by themselves. */
  private foldersOf(row: number, separator: string): Uint8Array[] {
    return foldersOf(nameOf(this.source, this.index(), row), parseDisplayText(separator)).slice(0, DEPTH_LIMIT);
  }

  /**
   * The position of the next key whose name starts with some bytes, from a position on and around the end; undefined
   * if there is none. In a tree, of those that are visible.
   */
  *find(start: Uint8Array, from: number): Generator<number, number | undefined> {
    const { arrangement } = this;
    if (!arrangement || start.length === 0) return undefined;
    if (arrangement.tree) return yield* this.findInTree(arrangement.tree, start, from);
    const rows = arrangement.filtered?.toArray();
    const length = rows?.length ?? arrangement.covered;
    const matches = new Uint8Array(Math.ceil(this.index().length / 8));
    let any = false;
    yield* visitNames(this.source, this.index(), rowsOf(rows, length), (bytes, begin, end, row) => {
      if (end - begin < start.length) return;
      for (let i = 0; i < start.length; i++) if (bytes[begin + i] !== start[i]) return;
      matches[row >> 3] |= 1 << (row & 7);
      any = true;
    });
    if (!any) return undefined;
    for (let i = 0; i < length; i++) {
      const position = (from + i) % length;
      const row = rowAt(arrangement, position);
      if ((matches[row >> 3] >> (row & 7)) & 1) return position;
    }
    return undefined;
  }

  private *findInTree(tree: Tree, start: Uint8Array, from: number): Generator<number, number | undefined> {
    const { total } = tree;
    for (let seen = 0; seen < total; ) {
      const position = (from + seen) % total;
      const rows = tree.rows(position, Math.min(PAGE, total - position, total - seen));
      if (rows.length === 0) return undefined;
      for (const [i, row] of rows.entries()) {
        if (row.kind === 'rest') continue;
        const name = row.kind === 'folder' ? row.folder.name : this.tailOf(row.row, row.pathLength);
        if (name.length >= start.length && start.every((byte, at) => name[at] === byte)) return position + i;
      }
      seen += rows.length;
      yield seen / total;
    }
    return undefined;
  }

  private tailOf(row: number, pathLength: number): Uint8Array {
    return nameOf(this.source, this.index(), row).subarray(pathLength);
  }
}

/** Finds whose bytes are summed up while a search goes on. */
const STREAMED_ROWS = 100_000;

/** Finds up to which they are arranged anew whatever has come, and milliseconds between two times. */
const OFTEN_ARRANGED_ROWS = 5000;
const ARRANGED_MS = 300;

/** A search whose finds are shown while it goes on. */
interface Streamed {
  readonly arrangement: Arrangement;
  /** Finds that are counted in the arrangement. */
  shown: number;
  /** When they were arranged last. */
  at: number;
}

function isTree({ layout, separator }: ViewSpec): boolean {
  return layout === 'tree' && separator !== '';
}

/** True for a list to which what is found is added at the end. */
function inFileOrder(spec: ViewSpec): boolean {
  const { column, descending } = spec.sort;
  return column === 'offset' && !descending && !isTree(spec);
}

/** True if what is shown depends on what keys cost in memory. */
export function needsMemory({ filter, sort, layout, folderOrder }: ViewSpec): boolean {
  return filter.memory !== undefined || sort.column === 'memory' || (layout === 'tree' && folderOrder === 'memory');
}

/** Rows that are looked at in one step. */
const PAGE = 1024;

function rowsFrom(arrangement: Arrangement, from: number, count: number): TreeRow[] {
  if (arrangement.tree) return arrangement.tree.rows(from, count);
  const total = arrangement.filtered?.length ?? arrangement.covered;
  const rows: TreeRow[] = [];
  for (let i = Math.max(0, from); i < Math.min(total, from + count); i++) {
    rows.push({ kind: 'key', row: rowAt(arrangement, i), depth: 0, pathLength: 0 });
  }
  return rows;
}

function* keysIn(arrangement: Arrangement, positions: readonly (readonly [number, number])[]): Generator<number> {
  for (const [from, to] of positions) {
    for (let at = from; at <= to; at += PAGE) {
      const rows = rowsFrom(arrangement, at, Math.min(PAGE, to + 1 - at));
      if (rows.length === 0) break;
      for (const row of rows) if (row.kind === 'key') yield row.row;
    }
  }
}

/** The folders at ranges of positions. */
function foldersIn(arrangement: Arrangement, positions: readonly (readonly [number, number])[]): number[] {
  const folders: number[] = [];
  for (const [from, to] of positions) {
    for (let at = from; at <= to; at += PAGE) {
      const rows = rowsFrom(arrangement, at, Math.min(PAGE, to + 1 - at));
      if (rows.length === 0) break;
      for (const row of rows) if (row.kind === 'folder') folders.push(row.id);
    }
  }
  return folders;
}

function positionInList({ order, filtered, covered }: Arrangement, row: number): number | undefined {
  const position = (order ?? filtered?.toArray())?.indexOf(row);
  if (position === undefined) return row < covered ? row : undefined;
  return position < 0 ? undefined : position;
}

function rowAt(arrangement: Arrangement, position: number): number {
  const { order, filtered } = arrangement;
  if (order) return order[position];
  return filtered ? filtered.toArray()[position] : position;
}

function rowsOf(rows: Uint32Array | undefined, length: number): Rows {
  return rows ? { length, at: (i) => rows[i] } : allRows(length);
}

function upTo(length: number): Uint32Array {
  const rows = new Uint32Array(length);
  for (let i = 0; i < length; i++) rows[i] = i;
  return rows;
}
