/** What an array of Redis 8.8 costs in memory: a directory of slices, each sparse or dense, and the longer strings. */
import type { RecordBytes } from '../record-bytes.js';
import type { MemoryModel } from './model.js';

/** Elements of a slice. */
const SLICE = 4096;
/** The most elements of a sparse slice (`array-sparse-kmax`), and the fewest places of a dense one. */
const SPARSE_MOST = 10;
const DENSE_LEAST = 8;
/** Slices of a block: from as many on, a directory of blocks takes the place of the one of slices. */
const BLOCK = 2048;
/** Bytes of the structs: the array, the head of a slice, an entry of the directory of blocks. */
const ARRAY_STRUCT = 80;
const SLICE_STRUCT = 32;
const BLOCK_ENTRY = 24;
/** Strings that fit into a pointer, and those whose length takes two bytes. */
const INLINE_LENGTH = 7;
const SHORT_LENGTH = 32767;
/** Tags of elements: all else are numbers of eight bytes, which fit into a pointer. */
const TAG_STRING = 0;
const TAG_SHORT_STRING = 3;

/**
 * Bytes of an array as a server has it that has loaded it: its elements come in ascending order.
 *
 * @param record at its number of elements.
 */
export function arrayMemory(record: RecordBytes, model: MemoryModel): number {
  let strings = 0;
  let slices = 0;
  // The slice that elements are in at the moment: how many, and its first and last place in use.
  let slice = -1;
  let used = 0;
  let first = 0;
  let last = 0;
  let block = -1;
  let blocks = 0;
  const count = record.number();
  if (record.number() !== 0) record.number();
  for (let i = 0; i < count; i++) {
    const index = record.number();
    const at = Math.floor(index / SLICE);
    if (at !== slice) {
      if (used > 0) slices += sliceSize(used, first, last, model);
      slice = at;
      used = 0;
      first = index - at * SLICE;
      if (Math.floor(at / BLOCK) !== block) {
        block = Math.floor(at / BLOCK);
        blocks++;
      }
    }
    used++;
    last = index - at * SLICE;
    const tag = record.number();
    if (tag === TAG_STRING || tag === TAG_SHORT_STRING) {
      const length = record.string();
      if (length > INLINE_LENGTH) strings += model.round((length <= SHORT_LENGTH ? 2 : 8) + length);
    } else record.skip(8);
  }
  if (used > 0) slices += sliceSize(used, first, last, model);
  const directory =
    slice < BLOCK
      ? model.round(8 * powerFrom(slice + 1, 1))
      : model.round(BLOCK_ENTRY * powerFrom(blocks, 4)) + blocks * model.round(8 * BLOCK);
  return model.round(ARRAY_STRUCT) + directory + slices + strings;
}

/** Few elements stand in pairs of place and value, more in a window that doubles until all are in it. */
function sliceSize(used: number, first: number, last: number, model: MemoryModel): number {
  if (used <= SPARSE_MOST) {
    const capacity = Math.min(SPARSE_MOST, powerFrom(used, 4));
    return model.round(SLICE_STRUCT + 8 * Math.ceil((2 * capacity) / 8) + 8 * capacity);
  }
  return model.round(SLICE_STRUCT + 8 * Math.min(SLICE, powerFrom(last - first + 1, DENSE_LEAST)));
}

/** The least power of two times `least` that is not below a number. */
function powerFrom(wanted: number, least: number): number {
  let power = least;
  while (power < wanted) power *= 2;
  return power;
}
