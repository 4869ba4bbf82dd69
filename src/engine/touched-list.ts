/** A view of the keys that commands touch: which of them, in which order, with what was done to them. */

import type { TouchedKey, TouchedViewSpec, TouchedViewState } from '../aof-protocol.js';
import { CommandSelection, KeyMatches } from '../dataset/aof/command-filter.js';
import type { CommandIndex } from '../dataset/aof/command-index.js';
import { sortKeysByName } from '../dataset/aof/command-sort.js';
import { type NameCount, namesOfKey, removesKey } from '../dataset/aof/key-history.js';
import { keyName } from '../dataset/aof/key-names.js';
import { type KeyTotals, keyTotals } from '../dataset/aof/key-totals.js';
import { RowList } from '../dataset/filter.js';
import { sortByNumber } from '../dataset/sort.js';
import { textCell } from './cells.js';
import type { ListData } from './command-list.js';

/** Keys that are tested before the caller gets a chance to do other things. */
const BLOCK = 1 << 15;
/** Bytes of a name that a row shows. */
const NAME_BYTES = 2048;
/** Keys whose names of commands are remembered. */
const KEPT = 512;

interface Arrangement {
  readonly spec: TouchedViewSpec;
  readonly data: ListData;
  readonly totals: KeyTotals;
  readonly order: Uint32Array;
  /** Commands of the index when it was arranged. */
  readonly covered: number;
  readonly commands: number;
  readonly bytes: number;
}

/** One view. What a key's row shows changes with every command, so that new ones always arrange it anew. */
export class TouchedList {
  readonly canGrow = false;
  private arrangement: Arrangement | undefined;
  /** Names of commands by key, with how many commands they cover. */
  private readonly names = new Map<number, { readonly commands: number; readonly names: readonly NameCount[] }>();

  constructor(private readonly data: () => ListData) {}

  /** What the view shows; undefined before it was asked to show anything. */
  get spec(): TouchedViewSpec | undefined {
    return this.arrangement?.spec;
  }

  /** Where the keys are that the view shows: those of before, while the files are indexed anew. */
  get shown(): ListData {
    return this.arrangement?.data ?? this.data();
  }

  /** Commands that the index has and the view has not counted. */
  get behind(): number {
    const { arrangement } = this;
    if (!arrangement) return 0;
    const { index } = this.data();
    return arrangement.data.index === index ? index.length - arrangement.covered : Math.max(1, index.length);
  }

  /** Filters and sorts the keys that the index has now. Yields between 0 and 1, how much is done. */
  *arrange(spec: TouchedViewSpec): Generator<number> {
    const data = this.data();
    const { index, files } = data;
    const { key, dbs, range } = spec.filter;
    const matches = key && new KeyMatches(key);
    const selection = new CommandSelection(files, index, range ? { range } : {});
    for (const done of selection.cover()) yield done * 0.1;
    const covered = selection.covered;
    if (matches) for (const done of matches.cover(files, index)) yield 0.1 + done * 0.4;
    const counting = keyTotals(index, selection);
    let counted = counting.next();
    for (; !counted.done; counted = counting.next()) yield 0.5 + counted.value * 0.1;
    const totals = counted.value;
    const allowed = dbs && new Set(dbs);
    const found = new RowList();
    const { length } = totals;
    let commands = 0;
    let bytes = 0;
    for (let id = 0; id < length; id++) {
      if (id % BLOCK === BLOCK - 1) yield 0.6;
      const own = totals.commands(id);
      if (own === 0 || (matches && !matches.has(id)) || (allowed && !allowed.has(index.keys.db(id)))) continue;
      found.add(id);
      commands += own;
      bytes += totals.bytes(id);
    }
    const sorting = sortKeys(data, totals, found.toArray(), spec.sort);
    let sorted = sorting.next();
    for (; !sorted.done; sorted = sorting.next()) yield 0.6 + sorted.value * 0.4;
    this.names.clear();
    this.arrangement = { spec, data, totals, order: sorted.value, covered, commands, bytes };
  }

  /** Never: see {@link canGrow}. */
  *grow(): Generator<number> {
    const { spec } = this;
    if (spec) yield* this.arrange(spec);
  }

  /** The view in numbers. */
  state(growing: boolean): TouchedViewState {
    const { arrangement } = this;
    if (!arrangement) return { total: 0, commands: 0, bytes: 0, growing };
    return { total: arrangement.order.length, commands: arrangement.commands, bytes: arrangement.bytes, growing };
  }

  /** Rows from a position on. */
  *rows(from: number, count: number): Generator<void, TouchedKey[]> {
    const { arrangement } = this;
    const rows: TouchedKey[] = [];
    if (!arrangement) return rows;
    for (const key of arrangement.order.slice(Math.max(0, from), Math.max(0, from + count))) {
      rows.push(yield* this.row(arrangement, key));
    }
    return rows;
  }

  private *row({ data, totals }: Arrangement, key: number): Generator<void, TouchedKey> {
    const { index, files } = data;
    const { keys } = index;
    const commands = totals.commands(key);
    let known = this.names.get(key);
    if (known?.commands !== commands) {
      known = { commands, names: yield* namesOfKey(index, key, totals) };
      if (this.names.size >= KEPT) this.names.clear();
      this.names.set(key, known);
    }
    const last = totals.lastMention(key);
    const lastCommand = keys.mentionCommand(last);
    const name = keyName(files, index, key, NAME_BYTES);
    const bytes = keys.nameBytes(key);
    const cell = textCell(name);
    return {
      keyId: key,
      db: keys.db(key),
      name: { text: cell.text, bytes, cut: cell.cut || bytes > name.length },
      commands,
      bytes: totals.bytes(key),
      largest: totals.largest(key),
      names: known.names,
      firstCommand: keys.mentionCommand(totals.firstMention(key)),
      lastCommand,
      lastTime: index.time(lastCommand) || null,
      removed: removesKey(index, last),
    };
  }

  /** The position of a key; null if the view does not show it. */
  locate(key: number): number | null {
    const position = this.arrangement?.order.indexOf(key) ?? -1;
    return position < 0 ? null : position;
  }

  /** The keys at ranges of positions, both ends included; those of now, however the view is arranged meanwhile. */
  *keysAt(positions: readonly (readonly [number, number])[]): Generator<number> {
    const order = this.arrangement?.order;
    if (!order) return;
    for (const [from, to] of positions) {
      for (let at = Math.max(0, from); at <= Math.min(to, order.length - 1); at++) yield order[at];
    }
  }
}

/** Sorts keys by a column; equal ones keep the order in which they were first named. */
function sortKeys(
  { files, index }: ListData,
  totals: KeyTotals,
  keys: Uint32Array,
  { column, descending }: TouchedViewSpec['sort'],
): Generator<number, Uint32Array> {
  const byNumber = (measure: (key: number) => number) => sortByNumber(keys, keys.length, measure, descending);
  switch (column) {
    case 'key':
      return sortByName(files, index, keys, descending);
    case 'db':
      return byNumber((key) => index.keys.db(key));
    case 'commands':
      return byNumber((key) => totals.commands(key));
    case 'bytes':
      return byNumber((key) => totals.bytes(key));
    case 'largest':
      return byNumber((key) => totals.largest(key));
    case 'lastCommand':
      return byNumber((key) => totals.lastMention(key));
  }
}

function* sortByName(
  files: ListData['files'],
  index: CommandIndex,
  keys: Uint32Array,
  descending: boolean,
): Generator<number, Uint32Array> {
  const order = yield* sortKeysByName(files, index, keys, keys.length);
  return descending ? order.reverse() : order;
}
