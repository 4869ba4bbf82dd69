/** A file in memory with the index of its keys, as the dataset's functions take it. */
import { FileScan } from '../../../src/dataset/file-scan.js';
import { KeyIndex } from '../../../src/dataset/key-index.js';
import { nameOf } from '../../../src/dataset/names.js';
import type { Problem } from '../../../src/decoder/errors.js';
import type { RdbFile } from '../../../src/decoder/rdb/entry.js';
import { type ByteSource, MemorySource } from '../../../src/decoder/source.js';
import { bytes, characters, type Part } from './bytes.js';
import { file, key, selectdb, string } from './rdb-writer.js';

export interface Indexed {
  readonly source: ByteSource;
  readonly index: KeyIndex;
  readonly file: RdbFile;
  readonly scan: FileScan;
  readonly problems: readonly Problem[];
}

/** Scans a file. */
export function indexed(content: Uint8Array | ByteSource): Indexed {
  const source = content instanceof Uint8Array ? new MemorySource(content) : content;
  let index: KeyIndex | undefined;
  const scan = new FileScan(source, (batch, types, facts) => {
    index ??= new KeyIndex(facts.server);
    index.add(batch, types);
  });
  scan.run();
  const { facts } = scan;
  const header = facts.fileHeader ?? { magic: '', family: 'redis' as const, version: 0 };
  return {
    source,
    index: index ?? new KeyIndex(facts.server),
    file: { source, header, templates: scan.templates, keydb: facts.keydb },
    scan,
    problems: facts.problems,
  };
}

/** A file of strings with these names, by database. */
export function stringsFile(...databases: readonly (readonly Part[])[]): Uint8Array {
  const records = databases.map((names, db) => [
    names.length > 0 ? selectdb(db) : [],
    names.map((name) => key(0, name, string('v'))),
  ]);
  return file('REDIS0011', records);
}

/** The result of a generator, whatever it yields on the way. */
export function finish<Result>(work: Generator<unknown, Result>): Result {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

/** The result of a generator, and the numbers that it yields on the way. */
export function progress<Result>(work: Generator<number, Result>): { result: Result; told: number[] } {
  const told: number[] = [];
  let step = work.next();
  for (; !step.done; step = work.next()) told.push(step.value);
  return { result: step.value, told };
}

/** Names of rows, a character a byte. */
export function namesOf({ source, index }: Indexed, rows: Iterable<number>): string[] {
  return [...rows].map((row) => characters(nameOf(source, index, row)));
}

/** A name as bytes. */
export const named = (text: Part): Uint8Array => bytes(text);
