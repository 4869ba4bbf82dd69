/** A view of the commands of an AOF: which of them, in which order, transactions folded or not, damage in its place. */

import type { AofProblem, CommandFilter, CommandViewSpec, CommandViewState } from '../aof-protocol.js';
import { CommandSelection } from '../dataset/aof/command-filter.js';
import type { CommandIndex } from '../dataset/aof/command-index.js';
import { sortCommands } from '../dataset/aof/command-sort.js';
import type { PartFiles } from '../dataset/aof/part-files.js';
import { RowList } from '../dataset/filter.js';
import { IN_TRANSACTION, OPENS_TRANSACTION } from '../decoder/aof/command-batch.js';

/** Bytes that are no commands, and before which command they stand. */
export interface Damage {
  readonly before: number;
  readonly part: number;
  readonly offset: number;
  readonly bytes: number;
  readonly problem: AofProblem;
}

/** A row of the view. A transaction is known by its MULTI. */
export type ListItem =
  | { readonly kind: 'command'; readonly row: number; readonly depth: number }
  | { readonly kind: 'transaction'; readonly row: number; readonly expanded: boolean }
  | { readonly kind: 'damage'; readonly damage: Damage };

/** Where the commands of a view are. */
export interface ListData {
  readonly files: PartFiles;
  readonly index: CommandIndex;
  /** In the order of the commands before which they stand. */
  readonly damages: readonly Damage[];
}

/** Rows that are folded before the caller gets a chance to do other things. */
const BLOCK = 1 << 16;

/** How a view stands. */
interface Arrangement {
  readonly spec: CommandViewSpec;
  readonly data: ListData;
  readonly selection: CommandSelection;
  /** Rows in order, where that is not the order of the files. */
  readonly order: Uint32Array | undefined;
  fold: Fold | undefined;
  /** Commands of the index that the rows cover, and how many of the selection those are. */
  covered: number;
}

/** Rows with transactions folded: numbers of commands, where a MULTI stands for its transaction. */
interface Fold {
  readonly rows: RowList;
  /** Positions of the selection that are in it, and the transaction that was met last. */
  taken: number;
  last: number;
}

/** One view. */
export class CommandList {
  private arrangement: Arrangement | undefined;
  private expanded = new Set<number>();

  constructor(private readonly data: () => ListData) {}

  /** What the view shows; undefined before it was asked to show anything. */
  get spec(): CommandViewSpec | undefined {
    return this.arrangement?.spec;
  }

  /** Where the commands are that the view shows: those of before, while the files are indexed anew. */
  get shown(): ListData {
    return this.arrangement?.data ?? this.data();
  }

  /**
   * Filters and sorts the commands that the index has now. The view shows what it showed before until that is done.
   * Yields between 0 and 1, how much is done.
   *
   * @throws PatternError if the pattern for keys cannot be used.
   */
  *arrange(spec: CommandViewSpec): Generator<number> {
    const data = this.data();
    // Numbers of commands mean others once the files were indexed anew.
    if (this.arrangement && this.arrangement.data.index !== data.index) this.expanded = new Set();
    const selection = new CommandSelection(data.files, data.index, spec.filter);
    const sorted = spec.sort.column !== 'number';
    for (const done of selection.cover()) yield sorted ? done / 2 : done;
    let order: Uint32Array | undefined;
    if (spec.sort.column !== 'number') {
      const { column, descending } = spec.sort;
      const rows = selection.rows?.toArray();
      const sorting = sortCommands(data.files, data.index, rows, selection.length, column, descending);
      let step = sorting.next();
      for (; !step.done; step = sorting.next()) yield (1 + step.value) / 2;
      order = step.value;
    }
    let fold: Fold | undefined;
    if (folds(spec)) {
      fold = { rows: new RowList(), taken: 0, last: -1 };
      yield* this.takeIn(fold, data.index, selection);
    }
    this.arrangement = { spec, data, selection, order, fold, covered: selection.covered };
  }

  /** True if new commands can be taken in without arranging anew. */
  get canGrow(): boolean {
    const { arrangement } = this;
    return arrangement !== undefined && !arrangement.order && arrangement.data.index === this.data().index;
  }

