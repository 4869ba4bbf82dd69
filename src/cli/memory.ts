/** `memory`: what each key costs in memory, as JSON Lines, in the order of the file and in constant memory. */

import { availableParallelism } from 'node:os';
import { FileScan } from '../dataset/file-scan.js';
import { type TargetChoice, targetFor } from '../dataset/memory/target.js';
import { type Problem, problemMessage } from '../decoder/errors.js';
import type { FileSource } from '../engine/node/file-source.js';
import { startChecksum, THREAD_WORTH } from './checksum-thread.js';
import { KeyNumbers, type PrintedFile, type PrintedKeys } from './memory-printer.js';
import { printBeside, printHere } from './memory-printing.js';
import { withFile } from './open-file.js';
import type { Output } from './output.js';
import { endScan } from './scanned-file.js';
import { textSearch } from './text-search.js';
import { rdbFile } from './verify-keys.js';

export interface MemoryOptions extends PrintedKeys {
  /** What some text of the value has to have. */
  readonly value: string | undefined;
  readonly target: TargetChoice;
}

/** Prints the keys. @param complain takes a line for each problem. @returns the exit status. */
export function memory(
  path: string,
  options: MemoryOptions,
  output: Output,
  complain: (text: string) => void,
): Promise<number> {
  return withFile(path, (source) => printMemory(source, options, output, complain));
}

async function printMemory(
  source: FileSource,
  options: MemoryOptions,
  output: Output,
  complain: (text: string) => void,
): Promise<number> {
  let damaged = 0;
  const report = (problems: readonly Problem[]) => {
    for (const problem of problems) complain(`${source.path}: offset ${problem.offset}: ${problemMessage(problem)}\n`);
  };
  const reportKeys = (problems: readonly Problem[]) => {
    damaged += problems.length;
    report(problems);
  };
  const { db, match, type, value } = options;
  const keys: PrintedKeys = { db, match, type };
  // A search in values needs the hash templates that the scan finds.
  const beside = source.size >= THREAD_WORTH && value === undefined && availableParallelism() > 1;
  const pending = startChecksum(source.fd, source.size - 8, !beside || availableParallelism() > 2);
  const printing = beside
    ? printBeside(source, keys, output, reportKeys, () => pending.work())
    : printHere(source, keys, () => textSearch(value, () => rdbFile(source, scan)), output, reportKeys);
  const numbers = new KeyNumbers();
  let file: PrintedFile | undefined;
  const scan = new FileScan(source, (batch, _, { server, fileHeader }) => {
    // The aux fields that name the server stand before the first key.
    if (fileHeader) file ??= { target: targetFor(server, options.target), header: fileHeader };
    numbers.add(batch);
  });
  try {
    for (let more = true; more && !output.closed; ) {
      more = scan.step();
      if (file && numbers.count > 0) await printing.print(file, numbers);
    }
    await printing.end();
  } finally {
    printing.stop();
  }
  await endScan(source, scan, pending, output, (problem) => report([problem]), complain, 'are not counted');
  return damaged + scan.facts.problems.length > 0 ? 1 : 0;
}
