/** A file as a restore takes it: a stretch at a time, with its keys. */
import { FileScan } from '../dataset/file-scan.js';
import type { Problem } from '../decoder/errors.js';
import type { RdbFile } from '../decoder/rdb/entry.js';
import { OP_FUNCTION_PRE_GA, OP_FUNCTION2 } from '../decoder/rdb/opcodes.js';
import { valueTypes } from '../decoder/rdb/value-types.js';
import type { RestoreMemory } from '../decoder/restore/memory.js';
import type { ByteSource } from '../decoder/source.js';
import { KeyFinder } from './key-finder.js';
import { RestoreKeys } from './restore-keys.js';

/** Bytes of a stretch where there is no memory for it: what is known of all of its keys is held at once. */
const STRETCH_BYTES = 128 * 1024;

/** A part of the file, scanned. */
export interface RestoreStretch {
  readonly file: RdbFile;
  /** Who needs them after the next stretch is asked for says so in `users`. */
  readonly keys: RestoreKeys;
  /** Offsets of the function libraries that were met. */
  readonly functions: readonly number[];
  /** Bytes of the file that are at hand, and the offset of the first of them. */
  readonly bytes: Uint8Array;
  readonly base: number;
  /** Offset of the next byte that was not scanned. */
  readonly position: number;
}

/**
 * Goes through a file.
 *
 * @param memory what a stretch is read into, and where its keys are found.
 * @returns what is wrong with its structure.
 */
export function* restoreStretches(
  source: ByteSource,
  memory?: RestoreMemory,
): Generator<RestoreStretch, readonly Problem[]> {
  const all: RestoreKeys[] = [];
  let keys = new RestoreKeys();
  const plain = memory && new KeyFinder(memory, ({ count }, db) => keys.addFound(memory.columns, count, db));
  const window = memory?.window ?? new Uint8Array(STRETCH_BYTES);
  const scan = new FileScan(source, (batch, types) => keys.add(batch, types), window, plain);
  let records = 0;
  let number = 0;
  for (let more = true; more; ) {
    keys = all.find(({ users }) => users === 0) ?? new RestoreKeys();
    if (!all.includes(keys)) all.push(keys);
    keys.count = 0;
    keys.first = number;
    more = scan.step();
    number += keys.count;
    const { facts, position } = scan;
    const functions: number[] = [];
    for (; records < facts.recordCodes.length; records++) {
      const code = facts.recordCodes[records];
      if (code === OP_FUNCTION2 || code === OP_FUNCTION_PRE_GA) functions.push(facts.recordOffsets[records]);
    }
    const header = facts.fileHeader ?? { magic: '', family: 'redis', version: 0 };
    keys.types = valueTypes(header.family, header.version);
    const file = { source, header, templates: scan.templates, keydb: facts.keydb };
    const bytes = window.subarray(0, scan.read);
    yield { file, keys, functions, bytes, base: position - scan.read, position };
  }
  return scan.facts.problems;
}
