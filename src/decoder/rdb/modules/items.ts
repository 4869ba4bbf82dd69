/** Module items: the tagged numbers and strings that module values and module data consist of. */
import type { Cursor } from '../../cursor.js';
import { byteName, DecodeError } from '../../errors.js';
import { narrow } from '../blobs/reader.js';
import { readLength, readLength64 } from '../length.js';
import type { ModuleId } from '../module-id.js';
import { type Blob, readBlob, readText, type Text } from '../string.js';
import type { Collection, ModuleItem } from '../value-model.js';
import { counted } from '../walkers.js';

/** Tags of module items. */
export const ITEM_END = 0;
export const ITEM_SIGNED = 1;
export const ITEM_UNSIGNED = 2;
export const ITEM_FLOAT = 3;
export const ITEM_DOUBLE = 4;
export const ITEM_STRING = 5;

/** Reads one item. @returns undefined at the end item. @throws DecodeError `bad-module-item`. */
export function readItem(cursor: Cursor, module: ModuleId): ModuleItem | undefined {
  const offset = cursor.fileOffset;
  const tag = readLength(cursor, 'the module data');
  switch (tag) {
    case ITEM_END:
      return undefined;
    case ITEM_SIGNED:
      return { kind: 'signed', value: BigInt.asIntN(64, readLength64(cursor, 'the module data')), offset };
    case ITEM_UNSIGNED:
      return { kind: 'unsigned', value: readLength64(cursor, 'the module data'), offset };
    case ITEM_FLOAT:
      return { kind: 'float', value: cursor.f32le('the module data'), offset };
    case ITEM_DOUBLE:
      return { kind: 'double', value: cursor.f64le('the module data'), offset };
    case ITEM_STRING:
      return { kind: 'string', value: readText(cursor, 'the module data'), offset };
    default:
      throw new DecodeError('bad-module-item', offset, byteName(tag), module.name);
  }
}

/** All items of a value, up to its end item. @param cursor behind the module id; it is not moved. */
export function moduleItems(cursor: Cursor, module: ModuleId): Collection<ModuleItem> {
  const start = cursor.offset;
  return {
    count: undefined,
    walk(from) {
      const own = cursor.fork(from?.offset ?? start);
      let index = from?.index ?? 0;
      let ended = false;
      return {
        next() {
          if (ended) return undefined;
          const item = readItem(own, module);
          if (item) index++;
          else ended = true;
          return item;
        },
        mark: () => ({ index, offset: own.offset, inner: 0 }),
      };
    },
  };
}

/** Moves behind the items and their end item without keeping them. */
export function skipItems(cursor: Cursor, module: ModuleId): void {
  while (readItem(cursor, module) !== undefined);
}

/**
 * Elements that are the last parts of a value.
 *
 * @param items at the first element; they are not moved.
 * @param count their number.
 * @param read reads one element and moves behind it.
 */
export function lastItems<Element>(
  items: ItemReader,
  count: number,
  read: (items: ItemReader) => Element,
): Collection<Element> {
  const elements = counted(items.cursor, count, (cursor) => read(new ItemReader(cursor, items.module)));
  return {
    count,
    walk(from) {
      const walker = elements.walk(from);
      return {
        next() {
          const element = walker.next();
          if (element === undefined) items.fork(walker.mark().offset).end();
          return element;
        },
        mark: () => walker.mark(),
      };
    },
  };
}

/** Reads items one after the other as a module's own layout expects them. */
export class ItemReader {
  constructor(
    readonly cursor: Cursor,
    readonly module: ModuleId,
  ) {}

  /** An unsigned 64-bit number; a signed one is taken as its two's complement. */
  unsigned(): bigint {
    const item = this.next('unsigned');
    if (item.kind === 'unsigned') return item.value as bigint;
    if (item.kind === 'signed') return BigInt.asUintN(64, item.value as bigint);
    throw this.unexpected(item, 'unsigned');
  }

  /** A signed 64-bit number; servers write it with the tag of an unsigned one. */
  signed(): bigint {
    return BigInt.asIntN(64, this.unsigned());
  }

  /** An unsigned number that is used as a size or a count. */
  count(): number {
    return Number(this.unsigned());
  }

  /** An unsigned number that is shown: a bigint only beyond 2^53. */
  number(): number | bigint {
    return narrow(this.unsigned());
  }

  /** A number that stands for false or true. */
  flag(): boolean {
    return this.unsigned() !== 0n;
  }

  double(): number {
    const item = this.next('double');
    if (item.kind !== 'double' && item.kind !== 'float') throw this.unexpected(item, 'double');
    return item.value as number;
  }

  text(): Text {
    const item = this.next('string');
    if (item.kind !== 'string') throw this.unexpected(item, 'string');
    return item.value as Text;
  }

  /** A string that holds another structure. */
  blob(): Blob {
    const start = this.cursor.offset;
    const tag = readLength(this.cursor, 'the module data');
    if (tag === ITEM_STRING) return readBlob(this.cursor, 'the module data');
    this.cursor.offset = start;
    throw this.unexpected(this.next('string'), 'string');
  }

  /** True if another part follows: the end item is not reached. */
  more(): boolean {
    return !this.nextIs(ITEM_END);
  }

  /** True if the next part has this tag. */
  nextIs(tag: number): boolean {
    return this.cursor.peekU8('the module data') === tag;
  }

  /** Reads the parts from another place on, independently of this reader. @param offset as of {@link cursor}. */
  fork(offset: number): ItemReader {
    return new ItemReader(this.cursor.fork(offset), this.module);
  }

  /** Makes sure that nothing follows. */
  end(): void {
    const item = readItem(this.cursor, this.module);
    if (item) throw this.bad(item.offset, 'there are more parts than expected');
  }

  private next(expected: ModuleItem['kind']): ModuleItem {
    const offset = this.cursor.fileOffset;
    const item = readItem(this.cursor, this.module);
    if (!item) throw this.bad(offset, 'it ends where a part of kind {0} should stand', expected);
    return item;
  }

  private unexpected(item: ModuleItem, expected: ModuleItem['kind']): DecodeError {
    return this.bad(item.offset, 'a part of kind {0} stands where one of kind {1} should be', item.kind, expected);
  }

  /**
   * The error for a value that does not have the layout of its module.
   *
   * @param offset in bytes from the start of the file.
   * @param reason finishes the sentence "The value does not have the layout of …: …"; `args` fill its placeholders.
   */
  bad(offset: number, reason: string, ...args: (string | number)[]): DecodeError {
    return new DecodeError('bad-module-value', offset, this.module.name, { phrase: reason, args });
  }
}