  /** Commands that the index has and the view does not; all of them if the files were indexed anew. */
  get behind(): number {
    const { arrangement } = this;
    if (!arrangement) return 0;
    const { index } = this.data();
    return arrangement.data.index === index ? index.length - arrangement.covered : Math.max(1, index.length);
  }

  /** Takes in the commands that were added to the index since. Yields between 0 and 1, how much is done. */
  *grow(): Generator<number> {
    const { arrangement } = this;
    if (!arrangement || !this.canGrow) return;
    const { selection, fold, data } = arrangement;
    yield* selection.cover();
    if (fold) yield* this.takeIn(fold, data.index, selection);
    arrangement.covered = selection.covered;
  }

  /** Folds the commands of a selection that were not folded yet. */
  private *takeIn(fold: Fold, index: CommandIndex, selection: CommandSelection): Generator<number> {
    const { length } = selection;
    for (; fold.taken < length; fold.taken++) {
      const row = selection.at(fold.taken);
      if (fold.taken % BLOCK === BLOCK - 1) yield fold.taken / length;
      const at = (index.flags(row) & IN_TRANSACTION) === 0 ? -1 : index.transactions.positionOf(row);
      if (at < 0) {
        fold.rows.add(row);
        continue;
      }
      const { first, last, complete } = index.transactions.at(at);
      if (fold.last !== first) {
        fold.rows.add(first);
        fold.last = first;
      }
      if (row !== first && !(complete && row === last) && this.expanded.has(first)) fold.rows.add(row);
    }
  }

  /** The view in numbers. */
  state(growing: boolean): CommandViewState {
    const { arrangement } = this;
    if (!arrangement) return { total: 0, commands: 0, bytes: 0, growing };
    const { selection } = arrangement;
    const total = rowCount(arrangement) + shownDamages(arrangement).length;
    return { total, commands: selection.length, bytes: selection.bytes, growing };
  }

  /** Rows from a position on. */
  rows(from: number, count: number): ListItem[] {
    const { arrangement } = this;
    return arrangement ? itemsOf(arrangement, this.expanded, from, count) : [];
  }

  /** The commands of a transaction that pass the filter, its MULTI and EXEC left out; undefined if it is gone. */
  membersOf(multi: number): Uint32Array | undefined {
    const { arrangement } = this;
    if (!arrangement) return undefined;
    const { selection, data } = arrangement;
    const at = data.index.transactions.positionOf(multi);
    if (at < 0) return undefined;
    const { first, last, complete } = data.index.transactions.at(at);
    const from = selection.positionFrom(first + 1);
    const to = selection.positionFrom(complete ? last : last + 1);
    const rows = selection.rows?.toArray();
    return rows ? rows.subarray(from, to) : Uint32Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  }

  /** Opens or closes the transaction of a MULTI. */
  *setExpanded(multi: number, expanded: boolean): Generator<number> {
    const { arrangement } = this;
    if (!arrangement?.fold || this.expanded.has(multi) === expanded) return;
    if (arrangement.data.index.transactions.positionOf(multi) < 0) return;
    if (expanded) this.expanded.add(multi);
    else this.expanded.delete(multi);
    const fold = { rows: new RowList(), taken: 0, last: -1 };
    // Commands may have come meanwhile.
    while (fold.taken < arrangement.selection.length) {
      yield* this.takeIn(fold, arrangement.data.index, arrangement.selection);
    }
    if (this.arrangement === arrangement) arrangement.fold = fold;
  }

  /** The position of a command; undefined if the view does not show it. Its transaction is opened for it. */
  *locate(row: number): Generator<number, number | undefined> {
    const { arrangement } = this;
    if (!arrangement?.selection.has(row)) return undefined;
    const { index } = arrangement.data;
    if (arrangement.order) {
      const position = arrangement.order.indexOf(row);
      return position < 0 ? undefined : position;
    }
    let wanted = row;
    if (arrangement.fold) {
      const at = index.transactions.positionOf(row);
      if (at >= 0) {
        const { first, last, complete } = index.transactions.at(at);
        if (row === first || (complete && row === last)) wanted = first;
        else yield* this.setExpanded(first, true);
      }
    }
    const position = lowerBound(arrangement, wanted);
    if (rowAt(arrangement, position) !== wanted) return undefined;
    if (arrangement.spec.sort.descending) return rowCount(arrangement) - 1 - position;
    return position + shownDamages(arrangement).filter(({ before }) => before <= wanted).length;
  }

