/** The names of touched keys, read back from where a command first names them. */
import type { CommandIndex } from './command-index.js';
import { type PartFiles, StretchReader } from './part-files.js';

/** Takes a name: the bytes from `start` to `end`, which are overwritten after the call. */
export type KeyVisitor = (bytes: Uint8Array, start: number, end: number, key: number) => void;

/** The most bytes of a name that are looked at; servers allow 512 MB, nobody means it. */
export const KEY_LIMIT = 16 * 1024 * 1024;
/** Bytes read at once where names stand close together, and where they stand far apart. */
const WINDOW = 512 * 1024;
const SMALL_WINDOW = 4 * 1024;
/** Names that are visited before the caller gets a chance to do other things. */
const SLICE = 1024;

/**
 * Visits the names of keys. Yields how many are done, so that the caller can do other things or stop.
 *
 * @param keys numbers of keys, ascending: as their names stand in the files. Undefined stands for all.
 */
export function* visitKeyNames(
  files: PartFiles,
  index: CommandIndex,
  keys: ArrayLike<number> | undefined,
  visit: KeyVisitor,
  from = 0,
  to = keys?.length ?? index.keys.length,
): Generator<number> {
  const count = to - from;
  if (count <= 0) return;
  let bytes = 0;
  for (const { part } of index.parts) bytes += files(part)?.size ?? 0;
  const reader = new StretchReader(files, bytes / count < SMALL_WINDOW / 4 ? WINDOW : SMALL_WINDOW);
  const { keys: touched } = index;
  let range = index.parts[0];
  let rangeEnd = -1;
  for (let i = from; i < to; i++) {
    const key = keys ? keys[i] : i;
    const command = touched.firstCommand(key);
    if (command >= rangeEnd || command < range.first) {
      range = index.rangeOf(command);
      rangeEnd = index.commandsOf(range.part)?.[1] ?? 0;
    }
    reader.read(range.part, touched.nameOffset(key), Math.min(touched.nameBytes(key), KEY_LIMIT));
    visit(reader.bytes, reader.start, reader.end, key);
    if ((i - from) % SLICE === SLICE - 1) yield i - from;
  }
}

/** The name of one key, at most `limit` bytes of it. */
export function keyName(files: PartFiles, index: CommandIndex, key: number, limit = KEY_LIMIT): Uint8Array {
  const { keys } = index;
  const reader = new StretchReader(files, 0);
  reader.read(index.rangeOf(keys.firstCommand(key)).part, keys.nameOffset(key), Math.min(keys.nameBytes(key), limit));
  return reader.bytes.subarray(reader.start, reader.end);
}
