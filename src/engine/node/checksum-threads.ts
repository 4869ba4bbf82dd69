/** Computes a checksum in threads beside the engine. */
/// <reference path="./program.d.ts" />
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { SOURCE } from 'program:engine/node/checksum-thread';
import { cancelChecksum, checksumProgress, checksumResult, newChecksumTask, workOnChecksum } from './checksum.js';

/** Milliseconds between two looks at how far the threads are. */
const PROGRESS_MS = 50;
/** The most threads that compute a checksum; the disk is the limit beyond. */
const THREADS = 4;
/** Files smaller than this are done before a thread has started. */
const THREAD_WORTH = 4 * 1024 * 1024;

/** Begins with the checksum of the first bytes of a file. @param onProgress is told how much is done, from 0 to 1. */
export function startChecksum(fd: number, length: number, onProgress: (done: number) => void) {
  const task = newChecksumTask(fd, length);
  if (length < THREAD_WORTH) {
    workOnChecksum(task);
    return { result: Promise.resolve(checksumResult(task)), cancel: () => {} };
  }
  const count = Math.min(THREADS, Math.max(1, availableParallelism() - 1));
  const threads = Array.from(
    { length: count },
    () => new Worker(`${SOURCE}(require)`, { eval: true, workerData: task }),
  );
  const result = new Promise<bigint>((resolve, reject) => {
    let running = count;
    const timer = setInterval(() => {
      const { done, of } = checksumProgress(task);
      onProgress(done / of);
    }, PROGRESS_MS);
    for (const thread of threads) {
      thread.on('error', (error) => {
        clearInterval(timer);
        cancelChecksum(task);
        reject(error);
      });
      thread.on('exit', () => {
        running--;
        if (running > 0) return;
        clearInterval(timer);
        if (checksumProgress(task).done === checksumProgress(task).of) resolve(checksumResult(task));
        else reject(new Error('the checksum was cancelled'));
      });
    }
  });
  // Whoever cancels does not wait for the result.
  result.catch(() => {});
  return { result, cancel: () => cancelChecksum(task) };
}
