/** Printing the lines of `memory` beside the scan, on a second thread of the same program. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Problem } from '../decoder/errors.js';
import { FileSource } from '../engine/node/file-source.js';
import { KeyPrinter, type PrintedFile, type PrintedKeys } from './memory-printer.js';

/** The start of data that tells the program that it runs as such a thread. */
interface ThreadData {
  readonly memory: { readonly path: string; readonly fd: number; readonly keys: PrintedKeys };
}

/** Keys to print; those of a file come in its order. */
export interface PrintTask {
  readonly file: PrintedFile;
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Memory to use again for lines. */
  readonly memory: ArrayBuffer | undefined;
}

/** What became of them. */
export interface Printed {
  readonly lines: Uint8Array<ArrayBuffer>;
  readonly problems: readonly Problem[];
  /** Memory that the numbers were in. */
  readonly memory: ArrayBuffer;
}

/** Does the work of the thread if this is one. @returns true if it was. */
export function runMemoryThread(): boolean {
  if (isMainThread || !('memory' in workerData) || !parentPort) return false;
  const port = parentPort;
  const { path, fd, keys } = (workerData as ThreadData).memory;
  const source = new FileSource(path, fd);
  let printer: KeyPrinter | undefined;
  port.on('message', ({ file, numbers, memory }: PrintTask) => {
    printer ??= new KeyPrinter(source, file, keys, undefined);
    const problems = printer.print(numbers);
    const lines = printer.lines.take(memory);
    const printed: Printed = { lines, problems, memory: numbers.buffer };
    port.postMessage(printed, [lines.buffer, numbers.buffer]);
  });
  return true;
}

/** Such a thread. */
export function startMemoryThread(path: string, fd: number, keys: PrintedKeys): Worker {
  return new Worker(__filename, { workerData: { memory: { path, fd, keys } } satisfies ThreadData });
}
