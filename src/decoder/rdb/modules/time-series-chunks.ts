/** The chunks of a time series, and walking through the samples in them. */
import { blobCursor } from '../string.js';
import type { Collection, Mark } from '../value-model.js';
import { firstState, GorillaReader, type GorillaState } from './gorilla.js';
import type { ItemReader } from './items.js';
import type { Sample } from './view.js';

/** A place among the samples. */
interface SampleMark extends Mark {
  /** In a compressed chunk: what is known there. Without it the chunk is read from its start. */
  readonly state?: GorillaState | undefined;
}

/** The samples of one chunk. */
interface Chunk {
  next(): Sample | undefined;
  /** Number of samples before the next one. */
  readonly taken: number;
  readonly state?: GorillaState | undefined;
}

const SAMPLE_BYTES = 16;

/**
 * The samples of all chunks of a series.
 *
 * @param items at the first chunk; it is not moved. The chunks are the last parts of the value.
 * @param chunks their number.
 * @param count number of samples that the series says it has.
 */
export function chunkSamples(
  items: ItemReader,
  chunks: bigint,
  count: number,
  compressed: boolean,
): Collection<Sample> {
  const start = items.cursor.offset;
  const open = compressed ? openCompressed : openPlain;
  return {
    count,
    walk(from?: SampleMark) {
      const own = items.fork(from?.offset ?? start);
      let index = from?.index ?? 0;
      let offset = own.cursor.offset;
      let chunk = from && own.more() ? open(own, from) : undefined;
      // Only a walk from the start knows how many chunks should come.
      let left = from ? undefined : chunks;
      return {
        next() {
          for (;;) {
            const sample = chunk?.next();
            if (sample) {
              index++;
              return sample;
            }
            const end = own.cursor.fileOffset;
            if (!own.more()) {
              if (left) throw own.bad(end, 'it has {0} chunks less than it says', String(left));
              return undefined;
            }
            if (left === 0n) throw own.bad(end, 'there are more parts than expected');
            if (left !== undefined) left--;
            offset = own.cursor.offset;
            chunk = open(own);
          }
        },
        mark: (): SampleMark => ({ index, offset, inner: chunk?.taken ?? 0, state: chunk?.state }),
      };
    },
  };
}

/** An uncompressed chunk: timestamps and values as they are in memory. */
function openPlain(items: ItemReader, from?: SampleMark): Chunk {
  items.unsigned();
  const offset = items.cursor.fileOffset;
  const count = Number(items.unsigned());
  const size = Number(items.unsigned());
  const blob = items.blob();
  if (size !== blob.text.length || count * SAMPLE_BYTES > size) {
    throw items.bad(offset, 'a chunk has {0} bytes for {1} samples', blob.text.length, String(count));
  }
  let taken = Math.min(from?.inner ?? 0, count);
  const cursor = blobCursor(blob, taken * SAMPLE_BYTES);
  return {
    next() {
      if (taken >= count) return undefined;
      taken++;
      return { timestamp: cursor.u64le('the module data'), value: cursor.f64le('the module data') };
    },
    get taken() {
      return taken;
    },
  };
}

/** A compressed chunk. */
function openCompressed(items: ItemReader, from?: SampleMark): Chunk {
  const offset = items.cursor.fileOffset;
  const size = Number(items.unsigned());
  const count = Number(items.unsigned());
  const limit = Number(items.unsigned());
  const value = items.unsigned();
  const timestamp = items.unsigned();
  // What the server needs to go on writing: the last timestamp, distance and value, and the zeros around its bits.
  for (let i = 0; i < 5; i++) items.unsigned();
  const blob = items.blob();
  // A sample behind the first one takes at least 2 bits.
  if (size !== blob.text.length || size % 8 !== 0 || limit > size * 8 || count - 1 > limit / 2) {
    throw items.bad(offset, 'a chunk has {0} bytes for {1} samples', blob.text.length, String(count));
  }
  const damaged = () => items.bad(blob.fileOffset, 'the samples of a chunk take more bits than it has');
  const known = from?.state && from.inner > 0 && from.inner <= count ? from : undefined;
  const state = known?.state ?? firstState(timestamp, value);
  const reader = new GorillaReader(blobCursor(blob), limit, state, damaged);
  let taken = known?.inner ?? 0;
  const chunk = {
    next() {
      if (taken >= count) return undefined;
      if (taken > 0) reader.next();
      taken++;
      return reader.sample;
    },
    get taken() {
      return taken;
    },
    get state() {
      return reader.state;
    },
  };
  while (from && taken < Math.min(from.inner, count)) chunk.next();
  return chunk;
}
