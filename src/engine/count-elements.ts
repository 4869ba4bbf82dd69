/** Counts the elements of structures that are too large to say themselves how many they hold. */
import type { KeyIndex } from '../dataset/key-index.js';
import { DecodeError } from '../decoder/errors.js';
import { openEntry, type RdbFile } from '../decoder/rdb/entry.js';

/** Counts those of all keys that need it, in slices. */
export function* countElements(index: KeyIndex, file: RdbFile): Generator<void> {
  for (const row of index.uncounted.splice(0)) {
    try {
      const fact = index.fact(row);
      const { value } = openEntry(file, fact.typeOffset, fact.offset + fact.size);
      if (!('items' in value) || !value.items) continue;
      const walker = value.items.walk();
      let count = 0;
      while (walker.next() !== undefined) if (++count % 4096 === 0) yield;
      index.setElements(row, count);
    } catch (error) {
      // What is damaged has no count; the deep check tells more.
      if (!(error instanceof DecodeError)) throw error;
    }
    yield;
  }
}
