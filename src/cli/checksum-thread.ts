/** Computing the checksum beside the scan, on a second thread. */
/// <reference path="../engine/node/thread.d.ts" />
import { Worker } from 'node:worker_threads';
import CHECKSUM_PROGRAM from 'thread:engine/node/checksum-thread';
import { openCrc64Stream } from '../decoder/crc64/stream.js';
import {
  cancelChecksum,
  checksumResult,
  newChecksumTask,
  waitForChecksum,
  workOnChecksum,
} from '../engine/node/checksum.js';

/** Files with fewer bytes than this are done before a thread has started. */
export const THREAD_WORTH = 16 * 1024 * 1024;

/** A checksum being computed. */
export interface PendingChecksum {
  /** Computes a stretch, for threads that wait for something else. @returns false if there is none left. */
  work(): boolean;
  /** Takes part in the work until it is done. @param length bytes that the checksum covers after all. */
  result(length: number): bigint;
  cancel(): void;
}

/**
 * Begins to compute the checksum of the first `length` bytes of an open file.
 *
 * @param alone whether a thread of its own does it.
 */
export function startChecksum(fd: number, length: number, alone = true): PendingChecksum {
  const task = newChecksumTask(fd, Math.max(0, length));
  let stream: ReturnType<typeof openCrc64Stream> | undefined;
  if (alone && task.length >= THREAD_WORTH) {
    const worker = new Worker(CHECKSUM_PROGRAM, { eval: true, workerData: task });
    // A failure of the thread is in the task too, where `result` finds it.
    worker.on('error', () => {});
    worker.unref();
  }
  return {
    work() {
      stream ??= openCrc64Stream();
      return workOnChecksum(task, 1, stream);
    },
    result(wanted) {
      workOnChecksum(task);
      waitForChecksum(task);
      return checksumResult(task, wanted);
    },
    cancel: () => cancelChecksum(task),
  };
}
