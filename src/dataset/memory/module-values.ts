/** What values of modules cost: as their own code reports it where that is known, else about what they take in the file. */
import { parseModuleId } from '../../decoder/rdb/module-id.js';
import {
  ITEM_DOUBLE,
  ITEM_END,
  ITEM_FLOAT,
  ITEM_SIGNED,
  ITEM_STRING,
  ITEM_UNSIGNED,
} from '../../decoder/rdb/modules/items.js';
import type { RecordBytes } from '../record-bytes.js';
import type { MemoryModel } from './model.js';

/** Measures a value whose items stand at a place of a record; undefined if it does not look as expected. */
type ModuleMemory = (items: Items, model: MemoryModel) => number | undefined;

const MODULES: Readonly<Record<string, ModuleMemory>> = {
  vectorset: vectorSet,
  // Modules that servers are tested with: the first reports its nodes, the others nothing.
  hellotype: (items) => 16 + 16 * (items.unsigned() ?? 0),
  test___dt: () => 0,
  test__rdb: () => 0,
};

/**
 * Bytes that a module reports for its value.
 *
 * @param record at the module id.
 * @returns undefined if nothing is known of the module.
 */
export function moduleMemory(record: RecordBytes, model: MemoryModel): number | undefined {
  const { name } = parseModuleId(record.long());
  return Object.hasOwn(MODULES, name) ? MODULES[name]?.(new Items(record), model) : undefined;
}

/** The tagged parts of a value, in their order. */
class Items {
  constructor(private readonly record: RecordBytes) {}

  /** The next item if it is a number; undefined if it is none, or the end. */
  unsigned(): number | undefined {
    const tag = this.record.number();
    return tag === ITEM_UNSIGNED || tag === ITEM_SIGNED ? this.record.number() : undefined;
  }

  /** Bytes of the next item if it is a string. */
  string(): number | undefined {
    return this.record.number() === ITEM_STRING ? this.record.string() : undefined;
  }

  /** Moves behind the next item. @returns false at the end. */
  skip(): boolean {
    switch (this.record.number()) {
      case ITEM_UNSIGNED:
      case ITEM_SIGNED:
        this.record.number();
        return true;
      case ITEM_FLOAT:
        this.record.skip(4);
        return true;
      case ITEM_DOUBLE:
        this.record.skip(8);
        return true;
      case ITEM_STRING:
        this.record.string();
        return true;
      case ITEM_END:
        return false;
      default:
        return false;
    }
  }
}

/** The set with its graph, and a node of the graph without vector and links. */
const VECTOR_SET = 1784;
const VECTOR_NODE = 360;
const PROJECTED = 1;
const WITH_ATTRIBUTES = 2;

/** Vector sets of Redis 8: nodes with a vector and links to others, twice as many on the lowest layer. */
function vectorSet(items: Items, model: MemoryModel): number | undefined {
  const dimension = items.unsigned();
  const count = items.unsigned();
  const config = items.unsigned();
  const flags = items.unsigned();
  if (dimension === undefined || count === undefined || config === undefined || flags === undefined) return undefined;
  let sum = VECTOR_SET;
  if (flags & PROJECTED) {
    sum += (items.unsigned() ?? 0) * dimension * 4;
    items.skip();
  }
  const links = (config >>> 8) & 0xffff || 16;
  const shared = VECTOR_NODE + 2 * links * 8 + (links * 8) / 3;
  for (let i = 0; i < count; i++) {
    const name = items.string();
    const attributes = flags & WITH_ATTRIBUTES ? items.string() : 0;
    const vector = items.string();
    const parameters = items.unsigned();
    if (name === undefined || vector === undefined || parameters === undefined) return undefined;
    sum += shared + vector + model.stringObject(name) + (attributes ? model.stringObject(attributes) : 0);
    for (let left = parameters; left > 0; left--) items.skip();
  }
  return sum;
}
