/** What WebAssembly asks of the model when it measures keys, and which keys it can measure for a target. */
import type { BlobKind } from '../../../decoder/rdb/layout.js';
import type { ValueType } from '../../../decoder/rdb/value-type.js';
import { ListValues } from '../list-values.js';
import { MemoryModel } from '../model.js';
import type { TableType } from '../spread.js';
import { StreamValues } from '../stream.js';
import { TableValues } from '../table-values.js';
import type { MemoryTarget } from '../target.js';
import {
  APART,
  BLOB,
  EMBEDDED,
  EMPTY_LIST,
  EMPTY_STREAM,
  HASH,
  HASH_TABLE,
  INTEGERS,
  INTSET,
  KEY,
  LIST_NODE,
  LISTPACK,
  LISTPACK_PAIRS,
  MEMBER,
  PAIR,
  QUICKLIST,
  QUICKLIST_2,
  RAW_STRING,
  SCORED,
  SET,
  SET_TABLE,
  STREAM,
  STREAM_NODE,
  STRING,
  TREE,
  ZIPLIST_PAIRS,
  ZSET,
  ZSET_TABLE,
  ZSET_TEXT,
} from './layout.js';

/** By type byte: how the value stands in the file, and what it is for the model. */
const TABLES = new Map<number, readonly [form: number, type: TableType]>([
  [2, [SET, 'set']],
  [3, [ZSET_TEXT, 'zset']],
  [4, [HASH, 'hash']],
  [5, [ZSET, 'zset']],
]);
const COMPACT = new Map<number, readonly [form: number, type: TableType, kind: BlobKind]>([
  [11, [INTSET, 'set', 'intset']],
  [12, [ZIPLIST_PAIRS, 'zset', 'ziplist']],
  [13, [ZIPLIST_PAIRS, 'hash', 'ziplist']],
  [16, [LISTPACK_PAIRS, 'hash', 'listpack']],
  [17, [LISTPACK_PAIRS, 'zset', 'listpack']],
  [20, [LISTPACK, 'set', 'listpack']],
]);
const QUICKLISTS = new Map([
  [14, QUICKLIST],
  [18, QUICKLIST_2],
]);
const STREAMS: ReadonlySet<number> = new Set([15, 19, 21]);

/** Costs for one target. */
export class PlainCosts {
  private readonly model: MemoryModel;
  private readonly tables: TableValues;
  private readonly lists: ListValues;
  readonly streams: StreamValues;
  private readonly asked: ReadonlyMap<number, (of: number, and: number) => number>;

  /** @param types the value types of the file by type byte. */
  constructor(target: MemoryTarget, types: readonly (ValueType | undefined)[]) {
    const model = new MemoryModel(target);
    const streams = new StreamValues(model);
    this.model = model;
    this.tables = new TableValues(model);
    this.lists = new ListValues(model);
    this.streams = streams;
    const embedded = (expires: boolean) => (length: number, name: number) =>
      model.stringEncoding(length, false, name, expires) === 'embstr'
        ? model.string('embstr', length, name, expires)
        : APART;
    this.asked = new Map([
      [KEY, (name) => model.base(name, false)],
      [KEY + 1, (name) => model.base(name, true)],
      [RAW_STRING, (length) => model.rawString(length)],
      [MEMBER, (length) => model.member(length)],
      [SCORED, (length) => model.scored(length)],
      [BLOB, (length) => model.blob(length)],
      [INTEGERS, (length) => model.intset(length)],
      [LIST_NODE, (length) => model.quicklistNode(length)],
      [STREAM_NODE, (length) => model.streamNode(length)],
      [SET_TABLE, (count) => model.table('set', count, 0)],
      [HASH_TABLE, (count) => model.table('hash', count, 0)],
      [ZSET_TABLE, (count) => model.table('zset', count, 0)],
      [EMPTY_LIST, () => model.structs.quicklist],
      [EMPTY_STREAM, (code) => streams.structOf(types[code])],
      [TREE, () => streams.treeOfOne()],
      [PAIR, (field, value) => model.pair(field, value, false)],
      [EMBEDDED, embedded(false)],
      [EMBEDDED + 1, embedded(true)],
    ]);
  }

  /** A cost by what it is of; 0 for what is not known. */
  cost(what: number, of: number, and: number): number {
    return this.asked.get(what)?.(of, and) ?? 0;
  }

  /** The most bytes of a list that is one listpack. */
  get oneListpack(): number {
    return this.lists.one.bytes;
  }

  /**
   * How a value is measured.
   *
   * @returns undefined if it takes more than its lengths, such as a look at every element. `most` is the number of
   * elements up to which a compact structure or a list in one stays what it is, and up to which a table does not.
   */
  kindOf({ code, type }: ValueType): { readonly form: number; readonly most: number } | undefined {
    const { model, tables, lists } = this;
    if (type === 'string' && code === 0) return { form: STRING, most: 0 };
    if (STREAMS.has(code)) return { form: STREAM, most: 0 };
    const table = TABLES.get(code);
    if (table) return { form: table[0], most: tables.foldsUpTo(table[1]) };
    const compact = COMPACT.get(code);
    if (compact) {
      const [form, of, kind] = compact;
      return model.has(of, kind) ? { form, most: tables.staysUpTo(of, kind) } : undefined;
    }
    const form = QUICKLISTS.get(code);
    return form && lists.keeps(form === QUICKLIST_2) && model.target.limits.listCompressDepth === 0
      ? { form, most: lists.one.elements }
      : undefined;
  }
}
