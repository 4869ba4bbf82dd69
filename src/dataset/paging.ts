/** Pages of a value's elements: any page at any time, without holding the elements between. */
import type { Collection, Mark } from '../decoder/rdb/value-model.js';
import { RowList } from './filter.js';

/** Elements between two places to which a walk can come back. */
const MARK_EVERY = 1024;
/** Elements that are walked before the caller gets a chance to do other things. */
const SLICE = 4096;

/** A collection with a memory of where its elements are. */
export class PagedCollection<Item> {
  private readonly marks: Mark[] = [];
  private known: number | undefined;

  constructor(readonly collection: Collection<Item>) {}

  /** The number of elements: as the file declares it, or as a walk has found it; undefined before one has. */
  get total(): number | undefined {
    return this.known ?? this.collection.count;
  }

  /**
   * Reads elements. Yields now and then, so that the caller can do other things or stop.
   *
   * @throws DecodeError where the value is damaged, after `onItem` got the elements before.
   */
  *read(from: number, count: number, onItem: (item: Item, position: number) => void): Generator<void> {
    // The mark before the first element that is wanted; elements up to it are read and dropped.
    const nearest = Math.min(this.marks.length, Math.floor(from / MARK_EVERY));
    let position = nearest * MARK_EVERY;
    const walker = this.collection.walk(nearest === 0 ? undefined : this.marks[nearest - 1]);
    const end = from + count;
    while (position < end) {
      const item = walker.next();
      if (item === undefined) {
        this.known = position;
        return;
      }
      if (position >= from) onItem(item, position);
      position++;
      if (position % MARK_EVERY === 0 && position / MARK_EVERY === this.marks.length + 1) {
        this.marks.push(walker.mark());
      }
      if (position % SLICE === 0) yield;
    }
  }

  /** Finds the positions of elements that match. */
  *search(matches: (item: Item) => boolean): Generator<void, Uint32Array> {
    const found = new RowList();
    yield* this.read(0, Number.POSITIVE_INFINITY, (item, position) => {
      if (matches(item)) found.add(position);
    });
    return found.toArray();
  }
}
