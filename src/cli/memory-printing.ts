/** Where the lines of `memory` are made: in the thread of the scan, or in another one while the scan goes on. */
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { ValueSearch } from '../dataset/value-search.js';
import type { Problem } from '../decoder/errors.js';
import type { FileSource } from '../engine/node/file-source.js';
import { type KeyNumbers, KeyPrinter, type PrintedFile, type PrintedKeys } from './memory-printer.js';
import { type Printed, type PrintTask, startMemoryThread } from './memory-thread.js';
import type { Output } from './output.js';

/** Makes lines of keys, and writes them in the order of the keys. */
export interface Printing {
  /** Takes keys. Waits while there are more than can be written. */
  print(file: PrintedFile, keys: KeyNumbers): Promise<void>;
  /** Waits until everything is written. */
  end(): Promise<void>;
  stop(): void;
}

/** @param report takes the problems of keys that could not be printed, in their order. */
export function printHere(
  source: FileSource,
  keys: PrintedKeys,
  search: () => ValueSearch | undefined,
  output: Output,
  report: (problems: readonly Problem[]) => void,
): Printing {
  let printer: KeyPrinter | undefined;
  let spare: ArrayBuffer | undefined;
  let spareLines: ArrayBuffer | undefined;
  return {
    async print(file, found) {
      printer ??= new KeyPrinter(source, file, keys, search());
      const numbers = found.take(spare);
      report(printer.print(numbers));
      spare = numbers.buffer;
      if (printer.lines.length === 0) return;
      const lines = printer.lines.take(spareLines);
      spareLines = undefined;
      await output.bytes(lines, () => {
        spareLines = lines.buffer;
      });
    },
    end: async () => {},
    stop: () => {},
  };
}

/** Stretches of keys that are handed over before the first of them is written. */
const AHEAD = 8;

/** @param meanwhile does a part of other work when there is nothing to hand over; false if there is none left. */
export function printBeside(
  source: FileSource,
  keys: PrintedKeys,
  output: Output,
  report: (problems: readonly Problem[]) => void,
  meanwhile: () => boolean,
): Printing {
  const thread = startMemoryThread(source.path, source.fd, keys);
  const numbersToUse: ArrayBuffer[] = [];
  const linesToUse: ArrayBuffer[] = [];
  // Stretches that are not written, and those of them that came back from the thread.
  let ahead = 0;
  let printed = 0;
  let writing = Promise.resolve();
  const write = async ({ lines, problems, memory }: Printed) => {
    report(problems);
    numbersToUse.push(memory);
    if (lines.length > 0) await output.bytes(lines, () => void linesToUse.push(lines.buffer));
    else linesToUse.push(lines.buffer);
    ahead--;
    printed--;
  };
  const failed = once(thread, 'error').then(([error]) => {
    throw error;
  });
  // A failure is met where somebody waits; until then it is no accident.
  failed.catch(() => {});
  thread.on('message', (message: Printed) => {
    printed++;
    writing = writing.then(() => write(message));
    writing.catch(() => {});
  });
  const wait = async (most: number) => {
    while (ahead > most && !output.closed) {
      if (printed > 0) await writing;
      else if (meanwhile()) await setImmediate();
      else await Promise.race([once(thread, 'message'), failed]);
    }
  };
  return {
    async print(file, found) {
      const task: PrintTask = { file, numbers: found.take(numbersToUse.pop()), memory: linesToUse.pop() };
      thread.postMessage(task, task.memory ? [task.numbers.buffer, task.memory] : [task.numbers.buffer]);
      ahead++;
      await wait(AHEAD);
    },
    end: () => wait(0),
    stop: () => void thread.terminate(),
  };
}
