/** The two ways in which most values hold their elements: one after the other in the file, or in a compact structure. */
import type { Cursor } from '../cursor.js';
import { DecodeError, type Part } from '../errors.js';
import { IntsetReader } from './blobs/intset.js';
import { ListpackReader } from './blobs/listpack.js';
import type { BlobReader } from './blobs/reader.js';
import { ZiplistReader } from './blobs/ziplist.js';
import { ZipmapReader } from './blobs/zipmap.js';
import type { BlobKind } from './layout.js';
import { type Blob, readBlob } from './string.js';
import type { Collection, Mark, Walker } from './value-model.js';

/**
 * Elements that stand in the file one after the other.
 *
 * @param cursor at the first element; it is not moved.
 * @param count their number.
 * @param read reads one element and moves behind it.
 */
export function counted<Item>(cursor: Cursor, count: number, read: (cursor: Cursor) => Item): Collection<Item> {
  const start = cursor.offset;
  return {
    count,
    walk(from) {
      const own = cursor.fork(from?.offset ?? start);
      let index = from?.index ?? 0;
      return {
        next() {
          if (index >= count) return undefined;
          const item = read(own);
          index++;
          return item;
        },
        mark: () => ({ index, offset: own.offset, inner: 0 }),
      };
    },
  };
}

/** Opens a compact structure, or goes on in it. */
export function openBlob(kind: BlobKind, blob: Blob, inner = 0): BlobReader {
  switch (kind) {
    case 'listpack':
      return new ListpackReader(blob, inner);
    case 'ziplist':
      return new ZiplistReader(blob, inner);
    case 'intset':
      return new IntsetReader(blob, inner);
    case 'zipmap':
      return new ZipmapReader(blob, inner);
  }
}

/**
 * Elements of the compact structure at a cursor, of which each takes `per` entries of the structure. Moves behind it.
 *
 * @param make builds an element when its first entry has been read; it reads the others with `more`. `fileOffset` is
 * where the structure stands, for messages.
 */
export function inBlob<Item>(
  cursor: Cursor,
  kind: BlobKind,
  per: number,
  what: Part,
  make: (reader: BlobReader, more: () => void, fileOffset: number) => Item,
): Collection<Item> {
  const { offset } = cursor;
  const blob = readBlob(cursor, what);
  return {
    count: undefined,
    walk: (from) =>
      new BlobWalker(blob, openBlob(kind, blob, from?.inner ?? 0), offset, per, what, make, from?.index ?? 0),
  };
}

class BlobWalker<Item> implements Walker<Item> {
  private readonly more: () => void;

  constructor(
    private readonly blob: Blob,
    private readonly reader: BlobReader,
    private readonly offset: number,
    per: number,
    what: Part,
    private readonly make: (reader: BlobReader, more: () => void, fileOffset: number) => Item,
    private index: number,
  ) {
    this.more = () => {
      if (!reader.read()) throw new DecodeError('bad-pairs', offset, what, reader.taken, per);
    };
  }

  next(): Item | undefined {
    if (!this.reader.read()) return undefined;
    const item = this.make(this.reader, this.more, this.blob.fileOffset);
    this.index++;
    return item;
  }

  mark(): Mark {
    return { index: this.index, offset: this.offset, inner: this.reader.inner };
  }
}

/** A collection in memory. */
export function listed<Item>(items: readonly Item[]): Collection<Item> {
  return {
    count: items.length,
    walk(from) {
      let index = from?.index ?? 0;
      return {
        next: () => items[index++],
        mark: () => ({ index: Math.min(index, items.length), offset: 0, inner: 0 }),
      };
    },
  };
}

/** All elements of a collection that is known to be small. */
export function collect<Item>(collection: Collection<Item>): Item[] {
  const items: Item[] = [];
  const walker = collection.walk();
  for (let item = walker.next(); item !== undefined; item = walker.next()) items.push(item);
  return items;
}
