/** Computing the checksum beside the scan, on a second thread. */
/// <reference path="./program.d.ts" />
import { Worker } from 'node:worker_threads';
import { SOURCE } from 'program:cli/checksum-worker';
import { cancelChecksum, checksumResult, newChecksumTask, waitForChecksum, workOnChecksum } from './checksum-task.js';

/** Files with fewer bytes than this are done before a thread has started. */
export const THREAD_WORTH = 16 * 1024 * 1024;

/** A checksum being computed. */
export interface PendingChecksum {
  /** Takes part in the work until it is done. @param length bytes that the checksum covers after all. */
  result(length: number): bigint;
  cancel(): void;
}

/** Begins to compute the checksum of the first `length` bytes of an open file, in a thread of its own if it is long. */
export function startChecksum(fd: number, length: number): PendingChecksum {
  const task = newChecksumTask(fd, Math.max(0, length));
  if (task.length >= THREAD_WORTH) {
    const worker = new Worker(`${SOURCE}(require)`, { eval: true, workerData: task });
    // A failure of the thread is in the task too, where `result` finds it.
    worker.on('error', () => {});
    worker.unref();
  }
  return {
    result(wanted) {
      workOnChecksum(task);
      waitForChecksum(task);
      return checksumResult(task, wanted);
    },
    cancel: () => cancelChecksum(task),
  };
}
