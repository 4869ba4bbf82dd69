/** `memory`: what each key costs in memory, as JSON Lines, in the order of the file and in constant memory. */
import type { FileFacts } from '../dataset/file-facts.js';
import { FileScan, SCAN_STEP } from '../dataset/file-scan.js';
import { type TargetChoice, targetFor } from '../dataset/memory/target.js';
import { type Problem, problemMessage } from '../decoder/errors.js';
import type { KeyBatch } from '../decoder/rdb/key-batch.js';
import type { ByteSource } from '../decoder/source.js';
import type { FileSource } from '../engine/node/file-source.js';
import { startChecksum } from './checksum-thread.js';
import { LineBytes } from './line-bytes.js';
import { KeyPrinter, type PrintedFile, type PrintedKeys } from './memory-printer.js';
import { lineTaker } from './memory-taker.js';
import { withFile } from './open-file.js';
import type { Output } from './output.js';
import { endScan } from './scanned-file.js';
import { textSearch } from './text-search.js';
import { rdbFile } from './verify-keys.js';

/** Bytes that are read at once for keys that stand apart from each other. */
const SINGLE_KEYS = 64 * 1024;
/** Bytes of lines that are written at once. */
const WRITTEN_AT = 512 * 1024;

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
  const report = (problem: Problem) => {
    complain(`${source.path}: offset ${problem.offset}: ${problemMessage(problem)}\n`);
  };
  const reportKey = (problem: Problem) => {
    damaged++;
    report(problem);
  };
  const pending = startChecksum(source.fd, source.size - 8);
  // A search in values needs the keys one by one.
  const { scan, lines } = openLines(source, options, reportKey, options.value === undefined ? lineTaker : undefined);
  for (let more = true; more && !output.closed; ) {
    more = scan.step();
    if (lines.length < WRITTEN_AT && more) continue;
    await output.bytes(lines.all);
    lines.cut(0);
  }
  await endScan(source, scan, pending, output, report, complain, 'are not counted');
  return damaged + scan.facts.problems.length > 0 ? 1 : 0;
}

/**
 * The scan of a file that puts lines together, and the lines. Each key has one; they come in the order of the file.
 *
 * @param report takes what is wrong with a key that cannot be printed.
 * @param makeTaker makes what prints the plainest keys; without it all are printed one by one.
 */
export function openLines(
  source: ByteSource,
  options: MemoryOptions,
  report: (problem: Problem) => void,
  makeTaker?: typeof lineTaker,
): { readonly scan: FileScan; readonly lines: LineBytes } {
  const lines = new LineBytes();
  let file: PrintedFile | undefined;
  const fileOf = ({ fileHeader: header, server }: FileFacts) => {
    if (header) file ??= { target: targetFor(server, options.target), header };
    return file;
  };
  const taker = makeTaker?.(options, fileOf, lines);
  let printer: KeyPrinter | undefined;
  const printKeys = (batch: KeyBatch, facts: FileFacts) => {
    const known = fileOf(facts);
    if (!known) return;
    if (!printer) {
      const search = textSearch(options.value, () => rdbFile(source, scan));
      printer = new KeyPrinter(source, known, options, search, lines, taker ? SINGLE_KEYS : SCAN_STEP);
    }
    printer.print(batch, report);
  };
  const scan = new FileScan(source, (batch, _, facts) => printKeys(batch, facts), SCAN_STEP, taker);
  return { scan, lines };
}