  /**
   * The commands at ranges of positions, both ends included; a transaction stands for all of its commands that pass
   * the filter, damage for none. However the view is arranged meanwhile, the positions are those of now.
   */
  *commandsAt(positions: readonly (readonly [number, number])[]): Generator<number> {
    const { arrangement } = this;
    if (!arrangement) return;
    const { selection, data } = arrangement;
    let last = -1;
    const fold = arrangement.fold;
    for (const [from, to] of positions) {
      for (let at = from; at <= to; at += PAGE) {
        const items = itemsOf({ ...arrangement, fold }, this.expanded, at, Math.min(PAGE, to + 1 - at));
        if (items.length === 0) break;
        for (const item of items) {
          if (item.kind === 'damage') continue;
          if (item.kind === 'command') {
            // One that was given with its transaction.
            if (!fold || item.row > last) yield item.row;
            continue;
          }
          const own = data.index.transactions.at(data.index.transactions.positionOf(item.row));
          const end = selection.positionFrom(own.last + 1);
          for (let i = selection.positionFrom(own.first); i < end; i++) yield selection.at(i);
          last = own.last;
        }
      }
    }
  }
}

/** Rows that are looked at in one step. */
const PAGE = 1024;

/** Transactions have a place only in the order of the files. */
function folds({ fold, sort }: CommandViewSpec): boolean {
  return fold && sort.column === 'number' && !sort.descending;
}

/** Rows that are no damage. */
function rowCount({ fold, selection, order }: Arrangement): number {
  return fold?.rows.length ?? order?.length ?? selection.length;
}

/** The row at a position, in the order of the files where the view has that. */
function rowAt({ fold, selection, order }: Arrangement, position: number): number | undefined {
  if (order) return order[position];
  return fold ? fold.rows.toArray()[position] : position < selection.length ? selection.at(position) : undefined;
}

/** Position of the first row that is not before a command, damage not counted. */
function lowerBound(arrangement: Arrangement, command: number): number {
  const { fold, selection } = arrangement;
  if (!fold) return selection.positionFrom(command);
  const rows = fold.rows.toArray();
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle] < command) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Damage is shown in the order of the files, where the filter asks for places only. */
function shownDamages({ spec, data }: Arrangement): readonly Damage[] {
  if (spec.sort.column !== 'number' || spec.sort.descending || !asksForPlaces(spec.filter)) return [];
  const { parts, range } = spec.filter;
  if (!parts && !range) return data.damages;
  const [from, to] = range ?? [0, Number.POSITIVE_INFINITY];
  return data.damages.filter(
    ({ part, before }) => (!parts || parts.includes(part)) && before >= from && before <= to + 1,
  );
}

function asksForPlaces({ parts, range, ...others }: CommandFilter): boolean {
  return Object.values(others).every((part) => part === undefined);
}

function itemsOf(arrangement: Arrangement, expanded: ReadonlySet<number>, from: number, count: number): ListItem[] {
  const items: ListItem[] = [];
  const rows = rowCount(arrangement);
  const damages = shownDamages(arrangement);
  const end = Math.min(rows + damages.length, from + count);
  const places = damages.map(({ before }, i) => lowerBound(arrangement, before) + i);
  let passed = places.filter((place) => place < from).length;
  for (let at = Math.max(0, from); at < end; at++) {
    if (places[passed] === at) {
      items.push({ kind: 'damage', damage: damages[passed++] });
      continue;
    }
    const position = at - passed;
    const row = rowAt(
      arrangement,
      arrangement.spec.sort.column === 'number' && arrangement.spec.sort.descending ? rows - 1 - position : position,
    );
    if (row !== undefined) items.push(itemOf(arrangement, expanded, row));
  }
  return items;
}

function itemOf({ fold, data }: Arrangement, expanded: ReadonlySet<number>, row: number): ListItem {
  const flags = data.index.flags(row);
  if (fold && (flags & OPENS_TRANSACTION) !== 0) return { kind: 'transaction', row, expanded: expanded.has(row) };
  return { kind: 'command', row, depth: fold && (flags & IN_TRANSACTION) !== 0 ? 1 : 0 };
}
